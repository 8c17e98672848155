// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "lab/mesh/places.h"

#include <array>
#include <charconv>

namespace catamaran::lab {

Place placeOf(const AddressPlan &plan, const std::string &address)
{
    std::array<int, 4> part {};
    const char *position = address.data();
    const char *const end = position + address.size();
    for (std::size_t i = 0; i < part.size(); ++i) {
        const auto [next, error] = std::from_chars(position, end, part[i]);
        if (error != std::errc() || part[i] < 0 || part[i] > 255)
            return {};
        position = next;
        if (i < 3) {
            if (position == end || *position != '.')
                return {};
            ++position;
        }
    }
    if (position != end || part[0] != 127 || part[1] < plan.block || part[1] >= plan.block + plan.blocks)
        return {};

    const int third = part[2];
    const auto in = [&](PlaceKind kind, int slot) {
        const int cluster = (part[1] - plan.block) * AddressPlan::clustersPerBlock + slot;
        return slot >= 1 && slot <= AddressPlan::clustersPerBlock ? Place { kind, cluster } : Place {};
    };
    if (third == 3)
        return in(PlaceKind::Gateway, part[3]);
    if (third == 4)
        return in(PlaceKind::Node, part[3]);
    if (third >= 10 && third < 100)
        return third % 10 < 8 ? in(PlaceKind::Pod, third / 10) : Place {};
    if (third > 100 && third < 130)
        return in(PlaceKind::Service, third - 100);
    if (third >= 130)
        return (third - 120) % 10 < 8 ? in(PlaceKind::BehindSidecar, (third - 120) / 10) : Place {};
    return {};
}

} // namespace catamaran::lab
