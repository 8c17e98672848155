// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "net/managers.h"

#include "core/living.h"

#include <QCoreApplication>
#include <QHash>

namespace catamaran::net {

namespace {

constexpr int usualManagers = 12;
constexpr int fewLeases = 24; ///< a small fleet needs no more managers than one client does

bool isSame(const TlsOptions &one, const TlsOptions &other)
{
    return one.skipVerification == other.skipVerification && one.serverName == other.serverName && one.trusted == other.trusted
        && one.clientChain == other.clientChain && one.clientKey == other.clientKey;
}

} // namespace

class SharedManager final : public QObject {
public:
    explicit SharedManager(const QNetworkProxy &through)
        : proxy(through)
    {
        manager.setProxy(proxy);
        manager.setAutoDeleteReplies(false);
    }

    struct Tenant {
        TlsOptions identity;
        bool isHere = false; ///< a lease is held; else only its connections may be left
    };

    [[nodiscard]] bool takes(const QString &server, const TlsOptions &identity) const
    {
        const auto tenant = tenants.constFind(server);
        return tenant == tenants.cend() || (!tenant->isHere && isSame(tenant->identity, identity));
    }

    core::Living living; // until the manager has joined its thread
    const QNetworkProxy proxy;
    QNetworkAccessManager manager;
    QHash<QString, Tenant> tenants; ///< by server; never forgotten, for nobody tells when Qt has closed the last connection
    int leases = 0;
};

ManagerLease::ManagerLease(std::shared_ptr<SharedManager> manager, QString server)
    : m_manager(std::move(manager))
    , m_server(std::move(server))
{
    ++m_manager->leases;
}

ManagerLease::~ManagerLease()
{
    --m_manager->leases;
    m_manager->tenants[m_server].isHere = false;
}

QNetworkAccessManager &ManagerLease::manager() const
{
    return m_manager->manager;
}

QString serverOf(const QUrl &url)
{
    return url.host() + u':' + QString::number(url.port(url.scheme() == u"https" ? 443 : 80));
}

std::shared_ptr<ManagerLease> leaseManager(const QString &server, const TlsOptions &identity, const QNetworkProxy &proxy)
{
    static thread_local QList<std::weak_ptr<SharedManager>> all;
    all.removeIf([](const std::weak_ptr<SharedManager> &one) { return one.expired(); });
    std::shared_ptr<SharedManager> best;
    for (const auto &one : std::as_const(all)) {
        auto shared = one.lock();
        if (shared && shared->proxy == proxy && shared->takes(server, identity) && (!best || shared->leases < best->leases))
            best = std::move(shared);
    }
    if (!best || (best->leases >= fewLeases && all.size() < usualManagers)) {
        best = std::shared_ptr<SharedManager>(new SharedManager(proxy), [](SharedManager *shared) {
            shared->manager.disconnect();
            // Its last user may be inside one of its signals.
            if (QCoreApplication::instance())
                shared->deleteLater();
            else
                delete shared;
        });
        all.append(best);
    }
    best->tenants.insert(server, { identity, true });
    return std::make_shared<ManagerLease>(std::move(best), server);
}

} // namespace catamaran::net
