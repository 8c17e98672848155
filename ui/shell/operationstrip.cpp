// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "operationstrip.h"

#include "core/printable.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/services.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace catamaran::ui {

constexpr int shownAfterEndMs = 6000;

OperationStrip::OperationStrip(Services &services, QWidget *parent)
    : QFrame(parent)
    , m_services(services)
{
    setObjectName(QStringLiteral("operations"));
    setAccessibleName(tr("Running operations"));
    setProperty("card", true);
    m_layout = new QVBoxLayout(this);
    m_layout->setContentsMargins(12, 4, 12, 4);
    m_layout->setSpacing(2);
    hide();
    m_timer.setInterval(1000);
    connect(&m_timer, &QTimer::timeout, this, &OperationStrip::tick);
    connect(&services, &Services::operationBegan, this, &OperationStrip::begin);
    connect(&services, &Services::operationProgressed, this, &OperationStrip::progress);
    connect(&services, &Services::operationEnded, this, &OperationStrip::end);
}

void OperationStrip::begin(int id, const QString &operation)
{
    const QString title = core::printableLine(operation);
    Row row;
    row.widget = new QWidget(this);
    row.widget->setAccessibleName(title);
    auto *layout = new QHBoxLayout(row.widget);
    layout->setContentsMargins(0, 2, 0, 2);
    layout->setSpacing(10);
    row.badge = new StateBadge(observe::Health::Unknown, title, row.widget);
    layout->addWidget(row.badge);
    row.note = new PlainLabel(row.widget);
    row.note->setObjectName(QStringLiteral("operationNote"));
    row.note->setProperty("muted", true);
    row.note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // what somebody else says does not widen the window
    layout->addWidget(row.note, 1);
    row.progress = new QProgressBar(row.widget);
    row.progress->setRange(0, 0);
    row.progress->setTextVisible(false);
    row.progress->setFixedWidth(160);
    row.progress->setAccessibleName(tr("Progress of %1").arg(title));
    layout->addWidget(row.progress);
    row.elapsed = new PlainLabel(elapsedText(0), row.widget);
    row.elapsed->setFont(tabularFont(font()));
    row.elapsed->setMinimumWidth(QFontMetrics(row.elapsed->font()).horizontalAdvance(QStringLiteral("00 min 00 s")));
    row.elapsed->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(row.elapsed);
    row.cancel = new QToolButton(row.widget);
    row.cancel->setObjectName(QStringLiteral("cancelOperation"));
    row.cancel->setIcon(themedIcon(QStringLiteral("close")));
    row.cancel->setToolTip(tr("Cancel %1").arg(title));
    row.cancel->setAccessibleName(tr("Cancel %1").arg(title));
    layout->addWidget(row.cancel);
    connect(row.cancel, &QToolButton::clicked, this, [this, id] {
        const auto found = m_rows.find(id);
        if (found == m_rows.end())
            return;
        if (found->second.ended) {
            remove(id);
            return;
        }
        found->second.isStopping = true;
        found->second.note->setText(tr("stopping…"));
        m_services.requestStop(id);
    });
    row.since.start();
    m_layout->addWidget(row.widget);
    m_rows.emplace(id, std::move(row));
    m_timer.start();
    show();
}

void OperationStrip::progress(int id, const QString &note, int percent)
{
    const auto found = m_rows.find(id);
    if (found == m_rows.end())
        return;
    if (found->second.isStopping) // what it still tells is on its way there
        found->second.note->setText(note.isEmpty() ? tr("stopping…") : tr("stopping… %1").arg(note));
    else
        found->second.note->setText(note);
    found->second.progress->setRange(0, percent < 0 ? 0 : 100);
    if (percent >= 0)
        found->second.progress->setValue(percent);
}

void OperationStrip::end(int id, const QString &result, bool ok)
{
    const auto found = m_rows.find(id);
    if (found == m_rows.end())
        return;
    Row &row = found->second;
    row.ended = true;
    row.badge->setState(ok ? observe::Health::Ok : observe::Health::Failed, row.badge->word());
    row.note->setText(result);
    row.progress->hide();
    row.elapsed->setText(elapsedText(row.since.elapsed()));
    row.cancel->setToolTip(tr("Close"));
    row.cancel->setAccessibleName(tr("Close"));
    if (ok)
        QTimer::singleShot(shownAfterEndMs, this, [this, id] { remove(id); });
}

void OperationStrip::remove(int id)
{
    const auto found = m_rows.find(id);
    if (found == m_rows.end())
        return;
    found->second.widget->deleteLater();
    m_rows.erase(found);
    if (m_rows.empty()) {
        m_timer.stop();
        hide();
    }
}

void OperationStrip::tick()
{
    for (auto &[id, row] : m_rows) {
        if (!row.ended)
            row.elapsed->setText(elapsedText(row.since.elapsed() / 1000 * 1000));
    }
}

} // namespace catamaran::ui
