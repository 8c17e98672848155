// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/credentialsource.h"

#include "alicloud/apierror.h"
#include "alicloud/say.h"
#include "alicloud/transport.h"

#include <atomic>
#include <optional>
#include <vector>

namespace catamaran::alicloud {

using core::ErrorKind;
using core::Result;

namespace {

using Answer = Result<Credentials>;

bool hasEnded(const Credentials &credentials, const QDateTime &now)
{
    return credentials.expires.isValid() && credentials.expires <= now;
}

bool isSame(const Credentials &a, const Credentials &b)
{
    return a.accessKeyId == b.accessKeyId && a.securityToken.reveal() == b.securityToken.reveal()
        && a.accessKeySecret.reveal() == b.accessKeySecret.reveal();
}

tl::unexpected<core::Error> ended(const QString &tried, const Credentials &credentials)
{
    return core::fail(ErrorKind::Unauthorized, tried, credentials.accessKeyId,
        Say::tr("the temporary credentials ended at %1").arg(credentials.expires.toUTC().toString(Qt::ISODate)),
        Say::tr("Get new ones and open the environment again."));
}

class Fixed final : public CredentialSource {
public:
    Fixed(Credentials credentials, core::Clock clock)
        : m_credentials(std::move(credentials))
        , m_clock(std::move(clock))
    {
    }

    QFuture<Answer> credentials(std::stop_token) override
    {
        return core::readyFuture<Answer>(
            hasEnded(m_credentials, m_clock()) ? Answer(ended(Say::tr("use the credentials"), m_credentials)) : Answer(m_credentials));
    }
    bool renew(const Credentials &) override { return false; }
    QDateTime end() const override { return m_credentials.expires; }

private:
    const Credentials m_credentials;
    const core::Clock m_clock;
};

class ReadAgain final : public CredentialSource {
public:
    ReadAgain(std::function<Answer()> read, QString tried, core::Clock clock)
        : m_read(std::move(read))
        , m_tried(std::move(tried))
        , m_clock(std::move(clock))
    {
    }

    QFuture<Answer> credentials(std::stop_token) override
    {
        if (!m_known || hasEnded(*m_known, m_clock())) {
            const Answer read = m_read();
            if (!read)
                return core::readyFuture<Answer>(core::fail(read.error()));
            keep(*read);
        }
        return core::readyFuture<Answer>(hasEnded(*m_known, m_clock()) ? Answer(ended(m_tried, *m_known)) : Answer(*m_known));
    }
    bool renew(const Credentials &used) override
    {
        const Answer read = m_read();
        if (!read || isSame(*read, used))
            return false;
        keep(*read);
        return true;
    }
    QDateTime end() const override { return m_end ? QDateTime::fromMSecsSinceEpoch(m_end, Qt::UTC) : QDateTime(); }

private:
    void keep(const Credentials &read)
    {
        m_known = read;
        m_end = read.expires.isValid() ? read.expires.toMSecsSinceEpoch() : 0;
    }

    const std::function<Answer()> m_read;
    const QString m_tried;
    const core::Clock m_clock;
    std::optional<Credentials> m_known;
    std::atomic<qint64> m_end = 0; // ms since the epoch
};

Answer readAssumed(const QJsonObject &answer, const QString &tried, const QString &arn)
{
    const QJsonObject given = answer.value(u"Credentials").toObject();
    Credentials credentials { tolerantText(given.value(u"AccessKeyId")), core::Secret(given.value(u"AccessKeySecret").toString().toUtf8()),
        core::Secret(given.value(u"SecurityToken").toString().toUtf8()),
        QDateTime::fromString(given.value(u"Expiration").toString(), Qt::ISODate) };
    if (credentials.accessKeyId.isEmpty() || credentials.accessKeySecret.isEmpty() || credentials.securityToken.isEmpty()
        || !credentials.expires.isValid())
        return core::fail(ErrorKind::Protocol, tried, arn, Say::tr("the answer has no credentials with their end"),
            Say::tr("Check the endpoint of this environment: something else may be answering there."));
    return credentials;
}

class AssumedRole final : public CredentialSource {
public:
    AssumedRole(std::shared_ptr<CredentialSource> base, Role role, const Endpoints &endpoints, core::Clock clock,
        std::unique_ptr<net::HttpClient> http)
        : m_role(std::move(role))
        , m_endpoint(endpoints.sts)
        , m_clock(std::move(clock))
        , m_transport(new Transport(std::move(base), endpoints.trusted, std::move(http), this))
    {
    }

    QFuture<Answer> credentials(std::stop_token) override
    {
        const QDateTime now = m_clock();
        const bool isGood = m_known && !hasEnded(*m_known, now);
        const bool isDue = !isGood || now.secsTo(m_known->expires) < renewalSeconds;
        if (isDue)
            assume();
        if (isGood)
            return core::readyFuture<Answer>(*m_known);
        // One call for all who wait for it.
        m_waiting.emplace_back();
        m_waiting.back().start();
        return m_waiting.back().future();
    }
    bool renew(const Credentials &used) override
    {
        if (m_known && isSame(*m_known, used))
            m_known.reset();
        return true;
    }

private:
    void assume()
    {
        if (std::exchange(m_asking, true))
            return;
        const QString tried = Say::tr("assume the role");
        Call call;
        call.endpoint = m_endpoint;
        call.action = QStringLiteral("AssumeRole");
        call.version = QStringLiteral("2015-04-01");
        call.query = { { QStringLiteral("RoleArn"), m_role.arn }, { QStringLiteral("RoleSessionName"), m_role.sessionName },
            { QStringLiteral("DurationSeconds"), QString::number(m_role.seconds) } };
        call.purpose = tried;
        call.target = m_role.arn;
        core::whenReady(m_transport->send(std::move(call), {}), this, [this, tried](const Result<QJsonObject> &answer) {
            m_asking = false;
            const Answer read = answer ? readAssumed(*answer, tried, m_role.arn) : Answer(core::fail(answer.error()));
            if (read)
                m_known = *read;
            auto waiting = std::exchange(m_waiting, {});
            for (QPromise<Answer> &promise : waiting) {
                promise.addResult(read);
                promise.finish();
            }
        });
    }

    const Role m_role;
    const QUrl m_endpoint;
    const core::Clock m_clock;
    Transport *const m_transport; // child
    std::optional<Credentials> m_known;
    std::vector<QPromise<Answer>> m_waiting;
    bool m_asking = false;
};

} // namespace

std::shared_ptr<CredentialSource> fixedCredentials(Credentials credentials, core::Clock clock)
{
    return std::make_shared<Fixed>(std::move(credentials), std::move(clock));
}

std::shared_ptr<CredentialSource> readCredentials(std::function<Answer()> read, const QString &tried, core::Clock clock)
{
    return std::make_shared<ReadAgain>(std::move(read), tried, std::move(clock));
}

std::shared_ptr<CredentialSource> assumedRole(std::shared_ptr<CredentialSource> base, const Role &role, const Endpoints &endpoints,
    core::Clock clock, std::unique_ptr<net::HttpClient> http)
{
    return std::make_shared<AssumedRole>(std::move(base), role, endpoints, std::move(clock), std::move(http));
}

} // namespace catamaran::alicloud
