// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <set>

/// Who owns which fields of an object, as its metadata.managedFields say. Pure.
namespace catamaran::kube {

/// Paths as fieldsV1 writes them: {"f:spec", "f:replicas"}, {"f:data", …, "k:{\"name\":\"app\"}"}.
using FieldSet = std::set<QStringList>;

/// Whether @p manager has applied the object (server-side apply; not a patch or an update).
[[nodiscard]] bool isAppliedBy(const QJsonObject &object, const QString &manager);
/// What @p manager owns by whichever operation, outside of status.
[[nodiscard]] FieldSet fieldsOf(const QJsonObject &object, const QString &manager);
/// What @p manager owns by server-side apply.
[[nodiscard]] FieldSet fieldsAppliedBy(const QJsonObject &object, const QString &manager);
/// What others than @p manager own, outside of status.
[[nodiscard]] FieldSet fieldsOfOthers(const QJsonObject &object, const QString &manager);
/// The other managers that own something outside of status, each once.
[[nodiscard]] QStringList otherManagers(const QJsonObject &object, const QString &manager);

/// @p object cut down to @p fields as far as they are there. Items of a list keep the members that tell which they are; a
/// field that is owned as a whole comes as a whole. apiVersion, kind, name and namespace are not part of it.
[[nodiscard]] QJsonObject restrictedTo(const QJsonObject &object, const FieldSet &fields);

} // namespace catamaran::kube
