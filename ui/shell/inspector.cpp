// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "inspector.h"

#include "core/printable.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/plaintext.h"
#include "ui/common/theme.h"
#include "ui/findings/findingsmodel.h"
#include "ui/topology/fleetfacts.h"
#include "ui/topology/objectid.h"

#include <QCoreApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QHash>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include <functional>

namespace catamaran::ui {
namespace {

/// The type of a condition in words; one that is not known here speaks for itself.
QString conditionWord(const QString &type)
{
    static const QHash<QString, const char *> words {
        { QStringLiteral("Reachable"), QT_TRANSLATE_NOOP("Condition", "Reachable") },
        { QStringLiteral("Verified"), QT_TRANSLATE_NOOP("Condition", "Verified") },
        { QStringLiteral("Running"), QT_TRANSLATE_NOOP("Condition", "Running") },
        { QStringLiteral("RootShared"), QT_TRANSLATE_NOOP("Condition", "Shared root") },
        { QStringLiteral("Discovery"), QT_TRANSLATE_NOOP("Condition", "Discovery") },
        { QStringLiteral("Gateway"), QT_TRANSLATE_NOOP("Condition", "Gateway") },
        { QStringLiteral("Workload"), QT_TRANSLATE_NOOP("Condition", "Workload") },
    };
    const char *word = words.value(type);
    return word ? QCoreApplication::translate("Condition", word) : type;
}

QString glyphOf(const QString &objectId)
{
    switch (objectid::parse(objectId).kind) {
    case objectid::Kind::None: break;
    case objectid::Kind::Link: return QStringLiteral("link");
    case objectid::Kind::Root: return QStringLiteral("root");
    case objectid::Kind::Mesh: return QStringLiteral("mesh");
    case objectid::Kind::Network: return QStringLiteral("network");
    case objectid::Kind::Cluster: return QStringLiteral("cluster");
    case objectid::Kind::Gateway: return QStringLiteral("gateway");
    case objectid::Kind::Workload: return QStringLiteral("workload");
    }
    return {};
}

/// A condition or a direction: state and name, its reason, then the evidence it rests on with source and time.
class ConditionRow final : public QFrame {
public:
    explicit ConditionRow(QWidget *parent)
        : QFrame(parent)
    {
        auto *layout = new QVBoxLayout(this);
        layout->setContentsMargins(0, 2, 0, 6);
        layout->setSpacing(1);
        auto *head = new QHBoxLayout;
        head->addWidget(m_badge = new StateBadge(this));
        head->addStretch(1);
        head->addWidget(m_time = new RelativeTimeLabel(this));
        head->addWidget(m_open = new QPushButton(this));
        setButtonRole(m_open, ButtonRole::Quiet);
        m_open->hide();
        connect(m_open, &QPushButton::clicked, this, [this] {
            if (m_onOpen)
                m_onOpen();
        });
        layout->addLayout(head);
        for (PlainLabel **label : { &m_reason, &m_evidence, &m_source }) {
            *label = new PlainLabel(this);
            (*label)->setWordWrap(true);
            (*label)->setTextInteractionFlags(Qt::TextSelectableByMouse);
            (*label)->setFocusPolicy(Qt::NoFocus);
            (*label)->setContentsMargins(22, 0, 0, 0);
            layout->addWidget(*label);
        }
        m_evidence->setFont(monoFont());
        m_evidence->setProperty("muted", true);
        m_source->setProperty("muted", true);
    }

    void set(const observe::Condition &condition)
    {
        const bool isWord = condition.health == observe::Health::Ok && isWordOnly(condition);
        set(isWord ? Look::Configured : lookOf(condition.health), conditionWord(condition.type), condition.reason, condition.evidence,
            condition.source, condition.at);
        m_badge->setToolTip(lookWord(m_badge->look()));
    }

    void set(const DirectionLine &line)
    {
        const QString more = detailText(line.cell);
        set(line.look, line.direction.text(), more.isEmpty() ? proofWord(line.look) : more.mid(2), {}, line.cell.source, line.cell.at);
        m_badge->setToolTip(Inspector::tr("%1: %2").arg(truth::layerTitle(line.cell.layer), proofWord(line.look)));
    }

    void set(const findings::Finding &finding)
    {
        const findings::Evidence first = finding.evidence.isEmpty() ? findings::Evidence {} : finding.evidence.first();
        const QString accepted = finding.accepted ? Inspector::tr("accepted until %1").arg(finding.accepted->until.toString(Qt::ISODate))
                                                  : lookWord(lookOf(finding.state));
        set(finding.accepted ? Look::Configured : lookOf(finding.state), accepted, finding.sentence, first.text, first.source, first.at);
        m_badge->setToolTip(finding.remedy);
    }

    /// A button at the right of its head.
    void offer(const QString &text, const QString &accessible, std::function<void()> onOpen)
    {
        m_open->setText(text);
        m_open->setAccessibleName(accessible);
        m_open->setVisible(true);
        m_onOpen = std::move(onOpen);
    }

private:
    void set(Look look, const QString &word, const QString &reason, const QString &evidence, const QString &source, const QDateTime &at)
    {
        m_badge->setLook(look, word);
        m_reason->setText(reason);
        m_evidence->setText(evidence);
        m_evidence->setVisible(!evidence.isEmpty() && evidence != reason);
        m_source->setText(source);
        m_source->setVisible(!source.isEmpty());
        m_time->setTime(at);
        m_time->setVisible(at.isValid());
        setAccessibleName(Inspector::tr("%1 %2: %3").arg(core::printableLine(word), lookWord(look), m_reason->text()));
    }

    StateBadge *m_badge = nullptr;
    QPushButton *m_open = nullptr;
    std::function<void()> m_onOpen;
    RelativeTimeLabel *m_time = nullptr;
    PlainLabel *m_reason = nullptr;
    PlainLabel *m_evidence = nullptr;
    PlainLabel *m_source = nullptr;
};

} // namespace

Inspector::Inspector(QWidget *parent)
    : QScrollArea(parent)
{
    setObjectName(QStringLiteral("inspector"));
    setAccessibleName(tr("Inspector"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *both = new QWidget(this);
    auto *outer = new QVBoxLayout(both);
    outer->setContentsMargins(0, 0, 0, 0);
    m_empty = new EmptyState(QStringLiteral("inspector"), tr("Nothing selected"),
        tr("Select an object on the map or in the tree: its facts, their evidence and the command that shows the same by hand appear here."),
        {}, both);
    outer->addWidget(m_empty);
    m_page = new QWidget(both);
    outer->addWidget(m_page);
    setWidget(both);

    auto *layout = new QVBoxLayout(m_page);
    layout->setContentsMargins(14, 12, 14, 14);
    layout->setSpacing(8);
    auto *head = new QHBoxLayout;
    head->setSpacing(10);
    head->addWidget(m_glyph = new PlainLabel(m_page), 0, Qt::AlignTop);
    auto *titles = new QVBoxLayout;
    titles->setSpacing(0);
    titles->addWidget(m_title = new PlainLabel(m_page));
    m_title->setFont(scaledFont(font(), 1.2, QFont::DemiBold));
    m_title->setWordWrap(true);
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    titles->addWidget(m_kind = new PlainLabel(m_page));
    m_kind->setProperty("muted", true);
    head->addLayout(titles, 1);
    head->addWidget(m_badge = new StateBadge(m_page), 0, Qt::AlignTop);
    layout->addLayout(head);
    m_note = new ErrorBanner(m_page);
    layout->addWidget(m_note);
    m_rows = new KeyValueList(m_page);
    layout->addWidget(m_rows);
    layout->addWidget(m_directionsTitle = new SectionTitle(tr("Directions, and what is proven of them"), m_page));
    m_directions = new QVBoxLayout;
    m_directions->setSpacing(2);
    layout->addLayout(m_directions);
    layout->addWidget(m_moreDirections = new MutedLabel({}, m_page));
    layout->addWidget(m_findingsTitle = new SectionTitle(tr("Findings"), m_page));
    m_findings = new QVBoxLayout;
    m_findings->setSpacing(2);
    layout->addLayout(m_findings);
    layout->addWidget(m_findingsNote = new MutedLabel({}, m_page));
    m_findingsNote->setObjectName(QStringLiteral("inspectorFindingsNote"));
    layout->addWidget(m_conditionsTitle = new SectionTitle(tr("Conditions and their evidence"), m_page));
    m_conditions = new QVBoxLayout;
    m_conditions->setSpacing(2);
    layout->addLayout(m_conditions);
    m_commandButton = new QPushButton(themedIcon(QStringLiteral("command")), tr("Show as command"), m_page);
    m_commandButton->setObjectName(QStringLiteral("showCommand"));
    m_commandButton->setCheckable(true);
    m_commandButton->setAccessibleName(tr("Show as command"));
    layout->addWidget(m_commandButton, 0, Qt::AlignLeft);
    m_command = new CommandBox(m_page);
    m_command->hide();
    layout->addWidget(m_command);
    connect(m_commandButton, &QPushButton::toggled, m_command, &QWidget::setVisible);
    layout->addWidget(m_relatedTitle = new SectionTitle(tr("Related"), m_page));
    m_related = new QVBoxLayout;
    m_related->setSpacing(0);
    layout->addLayout(m_related);
    layout->addStretch(1);
    show({});
}

void Inspector::show(const ObjectFacts &facts)
{
    const bool sameRelated = facts.related == m_facts.related && m_facts.isValid();
    const bool sameGlyph = facts.glyph == m_facts.glyph && !m_glyph->pixmap(Qt::ReturnByValue).isNull();
    m_facts = facts;
    m_empty->setVisible(!facts.isValid());
    m_page->setVisible(facts.isValid());
    if (!facts.isValid())
        return;
    m_title->setText(facts.title);
    m_kind->setText(facts.kind);
    m_badge->setLook(facts.look);
    if (!sameGlyph)
        redrawGlyph();
    if (facts.note.isEmpty()) {
        m_note->clear();
    } else {
        m_note->showNote(facts.look == Look::Failed ? observe::Health::Failed : observe::Health::Stale, facts.note);
        m_note->setClosable(false);
    }
    m_rows->setRows(facts.rows);
    m_command->setCommand(facts.command);
    m_commandButton->setVisible(!facts.command.isEmpty());
    m_command->setVisible(!facts.command.isEmpty() && m_commandButton->isChecked());
    showConditions();
    showFindings();
    if (!sameRelated)
        showRelated();
}

namespace {

/// As many rows as there are facts, each updated in place.
template <typename Facts> void fill(QVBoxLayout *rows, const Facts &facts, QWidget *parent)
{
    while (rows->count() > facts.size()) {
        QLayoutItem *last = rows->takeAt(rows->count() - 1);
        delete last->widget();
        delete last;
    }
    while (rows->count() < facts.size())
        rows->addWidget(new ConditionRow(parent));
    for (int i = 0; i < int(facts.size()); ++i)
        static_cast<ConditionRow *>(rows->itemAt(i)->widget())->set(facts[i]);
}

} // namespace

void Inspector::showConditions()
{
    const PartTruth &truth = m_facts.truth;
    fill(m_directions, truth.lines, m_page);
    for (int i = 0; i < int(truth.lines.size()); ++i) {
        const truth::Direction direction = truth.lines.at(i).direction;
        static_cast<ConditionRow *>(m_directions->itemAt(i)->widget())
            ->offer(tr("Why?"), tr("Why %1 is as it is").arg(core::printableLine(direction.text())),
                [this, direction] { emit whyRequested(direction); });
    }
    m_directionsTitle->setVisible(truth.total > 0);
    const auto more = int(truth.total - truth.lines.size());
    m_moreDirections->setText(tr("%n more in the matrix", nullptr, more));
    m_moreDirections->setVisible(more > 0);
    fill(m_conditions, m_facts.conditions, m_page);
    m_conditionsTitle->setVisible(!m_facts.conditions.isEmpty());
}

void Inspector::showFindings()
{
    constexpr qsizetype most = 8;
    const QList<findings::Finding> shown = m_facts.findings.mid(0, most);
    fill(m_findings, shown, m_page);
    for (int i = 0; i < int(shown.size()); ++i) {
        const QString id = shown.at(i).id();
        static_cast<ConditionRow *>(m_findings->itemAt(i)->widget())
            ->offer(tr("Open"), tr("Open the finding: %1").arg(core::printableLine(shown.at(i).sentence)),
                [this, id] { emit findingRequested(id); });
    }
    QStringList notes;
    if (!m_facts.areFindingsRead)
        notes << tr("Not read yet.");
    else if (m_facts.findings.isEmpty() && m_facts.unaskedRules == 0)
        notes << tr("None.");
    if (m_facts.findings.size() > most)
        notes << tr("%1 more in the findings.").arg(QString::number(m_facts.findings.size() - most));
    if (m_facts.unaskedRules > 0)
        notes << unaskedText(m_facts.unaskedRules) + u'.';
    m_findingsNote->setText(notes.join(u' '));
    m_findingsNote->setVisible(!notes.isEmpty());
}

void Inspector::showRelated()
{
    while (QLayoutItem *item = m_related->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const QString &objectId : std::as_const(m_facts.related)) {
        auto *button = new QPushButton(themedIcon(glyphOf(objectId)), buttonText(objectTitle(objectId)), m_page);
        setButtonRole(button, ButtonRole::Quiet);
        button->setAccessibleName(tr("Show %1").arg(core::printableLine(objectTitle(objectId))));
        connect(button, &QPushButton::clicked, this, [this, objectId] { emit objectRequested(objectId); });
        m_related->addWidget(button, 0, Qt::AlignLeft);
    }
    m_relatedTitle->setVisible(!m_facts.related.isEmpty());
}

void Inspector::redrawGlyph()
{
    const qreal ratio = devicePixelRatioF();
    QPixmap pixmap(QSize(28, 28) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintGlyph(&painter, QRectF(0, 0, 28, 28), m_facts.glyph, themeOf(this).accent);
    painter.end();
    m_glyph->setPixmap(pixmap);
}

bool Inspector::event(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange && m_facts.isValid())
        redrawGlyph();
    return QScrollArea::event(event);
}

} // namespace catamaran::ui
