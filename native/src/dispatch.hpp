// Which instruction set the kernels run on: one binary, chosen at run time.
#pragma once

#include <string>
#include <vector>

#if defined(__x86_64__) && defined(__GNUC__)
#define LUWTE_X86 1
// VPOPCNTDQ counts bits in whole registers; the others are what GCC needs to use them well.
#define LUWTE_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,popcnt")))
#define LUWTE_AVX2 __attribute__((target("avx2,popcnt")))
#else
#define LUWTE_X86 0
#endif
#define LUWTE_INLINE inline __attribute__((always_inline))

namespace luwte {

enum class Path { plain, avx2, avx512 };

// The names of the paths this processor can run, fastest first.
std::vector<std::string> paths();

// The path of that name, or the fastest for an empty name.
// Throws std::invalid_argument for a path that this processor cannot run.
Path path_named(const std::string& name);

}  // namespace luwte
