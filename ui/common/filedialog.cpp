// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/filedialog.h"

#include <QFileIconProvider>
#include <QFileInfo>

namespace catamaran::ui {

namespace {

class ByName final : public QFileIconProvider {
public:
    using QFileIconProvider::icon;
    QIcon icon(const QFileInfo &info) const override { return icon(info.isDir() ? Folder : File); }
    QString type(const QFileInfo &info) const override { return info.isDir() ? FileDialog::tr("Folder") : info.suffix(); }
};

} // namespace

FileDialog::FileDialog(QWidget *parent, const QString &title, const QString &folder, const QString &filters)
    : QFileDialog(parent, title, {}, filters)
{
    static ByName byName; // dialogs do not own theirs
    setIconProvider(&byName);
    if (!folder.isEmpty())
        setDirectory(folder); // from here on it lists files
}

void askWhichFile(QWidget *parent, const QString &title, const QString &filters, std::function<void(const QString &)> handler)
{
    auto *dialog = new FileDialog(parent, title, {}, filters);
    dialog->setObjectName(QStringLiteral("openFile"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    QObject::connect(dialog, &QFileDialog::fileSelected, parent, std::move(handler));
    dialog->open();
}

} // namespace catamaran::ui
