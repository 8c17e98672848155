// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "executions.h"
#include "planned.h"
#include "probes.h"

#include "core/printable.h"
#include "fleet/sessionworld.h"

#include <algorithm>

namespace catamaran::ctl {

using core::Result;

namespace {

QString ownerText(drill::OwnerState owner)
{
    switch (owner) {
    case drill::OwnerState::Gone: return Say::tr("left: its console has ended");
    case drill::OwnerState::Alive: return Say::tr("in use");
    case drill::OwnerState::Elsewhere: return Say::tr("of another machine");
    }
    return {};
}

QString ownerName(drill::OwnerState owner)
{
    switch (owner) {
    case drill::OwnerState::Gone: return QStringLiteral("gone");
    case drill::OwnerState::Alive: return QStringLiteral("alive");
    case drill::OwnerState::Elsewhere: return QStringLiteral("elsewhere");
    }
    return {};
}

QStringList namespacesOf(const documents::Environment &environment)
{
    return environment.probe ? fleet::namespacesOf(*environment.probe) : QStringList();
}

QJsonArray unseenJson(const QList<core::Error> &unseen)
{
    QJsonArray list;
    for (const core::Error &error : unseen)
        list += error.text();
    return list;
}

int list(Context &context)
{
    const drill::ProbeSearch search = drill::standingProbes(*context.session, namespacesOf(context.environment), context.stop);
    if (context.stop.stop_requested())
        return Aborted;
    QJsonArray probes;
    QList<QStringList> rows;
    for (const drill::StandingProbe &one : search.found) {
        rows += { one.object.trace().subject(), ownerText(one.owner), one.object.whose() };
        probes += QJsonObject { { QStringLiteral("cluster"), one.object.cluster }, { QStringLiteral("namespace"), one.object.ns },
            { QStringLiteral("name"), one.object.name }, { QStringLiteral("execution"), one.object.mark.execution },
            { QStringLiteral("owner"), ownerName(one.owner) }, { QStringLiteral("made_by"), one.object.whose() } };
    }
    for (const core::Error &error : search.unseen)
        context.progress(error.text());
    QString text = rows.isEmpty()
        ? (search.unseen.isEmpty() ? Say::tr("No probe stands anywhere.") : Say::tr("No probe was seen, and not every cluster was read."))
        : table({ Say::tr("PROBE"), Say::tr("STATE"), Say::tr("WHOSE") }, rows);
    context.print({ { QStringLiteral("probes"), probes }, { QStringLiteral("unseen"), unseenJson(search.unseen) } }, text);
    return unheardCode(search.unseen);
}

int plan(Context &context, const ProbeWish &wish, const QStringList &clusters)
{
    for (const QString &name : clusters)
        if (!context.session->clusterNames().contains(name))
            return context.failed(badArgument(name, Say::tr("the environment has no cluster of this name")));
    const auto place = wish.placeIn(context.environment);
    if (!place)
        return context.failed(place.error());
    const auto observed = look(context, fleet::namespacesOf(*place));
    if (!observed)
        return context.failed(observed.error());
    const fleet::ProbePlan made = fleet::probePlan(*place, *observed, clusters, std::chrono::seconds(300), QStringLiteral("shown"));
    const auto steps = ops::describeSteps(made.plan, fleet::operationKinds(), fleet::namesOf(*context.session, *observed));
    QJsonArray described;
    for (const auto &[step, words] : steps) {
        QJsonArray calls;
        for (const ops::Call &call : words.calls)
            calls += QString(call.system + u' ' + call.method + u'\n' + call.body);
        described += QJsonObject { { QStringLiteral("id"), step.id }, { QStringLiteral("title"), words.title },
            { QStringLiteral("depends_on"), QJsonArray() }, { QStringLiteral("calls"), calls },
            { QStringLiteral("command"), words.command }, { QStringLiteral("undo"), words.undo },
            { QStringLiteral("keeps"), words.keeps } };
    }
    const QStringList notes = fleet::probeNotes(*place, made, *observed);
    context.print({ { QStringLiteral("steps"), described }, { QStringLiteral("notes"), QJsonArray::fromStringList(notes) } },
        core::printableLine(notes.join(u' ')) + QStringLiteral("\n\n") + describe(steps));
    return made.impossible.isEmpty() ? Holds : Failed;
}

int remove(Context &context, bool yes)
{
    if (const auto allowed = mayChange(context, yes); !allowed)
        return context.failed(allowed.error());
    const auto removed = drill::restorePending(*context.session, context.databaseFile, { yes, ops::probePurpose }, context.stop);
    if (!removed)
        return context.failed(removed.error());
    QJsonArray outcomes;
    QList<QStringList> rows;
    for (const drill::RestoreOutcome &outcome : removed->outcomes) {
        rows += { outcome.ok ? Say::tr("gone") : Say::tr("NOT GONE"), outcome.what, outcome.proof };
        outcomes += QJsonObject { { QStringLiteral("what"), outcome.what }, { QStringLiteral("ok"), outcome.ok },
            { QStringLiteral("proof"), outcome.proof } };
    }
    QJsonArray asked;
    for (const drill::MarkedObject &one : removed->asked) {
        asked += one.trace().subject();
        context.progress(Say::tr("%1 is of another machine, which may still use it (%2). With --yes it is taken away all the same.")
                             .arg(one.trace().subject(), one.whose()));
    }
    for (const core::Error &error : removed->unseen)
        context.progress(error.text());
    QString text = rows.isEmpty() ? QString() : table({ Say::tr("STATE"), Say::tr("PROBE"), Say::tr("PROOF") }, rows);
    if (rows.isEmpty() && asked.isEmpty())
        text = removed->unseen.isEmpty() ? Say::tr("No probe stands anywhere.")
                                         : Say::tr("No probe was seen, and not every cluster was read.");
    context.print({ { QStringLiteral("outcomes"), outcomes }, { QStringLiteral("asked"), asked },
                      { QStringLiteral("unseen"), unseenJson(removed->unseen) } },
        text);
    if (context.stop.stop_requested())
        return Aborted;
    return removed->ok() ? unheardCode(removed->unseen) : int(Failed);
}

} // namespace

Command probesCommand()
{
    Command command { "probes", Say::tr("Shows the probes that stand in the clusters, plans some, or takes away what was left."),
        QStringLiteral("[list | plan CLUSTER… | remove]"), true, {}, {}, {} };
    command.declare = [](QCommandLineParser &parser) { ProbeWish::declare(parser); };
    command.prepare = [](const QCommandLineParser &parser, const QStringList &words) -> Result<Work> {
        const QString what = words.value(0, QStringLiteral("list"));
        const auto wish = ProbeWish::read(parser);
        if (!wish)
            return core::fail(wish.error());
        if (what == u"plan") {
            if (words.size() < 2)
                return core::fail(badArgument(QStringLiteral("CLUSTER"), Say::tr("missing"), Say::tr("Name the clusters.")));
            return Work([wish = *wish, clusters = words.mid(1)](Context &context) { return plan(context, wish, clusters); });
        }
        if (words.size() > 1)
            return core::fail(badArgument(words.at(1), Say::tr("not expected here")));
        if (what == u"list")
            return Work([](Context &context) { return list(context); });
        if (what == u"remove")
            return Work([yes = wish->yes](Context &context) { return remove(context, yes); });
        return core::fail(badArgument(what, Say::tr("unknown"), Say::tr("It is list, plan or remove.")));
    };
    return command;
}

} // namespace catamaran::ctl
