// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "interruptedbanner.h"

#include "ops/purpose.h"
#include "ui/common/format.h"

namespace catamaran::ui {

InterruptedBanner::InterruptedBanner(Services &services, QWidget *parent)
    : ErrorBanner(parent)
    , m_services(services)
    , m_leaving(new PlanRunner(services, this))
{
    setObjectName(QStringLiteral("interruptedBanner"));
    connect(&services, &Services::sessionChanged, this, [this] {
        m_failed = false;
        look();
    });
    connect(&services, &Services::historyBack, this, &InterruptedBanner::look);
    connect(&services, &Services::activityChanged, this, &InterruptedBanner::look);
    connect(this, &ErrorBanner::actionChosen, this, &InterruptedBanner::choose);
    connect(m_leaving, &PlanRunner::finished, this, &InterruptedBanner::left);
    connect(this, &ErrorBanner::closed, this, [this] { m_failed = false; });
}

void InterruptedBanner::look()
{
    const auto session = m_services.session();
    if (!session) {
        m_entry.reset();
        clear();
        return;
    }
    if (m_services.hasOperations()) // what this console does is none; it ends with another look
        return;
    const auto ask = [environment = session->environment().name](ops::Journal &journal) -> core::Result<QList<ExecutionEntry>> {
        const auto interrupted = journal.interrupted(environment);
        if (!interrupted)
            return core::fail(interrupted.error());
        QList<ExecutionEntry> entries;
        for (const ops::Execution &one : *interrupted) {
            if (ops::isTakenBack(one.purpose))
                continue;
            const auto entry = readExecution(journal, one);
            if (!entry)
                return core::fail(entry.error());
            entries.append(*entry);
        }
        return entries;
    };
    core::whenReady(askJournal(m_services.history(), ask), this, [this, session](const core::Result<QList<ExecutionEntry>> &entries) {
        if (session == m_services.session() && entries && !m_services.hasOperations()) // that it cannot be read, the window says
            tell(*entries);
    });
}

void InterruptedBanner::tell(const QList<ExecutionEntry> &entries)
{
    if (entries.isEmpty()) {
        m_entry.reset();
        if (!m_failed)
            clear();
        return;
    }
    m_failed = false;
    m_entry = entries.first();
    const ops::Execution &execution = m_entry->execution;
    QString text = tr("“%1” was interrupted at %2 (%3).")
                       .arg(executionTitle(execution), absoluteTime(execution.heartbeat.isValid() ? execution.heartbeat : execution.at),
                           ownerText(execution));
    if (entries.size() > 1)
        text += u' '
            + (entries.size() == 2 ? tr("One more is in the Activity place.")
                                   : tr("%1 more are in the Activity place.").arg(entries.size() - 1));
    showNote(observe::Health::Warning, text);
    m_deeds = { ExecutionDialog::Deed::GoOn };
    QStringList actions { tr("&Go on…") };
    if (execution.undoes == 0) { // an undo can only be gone on with
        m_deeds += ExecutionDialog::Deed::TakeBack;
        actions += { tr("&Undo…"), tr("&Leave") };
    }
    setActions(actions);
    setClosable(false);
}

void InterruptedBanner::choose(int button)
{
    if (!m_entry || m_leaving->isRunning())
        return;
    if (button < m_deeds.size()) {
        (new ExecutionDialog(m_services, *m_entry, m_deeds.at(button), window()))->open();
        return;
    }
    const qint64 id = m_entry->execution.id;
    const QString title = executionTitle(m_entry->execution);
    showNote(observe::Health::Warning, tr("Looking at what became of “%1”…").arg(title));
    setActions({});
    m_leaving->leave(id, tr("Leave: %1").arg(title));
}

void InterruptedBanner::left(const ops::ExecutionResult &result)
{
    if (result.error && !result.complete) {
        m_failed = true;
        showError(*result.error);
        setClosable(true);
    } else {
        m_failed = false;
    }
    look();
}

} // namespace catamaran::ui
