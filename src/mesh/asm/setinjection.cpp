// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/setinjection.h"

#include "mesh/asm/asmcalls.h"

#include <algorithm>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;
using ops::Description;
using ops::Direction;
using ops::Evidence;
using ops::Names;
using ops::Receipt;
using ops::Scope;
using ops::State;

namespace {

struct Arguments {
    QString mesh, ns;
    bool enabled = false;
    QStringList clusters;
};

const QString enabledWord = QStringLiteral("enabled");

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    Arguments arguments;
    arguments.mesh = reader.label(QStringLiteral("mesh"));
    arguments.ns = reader.label(QStringLiteral("namespace"));
    arguments.enabled = reader.flag(QStringLiteral("enabled"));
    arguments.clusters = reader.texts(QStringLiteral("clusters"));
    if (const auto error = reader.error())
        return core::fail(*error);
    return arguments;
}

QString titleOf(const Arguments &arguments)
{
    return (
        arguments.enabled ? Say::tr("Inject sidecars into namespace %1 in %2") : Say::tr("Stop injecting sidecars into namespace %1 in %2"))
        .arg(arguments.ns, arguments.mesh);
}

QJsonObject clustersIn(const State &state)
{
    return state.value.value(u"clusters").toObject();
}

bool injects(const QJsonObject &clusters, const QString &cluster)
{
    return clusters.value(cluster).toString() == enabledWord;
}

/// Whether it is the same everywhere, and so can be set by one call; nullopt: it is not.
std::optional<bool> settingIn(const State &state)
{
    const QJsonObject clusters = clustersIn(state);
    const qsizetype on
        = std::count_if(clusters.begin(), clusters.end(), [](const QJsonValue &value) { return value.toString() == enabledWord; });
    return on == 0 ? std::optional(false) : on == clusters.size() ? std::optional(true) : std::nullopt;
}

class SetInjection final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("asm.setInjection"); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &arguments, Direction direction) const override;
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] QString goneWith(const Arguments &arguments, const State &before, const State &now) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;

private:
    [[nodiscard]] Result<Receipt> send(const Arguments &arguments, bool enabled, const State &seen, AsmCalls &calls) const;
    [[nodiscard]] Result<Evidence> shows(const Arguments &arguments, bool enabled, AsmCalls &calls) const;
};

} // namespace

Description SetInjection::words(const Arguments &arguments, const Names &names) const
{
    const auto call = [&](bool enabled) { return alicloud::calls::setInjection(meshIdFor(names, arguments.mesh), arguments.ns, enabled); };
    Description said = described(titleOf(arguments), arguments.mesh, call(arguments.enabled), 5);
    said.undo = commandOf(call(!arguments.enabled));
    return said;
}

QList<ops::Right> SetInjection::needs(const Arguments &arguments, Direction) const
{
    QList<ops::Right> rights;
    for (const QString &cluster : arguments.clusters)
        rights.append({ cluster, { QStringLiteral("get"), {}, kube::kinds::namespaces.plural, {}, {}, arguments.ns } });
    return rights;
}

bool SetInjection::isDone(const Arguments &arguments, const State &now) const
{
    return exists(now) && settingIn(now) == arguments.enabled;
}

/// Unset, disabled and absent are one thing to the mesh, which knows on and off.
bool SetInjection::isSame(const State &a, const State &b) const
{
    const QJsonObject one = clustersIn(a), other = clustersIn(b);
    const auto agree = [&](const QString &cluster) { return injects(one, cluster) == injects(other, cluster); };
    return isSamePresence(a, b) && one.keys() == other.keys() && std::ranges::all_of(one.keys(), agree);
}

QString SetInjection::goneWith(const Arguments &arguments, const State &before, const State &now) const
{
    // The labels lie in the clusters: one that is on although it was not is still there.
    const QJsonObject clusters = clustersIn(now);
    const auto remains = [&](const QString &cluster) { return injects(clusters, cluster) && !injects(clustersIn(before), cluster); };
    return std::ranges::any_of(clusters.keys(), remains) ? QString() : goneWithMesh(arguments.mesh, before, now);
}

Result<State> SetInjection::see(const Arguments &arguments, Scope &scope) const
{
    const auto found = AsmCalls(scope, titleOf(arguments)).find(arguments.mesh);
    if (!found)
        return core::fail(found.error());
    State state = presence(*found);
    QJsonObject clusters;
    for (const QString &cluster : arguments.clusters) {
        const auto target = ops::Target::read(name(),
            { { QStringLiteral("cluster"), cluster }, { QStringLiteral("apiVersion"), QStringLiteral("v1") },
                { QStringLiteral("kind"), QStringLiteral("Namespace") }, { QStringLiteral("name"), arguments.ns } });
        if (!target)
            return core::fail(target.error());
        const auto space = ops::readObject(*target, scope);
        if (!space)
            return core::fail(space.error());
        const QString label
            = *space ? ops::metadataOf(**space).value(u"labels").toObject().value(u"istio-injection").toString() : QString();
        clusters.insert(cluster,
            !*space                    ? QStringLiteral("absent")
                : label.isEmpty()      ? QStringLiteral("unset")
                : label == enabledWord ? enabledWord
                                       : QStringLiteral("disabled"));
    }
    state.value.insert(QStringLiteral("clusters"), clusters);
    return state;
}

Result<Receipt> SetInjection::send(const Arguments &arguments, bool enabled, const State &seen, AsmCalls &calls) const
{
    const auto ready = calls.readyForChange(arguments.mesh, idIn(seen));
    if (!ready)
        return core::fail(ready.error());
    return calls.change(arguments.mesh + u'/' + arguments.ns, Say::tr("accepted"), [&](alicloud::AsmClient &client, std::stop_token stop) {
        return client.setInjection(ready->id, arguments.ns, enabled, std::move(stop));
    });
}

Result<Evidence> SetInjection::shows(const Arguments &arguments, bool enabled, AsmCalls &calls) const
{
    const auto settled = calls.untilSettled(arguments.mesh, Say::tr("the namespace still does not show it"), [&] {
        return see(arguments, calls.scope()).map([&](const State &now) {
            for (const QString &cluster : arguments.clusters)
                note(calls.scope(),
                    (injects(clustersIn(now), cluster) ? Say::tr("%1 injects into %2") : Say::tr("%1 does not inject into %2"))
                        .arg(cluster, arguments.ns));
            return settingIn(now) == enabled;
        });
    });
    if (!settled)
        return core::fail(settled.error());
    return calls.evidence((enabled ? Say::tr("%1 injects into %2") : Say::tr("%1 does not inject into %2"))
                              .arg(arguments.clusters.join(QStringLiteral(", ")), arguments.ns),
        QStringLiteral("GET /api/v1/namespaces/") + arguments.ns);
}

Result<Receipt> SetInjection::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    if (!exists(before))
        return calls.absent(arguments.mesh);
    return send(arguments, arguments.enabled, before, calls);
}

Result<Evidence> SetInjection::proof(const Arguments &arguments, Scope &scope) const
{
    AsmCalls calls(scope, titleOf(arguments));
    return shows(arguments, arguments.enabled, calls);
}

Result<Evidence> SetInjection::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    AsmCalls calls(scope, Say::tr("give the injection of %1 in %2 its former setting").arg(arguments.ns, arguments.mesh));
    const auto former = settingIn(before);
    if (!former)
        return core::fail(ErrorKind::Precondition, calls.tried(), arguments.mesh,
            Say::tr("it was not the same in all clusters, and the mesh sets one for all: %1")
                .arg(ops::compact(clustersIn(before)).left(500)));
    const auto sent = send(arguments, *former, now, calls);
    if (!sent)
        return core::fail(sent.error());
    return shows(arguments, *former, calls);
}

std::unique_ptr<const ops::Kind> makeAsmSetInjection()
{
    return std::make_unique<SetInjection>();
}

} // namespace catamaran::mesh
