// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/foreigncheck.h"

#include "fleet/say.h"
#include "mesh/providers.h"
#include "ops/kinds/kubekinds.h"

namespace catamaran::fleet {

namespace {

constexpr qsizetype mostShown = 10;

} // namespace

QList<ForeignInTheWay> foreignInTheWay(const ops::Plan &plan, const session::Session &session, std::stop_token stop)
{
    struct Asked {
        ForeignInTheWay one;
        QFuture<core::Result<QJsonObject>> answer;
    };
    QList<Asked> asked; // all at once: each is a way to the server and back
    for (const ops::Step &step : plan.steps) {
        const QJsonObject &arguments = step.operation.arguments;
        if (arguments.value(u"onlyIfMissing").toBool()
            || ops::foreignOf(step.operation.kind, arguments).value_or(ops::Foreign::Refuse) != ops::Foreign::Refuse)
            continue;
        const auto target = changedObject(step.operation);
        kube::KubeClient *client = target ? session.cluster(target->cluster) : nullptr;
        if (client)
            asked.append({ { target->cluster, { target->kindName, target->ns, target->name }, {} },
                client->get(target->kind, target->ns, target->name, stop) });
    }
    QList<ForeignInTheWay> found;
    for (Asked &one : asked) {
        const auto object = core::await(one.answer, stop);
        if (!object || ops::isGoing(*object) || kube::isAppliedBy(*object, ops::fieldManager))
            continue;
        one.one.managers = ops::managersOf(*object);
        found.append(one.one);
    }
    return found;
}

core::Error foreignError(const QString &tried, const QList<ForeignInTheWay> &found)
{
    QStringList texts, words, places;
    for (const ForeignInTheWay &one : found) {
        const QString where = one.object.ns.isEmpty() ? one.cluster : one.cluster + u'/' + one.object.ns;
        if (texts.size() < mostShown)
            texts.append(Say::tr("%1 %2 in %3 belongs to %4").arg(one.object.kind, one.object.name, where, one.managers));
        const QString word = QStringLiteral("--foreign ") + one.object.text();
        if (!words.contains(word))
            words.append(word);
        if (!places.contains(one.cluster))
            places.append(one.cluster);
    }
    if (found.size() > texts.size())
        texts.append(Say::tr("and %1 more").arg(found.size() - texts.size()));
    core::Error error
        = core::Error::make(core::ErrorKind::Precondition, tried, places.join(QStringLiteral(", ")), texts.join(QStringLiteral("; ")),
            Say::tr("Somebody else's object is not changed unless that is asked for. If it may be taken over: %1").arg(words.join(u' ')));
    error.code = QStringLiteral("Foreign");
    return error;
}

} // namespace catamaran::fleet
