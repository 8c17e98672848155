// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bundle/archive.h"
#include "bundle/bundle.h"
#include "bundle/redact.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

namespace catamaran::tests {

/// A bundle shows the fleet as it was; what is no bundle is refused, whatever it is.
class BundleTest : public QObject {
    Q_OBJECT

    static observe::ObservedFleet fleet()
    {
        observe::ObservedFleet fleet;
        fleet.environment = QStringLiteral("lab");
        fleet.at = QDateTime::fromMSecsSinceEpoch(1'750'000'000'123, Qt::UTC);
        observe::ObservedCluster cluster;
        cluster.name = QStringLiteral("cluster-1");
        cluster.reachable = true;
        observe::ObservedWorkload workload;
        workload.ns = QStringLiteral("default");
        workload.name = QStringLiteral("sleep");
        workload.desired = workload.ready = 1;
        workload.podNames = { QStringLiteral("sleep-1") };
        cluster.workloads = { workload };
        cluster.conditions
            = { { QStringLiteral("Reachable"), observe::Health::Ok, QStringLiteral("answers"), {}, {}, fleet.at, {}, true } };
        cluster.serving = { { QStringLiteral("default/sleep"), { QStringLiteral("sleep") } } };
        cluster.controlPlaneReady = 2;
        cluster.unread = { { QStringLiteral("pods"), {},
            core::Error::make(
                core::ErrorKind::Forbidden, QStringLiteral("list pods"), QStringLiteral("cluster-1"), QStringLiteral("no")) } };
        fleet.clusters = { cluster };
        observe::ObservedMesh mesh;
        mesh.status.name = QStringLiteral("mesh-1");
        mesh.status.state = mesh::MeshState::Running;
        mesh.status.rootFingerprints = { QStringLiteral("ab") };
        mesh.status.members = { { QStringLiteral("c1"), QStringLiteral("cluster-1"), mesh::Mode::Managed, {}, {}, true } };
        fleet.meshes = { mesh };
        return fleet;
    }
    static truth::Matrix matrix()
    {
        truth::Matrix matrix;
        matrix.at = QDateTime::fromMSecsSinceEpoch(1'750'000'000'123, Qt::UTC);
        matrix.clusters = { QStringLiteral("cluster-1"), QStringLiteral("cluster-2") };
        for (const auto &[from, to] : { std::pair(0, 1), std::pair(1, 0) }) {
            truth::DirectionState state;
            state.direction = { matrix.clusters.at(from), matrix.clusters.at(to) };
            for (const truth::Layer layer : truth::allLayers)
                state.cells.at(size_t(layer)).layer = layer;
            state.cells[3].evidence = QStringLiteral("answered");
            state.standing = truth::Standing::Proven;
            state.health = observe::Health::Ok;
            matrix.directions += state;
        }
        return matrix;
    }
    static QByteArray text(const QJsonObject &object) { return QJsonDocument(object).toJson(); }
    static QMap<QString, QByteArray> files()
    {
        findings::Finding finding;
        finding.rule = QStringLiteral("trust.root-differs");
        finding.state = observe::Health::Failed;
        finding.accepted = findings::Accepted { QDate(2030, 1, 1), QStringLiteral("meant") };
        return {
            { QStringLiteral("bundle.json"),
                "{\"kind\":\"catamaran-bundle\",\"format\":1,\"at\":\"2026-01-02T03:04:05.678Z\",\"environment\":\"lab\",\"versions\":{\"catamaran\":\"1\"}}" },
            { QStringLiteral("fleet.json"), text(bundle::toJson(fleet())) },
            { QStringLiteral("matrix.json"), text(bundle::toJson(matrix())) },
            { QStringLiteral("findings.json"), text(bundle::toJson(QList<findings::Finding> { finding })) }
        };
    }
    static QByteArray packed(const std::function<void(QMap<QString, QByteArray> &)> &change = {})
    {
        auto all = files();
        if (change)
            change(all);
        return *bundle::pack(all, 0);
    }
    /// By another program, so that it can be what ours never writes; empty: it is not here.
    static QByteArray tarOf(const QString &shell)
    {
        QTemporaryDir folder;
        QProcess process;
        process.setWorkingDirectory(folder.path());
        process.start(QStringLiteral("sh"), { QStringLiteral("-c"), shell });
        (void)process.waitForFinished(60000);
        return process.readAllStandardOutput();
    }

private slots:
    void whatWasIsReadAgain()
    {
        const auto then = bundle::open(packed(), QStringLiteral("x"));
        QVERIFY2(then, then ? "" : qPrintable(then.error().text()));
        QCOMPARE(bundle::toJson(then->fleet), bundle::toJson(fleet()));
        QCOMPARE(then->matrix.toJson(), matrix().toJson());
        QCOMPARE(then->findings.size(), 1);
        QCOMPARE(then->findings.first().accepted->reason, QStringLiteral("meant"));
        QCOMPARE(then->at.toString(Qt::ISODateWithMs), QStringLiteral("2026-01-02T03:04:05.678Z"));
        const observe::ObservedCluster &cluster = then->fleet.clusters.first();
        QCOMPARE(*cluster.controlPlaneReady, 2);
        QVERIFY(cluster.conditions.first().isHearsay);
        QCOMPARE(int(cluster.unread.first().error.kind), int(core::ErrorKind::Forbidden));
        QCOMPARE(then->fleet.meshes.first().status.members.first().clusterName, QStringLiteral("cluster-1"));
    }

    void whatIsNoBundleIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("says");
        const auto row
            = [](const char *name, const QByteArray &bytes, const char *says) { QTest::newRow(name) << bytes << QString::fromUtf8(says); };
        row("nothing", {}, "it ");
        row("a text", "hello\n", "it is no such archive");
        row("half of one", packed().left(packed().size() / 2), "it is no such archive");
        row("without a fleet", packed([](auto &all) { all.remove(QStringLiteral("fleet.json")); }), "it has no fleet.json");
        row("a fleet that is no JSON", packed([](auto &all) { all[QStringLiteral("fleet.json")] = "{"; }),
            "fleet.json is not a JSON object");
        row("a fleet of another form", packed([](auto &all) { all[QStringLiteral("fleet.json")] = "{}"; }), "fleet.json has another form");
        row("a state that there is not",
            packed([](auto &all) { all[QStringLiteral("fleet.json")].replace("\"health\": 1", "\"health\": 99"); }),
            "fleet.json has another form");
        row("a matrix out of order",
            packed([](auto &all) { all[QStringLiteral("matrix.json")].replace("\"cluster-1\",", "\"cluster-9\","); }),
            "matrix.json has another form");
        row("another format", packed([](auto &all) { all[QStringLiteral("bundle.json")].replace("\"format\":1", "\"format\":7"); }),
            "it is of format 7");
        row("another program's", packed([](auto &all) { all[QStringLiteral("bundle.json")].replace("catamaran-bundle", "other"); }),
            "it is no bundle");
        row("nothing but brackets", packed([](auto &all) { all[QStringLiteral("fleet.json")] = QByteArray(100'000, '['); }),
            "not a JSON object");
        row("a bomb", packed([](auto &all) {
            for (int i = 0; i < 5; ++i)
                all.insert(QStringLiteral("zeros-%1.json").arg(i), QByteArray(60 * 1024 * 1024, '0'));
        }),
            "it unpacks to more than 256 MiB");
        row("too many files", packed([](auto &all) {
            for (int i = 0; i < 40; ++i)
                all.insert(QStringLiteral("file-%1.json").arg(i), "{}");
        }),
            "it holds more than 32 files");
        row("a way out of its folder", packed([](auto &all) { all.insert(QStringLiteral("../fleet.json"), "{}"); }),
            "which no bundle does");
        row("a file from the root", packed([](auto &all) { all.insert(QStringLiteral("/etc/passwd.json"), "{}"); }),
            "which no bundle does");
        row("a link", tarOf(QStringLiteral("ln -s /etc/passwd fleet.json; tar cz fleet.json")), "which no bundle does");
        row("a file twice", tarOf(QStringLiteral("echo {} >fleet.json; tar cz fleet.json fleet.json --hard-dereference")),
            "it holds fleet.json twice");
        row("a folder", tarOf(QStringLiteral("mkdir a; tar cz a")), "which no bundle does");
    }
    void whatIsNoBundleIsRefused()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QString, says);
        const auto then = bundle::open(bytes, QStringLiteral("x.tar.gz"));
        QVERIFY(!then);
        QCOMPARE(int(then.error().kind), int(core::ErrorKind::InvalidInput));
        QCOMPARE(then.error().target, QStringLiteral("x.tar.gz"));
        QVERIFY2(then.error().text().contains(says), qPrintable(then.error().text()));
        QVERIFY(then.error().answer.size() <= 1025);
    }

    void aFileThatIsTooLargeIsNotRead()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("large")));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(bundle::mostPacked + 1));
        file.close();
        const auto then = bundle::load(file.fileName());
        QVERIFY(!then && then.error().answer.contains(QStringLiteral("larger than 32 MiB")));
    }

    void itIsForItsOwnerAlone()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("x.bundle.tar.gz"));
        QFile there(file);
        QVERIFY(there.open(QIODevice::WriteOnly) && there.write("old") == 3
            && there.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadOther | QFileDevice::ReadGroup));
        there.close();
        QVERIFY(bundle::save(file, packed()));
        const auto others = QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;
        QCOMPARE(QFile::permissions(file) & others, QFileDevice::Permissions());
        QVERIFY(bundle::load(file));
        QVERIFY(!bundle::save(folder.filePath(QStringLiteral("no/where")), packed()));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 1); // nothing half written is left
    }

    void secretsAreTakenOut_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("secret");
        const auto row = [](const char *name, const char *text, const char *secret) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(secret);
        };
        row("in a URL", "could not reach https://admin:s3cr3tPw@host:6443/api", "s3cr3tPw");
        row("a user alone in a URL", "https://s3cr3tToken@host/", "s3cr3tToken");
        row("in a query", "GET /x?a=1&token=s3cr3tToken&b=2", "s3cr3tToken");
        row("a bearer token", "Authorization: Bearer s3cr3t.Token-1", "s3cr3t.Token-1");
        row("a token by its form", "it said eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl here", "eyJzdWIiOiJ4In0");
        row("a variable", "env DB_PASSWORD=hunter2hunter", "hunter2hunter");
        row("a member of JSON", R"({"clientSecret": "hunter2hunter"})", "hunter2hunter");
        row("a line of YAML", "client-key-data: LS0tLS1CRUdJTiBSU0E=", "LS0tLS1CRUdJTiBSU0E");
        row("a key", "-----BEGIN RSA PRIVATE KEY-----\nMIIabcdefgh\n-----END RSA PRIVATE KEY-----", "MIIabcdefgh");
        row("a key that is cut off", "-----BEGIN PRIVATE KEY-----\nMIIabcdefgh", "MIIabcdefgh");
        row("an access key", "AccessKey LTAI5tAbCdEfGh12", "LTAI5tAbCdEfGh12");
        row("one that is known", "somewhere plainWord12 stands", "plainWord12");
        row("one that is known, encoded", "cGxhaW5Xb3JkMTI=", "cGxhaW5Xb3JkMTI");
    }
    void secretsAreTakenOut()
    {
        QFETCH(const QString, text);
        QFETCH(const QString, secret);
        std::vector<core::Secret> known;
        known.emplace_back(QByteArray("plainWord12"));
        const bundle::Redaction redaction(std::move(known));
        QVERIFY(text.contains(secret));
        const QString clean = redaction.text(text);
        QVERIFY2(!clean.contains(secret), qPrintable(clean));
        QVERIFY2(clean.contains(QStringLiteral("[redacted]")), qPrintable(clean));
        const QByteArray json = QJsonDocument(redaction.json(QJsonArray { QJsonObject { { text, text } } }).toArray()).toJson();
        QVERIFY(!json.contains(secret.toUtf8()));
        const QByteArray member
            = QJsonDocument(redaction.json(QJsonObject { { QStringLiteral("dbPassword"), QStringLiteral("hunter2hunter") } }).toObject())
                  .toJson();
        QVERIFY2(!member.contains("hunter2"), member.constData());
        QCOMPARE(redaction.text(QStringLiteral("cluster-1: 10.0.0.1:15443, root ab:cd, 3 of 4 ready")),
            QStringLiteral("cluster-1: 10.0.0.1:15443, root ab:cd, 3 of 4 ready"));
    }
};

} // namespace catamaran::tests
