// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pki/ca.h"

/// Kubeconfigs as text, with real certificates in them. Needs Catamaran::pki.
namespace catamaran::test {

/// Keys and certificates, made once: making them is slow.
struct Papers {
    pki::Identity root = pki::makeRoot(QStringLiteral("Root"), pki::KeyType::EcP256).value();
    pki::Identity other = pki::makeRoot(QStringLiteral("Other root"), pki::KeyType::EcP256).value();
    pki::Identity ec = leaf(pki::KeyType::EcP256);
    pki::Identity rsa = leaf(pki::KeyType::Rsa2048);

    /// alice of group dev, signed by root.
    [[nodiscard]] pki::Identity leaf(pki::KeyType type) const
    {
        pki::LeafRequest request;
        request.commonName = QStringLiteral("alice");
        request.organizations = { QStringLiteral("dev") };
        request.hours = 1000;
        request.type = type;
        return pki::makeLeaf(root, request).value();
    }
};

inline const Papers &papers()
{
    static const Papers instance;
    return instance;
}

/// A kubeconfig with the current context "c", whose cluster and user have these fields (JSON, which is YAML).
inline QByteArray config(const QByteArray &cluster, const QByteArray &user, const QByteArray &context = {})
{
    return "current-context: c\nclusters: [{name: k, cluster: {" + cluster + "}}]\nusers: [{name: u, user: {" + user
        + "}}]\ncontexts: [{name: c, context: {cluster: k, user: u" + context + "}}]\n";
}

inline const QByteArray https = "server: 'https://api.test:6443'";

/// Takes out of the environment what a kubeconfig's meaning depends on.
inline void clearKubeEnvironment()
{
    for (const char *variable : { "KUBECONFIG", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy",
             "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "POD_NAMESPACE" })
        qunsetenv(variable);
}

} // namespace catamaran::test
