// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/listparser.h"

#include "kube/say.h"

#include <QJsonDocument>

#include <simdjson.h>

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

namespace {

tl::unexpected<core::Error> broken(const QString &what)
{
    return core::fail(ErrorKind::Protocol, {}, {}, what);
}

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

/// Qt takes a byte order mark off the beginning of a text; as an escape it stays the letter that it is. @p body is JSON, in
/// which these bytes stand in texts alone, or before everything.
QByteArray withMarksAsEscapes(const QByteArray &body)
{
    static const QByteArray mark("\xef\xbb\xbf");
    const qsizetype first = body.indexOf(mark, body.startsWith(mark) ? mark.size() : 0);
    return first < 0 ? body : body.left(first) + body.mid(first).replace(mark, "\\ufeff");
}

} // namespace

Result<QJsonObject> parseObject(const QByteArray &body)
{
    QJsonParseError failure;
    const QJsonDocument document = QJsonDocument::fromJson(withMarksAsEscapes(body), &failure);
    if (failure.error != QJsonParseError::NoError)
        return broken(Say::tr("the answer is not JSON: %1 at byte %2").arg(failure.errorString()).arg(failure.offset));
    if (!document.isObject())
        return broken(Say::tr("the answer is JSON, but not an object"));
    return document.object();
}

Result<ListPage> parseListPage(QByteArray body)
{
    using namespace simdjson;
    body = withMarksAsEscapes(body);
    // The list's frame is walked on demand; each item's bytes go once through the parser that makes QJsonObjects.
    const auto length = static_cast<size_t>(body.size());
    body.reserve(body.size() + qsizetype(SIMDJSON_PADDING));
    ondemand::parser parser;
    ondemand::document document;
    if (const auto code = parser.iterate(body.constData(), length, length + SIMDJSON_PADDING).get(document))
        return broken(Say::tr("the list is not JSON: %1").arg(QString::fromLatin1(error_message(code))));
    ondemand::object root;
    if (document.get_object().get(root))
        return broken(Say::tr("the list is not a JSON object"));

    ListPage page;
    QString listKind, apiVersion;
    bool sawItems = false;
    for (auto entry : root) {
        ondemand::field field;
        std::string_view key;
        if (std::move(entry).get(field) || field.unescaped_key().get(key))
            return broken(Say::tr("the list is cut off or broken"));
        if (key == "metadata") {
            ondemand::object metadata;
            std::string_view raw;
            if (field.value().get_object().get(metadata) || metadata.raw_json().get(raw))
                return broken(Say::tr("metadata of the list is not an object"));
            const auto object = parseObject(QByteArray::fromRawData(raw.data(), static_cast<qsizetype>(raw.size())));
            if (!object)
                return broken(Say::tr("metadata of the list is broken"));
            page.resourceVersion = object->value(u"resourceVersion").toString();
            page.next = object->value(u"continue").toString();
        } else if (key == "items") {
            sawItems = true;
            ondemand::value value = field.value();
            bool isNull = false;
            if (value.is_null().get(isNull)) // converting its result to bool would throw for "nxyz"
                return broken(Say::tr("items of the list is not an array"));
            if (isNull)
                continue; // Go writes an empty list as null
            ondemand::array items;
            if (value.get_array().get(items))
                return broken(Say::tr("items of the list is not an array"));
            for (auto element : items) {
                ondemand::object item;
                std::string_view raw;
                if (element.get_object().get(item) || item.raw_json().get(raw))
                    return broken(Say::tr("item %1 of the list is not an object, or the list is cut off").arg(page.items.size() + 1));
                QJsonParseError failure;
                const QJsonDocument json
                    = QJsonDocument::fromJson(QByteArray::fromRawData(raw.data(), static_cast<qsizetype>(raw.size())), &failure);
                if (failure.error != QJsonParseError::NoError)
                    return broken(Say::tr("item %1 of the list is broken: %2").arg(page.items.size() + 1).arg(failure.errorString()));
                page.items.append(json.object());
            }
        } else if (key == "kind") {
            std::string_view kind;
            if (!field.value().get_string().get(kind) && kind == "Status")
                return broken(Say::tr("the answer is a Status, not a list"));
            listKind = text(kind);
        } else if (key == "apiVersion") {
            std::string_view version;
            if (!field.value().get_string().get(version))
                apiVersion = text(version);
        }
    }
    if (const char *behind = nullptr; document.current_location().get(behind) == simdjson::SUCCESS)
        return broken(Say::tr("there is something behind the end of the list"));
    if (!sawItems)
        return broken(Say::tr("the answer has no items: it is %1").arg(text({ body.constData(), std::min<size_t>(length, 80) })));
    // Servers leave kind and apiVersion out of a list's items; the objects of a watch have them.
    if (listKind.endsWith(QLatin1StringView("List")) && listKind.size() > 4) {
        for (QJsonObject &item : page.items) {
            if (item.contains(u"kind"))
                continue;
            item.insert(u"kind", listKind.chopped(4));
            item.insert(u"apiVersion", apiVersion);
        }
    }
    return page;
}

} // namespace catamaran::kube
