// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/fleetdocument.h"

#include "core/trustedfile.h"
#include "core/wholepattern.h"
#include "documents/fleetcheck.h"
#include "documents/say.h"
#include "documents/strictyaml.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <algorithm>

namespace catamaran::documents {

namespace {

const QString managed = QStringLiteral("managed");
const QString discoveryOnly = QStringLiteral("discovery-only");
const QString shared = QStringLiteral("shared");
const QString separate = QStringLiteral("separate");
const QString longLived = QStringLiteral("longLived"), requested = QStringLiteral("requested");
constexpr int mostHours = 87600;

WorkloadOverrides readOverrides(const YamlValue &workload)
{
    WorkloadOverrides overrides;
    overrides.image = workload.maybe("image").text();
    overrides.imagePullPolicy = workload.maybe("imagePullPolicy").text();
    if (const YamlValue replicas = workload.maybe("replicas"))
        overrides.replicas = replicas.integer(1);
    if (const YamlValue command = workload.maybe("command")) {
        overrides.command = command.texts();
        if (command.isList() && overrides.command.isEmpty())
            command.reject(Say::tr("names no command"), Say::tr("Leave it out to keep the manifest's"));
    }
    return overrides;
}

int readHours(const YamlValue &life, const mesh::TokenWish &wish)
{
    static const QRegularExpression form = core::wholePattern(QStringLiteral("[1-9][0-9]{0,4}h"));
    const QString text = life.text();
    if (wish.longLived)
        life.reject(Say::tr("is for tokens that end: a long-lived one has no end"), Say::tr("Write token: requested, or leave life out"));
    else if (!form.match(text).hasMatch() || text.chopped(1).toInt() > mostHours)
        life.reject(Say::tr("must be a number of hours such as “8760h”, at most %1h").arg(mostHours));
    return text.isEmpty() ? 0 : text.chopped(1).toInt();
}

FleetInstallation readInstallation(const YamlValue &value, const QDir &folder)
{
    FleetInstallation wish;
    value.only({ "manifests", "istioctl", "files", "set" });
    const auto paths = [&](const QStringList &names) {
        QStringList all;
        for (const QString &name : names)
            all << QDir::cleanPath(folder.absoluteFilePath(name));
        return all;
    };
    wish.manifests = paths(value.maybe("manifests").texts());
    wish.istioctl = value.maybe("istioctl").text();
    wish.files = paths(value.maybe("files").texts());
    if (const YamlValue set = value.maybe("set"))
        for (const QString &key : set.keys())
            wish.set.insert(key, set.field(key.toUtf8().constData()).text());
    if (wish.manifests.isEmpty() == wish.istioctl.isEmpty())
        value.reject(Say::tr("needs either manifests or istioctl"));
    if (!wish.istioctl.isEmpty() && QDir::isRelativePath(wish.istioctl))
        value.maybe("istioctl").reject(Say::tr("is not a path that begins with “/”"), Say::tr("Write where the program is"));
    if (wish.istioctl.isEmpty() && !(wish.files.isEmpty() && wish.set.isEmpty()))
        value.reject(Say::tr("files and set are for istioctl"));
    return wish;
}

FleetDocument readFleet(const YamlDocument &document, const QDir &folder)
{
    FleetDocument fleet;
    fleet.name = document.name();
    const YamlValue spec = document.spec();
    spec.only({ "trust", "meshes", "clusters", "memberships", "injection", "workloads", "remoteSecrets" });
    if (const YamlValue trust = spec.maybe("trust")) {
        trust.only({ "root", "name" });
        fleet.root = trust.maybe("root").choice({ shared, separate }, shared) == separate ? RootKind::Separate : RootKind::Shared;
        if (const YamlValue name = trust.maybe("name"))
            fleet.sharedRoot = name.label();
    }
    // A fleet of clusters alone has neither meshes nor memberships.
    for (const YamlValue &mesh : spec.maybe("meshes").items()) {
        mesh.only({ "name", "version", "provider", "controlPlane", "gateway" });
        FleetMesh read { mesh.field("name").label(), mesh.maybe("version").text(), mesh.maybe("provider").text() };
        if (const YamlValue installation = mesh.maybe("controlPlane"))
            read.controlPlane = readInstallation(installation, folder);
        if (const YamlValue installation = mesh.maybe("gateway"))
            read.gateway = readInstallation(installation, folder);
        fleet.meshes.append(read);
    }
    for (const YamlValue &cluster : spec.field("clusters").items()) {
        cluster.only({ "name", "network", "gateway" });
        fleet.clusters.append({ cluster.field("name").label(), cluster.maybe("network").text(), cluster.maybe("gateway").boolean() });
    }
    for (const YamlValue &membership : spec.maybe("memberships").items()) {
        membership.only({ "mesh", "cluster", "mode" });
        const QString mode = membership.field("mode").choice({ managed, discoveryOnly }, managed);
        fleet.memberships.append({ membership.field("mesh").text(), membership.field("cluster").text(),
            mode == managed ? mesh::Mode::Managed : mesh::Mode::DiscoveryOnly });
    }
    fleet.injectedNamespaces = spec.maybe("injection").texts();
    for (const YamlValue &workload : spec.maybe("workloads").items()) {
        workload.only({ "cluster", "namespace", "manifest", "image", "imagePullPolicy", "replicas", "command" });
        fleet.workloads.append({ workload.field("cluster").text(), workload.maybe("namespace").text(QStringLiteral("default")),
            workload.field("manifest").text(), readOverrides(workload) });
    }
    if (const YamlValue secrets = spec.maybe("remoteSecrets")) {
        secrets.only({ "token", "life" });
        const QString token = secrets.field("token").choice({ longLived, requested }, longLived);
        fleet.remoteSecrets.longLived = token == longLived;
        if (const YamlValue life = secrets.maybe("life"))
            fleet.remoteSecrets.hours = readHours(life, fleet.remoteSecrets);
    }
    return fleet;
}

/// Reports @p problem at the line it is about.
void reject(const YamlValue &spec, const FleetProblem &problem)
{
    YamlValue where = spec.maybe(problem.section.toUtf8().constData());
    if (where && problem.index >= 0) {
        const QList<YamlValue> items = where.items();
        if (problem.index < items.size())
            where = items.at(problem.index);
    }
    if (where.isMap() && !problem.field.isEmpty())
        if (const YamlValue field = where.maybe(problem.field.toUtf8().constData()))
            where = field;
    (where.exists() ? where : spec).reject(problem.answer, problem.remedy);
}

QByteArray quoted(const QString &text)
{
    // A JSON string is a YAML string.
    const QByteArray list = QJsonDocument(QJsonArray { text }).toJson(QJsonDocument::Compact);
    return list.mid(1, list.size() - 2);
}

QByteArray plain(const QString &text)
{
    // "1" or "true" would read as another type.
    const bool isSafe = isDnsLabel(text) && !text.front().isDigit() && text != QLatin1String("true") && text != QLatin1String("false")
        && text != QLatin1String("null") && text != QLatin1String("yes") && text != QLatin1String("no") && text != QLatin1String("on")
        && text != QLatin1String("off");
    return isSafe ? text.toUtf8() : quoted(text);
}

QByteArray overridesYaml(const WorkloadOverrides &overrides)
{
    QByteArray yaml;
    if (!overrides.image.isEmpty())
        yaml += "    image: " + quoted(overrides.image) + '\n';
    if (!overrides.imagePullPolicy.isEmpty())
        yaml += "    imagePullPolicy: " + overrides.imagePullPolicy.toUtf8() + '\n';
    if (overrides.replicas)
        yaml += "    replicas: " + QByteArray::number(*overrides.replicas) + '\n';
    if (!overrides.command.isEmpty())
        yaml += "    command: " + QJsonDocument(QJsonArray::fromStringList(overrides.command)).toJson(QJsonDocument::Compact) + '\n';
    return yaml;
}

QByteArray installationYaml(const char *name, const FleetInstallation &wish)
{
    if (wish.isEmpty())
        return {};
    const auto list = [](const char *key, const QStringList &texts) {
        return texts.isEmpty()
            ? QByteArray()
            : QByteArray("      ") + key + ": " + QJsonDocument(QJsonArray::fromStringList(texts)).toJson(QJsonDocument::Compact) + '\n';
    };
    QByteArray yaml = QByteArray("    ") + name + ":\n" + list("manifests", wish.manifests);
    if (!wish.istioctl.isEmpty())
        yaml += "      istioctl: " + quoted(wish.istioctl) + '\n';
    yaml += list("files", wish.files);
    if (!wish.set.isEmpty())
        yaml += "      set:\n";
    for (auto it = wish.set.cbegin(); it != wish.set.cend(); ++it)
        yaml += "        " + quoted(it.key()) + ": " + quoted(it.value()) + '\n';
    return yaml;
}

} // namespace

QString FleetDocument::rootName() const
{
    return sharedRoot.isEmpty() ? name + QStringLiteral("-root") : sharedRoot;
}

QString FleetDocument::managerOf(const QString &clusterName) const
{
    for (const FleetMembership &membership : memberships)
        if (membership.cluster == clusterName && membership.mode == mesh::Mode::Managed)
            return membership.mesh;
    return {};
}

const FleetCluster *FleetDocument::cluster(const QString &clusterName) const
{
    const auto found = std::find_if(clusters.begin(), clusters.end(), [&](const FleetCluster &one) { return one.name == clusterName; });
    return found == clusters.end() ? nullptr : &*found;
}

QStringList FleetDocument::namespaces() const
{
    QStringList names = injectedNamespaces;
    for (const FleetWorkload &workload : workloads)
        names << workload.ns;
    names.removeDuplicates();
    names.sort();
    return names;
}

core::Result<FleetDocument> parseFleet(const QByteArray &yaml, const QString &origin, const QDir &folder)
{
    const YamlDocument document(yaml, origin, Say::tr("read the fleet"), QStringLiteral("Fleet"));
    FleetDocument fleet = readFleet(document, folder);
    if (!document.error())
        for (const FleetProblem &problem : problemsOf(fleet))
            reject(document.spec(), problem);
    if (const auto error = document.error())
        return core::fail(*error);
    return fleet;
}

core::Result<FleetDocument> loadFleet(const QString &file)
{
    const auto bytes = readDocumentFile(file, Say::tr("read the fleet"));
    if (!bytes)
        return core::fail(bytes.error());
    auto fleet = parseFleet(*bytes, file, QFileInfo(file).absoluteDir());
    const bool runs = fleet && std::any_of(fleet->meshes.begin(), fleet->meshes.end(), [](const FleetMesh &mesh) {
        return !mesh.controlPlane.istioctl.isEmpty() || !mesh.gateway.istioctl.isEmpty();
    });
    if (const QString why = runs ? core::whyNotOwn(file) : QString(); !why.isEmpty())
        return core::fail(core::ErrorKind::InvalidInput, Say::tr("read the fleet"), file,
            Say::tr("it names a program to run (istioctl), and %1").arg(why), Say::tr("Keep it where nobody else can write."));
    return fleet;
}

QList<core::Error> validateFleet(const FleetDocument &fleet)
{
    QList<core::Error> errors;
    if (!isDnsLabel(fleet.name))
        errors.append(core::Error::make(core::ErrorKind::InvalidInput, Say::tr("use the fleet"), QStringLiteral("metadata.name"),
            Say::tr("must be a name of lower-case letters, digits and “-”, but is “%1”").arg(fleet.name.left(80))));
    if (!fleet.sharedRoot.isEmpty() && !isDnsLabel(fleet.sharedRoot))
        errors.append(core::Error::make(core::ErrorKind::InvalidInput, Say::tr("use the fleet"), QStringLiteral("spec.trust.name"),
            Say::tr("must be a name of lower-case letters, digits and “-”, but is “%1”").arg(fleet.sharedRoot.left(80))));
    for (const FleetProblem &problem : problemsOf(fleet)) {
        QString where = QStringLiteral("spec.") + problem.section;
        if (problem.index >= 0)
            where += QStringLiteral("[%1]").arg(problem.index);
        if (!problem.field.isEmpty())
            where += u'.' + problem.field;
        errors.append(core::Error::make(core::ErrorKind::InvalidInput, Say::tr("use the fleet"), where, problem.answer, problem.remedy));
    }
    return errors;
}

QByteArray toYaml(const FleetDocument &fleet)
{
    QByteArray yaml = "apiVersion: catamaran.io/v1\nkind: Fleet\nmetadata:\n  name: " + plain(fleet.name) + "\nspec:\n";
    if (!fleet.meshes.isEmpty() || fleet.root != RootKind::Shared || !fleet.sharedRoot.isEmpty())
        yaml += "  trust:\n    root: " + (fleet.root == RootKind::Shared ? shared : separate).toUtf8() + '\n';
    if (!fleet.sharedRoot.isEmpty())
        yaml += "    name: " + plain(fleet.sharedRoot) + '\n';
    if (!fleet.meshes.isEmpty())
        yaml += "  meshes:\n";
    for (const FleetMesh &mesh : fleet.meshes) {
        yaml += "  - name: " + plain(mesh.name) + '\n';
        if (!mesh.version.isEmpty())
            yaml += "    version: " + quoted(mesh.version) + '\n';
        if (!mesh.provider.isEmpty())
            yaml += "    provider: " + plain(mesh.provider) + '\n';
        yaml += installationYaml("controlPlane", mesh.controlPlane) + installationYaml("gateway", mesh.gateway);
    }
    yaml += "  clusters:\n";
    for (const FleetCluster &cluster : fleet.clusters) {
        yaml += "  - name: " + plain(cluster.name) + '\n';
        if (!cluster.network.isEmpty())
            yaml += "    network: " + plain(cluster.network) + '\n';
        if (cluster.gateway)
            yaml += "    gateway: true\n";
    }
    if (!fleet.memberships.isEmpty())
        yaml += "  memberships:\n";
    for (const FleetMembership &membership : fleet.memberships)
        yaml += "  - mesh: " + plain(membership.mesh) + "\n    cluster: " + plain(membership.cluster)
            + "\n    mode: " + (membership.mode == mesh::Mode::Managed ? managed : discoveryOnly).toUtf8() + '\n';
    if (!fleet.injectedNamespaces.isEmpty())
        yaml += "  injection:\n";
    for (const QString &ns : fleet.injectedNamespaces)
        yaml += "  - " + plain(ns) + '\n';
    if (fleet.remoteSecrets != mesh::TokenWish {}) {
        yaml += "  remoteSecrets:\n    token: " + (fleet.remoteSecrets.longLived ? longLived : requested).toUtf8() + '\n';
        if (!fleet.remoteSecrets.longLived)
            yaml += "    life: " + QByteArray::number(fleet.remoteSecrets.hours) + "h\n";
    }
    if (!fleet.workloads.isEmpty())
        yaml += "  workloads:\n";
    for (const FleetWorkload &workload : fleet.workloads)
        yaml += "  - cluster: " + plain(workload.cluster) + "\n    namespace: " + plain(workload.ns)
            + "\n    manifest: " + plain(workload.manifest) + '\n' + overridesYaml(workload.overrides);
    return yaml;
}

} // namespace catamaran::documents
