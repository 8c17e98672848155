// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace catamaran {

/// Lets the heap begin with room for the first window in pages of 2 MB, where the system has them: the picture of the window
/// alone is 4 MB, and page by page that is a thousand faults. Takes no memory that is not used. Call it first in main().
void prepareHeap();

} // namespace catamaran
