// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "context.h"

#include "core/printable.h"
#include "findings/engine.h"

#include <QJsonArray>

#include <algorithm>

namespace catamaran::ctl {

using core::Result;
using findings::Finding;
using observe::Health;

namespace {

QString placeOf(const Finding &finding)
{
    QString place = finding.cluster;
    if (!finding.object.isEmpty())
        place += (place.isEmpty() ? QString() : QStringLiteral(": ")) + finding.object;
    return place;
}

QString directionOf(const Finding &finding)
{
    if (finding.from.isEmpty() && finding.to.isEmpty())
        return {};
    return (finding.from.isEmpty() ? QStringLiteral("*") : finding.from)
        + (finding.bothWays ? QStringLiteral(" <-> ") : QStringLiteral(" -> ")) + (finding.to.isEmpty() ? QStringLiteral("*") : finding.to);
}

QString describe(const QList<Finding> &found, qsizetype clusters)
{
    QList<QStringList> rows;
    QMap<QString, int> unknown; // by what is missing
    for (const Finding &finding : found) {
        if (finding.state == Health::Unknown) {
            ++unknown[finding.remedy];
            continue;
        }
        rows += { finding.accepted ? Say::tr("accepted") : observe::healthName(finding.state), finding.rule, placeOf(finding),
            directionOf(finding), finding.sentence, finding.remedy };
    }
    QString text;
    if (!rows.isEmpty())
        text = table(
            { Say::tr("STATE"), Say::tr("RULE"), Say::tr("WHERE"), Say::tr("DIRECTION"), Say::tr("FINDING"), Say::tr("WHAT TO DO") }, rows);
    for (auto it = unknown.cbegin(); it != unknown.cend(); ++it)
        text += Say::tr("%1 rules could not be asked. %2").arg(QString::number(it.value()), core::printableLine(it.key())) + u'\n';
    if (text.isEmpty())
        text = Say::tr("Nothing was found in %1 clusters.").arg(QString::number(clusters)) + u'\n';
    return text;
}

int report(Context &context, const std::optional<documents::FleetDocument> &wish)
{
    const findings::FleetFacts facts = findings::readFacts(*context.session, wish, context.stop);
    if (context.stop.stop_requested())
        return Aborted;
    const QList<Finding> found = findings::judge(facts);
    QJsonArray list;
    int failed = 0, warnings = 0, unknown = 0;
    bool isUnreachable = false;
    for (const Finding &finding : found) {
        list.append(findings::toJson(finding));
        if (finding.rule == u"cluster.unreachable")
            isUnreachable = true;
        if (finding.state == Health::Unknown)
            ++unknown;
        else if (finding.counts() && finding.state == Health::Warning)
            ++warnings;
        else if (finding.counts())
            ++failed;
    }
    context.print(
        { { QStringLiteral("environment"), context.environment.name }, { QStringLiteral("at"), facts.now.toString(Qt::ISODateWithMs) },
            { QStringLiteral("failed"), failed }, { QStringLiteral("warnings"), warnings }, { QStringLiteral("unknown"), unknown },
            { QStringLiteral("findings"), list } },
        describe(found, facts.clusters.size()));
    return isUnreachable ? Unreachable : failed > 0 ? Failed : unknown > 0 ? Unreachable : Holds;
}

} // namespace

Command findingsCommand()
{
    Command command { "findings",
        Say::tr(
            "Says what is wrong with the clusters and between them, and what to do. 0: nothing is broken, 1: something is, 3: not everything could be read."),
        Say::tr("[FLEET]"), true, {}, {}, {} };
    command.prepare = [](const QCommandLineParser &, const QStringList &words) -> Result<Work> {
        if (words.size() > 1)
            return core::fail(badArgument(words.at(1), Say::tr("not expected here")));
        std::optional<documents::FleetDocument> wish;
        if (!words.isEmpty()) {
            auto fleet = documents::loadFleet(words.first());
            if (!fleet)
                return core::fail(fleet.error());
            wish = *fleet;
        }
        return Work([wish](Context &context) { return report(context, wish); });
    };
    return command;
}

} // namespace catamaran::ctl
