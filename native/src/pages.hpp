// Memory for tables that are read at random places: in large pages where the system gives them, so that most reads
// need no walk through the page table first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace luwte {

struct Freed {
    void operator()(std::uint32_t* memory) const { std::free(memory); }
};

using Numbers = std::unique_ptr<std::uint32_t[], Freed>;

// `count` numbers whose values are not set. Throws std::bad_alloc.
inline Numbers numbers(std::size_t count) {
    constexpr std::size_t page = std::size_t{1} << 21;
    const std::size_t bytes = (count * sizeof(std::uint32_t) / page + 1) * page;
    auto* memory = static_cast<std::uint32_t*>(std::aligned_alloc(page, bytes));
    if (memory == nullptr) throw std::bad_alloc();
#if defined(__linux__)
    madvise(memory, bytes, MADV_HUGEPAGE);  // a wish: where it fails, small pages serve
#endif
    return Numbers(memory);
}

}  // namespace luwte
