// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/kubeclient.h"

#include <optional>

/// What an API server can do (facts kubernetes-wire 2.1).
namespace catamaran::kube {

class ApiSession;

struct ApiResource {
    ResourceKind kind; ///< in URL terms
    QString kindName; ///< "Deployment"
    QString singular; ///< "deployment"
    QStringList shortNames; ///< "deploy"
    QStringList categories; ///< "all"
    QStringList verbs;
    QStringList subresources; ///< "scale", "status"
    bool preferred = true; ///< its version is the one the server prefers for its group

    [[nodiscard]] bool can(const QString &verb) const { return verbs.contains(verb); }
};

struct Discovery {
    QList<ApiResource> resources;
    /// Groups that could not be had (an aggregated API whose server is down). They do not hide the rest.
    QList<core::Error> errors;
    bool aggregated = false; ///< in the new form: two requests in all

    /// By plural, singular, short name or kind, as a person writes it, or "plural.group"; the preferred version, the core
    /// group first.
    [[nodiscard]] const ApiResource *find(const QString &name) const;
    /// By "apps/v1" and "Deployment".
    [[nodiscard]] const ApiResource *findKind(const QString &apiVersion, const QString &kindName) const;
};

/// Asks in the aggregated form and falls back to the old one. On @p session's thread; see KubeClient::discover().
[[nodiscard]] QFuture<core::Result<Discovery>> startDiscovery(const std::shared_ptr<ApiSession> &session, std::stop_token stop);

/// The three bodies. Pure; errors fill the answer only.
[[nodiscard]] core::Result<Discovery> parseAggregatedDiscovery(const QByteArray &body);
struct GroupVersions {
    QString group;
    QStringList versions; ///< the preferred one first
};
/// APIVersions (the core group) or APIGroupList.
[[nodiscard]] core::Result<QList<GroupVersions>> parseGroups(const QByteArray &body);
[[nodiscard]] core::Result<QList<ApiResource>> parseResourceList(const QByteArray &body, const QString &group, const QString &version);

} // namespace catamaran::kube
