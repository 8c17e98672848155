// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/restorequestion.h"

#include "ui/common/labels.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

void askAboutRestore(QWidget *parent, const RestoreQuestion &question, const std::function<void(const QString &reason)> &accepted)
{
    auto *dialog = new QDialog(parent->window());
    dialog->setObjectName(question.name);
    dialog->setWindowTitle(question.title);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(640, 0);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(new WrappedLabel(question.text));
    QLineEdit *reason = nullptr;
    if (!question.reason.isEmpty()) {
        layout->addWidget(new PlainLabel(question.reason));
        reason = new QLineEdit;
        reason->setObjectName(QStringLiteral("restoreReason"));
        reason->setAccessibleName(question.reason);
        layout->addWidget(reason);
    }
    auto *buttons = new QDialogButtonBox;
    auto *accept = buttons->addButton(question.accept, QDialogButtonBox::AcceptRole);
    accept->setObjectName(QStringLiteral("restoreAccept"));
    auto *refuse = buttons->addButton(QCoreApplication::translate("RestoreBanner", "&Leave it"), QDialogButtonBox::RejectRole);
    refuse->setObjectName(QStringLiteral("restoreRefuse"));
    accept->setAutoDefault(false);
    refuse->setDefault(!reason);
    layout->addWidget(buttons);
    if (reason) {
        accept->setEnabled(false);
        QObject::connect(
            reason, &QLineEdit::textChanged, accept, [accept](const QString &text) { accept->setEnabled(!text.trimmed().isEmpty()); });
        QObject::connect(reason, &QLineEdit::returnPressed, accept, &QPushButton::click);
    }
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(dialog, &QDialog::accepted, parent, [accepted, reason] { accepted(reason ? reason->text().trimmed() : QString()); });
    dialog->open();
    if (reason)
        reason->setFocus();
    else
        refuse->setFocus();
}

} // namespace catamaran::ui
