// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/environmentfile.h"

#include "documents/probeplace.h"
#include "documents/secretsource.h"
#include "mesh/providers.h"
#include "ui/common/say.h"

#include <QDir>
#include <QSaveFile>
#include <QStandardPaths>

namespace catamaran::ui {

using documents::quotedYaml;

QByteArray environmentYaml(const documents::Environment &environment)
{
    QByteArray yaml = "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata:\n  name: " + quotedYaml(environment.name) + "\nspec:\n";
    yaml += "  colour: " + quotedYaml(environment.colour) + "\n";
    if (environment.production)
        yaml += "  production: true\n";
    if (environment.lease)
        yaml += "  lease: { cluster: " + quotedYaml(environment.lease->cluster) + ", namespace: " + quotedYaml(environment.lease->ns)
            + " }\n";
    if (environment.probe)
        yaml += "  " + documents::probeYaml(*environment.probe) + "\n";
    for (const auto &account : environment.accounts)
        yaml += "  " + account->kind().words().section.toUtf8() + ":\n" + account->toYaml(4);
    yaml += environment.clusters.isEmpty() ? "  clusters: []\n" : "  clusters:\n";
    for (const documents::EnvironmentCluster &cluster : environment.clusters) {
        yaml += "  - name: " + quotedYaml(cluster.name) + "\n";
        if (!cluster.cloudId.isEmpty())
            yaml += "    cloudId: " + quotedYaml(cluster.cloudId) + "\n";
        if (!cluster.region.isEmpty())
            yaml += "    region: " + quotedYaml(cluster.region) + "\n";
        if (!cluster.kubeconfigs.isEmpty())
            yaml += "    kubeconfig: " + quotedYaml(cluster.kubeconfigs) + "\n";
        if (!cluster.context.isEmpty())
            yaml += "    context: " + quotedYaml(cluster.context) + "\n";
    }
    return yaml;
}

QString keptEnvironmentFile(const QString &name)
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/catamaran/environments/") + name
        + QStringLiteral(".yaml");
}

QStringList keptEnvironmentFiles()
{
    const QDir folder = QFileInfo(keptEnvironmentFile(QStringLiteral("any"))).absoluteDir();
    QStringList files;
    for (const QString &name : folder.entryList({ QStringLiteral("*.yaml") }, QDir::Files | QDir::Readable, QDir::Name))
        files << folder.filePath(name);
    return files;
}

core::Result<core::Done> restoreKeptEnvironment(const QString &path, const QByteArray &bytes)
{
    const auto failed = [&](const QString &answer) {
        return core::fail(core::ErrorKind::Storage, Say::tr("keep the environment"), path, answer,
            Say::tr("Check the folder's permissions and free space."));
    };
    if (!QDir().mkpath(QFileInfo(path).absolutePath()))
        return failed(Say::tr("the folder cannot be made"));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file.errorString());
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    if (file.write(bytes) != bytes.size() || !file.commit())
        return failed(file.errorString());
    return core::Done {};
}

core::Result<QByteArray> removeKeptEnvironment(const QString &path)
{
    QFile file(path);
    const auto failed = [&] {
        return core::fail(core::ErrorKind::Storage, Say::tr("remove the kept environment"), path, file.errorString(),
            Say::tr("Check the folder's permissions."));
    };
    if (!file.open(QIODevice::ReadOnly))
        return failed();
    const QByteArray bytes = file.readAll();
    file.close();
    if (!file.remove())
        return failed();
    return bytes;
}

core::Result<QString> keepEnvironment(const documents::Environment &environment)
{
    const QString path = keptEnvironmentFile(environment.name);
    QByteArray yaml = environmentYaml(environment);
    // What is written must be readable again: a name or field that the format refuses shows here, not at the next start.
    if (const auto back = documents::parseEnvironment(yaml, path); !back)
        return core::fail(back.error());
    // What no page of setup asks for stays as the file has it now, where it still fits.
    if (const auto there = documents::loadEnvironment(path)) {
        documents::Environment whole = environment;
        whole.probe = environment.probe ? environment.probe : there->probe;
        if (const QByteArray more = environmentYaml(whole); documents::parseEnvironment(more, path))
            yaml = more;
    }
    if (const auto written = restoreKeptEnvironment(path, yaml); !written)
        return core::fail(written.error());
    return path;
}

} // namespace catamaran::ui
