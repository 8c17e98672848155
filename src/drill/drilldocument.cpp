// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/drillreader.h"

#include "documents/strictyaml.h"
#include "drill/drilltemplate.h"
#include "drill/say.h"

#include <algorithm>

namespace catamaran::drill {

using core::Result;
using documents::YamlValue;
using namespace std::chrono_literals;

namespace {

probe::RunSpec readProbes(const YamlValue &value)
{
    value.only({ "from", "container", "url", "rate", "keepAlive", "requestTimeout" });
    probe::RunSpec probes;
    const YamlValue from = value.field("from");
    if (const auto source = probe::Source::parse(from.text()))
        probes.source = *source;
    else if (from)
        from.reject(source.error().answer, source.error().remedy);
    probes.container = value.maybe("container").label();
    const YamlValue url = value.field("url");
    probes.url = url.text();
    probes.rate = value.maybe("rate").number(20, 0.1, 1000);
    probes.keepAlive = value.maybe("keepAlive").boolean();
    probes.requestTimeout = value.maybe("requestTimeout").duration(2s);
    // A failed request must not hide the recovery behind its own waiting.
    if (const auto checked = probes.check(true); !checked)
        url.reject(checked.error().target + QStringLiteral(": ") + checked.error().answer, checked.error().remedy);
    return probes;
}

QString allKeys()
{
    QStringList keys;
    for (const FaultKind *kind : faultKinds())
        keys += kind->key();
    return keys.join(QStringLiteral(", "));
}

Fault readFault(const YamlValue &value)
{
    std::vector<QByteArray> names;
    for (const FaultKind *kind : faultKinds())
        names.push_back(kind->key().toUtf8());
    std::vector<const char *> keys;
    for (const QByteArray &name : names)
        keys.push_back(name.constData());
    value.only(keys);
    Fault fault;
    int given = 0;
    for (const FaultKind *kind : faultKinds()) {
        const YamlValue arguments = value.maybe(kind->key().toUtf8().constData());
        if (!arguments.exists())
            continue;
        ++given;
        fault.kind = kind;
        fault.arguments = kind->parse(arguments);
    }
    if (given != 1)
        value.reject(Say::tr("must have exactly one of %1").arg(allKeys()));
    return fault;
}

/// Adds the faults of a stage to those of @p drill.
void readFaults(const YamlValue &value, int stage, DrillDocument &drill)
{
    const auto items = value.items();
    if (items.isEmpty())
        return value.reject(Say::tr("has no fault"), Say::tr("Name at least one of %1").arg(allKeys()));
    for (const YamlValue &item : items) {
        Fault fault = readFault(item);
        fault.stage = stage;
        if (!fault.kind)
            continue;
        if (fault.kind->movesClient()
            && std::any_of(drill.faults.cbegin(), drill.faults.cend(), [](const Fault &other) { return other.kind->movesClient(); }))
            item.reject(Say::tr("moves the client a second time"), Say::tr("A drill has one client; split it in two drills"));
        else if (const auto why = fault.kind->whyNotFrom(fault.arguments, drill.probes.source))
            item.reject(why->first, why->second);
        drill.faults += fault;
        if (drill.faults.size() > DrillDocument::mostFaults)
            return value.reject(Say::tr("has more than ten faults"));
    }
}

FaultStage readHold(const YamlValue &hold, const YamlValue &versions)
{
    FaultStage stage;
    stage.hold = hold.duration(stage.hold);
    stage.expectVersions = versions.texts();
    if (hold && stage.hold < 1s)
        hold.reject(Say::tr("is too short to see anything"), Say::tr("Give at least 1s"));
    return stage;
}

void readStages(const YamlValue &stages, DrillDocument &drill)
{
    drill.stages.clear();
    const auto items = stages.items();
    int number = 0;
    bool isOver = false;
    for (const YamlValue &item : items) {
        item.only({ "steady", "fault", "after" });
        const YamlValue steady = item.maybe("steady"), fault = item.maybe("fault"), after = item.maybe("after");
        if (int(steady.exists()) + int(fault.exists()) + int(after.exists()) != 1)
            return item.reject(Say::tr("must have exactly one of steady, fault and after"));
        if (isOver)
            return item.reject(Say::tr("comes after everything is over"), Say::tr("Let “after” be the last stage"));
        if (steady) {
            if (number > 0)
                return item.reject(Say::tr("is not the first stage"));
            steady.only({ "for" });
            drill.steadyFor = steady.field("for").duration(drill.steadyFor);
        } else if (fault) {
            fault.only({ "name", "faults", "for", "expectVersions" });
            if (drill.stages.size() >= DrillDocument::mostStages)
                return item.reject(Say::tr("is one stage too many: at most %1 have faults").arg(DrillDocument::mostStages));
            FaultStage stage = readHold(fault.maybe("for"), fault.maybe("expectVersions"));
            stage.name = fault.maybe("name").text();
            readFaults(fault.field("faults"), int(drill.stages.size()), drill);
            drill.stages += stage;
        } else {
            after.only({ "for", "failbackWithin" });
            drill.afterFor = after.field("for").duration(drill.afterFor);
            drill.failbackWithin = after.maybe("failbackWithin").duration(drill.failbackWithin);
            isOver = true;
        }
        ++number;
    }
    for (qsizetype i = 0; i + 1 < drill.stages.size(); ++i)
        if (drill.stages.at(i).hold > 1h)
            stages.reject(Say::tr("holds a stage that another one follows for more than an hour"));
    if (drill.stages.isEmpty()) {
        stages.reject(Say::tr("has no stage with a fault"), Say::tr("Add one: - fault: { faults: [ … ], for: 10s }"));
        drill.stages += FaultStage();
    }
}

} // namespace

Result<DrillDocument> readFilled(const QByteArray &yaml, const QString &origin)
{
    const documents::YamlDocument document(yaml, origin, Say::tr("read the drill"), QStringLiteral("Drill"));
    const YamlValue spec = document.spec();
    spec.only({ "title", "summary", "hypothesis", "parameters", "probes", "faults", "stages", "steadyFor", "observeFor", "recoverWithin",
        "maxFailedRequests", "expectVersionsDuring", "guard" });
    DrillDocument drill;
    drill.id = document.name();
    drill.title = spec.maybe("title").text(drill.id);
    drill.summary = spec.maybe("summary").text();
    drill.hypothesis = spec.field("hypothesis").text();
    drill.probes = readProbes(spec.field("probes"));
    if (const YamlValue stages = spec.maybe("stages")) {
        for (const char *older : { "faults", "steadyFor", "observeFor", "expectVersionsDuring" })
            if (const YamlValue value = spec.maybe(older))
                value.reject(Say::tr("stands beside stages, which say it"), Say::tr("Leave one of the two out"));
        readStages(stages, drill);
    } else {
        readFaults(spec.field("faults"), 0, drill);
        drill.steadyFor = spec.maybe("steadyFor").duration(drill.steadyFor);
        drill.stages = { readHold(spec.maybe("observeFor"), spec.maybe("expectVersionsDuring")) };
    }
    drill.recoverWithin = spec.maybe("recoverWithin").duration(drill.recoverWithin);
    drill.maxFailedRequests = spec.maybe("maxFailedRequests").integer(-1, 0);
    if (const YamlValue guard = spec.maybe("guard")) {
        guard.only({ "maxFailedInARow", "maxFailedShare", "maxLatency", "window", "maxBlind", "maxDuration" });
        drill.guard.maxFailedInARow = guard.maybe("maxFailedInARow").integer(0, 0);
        drill.guard.maxFailedShare = guard.maybe("maxFailedShare").integer(0, 0, 100);
        drill.guard.maxLatency = guard.maybe("maxLatency").duration();
        drill.guard.window = guard.maybe("window").duration(drill.guard.window);
        drill.guard.maxBlind = guard.maybe("maxBlind").duration();
        if (drill.guard.window < 1s || drill.guard.window > 1min)
            guard.maybe("window").reject(Say::tr("is no window of a guard"), Say::tr("Give one from 1s to 1m."));
        drill.guard.maxDuration = guard.maybe("maxDuration").duration(drill.guard.maxDuration);
    }
    if (drill.guard.maxDuration < drill.steadyFor + drill.observeFor())
        spec.reject(Say::tr("ends by its guard before it is over"),
            Say::tr("guard.maxDuration must be longer than the steady stage and all faults together"));
    if (drill.afterFor > 1h)
        spec.reject(Say::tr("goes on for more than an hour after its end"));
    if (const auto error = document.error())
        return core::fail(*error);
    return drill;
}

std::chrono::milliseconds DrillDocument::observeFor() const
{
    std::chrono::milliseconds sum { 0 };
    for (const FaultStage &stage : stages)
        sum += stage.hold;
    return sum;
}

QStringList DrillDocument::clusters() const
{
    QStringList names { probes.source.cluster };
    for (const Fault &fault : faults) {
        names += fault.arguments.value(u"cluster").toString();
        const auto objects = fault.kind ? fault.kind->touches(fault.arguments).value_or(QList<FaultObject>()) : QList<FaultObject>();
        for (const FaultObject &object : objects)
            names += object.cluster;
    }
    names.removeAll(QString());
    names.removeDuplicates();
    return names;
}

Result<DrillDocument> parseDrill(const QByteArray &yaml, const QString &origin)
{
    return parseTemplate(yaml, origin).and_then([](const DrillTemplate &drill) { return drill.fill({}); });
}

Result<DrillDocument> loadDrill(const QString &file)
{
    return loadTemplate(file).and_then([](const DrillTemplate &drill) { return drill.fill({}); });
}

QList<DrillDocument> builtinDrills()
{
    QList<DrillDocument> drills;
    const auto templates = builtinTemplates();
    for (const DrillTemplate &one : templates)
        if (one.isReady())
            if (const auto drill = one.fill({}))
                drills += *drill;
    return drills;
}

} // namespace catamaran::drill
