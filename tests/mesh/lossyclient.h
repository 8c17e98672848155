// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "net/httpclient.h"

#include <QMap>

#include <functional>

namespace catamaran::tests {

/// The way to the cloud, with what can happen on it. Actions are the cloud's ("CreateServiceMesh"). Test's thread.
class LossyClient final : public net::HttpClient {
public:
    explicit LossyClient(std::unique_ptr<net::HttpClient> inner)
        : m_inner(std::move(inner))
    {
    }

    QMap<QString, int> lost; ///< how many more requests arrive, and their answers do not come back
    QMap<QString, int> dropped; ///< how many more never arrive, and nobody says so
    std::function<void()> onDropped;
    QMap<QString, int> throttled; ///< how many more are refused at the cloud's door
    QMap<QString, int> stale; ///< how many more are answered as the first one was
    QMap<QString, int> arrived; ///< how many came to the cloud

    QFuture<core::Result<net::HttpReply>> send(net::HttpRequest request, std::stop_token stop) override
    {
        return core::startOn(this, [this, request = std::move(request), stop = std::move(stop)] {
            QString action;
            for (const auto &[name, value] : request.headers)
                if (name.compare("x-acs-action", Qt::CaseInsensitive) == 0)
                    action = QString::fromLatin1(value);
            if (isDue(throttled, action))
                return core::readyFuture<core::Result<net::HttpReply>>(net::HttpReply { 400, { { "content-type", "application/json" } },
                    R"({"RequestId":"R-1","Code":"Throttling.User","Message":"Request was denied due to user flow control."})" });
            if (isDue(dropped, action)) {
                if (onDropped)
                    onDropped();
                return core::readyFuture<core::Result<net::HttpReply>>(core::fail(
                    core::ErrorKind::Network, QStringLiteral("wait for an answer"), action, QStringLiteral("the connection was closed")));
            }
            if (m_first.contains(action) && isDue(stale, action))
                return core::readyFuture<core::Result<net::HttpReply>>(m_first.value(action));
            ++arrived[action];
            const bool isLost = isDue(lost, action);
            return m_inner->send(request, stop)
                .then(this, [this, action, isLost](const core::Result<net::HttpReply> &reply) -> core::Result<net::HttpReply> {
                    if (isLost)
                        return core::fail(core::ErrorKind::Network, QStringLiteral("wait for an answer"), action,
                            QStringLiteral("the connection was closed"));
                    if (reply && !m_first.contains(action))
                        m_first.insert(action, *reply);
                    return reply;
                });
        });
    }
    net::HttpStream *stream(const net::HttpRequest &request, QObject *parent) override { return m_inner->stream(request, parent); }

private:
    static bool isDue(QMap<QString, int> &counts, const QString &action)
    {
        const auto found = counts.find(action);
        return found != counts.end() && *found > 0 && (*found)-- > 0;
    }

    std::unique_ptr<net::HttpClient> m_inner;
    QMap<QString, net::HttpReply> m_first;
};

} // namespace catamaran::tests
