// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ops/kinds/deletepod.h"

#include "ops/kinds/typedkind.h"
#include "ops/say.h"

#include <QJsonArray>

namespace catamaran::ops {

using core::ErrorKind;
using core::Result;

namespace {

struct Arguments {
    Target target;
    QString uid;
    bool awaitReplacement = false;
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    for (const char *own : { "apiVersion", "kind" }) {
        if (given.contains(QLatin1StringView(own)))
            return core::fail(badArgument(operation, QString::fromLatin1(own), Say::tr("is not known")));
    }
    if (given.contains(u"uid") && given.value(u"uid").toString().isEmpty())
        return core::fail(badArgument(operation, QStringLiteral("uid"), Say::tr("is not a text")));
    QJsonObject whole = given;
    whole.insert(QStringLiteral("apiVersion"), QStringLiteral("v1"));
    whole.insert(QStringLiteral("kind"), QStringLiteral("Pod"));
    const auto waits = flag(operation, given, QStringLiteral("awaitReplacement"));
    if (!waits)
        return core::fail(waits.error());
    if (*waits && !given.contains(u"uid"))
        return core::fail(badArgument(operation, QStringLiteral("awaitReplacement"), Say::tr("wants a uid")));
    return Target::read(operation, whole, { u"uid", u"awaitReplacement" }).map([&](const Target &target) {
        return Arguments { target, given.value(u"uid").toString(), *waits };
    });
}

/// {"kind","name","uid"} of what makes others in its place; empty: nothing does.
QJsonObject controllerOf(const QJsonObject &pod)
{
    const QJsonArray owners = metadataOf(pod).value(u"ownerReferences").toArray();
    for (const QJsonValue &owner : owners)
        if (owner.toObject().value(u"controller").toBool())
            return { { QStringLiteral("apiVersion"), owner[u"apiVersion"] }, { QStringLiteral("kind"), owner[u"kind"] },
                { QStringLiteral("name"), owner[u"name"] }, { QStringLiteral("uid"), owner[u"uid"] } };
    return {};
}

/// As many ready pods as it is to have; another one of that name, or none, has nothing to be waited for.
kube::Condition isWhole(const QString &uid)
{
    return [uid](const std::optional<QJsonObject> &object) {
        using State = kube::Verdict::State;
        if (!object || uidOf(*object) != uid)
            return kube::Verdict { State::So, Say::tr("its controller is gone: there is nothing to be replaced") };
        const QJsonObject spec = object->value(u"spec").toObject(), status = object->value(u"status").toObject();
        const int wanted = spec.value(u"replicas").toInt(1), ready = status.value(u"readyReplicas").toInt();
        const bool isCurrent = status.value(u"observedGeneration").toInteger() >= metadataOf(*object).value(u"generation").toInteger();
        return kube::Verdict { isCurrent && ready >= wanted ? State::So : State::NotYet,
            Say::tr("%1 of %2 pods ready").arg(ready).arg(wanted) };
    };
}

class KubeDeletePod final : public TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("kube.deletePod"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<Right> needs(const Arguments &arguments, Direction direction) const override;
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

} // namespace

Description KubeDeletePod::words(const Arguments &arguments, const Names &names) const
{
    const Target &target = arguments.target;
    Description said;
    said.title = Say::tr("Delete pod %1 in %2").arg(target.name, target.cluster);
    said.subject = target.subject();
    said.calls = { { target.cluster, QStringLiteral("DELETE ") + target.path(), Say::tr("with the uid that was seen") } };
    said.command = kubectl(names, target.cluster, target.byHand(QStringLiteral("delete")));
    if (!arguments.awaitReplacement)
        said.keeps = Say::tr("A pod does not come back; its controller makes a new one.");
    said.usualSeconds = 30;
    return said;
}

QList<Right> KubeDeletePod::needs(const Arguments &arguments, Direction direction) const
{
    if (direction == Direction::Undo) {
        QList<Right> rights;
        if (arguments.awaitReplacement)
            for (const QString &verb : seeing)
                rights.append({ arguments.target.cluster,
                    { verb, QStringLiteral("apps"), QStringLiteral("replicasets"), {}, arguments.target.ns, {} } });
        return rights;
    }
    return rightsOn(arguments.target, { QStringLiteral("delete") }) + rightsOn(arguments.target, seeing);
}

bool KubeDeletePod::isDone(const Arguments &arguments, const State &now) const
{
    return !now.value.value(u"exists").toBool() || (!arguments.uid.isEmpty() && now.value.value(u"uid").toString() != arguments.uid);
}

Result<State> KubeDeletePod::see(const Arguments &arguments, Scope &scope) const
{
    auto state = seen(arguments.target, scope, [](const QJsonObject &object, State &found) {
        const QJsonObject controller = controllerOf(object);
        found.value.insert(QStringLiteral("controlled"), !controller.isEmpty());
        found.value.insert(QStringLiteral("controller"), controller);
    });
    if (state && !arguments.uid.isEmpty() && state->value.value(u"exists").toBool()
        && state->value.value(u"uid").toString() != arguments.uid) // one that was made since, under the same name
        return State { { { QStringLiteral("exists"), false } }, {} };
    return state;
}

Result<Receipt> KubeDeletePod::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    const Target &target = arguments.target;
    if (!before.value.value(u"controlled").toBool())
        return core::fail(ErrorKind::Precondition, words(arguments, {}).title, target.subject(),
            Say::tr("no controller would replace this pod"), Say::tr("Delete it by hand if it may go for good."));
    kube::Write write;
    write.how = kube::Write::How::Delete;
    write.uid = before.value.value(u"uid").toString();
    return send(target, write, scope).map([](const kube::Written &written) {
        return Receipt { Say::tr("told to end"), written.requestId };
    });
}

Result<Evidence> KubeDeletePod::proof(const Arguments &arguments, Scope &scope) const
{
    const auto condition = arguments.uid.isEmpty() ? kube::conditions::goneOrReplaced() : kube::conditions::gone(arguments.uid);
    return proven(arguments.target, Say::tr("see pod %1 gone").arg(arguments.target.name), condition, scope);
}

Result<Evidence> KubeDeletePod::takeBack(const Arguments &arguments, const State &before, const State &, Scope &scope) const
{
    const Description said = words(arguments, {});
    if (!arguments.awaitReplacement)
        return core::fail(ErrorKind::Unsupported, Say::tr("take back: %1").arg(said.title), said.subject, said.keeps);
    const QJsonObject controller = before.value.value(u"controller").toObject();
    const auto owner = Target::read(name(),
        { { QStringLiteral("cluster"), arguments.target.cluster }, { QStringLiteral("apiVersion"), controller.value(u"apiVersion") },
            { QStringLiteral("kind"), controller.value(u"kind") }, { QStringLiteral("namespace"), arguments.target.ns },
            { QStringLiteral("name"), controller.value(u"name") } });
    if (!owner) // a kind that is not known here: that the pod is gone was proven
        return Evidence {
            Say::tr("deleted; %1 %2 makes another").arg(controller.value(u"kind").toString(), controller.value(u"name").toString()), {},
            scope.clock()
        };
    return proven(
        *owner, Say::tr("see another pod in place of %1").arg(arguments.target.name), isWhole(controller.value(u"uid").toString()), scope);
}

std::unique_ptr<const Kind> makeKubeDeletePod()
{
    return std::make_unique<KubeDeletePod>();
}

} // namespace catamaran::ops
