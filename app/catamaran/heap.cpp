// SPDX-FileCopyrightText: 2026 The Catamaran authors
// SPDX-License-Identifier: Apache-2.0
#include "heap.h"

#include <cstdint>
#include <cstdlib>

#if defined(__GLIBC__) && defined(__linux__)
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace catamaran {

void prepareHeap()
{
#if defined(__GLIBC__) && defined(__linux__)
    constexpr std::uintptr_t page = 2 * 1024 * 1024;
    constexpr std::size_t room = 6 * page;
    // Large blocks from the heap too, and what is freed at its end stays for the next: what malloc comes to by itself after
    // the first large blocks (mallopt(3), M_MMAP_THRESHOLD).
    mallopt(M_MMAP_THRESHOLD, 32 * 1024 * 1024);
    mallopt(M_TRIM_THRESHOLD, 32 * 1024 * 1024);
    void *block = std::malloc(room); // NOLINT(cppcoreguidelines-no-malloc): it is malloc that is set up here
    if (!block)
        return;
    const std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(block) + page - 1) & ~(page - 1);
    const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(sbrk(0)) & ~(page - 1);
    if (begin < end)
        madvise(reinterpret_cast<void *>(begin), end - begin, MADV_HUGEPAGE); // refused where there are none, which is fine
    std::free(block);
#endif
}

} // namespace catamaran
