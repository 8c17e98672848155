// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/cloud/meshca.h"

namespace catamaran::lab {

namespace {

constexpr auto begin = "-----BEGIN";
const QString istiodName = QStringLiteral("istiod.istio-system.svc");

NewMeshCa refused(const char *parameter, const QString &why)
{
    NewMeshCa result;
    result.refusal = refuse(400, std::string("InvalidParameter.") + parameter,
        "The specified parameter " + std::string(parameter) + " is not valid: " + why.toStdString());
    return result;
}

/// base64 of PEM; empty when it is not.
QByteArray readPem(const std::string &text)
{
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray::fromStdString(text), QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || !decoded.decoded.contains(begin))
        return {};
    return decoded.decoded;
}

NewMeshCa ownRoot(const std::string &meshId)
{
    NewMeshCa result;
    const QString name = QString::fromStdString(meshId);
    const auto root = pki::makeRoot(QStringLiteral("Root CA of mesh ") + name, pki::KeyType::EcP256);
    const auto issuing = root
        ? pki::makeIssuingCa(*root, QStringLiteral("Intermediate CA of mesh ") + name, istiodName, pki::KeyType::EcP256)
        : core::Result<pki::Identity>(core::fail(root.error()));
    if (!issuing) {
        result.refusal = refuse(500, "InternalError", issuing.error().text().toStdString());
        return result;
    }
    result.ca = { *issuing, root->certificate };
    return result;
}

} // namespace

NewMeshCa makeMeshCa(const CloudParameters &parameters, const std::string &meshId)
{
    if (value(parameters, "UseExistingCA") != "true")
        return ownRoot(meshId);
    for (const char *required : { "ExistingCaCert", "ExistingCaKey", "ExistingRootCaCert" }) {
        if (value(parameters, required).empty()) {
            NewMeshCa result;
            result.refusal
                = refuse(400, std::string("Missing") + required, std::string(required) + " is mandatory when UseExistingCA is true.");
            return result;
        }
    }
    NewMeshCa result;
    result.isOwn = true;
    pki::Identity &issuing = result.ca.issuing;
    issuing.certificate = readPem(value(parameters, "ExistingCaCert"));
    issuing.key = core::Secret(readPem(value(parameters, "ExistingCaKey")));
    result.ca.roots = readPem(value(parameters, "ExistingRootCaCert"));
    const auto certificates = pki::readBundle(issuing.certificate);
    if (!certificates || certificates->size() != 1 || !certificates->first().isCa)
        return refused("ExistingCaCert", QStringLiteral("it must be base64 of the PEM of one CA certificate"));
    if (!pki::keyMatches(issuing.certificate, issuing.key))
        return refused("ExistingCaKey", QStringLiteral("it is not the key of ExistingCaCert"));
    if (!pki::readBundle(result.ca.roots))
        return refused("ExistingRootCaCert", QStringLiteral("it must be base64 of PEM"));
    // CertChain starts with the CA certificate itself; an Identity's chain with its issuer.
    QByteArray chain = readPem(value(parameters, "CertChain"));
    if (!value(parameters, "CertChain").empty()) {
        const auto bundle = pki::readBundle(chain);
        if (!bundle || bundle->size() < 2)
            return refused("CertChain", QStringLiteral("it must hold the certificates from the CA to the root, two at least"));
        if (bundle->first().sha256 == certificates->first().sha256)
            chain = chain.mid(chain.indexOf(begin, chain.indexOf(begin) + 1));
    } else {
        chain = result.ca.roots;
    }
    issuing.chain = chain;
    if (const auto verified = pki::verifyChain(issuing.certificate, chain, result.ca.roots, QDateTime::currentDateTimeUtc()); !verified)
        return refused("ExistingRootCaCert", QStringLiteral("the CA certificate does not lead to it: ") + verified.error().answer);
    return result;
}

} // namespace catamaran::lab
