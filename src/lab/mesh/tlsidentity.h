// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/mesh/bytestream.h"
#include "pki/ca.h"

namespace catamaran::lab {

/// The certificate of one proxy and the roots it trusts, as its control plane gave them.
struct TlsIdentity {
    std::string spiffeId;
    pki::Identity leaf;
    QByteArray roots;
    std::shared_ptr<ssl::context> server; ///< demands a client certificate under the roots; ALPN istio
    std::shared_ptr<ssl::context> client;
    SteadyTime renewAt; ///< half of the certificate's life
};

/// Signs a workload certificate with the mesh's CA and builds both contexts. Null with the reason in @p why.
[[nodiscard]] std::shared_ptr<const TlsIdentity> issueIdentity(
    const pki::Identity &issuing, const QByteArray &roots, const std::string &ns, const std::string &serviceAccount, std::string &why);

/// Refuses servers whose certificate does not name one of @p identities. For the client side of a stream.
void expectIdentities(TlsLayer &stream, std::vector<std::string> identities);

/// The failure in the words of Envoy's TLS library: "TLS_error:|268435581:SSL
/// routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end". Empty when @p error is not TLS's.
[[nodiscard]] std::string tlsFailureText(const ErrorCode &error);

/// "URI:spiffe://…" names of the peer's certificate; empty when it has none.
[[nodiscard]] std::vector<std::string> spiffeIdsOf(X509 *certificate);

} // namespace catamaran::lab
