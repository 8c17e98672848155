// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/configdata.h"

#include "kube/say.h"

#include <algorithm>

/// What a screen shows of a context.
namespace catamaran::kube {

namespace {

QString nameOf(const QSslCertificate &certificate)
{
    const QString common = certificate.subjectInfo(QSslCertificate::CommonName).value(0);
    return common.isEmpty() ? certificate.subjectDisplayName() : common;
}

QString dayOf(const QDateTime &time)
{
    return time.toUTC().date().toString(Qt::ISODate);
}

QString trustOf(const ClusterAccess &access)
{
    if (access.server.scheme() != u"https")
        return Say::tr("nobody is verified: the connection is not encrypted");
    if (access.tls.skipVerification)
        return Say::tr("nobody is verified (insecure-skip-tls-verify)");
    if (access.tls.trusted.isEmpty())
        return Say::tr("this system's certificate authorities");
    QStringList names;
    for (const QSslCertificate &authority : access.tls.trusted.mid(0, 3))
        names.append(Say::tr("%1 until %2").arg(nameOf(authority), dayOf(authority.expiryDate())));
    if (access.tls.trusted.size() > 3)
        names.append(Say::tr("%1 more").arg(access.tls.trusted.size() - 3));
    return Say::tr("certificate authority %1").arg(names.join(QStringLiteral(", ")));
}

QString identityOf(const ClusterAccess &access)
{
    QStringList parts;
    if (!access.tls.clientChain.isEmpty()) {
        const QSslCertificate &certificate = access.tls.clientChain.first();
        const QStringList groups = certificate.subjectInfo(QSslCertificate::Organization);
        const QString who
            = groups.isEmpty() ? nameOf(certificate) : Say::tr("%1 (%2)").arg(nameOf(certificate), groups.join(QStringLiteral(", ")));
        parts.append(Say::tr("client certificate %1 until %2").arg(who, certificate.expiryDate().toUTC().toString(Qt::ISODate)));
    }
    if (!access.tokenFile.isEmpty())
        parts.append(Say::tr("token from %1").arg(access.tokenFile));
    else if (!access.token.isEmpty())
        parts.append(Say::tr("token"));
    else if (!access.username.isEmpty() || !access.password.isEmpty())
        parts.append(Say::tr("user %1 with a password").arg(access.username));
    if (access.plugin)
        parts.append(Say::tr("plugin %1").arg(access.plugin->command));
    return parts.isEmpty() ? Say::tr("anonymous") : parts.join(QStringLiteral("; "));
}

} // namespace

ContextReport inspectContext(const Kubeconfig &config, const QString &context)
{
    Resolution found = judgeContext(config, context);
    const ClusterAccess &access = found.access;
    ContextReport report;
    report.context = access.name;
    report.ns = access.defaultNamespace;
    if (found.context) {
        report.cluster = found.context->cluster;
        report.user = found.context->user;
        report.file = found.context->file;
        if (const auto cluster = config.d->clusters.constFind(report.cluster); cluster != config.d->clusters.cend())
            report.server = QUrl(cluster->server).toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment);
    }
    report.issues = access.issues;
    for (const core::Error &error : std::as_const(found.errors))
        report.issues.append({ ConfigIssue::Severity::Error, error.target, error.answer, error.remedy });
    std::stable_sort(
        report.issues.begin(), report.issues.end(), [](const ConfigIssue &a, const ConfigIssue &b) { return a.severity > b.severity; });
    if (!found.errors.isEmpty())
        return report;
    report.server = access.server.toString();
    report.trust = trustOf(access);
    report.identity = identityOf(access);
    for (const auto &[name, value] : access.impersonation) {
        if (name == "Impersonate-User")
            report.actingAs = QString::fromUtf8(value);
    }
    if (!access.proxyUrl.isEmpty())
        report.proxy = QUrl(access.proxyUrl).toString(QUrl::RemoveUserInfo);
    report.access = std::move(found.access);
    return report;
}

} // namespace catamaran::kube
