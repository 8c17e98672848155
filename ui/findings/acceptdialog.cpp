// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/findings/acceptdialog.h"

#include "ui/common/widgets.h"
#include "ui/findings/findingsmodel.h"

#include <QDateEdit>
#include <QDateTime>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace catamaran::ui {

AcceptDialog::AcceptDialog(const findings::Finding &finding, QWidget *parent)
    : QDialog(parent)
    , m_until(new QDateEdit)
    , m_reason(new QLineEdit)
{
    setObjectName(QStringLiteral("acceptDialog"));
    setWindowTitle(tr("Accept a finding"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(560, 0);
    const QDate today = QDateTime::currentDateTimeUtc().date(); // as it is counted
    m_until->setObjectName(QStringLiteral("acceptUntil"));
    m_until->setAccessibleName(tr("Until this day"));
    m_until->setCalendarPopup(true);
    m_until->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
    m_until->setMinimumDate(today);
    m_until->setDate(today.addMonths(3));
    m_reason->setObjectName(QStringLiteral("acceptReason"));
    m_reason->setAccessibleName(tr("Why it is wanted so"));
    m_reason->setPlaceholderText(tr("Why it is wanted so"));
    m_reason->setMaxLength(500);
    auto *form = new QFormLayout;
    form->addRow(tr("&Until"), m_until);
    form->addRow(tr("&Because"), m_reason);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *go = buttons->addButton(tr("&Accept"), QDialogButtonBox::AcceptRole);
    go->setObjectName(QStringLiteral("acceptConfirm"));
    go->setDefault(true);
    go->setEnabled(false);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(new WrappedLabel(QStringLiteral("%1\n%2").arg(finding.sentence, findingPlace(finding))));
    layout->addWidget(new MutedLabel(tr("It stays in the list, as accepted, and does not count until that day is over.")));
    layout->addLayout(form);
    layout->addWidget(buttons);
    connect(m_reason, &QLineEdit::textChanged, go, [go](const QString &text) { go->setEnabled(!text.trimmed().isEmpty()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    m_reason->setFocus();
}

findings::Accepted AcceptDialog::answer() const
{
    return { m_until->date(), m_reason->text().trimmed() };
}

} // namespace catamaran::ui
