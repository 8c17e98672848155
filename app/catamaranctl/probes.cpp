// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "probes.h"

#include "executions.h"
#include "planned.h"

#include "core/printable.h"
#include "documents/strictyaml.h"
#include "fleet/sessionworld.h"
#include "probe/run.h"

#include <QUuid>

namespace catamaran::ctl {

using core::Result;
using namespace std::chrono_literals;

namespace {

constexpr auto addedLasts = 300s; ///< longer than any matrix asks
const QString imageOption = QStringLiteral("probe-image"), nsOption = QStringLiteral("probe-namespace"),
              podOption = QStringLiteral("probe-pod");

fleet::ProbePlan planFor(const documents::ProbePlace &place, const observe::ObservedFleet &fleet, const QStringList &clusters)
{
    return fleet::probePlan(place, fleet, clusters, addedLasts, QUuid::createUuid().toString(QUuid::Id128).left(6));
}

/// What was left by consoles that ended: it would only be in the way.
void removeLeft(const Context &context)
{
    const auto removed = drill::restorePending(*context.session, context.databaseFile, { false, ops::probePurpose }, context.stop);
    if (!removed) {
        context.progress(Say::tr("nobody knows whether an earlier probe still stands: %1").arg(removed.error().text()));
        return;
    }
    for (const drill::RestoreOutcome &outcome : removed->outcomes)
        context.progress(outcome.ok ? Say::tr("taken away, of a console that had ended: %1").arg(outcome.proof) : outcome.proof);
    for (const drill::MarkedObject &one : removed->asked)
        context.progress(Say::tr("%1 stands: %2").arg(one.trace().subject(), one.whose()));
}

} // namespace

void ProbeWish::declare(QCommandLineParser &parser)
{
    parser.addOptions({
        { QStringLiteral("with-probes"),
            Say::tr(
                "Put a probe of ours into each cluster that has no client, send from there, and take it away again. Where and with which "
                "image the environment file says (probe), or the next options.") },
        { imageOption, Say::tr("The image of probes, with sh and curl."), QStringLiteral("IMAGE") },
        { nsOption, Say::tr("Probes are Deployments of one pod in this namespace."), QStringLiteral("NAMESPACE") },
        { podOption, Say::tr("The probe is a container that is added to this pod, or to one of this Deployment (once per cluster)."),
            QStringLiteral("CLUSTER/NAMESPACE/NAME") },
    });
    parser.addOption(yesOption());
}

Result<ProbeWish> ProbeWish::read(const QCommandLineParser &parser)
{
    ProbeWish wish { parser.isSet(QStringLiteral("with-probes")), parser.isSet(QStringLiteral("yes")) };
    const QString image = parser.value(imageOption), ns = parser.value(nsOption);
    const QStringList pods = parser.values(podOption);
    if (image.isEmpty() && ns.isEmpty() && pods.isEmpty())
        return wish;
    if (image.isEmpty())
        return core::fail(
            badArgument(QStringLiteral("--") + imageOption, Say::tr("missing"), Say::tr("Name an image that has sh and curl.")));
    if (ns.isEmpty() == pods.isEmpty())
        return core::fail(badArgument(QStringLiteral("--") + imageOption, Say::tr("where probes are to stand is not said"),
            Say::tr("Give either --probe-namespace or --probe-pod.")));
    if (!ns.isEmpty() && !documents::isDnsLabel(ns))
        return core::fail(badArgument(QStringLiteral("--") + nsOption, Say::tr("“%1” is not a namespace").arg(ns)));
    wish.place = documents::ProbePlace { image, ns, {} };
    for (const QString &pod : pods) {
        const auto named = probe::Source::parse(pod);
        if (!named)
            return core::fail(
                badArgument(QStringLiteral("--") + podOption, Say::tr("“%1” is not of the form cluster/namespace/name").arg(pod)));
        wish.place->pods.insert(named->cluster, named->ns + u'/' + named->workload);
    }
    return wish;
}

Result<documents::ProbePlace> ProbeWish::placeIn(const documents::Environment &environment) const
{
    if (place)
        return *place;
    if (environment.probe)
        return *environment.probe;
    return core::fail(core::ErrorKind::InvalidInput, Say::tr("put probes into the clusters"), environment.name,
        Say::tr("the environment does not say where probes may stand and with which image"),
        Say::tr("Write it into the environment file once: probe: { image: IMAGE, namespace: NAMESPACE }, or give --probe-image with "
                "--probe-namespace or --probe-pod."));
}

QJsonArray ProbeUse::toJson() const
{
    QJsonArray list;
    for (const fleet::PlannedProbe &probe : made)
        list += QJsonObject { { QStringLiteral("cluster"), probe.cluster }, { QStringLiteral("source"), probe.text() },
            { QStringLiteral("execution"), execution }, { QStringLiteral("removed"), areGone && probe.pod.isEmpty() },
            { QStringLiteral("ends_by_itself"), !probe.pod.isEmpty() } };
    for (auto it = failed.cbegin(); it != failed.cend(); ++it)
        list += QJsonObject { { QStringLiteral("cluster"), it.key() }, { QStringLiteral("error"), it->text() } };
    return list;
}

void tellLeft(const Context &context, const drill::RestoreReport &removed)
{
    for (const drill::RestoreOutcome &outcome : removed.outcomes)
        context.progress(outcome.ok ? outcome.proof : Say::tr("NOT TAKEN AWAY: %1").arg(outcome.proof));
    if (removed.journal)
        context.progress(Say::tr("The journal could not be told: %1").arg(removed.journal->text()));
    if (!removed.ok())
        context.progress(Say::tr("Try again: %1").arg(drill::removeProbesCommand(context.environment.file, context.databaseFile)));
}

ProbeUse proveWithProbes(const Context &context, const ProbeWish &wish, truth::Question question, const QStringList &bare,
    const QList<truth::Direction> &asked, observe::ObservedFleet &observed, truth::Proofs &proofs)
{
    ProbeUse use;
    const auto place = wish.placeIn(context.environment);
    const auto allowed = mayChange(context, wish.yes);
    if (!place || !allowed) {
        use.refused = place ? allowed.error() : place.error();
        return use;
    }
    QElapsedTimer began;
    began.start();
    removeLeft(context);
    if (const QStringList more = fleet::namespacesOf(*place); !more.isEmpty()) // it was looked at without them
        if (auto again = observe::look(*context.session, context.stop, QStringList { question.ns } + more))
            observed = std::move(*again);
    const fleet::ProbePlan plan = planFor(*place, observed, bare);
    for (const QString &note : fleet::probeNotes(*place, plan, observed))
        context.progress(note);
    use.failed = plan.impossible;
    const auto names = fleet::namesOf(*context.session);
    const auto steps = ops::describeSteps(plan.plan, fleet::operationKinds(), names);
    if (!plan.isEmpty()) {
        for (const QString &line : describe(steps).split(u'\n', Qt::SkipEmptyParts))
            context.progress(line);
        const auto rights = [&](ops::Direction direction) { return ops::rightsOf(plan.plan, fleet::operationKinds(), direction); };
        if (const auto error = missingRights(context, Say::tr("put probes into the clusters"),
                rights(ops::Direction::Do) + rights(ops::Direction::Undo) + fleet::rightsToSend(plan))) {
            use.refused = *error;
            return use;
        }
        QMap<QString, QString> titles;
        for (const auto &[step, words] : steps)
            titles.insert(step.id, words.title);
        StepTeller teller(context, titles);
        drill::ProbesOptions options { context.databaseFile };
        options.onProgress = [&teller](const ops::StepProgress &progress) { teller.tell(progress); };
        const drill::ProbesReport report
            = drill::withProbes(plan, *context.session, options, context.stop, [&](const QList<fleet::PlannedProbe> &made) {
                  // The pods are new: whether they have a sidecar is seen only now.
                  if (auto again = observe::look(*context.session, context.stop, QStringList { question.ns } + fleet::namespacesOf(*place)))
                      observed = std::move(*again);
                  question.clients = drill::clientsOf(made, observed, use.failed);
                  QList<truth::Direction> rest; // what was proven before is not asked again, unless an image took its time
                  const bool isLongAgo = began.elapsed() > 20'000;
                  for (auto it = question.clients.cbegin(); it != question.clients.cend(); ++it) {
                      context.progress(Say::tr("requests from the probe in %1").arg(it.key()));
                      for (const observe::ObservedCluster &to : std::as_const(observed.clusters))
                          if (const truth::Direction one { it.key(), to.name };
                              to.name != it.key() && (asked.isEmpty() || asked.contains(one)))
                              rest << one;
                  }
                  if (!rest.isEmpty())
                      truth::merge(proofs, truth::prove(*context.session, observed, question, isLongAgo ? asked : rest, context.stop));
                  use.at = QDateTime::currentDateTimeUtc();
              });
        if (report.error) {
            use.refused = *report.error;
            return use;
        }
        use.execution = report.execution;
        use.made = report.made;
        use.failed.insert(report.failed);
        use.areGone = report.areGone();
        tellLeft(context, report.removed);
    }
    truth::merge(proofs, drill::proofsOfFailure(use.failed, observed, use.at.isValid() ? use.at : QDateTime::currentDateTimeUtc()));
    return use;
}

} // namespace catamaran::ctl
