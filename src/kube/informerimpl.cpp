// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/informerimpl.h"

#include "kube/informerfeed.h"
#include "kube/statuserror.h"

#include <QHostAddress>
#include <QNetworkInterface>
#include <QRandomGenerator>
#include <QTimer>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 longEnough = 60000; ///< a watch that was open so long counts as good
constexpr int pageSize = 500;
constexpr int relistAfter = 5; ///< refusals in a row without one event: the version itself may be the trouble

/// Answers are packed where there is a line to save. (An estimate: servers pack some 100 MB a second, so it pays below
/// about 1 Gbit/s.)
/// A server on this machine would work for nothing, and the client with it.
bool isThisMachine(const QString &host)
{
    const QHostAddress address(host);
    return host == u"localhost" || address.isLoopback() || (!address.isNull() && QNetworkInterface::allAddresses().contains(address));
}

class KubeInformer final : public Informer {
    Q_DECLARE_TR_FUNCTIONS(KubeWatch)

public:
    KubeInformer(
        std::shared_ptr<ApiSession> session, const ResourceKind &kind, const QString &ns, const WatchTiming &timing, const QString &name)
        : m_session(std::move(session))
        , m_kind(kind)
        , m_ns(ns)
        , m_name(name)
        , m_timing(timing)
    {
        const bool everywhere = ns.isEmpty() || !kind.namespaced;
        const QString what = name.isEmpty() ? kind.plural : kind.plural + u'/' + name;
        m_listPurpose = everywhere ? tr("list %1").arg(what) : tr("list %1 in namespace %2").arg(what, ns);
        m_watchPurpose = everywhere ? tr("watch %1").arg(what) : tr("watch %1 in namespace %2").arg(what, ns);
        if (!name.isEmpty())
            m_style = ListStyle::Chunked;
        for (QTimer *timer : { &m_again, &m_quiet, &m_publish })
            timer->setSingleShot(true);
        connect(&m_again, &QTimer::timeout, this, [this] { m_resourceVersion.isEmpty() ? list() : open(); });
        connect(&m_quiet, &QTimer::timeout, this, [this] { quiet(); });
        connect(&m_publish, &QTimer::timeout, this, [this] { publish(); });
        connect(
            m_session.get(), &ApiSession::identityChanged, this, [this] { takeIdentity(); }, Qt::QueuedConnection);
        list();
    }

    ~KubeInformer() override { halt(); }

    /// Nothing more is asked or told.
    void halt()
    {
        m_running = false;
        ++m_generation;
        for (QTimer *timer : { &m_again, &m_quiet, &m_publish })
            timer->stop();
        dropStream();
    }

    [[nodiscard]] const ResourceKind &kind() const override { return m_kind; }
    [[nodiscard]] const QString &ns() const override { return m_ns; }
    [[nodiscard]] InformerHealth health() const override { return m_health; }
    [[nodiscard]] bool isSynced() const override { return m_synced; }
    [[nodiscard]] const CachedObjects &objects() const override { return m_objects; }
    [[nodiscard]] QString resourceVersion() const override { return m_resourceVersion; }
    [[nodiscard]] quint64 eventsSeen() const override { return m_eventsSeen; }

private:
    using State = InformerHealth::State;
    /// A first list may come from the server's cache, in one piece: that is the quickest for both sides, and the watch
    /// brings what it lacks. A later one must not go back in time: it is read from the store, in chunks, so that a slow
    /// line never exceeds the server's limit for one request. Chunks whose token expires give way to the whole at once.
    enum class ListStyle { Cached, Chunked, Whole };

    [[nodiscard]] const QString &purpose() const { return m_listing ? m_listPurpose : m_watchPurpose; }

    [[nodiscard]] Error described(Error error) const
    {
        error.tried = purpose();
        error.target = shownUrl(m_url);
        if (error.remedy.isEmpty())
            error.remedy = tr("Check that the address is a Kubernetes API server's.");
        return error;
    }

    void dropStream()
    {
        if (m_feed) {
            m_feed->cancel();
            m_feed.reset();
        }
        if (!m_stream)
            return;
        m_stream->disconnect(this);
        m_stream->deleteLater(); // we may be inside one of its signals
        m_stream = nullptr;
    }

    void heard()
    {
        m_health.heard = m_health.confirmed = QDateTime::currentDateTimeUtc();
        m_lastByte.start();
    }

    void setHealth(State state, const Error &error = {})
    {
        const bool isNew = m_health.state != state || m_health.error.answer != error.answer || m_health.error.kind != error.kind;
        if (state != State::Stale)
            m_health.staleSince = {};
        else if (!m_health.staleSince.isValid())
            m_health.staleSince = QDateTime::currentDateTimeUtc();
        m_health.state = state;
        m_health.error = error;
        if (isNew)
            emit healthChanged();
    }

    /// Stale, and once more after a wait that doubles with each failure.
    void failed(const Error &error)
    {
        dropStream();
        m_quiet.stop();
        ++m_generation;
        if (!m_listing && m_opened.isValid() && m_opened.elapsed() > longEnough)
            m_failures = 0; // it worked for a while: this is a new trouble
        m_opened.invalidate();
        if (++m_failures % relistAfter == 0 && error.kind != ErrorKind::Network && error.kind != ErrorKind::Timeout)
            m_resourceVersion.clear();
        m_again.start(net::retryDelay(m_timing.backoff, m_failures + 1, error, QRandomGenerator::global()->generateDouble()));
        setHealth(State::Stale, error);
    }

    // --- one transfer -------------------------------------------------------------------------------------------------

    void request(const Query &query, std::chrono::milliseconds silence)
    {
        dropStream();
        const int generation = ++m_generation;
        m_session->withIdentity([self = QPointer<KubeInformer>(this), generation, query, silence](const Result<Identity> &identity) {
            if (!self || generation != self->m_generation || !self->m_running)
                return;
            if (identity)
                self->requestWith(*identity, query, silence);
            else
                self->failed(identity.error());
        });
    }

    void requestWith(const Identity &identity, Query query, std::chrono::milliseconds silence)
    {
        if (!m_name.isEmpty())
            query.append(QueryItem { "fieldSelector", "metadata.name=" + m_name.toUtf8() });
        net::HttpRequest request;
        request.url = m_session->url(resourcePath(m_kind, m_ns), query);
        request.headers = identity.headers;
        request.headers.append(QPair<QByteArray, QByteArray> { "Accept", "application/json" });
        if (m_listing && isThisMachine(request.url.host()))
            request.headers.append(QPair<QByteArray, QByteArray> { "Accept-Encoding", "identity" });
        request.timeout = silence;
        request.purpose = purpose();
        m_url = request.url;
        m_answer = {};
        m_events = 0;
        m_end.reset();
        m_opened.start();
        m_lastByte.start();
        m_feed = InformerFeed::make(m_listing ? InformerFeed::Kind::List : InformerFeed::Kind::Watch, [this] {
            QMetaObject::invokeMethod(
                this, [this] { decoded(); }, Qt::QueuedConnection);
        });
        m_http = identity.http; // the stream's settings come from it; a renewed certificate may replace it meanwhile
        m_identity = identity.number;
        m_stream = m_http->stream(request, this);
        connect(m_stream, &net::HttpStream::started, this, [this](int status, const net::Headers &headers) {
            m_answer.status = status;
            m_answer.headers = headers;
            if (status != 200 || isPage(m_answer))
                return;
            heard();
            m_renewed = false;
            if (!m_listing)
                setHealth(State::Live);
        });
        connect(m_stream, &net::HttpStream::received, this, [this](const QByteArray &bytes) {
            if (m_answer.status != 200 || isPage(m_answer)) {
                m_answer.body += bytes.left(longestErrorBody - m_answer.body.size());
                if (m_answer.body.size() >= longestErrorBody)
                    transferred(nullptr); // it may go on for ever
                return;
            }
            heard();
            if (m_feed)
                m_feed->push(bytes);
        });
        connect(m_stream, &net::HttpStream::finished, this, [this](const std::shared_ptr<Error> &error) { transferred(error); });
        m_quiet.start(m_timing.quiet); // until the head comes, silence counts too
    }

    void transferred(const std::shared_ptr<Error> &error)
    {
        if (m_answer.status != 0 && m_answer.status != 200) {
            refused(statusError(purpose(), m_url, m_answer));
            return;
        }
        if (const auto page = pageError(purpose(), m_url, m_answer); page && isPage(m_answer)) {
            failed(*page);
            return;
        }
        m_end = error;
        if (m_feed)
            m_feed->finish(); // what came before the end is told before it
    }

    void decoded()
    {
        if (!m_feed || !m_running)
            return;
        InformerFeed::Batch batch = m_feed->take();
        if (m_listing) {
            m_list.insert(m_list.end(), std::make_move_iterator(batch.events.begin()), std::make_move_iterator(batch.events.end()));
        } else if (!batch.events.empty()) {
            m_events += int(batch.eventsSeen);
            m_eventsSeen += batch.eventsSeen;
            m_pending.add(std::move(batch.events));
            schedulePublish();
        }
        if (!m_listing && !batch.resourceVersion.isEmpty()) {
            m_resourceVersion = batch.resourceVersion;
            m_failures = 0;
            ++m_events;
        }
        if (batch.ended && m_end)
            broke(*m_end);
        else if (batch.error)
            broke(described(*batch.error));
        else if (batch.refusal)
            refused(statusError(purpose(), m_url, batch.refusal->value(u"code").toInt(500), *batch.refusal));
        else if (batch.frame)
            pageDone(*batch.frame);
        else if (batch.ended && !m_listing)
            watchEnded();
    }

    /// The transfer broke, or what came is not what was promised.
    void broke(const Error &error)
    {
        if (m_listing && m_style == ListStyle::Cached && m_answer.status == 200)
            m_style = ListStyle::Chunked; // perhaps too much for one request on this line
        failed(error);
    }

    // --- lists --------------------------------------------------------------------------------------------------------

    void list()
    {
        m_listing = true;
        m_list.clear();
        m_next.clear();
        m_quiet.stop();
        if (m_synced && m_style == ListStyle::Cached)
            m_style = ListStyle::Chunked;
        page();
    }

    void page()
    {
        Query query;
        if (m_style == ListStyle::Cached)
            query = { { "resourceVersion", "0" } };
        else if (m_style == ListStyle::Chunked)
            query = { { "limit", QByteArray::number(pageSize) } };
        if (!m_next.isEmpty())
            query.append(QueryItem { "continue", m_next.toUtf8() });
        request(query, m_timing.listSilence);
    }

    void pageDone(const ListFrame &frame)
    {
        if (!frame.next.isEmpty()) {
            if (frame.next == m_next) {
                failed(Error::make(
                    ErrorKind::Protocol, m_listPurpose, shownUrl(m_url), tr("the list does not end: the same page comes again")));
                return;
            }
            m_next = frame.next;
            page();
            return;
        }
        dropStream();
        takeList(frame);
    }

    void takeList(const ListFrame &frame)
    {
        publish(); // what the old watch still had to tell comes first
        QList<ObjectChange> changes;
        CachedObjects now;
        now.reserve(qsizetype(m_list.size()));
        for (CompactEvent &one : m_list)
            now.insert(one.object.key, std::move(one.object.object));
        m_list.clear();
        m_list.shrink_to_fit();
        for (auto it = m_objects.cbegin(); it != m_objects.cend(); ++it) {
            if (!now.contains(it.key()))
                changes.append({ ObjectChange::Type::Deleted, it.key(), it.value() });
        }
        for (auto it = now.cbegin(); it != now.cend(); ++it) {
            const auto before = m_objects.constFind(it.key());
            if (before == m_objects.cend())
                changes.append({ ObjectChange::Type::Added, it.key(), it.value() });
            else if (!before->isSameAs(*it))
                changes.append({ ObjectChange::Type::Modified, it.key(), it.value() });
        }
        m_objects = std::move(now);
        m_resourceVersion = frame.resourceVersion;
        m_synced = true;
        m_style = ListStyle::Chunked; // for the next time
        m_restarted = false;
        tell(changes);
        if (m_running)
            open();
    }

    // --- watches ------------------------------------------------------------------------------------------------------

    void open()
    {
        m_listing = false;
        const int seconds = 300 + static_cast<int>(QRandomGenerator::global()->bounded(300));
        Query query { { "watch", "1" }, { "allowWatchBookmarks", "true" }, { "timeoutSeconds", QByteArray::number(seconds) } };
        if (!m_resourceVersion.isEmpty())
            query.append(QueryItem { "resourceVersion", m_resourceVersion.toUtf8() });
        request(query, m_timing.silence);
    }

    /// A watch that was opened as somebody we are not any more (the certificate was rotated, the token renewed) is opened anew from where
    /// it is: what came and is not decoded comes again. A list ends by itself.
    void takeIdentity()
    {
        if (m_running && !m_listing && m_stream && !m_end && !m_session->isCurrent(m_identity))
            open();
    }

    void watchEnded()
    {
        if (m_events == 0 && m_opened.elapsed() < 1000) { // or we would ask in a tight loop
            failed(Error::make(ErrorKind::Network, m_watchPurpose, shownUrl(m_url), tr("the server ends the watch at once")));
            return;
        }
        open(); // a clean end after its time is normal
    }

    void schedulePublish()
    {
        if (m_publish.isActive())
            return;
        const qint64 since = m_published.isValid() ? m_published.elapsed() : m_timing.publish.count();
        m_publish.start(
            std::max<std::chrono::milliseconds>(std::chrono::milliseconds(0), m_timing.publish - std::chrono::milliseconds(since)));
    }

    void publish()
    {
        m_publish.stop();
        const auto events = m_pending.take();
        QList<ObjectChange> changes;
        changes.reserve(qsizetype(events.size()));
        for (const CompactEvent &event : events) {
            const QString &key = event.object.key;
            if (event.type == CompactEvent::Type::Deleted) {
                if (m_objects.remove(key) > 0)
                    changes.append({ ObjectChange::Type::Deleted, key, event.object.object });
                continue;
            }
            const auto known = m_objects.find(key);
            if (known == m_objects.end()) {
                m_objects.insert(key, event.object.object);
                changes.append({ ObjectChange::Type::Added, key, event.object.object });
            } else {
                *known = event.object.object;
                changes.append({ ObjectChange::Type::Modified, key, event.object.object });
            }
        }
        tell(changes);
    }

    void tell(const QList<ObjectChange> &changes)
    {
        if (changes.isEmpty())
            return;
        m_published.start();
        emit changed(changes);
    }

    // --- refusals and silence -----------------------------------------------------------------------------------------

    /// The server said no: at the start, or inside the stream.
    void refused(const Error &error)
    {
        if (error.kind == ErrorKind::Unauthorized && m_session->renewCredentials() && !std::exchange(m_renewed, true)) {
            m_listing ? page() : open(); // once, at once
            return;
        }
        if (error.kind == ErrorKind::Gone) {
            if (m_listing && m_style == ListStyle::Chunked && !m_next.isEmpty()) {
                // The token of the next chunk has expired: from the beginning, then without chunks.
                if (std::exchange(m_restarted, true))
                    m_style = ListStyle::Whole;
                list();
                return;
            }
            m_resourceVersion.clear(); // the version is too old: list again, at once the first time
            if (!m_listing && (m_failures == 0 || m_opened.elapsed() > longEnough)) {
                m_failures = 1;
                dropStream();
                list();
                return;
            }
        }
        // Another, older replica: our version is in its future. Its own list is the truth that it can give.
        if (error.httpStatus == 504 && error.answer.contains(QLatin1StringView("Too large resource version"), Qt::CaseInsensitive))
            m_resourceVersion.clear();
        failed(error);
    }

    void quiet()
    {
        const auto since = std::chrono::milliseconds(m_lastByte.isValid() ? m_lastByte.elapsed() : m_timing.quiet.count());
        if (since < m_timing.quiet) { // a busy watch does not set its timer with each byte
            m_quiet.start(m_timing.quiet - since);
            return;
        }
        const int generation = m_generation;
        m_session->checkHealth(m_timing.quiet, m_timing.healthTimeout, this, [this, generation](const std::shared_ptr<Error> &error) {
            if (!m_running || generation != m_generation)
                return;
            if (!error) {
                m_health.confirmed = QDateTime::currentDateTimeUtc();
                if (!m_listing && m_stream && m_answer.status == 0 && m_opened.elapsed() >= m_timing.healthTimeout.count()) {
                    // The server lives but this request was lost on its way (a server that was dead for a while): ask anew.
                    failed(Error::make(ErrorKind::Timeout, purpose(), shownUrl(m_url), tr("the server answers, but not to this watch")));
                    return;
                }
                if (!m_quiet.isActive())
                    m_quiet.start(m_timing.quiet);
                return;
            }
            if (m_lastByte.isValid() && m_lastByte.elapsed() < m_timing.quiet.count()) {
                m_quiet.start(m_timing.quiet); // heard from it meanwhile
                return;
            }
            Error shown = *error;
            shown.tried = purpose();
            failed(shown);
        });
    }

    std::shared_ptr<ApiSession> m_session;
    std::shared_ptr<net::HttpClient> m_http;
    quint64 m_identity = 0; ///< that the stream was opened as
    ResourceKind m_kind;
    QString m_ns, m_name, m_listPurpose, m_watchPurpose;
    WatchTiming m_timing;
    InformerHealth m_health;
    CachedObjects m_objects;
    QString m_resourceVersion; ///< where the next watch goes on; empty: list first
    quint64 m_eventsSeen = 0;
    std::vector<CompactEvent> m_list; ///< of a list that is not complete
    EventBacklog m_pending; ///< decoded, not yet published
    QTimer m_again, m_quiet, m_publish;
    QElapsedTimer m_published, m_lastByte, m_opened;
    QPointer<net::HttpStream> m_stream;
    std::shared_ptr<InformerFeed> m_feed;
    QUrl m_url;
    net::HttpReply m_answer;
    std::shared_ptr<Error> m_end; ///< how the transfer ended, while its rest is decoded
    QString m_next;
    ListStyle m_style = ListStyle::Cached;
    int m_events = 0; ///< of this watch, bookmarks included
    int m_failures = 0;
    int m_generation = 0; ///< answers to questions of an earlier one are not for us any more
    bool m_listing = true, m_synced = false, m_restarted = false, m_renewed = false, m_running = true;
};

} // namespace

std::shared_ptr<Informer> makeInformer(
    std::shared_ptr<ApiSession> session, const ResourceKind &kind, const QString &ns, const WatchTiming &timing, const QString &name)
{
    return { new KubeInformer(std::move(session), kind, ns, timing, name), [](KubeInformer *informer) {
                informer->halt();
                if (QCoreApplication::instance())
                    informer->deleteLater(); // its last holder may be inside one of its signals
                else
                    delete informer;
            } };
}

} // namespace catamaran::kube
