// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/matrix/directionpanel.h"

#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/look.h"
#include "ui/common/possible.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {
namespace {

QString basisText(truth::Basis basis)
{
    switch (basis) {
    case truth::Basis::Nothing: return DirectionPanel::tr("Rests on nothing: nobody has looked, or could.");
    case truth::Basis::Configured: return DirectionPanel::tr("Rests on what is set or said, not on a request.");
    case truth::Basis::Proven: return DirectionPanel::tr("Rests on what was asked there.");
    }
    return {};
}

PlainLabel *addLine(QVBoxLayout *layout, bool muted)
{
    auto *label = new SelectableLabel;
    label->setProperty("muted", muted);
    label->setContentsMargins(22, 0, 0, 0);
    layout->addWidget(label);
    return label;
}

} // namespace

struct DirectionPanel::Layer {
    QFrame *frame = nullptr;
    StateBadge *badge = nullptr;
    PlainLabel *title = nullptr;
    RelativeTimeLabel *time = nullptr;
    PlainLabel *evidence = nullptr, *needs = nullptr, *latent = nullptr, *basis = nullptr, *source = nullptr;

    void show(const truth::Cell &cell)
    {
        const Look look = lookOf(cell);
        title->setText(truth::layerTitle(cell.layer));
        badge->setLook(look, proofWord(look));
        time->setTime(cell.at);
        time->setVisible(cell.at.isValid());
        const auto fill = [](PlainLabel *label, const QString &text) {
            label->setText(text);
            label->setVisible(!text.isEmpty());
        };
        fill(evidence, cell.evidence);
        fill(needs, cell.needs.isEmpty() ? QString() : DirectionPanel::tr("it needs %1").arg(cell.needs));
        fill(latent, cell.latent);
        fill(basis, basisText(cell.basis));
        fill(source, cell.source);
        frame->setAccessibleName(DirectionPanel::tr("%1: %2").arg(title->text(), proofWord(look)));
        frame->setAccessibleDescription(
            QStringList { evidence->text(), needs->text(), latent->text(), basis->text(), source->text() }.join(u'\n'));
    }
};

DirectionPanel::DirectionPanel(QWidget *parent)
    : QScrollArea(parent)
{
    setObjectName(QStringLiteral("directionPanel"));
    setAccessibleName(tr("The chosen direction"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumWidth(250);
    auto *both = new QWidget;
    auto *outer = new QVBoxLayout(both);
    outer->setContentsMargins(12, 10, 12, 12);
    m_nothing = new MutedLabel(tr("Choose a cell: what is known of that direction, and what it rests on, appears here."));
    outer->addWidget(m_nothing);
    m_page = new QWidget;
    outer->addWidget(m_page);
    outer->addStretch(1);
    setWidget(both);

    auto *layout = new QVBoxLayout(m_page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    m_title = new PlainLabel(m_page);
    m_title->setObjectName(QStringLiteral("directionTitle"));
    m_title->setFont(scaledFont(font(), 1.15, QFont::DemiBold));
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setFocusPolicy(Qt::NoFocus);
    layout->addWidget(m_title);
    layout->addWidget(m_badge = new StateBadge, 0, Qt::AlignLeft);
    auto *head = new QHBoxLayout;
    m_prove = new QPushButton(themedIcon(QStringLiteral("verify")), tr("&Prove this"));
    m_prove->setObjectName(QStringLiteral("proveThis"));
    m_prove->setToolTip(tr("Sends requests from the one cluster and looks who answers"));
    connect(m_prove, &QPushButton::clicked, this, &DirectionPanel::proveRequested);
    head->addWidget(m_prove);
    auto *why = new QPushButton(themedIcon(QStringLiteral("crosshair")), tr("Wh&y?"));
    why->setObjectName(QStringLiteral("whyThis"));
    why->setToolTip(tr("Follows one request hop by hop: what rules it, and where it stops"));
    connect(why, &QPushButton::clicked, this, &DirectionPanel::whyRequested);
    head->addWidget(why);
    head->addStretch(1);
    layout->addLayout(head);
    m_badge->setObjectName(QStringLiteral("directionState"));
    m_sentence = new MutedLabel;
    m_sentence->setObjectName(QStringLiteral("directionSentence"));
    layout->addWidget(m_sentence);
    for (auto &layer : m_layers) {
        layer = std::make_unique<Layer>();
        layer->frame = new QFrame;
        layer->frame->setObjectName(QStringLiteral("layer%1").arg(&layer - m_layers.data()));
        auto *column = new QVBoxLayout(layer->frame);
        column->setContentsMargins(0, 4, 0, 4);
        column->setSpacing(2);
        auto *row = new QHBoxLayout;
        row->addWidget(layer->title = new PlainLabel);
        layer->title->setFont(scaledFont(font(), 1, QFont::DemiBold));
        row->addStretch(1);
        row->addWidget(layer->time = new RelativeTimeLabel);
        column->addLayout(row);
        column->addWidget(layer->badge = new StateBadge, 0, Qt::AlignLeft);
        layer->evidence = addLine(column, false);
        layer->needs = addLine(column, false);
        layer->latent = addLine(column, false);
        layer->basis = addLine(column, true);
        layer->source = addLine(column, true);
        layer->source->setFont(monoFont());
        layout->addWidget(layer->frame);
    }
    show(nullptr);
}

DirectionPanel::~DirectionPanel() = default;

void DirectionPanel::show(const truth::DirectionState *state)
{
    m_nothing->setVisible(!state);
    m_page->setVisible(state);
    m_state = state ? *state : truth::DirectionState {};
    if (!state)
        return;
    m_title->setText(state->direction.text());
    const Look look = lookOf(*state);
    m_badge->setLook(look, proofWord(look));
    for (const truth::Layer layer : truth::allLayers)
        m_layers.at(std::size_t(layer))->show(state->cell(layer));
    tick();
}

void DirectionPanel::setObstacle(const QString &obstacle)
{
    setPossible(m_prove, obstacle);
}

void DirectionPanel::setProving(bool proving)
{
    m_prove->setText(proving ? tr("&Prove this too") : tr("&Prove this"));
}

void DirectionPanel::tick()
{
    if (m_state.direction.from.isEmpty())
        return;
    m_sentence->setText(m_state.provenAt.isValid()
            ? tr("A pod of %1 last answered %2.").arg(m_state.direction.to, relativeTime(m_state.provenAt, QDateTime::currentDateTimeUtc()))
            : tr("No answer of %1 has been seen.").arg(m_state.direction.to));
}

} // namespace catamaran::ui
