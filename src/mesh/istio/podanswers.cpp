// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/istio/podanswers.h"

#include "mesh/istio/say.h"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace catamaran::mesh::istio {

using core::ErrorKind;
using core::Result;

namespace {

constexpr qsizetype longestLog = 4 * 1024 * 1024;

/// A child of its client, so it goes when that goes.
class LogCollector final : public QObject {
public:
    LogCollector(std::unique_ptr<kube::LogStream> stream, QObject *parent)
        : QObject(parent)
        , m_stream(std::move(stream))
    {
        m_promise.start();
    }

    QFuture<Result<QByteArray>> run(const std::stop_token &stop)
    {
        connect(m_stream.get(), &kube::LogStream::received, this,
            [this](const QByteArray &lines) { m_text += lines.left(std::max<qsizetype>(0, longestLog - m_text.size())); });
        connect(m_stream.get(), &kube::LogStream::stateChanged, this, [this](kube::LogStream::State state) {
            if (state == kube::LogStream::State::Ended)
                end(std::move(m_text));
            else if (state == kube::LogStream::State::Failed)
                end(core::fail(m_stream->lastError()));
        });
        auto future = m_promise.future();
        m_stream->start();
        m_onStop.emplace(stop, [self = this] {
            QMetaObject::invokeMethod(
                self, [self] { self->end(core::fail(ErrorKind::Cancelled, Say::tr("read a log"), {}, Say::tr("cancelled"))); },
                Qt::QueuedConnection);
        });
        return future;
    }

private:
    void end(Result<QByteArray> result)
    {
        if (std::exchange(m_hasEnded, true))
            return;
        m_stream->stop();
        m_promise.addResult(std::move(result));
        m_promise.finish();
        deleteLater();
    }

    std::unique_ptr<kube::LogStream> m_stream;
    QByteArray m_text;
    QPromise<Result<QByteArray>> m_promise;
    bool m_hasEnded = false;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop; // last: ends first
};

} // namespace

QFuture<Result<QByteArray>> readLog(kube::KubeClient &client, const kube::LogOptions &options, std::stop_token stop)
{
    return core::startOn(&client, [&client, options, stop] {
        auto *collector = new LogCollector(client.logs(options), &client);
        return collector->run(stop);
    });
}

QFuture<Result<QJsonObject>> reviewToken(kube::KubeClient &client, const core::Secret &token, std::stop_token stop)
{
    static const kube::ResourceKind reviews { QStringLiteral("authentication.k8s.io"), QStringLiteral("v1"), QStringLiteral("tokenreviews"),
        false };
    const QJsonObject review { { QStringLiteral("apiVersion"), QStringLiteral("authentication.k8s.io/v1") },
        { QStringLiteral("kind"), QStringLiteral("TokenReview") },
        { QStringLiteral("spec"), QJsonObject { { QStringLiteral("token"), QString::fromUtf8(token.reveal()) } } } };
    return client.create(reviews, {}, review, std::move(stop));
}

TokenVerdict verdictOf(const QJsonObject &review, const QString &secret, const QString &key, const QString &cluster)
{
    const QJsonValue status = review.value(u"status");
    return { secret, key, cluster, status[u"authenticated"].toBool(), status[u"error"].toString().left(1024) };
}

/// Between the thread that hears and the one that reads.
struct EndpointsAnswer::Pipe {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::deque<QByteArray> chunks;
    bool hasEnded = false;
    int exitCode = 0;
    std::shared_ptr<core::Error> error;
    std::stop_source stop; ///< ends the command
    std::optional<std::stop_callback<std::function<void()>>> outer;
};

namespace {

class PipeWriter final : public QObject {
public:
    PipeWriter(std::unique_ptr<kube::ExecSession> session, QObject *parent)
        : QObject(parent)
        , m_session(std::move(session))
    {
    }

    template <typename Pipe> void run(const std::shared_ptr<Pipe> &pipe)
    {
        connect(m_session.get(), &kube::ExecSession::standardOutput, this, [pipe](const QByteArray &bytes) {
            const std::lock_guard lock(pipe->mutex);
            pipe->chunks.push_back(bytes);
            pipe->changed.notify_all();
        });
        connect(m_session.get(), &kube::ExecSession::finished, this, [this, pipe](int exitCode, const std::shared_ptr<core::Error> &error) {
            {
                const std::lock_guard lock(pipe->mutex);
                pipe->hasEnded = true;
                pipe->exitCode = exitCode;
                pipe->error = error;
                pipe->changed.notify_all();
            }
            m_onStop.reset();
            deleteLater();
        });
        m_session->start();
        m_onStop.emplace(pipe->stop.get_token(), [self = this] {
            QMetaObject::invokeMethod(
                self, [self] { self->m_session->stop(); }, Qt::QueuedConnection);
        });
    }

private:
    std::unique_ptr<kube::ExecSession> m_session;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
};

} // namespace

EndpointsAnswer::EndpointsAnswer(kube::KubeClient &client, const kube::ExecOptions &options, std::stop_token stop)
    : m_pipe(std::make_shared<Pipe>())
{
    m_pipe->outer.emplace(std::move(stop), [weak = std::weak_ptr<Pipe>(m_pipe)] {
        if (const auto pipe = weak.lock()) {
            pipe->stop.request_stop();
            pipe->changed.notify_all();
        }
    });
    QMetaObject::invokeMethod(&client, [&client, options, pipe = m_pipe] {
        auto *writer = new PipeWriter(client.exec(options), &client);
        writer->run(pipe);
    });
}

EndpointsAnswer::~EndpointsAnswer()
{
    m_pipe->stop.request_stop();
    m_pipe->outer.reset();
}

Result<QHash<QString, qint64>> EndpointsAnswer::finish(std::chrono::steady_clock::time_point deadline)
{
    const QString tried = Say::tr("ask a control plane for its endpoints");
    EndpointCounter counter;
    std::unique_lock lock(m_pipe->mutex);
    for (;;) {
        const bool isThere = m_pipe->changed.wait_until(
            lock, m_pipe->stop.get_token(), deadline, [&] { return !m_pipe->chunks.empty() || m_pipe->hasEnded; });
        if (!isThere)
            return m_pipe->stop.stop_requested() ? core::fail(ErrorKind::Cancelled, tried, {}, Say::tr("cancelled"))
                                                 : core::fail(ErrorKind::Timeout, tried, {}, Say::tr("the answer did not end in time"));
        if (m_pipe->chunks.empty())
            break;
        const std::deque<QByteArray> taken = std::exchange(m_pipe->chunks, {});
        lock.unlock();
        bool isGood = true;
        for (const QByteArray &chunk : taken)
            isGood = isGood && counter.read(chunk);
        if (!isGood)
            return core::fail(ErrorKind::Protocol, tried, {}, Say::tr("that is no such answer"));
        lock.lock();
    }
    if (m_pipe->error)
        return core::fail(*m_pipe->error);
    if (m_pipe->exitCode != 0 || !counter.isComplete())
        return core::fail(ErrorKind::Protocol, tried, {},
            m_pipe->exitCode != 0 ? Say::tr("its request command ended with %1").arg(m_pipe->exitCode) : Say::tr("the answer breaks off"));
    return counter.byCluster();
}

} // namespace catamaran::mesh::istio
