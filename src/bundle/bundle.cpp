// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "bundle/bundle.h"

#include "bundle/archive.h"
#include "bundle/redact.h"
#include "bundle/say.h"
#include "core/regularfile.h"
#include "documents/environment.h"
#include "findings/acceptance.h"
#include "findings/engine.h"
#include "findings/failover.h"
#include "findings/needs.h"
#include "mesh/providerkind.h"
#include "ops/journal.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QSaveFile>

namespace catamaran::bundle {

using core::Done;
using core::ErrorKind;
using core::Result;

namespace {

constexpr int format = 1;
constexpr int mostExecutions = 200, mostEvents = 500; ///< of the journal, the newest; of each of them
constexpr qsizetype mostNames = 2000; ///< of one kind in one cluster
constexpr qint64 mostOfOne = 64LL * 1024 * 1024; ///< bytes of one entry
const QString kind = QStringLiteral("catamaran-bundle");

QJsonValue timeOf(const QDateTime &at)
{
    return at.isValid() && at.toMSecsSinceEpoch() > 0 ? QJsonValue(at.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

/// What is known of a list besides its being read.
template <typename T> void describeValue(QJsonObject &fact, const QList<T> &list)
{
    fact.insert(QStringLiteral("count"), list.size());
    if constexpr (std::is_base_of_v<observe::Named, T>) {
        QJsonArray names;
        for (const T &one : list) {
            if (names.size() >= mostNames)
                break;
            names.append(one.ns.isEmpty() ? one.name : observe::keyOf(one.ns, one.name));
        }
        fact.insert(QStringLiteral("names"), names);
    }
}

void describeValue(QJsonObject &fact, const observe::ServerFacts &server)
{
    fact.insert(QStringLiteral("version"), server.version);
    fact.insert(QStringLiteral("clock_ahead_ms"), server.clockAheadMs ? QJsonValue(*server.clockAheadMs) : QJsonValue());
}

void describeValue(QJsonObject &fact, const observe::MeshConfigFacts &config)
{
    fact.insert(QStringLiteral("there"), config.isThere);
    fact.insert(QStringLiteral("trust_domain"), config.trustDomain);
    fact.insert(QStringLiteral("root_namespace"), config.rootNamespace);
    fact.insert(QStringLiteral("network"), config.network);
    fact.insert(QStringLiteral("cluster_id"), config.clusterId);
    fact.insert(QStringLiteral("mesh_id"), config.meshId);
    fact.insert(QStringLiteral("trouble"), config.trouble);
}

void describeValue(QJsonObject &fact, const QHash<QString, observe::BundleFacts> &roots)
{
    QJsonObject byNamespace;
    for (auto it = roots.cbegin(); it != roots.cend() && byNamespace.size() < mostNames; ++it) {
        QStringList fingerprints(it->roots.begin(), it->roots.end());
        fingerprints.sort();
        byNamespace.insert(it.key(), QJsonArray::fromStringList(fingerprints));
    }
    fact.insert(QStringLiteral("roots"), byNamespace);
}

void describeValue(QJsonObject &fact, const observe::IssuerFacts &issuer)
{
    fact.insert(QStringLiteral("there"), issuer.isThere);
    fact.insert(QStringLiteral("missing"), QJsonArray::fromStringList(issuer.missing));
    fact.insert(QStringLiteral("chain_trouble"), issuer.chainTrouble);
}

void describeValue(QJsonObject &fact, const QHash<QString, QString> &accounts)
{
    fact.insert(QStringLiteral("count"), accounts.size());
}

template <typename T> QJsonObject describe(const observe::Fact<T> &fact)
{
    QJsonObject object { { QStringLiteral("read"), fact.isRead() }, { QStringLiteral("source"), fact.source },
        { QStringLiteral("at"), timeOf(fact.at) },
        { QStringLiteral("error"), fact.error ? QJsonValue(fact.error->text()) : QJsonValue() } };
    if (fact.isRead())
        describeValue(object, fact.get());
    return object;
}

QJsonObject factsOf(const findings::FleetFacts &facts)
{
    static const std::array<const char *, findings::needCount> names { "server", "namespaces", "services", "slices", "pods", "deployments",
        "nodes", "destination_rules", "virtual_services", "gateways", "sidecars", "service_entries", "peer_authentications",
        "authorization_policies", "envoy_filters", "budgets", "autoscalers", "network_policies", "mesh_config", "roots", "remote_secrets",
        "tokens", "issuer", "accounts" };
    QJsonArray clusters;
    for (const observe::ClusterObjects &cluster : facts.clusters) {
        QJsonObject kinds;
        size_t index = 0;
        findings::forEachFact([&](auto member) { kinds.insert(QLatin1String(names.at(index++)), describe(cluster.*member)); });
        clusters.append(QJsonObject { { QStringLiteral("cluster"), cluster.name }, { QStringLiteral("facts"), kinds } });
    }
    return { { QStringLiteral("at"), timeOf(facts.now) }, { QStringLiteral("clusters"), clusters },
        { QStringLiteral("meshes"),
            QJsonObject { { QStringLiteral("read"), facts.meshes.isRead() }, { QStringLiteral("source"), facts.meshes.source },
                { QStringLiteral("error"), facts.meshes.error ? QJsonValue(facts.meshes.error->text()) : QJsonValue() } } } };
}

QJsonObject configurationOf(const documents::Environment &environment)
{
    QJsonArray clusters, accounts;
    for (const documents::EnvironmentCluster &cluster : environment.clusters)
        clusters.append(QJsonObject { { QStringLiteral("name"), cluster.name }, { QStringLiteral("cloud_id"), cluster.cloudId },
            { QStringLiteral("region"), cluster.region }, { QStringLiteral("context"), cluster.context },
            { QStringLiteral("kubeconfigs"), QJsonArray::fromStringList(cluster.kubeconfigs) } });
    for (const auto &account : environment.accounts)
        accounts.append(QJsonObject { { QStringLiteral("provider"), account->kind().name() } });
    return { { QStringLiteral("name"), environment.name }, { QStringLiteral("production"), environment.production },
        { QStringLiteral("colour"), environment.colour }, { QStringLiteral("clusters"), clusters },
        { QStringLiteral("accounts"), accounts },
        { QStringLiteral("lease"),
            environment.lease ? QJsonValue(environment.lease->cluster + u'/' + environment.lease->ns) : QJsonValue() } };
}

/// What was done, without what it was done with: a plan's arguments and the states that were seen may hold anything.
QJsonObject journalOf(const QString &file, const QString &environment)
{
    const auto failed = [](const core::Error &error) {
        return QJsonObject { { QStringLiteral("executions"), QJsonArray() }, { QStringLiteral("error"), error.text() } };
    };
    if (file.isEmpty() || !QFileInfo::exists(file))
        return { { QStringLiteral("executions"), QJsonArray() }, { QStringLiteral("error"), QJsonValue() } };
    const auto journal = ops::Journal::open(file);
    if (!journal)
        return failed(journal.error());
    const auto executions = journal->executions(mostExecutions, environment);
    if (!executions)
        return failed(executions.error());
    QJsonArray list;
    for (const ops::Execution &execution : *executions) {
        QJsonArray steps, told;
        for (const QJsonValue &step : execution.plan.value(u"steps").toArray())
            steps.append(
                QJsonObject { { QStringLiteral("id"), step[u"id"].toString() }, { QStringLiteral("title"), step[u"title"].toString() } });
        const auto events = journal->events(execution.id);
        if (events) {
            const qsizetype from = std::max<qsizetype>(0, events->size() - mostEvents);
            for (qsizetype i = from; i < events->size(); ++i) {
                const ops::Event &event = events->at(i);
                if (event.state == ops::EventState::Planned)
                    continue;
                told.append(QJsonObject { { QStringLiteral("step"), event.step }, { QStringLiteral("at"), timeOf(event.at) },
                    { QStringLiteral("state"), ops::stateName(event.state) }, { QStringLiteral("answer"), event.answer },
                    { QStringLiteral("request_id"), event.requestId }, { QStringLiteral("duration_ms"), event.durationMs } });
            }
        }
        list.append(QJsonObject { { QStringLiteral("id"), execution.id }, { QStringLiteral("uid"), execution.uid },
            { QStringLiteral("at"), timeOf(execution.at) }, { QStringLiteral("ended"), timeOf(execution.ended) },
            { QStringLiteral("purpose"), execution.purpose }, { QStringLiteral("name"), execution.name },
            { QStringLiteral("state"), ops::stateName(execution.state) }, { QStringLiteral("steps"), steps },
            { QStringLiteral("events"), told }, { QStringLiteral("error"), events ? QJsonValue() : QJsonValue(events.error().text()) } });
    }
    return { { QStringLiteral("executions"), list }, { QStringLiteral("error"), QJsonValue() } };
}

/// The credentials that the session goes with, so that no text holds them.
Redaction redactionOf(session::Session &session)
{
    std::vector<core::Secret> known;
    for (const QString &name : session.clusterNames()) {
        const kube::KubeClient *client = session.cluster(name);
        if (!client)
            continue;
        known.push_back(client->access().token);
        known.push_back(client->access().password);
        for (const auto &[header, value] : client->access().impersonation)
            if (header.toLower().contains("authorization"))
                known.emplace_back(value);
    }
    return Redaction(std::move(known));
}

Result<Done> put(QMap<QString, QByteArray> &files, const QString &name, const QJsonObject &object, const Redaction &redaction)
{
    const QByteArray bytes = QJsonDocument(redaction.json(object).toObject()).toJson(QJsonDocument::Indented);
    if (bytes.size() > mostOfOne)
        return core::fail(ErrorKind::Precondition, Say::tr("make the bundle"), name,
            Say::tr("it is larger than %1 MiB").arg(mostOfOne / (1024 * 1024)), Say::tr("Make one of fewer clusters."));
    files.insert(name, bytes);
    return Done {};
}

/// As judge() makes it: each pair of two clusters, row by row, each with its layers. Widgets go by that.
bool isInOrder(const truth::Matrix &matrix)
{
    if (matrix.clusters.size() > 2000 || QSet<QString>(matrix.clusters.begin(), matrix.clusters.end()).size() != matrix.clusters.size())
        return false;
    auto state = matrix.directions.begin();
    for (const QString &from : matrix.clusters) {
        for (const QString &to : matrix.clusters) {
            if (from == to)
                continue;
            if (state == matrix.directions.end() || state->direction != truth::Direction { from, to })
                return false;
            for (const truth::Layer layer : truth::allLayers)
                if (state->cell(layer).layer != layer)
                    return false;
            ++state;
        }
    }
    return state == matrix.directions.end();
}

const QString aboutFile = QStringLiteral("bundle.json"), fleetFile = QStringLiteral("fleet.json"),
              matrixFile = QStringLiteral("matrix.json"), findingsFile = QStringLiteral("findings.json");

} // namespace

Result<QByteArray> make(session::Session &session, const Making &making, std::stop_token stop)
{
    const auto tell = [&](const QString &what, int percent) {
        if (making.onProgress)
            making.onProgress(what, percent);
    };
    const auto stopped
        = [] { return core::fail(ErrorKind::Cancelled, Say::tr("make the bundle"), {}, Say::tr("it was stopped; nothing was written")); };
    const documents::Environment &environment = session.environment();
    const Redaction redaction = redactionOf(session);

    tell(Say::tr("looking at the fleet"), 5);
    observe::ObservedFleet fleet;
    if (const auto seen = observe::look(session, stop)) {
        fleet = *seen;
    } else if (stop.stop_requested()) {
        return stopped();
    } else { // that nothing answers is what somebody is to be shown
        fleet.environment = environment.name;
        fleet.at = QDateTime::currentDateTimeUtc();
        fleet.errors.append(seen.error());
    }
    for (const core::Error &error : std::as_const(fleet.errors)) // it stands in the bundle too
        tell(Say::tr("not seen: %1").arg(error.text()), 25);
    tell(Say::tr("reading the facts"), 30);
    const findings::FleetFacts facts = findings::readFacts(session, {}, stop);
    if (stop.stop_requested())
        return stopped();
    tell(Say::tr("asking the rules"), 60);
    QList<findings::Finding> found = findings::judge(facts);
    QString acceptanceTrouble;
    if (const auto acceptances = findings::loadAcceptances(environment))
        findings::accept(found, *acceptances, facts.now.date());
    else
        acceptanceTrouble = acceptances.error().text();
    truth::Matrix matrix;
    if (making.matrix) {
        matrix = *making.matrix;
    } else if (making.ask) {
        tell(Say::tr("asking about directions"), 65);
        matrix = making.ask(fleet, stop);
    } else {
        matrix = truth::judge(fleet, {}, {}, QDateTime::currentDateTimeUtc());
    }
    if (stop.stop_requested())
        return stopped();
    tell(Say::tr("reading the journal"), 80);
    QJsonArray failover;
    for (const findings::FailoverVerdict &verdict : findings::failover(facts, found))
        failover.append(verdict.toJson());
    const QDateTime now = QDateTime::currentDateTimeUtc();
    QJsonObject servers;
    for (const observe::ObservedCluster &cluster : std::as_const(fleet.clusters))
        servers.insert(cluster.name, cluster.kubeVersion);
    QMap<QString, QByteArray> files;
    const std::pair<QString, QJsonObject> all[] = {
        { aboutFile,
            { { QStringLiteral("kind"), kind }, { QStringLiteral("format"), format }, { QStringLiteral("at"), timeOf(now) },
                { QStringLiteral("environment"), environment.name }, { QStringLiteral("production"), environment.production },
                { QStringLiteral("colour"), environment.colour },
                { QStringLiteral("versions"),
                    QJsonObject { { QStringLiteral("catamaran"), making.program },
                        { QStringLiteral("qt"), QString::fromLatin1(qVersion()) }, { QStringLiteral("clusters"), servers } } },
                { QStringLiteral("acceptances_error"), acceptanceTrouble.isEmpty() ? QJsonValue() : QJsonValue(acceptanceTrouble) } } },
        { fleetFile, toJson(fleet) },
        { matrixFile, toJson(matrix) },
        { findingsFile, toJson(found) },
        { QStringLiteral("failover.json"), { { QStringLiteral("failover"), failover } } },
        { QStringLiteral("facts.json"), factsOf(facts) },
        { QStringLiteral("configuration.json"), configurationOf(environment) },
        { QStringLiteral("journal.json"), journalOf(making.databaseFile, environment.name) },
    };
    for (const auto &[name, object] : all)
        if (const auto written = put(files, name, object, redaction); !written)
            return core::fail(written.error());
    tell(Say::tr("packing"), 95);
    return pack(files, now.toSecsSinceEpoch()).and_then([](const QByteArray &packed) -> Result<QByteArray> {
        if (packed.size() > mostPacked)
            return core::fail(ErrorKind::Precondition, Say::tr("make the bundle"), {},
                Say::tr("it is larger than %1 MiB").arg(mostPacked / (1024 * 1024)), Say::tr("Make one of fewer clusters."));
        return packed;
    });
}

Result<Done> save(const QString &file, const QByteArray &bundle)
{
    const QString tried = Say::tr("write the bundle");
    const QFileInfo there(file);
    if (there.exists() && !there.isFile())
        return core::fail(ErrorKind::InvalidInput, tried, file,
            there.isDir() ? Say::tr("it is a folder") : Say::tr("it is not a regular file"),
            Say::tr("Name a file in a folder that can be written."));
    QSaveFile out(file);
    // Not those of a file that was there: it is for its owner alone from its first byte on.
    if (!out.open(QIODevice::WriteOnly) || !out.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || out.write(bundle) != bundle.size() || !out.commit())
        return core::fail(ErrorKind::Storage, tried, file, out.errorString(), Say::tr("Name a file in a folder that can be written."));
    return Done {};
}

Result<AsItWas> open(const QByteArray &bundle, const QString &origin)
{
    const auto refused = [&](const QString &answer) {
        return core::fail(ErrorKind::InvalidInput, Say::tr("read the bundle"), origin, answer,
            Say::tr("Use a file that “catamaranctl bundle” or the window wrote."));
    };
    const auto files = unpack(bundle, origin);
    if (!files)
        return core::fail(files.error());
    QMap<QString, QJsonObject> objects;
    for (const QString &name : { aboutFile, fleetFile, matrixFile, findingsFile }) {
        if (!files->contains(name))
            return refused(Say::tr("it has no %1").arg(name));
        QJsonParseError error;
        const QJsonDocument document = QJsonDocument::fromJson(files->value(name), &error);
        if (!document.isObject())
            return refused(Say::tr("%1 is not a JSON object (%2)").arg(name, error.errorString()));
        objects.insert(name, document.object());
    }
    const QJsonObject &about = objects[aboutFile];
    AsItWas result;
    if (about.value(u"kind").toString() != kind)
        return refused(Say::tr("it is no bundle of Catamaran"));
    if (about.value(u"format").toInt() != format)
        return refused(Say::tr("it is of format %1, which this version does not read").arg(about.value(u"format").toInt()));
    result.at = QDateTime::fromString(about.value(u"at").toString(), Qt::ISODateWithMs);
    if (!result.at.isValid())
        return refused(Say::tr("it does not say when it was made"));
    result.file = origin;
    result.environment = about.value(u"environment").toString();
    result.isProduction = about.value(u"production").toBool();
    result.colour = about.value(u"colour").toString();
    result.program = about.value(u"versions")[u"catamaran"].toString();
    const auto wrong = [&](const QString &name) { return refused(Say::tr("%1 has another form than this version writes").arg(name)); };
    if (!read(objects[fleetFile], result.fleet))
        return wrong(fleetFile);
    if (!read(objects[matrixFile], result.matrix))
        return wrong(matrixFile);
    if (!read(objects[findingsFile], result.findings))
        return wrong(findingsFile);
    if (!isInOrder(result.matrix))
        return wrong(matrixFile);
    return result;
}

Result<AsItWas> load(const QString &file)
{
    return core::readRegularFile(file, mostPacked, Say::tr("read the bundle")).and_then([&](const QByteArray &bytes) {
        return open(bytes, file);
    });
}

} // namespace catamaran::bundle
