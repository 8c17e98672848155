// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mainwindow.h"

#include "brokenbar.h"
#include "bundle/bundle.h"
#include "commandpalette.h"
#include "core/printable.h"
#include "directionnews.h"
#include "firststart.h"
#include "inspector.h"
#include "interruptedbanner.h"
#include "operationstrip.h"
#include "rail.h"
#include "restorebanner.h"
#include "ui/common/filedialog.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/look.h"
#include "ui/common/plaintext.h"
#include "ui/common/possible.h"
#include "ui/common/savefile.h"
#include "ui/common/widgets.h"
#include "ui/drills/losethis.h"
#include "ui/findings/findingsmodel.h"
#include "ui/topology/fleetfacts.h"
#include "ui/topology/topologyplace.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QEventLoop>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QMessageBox>
#include <QPainter>
#include <QPushButton>
#include <QSettings>
#include <QStackedWidget>
#include <QToolBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace catamaran::ui {
namespace {

constexpr int bandHeight = 4;
constexpr int mostRecent = 6;

/// Files and names of the environments that were open last, newest first. Some may be gone.
QList<std::pair<QString, QString>> recentEnvironments()
{
    QList<std::pair<QString, QString>> list;
    const QVariantList kept = QSettings().value(QStringLiteral("environments/recent")).toList();
    for (const QVariant &one : kept)
        list.append({ one.toStringList().value(0), one.toStringList().value(1) });
    return list;
}
constexpr int stateVersion = 1;
constexpr int wideEnough = 1250; ///< pixels, from which on the tool bar has room for all its words

/// The environment's colour across the window, under the tool bar.
class Band final : public QWidget {
public:
    explicit Band(QWidget *parent)
        : QWidget(parent)
    {
        setFixedHeight(bandHeight);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setObjectName(QStringLiteral("band"));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const QColor colour = property("colour").value<QColor>();
        painter.fillRect(rect(), colour.isValid() ? colour : themeOf(this).line);
    }
};

QString keysOf(const QAction &action)
{
    return action.shortcut().toString(QKeySequence::NativeText);
}

} // namespace

MainWindow::MainWindow(Services &services, std::optional<Scheme> scheme, QWidget *parent)
    : QMainWindow(parent)
    , m_services(services)
    , m_entries(allPlaces())
{
    keepTextsPlain();
    setObjectName(QStringLiteral("mainWindow"));
    setWindowIcon(colouredIcon(QStringLiteral("catamaran"), lightTheme().accent));
    setContextMenuPolicy(Qt::NoContextMenu);
    const QSettings settings;
    m_scheme = scheme.value_or(parseScheme(settings.value(QStringLiteral("theme")).toString()).value_or(Scheme::System));
    makeActions();
    makeToolBars();
    makeCentre();
    connect(&m_services, &Services::sessionChanged, this, &MainWindow::followSession);
    connect(&m_services, &Services::bundleSaved, this, [this](const QString &file, const std::shared_ptr<core::Error> &error) {
        if (error && error->kind == core::ErrorKind::Cancelled)
            return; // the strip says so
        if (error)
            m_error->showError(*error);
        else
            m_error->showNote(observe::Health::Ok, tr("Written: %1. Secrets were taken out; look at it before you hand it on.").arg(file));
        m_error->setClosable(true);
    });
    connect(&m_services, &Services::openFailed, this, [this](const core::Error &error) {
        m_first->setBusy({});
        m_error->showError(error);
        m_error->setClosable(true);
    });
    connect(&m_services, &Services::rangeStateChanged, this, [this](const QString &note) {
        if (m_services.isOpening())
            m_first->setBusy(note);
    });
    connect(&m_services, &Services::secretsChanged, this, &MainWindow::showSecretsNote);
    connect(&m_services, &Services::historySeen, this, &MainWindow::showHistory);
    connect(&m_services, &Services::placeRequested, this, &MainWindow::showPlace);
    connect(qApp, &QGuiApplication::commitDataRequest, this, &MainWindow::settle); // the desktop session is about to end
    m_ageing.setInterval(1000);
    connect(&m_ageing, &QTimer::timeout, this, &MainWindow::showReadiness);
    restoreWindow();
    followSession();
    if (m_stack->currentWidget() == m_first)
        m_first->setFocus();
}

MainWindow::~MainWindow()
{
    m_dock->disconnect(this); // it is hidden once more when it goes, and this is no window any more by then
    // The places listen to the services, which outlive the window; they go while all of it is still there.
    qDeleteAll(std::exchange(m_places, {}));
}

void MainWindow::makeActions()
{
    const auto add = [this](const QString &text, const QString &icon, const QKeySequence &keys, auto &&slot) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setShortcut(keys);
        const QString shown = QString(text).remove(u'…');
        action->setToolTip(keys.isEmpty() ? shown : QStringLiteral("%1 (%2)").arg(shown, keys.toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        m_actions << action;
        return action;
    };
    for (qsizetype i = 0; i < m_entries.size(); ++i) {
        const QString id = m_entries[i].id;
        add(tr("Go to %1").arg(m_entries[i].title), m_entries[i].icon, QKeySequence(QStringLiteral("Ctrl+%1").arg(i + 1)),
            [this, id] { showPlace(id); });
    }
    m_verifyAction = add(tr("Verify now"), QStringLiteral("verify"), QKeySequence(QStringLiteral("Ctrl+Shift+V")), [this] { verifyNow(); });
    m_drillAction = add(tr("Start drill"), QStringLiteral("drills"), QKeySequence(QStringLiteral("Ctrl+Shift+D")),
        [this] { showPlace(QStringLiteral("drills")); });
    add(tr("Open the command palette"), QStringLiteral("palette"), QKeySequence(QStringLiteral("Ctrl+K")), [this] { showPalette(); });
    add(tr("Start the practice range"), QStringLiteral("range"), {}, [this] { m_services.startPracticeRange(); });
    add(tr("Open an environment file…"), QStringLiteral("file"), QKeySequence::Open, [this] { openFile(); });
    m_bundleAction = add(tr("Save a support bundle…"), QStringLiteral("export"), {}, [this] { saveBundle(); });
    add(tr("Open a support bundle…"), QStringLiteral("file"), {}, [this] { openBundle(); });
    m_closeAction = add(tr("Close the environment"), QStringLiteral("close"), {}, [this] { m_services.closeEnvironment(); });
    add(tr("Switch between light and dark"), QStringLiteral("theme"), QKeySequence(QStringLiteral("Ctrl+Shift+L")),
        [this] { setScheme(themeOf(this).dark ? Scheme::Light : Scheme::Dark); });
    add(tr("Use the desktop's colours"), QStringLiteral("theme"), {}, [this] { setScheme(Scheme::System); });
    m_inspectorAction = add(tr("Inspector"), QStringLiteral("inspector"), QKeySequence(QStringLiteral("Ctrl+I")), [] {});
    m_inspectorAction->setCheckable(true);
    add(tr("About Catamaran"), QStringLiteral("info"), QKeySequence::HelpContents, [this] { about(); });
    addLoseThis(m_services);
    add(tr("Quit"), QStringLiteral("cross"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::makeToolBars()
{
    auto *bar = new QToolBar(tr("Main"), this);
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setFloatable(false);
    bar->setIconSize({ 18, 18 });
    bar->setStyleSheet(QStringLiteral("QToolBar { border: none; padding: 6px; spacing: 6px; }"));
    addToolBar(bar);

    m_environment = new QToolButton(bar);
    m_environment->setObjectName(QStringLiteral("environment"));
    m_environment->setAccessibleName(tr("Environment"));
    m_environment->setToolTip(tr("Where you work: switch or open an environment"));
    m_environment->setIcon(themedIcon(QStringLiteral("down")));
    m_environment->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_environment->setPopupMode(QToolButton::InstantPopup);
    m_environment->setFont(scaledFont(font(), 1.1, QFont::DemiBold));
    m_environmentMenu = new QMenu(m_environment);
    m_environmentMenu->setAccessibleName(tr("Environments"));
    connect(m_environmentMenu, &QMenu::aboutToShow, this, &MainWindow::fillEnvironmentMenu);
    m_environment->setMenu(m_environmentMenu);
    bar->addWidget(m_environment);
    m_production = new PlainLabel(tr("PRODUCTION"), bar);
    m_production->setObjectName(QStringLiteral("production"));
    m_production->setFont(scaledFont(font(), 0.9, QFont::Bold));
    QAction *production = bar->addWidget(m_production);
    production->setVisible(false);
    m_production->setProperty("action", QVariant::fromValue(production));

    m_readiness = new QToolButton(bar);
    m_readiness->setObjectName(QStringLiteral("readiness"));
    m_readiness->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_readiness->setToolTip(tr("Directions between two clusters that a request has just proven. Opens the matrix."));
    connect(m_readiness, &QToolButton::clicked, this, [this] { showPlace(QStringLiteral("matrix")); });
    QAction *readiness = bar->addWidget(m_readiness);
    readiness->setVisible(false);
    m_readiness->setProperty("action", QVariant::fromValue(readiness));

    auto *space = new QWidget(bar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    const auto button = [this, bar](QAction *action, const QString &text = {}) {
        auto *made = new QToolButton(bar);
        made->setDefaultAction(action);
        made->setAccessibleName(action->text());
        if (!text.isEmpty()) {
            made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            made->setText(text);
        }
        bar->addWidget(made);
        return made;
    };
    button(m_verifyAction, m_verifyAction->text())->setObjectName(QStringLiteral("verifyNow"));
    button(m_drillAction, m_drillAction->text())->setObjectName(QStringLiteral("startDrill"));
    for (QAction *action : std::as_const(m_actions)) {
        if (action->shortcut() == QKeySequence(QStringLiteral("Ctrl+K"))) {
            auto *made = button(action, tr("Search or do  Ctrl+K"));
            made->setObjectName(QStringLiteral("openPalette"));
        } else if (action->shortcut() == QKeySequence(QStringLiteral("Ctrl+Shift+L"))) {
            button(action)->setObjectName(QStringLiteral("themeToggle"));
        }
    }
    button(m_inspectorAction)->setObjectName(QStringLiteral("inspectorToggle"));
    auto *more = new QToolButton(bar);
    more->setIcon(themedIcon(QStringLiteral("more")));
    more->setToolTip(tr("More"));
    more->setAccessibleName(tr("More"));
    more->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(more);
    for (QAction *action : std::as_const(m_actions))
        menu->addAction(action);
    more->setMenu(menu);
    bar->addWidget(more);
    // A tool bar asks its style for its margins when the style changes; the sheet above is not told to it before that.
    bar->ensurePolished();
    QEvent changed(QEvent::StyleChange);
    QCoreApplication::sendEvent(bar, &changed);

    addToolBarBreak();
    auto *bandBar = new QToolBar(tr("Environment colour"), this);
    bandBar->setObjectName(QStringLiteral("bandBar"));
    bandBar->setMovable(false);
    bandBar->setStyleSheet(QStringLiteral("QToolBar { border: none; padding: 0; margin: 0; spacing: 0; }"));
    bandBar->setFixedHeight(bandHeight);
    bandBar->layout()->setContentsMargins(0, 0, 0, 0);
    m_band = new Band(bandBar);
    bandBar->addWidget(m_band);
    addToolBar(bandBar);
}

void MainWindow::makeCentre()
{
    auto *centre = new QWidget(this);
    auto *rows = new QVBoxLayout(centre);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    m_broken = new BrokenBar(m_services, centre);
    connect(m_broken, &BrokenBar::drillRequested, this, [this] { showPlace(QStringLiteral("drills")); });
    rows->addWidget(m_broken);
    auto *across = new QHBoxLayout;
    rows->addLayout(across, 1);
    across->setSpacing(0);
    m_rail = new Rail(m_entries, centre);
    connect(m_rail, &Rail::placeChosen, this, [this](const QString &id) { showPlace(id); });
    across->addWidget(m_rail);
    auto *column = new QVBoxLayout;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *banners = new QVBoxLayout;
    banners->setContentsMargins(8, 5, 8, 0);
    banners->setSpacing(4);
    m_restore = new RestoreBanner(m_services, centre);
    m_interrupted = new InterruptedBanner(m_services, centre);
    m_news = new DirectionNews(m_services, centre);
    connect(m_news, &DirectionNews::directionRequested, this,
        [this](const QString &direction) { showPlace(QStringLiteral("matrix"), direction); });
    m_error = new ErrorBanner(centre);
    m_error->setObjectName(QStringLiteral("openError"));
    m_then = new ErrorBanner(centre);
    m_then->setObjectName(QStringLiteral("asItWas"));
    m_then->setSlim(true);
    connect(m_then, &ErrorBanner::actionTriggered, this, [this] { m_services.closeEnvironment(); });
    m_secrets = new ErrorBanner(centre);
    m_secrets->setObjectName(QStringLiteral("secretsNote"));
    m_secrets->setSlim(true);
    connect(m_secrets, &ErrorBanner::actionTriggered, this, [this] {
        m_services.closeEnvironment(); // which is not open yet
        m_first->setBusy({});
    });
    m_history = new ErrorBanner(centre);
    m_history->setObjectName(QStringLiteral("historyNote"));
    connect(m_history, &ErrorBanner::actionTriggered, &m_services, &Services::lookAtHistory);
    for (ErrorBanner *banner : { static_cast<ErrorBanner *>(m_restore), static_cast<ErrorBanner *>(m_interrupted),
             static_cast<ErrorBanner *>(m_news), m_error, m_history, m_secrets, m_then })
        banners->addWidget(banner);
    column->addLayout(banners);
    m_stack = new QStackedWidget(centre);
    m_first = new FirstStart(m_stack);
    m_stack->addWidget(m_first);
    connect(m_first, &FirstStart::rangeRequested, &m_services, &Services::startPracticeRange);
    connect(m_first, &FirstStart::cloudRequested, this, [this] { showPlace(QStringLiteral("setup"), QStringLiteral("cloud")); });
    connect(
        m_first, &FirstStart::kubeconfigsRequested, this, [this] { showPlace(QStringLiteral("setup"), QStringLiteral("kubeconfigs")); });
    connect(m_first, &FirstStart::openFileRequested, this, &MainWindow::openFile);
    connect(m_first, &FirstStart::lastRequested, this, [this](const QString &file) {
        m_first->setBusy(tr("Opening %1").arg(file));
        m_services.openEnvironment(file);
    });
    column->addWidget(m_stack, 1);
    m_noWork = new EmptyState(QStringLiteral("clock"), tr("A fleet as it was"), {});
    m_noWork->setObjectName(QStringLiteral("bundleNoWork"));
    m_stack->addWidget(m_noWork);
    m_strip = new OperationStrip(m_services, centre);
    column->addWidget(m_strip);
    across->addLayout(column, 1);
    setCentralWidget(centre);

    m_dock = new QDockWidget(tr("Inspector"), this);
    m_dock->setObjectName(QStringLiteral("inspectorDock"));
    m_dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    m_dock->setAllowedAreas(Qt::RightDockWidgetArea | Qt::LeftDockWidgetArea);
    addDockWidget(Qt::RightDockWidgetArea, m_dock);
    m_dock->hide();
    connect(m_inspectorAction, &QAction::toggled, this, [this](bool on) { // a screen reader toggles, and triggers nothing
        if (on != m_dock->isHidden())
            return; // it follows the dock
        if (!on) {
            m_dock->hide();
            return;
        }
        showInspector();
        m_inspector->setFocus();
    });
    connect(m_dock, &QDockWidget::visibilityChanged, this, [this] { m_inspectorAction->setChecked(!m_dock->isHidden()); });
}

/// Made when first wanted: the window opens without it.
Inspector *MainWindow::inspector()
{
    if (!m_inspector) {
        m_inspector = new Inspector(m_services.objectActions(), m_dock);
        m_inspector->setMinimumWidth(270);
        m_dock->setWidget(m_inspector);
        connect(m_inspector, &Inspector::objectRequested, this, [this](const QString &objectId) { topology()->select(objectId); });
        connect(m_inspector, &Inspector::findingRequested, this, [this](const QString &id) { showPlace(QStringLiteral("findings"), id); });
        connect(m_inspector, &Inspector::whyRequested, this, &MainWindow::explainDirection);
    }
    return m_inspector;
}

void MainWindow::showInspector()
{
    inspector();
    m_dock->show();
}

TopologyPlace *MainWindow::topology()
{
    return static_cast<TopologyPlace *>(place(QStringLiteral("topology")));
}

Place *MainWindow::place(const QString &id)
{
    if (Place *built = m_places.value(id))
        return built;
    for (const PlaceEntry &entry : std::as_const(m_entries)) {
        if (entry.id != id)
            continue;
        Place *made = entry.make(m_services, m_stack);
        m_places.insert(id, made);
        m_stack->addWidget(made);
        if (auto *map = qobject_cast<TopologyPlace *>(made)) {
            connect(map, &TopologyPlace::selectionChanged, this, [this](const QString &objectId) {
                showFacts(objectId);
                if (!objectId.isEmpty() && m_dock->isHidden() && m_current == QLatin1String("topology"))
                    showInspector();
            });
            connect(map, &TopologyPlace::directionActivated, this, &MainWindow::explainDirection);
            connect(map, &TopologyPlace::inspectorRequested, this, [this] {
                showInspector();
                m_inspector->setFocus();
            });
        }
        return made;
    }
    return nullptr;
}

QStringList MainWindow::placeIds() const
{
    QStringList ids;
    for (const PlaceEntry &entry : m_entries)
        ids << entry.id;
    return ids;
}

void MainWindow::showPlace(const QString &id, const QString &object)
{
    if (!placeIds().contains(id))
        return;
    m_current = id;
    m_rail->setCurrent(id);
    showContent();
    if (!object.isEmpty())
        place(id)->showObject(object);
    if (m_stack->currentWidget() == m_places.value(id))
        m_places.value(id)->setFocus(Qt::OtherFocusReason);
}

void MainWindow::offerLast()
{
    for (const auto &[file, name] : recentEnvironments())
        if (QFileInfo::exists(file))
            return m_first->setLast(file, name);
    m_first->setLast({}, {});
}

/// Without an environment the first screen stands in for every place but Setup, which can make one.
void MainWindow::showContent()
{
    const bool then = m_services.asItWas() != nullptr;
    const bool nothing = then ? !showsBundle(m_current) : !m_services.session() && m_current != QLatin1String("setup");
    if (nothing && !then)
        offerLast();
    m_stack->setCurrentWidget(!nothing ? place(m_current) : then ? static_cast<QWidget *>(m_noWork) : m_first);
    // The inspector belongs to the map; elsewhere its room is worth more.
    if (m_current != QLatin1String("topology") || nothing)
        m_dock->hide();
    else if (m_inspector && m_inspector->facts().isValid())
        m_dock->show();
}

/// The places that show a fleet as it was; the others are for work.
bool MainWindow::showsBundle(const QString &id)
{
    return id == QLatin1String("topology") || id == QLatin1String("matrix") || id == QLatin1String("findings");
}

/// Says all the time that what is shown is not what is.
void MainWindow::tellOfBundle()
{
    const bundle::AsItWas *then = m_services.asItWas();
    if (!then) {
        m_then->clear();
        return;
    }
    m_then->showNote(observe::Health::Stale,
        tr("As it was at %1, from bundle %2; nothing is asked.")
            .arg(absoluteTime(then->at.toLocalTime()), QFileInfo(then->file).fileName()));
    m_then->setToolTip(Qt::convertFromPlainText(then->file));
    m_then->setAction(tr("Close it"));
    m_then->setClosable(false);
    m_noWork->setTexts(tr("A fleet as it was"), m_services.bundleObstacle());
    m_environment->setText(buttonText(tr("%1 (as it was)").arg(then->environment)));
    setWindowTitle(tr("%1 as it was – Catamaran").arg(then->environment));
    if (!showsBundle(m_current)) {
        m_current = QStringLiteral("topology");
        m_rail->setCurrent(m_current);
    }
}

void MainWindow::saveBundle()
{
    if (!m_services.session())
        return;
    askWhereToSave(this, tr("Save a support bundle"), m_services.session()->environment().name + bundle::suffix,
        { tr("Support bundle (*%1)").arg(bundle::suffix) }, [this](const QString &file) { m_services.saveBundle(file); });
}

void MainWindow::openBundle()
{
    askWhichFile(this, tr("Open a support bundle"), tr("Support bundles (*%1);;All files (*)").arg(bundle::suffix),
        [this](const QString &file) { m_services.openBundle(file); });
}

void MainWindow::followSession()
{
    const auto session = m_services.session();
    for (QAction *action : { m_verifyAction, m_drillAction, m_bundleAction }) {
        setPossible(action, m_services.bundleObstacle());
        action->setEnabled(session != nullptr);
    }
    m_closeAction->setEnabled(session != nullptr || m_services.asItWas());
    m_first->setBusy({});
    m_error->clear();
    QColor colour;
    bool production = false;
    if (session) {
        const documents::Environment &environment = session->environment();
        production = environment.production;
        colour = production ? themeOf(this).failed : QColor(environment.colour);
        m_environment->setText(buttonText(environment.name));
        setWindowTitle(production ? tr("%1 – PRODUCTION – Catamaran").arg(environment.name) : tr("%1 – Catamaran").arg(environment.name));
        if (!environment.file.isEmpty() && !m_services.practiceRangeRuns())
            remember(environment.file, environment.name);
        m_wantedSelection = QSettings().value(QStringLiteral("topology/selected/") + environment.name).toString();
        connect(m_services.prover(), &truth::Prover::changed, this, [this] {
            showReadiness();
            if (m_inspector && m_inspector->facts().isValid())
                showFacts(m_inspector->facts().id);
        });
        connect(m_services.findings(), &findings::Watch::changed, this, &MainWindow::showFindings);
        connect(m_services.live(), &observe::LiveFleet::published, this, [this] {
            if (!m_wantedSelection.isEmpty() && isBuilt(QStringLiteral("topology"))
                && topology()->findableObjects().contains(m_wantedSelection))
                topology()->select(std::exchange(m_wantedSelection, {}));
            if (m_inspector && m_inspector->facts().isValid())
                showFacts(m_inspector->facts().id);
        });
    } else {
        m_environment->setText(tr("No environment"));
        setWindowTitle(tr("Catamaran"));
        if (m_services.asItWas() && QColor::isValidColor(m_services.asItWas()->colour))
            colour = QColor(m_services.asItWas()->colour);
        if (m_inspector)
            m_inspector->show({});
    }
    tellOfBundle();
    m_environment->setAccessibleDescription(m_environment->text());
    m_band->setProperty("colour", colour);
    m_band->update();
    m_production->setStyleSheet(QStringLiteral("QLabel { color: %1; background: %2; border-radius: 4px; padding: 2px 8px; }")
                                    .arg(themeOf(this).panel.name(), themeOf(this).failed.name()));
    m_production->property("action").value<QAction *>()->setVisible(production);
    showReadiness();
    showFindings();
    showContent();
}

void MainWindow::showReadiness()
{
    const truth::Prover *prover = m_services.prover();
    const bundle::AsItWas *then = m_services.asItWas();
    const truth::Summary all = prover ? prover->summary() : then ? then->matrix.summary() : truth::Summary {};
    m_readiness->property("action").value<QAction *>()->setVisible(all.total > 0);
    if (all.total == 0)
        return;
    // What was proven then is proven no more.
    const QString text = then ? tr("Then: %1").arg(all.sentence(then->at)) : all.sentence(QDateTime::currentDateTimeUtc());
    const Look look = then ? Look::Stale : lookOf(all);
    if (text != m_readiness->text()) {
        m_readiness->setText(buttonText(text));
        m_readiness->setAccessibleName(tr("Readiness: %1").arg(text));
    }
    if (m_readiness->property("look") == QVariant(int(look)) && m_readiness->property("dark") == QVariant(themeOf(this).dark))
        return;
    m_readiness->setProperty("look", int(look));
    m_readiness->setProperty("dark", themeOf(this).dark);
    m_readiness->setAccessibleDescription(proofWord(look));
    m_readiness->setIcon(lookIcon(look, this));
}

void MainWindow::showFacts(const QString &objectId)
{
    TopologyPlace *map = topology();
    ObjectFacts facts = describeObject(map->map()->fleetView(), objectId, map->faults(), map->map()->matrix());
    const auto judgement = m_services.findings() ? m_services.findings()->judgement() : nullptr;
    facts.areFindingsRead = judgement != nullptr;
    if (judgement) {
        facts.findings = findingsAbout(map->map()->fleetView(), objectId, judgement->found);
        facts.unaskedRules = unaskedOf(objectId, judgement->found);
    }
    inspector()->show(facts);
}

void MainWindow::explainDirection(const truth::Direction &direction)
{
    const truth::Question question = m_services.prover() ? m_services.prover()->question() : truth::Question {};
    m_services.explainRequest({ direction.from, question.ns, question.workload, question.url, direction.to });
}

void MainWindow::showFindings()
{
    const auto judgement = m_services.findings() ? m_services.findings()->judgement() : nullptr;
    const findings::Judgement::Counts counts = judgement ? judgement->counts() : findings::Judgement::Counts {};
    m_rail->setCount(QStringLiteral("findings"), counts.open(), counts.failed > 0,
        judgement                   ? countsText(counts)
            : m_services.findings() ? tr("not read yet")
                                    : QString());
    if (m_inspector && m_inspector->facts().isValid())
        showFacts(m_inspector->facts().id);
}

void MainWindow::showPalette()
{
    QList<PaletteEntry> entries;
    const auto add = [&entries](QAction *action, const QString &where) {
        if (action->text().isEmpty())
            return;
        const QString keys = keysOf(*action);
        entries.append({ QString(action->text()).remove(u'&'), keys.isEmpty() ? where : keys, action->icon(), action->isEnabled(),
            [action = QPointer<QAction>(action)] {
                if (action)
                    action->trigger();
            } });
    };
    for (QAction *action : std::as_const(m_actions))
        add(action, {});
    for (const PlaceEntry &entry : std::as_const(m_entries)) {
        const bool then = m_services.asItWas() != nullptr;
        const bool shown = then ? showsBundle(entry.id) : m_services.session() || entry.id == QLatin1String("setup");
        Place *built = shown ? place(entry.id) : then ? nullptr : m_places.value(entry.id);
        if (!built)
            continue;
        for (QAction *action : built->placeActions()) {
            // An action works on its own place: show that first.
            const QString id = entry.id;
            entries.append({ QString(action->text()).remove(u'&'),
                keysOf(*action).isEmpty() ? entry.title : QStringLiteral("%1  %2").arg(entry.title, keysOf(*action)),
                action->icon().isNull() ? themedIcon(entry.icon) : action->icon(), action->isEnabled(),
                [this, id, action = QPointer<QAction>(action)] {
                    showPlace(id);
                    if (action)
                        action->trigger();
                } });
        }
        for (const QString &object : built->findableObjects()) {
            const QString id = entry.id;
            const QString title = objectTitle(object).isEmpty() ? object : objectTitle(object);
            entries.append({ title, entry.title, themedIcon(entry.icon), true, [this, id, object] { showPlace(id, object); } });
        }
    }
    for (const auto &[file, name] : recentEnvironments())
        entries.append({ tr("Open environment %1").arg(name), file, themedIcon(QStringLiteral("file")), QFileInfo::exists(file),
            [this, file = file] { m_services.openEnvironment(file); } });
    // Verb and object, of what is selected.
    const QString selected = isBuilt(QStringLiteral("topology")) ? topology()->selectedId() : QString();
    for (const ObjectAction &action : m_services.objectActions().of(selected))
        entries.append({ QStringLiteral("%1  %2").arg(action.text, core::printableLine(objectTitle(selected))), tr("Selected"),
            themedIcon(action.icon), m_services.objectActions().obstacle(action, selected).isEmpty(),
            [this, id = action.id, selected] { m_services.objectActions().run(id, selected); } });
    if (!m_palette)
        m_palette = new CommandPalette(this);
    m_palette->setEntries(entries);
    const int width = std::min(620, this->width() - 60);
    m_palette->setFixedSize(width, std::min(440, height() - 120));
    m_palette->move(mapToGlobal(QPoint((this->width() - width) / 2, 70)));
    m_palette->show();
}

void MainWindow::verifyNow()
{
    showPlace(QStringLiteral("verify"));
    const QList<QAction *> actions = place(QStringLiteral("verify"))->placeActions();
    if (!actions.isEmpty() && actions.first()->isEnabled()) // a place lists its main action first
        actions.first()->trigger();
}

void MainWindow::setScheme(Scheme scheme, bool keep)
{
    m_scheme = scheme;
    applyTheme(*qApp, scheme);
    if (keep)
        QSettings().setValue(QStringLiteral("theme"), schemeName(scheme));
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_readiness)
        showReadiness();
}

void MainWindow::showEvent(QShowEvent *event)
{
    QMainWindow::showEvent(event);
    m_ageing.start();
}

/// What is proven is the last to be cut where room is short.
void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    for (const char *name : { "verifyNow", "startDrill", "openPalette" }) {
        if (auto *button = findChild<QToolButton *>(QLatin1String(name)))
            button->setToolButtonStyle(width() < wideEnough ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    }
}

void MainWindow::hideEvent(QHideEvent *event)
{
    m_ageing.stop();
    QMainWindow::hideEvent(event);
}

void MainWindow::showSecretsNote()
{
    if (m_services.isWaitingForKeyring()) {
        m_secrets->showNote(observe::Health::Unknown, tr("Waiting until the keyring is unlocked"));
        m_secrets->setAction(m_services.isOpening() ? tr("Stop waiting") : QString());
        m_secrets->setClosable(false);
    } else if (const QString note = m_services.secretsNote(); !note.isEmpty()) {
        m_secrets->showNote(observe::Health::Warning, note);
        m_secrets->setAction({});
        m_secrets->setClosable(true);
    } else {
        m_secrets->clear();
    }
}

void MainWindow::showHistory(const std::shared_ptr<core::Error> &trouble, bool readable)
{
    if (trouble && readable) {
        m_history->showNote(observe::Health::Warning,
            tr("The history can only be read (%1): nothing can be set up, and no drill be run.").arg(trouble->answer));
        m_history->setClosable(true);
    } else if (trouble) {
        m_history->showError(*trouble);
        m_history->setAction(tr("Try again"));
    } else {
        m_history->clear();
    }
}

void MainWindow::fillEnvironmentMenu()
{
    m_environmentMenu->clear();
    const QString current = m_services.session() ? m_services.session()->environment().file : QString();
    for (const auto &[file, name] : recentEnvironments()) {
        QAction *action = m_environmentMenu->addAction(buttonText(name), this, [this, file = file] { m_services.openEnvironment(file); });
        action->setToolTip(file);
        action->setCheckable(true);
        action->setChecked(file == current);
        action->setEnabled(QFileInfo::exists(file));
    }
    if (!m_environmentMenu->isEmpty())
        m_environmentMenu->addSeparator();
    for (QAction *action : std::as_const(m_actions)) {
        if (action->text() == tr("Start the practice range") || action->text() == tr("Open an environment file…") || action == m_closeAction
            || action == m_bundleAction || action->text() == tr("Open a support bundle…"))
            m_environmentMenu->addAction(action);
    }
    m_environmentMenu->addAction(
        themedIcon(QStringLiteral("setup")), tr("Make a new environment…"), this, [this] { showPlace(QStringLiteral("setup")); });
}

void MainWindow::openFile()
{
    askWhichFile(this, tr("Open an environment"), tr("Environment files (*.yaml *.yml);;All files (*)"), [this](const QString &file) {
        m_first->setBusy(tr("Opening %1").arg(file));
        m_services.openEnvironment(file);
    });
}

void MainWindow::remember(const QString &file, const QString &name)
{
    QSettings settings;
    QVariantList recent = settings.value(QStringLiteral("environments/recent")).toList();
    recent.removeIf([&file](const QVariant &one) { return one.toStringList().value(0) == file; });
    recent.prepend(QStringList { file, name });
    settings.setValue(QStringLiteral("environments/recent"), recent.mid(0, mostRecent));
}

void MainWindow::restoreWindow()
{
    const QSettings settings;
    resize(1280, 820);
    setMinimumSize(900, 600);
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    restoreState(settings.value(QStringLiteral("window/state")).toByteArray(), stateVersion);
    m_dock->hide();
    QString place = settings.value(QStringLiteral("window/place")).toString();
    if (!placeIds().contains(place))
        place = m_entries.first().id;
    m_current = place;
    m_rail->setCurrent(place);
}

void MainWindow::stopEverything()
{
    m_error->showNote(observe::Health::Warning, tr("Stopping what runs; what a drill broke is put back before the console ends."));
    m_error->setClosable(false);
    m_services.stopOperations();
}

void MainWindow::leave()
{
    if (m_isLeaving)
        return;
    if (m_services.hasOperations()) {
        m_isLeaving = true;
        connect(&m_services, &Services::operationEnded, this, [this] {
            if (!m_services.hasOperations())
                QMetaObject::invokeMethod(this, &QWidget::close, Qt::QueuedConnection); // when all who listen have heard of it
        });
        stopEverything();
        return;
    }
    close();
}

void MainWindow::settle()
{
    if (!m_services.hasOperations())
        return;
    QEventLoop loop;
    connect(&m_services, &Services::operationEnded, &loop, [this, &loop] {
        if (!m_services.hasOperations())
            loop.quit();
    });
    stopEverything();
    if (m_services.hasOperations())
        loop.exec();
    m_error->clear();
}

/// Only who closes it by hand is asked: a signal and the end of a desktop session mean it.
void MainWindow::askBeforeClosing()
{
    if (auto *asking = findChild<QMessageBox *>(QStringLiteral("closeQuestion"))) {
        asking->accept();
        leave();
        return;
    }
    auto *box = new QMessageBox(QMessageBox::Warning, tr("Something is broken on purpose"),
        tr("The drill “%1” has broken something, and it is not back yet.").arg(m_services.drill()->title), QMessageBox::NoButton, this);
    box->setObjectName(QStringLiteral("closeQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(tr("The window closes when all of it has been put back and read back."));
    QPushButton *close = box->addButton(tr("Stop, restore and close"), QMessageBox::AcceptRole);
    box->setDefaultButton(box->addButton(tr("Go on with the drill"), QMessageBox::RejectRole));
    connect(close, &QPushButton::clicked, this, &MainWindow::leave);
    connect(&m_services, &Services::drillTold, box, [this, box] { // over meanwhile: nothing is left to ask
        if (!m_services.drill() || !m_services.drill()->isBroken)
            box->close();
    });
    box->open();
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_services.hasOperations() && !m_isLeaving) {
        event->ignore();
        if (m_services.drill() && m_services.drill()->isBroken)
            askBeforeClosing();
        else
            leave();
        return;
    }
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/state"), saveState(stateVersion));
    settings.setValue(QStringLiteral("window/place"), m_current);
    if (m_services.session() && isBuilt(QStringLiteral("topology")))
        settings.setValue(QStringLiteral("topology/selected/") + m_services.session()->environment().name, topology()->selectedId());
    QMainWindow::closeEvent(event);
    emit left();
}

void MainWindow::about()
{
    QMessageBox box(this);
    box.setWindowTitle(tr("About Catamaran"));
    box.setIconPixmap(colouredIcon(QStringLiteral("catamaran"), themeOf(this).accent).pixmap(64, 64));
    box.setText(tr("Catamaran %1").arg(QCoreApplication::applicationVersion()));
    box.setInformativeText(tr(
        "A console for multi-primary service-mesh fleets: sets them up, proves with requests what works, rehearses their failures.\n\nLicensed under the Apache License 2.0."));
    box.exec();
}

} // namespace catamaran::ui
