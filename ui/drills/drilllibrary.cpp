// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drilllibrary.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QGridLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace catamaran::ui {

QStringList faultTexts(const drill::DrillDocument &drill)
{
    QStringList texts;
    for (const auto &fault : drill.faults)
        texts += fault.kind->words(fault.arguments);
    return texts;
}

QStringList undoTexts(const drill::DrillDocument &drill)
{
    QStringList texts;
    for (const auto &fault : drill.faults)
        texts += fault.kind->undoWords(fault.arguments);
    return texts;
}

DrillLibrary::DrillLibrary(QWidget *parent)
    : QWidget(parent)
    , m_cards(new QGridLayout)
    , m_history(new DrillHistoryPanel)
{
    setObjectName(QStringLiteral("drillLibrary"));
    auto *title = new SectionTitle(tr("Drills"));
    auto *recheck = new QPushButton(themedIcon(QStringLiteral("refresh")), tr("Check a&gain"));
    recheck->setObjectName(QStringLiteral("recheckDrills"));
    recheck->setToolTip(tr("Look again which drills this environment allows now"));
    auto *file = new QPushButton(themedIcon(QStringLiteral("file")), tr("&Open a drill file…"));
    file->setObjectName(QStringLiteral("openDrillFile"));
    connect(recheck, &QPushButton::clicked, this, &DrillLibrary::recheckRequested);
    connect(file, &QPushButton::clicked, this, &DrillLibrary::fileRequested);
    auto *fromTemplate = new QPushButton(themedIcon(QStringLiteral("drill")), tr("From a &template…"));
    fromTemplate->setObjectName(QStringLiteral("drillFromTemplate"));
    fromTemplate->setToolTip(tr("Aim a drill at your own workloads, gateways and control planes"));
    connect(fromTemplate, &QPushButton::clicked, this, &DrillLibrary::templateRequested);
    auto *head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(recheck);
    head->addWidget(fromTemplate);
    head->addWidget(file);

    auto *cards = new QWidget;
    m_cards->setContentsMargins(0, 0, 0, 0);
    m_cards->setSpacing(12);
    cards->setLayout(m_cards);
    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(16, 14, 16, 14);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(new MutedLabel(tr(
        "A drill breaks one thing on purpose while requests go on, measures how long it takes until every answer is good again, and puts everything back.")));
    layout->addWidget(cards);
    layout->addSpacing(6);
    layout->addWidget(m_history, 1);
    layout->addStretch(); // without a history the cards keep their height
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    connect(m_history, &DrillHistoryPanel::resultOpened, this, &DrillLibrary::resultOpened);
    connect(m_history, &DrillHistoryPanel::historyRequested, this, &DrillLibrary::historyRequested);
}

void DrillLibrary::setDrills(const QList<drill::DrillDocument> &drills)
{
    while (QLayoutItem *item = m_cards->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_entries.clear();
    for (int i = 0; i < drills.size(); ++i) {
        const auto &drill = drills.at(i);
        auto *card = new Card(drill.title);
        card->setObjectName(QStringLiteral("drillCard-") + drill.id);
        card->setIcon(QStringLiteral("drill"));
        card->setText(drill.summary);
        auto *facts = new KeyValueList;
        facts->setRows({ { tr("Breaks"), faultTexts(drill).join(u'\n') }, { tr("Should hold"), drill.hypothesis },
            { tr("Undone by"), undoTexts(drill).join(u'\n') } });
        card->body()->addWidget(facts);
        Entry entry;
        entry.state = new StateBadge(observe::Health::Unknown, tr("not checked"));
        entry.reason = new MutedLabel;
        card->body()->addWidget(entry.state);
        card->body()->addWidget(entry.reason);
        card->body()->addStretch(1);
        entry.open = card->addButton(tr("Prepare…"), true);
        entry.open->setObjectName(QStringLiteral("openDrill-") + drill.id);
        entry.open->setAccessibleName(tr("Prepare the drill %1").arg(card->accessibleName()));
        connect(entry.open, &QPushButton::clicked, this, [this, i] { emit chosen(i); });
        m_cards->addWidget(card, i / 2, i % 2);
        m_entries += entry;
    }
    m_cards->setColumnStretch(0, 1);
    m_cards->setColumnStretch(1, 1);
}

void DrillLibrary::setReasons(const QList<QList<core::Error>> &reasons)
{
    for (int i = 0; i < m_entries.size() && i < reasons.size(); ++i) {
        const auto &why = reasons.at(i);
        m_entries[i].state->setState(
            why.isEmpty() ? observe::Health::Ok : observe::Health::Warning, why.isEmpty() ? tr("can run here") : tr("cannot run here now"));
        QStringList lines;
        for (const auto &error : why)
            lines += error.text();
        m_entries[i].reason->setText(lines.join(u'\n'));
        m_entries[i].reason->setVisible(!lines.isEmpty());
    }
}

} // namespace catamaran::ui
