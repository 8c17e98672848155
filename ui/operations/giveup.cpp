// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/operations/giveup.h"

#include "ui/common/say.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/executions.h"

#include <QDialog>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

void askToGiveUp(Services &services, qint64 execution, const QString &step, const QString &title, QWidget *parent,
    std::function<void(const core::Result<core::Done> &, const QString &)> told)
{
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("giveUpDialog"));
    dialog->setWindowTitle(Say::tr("Give the step up"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    auto *text = new WrappedLabel(Say::tr(
        "“%1” is left as it is now: it is not looked at again, not taken back, and keeps nobody off any more. The reason is kept with it.")
                                      .arg(title));
    auto *reason = new QLineEdit;
    reason->setObjectName(QStringLiteral("giveUpReason"));
    reason->setAccessibleName(Say::tr("Reason"));
    reason->setPlaceholderText(Say::tr("Why it may stay so"));
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *go = buttons->addButton(Say::tr("&Give it up"), QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("giveUpConfirm"));
    setButtonRole(go, ButtonRole::Danger);
    go->setEnabled(false);
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(text);
    layout->addWidget(reason);
    layout->addWidget(buttons);
    dialog->resize(520, dialog->sizeHint().height());
    QObject::connect(reason, &QLineEdit::textChanged, go, [go](const QString &typed) { go->setEnabled(!typed.trimmed().isEmpty()); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    QObject::connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    QObject::connect(dialog, &QDialog::accepted, parent, [&services, execution, step, reason, parent, told = std::move(told)] {
        const QString why = reason->text().trimmed();
        const auto give = [execution, step, why](ops::Journal &journal) { return journal.giveUp(execution, step, why); };
        core::whenReady(askJournal(services.history(), give), parent, [&services, why, told](const core::Result<core::Done> &given) {
            told(given, why);
            services.announceActivity();
        });
    });
    dialog->open();
}

} // namespace catamaran::ui
