// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmprovider.h"
#include "support/rangesession.h"

#include "pki/ca.h"

using namespace catamaran;
using namespace catamaran::mesh;
using namespace catamaran::tests;

namespace {

AsmProvider &asmOf(const session::Session &session)
{
    return *static_cast<AsmProvider *>(session.provider(QStringLiteral("asm"))->service(typeid(AsmProvider)));
}

} // namespace

/// The adapter against the cloud endpoints of a practice range.
class TestAsmProvider : public QObject {
    Q_OBJECT

private slots:
    void init()
    {
        if (LabProcess::program().isEmpty())
            QSKIP("there is no catamaran-lab");
        m_secrets = store::makeMemorySecretStore();
        QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
        const auto session = openRange(m_lab, *m_secrets);
        QVERIFY2(session, qPrintable(session ? QString() : session.error().text()));
        m_session = *session;
        const auto seen = look(*m_session);
        QVERIFY2(seen, qPrintable(seen ? QString() : seen.error().text()));
        m_first = *seen->cluster(QStringLiteral("cluster-1"));
        m_second = *seen->cluster(QStringLiteral("cluster-2"));
        QVERIFY(!m_first.cloudId.isEmpty() && !m_first.vSwitches.isEmpty());
    }

    void cleanup()
    {
        m_session.reset();
        m_lab.stop();
    }

    void aMeshFromCreationToDeletion()
    {
        alicloud::AsmClient &cloud = asmOf(*m_session).client();
        QVERIFY(only().isEmpty());
        const auto root = pki::makeRoot(QStringLiteral("test root"), pki::KeyType::EcP256);
        const auto ca
            = pki::makeIssuingCa(*root, QStringLiteral("mesh-1"), QStringLiteral("istiod.istio-system.svc"), pki::KeyType::EcP256);
        alicloud::CreateMeshRequest request = place();
        request.caCert = ca->certificate;
        request.caKey = ca->key;
        request.rootCert = root->certificate;
        request.certChain = ca->certificate + ca->chain;
        const auto created = waitFor(cloud.createMesh(request, {}));
        QVERIFY2(created, qPrintable(created ? QString() : created.error().text()));
        const QString id = created->id;
        QVERIFY(only().first().state == MeshState::Creating);
        QCOMPARE(only().first().stateWord, QStringLiteral("initial"));
        QTRY_VERIFY_WITH_TIMEOUT(running(), 10000);
        QCOMPARE(only().first().rootFingerprints, *pki::rootFingerprints(root->certificate));

        QVERIFY(waitFor(cloud.addCluster(id, m_first.cloudId, false, {})).has_value());
        QVERIFY(only().first().state == MeshState::Updating);
        // The next change is refused while it is at work.
        const auto refused = waitFor(cloud.addCluster(id, m_second.cloudId, true, {}));
        QVERIFY(!refused);
        QVERIFY2(refused.error().text().contains(QStringLiteral("updating")), qPrintable(refused.error().text()));
        QTRY_VERIFY_WITH_TIMEOUT(running(), 10000);
        QVERIFY(waitFor(cloud.addCluster(id, m_second.cloudId, true, {})).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(running(), 10000);
        // No mesh manages the second one, so nothing shows that it is discovery-only; but managed it is not.
        const QList<MemberCluster> members = only().first().members;
        QCOMPARE(members.size(), 2);
        for (const MemberCluster &member : members)
            QVERIFY(member.mode == (member.clusterId == m_first.cloudId ? Mode::Managed : Mode::Unknown));

        const QMap<QString, NetworkSetting> networks { { m_first.cloudId, { QStringLiteral("network1"), true } },
            { m_second.cloudId, { QStringLiteral("network2"), false } } };
        alicloud::ClusterNetworks set;
        for (auto it = networks.begin(); it != networks.end(); ++it)
            set.insert(it.key(), { it->network, it->gateway, {}, {} });
        QVERIFY(waitFor(cloud.setNetworks(id, set, {})).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(running(), 10000);
        const QList<MemberCluster> connected = only().first().members;
        QCOMPARE(connected.size(), 2);
        for (const MemberCluster &member : connected) {
            const NetworkSetting setting { member.network, member.gateway };
            QVERIFY(setting == networks.value(member.clusterId));
        }

        const auto early = waitFor(cloud.deleteMesh(id, {}));
        QVERIFY(!early); // it has clusters
        for (const QString &cluster : { m_second.cloudId, m_first.cloudId }) {
            QVERIFY(waitFor(cloud.removeCluster(id, cluster, {})).has_value());
            QTRY_VERIFY_WITH_TIMEOUT(running(), 10000);
        }
        QVERIFY(only().first().members.isEmpty());
        QVERIFY(waitFor(cloud.deleteMesh(id, {})).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(only().isEmpty(), 10000);
    }

    void withoutOwnAuthorityEachMeshHasItsRoot()
    {
        alicloud::AsmClient &cloud = asmOf(*m_session).client();
        QVERIFY(waitFor(cloud.createMesh(place(), {})).has_value());
        alicloud::CreateMeshRequest second = place();
        second.name = QStringLiteral("mesh-2");
        QVERIFY(waitFor(cloud.createMesh(second, {})).has_value());
        QTRY_VERIFY_WITH_TIMEOUT(running(), 10000);
        const auto meshes = only();
        QCOMPARE(meshes.size(), 2);
        QVERIFY(!meshes[0].rootFingerprints.isEmpty());
        QVERIFY(!pki::sameRoots(meshes[0].rootFingerprints, meshes[1].rootFingerprints));
    }

    void refusals()
    {
        alicloud::AsmClient &cloud = asmOf(*m_session).client();
        alicloud::CreateMeshRequest bad = place();
        bad.istioVersion = QStringLiteral("v9.9.9.9-g0-aliyun");
        const auto created = waitFor(cloud.createMesh(bad, {}));
        QVERIFY(!created);
        QVERIFY2(created.error().text().contains(QStringLiteral("v9.9.9.9")), qPrintable(created.error().text()));
        QVERIFY(!created.error().requestId.isEmpty());
        const auto unknown = waitFor(cloud.deleteMesh(QStringLiteral("c00000000000000000000000000000000"), {}));
        QVERIFY(!unknown);
        QVERIFY(unknown.error().kind == core::ErrorKind::NotFound);
    }

    void versionsAreOfferedNewestFirst()
    {
        const auto versions = waitFor(m_session->provider()->versions({}));
        QVERIFY(versions.has_value());
        QVERIFY(versions->contains(alicloud::minimumMeshVersion));
    }

    void aStopEndsAStatusAndTheAdapterCanGoMeanwhile()
    {
        std::stop_source stop;
        stop.request_stop();
        const auto cancelled = waitFor(m_session->provider()->status(stop.get_token()));
        QVERIFY(!cancelled);
        QVERIFY(cancelled.error().kind == core::ErrorKind::Cancelled);
        // Left running when the session goes: it must end, not crash.
        const auto abandoned = m_session->provider()->status({});
        m_session.reset();
        QTRY_VERIFY(abandoned.isFinished());
    }

private:
    [[nodiscard]] alicloud::CreateMeshRequest place() const
    {
        alicloud::CreateMeshRequest request;
        request.name = QStringLiteral("mesh-1");
        request.regionId = m_first.region;
        request.istioVersion = alicloud::minimumMeshVersion;
        request.vpcId = m_first.vpcId;
        request.vSwitches = m_first.vSwitches;
        return request;
    }

    QList<MeshStatus> only()
    {
        auto all = waitFor(m_session->provider()->status({}));
        if (!all)
            qFatal("%s", qPrintable(all.error().text()));
        return all->meshes;
    }

    bool running()
    {
        const auto all = only();
        return !all.isEmpty()
            && std::all_of(all.begin(), all.end(), [](const MeshStatus &mesh) { return mesh.state == MeshState::Running; });
    }

    LabProcess m_lab;
    std::unique_ptr<store::SecretStore> m_secrets;
    std::shared_ptr<session::Session> m_session;
    observe::ObservedCluster m_first, m_second;
};

QTEST_GUILESS_MAIN(TestAsmProvider)
#include "tst_asmprovider.moc"
