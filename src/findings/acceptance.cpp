// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "findings/acceptance.h"

#include "core/trustedfile.h"
#include "documents/strictyaml.h"
#include "findings/rule.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <algorithm>

namespace catamaran::findings {

namespace {

constexpr qsizetype mostAcceptances = 1000;
constexpr qint64 mostBytes = 1024 * 1024;

} // namespace

core::Result<QList<Acceptance>> parseAcceptances(const QByteArray &yaml, const QString &origin)
{
    const documents::YamlDocument document(yaml, origin, Say::tr("read the accepted findings"), QStringLiteral("Acceptances"));
    (void)document.name();
    QList<Acceptance> result;
    const documents::YamlValue spec = document.spec();
    spec.only({ "accepted" });
    const documents::YamlValue list = spec.field("accepted");
    for (const documents::YamlValue &one : list.items()) {
        one.only({ "rule", "cluster", "object", "until", "reason" });
        Acceptance acceptance { one.field("rule").text(), one.maybe("cluster").text(), one.maybe("object").text(), {} };
        const auto &known = rules();
        if (std::none_of(known.begin(), known.end(), [&](const Rule &rule) { return acceptance.rule == QLatin1StringView(rule.id); }))
            one.field("rule").reject(Say::tr("there is no rule “%1”").arg(acceptance.rule));
        acceptance.accepted.until = QDate::fromString(one.field("until").text(), Qt::ISODate);
        if (!acceptance.accepted.until.isValid())
            one.field("until").reject(Say::tr("is no day"), Say::tr("Write it as 2027-01-31."));
        acceptance.accepted.reason = one.field("reason").text();
        if (acceptance.accepted.reason.trimmed().isEmpty())
            one.field("reason").reject(Say::tr("is empty"), Say::tr("Say why it is wanted so."));
        result.append(acceptance);
        if (result.size() > mostAcceptances)
            list.reject(Say::tr("has more than %1 entries").arg(QString::number(mostAcceptances)));
    }
    if (const auto error = document.error())
        return core::fail(*error);
    return result;
}

QByteArray toYaml(const QList<Acceptance> &acceptances, const QString &name)
{
    // A text in JSON's quotes is YAML, whatever is in it.
    const auto quoted
        = [](const QString &text) { return QJsonDocument(QJsonArray { text }).toJson(QJsonDocument::Compact).sliced(1).chopped(1); };
    QByteArray yaml = "apiVersion: catamaran.io/v1\nkind: Acceptances\nmetadata: {name: " + name.toUtf8() + "}\nspec:\n  accepted:";
    if (acceptances.isEmpty())
        return yaml + " []\n";
    yaml += '\n';
    for (const Acceptance &one : acceptances) {
        yaml += "  - rule: " + quoted(one.rule) + '\n';
        if (!one.cluster.isEmpty())
            yaml += "    cluster: " + quoted(one.cluster) + '\n';
        if (!one.object.isEmpty())
            yaml += "    object: " + quoted(one.object) + '\n';
        yaml += "    until: " + quoted(one.accepted.until.toString(Qt::ISODate)) + "\n    reason: " + quoted(one.accepted.reason) + '\n';
    }
    return yaml;
}

QString acceptancesFile(const documents::Environment &environment)
{
    if (environment.file.isEmpty())
        return {};
    const QFileInfo file(environment.file);
    return file.path() + u'/' + file.completeBaseName() + QStringLiteral(".accepted.yaml");
}

core::Result<QList<Acceptance>> loadAcceptances(const documents::Environment &environment)
{
    const QString file = acceptancesFile(environment);
    if (file.isEmpty() || !QFileInfo::exists(file))
        return QList<Acceptance>();
    const auto read = core::readTrusted(file, mostBytes, Say::tr("read the accepted findings"));
    if (!read)
        return core::fail(read.error());
    return parseAcceptances(read->content, file);
}

core::Result<core::Done> saveAcceptances(const documents::Environment &environment, const QList<Acceptance> &acceptances)
{
    const QString tried = Say::tr("write the accepted findings"), file = acceptancesFile(environment);
    if (file.isEmpty())
        return core::fail(core::ErrorKind::Precondition, tried, environment.name, Say::tr("the environment has no file"));
    if (acceptances.size() > mostAcceptances)
        return core::fail(
            core::ErrorKind::Precondition, tried, file, Say::tr("has more than %1 entries").arg(QString::number(mostAcceptances)));
    const QByteArray yaml = toYaml(acceptances, environment.name);
    if (const auto readable = parseAcceptances(yaml, file); !readable) // what cannot be read back is not written
        return core::fail(readable.error());
    if (QFileInfo::exists(file))
        if (const QString why = core::whyNotOwn(file); !why.isEmpty())
            return core::fail(core::ErrorKind::Precondition, tried, file, why);
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || !out.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
        || out.write(yaml) != yaml.size() || !out.commit())
        return core::fail(core::ErrorKind::Storage, tried, file, out.errorString());
    return core::Done {};
}

namespace {

bool isAbout(const Acceptance &one, const Finding &finding)
{
    return one.rule == finding.rule && (one.cluster.isEmpty() || one.cluster == finding.cluster)
        && (one.object.isEmpty() || one.object == finding.object);
}

} // namespace

QList<Acceptance> withAccepted(QList<Acceptance> acceptances, const Finding &finding, const Accepted &accepted)
{
    acceptances.removeIf(
        [&](const Acceptance &one) { return one.rule == finding.rule && one.cluster == finding.cluster && one.object == finding.object; });
    acceptances.append({ finding.rule, finding.cluster, finding.object, accepted });
    return acceptances;
}

QList<Acceptance> withoutAccepted(QList<Acceptance> acceptances, const Finding &finding)
{
    acceptances.removeIf([&](const Acceptance &one) { return isAbout(one, finding); });
    return acceptances;
}

void accept(QList<Finding> &found, const QList<Acceptance> &acceptances, const QDate &today)
{
    for (Finding &finding : found) {
        if (finding.state == Health::Unknown)
            continue;
        finding.accepted.reset();
        for (const Acceptance &one : acceptances)
            if (isAbout(one, finding) && one.accepted.until >= today)
                finding.accepted = one.accepted;
    }
}

} // namespace catamaran::findings
