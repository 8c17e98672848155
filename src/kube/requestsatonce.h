// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace catamaran::kube {

/// How many requests each client has under way at a time; watches and commands do not count. Others wait for their turn, which is not
/// part of their time. Each takes a connection of its own, with a handshake and a tenth of a megabyte: of hundreds of clusters that adds
/// up. Six, which is what Qt opens, until somebody sets it. For the whole process; any thread.
void setRequestsAtOnce(int most);
[[nodiscard]] int requestsAtOnce();

} // namespace catamaran::kube
