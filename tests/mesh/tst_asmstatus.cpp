// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmprovider.h"
#include "pki/ca.h"

#include <QTest>

using namespace catamaran;
using namespace catamaran::mesh;

namespace {

using Managers = QMap<QString, QString>;

MemberCluster member(const char *id, bool gateway = false)
{
    return { QString::fromLatin1(id), {}, Mode::Unknown, QStringLiteral("running"), {}, gateway };
}

MeshStatus meshWith(const char *id, const QList<MemberCluster> &members)
{
    MeshStatus status;
    status.id = QString::fromLatin1(id);
    status.members = members;
    return status;
}

/// "m1: c1 managed, c2 discovery; m2: …"
QString modes(const QList<MeshStatus> &meshes)
{
    QStringList words;
    for (const MeshStatus &mesh : meshes)
        for (const MemberCluster &one : mesh.members)
            words << mesh.id + u'/' + one.clusterId + u'='
                    + (one.mode == Mode::Managed              ? u'M'
                            : one.mode == Mode::DiscoveryOnly ? u'D'
                                                              : u'?');
    return words.join(u' ');
}

} // namespace

class TestAsmStatus : public QObject {
    Q_OBJECT

private slots:
    void states_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<int>("state");
        const auto row = [](const char *word, MeshState state) {
            QTest::newRow(*word ? word : "(nothing)") << QString::fromLatin1(word) << int(state);
        };
        row("running", MeshState::Running);
        row("initial", MeshState::Creating);
        row("updating", MeshState::Updating);
        row("upgrading", MeshState::Updating);
        row("word nobody knows", MeshState::Updating);
        row("failed", MeshState::Failed);
        row("create_timeout", MeshState::Failed);
        row("updating_failed", MeshState::Failed);
        row("deleting", MeshState::Deleting);
        row("", MeshState::Unknown);
    }
    void states()
    {
        QFETCH(QString, word);
        QFETCH(int, state);
        QCOMPARE(int(stateOf(word)), state);
    }

    void modesAreConcluded_data()
    {
        QTest::addColumn<QList<MeshStatus>>("meshes");
        QTest::addColumn<Managers>("managers");
        QTest::addColumn<QString>("expected");

        const QList<MeshStatus> two { meshWith("m1", { member("c1"), member("c2") }), meshWith("m2", { member("c1"), member("c2") }) };
        QTest::newRow("the candidate list names the managers")
            << two << Managers { { QStringLiteral("c1"), QStringLiteral("m1") }, { QStringLiteral("c2"), QStringLiteral("m2") } }
            << QStringLiteral("m1/c1=M m1/c2=D m2/c1=D m2/c2=M");
        QTest::newRow("nobody tells") << two << Managers {} << QStringLiteral("m1/c1=? m1/c2=? m2/c1=? m2/c2=?");
        QTest::newRow("a gateway shows the manager") << QList<MeshStatus> { meshWith("m1", { member("c1", true), member("c2") }),
            meshWith("m2", { member("c1"), member("c2", true) }) }
                                                     << Managers {} << QStringLiteral("m1/c1=M m1/c2=D m2/c1=D m2/c2=M");
        QTest::newRow("a mesh manages the only one left")
            << two << Managers { { QStringLiteral("c1"), QStringLiteral("m1") } } << QStringLiteral("m1/c1=M m1/c2=D m2/c1=D m2/c2=M");
        QTest::newRow("an only member") << QList<MeshStatus> { meshWith("m1", { member("c1") }) } << Managers {}
                                        << QStringLiteral("m1/c1=M");
    }
    void modesAreConcluded()
    {
        QFETCH(QList<MeshStatus>, meshes);
        QFETCH(Managers, managers);
        QFETCH(QString, expected);
        concludeModes(meshes, managers);
        QCOMPARE(modes(meshes), expected);
    }

    void answersAreAssembled()
    {
        const auto root = pki::makeRoot(QStringLiteral("root"), pki::KeyType::EcP256);
        QVERIFY(root.has_value());
        AsmAnswers answers { {}, QList<alicloud::MeshCluster> {}, alicloud::ClusterNetworks {}, root->certificate };
        answers.info.id = QStringLiteral("m1");
        answers.info.name = QStringLiteral("mesh-1");
        answers.info.state = QStringLiteral("running");
        alicloud::MeshCluster cluster;
        cluster.id = QStringLiteral("c1");
        cluster.name = QStringLiteral("cluster-1");
        cluster.state = QStringLiteral("running");
        answers.clusters->append(cluster);
        answers.networks->insert(QStringLiteral("c1"), { QStringLiteral("network1"), true, {}, {} });
        MeshStatus status = assemble(answers);
        QCOMPARE(status.name, QStringLiteral("mesh-1"));
        QCOMPARE(status.members.size(), 1);
        QCOMPARE(status.members[0].network, QStringLiteral("network1"));
        QVERIFY(status.members[0].gateway);
        QCOMPARE(status.rootFingerprints, *pki::rootFingerprints(root->certificate));
        QVERIFY(status.rootError.isEmpty());

        answers.root = QByteArray("not a certificate");
        status = assemble(answers);
        QVERIFY(status.rootFingerprints.isEmpty());
        QVERIFY(!status.rootError.isEmpty());

        // Without the list of clusters the ids of the mesh itself remain.
        answers.clusters = core::fail(core::ErrorKind::Network, QStringLiteral("list"), {}, QStringLiteral("broken"));
        answers.info.clusterIds = QStringList { QStringLiteral("c1"), QStringLiteral("c2") };
        QCOMPARE(assemble(answers).members.size(), 2);
    }

    void whatWasNotToldIsNotNothing()
    {
        const auto refused = core::fail(core::ErrorKind::Forbidden, QStringLiteral("list"), {}, QStringLiteral("Forbidden.RAM"));
        AsmAnswers answers { {}, QList<alicloud::MeshCluster> {}, refused, QByteArray("x") };
        answers.info.id = QStringLiteral("m1");
        answers.info.state = QStringLiteral("running");
        MeshStatus status = assemble(answers);
        QVERIFY(status.membersKnown && !status.networksKnown);
        QCOMPARE(status.unread.size(), 1);
        answers.clusters = refused;
        status = assemble(answers);
        QVERIFY(!status.membersKnown);
        QCOMPARE(status.unread.size(), 2);
        // Networks that were never set are told as "not found"; a mesh that is being made has nothing to tell.
        answers.clusters = QList<alicloud::MeshCluster>();
        answers.networks = core::fail(core::ErrorKind::NotFound, QStringLiteral("read"), {}, QStringLiteral("ERR404"));
        QVERIFY(assemble(answers).networksKnown && assemble(answers).unread.isEmpty());
        answers = { answers.info, refused, refused, refused };
        answers.info.state = QStringLiteral("initial");
        QVERIFY(assemble(answers).unread.isEmpty() && assemble(answers).membersKnown);
    }
};

QTEST_GUILESS_MAIN(TestAsmStatus)
#include "tst_asmstatus.moc"
