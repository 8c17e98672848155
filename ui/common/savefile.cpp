// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/savefile.h"

#include "ui/common/filedialog.h"

#include <QCoreApplication>
#include <QSaveFile>

namespace catamaran::ui {

namespace {

struct SaveFile {
    Q_DECLARE_TR_FUNCTIONS(SaveFile)
};

/// "csv" of "Table (*.csv)".
QString endingOf(const QString &filter)
{
    return filter.section(QLatin1String("*."), 1, 1).section(u')', 0, 0).section(u' ', 0, 0);
}

} // namespace

void askWhereToSave(
    QWidget *parent, const QString &title, const QString &name, const QStringList &filters, std::function<void(const QString &)> handler)
{
    auto *dialog = new FileDialog(parent, title);
    dialog->setObjectName(QStringLiteral("saveFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(filters);
    dialog->setDefaultSuffix(endingOf(filters.value(0)));
    dialog->selectFile(name);
    QObject::connect(
        dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) { dialog->setDefaultSuffix(endingOf(filter)); });
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(handler));
    dialog->open();
}

core::Result<core::Done> writeWhole(const QString &path, const QString &tried, const std::function<bool(QIODevice &)> &write)
{
    QSaveFile file(path);
    bool done = file.open(QIODevice::WriteOnly);
    if (done && !write(file)) {
        file.cancelWriting();
        done = false;
    }
    if (done && file.commit())
        return core::Done {};
    const QString why = file.error() == QFileDevice::NoError ? SaveFile::tr("it could not be drawn") : file.errorString();
    return core::fail(core::ErrorKind::Storage, tried, path, why,
        SaveFile::tr("Check that the folder exists and can be written, or choose another one."));
}

core::Result<core::Done> writeWhole(const QString &path, const QString &tried, const QByteArray &bytes)
{
    return writeWhole(path, tried, [&bytes](QIODevice &file) { return file.write(bytes) == bytes.size(); });
}

} // namespace catamaran::ui
