// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/rights.h"

#include "fleet/say.h"
#include "kube/accesscheck.h"

#include <algorithm>

namespace catamaran::fleet {

using kube::AccessQuestion;

namespace {

bool isSame(const AccessQuestion &a, const AccessQuestion &b)
{
    return a.verb == b.verb && a.group == b.group && a.resource == b.resource && a.subresource == b.subresource && a.ns == b.ns
        && a.name == b.name;
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

Rights byCluster(const QList<ops::Right> &rights)
{
    Rights all;
    for (const ops::Right &right : rights) // each is there once already
        all[right.cluster].append(right.question);
    return all;
}

Rights refusedOf(const Rights &rights, const session::Session &session, std::stop_token stop)
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
    return core::Error::make(core::ErrorKind::Forbidden, tried, QStringList(refused.keys()).join(QStringLiteral(", ")),
        answers.join(QStringLiteral("; ")), Say::tr("Ask whoever administers the cluster, or open it with another identity."));
}

} // namespace catamaran::fleet
