// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/verifyplace.h"

#include "ui/common/accessible.h"
#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/look.h"
#include "ui/common/rights.h"
#include "ui/common/savefile.h"
#include "ui/common/staleness.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/operations/planrunner.h"
#include "ui/verify/answermodel.h"
#include "ui/verify/answerspanel.h"
#include "ui/verify/datatable.h"
#include "ui/verify/latencyhistogram.h"
#include "ui/verify/moveoffer.h"
#include "ui/verify/pastrunspanel.h"
#include "ui/verify/runcharts.h"
#include "ui/verify/runexport.h"
#include "ui/verify/sharebar.h"
#include "ui/verify/verifyform.h"

#include <QAction>
#include <QHeaderView>
#include <QScrollArea>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace catamaran::ui {

namespace {

constexpr int frameMs = 25; ///< at most one repaint in this time; well under the 50 ms a sample may take to the screen
constexpr std::size_t keptDelays = 50000;
constexpr qint64 askAgainMs = 15000; ///< rights change seldom; the client remembers them for a while as well

enum Page { EmptyPage, ContentPage };

} // namespace

VerifyPlace::VerifyPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
    , m_stack(new QStackedWidget)
    , m_form(new VerifyForm)
{
    setObjectName(QStringLiteral("verifyPlace"));
    m_clock.start();
    auto *empty = new EmptyState(QStringLiteral("verify"), tr("Nothing to verify yet"),
        tr("Here you send requests from one workload of the fleet and see which version answers from where. Open an environment or the practice range first."),
        tr("Set up a fleet"));
    connect(empty, &EmptyState::triggered, this, [this] { emit m_services.placeRequested(QStringLiteral("setup"), {}); });

    auto *formScroll = new QScrollArea;
    formScroll->setFrameShape(QFrame::NoFrame);
    formScroll->setWidgetResizable(true);
    formScroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    formScroll->setWidget(m_form);
    formScroll->setMinimumWidth(250);

    m_instances = new InstanceModel(this);
    m_instanceTable = makeDataTable(QStringLiteral("instances"), tr("Answers per instance"), m_instances);
    m_instanceTable->horizontalHeader()->setSectionResizeMode(InstanceModel::InstanceColumn, QHeaderView::Stretch);
    m_instanceTable->horizontalHeader()->setSectionResizeMode(InstanceModel::AnswersColumn, QHeaderView::ResizeToContents);
    m_instanceTable->horizontalHeader()->setSectionResizeMode(InstanceModel::ShareColumn, QHeaderView::ResizeToContents);
    m_instanceTable->setTextElideMode(Qt::ElideMiddle);
    m_instanceTable->setMinimumWidth(225);

    auto *upper = new QSplitter(Qt::Horizontal);
    upper->addWidget(buildCentre());
    upper->addWidget(m_instanceTable);
    upper->setStretchFactor(0, 4);
    upper->setStretchFactor(1, 1);
    upper->setSizes({ 540, 230 });
    nameSplitter(upper, { tr("Figures"), tr("Answers per instance") });
    auto *right = new QSplitter(Qt::Vertical);
    right->addWidget(upper);
    right->addWidget(buildBottom());
    right->setStretchFactor(0, 5);
    right->setStretchFactor(1, 2);
    right->setSizes({ 470, 190 });
    right->setChildrenCollapsible(false);
    nameSplitter(right, { tr("Figures"), tr("Answers and past runs") });
    auto *content = new QSplitter(Qt::Horizontal);
    content->addWidget(formScroll);
    content->addWidget(right);
    content->setStretchFactor(0, 0);
    content->setStretchFactor(1, 1);
    content->setSizes({ 250, 780 });
    content->setChildrenCollapsible(false);
    nameSplitter(content, { tr("What to send"), tr("Results") });

    m_stack->addWidget(empty);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    makeActions();

    m_frame.setSingleShot(true);
    m_frame.setTimerType(Qt::PreciseTimer);
    connect(&m_frame, &QTimer::timeout, this, &VerifyPlace::frame);
    m_ask.setSingleShot(true);
    m_ask.setInterval(300);
    connect(&m_ask, &QTimer::timeout, this, [this] {
        if (!m_run && m_series.requests() == 0) // before a run the bar shows what is expected of it
            askForExpectation();
    });
    m_slow.setInterval(250);
    connect(&m_slow, &QTimer::timeout, this, &VerifyPlace::judge);

    connect(m_form, &VerifyForm::startRequested, this, &VerifyPlace::start);
    connect(m_form, &VerifyForm::stopRequested, this, &VerifyPlace::stop);
    connect(m_form, &VerifyForm::specChanged, this, [this] {
        judgeSource();
        m_startAction->setEnabled(!m_run && m_form->hasSource() && m_form->obstacle().isEmpty());
        m_ask.start();
        offerMove();
    });
    connect(m_answersChart, &TimeChart::painted, this, &VerifyPlace::painted);
    connect(m_moveOffer, &MoveOffer::moved, m_form, &VerifyForm::setSource);
    connect(m_moveOffer, &MoveOffer::failed, this, [this](const core::Error &error) {
        m_error->showError(error);
        if (isHeld(error))
            m_error->setAction(tr("&Retry"));
    });
    connect(m_error, &ErrorBanner::actionTriggered, this, [this] {
        m_error->clear();
        m_moveOffer->retry();
    });
    connect(&m_services, &Services::sessionChanged, this, &VerifyPlace::followSession);
    followSession();
}

VerifyPlace::~VerifyPlace()
{
    m_reading.request_stop();
    m_onStop.reset();
    delete m_run; // before the session that its client belongs to
}

QWidget *VerifyPlace::buildCentre()
{
    m_error = new ErrorBanner;
    m_error->setObjectName(QStringLiteral("verifyError"));
    m_badge = new StateBadge(observe::Health::Unknown, tr("no run"));
    m_sentence = new PlainLabel(tr("No request was sent yet."));
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_sentence->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    m_sentence->setMinimumHeight(2 * QFontMetrics(m_sentence->font()).lineSpacing()); // two lines from the start: nothing jumps
    m_sentence->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_figures = new MutedLabel;
    m_figures->setObjectName(QStringLiteral("figures"));
    m_figures->setFont(tabularFont(font()));
    m_origin = new MutedLabel;
    m_origin->setObjectName(QStringLiteral("expectation"));
    m_origin->setAccessibleName(tr("What is expected, and why"));
    m_origin->setWordWrap(true);
    m_origin->hide();
    m_directions = new MutedLabel;
    m_directions->setObjectName(QStringLiteral("directions"));
    m_directions->setAccessibleName(tr("What is proven from there"));
    m_directions->hide();
    m_share = new ShareBar;
    m_share->setObjectName(QStringLiteral("shares"));
    m_answersChart = new AnswersChart;
    m_answersChart->setObjectName(QStringLiteral("answersChart"));
    m_latencyChart = new LatencyChart;
    m_latencyChart->setObjectName(QStringLiteral("latencyChart"));

    m_moveOffer = new MoveOffer(m_services);

    auto *head = new QHBoxLayout;
    head->addWidget(m_badge, 0, Qt::AlignTop);
    head->addWidget(m_sentence, 1);
    m_centre = new QWidget;
    auto *layout = new QVBoxLayout(m_centre);
    layout->setContentsMargins(12, 10, 8, 4);
    layout->setSpacing(6);
    layout->addWidget(m_error);
    layout->addLayout(head);
    layout->addWidget(m_figures);
    layout->addWidget(m_directions);
    layout->addWidget(m_share);
    layout->addWidget(m_origin);
    layout->addWidget(m_answersChart, 3);
    layout->addWidget(m_latencyChart, 2);
    layout->addWidget(m_moveOffer);
    m_error->hide();
    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_centre);
    return scroll;
}

QWidget *VerifyPlace::buildBottom()
{
    m_answers = new AnswersPanel;
    connect(m_answers, &AnswersPanel::exportRequested, this, [this] { askAndExportRun(this, m_error, shownRun()); });
    connect(m_answers, &AnswersPanel::whyRequested, this, &VerifyPlace::explainFailure);
    m_past = new PastRunsPanel(m_services.history());
    connect(&m_services, &Services::historyBack, m_past, [this] { m_past->reload(m_session ? m_session->environment().name : QString()); });
    connect(m_past, &PastRunsPanel::exportRequested, this, [this](const PastRun &run) { askAndExportRun(this, m_error, run); });
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("verifyTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_answers, tr("&Answers"));
    m_tabs->addTab(m_past, tr("Past r&uns"));
    m_histogram = new LatencyHistogram;
    m_tabs->addTab(m_histogram, tr("Latency"));
    m_tabs->setMinimumHeight(130);
    return m_tabs;
}

void VerifyPlace::makeActions()
{
    const auto make = [this](const QString &text, const QString &icon, const QList<QKeySequence> &keys, auto &&slot) {
        auto *action = new QAction(themedIcon(icon), text, this);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    m_startAction = make(tr("Start verifying"), QStringLiteral("play"),
        { QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter) }, [this] { start(); });
    m_stopAction = make(tr("Stop verifying"), QStringLiteral("stop"), { QKeySequence(Qt::CTRL | Qt::Key_Period) }, [this] { stop(); });
    m_findAction = make(tr("Search the answers"), QStringLiteral("search"), { QKeySequence(QKeySequence::Find) }, [this] {
        m_tabs->setCurrentIndex(0);
        m_answers->focusSearch();
    });
    m_exportAction = make(tr("Export this run…"), QStringLiteral("export"), { QKeySequence(Qt::CTRL | Qt::Key_E) },
        [this] { askAndExportRun(this, m_error, shownRun()); });
    m_pictureAction = make(tr("Save a picture of the charts…"), QStringLiteral("export"), {}, [this] { savePicture(); });
    m_stopAction->setEnabled(false);
    m_startAction->setEnabled(false);
}

QList<QAction *> VerifyPlace::placeActions() const
{
    return { m_startAction, m_stopAction, m_findAction, m_exportAction, m_pictureAction, m_moveOffer->action() };
}

QStringList VerifyPlace::findableObjects() const
{
    QStringList names;
    for (const probe::Source &source : possibleSources(m_fleet))
        names << source.text();
    return names;
}

void VerifyPlace::showObject(const QString &object)
{
    // "cluster/namespace/workload", with or without the map's prefix.
    const auto source = probe::Source::parse(object.startsWith(QLatin1String("workload:")) ? object.mid(9) : object);
    if (source)
        m_form->setSource(*source);
}

QStringList VerifyPlace::tourStops() const
{
    return { QStringLiteral("verify"), QStringLiteral("verify-past-runs"), QStringLiteral("verify-latency") };
}

void VerifyPlace::showTourStop(const QString &stop)
{
    m_tabs->setCurrentIndex(int(tourStops().indexOf(stop)));
    if (stop == QLatin1String("verify") && !m_run && m_series.requests() == 0 && m_form->hasSource())
        start();
}

void VerifyPlace::followSession()
{
    const auto session = m_services.session();
    if (m_run && session != m_session) {
        m_onStop.reset();
        delete m_run;
        m_run = nullptr;
        m_services.endOperation(m_operation, tr("the environment was closed"), false);
        m_form->setRunning(false);
        m_stopAction->setEnabled(false);
        m_slow.stop();
    }
    if (session != m_session)
        clearRun();
    m_session = session;
    m_stack->setCurrentIndex(session ? ContentPage : EmptyPage);
    m_past->reload(session ? session->environment().name : QString());
    if (auto *live = m_services.live()) {
        connect(live, &observe::LiveFleet::changed, this, &VerifyPlace::takeFleet, Qt::UniqueConnection);
        connect(m_services.prover(), &truth::Prover::changed, this, &VerifyPlace::showDirections, Qt::UniqueConnection);
        takeFleet(live->fleet());
    } else {
        takeFleet({});
    }
}

void VerifyPlace::takeFleet(const observe::ObservedFleet &fleet)
{
    m_fleet = fleet;
    m_form->setFleet(fleet);
    judgeSource();
    if (!m_run && m_series.requests() == 0 && m_form->hasSource())
        m_ask.start();
}

void VerifyPlace::showEvent(QShowEvent *event)
{
    Place::showEvent(event);
    m_ask.start();
}

/// Reads what decides how answers are shared out; the newest asking counts.
void VerifyPlace::askForExpectation()
{
    if (!m_session || !m_form->hasSource() || (!m_run && !isVisible()))
        return;
    const probe::RunSpec spec = m_run ? m_spec : m_form->spec();
    const QString asked = spec.source.text() + u' ' + spec.url + (spec.keepAlive ? u'+' : u'-') + u'\n' + endpointsText(m_fleet);
    if (!m_run && asked == m_expectedFor)
        return;
    m_expectedFor = m_run ? QString() : asked;
    m_reading.request_stop();
    m_reading = std::stop_source();
    const std::stop_token stop = m_reading.get_token();
    core::whenReady(truth::askForSplit(m_session, m_fleet, spec, stop), this, [this, stop](const truth::SplitExpectation &expectation) {
        if (stop.stop_requested())
            return; // another was asked for since
        m_expectation = expectation;
        m_feed.expect(expectation.shares); // that of a run; before one there are no answers
        if (!m_run && m_series.requests() == 0)
            m_feed = {};
        showExpectation();
        if (m_series.requests() > 0)
            judge();
        if (!m_run)
            saveRun();
    });
}

void VerifyPlace::showExpectation()
{
    const QString text = m_expectation.sentence();
    m_origin->setText(text);
    m_origin->setVisible(!text.isEmpty());
    m_share->setShares(m_series.versions(), m_series.errors(), m_expectation.shares);
}

/// The samples of the run in sight.
const QList<probe::Sample> &VerifyPlace::samples() const
{
    return m_run ? m_run->log().samples() : m_shown.samples;
}

/// Once a second is often enough, and always at the end.
void VerifyPlace::markChanges()
{
    if (m_run && m_changesSince.isValid() && m_changesSince.elapsed() < 1000)
        return;
    m_changesSince.start();
    QList<TimeChart::Mark> marks;
    for (const probe::ShareChange &change : probe::shareChanges(samples()))
        marks.append({ change.atMs, changeText(change) });
    m_answersChart->setMarks(marks);
}

void VerifyPlace::clearRun()
{
    saveRun(); // with what is known of it
    m_series.clear();
    m_shown = {};
    m_answers->clear();
    m_instances->update({}, {});
    m_pending.clear();
    m_pendingArrivals.clear();
    m_answersChart->clear();
    m_latencyChart->clear();
    m_traffic = {};
    m_error->clear();
    m_error->hide();
    m_figures->clear();
    m_sentence->setText(tr("No request was sent yet."));
    m_badge->setState(observe::Health::Unknown, tr("no run"));
    m_feed = {};
    m_expectation = {};
    m_expectedFor.clear();
    m_answersChart->setMarks({});
    m_histogram->setCounts({});
    m_changesSince.invalidate();
    showExpectation();
    m_directions->hide();
}

/// Shares say who answered; what that proves of the directions from there says the matrix alone.
void VerifyPlace::showDirections()
{
    const auto *prover = m_services.prover();
    const QString text = prover && m_series.requests() > 0 && !m_fleet.meshes.isEmpty()
        ? directionsText(prover->matrix(), m_spec.source.cluster, QDateTime::currentDateTimeUtc())
        : QString();
    m_directions->setText(text);
    m_directions->setVisible(!text.isEmpty());
}

void VerifyPlace::start()
{
    if (m_run || !m_session || !m_form->hasSource())
        return;
    if (const auto stale = staleObstacle(m_fleet, m_form->spec().source.cluster, tr("send requests"))) {
        m_error->showError(*stale);
        return;
    }
    if (!m_form->obstacle().isEmpty()) {
        m_error->showError(
            core::Error::make(core::ErrorKind::Forbidden, tr("send requests"), m_form->spec().source.text(), m_form->obstacle()));
        return;
    }
    const probe::RunSpec spec = m_form->spec();
    clearRun();
    if (const auto sound = spec.check(m_form->isEndless()); !sound) {
        m_error->showError(sound.error());
        return;
    }
    kube::KubeClient *client = m_session->cluster(spec.source.cluster);
    if (!client) {
        const auto error = m_session->clusterError(spec.source.cluster);
        m_error->showError(error ? *error
                                 : core::Error::make(core::ErrorKind::NotFound, tr("send requests"), spec.source.cluster,
                                     tr("the environment does not know this cluster"), tr("Choose another source.")));
        return;
    }
    m_spec = spec;
    m_sentence->setText(tr("Waiting for the first answer…"));
    m_badge->setState(observe::Health::Unknown, tr("running"));
    m_stop = std::stop_source();
    m_onStop.emplace(m_stop.get_token(), [this] {
        if (m_run)
            m_run->stop();
    });
    m_operation = m_services.beginOperation(tr("Verify %1 from %2").arg(spec.url, spec.source.text()), m_stop);
    m_run = new probe::Run(*client, spec, this);
    connect(m_run, &probe::Run::received, this, &VerifyPlace::takeSamples);
    connect(m_run, &probe::Run::received, this, [this, run = m_run](const QList<probe::Sample> &samples) {
        const probe::Source &source = m_spec.source;
        m_services.reportAnswers(
            source.cluster, QStringLiteral("%1/%2/%3").arg(source.cluster, source.ns, run->pod()), m_spec.url, samples);
    });
    connect(m_run, &probe::Run::finished, this, &VerifyPlace::ended);
    m_form->setRunning(true);
    m_startAction->setEnabled(false);
    m_stopAction->setEnabled(true);
    m_slow.start();
    offerMove();
    askForExpectation();
    m_run->start();
}

void VerifyPlace::stop()
{
    m_stop.request_stop();
}

void VerifyPlace::takeSamples(const QList<probe::Sample> &samples)
{
    if (samples.isEmpty())
        return;
    if (!m_run) // given by hand
        m_shown.samples += samples;
    m_pending += samples;
    m_pendingArrivals.insert(m_pendingArrivals.end(), std::size_t(samples.size()), m_clock.nsecsElapsed());
    if (m_pendingArrivals.size() > 2 * keptDelays) // nobody looks: no paint takes them
        m_pendingArrivals.erase(m_pendingArrivals.begin(), m_pendingArrivals.end() - std::ptrdiff_t(keptDelays));
    if (!m_frame.isActive()) {
        const qint64 sinceMs = (m_clock.nsecsElapsed() - m_lastFrameNs) / 1000000;
        m_frame.start(int(std::clamp<qint64>(frameMs - sinceMs, 0, frameMs)));
    }
}

void VerifyPlace::frame()
{
    m_lastFrameNs = m_clock.nsecsElapsed();
    if (m_pending.isEmpty())
        return;
    const QList<probe::Sample> samples = std::exchange(m_pending, {});
    m_series.add(samples);
    m_feed.add(samples);
    m_answers->append(samples);
    m_instances->update(m_series.instances(), m_series.errorKinds());
    m_share->setShares(m_series.versions(), m_series.errors(), m_expectation.shares);
    m_answersChart->refresh(m_series);
    m_latencyChart->refresh(m_series);
    m_traffic.add(samples);
    m_framed = true;
    if (!m_run) // given by hand, or the last ones of a run
        judge();
}

void VerifyPlace::painted()
{
    if (!m_framed)
        return;
    m_framed = false;
    const qint64 now = m_clock.nsecsElapsed();
    const auto shown = m_pendingArrivals.size() - std::min(m_pendingArrivals.size(), std::size_t(m_pending.size()));
    for (std::size_t i = 0; i < shown; ++i)
        m_paintDelays.push_back(double(now - m_pendingArrivals.at(i)) / 1e6);
    m_pendingArrivals.erase(m_pendingArrivals.begin(), m_pendingArrivals.begin() + std::ptrdiff_t(shown));
    if (m_paintDelays.size() > 2 * keptDelays)
        m_paintDelays.erase(m_paintDelays.begin(), m_paintDelays.end() - std::ptrdiff_t(keptDelays));
}

void VerifyPlace::judge()
{
    if (m_series.requests() == 0)
        return;
    // A few times a second: sorting all latencies and words do not belong into a frame.
    const probe::Summary summary = m_series.summary();
    const probe::ShareVerdict verdict = m_feed.verdict();
    m_sentence->setText(probe::verdictSentence(summary, m_expectation.shares, verdict));
    m_histogram->setCounts(summary.latencyCounts);
    markChanges();
    observe::Health health = judgeShares(summary.requests, summary.ok, verdict);
    // The same version may stand on both sides: that every request is answered well does not say that any crossed.
    if (const auto *prover = m_services.prover();
        health == observe::Health::Ok && prover && lookFrom(prover->matrix(), m_spec.source.cluster) >= Look::Warning)
        health = observe::Health::Warning;
    m_badge->setState(health, m_run ? tr("running") : QString());
    QStringList figures { tr("%1 requests").arg(countText(summary.requests)), tr("%1 failed").arg(countText(summary.errors)) };
    if (const double rate = m_series.rate(); rate > 0)
        figures << tr("%1/s").arg(rate >= 10 ? countText(qRound64(rate)) : decimalText(rate));
    if (summary.ok > 0)
        figures << tr("p50 %1").arg(latencyText(summary.latencyMs.p50)) << tr("p95 %1").arg(latencyText(summary.latencyMs.p95))
                << tr("p99 %1").arg(latencyText(summary.latencyMs.p99));
    m_figures->setText(figures.join(QStringLiteral(" · ")));
    showDirections();
    if (m_run) {
        const int percent = m_spec.count > 0 ? std::min(100, int(100.0 * summary.requests / m_spec.count)) : -1;
        m_services.reportProgress(m_operation, tr("%1 answers").arg(countText(summary.requests)), percent);
    }
    if (!m_traffic.isEmpty())
        m_services.reportTraffic(m_spec.source.cluster, std::exchange(m_traffic, {}));
}

void VerifyPlace::ended(const std::shared_ptr<core::Error> &error)
{
    if (!m_run)
        return;
    probe::RunResult result = m_run->result();
    if (error)
        result.error = *error;
    m_shown = result;
    m_onStop.reset();
    m_run->deleteLater();
    m_run = nullptr;
    m_slow.stop();
    m_frame.stop();
    frame();
    judge();
    m_form->setRunning(false);
    m_startAction->setEnabled(m_form->hasSource() && m_form->obstacle().isEmpty());
    m_stopAction->setEnabled(false);
    if (error)
        m_error->showError(*error);
    if (m_series.requests() == 0) {
        m_sentence->setText(error ? tr("The run ended before its first answer.") : tr("The run was stopped before its first answer."));
        m_badge->setState(error ? observe::Health::Failed : observe::Health::Unknown, error ? tr("failed") : tr("stopped"));
    }
    m_services.endOperation(m_operation, error ? error->text() : m_sentence->text(), !error);
    offerMove();
    if (!result.samples.isEmpty())
        m_unsaved = result;
    if (m_feed.isExpecting())
        saveRun();
    emit runFinished();
}

/// Into the history, with what was expected of it.
void VerifyPlace::saveRun()
{
    if (!m_unsaved || !m_session)
        return;
    // Written by a thread of its own: a long run is some megabytes.
    const QString environment = m_session->environment().name;
    auto saved = m_services.history().ask([environment, result = *std::exchange(m_unsaved, std::nullopt),
                                              judged = JudgedShares { m_expectation, m_feed.verdict() }](store::Database &database) {
        return database.save({ 0, QDateTime::currentDateTimeUtc(), QStringLiteral("run"), environment, result.spec.source.text(),
            runContent(result, judged) });
    });
    core::whenReady(saved, this, [this, environment](const core::Result<qint64> &id) {
        if (!id)
            m_error->showError(id.error());
        else
            m_past->reload(environment);
    });
}

/// Whether the source can be used now: heard, and with the rights. Said before anything is started.
void VerifyPlace::judgeSource()
{
    const probe::Source source = m_form->spec().source;
    const auto session = m_services.session();
    if (!session || source.cluster.isEmpty()) {
        m_rightsFor.clear();
        m_refusal.clear();
        m_form->setObstacle({});
        return;
    }
    const QString asked = source.cluster + u'/' + source.ns;
    if (asked != m_rightsFor || !m_rightsSince.isValid() || m_rightsSince.elapsed() > askAgainMs) {
        if (asked != m_rightsFor)
            m_refusal.clear();
        m_rightsFor = asked;
        m_rightsSince.start();
        askRights(*session, source.cluster, rightToExec(source.ns).questions, this, [this, asked, session](const QString &refusal) {
            if (asked != m_rightsFor || session != m_services.session())
                return; // another source was chosen since
            m_refusal = refusal;
            judgeSource();
        });
    }
    const auto *cluster = m_fleet.cluster(source.cluster);
    const QString stale = cluster ? staleText(*cluster) : QString();
    m_form->setObstacle(stale.isEmpty() ? m_refusal : tr("%1 is %2").arg(source.cluster, stale));
}

void VerifyPlace::offerMove()
{
    m_moveOffer->offer(m_fleet, m_form->spec().source.ns, m_run != nullptr);
}

/// The run in sight, with every sample that it has.
/// A request that failed tells nothing of where it was going: the worst of the directions from its client's cluster is looked at.
void VerifyPlace::explainFailure()
{
    const truth::Prover *prover = m_services.prover();
    const truth::DirectionState *worst = nullptr;
    const QList<truth::DirectionState> directions = prover ? prover->matrix().directions : QList<truth::DirectionState>();
    for (const truth::DirectionState &state : directions)
        if (state.direction.from == m_spec.source.cluster && (!worst || lookOf(state) > lookOf(*worst)))
            worst = &state;
    if (worst)
        m_services.explainRequest({ m_spec.source.cluster, m_spec.source.ns, m_spec.source.workload, m_spec.url, worst->direction.to });
    else
        m_error->showNote(observe::Health::Unknown, tr("There is no other cluster that could have answered."));
}

PastRun VerifyPlace::shownRun() const
{
    const probe::RunResult result = m_run ? m_run->result() : m_shown;
    return { 0, QDateTime::currentDateTimeUtc(), m_session ? m_session->environment().name : QString(),
        runContent(result, { m_expectation, m_feed.verdict() }, std::numeric_limits<int>::max()) };
}

void VerifyPlace::savePicture()
{
    askWhereToSave(this, tr("Save a picture"), QStringLiteral("verify.png"), { tr("PNG picture (*.png)") }, [this](const QString &file) {
        const auto written
            = writeWhole(file, tr("save the picture"), [this](QIODevice &device) { return m_centre->grab().save(&device, "PNG"); });
        if (!written)
            m_error->showError(written.error());
    });
}

} // namespace catamaran::ui
