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
    return Target::read(operation, whole, { u"uid" }).map([&](const Target &target) {
        return Arguments { target, given.value(u"uid").toString() };
    });
}

bool hasController(const QJsonObject &pod)
{
    const QJsonArray owners = metadataOf(pod).value(u"ownerReferences").toArray();
    return std::any_of(
        owners.begin(), owners.end(), [](const QJsonValue &owner) { return owner.toObject().value(u"controller").toBool(); });
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
    said.keeps = Say::tr("A pod does not come back; its controller makes a new one.");
    said.usualSeconds = 30;
    return said;
}

QList<Right> KubeDeletePod::needs(const Arguments &arguments, Direction direction) const
{
    if (direction == Direction::Undo)
        return {};
    return rightsOn(arguments.target, { QStringLiteral("delete") }) + rightsOn(arguments.target, seeing);
}

bool KubeDeletePod::isDone(const Arguments &arguments, const State &now) const
{
    return !now.value.value(u"exists").toBool() || (!arguments.uid.isEmpty() && now.value.value(u"uid").toString() != arguments.uid);
}

Result<State> KubeDeletePod::see(const Arguments &arguments, Scope &scope) const
{
    return seen(arguments.target, scope,
        [](const QJsonObject &object, State &state) { state.value.insert(QStringLiteral("controlled"), hasController(object)); });
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

Result<Evidence> KubeDeletePod::takeBack(const Arguments &arguments, const State &, const State &, Scope &) const
{
    const Description said = words(arguments, {});
    return core::fail(ErrorKind::Unsupported, Say::tr("take back: %1").arg(said.title), said.subject, said.keeps);
}

std::unique_ptr<const Kind> makeKubeDeletePod()
{
    return std::make_unique<KubeDeletePod>();
}

} // namespace catamaran::ops
