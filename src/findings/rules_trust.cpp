// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include "observe/gateways.h"

#include <algorithm>

namespace catamaran::findings {

using observe::Health;

namespace {

using observe::BundleFacts;
using pki::CertificateInfo;

constexpr qint64 soonForRoot = 90, verySoon = 14, soonForIssuer = 30; // days

const BundleFacts *bundleOf(const ClusterView &cluster)
{
    const auto &roots = cluster.objects->roots.get();
    const auto found = roots.constFind(observe::systemNamespace);
    return found != roots.cend() ? &*found : roots.isEmpty() ? nullptr : &*roots.cbegin();
}

QString print(const QSet<QString> &roots)
{
    QStringList list(roots.begin(), roots.end());
    for (QString &one : list)
        one = one.left(16);
    list.sort();
    return list.join(QStringLiteral("+"));
}

/// Clusters by the set of roots that they trust, the largest group first; of those that trust any.
QList<QPair<QSet<QString>, QList<const ClusterView *>>> groupsOf(const View &view)
{
    QList<QPair<QSet<QString>, QList<const ClusterView *>>> groups;
    for (const ClusterView *cluster : view.clusters()) {
        const BundleFacts *bundle = bundleOf(*cluster);
        if (!bundle || bundle->roots.isEmpty())
            continue;
        const auto found = std::find_if(groups.begin(), groups.end(), [&](const auto &group) { return group.first == bundle->roots; });
        if (found == groups.end())
            groups.append({ bundle->roots, { cluster } });
        else
            found->second.append(cluster);
    }
    std::stable_sort(groups.begin(), groups.end(), [](const auto &a, const auto &b) { return a.second.size() > b.second.size(); });
    return groups;
}

void compareRoots(const View &view, Report &report, bool wantCommon)
{
    const auto groups = groupsOf(view);
    for (qsizetype i = 1; i < groups.size(); ++i) {
        const bool hasCommon = pki::shareARoot(groups.first().first, groups.at(i).first);
        if (hasCommon != wantCommon)
            continue;
        const ClusterView &one = *groups.first().second.first();
        for (const ClusterView *other : groups.at(i).second) {
            report.add({ .cluster = other,
                .from = one.name(),
                .to = other->name(),
                .bothWays = true,
                .sentence = hasCommon
                    ? Say::tr("%1 trusts other roots besides those of %2: a root is being exchanged.").arg(other->name(), one.name())
                    : Say::tr("%1 and %2 have no trust root in common: neither accepts the other's certificates.")
                          .arg(one.name(), other->name()),
                .evidence = { seen(one.objects->roots, Say::tr("%1 trusts %2").arg(one.name(), print(groups.first().first))),
                    seen(other->objects->roots, Say::tr("%1 trusts %2").arg(other->name(), print(groups.at(i).first))) } });
        }
    }
}

void rootDiffers(const View &view, Report &report)
{
    compareRoots(view, report, false);
}
void rootOverlaps(const View &view, Report &report)
{
    compareRoots(view, report, true);
}

void rootUnreadable(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters())
        if (const BundleFacts *bundle = bundleOf(*cluster); bundle && !bundle->trouble.isEmpty())
            report.add({ .cluster = cluster,
                .object = QStringLiteral("ConfigMap istio-system/istio-ca-root-cert"),
                .sentence = Say::tr("The bundle of roots that %1 hands to its workloads cannot be read.").arg(cluster->name()),
                .evidence = { seen(cluster->objects->roots, bundle->trouble) } });
}

void rootExpires(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const BundleFacts *bundle = bundleOf(*cluster);
        if (!bundle)
            continue;
        for (const CertificateInfo &root : bundle->certificates) {
            const qint64 days = view.now().daysTo(root.notAfter);
            if (days > soonForRoot)
                continue;
            report.add({ .cluster = cluster,
                .object = QStringLiteral("ConfigMap istio-system/istio-ca-root-cert"),
                .sentence = days < 0
                    ? Say::tr("The trust root of %1 has expired: no workload certificate is valid any more.").arg(cluster->name())
                    : Say::tr("The trust root of %1 expires in %2 days, and every certificate under it.")
                          .arg(cluster->name(), QString::number(days)),
                .evidence
                = { seen(cluster->objects->roots, Say::tr("%1 until %2").arg(root.subject, root.notAfter.toString(Qt::ISODate))) },
                .state = days < verySoon ? Health::Failed : Health::Warning });
        }
    }
}

void rootIsNoCa(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const BundleFacts *bundle = bundleOf(*cluster);
        if (!bundle || bundle->certificates.isEmpty())
            continue;
        for (const CertificateInfo &root : bundle->certificates)
            if (!root.isCa)
                report.add({ .cluster = cluster,
                    .object = QStringLiteral("ConfigMap istio-system/istio-ca-root-cert"),
                    .sentence
                    = Say::tr("A certificate that %1 hands out as a trust root is no certificate authority.").arg(cluster->name()),
                    .evidence = { seen(cluster->objects->roots, Say::tr("%1: CA is false").arg(root.subject)) } });
    }
}

void namespaceRootDiffers(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &roots = cluster->objects->roots.get();
        const BundleFacts *own = bundleOf(*cluster);
        QStringList others;
        for (auto it = roots.cbegin(); it != roots.cend(); ++it)
            if (own && it->roots != own->roots)
                others.append(it.key());
        if (!others.isEmpty())
            report.add({ .cluster = cluster,
                .object = QStringLiteral("ConfigMap istio-ca-root-cert"),
                .sentence
                = Say::tr("Namespaces of %1 have another bundle of roots than its control plane: %2.").arg(cluster->name(), someOf(others)),
                .evidence = { seen(cluster->objects->roots, Say::tr("istio-system trusts %1").arg(print(own->roots))) } });
    }
}

// --- the Secret cacerts -----------------------------------------------------------------------------------------------

const QString cacerts = QStringLiteral("Secret istio-system/cacerts");

void issuerIncomplete(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &issuer = cluster->objects->issuer.get();
        if (issuer.isThere && !issuer.missing.isEmpty())
            report.add({ .cluster = cluster,
                .object = cacerts,
                .sentence = Say::tr("The issuing CA of %1 lacks %2: its control plane will sign with a root of its own.")
                                .arg(cluster->name(), someOf(issuer.missing)),
                .evidence = { seen(cluster->objects->issuer, issuer.missing.join(QStringLiteral(", "))) } });
    }
}

void issuerExpires(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &issuer = cluster->objects->issuer.get();
        if (!issuer.issuer)
            continue;
        const qint64 days = view.now().daysTo(issuer.issuer->notAfter);
        if (days > soonForIssuer)
            continue;
        report.add({ .cluster = cluster,
            .object = cacerts,
            .sentence = days < 0 ? Say::tr("The issuing CA of %1 has expired.").arg(cluster->name())
                                 : Say::tr("The issuing CA of %1 expires in %2 days, and every workload certificate with it.")
                                       .arg(cluster->name(), QString::number(days)),
            .evidence = { seen(cluster->objects->issuer,
                Say::tr("%1 until %2").arg(issuer.issuer->subject, issuer.issuer->notAfter.toString(Qt::ISODate))) },
            .state = days < verySoon ? Health::Failed : Health::Warning });
    }
}

void issuerOutlivesRoot(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &issuer = cluster->objects->issuer.get();
        if (!issuer.issuer || issuer.root.certificates.isEmpty())
            continue;
        const auto last = std::max_element(issuer.root.certificates.begin(), issuer.root.certificates.end(),
            [](const CertificateInfo &a, const CertificateInfo &b) { return a.notAfter < b.notAfter; });
        if (issuer.issuer->notAfter > last->notAfter)
            report.add({ .cluster = cluster,
                .object = cacerts,
                .sentence = Say::tr("The issuing CA of %1 is valid longer than its root: it will look valid when nothing under it is.")
                                .arg(cluster->name()),
                .evidence = { seen(cluster->objects->issuer,
                    Say::tr("the CA until %1, the root until %2")
                        .arg(issuer.issuer->notAfter.toString(Qt::ISODate), last->notAfter.toString(Qt::ISODate))) } });
    }
}

void issuerIsNoCa(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &issuer = cluster->objects->issuer.get();
        if (issuer.issuer && !issuer.issuer->isCa)
            report.add({ .cluster = cluster,
                .object = cacerts,
                .sentence
                = Say::tr("The certificate that %1 is to sign with may not sign: it is no certificate authority.").arg(cluster->name()),
                .evidence = { seen(cluster->objects->issuer, Say::tr("%1: CA is false").arg(issuer.issuer->subject)) } });
    }
}

void chainBroken(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &issuer = cluster->objects->issuer.get();
        if (!issuer.issuer || !issuer.issuer->isCa || issuer.chainTrouble.isEmpty())
            continue;
        report.add({ .cluster = cluster,
            .object = cacerts,
            .sentence = Say::tr("The issuing CA of %1 does not lead to the root beside it: the control plane refuses to start with it.")
                            .arg(cluster->name()),
            .evidence = { seen(cluster->objects->issuer, issuer.chainTrouble) } });
    }
}

void issuerIgnored(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto &issuer = cluster->objects->issuer.get();
        const BundleFacts *bundle = bundleOf(*cluster);
        if (!issuer.isThere || !issuer.missing.isEmpty() || !bundle || bundle->roots.isEmpty() || issuer.root.roots.isEmpty()
            || bundle->roots == issuer.root.roots)
            continue;
        report.add({ .cluster = cluster,
            .object = cacerts,
            .sentence = Say::tr("%1 does not use the root in its Secret cacerts: its workloads trust another one.").arg(cluster->name()),
            .evidence = { seen(cluster->objects->issuer, Say::tr("cacerts has %1").arg(print(issuer.root.roots))),
                seen(cluster->objects->roots, Say::tr("workloads trust %1").arg(print(bundle->roots))) } });
    }
}

// --- identities and modes ---------------------------------------------------------------------------------------------

bool accepts(const ClusterView &server, const ClusterView &client)
{
    const auto &config = server.objects->meshConfig.get();
    return config.trustDomain == client.trustDomain || config.trustDomainAliases.contains(client.trustDomain);
}

void trustDomainDiffers(const View &view, Report &report)
{
    // Against the first: two that differ from it in the same way are of one mind.
    const ClusterView *first = nullptr;
    for (const ClusterView *cluster : view.clusters()) {
        if (!cluster->objects->meshConfig.get().isThere)
            continue;
        if (!first) {
            first = cluster;
            continue;
        }
        const bool there = accepts(*cluster, *first), back = accepts(*first, *cluster);
        if (there && back)
            continue;
        report.add({ .cluster = cluster,
            .object = QStringLiteral("ConfigMap istio-system/istio"),
            .from = there ? cluster->name() : first->name(),
            .to = there ? first->name() : cluster->name(),
            .bothWays = !there && !back,
            .sentence = Say::tr(
                "%1 has the trust domain %2 and %3 has %4, without aliases for each other: servers close connections after the handshake.")
                            .arg(first->name(), first->trustDomain, cluster->name(), cluster->trustDomain),
            .evidence = { seen(first->objects->meshConfig, Say::tr("trustDomain: %1").arg(first->trustDomain)),
                seen(cluster->objects->meshConfig, Say::tr("trustDomain: %1").arg(cluster->trustDomain)) } });
    }
}

/// Services by the object that concerns them, in the cluster that has it.
template <typename Object> struct Concerned {
    const ClusterView *cluster;
    const Object *object;
    QStringList services;
    bool crosses = false; ///< one of them is in a cluster of another network too
};

bool crosses(const SharedService &shared, const ClusterView &cluster)
{
    return std::any_of(shared.in.begin(), shared.in.end(),
        [&](const SharedService::In &other) { return other.cluster != &cluster && onOtherNetworks(cluster, *other.cluster); });
}

template <typename Object>
void add(QList<Concerned<Object>> &to, const SharedService &shared, const ClusterView &cluster, const Object *object)
{
    auto found = std::find_if(to.begin(), to.end(), [&](const Concerned<Object> &one) { return one.object == object; });
    if (found == to.end()) {
        to.append({ &cluster, object, {}, false });
        found = to.end() - 1;
    }
    found->services.append(shared.key);
    found->crosses = found->crosses || crosses(shared, cluster);
}

void peerDisabled(const View &view, Report &report)
{
    QList<Concerned<observe::PeerAuthenticationFacts>> off;
    for (const SharedService &shared : view.sharedServices())
        for (const SharedService::In &in : shared.in)
            if (const auto *policy = in.cluster->peerPolicy(in.service->ns, in.service->selector); policy && policy->mode == u"DISABLE")
                add(off, shared, *in.cluster, policy);
    for (const auto &one : off) {
        const QString &name = one.cluster->name();
        report.add({ .cluster = one.cluster,
            .object = objectName("PeerAuthentication", *one.object),
            .to = name,
            .bothWays = true,
            .services = one.services,
            .sentence = one.crosses ? Say::tr("%1 turns mutual TLS off for %2: without it nothing passes a gateway, in either direction.")
                                          .arg(name, someOf(one.services))
                                    : Say::tr("%1 turns mutual TLS off for %2: requests between the clusters are in plain text.")
                                          .arg(name, someOf(one.services)),
            .evidence = { seen(one.cluster->objects->peerAuthentications, Say::tr("mtls.mode: DISABLE")) },
            .state = one.crosses ? Health::Failed : Health::Warning });
    }
}

QString foreignTlsMode(const observe::DestinationRuleFacts &rule)
{
    QStringList modes { rule.policy.tlsMode };
    modes += rule.policy.portTlsModes;
    for (const QString &mode : modes)
        if (!mode.isEmpty() && mode != u"ISTIO_MUTUAL")
            return mode;
    return {};
}

void clientTlsOff(const View &view, Report &report)
{
    QList<Concerned<observe::DestinationRuleFacts>> off;
    for (const SharedService &shared : view.sharedServices())
        for (const SharedService::In &in : shared.in)
            for (const auto *rule : in.cluster->rulesFor(shared.key))
                if (!foreignTlsMode(*rule).isEmpty() && crosses(shared, *in.cluster))
                    add(off, shared, *in.cluster, rule);
    for (const auto &one : off) {
        const QString &name = one.cluster->name();
        const QJsonObject mutual { { QStringLiteral("mode"), QStringLiteral("ISTIO_MUTUAL") } };
        QList<ops::Operation> mend;
        if (!one.object->policy.tlsMode.isEmpty())
            mend.append(patchOf(*one.cluster, QStringLiteral("networking.istio.io/v1"), QStringLiteral("DestinationRule"), one.object->ns,
                one.object->name,
                { { QStringLiteral("spec"),
                    QJsonObject { { QStringLiteral("trafficPolicy"), QJsonObject { { QStringLiteral("tls"), mutual } } } } } }));
        report.add({ .cluster = one.cluster,
            .object = objectName("DestinationRule", *one.object),
            .from = name,
            .services = one.services,
            .sentence = Say::tr("Clients in %1 call %2 with TLS mode %3: every endpoint behind a gateway is dropped.")
                            .arg(name, someOf(one.services), foreignTlsMode(*one.object)),
            .evidence = { seen(one.cluster->objects->destinationRules, Say::tr("tls.mode: %1").arg(foreignTlsMode(*one.object))) },
            .mend = mend });
    }
}

} // namespace

QList<Rule> trustRules()
{
    const Needs services = Needs(Need::Services) | Need::Namespaces | Need::Pods;
    return {
        { "trust.root-differs", Layer::Trust, Health::Failed, Need::Roots, rootDiffers,
            QT_TRANSLATE_NOOP("Findings", "All clusters have the same trust root"),
            QT_TRANSLATE_NOOP("Findings",
                "Mutual TLS across clusters needs one root. With two, handshakes fail; clients that retry hide it by staying in their own cluster, so no request fails and none crosses."),
            QT_TRANSLATE_NOOP("Findings",
                "Issue the CA of one cluster from the other's root (Secret cacerts), restart its control plane, then its workloads.") },
        { "trust.root-overlaps", Layer::Trust, Health::Warning, Need::Roots, rootOverlaps,
            QT_TRANSLATE_NOOP("Findings", "No root is being exchanged"),
            QT_TRANSLATE_NOOP("Findings",
                "While a root is exchanged, bundles hold the old and the new one. Which one a cluster signs with cannot be seen from the bundle; a request shows it."),
            QT_TRANSLATE_NOOP("Findings",
                "Finish the exchange: every cluster trusts both, then signs with the new one, then trusts the new one alone.") },
        { "trust.root-unreadable", Layer::Trust, Health::Failed, Need::Roots, rootUnreadable,
            QT_TRANSLATE_NOOP("Findings", "The bundle of roots can be read"),
            QT_TRANSLATE_NOOP("Findings", "Proxies load the roots from this ConfigMap. A broken one leaves new pods without trust."),
            QT_TRANSLATE_NOOP("Findings", "Correct root-cert.pem in cacerts and restart the control plane.") },
        { "trust.root-expires", Layer::Trust, Health::Warning, Need::Roots, rootExpires,
            QT_TRANSLATE_NOOP("Findings", "No trust root is about to expire"),
            QT_TRANSLATE_NOOP("Findings",
                "An expired root ends every connection of the mesh at once. Exchanging it takes three steps, each of which every proxy has to see: begin early."),
            QT_TRANSLATE_NOOP(
                "Findings", "Exchange the root in three steps: trust both, sign with the new one, trust the new one alone.") },
        { "trust.root-no-ca", Layer::Trust, Health::Failed, Need::Roots, rootIsNoCa,
            QT_TRANSLATE_NOOP("Findings", "Trust roots are certificate authorities"),
            QT_TRANSLATE_NOOP("Findings", "A root without CA:TRUE cannot vouch for anything: every handshake fails."),
            QT_TRANSLATE_NOOP("Findings", "Make a root with basicConstraints critical, CA:TRUE.") },
        { "trust.namespace-root-differs", Layer::Trust, Health::Warning, Need::Roots, namespaceRootDiffers,
            QT_TRANSLATE_NOOP("Findings", "Every namespace has the roots of its control plane"),
            QT_TRANSLATE_NOOP("Findings",
                "The control plane writes its roots into every namespace. Where another stands, new pods trust something else: somebody changed it by hand, or two control planes write in turn."),
            QT_TRANSLATE_NOOP("Findings", "Delete the ConfigMap istio-ca-root-cert there; the control plane makes it again.") },
        { "trust.issuer-incomplete", Layer::Trust, Health::Failed, Need::Issuer, issuerIncomplete,
            QT_TRANSLATE_NOOP("Findings", "The issuing CA is complete"),
            QT_TRANSLATE_NOOP("Findings", "A Secret cacerts with missing entries is not used."),
            QT_TRANSLATE_NOOP("Findings", "Add the missing entries and restart the control plane.") },
        { "trust.issuer-expires", Layer::Trust, Health::Warning, Need::Issuer, issuerExpires,
            QT_TRANSLATE_NOOP("Findings", "No issuing CA is about to expire"),
            QT_TRANSLATE_NOOP(
                "Findings", "The life that is left of an issuing CA is not checked when it signs: workload certificates die with it."),
            QT_TRANSLATE_NOOP("Findings", "Issue a new CA from the same root; it is taken without a restart.") },
        { "trust.issuer-outlives-root", Layer::Trust, Health::Warning, Need::Issuer, issuerOutlivesRoot,
            QT_TRANSLATE_NOOP("Findings", "No issuing CA outlives its root"),
            QT_TRANSLATE_NOOP("Findings", "A certificate is worth no more than what it was signed by."),
            QT_TRANSLATE_NOOP("Findings", "Exchange the root first, or issue a CA that ends before it.") },
        { "trust.issuer-no-ca", Layer::Trust, Health::Failed, Need::Issuer, issuerIsNoCa,
            QT_TRANSLATE_NOOP("Findings", "The issuing CA may sign"),
            QT_TRANSLATE_NOOP("Findings", "A signing certificate needs basicConstraints CA:TRUE."),
            QT_TRANSLATE_NOOP("Findings", "Issue it again with CA:TRUE, pathlen:0 and keyCertSign.") },
        { "trust.chain-broken", Layer::Trust, Health::Failed, Need::Issuer, chainBroken,
            QT_TRANSLATE_NOOP("Findings", "The issuing CA leads to its root"),
            QT_TRANSLATE_NOOP("Findings",
                "At its start the control plane verifies ca-cert.pem through cert-chain.pem to root-cert.pem, and does not start when that fails."),
            QT_TRANSLATE_NOOP(
                "Findings", "Put the parents of ca-cert.pem into cert-chain.pem, the root last, and the same root into root-cert.pem.") },
        { "trust.issuer-ignored", Layer::Trust, Health::Failed, Needs(Need::Issuer) | Need::Roots, issuerIgnored,
            QT_TRANSLATE_NOOP("Findings", "The root in cacerts is the one in use"),
            QT_TRANSLATE_NOOP("Findings",
                "A control plane reads its root at its start only. A cacerts that came later, or a root that was exchanged in it, has no effect until it restarts; then trust changes all at once."),
            QT_TRANSLATE_NOOP("Findings", "Restart the control plane, then every workload, in an order that keeps both roots trusted.") },
        { "trust.domain-differs", Layer::Trust, Health::Failed, Need::MeshConfig, trustDomainDiffers,
            QT_TRANSLATE_NOOP("Findings", "All clusters have one trust domain, or aliases"),
            QT_TRANSLATE_NOOP("Findings",
                "A server accepts identities of its own trust domain and of its aliases. Others are refused after the handshake: 503, and not retried."),
            QT_TRANSLATE_NOOP("Findings",
                "Use one trustDomain in all clusters, or list the others in trustDomainAliases of each; restart the workloads.") },
        { "trust.mtls-disabled", Layer::Trust, Health::Failed, services | Need::PeerAuthentications | Need::MeshConfig, peerDisabled,
            QT_TRANSLATE_NOOP("Findings", "Mutual TLS is on for services that several clusters have"),
            QT_TRANSLATE_NOOP("Findings",
                "A gateway passes mutual TLS on by its name. Plain text has none, so endpoints without it are dropped for other networks, silently."),
            QT_TRANSLATE_NOOP("Findings", "Delete the PeerAuthentication, or set PERMISSIVE or STRICT, in all clusters alike.") },
        { "trust.client-tls-off", Layer::Trust, Health::Failed, services | Need::DestinationRules, clientTlsOff,
            QT_TRANSLATE_NOOP("Findings", "Clients use mutual TLS of the mesh"),
            QT_TRANSLATE_NOOP("Findings",
                "A DestinationRule with another TLS mode than ISTIO_MUTUAL removes every endpoint behind another network's gateway. No request fails: all stay in their cluster."),
            QT_TRANSLATE_NOOP("Findings", "Remove tls from the DestinationRule, or set ISTIO_MUTUAL.") },
    };
}

} // namespace catamaran::findings
