// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drill/meter.h"
#include "observe/observedfleet.h"
#include "truth/matrix.h"
#include "ui/common/escapetwice.h"
#include "ui/verify/runseries.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace catamaran::ui {

class AnswersChart;
class DrillTimeline;
class ErrorBanner;
class GuardGauges;
class KeyValueList;
class MutedLabel;
class PlainLabel;
class StateBadge;
class TopologyView;

/// One drill on one screen, before, during and after: the map with what is or will be broken, the figures, the timeline
/// and the answers. Nothing moves when it starts: only the buttons and the figures change.
class DrillView : public QWidget {
    Q_OBJECT
public:
    explicit DrillView(QWidget *parent = nullptr);

    enum class State { Before, During, After };
    [[nodiscard]] State state() const { return m_state; }

    /// @p mustType: the environment's name, typed before Start in production; empty elsewhere.
    void prepare(const drill::DrillDocument &drill, const QString &mustType);
    /// What puts everything back by hand, whole.
    void setRestoreCommand(const QString &command) { m_restoreCommand = command; }
    void setReasons(const QList<core::Error> &reasons);
    void setFleet(const observe::ObservedFleet &fleet);
    void setMatrix(const truth::Matrix &matrix);
    void begin();
    /// Who puts everything back when this program is killed.
    void tellSentry(const QString &text);
    void takePhase(const drill::PhaseMark &mark);
    void takeGuards(const QList<drill::GuardReading> &readings);
    void takeSamples(const QList<probe::Sample> &samples);
    void showResult(const drill::DrillResult &result);
    [[nodiscard]] const drill::DrillResult &result() const { return m_result; }
    /// The first Escape asks, the second within two seconds stops.
    void escape();

signals:
    void startRequested();
    void stopRequested();
    void leaveRequested();
    void exportRequested();
    void fault(const QString &objectId, const QString &what);
    void faultsOver();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void setState(State state);
    [[nodiscard]] bool wasBroken() const;
    void showFigures();
    void showMarks();
    void alignTimeline();
    void enableStart();

    State m_state = State::Before;
    drill::DrillDocument m_drill;
    drill::DrillResult m_result;
    QString m_mustType, m_restoreCommand;
    bool m_canRun = true;
    RunSeries m_series;
    drill::Meter m_meter; ///< while it runs
    QTimer m_frame;
    EscapeTwice m_escape;

    PlainLabel *m_title = nullptr, *m_verdict = nullptr;
    StateBadge *m_badge = nullptr;
    ErrorBanner *m_error = nullptr;
    TopologyView *m_map = nullptr;
    KeyValueList *m_facts = nullptr;
    PlainLabel *m_elapsed = nullptr, *m_failed = nullptr, *m_recovery = nullptr;
    GuardGauges *m_gauges = nullptr;
    DrillTimeline *m_timeline = nullptr;
    AnswersChart *m_chart = nullptr;
    MutedLabel *m_hint = nullptr;
    QLineEdit *m_typed = nullptr;
    QPushButton *m_start = nullptr, *m_stop = nullptr, *m_back = nullptr, *m_export = nullptr;
};

} // namespace catamaran::ui
