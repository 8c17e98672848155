// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>

#include <string>
#include <vector>

namespace catamaran::lab {

[[nodiscard]] inline boost::json::array words(const std::vector<std::string> &list)
{
    return boost::json::array(list.begin(), list.end());
}

} // namespace catamaran::lab
