// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/rights.h"

#include "core/wholepattern.h"
#include "kube/accesscheck.h"
#include "kube/execplugin.h"
#include "ui/common/say.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QMap>
#include <QRegularExpression>
#include <QSet>

namespace catamaran::ui {

using kube::AccessQuestion;

namespace {

AccessQuestion ask(const char *verb, const kube::ResourceKind &kind, const QString &ns, const char *subresource = "")
{
    return { QString::fromLatin1(verb), kind.group, kind.plural, QString::fromLatin1(subresource), ns, {} };
}

QString fullResource(const AccessQuestion &question)
{
    QString text = question.resource;
    if (!question.group.isEmpty())
        text += u'.' + question.group;
    if (!question.subresource.isEmpty())
        text += u'/' + question.subresource;
    return text;
}

/// The subject of a service account's token: a JWT says it in the clear, and it is a name, not a secret.
QString subjectOf(const QByteArray &token)
{
    const QByteArrayList parts = token.split('.');
    if (parts.size() != 3)
        return {};
    const QJsonObject claims = QJsonDocument::fromJson(QByteArray::fromBase64(parts.at(1), QByteArray::Base64UrlEncoding)).object();
    const QString subject = claims.value(QLatin1String("sub")).toString();
    static const QRegularExpression plain = core::wholePattern(QStringLiteral("[\\w.:@/-]{1,200}"));
    return plain.match(subject).hasMatch() ? subject : QString();
}

} // namespace

QList<Right> rightsToSee()
{
    QList<Right> rights;
    for (const kube::ResourceKind &kind : { kube::kinds::namespaces, kube::kinds::deployments, kube::kinds::pods, kube::kinds::services })
        rights.append({ Say::tr("see %1").arg(kind.plural), { ask("list", kind, {}), ask("watch", kind, {}) } });
    return rights;
}

Right rightToExec(const QString &ns)
{
    return { Say::tr("send requests from a pod"),
        { ask("create", kube::kinds::pods, ns, "exec"), ask("get", kube::kinds::pods, ns, "exec") } };
}

Right rightToScale(const QString &ns)
{
    return { Say::tr("move the client and run drills"), { ask("patch", kube::kinds::deployments, ns, "scale") } };
}

Right rightToBreak(const QString &ns)
{
    return { Say::tr("run drills"), { ask("patch", kube::kinds::deployments, ns) } }; // the number and the mark in one
}

Right rightToApply(const QString &ns)
{
    // Server-side apply is a patch; what it makes has to be allowed to be created as well.
    Right right { Say::tr("deploy the sample application"), {} };
    for (const char *verb : { "create", "patch" }) {
        for (const kube::ResourceKind &kind : { kube::kinds::deployments, kube::kinds::services, kube::kinds::serviceAccounts })
            right.questions.append(ask(verb, kind, ns));
    }
    return right;
}

QList<Right> allRights(const QString &ns)
{
    Right scaling = rightToScale(ns);
    scaling.questions += rightToBreak(ns).questions;
    return rightsToSee() + QList<Right> { rightToExec(ns), scaling, rightToApply(ns) };
}

QString questionText(const AccessQuestion &question)
{
    return question.ns.isEmpty() ? Say::tr("%1 %2 in all namespaces").arg(question.verb, fullResource(question))
                                 : Say::tr("%1 %2 in namespace %3").arg(question.verb, fullResource(question), question.ns);
}

QString questionCommand(const AccessQuestion &question, const kube::ByHand &cluster)
{
    QStringList words { QStringLiteral("auth"), QStringLiteral("can-i"), question.verb,
        question.group.isEmpty() ? question.resource : question.resource + u'.' + question.group };
    if (!question.subresource.isEmpty())
        words << QStringLiteral("--subresource=") + question.subresource;
    if (question.ns.isEmpty())
        words << QStringLiteral("--all-namespaces");
    else
        words << QStringLiteral("-n") << question.ns;
    return cluster.kubectl(words);
}

QString roleFor(const QList<AccessQuestion> &refused)
{
    QMap<QPair<QString, QString>, QStringList> verbs; // by group and resource
    for (const AccessQuestion &question : refused) {
        QStringList &list = verbs[{
            question.group, question.subresource.isEmpty() ? question.resource : question.resource + u'/' + question.subresource }];
        if (!list.contains(question.verb))
            list << question.verb;
    }
    QString yaml = QStringLiteral("apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: catamaran\nrules:\n");
    for (auto it = verbs.cbegin(); it != verbs.cend(); ++it)
        yaml += QStringLiteral("- apiGroups: [\"%1\"]\n  resources: [\"%2\"]\n  verbs: [\"%3\"]\n")
                    .arg(it.key().first, it.key().second, it->join(QLatin1String("\", \"")));
    return yaml;
}

QString refusalText(const QString &cluster, const QString &identity, const QList<AccessQuestion> &refused)
{
    if (refused.isEmpty())
        return {};
    QStringList texts;
    for (const AccessQuestion &question : refused)
        texts << questionText(question);
    return Say::tr("%1: %2 may not %3. Ask whoever administers the cluster, or open it with another identity.")
        .arg(cluster, identity, texts.join(Say::tr(", ")));
}

void askRights(const session::Session &session, const QString &cluster, const QList<AccessQuestion> &questions, QObject *context,
    std::function<void(const QString &)> handler)
{
    kube::KubeClient *client = session.cluster(cluster);
    if (!client) {
        handler({}); // what is wrong with it is said elsewhere
        return;
    }
    core::whenReady(client->accessCheck().refusedOf(questions), context,
        [cluster, identity = identityText(client->access()), handler = std::move(handler)](
            const core::Result<QList<AccessQuestion>> &refused) {
            handler(refused ? refusalText(cluster, identity, *refused) : QString());
        });
}

QString identityText(const kube::ClusterAccess &access)
{
    for (const auto &[name, value] : access.impersonation) {
        if (name == "Impersonate-User")
            return Say::tr("%1 (impersonated)").arg(QString::fromUtf8(value));
    }
    if (!access.token.isEmpty()) {
        const QString subject = subjectOf(access.token.reveal());
        return subject.isEmpty() ? Say::tr("the kubeconfig's token") : subject;
    }
    if (!access.tls.clientChain.isEmpty()) {
        const QSslCertificate &certificate = access.tls.clientChain.first();
        const QString user = certificate.subjectInfo(QSslCertificate::CommonName).join(u' ');
        const QStringList groups = certificate.subjectInfo(QSslCertificate::Organization);
        return groups.isEmpty() ? user : Say::tr("%1 (groups %2)").arg(user, groups.join(QLatin1String(", ")));
    }
    if (access.plugin)
        return Say::tr("what %1 gives").arg(QFileInfo(access.plugin->command).fileName());
    if (!access.username.isEmpty())
        return access.username;
    return Say::tr("anonymous");
}

} // namespace catamaran::ui
