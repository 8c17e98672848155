// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "check/expectations.h"

#include "check/say.h"
#include "documents/strictyaml.h"

#include <cmath>

namespace catamaran::check {

using core::Result;
using documents::YamlValue;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype mostEntries = 1000; ///< of each list

QList<YamlValue> itemsOf(const YamlValue &list)
{
    QList<YamlValue> items = list.items();
    if (items.size() > mostEntries) {
        list.reject(Say::tr("has more than %1 entries").arg(mostEntries));
        items.clear();
    } else if (list.exists() && items.isEmpty()) {
        list.reject(Say::tr("is empty"), Say::tr("Leave it out where nothing is expected"));
    }
    return items;
}

void readDirections(const YamlValue &value, Expectations &into)
{
    if (!value)
        return;
    if (!value.isList()) {
        (void)value.choice({ QStringLiteral("all") });
        into.allDirections = true;
        return;
    }
    for (const YamlValue &item : itemsOf(value)) {
        item.only({ "from", "to" });
        const truth::Direction direction { item.field("from").label(), item.field("to").label() };
        if (direction.from == direction.to)
            item.reject(Say::tr("leads nowhere"), Say::tr("Name two clusters"));
        else if (into.directions.contains(direction))
            item.reject(Say::tr("is expected twice"));
        into.directions.append(direction);
    }
}

QString serviceOf(const YamlValue &value)
{
    const QStringList parts = value.text().split(u'/');
    if (value && (parts.size() != 2 || !documents::isDnsLabel(parts.at(0)) || !documents::isDnsLabel(parts.at(1))))
        value.reject(Say::tr("names no service"), Say::tr("Write namespace/name, for example default/helloworld"));
    return value.text();
}

void readShares(const YamlValue &value, ExpectedRun &run)
{
    if (!value)
        return;
    if (!value.isMap()) {
        (void)value.choice({ QStringLiteral("as-read") });
        run.sharesAsRead = true;
        return;
    }
    double whole = 0;
    const QStringList versions = value.keys();
    for (const QString &version : versions) {
        const double percent = value.field(version.toUtf8().constData()).number(0, 0, 100);
        if (percent > 0)
            run.shares.insert(version, percent / 100);
        whole += percent;
    }
    if (std::abs(whole - 100) > 0.5)
        value.reject(Say::tr("does not add up to 100 %"), Say::tr("Name all versions that are to answer, in per cent"));
}

ExpectedRun readRun(const YamlValue &value)
{
    value.only({ "name", "from", "container", "url", "count", "rate", "keepAlive", "requestTimeout", "mostFailed", "shares", "latency" });
    ExpectedRun run;
    const YamlValue from = value.field("from");
    if (const auto source = probe::Source::parse(from.text()))
        run.spec.source = *source;
    else if (from)
        from.reject(source.error().answer, source.error().remedy);
    run.spec.container = value.maybe("container").exists() ? value.maybe("container").label() : QString();
    const YamlValue url = value.field("url");
    run.spec.url = url.text();
    run.spec.count = value.maybe("count").integer(200, 1, 100'000);
    run.spec.rate = value.maybe("rate").number(20, 0.1, 1000);
    run.spec.keepAlive = value.maybe("keepAlive").boolean();
    run.spec.requestTimeout = value.maybe("requestTimeout").duration(2s);
    if (const auto checked = run.spec.check(); !checked)
        url.reject(checked.error().target + QStringLiteral(": ") + checked.error().answer, checked.error().remedy);
    run.name = value.maybe("name").text(Say::tr("%1 to %2").arg(run.spec.source.text(), run.spec.url));
    run.mostFailed = value.maybe("mostFailed").integer(0, 0);
    readShares(value.maybe("shares"), run);
    if (const YamlValue latency = value.maybe("latency")) {
        latency.only({ "p50", "p95", "p99" });
        const std::pair<const char *, std::optional<std::chrono::milliseconds> *> all[]
            = { { "p50", &run.p50 }, { "p95", &run.p95 }, { "p99", &run.p99 } };
        bool any = false;
        for (const auto &[key, limit] : all) {
            if (const YamlValue one = latency.maybe(key)) {
                *limit = one.duration();
                any = true;
            }
        }
        if (!any)
            latency.reject(Say::tr("has no limit"), Say::tr("Give at least one of p50, p95 and p99"));
    }
    return run;
}

} // namespace

Result<Expectations> parseExpectations(const QByteArray &yaml, const QString &origin)
{
    const documents::YamlDocument document(yaml, origin, Say::tr("read the expectations"), QStringLiteral("Check"));
    Expectations result;
    result.name = document.name();
    const YamlValue spec = document.spec();
    spec.only({ "source", "url", "expect" });
    if (const YamlValue source = spec.maybe("source")) {
        if (const auto parsed = probe::Source::parse(QStringLiteral("any/") + source.text())) {
            result.question.ns = parsed->ns;
            result.question.workload = parsed->workload;
        } else {
            source.reject(Say::tr("names no workload"), Say::tr("Write namespace/workload, for example default/sleep"));
        }
    }
    if (const YamlValue url = spec.maybe("url")) {
        result.question.url = url.text();
        probe::RunSpec asked;
        asked.source = { QStringLiteral("any"), result.question.ns, result.question.workload };
        asked.url = result.question.url;
        asked.count = 1;
        if (const auto checked = asked.check(); !checked)
            url.reject(checked.error().answer, checked.error().remedy);
    }
    const YamlValue expect = spec.field("expect");
    expect.only({ "directions", "findings", "failover", "requests" });
    readDirections(expect.maybe("directions"), result);
    if (const YamlValue findings = expect.maybe("findings")) {
        findings.only({ "notWorseThan" });
        result.warningsAllowed = findings.field("notWorseThan").choice({ QStringLiteral("none"), QStringLiteral("warning") }) == u"warning";
    }
    for (const YamlValue &item : itemsOf(expect.maybe("failover"))) {
        item.only({ "service", "from" });
        const YamlValue from = item.maybe("from");
        result.failover.append({ serviceOf(item.field("service")), from ? from.label() : QString() });
    }
    for (const YamlValue &item : itemsOf(expect.maybe("requests")))
        result.runs.append(readRun(item));
    if (!result.asksDirections() && !result.asksFindings() && result.runs.isEmpty())
        expect.reject(Say::tr("expects nothing"), Say::tr("Name at least one of directions, findings, failover and requests"));
    if (const auto error = document.error())
        return core::fail(*error);
    return result;
}

Result<Expectations> loadExpectations(const QString &file)
{
    return documents::readDocumentFile(file, Say::tr("read the expectations")).and_then([&](const QByteArray &yaml) {
        return parseExpectations(yaml, file);
    });
}

} // namespace catamaran::check
