// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/async.h"
#include "core/secret.h"

#include <QMap>
#include <QSet>
#include <QStringList>

/// What the fleet needs of a mesh product, whoever makes it. The ASM adapter is src/mesh/asmcontrolplane.*;
/// self-managed Istio follows behind the same interface.
namespace catamaran::mesh {

enum class Mode { Managed, DiscoveryOnly, Unknown };

struct MemberCluster {
    QString clusterId; ///< the provider's id
    QString clusterName;
    Mode mode = Mode::Unknown; ///< Unknown where the provider does not tell (facts asm-openapi 3.3)
    QString state;
    QString network; ///< empty: not configured
    bool gateway = false;
};

enum class MeshState { Creating, Running, Updating, Failed, Deleting, Unknown };

struct MeshStatus {
    QString id, name, region, version, stateWord, errorMessage;
    QString owner {}; ///< the execution of Catamaran that made it; empty: nothing on it tells that Catamaran did
    MeshState state = MeshState::Unknown;
    QList<MemberCluster> members;
    QSet<QString> rootFingerprints; ///< empty: not read (see rootError)
    QString rootError;
    bool membersKnown = true, networksKnown = true; ///< false: not read; @c members is what else tells of them, and no proof of absence
    QList<core::Error> unread {}; ///< what a mesh that is there did not tell when it was asked: members, networks, root
};

struct IssuingCa {
    QByteArray certificate, chain, root; ///< PEM
    core::Secret key;
};

struct NetworkSetting {
    QString network;
    bool gateway = false;
    bool operator==(const NetworkSetting &) const = default;
};

/// What one provider account tells. Callable from any thread. What changes it are operations (mesh/operations.h).
class ControlPlane : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] virtual QFuture<core::Result<QList<MeshStatus>>> status(std::stop_token stop) = 0;
    [[nodiscard]] virtual QFuture<core::Result<QStringList>> versions(std::stop_token stop) = 0;
};

} // namespace catamaran::mesh
