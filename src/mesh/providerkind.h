// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "documents/strictyaml.h"
#include "mesh/operations.h"
#include "mesh/provider.h"
#include "ops/kind.h"
#include "store/secretstore.h"

#include <QDir>
#include <QJsonObject>

#include <memory>
#include <vector>

namespace catamaran::mesh {

/// What is true of one provider alone, for people.
struct ProviderWords {
    QString product;
    QString needs; ///< what it takes to make meshes of it here
    QString account; ///< what its account is called
    QString section; ///< its field in an Environment file
    // Sources of facts: the calls.
    QString meshesCall, membersCall, rootCall, clustersCall, versionsCall;
    QString accountRemedy; ///< an account does not tell
    QString meshRemedy; ///< a mesh has failed
    QString publicApiServerRemedy; ///< a cluster's API server has no public address
    // For the pages that set an environment up.
    QString connectTitle, connectText; ///< of the way that begins with an account
    QString clusterId, clusterIdHint; ///< the name of a cluster's id, and when to give it
    QString tool; ///< the program that does by hand what its operations do
};

/// One field that an account asks for.
struct AccountField {
    QString name; ///< "accessKeyId"
    QString label; ///< with its accelerator
    QString hint;
    bool isSecret = false;
    int stretch = 3;
};

/// What is wrong with a version.
struct VersionProblem {
    QString answer, remedy;
};

struct OpenOptions {
    store::SecretStore &secrets; ///< outlives what is opened
    QList<ClusterPlace> clusters; ///< the environment's
    core::Clock clock = core::systemClock();
};

/// A cluster whose API server can be asked.
struct OpenCluster {
    ClusterPlace place;
    kube::KubeClient *client = nullptr; ///< outlives what is opened
};

/// What an environment says of an account: where its secrets are, never a secret. A value behind a pointer; immutable.
class Account {
public:
    virtual ~Account() = default;
    [[nodiscard]] virtual const ProviderKind &kind() const = 0;
    [[nodiscard]] virtual QString told() const = 0; ///< "AccessKey LTAI…, cn-hangzhou"
    /// The lines below its field in an Environment file, indented by @p indent blanks.
    [[nodiscard]] virtual QByteArray toYaml(int indent) const = 0;
    /// What of it fits AccountField; no secrets.
    [[nodiscard]] virtual QMap<QString, QString> fields() const = 0;
    /// The keyring entry that holds what was typed as its secret; empty: it lies elsewhere.
    [[nodiscard]] virtual QString secretEntry() const = 0;
    /// Reads the secrets and makes the clients. Main thread.
    [[nodiscard]] virtual QFuture<core::Result<std::shared_ptr<Provider>>> open(const OpenOptions &options, std::stop_token stop) const = 0;
};

/// One provider as such: stateless. Callable from any thread.
class ProviderKind {
public:
    virtual ~ProviderKind() = default;
    [[nodiscard]] virtual QString name() const = 0; ///< as Fleet documents have it: "asm"
    [[nodiscard]] virtual ProviderWords words() const = 0;
    [[nodiscard]] virtual const Operations &operations() const = 0;
    [[nodiscard]] virtual std::vector<std::unique_ptr<const ops::Kind>> kinds() const = 0;

    /// Why a mesh of @p version cannot be part of a fleet; nullopt: it can.
    [[nodiscard]] virtual std::optional<VersionProblem> versionProblem(const QString &version) const = 0;
    /// The newest of @p offered that can; with none of them the least that could.
    [[nodiscard]] virtual QString newestVersion(const QStringList &offered) const = 0;

    /// Whether it needs an account. One that does not is found in the clusters themselves, and has no section in an Environment file.
    [[nodiscard]] virtual bool needsAccount() const { return true; }
    /// Opens it on the clusters alone; null: it needs an account. Main thread.
    [[nodiscard]] virtual std::shared_ptr<Provider> openOn(const std::vector<OpenCluster> &) const { return {}; }

    /// Its section of an Environment file. What is wrong is rejected there.
    [[nodiscard]] virtual std::shared_ptr<const Account> readAccount(const documents::YamlValue &section, const QDir &folder) const = 0;
    [[nodiscard]] virtual QList<AccountField> accountFields() const = 0;
    /// An account of fields as somebody typed them, its secret in the keyring as @p secretEntry. Null: nothing was typed.
    [[nodiscard]] virtual std::shared_ptr<const Account> makeAccount(
        const QMap<QString, QString> &fields, const QString &secretEntry) const = 0;

    /// The line for sh that shows @p mesh.
    [[nodiscard]] virtual QString meshCommand(const MeshStatus &mesh) const = 0;
    /// The call that tells the root of the mesh @p id, for a plan.
    [[nodiscard]] virtual ops::Call rootCall(const QString &id) const = 0;
    /// Whether its meshes made the Service @p service to be a cross-cluster gateway, where no label says so.
    [[nodiscard]] virtual bool madeGateway(const QJsonObject &service) const = 0;
};

} // namespace catamaran::mesh
