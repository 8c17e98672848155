// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "restorebanner.h"

#include "core/async.h"
#include "ui/operations/planrunner.h"
#include "ui/shell/restorequestion.h"

#include <QBoxLayout>
#include <QPushButton>

#include <algorithm>

namespace catamaran::ui {

namespace {

QStringList unique(QStringList names)
{
    names.removeDuplicates();
    return names;
}

} // namespace

RestoreBanner::RestoreBanner(Services &services, QWidget *parent)
    : ErrorBanner(parent)
    , m_services(services)
{
    setObjectName(QStringLiteral("restoreBanner"));
    connect(&services, &Services::sessionChanged, this, &RestoreBanner::look);
    connect(&services, &Services::sessionChanged, this, &RestoreBanner::watchMarks);
    connect(&services, &Services::historyBack, this, &RestoreBanner::look);
    connect(this, &ErrorBanner::actionTriggered, this, &RestoreBanner::askOrRestore);
    watchMarks();
}

RestoreBanner::~RestoreBanner()
{
    m_stop.request_stop();
}

/// A fault that comes or goes may be somebody else's.
void RestoreBanner::watchMarks()
{
    m_marks.clear();
    if (auto *live = m_services.live()) {
        connect(live, &observe::LiveFleet::changed, this, [this](const observe::ObservedFleet &fleet) {
            QSet<QString> marks;
            for (const drill::MarkedObject &one : drill::marksIn(fleet))
                marks.insert(one.trace().subject() + u' ' + one.mark.toText());
            if (marks == m_marks)
                return;
            m_marks = marks;
            if (m_failed.isEmpty()) // what could not be restored stays said
                look();
        });
    }
}

void RestoreBanner::look()
{
    const auto session = m_services.session();
    if (!session || m_running) {
        if (!session)
            clear();
        return;
    }
    const QList<drill::MarkedObject> marks = m_services.live() ? drill::marksIn(m_services.live()->fleet()) : QList<drill::MarkedObject>();
    const auto ask = [environment = session->environment().name, marks](store::Database &database) -> core::Result<Seen> {
        const auto journal = ops::Journal::open(database.file());
        if (!journal)
            return core::fail(journal.error());
        const auto restores = drill::dueRestores(database.file(), environment);
        const auto probes = drill::dueRestores(database.file(), environment, ops::probePurpose);
        const auto unknown = drill::unknownTo(*journal, marks);
        if (!restores || !unknown || !probes)
            return core::fail(!restores ? restores.error() : !probes ? probes.error() : unknown.error());
        return Seen { *restores, *unknown, probes->due };
    };
    core::whenReady(m_services.history().ask(ask), this, [this, session](const core::Result<Seen> &seen) {
        if (session == m_services.session() && !m_running)
            tell(seen);
    });
}

void RestoreBanner::tell(const core::Result<Seen> &seen)
{
    m_asked.clear();
    offerGivingUp({});
    if (!seen) { // a damaged journal may still say what is to be restored
        showError(seen.error());
        setAction(tr("Restore what it knows"));
        return;
    }
    QStringList drills, held, others, probes;
    m_purpose = ops::drillPurpose;
    for (const ops::Execution &one : seen->probes)
        probes << one.name;
    for (const ops::Execution &one : seen->restores.due)
        drills << one.name;
    for (const ops::Execution &one : seen->restores.held)
        if (one.owner != ops::Owner::self()) // what runs in this window is in sight
            held << drill::heldText(one);
    for (const drill::MarkedObject &one : seen->unknown) {
        const drill::OwnerState owner = drill::ownerOf(one.mark);
        if (ops::isProbesName(one.mark.name)) { // it breaks nothing: only what nobody takes away is told
            if (owner == drill::OwnerState::Gone)
                probes << one.mark.name;
        } else if (owner == drill::OwnerState::Gone)
            drills << (one.mark.name.isEmpty() ? one.mark.execution : one.mark.name);
        else if (owner == drill::OwnerState::Alive)
            held << one.whose();
        else
            m_asked << one;
    }
    for (const drill::MarkedObject &one : std::as_const(m_asked))
        others << one.whose();
    QStringList said;
    if (!drills.isEmpty())
        said << tr("The drill %1 was interrupted and left its fault in place. Put it back before anything else.")
                    .arg(unique(drills).join(QStringLiteral(", ")));
    for (const QString &one : unique(held))
        said << tr("Somebody else runs a drill here: %1. What it broke is put back there.").arg(one);
    if (!others.isEmpty())
        said << tr("Another machine's drill may be running here: %1.").arg(unique(others).join(QStringLiteral("; ")));
    if (drills.isEmpty() && m_asked.isEmpty() && !probes.isEmpty()) {
        m_purpose = ops::probePurpose;
        said << tr("A probe was left in the fleet by a console that ended (%1). It sends nothing, but still stands there.")
                    .arg(unique(probes).join(QStringLiteral("; ")));
    }
    if (said.isEmpty()) {
        clear();
        return;
    }
    if (m_purpose == ops::probePurpose) {
        showNote(observe::Health::Warning, said.join(u' '));
        setAction(tr("Take it away"));
        setClosable(true);
        return;
    }
    showNote(observe::Health::Warning, said.join(u' '));
    setAction(!drills.isEmpty() ? tr("Restore now") : !m_asked.isEmpty() ? tr("Restore it all the same…") : QString());
    setClosable(drills.isEmpty());
    if (!drills.isEmpty()) {
        m_asked.clear(); // first what is surely interrupted
        tellRights(m_services.session());
    }
}

void RestoreBanner::tellRights(const std::shared_ptr<session::Session> &session)
{
    const auto ask = [session = forWorker(session), file = m_services.history().file(), stop = m_stop.get_token()] {
        return drill::refusedForRestore(*session, file, stop);
    };
    core::whenReady(
        core::runSequence(ask), this, [this, asked = std::weak_ptr(session), shown = text()](const core::Result<fleet::Rights> &refused) {
            if (!m_running && refused && !refused->isEmpty() && asked.lock() == m_services.session())
                showNote(observe::Health::Warning, shown + u' ' + fleet::rightsError(tr("put it back"), *refused).text());
        });
}

void RestoreBanner::askOrRestore()
{
    if (m_asked.isEmpty()) {
        restoreNow(false);
        return;
    }
    QStringList lines;
    for (const drill::MarkedObject &one : std::as_const(m_asked))
        lines << tr("%1: %2").arg(one.text(), one.whose());
    askAboutRestore(this,
        { QStringLiteral("restoreOfOthers"), tr("Put back another machine's fault?"),
            tr("Whether that drill still runs cannot be seen from here. If it does, it ends without a verdict.") + QStringLiteral("\n\n")
                + lines.join(u'\n'),
            tr("&Restore") },
        [this](const QString &) { restoreNow(true); });
}

void RestoreBanner::restoreNow(bool alsoOfOthers)
{
    const auto session = m_services.session();
    if (!session || m_running)
        return;
    m_running = true;
    m_stop = std::stop_source();
    setAction({});
    offerGivingUp({});
    const bool ofProbes = m_purpose == ops::probePurpose;
    showNote(observe::Health::Warning, ofProbes ? tr("Taking the probe away…") : tr("Restoring what the drill left broken…"));
    setClosable(false);
    const int operation = m_services.beginOperation(
        ofProbes ? tr("Take a probe away that was left") : tr("Restore after an interrupted drill"), m_stop, true);
    const QString file = m_services.history().file();
    const auto work = [session = forWorker(session), file, alsoOfOthers, purpose = m_purpose, stop = m_stop.get_token()] {
        return drill::restorePending(*session, file, { alsoOfOthers, purpose }, stop);
    };
    core::whenReady(core::runSequence(work), this, [this, operation](const core::Result<drill::RestoreReport> &restored) {
        m_running = false;
        if (!restored) {
            m_services.endOperation(operation, restored.error().text(), false);
            showError(restored.error());
            setAction(tr("Try again"));
            return;
        }
        QStringList said;
        for (const auto &outcome : restored->outcomes)
            if (outcome.ok == restored->ok())
                said << outcome.proof;
        m_services.endOperation(operation, said.join(QStringLiteral("; ")), restored->ok());
        m_services.announceActivity();
        tellRestored(*restored);
    });
}

void RestoreBanner::tellRestored(const drill::RestoreReport &restored)
{
    QStringList failed, proofs, others;
    for (const auto &outcome : restored.outcomes)
        (outcome.ok ? proofs : failed) << outcome.proof;
    for (const drill::MarkedObject &one : restored.asked)
        others << one.whose();
    m_asked = failed.isEmpty() ? restored.asked : QList<drill::MarkedObject>();
    setClosable(false);
    if (!failed.isEmpty()) {
        showNote(observe::Health::Failed, tr("Not everything could be restored. %1").arg(failed.join(QStringLiteral("; "))));
        setAction(tr("Try again"));
        offerGivingUp(restored.outcomes);
        return;
    }
    if (!others.isEmpty()) {
        showNote(observe::Health::Warning,
            tr("Another machine's drill may be running here: %1.").arg(unique(others).join(QStringLiteral("; "))));
        setAction(tr("Restore it all the same…"));
        return;
    }
    const QString done = proofs.isEmpty() ? tr("Nothing is left to be restored.")
                                          : tr("Restored and read back. %1").arg(proofs.join(QStringLiteral("; ")));
    if (restored.journal)
        showNote(observe::Health::Warning,
            done + u' ' + tr("The journal could not be told, and will offer this again: %1").arg(restored.journal->text()));
    else if (!restored.unseen.isEmpty())
        showNote(observe::Health::Warning,
            done + u' ' + tr("Whether a drill left something elsewhere is not known: %1").arg(restored.unseen.first().text()));
    else
        showNote(observe::Health::Ok, done);
    setAction({});
    setClosable(true);
}

void RestoreBanner::offerGivingUp(const QList<drill::RestoreOutcome> &outcomes)
{
    m_failed.clear();
    for (const auto &outcome : outcomes)
        if (!outcome.ok && outcome.execution != 0)
            m_failed << outcome;
    if (!m_giveUp && !m_failed.isEmpty()) {
        m_giveUp = new QPushButton(tr("&Give it up…"), this);
        m_giveUp->setObjectName(QStringLiteral("giveUpRestore"));
        m_giveUp->setToolTip(tr("Leave it as it is, with a reason that is kept"));
        if (auto *row = qobject_cast<QBoxLayout *>(layout()))
            row->insertWidget(1, m_giveUp, 0, Qt::AlignVCenter);
        connect(m_giveUp, &QPushButton::clicked, this, &RestoreBanner::askWhyGivenUp);
    }
    if (m_giveUp)
        m_giveUp->setVisible(!m_failed.isEmpty());
}

void RestoreBanner::askWhyGivenUp()
{
    QStringList lines;
    for (const auto &outcome : std::as_const(m_failed))
        lines << outcome.proof;
    askAboutRestore(this,
        { QStringLiteral("giveUpDialog"), tr("Give up what could not be restored?"),
            tr("It stays as it is, and keeps no later drill waiting.") + QStringLiteral("\n\n") + lines.join(u'\n'), tr("&Give it up"),
            tr("Why? The reason is kept in the journal.") },
        [this](const QString &reason) { giveUp(reason); });
}

void RestoreBanner::giveUp(const QString &reason)
{
    const auto session = m_services.session();
    if (!session || m_running)
        return;
    m_running = true;
    const auto work = [session = forWorker(session), file = m_services.history().file(), failed = m_failed, reason,
                          stop = m_stop.get_token()]() -> core::Result<core::Done> {
        for (const auto &outcome : failed)
            if (const auto given = drill::giveUp(*session, file, outcome.execution, outcome.step, reason, stop); !given)
                return core::fail(given.error());
        return core::Done {};
    };
    core::whenReady(core::runSequence(work), this, [this](const core::Result<core::Done> &given) {
        m_running = false;
        m_services.announceActivity();
        if (!given) {
            showError(given.error());
            setAction(tr("Try again"));
            return;
        }
        m_failed.clear();
        look();
    });
}

} // namespace catamaran::ui
