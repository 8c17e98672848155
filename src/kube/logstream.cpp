// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/logstream.h"

#include "kube/logposition.h"
#include "kube/statuserror.h"

#include <QTimer>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr std::chrono::milliseconds publishEvery { 50 };
constexpr qsizetype publishAtOnce = 1024 * 1024;
constexpr qsizetype longestLine = 64 * 1024;

class KubeLogStream final : public LogStream {
    Q_DECLARE_TR_FUNCTIONS(KubeLogs)

public:
    KubeLogStream(std::shared_ptr<ApiSession> session, LogOptions options)
        : m_session(std::move(session))
        , m_options(std::move(options))
    {
        if (m_options.ns.isEmpty())
            m_options.ns = m_session->access().defaultNamespace;
        m_purpose = tr("read the log of pod %1/%2").arg(m_options.ns, m_options.pod);
        m_url = m_session->url(resourcePath(kinds::pods, m_options.ns, m_options.pod, QStringLiteral("log")), logQuery(m_options));
        m_publish.setSingleShot(true);
        m_quiet.setSingleShot(true);
        connect(&m_publish, &QTimer::timeout, this, [this] { publish(false); });
        connect(&m_quiet, &QTimer::timeout, this, [this] { askHealth(); });
        connect(
            m_session.get(), &ApiSession::identityChanged, this, [this] { takeIdentity(); }, Qt::QueuedConnection);
    }

    ~KubeLogStream() override { drop(); }

    void start() override
    {
        if (m_started)
            return;
        m_started = m_running = true;
        if (!isPathPart(m_options.pod) || !isPathPart(m_options.ns)) {
            const auto error = Error::make(ErrorKind::InvalidInput, m_purpose, {}, tr("a pod and its namespace are needed"));
            QMetaObject::invokeMethod(
                this, [this, error] { end(std::make_shared<Error>(error)); }, Qt::QueuedConnection);
            return;
        }
        ask();
    }

    void stop() override { drop(); }

    [[nodiscard]] State state() const override { return m_state; }
    [[nodiscard]] Error lastError() const override { return m_error; }
    [[nodiscard]] QDateTime lastHeard() const override { return m_heard; }

private:
    void ask()
    {
        m_session->withIdentity([self = QPointer<KubeLogStream>(this)](const Result<Identity> &identity) {
            if (!self || !self->m_running)
                return;
            if (identity)
                self->open(*identity);
            else
                self->end(std::make_shared<Error>(identity.error()));
        });
    }

    void open(const Identity &identity)
    {
        net::HttpRequest request;
        request.url = m_url;
        request.headers = identity.headers;
        request.headers.append(QPair<QByteArray, QByteArray> { "Accept", "text/plain, application/json, */*" }); // errors come as JSON
        request.headers.append(QPair<QByteArray, QByteArray> { "Accept-Encoding", "identity" }); // a packer between would hold lines back
        // A quiet container sends nothing for hours, and servers hold the head back until its first line: the health
        // question alone tells a dead server from a quiet log.
        request.timeout = std::chrono::milliseconds(0);
        request.purpose = m_purpose;
        m_answer = {};
        m_http = identity.http;
        m_identity = identity.number;
        m_stream = m_http->stream(request, this);
        connect(m_stream, &net::HttpStream::started, this, [this](int status, const net::Headers &headers) {
            m_answer.status = status;
            m_answer.headers = headers;
            heard();
            if (status == 200)
                setState(State::Live);
        });
        connect(m_stream, &net::HttpStream::received, this, [this](const QByteArray &bytes) { take(bytes); });
        connect(m_stream, &net::HttpStream::finished, this, [this](const std::shared_ptr<Error> &error) { finished(error); });
        m_quiet.start(m_options.quiet);
    }

    void heard()
    {
        m_heard = QDateTime::currentDateTimeUtc();
        m_quiet.start(m_options.quiet);
    }

    void take(const QByteArray &bytes)
    {
        heard();
        if (m_answer.status != 200) {
            m_answer.body += bytes.left(longestErrorBody - m_answer.body.size());
            return;
        }
        m_lines += bytes;
        m_position.leaveOut(m_lines);
        if (m_lines.size() >= publishAtOnce)
            publish(false);
        else if (!m_publish.isActive())
            m_publish.start(publishEvery);
    }

    void publish(bool all)
    {
        m_publish.stop();
        qsizetype length = all ? m_lines.size() : m_lines.lastIndexOf('\n') + 1;
        if (length == 0 && m_lines.size() > longestLine)
            length = m_lines.size();
        if (length == 0)
            return;
        const QByteArray lines = m_lines.left(length);
        m_lines.remove(0, length);
        if (m_options.follow && m_options.timestamps)
            m_position.passed(lines);
        emit received(lines);
    }

    void finished(const std::shared_ptr<Error> &error)
    {
        if (m_answer.status != 0 && m_answer.status != 200) {
            Error refusal = statusError(m_purpose, m_url, m_answer);
            if (refusal.kind == ErrorKind::Unauthorized && !m_renewed && m_session->renewCredentials()) {
                m_renewed = true;
                dropStream();
                ask();
                return;
            }
            if (refusal.kind == ErrorKind::Forbidden)
                refusal.remedy = tr("Reading logs needs the verb get on pods/log: ask the cluster's administrator.");
            end(std::make_shared<Error>(refusal));
            return;
        }
        end(error);
    }

    void end(const std::shared_ptr<Error> &error)
    {
        const QPointer<KubeLogStream> alive(this);
        publish(true);
        if (!alive)
            return;
        drop();
        if (error)
            m_error = *error;
        setState(error ? State::Failed : State::Ended);
    }

    /// The certificate was rotated, or the token renewed. A log whose lines have times goes on behind the last of them as the new identity;
    /// any other would lose lines or repeat them, and stays as who it was until it ends.
    void takeIdentity()
    {
        if (!m_running || m_state != State::Live || !m_stream || m_session->isCurrent(m_identity) || m_options.limitBytes)
            return;
        const QPointer<KubeLogStream> alive(this);
        publish(false);
        if (!alive || !m_running || !m_position.isKnown())
            return;
        LogOptions rest = m_options;
        rest.tailLines.reset();
        rest.sinceTime = m_position.moment();
        m_url = m_session->url(resourcePath(kinds::pods, m_options.ns, m_options.pod, QStringLiteral("log")), logQuery(rest));
        m_lines.clear(); // the beginning of a line, which comes again
        m_position.resume();
        dropStream();
        ask();
    }

    void askHealth()
    {
        m_session->checkHealth(m_options.quiet, m_options.healthTimeout, this, [this](const std::shared_ptr<Error> &error) {
            if (!m_running || m_quiet.isActive())
                return; // heard from it meanwhile
            if (!error) {
                m_quiet.start(m_options.quiet);
                return;
            }
            Error shown = *error;
            shown.tried = m_purpose;
            end(std::make_shared<Error>(shown));
        });
    }

    void setState(State state)
    {
        if (std::exchange(m_state, state) != state)
            emit stateChanged(state);
    }

    void dropStream()
    {
        if (!m_stream)
            return;
        m_stream->disconnect(this);
        m_stream->deleteLater(); // we may be inside one of its signals
        m_stream = nullptr;
    }

    void drop()
    {
        m_running = false;
        m_publish.stop();
        m_quiet.stop();
        dropStream();
    }

    std::shared_ptr<ApiSession> m_session;
    std::shared_ptr<net::HttpClient> m_http;
    quint64 m_identity = 0; ///< that the stream was opened as
    LogOptions m_options;
    QString m_purpose;
    QUrl m_url;
    State m_state = State::Starting;
    Error m_error;
    QDateTime m_heard;
    QPointer<net::HttpStream> m_stream;
    net::HttpReply m_answer;
    QByteArray m_lines;
    LogPosition m_position;
    QTimer m_publish, m_quiet;
    bool m_started = false, m_running = false, m_renewed = false;
};

} // namespace

Query logQuery(const LogOptions &options)
{
    Query query;
    if (!options.container.isEmpty())
        query.append(QueryItem { "container", options.container.toUtf8() });
    if (options.follow)
        query.append(QueryItem { "follow", "true" });
    if (options.previous)
        query.append(QueryItem { "previous", "true" });
    if (options.timestamps)
        query.append(QueryItem { "timestamps", "true" });
    if (options.tailLines)
        query.append(QueryItem { "tailLines", QByteArray::number(std::max(0, *options.tailLines)) });
    if (options.sinceTime.isValid())
        query.append(QueryItem { "sinceTime", options.sinceTime.toUTC().toString(Qt::ISODate).toLatin1() });
    else if (options.since) // the server wants at least 1
        query.append(
            QueryItem { "sinceSeconds", QByteArray::number(qlonglong(std::max<std::chrono::seconds::rep>(1, options.since->count()))) });
    if (options.limitBytes)
        query.append(QueryItem { "limitBytes", QByteArray::number(std::max<qint64>(1, *options.limitBytes)) });
    return query;
}

std::unique_ptr<LogStream> makeLogStream(std::shared_ptr<ApiSession> session, const LogOptions &options)
{
    return std::make_unique<KubeLogStream>(std::move(session), options);
}

} // namespace catamaran::kube
