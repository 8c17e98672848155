// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "core/printable.h"
#include "support/labprocess.h"
#include "ui/activity/activitymodel.h"
#include "ui/common/plaintext.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/drills/drilllibrary.h"
#include "ui/examplefleet.h"
#include "ui/kubeconfigs.h"
#include "ui/setup/kubeconfigpage.h"
#include "ui/setup/setupplace.h"
#include "ui/shell/inspector.h"
#include "ui/shell/mainwindow.h"
#include "ui/topology/topologyplace.h"
#include "ui/verify/answermodel.h"
#include "ui/verify/answerspanel.h"
#include "ui/verify/runcharts.h"
#include "ui/verify/sharebar.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QGraphicsScene>
#include <QGraphicsTextItem>
#include <QGraphicsView>
#include <QGroupBox>
#include <QHeaderView>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QSettings>
#include <QTabBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBrowser>
#include <QToolTip>
#include <QTreeView>

using namespace catamaran;
using namespace catamaran::test;

namespace {

/// What others may send: HTML that says that all is well, a picture of a file of this machine, control sequences, letters
/// turned around, an end of line.
QString hostile(const QString &name)
{
    return QStringLiteral(
        "<b style='color:green'>%1 PASSED</b><img src='file:///etc/hostname'> &lt;i&gt; \x1b[2J\x1b]0;owned\x07\u009b31m\u202eyllew lla\u2066 \u2028\n<h1>%1</h1> R&D")
        .arg(name);
}

/// What a widget shows or says, with where that is.
class Seen {
public:
    void text(const QString &where, const QString &text)
    {
        ++m_looked;
        m_hostile += text.contains(QLatin1String("PASSED")) ? 1 : 0;
        if (core::printable(text) != text && core::printable(QString(text).remove(QChar(0x200b))) != QString(text).remove(QChar(0x200b)))
            m_wrong << where + QStringLiteral(" acts: ") + core::printableLine(text);
    }
    void plain(const QString &where, const QString &shown, bool isPlain)
    {
        text(where, shown);
        if (!isPlain && Qt::mightBeRichText(shown))
            m_wrong << where + QStringLiteral(" is HTML: ") + core::printableLine(shown);
    }
    void no(const QString &where, const QString &what) { m_wrong << where + QStringLiteral(": ") + what; }
    [[nodiscard]] QString wrong() const { return m_wrong.join(u'\n'); }
    [[nodiscard]] int looked() const { return m_looked; }
    [[nodiscard]] int hostileTexts() const { return m_hostile; }

private:
    QStringList m_wrong;
    int m_looked = 0, m_hostile = 0;
};

void lookAt(Seen &seen, const QString &where, const QAbstractItemModel &model, const QModelIndex &parent = {}, int depth = 0)
{
    for (int row = 0; row < model.rowCount(parent) && row < 300 && depth < 6; ++row) {
        for (int column = 0; column < model.columnCount(parent); ++column) {
            const QModelIndex index = model.index(row, column, parent);
            for (const int role : { Qt::DisplayRole, Qt::StatusTipRole, Qt::AccessibleTextRole, Qt::AccessibleDescriptionRole })
                seen.text(QStringLiteral("%1[%2,%3] role %4").arg(where).arg(row).arg(column).arg(role), index.data(role).toString());
            for (const int role : { Qt::ToolTipRole, Qt::WhatsThisRole })
                seen.plain(
                    QStringLiteral("%1[%2,%3] role %4").arg(where).arg(row).arg(column).arg(role), index.data(role).toString(), false);
            if (column == 0)
                lookAt(seen, where, model, index, depth + 1);
        }
    }
    for (int column = 0; !parent.isValid() && column < model.columnCount(); ++column)
        seen.text(where + QStringLiteral(" header"), model.headerData(column, Qt::Horizontal).toString());
}

void lookAt(Seen &seen, const QString &where, const QGraphicsView &view)
{
    if (!view.scene())
        return;
    const QList<QGraphicsItem *> items = view.scene()->items();
    for (const QGraphicsItem *item : items) {
        seen.plain(where + QStringLiteral(" item's tooltip"), item->toolTip(), false);
        const auto *words = dynamic_cast<const QGraphicsTextItem *>(item);
        if (!words)
            continue;
        seen.text(where + QStringLiteral(" words"), words->toPlainText());
        const QList<QTextFormat> formats = words->document()->allFormats();
        if (std::any_of(formats.cbegin(), formats.cend(), [](const QTextFormat &format) { return format.isImageFormat(); }))
            seen.no(where, QStringLiteral("a picture"));
    }
}

void lookAt(Seen &seen, const QString &place, const QWidget &widget)
{
    const QString where = QStringLiteral("%1: %2 “%3”").arg(place, QLatin1String(widget.metaObject()->className()), widget.objectName());
    seen.plain(where + QStringLiteral(" tooltip"), widget.toolTip(), false);
    seen.text(where + QStringLiteral(" title"), widget.windowTitle());
    seen.text(where + QStringLiteral(" name"), widget.accessibleName());
    seen.text(where + QStringLiteral(" description"), widget.accessibleDescription());
    if (const auto *label = qobject_cast<const QLabel *>(&widget))
        seen.plain(where, label->text(), label->textFormat() == Qt::PlainText);
    else if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        seen.text(where, button->text());
    else if (const auto *box = qobject_cast<const QGroupBox *>(&widget))
        seen.text(where, box->title());
    else if (const auto *edit = qobject_cast<const QPlainTextEdit *>(&widget))
        seen.text(where, edit->toPlainText());
    else if (const auto *line = qobject_cast<const QLineEdit *>(&widget))
        seen.text(where, line->placeholderText());
    else if (const auto *combo = qobject_cast<const QComboBox *>(&widget))
        lookAt(seen, where, *combo->model());
    else if (const auto *tabs = qobject_cast<const QTabBar *>(&widget)) {
        for (int i = 0; i < tabs->count(); ++i)
            seen.text(where, tabs->tabText(i));
    } else if (qobject_cast<const QTextEdit *>(&widget))
        seen.no(where, QStringLiteral("an editor of rich text"));
    else if (const auto *view = qobject_cast<const QAbstractItemView *>(&widget); view && view->model())
        lookAt(seen, where, *view->model());
    else if (const auto *canvas = qobject_cast<const QGraphicsView *>(&widget))
        lookAt(seen, where, *canvas);
}

/// Everything in @p window, whether it can be seen now or not.
void lookAtAll(Seen &seen, const QString &place, const QWidget &window)
{
    lookAt(seen, place, window);
    for (const QWidget *widget : window.findChildren<QWidget *>())
        lookAt(seen, place, *widget);
}

const QLabel *shownToolTip()
{
    const QWidgetList all = QApplication::topLevelWidgets();
    for (const QWidget *widget : all) {
        if (widget->inherits("QTipLabel") && widget->isVisible())
            return qobject_cast<const QLabel *>(widget);
    }
    return nullptr;
}

probe::Sample answer(const QString &said)
{
    probe::Sample sample;
    sample.httpCode = 200;
    sample.raw = said;
    sample.version = said;
    sample.instance = said;
    sample.startedAtMs = sample.receivedAtMs = QDateTime::currentMSecsSinceEpoch();
    return sample;
}

observe::ObservedFleet hostileFleet()
{
    observe::ObservedFleet fleet = guideFleet();
    for (observe::ObservedCluster &cluster : fleet.clusters) {
        cluster.region = hostile(QStringLiteral("region"));
        cluster.kubeVersion = hostile(QStringLiteral("version"));
        cluster.apiServer = hostile(QStringLiteral("server"));
        cluster.vpcId = hostile(QStringLiteral("vpc"));
        cluster.gatewayAddress = hostile(QStringLiteral("gateway"));
        for (observe::Condition &condition : cluster.conditions) {
            condition.health = observe::Health::Failed;
            condition.reason = condition.evidence = condition.source = hostile(QStringLiteral("condition"));
        }
        for (observe::ObservedWorkload &workload : cluster.workloads) {
            workload.name += hostile(QStringLiteral("workload"));
            workload.version = hostile(QStringLiteral("v1"));
            workload.podNames = QStringList { hostile(QStringLiteral("pod")) };
        }
    }
    for (observe::ObservedMesh &mesh : fleet.meshes) {
        mesh.status.name += hostile(QStringLiteral("mesh"));
        mesh.status.version = mesh.status.stateWord = hostile(QStringLiteral("mesh version"));
        for (mesh::MemberCluster &member : mesh.status.members)
            member.network = member.state = hostile(QStringLiteral("network"));
        for (observe::Condition &condition : mesh.conditions)
            condition.reason = condition.evidence = hostile(QStringLiteral("mesh condition"));
    }
    for (observe::Condition &condition : fleet.trust) {
        condition.health = observe::Health::Failed;
        condition.reason = condition.evidence = hostile(QStringLiteral("trust"));
    }
    return fleet;
}

QJsonObject hostileRun()
{
    const QString said = hostile(QStringLiteral("run"));
    const QJsonObject sample { { QStringLiteral("index"), 0 }, { QStringLiteral("started_at_ms"), 1750000000000.0 },
        { QStringLiteral("http_code"), 200 }, { QStringLiteral("version"), said }, { QStringLiteral("instance"), said },
        { QStringLiteral("raw"), said } };
    return { { QStringLiteral("source"), said }, { QStringLiteral("url"), said }, { QStringLiteral("requests"), 2 },
        { QStringLiteral("ok"), 1 }, { QStringLiteral("errors"), 1 }, { QStringLiteral("versions"), QJsonObject { { said, 1 } } },
        { QStringLiteral("instances"), QJsonObject { { said, 1 } } }, { QStringLiteral("error_kinds"), QJsonObject { { said, 1 } } },
        { QStringLiteral("sentence"), said }, { QStringLiteral("pod"), said }, { QStringLiteral("samples"), QJsonArray { sample } } };
}

QJsonObject hostileDrill()
{
    const QString said = hostile(QStringLiteral("drill"));
    QJsonObject drill = hostileRun();
    for (const char *field : { "drill", "title", "hypothesis", "reason", "environment" })
        drill.insert(QLatin1String(field), said);
    drill.insert(QStringLiteral("verdict"), QStringLiteral("fail"));
    drill.insert(QStringLiteral("restored"), true);
    drill.insert(QStringLiteral("restore_proof"), QJsonArray { said });
    drill.insert(QStringLiteral("phases"),
        QJsonArray { QJsonObject { { QStringLiteral("phase"), QStringLiteral("fault") }, { QStringLiteral("at_ms"), 1750000000000.0 },
            { QStringLiteral("note"), said } } });
    return drill;
}

} // namespace

/// Text from outside is text in all of the window: no label, tooltip, list or map interprets it.
class PlainTextTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void tooltipsShowTheirTags_data();
    void tooltipsShowTheirTags();
    void labelsOfQtDoNotGuess();
    void nothingInTheWindowIsInterpreted();

private:
    QTemporaryDir m_folder;
    tests::LabProcess m_lab;

    void fill(ui::Services &services, ui::MainWindow &window);
};

void PlainTextTest::initTestCase()
{
    QCoreApplication::setOrganizationName(QStringLiteral("CatamaranTest"));
    QCoreApplication::setApplicationName(QStringLiteral("plaintext"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, m_folder.path());
    qputenv("XDG_DATA_HOME", m_folder.path().toUtf8());
    qputenv("KUBECONFIG", m_folder.filePath(QStringLiteral("none")).toUtf8());
    ui::applyTheme(*qApp, ui::Scheme::Light);
    ui::keepTextsPlain();
}

void PlainTextTest::tooltipsShowTheirTags_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("a tag") << QStringLiteral("<b>passed</b>");
    QTest::newRow("a picture behind words") << QStringLiteral("all well <img src='file:///etc/hostname'>");
    QTest::newRow("an entity") << QStringLiteral("a &lt;b");
    QTest::newRow("a document") << QStringLiteral("<!DOCTYPE html><p>x");
    QTest::newRow("a declaration") << QStringLiteral("<?xml version='1.0'?><b>x</b>");
    QTest::newRow("no tag") << QStringLiteral("a < b, b > c");
    QTest::newRow("words") << QStringLiteral("Closes the window & ends");
}

void PlainTextTest::tooltipsShowTheirTags()
{
    QFETCH(const QString, text);
    const QString plain = ui::plainToolTip(text);
    QVERIFY2(!Qt::mightBeRichText(plain), qPrintable(plain));
    QCOMPARE(ui::plainToolTip(plain), plain);
    QCOMPARE(QString(plain).remove(QChar(0xfe0e)), text); // the same signs for whoever reads it
    // As Qt shows it, whoever gave the text.
    QWidget widget;
    widget.resize(100, 50);
    widget.show();
    QVERIFY(QTest::qWaitForWindowExposed(&widget));
    QToolTip::showText(widget.mapToGlobal(QPoint(5, 5)), text, &widget);
    const QLabel *tip = shownToolTip();
    QVERIFY(tip);
    QCOMPARE(tip->textFormat(), Qt::PlainText);
    QCOMPARE(tip->text(), text);
    QToolTip::hideText();
    QTRY_VERIFY(!shownToolTip());
}

void PlainTextTest::labelsOfQtDoNotGuess()
{
    QMessageBox box;
    box.setText(QStringLiteral("<b>passed</b>"));
    box.setInformativeText(QStringLiteral("<img src='file:///etc/hostname'>"));
    box.setWindowTitle(hostile(QStringLiteral("title")));
    box.show();
    Seen seen;
    lookAtAll(seen, QStringLiteral("message box"), box);
    QVERIFY2(seen.wrong().isEmpty(), qPrintable(seen.wrong()));
    QVERIFY(seen.looked() > 5);
}

/// Hostile texts wherever they can come from.
void PlainTextTest::fill(ui::Services &services, ui::MainWindow &window)
{
    const QString said = hostile(QStringLiteral("all"));
    emit services.live()->changed(hostileFleet());
    emit services.openFailed(core::Error::make(core::ErrorKind::Server, said, said, said, said));
    services.markFault(QStringLiteral("cluster:cluster-1"), said);
    window.setWindowTitle(said);
    if (window.isBuilt(QStringLiteral("verify"))) {
        auto *verify = window.place(QStringLiteral("verify"));
        verify->findChild<ui::AnswersPanel *>()->append({ answer(said) });
        verify->findChild<ui::InstanceModel *>()->update({ { said, 1 } }, { { said, 2 } });
        verify->findChild<ui::ShareBar *>(QStringLiteral("shares"))->setShares({ { said, 3 } }, 1, { { said, 0.5 } });
        verify->findChild<ui::ErrorBanner *>(QStringLiteral("verifyError"))
            ->showError(core::Error::make(core::ErrorKind::Server, said, said, said, said));
        ui::RunSeries series;
        series.add({ answer(said), answer(QStringLiteral("v1")) });
        verify->findChild<ui::AnswersChart *>()->refresh(series);
    }
    if (window.isBuilt(QStringLiteral("drills"))) {
        drill::DrillDocument drill;
        drill.id = QStringLiteral("hostile");
        drill.title = drill.summary = drill.hypothesis = said;
        drill.faults = { { drill::findFaultKind(QStringLiteral("scale")),
            { { QStringLiteral("cluster"), said }, { QStringLiteral("namespace"), said }, { QStringLiteral("deployment"), said },
                { QStringLiteral("replicas"), 0 } } } };
        auto *library = window.place(QStringLiteral("drills"))->findChild<ui::DrillLibrary *>();
        library->setDrills({ drill });
        library->setReasons({ { core::Error::make(core::ErrorKind::Precondition, said, said, said, said) } });
    }
    if (auto *topology = qobject_cast<ui::TopologyPlace *>(window.place(QStringLiteral("topology")))) {
        for (const QString &object : topology->findableObjects()) {
            topology->select(object);
            emit services.live()->changed(hostileFleet());
        }
    }
}

void PlainTextTest::nothingInTheWindowIsInterpreted()
{
    if (tests::LabProcess::program().isEmpty())
        QSKIP("catamaran-lab has not been built");
    QVERIFY2(m_lab.start(), qPrintable(m_lab.errorText()));
    const auto database = store::Database::open(m_folder.filePath(QStringLiteral("test.db")));
    QVERIFY(database.has_value());
    const QString said = hostile(QStringLiteral("journal"));
    ui::Services services(m_folder.filePath(QStringLiteral("test.db")), store::makeMemorySecretStore());
    ui::MainWindow window(services, ui::Scheme::Light);
    window.resize(1280, 820);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    services.openEnvironment(m_lab.environmentFile());
    QTRY_VERIFY_WITH_TIMEOUT(services.session() && services.live() && services.live()->fleet().clusters.size() == 2, 60000);

    const QString environment = services.session()->environment().name;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QVERIFY((*database)->save({ 0, now, QStringLiteral("run"), environment, said, hostileRun() }).has_value());
    QVERIFY((*database)->save({ 0, now, QStringLiteral("drill"), environment, said, hostileDrill() }).has_value());
    store::Activity activity;
    activity.at = now;
    activity.environment = environment;
    activity.operation = activity.step = activity.what = activity.target = activity.call = activity.command = activity.state
        = activity.answer = activity.requestId = activity.undo = said;
    QVERIFY((*database)->begin(activity).has_value());
    emit services.sessionChanged(); // the places read the history anew

    services.reportProgress(services.beginOperation(said, std::stop_source()), said, 30);

    Seen seen;
    for (const QString &id : window.placeIds()) {
        ui::Place *place = window.place(id);
        window.showPlace(id);
        for (const QString &stop : place->tourStops()) {
            place->showTourStop(stop);
            fill(services, window);
            QCoreApplication::processEvents();
            fill(services, window); // the range's own news may have come between
            lookAtAll(seen, stop, window);
        }
    }
    window.showPalette();
    lookAtAll(seen, QStringLiteral("palette"), window);

    // Contexts of kubeconfigs that somebody else wrote.
    window.showPlace(QStringLiteral("setup"));
    auto *setup = qobject_cast<ui::SetupPlace *>(window.place(QStringLiteral("setup")));
    setup->showObject(QStringLiteral("kubeconfigs"));
    const QByteArray name
        = QJsonDocument(QJsonArray { hostile(QStringLiteral("context")) }).toJson(QJsonDocument::Compact).chopped(1).mid(1);
    QByteArray yaml = kubeconfig("NAME", "https://127.0.0.1:1",
        "    exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: NAME\n      interactiveMode: Never\n", {},
        "    namespace: NAME\n");
    setup->kubeconfigs()->addFiles({ writeFile(QDir(m_folder.path()), QStringLiteral("<b>kube"), yaml.replace("NAME", name)) });
    QTRY_VERIFY(!setup->kubeconfigs()->isBusy() && setup->kubeconfigs()->model()->rowCount() > 0);
    lookAtAll(seen, QStringLiteral("kubeconfigs"), window);

    QVERIFY2(seen.wrong().isEmpty(), qPrintable(seen.wrong()));
    QVERIFY2(seen.looked() > 5000 && seen.hostileTexts() > 300,
        qPrintable(QStringLiteral("%1 texts, %2 of them hostile").arg(seen.looked()).arg(seen.hostileTexts())));
    QCOMPARE(QGuiApplication::focusWindow() ? core::printableLine(window.windowTitle()) : window.windowTitle(), window.windowTitle());

    // What is pasted somewhere else does nothing there either.
    ui::copyText(said);
    QCOMPARE(QApplication::clipboard()->text(), core::printable(said));

    // And as the user gets to see it: the tooltip of a list's cell.
    window.showPlace(QStringLiteral("activity"));
    auto *table = window.place(QStringLiteral("activity"))->findChild<QTreeView *>(QStringLiteral("activities"));
    QVERIFY(table && table->model()->rowCount() > 0);
    const QModelIndex execution = table->model()->index(0, 0);
    table->expand(execution);
    const QPoint at = table->visualRect(table->model()->index(0, ui::ActivityModel::TargetColumn, execution)).center();
    QHelpEvent help(QEvent::ToolTip, at, table->viewport()->mapToGlobal(at));
    QApplication::sendEvent(table->viewport(), &help);
    const QLabel *tip = shownToolTip();
    QVERIFY(tip);
    QVERIFY(tip->textFormat() == Qt::PlainText && !Qt::mightBeRichText(tip->text()));
    QVERIFY2(tip->text().contains(QStringLiteral("PASSED")), qPrintable(tip->text()));
}

QTEST_MAIN(PlainTextTest)
#include "tst_plaintext.moc"
