// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/savefile.h"

#include <QFileDialog>

namespace catamaran::ui {

namespace {

/// "csv" of "Table (*.csv)".
QString endingOf(const QString &filter)
{
    return filter.section(QLatin1String("*."), 1, 1).section(u')', 0, 0).section(u' ', 0, 0);
}

} // namespace

void askWhereToSave(QWidget *parent, const QString &title, const QString &name, const QStringList &filters, std::function<void(const QString &)> handler)
{
    auto *dialog = new QFileDialog(parent, title);
    dialog->setObjectName(QStringLiteral("saveFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(endingOf(filters.value(0)));
    dialog->selectFile(name);
    QObject::connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) { dialog->setDefaultSuffix(endingOf(filter)); });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(handler));
    dialog->open();
}

} // namespace catamaran::ui
