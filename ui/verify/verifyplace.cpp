// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/verify/verifyplace.h"

#include "ui/common/format.h"
#include "ui/common/icons.h"
#include "ui/common/rights.h"
#include "ui/common/staleness.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/verify/answerfilter.h"
#include "ui/verify/answermodel.h"
#include "ui/verify/pastrunspanel.h"
#include "ui/verify/planrunner.h"
#include "ui/verify/planview.h"
#include "ui/verify/runcharts.h"
#include "ui/verify/sharebar.h"
#include "ui/verify/verifyform.h"

#include <QAction>
#include <QCheckBox>
#include <QFileDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace catamaran::ui {

namespace {

constexpr int frameMs = 25; ///< at most one repaint in this time; well under the 50 ms a sample may take to the screen
constexpr std::size_t keptDelays = 50000;
constexpr qint64 askAgainMs = 15000; ///< rights change seldom; the client remembers them for a while as well

enum Page { EmptyPage, ContentPage };

QTableView *makeTable(const QString &name, const QString &accessible, QAbstractItemModel *model)
{
    auto *table = new QTableView;
    table->setObjectName(name);
    table->setAccessibleName(accessible);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->setFont(tabularFont(table->font()));
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 6);
    table->horizontalHeader()->setHighlightSections(false);
    return table;
}

} // namespace

VerifyPlace::VerifyPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
    , m_mover(new PlanRunner(services, this))
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
    m_instanceTable = makeTable(QStringLiteral("instances"), tr("Answers per instance"), m_instances);
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
    auto *right = new QSplitter(Qt::Vertical);
    right->addWidget(upper);
    right->addWidget(buildBottom());
    right->setStretchFactor(0, 5);
    right->setStretchFactor(1, 2);
    right->setSizes({ 470, 190 });
    right->setChildrenCollapsible(false);
    auto *content = new QSplitter(Qt::Horizontal);
    content->addWidget(formScroll);
    content->addWidget(right);
    content->setStretchFactor(0, 0);
    content->setStretchFactor(1, 1);
    content->setSizes({ 250, 780 });
    content->setChildrenCollapsible(false);

    m_stack->addWidget(empty);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    makeActions();

    m_frame.setSingleShot(true);
    m_frame.setTimerType(Qt::PreciseTimer);
    connect(&m_frame, &QTimer::timeout, this, &VerifyPlace::frame);
    m_slow.setInterval(250);
    connect(&m_slow, &QTimer::timeout, this, &VerifyPlace::judge);

    connect(m_form, &VerifyForm::startRequested, this, &VerifyPlace::start);
    connect(m_form, &VerifyForm::stopRequested, this, &VerifyPlace::stop);
    connect(m_form, &VerifyForm::specChanged, this, [this] {
        judgeSource();
        m_startAction->setEnabled(!m_run && m_form->hasSource() && m_form->obstacle().isEmpty());
        if (!m_run && m_series.requests() == 0) { // before a run the bar shows what is expected of it
            m_spec = m_form->spec();
            m_expected = expectedSplit(m_fleet, m_spec.url, m_spec.source.ns, m_spec.source.cluster);
            m_share->setShares({}, 0, m_expected);
        }
        offerMove();
    });
    connect(m_answersChart, &TimeChart::painted, this, &VerifyPlace::painted);
    connect(m_mover, &PlanRunner::finished, this, [this](const fleet::ExecutionResult &result) {
        if (result.error)
            m_error->showError(*result.error);
        else if (result.complete)
            m_form->setSource({ m_move.toCluster, m_move.ns, QStringLiteral("sleep") });
        offerMove();
    });
    connect(&m_services, &Services::sessionChanged, this, &VerifyPlace::followSession);
    followSession();
}

VerifyPlace::~VerifyPlace()
{
    m_onStop.reset();
    delete m_run; // before the session that its client belongs to
}

QWidget *VerifyPlace::buildCentre()
{
    m_error = new ErrorBanner;
    m_error->setObjectName(QStringLiteral("verifyError"));
    m_badge = new StateBadge(fleet::Health::Unknown, tr("no run"));
    m_sentence = new QLabel(tr("No request was sent yet."));
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_sentence->setWordWrap(true);
    m_sentence->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_sentence->setFont(scaledFont(font(), 1.08, QFont::DemiBold));
    m_sentence->setMinimumHeight(2 * QFontMetrics(m_sentence->font()).lineSpacing()); // two lines from the start: nothing jumps
    m_sentence->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_figures = new MutedLabel;
    m_figures->setObjectName(QStringLiteral("figures"));
    m_figures->setFont(tabularFont(font()));
    m_share = new ShareBar;
    m_share->setObjectName(QStringLiteral("shares"));
    m_answersChart = new AnswersChart;
    m_answersChart->setObjectName(QStringLiteral("answersChart"));
    m_latencyChart = new LatencyChart;
    m_latencyChart->setObjectName(QStringLiteral("latencyChart"));

    m_moveOffer = new QWidget;
    m_moveText = new MutedLabel;
    m_moveButton = new QPushButton(tr("Mo&ve the client…"));
    m_moveButton->setObjectName(QStringLiteral("moveClient"));
    auto *offer = new QHBoxLayout(m_moveOffer);
    offer->setContentsMargins(0, 0, 0, 0);
    offer->addWidget(m_moveText, 1);
    offer->addWidget(m_moveButton);
    m_moveOffer->hide();
    connect(m_moveButton, &QPushButton::clicked, this, &VerifyPlace::askMove);

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
    layout->addWidget(m_share);
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
    m_answers = new AnswerModel(this);
    m_filter = new AnswerFilter(this);
    m_filter->setSourceModel(m_answers);
    m_answerTable = makeTable(QStringLiteral("answers"), tr("Raw answers"), m_filter);
    m_answerTable->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_answerTable->horizontalHeader()->setStretchLastSection(true);
    const int em = m_answerTable->fontMetrics().horizontalAdvance(u'0');
    const int widths[] = { em * 8, em * 14, em * 13, em * 9, em * 30, em * 10, em * 12 };
    for (int column = 0; column < AnswerModel::AnswerColumn; ++column)
        m_answerTable->setColumnWidth(column, widths[column]);
    // Follow the newest answer as long as the end is in sight.
    connect(m_filter, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
        const QScrollBar *bar = m_answerTable->verticalScrollBar();
        m_answerTable->setProperty("atEnd", bar->value() >= bar->maximum() - 1);
    });
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, [this] {
        if (m_answerTable->property("atEnd").toBool())
            m_answerTable->scrollToBottom();
    });

    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("searchAnswers"));
    m_search->setAccessibleName(tr("Search the answers"));
    m_search->setPlaceholderText(tr("Search answers, instances, reasons, codes"));
    m_search->setClearButtonEnabled(true);
    m_failedOnly = new QCheckBox(tr("&Failed only"));
    m_failedOnly->setObjectName(QStringLiteral("failedOnly"));
    auto *copy = new QPushButton(themedIcon(QStringLiteral("copy")), tr("Cop&y"));
    copy->setObjectName(QStringLiteral("copyAnswers"));
    copy->setToolTip(tr("Copy the chosen answers, or all that are shown, in curl's own words"));
    auto *save = new QPushButton(themedIcon(QStringLiteral("export")), tr("&Export…"));
    save->setObjectName(QStringLiteral("exportAnswers"));
    save->setToolTip(tr("Write this run as CSV or JSON"));
    connect(m_search, &QLineEdit::textChanged, m_filter, &AnswerFilter::setText);
    connect(m_failedOnly, &QCheckBox::toggled, m_filter, &AnswerFilter::setFailedOnly);
    connect(copy, &QPushButton::clicked, this, &VerifyPlace::copyAnswers);
    connect(save, &QPushButton::clicked, this, [this] { saveRun(currentContent()); });
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_failedOnly);
    bar->addWidget(copy);
    bar->addWidget(save);
    auto *answers = new QWidget;
    auto *layout = new QVBoxLayout(answers);
    layout->setContentsMargins(6, 6, 6, 6);
    layout->addLayout(bar);
    layout->addWidget(m_answerTable, 1);

    m_past = new PastRunsPanel(m_services.database());
    connect(m_past, &PastRunsPanel::saveFileRequested, this, &VerifyPlace::saveRun);
    m_tabs = new QTabWidget;
    m_tabs->setObjectName(QStringLiteral("verifyTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(answers, tr("&Answers"));
    m_tabs->addTab(m_past, tr("Past r&uns"));
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
    m_startAction = make(tr("Start verifying"), QStringLiteral("play"), { QKeySequence(Qt::CTRL | Qt::Key_Return), QKeySequence(Qt::CTRL | Qt::Key_Enter) }, [this] { start(); });
    m_stopAction = make(tr("Stop verifying"), QStringLiteral("stop"), { QKeySequence(Qt::CTRL | Qt::Key_Period) }, [this] { stop(); });
    m_findAction = make(tr("Search the answers"), QStringLiteral("search"), { QKeySequence(QKeySequence::Find) }, [this] {
        m_tabs->setCurrentIndex(0);
        m_search->setFocus(Qt::ShortcutFocusReason);
    });
    m_exportAction = make(tr("Export this run…"), QStringLiteral("export"), { QKeySequence(Qt::CTRL | Qt::Key_E) }, [this] { saveRun(currentContent()); });
    m_pictureAction = make(tr("Save a picture of the charts…"), QStringLiteral("export"), {}, [this] { savePicture(); });
    m_moveAction = make(tr("Move the client to the other cluster…"), QStringLiteral("arrow"), {}, [this] { askMove(); });
    m_stopAction->setEnabled(false);
    m_startAction->setEnabled(false);
    m_moveAction->setEnabled(false);
    auto *copy = new QAction(tr("Copy answers"), m_answerTable);
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    connect(copy, &QAction::triggered, this, &VerifyPlace::copyAnswers);
    m_answerTable->addAction(copy);
    m_answerTable->setContextMenuPolicy(Qt::ActionsContextMenu);
}

QList<QAction *> VerifyPlace::placeActions() const
{
    return { m_startAction, m_stopAction, m_findAction, m_exportAction, m_pictureAction, m_moveAction };
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
    return { QStringLiteral("verify"), QStringLiteral("verify-past-runs") };
}

void VerifyPlace::showTourStop(const QString &stop)
{
    m_tabs->setCurrentIndex(stop == QLatin1String("verify-past-runs") ? 1 : 0);
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
        connect(live, &fleet::LiveFleet::changed, this, &VerifyPlace::takeFleet, Qt::UniqueConnection);
        takeFleet(live->fleet());
    } else {
        takeFleet({});
    }
}

void VerifyPlace::takeFleet(const fleet::ObservedFleet &fleet)
{
    m_fleet = fleet;
    m_form->setFleet(fleet);
    judgeSource();
}

void VerifyPlace::clearRun()
{
    m_series.clear();
    m_answers->clear();
    m_instances->update({}, {});
    m_pending.clear();
    m_pendingArrivals.clear();
    m_answersChart->clear();
    m_latencyChart->clear();
    m_traffic.clear();
    m_trafficErrors = 0;
    m_error->clear();
    m_error->hide();
    m_figures->clear();
    m_sentence->setText(tr("No request was sent yet."));
    m_badge->setState(fleet::Health::Unknown, tr("no run"));
    m_share->setShares({}, 0, m_expected);
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
        m_error->showError(core::Error::make(core::ErrorKind::Forbidden, tr("send requests"), m_form->spec().source.text(), m_form->obstacle()));
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
                                 : core::Error::make(core::ErrorKind::NotFound, tr("send requests"), spec.source.cluster, tr("the environment does not know this cluster"),
                                                     tr("Choose another source.")));
        return;
    }
    m_spec = spec;
    m_expected = expectedSplit(m_fleet, spec.url, spec.source.ns, spec.source.cluster);
    m_share->setShares({}, 0, m_expected);
    m_sentence->setText(tr("Waiting for the first answer…"));
    m_badge->setState(fleet::Health::Unknown, tr("running"));
    m_stop = std::stop_source();
    m_onStop.emplace(m_stop.get_token(), [this] {
        if (m_run)
            m_run->stop();
    });
    m_operation = m_services.beginOperation(tr("Verify %1 from %2").arg(spec.url, spec.source.text()), m_stop);
    m_run = new probe::Run(*client, spec, this);
    connect(m_run, &probe::Run::received, this, &VerifyPlace::takeSamples);
    connect(m_run, &probe::Run::finished, this, &VerifyPlace::ended);
    m_form->setRunning(true);
    m_startAction->setEnabled(false);
    m_stopAction->setEnabled(true);
    m_slow.start();
    offerMove();
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
    m_pending += samples;
    m_pendingArrivals.insert(m_pendingArrivals.end(), std::size_t(samples.size()), m_clock.nsecsElapsed());
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
    m_answers->append(samples);
    m_instances->update(m_series.instances(), m_series.errorKinds());
    m_share->setShares(m_series.versions(), m_series.errors(), m_expected);
    m_answersChart->refresh(m_series);
    m_latencyChart->refresh(m_series);
    for (const probe::Sample &sample : samples) {
        if (sample.ok())
            ++m_traffic[sample.version];
        else
            ++m_trafficErrors;
    }
    m_framed = true;
    if (!m_run) // given by hand, or the last ones of a run
        judge();
    m_answersChart->viewport()->update();
}

void VerifyPlace::painted()
{
    if (!m_framed)
        return;
    m_framed = false;
    const qint64 now = m_clock.nsecsElapsed();
    const auto shown = m_pendingArrivals.size() - std::size_t(m_pending.size());
    for (std::size_t i = 0; i < shown; ++i)
        m_paintDelays.push_back(double(now - m_pendingArrivals.at(i)) / 1e6);
    m_pendingArrivals.erase(m_pendingArrivals.begin(), m_pendingArrivals.begin() + std::ptrdiff_t(shown));
    if (m_paintDelays.size() > keptDelays)
        m_paintDelays.erase(m_paintDelays.begin(), m_paintDelays.end() - std::ptrdiff_t(keptDelays));
}

void VerifyPlace::judge()
{
    if (m_series.requests() == 0)
        return;
    // A few times a second: sorting all latencies and words do not belong into a frame.
    const probe::Summary summary = m_series.summary();
    m_sentence->setText(probe::verdictSentence(summary, m_expected.keys()));
    m_badge->setState(judgeShares(summary.requests, summary.versions, m_expected), m_run ? tr("running") : QString());
    const auto &seconds = m_series.seconds();
    const int full = std::max<int>(1, int(seconds.size()) - (m_run ? 1 : 0));
    QStringList figures { tr("%1 requests").arg(countText(summary.requests)), tr("%1 failed").arg(countText(summary.errors)),
                          tr("%1/s").arg(QLocale().toString(double(summary.requests) / full, 'f', summary.requests >= 10 * full ? 0 : 1)) };
    if (summary.ok > 0)
        figures << tr("p50 %1").arg(latencyText(summary.latencyMs.p50)) << tr("p95 %1").arg(latencyText(summary.latencyMs.p95)) << tr("p99 %1").arg(latencyText(summary.latencyMs.p99));
    m_figures->setText(figures.join(QStringLiteral(" · ")));
    if (m_run) {
        const int percent = m_spec.count > 0 ? std::min(100, int(100.0 * summary.requests / m_spec.count)) : -1;
        m_services.reportProgress(m_operation, tr("%1 answers").arg(countText(summary.requests)), percent);
    }
    if (!m_traffic.isEmpty() || m_trafficErrors > 0)
        m_services.reportTraffic(m_spec.source.cluster, std::exchange(m_traffic, {}), std::exchange(m_trafficErrors, 0));
}

void VerifyPlace::ended(const std::shared_ptr<core::Error> &error)
{
    if (!m_run)
        return;
    probe::RunResult result { m_run->spec(), m_run->pod(), m_run->samples(), {} };
    if (error)
        result.error = *error;
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
        m_badge->setState(error ? fleet::Health::Failed : fleet::Health::Unknown, error ? tr("failed") : tr("stopped"));
    }
    m_services.endOperation(m_operation, error ? error->text() : m_sentence->text(), !error);
    offerMove();
    if (!result.samples.isEmpty() && m_session) {
        // Written by a thread of its own: a long run is some megabytes.
        const QString environment = m_session->environment().name;
        auto saved = core::runSequence([file = m_services.database().file(), environment, result]() -> core::Result<qint64> {
            const auto database = store::Database::open(file);
            if (!database)
                return core::fail(database.error());
            return (*database)->save({ 0, QDateTime::currentDateTimeUtc(), QStringLiteral("run"), environment, result.spec.source.text(), runContent(result) });
        });
        core::whenReady(saved, this, [this, environment](const core::Result<qint64> &id) {
            if (!id)
                m_error->showError(id.error());
            else
                m_past->reload(environment);
        });
    }
    emit runFinished();
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

void VerifyPlace::askMoveRights()
{
    const auto session = m_services.session();
    const QString asked = m_move.isPossible() && session ? m_move.fromCluster + u'/' + m_move.toCluster + u'/' + m_move.ns : QString();
    if (asked == m_moveRightsFor)
        return;
    m_moveRightsFor = asked;
    m_moveRefusal.clear();
    if (asked.isEmpty())
        return;
    const auto take = [this, asked, session](const QString &refusal) {
        if (refusal.isEmpty() || asked != m_moveRightsFor || session != m_services.session())
            return;
        m_moveRefusal = refusal;
        offerMove();
    };
    askRights(*session, m_move.fromCluster, rightToScale(m_move.ns).questions, this, take);
    askRights(*session, m_move.toCluster, (m_move.standing ? rightToScale(m_move.ns) : rightToApply(m_move.ns)).questions, this, take);
}

void VerifyPlace::offerMove()
{
    if (!m_mover->isRunning())
        m_move = possibleMove(m_fleet, m_form->spec().source.ns);
    askMoveRights();
    QString inTheWay = m_moveRefusal;
    for (const QString &name : { m_move.fromCluster, m_move.toCluster }) {
        const auto *cluster = m_fleet.cluster(name);
        if (cluster && stalenessOf(*cluster))
            inTheWay = tr("%1 is %2").arg(name, staleText(*cluster));
    }
    const bool offered = m_move.isPossible() && !m_run && !m_mover->isRunning() && inTheWay.isEmpty();
    m_moveButton->setToolTip(inTheWay);
    m_moveAction->setToolTip(inTheWay.isEmpty() ? m_moveAction->text() : inTheWay);
    m_moveAction->setEnabled(offered);
    m_moveOffer->setVisible(m_move.isPossible() && !m_run);
    m_moveButton->setEnabled(offered);
    if (m_mover->isRunning())
        m_moveText->setText(tr("Moving the client from %1 to %2…").arg(m_move.fromCluster, m_move.toCluster));
    else if (!inTheWay.isEmpty())
        m_moveText->setText(tr("The client cannot be moved from here: %1").arg(inTheWay));
    else
        m_moveText->setText(tr("Next: does it hold from the other side? Move the client from %1 to %2 and verify again.").arg(m_move.fromCluster, m_move.toCluster));
}

void VerifyPlace::askMove()
{
    if (!m_move.isPossible() || m_run || m_mover->isRunning() || !m_moveAction->isEnabled())
        return;
    const fleet::Plan plan = fleet::planMoveClient(m_move.ns, m_move.fromCluster, m_move.toCluster, m_move.replicas, m_move.standing);
    auto *dialog = new PlanDialog(tr("Move the client"),
                                  tr("Deployment sleep is scaled to 0 in %1, and a stand-alone sleep is deployed in %2. The requests then come from there.").arg(m_move.fromCluster, m_move.toCluster),
                                  plan, tr("&Move it"), false, this);
    connect(dialog, &QDialog::accepted, this, [this, plan] {
        m_mover->start(plan, QStringLiteral("move-client"), tr("Move the client from %1 to %2").arg(m_move.fromCluster, m_move.toCluster));
        offerMove();
    });
    dialog->open();
}

void VerifyPlace::copyAnswers()
{
    QModelIndexList rows = m_answerTable->selectionModel()->selectedRows();
    QList<int> order;
    for (const QModelIndex &row : std::as_const(rows))
        order << row.row();
    if (order.isEmpty()) {
        for (int row = 0; row < m_filter->rowCount(); ++row)
            order << row;
    }
    std::sort(order.begin(), order.end());
    QStringList lines;
    for (const int row : std::as_const(order))
        lines << AnswerModel::words(m_answers->sample(m_filter->mapToSource(m_filter->index(row, 0)).row()));
    copyText(lines.join(u'\n'));
}

QJsonObject VerifyPlace::currentContent() const
{
    probe::RunResult result;
    result.spec = m_spec;
    for (int row = 0; row < m_answers->rowCount(); ++row)
        result.samples << m_answers->sample(row);
    return runContent(result);
}

void VerifyPlace::saveRun(const QJsonObject &content)
{
    auto *dialog = new QFileDialog(this, tr("Export the run"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters({ tr("Comma-separated values (*.csv)"), tr("JSON (*.json)") });
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(QStringLiteral("run.csv"));
    connect(dialog, &QFileDialog::filterSelected, dialog, [dialog](const QString &filter) {
        dialog->setDefaultSuffix(filter.contains(QLatin1String("json")) ? QStringLiteral("json") : QStringLiteral("csv"));
    });
    connect(dialog, &QFileDialog::fileSelected, this, [this, content](const QString &file) {
        if (const auto written = exportRun(content, file); !written)
            m_error->showError(written.error());
    });
    dialog->open();
}

void VerifyPlace::savePicture()
{
    auto *dialog = new QFileDialog(this, tr("Save a picture"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("PNG picture (*.png)"));
    dialog->setDefaultSuffix(QStringLiteral("png"));
    dialog->selectFile(QStringLiteral("verify.png"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &file) {
        if (!m_centre->grab().save(file, "PNG"))
            m_error->showError(core::Error::make(core::ErrorKind::Storage, tr("save the picture"), file, tr("the file could not be written"), tr("Choose another folder.")));
    });
    dialog->open();
}

} // namespace catamaran::ui
