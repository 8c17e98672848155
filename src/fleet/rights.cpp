// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/rights.h"

#include "kube/accesscheck.h"

#include <QCoreApplication>

#include <algorithm>

namespace catamaran::fleet {

using kube::AccessQuestion;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(FleetRights)
};

/// One question for each verb. Roles may be for single names, so the name is asked where there is one already.
QList<AccessQuestion> ask(const QStringList &verbs, const kube::ResourceKind &kind, const QString &ns, const QString &name)
{
    QList<AccessQuestion> questions;
    for (const QString &verb : verbs)
        questions.append({ verb, kind.group, kind.plural, {}, ns, verb == u"create" ? QString() : name });
    return questions;
}

/// @p verbs on each object of @p manifest. One that cannot be read is for the step to say.
QList<AccessQuestion> askForObjects(const QStringList &verbs, const core::Result<QList<QJsonObject>> &objects, const QString &ns)
{
    QList<AccessQuestion> questions;
    for (const QJsonObject &object : objects.value_or(QList<QJsonObject>())) {
        if (const auto kind = kube::kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString()))
            questions += ask(verbs, *kind, kind->namespaced ? ns : QString(), object.value(u"metadata").toObject().value(u"name").toString());
    }
    return questions;
}

const QString get = QStringLiteral("get"), patch = QStringLiteral("patch"), create = QStringLiteral("create"), deletion = QStringLiteral("delete");

struct Needs {
    Rights &rights;

    void operator()(const CreateNamespace &action) const { addRights(rights, action.cluster, ask({ get, patch, create }, kube::kinds::namespaces, {}, action.ns)); }
    void operator()(const DeleteNamespace &action) const { addRights(rights, action.cluster, ask({ get, deletion }, kube::kinds::namespaces, {}, action.ns)); }
    void operator()(const ApplyManifest &action) const
    {
        addRights(rights, action.cluster, askForObjects({ get, patch, create }, manifestObjects({ action.cluster, action.ns, action.manifest, action.overrides }), action.ns));
    }
    void operator()(const DeleteManifest &action) const { addRights(rights, action.cluster, askForObjects({ get, deletion }, manifestObjects(action.manifest, action.ns), action.ns)); }
    void operator()(const ScaleWorkload &action) const
    {
        auto questions = kube::scaleNeeds(action.ns);
        for (AccessQuestion &question : questions)
            question.name = action.deployment;
        addRights(rights, action.cluster, questions + ask({ get }, kube::kinds::deployments, action.ns, action.deployment)); // to see it ready
    }
    template <typename Other> void operator()(const Other &) const { } ///< the cloud's: it has no question for it
};

bool isSame(const AccessQuestion &a, const AccessQuestion &b)
{
    return a.verb == b.verb && a.group == b.group && a.resource == b.resource && a.subresource == b.subresource && a.ns == b.ns && a.name == b.name;
}

} // namespace

void addRights(Rights &rights, const QString &cluster, const QList<AccessQuestion> &questions)
{
    QList<AccessQuestion> &known = rights[cluster];
    for (const AccessQuestion &question : questions) {
        if (std::none_of(known.cbegin(), known.cend(), [&](const AccessQuestion &other) { return isSame(other, question); }))
            known.append(question);
    }
}

Rights rightsFor(const Plan &plan)
{
    Rights rights;
    for (const PlanStep &step : plan.steps)
        std::visit(Needs { rights }, step.action);
    return rights;
}

Rights byCluster(const QList<ops::Right> &rights)
{
    Rights all;
    for (const ops::Right &right : rights) // each is there once already
        all[right.cluster].append(right.question);
    return all;
}

Rights refusedOf(const Rights &rights, const Session &session, std::stop_token stop)
{
    struct Asked {
        QString cluster;
        AccessQuestion question;
        QFuture<core::Result<bool>> answer;
    };
    QList<Asked> asked; // all at once: each is a way to the server and back
    for (auto it = rights.cbegin(); it != rights.cend(); ++it) {
        kube::KubeClient *client = session.cluster(it.key());
        for (const AccessQuestion &question : it.value()) {
            if (client)
                asked.append({ it.key(), question, client->mayI(question, stop) });
        }
    }
    Rights refused;
    for (const Asked &one : std::as_const(asked)) {
        if (const auto allowed = core::await(one.answer, stop); allowed && !*allowed)
            addRights(refused, one.cluster, { one.question });
    }
    return refused;
}

core::Error rightsError(const QString &tried, const Rights &refused)
{
    QStringList answers;
    for (auto it = refused.cbegin(); it != refused.cend(); ++it) {
        QStringList texts;
        for (const AccessQuestion &question : it.value())
            texts.append(kube::describeAccess(question));
        texts.removeDuplicates(); // of several names
        answers.append(Say::tr("%1 does not allow: %2").arg(it.key(), texts.join(QStringLiteral(", "))));
    }
    return core::Error::make(core::ErrorKind::Forbidden, tried, QStringList(refused.keys()).join(QStringLiteral(", ")), answers.join(QStringLiteral("; ")),
        Say::tr("Ask whoever administers the cluster, or open it with another identity."));
}

} // namespace catamaran::fleet
