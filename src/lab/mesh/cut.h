// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace catamaran::lab {

/// How a line between two networks is cut: by silence, as a broken cable does it, or by refusals, as a firewall that answers
/// with resets.
enum class Cut { No, Drop, Reject };

} // namespace catamaran::lab
