// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/kubefiletable.h"

#include "ui/common/icons.h"
#include "ui/setup/homepath.h"
#include "ui/setup/setuppage.h"

#include <QAction>
#include <QHeaderView>

#include <algorithm>

namespace catamaran::ui {

namespace {

constexpr int shownFiles = 3; ///< rows of the list of files before it scrolls

} // namespace

KubeFileTable::KubeFileTable(QWidget *parent)
    : QTableWidget(parent)
    , m_remove(new QAction(themedIcon(QStringLiteral("trash")), tr("Take the file out of the list"), this))
{
    prepareTable(this, QStringLiteral("kubeconfigFiles"), tr("Kubeconfig files"), { tr("File"), tr("Contexts"), tr("State") });
    setVerticalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextElideMode(Qt::ElideMiddle);
    setSelectionMode(QAbstractItemView::SingleSelection);
    m_remove->setShortcut(QKeySequence::Delete);
    m_remove->setShortcutContext(Qt::WidgetShortcut);
    addAction(m_remove);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(m_remove, &QAction::triggered, this, [this] {
        QStringList paths;
        const QList<QModelIndex> rows = selectionModel()->selectedRows();
        for (const QModelIndex &index : rows)
            paths << m_shown.value(index.row()).path;
        if (paths.isEmpty() && currentRow() >= 0)
            paths << m_shown.value(currentRow()).path;
        if (!paths.isEmpty())
            emit removeRequested(paths);
    });
}

void KubeFileTable::setFiles(const QList<KubeFile> &files)
{
    m_shown = files;
    setRowCount(int(files.size()));
    for (int i = 0; i < files.size(); ++i) {
        const KubeFile &file = files.at(i);
        setCell(this, i, 0, shortPath(file.path), file.path);
        setCell(this, i, 1, file.error ? tr("–") : QString::number(file.contexts));
        if (file.error) {
            const QString where
                = file.error->target == file.path ? QString() : file.error->target.mid(file.error->target.lastIndexOf(u':') + 1);
            const QString said
                = where.isEmpty() || where.contains(u'/') ? file.error->answer : tr("line %1: %2").arg(where, file.error->answer);
            setCell(this, i, 2, healthCell(observe::Health::Failed, said),
                file.error->text() + u'\n'
                    + tr("kubectl refuses the whole list while this file is in it; here the others are read without it."),
                observe::Health::Failed);
        } else if (!file.issues.isEmpty()) {
            const kube::ConfigIssue &issue = file.issues.first();
            setCell(this, i, 2, healthCell(severityHealth(issue.severity), issue.what), issue.text(), severityHealth(issue.severity));
        } else if (file.contexts == 0) {
            setCell(this, i, 2, healthCell(observe::Health::Warning, tr("no context of it is used")),
                tr("It defines none, or earlier files define the same names."), observe::Health::Warning);
        } else {
            setCell(this, i, 2, healthCell(observe::Health::Ok, tr("read")), {}, observe::Health::Ok);
        }
    }
    int height = horizontalHeader()->sizeHint().height() + 2 * frameWidth() + 2;
    for (int i = 0; i < std::min(shownFiles, rowCount()); ++i)
        height += rowHeight(i);
    setFixedHeight(height);
}

void KubeFileTable::fitColumns()
{
    setColumnWidth(0, viewport()->width() * 45 / 100);
    setColumnWidth(1, fontMetrics().horizontalAdvance(horizontalHeaderItem(1)->text()) + 24);
}

void KubeFileTable::resizeEvent(QResizeEvent *event)
{
    QTableWidget::resizeEvent(event);
    fitColumns();
}

} // namespace catamaran::ui
