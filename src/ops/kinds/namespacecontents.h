// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/discovery.h"
#include "ops/world.h"

#include <QJsonObject>
#include <QList>
#include <QStringList>

namespace catamaran::ops {

/// What is in a namespace, by whose it is. What comes and goes with what is ours, or with any namespace, counts for nothing:
/// the default ServiceAccount and the tokens of accounts, kube-root-ca.crt and istio-ca-root-cert, events, records of who leads of
/// several processes, what is being
/// deleted, what controllers own (by ownerReferences, through to something of ours, or to something that has just been
/// deleted), and the Endpoints of Services.
struct NamespaceContents {
    QList<QJsonObject> ours; ///< applied by us, as the journal may keep them; Secrets not among them
    QStringList secrets; ///< Secrets that we have applied: "secrets/x"
    QStringList foreign; ///< "deployments.apps/x (kubectl)"
};

/// Asks for every kind that discovery names and that can be deleted. What was not heard is an error: nothing is said of a
/// namespace of which a part could not be read. Worker thread.
[[nodiscard]] core::Result<NamespaceContents> contentsOf(const QString &cluster, const QString &ns, Scope &scope);

/// The judgement alone. @p resources: discovery's, for the names of kinds. Pure.
[[nodiscard]] NamespaceContents sorted(const QList<QJsonObject> &objects, const QList<kube::ApiResource> &resources);

/// The first few of @p names, and how many more there are.
[[nodiscard]] QString shortened(const QStringList &names);

} // namespace catamaran::ops
