// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "alicloud/cliprofile.h"

#include "alicloud/say.h"
#include "core/trustedfile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace catamaran::alicloud {

using core::ErrorKind;
using core::Result;

namespace {

constexpr qint64 maxBytes = 1024 * 1024;
constexpr int mostProfiles = 1000;
constexpr qsizetype longestText = 4096;
constexpr int shortestRole = 900, longestRole = 43200;

QString tried()
{
    return Say::tr("read a profile of the aliyun command line tool");
}

/// Reads the fields of one profile: the first thing that is wrong is kept. Values are never repeated: they may be secrets.
class ProfileFields {
public:
    ProfileFields(QJsonObject profile, QString where)
        : m_profile(std::move(profile))
        , m_where(std::move(where))
    {
    }

    QString maybeText(const char *key)
    {
        const QJsonValue value = m_profile.value(QLatin1String(key));
        if (value.isUndefined() || value.isNull())
            return {};
        if (!value.isString() || value.toString().size() > longestText)
            refuse(Say::tr("its field %1 is not a text").arg(QLatin1String(key)));
        return value.toString();
    }
    QString text(const char *key)
    {
        const QString value = maybeText(key);
        if (value.isEmpty())
            refuse(Say::tr("it has no %1").arg(QLatin1String(key)));
        return value;
    }
    core::Secret secret(const char *key) { return core::Secret(text(key).toUtf8()); }
    int seconds(const char *key, int fallback)
    {
        const QJsonValue value = m_profile.value(QLatin1String(key));
        if (value.isUndefined() || value.isNull() || (value.isDouble() && value.toDouble() == 0))
            return fallback;
        const int read = value.toInt(-1);
        if (read < shortestRole || read > longestRole)
            refuse(Say::tr("its field %1 is not from %2 to %3").arg(QLatin1String(key)).arg(shortestRole).arg(longestRole));
        return read;
    }
    void refuse(const QString &answer, const QString &remedy = {}, ErrorKind kind = ErrorKind::InvalidInput)
    {
        if (!m_error)
            m_error = core::Error::make(kind, tried(), m_where, answer, remedy);
    }
    [[nodiscard]] const std::optional<core::Error> &error() const { return m_error; }

private:
    const QJsonObject m_profile;
    const QString m_where;
    std::optional<core::Error> m_error;
};

} // namespace

Result<CliProfile> parseCliProfile(const QByteArray &json, const QString &name, const QString &file)
{
    const auto wrong = [&](const QString &answer, const QString &remedy = {}) {
        return core::fail(ErrorKind::InvalidInput, tried(), file, answer, remedy);
    };
    if (json.size() > maxBytes)
        return wrong(Say::tr("it is larger than 1 MiB"));
    QJsonParseError parsing;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parsing);
    if (!document.isObject())
        return wrong(parsing.error == QJsonParseError::NoError ? Say::tr("it is not a JSON object") : parsing.errorString());
    const QJsonValue list = document.object().value(u"profiles"), current = document.object().value(u"current");
    if (!list.isArray() || list.toArray().size() > mostProfiles)
        return wrong(Say::tr("it has no list of profiles"), Say::tr("Make one: aliyun configure"));
    const QString wanted = name.isEmpty() ? current.toString() : name;
    if (wanted.isEmpty())
        return wrong(Say::tr("it names no current profile"), Say::tr("Name one in the environment file: profile: NAME"));
    std::optional<QJsonObject> found;
    for (const QJsonValue &one : list.toArray()) {
        if (one.toObject().value(u"name").toString() != wanted)
            continue;
        if (found)
            return wrong(Say::tr("it has two profiles named “%1”").arg(wanted.left(80)));
        found = one.toObject();
    }
    if (!found)
        return core::fail(ErrorKind::NotFound, tried(), file, Say::tr("it has no profile “%1”").arg(wanted.left(80)),
            Say::tr("See aliyun configure list."));
    ProfileFields fields(*found, Say::tr("profile %1 in %2").arg(wanted, file));
    const QString mode = fields.text("mode");
    const auto is = [&](QLatin1String other) { return mode.compare(other, Qt::CaseInsensitive) == 0; };
    CliProfile profile;
    profile.credentials = { fields.text("access_key_id"), fields.secret("access_key_secret"), {} };
    if (is(QLatin1String("StsToken"))) {
        profile.credentials.securityToken = fields.secret("sts_token");
    } else if (is(QLatin1String("RamRoleArn"))) {
        // The tool takes a token beside the key here too.
        profile.credentials.securityToken = core::Secret(fields.maybeText("sts_token").toUtf8());
        profile.role
            = Role { fields.text("ram_role_arn"), fields.text("ram_session_name"), fields.seconds("expired_seconds", shortestRole) };
    } else if (!is(QLatin1String("AK")) && !mode.isEmpty()) {
        return core::fail(ErrorKind::Unsupported, tried(), Say::tr("profile %1 in %2").arg(wanted, file),
            Say::tr("its mode “%1” is not supported").arg(mode.left(40)), Say::tr("Use one of mode AK, StsToken or RamRoleArn."));
    }
    if (fields.error())
        return core::fail(*fields.error());
    return profile;
}

Result<CliProfile> loadCliProfile(const QString &file, const QString &name)
{
    // What it names is what we act as: not a line of it may be somebody else's.
    const auto read = core::readTrusted(file, maxBytes, tried());
    if (!read)
        return core::fail(read.error());
    return parseCliProfile(read->content, name, file);
}

QStringList credentialVariables()
{
    return { QStringLiteral("ALIBABA_CLOUD_ACCESS_KEY_ID"), QStringLiteral("ALIBABA_CLOUD_ACCESS_KEY_SECRET"),
        QStringLiteral("ALIBABA_CLOUD_SECURITY_TOKEN") };
}

Result<Credentials> credentialsOfVariables(const std::function<QByteArray(const char *name)> &variable)
{
    const auto value = [&](qsizetype i) { return variable(credentialVariables().at(i).toUtf8().constData()).trimmed(); };
    for (const qsizetype needed : { 0, 1 })
        if (value(needed).isEmpty())
            return core::fail(ErrorKind::InvalidInput, Say::tr("read the access key from the environment's variables"),
                credentialVariables().at(needed), Say::tr("the variable is not set"),
                Say::tr("Set it, or say in the environment file where the access key is."));
    return Credentials { QString::fromUtf8(value(0)), core::Secret(value(1)), core::Secret(value(2)) };
}

} // namespace catamaran::alicloud
