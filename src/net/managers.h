// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/httpclient.h"

#include <QNetworkAccessManager>

#include <memory>

/// The few access managers that all clients of a thread share: each brings a thread of its own and its own connections,
/// so a pair for each of hundreds of clusters would be hundreds of threads.
///
/// Qt keys its connections by scheme, host, port, proxy and verified name, and **not** by client certificate: whoever asks second is
/// sent over the first one's connection. Therefore a server (host and port) belongs in one manager to one identity (all of
/// its TlsOptions) from its first use until the manager ends; another identity gets another manager. Proxies never mix either.
namespace catamaran::net {

class SharedManager;

/// The right to send to one server through one manager; given back when destroyed. No two leases of a server share a
/// manager at a time, so six connections are what one lease has. On the thread that took it.
class ManagerLease {
public:
    ManagerLease(std::shared_ptr<SharedManager> manager, QString server);
    ~ManagerLease();
    ManagerLease(const ManagerLease &) = delete;
    ManagerLease &operator=(const ManagerLease &) = delete;

    [[nodiscard]] QNetworkAccessManager &manager() const;

    int streams = 0; ///< for whoever shares one lease among streams

private:
    std::shared_ptr<SharedManager> m_manager;
    QString m_server;
};

/// What @p url is sent to, for leases: "host:port".
[[nodiscard]] QString serverOf(const QUrl &url);

/// A lease of @p server for @p identity. As many managers as are needed, up to about a dozen by themselves and more only where
/// none of these may be used.
[[nodiscard]] std::shared_ptr<ManagerLease> leaseManager(const QString &server, const TlsOptions &identity, const QNetworkProxy &proxy);

} // namespace catamaran::net
