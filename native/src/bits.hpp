// Counting bits: as every processor can, and by the instruction that most have.
#pragma once

#include <cstdint>

#include "dispatch.hpp"

namespace luwte {

LUWTE_INLINE unsigned bits_set(std::uint64_t x) {
    x -= (x >> 1) & 0x5555555555555555U;
    x = (x & 0x3333333333333333U) + ((x >> 2) & 0x3333333333333333U);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fU;
    return static_cast<unsigned>((x * 0x0101010101010101U) >> 56);
}

#if LUWTE_X86
LUWTE_AVX2 inline unsigned bits_set_by_one_instruction(std::uint64_t x) {
    return static_cast<unsigned>(__builtin_popcountll(x));
}
#endif

}  // namespace luwte
