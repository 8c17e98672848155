// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/findingdetail.h"

#include "findings/rule.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLocale>
#include <QPushButton>
#include <QUrl>
#include <QVBoxLayout>

namespace catamaran::ui {

FindingDetail::FindingDetail(QWidget *parent)
    : QScrollArea(parent)
    , m_page(new QWidget)
    , m_badge(new StateBadge)
    , m_title(new WrappedLabel)
    , m_nothing(new MutedLabel(tr("Choose a finding: what it rests on and what to do appears here.")))
    , m_rows(new KeyValueList)
    , m_documentation(new QPushButton(themedIcon(QStringLiteral("document")), tr("&Documentation")))
{
    setObjectName(QStringLiteral("findingDetail"));
    setAccessibleName(tr("The chosen finding"));
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *both = new QWidget;
    auto *outer = new QVBoxLayout(both);
    outer->setContentsMargins(12, 8, 12, 8);
    outer->addWidget(m_nothing);
    outer->addWidget(m_page);
    outer->addStretch(1);
    setWidget(both);
    m_title->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_title->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    m_title->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_title->setFocusPolicy(Qt::NoFocus);
    m_title->setObjectName(QStringLiteral("findingSentence"));
    m_documentation->setObjectName(QStringLiteral("findingDocumentation"));
    setButtonRole(m_documentation, ButtonRole::Quiet);
    auto *head = new QHBoxLayout;
    head->addWidget(m_badge, 0, Qt::AlignTop);
    head->addWidget(m_title, 1);
    head->addWidget(m_documentation, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(m_page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(head);
    layout->addWidget(m_rows);
    connect(m_documentation, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(QUrl(m_link)); });
    showRow(nullptr);
}

void FindingDetail::showRow(const FindingRow *row)
{
    m_nothing->setVisible(!row);
    m_page->setVisible(row);
    if (!row)
        return;
    const findings::Finding &finding = row->finding;
    const findings::Rule *rule = findings::ruleOf(finding.rule);
    m_badge->setLook(findingLook(*row), findingState(*row));
    m_title->setText(row->isUnasked() ? findingAsText(*row) : finding.sentence);
    m_link = row->isUnasked() ? QString() : findings::documentationOf(finding.rule, QLocale().language() == QLocale::Chinese);
    m_documentation->setVisible(!m_link.isEmpty());
    m_documentation->setToolTip(m_link);
    QList<KeyValueList::Row> rows;
    const auto add = [&](const QString &key, const QString &value, const QString &toolTip = {}) {
        if (!value.isEmpty())
            rows.append({ key, value, toolTip });
    };
    if (finding.accepted)
        add(tr("Accepted"), tr("until %1 because %2").arg(finding.accepted->until.toString(Qt::ISODate), finding.accepted->reason));
    add(tr("What to do"), finding.remedy);
    if (!row->isUnasked()) {
        add(tr("Mends it"), finding.mend.isEmpty() ? tr("only a person can") : tr("operations can: Mend it… shows them"));
        add(tr("Where"), findingPlace(finding));
        add(tr("Direction"), findingDirection(finding));
        add(tr("Services"), finding.services.join(QStringLiteral(", ")));
        add(tr("What holds else"), rule ? rule->name() : QString());
        add(tr("Why it matters"), rule ? rule->explanation() : QString());
        add(tr("Rule"), tr("%1 (%2)").arg(finding.rule, findingLayer(finding.layer)));
        add(tr("First seen"), row->since.isValid() ? tr("%1, while this console was open").arg(absoluteTime(row->since)) : QString());
    }
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const findings::Evidence &one : finding.evidence)
        add(tr("Evidence"),
            one.at.isValid() ? QStringLiteral("%1\n%2, %3").arg(one.text, one.source, relativeTime(one.at, now))
                             : QStringLiteral("%1\n%2").arg(one.text, one.source),
            absoluteTime(one.at));
    m_rows->setRows(rows);
}

} // namespace catamaran::ui
