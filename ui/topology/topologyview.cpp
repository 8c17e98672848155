// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "topologyview.h"

#include "core/printable.h"
#include "trafficlayer.h"
#include "ui/common/accessible.h"
#include "ui/common/savefile.h"

#include <QApplication>
#include <QGraphicsScene>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QSvgGenerator>
#include <QTimer>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace catamaran::ui {
namespace {

constexpr double mostZoom = 4, leastZoom = 0.12;
constexpr double mostFit = 1.7; ///< a small fleet is not blown up further than this
constexpr int margin = 22; ///< around the map when fitted, pixels

/// Explains the map; a widget of its own, so that it stays where it is while the map scrolls under it.
class LegendWidget final : public QWidget {
public:
    LegendWidget(const MapStyle *style, QWidget *parent)
        : QWidget(parent)
        , m_style(style)
    {
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

    void setVersions(const QStringList &versions)
    {
        m_versions = versions;
        std::transform(m_versions.cbegin(), m_versions.cend(), m_versions.begin(), core::printableLine);
        QPixmap probe(1, 1);
        QPainter painter(&probe);
        const QSizeF size = paintLegend(&painter, {}, m_versions, m_style->theme);
        setGeometry(margin / 2, margin / 2, static_cast<int>(std::ceil(size.width())) + 2, static_cast<int>(std::ceil(size.height())) + 2);
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintLegend(&painter, { 0.5, 0.5 }, m_versions, m_style->theme);
    }

private:
    const MapStyle *m_style;
    QStringList m_versions;
};

constexpr int mostSaid = 20; ///< lines of what is not well, for screen readers: nobody listens to hundreds

/// What answers with a version; the sample's client has one too, and only asks.
bool isAnswering(const observe::ObservedWorkload &workload)
{
    return !workload.version.isEmpty() && workload.name != QLatin1String("sleep");
}

QStringList versionsOf(const observe::ObservedFleet &fleet)
{
    QStringList versions;
    for (const auto &cluster : fleet.clusters) {
        for (const auto &workload : cluster.workloads) {
            if (isAnswering(workload) && !versions.contains(workload.version))
                versions << workload.version;
        }
    }
    versions.sort();
    return versions;
}

/// What moves when @p id is dragged; empty for what stands still.
QString handleOf(const QString &id, const observe::FleetView &view)
{
    const auto parsed = objectid::parse(id);
    switch (parsed.kind) {
    case objectid::Kind::None:
    case objectid::Kind::Link: return {};
    case objectid::Kind::Root:
    case objectid::Kind::Mesh:
    case objectid::Kind::Network:
    case objectid::Kind::Cluster: return id;
    case objectid::Kind::Gateway: return objectid::network(view.networkOf(parsed.name));
    case objectid::Kind::Workload: return objectid::cluster(parsed.name);
    }
    return {};
}

} // namespace

struct TopologyView::Private {
    explicit Private(TopologyView *owner)
        : q(owner)
    {
    }

    TopologyView *q;
    MapStyle style;
    QGraphicsScene scene; // after style: its items point to it
    TrafficLayer *traffic = nullptr;
    LegendWidget *legend = nullptr;
    observe::FleetView view;
    truth::Matrix matrix;
    QString matrixWords; ///< what is said of it
    MapTruth truth; ///< of both
    Impairments impaired;
    QStringList versions;
    observe::FleetDelta missed; ///< while nobody saw it
    QSet<QString> missedTruth; ///< clusters whose directions differ
    bool missedMatrix = false; ///< all of them
    FleetLayout layout;
    QSizeF layoutSize;
    QMap<QString, QString> faults;
    QMap<QString, QPointF> offsets;
    std::map<QString, NodeItem *> nodes;
    std::map<QString, LinkItem *> links;
    QHash<QString, QList<LinkItem *>> linksAt; ///< by the ids of their ends
    QTimer ageing; ///< ages go on by themselves, while somebody sees them
    QString selected;
    QString filterText;
    QSet<Look> filterStates;
    bool mini = false;
    bool zoomed = false; ///< the user chose a zoom: resizing no longer fits
    bool legendWanted = false;
    int reserved = 0; ///< pixels at the top that the fitted map leaves to the legend

    // The mouse: what was pressed, where, and whether it became a drag of the map or of an object.
    enum class Drag { None, Pressed, Pan, Object } drag = Drag::None;
    QPoint pressedAt, lastAt;
    QString dragged;
    QPointF draggedFrom;

    void lookAtPalette(const QWidget *widget) { style.theme = themeOf(widget); }
    void rebuild();
    /// What stands for these, and the links that end there. @p whole: and what is of the fleet itself. @p isTruthNew: other things are
    /// proven of them.
    void refresh(const QSet<QString> &clusters, QSet<QString> meshes, bool whole, bool isTruthNew);
    /// Shows what was missed.
    void catchUp();
    [[nodiscard]] QString wordsOfMatrix() const;
    void applyFilter();
    NodeItem *nodeAt(const TopologyView &widget, const QPoint &at) const;
    /// Its id; empty: something else is on top there.
    QString linkAt(const TopologyView &widget, const QPoint &at) const;
    void showSelection();
    void say(TopologyView &widget) const;
    void fitInto(TopologyView &widget);
};

void TopologyView::Private::rebuild()
{
    missed = {};
    missedTruth.clear();
    missedMatrix = false;
    layout = layoutFleet(view, layoutSize, offsets);
    impaired = impairments(view, faults, truth);
    std::map<QString, NodeItem *> oldNodes = std::exchange(nodes, {});
    for (const NodeBox &box : std::as_const(layout.nodes)) {
        NodeItem *item = nullptr;
        if (const auto old = oldNodes.find(box.id); old != oldNodes.end()) {
            item = old->second;
            oldNodes.erase(old);
        } else {
            item = new NodeItem(&style);
            scene.addItem(item);
        }
        item->set(box, nodeState(box, view, impaired, truth));
        nodes.emplace(box.id, item);
    }
    for (const auto &[id, item] : oldNodes)
        delete item;
    std::map<QString, LinkItem *> oldLinks = std::exchange(links, {});
    linksAt.clear();
    for (const LinkPath &link : std::as_const(layout.links)) {
        LinkItem *item = nullptr;
        if (const auto old = oldLinks.find(link.id); old != oldLinks.end()) {
            item = old->second;
            oldLinks.erase(old);
        } else {
            item = new LinkItem(&style);
            scene.addItem(item);
        }
        item->set(link, linkState(link, view, impaired, truth));
        links.emplace(link.id, item);
        linksAt[link.from] << item;
        linksAt[link.to] << item;
    }
    for (const auto &[id, item] : oldLinks)
        delete item;
    const QRectF room = layout.bounds.adjusted(-600, -400, 600, 400); // so that the map can be pushed about
    scene.setSceneRect(room);
    traffic->reroute([this](const QString &source, const QString &target) { return trafficPath(layout, view, source, target); });
    if (!selected.isEmpty() && nodes.count(selected) == 0)
        selected.clear();
    showSelection();
    applyFilter();
    versions = versionsOf(view.fleet());
    if (legend)
        legend->setVersions(versions);
}

void TopologyView::Private::refresh(const QSet<QString> &clusters, QSet<QString> meshes, bool whole, bool isTruthNew)
{
    QSet<QString> networks;
    QStringList ids;
    bool hasNewVersion = false;
    for (const QString &name : clusters) {
        networks.insert(view.networkOf(name));
        if (isTruthNew)
            for (const QString &mesh : view.meshesOf(name))
                meshes.insert(mesh);
        ids << objectid::cluster(name) << objectid::gateway(name);
        if (const observe::ObservedCluster *cluster = view.cluster(name)) {
            for (const auto &workload : cluster->workloads) {
                ids << objectid::workload(name, workload.ns, workload.name);
                hasNewVersion = hasNewVersion || (!workload.version.isEmpty() && !versions.contains(workload.version));
            }
        }
    }
    for (const QString &name : std::as_const(meshes))
        ids << objectid::mesh(name);
    for (const QString &name : std::as_const(networks))
        ids << objectid::network(name);
    if (whole || isTruthNew)
        ids << objectid::root();
    QHash<QString, Impairment> before;
    for (const QString &id : std::as_const(ids))
        if (const auto known = impaired.constFind(id); known != impaired.cend())
            before.insert(id, *known);
    impairAgain(impaired, view, faults, truth, clusters, meshes);
    QSet<LinkItem *> touched;
    for (const QString &id : std::as_const(ids)) {
        const auto node = nodes.find(id);
        if (node == nodes.end())
            continue;
        node->second->set(node->second->box(), nodeState(node->second->box(), view, impaired, truth));
        if (!isTruthNew && !whole && before.value(id) == impaired.value(id))
            continue; // what a link says rests on what is proven, and on what has befallen its ends
        for (LinkItem *link : linksAt.value(id))
            touched.insert(link);
    }
    for (LinkItem *link : std::as_const(touched))
        link->set(link->link(), linkState(link->link(), view, impaired, truth));
    if (!filterStates.isEmpty() || !filterText.isEmpty())
        applyFilter();
    if (hasNewVersion) {
        versions = versionsOf(view.fleet());
        if (legend)
            legend->setVersions(versions);
    }
}

void TopologyView::Private::catchUp()
{
    const bool isTruthMissed = missedMatrix || !missedTruth.isEmpty();
    if (missed.isEmpty() && !isTruthMissed)
        return;
    if (isTruthMissed)
        matrixWords = wordsOfMatrix();
    const bool isEmpty = layout.nodes.isEmpty();
    if (!missed.places && !missedMatrix && !isEmpty) {
        const observe::FleetDelta delta = std::exchange(missed, {});
        refresh(delta.clusters | std::exchange(missedTruth, {}), delta.meshes, delta.whole, isTruthMissed);
        say(*q);
        return;
    }
    const QRectF before = layout.bounds;
    if (!zoomed || layoutSize.isEmpty())
        layoutSize = q->viewport()->size() - QSize(0, reserved);
    const QString selectedBefore = selected;
    rebuild();
    say(*q);
    if (!zoomed && (isEmpty || before != layout.bounds))
        q->fit();
    if (selected != selectedBefore)
        emit q->selected(selected);
}

QString TopologyView::Private::wordsOfMatrix() const
{
    if (matrix.directions.isEmpty())
        return {};
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QString text = u'\n' + matrix.summary().sentence(now);
    int said = 0;
    for (const truth::DirectionState &one : matrix.directions) {
        if (lookOf(one) != Look::Failed)
            continue;
        if (++said > mostSaid)
            break;
        text += QStringLiteral("\n%1: %2").arg(one.direction.text(), cellText(one.decisive(), now));
    }
    return text;
}

void TopologyView::Private::applyFilter()
{
    const bool filtering = !filterText.isEmpty() || !filterStates.isEmpty();
    QSet<QString> kept;
    for (const auto &[id, item] : nodes) {
        const NodeState &state = item->state();
        const bool named
            = filterText.isEmpty() || state.title.contains(filterText, Qt::CaseInsensitive) || id.contains(filterText, Qt::CaseInsensitive);
        const bool wanted = !filtering || (named && (filterStates.isEmpty() || filterStates.contains(shownLook(state))));
        if (wanted)
            kept.insert(id);
    }
    // A box stays readable while something in it matches.
    for (const NodeBox &box : std::as_const(layout.nodes)) {
        if (kept.contains(box.id) && box.kind == objectid::Kind::Workload)
            kept.insert(box.parent);
    }
    for (const NodeBox &box : std::as_const(layout.nodes)) {
        if (kept.contains(box.id) && box.kind == objectid::Kind::Cluster)
            kept.insert(box.parent);
    }
    for (const auto &[id, item] : nodes)
        item->setFaded(!kept.contains(id));
    for (const auto &[id, item] : links)
        item->setFaded(!kept.contains(item->link().from) || !kept.contains(item->link().to));
}

NodeItem *TopologyView::Private::nodeAt(const TopologyView &widget, const QPoint &at) const
{
    const QList<QGraphicsItem *> under = widget.items(at);
    for (QGraphicsItem *item : under) {
        if (auto *node = qgraphicsitem_cast<NodeItem *>(item))
            return node;
    }
    return nullptr;
}

QString TopologyView::Private::linkAt(const TopologyView &widget, const QPoint &at) const
{
    const QList<QGraphicsItem *> under = widget.items(at);
    const auto *link = under.isEmpty() ? nullptr : qgraphicsitem_cast<LinkItem *>(under.first());
    return link ? link->link().id : QString();
}

void TopologyView::Private::showSelection()
{
    for (const auto &[id, item] : nodes)
        item->setSelectedLook(id == selected);
    for (const auto &[id, item] : links)
        item->setSelectedLook(!selected.isEmpty() && (item->link().from == selected || item->link().to == selected));
}

/// What is chosen and how it is, else what is not well: a picture says neither.
void TopologyView::Private::say(TopologyView &widget) const
{
    const auto words = [](const NodeState &state) {
        const QString reason = state.impairment ? state.impairment->reason : state.detail;
        const QString text = TopologyView::tr("%1, %2, %3").arg(state.title, lookWord(shownLook(state)), reason);
        return state.truth.isEmpty() ? text : text + u'\n' + state.truth;
    };
    if (const auto chosen = nodes.find(selected); chosen != nodes.end()) {
        announce(&widget, words(chosen->second->state()));
        return;
    }
    QString text
        = TopologyView::tr("Networks, clusters, meshes and their links. The tree beside it holds the same objects for screen readers.");
    int said = 0;
    for (auto one = impaired.keyBegin(); one != impaired.keyEnd() && said < mostSaid; ++one) {
        if (const auto node = nodes.find(*one); node != nodes.end() && node->second->state().impairment) {
            text += u'\n' + words(node->second->state());
            ++said;
        }
    }
    if (said == mostSaid && impaired.size() > mostSaid)
        text += u'\n' + TopologyView::tr("and others: %n in all", nullptr, static_cast<int>(impaired.size()));
    announce(&widget, text + matrixWords);
}

TopologyView::TopologyView(QWidget *parent)
    : QGraphicsView(parent)
    , d(std::make_unique<Private>(this))
{
    d->lookAtPalette(this);
    d->traffic = new TrafficLayer(&d->style);
    d->scene.addItem(d->traffic);
    setScene(&d->scene);
    d->legend = new LegendWidget(&d->style, this); // not of the viewport, whose children scroll with it
    d->legend->setObjectName(QStringLiteral("legend"));
    d->legend->hide();
    setFrameShape(QFrame::NoFrame);
    setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTransformationAnchor(QGraphicsView::NoAnchor);
    setResizeAnchor(QGraphicsView::NoAnchor);
    setViewportUpdateMode(QGraphicsView::SmartViewportUpdate);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(160, 110);
    setAccessibleName(tr("Map of the fleet"));
    d->ageing.setInterval(1000);
    connect(&d->ageing, &QTimer::timeout, this, [this] {
        for (const auto &[id, item] : d->links)
            item->tick();
    });
    d->say(*this);
}

TopologyView::~TopologyView()
{
    setScene(nullptr);
}

void TopologyView::setFleet(const observe::FleetView &view)
{
    d->view = view;
    d->truth.setView(view);
    d->missed.places = true;
    if (!d->mini || isVisible())
        d->catchUp();
}

void TopologyView::follow(const observe::FleetView &view, const observe::FleetDelta &delta)
{
    d->view = view;
    d->truth.setView(view);
    d->missed += delta;
    if (isVisible())
        d->catchUp();
}

const observe::ObservedFleet &TopologyView::fleet() const
{
    return d->view.fleet();
}

const observe::FleetView &TopologyView::fleetView() const
{
    return d->view;
}

void TopologyView::setMatrix(const truth::Matrix &matrix)
{
    d->matrix = matrix;
    d->truth = MapTruth(d->view, matrix);
    d->missedMatrix = true;
    if (!d->mini || isVisible())
        d->catchUp();
}

void TopologyView::followMatrix(const truth::Matrix &matrix, const truth::MatrixDelta &delta)
{
    d->matrix = matrix;
    d->truth.setMatrix(matrix, delta);
    d->missedTruth.unite(delta.clusters);
    d->missedMatrix = d->missedMatrix || delta.all;
    if (isVisible())
        d->catchUp();
}

const truth::Matrix &TopologyView::matrix() const
{
    return d->matrix;
}

std::optional<LinkState> TopologyView::link(const QString &id) const
{
    d->catchUp();
    const auto found = d->links.find(id);
    return found == d->links.end() ? std::nullopt : std::optional(found->second->state());
}

std::optional<NodeState> TopologyView::node(const QString &id) const
{
    d->catchUp();
    const auto found = d->nodes.find(id);
    return found == d->nodes.end() ? std::nullopt : std::optional(found->second->state());
}

void TopologyView::setFault(const QString &objectId, const QString &what)
{
    d->faults.insert(objectId, what);
    d->rebuild();
    d->say(*this);
}

void TopologyView::clearFaults()
{
    if (d->faults.isEmpty())
        return;
    d->faults.clear();
    d->rebuild();
    d->say(*this);
}

void TopologyView::showTraffic(const QString &sourceCluster, const Traffic &traffic)
{
    d->catchUp();
    QMap<std::pair<QString, QString>, int> answered; // by workload and version: its pods run one way
    QSet<QString> speaking;
    for (auto answer = traffic.answers.cbegin(); answer != traffic.answers.cend(); ++answer) {
        const QString target = workloadOf(d->view, answer.key());
        if (target.isEmpty())
            continue;
        answered[{ target, answer.key().version }] += answer.value();
        speaking.insert(target);
    }
    for (auto one = answered.cbegin(); one != answered.cend(); ++one)
        d->traffic->answers(sourceCluster, one.key().second, trafficPath(d->layout, d->view, sourceCluster, one.key().first), one.value());
    if (traffic.errors <= 0)
        return;
    // Nobody tells which backend a failed request was meant for: show it on the way to one that does not answer, and
    // let it end at what is broken there.
    QString best;
    double broken = 0.5;
    int bestScore = -1;
    for (const auto &cluster : d->view.fleet().clusters) {
        const bool crosses = d->view.networkOf(cluster.name) != d->view.networkOf(sourceCluster);
        for (const auto &workload : cluster.workloads) {
            if (!isAnswering(workload))
                continue;
            const QString id = objectid::workload(cluster.name, workload.ns, workload.name);
            const bool dead = d->impaired.contains(id);
            const int score = (speaking.contains(id) ? 0 : 2) + (dead ? 4 : 0) + (crosses ? 1 : 0);
            if (score > bestScore) {
                bestScore = score;
                best = id;
                broken = dead ? 0.97 : (crosses ? 0.5 : 0.8);
            }
        }
    }
    d->traffic->errors(sourceCluster, trafficPath(d->layout, d->view, sourceCluster, best), broken, traffic.errors);
}

void TopologyView::setMini(bool mini)
{
    d->mini = mini;
    d->style.mini = mini;
    setFocusPolicy(mini ? Qt::NoFocus : Qt::StrongFocus);
    if (mini) {
        d->zoomed = false;
        d->legend->hide();
    }
    fit();
}

bool TopologyView::isMini() const
{
    return d->mini;
}

QString TopologyView::selectedId() const
{
    return d->selected;
}

void TopologyView::select(const QString &objectId)
{
    d->catchUp();
    const QString id = d->nodes.count(objectId) > 0 ? objectId : QString();
    if (id == d->selected)
        return;
    d->selected = id;
    d->showSelection();
    d->say(*this);
    if (!id.isEmpty() && !d->mini && d->zoomed)
        ensureVisible(d->nodes.at(id)->box().rect, 40, 40);
    emit selected(id);
}

void TopologyView::setFilter(const QString &text, const QSet<Look> &states)
{
    d->catchUp();
    d->filterText = text.trimmed();
    d->filterStates = states;
    d->applyFilter();
}

void TopologyView::setLegendVisible(bool visible)
{
    d->legendWanted = visible;
    d->legend->setVersions(d->versions);
    d->legend->setVisible(visible && !d->mini);
    if (!d->zoomed)
        fit();
}

bool TopologyView::isLegendVisible() const
{
    return d->legendWanted && !d->mini;
}

QMap<QString, QPointF> TopologyView::offsets() const
{
    return d->offsets;
}

void TopologyView::setOffsets(const QMap<QString, QPointF> &offsets)
{
    d->offsets = offsets;
    d->rebuild();
    if (!d->zoomed)
        fit();
}

const FleetLayout &TopologyView::fleetLayout() const
{
    d->catchUp();
    return d->layout;
}

int TopologyView::movingDots() const
{
    return d->traffic->dots();
}

core::Result<core::Done> TopologyView::exportSvg(const QString &file) const
{
    d->catchUp();
    const QRectF area = d->layout.bounds.adjusted(-24, -24, 24, 24);
    return writeWhole(file, tr("export the map"), [&](QIODevice &device) {
        QSvgGenerator generator;
        generator.setOutputDevice(&device);
        generator.setSize(area.size().toSize());
        generator.setViewBox(QRectF(QPointF(), area.size()));
        generator.setTitle(tr("Fleet %1").arg(d->view.fleet().environment));
        QPainter painter;
        if (!painter.begin(&generator))
            return false;
        painter.fillRect(QRectF(QPointF(), area.size()), d->style.theme.window);
        d->scene.render(&painter, QRectF(QPointF(), area.size()), area);
        return painter.end();
    });
}

core::Result<core::Done> TopologyView::exportPng(const QString &file, qreal scale) const
{
    d->catchUp();
    const QRectF area = d->layout.bounds.adjusted(-24, -24, 24, 24);
    return writeWhole(file, tr("export the map"), [&](QIODevice &device) {
        QImage image((area.size() * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
        if (image.isNull())
            return false;
        image.fill(d->style.theme.window);
        QPainter painter(&image);
        d->scene.render(&painter, QRectF(QPointF(), image.size()), area);
        painter.end();
        return image.save(&device, "PNG");
    });
}

void TopologyView::fit()
{
    d->zoomed = false;
    d->reserved = 0;
    d->fitInto(*this);
    if (!isLegendVisible())
        return;
    // Where the legend would lie on an object, the map goes below it.
    const QRectF covered = mapToScene(d->legend->geometry().adjusted(-6, -6, 6, 6)).boundingRect();
    const bool hidesOne = std::any_of(d->layout.nodes.cbegin(), d->layout.nodes.cend(),
                              [&covered](const NodeBox &box) { return box.rect.intersects(covered); })
        || std::any_of(d->layout.links.cbegin(), d->layout.links.cend(), // lines carry states too
            [&covered](const LinkPath &link) { return link.path.intersects(covered); });
    if (hidesOne && viewport()->height() > 3 * d->legend->height()) {
        d->reserved = d->legend->geometry().bottom() + 1 - margin / 2;
        d->fitInto(*this);
    }
}

void TopologyView::Private::fitInto(TopologyView &widget)
{
    const QSize room = widget.viewport()->size() - QSize(0, reserved);
    if (!layout.nodes.isEmpty() && layoutSize != QSizeF(room)) {
        layoutSize = room;
        rebuild();
    }
    const int edge = mini ? 8 : margin;
    if (layout.bounds.isEmpty() || room.width() <= 2 * margin || room.height() <= 2 * margin)
        return;
    const QRectF bounds = layout.bounds;
    const double zoom = std::min({ (room.width() - 2.0 * edge) / bounds.width(), (room.height() - 2.0 * edge) / bounds.height(), mostFit });
    widget.setTransform(QTransform::fromScale(zoom, zoom));
    widget.centerOn(bounds.center() - QPointF(0, reserved / 2.0 / zoom));
}

void TopologyView::zoomIn()
{
    d->zoomed = true;
    const double now = transform().m11();
    const QPointF centre = mapToScene(viewport()->rect().center());
    const double factor = std::min(mostZoom / now, 1.25);
    scale(factor, factor);
    centerOn(centre);
}

void TopologyView::zoomOut()
{
    d->zoomed = true;
    const double now = transform().m11();
    const QPointF centre = mapToScene(viewport()->rect().center());
    const double factor = std::max(std::min(leastZoom, now) / now, 0.8); // one that was fitted may be further out already
    scale(factor, factor);
    centerOn(centre);
}

void TopologyView::keyPressEvent(QKeyEvent *event)
{
    if (d->mini) {
        QGraphicsView::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
    case Qt::Key_F: fit(); return;
    case Qt::Key_Slash: emit filterRequested(); return;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomIn(); return;
    case Qt::Key_Minus: zoomOut(); return;
    case Qt::Key_Escape: select({}); return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (!d->selected.isEmpty())
            emit activated(d->selected);
        return;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (const QString next = neighbour(d->layout, d->selected, static_cast<Qt::Key>(event->key())); !next.isEmpty())
            select(next);
        return;
    default: QGraphicsView::keyPressEvent(event);
    }
}

void TopologyView::wheelEvent(QWheelEvent *event)
{
    if (d->mini) {
        event->ignore();
        return;
    }
    const double now = transform().m11();
    // A large fleet that was fitted may be further out already: then there is no further, and no jump.
    const double wanted = std::clamp(now * std::pow(1.0015, event->angleDelta().y()), std::min(leastZoom, now), mostZoom);
    // What is under the pointer stays under it.
    const QPointF before = mapToScene(event->position().toPoint());
    scale(wanted / now, wanted / now);
    const QPointF after = mapToScene(event->position().toPoint());
    const QPointF centre = mapToScene(viewport()->rect().center());
    centerOn(centre + before - after);
    d->zoomed = true;
    event->accept();
}

void TopologyView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    d->pressedAt = d->lastAt = event->pos();
    d->drag = Private::Drag::Pressed;
    d->dragged.clear();
    const NodeItem *node = d->nodeAt(*this, event->pos());
    if (node && event->button() == Qt::LeftButton) {
        d->dragged = handleOf(node->state().id, d->view);
        d->draggedFrom = d->offsets.value(d->dragged);
        select(node->state().id);
    }
}

void TopologyView::contextMenuEvent(QContextMenuEvent *event)
{
    if (d->mini)
        return QGraphicsView::contextMenuEvent(event);
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const auto chosen = d->nodes.find(selectedId());
    const NodeItem *node = !byKey ? d->nodeAt(*this, event->pos()) : chosen != d->nodes.end() ? chosen->second : nullptr;
    if (!node)
        return;
    const QString id = node->state().id; // selecting may draw it anew
    const QPoint where = byKey ? viewport()->mapToGlobal(mapFromScene(node->sceneBoundingRect().center())) : event->globalPos();
    event->accept();
    select(id);
    emit menuRequested(id, where);
}

void TopologyView::mouseMoveEvent(QMouseEvent *event)
{
    if (d->drag == Private::Drag::None || d->mini) {
        QGraphicsView::mouseMoveEvent(event); // hovering
        return;
    }
    if (d->drag == Private::Drag::Pressed && (event->pos() - d->pressedAt).manhattanLength() >= QApplication::startDragDistance()) {
        d->drag = d->dragged.isEmpty() ? Private::Drag::Pan : Private::Drag::Object;
        setCursor(Qt::ClosedHandCursor);
    }
    if (d->drag == Private::Drag::Pan) {
        const QPointF centre = mapToScene(viewport()->rect().center());
        centerOn(centre - (QPointF(event->pos() - d->lastAt) / transform().m11()));
        d->zoomed = true;
    } else if (d->drag == Private::Drag::Object) {
        d->zoomed = true; // from now on the map stands still under what is dragged
        d->offsets.insert(d->dragged, d->draggedFrom + QPointF(event->pos() - d->pressedAt) / transform().m11());
        d->rebuild();
    }
    d->lastAt = event->pos();
}

void TopologyView::mouseReleaseEvent(QMouseEvent *event)
{
    const auto drag = std::exchange(d->drag, Private::Drag::None);
    unsetCursor();
    if (drag == Private::Drag::Object)
        emit offsetsChanged();
    else if (drag == Private::Drag::Pressed && !d->nodeAt(*this, event->pos()))
        select({});
}

void TopologyView::mouseDoubleClickEvent(QMouseEvent *event)
{
    d->drag = Private::Drag::None;
    const QString link = d->mini ? QString() : d->linkAt(*this, event->pos());
    if (link.startsWith(u"cross:")) {
        const QString ends = link.section(u':', 1);
        emit directionActivated({ ends.section(u'>', 0, 0), ends.section(u'>', 1) });
    } else if (const NodeItem *node = d->nodeAt(*this, event->pos())) {
        select(node->state().id);
        emit activated(node->state().id);
    } else if (!d->mini) {
        fit();
    }
}

void TopologyView::resizeEvent(QResizeEvent *event)
{
    QGraphicsView::resizeEvent(event);
    if (!d->zoomed)
        fit();
}

void TopologyView::changeEvent(QEvent *event)
{
    QGraphicsView::changeEvent(event);
    if (!d || (event->type() != QEvent::PaletteChange && event->type() != QEvent::StyleChange))
        return;
    d->lookAtPalette(this);
    d->scene.update();
    viewport()->update();
    if (d->legend)
        d->legend->update();
}

void TopologyView::drawBackground(QPainter *painter, const QRectF &rect)
{
    const Theme &theme = d->style.theme;
    painter->fillRect(rect, theme.window);
    if (d->mini || transform().m11() < 0.5)
        return;
    // A quiet grid of dots: motion and zoom become visible on an empty map.
    constexpr double step = 32;
    QList<QPointF> points;
    for (double x = std::floor(rect.left() / step) * step; x < rect.right(); x += step) {
        for (double y = std::floor(rect.top() / step) * step; y < rect.bottom(); y += step)
            points.append({ x, y });
    }
    QPen pen(Theme::blend(theme.window, theme.muted, theme.dark ? 0.22 : 0.26), 1.5, Qt::SolidLine, Qt::RoundCap);
    pen.setCosmetic(true);
    painter->setPen(pen);
    painter->drawPoints(points.constData(), static_cast<int>(points.size()));
}

void TopologyView::showEvent(QShowEvent *event)
{
    QGraphicsView::showEvent(event);
    d->catchUp();
    d->traffic->setPaused(false);
    d->ageing.start();
    if (!d->zoomed)
        fit();
}

void TopologyView::hideEvent(QHideEvent *event)
{
    d->traffic->setPaused(true);
    d->ageing.stop();
    QGraphicsView::hideEvent(event);
}

} // namespace catamaran::ui
