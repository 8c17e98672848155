// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lab/kube/addressplan.h"

#include <string>

namespace catamaran::lab {

enum class PlaceKind { Pod, BehindSidecar, Service, Gateway, Node, Other };

/// What an address of the plan stands for.
struct Place {
    PlaceKind kind = PlaceKind::Other;
    int cluster = 0; ///< from 1; 0 when it belongs to no cluster
    bool operator==(const Place &) const = default;
};

/// The inverse of AddressPlan. Addresses outside the plan's block are Other.
[[nodiscard]] Place placeOf(const AddressPlan &plan, const std::string &address);

} // namespace catamaran::lab
