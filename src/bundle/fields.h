// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QMap>
#include <QSet>
#include <QStringList>

#include <array>
#include <optional>
#include <type_traits>

/// Values as JSON and back, by one list of fields per type: `template <typename A> void fields(A &a, T &value)` calls a("name",
/// value.member) for each. Written by Writer; read by Reader strictly (another type is wrong) and bounded.
namespace catamaran::bundle {

inline constexpr qsizetype mostEntries = 200'000; ///< of one list

class Writer {
public:
    template <typename T> void operator()(const char *name, const T &value) { m_object.insert(QLatin1String(name), written(value)); }
    [[nodiscard]] const QJsonObject &object() const { return m_object; }

    [[nodiscard]] static QJsonValue written(const QString &text) { return text; }
    [[nodiscard]] static QJsonValue written(bool value) { return value; }
    [[nodiscard]] static QJsonValue written(int value) { return value; }
    [[nodiscard]] static QJsonValue written(const QDateTime &at)
    {
        return at.isValid() ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
    }
    [[nodiscard]] static QJsonValue written(const QDate &day) { return day.toString(Qt::ISODate); }
    template <typename T>
    requires std::is_enum_v<T>
    [[nodiscard]] static QJsonValue written(T value) { return int(value); }
    template <typename T> [[nodiscard]] static QJsonValue written(const QList<T> &list)
    {
        QJsonArray array;
        for (const T &one : list)
            array.append(written(one));
        return array;
    }
    template <typename T, std::size_t n> [[nodiscard]] static QJsonValue written(const std::array<T, n> &list)
    {
        return written(QList<T>(list.begin(), list.end()));
    }
    [[nodiscard]] static QJsonValue written(const QSet<QString> &set)
    {
        QStringList list(set.begin(), set.end());
        list.sort();
        return written(list);
    }
    template <typename T> [[nodiscard]] static QJsonValue written(const QMap<QString, T> &map)
    {
        QJsonObject object;
        for (auto it = map.cbegin(); it != map.cend(); ++it)
            object.insert(it.key(), written(it.value()));
        return object;
    }
    template <typename T> [[nodiscard]] static QJsonValue written(const std::optional<T> &value)
    {
        return value ? written(*value) : QJsonValue();
    }
    template <typename T>
    requires(std::is_class_v<T>) [[nodiscard]] static QJsonValue written(const T &value)
    {
        Writer writer;
        fields(writer, const_cast<T &>(value)); // the same list of fields reads
        return writer.object();
    }

private:
    QJsonObject m_object;
};

class Reader {
public:
    explicit Reader(const QJsonObject &object)
        : m_object(object)
    {
    }
    template <typename T> void operator()(const char *name, T &value)
    {
        if (!m_wrong.isEmpty())
            return;
        const auto found = m_object.constFind(QLatin1String(name));
        if (found == m_object.constEnd() || !read(*found, value))
            m_wrong = QLatin1String(name);
    }
    /// The first field that is missing or not of its type; empty: none.
    [[nodiscard]] const QString &wrong() const { return m_wrong; }

    [[nodiscard]] static bool read(const QJsonValue &from, QString &value)
    {
        value = from.toString();
        return from.isString();
    }
    [[nodiscard]] static bool read(const QJsonValue &from, bool &value)
    {
        value = from.toBool();
        return from.isBool();
    }
    [[nodiscard]] static bool read(const QJsonValue &from, int &value)
    {
        value = from.toInt();
        return from.isDouble() && from.toDouble() == value;
    }
    [[nodiscard]] static bool read(const QJsonValue &from, QDateTime &at)
    {
        at = QDateTime::fromString(from.toString(), Qt::ISODateWithMs);
        return from.isNull() || at.isValid();
    }
    [[nodiscard]] static bool read(const QJsonValue &from, QDate &day)
    {
        day = QDate::fromString(from.toString(), Qt::ISODate);
        return from.isString();
    }
    template <typename T>
    requires std::is_enum_v<T>
    [[nodiscard]] static bool read(const QJsonValue &from, T &value)
    {
        int number = 0;
        if (!read(from, number) || number < 0 || number > int(lastOf(T())))
            return false;
        value = T(number);
        return true;
    }
    template <typename T> [[nodiscard]] static bool read(const QJsonValue &from, QList<T> &list)
    {
        const QJsonArray array = from.toArray();
        if (!from.isArray() || array.size() > mostEntries)
            return false;
        list.clear();
        list.reserve(array.size());
        for (const QJsonValue &one : array) {
            T value {};
            if (!read(one, value))
                return false;
            list.append(std::move(value));
        }
        return true;
    }
    template <typename T, std::size_t n> [[nodiscard]] static bool read(const QJsonValue &from, std::array<T, n> &values)
    {
        QList<T> list;
        if (!read(from, list) || list.size() != qsizetype(n))
            return false;
        std::move(list.begin(), list.end(), values.begin());
        return true;
    }
    [[nodiscard]] static bool read(const QJsonValue &from, QSet<QString> &set)
    {
        QStringList list;
        const bool ok = read(from, static_cast<QList<QString> &>(list));
        set = QSet<QString>(list.begin(), list.end());
        return ok;
    }
    template <typename T> [[nodiscard]] static bool read(const QJsonValue &from, QMap<QString, T> &map)
    {
        const QJsonObject object = from.toObject();
        if (!from.isObject() || object.size() > mostEntries)
            return false;
        map.clear();
        for (auto it = object.begin(); it != object.end(); ++it) {
            T value {};
            if (!read(it.value(), value))
                return false;
            map.insert(it.key(), std::move(value));
        }
        return true;
    }
    template <typename T> [[nodiscard]] static bool read(const QJsonValue &from, std::optional<T> &value)
    {
        value.reset();
        if (from.isNull())
            return true;
        T one {};
        if (!read(from, one))
            return false;
        value = std::move(one);
        return true;
    }
    template <typename T>
    requires(std::is_class_v<T>) [[nodiscard]] static bool read(const QJsonValue &from, T &value)
    {
        if (!from.isObject())
            return false;
        Reader reader(from.toObject());
        fields(reader, value);
        return reader.wrong().isEmpty();
    }

private:
    QJsonObject m_object;
    QString m_wrong;
};

} // namespace catamaran::bundle
