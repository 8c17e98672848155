// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "restorebanner.h"

#include "core/async.h"
#include "drill/runner.h"
#include "ui/verify/planrunner.h"

#include <algorithm>

namespace catamaran::ui {

RestoreBanner::RestoreBanner(Services &services, QWidget *parent)
    : ErrorBanner(parent)
    , m_services(services)
{
    setObjectName(QStringLiteral("restoreBanner"));
    connect(&services, &Services::sessionChanged, this, &RestoreBanner::look);
    connect(&services, &Services::historyBack, this, &RestoreBanner::look);
    connect(this, &ErrorBanner::actionTriggered, this, &RestoreBanner::restoreNow);
}

RestoreBanner::~RestoreBanner()
{
    m_stop.request_stop();
}

void RestoreBanner::look()
{
    const auto session = m_services.session();
    if (!session || m_running) {
        if (!session)
            clear();
        return;
    }
    const auto ask = [environment = session->environment().name](store::Database &database) { return database.pendingRestores(environment); };
    core::whenReady(m_services.history().ask(ask), this, [this, session](const core::Result<QList<store::PendingRestore>> &pending) {
        if (session == m_services.session() && !m_running)
            tell(pending);
    });
}

void RestoreBanner::tell(const core::Result<QList<store::PendingRestore>> &pending)
{
    const auto session = m_services.session();
    if (!pending) { // a damaged journal may still say what is to be restored
        showError(pending.error());
        setAction(tr("Restore what it knows"));
        return;
    }
    QStringList drills;
    int open = 0;
    for (const auto &restore : *pending) {
        if (restore.restored)
            continue;
        ++open;
        if (!drills.contains(restore.drill))
            drills << restore.drill;
    }
    if (open == 0) {
        clear();
        return;
    }
    showNote(fleet::Health::Warning, tr("The drill %1 was interrupted and left its fault in place. Put it back before anything else.").arg(drills.join(QStringLiteral(", "))));
    setAction(tr("Restore now"));
    setClosable(false);
    const auto ask = [session = forWorker(session), file = m_services.history().file(), stop = m_stop.get_token()] { return drill::refusedForRestore(*session, file, stop); };
    core::whenReady(core::runSequence(ask), this, [this, asked = std::weak_ptr(session), shown = text()](const core::Result<fleet::Rights> &refused) {
        if (!m_running && refused && !refused->isEmpty() && asked.lock() == m_services.session())
            showNote(fleet::Health::Warning, shown + u' ' + fleet::rightsError(tr("put it back"), *refused).text());
    });
}

void RestoreBanner::restoreNow()
{
    const auto session = m_services.session();
    if (!session || m_running)
        return;
    m_running = true;
    m_stop = std::stop_source();
    setAction({});
    showNote(fleet::Health::Warning, tr("Restoring what the drill left broken…"));
    setClosable(false);
    const int operation = m_services.beginOperation(tr("Restore after an interrupted drill"), m_stop, true);
    const QString file = m_services.history().file();
    const auto work = [session = forWorker(session), file, stop = m_stop.get_token()] { return drill::restorePending(*session, file, stop); };
    core::whenReady(core::runSequence(work), this, [this, operation](const core::Result<drill::RestoreReport> &restored) {
        m_running = false;
        if (!restored) {
            m_services.endOperation(operation, restored.error().text(), false);
            showError(restored.error());
            setAction(tr("Try again"));
            return;
        }
        QStringList failed, proofs;
        for (const auto &outcome : restored->outcomes)
            (outcome.ok ? proofs : failed) << QStringLiteral("%1: %2").arg(outcome.what, outcome.proof);
        const bool good = failed.isEmpty();
        m_services.endOperation(operation, (good ? proofs : failed).join(QStringLiteral("; ")), good);
        m_services.announceActivity();
        if (!good) {
            showNote(fleet::Health::Failed, tr("Not everything could be restored. %1").arg(failed.join(QStringLiteral("; "))));
            setAction(tr("Try again"));
            return;
        }
        const QString done = tr("Restored and read back. %1").arg(proofs.join(QStringLiteral("; ")));
        if (restored->journal)
            showNote(fleet::Health::Warning, done + u' ' + tr("The journal could not be told, and will offer this again: %1").arg(restored->journal->text()));
        else
            showNote(fleet::Health::Ok, done);
        setAction({});
        setClosable(true);
    });
}

} // namespace catamaran::ui
