// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "fleet/steprunner.h"

#include "fleet/cloudreader.h"
#include "fleet/trustroot.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>

namespace catamaran::fleet {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Executor)
};

tl::unexpected<core::Error> cancelled(const QString &tried, const QString &target)
{
    return core::fail(ErrorKind::Cancelled, tried, target, Say::tr("stopped on request"), Say::tr("Run it again to go on from here."));
}

} // namespace

StepRunner::StepRunner(const Plan &plan, Session &session, const ExecuteOptions &options, store::Database &journal, std::stop_token stop)
    : m_plan(plan)
    , m_session(session)
    , m_options(options)
    , m_journal(journal)
    , m_stop(std::move(stop))
{
}

StepRunner::Outcome StepRunner::run(const PlanStep &step, std::function<void(const QString &)> note)
{
    m_step = &step;
    m_stepJournalled = false;
    m_note = std::move(note);
    const auto outcome = std::visit([this](const auto &action) { return act(action); }, step.action);
    if (m_stepJournalled || !outcome)
        return outcome;
    // Everything was in place: say so, for whoever reads the journal after a resumed plan.
    return change({}, {}, [] { return Outcome(Done {}); });
}

QString StepRunner::tried() const
{
    return Say::tr("carry out the step “%1”").arg(m_step->title);
}

StepRunner::Outcome StepRunner::change(const QString &call, const QString &target, const std::function<Outcome()> &make)
{
    if (m_stop.stop_requested())
        return cancelled(tried(), target);
    store::Activity line;
    line.at = QDateTime::currentDateTimeUtc();
    line.environment = m_session.environment().name;
    line.operation = m_options.operation;
    line.step = m_step->id;
    line.what = m_step->title;
    line.target = target;
    line.call = call;
    line.command = m_step->command;
    line.undo = m_step->undo;
    line.state = QStringLiteral("started");
    const auto id = m_journal.begin(line);
    if (!id) // what cannot be journalled is not done
        return core::fail(id.error());
    m_stepJournalled = true;
    QElapsedTimer clock;
    clock.start();
    const Outcome outcome = make();
    const QString answer = outcome ? (call.isEmpty() ? Say::tr("everything was in place") : QStringLiteral("ok")) : outcome.error().text();
    const auto completed = m_journal.complete(*id, outcome ? QStringLiteral("done") : QStringLiteral("failed"), answer,
        outcome ? QString() : outcome.error().requestId, clock.elapsed());
    if (outcome && !completed)
        return completed;
    return outcome;
}

StepRunner::Outcome StepRunner::journalled(const std::function<Outcome()> &step)
{
    QStringList calls;
    for (const PlannedCall &call : m_step->calls)
        calls << call.method;
    return change(calls.join(QStringLiteral("; ")), {}, step);
}

Result<mesh::ControlPlane *> StepRunner::plane() const
{
    if (mesh::ControlPlane *plane = m_session.controlPlane())
        return plane;
    return core::fail(ErrorKind::Precondition, tried(), m_session.environment().name, Say::tr("the environment has no cloud account"),
        Say::tr("Add alibabaCloud to the environment file."));
}

Result<kube::KubeClient *> StepRunner::cluster(const QString &name) const
{
    if (kube::KubeClient *client = m_session.cluster(name))
        return client;
    if (const auto error = m_session.clusterError(name))
        return core::fail(*error);
    return core::fail(ErrorKind::InvalidInput, tried(), name,
        Say::tr("the environment %1 has no cluster of this name").arg(m_session.environment().name));
}

Result<QList<mesh::MeshStatus>> StepRunner::meshes()
{
    const auto account = plane();
    if (!account)
        return core::fail(account.error());
    return core::await((*account)->status(m_stop), m_stop);
}

Result<std::optional<mesh::MeshStatus>> StepRunner::find(const QString &mesh)
{
    const auto all = meshes();
    if (!all)
        return core::fail(all.error());
    const auto found = std::find_if(all->begin(), all->end(), [&](const mesh::MeshStatus &one) { return one.name == mesh; });
    // A member that was not told is not one that is gone, and networks that were not told must not be overwritten.
    if (found != all->end() && (!found->membersKnown || !found->networksKnown) && !found->unread.isEmpty())
        return core::fail(found->unread.first());
    return found == all->end() ? std::optional<mesh::MeshStatus>() : std::optional(*found);
}

Result<mesh::MeshStatus> StepRunner::need(const QString &mesh)
{
    auto found = find(mesh);
    if (!found)
        return core::fail(found.error());
    if (!*found)
        return core::fail(ErrorKind::NotFound, tried(), mesh, Say::tr("there is no mesh of this name"),
            Say::tr("Plan again: the world has changed since."));
    return **found;
}

Result<alicloud::AckCluster> StepRunner::ackCluster(const QString &name)
{
    if (const auto known = m_ackClusters.constFind(name); known != m_ackClusters.constEnd())
        return *known;
    for (const EnvironmentCluster &cluster : m_session.environment().clusters) {
        if (cluster.name != name)
            continue;
        auto found = readAckCluster(m_session, cluster, m_stop);
        if (found)
            m_ackClusters.insert(name, *found);
        return found;
    }
    return core::fail(ErrorKind::InvalidInput, tried(), name,
        Say::tr("the environment %1 has no cluster of this name").arg(m_session.environment().name));
}

Result<QString> StepRunner::clusterId(const QString &name)
{
    for (const EnvironmentCluster &cluster : m_session.environment().clusters)
        if (cluster.name == name && !cluster.cloudId.isEmpty())
            return cluster.cloudId;
    return ackCluster(name).map([](const alicloud::AckCluster &found) { return found.id; });
}

StepRunner::Outcome StepRunner::poll(const QString &target, const QString &waitingFor, const std::function<Result<bool>()> &done)
{
    QElapsedTimer clock;
    clock.start();
    std::optional<core::Error> newest;
    auto pause = std::min(m_options.pollInterval, std::chrono::milliseconds(50)); // what is quick is seen quickly
    for (;;) {
        const auto is = done();
        if (is && *is)
            return Done {};
        // What passes by itself is waited for; anything else is told at once.
        if (!is && is.error().kind != ErrorKind::Network && is.error().kind != ErrorKind::Timeout && is.error().kind != ErrorKind::Throttled
            && is.error().kind != ErrorKind::Server)
            return core::fail(is.error());
        newest = is ? std::nullopt : std::optional(is.error());
        if (clock.elapsed() >= m_options.stepTimeout.count())
            break;
        if (!core::sleepFor(pause, m_stop))
            return cancelled(tried(), target);
        pause = std::min(m_options.pollInterval, pause * 2);
    }
    if (newest)
        return core::fail(*newest);
    return core::fail(ErrorKind::Timeout, tried(), target,
        Say::tr("%1 after %2 s").arg(waitingFor).arg(m_options.stepTimeout.count() / 1000),
        Say::tr("Run it again when it is done; what was done already stays."));
}

Result<mesh::MeshStatus> StepRunner::waitUntilRunning(const QString &mesh)
{
    mesh::MeshStatus status;
    QString word;
    const auto waited = poll(mesh, Say::tr("the mesh is still not running"), [&]() -> Result<bool> {
        auto found = need(mesh);
        if (!found)
            return core::fail(found.error());
        status = std::move(*found);
        if (status.stateWord != word) {
            word = status.stateWord;
            m_note(Say::tr("%1 is %2").arg(mesh, word));
        }
        if (status.state == mesh::MeshState::Failed)
            return core::fail(ErrorKind::Precondition, tried(), mesh, Say::tr("the mesh is %1: %2").arg(word, status.errorMessage),
                Say::tr("Repair or delete it in the console of the service mesh."));
        return status.state == mesh::MeshState::Running;
    });
    if (!waited) {
        core::Error error = waited.error();
        if (error.kind == ErrorKind::Timeout && !word.isEmpty() && word != QLatin1String("running"))
            error.answer = Say::tr("%1 is still %2 after %3 s").arg(mesh, word).arg(m_options.stepTimeout.count() / 1000);
        return core::fail(error);
    }
    return status;
}

Result<pki::Identity> StepRunner::root(const MakeRoot &wish)
{
    if (m_root)
        return *m_root;
    const auto all = meshes();
    if (!all)
        return core::fail(all.error());
    // Only the fleet's own meshes matter; the comparison at the end names all of them.
    QStringList names;
    for (const PlanStep &step : m_plan.steps) {
        if (const auto *compare = std::get_if<CompareRoots>(&step.action))
            names += compare->meshes;
        if (const auto *create = std::get_if<CreateMesh>(&step.action))
            names << create->mesh;
    }
    QList<mesh::MeshStatus> ours;
    std::copy_if(all->begin(), all->end(), std::back_inserter(ours), [&](const mesh::MeshStatus &one) { return names.contains(one.name); });
    // One that an interrupted run began shows its root, by which the key is found, when it runs.
    for (mesh::MeshStatus &one : ours) {
        if (!one.rootFingerprints.isEmpty() || (one.state != mesh::MeshState::Creating && one.state != mesh::MeshState::Updating))
            continue;
        auto running = waitUntilRunning(one.name);
        if (!running)
            return core::fail(running.error());
        one = std::move(*running);
    }
    auto taken = takeRoot(wish, ours, m_session.secrets(), m_stop, [&](const QString &entry, const std::function<Outcome()> &write) {
        return change(QStringLiteral("WRITE ") + entry, QStringLiteral("keyring"), write);
    });
    if (taken)
        m_root = *taken;
    return taken;
}

} // namespace catamaran::fleet
