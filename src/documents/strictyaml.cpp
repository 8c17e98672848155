// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/strictyaml.h"

#include "core/duration.h"
#include "core/wholepattern.h"
#include "core/yamldocuments.h"
#include "documents/say.h"

#include <QFile>
#include <QRegularExpression>
#include <QSet>

#include <yaml-cpp/yaml.h>

namespace catamaran::documents {

using core::Error;
using core::ErrorKind;

namespace {

constexpr qint64 kMaxBytes = 1024 * 1024;

QString kindName(const YAML::Node &node)
{
    if (node.IsMap())
        return Say::tr("a map");
    if (node.IsSequence())
        return Say::tr("a list");
    if (node.IsNull())
        return Say::tr("empty");
    return Say::tr("“%1”").arg(core::yamlText(node.Scalar()).left(60));
}

QString memberPath(const QString &path, const QString &key)
{
    return path.isEmpty() ? key : path + u'.' + key;
}

} // namespace

struct YamlValue::Data {
    YAML::Node node;
    QString origin, tried;
    std::shared_ptr<std::optional<Error>> error;
};

bool YamlValue::exists() const
{
    return d && d->node.IsDefined();
}

int YamlValue::line() const
{
    return m_line;
}

const QString &YamlValue::path() const
{
    return m_path;
}

bool YamlValue::isMap() const
{
    return exists() && d->node.IsMap();
}

bool YamlValue::isList() const
{
    return exists() && d->node.IsSequence();
}

void YamlValue::reject(const QString &answer, const QString &remedy) const
{
    if (!d || *d->error)
        return;
    const QString where = m_path.isEmpty() ? QString() : Say::tr("field %1: ").arg(m_path);
    *d->error = Error::make(ErrorKind::InvalidInput, d->tried, QStringLiteral("%1:%2").arg(d->origin).arg(m_line), where + answer, remedy);
}

YamlValue YamlValue::maybe(const char *key) const
{
    YamlValue none;
    if (!exists())
        return none;
    if (!d->node.IsMap()) {
        reject(Say::tr("must be a map, but is %1").arg(kindName(d->node)));
        return none;
    }
    for (const auto &pair : d->node) {
        if (!pair.first.IsScalar() || pair.first.Scalar() != key)
            continue;
        YamlValue value;
        value.d = std::make_shared<const Data>(Data { pair.second, d->origin, d->tried, d->error });
        value.m_path = memberPath(m_path, QString::fromUtf8(key));
        value.m_line = pair.first.Mark().line + 1;
        return value;
    }
    return none;
}

YamlValue YamlValue::field(const char *key) const
{
    YamlValue value = maybe(key);
    if (!value.exists() && exists())
        reject(Say::tr("has no field %1").arg(QString::fromUtf8(key)), Say::tr("Add it"));
    return value;
}

QStringList YamlValue::keys() const
{
    QStringList keys;
    if (!isMap())
        return keys;
    for (const auto &pair : d->node)
        if (pair.first.IsScalar())
            keys << core::yamlText(pair.first.Scalar());
    return keys;
}

const YamlValue &YamlValue::only(const std::vector<const char *> &allowed) const
{
    if (!exists())
        return *this;
    if (!d->node.IsMap()) {
        reject(Say::tr("must be a map, but is %1").arg(kindName(d->node)));
        return *this;
    }
    QSet<QString> seen;
    for (const auto &pair : d->node) {
        YamlValue here = *this;
        here.m_line = pair.first.Mark().line + 1;
        if (!pair.first.IsScalar()) {
            here.reject(Say::tr("has a key that is not a text"));
            return *this;
        }
        const QString key = core::yamlText(pair.first.Scalar());
        here.m_path = memberPath(m_path, key);
        if (std::none_of(allowed.begin(), allowed.end(), [&](const char *one) { return pair.first.Scalar() == one; })) {
            QStringList names;
            for (const char *one : allowed)
                names << QString::fromUtf8(one);
            here.reject(Say::tr("is not known here"), Say::tr("Known are: %1").arg(names.join(QStringLiteral(", "))));
        } else if (seen.contains(key)) {
            here.reject(Say::tr("is given twice"), Say::tr("Remove one of them"));
        }
        seen.insert(key);
    }
    return *this;
}

QList<YamlValue> YamlValue::items() const
{
    QList<YamlValue> values;
    if (!exists())
        return values;
    if (!d->node.IsSequence()) {
        reject(Say::tr("must be a list, but is %1").arg(kindName(d->node)));
        return values;
    }
    int index = 0;
    for (const auto &element : d->node) {
        YamlValue value;
        value.d = std::make_shared<const Data>(Data { element, d->origin, d->tried, d->error });
        value.m_path = QStringLiteral("%1[%2]").arg(m_path).arg(index++);
        value.m_line = element.Mark().line >= 0 ? element.Mark().line + 1 : m_line;
        values << value;
    }
    return values;
}

QString YamlValue::text(const QString &fallback) const
{
    if (!exists())
        return fallback;
    if (!d->node.IsScalar() || d->node.Scalar().empty()) {
        reject(Say::tr("must be a text, but is %1").arg(d->node.IsScalar() ? Say::tr("empty") : kindName(d->node)));
        return fallback;
    }
    const QString value = core::yamlText(d->node.Scalar());
    if (value.size() > 4096) {
        reject(Say::tr("is longer than 4096 characters"));
        return fallback;
    }
    return value;
}

QString YamlValue::choice(const QStringList &allowed, const QString &fallback) const
{
    if (!exists())
        return fallback;
    const QString value = text(fallback);
    if (!value.isEmpty() && !allowed.contains(value)) {
        reject(Say::tr("must be one of %1, but is “%2”").arg(allowed.join(QStringLiteral(", ")), value.left(60)));
        return fallback;
    }
    return value;
}

QString YamlValue::label() const
{
    const QString value = text();
    if (exists() && !value.isEmpty() && !isDnsLabel(value))
        reject(Say::tr("must be a name of lower-case letters, digits and “-”, at most 63 long, but is “%1”").arg(value.left(80)));
    return value;
}

QStringList YamlValue::texts() const
{
    QStringList values;
    for (const YamlValue &item : items())
        values << item.text();
    return values;
}

bool YamlValue::boolean(bool fallback) const
{
    if (!exists())
        return fallback;
    // A quoted text has the tag "!": "true" in quotes is a text, not a truth value.
    if (d->node.IsScalar() && d->node.Tag() != "!") {
        if (d->node.Scalar() == "true")
            return true;
        if (d->node.Scalar() == "false")
            return false;
    }
    reject(Say::tr("must be true or false, but is %1").arg(kindName(d->node)));
    return fallback;
}

int YamlValue::integer(int fallback, int minimum, int maximum) const
{
    if (!exists())
        return fallback;
    bool ok = false;
    const int value = d->node.IsScalar() && d->node.Tag() != "!" ? core::yamlText(d->node.Scalar()).toInt(&ok) : 0;
    if (!ok) {
        reject(Say::tr("must be a whole number, but is %1").arg(kindName(d->node)));
        return fallback;
    }
    if (value < minimum || value > maximum) {
        reject(Say::tr("must be between %1 and %2, but is %3").arg(minimum).arg(maximum).arg(value));
        return fallback;
    }
    return value;
}

double YamlValue::number(double fallback, double minimum, double maximum) const
{
    if (!exists())
        return fallback;
    bool ok = false;
    const double value = d->node.IsScalar() && d->node.Tag() != "!" ? core::yamlText(d->node.Scalar()).toDouble(&ok) : 0;
    if (!ok || !(value >= minimum && value <= maximum)) {
        reject(ok ? Say::tr("must be between %1 and %2, but is %3").arg(minimum).arg(maximum).arg(value)
                  : Say::tr("must be a number, but is %1").arg(kindName(d->node)));
        return fallback;
    }
    return value;
}

std::chrono::milliseconds YamlValue::duration(std::chrono::milliseconds fallback) const
{
    if (!exists())
        return fallback;
    const QString value = text();
    const auto time = core::parseDurationWithUnit(value);
    if (!time) {
        reject(value.isEmpty() ? Say::tr("must be a time such as 500ms, 30s, 2m or 1h, but is %1").arg(kindName(d->node))
                               : time.error().answer,
            time.error().remedy);
        return fallback;
    }
    return *time;
}

YamlDocument::YamlDocument(const QByteArray &yaml, const QString &origin, const QString &tried, const QString &kind)
    : m_error(std::make_shared<std::optional<Error>>())
{
    YamlValue root;
    root.m_line = 1;
    YAML::Node node;
    QString problem;
    try {
        if (yaml.size() > kMaxBytes)
            problem = Say::tr("is larger than 1 MiB");
        else if (const std::string text = yaml.toStdString(); !core::hasAtMostDocuments(text, 1))
            problem = Say::tr("holds more than one document");
        else {
            const std::vector<YAML::Node> documents = YAML::LoadAll(text);
            if (documents.empty())
                problem = Say::tr("is empty");
            else
                node = documents.front();
        }
    } catch (const YAML::Exception &exception) {
        root.m_line = std::max(exception.mark.line, 0) + 1;
        problem = Say::tr("is not valid YAML: %1").arg(QString::fromStdString(exception.msg));
    }
    root.d = std::make_shared<const YamlValue::Data>(YamlValue::Data { node, origin, tried, m_error });
    m_root = root;
    if (!problem.isEmpty()) {
        m_root.reject(problem);
        return;
    }
    if (!m_root.isMap()) {
        m_root.reject(Say::tr("must be a map with apiVersion, kind, metadata and spec"));
        return;
    }
    m_root.only({ "apiVersion", "kind", "metadata", "spec" });
    (void)m_root.field("apiVersion").choice({ QStringLiteral("catamaran.io/v1") });
    (void)m_root.field("kind").choice({ kind });
    (void)m_root.field("metadata").only({ "name" });
}

QString YamlDocument::name() const
{
    return m_root.field("metadata").field("name").label();
}

std::optional<Error> YamlDocument::error() const
{
    return *m_error;
}

core::Result<QByteArray> readDocumentFile(const QString &file, const QString &tried)
{
    QFile input(file);
    if (!input.open(QIODevice::ReadOnly))
        return core::fail(ErrorKind::InvalidInput, tried, file, input.errorString(), Say::tr("Check the path and its permissions"));
    QByteArray bytes = input.read(kMaxBytes + 1);
    if (input.error() != QFileDevice::NoError)
        return core::fail(ErrorKind::InvalidInput, tried, file, input.errorString());
    return bytes;
}

bool isDnsLabel(const QString &text)
{
    static const QRegularExpression form = core::wholePattern(QStringLiteral("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"));
    return form.match(text).hasMatch();
}

} // namespace catamaran::documents
