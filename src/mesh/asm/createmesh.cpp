// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/createmesh.h"

#include "mesh/asm/asmcalls.h"
#include "mesh/asm/asmprovider.h"
#include "mesh/trustroot.h"

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
    alicloud::CreateMeshRequest request; ///< without certificates
    QString cluster;
    std::optional<RootWish> root;
    QString rootStep;
};

Result<Arguments> parsed(const QString &operation, const QJsonObject &given)
{
    ArgumentReader reader(operation, given);
    Arguments arguments;
    arguments.request.name = reader.label(QStringLiteral("mesh"));
    arguments.request.istioVersion = reader.maybeText(QStringLiteral("version"));
    arguments.cluster = reader.text(QStringLiteral("cluster"));
    arguments.request.regionId = reader.text(QStringLiteral("region"));
    arguments.request.vpcId = reader.text(QStringLiteral("vpc"));
    arguments.request.vSwitches = reader.texts(QStringLiteral("vSwitches"));
    if (reader.has(QStringLiteral("root"))) {
        ArgumentReader root(operation + QStringLiteral(" root"), reader.object(QStringLiteral("root")));
        arguments.root = RootWish { root.text(QStringLiteral("name")), root.maybeFlag(QStringLiteral("shared")) };
        arguments.rootStep = root.text(QStringLiteral("step"));
        if (const auto error = reader.error())
            return core::fail(*error);
        if (const auto error = root.error())
            return core::fail(*error);
    }
    if (const auto error = reader.error())
        return core::fail(*error);
    return arguments;
}

/// State's "foreign": since we began, somebody else made a mesh of the name. Of ours there is none then.
const QString foreignWord = QStringLiteral("foreign");
bool isForeign(const State &state)
{
    return state.value.contains(foreignWord);
}
bool isOursThere(const State &state)
{
    return exists(state) && !isForeign(state);
}

/// Whether @p mesh is what this step made: by its tag, or by the id that the cloud answered.
bool isOurs(const alicloud::MeshInfo &mesh, const Scope &scope)
{
    return mesh.tags.value(ownerTag) == scope.author() || mesh.id == scope.made.value(u"id").toString();
}

QString titleOf(const Arguments &arguments)
{
    return Say::tr("Create %1 where %2 is").arg(arguments.request.name, arguments.cluster);
}

class CreateMesh final : public ops::TypedKind<Arguments> {
public:
    [[nodiscard]] QString name() const override { return QStringLiteral("asm.createMesh"); }
    /// No client token: a creation without an answer may show late.
    [[nodiscard]] std::chrono::milliseconds settlesWithin() const override { return std::chrono::seconds(30); }

protected:
    [[nodiscard]] Result<Arguments> read(const QJsonObject &given) const override { return parsed(name(), given); }
    [[nodiscard]] Description words(const Arguments &arguments, const Names &names) const override;
    [[nodiscard]] QList<ops::Right> needs(const Arguments &, Direction) const override { return {}; }
    [[nodiscard]] bool isDone(const Arguments &arguments, const State &now) const override;
    [[nodiscard]] bool isSame(const State &a, const State &b) const override;
    [[nodiscard]] Result<State> see(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Receipt> change(const Arguments &arguments, const State &before, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> proof(const Arguments &arguments, Scope &scope) const override;
    [[nodiscard]] Result<Evidence> takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const override;
};

core::Error madeByAnother(const QString &tried, const QString &mesh, const QString &owner)
{
    return core::Error::make(ErrorKind::Conflict, tried, mesh,
        Say::tr("meanwhile there is another mesh of this name: %1").arg(whoMade(owner)),
        Say::tr("Plan again: the world has changed since."));
}

/// Waits as long as the mesh @p id is being made.
Result<core::Done> untilMade(const QString &mesh, const QString &id, AsmCalls &calls)
{
    return poll(calls.scope(), { calls.tried(), mesh, Say::tr("the mesh is still being made") }, [&] {
        return calls.find(mesh).map([&](const std::optional<alicloud::MeshInfo> &found) {
            return !found || found->id != id || stateOf(found->state) != MeshState::Creating;
        });
    });
}

} // namespace

Description CreateMesh::words(const Arguments &arguments, const Names &) const
{
    const QString &mesh = arguments.request.name;
    alicloud::CreateMeshRequest request = arguments.request;
    if (arguments.root) {
        request.caCert = "made when it runs";
        request.caKey = core::Secret("made when it runs");
        request.rootCert = request.certChain = request.caCert;
    }
    request.tags.insert(ownerTag, QStringLiteral("by-hand"));
    alicloud::DescribedCall call = alicloud::calls::createMesh(request);
    if (arguments.root) { // the certificates do not exist yet
        call.parameters[QStringLiteral("ExistingCaCert")] = Say::tr("(issuing certificate of %1, made from the root)").arg(mesh);
        call.parameters[QStringLiteral("CertChain")] = Say::tr("(issuing certificate of %1 and the root)").arg(mesh);
        call.parameters[QStringLiteral("ExistingRootCaCert")] = Say::tr("(the root %1)").arg(arguments.root->name);
    }
    Description said = described(titleOf(arguments), mesh, call, 150);
    call.query[QStringLiteral("Tag.1.Value")] = Say::tr("(the execution that makes it)");
    said.calls = { callOf(call) };
    if (arguments.root) {
        said.command.prepend(issuingCommand(mesh));
    }
    said.undo = commandOf(alicloud::calls::deleteMesh(meshIdFor({}, mesh)));
    return said;
}

bool CreateMesh::isDone(const Arguments &, const State &now) const
{
    return isOursThere(now) && !isGoing(now);
}

bool CreateMesh::isSame(const State &a, const State &b) const
{
    return isOursThere(a) == isOursThere(b) && (!isOursThere(a) || isSamePresence(a, b));
}

Result<State> CreateMesh::see(const Arguments &arguments, Scope &scope) const
{
    return AsmCalls(scope, titleOf(arguments)).find(arguments.request.name).map([&](const std::optional<alicloud::MeshInfo> &found) {
        State state = presence(found);
        if (found && scope.begun && !isOurs(*found, scope))
            state.value.insert(foreignWord, true);
        return state;
    });
}

Result<Receipt> CreateMesh::change(const Arguments &arguments, const State &before, Scope &scope) const
{
    const QString &mesh = arguments.request.name;
    if (isForeign(before) && !isGoing(before))
        return core::fail(madeByAnother(titleOf(arguments), mesh, ownerIn(before)));
    if (exists(before))
        return core::fail(ErrorKind::Precondition, titleOf(arguments), mesh, Say::tr("a mesh of this name is being deleted"),
            Say::tr("Try again when it is gone."));
    alicloud::CreateMeshRequest request = arguments.request;
    request.tags.insert(ownerTag, scope.author());
    if (arguments.root) {
        const auto ca
            = rootLeftBy(arguments.rootStep, *arguments.root, titleOf(arguments), mesh, scope).and_then([&](const pki::Identity &root) {
                  return issueFor(mesh, root);
              });
        if (!ca)
            return core::fail(ca.error());
        request.caCert = ca->certificate;
        request.caKey = ca->key;
        request.rootCert = ca->root;
        request.certChain = ca->certificate + ca->chain; // from the CA certificate to the root (facts asm-openapi 3.1)
    }
    const auto created = AsmCalls(scope, titleOf(arguments)).call(mesh, {}, [&](alicloud::AsmClient &client, std::stop_token stop) {
        return client.createMesh(request, std::move(stop));
    });
    if (!created)
        return core::fail(created.error());
    return Receipt { Say::tr("%1 has the id %2").arg(mesh, created->id), created->requestId, { { QStringLiteral("id"), created->id } } };
}

Result<Evidence> CreateMesh::proof(const Arguments &arguments, Scope &scope) const
{
    const QString &mesh = arguments.request.name;
    AsmCalls calls(scope, titleOf(arguments));
    std::optional<alicloud::MeshInfo> seen;
    const auto waited = poll(scope, { calls.tried(), mesh, Say::tr("the account does not show the mesh") }, [&]() -> Result<bool> {
        const auto found = calls.find(mesh);
        if (!found)
            return core::fail(found.error());
        seen = *found;
        if (seen && scope.begun && !isOurs(*seen, scope))
            return core::fail(madeByAnother(titleOf(arguments), mesh, seen->tags.value(ownerTag)));
        return seen.has_value();
    });
    if (!waited)
        return core::fail(waited.error());
    return calls.evidence(Say::tr("%1 has the id %2 and is %3").arg(mesh, seen->id, seen->state), QStringLiteral("DescribeServiceMeshes"));
}

Result<Evidence> CreateMesh::takeBack(const Arguments &arguments, const State &before, const State &now, Scope &scope) const
{
    const QString &mesh = arguments.request.name;
    const QString id = idIn(now);
    AsmCalls calls(scope, Say::tr("delete %1, which was made").arg(mesh));
    if (exists(before))
        return core::fail(ErrorKind::Precondition, calls.tried(), mesh, Say::tr("it was there before"));
    if (ownerIn(now) != scope.author())
        return core::fail(ErrorKind::Precondition, calls.tried(), mesh, whoMade(ownerIn(now)), Say::tr("Delete it by hand, if it may go."));
    // One that is still being made is waited for, for it takes no deletion before; one that is being deleted has nothing to tell.
    if (!isGoing(now)) {
        if (const auto made = untilMade(mesh, id, calls); !made)
            return core::fail(notSent(made.error()));
        const auto members = calls.read(
            mesh, [&](alicloud::AsmClient &client, std::stop_token stop) { return client.clustersInMesh(id, std::move(stop)); });
        if (!members)
            return core::fail(notSent(members.error()));
        QStringList named;
        for (const alicloud::MeshCluster &cluster : *members)
            named << (cluster.name.isEmpty() ? cluster.id : cluster.name);
        if (!named.isEmpty())
            return core::fail(ErrorKind::Precondition, calls.tried(), mesh,
                Say::tr("it has clusters: %1").arg(named.join(QStringLiteral(", "))),
                Say::tr("Remove them from %1 first, if they may go.").arg(mesh));
    }
    const auto removed = calls.remove(mesh, id);
    if (!removed)
        return core::fail(removed.error());
    const auto gone = calls.untilGone(mesh, [&](const alicloud::MeshInfo &one) { return one.id == id; });
    if (!gone)
        return core::fail(gone.error());
    return calls.evidence(Say::tr("%1 (%2) is gone").arg(mesh, id), QStringLiteral("DescribeServiceMeshes"));
}

std::unique_ptr<const ops::Kind> makeAsmCreateMesh()
{
    return std::make_unique<CreateMesh>();
}

} // namespace catamaran::mesh
