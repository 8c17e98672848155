// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kube/informerimpl.h"
#include "kube/watch.h"

#include <functional>

namespace catamaran::kube {

/// A watch over the informer that @p find gives when it starts.
[[nodiscard]] std::unique_ptr<Watch> makeWatch(std::function<std::shared_ptr<Informer>()> find);
/// A watch with an informer of its own.
[[nodiscard]] std::unique_ptr<Watch> makeWatch(std::shared_ptr<ApiSession> session, const ResourceKind &kind, const QString &ns, const WatchTiming &timing = {});

} // namespace catamaran::kube
