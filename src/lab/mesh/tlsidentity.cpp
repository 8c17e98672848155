// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/tlsidentity.h"

#include "pki/openssl.h"

#include <QString>

#include <algorithm>
#include <cctype>

namespace catamaran::lab {

namespace {

int chooseAlpn(SSL *, const unsigned char **out, unsigned char *outLength, const unsigned char *in, unsigned int length, void *)
{
    for (unsigned int i = 0; i + 1 <= length;) {
        const unsigned int size = in[i];
        if (i + 1 + size > length)
            break;
        const std::string_view name(reinterpret_cast<const char *>(in) + i + 1, size);
        if (name.starts_with("istio")) {
            *out = in + i + 1;
            *outLength = static_cast<unsigned char>(size);
            return SSL_TLSEXT_ERR_OK;
        }
        i += 1 + size;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

asio::const_buffer bufferOf(const QByteArray &bytes)
{
    return { bytes.constData(), static_cast<std::size_t>(bytes.size()) };
}

std::shared_ptr<ssl::context> makeContext(ssl::context::method method, const pki::Identity &leaf, const QByteArray &roots, std::string &why)
{
    auto context = std::make_shared<ssl::context>(method);
    const QByteArray chain = leaf.certificate + leaf.chain;
    ErrorCode error;
    context->use_certificate_chain(bufferOf(chain), error);
    if (!error)
        context->use_private_key(bufferOf(leaf.key.reveal()), ssl::context::pem, error);
    if (!error)
        context->add_certificate_authority(bufferOf(roots), error);
    if (error) {
        why = error.message();
        return nullptr;
    }
    SSL_CTX *const native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
    // Sessions and tickets would be bytes on idle connections, and would hide a change of trust.
    SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(native, 0);
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    context->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, error);
    return context;
}

} // namespace

std::shared_ptr<const TlsIdentity> issueIdentity(
    const pki::Identity &issuing, const QByteArray &roots, const std::string &ns, const std::string &serviceAccount, std::string &why)
{
    auto identity = std::make_shared<TlsIdentity>();
    identity->spiffeId = "spiffe://cluster.local/ns/" + ns + "/sa/" + serviceAccount;
    identity->roots = roots;
    pki::LeafRequest request;
    request.uris = { QString::fromStdString(identity->spiffeId) };
    request.hours = 24;
    auto leaf = pki::makeLeaf(issuing, request);
    if (!leaf) {
        why = leaf.error().answer.toStdString();
        return nullptr;
    }
    identity->leaf = std::move(*leaf);
    identity->server = makeContext(ssl::context::tls_server, identity->leaf, roots, why);
    identity->client = makeContext(ssl::context::tls_client, identity->leaf, roots, why);
    if (!identity->server || !identity->client)
        return nullptr;
    SSL_CTX_set_alpn_select_cb(identity->server->native_handle(), chooseAlpn, nullptr);
    static const unsigned char offered[] = "\x0eistio-http/1.1\x05istio";
    SSL_CTX_set_alpn_protos(identity->client->native_handle(), offered, sizeof offered - 1);
    identity->renewAt = std::chrono::steady_clock::now() + std::chrono::hours(12);
    return identity;
}

std::vector<std::string> spiffeIdsOf(X509 *certificate)
{
    std::vector<std::string> result;
    if (!certificate)
        return result;
    const pki::GeneralNamesPtr names(static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type != GEN_URI)
            continue;
        const auto *text = name->d.uniformResourceIdentifier;
        result.emplace_back(
            reinterpret_cast<const char *>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text)));
    }
    return result;
}

void expectIdentities(TlsLayer &stream, std::vector<std::string> identities)
{
    ErrorCode ignored;
    stream.set_verify_callback(
        [identities = std::move(identities)](bool good, ssl::verify_context &context) {
            X509_STORE_CTX *const native = context.native_handle();
            if (!good || X509_STORE_CTX_get_error_depth(native) != 0)
                return good;
            const auto offered = spiffeIdsOf(X509_STORE_CTX_get_current_cert(native));
            const bool known = std::any_of(offered.begin(), offered.end(),
                [&](const std::string &id) { return std::find(identities.begin(), identities.end(), id) != identities.end(); });
            if (!known)
                X509_STORE_CTX_set_error(native, X509_V_ERR_APPLICATION_VERIFICATION);
            return known;
        },
        ignored);
}

std::string tlsFailureText(const ErrorCode &error)
{
    if (error.category() != asio::error::get_ssl_category())
        return {};
    const auto code = static_cast<unsigned long>(error.value());
    unsigned long reason = ERR_GET_REASON(code);
    const char *words = ERR_reason_error_string(code);
    std::string name = words ? words : "UNKNOWN";
    std::transform(
        name.begin(), name.end(), name.begin(), [](unsigned char c) { return c == ' ' ? '_' : static_cast<char>(std::toupper(c)); });
    // Envoy's library numbers its own reasons; alerts (1000 and more) are the same in both.
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        reason = 125;
    else if (reason == SSL_R_WRONG_VERSION_NUMBER)
        reason = 247;
    constexpr unsigned long sslLibrary = 16UL << 24;
    return "TLS_error:|" + std::to_string(sslLibrary + reason) + ":SSL routines:OPENSSL_internal:" + name + ":TLS_error_end";
}

} // namespace catamaran::lab
