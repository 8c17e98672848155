// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "nodepainter.h"

#include "ui/common/format.h"
#include "ui/common/icons.h"

#include <QApplication>
#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

namespace catamaran::ui {
namespace {

using objectid::Kind;

struct MapText {
    Q_DECLARE_TR_FUNCTIONS(MapText)
};

QString elided(const QString &text, const QFont &font, double width)
{
    return QFontMetricsF(font).elidedText(text, Qt::ElideRight, width);
}

void drawText(QPainter *painter, const QRectF &rect, const QString &text, const QFont &font, const QColor &colour,
    Qt::Alignment align = Qt::AlignLeft | Qt::AlignVCenter)
{
    painter->setFont(font);
    painter->setPen(colour);
    painter->drawText(rect, static_cast<int>(align) | Qt::TextSingleLine, elided(text, font, rect.width()));
}

/// The quiet hues of regions: told apart by place and title, so the colour may be faint.
QColor regionHue(int index, const Theme &theme)
{
    static constexpr std::array<QRgb, 4> hues { 0x3B7DD8, 0x1F9D8A, 0x8A63C9, 0xB9822B };
    return Theme::blend(QColor(hues[static_cast<size_t>(index) % hues.size()]), theme.text, theme.dark ? 0.15 : 0.05);
}

QColor outline(const NodeState &state, const Theme &theme)
{
    if (state.impairment && state.impairment->dead)
        return theme.failed;
    if (state.selected)
        return theme.accent;
    if (state.hovered)
        return Theme::blend(theme.line, theme.accent, 0.6);
    return theme.dark ? Theme::blend(theme.line, theme.text, 0.06) : Theme::blend(theme.line, theme.text, 0.04);
}

/// A panel with a soft edge below; red ground when dead, grey and dashed when affected.
void drawBox(QPainter *painter, const QRectF &rect, double radius, const NodeState &state, const Theme &theme)
{
    const bool dead = state.impairment && state.impairment->dead;
    const bool affected = state.impairment && !dead;
    if (!affected) {
        painter->setPen(Qt::NoPen);
        for (int layer = 3; layer >= 1; --layer) {
            painter->setBrush(QColor(0, 0, 0, theme.dark ? 22 : 7));
            painter->drawRoundedRect(rect.adjusted(-0.6 * layer, 0, 0.6 * layer, 1.3 * layer), radius + layer, radius + layer);
        }
    }
    if (state.selected) { // a halo says "selected" also where the outline is red
        painter->setPen(Qt::NoPen);
        QColor halo = theme.accent;
        halo.setAlphaF(0.22F);
        painter->setBrush(halo);
        painter->drawRoundedRect(rect.adjusted(-4, -4, 4, 4), radius + 4, radius + 4);
    }
    QColor ground = theme.panel;
    if (dead)
        ground = theme.tint(theme.failed, theme.dark ? 0.20 : 0.09);
    else if (affected)
        ground = Theme::blend(theme.window, theme.panel, 0.4);
    QPen pen(outline(state, theme), state.selected || dead ? 2 : 1.2);
    if (affected) {
        pen = QPen(theme.unknown, 1.2, Qt::DashLine);
        if (state.selected)
            pen.setColor(theme.accent);
    }
    painter->setPen(pen);
    painter->setBrush(ground);
    painter->drawRoundedRect(rect, radius, radius);
}

QColor titleColour(const NodeState &state, const Theme &theme)
{
    return state.impairment && !state.impairment->dead ? theme.muted : theme.text;
}

QColor glyphColour(const NodeState &state, const Theme &theme)
{
    if (state.impairment)
        return state.impairment->dead ? theme.failed : theme.unknown;
    return theme.accent;
}

QString shownDetail(const NodeState &state)
{
    return state.impairment ? state.impairment->reason : state.detail;
}

QColor detailColour(const NodeState &state, const Theme &theme)
{
    return state.impairment && state.impairment->dead ? theme.failed : theme.muted;
}

/// Root, mesh and cluster heads share one form: glyph in a tile, two lines, state at the right.
void drawHead(QPainter *painter, const QRectF &rect, const QString &glyph, const NodeState &state, const Theme &theme)
{
    const double tile = 34;
    const QRectF tileRect(rect.left() + 12, rect.top() + (rect.height() - tile) / 2, tile, tile);
    const QColor colour = glyphColour(state, theme);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.tint(colour, theme.dark ? 0.20 : 0.10));
    painter->drawRoundedRect(tileRect, 8, 8);
    paintGlyph(painter, tileRect.adjusted(6, 6, -6, -6), glyph, colour);
    const double left = tileRect.right() + 11;
    const double width = rect.right() - 34 - left;
    const double middle = rect.center().y();
    drawText(painter, { left, middle - 19, width, 20 }, state.title, mapFont(14, QFont::DemiBold), titleColour(state, theme));
    drawText(painter, { left, middle + 1, width + 20, 17 }, shownDetail(state), mapFont(11.5), detailColour(state, theme));
    paintLook(painter, QRectF(rect.right() - 28, middle - 17, 16, 16), shownLook(state), theme);
}

void paintRegion(QPainter *painter, const QRectF &rect, const NodeState &state, const Theme &theme, double detail)
{
    const bool dead = state.impairment && state.impairment->dead;
    const QColor hue = dead ? theme.failed : regionHue(state.index, theme);
    QPen pen(
        state.selected ? theme.accent : Theme::blend(theme.window, hue, state.hovered ? 0.75 : 0.45), state.selected || dead ? 2 : 1.4);
    if (dead)
        pen = QPen(theme.failed, 2, Qt::DashLine);
    painter->setPen(pen);
    painter->setBrush(Theme::blend(theme.window, hue, theme.dark ? 0.09 : 0.055));
    painter->drawRoundedRect(rect, 22, 22);
    const QColor ink = dead ? theme.failed : Theme::blend(hue, theme.text, 0.45);
    if (detail < farAway) {
        // Far out: the name and what is inside, large enough to read.
        const double size = std::min(15 / std::max(detail, 0.08), rect.height() * 0.16);
        drawText(painter, rect.adjusted(16, 10, -16, 0), state.title, mapFont(size, QFont::DemiBold), ink, Qt::AlignTop | Qt::AlignHCenter);
        drawText(painter, rect.adjusted(16, 0, -16, -12), MapText::tr("%1 clusters, %2 pods").arg(state.clusters).arg(state.pods),
            mapFont(size * 0.8), theme.muted, Qt::AlignBottom | Qt::AlignHCenter);
        return;
    }
    paintGlyph(painter, { rect.left() + 18, rect.top() + 11, 18, 18 }, QStringLiteral("network"), ink);
    drawText(painter, { rect.left() + 42, rect.top() + 9, rect.width() - 60, 22 }, state.title, mapFont(13, QFont::DemiBold), ink);
    if (state.impairment)
        drawText(painter, { rect.left() + 18, rect.top() + 9, rect.width() - 36, 22 }, state.impairment->reason, mapFont(11.5),
            theme.failed, Qt::AlignRight | Qt::AlignVCenter);
}

void paintCluster(QPainter *painter, const QRectF &rect, const NodeState &state, const Theme &theme, double detail)
{
    if (detail < farAway) {
        const double side = std::min(rect.width(), rect.height()) * 0.42;
        const QRectF dot(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side);
        if (state.selected) {
            painter->setPen(QPen(theme.accent, 6));
            painter->setBrush(Qt::NoBrush);
            painter->drawEllipse(dot.adjusted(-12, -12, 12, 12));
        }
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.panel);
        painter->drawEllipse(dot.adjusted(-4, -4, 4, 4));
        paintLook(painter, dot, shownLook(state), theme);
        const double size = std::min(13 / std::max(detail, 0.1), 40.0);
        drawText(painter, { rect.left() - 40, dot.bottom() + 6, rect.width() + 80, size * 1.4 }, state.title, mapFont(size), theme.text,
            Qt::AlignHCenter | Qt::AlignTop);
        return;
    }
    drawBox(painter, rect, 12, state, theme);
    drawHead(painter, { rect.left(), rect.top(), rect.width(), 56 }, QStringLiteral("cluster"), state, theme);
    painter->setPen(QPen(theme.line, 1));
    painter->drawLine(QPointF(rect.left() + 1, rect.top() + 55), QPointF(rect.right() - 1, rect.top() + 55));
    if (state.rows == 0)
        drawText(painter, { rect.left() + 14, rect.top() + 58, rect.width() - 28, 32 }, MapText::tr("no workloads yet"), mapFont(12),
            theme.muted, Qt::AlignCenter);
    else if (state.more > 0)
        drawText(painter, { rect.left() + 14, rect.bottom() - 34, rect.width() - 28, 26 }, MapText::tr("+%1 more").arg(state.more),
            mapFont(12), theme.muted, Qt::AlignCenter);
}

void paintWorkload(QPainter *painter, const QRectF &rect, const NodeState &state, const Theme &theme, double detail)
{
    if (detail < farAway)
        return; // the cluster is a dot
    const bool dead = state.impairment && state.impairment->dead;
    const bool idle = state.desired == 0 && !dead;
    if (state.selected || state.hovered || dead) {
        painter->setPen(state.selected ? QPen(theme.accent, 1.6) : Qt::NoPen);
        QColor ground = theme.raised;
        if (dead)
            ground = theme.tint(theme.failed, theme.dark ? 0.26 : 0.13);
        else if (state.selected)
            ground = theme.tint(theme.accent, 0.14);
        painter->setBrush(ground);
        painter->drawRoundedRect(rect, 6, 6);
    }
    const double middle = rect.center().y();
    QColor ink = theme.text;
    if (dead)
        ink = theme.failed;
    else if (state.impairment || idle)
        ink = theme.muted;
    paintGlyph(painter, { rect.left() + 7, middle - 8, 16, 16 }, state.client ? QStringLiteral("client") : QStringLiteral("workload"),
        dead ? theme.failed : theme.muted);

    // From the right: state, ready count, version.
    double right = rect.right() - 6;
    const Look look = idle ? Look::Unknown : shownLook(state);
    if (!idle)
        paintLook(painter, { right - 14, middle - 7, 14, 14 }, look, theme);
    right -= 20;
    const QString count = QStringLiteral("%1/%2").arg(state.ready).arg(state.desired);
    const double countWidth = std::max(28.0, QFontMetricsF(mapFigures(11.5)).horizontalAdvance(count) + 4);
    drawText(painter, { right - countWidth, rect.top(), countWidth, rect.height() }, count, mapFigures(11.5),
        dead ? theme.failed : (idle ? theme.muted : theme.text), Qt::AlignRight | Qt::AlignVCenter);
    right -= countWidth + 8;
    if (!state.version.isEmpty() && !state.client) {
        const double chip = QFontMetricsF(mapFont(11, QFont::DemiBold)).horizontalAdvance(state.version) + 22;
        const QRectF chipRect(right - chip, middle - 9, chip, 18);
        const QColor colour = state.impairment || idle ? theme.unknown : theme.seriesOf(state.version);
        painter->setPen(Qt::NoPen);
        painter->setBrush(theme.tint(colour, theme.dark ? 0.24 : 0.14));
        painter->drawRoundedRect(chipRect, 9, 9);
        painter->setBrush(colour);
        painter->drawEllipse(QPointF(chipRect.left() + 9, middle), 3.6, 3.6);
        drawText(painter, chipRect.adjusted(16, 0, -2, 0), state.version, mapFont(11, QFont::DemiBold), ink);
        right -= chip + 6;
    }
    if (!state.injected && !idle && !state.impairment) { // a pod without a sidecar is outside the mesh: worth a mark
        paintGlyph(painter, { right - 15, middle - 7, 14, 14 }, QStringLiteral("warning"), theme.warning);
        right -= 18;
    }
    const double left = rect.left() + 29;
    drawText(painter, { left, rect.top(), right - left, rect.height() }, state.title, mapFont(12.5), ink);
}

void paintGateway(QPainter *painter, const QRectF &rect, const NodeState &state, const Theme &theme, double detail)
{
    drawBox(painter, rect, 14, state, theme);
    paintGlyph(painter, rect.adjusted(10, 9, -10, -11), QStringLiteral("gateway"), glyphColour(state, theme));
    if (detail < farAway)
        return;
    paintLook(painter, { rect.right() - 11, rect.top() - 5, 15, 15 }, shownLook(state), theme);
    if (state.impairment && state.impairment->dead) {
        const double width = std::min(140.0, QFontMetricsF(mapFont(11.5, QFont::Medium)).horizontalAdvance(state.impairment->reason) + 14);
        double left = rect.center().x() - width / 2;
        if (state.index != 0) // away from the clusters
            left = state.index > 0 ? rect.left() : rect.right() - width;
        const QRectF label(left, rect.bottom() + 5, width, 19);
        painter->setPen(QPen(theme.failed, 1));
        painter->setBrush(theme.tint(theme.failed, theme.dark ? 0.20 : 0.09));
        painter->drawRoundedRect(label, 5, 5);
        drawText(
            painter, label.adjusted(5, 0, -5, 0), state.impairment->reason, mapFont(11.5, QFont::Medium), theme.failed, Qt::AlignCenter);
    }
}

bool isBetweenNetworks(LinkKind kind)
{
    return kind == LinkKind::CrossNetwork || kind == LinkKind::Bundle;
}

/// The kind decides the pattern, how it is known the rest: what is only configured is hollow, what is old or unknown is dashed.
void strokeLink(
    QPainter *painter, const QPainterPath &path, LinkKind kind, Look look, const QColor &colour, double more, const Theme &theme)
{
    double width = 1.8 + more;
    QVector<qreal> dashes;
    switch (kind) {
    case LinkKind::Trust: break;
    case LinkKind::Managed: width = 2.2 + more; break;
    case LinkKind::DiscoveryOnly: dashes = { 5, 4 }; break;
    case LinkKind::UnknownMode: dashes = { 1, 4 }; break;
    case LinkKind::CrossNetwork: width = 3 + more; break;
    case LinkKind::Bundle: width = 4.5 + more; break;
    }
    const bool hollow = look == Look::Configured && dashes.isEmpty();
    if (dashes.isEmpty() && look == Look::Stale)
        dashes = { 3, 2.5 };
    else if (dashes.isEmpty() && look == Look::Unknown)
        dashes = { 1, 2 };
    QPen pen(colour, hollow ? width + 2.2 : width, Qt::SolidLine, Qt::RoundCap);
    if (!dashes.isEmpty()) {
        pen.setCapStyle(Qt::FlatCap);
        pen.setDashPattern(dashes);
    }
    painter->setBrush(Qt::NoBrush);
    painter->setPen(pen);
    painter->drawPath(path);
    if (hollow) {
        painter->setPen(QPen(theme.window, width - 0.2, Qt::SolidLine, Qt::RoundCap));
        painter->drawPath(path);
    }
}

/// The shape of its state on a line, and beside a cross-network one what there is to say.
void paintLinkMark(QPainter *painter, const QPainterPath &path, const LinkState &state, const Theme &theme)
{
    const Look look = state.look();
    // Where lines of one kind would cross each other, the mark stands nearer to the end that it belongs to.
    const double side = 15;
    const QPointF at = path.pointAtPercent(state.kind == LinkKind::Trust ? 0.5 : isBetweenNetworks(state.kind) ? 0.66 : 0.7);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme.window);
    painter->drawEllipse(at, side / 2 + 2, side / 2 + 2);
    paintLook(painter, { at.x() - side / 2, at.y() - side / 2, side, side }, look, theme);
    const QString note = state.note(QDateTime::currentDateTimeUtc());
    if (note.isEmpty())
        return;
    const QFont font = mapFont(11.5, QFont::Medium);
    const double width = std::min(QFontMetricsF(font).horizontalAdvance(note) + 12, 150.0);
    const bool above = path.pointAtPercent(1).x() > path.pointAtPercent(0).x(); // its counterpart runs on the other side
    const QPointF middle = path.pointAtPercent(0.5);
    const QRectF label(middle.x() - width / 2, middle.y() + (above ? -30 : 11), width, 19);
    const QColor ink = lookColour(look, theme);
    painter->setPen(QPen(ink, 1));
    painter->setBrush(theme.tint(ink, theme.dark ? 0.20 : 0.09));
    painter->drawRoundedRect(label, 5, 5);
    drawText(painter, label.adjusted(5, 0, -5, 0), note, font, ink, Qt::AlignCenter);
}

} // namespace

Look shownLook(const NodeState &state)
{
    if (!state.impairment)
        return state.look;
    return state.impairment->dead ? Look::Failed : Look::Stale;
}

QFont mapFont(double size, QFont::Weight weight)
{
    QFont font = QApplication::font();
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(size))));
    font.setWeight(weight);
    font.setHintingPreference(QFont::PreferNoHinting); // the zoom scales it freely
    return font;
}

QFont mapFigures(double size, QFont::Weight weight)
{
    QFont font = tabularFont(mapFont(size, weight));
    font.setPixelSize(std::max(1, static_cast<int>(std::lround(size))));
    return font;
}

NodeState nodeState(const NodeBox &box, const observe::FleetView &view, const Impairments &impaired, const MapTruth &truth)
{
    const observe::ObservedFleet &fleet = view.fleet();
    NodeState state;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    state.id = box.id;
    state.kind = box.kind;
    const auto id = objectid::parse(box.id);
    if (impaired.contains(box.id))
        state.impairment = impaired.value(box.id);
    switch (box.kind) {
    case Kind::None:
    case Kind::Link: break; // no box
    case Kind::Root: {
        state.title = MapText::tr("Trust root");
        const auto *shared = trustVerdict(fleet);
        const observe::Health read = shared ? shared->health : trustHealth(fleet);
        if (read == observe::Health::Ok) { // the roots that were read are the same; that pods accept them shows a request alone
            const PartTruth part = truth.trust();
            state.look = part.look;
            state.truth = part.text(now);
            state.detail
                = fleet.meshes.size() == 1 ? MapText::tr("of 1 mesh") : MapText::tr("shared by %1 meshes").arg(fleet.meshes.size());
        } else {
            state.look = lookOf(read);
            state.detail = shared ? shared->reason : (fleet.trust.isEmpty() ? MapText::tr("not read yet") : fleet.trust.first().reason);
        }
        if (read == observe::Health::Failed && !state.impairment)
            state.impairment = Impairment { true, state.detail };
        break;
    }
    case Kind::Mesh: {
        const auto *mesh = view.mesh(id.name);
        state.title = id.name;
        if (mesh) {
            state.look = lookOf(healthOf(*mesh));
            QString word = stateWord(mesh->status.state);
            if (state.look == Look::Ok) { // its provider's word, and no more
                const PartTruth part = truth.mesh(id.name);
                state.look = part.look;
                state.truth = part.text(now);
                const auto latent = std::find_if(
                    part.lines.cbegin(), part.lines.cend(), [](const DirectionLine &line) { return !line.cell.latent.isEmpty(); });
                word = latent != part.lines.cend() ? latent->cell.latent : lookWord(Look::Configured);
            }
            state.detail = mesh->status.version.isEmpty() ? word : QStringLiteral("%1 · %2").arg(word, mesh->status.version);
        }
        break;
    }
    case Kind::Network: {
        state.title
            = id.name.isEmpty() && fleet.meshes.isEmpty() && !fleet.meshesUnknown() ? MapText::tr("no mesh") : networkTitle(id.name);
        const QStringList clusters = view.clustersIn(id.name);
        state.clusters = static_cast<int>(clusters.size());
        state.index = static_cast<int>(view.indexOfNetwork(id.name));
        state.look = truth.look(view, clusters);
        for (const QString &name : clusters) {
            const auto *cluster = view.cluster(name);
            for (const auto &workload : cluster->workloads)
                state.pods += workload.ready;
        }
        break;
    }
    case Kind::Cluster: {
        const auto *cluster = view.cluster(id.name);
        state.title = id.name;
        if (cluster) {
            state.look = truth.look(*cluster);
            const PartTruth part = truth.cluster(id.name);
            state.truth = part.text(now);
            QStringList parts;
            for (const QString &text : { cluster->region, cluster->kubeVersion }) {
                if (!text.isEmpty())
                    parts << text;
            }
            state.detail = parts.join(QStringLiteral(" · "));
            if (part.look == Look::Failed)
                state.detail = MapText::tr("%1 failed").arg(part.lines.first().direction.text());
            const auto count = static_cast<int>(cluster->workloads.size());
            state.more = count > mostWorkloadRows + 1 ? count - mostWorkloadRows : 0;
            state.rows = count;
        }
        break;
    }
    case Kind::Gateway: {
        const auto *cluster = view.cluster(id.name);
        state.title = MapText::tr("Gateway of %1").arg(id.name);
        state.index = box.side;
        const auto *condition = cluster ? findCondition(cluster->conditions, QStringLiteral("Gateway")) : nullptr;
        state.detail = MapText::tr("declared, not seen yet");
        if (condition) {
            state.look = lookOf(condition->health);
            state.detail = condition->reason;
        } else if (cluster && !cluster->gatewayAddress.isEmpty()) {
            state.look = cluster->reachable ? Look::Ok : Look::Stale;
            state.detail = cluster->gatewayAddress;
        }
        const PartTruth part = truth.gateway(id.name);
        state.truth = part.text(now);
        if (state.look == Look::Ok) // an address is no answer
            state.look = part.look;
        break;
    }
    case Kind::Workload: {
        const auto *cluster = view.cluster(id.name);
        const auto *workload = cluster ? findWorkload(*cluster, id.ns, id.workload) : nullptr;
        if (!workload)
            break;
        state.title = workload->ns == QLatin1String("default") ? workload->name : workload->ns + u'/' + workload->name;
        state.look = lookOf(healthOf(*workload));
        state.version = workload->version;
        state.ready = workload->ready;
        state.desired = workload->desired;
        state.injected = workload->injected || fleet.meshes.isEmpty() || !workload->apart.isEmpty();
        state.client = workload->name == QLatin1String("sleep");
        state.detail = MapText::tr("%1 of %2 pods ready").arg(workload->ready).arg(workload->desired);
        break;
    }
    }
    return state;
}

void paintNode(QPainter *painter, const QSizeF &size, const NodeState &state, const Theme &theme, double detail)
{
    painter->save();
    painter->setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    if (state.faded)
        painter->setOpacity(0.22);
    const QRectF rect(QPointF(), size);
    switch (state.kind) {
    case Kind::None:
    case Kind::Link: break;
    case Kind::Root:
        drawBox(painter, rect, size.height() / 2, state, theme);
        drawHead(painter, rect.adjusted(6, 0, -6, 0), QStringLiteral("root"), state, theme);
        break;
    case Kind::Mesh:
        drawBox(painter, rect, 12, state, theme);
        drawHead(painter, rect, QStringLiteral("mesh"), state, theme);
        break;
    case Kind::Network: paintRegion(painter, rect, state, theme, detail); break;
    case Kind::Cluster: paintCluster(painter, rect, state, theme, detail); break;
    case Kind::Gateway: paintGateway(painter, rect, state, theme, detail); break;
    case Kind::Workload: paintWorkload(painter, rect, state, theme, detail); break;
    }
    painter->restore();
}

LinkState linkState(const LinkPath &link, const observe::FleetView &view, const Impairments &impaired, const MapTruth &truth)
{
    const observe::ObservedFleet &fleet = view.fleet();
    LinkState state;
    state.kind = link.kind;
    const auto from = objectid::parse(link.from), to = objectid::parse(link.to);
    switch (link.kind) {
    case LinkKind::Trust:
        state.label = MapText::tr("mesh %1 chains to this root").arg(to.name);
        state.truth = truth.trust(to.name);
        if (const auto *verdict = trustVerdict(fleet); verdict && verdict->health != observe::Health::Ok) {
            state.truth.look = lookOf(verdict->health);
            state.label = verdict->reason;
        } else if (!verdict) {
            state.truth.look = std::max(state.truth.look, lookOf(trustHealth(fleet)));
        }
        break;
    case LinkKind::Managed:
        state.label = MapText::tr("%1 manages %2: injects and configures").arg(from.name, to.name);
        state.truth = truth.member(from.name, to.name);
        break;
    case LinkKind::DiscoveryOnly:
        state.label = MapText::tr("%1 discovers %2: reads services and endpoints").arg(from.name, to.name);
        state.truth = truth.member(from.name, to.name);
        break;
    case LinkKind::UnknownMode:
        state.label = MapText::tr("%1 knows %2; the provider does not tell how").arg(from.name, to.name);
        state.truth = truth.member(from.name, to.name);
        break;
    case LinkKind::CrossNetwork:
        state.label = MapText::tr("requests from %1 to %2, mutual TLS on port 15443").arg(from.name, to.name);
        state.truth = truth.cross(from.name, to.name);
        break;
    case LinkKind::Bundle:
        state.label = MapText::tr("requests from clusters of %1 to those of %2").arg(networkTitle(from.name), networkTitle(to.name));
        state.truth = truth.crossNetworks(from.name, to.name);
        break;
    }
    state.toldAtEnd = impaired.value(link.from).dead || impaired.value(link.to).dead;
    if (state.truth.look == Look::Failed)
        return state; // what is broken is red, whatever else is
    for (const QString &end : { link.from, link.to }) {
        if (!impaired.contains(end))
            continue;
        state.greyed = true;
        state.label += u'\n' + QStringLiteral("%1: %2").arg(objectTitle(end), impaired.value(end).reason);
    }
    return state;
}

QString LinkState::text(const QDateTime &now) const
{
    if (truth.lines.isEmpty())
        return kind == LinkKind::Trust && truth.look != Look::Configured
            ? label
            : label + u'\n' + MapText::tr("configured; no request has proven it");
    return label + u'\n' + truth.text(now);
}

QString LinkState::note(const QDateTime &now) const
{
    if (!isBetweenNetworks(kind) || truth.lines.isEmpty() || greyed || toldAtEnd)
        return {};
    const DirectionLine &worst = truth.lines.first();
    if (worst.look == Look::Failed)
        return kind == LinkKind::Bundle ? MapText::tr("%1 of %2 failed").arg(truth.failed).arg(truth.total)
                                        : MapText::tr("%1 failed").arg(truth::layerTitle(worst.cell.layer));
    return worst.look == Look::Stale ? relativeTime(worst.cell.at, now) : QString();
}

QString linkWord(LinkKind kind)
{
    switch (kind) {
    case LinkKind::Trust: return MapText::tr("trust");
    case LinkKind::Managed: return MapText::tr("managed");
    case LinkKind::DiscoveryOnly: return MapText::tr("discovery-only");
    case LinkKind::UnknownMode: return MapText::tr("mode not told");
    case LinkKind::CrossNetwork:
    case LinkKind::Bundle: return MapText::tr("cross-network");
    }
    return {};
}

void paintLink(QPainter *painter, const QPainterPath &path, const LinkState &state, const Theme &theme, double detail)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (state.faded)
        painter->setOpacity(0.18);
    const Look look = state.look();
    QColor colour = Theme::blend(theme.window, lookColour(look, theme), look == Look::Failed ? 1 : 0.88);
    if (state.selected && look < Look::Warning)
        colour = theme.accent;
    strokeLink(painter, path, state.kind, look, colour, state.selected || state.hovered ? 1.2 : 0, theme);
    // An arrow head where somebody acts or asks, a dot where something is only read or tied.
    const QPointF end = path.pointAtPercent(1);
    painter->setPen(Qt::NoPen);
    painter->setBrush(colour);
    if (state.kind == LinkKind::Managed || isBetweenNetworks(state.kind)) {
        const QPointF back = path.pointAtPercent(std::max(0.0, 1 - 10 / std::max(10.0, path.length())));
        QLineF along(end, back);
        along.setLength(10);
        QLineF side = along.normalVector();
        side.setLength(5.5);
        const QPointF aside = side.p2() - side.p1();
        painter->drawPolygon(QPolygonF { end, along.p2() + aside, along.p2() - aside });
    } else if (state.kind == LinkKind::DiscoveryOnly || state.kind == LinkKind::UnknownMode) {
        painter->setPen(QPen(colour, 1.6));
        painter->setBrush(theme.panel);
        painter->drawEllipse(end, 3.6, 3.6);
    } else if (state.kind == LinkKind::Trust) {
        painter->drawEllipse(end, 3.2, 3.2);
    }
    if (detail >= farAway && path.length() > 40)
        paintLinkMark(painter, path, state, theme);
    painter->restore();
}

QSizeF paintLegend(QPainter *painter, const QPointF &at, const QStringList &versions, const Theme &theme)
{
    const QFont font = mapFont(12);
    const double row = 21, pad = 11, key = 34;
    const QList<LinkKind> kinds { LinkKind::Trust, LinkKind::Managed, LinkKind::DiscoveryOnly, LinkKind::UnknownMode,
        LinkKind::CrossNetwork };
    const QList<Look> looks { Look::Ok, Look::Configured, Look::Stale, Look::Unknown, Look::Warning, Look::Failed };
    double first = 0, second = 0, third = 0;
    const QFontMetricsF metrics(font);
    for (const LinkKind kind : kinds)
        first = std::max(first, metrics.horizontalAdvance(linkWord(kind)));
    const auto wordOf = [](Look look) { return look == Look::Ok ? MapText::tr("proven, answers") : lookWord(look); };
    for (const Look look : looks)
        second = std::max(second, metrics.horizontalAdvance(wordOf(look)));
    QStringList shown = versions.mid(0, 4);
    shown << MapText::tr("errors");
    for (const QString &version : shown)
        third = std::max(third, metrics.horizontalAdvance(version));
    const QSizeF size(pad * 2 + key + 6 + first + 18 + key + 28 + second + 18 + 20 + third, pad * 2 + row * 6 - 4);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(theme.line, 1));
    QColor ground = theme.panel;
    ground.setAlphaF(0.94F);
    painter->setBrush(ground);
    painter->drawRoundedRect(QRectF(at, size), 8, 8);
    const double top = at.y() + pad - 2;
    double x = at.x() + pad;
    for (int i = 0; i < kinds.size(); ++i) {
        const double y = top + i * row + row / 2;
        QPainterPath line(QPointF(x, y));
        line.lineTo(x + key, y);
        strokeLink(painter, line, kinds[i], Look::Ok, theme.muted, 0, theme);
        drawText(painter, { x + key + 8, top + i * row, first + 4, row }, linkWord(kinds[i]), font, theme.text);
    }
    x += key + 8 + first + 18;
    for (int i = 0; i < looks.size(); ++i) {
        const double y = top + i * row + row / 2;
        QPainterPath line(QPointF(x, y));
        line.lineTo(x + key - 4, y);
        strokeLink(painter, line, LinkKind::CrossNetwork, looks[i], lookColour(looks[i], theme), 0, theme);
        paintLook(painter, { x + key + 4, top + i * row + 3, 15, 15 }, looks[i], theme);
        drawText(painter, { x + key + 26, top + i * row, second + 4, row }, wordOf(looks[i]), font, theme.text);
    }
    x += key + 28 + second + 18;
    for (int i = 0; i < shown.size(); ++i) {
        const bool errors = i == shown.size() - 1;
        painter->setPen(Qt::NoPen);
        painter->setBrush(errors ? theme.failed : theme.seriesOf(shown[i]));
        painter->drawEllipse(QPointF(x + 6, top + i * row + row / 2), 4.2, 4.2);
        drawText(painter, { x + 18, top + i * row, third + 4, row }, shown[i], font, theme.text);
    }
    painter->restore();
    return size;
}

} // namespace catamaran::ui
