// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "findings/needs.h"
#include "findings/view.h"

#include <QCoreApplication>

namespace catamaran::findings {

/// The texts of this folder.
struct Say {
    Q_DECLARE_TR_FUNCTIONS(Findings)
};

struct Rule;

/// What a rule adds. The engine fills in the rest.
struct Found {
    const ClusterView *cluster = nullptr; ///< null: the fleet as a whole
    QString object {};
    QString from {}, to {};
    bool bothWays = false;
    QStringList services {}; ///< of an object that is a Service of an application: that one
    QString sentence;
    QList<Evidence> evidence;
    QString remedy {}; ///< empty: the rule's own
    QList<ops::Operation> mend {};
    std::optional<Health> state {}; ///< nullopt: the rule's severity
};

class Report {
public:
    explicit Report(const Rule &rule, QList<Finding> &into)
        : m_rule(rule)
        , m_into(into)
    {
    }
    void add(Found found);

private:
    const Rule &m_rule;
    QList<Finding> &m_into;
};

/// One row of the table. Texts are sources of translation: title(), explanation() and remedyWords() give them in the user's language.
struct Rule {
    const char *id; ///< "trust.root-differs": never changes
    Layer layer;
    Health severity; ///< Failed or Warning
    Needs needs; ///< of each cluster that it sees
    void (*judge)(const View &, Report &);
    const char *title, *text, *remedy;

    [[nodiscard]] QString name() const { return Say::tr(title); }
    [[nodiscard]] QString explanation() const { return Say::tr(text); }
    [[nodiscard]] QString remedyWords() const { return Say::tr(remedy); }
};

/// The rule called @p id; null: there is none.
[[nodiscard]] const Rule *ruleOf(const QString &id);
/// A page of the mesh's own documentation on what @p rule is about, in Chinese where @p chinese.
[[nodiscard]] QString documentationOf(const QString &rule, bool chinese);

/// All rules, by layer.
[[nodiscard]] const QList<Rule> &rules();

// One file per layer.
[[nodiscard]] QList<Rule> trustRules();
[[nodiscard]] QList<Rule> discoveryRules();
[[nodiscard]] QList<Rule> serviceRules();
[[nodiscard]] QList<Rule> gatewayRules();
[[nodiscard]] QList<Rule> requestRules();
[[nodiscard]] QList<Rule> failoverRules();
[[nodiscard]] QList<Rule> clusterRules();
[[nodiscard]] QList<Rule> fleetRules();

[[nodiscard]] inline Evidence seen(const observe::FactHead &fact, const QString &text)
{
    return { text, fact.source, fact.at };
}
/// "DestinationRule sample/helloworld"
[[nodiscard]] QString objectName(const char *kind, const observe::Named &object);
/// kube.patch of somebody's object.
[[nodiscard]] ops::Operation patchOf(const ClusterView &cluster, const QString &apiVersion, const QString &kind, const QString &ns,
    const QString &name, const QJsonObject &patch);
/// kube.scale of somebody's Deployment.
[[nodiscard]] ops::Operation scaleOf(const ClusterView &cluster, const observe::DeploymentFacts &deployment, int replicas);
/// The same to one pod of each Deployment behind @p service that is scaled to none: empty where none is, or they were not read.
[[nodiscard]] QList<ops::Operation> scaledBack(const ClusterView &cluster, const observe::ServiceFacts &service);
/// kube.apply of an object that nobody has: it refuses where somebody else has one of that name after all.
[[nodiscard]] ops::Operation applyOf(const ClusterView &cluster, const QJsonObject &object);
/// "a, b, c and 4 more"
[[nodiscard]] QString someOf(QStringList names, qsizetype most = 5);
/// Major and minor of "v1.22.6.71-g7d67a80b-maker"; nullopt: it has not both.
[[nodiscard]] std::optional<QPair<int, int>> minorOf(const QString &version);

} // namespace catamaran::findings
