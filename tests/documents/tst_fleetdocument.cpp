// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/fleetdocument.h"
#include "support/paths.h"

#include <QFile>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

using namespace catamaran;
using namespace catamaran::documents;

namespace {

const QString fleets = tests::sourceFile(QStringLiteral("resources/fleets/"));

QByteArray example()
{
    QFile file(fleets + QStringLiteral("two-meshes.yaml"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestFleetDocument : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void readsTheExample()
    {
        const auto fleet = loadFleet(fleets + QStringLiteral("two-meshes.yaml"));
        QVERIFY2(fleet, qPrintable(fleet ? QString() : fleet.error().text()));
        QCOMPARE(fleet->name, QStringLiteral("two-meshes"));
        QVERIFY(fleet->root == RootKind::Shared);
        QVERIFY(fleet->sharedRoot.isEmpty());
        QCOMPARE(fleet->rootName(), QStringLiteral("two-meshes-root"));
        QCOMPARE(fleet->meshes.size(), 2);
        QCOMPARE(fleet->memberships.size(), 4);
        QCOMPARE(fleet->managerOf(QStringLiteral("cluster-2")), QStringLiteral("mesh-2"));
        QCOMPARE(fleet->cluster(QStringLiteral("cluster-1"))->network, QStringLiteral("network1"));
        QVERIFY(fleet->cluster(QStringLiteral("cluster-1"))->gateway);
        QCOMPARE(fleet->injectedNamespaces, QStringList { QStringLiteral("default") });
        QCOMPARE(fleet->workloads.size(), 3);
        QCOMPARE(fleet->workloads.at(2).manifest, QStringLiteral("helloworld-v2"));
        QVERIFY(validateFleet(*fleet).isEmpty());
    }

    void twoRootsAsksForSeparateOnes()
    {
        const auto fleet = loadFleet(fleets + QStringLiteral("two-roots.yaml"));
        QVERIFY2(fleet, qPrintable(fleet ? QString() : fleet.error().text()));
        QVERIFY(fleet->root == RootKind::Separate);
    }

    void writtenAndReadAgainItIsTheSame()
    {
        auto fleet = loadFleet(fleets + QStringLiteral("two-meshes.yaml"));
        QVERIFY(fleet.has_value());
        fleet->sharedRoot = QStringLiteral("1"); // reads as a number unless quoted
        const QByteArray yaml = toYaml(*fleet);
        const auto again = parseFleet(yaml, QStringLiteral("again.yaml"));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().text()));
        QCOMPARE(toYaml(*again), yaml);
        QCOMPARE(again->sharedRoot, fleet->sharedRoot);
        QCOMPARE(again->memberships, fleet->memberships);
    }

    void wrongDocuments_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<int>("line");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("says");
        QTest::newRow("unknown key") << QByteArray("    gateway: true\n  - name: cluster-2")
                                     << QByteArray("    gatway: true\n  - name: cluster-2") << 20
                                     << QStringLiteral("spec.clusters[0].gatway") << QStringLiteral("not known");
        QTest::newRow("key given twice") << QByteArray("    root: shared\n") << QByteArray("    root: shared\n    root: shared\n") << 12
                                         << QStringLiteral("spec.trust.root") << QStringLiteral("twice");
        QTest::newRow("another kind") << QByteArray("kind: Fleet") << QByteArray("kind: Flotilla") << 6 << QStringLiteral("kind")
                                      << QStringLiteral("Fleet");
        QTest::newRow("root of no kind") << QByteArray("root: shared") << QByteArray("root: borrowed") << 11
                                         << QStringLiteral("spec.trust.root") << QStringLiteral("borrowed");
        QTest::newRow("malformed version") << QByteArray("v1.22.6.71-g7d67a80b-aliyun\n  - name: mesh-2")
                                           << QByteArray("1.22\n  - name: mesh-2") << 14 << QStringLiteral("spec.meshes[0].version")
                                           << QStringLiteral("not a mesh version");
        QTest::newRow("unknown provider") << QByteArray("    version: v1.22.6.71-g7d67a80b-aliyun\n  - name: mesh-2")
                                          << QByteArray("    provider: linkerd\n  - name: mesh-2") << 14
                                          << QStringLiteral("spec.meshes[0].provider")
                                          << QStringLiteral("must be one of asm, istio, but is “linkerd”");
        QTest::newRow("version too old") << QByteArray("v1.22.6.71-g7d67a80b-aliyun\n  - name: mesh-2")
                                         << QByteArray("v1.22.6.70-gffffffff-aliyun\n  - name: mesh-2") << 14
                                         << QStringLiteral("spec.meshes[0].version") << QStringLiteral("too old");
        QTest::newRow("mesh named twice") << QByteArray("- name: mesh-2") << QByteArray("- name: mesh-1") << 15
                                          << QStringLiteral("spec.meshes[1].name") << QStringLiteral("used twice");
        QTest::newRow("cluster named twice") << QByteArray("- name: cluster-2") << QByteArray("- name: cluster-1") << 21
                                             << QStringLiteral("spec.clusters[1].name") << QStringLiteral("used twice");
        QTest::newRow("name with capitals") << QByteArray("- name: mesh-2") << QByteArray("- name: Mesh_2") << 15
                                            << QStringLiteral("spec.meshes[1].name") << QStringLiteral("lower-case");
        QTest::newRow("membership of an unknown mesh")
            << QByteArray("  - mesh: mesh-1\n    cluster: cluster-2") << QByteArray("  - mesh: mesh-9\n    cluster: cluster-2") << 31
            << QStringLiteral("spec.memberships[2].mesh") << QStringLiteral("mesh-9");
        QTest::newRow("membership of an unknown cluster") << QByteArray("    cluster: cluster-2\n    mode: discovery-only")
                                                          << QByteArray("    cluster: cluster-7\n    mode: discovery-only") << 32
                                                          << QStringLiteral("spec.memberships[2].cluster") << QStringLiteral("cluster-7");
        QTest::newRow("unknown mode") << QByteArray("mode: discovery-only\n  - mesh: mesh-2")
                                      << QByteArray("mode: sidecar\n  - mesh: mesh-2") << 33 << QStringLiteral("spec.memberships[2].mode")
                                      << QStringLiteral("sidecar");
        QTest::newRow("two managers") << QByteArray("mode: discovery-only\n  - mesh: mesh-2")
                                      << QByteArray("mode: managed\n  - mesh: mesh-2") << 33 << QStringLiteral("spec.memberships[2].mode")
                                      << QStringLiteral("managed by two meshes, mesh-2 and mesh-1");
        QTest::newRow("no manager") << QByteArray("    cluster: cluster-2\n    mode: managed")
                                    << QByteArray("    cluster: cluster-2\n    mode: discovery-only") << 21
                                    << QStringLiteral("spec.clusters[1]") << QStringLiteral("no mesh manages cluster-2");
        QTest::newRow("membership given twice")
            << QByteArray("  - mesh: mesh-2\n    cluster: cluster-1\n") << QByteArray("  - mesh: mesh-1\n    cluster: cluster-1\n") << 34
            << QStringLiteral("spec.memberships[3]") << QStringLiteral("already");
        QTest::newRow("gateway on one network") << QByteArray("network: network2") << QByteArray("network: network1") << 20
                                                << QStringLiteral("spec.clusters[0].gateway") << QStringLiteral("one network");
        QTest::newRow("one cluster without network") << QByteArray("    network: network2\n") << QByteArray("") << 21
                                                     << QStringLiteral("spec.clusters[1]") << QStringLiteral("no network");
        QTest::newRow("gateway that is a text")
            << QByteArray("gateway: true\n  - name: cluster-2") << QByteArray("gateway: \"true\"\n  - name: cluster-2") << 20
            << QStringLiteral("spec.clusters[0].gateway") << QStringLiteral("true or false");
        QTest::newRow("unknown manifest") << QByteArray("manifest: sleep\n") << QByteArray("manifest: insomnia\n") << 42
                                          << QStringLiteral("spec.workloads[0].manifest") << QStringLiteral("insomnia");
        QTest::newRow("manifest that is a path") << QByteArray("manifest: sleep\n") << QByteArray("manifest: ../fleets/two-roots\n") << 42
                                                 << QStringLiteral("spec.workloads[0].manifest") << QStringLiteral("not the name");
        QTest::newRow("workload in an unknown cluster") << QByteArray("  - cluster: cluster-1\n    namespace: default\n    manifest: sleep")
                                                        << QByteArray("  - cluster: cluster-3\n    namespace: default\n    manifest: sleep")
                                                        << 40 << QStringLiteral("spec.workloads[0].cluster") << QStringLiteral("cluster-3");
        QTest::newRow("namespace twice") << QByteArray("  - default\n") << QByteArray("  - default\n  - default\n") << 39
                                         << QStringLiteral("spec.injection[1]") << QStringLiteral("twice");
        QTest::newRow("meshes is no list") << QByteArray("  clusters:\n  - name") << QByteArray("  clusters: none\n  ignored:\n  - name")
                                           << 18 << QStringLiteral("spec.ignored") << QStringLiteral("not known");
        QTest::newRow("not YAML") << QByteArray("    root: shared") << QByteArray("    root: [shared") << -1 << QString()
                                  << QStringLiteral("not valid YAML");
    }
    void wrongDocuments()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(int, line);
        QFETCH(QString, field);
        QFETCH(QString, says);
        QByteArray yaml = example();
        const auto at = yaml.indexOf(from);
        QVERIFY2(at > 0, "the row does not fit the example");
        yaml.replace(at, from.size(), to);
        const auto fleet = parseFleet(yaml, QStringLiteral("mine.yaml"));
        QVERIFY(!fleet);
        const QString text = fleet.error().text();
        QVERIFY(fleet.error().kind == core::ErrorKind::InvalidInput);
        if (line > 0)
            QCOMPARE(fleet.error().target, QStringLiteral("mine.yaml:%1").arg(line));
        QVERIFY2(fleet.error().target.startsWith(QStringLiteral("mine.yaml:")), qPrintable(text));
        QVERIFY2(text.contains(field), qPrintable(text));
        QVERIFY2(text.contains(says), qPrintable(text));
    }

    void whatAControlPlaneIsInstalledFromIsReadAndWritten()
    {
        const QByteArray yaml
            = "apiVersion: catamaran.io/v1\nkind: Fleet\nmetadata:\n  name: own\nspec:\n  meshes:\n  - name: a\n    provider: istio\n"
              "    controlPlane:\n      istioctl: /usr/local/bin/istioctl\n      files: [iop.yaml]\n      set:\n"
              "        values.global.meshID: one\n    gateway:\n      manifests: [\"deep/ew.yaml\", /abs/b.yaml]\n"
              "  clusters:\n  - name: c\n  memberships:\n  - mesh: a\n    cluster: c\n    mode: managed\n";
        const auto fleet = parseFleet(yaml, QStringLiteral("own.yaml"), QDir(QStringLiteral("/fleets")));
        QVERIFY2(fleet, qPrintable(fleet ? QString() : fleet.error().text()));
        const FleetMesh &mesh = fleet->meshes.first();
        QCOMPARE(mesh.controlPlane.istioctl, QStringLiteral("/usr/local/bin/istioctl"));
        QCOMPARE(mesh.controlPlane.files, QStringList { QStringLiteral("/fleets/iop.yaml") });
        QCOMPARE(mesh.controlPlane.set.value(QStringLiteral("values.global.meshID")), QStringLiteral("one"));
        QCOMPARE(mesh.gateway.manifests, (QStringList { QStringLiteral("/fleets/deep/ew.yaml"), QStringLiteral("/abs/b.yaml") }));
        const auto again = parseFleet(toYaml(*fleet), QStringLiteral("again.yaml"));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().text()));
        QCOMPARE(toYaml(*again), toYaml(*fleet));
        QCOMPARE(again->meshes.first().gateway.manifests, mesh.gateway.manifests);
    }

    void wrongInstallations_data()
    {
        QTest::addColumn<QByteArray>("installation");
        QTest::addColumn<QString>("says");
        QTest::newRow("a program that is looked for") << QByteArray("{istioctl: istioctl}") << QStringLiteral("begins with");
        QTest::newRow("both") << QByteArray("{istioctl: /bin/istioctl, manifests: [a.yaml]}") << QStringLiteral("either");
        QTest::newRow("neither") << QByteArray("{}") << QStringLiteral("either");
        QTest::newRow("values without a program") << QByteArray("{manifests: [a.yaml], set: {a: b}}") << QStringLiteral("for istioctl");
        QTest::newRow("of a mesh that an account makes") << QByteArray("{manifests: [a.yaml]}, provider: asm") << QStringLiteral("itself");
    }

    void wrongInstallations()
    {
        QFETCH(QByteArray, installation);
        QFETCH(QString, says);
        const QByteArray provider = installation.contains("provider") ? "" : ", provider: istio";
        const auto fleet = parseFleet("apiVersion: catamaran.io/v1\nkind: Fleet\nmetadata:\n  name: own\nspec:\n  meshes:\n  - {name: a"
                + provider + ", controlPlane: " + installation
                + "}\n  clusters:\n  - name: c\n  memberships:\n  - mesh: a\n    cluster: c\n    mode: managed\n",
            QStringLiteral("own.yaml"));
        QVERIFY(!fleet);
        QVERIFY2(fleet.error().text().contains(says), qPrintable(fleet.error().text()));
    }

    /// Whoever can write the document could run what he likes.
    void aDocumentOfOthersRunsNothing()
    {
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("fleet.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "apiVersion: catamaran.io/v1\nkind: Fleet\nmetadata:\n  name: own\nspec:\n  meshes:\n  - {name: a, provider: istio, controlPlane: "
            "{istioctl: /bin/true}}\n  clusters:\n  - name: c\n  memberships:\n  - mesh: a\n    cluster: c\n    mode: managed\n");
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QVERIFY(loadFleet(file.fileName()));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::WriteOther));
        const auto fleet = loadFleet(file.fileName());
        QVERIFY(!fleet);
        QVERIFY2(fleet.error().answer.contains(QStringLiteral("istioctl")), qPrintable(fleet.error().text()));
    }

    void clustersAloneAreAFleet()
    {
        const auto fleet = loadFleet(fleets + QStringLiteral("plain-clusters.yaml"));
        QVERIFY2(fleet, qPrintable(fleet ? QString() : fleet.error().text()));
        QVERIFY(fleet->meshes.isEmpty() && fleet->memberships.isEmpty() && fleet->injectedNamespaces.isEmpty());
        QCOMPARE(fleet->clusters.size(), 2);
        QCOMPARE(fleet->workloads.size(), 6);
        QVERIFY(validateFleet(*fleet).isEmpty());
        const QByteArray yaml = toYaml(*fleet);
        QVERIFY2(!yaml.contains("meshes:") && !yaml.contains("trust:"), yaml.constData());
        const auto again = parseFleet(yaml, QStringLiteral("again.yaml"));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().text()));
        QCOMPARE(toYaml(*again), yaml);
    }

    void withoutMeshesNothingOfAMeshMayStay_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("where");
        QTest::newRow("gateway") << QByteArray("  - name: cluster-1\n") << QByteArray("  - name: cluster-1\n    gateway: true\n")
                                 << QStringLiteral("spec.clusters[0].gateway");
        QTest::newRow("network") << QByteArray("  - name: cluster-2\n") << QByteArray("  - name: cluster-2\n    network: n\n")
                                 << QStringLiteral("spec.clusters[1]");
        QTest::newRow("injection") << QByteArray("  workloads:\n") << QByteArray("  injection:\n  - sample\n  workloads:\n")
                                   << QStringLiteral("spec.injection");
        QTest::newRow("membership") << QByteArray(
            "  workloads:\n") << QByteArray("  memberships:\n  - mesh: mesh-1\n    cluster: cluster-1\n    mode: managed\n  workloads:\n")
                                    << QStringLiteral("spec.memberships[0].mesh");
    }
    void withoutMeshesNothingOfAMeshMayStay()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, where);
        QFile file(fleets + QStringLiteral("plain-clusters.yaml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray yaml = file.readAll();
        const auto at = yaml.indexOf(from);
        QVERIFY(at > 0);
        yaml.replace(at, from.size(), to);
        const auto fleet = parseFleet(yaml, QStringLiteral("mine.yaml"));
        QVERIFY(!fleet);
        QVERIFY2(fleet.error().text().contains(where), qPrintable(fleet.error().text()));
    }

    void tokensOfRemoteSecretsAreReadAndWritten_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<bool>("longLived");
        QTest::addColumn<int>("hours"); // 0: refused
        QTest::newRow("nothing is said: as istioctl makes them") << QByteArray() << true << 8760;
        QTest::newRow("that lasts") << QByteArray("  remoteSecrets: { token: longLived }\n") << true << 8760;
        QTest::newRow("that is asked for, of the usual life") << QByteArray("  remoteSecrets: { token: requested }\n") << false << 8760;
        QTest::newRow("that is asked for") << QByteArray("  remoteSecrets: { token: requested, life: 24h }\n") << false << 24;
        for (const char *wrong : { "{ token: requested, life: 24 }", "{ token: requested, life: 0h }", "{ token: requested, life: 87601h }",
                 "{ token: requested, life: 1d }", "{ token: requested, life: \"\" }", "{ token: longLived, life: 24h }", "{ token: mine }",
                 "{ life: 24h }", "{ token: requested, renew: true }", "requested" })
            QTest::newRow(wrong) << "  remoteSecrets: " + QByteArray(wrong) + '\n' << false << 0;
    }

    void tokensOfRemoteSecretsAreReadAndWritten()
    {
        QFETCH(QByteArray, written);
        QFETCH(bool, longLived);
        QFETCH(int, hours);
        QFile file(fleets + QStringLiteral("two-meshes.yaml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto fleet = parseFleet(file.readAll() + written, QStringLiteral("mine.yaml"));
        QCOMPARE(bool(fleet), hours > 0);
        if (!fleet) {
            QVERIFY2(fleet.error().text().contains(QStringLiteral("remoteSecrets")), qPrintable(fleet.error().text()));
            return;
        }
        QCOMPARE(fleet->remoteSecrets.longLived, longLived);
        QCOMPARE(fleet->remoteSecrets.hours, hours);
        const auto again = parseFleet(toYaml(*fleet), QStringLiteral("again.yaml"));
        QVERIFY(again);
        QVERIFY(again->remoteSecrets == fleet->remoteSecrets);
    }

    void overrides()
    {
        const auto fleet = loadFleet(fleets + QStringLiteral("plain-clusters.yaml"));
        QVERIFY(fleet.has_value());
        FleetDocument mine = *fleet;
        mine.workloads = { { QStringLiteral("cluster-1"), QStringLiteral("sample"), QStringLiteral("helloworld-v1"),
            { QStringLiteral("registry.example.com:5000/team/tools@sha256:0a"), QStringLiteral("Never"), 3,
                { QStringLiteral("sh"), QStringLiteral("-c"), QStringLiteral("echo \"a: b\"\nexec httpd # no comment") } } } };
        QVERIFY(validateFleet(mine).isEmpty());
        const auto again = parseFleet(toYaml(mine), QStringLiteral("again.yaml"));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().text()));
        QCOMPARE(again->workloads.first().overrides, mine.workloads.first().overrides);

        const auto plain = manifestObjects(QStringLiteral("helloworld-v1"), QStringLiteral("sample"));
        const auto objects = manifestObjects(again->workloads.first());
        QVERIFY(plain && objects);
        QCOMPARE(objects->size(), plain->size());
        QCOMPARE(objects->at(0), plain->at(0)); // the Service stays
        const QJsonObject spec = objects->last().value(u"spec").toObject();
        QCOMPARE(spec.value(u"replicas").toInt(), 3);
        const QJsonObject container
            = spec.value(u"template").toObject().value(u"spec").toObject().value(u"containers").toArray().first().toObject();
        QCOMPARE(container.value(u"image").toString(), mine.workloads.first().overrides.image);
        QCOMPARE(container.value(u"imagePullPolicy").toString(), QStringLiteral("Never"));
        QCOMPARE(container.value(u"command").toArray(), QJsonArray::fromStringList(mine.workloads.first().overrides.command));
        QCOMPARE(container.value(u"name").toString(), QStringLiteral("helloworld"));
        QVERIFY(container.value(u"ports").isArray());
    }

    void wrongOverrides_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("says");
        QTest::newRow("image with a space") << QByteArray("image: \"a b\"") << QStringLiteral("image")
                                            << QStringLiteral("not the name of an image");
        QTest::newRow("image that is an option")
            << QByteArray("image: -rm") << QStringLiteral("image") << QStringLiteral("not the name of an image");
        QTest::newRow("empty image") << QByteArray("image: \"\"") << QStringLiteral("image") << QStringLiteral("must be a text");
        QTest::newRow("policy of no kind") << QByteArray("imagePullPolicy: Sometimes") << QStringLiteral("imagePullPolicy")
                                           << QStringLiteral("Always, IfNotPresent, Never");
        QTest::newRow("replicas as text") << QByteArray("replicas: \"2\"") << QStringLiteral("replicas") << QStringLiteral("whole number");
        QTest::newRow("negative replicas") << QByteArray("replicas: -1") << QStringLiteral("replicas")
                                           << QStringLiteral("between 0 and 100");
        QTest::newRow("too many replicas") << QByteArray("replicas: 101") << QStringLiteral("replicas")
                                           << QStringLiteral("between 0 and 100");
        QTest::newRow("command as text") << QByteArray("command: sleep infinity") << QStringLiteral("command")
                                         << QStringLiteral("must be a list");
        QTest::newRow("empty command") << QByteArray("command: []") << QStringLiteral("command") << QStringLiteral("names no command");
        QTest::newRow("unknown override") << QByteArray("args: [a]") << QStringLiteral("args") << QStringLiteral("not known here");
    }
    void wrongOverrides()
    {
        QFETCH(QByteArray, line);
        QFETCH(QString, field);
        QFETCH(QString, says);
        const QByteArray yaml
            = "apiVersion: catamaran.io/v1\nkind: Fleet\nmetadata:\n  name: x\nspec:\n  clusters:\n  - name: c\n  workloads:\n  - cluster: c\n"
              "    manifest: sleep\n    "
            + line + '\n';
        const auto fleet = parseFleet(yaml, QStringLiteral("mine.yaml"));
        QVERIFY(!fleet);
        QCOMPARE(fleet.error().target, QStringLiteral("mine.yaml:11"));
        QVERIFY2(fleet.error().answer.contains(QStringLiteral("spec.workloads[0].") + field), qPrintable(fleet.error().text()));
        QVERIFY2(fleet.error().answer.contains(says), qPrintable(fleet.error().text()));
    }

    void aMissingFileIsNamed()
    {
        const auto fleet = loadFleet(QStringLiteral("/nonexistent/fleet.yaml"));
        QVERIFY(!fleet);
        QVERIFY(fleet.error().text().contains(QStringLiteral("/nonexistent/fleet.yaml")));
    }

    void madeInCode()
    {
        FleetDocument fleet;
        fleet.name = QStringLiteral("x");
        fleet.meshes = { { QStringLiteral("m"), {} } };
        fleet.clusters = { { QStringLiteral("c"), {}, false } };
        const auto errors = validateFleet(fleet);
        QCOMPARE(errors.size(), 2);
        QCOMPARE(errors.first().target, QStringLiteral("spec.clusters[0]"));
        fleet.memberships = { { QStringLiteral("m"), QStringLiteral("c"), mesh::Mode::Managed } };
        QVERIFY(validateFleet(fleet).isEmpty());
    }

    void manifestsAreTheGuides_data()
    {
        QTest::addColumn<QString>("manifest");
        QTest::addColumn<QStringList>("objects");
        QTest::newRow("sleep") << QStringLiteral("sleep")
                               << QStringList { QStringLiteral("ServiceAccount/sleep"), QStringLiteral("Service/sleep"),
                                      QStringLiteral("Deployment/sleep") };
        QTest::newRow("stand-alone sleep") << QStringLiteral("sleep-standalone")
                                           << QStringList { QStringLiteral("ServiceAccount/sleep"), QStringLiteral("Service/sleep"),
                                                  QStringLiteral("Deployment/sleep") };
        QTest::newRow("helloworld v1") << QStringLiteral("helloworld-v1")
                                       << QStringList { QStringLiteral("Service/helloworld"), QStringLiteral("ServiceAccount/helloworld"),
                                              QStringLiteral("Deployment/helloworld-v1") };
        QTest::newRow("helloworld v2") << QStringLiteral("helloworld-v2")
                                       << QStringList { QStringLiteral("Service/helloworld"), QStringLiteral("ServiceAccount/helloworld"),
                                              QStringLiteral("Deployment/helloworld-v2") };
    }
    void manifestsAreTheGuides()
    {
        QFETCH(QString, manifest);
        QFETCH(QStringList, objects);
        const auto found = manifestObjects(manifest, QStringLiteral("space"));
        QVERIFY2(found, qPrintable(found ? QString() : found.error().text()));
        QStringList names;
        for (const QJsonObject &object : *found) {
            const QJsonObject metadata = object.value(u"metadata").toObject();
            names << object.value(u"kind").toString() + u'/' + metadata.value(u"name").toString();
            QCOMPARE(metadata.value(u"namespace").toString(), QStringLiteral("space"));
        }
        QCOMPARE(names, objects);
        const QJsonObject spec = found->last().value(u"spec").toObject();
        QCOMPARE(spec.value(u"replicas"), QJsonValue(1)); // a number, not a text
    }

    void ownManifestsAreChecked_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("says");
        QTest::newRow("kind nobody knows") << QByteArray("apiVersion: v1\nkind: Widget\nmetadata: {name: a}\n") << QStringLiteral("Widget");
        QTest::newRow("second document without name")
            << QByteArray("apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Service\n")
            << QStringLiteral("own.yaml:5");
        QTest::newRow("empty") << QByteArray("# nothing\n") << QStringLiteral("no object");
        QTest::newRow("not YAML") << QByteArray("a: [\n") << QStringLiteral("own.yaml:");
        QTest::newRow("too deep") << QByteArray("a: ") + QByteArray(200, '[') + QByteArray(200, ']') << QStringLiteral("deep");
    }
    void ownManifestsAreChecked()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, says);
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("own.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(yaml);
        file.close();
        qputenv("CATAMARAN_MANIFESTS", folder.path().toUtf8());
        const auto objects = manifestObjects(QStringLiteral("own"), QStringLiteral("default"));
        const auto compiledIn = manifestObjects(QStringLiteral("sleep"), QStringLiteral("default"));
        qunsetenv("CATAMARAN_MANIFESTS");
        QVERIFY(!objects);
        QVERIFY2(objects.error().text().contains(says), qPrintable(objects.error().text()));
        QVERIFY(compiledIn.has_value());
    }
};

QTEST_GUILESS_MAIN(TestFleetDocument)
#include "tst_fleetdocument.moc"
