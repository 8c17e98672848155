// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/cachedobject.h"

#include "kube/say.h"

#include <QJsonDocument>

#include <simdjson.h>

#include <cstring>
#include <vector>

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;
namespace ondemand = simdjson::ondemand;

namespace {

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

tl::unexpected<core::Error> broken(const QString &what)
{
    return core::fail(ErrorKind::Protocol, {}, {}, what);
}

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/// The part of @p whole that has to go with the member whose name begins at @p name (behind its quote) and whose value
/// ends at @p end: the member and one comma beside it.
std::string_view memberWithComma(std::string_view whole, const char *name, const char *end)
{
    const char *from = name - 1; // the quote
    const char *before = from;
    while (before > whole.data() && isSpace(before[-1]))
        --before;
    if (before > whole.data() && before[-1] == ',')
        return { before - 1, static_cast<std::size_t>(end - (before - 1)) };
    while (end < whole.data() + whole.size() && isSpace(*end))
        ++end;
    if (end < whole.data() + whole.size() && *end == ',')
        ++end;
    return { from, static_cast<std::size_t>(end - from) };
}

/// Reads a metadata object. False when it is broken.
bool readMetadata(ondemand::object metadata, std::string_view whole, QString &name, QString &ns, QString &version, std::string_view &left)
{
    for (auto entry : metadata) {
        ondemand::field field;
        if (std::move(entry).get(field))
            return false;
        const char *raw = field.key().raw();
        std::string_view key;
        if (field.unescaped_key().get(key))
            return false;
        QString *target = key == "name" ? &name : key == "namespace" ? &ns : key == "resourceVersion" ? &version : nullptr;
        if (target) {
            std::string_view value;
            if (!field.value().get_string().get(value))
                *target = text(value);
        } else if (key == "managedFields") {
            ondemand::array fields;
            std::string_view json;
            ondemand::value value = field.value();
            if (!value.get_array().get(fields) && !fields.raw_json().get(json))
                left = memberWithComma(whole, raw, json.data() + json.size());
        }
    }
    return true;
}

/// @p object's text is @p whole.
Result<CompactObject> readCompact(ondemand::object object, std::string_view whole, bool needsName, const QByteArray &head = {})
{
    CompactObject result;
    QString name, ns;
    std::string_view left;
    bool hasMetadata = false;
    for (auto entry : object) {
        ondemand::field field;
        std::string_view key;
        if (std::move(entry).get(field) || field.unescaped_key().get(key))
            return broken(Say::tr("an object is cut off or broken"));
        if (key == "metadata") {
            ondemand::object metadata;
            if (field.value().get_object().get(metadata) || !readMetadata(metadata, whole, name, ns, result.object.resourceVersion, left))
                return broken(Say::tr("metadata of an object is broken"));
            hasMetadata = true;
        } else if (key == "kind") {
            result.hasKind = true;
        }
    }
    if (needsName && (!hasMetadata || name.isEmpty()))
        return broken(Say::tr("an object has no name"));
    result.key = ns.isEmpty() || name.isEmpty() ? name : ns + u'/' + name;
    if (!needsName)
        return result;
    // Cut to measure: what is kept for long shall not carry room to grow.
    const char *from = whole.data();
    const char *const end = from + whole.size();
    const bool addHead = !result.hasKind && !head.isEmpty() && whole.size() > 2; // an object with a name is never empty
    if (addHead)
        ++from; // its brace
    const auto behind = left.empty() ? end : left.data() + left.size();
    const auto before = left.empty() ? end : left.data();
    const auto extra = addHead ? head.size() + 1 : 0;
    result.object.json = QByteArray(extra + (before - from) + (end - behind), Qt::Uninitialized);
    char *to = result.object.json.data();
    if (addHead) {
        std::memcpy(to, head.constData(), static_cast<std::size_t>(head.size()));
        to[head.size()] = ',';
        to += extra;
    }
    std::memcpy(to, from, static_cast<std::size_t>(before - from));
    std::memcpy(to + (before - from), behind, static_cast<std::size_t>(end - behind));
    return result;
}

} // namespace

QJsonObject CachedObject::object() const
{
    return QJsonDocument::fromJson(json).object();
}

struct CompactReader::Private {
    ondemand::parser parser;
    std::vector<char> padded;

    /// simdjson reads a little beyond the end: the text is put where that is allowed.
    bool begin(std::string_view from, ondemand::document &document)
    {
        if (padded.size() < from.size() + simdjson::SIMDJSON_PADDING)
            padded.resize(from.size() + from.size() / 2 + simdjson::SIMDJSON_PADDING);
        std::memcpy(padded.data(), from.data(), from.size());
        return !parser.iterate(padded.data(), from.size(), padded.size()).get(document);
    }
};

CompactReader::CompactReader()
    : d(std::make_unique<Private>())
{
}

CompactReader::~CompactReader() = default;

Result<CompactObject> CompactReader::readObject(std::string_view from, const QByteArray &head)
{
    ondemand::document document;
    ondemand::object object;
    if (!d->begin(from, document) || document.get_object().get(object))
        return broken(Say::tr("an object of the list is broken"));
    return readCompact(object, { d->padded.data(), from.size() }, true, head);
}

Result<CompactEvent> CompactReader::readEvent(std::string_view line)
{
    const auto noEvent = [&](const QString &why) { return broken(Say::tr("a line of the watch is not an event: %1").arg(why)); };
    ondemand::document document;
    ondemand::object root;
    if (!d->begin(line, document) || document.get_object().get(root))
        return noEvent(text(line.substr(0, 60)));
    CompactEvent event;
    bool hasType = false, hasObject = false;
    for (auto entry : root) {
        ondemand::field field;
        std::string_view key;
        if (std::move(entry).get(field) || field.unescaped_key().get(key))
            return noEvent(Say::tr("it is cut off or broken"));
        if (key == "type") {
            std::string_view type;
            if (field.value().get_string().get(type))
                return noEvent(Say::tr("its type is no text"));
            hasType = true;
            if (type == "ADDED")
                event.type = CompactEvent::Type::Added;
            else if (type == "MODIFIED")
                event.type = CompactEvent::Type::Modified;
            else if (type == "DELETED")
                event.type = CompactEvent::Type::Deleted;
            else if (type == "BOOKMARK")
                event.type = CompactEvent::Type::Bookmark;
            else if (type == "ERROR")
                event.type = CompactEvent::Type::Error;
            else
                return broken(Say::tr("an event of the watch has the type “%1”").arg(text(type.substr(0, 40))));
        } else if (key == "object") {
            // Every server writes the type first; what it means for the object must be known here.
            if (!hasType)
                return noEvent(Say::tr("its type does not come first"));
            ondemand::object object;
            std::string_view raw;
            if (field.value().get_object().get(object))
                return broken(Say::tr("an event of the watch has no object"));
            if (object.raw_json().get(raw))
                return noEvent(Say::tr("it is cut off or broken"));
            while (!raw.empty() && raw.back() != '}') // raw_json() goes up to what follows
                raw.remove_suffix(1);
            hasObject = true;
            if (event.type == CompactEvent::Type::Error) {
                event.status = QJsonDocument::fromJson(QByteArray::fromRawData(raw.data(), static_cast<qsizetype>(raw.size()))).object();
                continue;
            }
            bool isEmpty = false;
            if (object.reset().get(isEmpty))
                return noEvent(Say::tr("it is cut off or broken"));
            auto compact = readCompact(object, raw, event.type != CompactEvent::Type::Bookmark);
            if (!compact)
                return core::fail(compact.error());
            event.object = std::move(*compact);
        }
    }
    if (!hasType || !hasObject)
        return hasType ? broken(Say::tr("an event of the watch has no object")) : noEvent(Say::tr("it has no type"));
    return event;
}

QByteArray withHead(const QByteArray &json, const QByteArray &head)
{
    const auto brace = json.indexOf('{');
    if (head.isEmpty() || brace < 0)
        return json;
    qsizetype rest = brace + 1;
    while (rest < json.size() && isSpace(json.at(rest)))
        ++rest;
    const bool isEmpty = rest < json.size() && json.at(rest) == '}';
    QByteArray result;
    result.reserve(head.size() + (isEmpty ? 0 : 1) + json.size() - rest);
    result += head;
    if (!isEmpty)
        result += ',';
    result.append(json.constData() + rest, json.size() - rest);
    return result;
}

} // namespace catamaran::kube
