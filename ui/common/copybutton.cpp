// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/copybutton.h"

#include "core/printable.h"
#include "ui/common/icons.h"

#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QTimer>
#include <QToolButton>

namespace catamaran::ui {

void copyText(const QString &text)
{
    QGuiApplication::clipboard()->setText(core::printable(text)); // it is pasted into a terminal as a rule
}

QToolButton *makeCopyButton(std::function<QString()> text, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(themedIcon(QStringLiteral("copy")));
    button->setToolTip(QCoreApplication::translate("CopyButton", "Copy"));
    button->setAccessibleName(QCoreApplication::translate("CopyButton", "Copy"));
    QObject::connect(button, &QToolButton::clicked, button, [button, text = std::move(text)] {
        copyText(text());
        button->setIcon(themedIcon(QStringLiteral("check"))); // says that it worked, for a moment
        QTimer::singleShot(1200, button, [button] { button->setIcon(themedIcon(QStringLiteral("copy"))); });
    });
    return button;
}

} // namespace catamaran::ui
