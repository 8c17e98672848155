// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/fact.h"

namespace catamaran::observe {

using core::Fact;
using core::FactHead;

} // namespace catamaran::observe
