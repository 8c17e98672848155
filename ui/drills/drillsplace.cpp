// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/drills/drillsplace.h"

#include "drill/restoration.h"
#include "ui/common/filedialog.h"
#include "ui/common/icons.h"
#include "ui/common/rights.h"
#include "ui/common/savefile.h"
#include "ui/common/staleness.h"
#include "ui/common/widgets.h"
#include "ui/drills/drilllibrary.h"
#include "ui/drills/drillpdf.h"
#include "ui/drills/drillrunner.h"
#include "ui/drills/drillview.h"
#include "ui/drills/losethis.h"
#include "ui/drills/templateform.h"

#include <QAction>
#include <QDialog>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace catamaran::ui {

namespace {

enum Page { EmptyPage, LibraryPage, DrillPage };
/// Those that come with Catamaran and have something to give.
QList<drill::DrillTemplate> openTemplates()
{
    auto templates = drill::builtinTemplates();
    templates.removeIf([](const drill::DrillTemplate &one) { return one.isReady(); });
    return templates;
}

constexpr int shownResults = 1000; // summaries: a few kilobytes each

} // namespace

DrillsPlace::DrillsPlace(Services &services, QWidget *parent)
    : Place(parent)
    , m_services(services)
    , m_drills(drill::builtinDrills())
    , m_runner(new DrillRunner(services, this))
    , m_stack(new QStackedWidget)
    , m_library(new DrillLibrary)
    , m_view(new DrillView)
{
    setObjectName(QStringLiteral("drillsPlace"));
    auto *empty = new EmptyState(QStringLiteral("drills"), tr("Nothing to rehearse yet"),
        tr("Here you break one thing of a running fleet on purpose and measure how long it takes until every answer is good again. Open an environment or the practice range first."),
        tr("Set up a fleet"));
    connect(empty, &EmptyState::triggered, this, [this] { emit m_services.placeRequested(QStringLiteral("setup"), {}); });
    m_stack->addWidget(empty);
    m_stack->addWidget(m_library);
    m_stack->addWidget(m_view);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    m_library->setDrills(m_drills);

    for (const auto &drill : m_drills) {
        auto *action = new QAction(themedIcon(QStringLiteral("drill")), tr("Prepare the drill “%1”").arg(drill.title), this);
        connect(action, &QAction::triggered, this, [this, id = drill.id] { showObject(id); });
        m_actions += action;
    }
    connect(m_library, &DrillLibrary::chosen, this, [this](int index) { prepare(m_drills.at(index)); });
    connect(m_library, &DrillLibrary::fileRequested, this, &DrillsPlace::openFile);
    connect(m_library, &DrillLibrary::templateRequested, this, [this] { askFor(openTemplates()); });
    connect(m_library, &DrillLibrary::recheckRequested, this, &DrillsPlace::check);
    connect(m_library, &DrillLibrary::resultOpened, this, &DrillsPlace::openResult);
    connect(m_library, &DrillLibrary::historyRequested, this, &DrillsPlace::loadHistory);
    connect(m_view, &DrillView::startRequested, this, [this] {
        tellReasons(); // a cluster may have gone silent since
        for (int i = 0; i < m_drills.size(); ++i) {
            if (m_drills.at(i).id == m_prepared.id && !reasonsOf(i).isEmpty())
                return;
        }
        start({});
    });
    connect(m_view, &DrillView::stopRequested, m_runner, &DrillRunner::stopAndRestore);
    connect(m_view, &DrillView::leaveRequested, this, [this] {
        m_stack->setCurrentIndex(LibraryPage);
        loadHistory();
        check();
    });
    connect(m_view, &DrillView::exportRequested, this, &DrillsPlace::exportReport);
    connect(m_view, &DrillView::fault, &m_services, &Services::markFault);
    connect(m_view, &DrillView::faultsOver, &m_services, &Services::clearFaults);
    connect(m_runner, &DrillRunner::sentryTold, m_view, &DrillView::tellSentry);
    connect(m_runner, &DrillRunner::phaseReached, m_view, &DrillView::takePhase);
    connect(m_runner, &DrillRunner::guardsRead, m_view, &DrillView::takeGuards);
    connect(m_runner, &DrillRunner::received, m_view, &DrillView::takeSamples);
    connect(m_runner, &DrillRunner::received, this, [this](const QList<probe::Sample> &samples) {
        const probe::RunSpec &probes = m_prepared.probes;
        m_services.reportTraffic(probes.source.cluster, Traffic(samples));
        m_services.reportAnswers(probes.source.cluster, probes.source.text(), probes.url, samples);
    });
    connect(m_runner, &DrillRunner::finished, this, [this](const drill::DrillResult &result) {
        m_view->showResult(result);
        loadHistory();
        if (result.error && result.error->code == drill::unprovenCode && result.drill.id == m_prepared.id)
            askUnproven(*result.error);
    });
    connect(&m_services, &Services::historyBack, this, &DrillsPlace::loadHistory);
    connect(&m_services, &Services::sessionChanged, this, &DrillsPlace::followSession);
    followSession();
}

DrillsPlace::~DrillsPlace()
{
    m_checking.request_stop();
}

QStringList DrillsPlace::findableObjects() const
{
    QStringList names;
    for (const auto &drill : m_drills)
        names += drill.title;
    return names;
}

void DrillsPlace::showObject(const QString &object)
{
    if (const QString lost = objectToLose(object); !lost.isEmpty())
        return lose(lost);
    for (const auto &drill : m_drills) {
        if ((drill.id == object || drill.title == object) && m_services.session() && !m_runner->isRunning())
            prepare(drill);
    }
}

void DrillsPlace::lose(const QString &object)
{
    const auto aim = aimAt(object, m_services.live() ? m_services.live()->view() : observe::FleetView());
    if (!aim || !m_services.session() || m_runner->isRunning())
        return;
    askFor(openTemplates())->fillIn(aim->drill, aim->values);
}

QStringList DrillsPlace::tourStops() const
{
    QStringList stops { QStringLiteral("drills"), QStringLiteral("drills-prepare") };
    if (m_library->history()->rowCount() > 0) // a picture of a result needs one
        stops << QStringLiteral("drills-result");
    return stops;
}

void DrillsPlace::showTourStop(const QString &stop)
{
    if (!m_services.session())
        return;
    if (stop == QLatin1String("drills-prepare") && !m_drills.isEmpty()) {
        prepare(m_drills.first());
        return;
    }
    m_stack->setCurrentIndex(LibraryPage);
    loadHistory();
    if (stop != QLatin1String("drills-result"))
        return;
    if (m_library->history()->rowCount() > 0)
        openResult(m_library->history()->document(0).id);
}

void DrillsPlace::followSession()
{
    const bool open = m_services.session() != nullptr;
    m_stack->setCurrentIndex(open ? LibraryPage : EmptyPage);
    for (QAction *action : std::as_const(m_actions))
        action->setEnabled(open);
    if (auto *live = m_services.live()) {
        connect(live, &observe::LiveFleet::changed, this, &DrillsPlace::takeFleet, Qt::UniqueConnection);
        takeFleet(live->fleet());
        connect(m_services.prover(), &truth::Prover::changed, m_view, &DrillView::setMatrix, Qt::UniqueConnection);
        m_view->setMatrix(m_services.prover()->matrix());
    }
    m_library->forgetHistory();
    if (!open)
        return;
    loadHistory();
    check();
}

void DrillsPlace::takeFleet(const observe::ObservedFleet &fleet)
{
    const bool grew = m_library->isVisible() && !m_runner->isRunning();
    m_fleet = fleet;
    m_view->setFleet(fleet);
    // A fleet that has just been set up makes drills possible: look again, but not at every tick of a count.
    QStringList workloads;
    for (const auto &cluster : fleet.clusters) {
        for (const auto &workload : cluster.workloads)
            workloads += cluster.name + u'/' + workload.ns + u'/' + workload.name;
    }
    for (const auto &cluster : fleet.clusters) {
        if (stalenessOf(cluster))
            workloads += cluster.name + QStringLiteral(" is stale");
    }
    const QString shape = workloads.join(u' ');
    if (property("fleetShape").toString() != shape) {
        setProperty("fleetShape", shape);
        tellReasons();
        if (grew || !m_runner->isRunning())
            check();
    }
}

void DrillsPlace::check()
{
    if (!m_services.session())
        return;
    m_checking.request_stop();
    m_checking = std::stop_source();
    core::whenReady(checkDrills(m_services.session(), m_drills, m_checking.get_token()), this,
        [this, token = m_checking.get_token()](const QList<QList<core::Error>> &reasons) {
            if (token.stop_requested())
                return;
            m_reasons = reasons;
            tellReasons();
        });
    askAll();
}

void DrillsPlace::askAll()
{
    const auto session = m_services.session();
    m_refusals.clear();
    for (const auto &drill : std::as_const(m_drills)) {
        const auto ask = [&](const QString &cluster, const Right &right) {
            askRights(*session, cluster, right.questions, this, [this, id = drill.id, session](const QString &refusal) {
                if (refusal.isEmpty() || session != m_services.session() || m_refusals.value(id).contains(refusal))
                    return;
                m_refusals[id] << refusal;
                tellReasons();
            });
        };
        ask(drill.probes.source.cluster, rightToExec(drill.probes.source.ns));
        for (const auto &fault : drill.faults) {
            const auto objects = fault.kind->touches(fault.arguments).value_or(QList<drill::FaultObject>());
            for (const auto &object : objects) {
                if (object.isMade)
                    ask(object.cluster, rightToApply(object.ns));
                else if (object.kind == u"Deployment")
                    ask(object.cluster, rightToBreak(object.ns));
            }
        }
    }
}

QList<core::Error> DrillsPlace::reasonsOf(int index) const
{
    const auto &drill = m_drills.at(index);
    QList<core::Error> reasons;
    for (const QString &cluster : drill.clusters()) {
        if (const auto stale = staleObstacle(m_fleet, cluster, tr("start the drill")))
            reasons << *stale;
    }
    for (const QString &refusal : m_refusals.value(drill.id))
        reasons << core::Error::make(core::ErrorKind::Forbidden, tr("start the drill"), {}, refusal);
    if (reasons.isEmpty())
        reasons = m_reasons.value(index);
    return reasons;
}

void DrillsPlace::tellReasons()
{
    QList<QList<core::Error>> all;
    for (int i = 0; i < m_drills.size(); ++i) {
        all << reasonsOf(i);
        if (m_drills.at(i).id == m_prepared.id)
            m_view->setReasons(all.last());
    }
    m_library->setReasons(all);
}

void DrillsPlace::loadHistory()
{
    const auto session = m_services.session();
    if (!session)
        return;
    const auto ask = [environment = session->environment().name](
                         store::Database &database) { return database.summaries(QStringLiteral("drill"), environment, shownResults); };
    core::whenReady(m_services.history().ask(ask), this, [this, session](const core::Result<QList<store::Document>> &kept) {
        if (session == m_services.session())
            m_library->setHistory(kept);
    });
}

void DrillsPlace::openResult(qint64 document)
{
    ++m_opening;
    const auto ask = [document](store::Database &database) {
        return database.document(document).map([](const store::Document &kept) { return drill::DrillResult::fromJson(kept.content); });
    };
    core::whenReady(m_services.history().ask(ask), this, [this](const core::Result<drill::DrillResult> &result) {
        --m_opening;
        if (!result)
            return m_library->setHistory(core::fail(result.error()));
        if (m_runner->isRunning() || !m_services.session())
            return; // one was started meanwhile, or all was closed
        tellRestoreCommand();
        m_view->showResult(*result);
        m_stack->setCurrentIndex(DrillPage);
    });
}

void DrillsPlace::prepare(const drill::DrillDocument &drill)
{
    if (!m_services.session() || m_runner->isRunning())
        return;
    m_prepared = drill;
    const auto &environment = m_services.session()->environment();
    m_view->prepare(drill, environment.production ? environment.name : QString());
    tellRestoreCommand();
    if (auto *live = m_services.live())
        m_view->setFleet(live->fleet());
    m_stack->setCurrentIndex(DrillPage);
    check();
}

void DrillsPlace::tellRestoreCommand()
{
    m_view->setRestoreCommand(drill::restoreCommand(m_services.session()->environment().file, m_services.history().file()));
}

void DrillsPlace::openFile()
{
    askWhichFile(this, tr("Open a drill"), tr("Drill documents (*.yaml *.yml)"), [this](const QString &file) {
        const auto known = drill::loadTemplate(file);
        if (!known) {
            emit m_services.openFailed(known.error());
            return;
        }
        if (!known->isReady()) {
            askFor({ *known });
            return;
        }
        const auto drill = known->fill({});
        if (!drill) {
            emit m_services.openFailed(drill.error());
            return;
        }
        add(*drill);
    });
}

void DrillsPlace::add(const drill::DrillDocument &drill)
{
    m_drills.removeIf([&](const auto &other) { return other.id == drill.id; });
    m_drills += drill;
    m_library->setDrills(m_drills);
    check();
}

TemplateForm *DrillsPlace::askFor(const QList<drill::DrillTemplate> &templates)
{
    auto *form = new TemplateForm(templates, m_fleet, window());
    form->setAttribute(Qt::WA_DeleteOnClose);
    connect(form, &QDialog::accepted, this, [this, form] {
        add(form->drill());
        prepare(form->drill());
    });
    form->open();
    return form;
}

void DrillsPlace::askUnproven(const core::Error &why)
{
    auto *dialog = new QDialog(window());
    dialog->setObjectName(QStringLiteral("unprovenQuestion"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Run it all the same?"));
    auto *words = new PlainLabel(why.answer);
    words->setWordWrap(true);
    auto *buttons = new QDialogButtonBox;
    auto *run = buttons->addButton(tr("&Run it unproven"), QDialogButtonBox::AcceptRole);
    run->setObjectName(QStringLiteral("runUnproven"));
    run->setAutoDefault(false);
    auto *leave = buttons->addButton(tr("&Do not run it"), QDialogButtonBox::RejectRole);
    leave->setDefault(true);
    leave->setFocus();
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(dialog, &QDialog::accepted, this, [this] { start({ true }); });
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(words);
    layout->addWidget(new MutedLabel(tr("If nobody takes over, requests fail until the drill puts everything back.")));
    layout->addWidget(buttons);
    dialog->open();
}

void DrillsPlace::start(const drill::DrillOptions &options)
{
    if (m_runner->isRunning())
        return;
    m_view->begin();
    m_runner->start(m_prepared, options);
}

void DrillsPlace::exportReport()
{
    const drill::DrillResult result = m_view->result(); // the one in sight now, whatever is shown when the name is chosen
    askWhereToSave(this, tr("Export the report"), result.drill.id + QStringLiteral(".html"),
        { tr("Web page (*.html)"), tr("Report for print (*.pdf)"), tr("JSON (*.json)"), tr("JUnit (*.xml)") },
        [this, result](const QString &file) {
            const bool isPdf = file.endsWith(QLatin1String(".pdf"), Qt::CaseInsensitive);
            const auto written = isPdf
                ? writeWhole(file, tr("write the report"), [&result](QIODevice &device) { return writeDrillPdf(result, device); })
                : writeWhole(file, tr("write the report"), drill::reportAs(file, result));
            if (!written)
                emit m_services.openFailed(written.error());
        });
}

} // namespace catamaran::ui
