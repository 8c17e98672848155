// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>
#include <QSet>
#include <QStringList>

/// Certificates for the fleet: an offline root, one issuing CA per mesh, and (for the practice range) leaves.
/// X.509 properties follow facts istio-multiprimary 1.2. All functions are pure but for OpenSSL's random numbers;
/// callable from any thread. PEM in and out.
namespace catamaran::pki {

/// A certificate with its private key and the certificates above it, self-signed root last.
struct Identity {
    QByteArray certificate; ///< PEM, one certificate
    core::Secret key; ///< PEM, PKCS#8, unencrypted
    QByteArray chain; ///< PEM, issuer first, root last; empty for a root
};

enum class KeyType { Rsa4096, Rsa2048, EcP256 };

/// Self-signed root: critical CA:TRUE, keyCertSign; @p days from one hour ago (clocks differ).
[[nodiscard]] core::Result<Identity> makeRoot(const QString &commonName, KeyType type, int days = 3650);

/// Issuing CA under @p root: critical CA:TRUE pathlen:0, SAN DNS @p dnsName (istiod.istio-system.svc).
[[nodiscard]] core::Result<Identity> makeIssuingCa(
    const Identity &root, const QString &commonName, const QString &dnsName, KeyType type, int days = 3650);

struct LeafRequest {
    QString commonName;
    QStringList organizations;
    QStringList dnsNames;
    QStringList ipAddresses;
    QStringList uris; ///< spiffe://<trust domain>/ns/<ns>/sa/<sa>
    bool server = true;
    bool client = true;
    KeyType type = KeyType::EcP256;
    int hours = 24;
};

/// A leaf signed by @p issuer: CA:FALSE, digitalSignature+keyEncipherment, the extended usages asked for.
[[nodiscard]] core::Result<Identity> makeLeaf(const Identity &issuer, const LeafRequest &request);

/// What a person or a rule wants to know of one certificate.
struct CertificateInfo {
    QString subject;
    QString issuer;
    QString serial; ///< hex
    QDateTime notBefore; ///< UTC
    QDateTime notAfter; ///< UTC
    bool isCa = false;
    bool selfSigned = false;
    QStringList sans; ///< "DNS:…", "IP:…", "URI:…"
    QString sha256; ///< lower-case hex of the DER's SHA-256
};

/// Reads every certificate of a PEM bundle (or base64 of one, as the cloud may answer; facts asm-openapi 3.2).
/// InvalidInput when there is none or one is broken.
[[nodiscard]] core::Result<QList<CertificateInfo>> readBundle(const QByteArray &pemOrBase64);

/// The SHA-256 of each self-signed certificate in the bundle, or of all when none is self-signed.
[[nodiscard]] core::Result<QSet<QString>> rootFingerprints(const QByteArray &pemOrBase64);

/// Equality of trust: the same set of roots (compared by DER hash, never by name).
[[nodiscard]] bool sameRoots(const QSet<QString> &a, const QSet<QString> &b);

/// Whether they have a root in common. While a root is rotated, one bundle holds the old and the new one: that is neither the
/// same trust nor two trusts that differ, and says nothing of who signs with which.
[[nodiscard]] bool shareARoot(const QSet<QString> &a, const QSet<QString> &b);

/// Verifies @p certificate through @p chain up to @p roots at @p when; the Error carries OpenSSL's own words.
[[nodiscard]] core::Result<core::Done> verifyChain(
    const QByteArray &certificate, const QByteArray &chain, const QByteArray &roots, const QDateTime &when);

/// Whether @p key is the private key of @p certificate.
[[nodiscard]] bool keyMatches(const QByteArray &certificate, const core::Secret &key);

} // namespace catamaran::pki
