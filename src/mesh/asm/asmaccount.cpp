// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "mesh/asm/asmaccount.h"

#include "core/trustedfile.h"
#include "core/wholepattern.h"
#include "mesh/accountsecret.h"
#include "mesh/asm/asmkind.h"
#include "mesh/asm/asmprovider.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace catamaran::mesh {

using core::ErrorKind;
using core::Result;
using core::Secret;
using documents::YamlValue;

namespace {

constexpr qint64 maxBytes = 1024 * 1024;

struct Say {
    Q_DECLARE_TR_FUNCTIONS(Environment)
};

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
    value.only({ "servicemesh", "cs", "ca" });
    endpoints.servicemesh = readEndpoint(value.maybe("servicemesh"), endpoints.servicemesh);
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
        return Say::tr("AccessKey %1, %2").arg(m_settings.accessKeyId, m_settings.regions.join(QStringLiteral(", ")));
    }
    [[nodiscard]] QByteArray toYaml(int indent) const override
    {
        const QByteArray in(indent, ' ');
        return in + "accessKeyId: " + documents::quotedYaml(m_settings.accessKeyId) + "\n" + in
            + "accessKeySecret: " + documents::toYaml(m_settings.secret) + "\n" + in
            + "regions: " + documents::quotedYaml(m_settings.regions) + "\n";
    }
    [[nodiscard]] QMap<QString, QString> fields() const override
    {
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

QFuture<Opened> AsmAccount::open(const OpenOptions &options, std::stop_token stop) const
{
    const QString tried = Say::tr("open the cloud account");
    return readSecret(m_settings.secret, options.secrets, Say::tr("read the access key's secret"), std::move(stop))
        .then(&options.secrets, [settings = m_settings, places = options.clusters, tried](const Result<Secret> &key) -> Opened {
            if (!key) {
                core::Error error = key.error();
                if (error.kind == ErrorKind::NotFound && error.remedy.isEmpty())
                    error.remedy = Say::tr("Enter the access key's secret again.");
                return core::fail(error);
            }
            if (key->isEmpty())
                return core::fail(ErrorKind::InvalidInput, tried, settings.secret.name, Say::tr("the access key's secret is empty"),
                    Say::tr("Put it where alibabaCloud.accessKeySecret says."));
            const alicloud::Credentials credentials { settings.accessKeyId, *key, {} };
            AsmProvider::Clients clients { std::make_unique<alicloud::AsmClient>(credentials, settings.endpoints),
                std::make_unique<alicloud::AckClient>(credentials, settings.endpoints) };
            return std::make_shared<AsmProvider>(std::move(clients), settings.regions, places);
        });
}

} // namespace

AccountSettings readAccountSettings(const YamlValue &section, const QDir &folder)
{
    AccountSettings settings;
    section.only({ "accessKeyId", "accessKeySecret", "regions", "endpoints" });
    settings.accessKeyId = section.field("accessKeyId").text();
    settings.secret = documents::readSecretSource(section.field("accessKeySecret"), folder);
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
