// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drillrunner.h"

#include "drill/sentry.h"
#include "ui/common/services.h"
#include "ui/operations/planrunner.h"

#include <QCoreApplication>
#include <QDir>

namespace catamaran::ui {

DrillRunner::DrillRunner(Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
    , m_link(std::make_shared<WorkerLink<DrillRunner>>(this))
    , m_sentryProgram(QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("catamaranctl")))
{
}

DrillRunner::~DrillRunner()
{
    m_stop.request_stop();
    m_link->cut();
}

void DrillRunner::start(const drill::DrillDocument &drill, const drill::DrillOptions &options)
{
    const auto session = m_services.session();
    if (m_running || !session)
        return;
    m_running = true;
    m_stop = std::stop_source();
    m_operation = m_services.beginOperation(tr("Drill: %1").arg(drill.title), m_stop);
    m_stagesLeft = drill.stages;
    m_services.tellDrill(RunningDrill { m_operation, drill.title, phaseWord(drill::Phase::Preparing) });

    drill::DrillCallbacks callbacks;
    callbacks.onPhase = [link = m_link](const drill::PhaseMark &mark) {
        link->post([mark](DrillRunner &runner) {
            if (runner.m_running)
                runner.tell(mark);
            emit runner.phaseReached(mark);
        });
    };
    callbacks.onSamples = [link = m_link](const QList<probe::Sample> &samples) {
        link->post([samples](DrillRunner &runner) { emit runner.received(samples); });
    };
    callbacks.onGuards = [link = m_link](const QList<drill::GuardReading> &readings) {
        link->post([readings](DrillRunner &runner) { emit runner.guardsRead(readings); });
    };
    // The practice range ends with the console: nothing would be left to put back.
    const QString sentryProgram = m_services.practiceRangeRuns() || session->environment().file.isEmpty() ? QString() : m_sentryProgram;
    auto future = core::runSequence([session = forWorker(session), drill, options, callbacks, file = m_services.history().file(),
                                        sentryProgram, link = m_link, stop = m_stop.get_token()] {
        std::unique_ptr<drill::Sentry> sentry;
        if (!sentryProgram.isEmpty()) {
            auto posted = drill::Sentry::post(sentryProgram, session->environment().file, file, stop);
            const QString text = posted ? (*posted)->text() : posted.error().text();
            link->post([text](DrillRunner &runner) { emit runner.sentryTold(text); });
            if (posted)
                sentry = std::move(*posted);
        }
        return drill::runDrill(drill, *session, file, callbacks, stop, options);
    });
    core::whenReady(future, this, [this](const drill::DrillResult &result) {
        m_running = false;
        m_services.tellDrill({});
        m_services.endOperation(m_operation, result.reason, result.verdict == drill::Verdict::Pass);
        m_services.announceActivity();
        if (auto *live = m_services.live())
            live->refresh();
        emit finished(result);
    });
    emit started();
}

void DrillRunner::tell(const drill::PhaseMark &mark)
{
    m_services.reportProgress(m_operation, phaseWord(mark.phase), -1);
    auto now = m_services.drill().value_or(RunningDrill { m_operation, {}, {} });
    now.phase = phaseWord(mark.phase);
    now.isBroken
        = mark.phase == drill::Phase::Fault || mark.phase == drill::Phase::Observing || (now.isBroken && mark.phase != drill::Phase::Done);
    now.backAt = {};
    if (mark.phase == drill::Phase::Observing) { // once for each stage
        std::chrono::milliseconds left { 0 };
        for (const drill::FaultStage &stage : std::as_const(m_stagesLeft))
            left += stage.hold;
        if (!m_stagesLeft.isEmpty())
            m_stagesLeft.removeFirst();
        now.backAt = QDateTime::fromMSecsSinceEpoch(mark.atMs + left.count(), Qt::UTC);
    }
    m_services.tellDrill(now);
}

void DrillRunner::stopAndRestore()
{
    m_stop.request_stop();
}

QFuture<QList<QList<core::Error>>> checkDrills(
    std::shared_ptr<session::Session> session, const QList<drill::DrillDocument> &drills, std::stop_token stop)
{
    return core::runSequence([session = forWorker(std::move(session)), drills, stop] {
        QList<QList<core::Error>> reasons;
        for (const auto &drill : drills)
            reasons += drill::checkDrill(drill, *session, stop).obstacles;
        return reasons;
    });
}

QString phaseWord(drill::Phase phase)
{
    switch (phase) {
    case drill::Phase::Preparing: return DrillRunner::tr("Looking");
    case drill::Phase::Steady: return DrillRunner::tr("Steady");
    case drill::Phase::Fault: return DrillRunner::tr("Fault");
    case drill::Phase::Observing: return DrillRunner::tr("Observing");
    case drill::Phase::Restoring: return DrillRunner::tr("Restoring");
    case drill::Phase::Proving: return DrillRunner::tr("Proving");
    case drill::Phase::Done: return DrillRunner::tr("Done");
    }
    return {};
}

} // namespace catamaran::ui
