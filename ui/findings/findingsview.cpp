// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/findingsview.h"

#include "ui/common/accessible.h"
#include "ui/common/lists.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QHeaderView>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace catamaran::ui {

FindingsView::FindingsView(QWidget *parent)
    : QWidget(parent)
    , m_model(new FindingsModel(this))
    , m_table(new QTableView)
    , m_details(new KeyValueList)
    , m_empty(new EmptyState(QStringLiteral("shield"), tr("Nothing to judge yet"),
          tr("Findings appear here once an environment is open: what, where, the evidence it rests on, and what to do.")))
{
    prepareList(m_table, QStringLiteral("findings"), tr("Findings"));
    m_table->setModel(m_model);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->horizontalHeader()->setStretchLastSection(true);
    const int em = fontMetrics().horizontalAdvance(u'0');
    m_table->setColumnWidth(FindingsModel::StateColumn, em * 13);
    m_table->setColumnWidth(FindingsModel::WhereColumn, em * 24);
    m_table->setColumnWidth(FindingsModel::TitleColumn, em * 42);
    auto *details = new QWidget;
    auto *detailLayout = new QVBoxLayout(details);
    detailLayout->addWidget(m_details);
    detailLayout->addStretch(1);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_table);
    splitter->addWidget(details);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    nameSplitter(splitter, { tr("Findings"), tr("The chosen finding") });
    m_content = splitter;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_empty);
    layout->addWidget(m_content);
    m_content->hide();
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &FindingsView::showChosen);
}

void FindingsView::setFleet(const observe::ObservedFleet &fleet)
{
    const QModelIndex current = m_table->currentIndex();
    const QString chosen = current.isValid() ? m_model->finding(current.row()).id + m_model->finding(current.row()).where : QString();
    m_model->setFindings(fleet::findings(fleet));
    const bool any = m_model->rowCount() > 0;
    m_content->setVisible(any);
    m_empty->setVisible(!any);
    for (int row = 0; row < m_model->rowCount(); ++row) {
        if (chosen.isEmpty() || m_model->finding(row).id + m_model->finding(row).where == chosen) {
            m_table->setCurrentIndex(m_model->index(row, 0));
            break;
        }
    }
    showChosen();
    emit countChanged();
}

int FindingsView::openFindings() const
{
    int count = 0;
    for (int row = 0; row < m_model->rowCount(); ++row)
        count += m_model->finding(row).severity == observe::Health::Failed || m_model->finding(row).severity == observe::Health::Warning
            ? 1
            : 0;
    return count;
}

void FindingsView::showChosen()
{
    const QModelIndex current = m_table->currentIndex();
    if (!current.isValid()) {
        m_details->setRows({});
        return;
    }
    const fleet::Finding &finding = m_model->finding(current.row());
    m_details->setRows({ { tr("State"), healthWord(finding.severity), {}, false, finding.severity }, { tr("Finding"), finding.title },
        { tr("Where"), finding.where }, { tr("Evidence"), finding.evidence }, { tr("Source"), finding.source, {}, true },
        { tr("What to do"), finding.remedy.isEmpty() ? tr("nothing") : finding.remedy } });
}

} // namespace catamaran::ui
