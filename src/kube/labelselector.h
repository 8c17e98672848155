// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>

/// LabelSelectors of workloads: matchLabels and matchExpressions together. Pure.
namespace catamaran::kube {

/// Whether @p labels satisfy @p selector. One without any requirement takes nothing: for a workload that is a mistake,
/// not "all pods". An operator that nobody knows takes nothing either.
[[nodiscard]] bool selects(const QJsonObject &selector, const QJsonObject &labels);

/// @p selector as the query parameter labelSelector wants it; empty when it has no requirement.
[[nodiscard]] QString selectorText(const QJsonObject &selector);

} // namespace catamaran::kube
