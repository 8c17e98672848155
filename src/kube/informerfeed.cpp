// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/informerfeed.h"

#include "kube/listparser.h"
#include "kube/say.h"

#include <QJsonDocument>
#include <QThreadPool>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;

namespace {

constexpr std::size_t mostObjects = 200000;
constexpr qint64 mostBytes = qint64(1024) * 1024 * 1024;
constexpr qint64 mostOfAWatchWaiting = qint64(256) * 1024 * 1024; ///< a list may be so long as a whole
constexpr qsizetype pieceSize = 256 * 1024; ///< decoded in one go, then told

/// What the items of a list need in front: `{"kind":"Pod","apiVersion":"v1"`; empty while the kind is not known.
QByteArray headOf(const QByteArray &frame)
{
    const auto object = parseObject(frame);
    const QString kind = object ? object->value(u"kind").toString() : QString();
    if (!kind.endsWith(QLatin1StringView("List")) || kind.size() <= 4)
        return {};
    const QByteArray both = QJsonDocument(
        QJsonObject { { QStringLiteral("kind"), kind.chopped(4) }, { QStringLiteral("apiVersion"), object->value(u"apiVersion") } })
                                .toJson(QJsonDocument::Compact);
    return both.chopped(1);
}

/// A pool of its own: work of others must not hold up what a watch has to tell.
QThreadPool &pool()
{
    static QThreadPool threads;
    static const bool once = [] {
        threads.setMaxThreadCount(std::clamp(QThread::idealThreadCount() - 1, 1, 4));
        threads.setObjectName(QStringLiteral("informers"));
        return true;
    }();
    Q_UNUSED(once)
    return threads;
}

} // namespace

std::shared_ptr<InformerFeed> InformerFeed::make(Kind kind, std::function<void()> notify, qint64 mostWaiting)
{
    return std::shared_ptr<InformerFeed>(new InformerFeed(kind, std::move(notify), mostWaiting));
}

InformerFeed::InformerFeed(Kind kind, std::function<void()> notify, qint64 mostWaiting)
    : m_kind(kind)
    , m_mostWaiting(mostWaiting > 0 ? mostWaiting
              : kind == Kind::List  ? mostBytes
                                    : mostOfAWatchWaiting)
    , m_notify(std::move(notify))
{
}

void InformerFeed::push(const QByteArray &bytes)
{
    const QMutexLocker lock(&m_mutex);
    if (m_overrun || m_cancelled)
        return;
    m_waiting += bytes.size();
    if (m_waiting > m_mostWaiting) {
        m_overrun = true;
        m_bytes.clear();
        m_out.error = Error::make(ErrorKind::Protocol, {}, {},
            Say::tr("more than %1 MiB came faster than they could be decoded").arg(m_mostWaiting / (1024 * 1024)));
        tell();
        return;
    }
    m_bytes.append(bytes);
    schedule();
}

void InformerFeed::finish()
{
    const QMutexLocker lock(&m_mutex);
    m_finished = true;
    schedule();
}

InformerFeed::Batch InformerFeed::take()
{
    const QMutexLocker lock(&m_mutex);
    m_told = false;
    Batch out = std::exchange(m_out, {});
    if (m_kind == Kind::Watch)
        out.events = m_backlog.take();
    return out;
}

/// Under the mutex.
void InformerFeed::tell()
{
    if (!std::exchange(m_told, true) && m_notify)
        m_notify();
}

void InformerFeed::cancel()
{
    const QMutexLocker lock(&m_mutex);
    m_cancelled = true;
    m_notify = {};
    m_bytes.clear();
    m_out = {};
    (void)m_backlog.take();
}

void InformerFeed::schedule()
{
    if (m_running || m_cancelled)
        return;
    m_running = true;
    pool().start([self = shared_from_this()] { self->run(); });
}

void InformerFeed::run()
{
    for (;;) {
        QList<QByteArray> bytes;
        bool end = false;
        {
            const QMutexLocker lock(&m_mutex);
            if (m_cancelled || (m_bytes.isEmpty() && !m_finished)) {
                m_running = false;
                return;
            }
            qsizetype size = 0;
            while (!m_bytes.isEmpty() && size < pieceSize) {
                size += m_bytes.first().size();
                bytes.append(m_bytes.takeFirst());
            }
            m_waiting -= size;
            if (m_bytes.isEmpty())
                end = std::exchange(m_finished, false);
        }
        Batch decoded;
        for (const QByteArray &piece : bytes)
            decode(piece, decoded);
        if (end)
            decodeEnd(decoded);
        const QMutexLocker lock(&m_mutex);
        if (m_cancelled || m_overrun)
            continue;
        if (m_kind == Kind::Watch) {
            m_out.eventsSeen += decoded.events.size();
            m_backlog.add(std::move(decoded.events));
        } else {
            m_out.events.insert(
                m_out.events.end(), std::make_move_iterator(decoded.events.begin()), std::make_move_iterator(decoded.events.end()));
        }
        if (!decoded.resourceVersion.isEmpty())
            m_out.resourceVersion = decoded.resourceVersion;
        if (decoded.error)
            m_out.error = decoded.error;
        if (decoded.refusal)
            m_out.refusal = decoded.refusal;
        if (decoded.frame)
            m_out.frame = decoded.frame;
        m_out.ended = m_out.ended || decoded.ended;
        const bool isNews = !m_out.events.empty() || !m_backlog.isEmpty() || !m_out.resourceVersion.isEmpty() || m_out.error
            || m_out.refusal || m_out.ended;
        if (isNews)
            tell();
    }
}

void InformerFeed::decode(const QByteArray &bytes, Batch &into)
{
    if (m_dead)
        return;
    const auto die = [&](const Error &error) {
        m_dead = true;
        into.error = error;
    };
    if (m_kind == Kind::Watch) {
        const auto lines = m_lines.feed(bytes);
        if (!lines) {
            die(lines.error());
            return;
        }
        for (const QByteArray &line : *lines) {
            auto event = m_reader.readEvent({ line.constData(), static_cast<std::size_t>(line.size()) });
            if (!event) {
                die(event.error());
                return;
            }
            if (event->type == CompactEvent::Type::Error) {
                m_dead = true;
                into.refusal = event->status;
                return;
            }
            if (!event->object.object.resourceVersion.isEmpty())
                into.resourceVersion = event->object.object.resourceVersion;
            if (event->type != CompactEvent::Type::Bookmark)
                into.events.push_back(std::move(*event));
        }
        return;
    }
    std::optional<Error> trouble;
    const auto took = m_list.feed({ bytes.constData(), static_cast<std::size_t>(bytes.size()) }, [&](std::string_view item) {
        if (m_count == 0) // most servers say the list's kind first
            m_head = headOf(m_list.frame() + "]}");
        auto object = m_reader.readObject(item, m_head);
        if (!object) {
            trouble = object.error();
            return false;
        }
        m_kept += object->object.json.size();
        if (++m_count > mostObjects || m_kept > mostBytes) {
            trouble = Error::make(ErrorKind::Protocol, {}, {},
                Say::tr("the list has more than %1 objects or %2 MiB").arg(mostObjects).arg(mostBytes / (1024 * 1024)));
            return false;
        }
        CompactEvent event;
        event.object = std::move(*object);
        auto &target = event.object.hasKind || !m_head.isEmpty() ? into.events : m_unnamed;
        target.push_back(std::move(event));
        return true;
    });
    if (!took)
        die(trouble ? *trouble : took.error());
}

void InformerFeed::decodeEnd(Batch &into)
{
    into.ended = true;
    if (m_dead || m_kind != Kind::List)
        return;
    const auto frame = m_list.end();
    if (!frame) {
        m_dead = true;
        into.error = frame.error();
        return;
    }
    into.frame = *frame;
    const QByteArray head = headOf(m_list.frame());
    for (CompactEvent &event : m_unnamed) {
        event.object.object.json = withHead(event.object.object.json, head);
        into.events.push_back(std::move(event));
    }
    m_unnamed.clear();
}

} // namespace catamaran::kube
