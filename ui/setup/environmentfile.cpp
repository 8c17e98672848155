// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/environmentfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QSaveFile>
#include <QStandardPaths>

namespace catamaran::ui {

namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(EnvironmentFile)
};

/// Always quoted: no text of a user becomes YAML by accident.
QByteArray quoted(QString text)
{
    text.replace(u'\\', QStringLiteral("\\\\")).replace(u'"', QStringLiteral("\\\"")).replace(u'\n', QStringLiteral("\\n"));
    return '"' + text.toUtf8() + '"';
}

QByteArray quotedList(const QStringList &texts)
{
    QByteArrayList parts;
    for (const QString &text : texts)
        parts << quoted(text);
    return "[" + parts.join(", ") + "]";
}

} // namespace

QByteArray environmentYaml(const fleet::Environment &environment)
{
    QByteArray yaml = "apiVersion: catamaran.io/v1\nkind: Environment\nmetadata:\n  name: " + quoted(environment.name) + "\nspec:\n";
    yaml += "  colour: " + quoted(environment.colour) + "\n";
    if (environment.production)
        yaml += "  production: true\n";
    if (environment.cloud) {
        const fleet::SecretSource &secret = environment.cloud->secret;
        const char *kind = secret.kind == fleet::SecretSource::Kind::File ? "file" : secret.kind == fleet::SecretSource::Kind::Variable ? "env" : "keyring";
        yaml += "  alibabaCloud:\n    accessKeyId: " + quoted(environment.cloud->accessKeyId) + "\n    accessKeySecret: { " + kind + ": " + quoted(secret.name) + " }\n";
        yaml += "    regions: " + quotedList(environment.cloud->regions) + "\n";
    }
    yaml += environment.clusters.isEmpty() ? "  clusters: []\n" : "  clusters:\n";
    for (const fleet::EnvironmentCluster &cluster : environment.clusters) {
        yaml += "  - name: " + quoted(cluster.name) + "\n";
        if (!cluster.cloudId.isEmpty())
            yaml += "    cloudId: " + quoted(cluster.cloudId) + "\n";
        if (!cluster.region.isEmpty())
            yaml += "    region: " + quoted(cluster.region) + "\n";
        if (!cluster.kubeconfigs.isEmpty())
            yaml += "    kubeconfig: " + quotedList(cluster.kubeconfigs) + "\n";
        if (!cluster.context.isEmpty())
            yaml += "    context: " + quoted(cluster.context) + "\n";
    }
    return yaml;
}

core::Result<QString> keepEnvironment(const fleet::Environment &environment)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + QStringLiteral("/catamaran/environments");
    const QString path = folder + u'/' + environment.name + QStringLiteral(".yaml");
    const auto failed = [&](const QString &answer) {
        return core::fail(core::ErrorKind::Storage, Say::tr("keep the environment"), path, answer, Say::tr("Check the folder's permissions and free space."));
    };
    // What is written must be readable again: a name or field that the format refuses shows here, not at the next start.
    const QByteArray yaml = environmentYaml(environment);
    if (const auto back = fleet::parseEnvironment(yaml, path); !back)
        return core::fail(back.error());
    if (!QDir().mkpath(folder))
        return failed(Say::tr("the folder cannot be made"));
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return failed(file.errorString());
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    if (file.write(yaml) != yaml.size() || !file.commit())
        return failed(file.errorString());
    return path;
}

core::Result<QList<ResolvedContext>> resolveContexts(const QStringList &files)
{
    const auto config = kube::loadKubeconfig(files);
    if (!config)
        return core::fail(config.error());
    QList<ResolvedContext> contexts;
    for (const kube::KubeContext &context : config->contexts()) {
        ResolvedContext resolved { context.name, context.file, {}, context.user, {}, {} };
        if (const auto access = kube::resolveContext(*config, context.name)) {
            resolved.server = access->server.toString();
            resolved.warning = access->warnings.join(QStringLiteral("; "));
            if (access->clientCertificateExpires.isValid() && access->clientCertificateExpires < QDateTime::currentDateTimeUtc())
                resolved.warning = Say::tr("the client certificate has expired on %1").arg(access->clientCertificateExpires.date().toString(Qt::ISODate));
        } else {
            resolved.error = access.error();
        }
        contexts << resolved;
    }
    return contexts;
}

} // namespace catamaran::ui
