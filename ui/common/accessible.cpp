// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/common/accessible.h"

#include "core/printable.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QCoreApplication>
#include <QSignalBlocker>
#include <QSplitter>

#include <vector>

namespace catamaran::ui {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Accessible)
};

} // namespace

void whenToggled(QAbstractButton *button, QObject *context, std::function<void(bool)> handler)
{
    QObject::connect(button, &QAbstractButton::toggled, context, std::move(handler));
}

void showChecked(QAbstractButton *button, bool checked)
{
    // In a group one goes off when another goes on. Each once: a second blocker would give back what the first one set.
    const QList<QAbstractButton *> all = button->group() ? button->group()->buttons() : QList<QAbstractButton *> { button };
    std::vector<QSignalBlocker> quiet(all.cbegin(), all.cend());
    button->setChecked(checked);
}

void nameSplitter(QSplitter *splitter, const QStringList &parts)
{
    splitter->setAccessibleName(parts.join(QStringLiteral(", ")));
    const auto say = [splitter] {
        const QList<int> sizes = splitter->sizes();
        int all = 0, before = 0;
        for (const int size : sizes)
            all += size;
        for (int i = 1; i < splitter->count() && all > 0; ++i) {
            before += sizes.at(i - 1);
            announce(splitter->handle(i), Say::tr("at %1 % of the room").arg(100 * before / all));
        }
    };
    for (int i = 1; i < splitter->count(); ++i)
        splitter->handle(i)->setAccessibleName(Say::tr("Border between %1 and %2").arg(parts.value(i - 1), parts.value(i)));
    QObject::connect(splitter, &QSplitter::splitterMoved, splitter, say);
}

void announce(QWidget *widget, const QString &text)
{
    if (const QString said = core::printable(text); said != widget->accessibleDescription())
        widget->setAccessibleDescription(said); // which tells those who listen
}

} // namespace catamaran::ui
