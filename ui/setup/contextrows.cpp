// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "ui/setup/contextrows.h"

#include "core/printable.h"
#include "core/shellquoted.h"
#include "kube/configdata.h"
#include "ui/common/rights.h"
#include "ui/common/say.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>

#include <algorithm>

namespace catamaran::ui {

using core::shellQuoted;
using Severity = kube::ConfigIssue::Severity;

namespace {

/// Changes the entry @p name of @p file: "kubectl config --kubeconfig F set-context --cluster=X NAME".
QString kubectlConfig(const QString &file, const QStringList &words, const QString &name)
{
    QStringList all = QStringList { QStringLiteral("kubectl"), QStringLiteral("config"), QStringLiteral("--kubeconfig"), file } + words;
    if (name.startsWith(u'-'))
        all << QStringLiteral("--");
    return shellQuoted(all << name);
}

bool isExecutableInPath(const QString &command)
{
    if (command.contains(u'/'))
        return QFileInfo(command).isExecutable();
    const QStringList folders = qEnvironmentVariable("PATH").split(QDir::listSeparator(), Qt::SkipEmptyParts);
    return std::any_of(
        folders.cbegin(), folders.cend(), [&](const QString &folder) { return QFileInfo(folder + u'/' + command).isExecutable(); });
}

/// Kind of credential and whose it is.
QString whoText(const kube::ClusterAccess &access)
{
    const QString who = identityText(access);
    if (!access.impersonation.isEmpty())
        return who;
    if (access.plugin)
        return Say::tr("plugin %1").arg(QFileInfo(access.plugin->command).fileName());
    if (!access.token.isEmpty())
        return who.contains(u':') ? Say::tr("token of %1").arg(who) : Say::tr("token");
    if (!access.tls.clientChain.isEmpty())
        return Say::tr("certificate %1").arg(access.tls.clientChain.first().subjectInfo(QSslCertificate::CommonName).join(u' '));
    if (!access.username.isEmpty())
        return Say::tr("password of %1").arg(access.username);
    return who;
}

/// Commands for what can be mended by one, from the facts and not from the words of the issues.
void addMends(ContextRow &row, const kube::Kubeconfig::Data &data)
{
    const auto cluster = data.clusters.constFind(row.cluster);
    const auto user = data.users.constFind(row.user);
    if (cluster == data.clusters.cend()) {
        QStringList names = data.clusters.keys();
        names.sort();
        row.mends.append({ Say::tr("Let the context name a cluster that is defined"),
            kubectlConfig(row.file,
                { QStringLiteral("set-context"), QStringLiteral("--cluster=") + names.value(0, QStringLiteral("CLUSTER")) }, row.name) });
    } else {
        if (row.plainHttp) {
            QString server = cluster->server;
            server.remove(QLatin1String("http://"));
            row.mends.append({ Say::tr("Talk over TLS"),
                kubectlConfig(
                    cluster->file, { QStringLiteral("set-cluster"), QStringLiteral("--server=https://") + server }, row.cluster) });
        }
        if (cluster->skipVerification) {
            const bool has = !cluster->authorityFile.isEmpty() || !cluster->authorityData.isEmpty();
            QStringList words { QStringLiteral("set-cluster"), QStringLiteral("--insecure-skip-tls-verify=false") };
            if (!has)
                words << QStringLiteral("--certificate-authority=ca.pem") << QStringLiteral("--embed-certs");
            row.mends.append({ has ? Say::tr("Verify with the certificate authority that is given")
                                   : Say::tr("Verify with the cluster's certificate authority"),
                (has ? QString() : QStringLiteral("# ") + Say::tr("Ask whoever runs the cluster for ca.pem.") + u'\n')
                    + kubectlConfig(cluster->file, words, row.cluster) });
        }
    }
    if (user == data.users.cend()) {
        QStringList names = data.users.keys();
        names.sort();
        if (!names.isEmpty())
            row.mends.append({ Say::tr("Let the context name a user that is defined"),
                kubectlConfig(row.file, { QStringLiteral("set-context"), QStringLiteral("--user=") + names.first() }, row.name) });
    } else if (user->exec && !user->exec->command.isEmpty() && !isExecutableInPath(user->exec->command)) {
        row.mends.append({ Say::tr("Install the program that gives the credentials, then look whether it is found"),
            QStringLiteral("command -v %1").arg(shellQuoted(user->exec->command)) });
    }
    QStringList open; // files that others can read
    for (const QString &file : { row.file, row.clusterFile, row.userFile }) {
        const auto rights = QFileInfo(file).permissions();
        if (QFileInfo(file).isFile() && !open.contains(file) && (rights & (QFileDevice::ReadOther | QFileDevice::ReadGroup)))
            open << file;
    }
    for (const QString &file : std::as_const(open))
        row.mends.append({ Say::tr("Let only yourself read the file"), QStringLiteral("chmod 600 %1").arg(shellQuoted(file)) });
}

} // namespace

Expiry expiryOf(const QDateTime &end, const QDateTime &now)
{
    if (!end.isValid())
        return Expiry::None;
    if (end <= now)
        return Expiry::Expired;
    return now.daysTo(end) <= soonDays ? Expiry::Soon : Expiry::Fine;
}

observe::Health severityHealth(Severity severity)
{
    switch (severity) {
    case Severity::Note: return observe::Health::Unknown;
    case Severity::Warning: return observe::Health::Warning;
    case Severity::Error: return observe::Health::Failed;
    }
    return observe::Health::Unknown;
}

QString severityWord(Severity severity)
{
    switch (severity) {
    case Severity::Note: return Say::tr("note");
    case Severity::Warning: return Say::tr("warning");
    case Severity::Error: return Say::tr("error");
    }
    return {};
}

observe::Health ContextRow::health() const
{
    if (!usable() || expiry == Expiry::Expired)
        return observe::Health::Failed;
    const bool warned
        = std::any_of(issues.cbegin(), issues.cend(), [](const kube::ConfigIssue &issue) { return issue.severity == Severity::Warning; });
    return warned || insecure || plainHttp || expiry == Expiry::Soon ? observe::Health::Warning : observe::Health::Ok;
}

QString ContextRow::stateText() const
{
    if (!usable())
        return issues.isEmpty() ? Say::tr("cannot be used") : issues.first().what;
    if (expiry == Expiry::Expired)
        return Say::tr("certificate expired");
    if (plainHttp)
        return Say::tr("plain http: no credentials are sent");
    if (insecure)
        return Say::tr("server not verified");
    if (expiry == Expiry::Soon)
        return Say::tr("certificate ends soon");
    for (const kube::ConfigIssue &issue : issues) {
        if (issue.severity == Severity::Warning)
            return issue.what;
    }
    return Say::tr("can be used");
}

QString ContextRow::expiryText(const QDateTime &now) const
{
    if (!certificateExpires.isValid())
        return Say::tr("–");
    const QString date = certificateExpires.toUTC().date().toString(Qt::ISODate);
    const qint64 days = now.daysTo(certificateExpires);
    switch (expiry) {
    case Expiry::Expired: return Say::tr("%1 (expired)").arg(date);
    case Expiry::Soon: return Say::tr("%1 (%n day(s))", nullptr, int(days)).arg(date);
    case Expiry::Fine:
    case Expiry::None: break;
    }
    return date;
}

QString ContextRow::asText(const QDateTime &now) const
{
    QStringList lines;
    const auto line = [&lines](const QString &key, const QString &value, const QString &from = {}) {
        if (!value.isEmpty())
            lines << core::printableLine(
                from.isEmpty() ? QStringLiteral("  %1: %2").arg(key, value) : QStringLiteral("  %1: %2  [%3]").arg(key, value, from));
    };
    lines << core::printableLine(Say::tr("context %1").arg(name)) + (current ? Say::tr(" (current)") : QString())
            + QStringLiteral("  [%1]").arg(file);
    line(Say::tr("cluster"), cluster, clusterFile);
    line(Say::tr("server"), server);
    line(Say::tr("trusts"), trust);
    line(Say::tr("user"), user, userFile);
    line(Say::tr("identity"), identity);
    line(Say::tr("acting as"), actingAs);
    line(Say::tr("namespace"), ns);
    line(Say::tr("proxy"), proxy);
    if (certificateExpires.isValid())
        line(Say::tr("certificate until"), expiryText(now));
    line(Say::tr("state"), stateText());
    for (const kube::ConfigIssue &issue : issues)
        lines << core::printableLine(QStringLiteral("  - %1: %2").arg(severityWord(issue.severity), issue.text()));
    for (const Mend &mend : mends)
        lines << QStringLiteral("  $ %1").arg(mend.command);
    return lines.join(u'\n') + u'\n';
}

static ContextRow contextRow(const kube::Kubeconfig &config, const kube::KubeContext &context, const QDateTime &now)
{
    const kube::ContextReport report = kube::inspectContext(config, context.name);
    ContextRow row;
    row.name = context.name;
    row.file = context.file;
    row.current = context.name == config.currentContext();
    row.cluster = context.cluster;
    row.user = context.user;
    row.ns = report.ns;
    row.server = report.server;
    row.trust = report.trust;
    row.identity = report.identity;
    row.actingAs = report.actingAs;
    row.proxy = report.proxy;
    row.access = report.access;
    row.plainHttp = row.server.startsWith(QLatin1String("http://"), Qt::CaseInsensitive);
    if (config.d) {
        const auto cluster = config.d->clusters.constFind(context.cluster);
        if (cluster != config.d->clusters.cend()) {
            row.clusterFile = cluster->file;
            row.insecure = cluster->skipVerification && !row.plainHttp;
        }
        const auto user = config.d->users.constFind(context.user);
        if (user != config.d->users.cend())
            row.userFile = user->file;
    }
    if (row.access)
        row.certificateExpires = row.access->clientCertificateExpires;
    row.who = row.access ? whoText(*row.access) : row.user;
    row.expiry = expiryOf(row.certificateExpires, now);
    // What is said of files belongs to the contexts that come from them.
    for (const kube::ConfigIssue &issue : report.issues) {
        const QString text = issue.where + u' ' + issue.text();
        const bool ours = text.contains(row.file) || (!row.clusterFile.isEmpty() && text.contains(row.clusterFile))
            || (!row.userFile.isEmpty() && text.contains(row.userFile));
        if (ours || !config.issues().contains(issue))
            row.issues.append(issue);
    }
    if (config.d)
        addMends(row, *config.d);
    return row;
}

QList<ContextRow> contextRows(const kube::Kubeconfig &config, const QDateTime &now)
{
    QList<ContextRow> rows;
    for (const kube::KubeContext &context : config.contexts())
        rows.append(contextRow(config, context, now));
    return rows;
}

/// @p row as its own file alone has it, and what kubectl with all files would take instead.
static ContextRow fromItsOwnFile(const ContextRow &row, const kube::Kubeconfig &own, const QDateTime &now)
{
    const QString winner = row.userFile != row.file ? row.userFile : row.clusterFile;
    const QString what = row.userFile != row.file ? Say::tr("user “%1”").arg(row.user) : Say::tr("cluster “%1”").arg(row.cluster);
    for (const kube::KubeContext &context : own.contexts()) {
        if (context.name != row.name)
            continue;
        ContextRow alone = contextRow(own, context, now);
        alone.current = row.current;
        alone.issues.append(
            { Severity::Note, row.file, Say::tr("kubectl with all these files together would take %1 from %2.").arg(what, winner),
                Say::tr("Here the context uses its own file.") });
        return alone;
    }
    return row;
}

KubeReading readKubeconfigs(const QStringList &files, const QDateTime &now)
{
    KubeReading reading;
    QHash<QString, kube::Kubeconfig> alone; // each file is parsed once: it may be large
    kube::Kubeconfig::Data together;
    for (const QString &path : files) {
        KubeFile file;
        file.path = path;
        file.missing = !QFileInfo::exists(path);
        const auto config = kube::loadKubeconfig({ path });
        if (config) {
            file.issues = config->issues();
            if (!alone.contains(path))
                kube::mergeConfig(together, *config->d);
            alone.insert(path, *config);
        } else {
            file.error = config.error();
        }
        reading.files.append(file);
    }
    if (alone.isEmpty())
        return reading;
    QStringList good = files;
    good.removeIf([&](const QString &path) { return !alone.contains(path); });
    kube::Kubeconfig merged;
    merged.d = std::make_shared<const kube::Kubeconfig::Data>(std::move(together));
    QHash<QString, int> counts;
    for (const kube::KubeContext &context : merged.contexts()) {
        ++counts[context.file];
        ContextRow row = contextRow(merged, context, now);
        row.files = good;
        const kube::Kubeconfig own = alone.value(row.file);
        if (own.d && own.d->clusters.contains(row.cluster) && own.d->users.contains(row.user)) {
            if (row.clusterFile != row.file || row.userFile != row.file)
                row = fromItsOwnFile(row, own, now);
            row.files = QStringList { row.file };
        }
        reading.rows.append(row);
    }
    reading.issues = merged.issues();
    for (KubeFile &file : reading.files)
        file.contexts = counts.value(file.path);
    return reading;
}

} // namespace catamaran::ui
