// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "probe/run.h"
#include "ui/common/place.h"
#include "ui/common/services.h"
#include "ui/verify/expectation.h"
#include "ui/verify/pastruns.h"
#include "ui/verify/runseries.h"

#include <QElapsedTimer>
#include <QTimer>

#include <optional>
#include <stop_token>
#include <vector>

class QStackedWidget;
class QTableView;
class QTabWidget;

namespace catamaran::ui {

class AnswersChart;
class AnswersPanel;
class ErrorBanner;
class InstanceModel;
class LatencyChart;
class LatencyHistogram;
class MoveOffer;
class PastRunsPanel;
class PlainLabel;
class ShareBar;
class StateBadge;
class VerifyForm;

/// Sends requests from a workload and shows who answers: shares, answers and latency over time, each instance, the raw
/// answers, and past runs. Samples are gathered and painted at most every 25 ms, so a sample is on the screen within
/// one such frame whatever their rate is.
class VerifyPlace : public Place {
    Q_OBJECT
public:
    explicit VerifyPlace(Services &services, QWidget *parent = nullptr);
    ~VerifyPlace() override;

    [[nodiscard]] QString id() const override { return QStringLiteral("verify"); }
    [[nodiscard]] QString title() const override { return tr("Verify"); }
    [[nodiscard]] QString iconName() const override { return QStringLiteral("verify"); }
    [[nodiscard]] QList<QAction *> placeActions() const override;
    [[nodiscard]] QStringList findableObjects() const override;
    void showObject(const QString &object) override;
    [[nodiscard]] QStringList tourStops() const override;
    void showTourStop(const QString &stop) override;

    void start();
    void stop();
    [[nodiscard]] bool isRunning() const { return m_run != nullptr; }
    /// Takes in samples as a run delivers them; the way every sample goes.
    void takeSamples(const QList<probe::Sample> &samples);
    [[nodiscard]] const RunSeries &series() const { return m_series; }
    /// Milliseconds from the arrival of each of the latest samples to the end of the paint that showed it.
    [[nodiscard]] const std::vector<double> &paintDelays() const { return m_paintDelays; }

signals:
    void runFinished();

protected:
    void showEvent(QShowEvent *event) override;

private:
    Services &m_services;
    std::shared_ptr<session::Session> m_session; ///< keeps the clients of a run alive
    observe::ObservedFleet m_fleet;
    probe::Run *m_run = nullptr;
    probe::RunSpec m_spec; ///< of the run shown
    std::stop_source m_stop;
    std::optional<std::stop_callback<std::function<void()>>> m_onStop;
    int m_operation = 0;
    QString m_rightsFor, m_refusal; ///< "cluster/namespace" of the source, and what is not allowed there
    QElapsedTimer m_rightsSince;

    RunSeries m_series;
    probe::RunResult m_shown; ///< the run in sight when none is sending: it can be exported
    truth::SplitExpectation m_expectation; ///< of the run shown; before one, of what would be sent
    probe::ShareFeed m_feed;
    QString m_expectedFor; ///< what the expectation was read for, before a run
    std::stop_source m_reading; ///< of the expectation
    std::optional<probe::RunResult> m_unsaved; ///< ended before it was known what to expect of it
    QTimer m_ask;
    QElapsedTimer m_changesSince; ///< when it was last looked where the shares changed
    QList<probe::Sample> m_pending; ///< received, not yet in the models
    std::vector<qint64> m_pendingArrivals; ///< ns on m_clock, one per sample not yet painted
    std::vector<double> m_paintDelays;
    QElapsedTimer m_clock;
    qint64 m_lastFrameNs = 0;
    bool m_framed = false; ///< the models have news that no paint has shown
    QTimer m_frame, m_slow;
    Traffic m_traffic; ///< not reported yet

    QStackedWidget *m_stack = nullptr;
    VerifyForm *m_form = nullptr;
    ErrorBanner *m_error = nullptr;
    MoveOffer *m_moveOffer = nullptr;
    StateBadge *m_badge = nullptr;
    PlainLabel *m_sentence = nullptr, *m_figures = nullptr, *m_origin = nullptr, *m_directions = nullptr;
    ShareBar *m_share = nullptr;
    AnswersChart *m_answersChart = nullptr;
    LatencyChart *m_latencyChart = nullptr;
    QWidget *m_centre = nullptr;
    AnswersPanel *m_answers = nullptr;
    InstanceModel *m_instances = nullptr;
    QTableView *m_instanceTable = nullptr;
    QTabWidget *m_tabs = nullptr;
    LatencyHistogram *m_histogram = nullptr;
    PastRunsPanel *m_past = nullptr;
    QAction *m_startAction = nullptr, *m_stopAction = nullptr, *m_exportAction = nullptr, *m_pictureAction = nullptr,
            *m_findAction = nullptr;

    QWidget *buildCentre();
    QWidget *buildBottom();
    void makeActions();
    void followSession();
    void takeFleet(const observe::ObservedFleet &fleet);
    void clearRun();
    void frame();
    void judge();
    void showDirections();
    void showExpectation();
    void askForExpectation();
    void saveRun();
    void markChanges();
    [[nodiscard]] const QList<probe::Sample> &samples() const;
    void painted();
    void ended(const std::shared_ptr<core::Error> &error);
    void offerMove();
    void judgeSource();
    void savePicture();
    void explainFailure();
    [[nodiscard]] PastRun shownRun() const;
};

} // namespace catamaran::ui
