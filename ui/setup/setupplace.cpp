// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/setupplace.h"

#include "mesh/providers.h"
#include "ui/common/accessible.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/answerspage.h"
#include "ui/setup/applypage.h"
#include "ui/setup/clusterspage.h"
#include "ui/setup/environmentpage.h"
#include "ui/setup/kubeconfigpage.h"
#include "ui/setup/membershippage.h"
#include "ui/setup/meshespage.h"
#include "ui/setup/networkspage.h"
#include "ui/setup/planpage.h"
#include "ui/setup/samplepage.h"
#include "ui/setup/setupcontext.h"
#include "ui/topology/topologyview.h"

#include <QAction>
#include <QListWidget>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

constexpr int narrowWidth = 980; ///< pixels; below, the map of the choices gives way

const QStringList &stepIds()
{
    static const QStringList ids { QStringLiteral("environment"), QStringLiteral("clusters"), QStringLiteral("meshes"),
        QStringLiteral("memberships"), QStringLiteral("networks"), QStringLiteral("sample"), QStringLiteral("plan"),
        QStringLiteral("apply"), QStringLiteral("answers") };
    return ids;
}

/// What stands in the list of steps.
QString stepName(int step)
{
    switch (SetupStep(step)) {
    case SetupStep::Environment: return SetupPlace::tr("Environment");
    case SetupStep::Clusters: return SetupPlace::tr("Clusters");
    case SetupStep::Meshes: return SetupPlace::tr("Meshes and trust");
    case SetupStep::Memberships: return SetupPlace::tr("Memberships");
    case SetupStep::Networks: return SetupPlace::tr("Networks");
    case SetupStep::Sample: return SetupPlace::tr("Sample");
    case SetupStep::Plan: return SetupPlace::tr("Plan");
    case SetupStep::Apply: return SetupPlace::tr("Apply");
    case SetupStep::Answers: return SetupPlace::tr("Verify");
    }
    return {};
}

} // namespace

SetupPlace::SetupPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_context(new SetupContext(services, this))
    , m_steps(new QListWidget)
    , m_stack(new QStackedWidget)
    , m_back(new QPushButton(tr("Bac&k")))
    , m_next(new QPushButton(tr("&Next")))
    , m_why(new MutedLabel)
    , m_mapHost(new QWidget)
    , m_map(new TopologyView)
{
    setObjectName(QStringLiteral("setupPlace"));
    m_pages = { new EnvironmentPage(*m_context), new ClustersPage(*m_context), new MeshesPage(*m_context), new MembershipPage(*m_context),
        new NetworksPage(*m_context), new SamplePage(*m_context), new PlanPage(*m_context), new ApplyPage(*m_context),
        new AnswersPage(*m_context) };
    m_steps->setObjectName(QStringLiteral("setupSteps"));
    m_steps->setAccessibleName(tr("Steps of the setup"));
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setProperty("nav", true);
    m_steps->setSpacing(1);
    m_steps->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_steps->setMinimumWidth(150);
    for (SetupPage *page : std::as_const(m_pages)) {
        m_stack->addWidget(page);
        auto *item = new QListWidgetItem(m_steps);
        item->setSizeHint({ 0, m_steps->fontMetrics().height() + 18 });
        connect(page, &SetupPage::completeChanged, this, &SetupPlace::refreshSteps);
    }
    m_kubeconfigs = new KubeconfigPage(*m_context);
    m_stack->addWidget(m_kubeconfigs);
    auto *environmentPage = static_cast<EnvironmentPage *>(m_pages.first());
    connect(environmentPage, &EnvironmentPage::kubeconfigsRequested, this, &SetupPlace::showKubeconfigs);
    connect(environmentPage, &EnvironmentPage::changeRequested, this, [this](const documents::Environment &environment) {
        showKubeconfigs();
        m_kubeconfigs->edit(environment);
    });
    connect(m_kubeconfigs, &KubeconfigPage::leaveRequested, this, [this] { goTo(SetupStep::Environment); });
    m_back->setObjectName(QStringLiteral("back"));
    m_next->setObjectName(QStringLiteral("next"));
    setButtonRole(m_next, ButtonRole::Primary);
    m_bar = new QWidget;
    auto *bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(20, 8, 20, 12);
    bar->setSpacing(8);
    bar->addWidget(m_why, 1);
    bar->addWidget(m_back);
    bar->addWidget(m_next);
    auto *middle = new QWidget;
    auto *middleLayout = new QVBoxLayout(middle);
    middleLayout->setContentsMargins(0, 0, 0, 0);
    middleLayout->setSpacing(0);
    middleLayout->addWidget(m_stack, 1);
    middleLayout->addWidget(m_bar);
    middle->setMinimumWidth(400);

    m_map->setMini(true);
    m_map->setFocusPolicy(Qt::NoFocus);
    m_map->setAccessibleName(tr("The fleet as chosen"));
    m_map->setMinimumWidth(180);
    auto *mapLayout = new QVBoxLayout(m_mapHost);
    mapLayout->setContentsMargins(14, 16, 12, 12);
    mapLayout->addWidget(new SectionTitle(tr("As chosen")));
    mapLayout->addWidget(m_map, 1);
    mapLayout->addWidget(new MutedLabel(tr("Grey: not there yet.")));

    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(m_steps);
    splitter->addWidget(middle);
    splitter->addWidget(m_mapHost);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 3);
    splitter->setStretchFactor(2, 1);
    splitter->setSizes({ 165, 540, 250 });
    splitter->setCollapsible(0, false);
    splitter->setCollapsible(1, false);
    nameSplitter(splitter, { tr("Steps"), tr("Page"), tr("Map") });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);

    connect(m_steps, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && row != m_stack->currentIndex() && row != pageIndex())
            showPage(row, false);
    });
    connect(m_back, &QPushButton::clicked, this, [this] { showPage(neighbour(pageIndex(), -1), true); });
    connect(m_next, &QPushButton::clicked, this, [this] { showPage(neighbour(pageIndex(), +1), true); });
    connect(m_context, &SetupContext::draftChanged, this, [this] {
        refreshSteps();
        refreshMap();
    });
    connect(m_context, &SetupContext::observedChanged, this, [this] {
        refreshSteps();
        refreshMap();
    });
    connect(m_context, &SetupContext::planChanged, this, &SetupPlace::refreshSteps);
    connect(m_context, &SetupContext::stepRequested, this, &SetupPlace::goTo);
    connect(m_context, &SetupContext::sessionChanged, this, [this] {
        if (!m_context->session()) {
            if (m_stack->currentWidget() != m_kubeconfigs)
                showPage(0, false);
        } else if (m_stack->currentWidget() == m_kubeconfigs) {
            m_restored = true;
            showPage(0, true); // what was just made, and whether it answers
        } else {
            goBackToDraft();
        }
        refreshSteps();
    });

    const auto action = [this](const QString &text, const QList<QKeySequence> &keys, auto &&slot) {
        auto *made = new QAction(text, this);
        made->setShortcuts(keys);
        made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(made, &QAction::triggered, this, slot);
        addAction(made);
        m_actions << made;
    };
    action(tr("Next page of the setup"), { QKeySequence(Qt::CTRL | Qt::Key_PageDown) }, [this] { m_next->click(); });
    action(tr("Previous page of the setup"), { QKeySequence(Qt::CTRL | Qt::Key_PageUp) }, [this] { m_back->click(); });
    action(tr("Open the practice range"), {}, [this] {
        goTo(SetupStep::Environment);
        m_context->services.startPracticeRange();
    });
    action(tr("Show the plan"), {}, [this] { goTo(SetupStep::Plan); });
    action(tr("Apply the plan"), { QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter) }, [this] {
        // Only from the page that shows what will happen.
        if (step() == SetupStep::Apply)
            static_cast<ApplyPage *>(m_pages.at(int(SetupStep::Apply)))->go();
        else
            goTo(m_context->plan() ? SetupStep::Apply : SetupStep::Plan);
    });
    action(tr("Forget the choices of the setup"), {}, [this] { m_context->forgetChoices(); });

    showPage(0, false);
    refreshMap();
}

/// The first environment after a start: back to where the draft was left, unless somebody went somewhere meanwhile.
void SetupPlace::goBackToDraft()
{
    if (m_restored || !m_context->isRestored())
        return;
    m_restored = true;
    const SetupStep step = m_context->draft().applying ? SetupStep::Apply : m_context->draft().step;
    if (step != SetupStep::Environment)
        showPage(int(step), isVisible());
}

SetupPlace::~SetupPlace()
{
    // The pages use the context until their end.
    for (SetupPage *page : std::as_const(m_pages))
        delete page;
    delete m_kubeconfigs;
}

QList<QAction *> SetupPlace::placeActions() const
{
    return m_actions;
}

QStringList SetupPlace::findableObjects() const
{
    QStringList names;
    for (const SetupPage *page : m_pages)
        names << tr("Setup: %1").arg(page->pageTitle());
    return names;
}

void SetupPlace::showObject(const QString &object)
{
    if (object == QLatin1String("cloud") || object == QLatin1String("kubeconfigs")) { // cards of the first start
        showKubeconfigs(object == QLatin1String("cloud") ? mesh::providerKind({})->name() : QString());
        return;
    }
    const int index = int(findableObjects().indexOf(object));
    if (index >= 0)
        goTo(SetupStep(index));
    else if (stepIds().contains(object))
        goTo(SetupStep(stepIds().indexOf(object)));
}

QStringList SetupPlace::tourStops() const
{
    QStringList stops;
    for (int i = 0; i < stepIds().size(); ++i)
        stops << QStringLiteral("setup-%1-%2").arg(i + 1).arg(stepIds().at(i));
    stops << QStringLiteral("setup-kubeconfigs");
    return stops;
}

void SetupPlace::showTourStop(const QString &stop)
{
    if (stop == QLatin1String("setup-kubeconfigs")) {
        showKubeconfigs();
        if (m_context->session() && m_kubeconfigs->model()->rowCount() == 0)
            m_kubeconfigs->showExample(m_context->session()->environment());
        return;
    }
    const int index = int(tourStops().indexOf(stop));
    if (index >= 0)
        goTo(SetupStep(index));
}

bool SetupPlace::isTourBusy() const
{
    return m_stack->currentWidget() == m_kubeconfigs && m_kubeconfigs->isBusy();
}

SetupStep SetupPlace::step() const
{
    return SetupStep(pageIndex());
}

int SetupPlace::pageIndex() const
{
    return m_stack->currentWidget() == m_kubeconfigs ? 0 : m_stack->currentIndex();
}

void SetupPlace::showKubeconfigs(const QString &maker)
{
    m_stack->setCurrentWidget(m_kubeconfigs);
    m_steps->setCurrentRow(0);
    m_bar->hide(); // the page has its own
    m_kubeconfigs->enter();
    m_kubeconfigs->setMaker(maker);
    refreshSteps();
    refreshMap();
    m_kubeconfigs->firstFocus()->setFocus(Qt::OtherFocusReason);
}

void SetupPlace::goTo(SetupStep step)
{
    m_restored = m_restored || m_context->session(); // somebody knows where to go
    showPage(int(step), true);
}

bool SetupPlace::isReachable(int page) const
{
    // Without a mesh there is nothing to choose about meshes.
    const bool ofMeshes = page == int(SetupStep::Meshes) || page == int(SetupStep::Memberships) || page == int(SetupStep::Networks);
    return page == 0 || (m_context->session() && !(ofMeshes && m_context->draft().plain));
}

int SetupPlace::neighbour(int page, int by) const
{
    for (page += by; page >= 0 && page < m_pages.size(); page += by) {
        if (isReachable(page))
            return page;
    }
    return -1;
}

void SetupPlace::showPage(int page, bool focus)
{
    if (page < 0 || page >= m_pages.size())
        return;
    if (!isReachable(page))
        page = m_context->session() ? int(SetupStep::Sample) : 0;
    m_stack->setCurrentIndex(page);
    m_bar->show();
    m_steps->setCurrentRow(page);
    m_pages.at(page)->enter();
    if (m_context->session())
        m_context->edit([page](SetupDraft &draft) { draft.step = SetupStep(page); });
    refreshSteps();
    refreshMap();
    if (focus) {
        // Where the next key belongs: on a page that is complete as it stands, that is Next.
        QWidget *first = m_pages.at(page)->firstFocus();
        (m_next->isEnabled() && m_next->isVisibleTo(this) && SetupStep(page) != SetupStep::Apply ? m_next
                : first                                                                          ? first
                                                                                                 : static_cast<QWidget *>(m_steps))
            ->setFocus(Qt::OtherFocusReason);
    }
}

void SetupPlace::refreshSteps()
{
    const int current = pageIndex();
    for (int i = 0; i < m_pages.size(); ++i) {
        QListWidgetItem *item = m_steps->item(i);
        const bool reachable = isReachable(i);
        const QString missing = m_pages.at(i)->missing();
        const bool ticked = reachable && i < current && missing.isEmpty();
        const QString text = QStringLiteral("%1  %2").arg(ticked ? QStringLiteral("✓") : QString::number(i + 1), stepName(i));
        if (item->text() != text)
            item->setText(text);
        const QString tip = reachable ? missing
            : m_context->session()    ? tr("Not needed: these clusters have no mesh.")
                                      : tr("Open an environment first.");
        if (item->toolTip() != tip)
            item->setToolTip(tip);
        const Qt::ItemFlags flags = reachable ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
        if (item->flags() != flags)
            item->setFlags(flags);
    }
    const QString missing = m_pages.at(current)->missing();
    m_why->setText(missing);
    m_back->setEnabled(current > 0);
    m_next->setVisible(current + 1 < m_pages.size());
    m_next->setEnabled(missing.isEmpty() && neighbour(current, +1) >= 0);
}

void SetupPlace::resizeEvent(QResizeEvent *event)
{
    Place::resizeEvent(event);
    m_mapHost->setVisible(m_context->session() && width() >= narrowWidth && m_stack->currentWidget() != m_kubeconfigs);
}

void SetupPlace::refreshMap()
{
    // On a narrow window the room belongs to the pages.
    m_mapHost->setVisible(m_context->session() && width() >= narrowWidth && m_stack->currentWidget() != m_kubeconfigs);
    if (m_context->session())
        m_map->setFleet(previewFleet(m_context->draft().fleet, m_context->observed()));
}

} // namespace catamaran::ui
