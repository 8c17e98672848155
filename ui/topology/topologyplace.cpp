// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "topologyplace.h"

#include "core/printable.h"
#include "describe.h"
#include "fleetfacts.h"
#include "ui/common/icons.h"
#include "ui/common/possible.h"
#include "ui/common/savefile.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QSettings>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>

namespace catamaran::ui {
namespace {

/// The shape of a state before its word.
class StateDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem item = option;
        initStyleOption(&item, index);
        const QString word = std::exchange(item.text, QString());
        const QWidget *widget = option.widget;
        widget->style()->drawControl(QStyle::CE_ItemViewItem, &item, painter, widget);
        if (word.isEmpty())
            return;
        const Theme theme = themeOf(widget);
        const auto look = static_cast<Look>(index.data(TopologyModel::LookRole).toInt());
        const QRectF shape(option.rect.left() + 4, option.rect.center().y() - 7, 15, 15);
        paintLook(painter, shape, look, theme);
        painter->setPen(option.state & QStyle::State_Selected ? theme.accentText : lookColour(look, theme));
        painter->drawText(option.rect.adjusted(25, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, word);
    }
};

/// Keeps what matches the words and the states, and what leads to it.
class ObjectFilter final : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setWanted(const QString &text, const QSet<Look> &states)
    {
        m_text = text.trimmed();
        m_states = states;
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        const QModelIndex name = sourceModel()->index(row, TopologyModel::NameColumn, parent);
        const auto look = static_cast<Look>(name.data(TopologyModel::LookRole).toInt());
        const bool named = m_text.isEmpty() || name.data().toString().contains(m_text, Qt::CaseInsensitive)
            || name.data(TopologyModel::IdRole).toString().contains(m_text, Qt::CaseInsensitive);
        return named && (m_states.isEmpty() || m_states.contains(look));
    }

private:
    QString m_text;
    QSet<Look> m_states;
};

QToolButton *buttonFor(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonIconOnly);
    button->setIconSize({ 18, 18 });
    button->setAccessibleName(action->text());
    return button;
}

} // namespace

TopologyPlace::TopologyPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
{
    m_map = new TopologyView(this);
    m_map->setObjectName(QStringLiteral("map"));

    m_proxy = new ObjectFilter(this);
    m_proxy->setSourceModel(&m_model);
    m_proxy->setRecursiveFilteringEnabled(true);
    m_tree = new QTreeView(this);
    m_tree->setObjectName(QStringLiteral("tree"));
    m_tree->setModel(m_proxy);
    m_tree->setItemDelegateForColumn(TopologyModel::StateColumn, new StateDelegate(m_tree));
    m_tree->setAlternatingRowColors(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setAccessibleName(tr("Objects of the fleet"));
    m_tree->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->resizeSection(TopologyModel::NameColumn, 320);
    m_tree->header()->resizeSection(TopologyModel::StateColumn, 140);
    m_tree->expandAll();

    m_search = new QLineEdit(this);
    m_search->setObjectName(QStringLiteral("search"));
    m_search->setPlaceholderText(tr("Search objects  ( / )"));
    m_search->setAccessibleName(tr("Search objects"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(280);

    makeActions();

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(12, 8, 12, 8);
    bar->setSpacing(6);
    bar->addWidget(m_search, 1);
    auto *filter = new QToolButton(this);
    filter->setIcon(themedIcon(QStringLiteral("filter")));
    filter->setIconSize({ 18, 18 });
    filter->setText(tr("State"));
    filter->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    filter->setToolTip(tr("Show only objects in these states"));
    filter->setAccessibleName(tr("Filter by state"));
    filter->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(filter);
    menu->addActions(m_stateActions);
    filter->setMenu(menu);
    bar->addWidget(filter);
    bar->addStretch(1);
    for (QAction *action : std::as_const(m_actions))
        bar->addWidget(buttonFor(action, this));

    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_map);
    m_stack->addWidget(m_tree);

    auto *content = new QWidget(this);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(bar);
    m_unheard = new ErrorBanner(content);
    m_unheard->setObjectName(QStringLiteral("unheard"));
    m_unheard->setSlim(true);
    m_unheard->hide();
    column->addWidget(m_unheard);
    column->addWidget(m_stack, 1);

    m_empty = new EmptyState(QStringLiteral("topology"), tr("Nothing to show yet"),
        tr("Here the fleet appears as it is: networks with their clusters, the meshes above them, and the trust root that ties them. Open an environment first."),
        tr("Set up a fleet"), this);
    connect(m_empty, &EmptyState::triggered, this, [this] { emit m_services.placeRequested(QStringLiteral("setup"), {}); });

    m_pages = new QStackedWidget(this);
    m_pages->addWidget(m_empty);
    m_pages->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pages);

    connect(m_search, &QLineEdit::textChanged, this, &TopologyPlace::refilter);
    connect(m_map, &TopologyView::filterRequested, m_search, qOverload<>(&QWidget::setFocus));
    connect(m_map, &TopologyView::selected, this, [this](const QString &objectId) {
        selectInTree(objectId);
        emit selectionChanged(objectId);
    });
    connect(m_map, &TopologyView::activated, this, &TopologyPlace::inspectorRequested);
    connect(m_map, &TopologyView::directionActivated, this, &TopologyPlace::directionActivated);
    connect(m_map, &TopologyView::offsetsChanged, this, &TopologyPlace::saveOffsets);
    connect(m_map, &TopologyView::menuRequested, this, &TopologyPlace::showMenu);
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_tree, &QWidget::customContextMenuRequested, this, [this](const QPoint &position) {
        const QModelIndex row = m_tree->indexAt(position);
        const QString objectId = row.siblingAtColumn(0).data(TopologyModel::IdRole).toString();
        if (!objectId.isEmpty())
            showMenu(objectId, m_tree->viewport()->mapToGlobal(position));
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (m_selecting)
            return;
        const QString objectId = current.siblingAtColumn(0).data(TopologyModel::IdRole).toString();
        if (!objectId.isEmpty()) {
            m_selecting = true; // the tree leads; it must not jump to another row of the same object
            m_map->select(objectId);
            m_selecting = false;
        }
    });
    connect(m_tree, &QTreeView::activated, this, &TopologyPlace::inspectorRequested);

    connect(&m_services, &Services::sessionChanged, this, &TopologyPlace::follow);
    connect(&m_services, &Services::trafficSeen, m_map, &TopologyView::showTraffic);
    connect(&m_services, &Services::faultMarked, this, [this](const QString &object, const QString &what) {
        m_faults.insert(object, what);
        m_map->setFault(object, what);
        fillTree();
    });
    connect(&m_services, &Services::faultsCleared, this, [this] {
        m_faults.clear();
        m_map->clearFaults();
        fillTree();
    });
    const QSettings settings;
    m_legendAction->setChecked(settings.value(QStringLiteral("topology/legend"), true).toBool());
    m_treeAction->setChecked(settings.value(QStringLiteral("topology/tree"), false).toBool());
    follow();
}

void TopologyPlace::showMenu(const QString &objectId, const QPoint &globalPosition)
{
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("objectMenu"));
    menu->setAccessibleName(tr("What can be done with %1").arg(core::printableLine(objectTitle(objectId))));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true); // they say why something cannot be done
    menu->addAction(themedIcon(QStringLiteral("inspector")), tr("Open in the inspector"), this, &TopologyPlace::inspectorRequested);
    for (const ObjectAction &one : m_services.objectActions().of(objectId)) {
        auto *action = menu->addAction(
            themedIcon(one.icon), one.text, this, [this, id = one.id, objectId] { m_services.objectActions().run(id, objectId); });
        setPossible(action, m_services.objectActions().obstacle(one, objectId));
    }
    menu->addAction(themedIcon(QStringLiteral("copy")), tr("Copy the name"), this,
        [objectId] { QGuiApplication::clipboard()->setText(core::printableLine(objectTitle(objectId))); });
    menu->popup(globalPosition);
}

TopologyPlace::~TopologyPlace()
{
    QSettings settings;
    settings.setValue(QStringLiteral("topology/legend"), m_legendAction->isChecked());
    settings.setValue(QStringLiteral("topology/tree"), m_treeAction->isChecked());
}

void TopologyPlace::makeActions()
{
    const auto add = [this](const QString &text, const QString &icon, const QKeySequence &keys) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setToolTip(keys.isEmpty() ? text : QStringLiteral("%1 (%2)").arg(text, keys.toString(QKeySequence::NativeText)));
        addAction(action);
        m_actions << action;
        return action;
    };
    m_treeAction = add(tr("Show as tree"), QStringLiteral("tree"), QKeySequence(QStringLiteral("Ctrl+T")));
    m_treeAction->setCheckable(true);
    connect(m_treeAction, &QAction::toggled, this, &TopologyPlace::showTree);
    m_legendAction = add(tr("Legend"), QStringLiteral("legend"), QKeySequence(QStringLiteral("Ctrl+L")));
    m_legendAction->setCheckable(true);
    connect(m_legendAction, &QAction::toggled, m_map, &TopologyView::setLegendVisible);
    connect(add(tr("Zoom in"), QStringLiteral("zoom-in"), QKeySequence::ZoomIn), &QAction::triggered, m_map, &TopologyView::zoomIn);
    connect(add(tr("Zoom out"), QStringLiteral("zoom-out"), QKeySequence::ZoomOut), &QAction::triggered, m_map, &TopologyView::zoomOut);
    connect(add(tr("Fit the map"), QStringLiteral("fit"), QKeySequence(QStringLiteral("Ctrl+0"))), &QAction::triggered, m_map,
        &TopologyView::fit);
    connect(add(tr("Put everything back in place"), QStringLiteral("restore"), {}), &QAction::triggered, this, [this] {
        m_map->setOffsets({});
        saveOffsets();
        m_map->fit();
    });
    m_lookAction = add(tr("Look again now"), QStringLiteral("refresh"), QKeySequence::Refresh);
    connect(m_lookAction, &QAction::triggered, this, [this] {
        if (m_services.live())
            m_services.live()->refresh();
    });
    connect(add(tr("Export the map"), QStringLiteral("export"), {}), &QAction::triggered, this, &TopologyPlace::exportPicture);

    for (const Look look : { Look::Ok, Look::Configured, Look::Warning, Look::Failed, Look::Stale, Look::Unknown }) {
        auto *action = new QAction(lookWord(look), this);
        action->setCheckable(true);
        connect(action, &QAction::toggled, this, [this, look](bool on) {
            if (on)
                m_states.insert(look);
            else
                m_states.remove(look);
            refilter();
        });
        m_stateActions << action;
    }
}

void TopologyPlace::follow()
{
    m_faults.clear();
    m_map->clearFaults();
    setPossible(m_lookAction, m_services.bundleObstacle());
    if (const bundle::AsItWas *then = m_services.asItWas()) {
        setMatrix(then->matrix);
        setFleet(then->fleet);
        m_map->setOffsets({});
        return;
    }
    if (!m_services.session() || !m_services.live()) {
        setMatrix({});
        setFleet({});
        m_pages->setCurrentWidget(m_empty);
        m_empty->setTexts(tr("Nothing to show yet"),
            tr("Here the fleet appears as it is: networks with their clusters, the meshes above them, and the trust root that ties them. Open an environment first."));
        return;
    }
    connect(m_services.live(), &observe::LiveFleet::published, this, &TopologyPlace::takeFleet);
    connect(m_services.prover(), &truth::Prover::changed, this, &TopologyPlace::takeMatrix);
    setMatrix(m_services.prover()->matrix());
    setFleet(m_services.live()->view());
    loadOffsets();
}

void TopologyPlace::setMatrix(const truth::Matrix &matrix)
{
    m_map->setMatrix(matrix);
    fillTree();
}

void TopologyPlace::takeMatrix(const truth::Matrix &matrix)
{
    const truth::MatrixDelta delta = m_services.prover() ? m_services.prover()->delta() : truth::MatrixDelta { true, {} };
    m_map->followMatrix(matrix, delta);
    if (delta.all || !delta.clusters.isEmpty())
        fillTree();
}

QTreeView *TopologyPlace::tree()
{
    if (m_treeIsOld)
        fillTreeNow();
    return m_tree;
}

void TopologyPlace::fillTree()
{
    m_treeIsOld = true;
    if (m_tree->isVisible())
        fillTreeNow();
}

void TopologyPlace::fillTreeNow()
{
    m_treeIsOld = false;
    const bool first = m_model.rowCount() == 0;
    m_model.setFleet(m_map->fleetView(), m_faults, m_map->matrix());
    if (first)
        m_tree->expandAll();
}

void TopologyPlace::showEvent(QShowEvent *event)
{
    Place::showEvent(event);
    if (m_treeIsOld && m_stack->currentWidget() == m_tree)
        fillTreeNow();
}

void TopologyPlace::takeFleet(const observe::FleetView &view, const observe::FleetDelta &delta)
{
    m_map->follow(view, delta);
    if (delta.isEmpty())
        return;
    fillTree();
    showUnheard();
}

void TopologyPlace::setFleet(const observe::FleetView &view)
{
    m_map->setFleet(view);
    fillTree();
    showUnheard();
}

/// What was not heard, and whether there is anything to show.
void TopologyPlace::showUnheard()
{
    const observe::ObservedFleet &fleet = m_map->fleet();
    const QString unheard = unheardText(fleet);
    if (unheard.isEmpty())
        m_unheard->clear();
    else if (unheard != m_unheard->text()) {
        m_unheard->setClosable(false); // it stands while it is so
        m_unheard->showNote(observe::Health::Warning, unheard);
    }
    if (fleet.clusters.isEmpty() && fleet.meshes.isEmpty()) {
        m_empty->setTexts(fleet.at.isValid() ? tr("No cluster in this environment") : tr("Looking at the fleet"),
            fleet.at.isValid()
                ? tr("The environment names no cluster that could be read. Set a fleet up, or check the environment's kubeconfigs.")
                : tr("Clusters and meshes appear here as soon as they answer."));
        m_pages->setCurrentWidget(m_empty);
    } else {
        m_pages->setCurrentIndex(1);
    }
}

void TopologyPlace::refilter()
{
    m_map->setFilter(m_search->text(), m_states);
    if (m_treeIsOld)
        fillTreeNow();
    static_cast<ObjectFilter *>(m_proxy)->setWanted(m_search->text(), m_states);
    m_tree->expandAll();
}

void TopologyPlace::showTree(bool tree)
{
    m_stack->setCurrentWidget(tree ? static_cast<QWidget *>(m_tree) : m_map);
    if (tree && m_treeIsOld)
        fillTreeNow();
    if (tree)
        selectInTree(m_map->selectedId());
}

void TopologyPlace::selectInTree(const QString &objectId)
{
    if (m_selecting || (m_treeIsOld && !m_tree->isVisible())) // it looks when it comes into sight
        return;
    m_selecting = true;
    const QModelIndex index = m_proxy->mapFromSource(m_model.indexOf(objectId));
    if (index.isValid())
        m_tree->setCurrentIndex(index);
    else
        m_tree->clearSelection();
    m_selecting = false;
}

QStringList TopologyPlace::findableObjects() const
{
    return allObjects(m_map->fleetView());
}

void TopologyPlace::showObject(const QString &object)
{
    m_map->select(object);
}

QStringList TopologyPlace::tourStops() const
{
    return { QStringLiteral("topology-map"), QStringLiteral("topology-selection"), QStringLiteral("topology-tree") };
}

void TopologyPlace::showTourStop(const QString &stop)
{
    m_treeAction->setChecked(stop == QLatin1String("topology-tree"));
    if (stop == QLatin1String("topology-map")) {
        m_map->select({});
        m_map->fit();
    } else if (!m_map->fleet().clusters.isEmpty()) {
        m_map->select(objectid::cluster(m_map->fleet().clusters.first().name));
    }
}

void TopologyPlace::exportPicture()
{
    askWhereToSave(this, tr("Export the map"), QStringLiteral("fleet.svg"), { tr("SVG drawing (*.svg)"), tr("PNG picture (*.png)") },
        [this](const QString &file) {
            const bool png = file.endsWith(QLatin1String(".png"), Qt::CaseInsensitive);
            if (const auto written = png ? m_map->exportPng(file) : m_map->exportSvg(file); !written)
                emit m_services.openFailed(written.error());
        });
}

void TopologyPlace::saveOffsets()
{
    QVariantMap all;
    const auto offsets = m_map->offsets();
    for (auto offset = offsets.cbegin(); offset != offsets.cend(); ++offset)
        all.insert(offset.key(), offset.value());
    QSettings settings;
    settings.setValue(QStringLiteral("topology/offsets/") + m_map->fleet().environment, all);
}

void TopologyPlace::loadOffsets()
{
    const QSettings settings;
    const QVariantMap all = settings.value(QStringLiteral("topology/offsets/") + m_services.session()->environment().name).toMap();
    QMap<QString, QPointF> offsets;
    for (auto offset = all.cbegin(); offset != all.cend(); ++offset)
        offsets.insert(offset.key(), offset.value().toPointF());
    m_map->setOffsets(offsets);
}

} // namespace catamaran::ui
