// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/drilldocument.h"

#include "documents/strictyaml.h"
#include "drill/say.h"

#include <QCoreApplication>
#include <QFile>

static void initializeDrillResources()
{
    Q_INIT_RESOURCE(drills); // this is a static library: nothing else would link them in
}

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

Fault readFault(const YamlValue &value)
{
    value.only({ "scale", "moveClient" });
    const YamlValue scale = value.maybe("scale"), move = value.maybe("moveClient");
    Fault fault;
    if (scale.exists() == move.exists()) {
        value.reject(Say::tr("must have exactly one of scale and moveClient"));
    } else if (scale) {
        scale.only({ "cluster", "namespace", "deployment", "replicas" });
        fault.kind = FaultKind::Scale;
        fault.scale = { scale.field("cluster").label(), scale.field("namespace").label(), scale.field("deployment").label(),
            scale.field("replicas").integer(0, 0, 1000) };
    } else {
        move.only({ "namespace", "from", "to" });
        fault.kind = FaultKind::MoveClient;
        fault.move = { move.field("namespace").label(), move.field("from").label(), move.field("to").label() };
        if (fault.move.fromCluster == fault.move.toCluster)
            move.reject(Say::tr("moves the client to where it is"), Say::tr("Name two different clusters"));
    }
    return fault;
}

QList<Fault> readFaults(const YamlValue &value, const probe::Source &source)
{
    QList<Fault> faults;
    int moves = 0;
    const auto items = value.items();
    for (const YamlValue &item : items) {
        const Fault fault = readFault(item);
        if (fault.kind == FaultKind::MoveClient) {
            if (++moves > 1)
                item.reject(Say::tr("moves the client a second time"), Say::tr("A drill has one client; split it in two drills"));
            else if (source.cluster != fault.move.fromCluster || source.ns != fault.move.ns || source.workload != u"sleep")
                item.reject(Say::tr("moves a client that does not send the probes"),
                    Say::tr("Let probes.from be %1/%2/sleep").arg(fault.move.fromCluster, fault.move.ns));
        }
        faults += fault;
    }
    if (faults.isEmpty())
        value.reject(Say::tr("has no fault"), Say::tr("Name at least one of scale and moveClient"));
    else if (faults.size() > 10)
        value.reject(Say::tr("has more than ten faults"));
    return faults;
}

/// The texts of resources/drills, where lupdate finds them. A user's own documents are shown as they are.
[[maybe_unused]] constexpr const char *shippedTexts[] = {
    QT_TRANSLATE_NOOP("ShippedDrill", "Lose a workload"),
    QT_TRANSLATE_NOOP(
        "ShippedDrill", "Scales helloworld-v1 in cluster-1 to 0 while its client keeps asking. The other cluster has to answer alone."),
    QT_TRANSLATE_NOOP("ShippedDrill", "When cluster-1 loses its helloworld, cluster-2 answers every request again within ten seconds."),
    QT_TRANSLATE_NOOP("ShippedDrill", "Move the client"),
    QT_TRANSLATE_NOOP("ShippedDrill",
        "Scales sleep in cluster-1 to 0 and deploys it in cluster-2, as the guide does. From there the same address has to answer with the same versions."),
    QT_TRANSLATE_NOOP("ShippedDrill", "From cluster-2 the same address answers with both versions, as it did from cluster-1."),
};

QString shipped(const QString &text)
{
    return QCoreApplication::translate("ShippedDrill", text.toUtf8().constData());
}

} // namespace

Result<DrillDocument> parseDrill(const QByteArray &yaml, const QString &origin)
{
    const documents::YamlDocument document(yaml, origin, Say::tr("read the drill"), QStringLiteral("Drill"));
    const YamlValue spec = document.spec();
    spec.only({ "title", "summary", "hypothesis", "probes", "faults", "steadyFor", "observeFor", "recoverWithin", "maxFailedRequests",
        "expectVersionsDuring", "guard" });
    DrillDocument drill;
    drill.id = document.name();
    drill.title = spec.maybe("title").text(drill.id);
    drill.summary = spec.maybe("summary").text();
    drill.hypothesis = spec.field("hypothesis").text();
    drill.probes = readProbes(spec.field("probes"));
    drill.faults = readFaults(spec.field("faults"), drill.probes.source);
    drill.steadyFor = spec.maybe("steadyFor").duration(drill.steadyFor);
    const YamlValue observe = spec.maybe("observeFor");
    drill.observeFor = observe.duration(drill.observeFor);
    drill.recoverWithin = spec.maybe("recoverWithin").duration(drill.recoverWithin);
    drill.maxFailedRequests = spec.maybe("maxFailedRequests").integer(-1, 0);
    drill.expectVersionsDuring = spec.maybe("expectVersionsDuring").texts();
    if (const YamlValue guard = spec.maybe("guard")) {
        guard.only({ "maxFailedInARow", "maxDuration" });
        drill.guard.maxFailedInARow = guard.maybe("maxFailedInARow").integer(0, 0);
        drill.guard.maxDuration = guard.maybe("maxDuration").duration(drill.guard.maxDuration);
    }
    if (observe && drill.observeFor < 1s)
        observe.reject(Say::tr("is too short to see anything"), Say::tr("Give at least 1s"));
    if (drill.guard.maxDuration < drill.steadyFor + drill.observeFor)
        spec.reject(Say::tr("ends by its guard before it is over"),
            Say::tr("guard.maxDuration must be longer than steadyFor and observeFor together"));
    if (const auto error = document.error())
        return core::fail(*error);
    return drill;
}

Result<DrillDocument> loadDrill(const QString &file)
{
    return documents::readDocumentFile(file, Say::tr("read the drill")).and_then([&](const QByteArray &yaml) {
        return parseDrill(yaml, file);
    });
}

QList<DrillDocument> builtinDrills()
{
    initializeDrillResources();
    QList<DrillDocument> drills;
    for (const char *name : { "workload-failover", "move-client" }) {
        QFile file(QStringLiteral(":/catamaran/drills/%1.yaml").arg(QLatin1String(name)));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        if (auto drill = parseDrill(file.readAll(), file.fileName())) {
            for (QString *text : { &drill->title, &drill->summary, &drill->hypothesis })
                *text = shipped(*text);
            drills += *drill;
        }
    }
    return drills;
}

} // namespace catamaran::drill
