// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "alicloud/credentialsource.h"
#include "alicloud/signer.h"
#include "core/async.h"
#include "net/retry.h"

#include <QJsonObject>

#include <memory>
#include <set>

namespace catamaran::alicloud {

/// One call before it is signed.
struct Call {
    QUrl endpoint; ///< scheme, host, port
    QByteArray method = "POST";
    QString path = QStringLiteral("/");
    Parameters query;
    Parameters form; ///< becomes the body when not empty
    QString action, version;
    QString purpose; ///< Error::tried
    QString target; ///< Error::target; the endpoint when empty
    bool idempotent = true; ///< may be repeated after a lost connection or a server fault
};

/// Signs, sends, repeats and reads; every attempt has a nonce, a date and a signature of its own. Temporary credentials that have ended
/// are renewed once per call.
class Transport : public QObject {
    Q_OBJECT
public:
    Transport(std::shared_ptr<CredentialSource> credentials, QList<QSslCertificate> trusted, std::unique_ptr<net::HttpClient> http,
        QObject *parent);
    ~Transport() override;

    /// Callable from any thread. Cancelled when @p stop is requested, also while waiting for the next attempt.
    [[nodiscard]] QFuture<core::Result<QJsonObject>> send(Call call, std::stop_token stop);

    /// Of the dates that requests are signed with.
    void setClock(core::Clock clock) { m_clock = std::move(clock); }
    void setRetryPolicy(const net::RetryPolicy &policy) { m_retry = policy; }

private:
    struct Running;
    void attempt(const std::shared_ptr<Running> &running);
    void waitThenAttempt(const std::shared_ptr<Running> &running, std::chrono::milliseconds delay);
    void settle(const std::shared_ptr<Running> &running, core::Result<QJsonObject> result);
    void send(const std::shared_ptr<Running> &running, const Credentials &credentials);
    [[nodiscard]] net::HttpRequest signedRequest(const Call &call, const Credentials &credentials) const;

    std::shared_ptr<CredentialSource> m_credentials;
    std::unique_ptr<net::HttpClient> m_http;
    core::Clock m_clock = core::systemClock();
    net::RetryPolicy m_retry;
    std::set<std::shared_ptr<Running>> m_running;
};

} // namespace catamaran::alicloud
