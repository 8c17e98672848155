// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/kubewatch.h"

#include "kube/statuserror.h"
#include "kube/watchlines.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QTimer>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qsizetype longestErrorBody = 64 * 1024;
constexpr qint64 longEnough = 60000; ///< a watch that was open so long counts as good

class KubeWatch final : public Watch {
    Q_DECLARE_TR_FUNCTIONS(KubeWatch)

public:
    KubeWatch(std::shared_ptr<ApiSession> session, const ResourceKind &kind, const QString &ns, const WatchTiming &timing)
        : m_session(std::move(session))
        , m_kind(kind)
        , m_ns(ns)
        , m_timing(timing)
    {
        m_purpose = ns.isEmpty() || !kind.namespaced ? tr("watch %1").arg(kind.plural) : tr("watch %1 in namespace %2").arg(kind.plural, ns);
        for (QTimer *timer : { &m_again, &m_quiet, &m_publish })
            timer->setSingleShot(true);
        connect(&m_again, &QTimer::timeout, this, [this] { m_resourceVersion.isEmpty() ? list() : open(); });
        connect(&m_quiet, &QTimer::timeout, this, [this] { askHealth(); });
        connect(&m_publish, &QTimer::timeout, this, [this] { publish(); });
    }

    ~KubeWatch() override { halt(); }

    void start() override
    {
        if (m_running)
            return;
        m_running = true;
        m_stop = std::stop_source();
        m_resourceVersion.clear();
        list();
    }

    void stop() override
    {
        halt();
        m_publish.stop();
        m_pending.clear();
    }

    [[nodiscard]] State state() const override { return m_state; }
    [[nodiscard]] Error lastError() const override { return m_error; }
    [[nodiscard]] const QHash<QString, QJsonObject> &objects() const override { return m_objects; }
    [[nodiscard]] QDateTime lastHeard() const override { return m_heard; }

private:
    void halt()
    {
        m_running = false;
        ++m_generation;
        m_stop.request_stop();
        m_again.stop();
        m_quiet.stop();
        dropStream();
    }

    void dropStream()
    {
        if (!m_stream)
            return;
        m_stream->disconnect(this);
        m_stream->deleteLater(); // we may be inside one of its signals
        m_stream = nullptr;
    }

    void heard()
    {
        m_heard = QDateTime::currentDateTimeUtc();
        m_quiet.start(m_timing.quiet);
    }

    void setState(State state, const Error &error = {})
    {
        m_error = error;
        if (m_state == state)
            return;
        m_state = state;
        emit stateChanged(state);
    }

    /// Stale, and once more after a wait that doubles with each failure.
    void failed(const Error &error)
    {
        dropStream();
        m_quiet.stop();
        ++m_generation;
        if (m_opened.isValid() && m_opened.elapsed() > longEnough)
            m_failures = 0; // it worked for a while: this is a new trouble
        m_opened.invalidate();
        ++m_failures;
        m_again.start(net::retryDelay(m_timing.backoff, m_failures + 1, error, QRandomGenerator::global()->generateDouble()));
        setState(State::Stale, error);
    }

    void list()
    {
        const int generation = ++m_generation;
        core::whenReady(m_session->list(m_kind, m_ns, {}, m_stop.get_token()), this, [this, generation](const Result<ListResult> &result) {
            if (generation != m_generation || !m_running)
                return;
            if (!result) {
                failed(result.error());
                return;
            }
            heard();
            takeList(*result);
        });
    }

    void takeList(const ListResult &result)
    {
        QHash<QString, QJsonObject> now;
        now.reserve(result.items.size());
        for (const QJsonObject &item : result.items) {
            const QString key = objectKey(item);
            if (!key.isEmpty())
                now.insert(key, item);
        }
        for (auto it = m_objects.cbegin(); it != m_objects.cend(); ++it) {
            if (!now.contains(it.key()))
                m_pending.append({ WatchEvent::Type::Deleted, it.value() });
        }
        for (auto it = now.cbegin(); it != now.cend(); ++it) {
            const auto before = m_objects.constFind(it.key());
            if (before == m_objects.cend())
                m_pending.append({ WatchEvent::Type::Added, it.value() });
            else if (*before != *it)
                m_pending.append({ WatchEvent::Type::Modified, it.value() });
        }
        m_objects = std::move(now);
        m_resourceVersion = result.resourceVersion;
        const QPointer<KubeWatch> alive(this);
        publish();
        if (alive && m_running)
            open();
    }

    void open()
    {
        const int generation = ++m_generation;
        m_session->withIdentity([self = QPointer<KubeWatch>(this), generation](const Result<Identity> &identity) {
            if (!self || generation != self->m_generation || !self->m_running)
                return;
            if (identity)
                self->openWith(*identity);
            else
                self->failed(identity.error());
        });
    }

    void openWith(const Identity &identity)
    {
        dropStream();
        const int seconds = 300 + static_cast<int>(QRandomGenerator::global()->bounded(300));
        Query query { { "watch", "1" }, { "allowWatchBookmarks", "true" }, { "timeoutSeconds", QByteArray::number(seconds) } };
        if (!m_resourceVersion.isEmpty())
            query.append(QueryItem { "resourceVersion", m_resourceVersion.toUtf8() });
        net::HttpRequest request;
        request.url = m_session->url(resourcePath(m_kind, m_ns), query);
        request.headers = identity.headers;
        request.headers.append(QPair<QByteArray, QByteArray> { "Accept", "application/json" });
        request.timeout = m_timing.silence;
        request.purpose = m_purpose;
        m_url = request.url;
        m_lines = WatchLines();
        m_answer = {};
        m_events = 0;
        m_opened.start();
        m_http = identity.http; // the stream's settings come from it; a renewed certificate may replace it meanwhile
        m_stream = m_http->stream(request, this);
        connect(m_stream, &net::HttpStream::started, this, [this](int status, const net::Headers &headers) {
            m_answer.status = status;
            m_answer.headers = headers;
            if (status == 200) {
                heard();
                setState(State::Live);
            }
        });
        connect(m_stream, &net::HttpStream::received, this, [this](const QByteArray &bytes) { take(bytes); });
        connect(m_stream, &net::HttpStream::finished, this, [this](const std::shared_ptr<Error> &error) { ended(error); });
        m_quiet.start(m_timing.quiet); // until the head comes, silence counts too
    }

    void take(const QByteArray &bytes)
    {
        if (m_answer.status != 200) {
            m_answer.body += bytes.left(longestErrorBody - m_answer.body.size());
            return;
        }
        heard();
        const auto lines = m_lines.feed(bytes);
        if (!lines) {
            failed(described(lines.error()));
            return;
        }
        for (const QByteArray &line : *lines) {
            const auto event = parseWatchLine(line);
            if (!event) {
                failed(described(event.error()));
                return;
            }
            if (event->type == WatchLine::Type::Error) {
                const int code = event->object.value(u"code").toInt(500);
                refused(statusError(m_purpose, m_url, code, event->object));
                return;
            }
            ++m_events;
            m_failures = 0;
            if (!event->resourceVersion.isEmpty())
                m_resourceVersion = event->resourceVersion;
            if (event->type != WatchLine::Type::Bookmark)
                apply(*event);
        }
    }

    [[nodiscard]] Error described(Error error) const
    {
        error.tried = m_purpose;
        error.target = shownUrl(m_url);
        return error;
    }

    void apply(const WatchLine &event)
    {
        const bool known = m_objects.contains(event.key);
        if (event.type == WatchLine::Type::Deleted) {
            if (!known)
                return;
            m_objects.remove(event.key);
            m_pending.append({ WatchEvent::Type::Deleted, event.object });
        } else {
            m_objects.insert(event.key, event.object);
            m_pending.append({ known ? WatchEvent::Type::Modified : WatchEvent::Type::Added, event.object });
        }
        if (!m_publish.isActive())
            m_publish.start(m_timing.publish);
    }

    void publish()
    {
        m_publish.stop();
        const auto events = std::exchange(m_pending, {});
        if (!events.isEmpty())
            emit received(events);
    }

    /// The server said no: at the start, or inside the stream.
    void refused(const Error &error)
    {
        if (error.kind == ErrorKind::Unauthorized)
            m_session->renewCredentials();
        if (error.kind == ErrorKind::Gone) { // the version is too old: list again, at once the first time
            m_resourceVersion.clear();
            if (m_failures == 0 || m_opened.elapsed() > longEnough) {
                m_failures = 1;
                dropStream();
                m_quiet.stop();
                list();
                return;
            }
        }
        failed(error);
    }

    void ended(const std::shared_ptr<Error> &error)
    {
        if (m_answer.status != 0 && m_answer.status != 200) {
            refused(statusError(m_purpose, m_url, m_answer));
            return;
        }
        if (error) {
            failed(*error);
            return;
        }
        if (m_events == 0 && m_opened.elapsed() < 1000) { // or we would ask in a tight loop
            failed(Error::make(ErrorKind::Network, m_purpose, shownUrl(m_url), tr("the server ends the watch at once")));
            return;
        }
        open(); // a clean end after its time is normal
    }

    void askHealth()
    {
        const int generation = m_generation;
        m_session->checkHealth(m_timing.quiet, m_timing.healthTimeout, this, [this, generation](const std::shared_ptr<Error> &error) {
            if (!m_running || generation != m_generation)
                return;
            if (!error && m_stream && m_answer.status == 0 && m_opened.elapsed() >= m_timing.healthTimeout.count()) {
                // The server lives but this request was lost on its way (a server that was dead for a while): ask anew.
                failed(Error::make(ErrorKind::Timeout, m_purpose, shownUrl(m_url), tr("the server answers, but not to this watch")));
                return;
            }
            if (!error) {
                if (!m_quiet.isActive())
                    m_quiet.start(m_timing.quiet);
                return;
            }
            if (m_quiet.isActive())
                return; // heard from it meanwhile
            Error shown = *error;
            shown.tried = m_purpose;
            failed(shown);
        });
    }

    std::shared_ptr<ApiSession> m_session;
    std::shared_ptr<net::HttpClient> m_http;
    ResourceKind m_kind;
    QString m_ns, m_purpose, m_resourceVersion;
    WatchTiming m_timing;
    State m_state = State::Starting;
    Error m_error;
    QHash<QString, QJsonObject> m_objects;
    QDateTime m_heard;
    QList<WatchEvent> m_pending;
    QTimer m_again, m_quiet, m_publish;
    std::stop_source m_stop;
    QPointer<net::HttpStream> m_stream;
    QUrl m_url;
    net::HttpReply m_answer;
    WatchLines m_lines;
    QElapsedTimer m_opened;
    int m_events = 0;
    int m_failures = 0;
    int m_generation = 0; ///< answers to questions of an earlier one are not for us any more
    bool m_running = false;
};

} // namespace

std::unique_ptr<Watch> makeWatch(std::shared_ptr<ApiSession> session, const ResourceKind &kind, const QString &ns, const WatchTiming &timing)
{
    return std::make_unique<KubeWatch>(std::move(session), kind, ns, timing);
}

} // namespace catamaran::kube
