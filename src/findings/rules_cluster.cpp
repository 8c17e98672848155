// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/rule.h"

#include "observe/gateways.h"

#include <algorithm>
#include <cmath>

namespace catamaran::findings {

using observe::Health;

namespace {

void clockSkew(const View &view, Report &report)
{
    constexpr qint64 noticeable = 30'000, harmful = 300'000; // milliseconds
    for (const ClusterView *cluster : view.clusters()) {
        const auto &server = cluster->objects->server;
        const qint64 ahead = server.get().clockAheadMs.value_or(0);
        if (std::abs(ahead) < noticeable)
            continue;
        const QString seconds = QString::number(std::abs(ahead) / 1000);
        report.add({ .cluster = cluster,
            .sentence = ahead > 0 ? Say::tr("The clock of %1 is %2 seconds ahead of this machine's.").arg(cluster->name(), seconds)
                                  : Say::tr("The clock of %1 is %2 seconds behind this machine's.").arg(cluster->name(), seconds),
            .evidence = { seen(server, Say::tr("Date of its answer: %1 s off").arg(seconds)) },
            .state = std::abs(ahead) >= harmful ? Health::Failed : Health::Warning });
    }
}

template <typename Get> void compareMinors(const View &view, Report &report, int most, Get get, const QString &what)
{
    const ClusterView *newest = nullptr;
    QPair<int, int> top { 0, 0 };
    for (const ClusterView *cluster : view.clusters())
        if (const auto minor = minorOf(get(*cluster)); minor && *minor > top) {
            top = *minor;
            newest = cluster;
        }
    for (const ClusterView *cluster : view.clusters()) {
        const auto minor = minorOf(get(*cluster));
        if (!minor || (minor->first == top.first && top.second - minor->second <= most))
            continue;
        report.add({ .cluster = cluster,
            .sentence = Say::tr("%1 has %2 %3 and %4 has %5: that is too far apart.")
                            .arg(cluster->name(), what, get(*cluster), newest->name(), get(*newest)),
            .evidence = { seen(cluster->objects->server, get(*cluster)) } });
    }
}

void kubernetesSkew(const View &view, Report &report)
{
    compareMinors(
        view, report, 3, [](const ClusterView &cluster) { return cluster.objects->server.get().version; }, Say::tr("Kubernetes"));
}

QString controlPlaneVersion(const ClusterView &cluster)
{
    QString version;
    for (const observe::PodFacts *pod : cluster.pods.value(observe::systemNamespace))
        if (pod->labels.value(QStringLiteral("app")) == u"istiod")
            version = std::max(version, pod->proxyVersion);
    return version;
}

void meshSkew(const View &view, Report &report)
{
    compareMinors(view, report, 1, controlPlaneVersion, Say::tr("a control plane of version"));
}

void proxySkew(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        const auto own = minorOf(controlPlaneVersion(*cluster));
        if (!own)
            continue;
        QStringList names;
        for (const auto &pods : cluster->pods)
            for (const observe::PodFacts *pod : pods)
                if (const auto minor = pod->hasSidecar ? minorOf(pod->proxyVersion) : std::nullopt;
                    minor && (minor->first != own->first || std::abs(minor->second - own->second) > 1))
                    names.append(QStringLiteral("%1 (%2)").arg(pod->key(), pod->proxyVersion));
        if (!names.isEmpty())
            report.add({ .cluster = cluster,
                .sentence = Say::tr("Proxies of %1 are more than one version away from their control plane (%2): %3.")
                                .arg(cluster->name(), controlPlaneVersion(*cluster), someOf(names)),
                .evidence = { seen(cluster->objects->pods, someOf(names)) } });
    }
}

void secretSwapBug(const View &view, Report &report)
{
    static const QStringList affected { QStringLiteral("1.30.0"), QStringLiteral("1.30.1"), QStringLiteral("1.30.2"),
        QStringLiteral("1.30.3") };
    for (const ClusterView *cluster : view.clusters()) {
        const QString version = controlPlaneVersion(*cluster);
        if (affected.contains(version.section(u'-', 0, 0)))
            report.add({ .cluster = cluster,
                .sentence
                = Say::tr("The control plane of %1 (%2) may lose endpoints and gateways of another cluster when its remote secret changes.")
                      .arg(cluster->name(), version),
                .evidence = { seen(cluster->objects->pods, version) } });
    }
}

void nodeNotReady(const View &view, Report &report)
{
    for (const ClusterView *cluster : view.clusters()) {
        QStringList names;
        for (const observe::NodeFacts &node : cluster->objects->nodes.get())
            if (!node.isReady)
                names.append(node.name);
        if (!names.isEmpty())
            report.add({ .cluster = cluster,
                .sentence = Say::tr("Nodes of %1 are not ready: %2.").arg(cluster->name(), someOf(names)),
                .evidence = { seen(cluster->objects->nodes, someOf(names)) } });
    }
}

} // namespace

QList<Rule> clusterRules()
{
    return {
        { "cluster.clock-skew", Layer::Cluster, Health::Warning, Need::Server, clockSkew, QT_TRANSLATE_NOOP("Findings", "Clocks agree"),
            QT_TRANSLATE_NOOP("Findings",
                "Certificates and tokens are valid from a moment on: a clock that is behind refuses what another one just issued. Times in reports are of different clocks."),
            QT_TRANSLATE_NOOP("Findings", "Synchronise the clocks of nodes, API servers and of this machine (NTP).") },
        { "cluster.kubernetes-skew", Layer::Cluster, Health::Warning, Need::Server, kubernetesSkew,
            QT_TRANSLATE_NOOP("Findings", "Kubernetes versions are close"),
            QT_TRANSLATE_NOOP("Findings", "One control plane reads all clusters with one client; far apart, kinds and fields differ."),
            QT_TRANSLATE_NOOP("Findings", "Upgrade the older cluster.") },
        { "cluster.mesh-skew", Layer::Cluster, Health::Warning, Needs(Need::Pods) | Need::Server, meshSkew,
            QT_TRANSLATE_NOOP("Findings", "Control planes have close versions"),
            QT_TRANSLATE_NOOP("Findings", "Primaries more than one version apart give their proxies configuration that differs."),
            QT_TRANSLATE_NOOP("Findings", "Upgrade the older control plane, one version at a time.") },
        { "cluster.proxy-skew", Layer::Cluster, Health::Warning, Need::Pods, proxySkew,
            QT_TRANSLATE_NOOP("Findings", "Proxies have the version of their control plane, or the one before"),
            QT_TRANSLATE_NOOP("Findings", "Sidecars are upgraded when their pods are made anew."),
            QT_TRANSLATE_NOOP("Findings", "Restart these pods.") },
        { "cluster.secret-swap-bug", Layer::Cluster, Health::Warning, Need::Pods, secretSwapBug,
            QT_TRANSLATE_NOOP("Findings", "The control plane survives a change of a remote secret"),
            QT_TRANSLATE_NOOP("Findings",
                "Versions 1.30.0 to 1.30.3 build the new client before they drop the old one, and some of what was read is lost with it."),
            QT_TRANSLATE_NOOP("Findings",
                "After changing a remote secret compare the endpoints and restart the control plane if some are gone; upgrade.") },
        { "cluster.node-not-ready", Layer::Cluster, Health::Warning, Need::Nodes, nodeNotReady,
            QT_TRANSLATE_NOOP("Findings", "Nodes are ready"),
            QT_TRANSLATE_NOOP("Findings", "Pods of a node that is gone stay in the lists of endpoints for some 40 seconds."),
            QT_TRANSLATE_NOOP("Findings", "Look at the node's conditions.") },
    };
}

} // namespace catamaran::findings
