// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/preflight.h"

#include "fleet/plancheck.h"
#include "fleet/say.h"
#include "mesh/providers.h"

#include <QHostAddress>

#include <algorithm>

namespace catamaran::fleet {

namespace {

const observe::Condition *conditionOf(const QList<observe::Condition> &conditions, const QString &type)
{
    const auto found = std::find_if(conditions.begin(), conditions.end(), [&](const observe::Condition &one) { return one.type == type; });
    return found == conditions.end() ? nullptr : &*found;
}

bool overlap(const QString &a, const QString &b)
{
    const auto left = QHostAddress::parseSubnet(a), right = QHostAddress::parseSubnet(b);
    if (left.second < 0 || right.second < 0)
        return false;
    return left.first.isInSubnet(right) || right.first.isInSubnet(left);
}

QString withEvidence(const observe::Condition &condition)
{
    return condition.evidence.isEmpty() ? condition.reason : condition.reason + QStringLiteral(" — ") + condition.evidence;
}

QString remedyFor(const QString &type, observe::Health health);

class Preflight {
public:
    Preflight(const documents::FleetDocument &desired, const observe::ObservedFleet &observed)
        : m_desired(desired)
        , m_observed(observed)
    {
    }

    QList<Finding> run()
    {
        for (const documents::FleetCluster &cluster : m_desired.clusters)
            judgeCluster(cluster);
        judgeAccount();
        judgeAddresses();
        for (const documents::FleetMesh &mesh : m_desired.meshes)
            judgeMesh(mesh);
        if (const auto error = whyRootsDoNotFit(m_desired, m_observed))
            m_findings.append({ QStringLiteral("roots"), Say::tr("The roots of the meshes fit the fleet"), error->target,
                observe::Health::Failed, error->answer, rootCall(), error->remedy });
        return m_findings;
    }

private:
    void judgeCluster(const documents::FleetCluster &wanted)
    {
        const QString title = Say::tr("The API server answers");
        const observe::ObservedCluster *cluster = m_observed.cluster(wanted.name);
        if (!cluster) {
            // Before the first look nobody knows which clusters there are: that is no fault of this one.
            if (!m_observed.at.isValid() && m_observed.clusters.isEmpty())
                m_findings.append({ QStringLiteral("api-server-reachable"), title, wanted.name, observe::Health::Unknown,
                    Say::tr("not answered yet"), {}, {} });
            else
                m_findings.append({ QStringLiteral("cluster-known"), Say::tr("The environment knows the cluster"), wanted.name,
                    observe::Health::Failed, Say::tr("the environment %1 has no cluster of this name").arg(m_observed.environment), {},
                    Say::tr("Add it to the environment file.") });
            return;
        }
        judgeReach(*cluster, title);
        judgeAccess(*cluster);
        if (cluster->vpcId.isEmpty())
            return; // no cloud account, or not one of its clusters
        m_findings.append({ QStringLiteral("api-server-public"), Say::tr("The API server has a public address"), wanted.name,
            cluster->publicApiServer.isEmpty() ? observe::Health::Failed : observe::Health::Ok, cluster->publicApiServer,
            mesh::wordsOf(cluster->provider).clustersCall,
            cluster->publicApiServer.isEmpty() ? mesh::wordsOf(cluster->provider).publicApiServerRemedy : QString() });
    }

    /// A cluster that was asked and is still silent is neither good nor bad, and there is nothing to mend yet.
    void judgeReach(const observe::ObservedCluster &cluster, const QString &title)
    {
        const observe::Condition *reachable = conditionOf(cluster.conditions, QStringLiteral("Reachable"));
        const QString source = reachable ? reachable->source : QString();
        observe::Health health = observe::Health::Failed;
        if (cluster.reachable)
            health = observe::Health::Ok;
        else if (reachable && (reachable->health == observe::Health::Stale || reachable->health == observe::Health::Unknown))
            health = reachable->health;
        if (health == observe::Health::Unknown) {
            m_findings.append(
                { QStringLiteral("api-server-reachable"), title, cluster.name, health, Say::tr("not answered yet"), source, {} });
            return;
        }
        m_findings.append(
            { QStringLiteral("api-server-reachable"), title, cluster.name, health, reachable ? reachable->evidence : QString(), source,
                cluster.reachable ? QString() : Say::tr("Check the kubeconfig and the network to %1.").arg(cluster.apiServer) });
    }

    /// An identity with rights in some namespaces is enough, when the fleet's are among them.
    void judgeAccess(const observe::ObservedCluster &cluster)
    {
        const observe::Condition *access = conditionOf(cluster.conditions, QStringLiteral("Access"));
        if (!access || !cluster.reachable)
            return;
        const bool isEnough = std::none_of(m_desired.workloads.begin(), m_desired.workloads.end(),
            [&](const documents::FleetWorkload &workload) { return workload.cluster == cluster.name && whyUnheard(workload, cluster); });
        m_findings.append({ QStringLiteral("access"), Say::tr("The identity may read the fleet's namespaces"), cluster.name,
            isEnough ? observe::Health::Warning : observe::Health::Failed, withEvidence(*access), access->source,
            isEnough ? Say::tr("What is outside the fleet's namespaces is not shown. Who may list the whole cluster sees it.")
                     : Say::tr("Ask whoever administers %1 for the missing rights.").arg(cluster.name) });
    }

    /// Of each provider of the fleet, once.
    [[nodiscard]] QString rootCall() const
    {
        QStringList calls;
        for (const documents::FleetMesh &mesh : m_desired.meshes)
            calls << mesh::wordsOf(mesh.provider).rootCall;
        calls.removeDuplicates();
        return calls.join(QStringLiteral(", "));
    }

    /// Needed by whoever wants meshes.
    void judgeAccount()
    {
        if (m_desired.meshes.isEmpty() || !m_observed.at.isValid())
            return;
        const QString title = Say::tr("The account tells its meshes and clusters");
        if (m_observed.account.isEmpty() && m_observed.meshesError)
            m_findings.append({ QStringLiteral("account"), title, m_observed.environment, observe::Health::Failed,
                m_observed.meshesError->answer, {}, m_observed.meshesError->remedy });
        for (const observe::Condition &condition : m_observed.account)
            m_findings.append({ QStringLiteral("account"),
                condition.type == u"Meshes" ? Say::tr("The clusters tell which control planes run in them") : title, m_observed.environment,
                condition.health, withEvidence(condition), condition.source, remedyFor(condition.type, condition.health) });
    }

    /// Pods of clusters on one network talk directly, so their addresses must differ; gateways lift that.
    void judgeAddresses()
    {
        for (qsizetype i = 0; i < m_desired.clusters.size(); ++i) {
            for (qsizetype j = i + 1; j < m_desired.clusters.size(); ++j) {
                const documents::FleetCluster &a = m_desired.clusters.at(i), &b = m_desired.clusters.at(j);
                const observe::ObservedCluster *left = m_observed.cluster(a.name), *right = m_observed.cluster(b.name);
                if (!left || !right || left->podCidr.isEmpty() || right->podCidr.isEmpty())
                    continue;
                const bool overlaps = overlap(left->podCidr, right->podCidr);
                const bool direct = a.network == b.network;
                m_findings.append(
                    { QStringLiteral("pod-addresses"), Say::tr("Pod addresses do not overlap"), Say::tr("%1 and %2").arg(a.name, b.name),
                        !overlaps    ? observe::Health::Ok
                            : direct ? observe::Health::Failed
                                     : observe::Health::Warning,
                        Say::tr("%1 and %2").arg(left->podCidr, right->podCidr), mesh::wordsOf(left->provider).clustersCall,
                        !overlaps    ? QString()
                            : direct ? Say::tr("Put the clusters on different networks with gateways.")
                                     : Say::tr("The gateways make it work; routing between the clusters would not.") });
            }
        }
    }

    void judgeMesh(const documents::FleetMesh &wanted)
    {
        const mesh::ProviderKind *provider = mesh::providerKind(wanted.provider);
        if (!provider) {
            if (const auto error = mesh::whyNoProvider({}, wanted.name, wanted.provider))
                m_findings.append({ QStringLiteral("mesh-provider"), Say::tr("The mesh's provider is here"), wanted.name,
                    observe::Health::Failed, error->answer, {}, error->remedy });
            return;
        }
        const mesh::ProviderWords words = provider->words();
        const observe::ObservedMesh *mesh = m_observed.mesh(wanted.name);
        if (!mesh && m_observed.meshesError) { // not "there is none": the account's finding says why
            m_findings.append({ QStringLiteral("mesh-running"), Say::tr("The mesh runs"), wanted.name, observe::Health::Unknown,
                Say::tr("nobody knows: the meshes could not be listed"), words.meshesCall, {} });
            return;
        }
        const QString version = mesh ? mesh->status.version : wanted.version;
        if (!version.isEmpty()) {
            const auto problem = provider->versionProblem(version);
            const bool offered = mesh || m_observed.meshVersions.isEmpty() || m_observed.meshVersions.contains(version);
            const bool good = !problem && offered;
            const bool isKnown = mesh || !m_observed.versionsError;
            m_findings.append({ QStringLiteral("mesh-version"), Say::tr("The version can share roots and discover only"), wanted.name,
                !good         ? observe::Health::Failed
                    : isKnown ? observe::Health::Ok
                              : observe::Health::Unknown,
                offered ? version
                        : Say::tr("%1 is not offered; offered are %2").arg(version, m_observed.meshVersions.join(QStringLiteral(", "))),
                mesh ? words.meshesCall : words.versionsCall,
                good ? QString() : Say::tr("Use %1 or a newer version.").arg(provider->newestVersion({})) });
        }
        if (!mesh)
            return;
        if (const observe::Condition *running = conditionOf(mesh->conditions, QStringLiteral("Running")))
            m_findings.append(
                { QStringLiteral("mesh-running"), Say::tr("The mesh runs"), wanted.name, running->health, running->reason, running->source,
                    running->health == observe::Health::Warning      ? Say::tr("Wait until it runs: changes are refused meanwhile.")
                        : running->health == observe::Health::Failed ? words.meshRemedy
                                                                     : QString() });
    }

    const documents::FleetDocument &m_desired;
    const observe::ObservedFleet &m_observed;
    QList<Finding> m_findings;
};

QString remedyFor(const QString &type, observe::Health health)
{
    if (health == observe::Health::Ok || (health == observe::Health::Unknown && type != QLatin1String("Access")))
        return {};
    if (type == QLatin1String("Account"))
        return mesh::wordsOf({}).accountRemedy;
    if (type == QLatin1String("Meshes"))
        return Say::tr("Nothing is planned before all clusters tell. Try again when they answer.");
    if (type == QLatin1String("Access"))
        return Say::tr("Ask whoever administers the cluster for the missing rights, or name the namespaces that you may see.");
    if (type == QLatin1String("Reachable"))
        return Say::tr("Check the network to the API server; what is shown is what was last seen.");
    if (type == QLatin1String("Running"))
        return Say::tr("Wait, or look into the console of the service mesh.");
    if (type == QLatin1String("Discovery"))
        return Say::tr("The mesh must reach the cluster's API server.");
    if (type == QLatin1String("Gateway"))
        return Say::tr("Look at the events of the gateway's service: it needs a load balancer.");
    if (type == QLatin1String("Workload"))
        return Say::tr("Look at the pods and their events.");
    return {};
}

void add(QList<Finding> &findings, const QString &where, const observe::Condition &condition)
{
    static const QMap<QString, QPair<QString, const char *>> titles {
        { QStringLiteral("Reachable"),
            { QStringLiteral("api-server-reachable"), QT_TRANSLATE_NOOP("Preflight", "The API server answers") } },
        { QStringLiteral("Running"), { QStringLiteral("mesh-running"), QT_TRANSLATE_NOOP("Preflight", "The mesh runs") } },
        { QStringLiteral("Discovery"), { QStringLiteral("discovery"), QT_TRANSLATE_NOOP("Preflight", "The member is connected") } },
        { QStringLiteral("Gateway"), { QStringLiteral("gateway"), QT_TRANSLATE_NOOP("Preflight", "The gateway has an address") } },
        { QStringLiteral("Workload"), { QStringLiteral("workload"), QT_TRANSLATE_NOOP("Preflight", "The pods are ready") } },
        { QStringLiteral("Account"),
            { QStringLiteral("account"), QT_TRANSLATE_NOOP("Preflight", "The cloud account tells what there is") } },
        { QStringLiteral("Access"), { QStringLiteral("access"), QT_TRANSLATE_NOOP("Preflight", "The identity may read the cluster") } },
        { QStringLiteral("RootShared"), { QStringLiteral("roots"), QT_TRANSLATE_NOOP("Preflight", "The meshes have one root") } },
    };
    const auto title = titles.value(condition.type, { condition.type.toLower(), nullptr });
    findings.append({ title.first, title.second ? Say::tr(title.second) : condition.type, where, condition.health, withEvidence(condition),
        condition.source, remedyFor(condition.type, condition.health) });
}

} // namespace

QList<Finding> preflight(const documents::FleetDocument &desired, const observe::ObservedFleet &observed)
{
    return Preflight(desired, observed).run();
}

QList<Finding> findings(const observe::ObservedFleet &observed)
{
    QList<Finding> found;
    for (const observe::Condition &condition : observed.account)
        add(found, observed.environment, condition);
    for (const observe::ObservedCluster &cluster : observed.clusters) {
        for (const observe::Condition &condition : cluster.conditions)
            add(found, cluster.name, condition);
        // A pod without a sidecar in a namespace with injection is out of the mesh.
        for (const observe::ObservedWorkload &workload : cluster.workloads)
            if (cluster.injectedNamespaces.contains(workload.ns) && !workload.podNames.isEmpty() && !workload.injected
                && workload.apart.isEmpty())
                found.append({ QStringLiteral("sidecar-missing"), Say::tr("Every pod has a sidecar"),
                    QStringLiteral("%1/%2/%3").arg(cluster.name, workload.ns, workload.name), observe::Health::Warning,
                    Say::tr("pods without the container istio-proxy among %1").arg(workload.podNames.join(QStringLiteral(", "))),
                    Say::tr("pods of %1").arg(cluster.name), Say::tr("They were made before injection was on: restart the deployment.") });
    }
    for (const observe::ObservedMesh &mesh : observed.meshes)
        for (const observe::Condition &condition : mesh.conditions)
            add(found, mesh.status.name, condition);
    // The single roots are evidence; the comparison is the finding.
    if (observed.meshes.size() > 1 && !observed.trust.isEmpty()) {
        observe::Condition verdict = observed.trust.last();
        add(found, Say::tr("all meshes"), verdict);
        if (verdict.health == observe::Health::Failed)
            found.last().remedy
                = Say::tr("The root of a mesh cannot be changed after its creation: delete one of the meshes and apply the fleet again.");
    }
    return found;
}

} // namespace catamaran::fleet
