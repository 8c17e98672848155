// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmaccount.h"

#include "alicloud/cliprofile.h"
#include "core/childenvironment.h"
#include "core/trustedfile.h"
#include "core/wholepattern.h"
#include "mesh/accountsecret.h"
#include "mesh/asm/asmkind.h"
#include "mesh/asm/asmprovider.h"
#include "mesh/say.h"

#include <QRegularExpression>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;
using core::Secret;
using documents::YamlValue;

namespace {

constexpr qint64 maxBytes = 1024 * 1024;

/// An https address without path, user or query.
QUrl readEndpoint(const YamlValue &value, const QUrl &fallback)
{
    if (!value)
        return fallback;
    const QUrl url(value.text(), QUrl::StrictMode);
    const bool plain = url.isValid() && url.scheme() == QLatin1String("https") && !url.host().isEmpty() && url.userInfo().isEmpty()
        && !url.hasQuery() && !url.hasFragment() && (url.path().isEmpty() || url.path() == QLatin1String("/"));
    if (!plain)
        value.reject(Say::tr("must be an address like https://host:port"));
    return url;
}

void readEndpoints(const YamlValue &value, const QDir &folder, alicloud::Endpoints &endpoints)
{
    if (!value)
        return;
    value.only({ "servicemesh", "cs", "sts", "ca" });
    endpoints.servicemesh = readEndpoint(value.maybe("servicemesh"), endpoints.servicemesh);
    endpoints.sts = readEndpoint(value.maybe("sts"), endpoints.sts);
    if (const YamlValue cs = value.maybe("cs")) {
        const QString form = cs.text();
        const QString probe = form.contains(QLatin1String("%1")) ? form.arg(QStringLiteral("cn-hangzhou")) : form;
        const QUrl url(probe, QUrl::StrictMode);
        if (!url.isValid() || url.scheme() != QLatin1String("https") || url.host().isEmpty())
            cs.reject(Say::tr("must be an address like https://cs.%1.aliyuncs.com, with %1 for the region").arg(QStringLiteral("%1")));
        endpoints.csTemplate = form;
    }
    if (const YamlValue ca = value.maybe("ca")) {
        const QString file = documents::absolutePath(ca.text(), folder);
        const auto read = core::readTrusted(file, maxBytes, {}); // whoever may write it is the authority
        if (!read) {
            ca.reject(Say::tr("“%1” cannot be read: %2").arg(file, read.error().answer), read.error().remedy);
            return;
        }
        endpoints.trusted = QSslCertificate::fromData(read->content, QSsl::Pem);
        if (endpoints.trusted.isEmpty())
            ca.reject(Say::tr("“%1” holds no PEM certificate").arg(file));
    }
}

void readRegions(const YamlValue &regions, QStringList &read)
{
    read = regions.texts();
    static const QRegularExpression form = core::wholePattern(QStringLiteral("[a-z]{2}-[a-z0-9-]{1,60}"));
    for (const YamlValue &region : regions.items())
        if (!form.match(region.text()).hasMatch())
            region.reject(Say::tr("must be a region such as cn-hangzhou, but is “%1”").arg(region.text().left(60)));
    if (QSet<QString>(read.begin(), read.end()).size() != read.size())
        regions.reject(Say::tr("names a region twice"));
    if (regions && read.isEmpty())
        regions.reject(Say::tr("names no region"));
}

std::optional<alicloud::Role> readRole(const YamlValue &value)
{
    if (!value)
        return std::nullopt;
    value.only({ "roleArn", "sessionName", "seconds" });
    alicloud::Role role;
    static const QRegularExpression arn = core::wholePattern(QStringLiteral("acs:ram::[0-9]{1,20}:role/[A-Za-z0-9._-]{1,64}"));
    static const QRegularExpression session = core::wholePattern(QStringLiteral("[A-Za-z0-9.@_-]{2,64}"));
    role.arn = value.field("roleArn").text();
    if (!arn.match(role.arn).hasMatch())
        value.field("roleArn").reject(Say::tr("must be a role such as acs:ram::1234567890123456:role/catamaran"));
    if (const YamlValue name = value.maybe("sessionName")) {
        role.sessionName = name.text();
        if (!session.match(role.sessionName).hasMatch())
            name.reject(Say::tr("must be 2 to 64 letters, digits, “.”, “@”, “_” and “-”"));
    }
    role.seconds = value.maybe("seconds").integer(role.seconds, 900, 43200);
    return role;
}

/// An end that the file gives: nobody tells us otherwise when a token ends.
QDateTime readEnd(const YamlValue &value)
{
    if (!value)
        return {};
    const QDateTime end = QDateTime::fromString(value.text(), Qt::ISODate);
    if (!end.isValid() || end.timeSpec() == Qt::LocalTime)
        value.reject(Say::tr("must be a time such as 2026-01-02T03:04:05Z"));
    return end.toUTC();
}

QString cliFile(const AccountSettings &settings)
{
    return settings.profileFile.isEmpty() ? QDir::homePath() + QStringLiteral("/.aliyun/config.json") : settings.profileFile;
}

using Opened = Result<std::shared_ptr<Provider>>;

class AsmAccount final : public Account {
public:
    explicit AsmAccount(AccountSettings settings)
        : m_settings(std::move(settings))
    {
    }

    [[nodiscard]] const AccountSettings &settings() const { return m_settings; }
    [[nodiscard]] const ProviderKind &kind() const override { return asmKind(); }
    [[nodiscard]] QString told() const override
    {
        const QString regions = m_settings.regions.join(QStringLiteral(", "));
        const QString who = m_settings.way == AccountSettings::Way::Profile
            ? Say::tr("profile %1 of the aliyun command line tool")
                  .arg(m_settings.profile.isEmpty() ? Say::tr("(the current one)") : m_settings.profile)
            : m_settings.way == AccountSettings::Way::Variables ? Say::tr("the access key of the environment's variables")
                                                                : Say::tr("AccessKey %1").arg(m_settings.accessKeyId);
        return m_settings.role ? Say::tr("%1 as %2, %3").arg(who, m_settings.role->arn, regions) : Say::tr("%1, %2").arg(who, regions);
    }
    [[nodiscard]] QByteArray toYaml(int indent) const override
    {
        using documents::quotedYaml;
        const QByteArray in(indent, ' ');
        QByteArray yaml;
        const auto line = [&](const char *key, const QByteArray &value) { yaml += in + key + ": " + value + "\n"; };
        switch (m_settings.way) {
        case AccountSettings::Way::AccessKey:
            line("accessKeyId", quotedYaml(m_settings.accessKeyId));
            line("accessKeySecret", documents::toYaml(m_settings.secret));
            if (m_settings.token.kind != documents::SecretSource::Kind::None)
                line("securityToken", documents::toYaml(m_settings.token));
            if (m_settings.expires.isValid())
                line("expires", quotedYaml(m_settings.expires.toUTC().toString(Qt::ISODate)));
            break;
        case AccountSettings::Way::Profile:
            line("profile", quotedYaml(m_settings.profile));
            if (!m_settings.profileFile.isEmpty())
                line("profileFile", quotedYaml(m_settings.profileFile));
            break;
        case AccountSettings::Way::Variables: line("variables", "true"); break;
        }
        if (m_settings.role)
            line("assumeRole",
                "{ roleArn: " + quotedYaml(m_settings.role->arn) + ", sessionName: " + quotedYaml(m_settings.role->sessionName)
                    + ", seconds: " + QByteArray::number(m_settings.role->seconds) + " }");
        line("regions", quotedYaml(m_settings.regions));
        return yaml;
    }
    [[nodiscard]] QMap<QString, QString> fields() const override
    {
        if (m_settings.way != AccountSettings::Way::AccessKey || m_settings.role
            || m_settings.token.kind != documents::SecretSource::Kind::None)
            return {}; // more than the fields can say
        return { { QStringLiteral("accessKeyId"), m_settings.accessKeyId },
            { QStringLiteral("regions"), m_settings.regions.join(QStringLiteral(", ")) } };
    }
    [[nodiscard]] QString secretEntry() const override
    {
        return m_settings.secret.kind == documents::SecretSource::Kind::Keyring ? m_settings.secret.name : QString();
    }
    [[nodiscard]] QFuture<Opened> open(const OpenOptions &options, std::stop_token stop) const override;

private:
    const AccountSettings m_settings;
};

/// The clients of @p base, with the role that the settings or the profile name.
Opened opened(const AccountSettings &settings, const OpenOptions &options, std::shared_ptr<alicloud::CredentialSource> base,
    std::optional<alicloud::Role> role)
{
    auto source = role ? alicloud::assumedRole(std::move(base), *role, settings.endpoints, options.clock) : std::move(base);
    AsmProvider::Clients clients { std::make_unique<alicloud::AsmClient>(source, settings.endpoints),
        std::make_unique<alicloud::AckClient>(source, settings.endpoints) };
    return std::make_shared<AsmProvider>(std::move(clients), settings.regions, options.clusters, std::move(source));
}

Opened openProfile(const AccountSettings &settings, const OpenOptions &options)
{
    const QString file = cliFile(settings), name = settings.profile;
    const auto profile = alicloud::loadCliProfile(file, name);
    if (!profile)
        return core::fail(profile.error());
    // Whatever keeps the file current is followed: it is read again when what it said has ended.
    auto base = alicloud::readCredentials(
        [file, name] {
            return alicloud::loadCliProfile(file, name).map([](const alicloud::CliProfile &read) { return read.credentials; });
        },
        Say::tr("use the credentials of profile %1").arg(name), options.clock);
    return opened(settings, options, std::move(base), settings.role ? settings.role : profile->role);
}

Opened openVariables(const AccountSettings &settings, const OpenOptions &options)
{
    const auto credentials = alicloud::credentialsOfVariables([](const char *name) { return qgetenv(name); });
    for (const QString &name : alicloud::credentialVariables())
        core::withholdFromChildren(name);
    if (!credentials)
        return core::fail(credentials.error());
    return opened(settings, options, alicloud::fixedCredentials(*credentials, options.clock), settings.role);
}

QFuture<Opened> AsmAccount::open(const OpenOptions &options, std::stop_token stop) const
{
    if (m_settings.way == AccountSettings::Way::Profile)
        return core::readyFuture(openProfile(m_settings, options));
    if (m_settings.way == AccountSettings::Way::Variables)
        return core::readyFuture(openVariables(m_settings, options));
    struct Reading {
        QPromise<Opened> promise;
    };
    auto reading = std::make_shared<Reading>();
    reading->promise.start();
    auto future = reading->promise.future();
    const auto finish = [reading](Opened result) {
        reading->promise.addResult(std::move(result));
        reading->promise.finish();
    };
    // The token is asked for after the secret: two questions of a keyring are one after the other.
    core::whenReady(readSecret(m_settings.secret, options.secrets, Say::tr("read the access key's secret"), stop), &options.secrets,
        [settings = m_settings, options, stop, finish](const Result<Secret> &key) {
            if (!key) {
                core::Error error = key.error();
                if (error.kind == ErrorKind::NotFound && error.remedy.isEmpty())
                    error.remedy = Say::tr("Enter the access key's secret again.");
                finish(core::fail(error));
                return;
            }
            if (key->isEmpty()) {
                finish(core::fail(ErrorKind::InvalidInput, Say::tr("open the cloud account"), settings.secret.name,
                    Say::tr("the access key's secret is empty"), Say::tr("Put it where alibabaCloud.accessKeySecret says.")));
                return;
            }
            core::whenReady(readSecret(settings.token, options.secrets, Say::tr("read the security token"), stop), &options.secrets,
                [settings, options, finish, secret = *key](const Result<Secret> &token) {
                    if (!token)
                        finish(core::fail(token.error()));
                    else if (token->isEmpty() && settings.token.kind != documents::SecretSource::Kind::None)
                        finish(core::fail(ErrorKind::InvalidInput, Say::tr("open the cloud account"), settings.token.name,
                            Say::tr("the security token is empty"), Say::tr("Put it where alibabaCloud.securityToken says.")));
                    else
                        finish(opened(settings, options,
                            alicloud::fixedCredentials({ settings.accessKeyId, secret, *token, settings.expires }, options.clock),
                            settings.role));
                });
        });
    return future;
}

} // namespace

AccountSettings readAccountSettings(const YamlValue &section, const QDir &folder)
{
    AccountSettings settings;
    section.only({ "accessKeyId", "accessKeySecret", "securityToken", "expires", "profile", "profileFile", "variables", "assumeRole",
        "regions", "endpoints" });
    const YamlValue profile = section.maybe("profile"), variables = section.maybe("variables");
    if (int(section.maybe("accessKeyId").exists()) + int(profile.exists()) + int(variables.exists()) > 1) {
        section.reject(Say::tr("must have one of accessKeyId, profile and variables"));
        return settings;
    }
    if (profile || variables) {
        for (const char *key : { "accessKeySecret", "securityToken", "expires" })
            if (const YamlValue value = section.maybe(key))
                value.reject(Say::tr("goes with accessKeyId alone"));
    }
    if (profile) {
        settings.way = AccountSettings::Way::Profile;
        settings.profile = profile.text();
    } else if (variables) {
        settings.way = AccountSettings::Way::Variables;
        if (!variables.boolean())
            variables.reject(Say::tr("must be true, or left out"));
    } else {
        settings.accessKeyId = section.field("accessKeyId").text();
        settings.secret = documents::readSecretSource(section.field("accessKeySecret"), folder);
        settings.token = documents::readSecretSource(section.maybe("securityToken"), folder);
        settings.expires = readEnd(section.maybe("expires"));
        if (settings.expires.isValid() && settings.token.kind == documents::SecretSource::Kind::None)
            section.maybe("expires").reject(Say::tr("goes with securityToken alone"));
    }
    if (const YamlValue file = section.maybe("profileFile")) {
        if (!profile)
            file.reject(Say::tr("goes with profile alone"));
        settings.profileFile = documents::absolutePath(file.text(), folder);
    }
    settings.role = readRole(section.maybe("assumeRole"));
    readRegions(section.field("regions"), settings.regions);
    readEndpoints(section.maybe("endpoints"), folder, settings.endpoints);
    return settings;
}

std::shared_ptr<const Account> makeAsmAccount(const AccountSettings &settings)
{
    return std::make_shared<const AsmAccount>(settings);
}

const AccountSettings &settingsOf(const Account &account)
{
    return static_cast<const AsmAccount &>(account).settings();
}

} // namespace catamaran::mesh
