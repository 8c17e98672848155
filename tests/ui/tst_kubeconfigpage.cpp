// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "support/labprocess.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/kubeconfigs.h"
#include "ui/person.h"
#include "ui/setup/contextmodel.h"
#include "ui/setup/environmentfile.h"
#include "ui/setup/kubeconfigpage.h"
#include "ui/setup/setupplace.h"

#include <QApplication>
#include <QClipboard>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <ctime>

using namespace catamaran;
using ui::ContextModel;

namespace {

/// The longest that the main thread worked without looking at its events, in the processor's time: what else the machine
/// does is not counted.
class LongestBlock {
public:
    LongestBlock()
    {
        m_timer.setInterval(1);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { look(); });
        m_timer.start();
    }
    [[nodiscard]] double milliseconds()
    {
        look();
        return m_longest;
    }

private:
    static double used()
    {
        timespec now {};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return double(now.tv_sec) * 1000 + double(now.tv_nsec) / 1e6;
    }
    void look()
    {
        const double now = used();
        m_longest = std::max(m_longest, now - m_before);
        m_before = now;
    }
    QTimer m_timer;
    double m_before = used(), m_longest = 0;
};

} // namespace

/// A person makes an environment of kubeconfigs: the practice range's own, and files that are wrong.
class KubeconfigPageTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void emptyScreenSaysWhatBelongsThere();
    void filesAreAddedByPathAndByDropping();
    void brokenFilesAreExplainedAndTakenOutAgain();
    void contextsAreTested();
    void testIsCancelled();
    void restrictedIdentityIsTold();
    void everythingIsCopiedAsText();
    void windowStaysAliveWithHundredsOfContexts();
    void hundredsOfContextsAreTested();
    void clustersAreKeptAndOpened();
    void keptEnvironmentIsChangedAndRemoved();
    void cleanupTestCase();

private:
    QTemporaryDir m_folder;
    QDir m_dir;
    tests::LabProcess m_lab;
    std::shared_ptr<store::Database> m_database;
    std::unique_ptr<ui::Services> m_services;
    std::unique_ptr<ui::SetupPlace> m_place;

    [[nodiscard]] ui::KubeconfigPage *page() const { return m_place->kubeconfigs(); }
    [[nodiscard]] ContextModel *model() const { return page()->model(); }
    void type(const QString &path);
    void choose(const QString &context);
    void picture(const QString &name);
    [[nodiscard]] QString testLines() const;
};

void KubeconfigPageTest::initTestCase()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("catamaran-lab has not been built");
    ui::applyTheme(*qApp, qEnvironmentVariable("CATAMARAN_SCHEME") == QLatin1String("dark") ? ui::Scheme::Dark : ui::Scheme::Light);
    m_dir = QDir(m_folder.path());
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
    qputenv("KUBECONFIG", m_dir.filePath(QStringLiteral("none")).toUtf8());
    qunsetenv("KUBERNETES_SERVICE_HOST"); // this may run in a pod
    QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
    auto database = store::Database::open(m_folder.filePath(QStringLiteral("test.db")));
    QVERIFY(database.has_value());
    m_database = *database;
    m_services = std::make_unique<ui::Services>(m_database->file(), store::makeMemorySecretStore());
    m_place = std::make_unique<ui::SetupPlace>(*m_services);
    const QStringList size = qEnvironmentVariable("CATAMARAN_SIZE", QStringLiteral("1180x740")).split(u'x');
    m_place->resize(size.value(0).toInt(), size.value(1).toInt());
    m_place->show();
    QVERIFY(QTest::qWaitForWindowActive(m_place.get()));
}

void KubeconfigPageTest::init()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

void KubeconfigPageTest::picture(const QString &name)
{
    const QString folder = qEnvironmentVariable("CATAMARAN_PICTURES");
    if (folder.isEmpty())
        return;
    for (int i = 0; i < 5; ++i) // texts that wrap settle in a few rounds
        QCoreApplication::processEvents();
    QVERIFY(m_place->grab().save(
        QStringLiteral("%1/%2-%3.png").arg(folder, name, qEnvironmentVariable("CATAMARAN_SCHEME", QStringLiteral("light")))));
}

void KubeconfigPageTest::type(const QString &path)
{
    auto *edit = test::part<QLineEdit>(*m_place, "kubeconfigPath");
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(edit, path);
    QTest::keyClick(edit, Qt::Key_Return);
    QTRY_VERIFY(!page()->isBusy());
}

void KubeconfigPageTest::choose(const QString &context)
{
    auto *table = test::part<QTableView>(*m_place, "contexts");
    const int row = model()->rowOf(context);
    QVERIFY2(row >= 0, qPrintable(context));
    table->scrollTo(model()->index(row, 0));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(model()->index(row, ContextModel::BecomesColumn)).center());
    QCOMPARE(table->currentIndex().row(), row);
}

QString KubeconfigPageTest::testLines() const
{
    QStringList lines;
    for (const QLabel *label : test::part<QWidget>(*m_place, "testLines")->findChildren<QLabel *>()) {
        if (label->isVisible())
            lines << label->text();
    }
    return lines.join(u'\n');
}

void KubeconfigPageTest::emptyScreenSaysWhatBelongsThere()
{
    test::click(*m_place, "addKubeconfigs");
    QVERIFY(page()->isVisible());
    QVERIFY(m_place->step() == ui::SetupStep::Environment);
    QVERIFY(test::part<QLineEdit>(*m_place, "kubeconfigPath")->hasFocus());
    QVERIFY(!test::part<QPushButton>(*m_place, "useContexts")->isEnabled());
    QVERIFY(!test::part<QPushButton>(*m_place, "addDefault")->isVisible()); // $KUBECONFIG names no file that is there
    picture(QStringLiteral("kubeconfig-1-empty"));
    for (const QWidget *widget : page()->findChildren<QWidget *>()) { // a screen reader has a name for whatever takes the keyboard
        if (widget->focusPolicy() != Qt::NoFocus && widget->isVisibleTo(page())
            && (qobject_cast<const QLineEdit *>(widget) || qobject_cast<const QAbstractItemView *>(widget)))
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
    }
}

void KubeconfigPageTest::filesAreAddedByPathAndByDropping()
{
    type(m_lab.kubeconfig(1));
    QTRY_COMPARE(model()->rowCount(), 1);
    QVERIFY(model()->choice(0).chosen); // alone in its file: nothing to pick
    QMimeData dropped;
    dropped.setUrls({ QUrl::fromLocalFile(m_lab.kubeconfig(2)) });
    QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &dropped, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(page(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(20, 20), Qt::CopyAction, &dropped, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(page(), &drop);
    QTRY_COMPARE(model()->rowCount(), 2);
    QVERIFY(test::part<QPushButton>(*m_place, "useContexts")->isEnabled());
    auto *files = test::part<QTableWidget>(*m_place, "kubeconfigFiles");
    QCOMPARE(files->rowCount(), 2);
    picture(QStringLiteral("kubeconfig-2-range"));
    // With the keyboard: leave one out, and take that back.
    auto *table = test::part<QTableView>(*m_place, "contexts");
    table->setFocus();
    table->setCurrentIndex(model()->index(0, ContextModel::ContextColumn));
    QTest::keyClick(table, Qt::Key_Space);
    QVERIFY(!model()->choice(0).chosen);
    QTest::keyClick(table, Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(model()->choice(0).chosen);
}

void KubeconfigPageTest::brokenFilesAreExplainedAndTakenOutAgain()
{
    const QByteArray token("    token: abc\n");
    const QString broken = test::writeFile(
        m_dir, QStringLiteral("broken.kubeconfig"), "apiVersion: v1\nkind: Config\ncontexts:\n- name: x\n  context: [ oops\n");
    const QString wrong
        = test::writeFile(m_dir, QStringLiteral("wrong.kubeconfig"), test::kubeconfig("plain-http", "http://127.0.0.1:1", token),
            QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadOther);
    const QString open = test::writeFile(m_dir, QStringLiteral("unverified.kubeconfig"),
        test::kubeconfig("unverified", "https://127.0.0.1:1", token, "    insecure-skip-tls-verify: true\n"));
    const QString torn = test::writeFile(m_dir, QStringLiteral("torn.kubeconfig"),
        "contexts:\n- name: torn\n  context: { cluster: gone, user: nobody }\nclusters:\n- name: here\n  cluster: { server: \"https://127.0.0.1:1\" }\n");
    page()->addFiles({ broken, wrong, open, torn });
    QTRY_COMPARE(model()->rowCount(), 5);
    QTRY_VERIFY(!page()->isBusy());
    auto *files = test::part<QTableWidget>(*m_place, "kubeconfigFiles");
    QCOMPARE(files->rowCount(), 6);
    QVERIFY2(files->item(2, 2)->text().startsWith(u'✗'), qPrintable(files->item(2, 2)->text()));
    QVERIFY2(files->item(2, 2)->toolTip().contains(QStringLiteral("broken.kubeconfig")), qPrintable(files->item(2, 2)->toolTip()));
    const auto state
        = [this](const QString &context) { return model()->index(model()->rowOf(context), ContextModel::StateColumn).data().toString(); };
    QVERIFY2(state(QStringLiteral("plain-http")).contains(QStringLiteral("plain http")), qPrintable(state(QStringLiteral("plain-http"))));
    QVERIFY2(state(QStringLiteral("unverified")).contains(QStringLiteral("not verified")), qPrintable(state(QStringLiteral("unverified"))));
    QVERIFY2(state(QStringLiteral("torn")).contains(QStringLiteral("gone")), qPrintable(state(QStringLiteral("torn"))));
    QVERIFY(!model()->row(model()->rowOf(QStringLiteral("torn"))).usable());
    choose(QStringLiteral("torn"));
    picture(QStringLiteral("kubeconfig-3-broken"));
    choose(QStringLiteral("plain-http"));
    picture(QStringLiteral("kubeconfig-3-http"));
    bool offered = false;
    for (const ui::CommandBox *box : test::part<QWidget>(*m_place, "contextDetail")->findChildren<ui::CommandBox *>())
        offered = offered || box->command().contains(QStringLiteral("--server=https://127.0.0.1:1"));
    QVERIFY(offered);

    // The broken file is taken out with the keyboard, comes back, and goes again.
    files->setFocus();
    files->selectRow(2);
    QTest::keyClick(files, Qt::Key_Delete);
    QTRY_COMPARE(files->rowCount(), 5);
    QTest::keyClick(page(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(files->rowCount(), 6);
    QTRY_VERIFY(!page()->isBusy());
    for (int row = files->rowCount() - 1; row >= 2; --row) {
        files->setFocus();
        files->selectRow(row);
        QTest::keyClick(files, Qt::Key_Delete);
        QTRY_COMPARE(files->rowCount(), row);
        QTRY_VERIFY(!page()->isBusy());
    }
    QCOMPARE(model()->rowCount(), 2);
    QVERIFY(QFile::exists(broken));
}

void KubeconfigPageTest::contextsAreTested()
{
    choose(model()->row(0).name);
    test::click(*m_place, "testConnection");
    QTRY_VERIFY_WITH_TIMEOUT(!page()->isBusy(), 20000);
    QTRY_VERIFY(!testLines().isEmpty());
    const QString lines = testLines();
    QVERIFY2(lines.contains(QStringLiteral("reach the API server: v1.")), qPrintable(lines));
    QVERIFY2(lines.contains(QStringLiteral("move the client and run drills: allowed")), qPrintable(lines));
    QVERIFY2(!lines.contains(QStringLiteral("denied")), qPrintable(lines));
    QVERIFY(model()->index(0, ContextModel::TestColumn).data().toString().contains(QStringLiteral("all allowed")));
    picture(QStringLiteral("kubeconfig-4-tested"));
    // One whose server is gone says what came back.
    QVERIFY(m_lab.ctl({ QStringLiteral("stop"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
    test::click(*m_place, "testAll");
    QTRY_VERIFY_WITH_TIMEOUT(!page()->isBusy(), 60000);
    QCOMPARE(model()->index(1, ContextModel::TestColumn).data().toString(), QStringLiteral("does not answer"));
    choose(model()->row(1).name);
    QTRY_VERIFY2(testLines().contains(QStringLiteral("reach the API server: ")), qPrintable(testLines()));
    picture(QStringLiteral("kubeconfig-4-gone"));
    QVERIFY(m_lab.ctl({ QStringLiteral("start"), QStringLiteral("api-server"), QStringLiteral("cluster-2") }).ok());
}

void KubeconfigPageTest::testIsCancelled()
{
    choose(model()->row(0).name);
    test::click(*m_place, "testConnection");
    QVERIFY(page()->isBusy());
    test::click(*m_place, "cancelTest");
    QVERIFY(!page()->isBusy());
    QCOMPARE(model()->index(0, ContextModel::TestColumn).data().toString(), QStringLiteral("cancelled"));
}

void KubeconfigPageTest::restrictedIdentityIsTold()
{
    QFile source(m_lab.kubeconfig(1));
    QVERIFY(source.open(QIODevice::ReadOnly));
    QByteArray yaml = source.readAll();
    const QByteArray name = model()->row(0).name.toUtf8();
    QVERIFY(yaml.contains("  user:\n"));
    yaml.replace("  user:\n", "  user:\n    as: viewer\n    as-groups: [\"range:viewers\"]\n");
    yaml.replace("name: " + name, "name: viewer").replace("cluster: " + name, "cluster: viewer");
    yaml.replace("user: " + model()->row(0).user.toUtf8(), "user: viewer")
        .replace("name: " + model()->row(0).user.toUtf8(), "name: viewer");
    const QString file = test::writeFile(m_dir, QStringLiteral("viewer.kubeconfig"), yaml);
    type(file);
    QTRY_COMPARE(model()->rowCount(), 3);
    choose(model()->row(2).name);
    test::click(*m_place, "testConnection");
    QTRY_VERIFY_WITH_TIMEOUT(!page()->isBusy(), 20000);
    QTRY_VERIFY(!testLines().isEmpty());
    const QString lines = testLines();
    QVERIFY2(lines.contains(QStringLiteral("see pods: allowed")), qPrintable(lines));
    QVERIFY2(lines.contains(QStringLiteral("denied: patch deployments.apps/scale in namespace default")), qPrintable(lines));
    QVERIFY2(lines.contains(QStringLiteral("denied: create pods/exec in namespace default")), qPrintable(lines));
    QVERIFY2(test::part<ui::CommandBox>(*m_place, "role")->command().contains(QStringLiteral("deployments/scale")), "no role is offered");
    QVERIFY(model()->index(2, ContextModel::TestColumn).data().toString().contains(QStringLiteral("denied")));
    picture(QStringLiteral("kubeconfig-5-viewer"));
    auto *files = test::part<QTableWidget>(*m_place, "kubeconfigFiles");
    files->setFocus();
    files->selectRow(2);
    QTest::keyClick(files, Qt::Key_Delete);
    QTRY_COMPARE(model()->rowCount(), 2);
}

void KubeconfigPageTest::everythingIsCopiedAsText()
{
    test::click(*m_place, "copyContexts");
    const QString text = QGuiApplication::clipboard()->text();
    QVERIFY2(text.contains(m_lab.kubeconfig(1)) && text.contains(QStringLiteral("https://127.")), qPrintable(text));
    QFile source(m_lab.kubeconfig(1));
    QVERIFY(source.open(QIODevice::ReadOnly));
    const QRegularExpressionMatch key
        = QRegularExpression(QStringLiteral("client-key-data: (\\S+)")).match(QString::fromUtf8(source.readAll()));
    QVERIFY(key.hasMatch());
    QVERIFY(!text.contains(key.captured(1)));
    QVERIFY(!text.contains(QStringLiteral("PRIVATE KEY")));
}

void KubeconfigPageTest::windowStaysAliveWithHundredsOfContexts()
{
    ui::SetupPlace place(*m_services); // of its own: the others go on with few
    place.resize(1180, 740);
    place.show();
    place.showKubeconfigs();
    ui::KubeconfigPage *page = place.kubeconfigs();
    const QString file = test::writeFile(m_dir, QStringLiteral("company"), test::manyContexts(416));
    LongestBlock block;
    page->addFiles({ file });
    QTRY_VERIFY_WITH_TIMEOUT(!page->isBusy() && page->model()->rowCount() == 416, 60000);
    QCoreApplication::processEvents();
    const double shown = block.milliseconds();
    QVERIFY2(shown < 400, qPrintable(QStringLiteral("busy for %1 ms while they were shown").arg(shown)));
    // Whoever walks through them does not wait either.
    auto *table = test::part<QTableView>(place, "contexts");
    table->setFocus();
    for (int i = 0; i < 20; ++i) {
        QTest::keyClick(table, Qt::Key_Down);
        QCoreApplication::processEvents();
    }
    const double walked = block.milliseconds();
    QVERIFY2(walked < 400, qPrintable(QStringLiteral("busy for %1 ms while one went through them").arg(walked)));
}

/// None of them answers: all are tested, a few at a time, and what is over holds no connection.
void KubeconfigPageTest::hundredsOfContextsAreTested()
{
    const auto root = pki::makeRoot(QStringLiteral("company"), pki::KeyType::EcP256);
    QVERIFY(root.has_value());
    ui::SetupPlace place(*m_services);
    place.resize(1180, 740);
    place.show();
    place.showKubeconfigs();
    ui::KubeconfigPage *page = place.kubeconfigs();
    page->addFiles({ test::writeFile(m_dir, QStringLiteral("usable"), test::manyContexts(36, root->certificate)) });
    QTRY_VERIFY_WITH_TIMEOUT(!page->isBusy() && page->model()->rowCount() == 36, 60000);
    LongestBlock block;
    int most = 0;
    QTimer count;
    connect(&count, &QTimer::timeout, this, [&most] {
        most = std::max(most, int(QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size()));
    });
    count.start(20);
    const auto before = QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
    test::click(place, "testAll");
    const auto testedRows = [page] {
        int tested = 0;
        for (int row = 0; row < page->model()->rowCount(); ++row)
            tested += page->model()->index(row, ContextModel::TestColumn).data().toString() == QStringLiteral("does not answer");
        return tested;
    };
    QTRY_VERIFY_WITH_TIMEOUT(!page->isBusy(), 120000);
    QCOMPARE(testedRows(), 36);
    QVERIFY2(block.milliseconds() < 400, qPrintable(QStringLiteral("busy for %1 ms").arg(block.milliseconds())));
    QVERIFY2(most < before + 60, qPrintable(QStringLiteral("%1 threads, %2 before").arg(most).arg(before)));
}

void KubeconfigPageTest::clustersAreKeptAndOpened()
{
    auto *name = test::part<QLineEdit>(*m_place, "environmentName");
    name->setFocus();
    QTest::keyClick(name, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(name, QStringLiteral("My clusters"));
    QVERIFY(test::part<QLabel>(*m_place, "saveNote")->text().contains(QStringLiteral("my-clusters.yaml")));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(m_services->session(), 20000);
    QCOMPARE(m_services->session()->clusterNames().size(), 2);
    QCOMPARE(m_services->session()->environment().name, QStringLiteral("my-clusters"));
    QTRY_VERIFY(!page()->isVisible());
    const QString file = ui::keptEnvironmentFile(QStringLiteral("my-clusters"));
    QVERIFY(QFile::exists(file));
    QVERIFY(!(QFile::permissions(file) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
    QTRY_VERIFY_WITH_TIMEOUT(
        m_services->live()->fleet().clusters.size() == 2 && m_services->live()->fleet().clusters.first().reachable, 20000);
    picture(QStringLiteral("kubeconfig-6-kept"));
}

void KubeconfigPageTest::keptEnvironmentIsChangedAndRemoved()
{
    if (!m_services->session())
        QSKIP("nothing was kept");
    test::click(*m_place, "changeKept-my-clusters");
    QTRY_VERIFY(page()->isVisible());
    QTRY_VERIFY(!page()->isBusy());
    QCOMPARE(model()->chosenCount(), 2);
    QCOMPARE(test::part<QPushButton>(*m_place, "useContexts")->text(), QStringLiteral("&Replace and open"));
    test::click(*m_place, "leaveKubeconfigs");
    QTRY_VERIFY(!page()->isVisible());
    const QString file = ui::keptEnvironmentFile(QStringLiteral("my-clusters"));
    test::click(*m_place, "removeKept-my-clusters");
    QVERIFY(!QFile::exists(file));
    for (QPushButton *button : test::part<QWidget>(*m_place, "environmentError")->findChildren<QPushButton *>()) {
        if (button->isVisible())
            QTest::mouseClick(button, Qt::LeftButton); // Undo
    }
    QVERIFY(QFile::exists(file));
    QVERIFY(documents::loadEnvironment(file).has_value());
}

void KubeconfigPageTest::cleanupTestCase()
{
    m_place.reset();
    m_services.reset();
}

QTEST_MAIN(KubeconfigPageTest)
#include "tst_kubeconfigpage.moc"
