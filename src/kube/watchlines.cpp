// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/watchlines.h"

#include "kube/listparser.h"

#include <QCoreApplication>

namespace catamaran::kube {

using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(KubeWatch)
};

} // namespace

Result<QList<QByteArray>> WatchLines::feed(const QByteArray &bytes)
{
    QList<QByteArray> lines;
    const auto tooLong = [this] {
        m_broken = true;
        m_rest.clear();
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("a line of the watch is longer than %1 MiB").arg(static_cast<double>(m_longest) / (1024 * 1024)),
            Say::tr("One object of this kind is too large to be watched."));
    };
    if (m_broken)
        return tooLong();
    qsizetype from = 0;
    for (;;) {
        const qsizetype end = bytes.indexOf('\n', from); // what was kept has no line end: it is never searched again
        if (end < 0)
            break;
        if (m_rest.size() + (end - from) > m_longest)
            return tooLong();
        QByteArray line = m_rest.isEmpty() ? bytes.mid(from, end - from) : m_rest + bytes.mid(from, end - from);
        m_rest.clear();
        from = end + 1;
        if (!line.trimmed().isEmpty())
            lines.append(std::move(line));
    }
    m_rest += bytes.mid(from);
    if (m_rest.size() > m_longest)
        return tooLong();
    return lines;
}

QString objectKey(const QJsonObject &object)
{
    const QJsonObject metadata = object.value(u"metadata").toObject();
    const QString ns = metadata.value(u"namespace").toString();
    const QString name = metadata.value(u"name").toString();
    return ns.isEmpty() || name.isEmpty() ? name : ns + u'/' + name;
}

Result<WatchLine> parseWatchLine(const QByteArray &line)
{
    const auto event = parseObject(line);
    if (!event)
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("a line of the watch is not an event: %1").arg(event.error().answer));
    const QString type = event->value(u"type").toString();
    const QJsonValue object = event->value(u"object");
    if (!object.isObject())
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("an event of the watch has no object"));
    WatchLine result;
    result.object = object.toObject();
    if (type == u"ERROR") {
        result.type = WatchLine::Type::Error;
        return result;
    }
    result.resourceVersion = result.object.value(u"metadata").toObject().value(u"resourceVersion").toString();
    if (type == u"BOOKMARK") {
        result.type = WatchLine::Type::Bookmark;
        return result;
    }
    if (type == u"ADDED")
        result.type = WatchLine::Type::Added;
    else if (type == u"MODIFIED")
        result.type = WatchLine::Type::Modified;
    else if (type == u"DELETED")
        result.type = WatchLine::Type::Deleted;
    else
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("an event of the watch has the type “%1”").arg(type.left(40)));
    result.key = objectKey(result.object);
    if (result.key.isEmpty())
        return core::fail(ErrorKind::Protocol, {}, {}, Say::tr("an object of the watch has no name"));
    return result;
}

} // namespace catamaran::kube
