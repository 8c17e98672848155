// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "kube/configdata.h"

#include "core/shellquoted.h"
#include "core/trustedfile.h"
#include "kube/say.h"

#include <QDir>
#include <QFileInfo>

namespace catamaran::kube {

using core::Error;
using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 maxFileBytes = 16 * 1024 * 1024;

/// @p file is known to exist.
Result<Kubeconfig::Data> readFile(const QString &file)
{
    if (isServiceAccount(file))
        return readServiceAccount(file);
    const auto read = core::readTrusted(file, maxFileBytes, Say::tr("read the kubeconfig"));
    if (!read)
        return core::fail(read.error());
    auto data = readConfigText(read->content, file, QFileInfo(file).absolutePath(), Origin::User);
    if (data && read->othersMayRead)
        data->issues.append({ ConfigIssue::Severity::Warning, file, Say::tr("Other users of this machine can read this file."),
            Say::tr("Set its mode to 0600: chmod 600 %1").arg(core::shellQuoted(file)) });
    return data;
}

} // namespace

const QList<KubeContext> &Kubeconfig::contexts() const
{
    static const QList<KubeContext> none;
    return d ? d->contexts : none;
}

const QString &Kubeconfig::currentContext() const
{
    static const QString none;
    return d ? d->currentContext : none;
}

const QList<ConfigIssue> &Kubeconfig::issues() const
{
    static const QList<ConfigIssue> none;
    return d ? d->issues : none;
}

static Result<Kubeconfig> load(const QStringList &files, bool aloneMustExist)
{
    Kubeconfig::Data merged;
    QList<Error> failures;
    QStringList wanted, missing;
    for (const QString &file : files) {
        if (!file.isEmpty() && !wanted.contains(file))
            wanted.append(file);
    }
    for (const QString &file : std::as_const(wanted)) {
        if (!QFileInfo::exists(file)) {
            missing.append(file);
            continue;
        }
        if (const auto data = readFile(file))
            mergeConfig(merged, *data);
        else
            failures.append(data.error());
    }
    if (!failures.isEmpty()) { // one broken file and nothing is loaded, as kubectl does; all of them are named
        Error error = failures.first();
        for (const Error &other : failures.mid(1))
            error.answer += QStringLiteral("; ") + other.target + QStringLiteral(": ") + other.answer;
        return core::fail(error);
    }
    if (aloneMustExist && wanted.size() == 1 && missing.size() == 1) {
        return core::fail(ErrorKind::InvalidInput, Say::tr("read the kubeconfig"), wanted.first(), Say::tr("the file does not exist"),
            Say::tr("Check the path, or fetch a kubeconfig for the cluster."));
    }
    if (!wanted.isEmpty() && missing.size() == wanted.size()) {
        merged.issues.append(
            { ConfigIssue::Severity::Warning, missing.join(QStringLiteral(", ")), Say::tr("None of the kubeconfig files exists."),
                Say::tr("Fetch a kubeconfig for the cluster, or set KUBECONFIG to where it is.") });
    }
    Kubeconfig config;
    config.d = std::make_shared<const Kubeconfig::Data>(std::move(merged));
    return config;
}

Result<Kubeconfig> loadKubeconfig(const QStringList &files)
{
    return load(files, true);
}

Result<Kubeconfig> loadDefaultKubeconfig(const QString &folder)
{
    const auto config = load(defaultKubeconfigFiles(), false);
    if (!config || !runsInCluster(folder))
        return config;
    const Kubeconfig::Data &data = *config->d;
    const bool isEmpty = data.contexts.isEmpty() && data.clusters.isEmpty() && data.users.isEmpty() && data.currentContext.isEmpty();
    return isEmpty ? load({ folder }, true) : config;
}

QStringList defaultKubeconfigFiles()
{
    const QString variable = qEnvironmentVariable("KUBECONFIG");
    if (variable.isEmpty())
        return { QDir::homePath() + QStringLiteral("/.kube/config") };
    QStringList files = variable.split(QDir::listSeparator(), Qt::SkipEmptyParts);
    files.removeDuplicates();
    return files;
}

Result<Kubeconfig> parseKubeconfig(const QByteArray &yaml, const QString &name, Origin origin)
{
    auto data = readConfigText(yaml, name, {}, origin);
    if (!data)
        return core::fail(data.error());
    Kubeconfig config;
    config.d = std::make_shared<const Kubeconfig::Data>(std::move(*data));
    return config;
}

} // namespace catamaran::kube
