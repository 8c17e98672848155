// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/planstep.h"

#include "alicloud/calls.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace catamaran::fleet::steps {

namespace {

using alicloud::DescribedCall;

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Plan)
};

const QString placeholder = QStringLiteral("ID-OF-MESH-");

PlannedCall planned(const DescribedCall &call)
{
    QString body;
    for (auto it = call.parameters.begin(); it != call.parameters.end(); ++it)
        body += it.key() + u'=' + it.value() + u'\n';
    return { QStringLiteral("asm"), QString::fromLatin1(call.method) + u' ' + call.action, body };
}

/// The command, with ids that are not known yet looked up by name.
QString commandOf(const DescribedCall &call)
{
    static const QRegularExpression form(placeholder + QStringLiteral("([a-z0-9-]+)"));
    QString line = alicloud::describeAsCommand(call);
    line.replace(form,
        QStringLiteral("\"$(aliyun servicemesh DescribeServiceMeshes | jq -r '.ServiceMeshes[].ServiceMeshInfo | select(.Name == \"\\1\") "
                       "| .ServiceMeshId')\""));
    return line;
}

PlanStep step(
    const QString &id, const QString &title, const QString &why, const QList<DescribedCall> &calls, Action action, int usualSeconds)
{
    PlanStep step;
    step.id = id;
    step.title = title;
    step.why = why;
    QStringList commands;
    for (const DescribedCall &call : calls) {
        step.calls.append(planned(call));
        commands << commandOf(call);
    }
    step.command = commands.join(u'\n');
    step.action = std::move(action);
    step.usualSeconds = usualSeconds;
    return step;
}

QString rootEntry(const QString &rootName)
{
    return QStringLiteral("catamaran/root/") + rootName;
}

} // namespace

QString World::meshId(const QString &mesh) const
{
    const ObservedMesh *found = observed.mesh(mesh);
    return found && !found->status.id.isEmpty() ? found->status.id : placeholder + mesh;
}

QString World::clusterId(const QString &cluster) const
{
    const ObservedCluster *found = observed.cluster(cluster);
    return found && !found->cloudId.isEmpty() ? found->cloudId : cluster;
}

PlanCluster World::cluster(const QString &name) const
{
    const ObservedCluster *found = observed.cluster(name);
    return { name, found ? found->byHand : kube::ByHand() };
}

PlanStep makeRoot(const World &world)
{
    const QString entry = rootEntry(world.desired.rootName);
    PlanStep step;
    step.id = QStringLiteral("trust-root");
    step.title = Say::tr("Make the offline root %1, or take it from the keyring").arg(world.desired.rootName);
    step.why = Say::tr(
        "Step 1: all meshes share one trust root. Its key stays in the keyring; each mesh gets an issuing authority of its own under it.");
    step.calls = { { QStringLiteral("keyring"), QStringLiteral("READ ") + entry, {} },
        { QStringLiteral("keyring"), QStringLiteral("WRITE ") + entry,
            Say::tr("key=%1 (only when it is not there yet)").arg(alicloud::calls::hiddenSecret) } };
    QStringList lines { QStringLiteral(
        "openssl req -x509 -newkey rsa:4096 -noenc -sha256 -days 3650 -subj '/O=Catamaran/CN=%1' "
        "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign -keyout root-key.pem -out root-cert.pem")
                            .arg(world.desired.rootName) };
    step.command = lines.join(u'\n');
    step.action = MakeRoot { world.desired.rootName };
    step.usualSeconds = 2;
    return step;
}

PlanStep createMesh(const World &world, const FleetMesh &mesh, const QString &managedCluster)
{
    const bool shared = world.desired.root == RootKind::Shared;
    alicloud::CreateMeshRequest request;
    request.name = mesh.name;
    request.istioVersion = mesh.version;
    if (const ObservedCluster *cluster = world.observed.cluster(managedCluster)) {
        request.regionId = cluster->region;
        request.vpcId = cluster->vpcId;
        request.vSwitches = cluster->vSwitches;
    }
    if (shared) {
        request.caCert = "made when it runs";
        request.caKey = core::Secret("made when it runs");
        request.rootCert = request.certChain = request.caCert;
    }
    DescribedCall call = alicloud::calls::createMesh(request);
    if (shared) { // the certificates do not exist yet
        call.parameters[QStringLiteral("ExistingCaCert")] = Say::tr("(issuing certificate of %1, made from the root)").arg(mesh.name);
        call.parameters[QStringLiteral("CertChain")] = Say::tr("(issuing certificate of %1 and the root)").arg(mesh.name);
        call.parameters[QStringLiteral("ExistingRootCaCert")] = Say::tr("(the root %1)").arg(world.desired.rootName);
    }
    PlanStep made = step(QStringLiteral("create-") + mesh.name, Say::tr("Create %1 where %2 is").arg(mesh.name, managedCluster),
        shared ? Say::tr("Step 1: %1 is missing. Region, VPC and vSwitch follow from %2; it issues under the shared root.")
                     .arg(mesh.name, managedCluster)
               : Say::tr("Step 1: %1 is missing. Region, VPC and vSwitch follow from %2; it makes a root of its own, as the fleet asks.")
                     .arg(mesh.name, managedCluster),
        { call }, CreateMesh { mesh.name, mesh.version, managedCluster, shared }, 150);
    if (shared) {
        made.dependsOn << QStringLiteral("trust-root");
        made.command.prepend(QStringLiteral(
            "openssl req -newkey rsa:2048 -noenc -subj '/O=Catamaran/CN=%1' -keyout ca-key.pem -out ca.csr\n"
            "printf "
            "'basicConstraints=critical,CA:TRUE,pathlen:0\\nkeyUsage=critical,keyCertSign,cRLSign\\nsubjectAltName=DNS:istiod.istio-system."
            "svc\\n' > ca.ext\n"
            "openssl x509 -req -in ca.csr -CA root-cert.pem -CAkey root-key.pem -days 3650 -extfile ca.ext -out ca-cert.pem\n"
            "cat ca-cert.pem root-cert.pem > cert-chain.pem\n")
                                 .arg(mesh.name));
    }
    made.undo = commandOf(alicloud::calls::deleteMesh(placeholder + mesh.name));
    return made;
}

PlanStep waitForMesh(const QString &mesh, const QString &stateWord)
{
    return step(QStringLiteral("wait-") + mesh, Say::tr("Wait until %1 runs").arg(mesh),
        stateWord.isEmpty() ? Say::tr("Step 1: a new mesh takes two to three minutes.") : Say::tr("%1 is %2 now.").arg(mesh, stateWord),
        { { QStringLiteral("DescribeServiceMeshes"), "GET", {} } }, WaitForMesh { mesh }, 150);
}

PlanStep compareRoots(const World &world)
{
    QStringList names;
    for (const FleetMesh &mesh : world.desired.meshes)
        names << mesh.name;
    QList<DescribedCall> calls;
    for (const QString &name : names)
        calls.append({ QStringLiteral("GetCaCert"), "POST", { { QStringLiteral("ServiceMeshId"), world.meshId(name) } } });
    PlanStep made = step(QStringLiteral("compare-roots"), Say::tr("Prove that all meshes have the same root"),
        Say::tr("Step 1: equality of the roots is fetched from the meshes and compared, not assumed."), calls, CompareRoots { names }, 2);
    for (const QString &name : names)
        made.dependsOn << QStringLiteral("wait-") + name;
    return made;
}

PlanStep addMember(const World &world, const FleetMembership &membership)
{
    const bool manages = membership.mode == mesh::Mode::Managed;
    const DescribedCall call = alicloud::calls::addCluster(world.meshId(membership.mesh), world.clusterId(membership.cluster), !manages);
    PlanStep made
        = step((manages ? QStringLiteral("manage-%1-%2") : QStringLiteral("discover-%1-%2")).arg(membership.mesh, membership.cluster),
            manages ? Say::tr("Let %1 manage %2").arg(membership.mesh, membership.cluster)
                    : Say::tr("Let %1 discover %2").arg(membership.mesh, membership.cluster),
            manages ? Say::tr("Step 1: %1 injects and configures the workloads of %2.").arg(membership.mesh, membership.cluster)
                    : Say::tr("Step 2: %1 reads the services and endpoints of %2 and changes nothing there.")
                          .arg(membership.mesh, membership.cluster),
            { call }, AddMember { membership.mesh, membership.cluster, membership.mode }, manages ? 60 : 10);
    made.undo = commandOf(alicloud::calls::removeCluster(world.meshId(membership.mesh), world.clusterId(membership.cluster)));
    return made;
}

PlanStep removeMember(const World &world, const QString &mesh, const QString &cluster, const QString &why)
{
    const ObservedMesh *found = world.observed.mesh(mesh);
    bool discovers = false;
    if (found)
        for (const mesh::MemberCluster &member : found->status.members)
            discovers = discovers || (member.clusterId == world.clusterId(cluster) && member.mode == mesh::Mode::DiscoveryOnly);
    PlanStep made = step(QStringLiteral("remove-%1-%2").arg(mesh, cluster), Say::tr("Remove %1 from %2").arg(cluster, mesh), why,
        { alicloud::calls::removeCluster(world.meshId(mesh), world.clusterId(cluster)) }, RemoveMember { mesh, cluster }, 10);
    made.undo = commandOf(alicloud::calls::addCluster(world.meshId(mesh), world.clusterId(cluster), discovers));
    return made;
}

PlanStep setNetworks(const World &world, const QString &mesh, const QMap<QString, mesh::NetworkSetting> &byCluster, bool off)
{
    alicloud::ClusterNetworks networks;
    QStringList told;
    for (auto it = byCluster.begin(); it != byCluster.end(); ++it) {
        networks.insert(world.clusterId(it.key()), { it->network, it->gateway, {}, {} });
        told << (it->gateway ? Say::tr("%1 on %2 with gateway").arg(it.key(), it->network)
                             : Say::tr("%1 on %2").arg(it.key(), it->network));
    }
    PlanStep made = step((off ? QStringLiteral("gateways-off-") : QStringLiteral("networks-")) + mesh,
        off ? Say::tr("Take away the gateways of %1").arg(mesh) : Say::tr("Set the networks of %1").arg(mesh),
        off ? Say::tr("Gateways have load balancers of their own: they go before the clusters leave.")
            : Say::tr("Step 3: the clusters are on different networks. In %1: %2.").arg(mesh, told.join(QStringLiteral(", "))),
        { alicloud::calls::setNetworks(world.meshId(mesh), networks) }, SetNetworks { mesh, byCluster }, off ? 20 : 60);
    if (const ObservedMesh *found = world.observed.mesh(mesh)) {
        alicloud::ClusterNetworks before;
        for (const mesh::MemberCluster &member : found->status.members)
            if (!member.network.isEmpty())
                before.insert(member.clusterId, { member.network, member.gateway, {}, {} });
        if (!before.isEmpty())
            made.undo = commandOf(alicloud::calls::setNetworks(world.meshId(mesh), before));
    }
    return made;
}

PlanStep setInjection(const World &world, const QString &mesh, const QString &ns, bool enabled)
{
    PlanStep made = step((enabled ? QStringLiteral("inject-%1-%2") : QStringLiteral("inject-off-%1-%2")).arg(mesh, ns),
        enabled ? Say::tr("Inject sidecars into namespace %1 in %2").arg(ns, mesh)
                : Say::tr("Stop injecting sidecars into namespace %1 in %2").arg(ns, mesh),
        enabled ? Say::tr("Step 4: pods made in %1 from now on get a sidecar in the clusters that %2 manages.").arg(ns, mesh)
                : Say::tr("Pods that run keep their sidecar until they are made anew."),
        { alicloud::calls::setInjection(world.meshId(mesh), ns, enabled) }, SetInjection { mesh, ns, enabled }, 5);
    made.undo = commandOf(alicloud::calls::setInjection(world.meshId(mesh), ns, !enabled));
    return made;
}

PlanStep deleteMesh(const World &world, const QString &mesh)
{
    return step(QStringLiteral("delete-") + mesh, Say::tr("Delete %1").arg(mesh),
        Say::tr("The fleet is taken away. What the mesh held of configuration goes with it."),
        { alicloud::calls::deleteMesh(world.meshId(mesh)) }, DeleteMesh { mesh }, 60);
}

} // namespace catamaran::fleet::steps
