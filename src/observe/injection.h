// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <QString>

/// Which pods a mesh puts its sidecar into, as its injector decides. Pure functions of objects as they were read.
namespace catamaran::observe {

/// Whether pods of the Namespace @p space get a sidecar unless they object. `istio-injection` is asked first: with it
/// there, whatever it says, `istio.io/rev` counts for nothing.
[[nodiscard]] bool injectsSidecars(const QJsonObject &space);

/// Why the pods of @p podTemplate get no sidecar even where the namespace injects, for people; empty: nothing is against it.
[[nodiscard]] QString whyNoSidecar(const QJsonObject &podTemplate);

} // namespace catamaran::observe
