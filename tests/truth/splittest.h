// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "truth/split.h"

#include <QTest>

namespace catamaran::tests {

/// What is to be expected of answers comes from what was read, and nothing is expected of what was not.
class SplitTest : public QObject {
    Q_OBJECT

    using Shares = QMap<QString, double>;
    static inline const QString v1 = QStringLiteral("v1"), v2 = QStringLiteral("v2");

    template <typename T> static observe::Fact<QList<T>> read(const QList<T> &list)
    {
        observe::Fact<QList<T>> fact;
        fact.take(list, QStringLiteral("GET"), QDateTime::currentDateTimeUtc());
        return fact;
    }
    static core::Error refused()
    {
        return core::Error::make(
            core::ErrorKind::Forbidden, QStringLiteral("list pods"), QStringLiteral("cluster-2"), QStringLiteral("pods is forbidden"));
    }
    static observe::PodFacts pod(const QString &version, const QString &node = QStringLiteral("node"))
    {
        observe::PodFacts pod;
        pod.ns = QStringLiteral("default");
        pod.name = QStringLiteral("helloworld-") + version;
        pod.labels = { { QStringLiteral("app"), QStringLiteral("helloworld") } };
        if (!version.isEmpty())
            pod.labels.insert(QStringLiteral("version"), version);
        pod.node = node;
        pod.isReady = true;
        return pod;
    }
    static observe::NodeFacts node(const QString &region, const QString &zone, const QString &name = QStringLiteral("node"))
    {
        observe::NodeFacts node;
        node.name = name;
        node.region = region;
        node.zone = zone;
        return node;
    }
    static observe::DestinationRuleFacts rule(const observe::TrafficPolicy &policy = {})
    {
        observe::DestinationRuleFacts rule;
        rule.ns = QStringLiteral("default");
        rule.name = QStringLiteral("helloworld");
        rule.host = QStringLiteral("helloworld");
        rule.policy = policy;
        rule.subsets = { { v1, { { QStringLiteral("version"), v1 } }, {} }, { v2, { { QStringLiteral("version"), v2 } }, {} } };
        return rule;
    }
    static observe::VirtualServiceFacts weights(int first, int second, bool matches = false)
    {
        observe::VirtualServiceFacts route;
        route.ns = QStringLiteral("default");
        route.name = QStringLiteral("helloworld");
        route.hosts = { QStringLiteral("helloworld") };
        route.destinations = { { QStringLiteral("helloworld"), v1, first, !matches }, { QStringLiteral("helloworld"), v2, second, true } };
        return route;
    }
    /// The guide's fleet: v1 in cluster-1 with the client, v2 in cluster-2.
    static truth::SplitFacts guide()
    {
        truth::SplitFacts facts;
        facts.service = QStringLiteral("default/helloworld");
        facts.cluster = QStringLiteral("cluster-1");
        facts.ns = QStringLiteral("default");
        facts.hasSidecar = true;
        facts.sides = { { QStringLiteral("cluster-1"), read<observe::PodFacts>({ pod(v1) }) },
            { QStringLiteral("cluster-2"), read<observe::PodFacts>({ pod(v2) }) } };
        facts.rules = read<observe::DestinationRuleFacts>({});
        facts.routes = read<observe::VirtualServiceFacts>({});
        facts.at = QDateTime::currentDateTimeUtc();
        return facts;
    }
    static truth::SplitFacts changed(const std::function<void(truth::SplitFacts &)> &change)
    {
        truth::SplitFacts facts = guide();
        change(facts);
        return facts;
    }

private slots:
    void whatIsExpected_data()
    {
        QTest::addColumn<truth::SplitFacts>("facts");
        QTest::addColumn<Shares>("shares");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const std::function<void(truth::SplitFacts &)> &change, const Shares &shares,
                             const char *says) { QTest::newRow(name) << changed(change) << shares << QString::fromUtf8(says); };
        const Shares half { { v1, 0.5 }, { v2, 0.5 } };
        row(
            "one endpoint on each side", [](auto &) {}, half, "cluster-1: 1 × v1; cluster-2: 1 × v2; no weights are set");
        row(
            "three endpoints on one side",
            [](auto &facts) {
                facts.sides[1].endpoints = read<observe::PodFacts>({ pod(v2), pod(v2), pod(v2) });
            },
            { { v1, 0.25 }, { v2, 0.75 } }, "cluster-2: 3 × v2");
        row(
            "weights, whatever the endpoints are",
            [](auto &facts) {
                facts.sides[1].endpoints = read<observe::PodFacts>({ pod(v2), pod(v2), pod(v2) });
                facts.rules = read<observe::DestinationRuleFacts>({ rule() });
                facts.routes = read<observe::VirtualServiceFacts>({ weights(90, 10) });
            },
            { { v1, 0.9 }, { v2, 0.1 } }, "VirtualService default/helloworld: v1 90 %, v2 10 %");
        row(
            "what is near is preferred, and the other side is another region",
            [](auto &facts) {
                facts.keptNear = QStringLiteral("DestinationRule default/helloworld");
                facts.clientNodes = { QStringLiteral("node") };
                facts.sides[0].nodes = read<observe::NodeFacts>({ node(QStringLiteral("eu"), QStringLiteral("a")) });
                facts.sides[1].nodes = read<observe::NodeFacts>({ node(QStringLiteral("us"), QStringLiteral("a")) });
            },
            { { v1, 1.0 } }, "DestinationRule default/helloworld: what is near is preferred");
        row(
            "what is near is preferred, and all are in one zone",
            [](auto &facts) {
                facts.keptNear = QStringLiteral("DestinationRule default/helloworld");
                facts.clientNodes = { QStringLiteral("node") };
                for (auto &side : facts.sides)
                    side.nodes = read<observe::NodeFacts>({ node(QStringLiteral("eu"), QStringLiteral("a")) });
            },
            half, "what is near is preferred");
        row(
            "a client without a sidecar stays at home", [](auto &facts) { facts.hasSidecar = false; }, { { v1, 1.0 } },
            "the client has no sidecar");
        // What is not known.
        row(
            "endpoints that could not be read",
            [](auto &facts) {
                facts.sides[1].endpoints = {};
                facts.sides[1].endpoints.error = refused();
            },
            {}, "the endpoints in cluster-2 could not be read (pods is forbidden)");
        row(
            "weights that could not be read",
            [](auto &facts) {
                facts.routes = {};
                facts.routes.error = refused();
            },
            {}, "the weights and localities set in cluster-1 could not be read");
        row(
            "nodes that could not be read, where they decide",
            [](auto &facts) {
                facts.keptNear = QStringLiteral("DestinationRule default/helloworld");
                facts.clientNodes = { QStringLiteral("node") };
                facts.sides[0].nodes = read<observe::NodeFacts>({ node(QStringLiteral("eu"), QStringLiteral("a")) });
            },
            {}, "the nodes of cluster-2 could not be read");
        row(
            "a route that chooses by what is asked",
            [](auto &facts) {
                facts.rules = read<observe::DestinationRuleFacts>({ rule() });
                facts.routes = read<observe::VirtualServiceFacts>({ weights(50, 50, true) });
            },
            {}, "chooses by what is asked");
        row(
            "pods that name no version", [](auto &facts) { facts.sides[0].endpoints = read<observe::PodFacts>({ pod({}) }); }, {},
            "have no label “version”");
        row(
            "nobody tells how far a request goes", [](auto &facts) { facts.isReachKnown = false; }, {},
            "nobody tells which clusters a request may go to");
        row(
            "whether there is a sidecar is not known", [](auto &facts) { facts.hasSidecar.reset(); }, {},
            "whether a proxy sends the client's requests could not be read");
        row(
            "nobody is ready",
            [](auto &facts) {
                for (auto &side : facts.sides)
                    side.endpoints = read<observe::PodFacts>({});
            },
            {}, "no ready endpoint of default/helloworld is there");
    }

    void whatIsExpected()
    {
        QFETCH(const truth::SplitFacts, facts);
        QFETCH(const Shares, shares);
        QFETCH(const QString, says);
        const truth::SplitExpectation expectation = truth::expectedSplit(facts);
        QCOMPARE(expectation.shares.keys(), shares.keys());
        for (auto it = shares.cbegin(); it != shares.cend(); ++it)
            QVERIFY2(std::abs(expectation.shares.value(it.key()) - it.value()) < 1e-9, qPrintable(expectation.sentence()));
        QVERIFY2(expectation.sentence().contains(says), qPrintable(expectation.sentence()));
        QCOMPARE(expectation.isKnown(), !shares.isEmpty());
        QVERIFY(expectation.isKnown() == expectation.unknown.isEmpty());
        // As kept and read again.
        const auto again = truth::SplitExpectation::fromJson(expectation.toJson());
        QCOMPARE(again.sentence(), expectation.sentence());
        QCOMPARE(again.toJson(), expectation.toJson());
    }
};

} // namespace catamaran::tests
