// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/setupplace.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/setup/answerspage.h"
#include "ui/setup/applypage.h"
#include "ui/setup/clusterspage.h"
#include "ui/setup/environmentpage.h"
#include "ui/setup/membershippage.h"
#include "ui/setup/meshespage.h"
#include "ui/setup/networkspage.h"
#include "ui/setup/planpage.h"
#include "ui/setup/samplepage.h"
#include "ui/setup/setupcontext.h"
#include "ui/topology/topologyview.h"

#include <QAction>
#include <QLabel>
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
    static const QStringList ids { QStringLiteral("environment"), QStringLiteral("clusters"), QStringLiteral("meshes"), QStringLiteral("memberships"), QStringLiteral("networks"),
                                   QStringLiteral("sample"), QStringLiteral("plan"), QStringLiteral("apply"), QStringLiteral("answers") };
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
    m_pages = { new EnvironmentPage(*m_context), new ClustersPage(*m_context), new MeshesPage(*m_context), new MembershipPage(*m_context), new NetworksPage(*m_context),
                new SamplePage(*m_context), new PlanPage(*m_context), new ApplyPage(*m_context), new AnswersPage(*m_context) };
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
    m_back->setObjectName(QStringLiteral("back"));
    m_next->setObjectName(QStringLiteral("next"));
    setButtonRole(m_next, ButtonRole::Primary);
    auto *bar = new QHBoxLayout;
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
    middleLayout->addLayout(bar);
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
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);

    connect(m_steps, &QListWidget::currentRowChanged, this, [this](int row) {
        if (row >= 0 && row != m_stack->currentIndex())
            showPage(row, false);
    });
    connect(m_back, &QPushButton::clicked, this, [this] { showPage(m_stack->currentIndex() - 1, true); });
    connect(m_next, &QPushButton::clicked, this, [this] { showPage(m_stack->currentIndex() + 1, true); });
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
            showPage(0, false);
        } else if (!m_restored) {
            m_restored = true; // the first environment after a start: back to where the draft was left
            if (m_context->draft().applying)
                showPage(int(SetupStep::Apply), true);
            else if (int(m_context->draft().step) > 0)
                showPage(int(m_context->draft().step), true);
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

    m_restored = m_context->session() != nullptr;
    const int first = !m_context->session() ? 0 : m_context->draft().applying ? int(SetupStep::Apply) : int(m_context->draft().step);
    showPage(first, false);
    refreshMap();
}

SetupPlace::~SetupPlace()
{
    // The pages use the context until their end.
    for (SetupPage *page : std::as_const(m_pages))
        delete page;
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
    // The cards of the first start: both begin with kubeconfig files, to which an account may be added.
    if (object == QLatin1String("cloud") || object == QLatin1String("kubeconfigs")) {
        goTo(SetupStep(0));
        if (auto *add = findChild<QPushButton *>(QStringLiteral("addKubeconfigs")))
            add->setFocus(Qt::OtherFocusReason);
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
    return stops;
}

void SetupPlace::showTourStop(const QString &stop)
{
    const int index = int(tourStops().indexOf(stop));
    if (index >= 0)
        goTo(SetupStep(index));
}

SetupStep SetupPlace::step() const
{
    return SetupStep(m_stack->currentIndex());
}

void SetupPlace::goTo(SetupStep step)
{
    showPage(int(step), true);
}

bool SetupPlace::isReachable(int page) const
{
    return page == 0 || m_context->session();
}

void SetupPlace::showPage(int page, bool focus)
{
    if (page < 0 || page >= m_pages.size())
        return;
    if (!isReachable(page))
        page = 0;
    m_stack->setCurrentIndex(page);
    m_steps->setCurrentRow(page);
    m_pages.at(page)->enter();
    if (m_context->session())
        m_context->edit([page](SetupDraft &draft) { draft.step = SetupStep(page); });
    refreshSteps();
    if (focus) {
        // Where the next key belongs: on a page that is complete as it stands, that is Next.
        QWidget *first = m_pages.at(page)->firstFocus();
        (m_next->isEnabled() && m_next->isVisibleTo(this) && SetupStep(page) != SetupStep::Apply ? m_next : first ? first : static_cast<QWidget *>(m_steps))->setFocus(Qt::OtherFocusReason);
    }
}

void SetupPlace::refreshSteps()
{
    const int current = m_stack->currentIndex();
    for (int i = 0; i < m_pages.size(); ++i) {
        QListWidgetItem *item = m_steps->item(i);
        const bool reachable = isReachable(i);
        const QString missing = m_pages.at(i)->missing();
        const bool ticked = reachable && i < current && missing.isEmpty();
        const QString text = QStringLiteral("%1  %2").arg(ticked ? QStringLiteral("✓") : QString::number(i + 1), stepName(i));
        if (item->text() != text)
            item->setText(text);
        const QString tip = !reachable ? tr("Open an environment first.") : missing;
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
    m_next->setEnabled(missing.isEmpty() && isReachable(current + 1));
}

void SetupPlace::resizeEvent(QResizeEvent *event)
{
    Place::resizeEvent(event);
    m_mapHost->setVisible(m_context->session() && width() >= narrowWidth);
}

void SetupPlace::refreshMap()
{
    // On a narrow window the room belongs to the pages.
    m_mapHost->setVisible(m_context->session() && width() >= narrowWidth);
    if (m_context->session())
        m_map->setFleet(previewFleet(m_context->draft().fleet, m_context->observed()));
}

} // namespace catamaran::ui
