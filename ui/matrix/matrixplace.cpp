// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/matrix/matrixplace.h"

#include "ui/common/accessible.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/possible.h"
#include "ui/common/savefile.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/matrix/directionpanel.h"
#include "ui/matrix/matrixview.h"
#include "ui/matrix/probeoffer.h"

#include <QAction>
#include <QCheckBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

namespace catamaran::ui {
namespace {

const QString smallKey = QStringLiteral("matrix/smallCells");

} // namespace

MatrixPlace::MatrixPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
{
    setObjectName(QStringLiteral("matrixPlace"));
    m_view = new MatrixView;
    m_view->setModel(&m_model);
    m_panel = new DirectionPanel;
    makeActions();

    m_noSession = new EmptyState(QStringLiteral("matrix"), tr("No direction to prove yet"),
        tr("Here stands what requests have proven from each cluster to each other one, in four layers, and how old that is. Open an environment first."),
        tr("Set up a fleet"));
    connect(m_noSession, &EmptyState::triggered, this, [this] { emit m_services.placeRequested(QStringLiteral("setup"), {}); });
    m_tooFew = new EmptyState(QStringLiteral("matrix"), tr("Looking at the fleet"), {});
    m_note = new ErrorBanner;
    m_note->setObjectName(QStringLiteral("matrixNote"));
    m_note->hide();
    m_probes = new ProbeOffer(m_services);
    connect(m_probes, &ProbeOffer::failed, this, [this](const core::Error &error) {
        m_note->showError(error);
        m_note->setClosable(true);
    });
    connect(m_probes, &ProbeOffer::saved, this, [this](const QString &file) {
        m_note->showNote(observe::Health::Ok, tr("Kept for this environment: %1").arg(file));
        m_note->setClosable(true);
    });
    m_actions << m_probes->action();
    addAction(m_probes->action());

    auto *table = new QWidget;
    auto *tableLayout = new QVBoxLayout(table);
    tableLayout->setContentsMargins(12, 0, 0, 8);
    tableLayout->setSpacing(4);
    tableLayout->addWidget(new MutedLabel(tr("From each row to each column. The four marks are discovery, trust, gateway and request.")));
    tableLayout->addWidget(m_view, 1);
    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(table);
    splitter->addWidget(m_panel);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setSizes({ 700, 300 });
    splitter->setChildrenCollapsible(false);
    nameSplitter(splitter, { tr("Matrix"), tr("The chosen direction") });
    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildBar());
    column->addWidget(m_note);
    column->addWidget(m_probes);
    column->addWidget(splitter, 1);

    m_pages = new QStackedWidget;
    for (QWidget *page : { static_cast<QWidget *>(m_noSession), static_cast<QWidget *>(m_tooFew), content })
        m_pages->addWidget(page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pages);
    setFocusProxy(m_view);

    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &MatrixPlace::showChosen);
    connect(m_view, &MatrixView::opened, this, &MatrixPlace::proveThis);
    connect(m_panel, &DirectionPanel::proveRequested, this, &MatrixPlace::proveThis);
    connect(m_panel, &DirectionPanel::whyRequested, this, &MatrixPlace::explainThis);
    m_ageing.setInterval(1000);
    connect(&m_ageing, &QTimer::timeout, this, &MatrixPlace::tick);
    connect(&m_services, &Services::keepProvingChanged, this, &MatrixPlace::showRate);
    connect(&m_services, &Services::sessionChanged, this, &MatrixPlace::follow);
    m_smallAction->setChecked(QSettings().value(smallKey, false).toBool());
    follow();
}

MatrixPlace::~MatrixPlace()
{
    QSettings().setValue(smallKey, m_smallAction->isChecked());
}

QWidget *MatrixPlace::buildBar()
{
    m_badge = new StateBadge;
    m_badge->setObjectName(QStringLiteral("matrixSummary"));
    m_proveAll = new QPushButton(iconOnAccent(QStringLiteral("verify")), tr("Prove &all"));
    m_proveAll->setObjectName(QStringLiteral("proveAll"));
    m_proveAll->setToolTip(m_proveAllAction->toolTip());
    setButtonRole(m_proveAll, ButtonRole::Primary);
    connect(m_proveAll, &QPushButton::clicked, m_proveAllAction, &QAction::trigger);
    m_keep = new QCheckBox(tr("&Keep proving"));
    m_keep->setObjectName(QStringLiteral("keepProving"));
    whenToggled(m_keep, this, [this](bool on) { turnProving(on); });
    m_rate = new MutedLabel;
    m_rate->setObjectName(QStringLiteral("provingRate"));
    auto *copy = new QToolButton;
    copy->setObjectName(QStringLiteral("copyMatrix"));
    copy->setText(tr("Copy"));
    copy->setAccessibleName(tr("Copy"));
    copy->setIcon(themedIcon(QStringLiteral("copy")));
    copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    copy->setPopupMode(QToolButton::InstantPopup);
    m_copy = new QMenu(copy);
    m_copy->addActions(m_copyActions);
    copy->setMenu(m_copy);
    const auto button = [](QAction *action, const char *name, Qt::ToolButtonStyle style) {
        auto *made = new QToolButton;
        made->setObjectName(QLatin1String(name));
        made->setDefaultAction(action);
        made->setToolButtonStyle(style);
        made->setFocusPolicy(Qt::StrongFocus);
        made->setAccessibleName(QString(action->text()).remove(u'…'));
        return made;
    };
    auto *bar = new QWidget;
    auto *rows = new QVBoxLayout(bar);
    rows->setContentsMargins(12, 8, 12, 6);
    rows->setSpacing(4);
    auto *first = new QHBoxLayout;
    first->setSpacing(6);
    first->addWidget(m_badge);
    first->addStretch(1);
    first->addWidget(button(m_nextAction, "nextUnproven", Qt::ToolButtonIconOnly));
    first->addWidget(button(m_smallAction, "smallCells", Qt::ToolButtonIconOnly));
    first->addWidget(copy);
    first->addWidget(button(m_exportAction, "exportMatrix", Qt::ToolButtonTextBesideIcon));
    rows->addLayout(first);
    auto *second = new QHBoxLayout;
    second->setSpacing(10);
    second->addWidget(m_proveAll);
    second->addWidget(m_keep);
    second->addWidget(m_rate, 1);
    rows->addLayout(second);
    return bar;
}

void MatrixPlace::makeActions()
{
    const auto add = [this](const QString &text, const QString &icon, const QKeySequence &keys, auto &&slot) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        const QString shown = QString(text).remove(u'…');
        action->setToolTip(keys.isEmpty() ? shown : QStringLiteral("%1 (%2)").arg(shown, keys.toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        m_actions << action;
        return action;
    };
    m_proveAllAction = add(tr("Prove all directions"), QStringLiteral("verify"), QKeySequence(Qt::CTRL | Qt::Key_Return), [this] {
        if (auto *prover = m_services.prover())
            prover->prove();
    });
    m_proveAction = add(tr("Prove the chosen direction"), QStringLiteral("verify"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Return),
        [this] { proveThis(); });
    m_whyAction
        = add(tr("Why the chosen direction is as it is"), QStringLiteral("crosshair"), QKeySequence(Qt::Key_W), [this] { explainThis(); });
    m_keepAction = add(tr("Keep proving"), QStringLiteral("refresh"), {}, [] {});
    m_keepAction->setCheckable(true);
    connect(m_keepAction, &QAction::toggled, this, [this](bool on) { turnProving(on); });
    m_nextAction = add(tr("Next direction that is not proven"), QStringLiteral("right"), QKeySequence(Qt::Key_N), [this] {
        if (const QModelIndex next = m_model.nextUnproven(m_view->currentIndex()); next.isValid())
            m_view->setCurrentIndex(next);
        m_view->setFocus();
    });
    m_smallAction = add(tr("Small cells"), QStringLiteral("zoom-out"), QKeySequence(Qt::CTRL | Qt::Key_Minus), [] {});
    m_smallAction->setCheckable(true);
    connect(m_smallAction, &QAction::toggled, this, [this](bool on) { m_view->setSmallCells(on); });
    const auto now = [] { return QDateTime::currentDateTimeUtc(); };
    m_copyActions << add(tr("Copy the direction as text"), QStringLiteral("copy"), QKeySequence::Copy, [this, now] {
        if (!chosen().from.isEmpty())
            copyText(matrixToText(m_model.matrix(), now(), chosen()));
    });
    m_copyActions << add(tr("Copy the direction as JSON"), QStringLiteral("copy"), {}, [this] {
        if (!chosen().from.isEmpty())
            copyText(QString::fromUtf8(matrixToJson(m_model.matrix(), chosen())));
    });
    m_copyActions << add(
        tr("Copy the matrix as text"), QStringLiteral("copy"), {}, [this, now] { copyText(matrixToText(m_model.matrix(), now())); });
    m_copyActions << add(
        tr("Copy the matrix as JSON"), QStringLiteral("copy"), {}, [this] { copyText(QString::fromUtf8(matrixToJson(m_model.matrix()))); });
    m_exportAction = add(tr("Export as CSV…"), QStringLiteral("export"), {}, [this] { exportCsv(); });
}

void MatrixPlace::follow()
{
    auto *prover = m_services.prover();
    for (QAction *action : { m_proveAllAction, m_proveAction, m_keepAction })
        setPossible(action, m_services.bundleObstacle());
    for (QWidget *widget : { static_cast<QWidget *>(m_proveAll), static_cast<QWidget *>(m_keep) })
        setPossible(widget, m_services.bundleObstacle());
    m_panel->setObstacle(m_services.bundleObstacle());
    if (const bundle::AsItWas *then = m_services.asItWas()) {
        m_rate->setText(m_services.bundleObstacle());
        setMatrix(then->matrix);
        return;
    }
    if (!prover) {
        setMatrix({});
        m_pages->setCurrentWidget(m_noSession);
        return;
    }
    connect(prover, &truth::Prover::changed, this, &MatrixPlace::takeMatrix);
    connect(prover, &truth::Prover::provingChanged, this, &MatrixPlace::showProving);
    connect(m_services.live(), &observe::LiveFleet::changed, this, [this] {
        if (m_model.matrix().clusters.size() < 2) // how many there are is said
            takeMatrix(m_services.prover()->matrix());
    });
    setMatrix(prover->matrix());
    showRate();
    showProving();
}

/// What nobody sees is shown when somebody does.
void MatrixPlace::takeMatrix(const truth::Matrix &matrix)
{
    m_isOld = !isVisible();
    if (!m_isOld)
        setMatrix(matrix);
}

void MatrixPlace::setMatrix(const truth::Matrix &matrix)
{
    const truth::Direction before = chosen();
    m_model.setMatrix(matrix);
    const bool two = matrix.clusters.size() > 1;
    if (two && !m_view->currentIndex().isValid()) {
        const QModelIndex again = m_model.indexOf(before);
        m_view->setCurrentIndex(again.isValid() ? again : m_model.index(0, 1));
    }
    if (!two) {
        const observe::LiveFleet *live = m_services.live();
        const auto clusters = live ? live->fleet().clusters.size() : 0;
        const bool read = live && live->fleet().at.isValid();
        if (!read)
            m_tooFew->setTexts(tr("Looking at the fleet"), tr("Directions appear here as soon as its clusters answer."));
        else if (clusters == 1)
            m_tooFew->setTexts(tr("One cluster has no direction"),
                tr("A direction leads from one cluster to another. Add a second one to the environment, and what is proven between them stands here."));
        else if (clusters == 0)
            m_tooFew->setTexts(tr("No cluster in this environment"), tr("The environment names no cluster that could be read."));
    }
    m_probes->refresh();
    m_pages->setCurrentIndex(two ? 2 : 1);
    showChosen();
    showRate();
    tick();
}

void MatrixPlace::tick()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    const truth::Summary summary = m_model.matrix().summary();
    m_badge->setLook(lookOf(summary), summary.sentence(now));
    m_model.setNow(now);
    m_panel->tick();
}

void MatrixPlace::showChosen()
{
    const truth::DirectionState *state = m_model.direction(m_view->currentIndex());
    m_panel->show(state);
    m_proveAction->setEnabled(state && m_services.prover());
    m_whyAction->setEnabled(state);
    for (QAction *action : m_copyActions.mid(0, 2))
        action->setEnabled(state);
}

void MatrixPlace::showRate()
{
    const auto *prover = m_services.prover();
    const bool on = prover && prover->isKeepingProving();
    showChecked(m_keep, on);
    const QSignalBlocker quiet(m_keepAction);
    m_keepAction->setChecked(on);
    if (!prover)
        return;
    const truth::Question &question = prover->question();
    const QString rate = tr("every %1 s %2/%3 of each cluster asks %4, until every other cluster has answered")
                             .arg(countText(prover->interval().count() / 1000), question.ns, question.workload, question.url);
    m_rate->setText(on ? tr("On: %1.").arg(rate) : tr("Off. When it is on, %1.").arg(rate));
}

void MatrixPlace::showProving()
{
    const auto *prover = m_services.prover();
    const bool proving = prover && prover->isProving();
    m_proveAll->setText(proving ? tr("Prove &all (asking…)") : tr("Prove &all"));
    m_panel->setProving(proving);
}

void MatrixPlace::proveThis()
{
    if (auto *prover = m_services.prover(); prover && !chosen().from.isEmpty())
        prover->prove({ chosen() });
}

void MatrixPlace::explainThis()
{
    const truth::Direction direction = chosen();
    if (direction.from.isEmpty())
        return;
    const auto *prover = m_services.prover();
    const truth::Question question = prover ? prover->question() : truth::Question {};
    m_services.explainRequest({ direction.from, question.ns, question.workload, question.url, direction.to });
}

void MatrixPlace::turnProving(bool on)
{
    if (on && m_services.asksBeforeKeepProving()) {
        showRate(); // it is not on yet
        askAboutProduction();
        return;
    }
    m_services.keepProving(on);
    showRate();
}

void MatrixPlace::askAboutProduction()
{
    auto *dialog = new QDialog(window());
    dialog->setObjectName(QStringLiteral("keepProvingQuestion"));
    dialog->setWindowTitle(tr("Keep proving in production?"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(560, 0);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(new WrappedLabel(
        tr("%1 is production. Requests will be sent there for as long as this is on: %2 Nothing is changed. This is asked once.")
            .arg(m_services.session()->environment().name, m_rate->text())));
    auto *buttons = new QDialogButtonBox;
    auto *accept = buttons->addButton(tr("&Keep proving"), QDialogButtonBox::AcceptRole);
    accept->setObjectName(QStringLiteral("keepProvingAccept"));
    accept->setAutoDefault(false);
    auto *refuse = buttons->addButton(tr("&Leave it off"), QDialogButtonBox::RejectRole);
    refuse->setObjectName(QStringLiteral("keepProvingRefuse"));
    refuse->setDefault(true);
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(dialog, &QDialog::accepted, this, [this, session = m_services.session()] {
        if (session == m_services.session())
            m_services.keepProving(true);
        showRate();
    });
    dialog->open();
    refuse->setFocus();
}

void MatrixPlace::exportCsv()
{
    askWhereToSave(
        this, tr("Export the matrix"), QStringLiteral("matrix.csv"), { tr("Comma-separated values (*.csv)") }, [this](const QString &file) {
            const auto written = writeWhole(file, tr("write the matrix"), matrixToCsv(m_model.matrix()));
            if (written)
                m_note->showNote(observe::Health::Ok, tr("Written: %1").arg(file));
            else
                m_note->showError(written.error());
            m_note->setClosable(true);
        });
}

truth::Direction MatrixPlace::chosen() const
{
    const truth::DirectionState *state = m_model.direction(m_view->currentIndex());
    return state ? state->direction : truth::Direction {};
}

QStringList MatrixPlace::findableObjects() const
{
    QStringList names;
    for (const truth::DirectionState &state : m_model.matrix().directions)
        names << state.direction.text();
    return names;
}

void MatrixPlace::showObject(const QString &object)
{
    for (const truth::DirectionState &state : m_model.matrix().directions) {
        if (state.direction.text() == object)
            m_view->setCurrentIndex(m_model.indexOf(state.direction));
    }
}

QStringList MatrixPlace::tourStops() const
{
    return { QStringLiteral("matrix"), QStringLiteral("matrix-proven") };
}

void MatrixPlace::showTourStop(const QString &stop)
{
    if (stop == QLatin1String("matrix-proven"))
        m_proveAllAction->trigger();
}

bool MatrixPlace::isTourBusy() const
{
    return m_services.prover() && m_services.prover()->isProving();
}

void MatrixPlace::showEvent(QShowEvent *event)
{
    Place::showEvent(event);
    if (std::exchange(m_isOld, false) && m_services.prover())
        setMatrix(m_services.prover()->matrix());
    tick();
    m_ageing.start();
}

void MatrixPlace::hideEvent(QHideEvent *event)
{
    m_ageing.stop();
    Place::hideEvent(event);
}

} // namespace catamaran::ui
