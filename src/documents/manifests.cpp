// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/fleetdocument.h"

#include "documents/say.h"
#include "documents/strictyaml.h"
#include "documents/yamlobjects.h"
#include "kube/kubeclient.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>

#include <mutex>

// Static libraries keep their resources only when somebody asks for them.
static void initManifests()
{
    Q_INIT_RESOURCE(manifests);
}

namespace catamaran::documents {

using core::ErrorKind;

namespace {

constexpr qint64 mostManifestBytes = 1024 * 1024;

/// The user's own first.
QStringList manifestFolders()
{
    initManifests();
    QStringList folders { QStringLiteral(":/catamaran/manifests") };
    if (const QString own = qEnvironmentVariable("CATAMARAN_MANIFESTS"); !own.isEmpty())
        folders.prepend(own);
    return folders;
}

QJsonObject overridden(QJsonObject deployment, const WorkloadOverrides &overrides)
{
    QJsonObject spec = deployment.value(u"spec").toObject();
    QJsonObject pod = spec.value(u"template").toObject();
    QJsonObject podSpec = pod.value(u"spec").toObject();
    QJsonArray containers = podSpec.value(u"containers").toArray();
    QJsonObject container = containers.first().toObject();
    if (!overrides.image.isEmpty())
        container.insert(QStringLiteral("image"), overrides.image);
    if (!overrides.imagePullPolicy.isEmpty())
        container.insert(QStringLiteral("imagePullPolicy"), overrides.imagePullPolicy);
    if (!overrides.command.isEmpty()) {
        container.insert(QStringLiteral("command"), QJsonArray::fromStringList(overrides.command));
        container.remove(QStringLiteral("args"));
    }
    if (overrides.replicas)
        spec.insert(QStringLiteral("replicas"), *overrides.replicas);
    if (containers.isEmpty())
        containers.append(container);
    else
        containers.replace(0, container);
    podSpec.insert(QStringLiteral("containers"), containers);
    pod.insert(QStringLiteral("spec"), podSpec);
    spec.insert(QStringLiteral("template"), pod);
    deployment.insert(QStringLiteral("spec"), spec);
    return deployment;
}

} // namespace

QStringList manifestNames()
{
    QStringList known;
    for (const QString &folder : manifestFolders())
        known += QDir(folder).entryList({ QStringLiteral("*.yaml") }, QDir::Files, QDir::Name);
    known.replaceInStrings(QStringLiteral(".yaml"), QString());
    known.removeDuplicates();
    known.sort();
    return known;
}

core::Result<QByteArray> manifestText(const QString &name)
{
    const QString tried = Say::tr("read the manifest");
    if (!isDnsLabel(name))
        return core::fail(ErrorKind::InvalidInput, tried, name, Say::tr("“%1” is not the name of a manifest").arg(name.left(80)));
    for (const QString &folder : manifestFolders()) {
        QFile file(folder + u'/' + name + QStringLiteral(".yaml"));
        if (file.open(QIODevice::ReadOnly))
            return file.read(mostManifestBytes + 1);
    }
    return core::fail(ErrorKind::NotFound, tried, name, Say::tr("there is no manifest “%1”").arg(name),
        Say::tr("Known are: %1").arg(manifestNames().join(QStringLiteral(", "))));
}

namespace {

/// The objects of @p text, which is called @p name; without namespaces.
core::Result<QList<QJsonObject>> objectsIn(const QByteArray &text, const QString &name)
{
    const QString tried = Say::tr("read the manifest");
    const auto bad = [&](int line, const QString &answer) {
        return core::fail(ErrorKind::InvalidInput, tried, QStringLiteral("%1.yaml:%2").arg(name).arg(line), answer);
    };
    const auto documents = yamlObjects(text, name + QStringLiteral(".yaml"), tried);
    if (!documents)
        return core::fail(documents.error());
    QList<QJsonObject> objects;
    for (const auto &[object, line] : *documents) {
        const auto kind = kube::kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString());
        if (!kind)
            return bad(line,
                QStringLiteral("%1 (%2): ").arg(object.value(u"kind").toString().left(80), object.value(u"apiVersion").toString().left(80))
                    + kind.error().answer);
        if (object[u"metadata"][u"name"].toString().isEmpty())
            return bad(line, Say::tr("has no metadata.name"));
        objects.append(object);
    }
    if (objects.isEmpty())
        return bad(1, Say::tr("holds no object"));
    return objects;
}

/// The same, read once: a plan asks for the same few manifests hundreds of times. Any thread.
core::Result<QList<QJsonObject>> knownObjectsIn(const QByteArray &text, const QString &name)
{
    constexpr qsizetype mostKnown = 64;
    static std::mutex mutex;
    static QHash<QByteArray, QList<QJsonObject>> known; // by text
    const std::lock_guard lock(mutex);
    if (const auto found = known.constFind(text); found != known.constEnd())
        return *found;
    auto objects = objectsIn(text, name);
    if (objects) {
        if (known.size() >= mostKnown)
            known.clear();
        known.insert(text, *objects);
    }
    return objects;
}

} // namespace

core::Result<QList<QJsonObject>> manifestObjects(const QString &name, const QString &ns)
{
    const auto text = manifestText(name);
    if (!text)
        return core::fail(text.error());
    auto objects = knownObjectsIn(*text, name);
    if (!objects)
        return objects;
    for (QJsonObject &object : *objects) {
        const auto kind = kube::kindOf(object.value(u"apiVersion").toString(), object.value(u"kind").toString());
        if (!kind || !kind->namespaced)
            continue;
        QJsonObject metadata = object.value(u"metadata").toObject();
        metadata.insert(QStringLiteral("namespace"), ns);
        object.insert(QStringLiteral("metadata"), metadata);
    }
    return objects;
}

core::Result<QList<QJsonObject>> manifestObjects(const FleetWorkload &workload)
{
    auto objects = manifestObjects(workload.manifest, workload.ns);
    if (!objects || workload.overrides.isEmpty())
        return objects;
    for (QJsonObject &object : *objects)
        if (object.value(u"kind").toString() == QLatin1String("Deployment"))
            object = overridden(object, workload.overrides);
    return objects;
}

} // namespace catamaran::documents
