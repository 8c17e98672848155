// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/matrix/probeoffer.h"

#include "documents/probeplace.h"
#include "fleet/sessionworld.h"
#include "ui/common/icons.h"
#include "ui/common/widgets.h"
#include "ui/operations/planrunner.h"
#include "ui/operations/planview.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QUuid>

#include <condition_variable>
#include <mutex>

namespace catamaran::ui {

using namespace std::chrono_literals;

namespace {

constexpr auto addedLasts = 1800s; ///< what is added to a pod ends by itself after it

} // namespace

ProbeOffer::ProbeOffer(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_link(std::make_shared<WorkerLink<ProbeOffer>>(this))
    , m_text(new MutedLabel)
    , m_button(new QPushButton)
    , m_action(new QAction(themedIcon(QStringLiteral("verify")), tr("Put a probe into clusters without a client…"), this))
{
    m_text->setObjectName(QStringLiteral("probeText"));
    m_button->setObjectName(QStringLiteral("probeButton"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 0, 12, 4);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_button);
    const auto act = [this] {
        if (m_state == State::None)
            choose();
        else
            takeAway();
    };
    connect(m_button, &QPushButton::clicked, this, act);
    connect(m_action, &QAction::triggered, this, act);
    connect(&m_services, &Services::sessionChanged, this, [this] {
        m_stop.request_stop(); // they stand in the environment that was open
        m_place.reset();
        refresh();
    });
    refresh();
}

ProbeOffer::~ProbeOffer()
{
    m_stop.request_stop();
    m_link->cut();
}

void ProbeOffer::refresh()
{
    if (m_state == State::None)
        m_bare = m_services.prover() ? m_services.prover()->withoutClient() : QStringList();
    const QString clusters = m_bare.join(QStringLiteral(", "));
    switch (m_state) {
    case State::None:
        m_text->setText(tr("No client in %1 can send requests: what leads out of there cannot be proven.").arg(clusters));
        m_button->setText(m_bare.size() == 1 ? tr("Put a probe into %1…").arg(clusters) : tr("Put probes there…"));
        break;
    case State::Planning: m_text->setText(tr("Planning a probe for %1…").arg(clusters)); break;
    case State::Making: m_text->setText(tr("Putting a probe into %1…").arg(clusters)); break;
    case State::Standing:
        m_text->setText(tr(
            "A probe of ours sends from %1 since %2. It is taken away when you say so, and when the console or the environment is closed.")
                            .arg(clusters, m_since.toLocalTime().toString(QStringLiteral("HH:mm:ss"))));
        break;
    case State::Removing: m_text->setText(tr("Taking the probe away from %1…").arg(clusters)); break;
    }
    if (m_state != State::None)
        m_button->setText(tr("Take it away"));
    const bool canAct = m_state == State::None ? !m_bare.isEmpty() : m_state == State::Making || m_state == State::Standing;
    m_button->setEnabled(canAct);
    m_action->setEnabled(canAct);
    m_action->setText(m_state == State::None ? tr("Put a probe into clusters without a client…") : tr("Take the probe away"));
    setVisible(m_state != State::None || !m_bare.isEmpty());
}

void ProbeOffer::setState(State state)
{
    m_state = state;
    refresh();
}

void ProbeOffer::choose()
{
    const auto session = m_services.session();
    if (!session || m_bare.isEmpty())
        return;
    if (const auto place = m_place ? m_place : session->environment().probe)
        plan(*place);
    else
        askForPlace({ {}, QStringLiteral("default"), {} });
}

void ProbeOffer::askForPlace(const documents::ProbePlace &suggested)
{
    auto *dialog = new QDialog(window());
    dialog->setObjectName(QStringLiteral("probePlaceDialog"));
    dialog->setWindowTitle(tr("Where may probes stand?"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->resize(560, 0);
    auto *layout = new QVBoxLayout(dialog);
    const QString file = m_services.session()->environment().file;
    layout->addWidget(new WrappedLabel(tr(
        "A probe is a pod of ours that sends requests where no client of yours can. This is asked once for the environment and kept in %1.")
                                           .arg(file)));
    auto *form = new QFormLayout;
    auto *image = new QLineEdit(suggested.image);
    image->setObjectName(QStringLiteral("probeImage"));
    image->setPlaceholderText(QStringLiteral("registry.example.com/tools/curl:8"));
    form->addRow(tr("&Image with sh and curl:"), image);
    auto *asDeployment = new QRadioButton(tr("A &Deployment of one pod, in the namespace"));
    asDeployment->setChecked(true);
    auto *ns = new QLineEdit(suggested.ns);
    ns->setObjectName(QStringLiteral("probeNamespace"));
    ns->setAccessibleName(tr("Namespace of probes"));
    form->addRow(asDeployment, ns);
    auto *asContainer = new QRadioButton(tr("A container added to a &pod, or to one of a Deployment"));
    asContainer->setObjectName(QStringLiteral("probeAsContainer"));
    form->addRow(asContainer);
    QMap<QString, QLineEdit *> pods;
    for (const QString &cluster : std::as_const(m_bare)) {
        auto *pod = new QLineEdit;
        pod->setObjectName(QStringLiteral("probePod-") + cluster);
        pod->setPlaceholderText(tr("namespace/name"));
        pod->setEnabled(false);
        pods.insert(cluster, pod);
        form->addRow(tr("Pod in %1:").arg(cluster), pod);
    }
    connect(asContainer, &QRadioButton::toggled, dialog, [ns, pods](bool on) {
        ns->setEnabled(!on);
        for (QLineEdit *pod : pods)
            pod->setEnabled(on);
    });
    layout->addLayout(form);
    auto *said = new WrappedLabel;
    said->setObjectName(QStringLiteral("probePlaceSaid"));
    said->hide();
    layout->addWidget(said);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    auto *next = buttons->addButton(tr("&Show the plan"), QDialogButtonBox::AcceptRole);
    next->setObjectName(QStringLiteral("probePlaceNext"));
    layout->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [=, this, asked = m_services.session()] {
        if (asked != m_services.session())
            return dialog->reject();
        documents::ProbePlace place { image->text().trimmed(), asContainer->isChecked() ? QString() : ns->text().trimmed(), {} };
        if (asContainer->isChecked())
            for (auto it = pods.cbegin(); it != pods.cend(); ++it)
                if (const QString pod = it.value()->text().trimmed(); !pod.isEmpty())
                    place.pods.insert(it.key(), pod);
        // The file is what judges: what it would not read is not used either.
        const QString kept = asked->environment().file; // empty: of an environment that nobody has saved
        const auto written = kept.isEmpty() ? core::Result<core::Done>(core::Done {}) : documents::saveProbePlace(kept, place);
        if (written) {
            m_place = place;
            if (!kept.isEmpty())
                emit saved(kept);
        } else {
            said->setText(written.error().text());
            said->show();
            return;
        }
        dialog->accept();
        plan(place);
    });
    dialog->open();
    image->setFocus();
}

void ProbeOffer::plan(const documents::ProbePlace &place)
{
    const auto session = m_services.session();
    m_session = session;
    m_stop = std::stop_source();
    setState(State::Planning);
    struct Planned {
        observe::ObservedFleet fleet;
        fleet::ProbePlan plan;
        fleet::Rights refused;
    };
    // What the window watches may not hold the namespace of probes yet.
    const auto work = [session = forWorker(session), place, bare = m_bare, ns = m_services.prover()->question().ns,
                          stop = m_stop.get_token()]() -> core::Result<Planned> {
        const auto seen = observe::look(*session, stop, QStringList { ns } + fleet::namespacesOf(place));
        if (!seen)
            return core::fail(seen.error());
        Planned planned { *seen, fleet::probePlan(place, *seen, bare, addedLasts, QUuid::createUuid().toString(QUuid::Id128).left(6)), {} };
        const ops::Plan &steps = planned.plan.plan;
        const ops::Registry &kinds = fleet::operationKinds();
        planned.refused = fleet::refusedOf(fleet::byCluster(ops::rightsOf(steps, kinds, ops::Direction::Do)
                                               + ops::rightsOf(steps, kinds, ops::Direction::Undo) + fleet::rightsToSend(planned.plan)),
            *session, stop);
        return planned;
    };
    core::whenReady(core::runSequence(work), this, [this, place, session](const core::Result<Planned> &planned) {
        setState(State::None);
        if (session != m_services.session())
            return;
        if (!planned)
            return void(emit failed(planned.error()));
        if (!planned->refused.isEmpty())
            return void(emit failed(fleet::rightsError(tr("put a probe into the clusters"), planned->refused)));
        if (planned->plan.isEmpty())
            return void(emit failed(planned->plan.impossible.isEmpty()
                    ? core::Error::make(core::ErrorKind::Precondition, tr("put a probe into the clusters"), {}, tr("none needs one"))
                    : planned->plan.impossible.first()));
        showPlan(place, planned->fleet, planned->plan);
    });
}

void ProbeOffer::showPlan(const documents::ProbePlace &place, const observe::ObservedFleet &fleet, const fleet::ProbePlan &plan)
{
    const ShownPlan shown = shownPlan(plan.plan, fleet::namesOf(*m_services.session(), fleet));
    auto *dialog = new PlanDialog(tr("Put a probe there"),
        fleet::probeNotes(place, plan, fleet).join(u' ') + u' '
            + tr("While it stands, what is proven from these clusters is sent from it."),
        shown.steps, tr("&Put it there"), m_services.session()->environment().production, this);
    dialog->setObjectName(QStringLiteral("probePlanDialog"));
    connect(dialog, &QDialog::accepted, this, [this, place, plan, session = m_services.session()] {
        if (session == m_services.session() && m_state == State::None)
            make(place, plan);
    });
    dialog->open();
}

void ProbeOffer::make(const documents::ProbePlace &place, const fleet::ProbePlan &plan)
{
    m_session = m_services.session();
    m_stop = std::stop_source();
    m_operation = m_services.beginOperation(tr("Probe %1").arg(plan.name), m_stop);
    setState(State::Making);
    struct Stood {
        drill::ProbesReport report;
        QMap<QString, core::Error> refused;
    };
    const QString ns = m_services.prover()->question().ns;
    const auto work
        = [session = forWorker(m_session), link = m_link, place, plan, ns, file = m_services.history().file(), stop = m_stop.get_token()] {
              Stood stood;
              stood.refused = plan.impossible;
              drill::ProbesOptions options { file };
              options.onProgress = [link](const ops::StepProgress &progress) {
                  link->post([note = progress.error ? progress.error->answer : progress.note](ProbeOffer &offer) {
                      if (offer.m_operation != 0 && !note.isEmpty())
                          offer.m_services.reportProgress(offer.m_operation, note, -1);
                  });
              };
              const bool endsByItself = place.ns.isEmpty();
              stood.report = drill::withProbes(plan, *session, options, stop, [&](const QList<fleet::PlannedProbe> &made) {
                  const auto seen = observe::look(*session, stop, QStringList { ns } + fleet::namespacesOf(place));
                  if (!seen)
                      return;
                  const auto clients = drill::clientsOf(made, *seen, stood.refused);
                  if (clients.isEmpty())
                      return;
                  link->post([clients](ProbeOffer &offer) { offer.stands(clients); });
                  std::mutex mutex;
                  std::condition_variable_any never;
                  std::unique_lock lock(mutex);
                  if (endsByItself)
                      never.wait_for(lock, stop, addedLasts, [] { return false; });
                  else
                      never.wait(lock, stop, [] { return false; });
              });
              link->post([](ProbeOffer &offer) { offer.setState(State::Removing); });
              return stood;
          };
    core::whenReady(core::runSequence(work), this, [this](const Stood &stood) { ended(stood.report, stood.refused); });
}

void ProbeOffer::stands(const QHash<QString, truth::Client> &clients)
{
    if (m_state != State::Making || m_session != m_services.session())
        return;
    m_since = QDateTime::currentDateTimeUtc();
    setState(State::Standing);
    m_services.reportProgress(m_operation, tr("it stands"), -1);
    QStringList namespaces;
    for (const truth::Client &client : clients)
        namespaces << client.ns;
    if (auto *live = m_services.live())
        live->want(namespaces);
    if (auto *prover = m_services.prover()) {
        prover->setClients(clients);
        QList<truth::Direction> directions;
        for (const truth::DirectionState &one : prover->matrix().directions)
            if (clients.contains(one.direction.from))
                directions << one.direction;
        prover->prove(directions);
    }
}

void ProbeOffer::takeAway()
{
    if (auto *prover = m_services.prover(); prover && m_session == m_services.session())
        prover->setClients({});
    m_stop.request_stop();
    setState(State::Removing);
}

void ProbeOffer::ended(const drill::ProbesReport &report, const QMap<QString, core::Error> &refused)
{
    const bool isSame = m_session == m_services.session();
    m_session.reset();
    QStringList left;
    for (const drill::RestoreOutcome &outcome : report.removed.outcomes)
        if (!outcome.ok)
            left << outcome.proof;
    m_services.endOperation(std::exchange(m_operation, 0),
        report.error         ? report.error->text()
            : left.isEmpty() ? tr("It is taken away.")
                             : tr("NOT taken away: %1").arg(left.join(QStringLiteral("; "))),
        !report.error && left.isEmpty());
    m_services.announceActivity();
    if (auto *prover = m_services.prover(); prover && isSame)
        prover->setClients({});
    if (auto *live = m_services.live())
        live->refresh();
    setState(State::None);
    if (report.error)
        emit failed(*report.error);
    else if (!left.isEmpty())
        emit failed(core::Error::make(core::ErrorKind::Precondition, tr("take the probe away"), {}, left.join(QStringLiteral("; ")),
            tr("It is offered again at the next start; or: catamaranctl probes remove.")));
    else if (!report.failed.isEmpty())
        emit failed(report.failed.first());
    else if (!refused.isEmpty())
        emit failed(refused.first());
}

} // namespace catamaran::ui
