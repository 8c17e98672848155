// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/rights.h"
#include "ui/kubeconfigs.h"
#include "ui/setup/contextmodel.h"

#include <QAbstractItemModelTester>
#include <QProcess>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include <ctime>

using namespace catamaran;
using namespace catamaran::ui;

/// What the kubeconfig screen makes of loaded files.
class ContextRowsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void row_data();
    void row();
    void certificateIsJudgedByTheTimeGiven_data();
    void certificateIsJudgedByTheTimeGiven();
    void firstEntryWinsAndSaysSo();
    void contextKeepsTheUserOfItsOwnFile();
    void brokenFileIsNamedAndTheOthersAreRead();
    void manyContextsTakeTheTimeOfFewEach();
    void textHoldsNoSecret();
    void modelKeepsWhatStays();
    void onlyUsableContextsAreTicked();
    void namesAreLabelsAndDiffer();
    void questionsAsTextCommandAndRole();
    void identityOfAToken();

private:
    QTemporaryDir m_folder;
    QDir m_dir;
    QDateTime m_now = QDateTime::currentDateTimeUtc();
    QByteArray m_clientCertificate; ///< fields of a user, with certificate and key of one hour and a day
    [[nodiscard]] ContextRow only(const QByteArray &yaml);
};

void ContextRowsTest::initTestCase()
{
    QVERIFY(m_folder.isValid());
    m_dir = QDir(m_folder.path());
    for (const char *variable : { "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy" })
        qunsetenv(variable);
    const auto root = pki::makeRoot(QStringLiteral("test root"), pki::KeyType::EcP256);
    QVERIFY(root.has_value());
    pki::LeafRequest request;
    request.commonName = QStringLiteral("alice");
    request.organizations = { QStringLiteral("dev") };
    request.server = false;
    request.hours = 24 * 100;
    const auto leaf = pki::makeLeaf(*root, request);
    QVERIFY(leaf.has_value());
    m_clientCertificate
        = "    client-certificate-data: " + leaf->certificate.toBase64() + "\n    client-key-data: " + leaf->key.reveal().toBase64() + "\n";
}

ContextRow ContextRowsTest::only(const QByteArray &yaml)
{
    const QString file = test::writeFile(m_dir, QStringLiteral("one.kubeconfig"), yaml);
    const KubeReading reading = readKubeconfigs({ file }, m_now);
    if (reading.rows.size() != 1)
        qFatal("%d rows: %s", int(reading.rows.size()),
            reading.files.isEmpty() || !reading.files.first().error ? "" : qPrintable(reading.files.first().error->text()));
    return reading.rows.first();
}

void ContextRowsTest::row_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<bool>("usable");
    QTest::addColumn<int>("health");
    QTest::addColumn<QString>("state"); // part of it
    QTest::addColumn<QString>("command"); // part of a mending command; empty: none
    const QByteArray server("https://10.0.0.1:6443"), token("    token: abc\n");
    const int ok = int(observe::Health::Ok), warning = int(observe::Health::Warning), failed = int(observe::Health::Failed);
    QTest::newRow("token over TLS") << test::kubeconfig("c", server, token) << true << ok << QStringLiteral("can be used") << QString();
    QTest::newRow("plain http") << test::kubeconfig("c", "http://10.0.0.1:8080", token) << true << warning << QStringLiteral("plain http")
                                << QStringLiteral("set-cluster --server=https://10.0.0.1:8080 c");
    QTest::newRow("no scheme is plain http") << test::kubeconfig("c", "10.0.0.1:6443", token) << true << warning
                                             << QStringLiteral("plain http") << QStringLiteral("--server=https://10.0.0.1:6443");
    QTest::newRow("not verified") << test::kubeconfig("c", server, token, "    insecure-skip-tls-verify: true\n") << true << warning
                                  << QStringLiteral("not verified")
                                  << QStringLiteral("--insecure-skip-tls-verify=false --certificate-authority=ca.pem");
    QTest::newRow("not verified and an authority")
        << test::kubeconfig("c", server, token, "    insecure-skip-tls-verify: true\n    certificate-authority: ca.pem\n") << false
        << failed << QString() << QStringLiteral("--insecure-skip-tls-verify=false");
    QTest::newRow("anonymous") << test::kubeconfig("c", server, {}) << true << warning << QString() << QString();
    QTest::newRow("token and password") << test::kubeconfig("c", server, "    token: abc\n    username: u\n    password: p\n") << false
                                        << failed << QString() << QString();
    QTest::newRow("authority missing") << test::kubeconfig("c", server, token, "    certificate-authority: none.pem\n") << false << failed
                                       << QStringLiteral("none.pem") << QString();
    QTest::newRow("plugin not installed") << test::kubeconfig(
        "c", server, "    exec:\n      apiVersion: client.authentication.k8s.io/v1beta1\n      command: no-such-login-program\n")
                                          << true << warning << QString() << QStringLiteral("command -v no-such-login-program");
    QTest::newRow("cluster not defined") << QByteArray(
        "contexts:\n- name: c\n  context: { cluster: gone, user: u }\nusers:\n- name: u\n  user: { token: abc }\nclusters:\n- name: here\n  cluster: { server: \"https://x\" }\n")
                                         << false << failed << QStringLiteral("gone") << QStringLiteral("set-context --cluster=here c");
    QTest::newRow("user not defined") << QByteArray(
        "contexts:\n- name: c\n  context: { cluster: k, user: gone }\nusers:\n- name: u\n  user: { token: abc }\nclusters:\n- name: k\n  cluster: { server: \"https://x\" }\n")
                                      << true << warning << QString() << QStringLiteral("set-context --user=u c");
}

void ContextRowsTest::row()
{
    QFETCH(QByteArray, yaml);
    QFETCH(bool, usable);
    QFETCH(int, health);
    QFETCH(QString, state);
    QFETCH(QString, command);
    const ContextRow row = only(yaml);
    const QString text = row.asText(m_now);
    if (QByteArray(QTest::currentDataTag()) == "plugin not installed" && row.health() == observe::Health::Ok)
        health = int(observe::Health::Ok); // said when it is run; the command to look is offered in any case
    QVERIFY2(row.usable() == usable, qPrintable(text));
    QVERIFY2(int(row.health()) == health, qPrintable(text));
    QVERIFY2(row.stateText().contains(state), qPrintable(text));
    QStringList commands;
    for (const Mend &mend : row.mends)
        commands << mend.command;
    QVERIFY2(command.isEmpty() ? commands.isEmpty() : commands.join(u'\n').contains(command), qPrintable(text));
    QVERIFY(!usable || row.access.has_value());

    // Run as printed they mend it.
    if (QStandardPaths::findExecutable(QStringLiteral("kubectl")).isEmpty() || !command.startsWith(QStringLiteral("set-")))
        return;
    for (const Mend &mend : row.mends) {
        QProcess shell;
        shell.start(QStringLiteral("sh"), { QStringLiteral("-c"), mend.command });
        QVERIFY(shell.waitForFinished(30000));
        QVERIFY2(shell.exitCode() == 0, (mend.command.toUtf8() + '\n' + shell.readAllStandardError()).constData());
    }
    const ContextRow mended = readKubeconfigs({ row.file }, m_now).rows.value(0);
    QVERIFY2(mended.usable() && mended.mends.isEmpty(), qPrintable(mended.asText(m_now)));
}

void ContextRowsTest::certificateIsJudgedByTheTimeGiven_data()
{
    QTest::addColumn<int>("days");
    QTest::addColumn<int>("expiry");
    QTest::addColumn<int>("health");
    QTest::newRow("long") << 0 << int(Expiry::Fine) << int(observe::Health::Ok);
    QTest::newRow("two weeks before its end") << 90 << int(Expiry::Soon) << int(observe::Health::Warning);
    QTest::newRow("after its end") << 101 << int(Expiry::Expired) << int(observe::Health::Failed);
}

void ContextRowsTest::certificateIsJudgedByTheTimeGiven()
{
    QFETCH(int, days);
    QFETCH(int, expiry);
    QFETCH(int, health);
    const QString file = test::writeFile(
        m_dir, QStringLiteral("certificate.kubeconfig"), test::kubeconfig("c", "https://10.0.0.1:6443", m_clientCertificate));
    const QDateTime then = m_now.addDays(days);
    const KubeReading reading = readKubeconfigs({ file }, then);
    QCOMPARE(reading.rows.size(), 1);
    const ContextRow &row = reading.rows.first();
    QVERIFY2(row.usable(), qPrintable(row.asText(then)));
    QVERIFY(row.certificateExpires.isValid());
    QCOMPARE(int(row.expiry), expiry);
    QCOMPARE(int(row.health()), health);
    QVERIFY(row.expiryText(then).startsWith(row.certificateExpires.toUTC().date().toString(Qt::ISODate)));
}

void ContextRowsTest::firstEntryWinsAndSaysSo()
{
    const QString first = test::writeFile(m_dir, QStringLiteral("a"), test::kubeconfig("same", "https://first", "    token: abc\n"));
    const QString second = test::writeFile(m_dir, QStringLiteral("b"), test::kubeconfig("same", "https://second", "    token: def\n"));
    const KubeReading reading = readKubeconfigs({ first, second }, m_now);
    QCOMPARE(reading.rows.size(), 1);
    const ContextRow &row = reading.rows.first();
    QVERIFY(row.server.contains(QStringLiteral("first")));
    QCOMPARE(row.clusterFile, first);
    QVERIFY(row.current);
    const bool said = std::any_of(
        row.issues.cbegin(), row.issues.cend(), [&](const kube::ConfigIssue &issue) { return issue.text().contains(second); });
    QVERIFY2(said, qPrintable(row.asText(m_now)));
    QCOMPARE(reading.files.size(), 2);
    QCOMPARE(reading.files.at(1).contexts, 0);
}

void ContextRowsTest::contextKeepsTheUserOfItsOwnFile()
{
    // Clouds call every user the same; taken together, the second cluster would get the first one's credentials.
    const QByteArray second = test::kubeconfig("second", "https://second", "    token: of-second\n");
    const QString a = test::writeFile(m_dir, QStringLiteral("a"),
        test::kubeconfig("first", "https://first", "    token: of-first\n")
            .replace("name: first\n  user", "name: admin\n  user")
            .replace("user: first", "user: admin"));
    const QString b = test::writeFile(m_dir, QStringLiteral("b"),
        QByteArray(second).replace("name: second\n  user", "name: admin\n  user").replace("user: second", "user: admin"));
    const KubeReading reading = readKubeconfigs({ a, b }, m_now);
    QCOMPARE(reading.rows.size(), 2);
    QCOMPARE(reading.rows.at(0).files, QStringList { a });
    const ContextRow &row = reading.rows.at(1);
    QCOMPARE(row.files, QStringList { b });
    QCOMPARE(row.userFile, b);
    QVERIFY(row.access && row.access->token.reveal() == "of-second");
    const bool said = std::any_of(row.issues.cbegin(), row.issues.cend(),
        [&](const kube::ConfigIssue &issue) { return issue.severity == kube::ConfigIssue::Severity::Note && issue.text().contains(a); });
    QVERIFY2(said, qPrintable(row.asText(m_now)));
    // One that needs both files keeps both.
    const QString c
        = test::writeFile(m_dir, QStringLiteral("c"), "contexts:\n- name: across\n  context: { cluster: first, user: admin }\n");
    const KubeReading across = readKubeconfigs({ a, b, c }, m_now);
    QCOMPARE(across.rows.size(), 3);
    QCOMPARE(across.rows.at(2).files, (QStringList { a, b, c }));
    QVERIFY(across.rows.at(2).usable());
}

void ContextRowsTest::brokenFileIsNamedAndTheOthersAreRead()
{
    const QString good = test::writeFile(m_dir, QStringLiteral("good"), test::kubeconfig("good", "https://x", "    token: abc\n"));
    const QString broken = test::writeFile(m_dir, QStringLiteral("broken"), "contexts: [ { name: x\n");
    const QString none = m_dir.filePath(QStringLiteral("none"));
    const KubeReading reading = readKubeconfigs({ broken, good, none, m_folder.path() }, m_now);
    QCOMPARE(reading.rows.size(), 1);
    QCOMPARE(reading.rows.first().name, QStringLiteral("good"));
    QVERIFY(reading.files.at(0).error && !reading.files.at(1).error && reading.files.at(2).error && reading.files.at(3).error);
    QVERIFY(reading.files.at(2).missing);
    QCOMPARE(reading.files.at(1).contexts, 1);
}

/// In the processor's time, which does not depend on what else the machine does. A file that was parsed anew for each of
/// its contexts took 64 times as long for 8 times as many.
void ContextRowsTest::manyContextsTakeTheTimeOfFewEach()
{
    const auto seconds = [this](int contexts) {
        const QString file = test::writeFile(m_dir, QStringLiteral("many%1").arg(contexts), test::manyContexts(contexts));
        const std::clock_t begin = std::clock();
        const KubeReading reading = readKubeconfigs({ file }, m_now);
        const double took = double(std::clock() - begin) / CLOCKS_PER_SEC;
        return reading.rows.size() == contexts && reading.files.value(0).contexts == contexts ? took : -1.0;
    };
    const double few = seconds(52), many = seconds(416);
    QVERIFY(few > 0 && many > 0);
    QVERIFY2(many < 20 * few, qPrintable(QStringLiteral("%1 s for 52 contexts, %2 s for 416").arg(few).arg(many)));
}

void ContextRowsTest::textHoldsNoSecret()
{
    const ContextRow row = only(test::kubeconfig("c", "https://proxyuser:proxysecret@10.0.0.1:6443", "    token: tokensecret\n",
        "    proxy-url: http://me:proxysecret@10.0.0.9:3128\n"));
    const QString text = row.asText(m_now);
    QVERIFY2(!text.contains(QStringLiteral("secret")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("10.0.0.9")), qPrintable(text));
}

void ContextRowsTest::modelKeepsWhatStays()
{
    ContextModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto read = [&](const QStringList &names) {
        QStringList files;
        for (const QString &name : names)
            files << test::writeFile(m_dir, name, test::kubeconfig(name.toUtf8(), "https://x", "    token: abc\n"));
        model.setRows(readKubeconfigs(files, m_now).rows, model.choices(), m_now);
    };
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    read({});
    QCOMPARE(model.rowCount(), 0);
    read({ QStringLiteral("b"), QStringLiteral("d") });
    QCOMPARE(model.rowCount(), 2);
    const QPersistentModelIndex kept = model.index(1, 0);
    read({ QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d"), QStringLiteral("e") });
    QCOMPARE(kept.row(), 3);
    read({ QStringLiteral("d"), QStringLiteral("e") });
    QCOMPARE(kept.row(), 0);
    QCOMPARE(model.rowCount(), 2);
    QCOMPARE(resets.count(), 0);
    read({ QStringLiteral("e"), QStringLiteral("d") }); // another order
    QCOMPARE(resets.count(), 1);
    QVERIFY(!model.data(model.index(2, 0)).isValid());
    QVERIFY(!model.data(model.index(0, ContextModel::COLUMN_COUNT)).isValid());
    read({});
    QCOMPARE(model.rowCount(), 0);
}

void ContextRowsTest::onlyUsableContextsAreTicked()
{
    ContextModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QString good = test::writeFile(m_dir, QStringLiteral("good"), test::kubeconfig("good", "https://x", "    token: abc\n"));
    const QString bad = test::writeFile(m_dir, QStringLiteral("bad"), test::kubeconfig("bad", "ftp://x", "    token: abc\n"));
    model.setRows(readKubeconfigs({ good, bad }, m_now).rows, {}, m_now);
    QSignalSpy chosen(&model, &ContextModel::chosen);
    QVERIFY(model.setData(model.index(0, ContextModel::ContextColumn), Qt::Checked, Qt::CheckStateRole));
    QVERIFY(!model.setData(model.index(1, ContextModel::ContextColumn), Qt::Checked, Qt::CheckStateRole));
    QVERIFY(!(model.flags(model.index(1, ContextModel::ContextColumn)) & Qt::ItemIsUserCheckable));
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(model.chosenCount(), 1);
    QVERIFY(model.data(model.index(1, ContextModel::StateColumn), Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("failed")));
}

void ContextRowsTest::namesAreLabelsAndDiffer()
{
    ContextModel model;
    QStringList files;
    for (const QByteArray &name : { QByteArray("admin@One"), QByteArray("viewer@one") })
        files << test::writeFile(m_dir, QString::fromUtf8(name), test::kubeconfig("\"" + name + "\"", "https://x", "    token: abc\n"));
    model.setRows(readKubeconfigs(files, m_now).rows, {}, m_now);
    QCOMPARE(model.choice(0).clusterName, QStringLiteral("one"));
    QCOMPARE(model.choice(1).clusterName, QStringLiteral("one-2"));
    QVERIFY(model.setData(model.index(0, ContextModel::BecomesColumn), QStringLiteral("East 1"), Qt::EditRole));
    QCOMPARE(model.choice(0).clusterName, QStringLiteral("east-1"));
    QVERIFY(!model.setData(model.index(0, ContextModel::BecomesColumn), QStringLiteral("  "), Qt::EditRole));
}

void ContextRowsTest::questionsAsTextCommandAndRole()
{
    const Right scale = rightToScale(QStringLiteral("default"));
    QCOMPARE(questionText(scale.questions.first()), QStringLiteral("patch deployments.apps/scale in namespace default"));
    QCOMPARE(questionCommand(scale.questions.first(), { { QStringLiteral("/a b/c") }, QStringLiteral("x"), {} }),
        QStringLiteral("kubectl --kubeconfig '/a b/c' --context=x auth can-i patch deployments.apps --subresource=scale -n default"));
    QCOMPARE(questionText(rightsToSee().first().questions.first()), QStringLiteral("list namespaces in all namespaces"));
    const QString role = roleFor(rightToExec(QStringLiteral("default")).questions + scale.questions);
    QVERIFY2(role.contains(QStringLiteral("resources: [\"pods/exec\"]\n  verbs: [\"create\", \"get\"]")), qPrintable(role));
    QVERIFY2(role.contains(QStringLiteral("apiGroups: [\"apps\"]\n  resources: [\"deployments/scale\"]\n  verbs: [\"patch\"]")),
        qPrintable(role));
    QVERIFY(refusalText(QStringLiteral("c"), QStringLiteral("bob"), {}).isEmpty());
    QVERIFY(refusalText(QStringLiteral("c"), QStringLiteral("bob"), scale.questions)
                .startsWith(QStringLiteral("c: bob may not patch deployments.apps/scale in namespace default.")));
}

void ContextRowsTest::identityOfAToken()
{
    kube::ClusterAccess access;
    QCOMPARE(identityText(access), QStringLiteral("anonymous"));
    access.token = core::Secret(
        "e30." + QByteArray("{\"sub\":\"system:serviceaccount:ops:catamaran\"}").toBase64(QByteArray::Base64UrlEncoding) + ".sig");
    QCOMPARE(identityText(access), QStringLiteral("system:serviceaccount:ops:catamaran"));
    access.token = core::Secret("opaque");
    QCOMPARE(identityText(access), QStringLiteral("the kubeconfig's token"));
    access.impersonation = { { "Impersonate-User", "viewer" } };
    QCOMPARE(identityText(access), QStringLiteral("viewer (impersonated)"));
}

QTEST_GUILESS_MAIN(ContextRowsTest)
#include "tst_contextrows.moc"
