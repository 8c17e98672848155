// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drillview.h"

#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/drills/drillhistory.h"
#include "ui/drills/drilllibrary.h"
#include "ui/drills/drillrunner.h"
#include "ui/drills/drilltimeline.h"
#include "ui/drills/guardgauges.h"
#include "ui/topology/objectid.h"
#include "ui/topology/topologyview.h"
#include "ui/verify/runcharts.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace catamaran::ui {

namespace {

constexpr int frameMs = 50;
constexpr int manySeconds = 600, slowFrameMs = 500; ///< a chart of so many seconds moves less than a pixel in a frame

/// A large number over a quiet caption.
PlainLabel *addFigure(QHBoxLayout *row, const QString &caption, const QString &name)
{
    auto *value = new PlainLabel(DrillView::tr("–"));
    value->setObjectName(name);
    value->setFont(scaledFont(tabularFont(value->font()), 1.9, QFont::DemiBold));
    value->setAccessibleName(caption);
    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(value);
    column->addWidget(new MutedLabel(caption));
    row->addLayout(column, 1);
    return value;
}

bool isFault(const drill::PhaseMark &mark)
{
    return mark.phase == drill::Phase::Fault;
}

QStringList brokenObjects(const drill::DrillDocument &drill)
{
    QStringList ids;
    for (const auto &fault : drill.faults) {
        const auto objects = fault.kind->touches(fault.arguments).value_or(QList<drill::FaultObject>());
        for (const auto &object : objects)
            if (!object.isMade && (object.kind == u"Deployment" || object.kind == u"StatefulSet"))
                ids += objectid::workload(object.cluster, object.ns, object.name);
    }
    return ids;
}

} // namespace

DrillView::DrillView(QWidget *parent)
    : QWidget(parent)
    , m_title(new PlainLabel)
    , m_verdict(new PlainLabel)
    , m_badge(new StateBadge)
    , m_error(new ErrorBanner)
    , m_map(new TopologyView)
    , m_facts(new KeyValueList)
    , m_gauges(new GuardGauges)
    , m_timeline(new DrillTimeline)
    , m_chart(new AnswersChart)
    , m_hint(new MutedLabel)
    , m_typed(new QLineEdit)
    , m_start(new QPushButton(tr("&Start the drill")))
    , m_stop(new QPushButton(tr("STOP AND RESTORE")))
    , m_back(new QPushButton(themedIcon(QStringLiteral("left")), tr("All &drills")))
    , m_export(new QPushButton(themedIcon(QStringLiteral("export")), tr("&Export the report…")))
{
    setObjectName(QStringLiteral("drillView"));
    m_title->setFont(scaledFont(font(), 1.3, QFont::DemiBold));
    m_title->setWordWrap(true); // a document may have a long one
    m_verdict->setObjectName(QStringLiteral("drillVerdict"));
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_error->setObjectName(QStringLiteral("drillError"));
    m_error->hide();
    m_map->setMini(true);
    m_map->setMinimumSize(260, 190);
    m_chart->setWholeRun(true);
    m_chart->setMinimumHeight(130);
    m_typed->setObjectName(QStringLiteral("typeEnvironment"));
    m_start->setObjectName(QStringLiteral("startDrill"));
    m_stop->setObjectName(QStringLiteral("stopDrill"));
    m_stop->setToolTip(tr("Ends the drill now and puts everything back (Esc twice)"));
    m_back->setObjectName(QStringLiteral("backToDrills"));
    m_export->setObjectName(QStringLiteral("exportDrill"));
    setButtonRole(m_start, ButtonRole::Primary);
    setButtonRole(m_stop, ButtonRole::Danger);

    auto *head = new QHBoxLayout;
    head->addWidget(m_back);
    head->addWidget(m_title, 1);
    head->addWidget(m_badge);

    auto *figures = new QHBoxLayout;
    m_elapsed = addFigure(figures, tr("elapsed"), QStringLiteral("drillElapsed"));
    m_failed = addFigure(figures, tr("failed requests"), QStringLiteral("drillFailed"));
    m_recovery = addFigure(figures, tr("recovery"), QStringLiteral("drillRecovery"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_typed);
    buttons->addWidget(m_start);
    buttons->addWidget(m_stop);
    buttons->addWidget(m_export);
    buttons->addStretch(1);
    auto *side = new QVBoxLayout;
    side->addLayout(figures);
    side->addWidget(m_verdict);
    side->addWidget(m_facts);
    side->addWidget(m_gauges);
    side->addWidget(m_hint);
    side->addStretch(1);
    side->addLayout(buttons);
    auto *upper = new QHBoxLayout;
    upper->setSpacing(14);
    upper->addWidget(m_map, 5);
    upper->addLayout(side, 6);

    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(16, 12, 16, 12);
    layout->setSpacing(10);
    layout->addLayout(head);
    layout->addWidget(m_error);
    layout->addLayout(upper, 3);
    layout->addWidget(m_timeline);
    layout->addWidget(m_chart, 2);
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);

    m_frame.setInterval(frameMs);
    connect(&m_frame, &QTimer::timeout, this, &DrillView::showFigures);
    connect(&m_escape, &EscapeTwice::asked, this, [this] { m_stop->setText(tr("Esc again to STOP AND RESTORE")); });
    connect(&m_escape, &EscapeTwice::done, m_stop, &QPushButton::click);
    connect(&m_escape, &EscapeTwice::forgotten, this, [this] { m_stop->setText(tr("STOP AND RESTORE")); });
    connect(m_typed, &QLineEdit::textChanged, this, &DrillView::enableStart);
    connect(m_typed, &QLineEdit::returnPressed, m_start, &QPushButton::click);
    connect(m_start, &QPushButton::clicked, this, &DrillView::startRequested);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_stop->setEnabled(false);
        m_hint->setText(tr("Stopping: everything is put back and read back first."));
        emit stopRequested();
    });
    connect(m_chart, &TimeChart::scaleChanged, this, &DrillView::alignTimeline);
    connect(m_back, &QPushButton::clicked, this, &DrillView::leaveRequested);
    connect(m_export, &QPushButton::clicked, this, &DrillView::exportRequested);
}

void DrillView::prepare(const drill::DrillDocument &drill, const QString &mustType)
{
    m_drill = drill;
    m_result = {};
    m_result.drill = drill;
    m_mustType = mustType;
    m_canRun = true;
    m_series.clear();
    m_meter = {};
    m_frame.setInterval(frameMs);
    m_chart->clear();
    m_chart->setMarks({});
    m_timeline->clear();
    m_title->setText(drill.title);
    m_verdict->setText(drill.hypothesis);
    m_error->clear();
    m_error->hide();
    m_typed->clear();
    m_typed->setPlaceholderText(tr("Type “%1”").arg(mustType));
    m_typed->setAccessibleName(tr("Type the environment's name, %1, to allow the drill in production").arg(mustType));
    m_facts->setRows({ { tr("Breaks"), faultTexts(drill).join(u'\n') }, { tr("Undone by"), undoTexts(drill).join(u'\n') },
        { tr("Asks"), tr("%1 from %2, %3 times a second").arg(drill.probes.url, drill.probes.source.text()).arg(drill.probes.rate) },
        { tr("Goal"), tr("every answer good again within %1").arg(elapsedText(drill.recoverWithin.count())) },
        { tr("Stops itself when"), drill::guardWords(drill.guard).join(u'\n') } });
    m_gauges->setGuard(drill.guard);
    m_gauges->show();
    m_hint->setText(tr(
        "What will be restored is written down before anything is broken: when this program is killed, its next start offers to put it back."));
    for (PlainLabel *figure : { m_elapsed, m_failed, m_recovery })
        figure->setText(tr("–"));
    m_map->clearFaults();
    m_map->select(brokenObjects(drill).value(0));
    setState(State::Before);
}

void DrillView::setReasons(const QList<core::Error> &reasons)
{
    if (m_state != State::Before)
        return;
    m_canRun = reasons.isEmpty();
    if (m_canRun)
        m_error->hide();
    else
        m_error->showError(reasons.first());
    enableStart();
}

void DrillView::setFleet(const observe::ObservedFleet &fleet)
{
    m_map->setFleet(fleet);
}

void DrillView::setMatrix(const truth::Matrix &matrix)
{
    m_map->setMatrix(matrix);
}

void DrillView::begin()
{
    m_error->hide();
    setState(State::During);
    m_frame.start();
    m_stop->setFocus();
}

void DrillView::tellSentry(const QString &text)
{
    if (m_state == State::During)
        m_hint->setText(text);
}

void DrillView::takePhase(const drill::PhaseMark &mark)
{
    m_result.phases += mark;
    m_badge->setState(observe::Health::Unknown, phaseWord(mark.phase));
    m_verdict->setText(mark.note.isEmpty() ? m_drill.hypothesis : mark.note);
    m_timeline->setPhases(m_result.phases);
    showMarks();
    if (mark.phase == drill::Phase::Fault) {
        m_meter.setTimes({ std::find_if(m_result.phases.cbegin(), m_result.phases.cend(), isFault)->atMs, -1, -1 });
        const QStringList ids = brokenObjects(m_drill);
        const QStringList texts = faultTexts(m_drill);
        for (int i = 0; i < ids.size(); ++i) {
            m_map->setFault(ids.at(i), texts.at(i));
            emit fault(ids.at(i), texts.at(i));
        }
    } else if (mark.phase == drill::Phase::Proving || mark.phase == drill::Phase::Done) {
        m_map->clearFaults();
        emit faultsOver();
    }
}

void DrillView::takeGuards(const QList<drill::GuardReading> &readings)
{
    if (m_state == State::During)
        m_gauges->setReadings(readings);
}

void DrillView::takeSamples(const QList<probe::Sample> &samples)
{
    m_series.add(samples);
    m_timeline->addSamples(samples);
    for (const auto &sample : samples)
        m_meter.add(sample);
    m_map->showTraffic(m_drill.probes.source.cluster, Traffic(samples));
}

void DrillView::showResult(const drill::DrillResult &result)
{
    m_frame.stop();
    m_result = result;
    // What was watched has every second of it; of a long drill that was kept, only the newest are there.
    if (m_state != State::During || result.samplesLeftOut() == 0) {
        m_series.clear();
        m_series.add(result.samples);
        m_timeline->setSamples(result.olderFailures + result.samples);
    }
    const bool held = result.verdict == drill::Verdict::Pass;
    m_badge->setState(held                           ? observe::Health::Ok
            : result.verdict == drill::Verdict::Fail ? observe::Health::Failed
                                                     : observe::Health::Warning,
        verdictWord(drill::verdictName(result.verdict)));
    m_title->setText(result.drill.title.isEmpty() ? result.drill.id : result.drill.title);
    m_verdict->setText(result.reason);
    if (result.error)
        m_error->showError(*result.error);
    const auto &figures = result.measurement;
    const QString nothingBroken = tr("nothing was broken"), notMeasured = tr("not measured: it was stopped");
    const bool isStopped = result.verdict == drill::Verdict::Aborted;
    m_facts->setRows({ { tr("Detected after"),
                           !wasBroken()                ? nothingBroken
                               : figures.detectMs >= 0 ? durationText(figures.detectMs)
                               : isStopped             ? notMeasured
                                                       : tr("nothing to see: no request failed and nobody else answered") },
        { tr("Recovery"),
            !wasBroken()                  ? nothingBroken
                : figures.recoveryMs < 0  ? (isStopped ? notMeasured : tr("never while it was broken"))
                : figures.recoveryMs == 0 ? tr("no request failed")
                                          : durationText(figures.recoveryMs) },
        { tr("Goal"),
            result.drill.recoverWithin.count() > 0 ? tr("within %1").arg(elapsedText(result.drill.recoverWithin.count())) : tr("–") },
        { tr("Requests"), tr("%1 sent, %2 failed").arg(countText(figures.requests), countText(figures.failed)) },
        { tr("Restored"),
            result.restoreProof.isEmpty() ? (result.restored ? tr("nothing had to be") : tr("NO")) : result.restoreProof.join(u'\n'), {},
            false, result.restored ? std::optional<observe::Health>() : observe::Health::Failed } });
    QString hint = !wasBroken() ? tr("The drill ended before it broke anything.")
        : result.restored       ? tr("Everything that was broken was put back and read back.")
                          : tr("Not everything is back. Use “Restore now” at the top of the window, or: %1").arg(m_restoreCommand);
    if (result.samplesLeftOut() > 0)
        hint += u' '
            + tr("It was long: of its first %1 requests only the figures and the failures are kept.")
                  .arg(countText(result.samplesLeftOut()));
    m_hint->setText(hint);
    m_gauges->setReadings(result.guards);
    m_gauges->setVisible(!result.guards.isEmpty());
    m_timeline->setPhases(result.phases);
    m_map->clearFaults();
    m_map->select(brokenObjects(result.drill).value(0));
    setState(State::After);
    showFigures();
    showMarks();
    emit faultsOver();
}

bool DrillView::wasBroken() const
{
    return std::any_of(m_result.phases.cbegin(), m_result.phases.cend(), isFault);
}

void DrillView::showFigures()
{
    const bool running = m_state == State::During;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (running && m_series.seconds().size() > manySeconds)
        m_frame.setInterval(slowFrameMs);
    m_timeline->setNow(running ? now : 0);
    m_chart->setUntil(running ? now : m_result.phases.isEmpty() ? 0 : m_result.phases.last().atMs);
    m_chart->refresh(m_series);
    alignTimeline();
    if (m_result.phases.isEmpty())
        return;
    m_elapsed->setText(elapsedText((running ? now : m_result.phases.last().atMs) - m_result.phases.first().atMs));
    m_failed->setText(countText(running ? m_series.errors() : m_result.figures().errors));
    if (!running) {
        const qint64 recovered = m_result.measurement.recoveryMs;
        const bool isStopped = m_result.verdict == drill::Verdict::Aborted;
        m_recovery->setText(recovered >= 0 && wasBroken() ? durationText(recovered) : !wasBroken() || isStopped ? tr("–") : tr("never"));
        return;
    }
    if (!wasBroken())
        return;
    const qint64 recovery = m_meter.measurement().recoveryMs;
    m_recovery->setText(recovery < 0 ? tr("not yet") : durationText(recovery));
}

/// The timeline and the chart below it show the same second at the same place.
void DrillView::alignTimeline()
{
    const TimeChart::Scale scale = m_chart->scale();
    const int shift = m_chart->x() - m_timeline->x();
    if (scale.right <= scale.left) // not laid out yet
        return;
    const int room = std::max(0, m_chart->roomLeft() + int(std::ceil(m_timeline->namesWidth() - scale.left - shift)));
    if (room != m_chart->roomLeft())
        m_chart->setRoomLeft(room); // comes back here
    m_timeline->setScale(scale.zeroMs, scale.from, scale.to, scale.left + shift, scale.right + shift);
}

void DrillView::showMarks()
{
    QList<TimeChart::Mark> marks;
    for (const auto &mark : m_result.phases) {
        if (mark.phase == drill::Phase::Fault || mark.phase == drill::Phase::Restoring)
            marks += { mark.atMs, phaseWord(mark.phase) };
    }
    m_chart->setMarks(marks);
}

void DrillView::setState(State state)
{
    m_state = state;
    const bool keepFocus = state == State::After && m_stop->hasFocus(); // or it wanders to whatever comes next in the window
    m_start->setVisible(state == State::Before);
    m_typed->setVisible(state == State::Before && !m_mustType.isEmpty());
    m_stop->setVisible(state == State::During);
    m_stop->setEnabled(true);
    m_stop->setText(tr("STOP AND RESTORE"));
    m_export->setVisible(state == State::After);
    if (keepFocus)
        m_export->setFocus();
    m_back->setEnabled(state != State::During);
    if (state == State::Before)
        m_badge->setState(observe::Health::Unknown, tr("not started"));
    enableStart();
}

void DrillView::enableStart()
{
    m_start->setEnabled(m_canRun && (m_mustType.isEmpty() || m_typed->text() == m_mustType));
}

void DrillView::escape()
{
    if (m_state == State::During)
        m_escape.press();
    else
        emit leaveRequested();
}

void DrillView::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape)
        escape();
    else
        QWidget::keyPressEvent(event);
}

} // namespace catamaran::ui
