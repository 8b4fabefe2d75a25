// The inner loops of the radius search: a block of queries against a stretch of references.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dispatch.hpp"

namespace luwte {

struct Hash {
    std::uint64_t words[4];
};

// The first two words of each query lie side by side, so that a loop over queries reads them in order.
struct QueryBlock {
    std::vector<Hash> hashes;
    std::vector<std::uint64_t> first, second;
};

struct Hit {
    std::uint32_t query;  // within its block
    std::uint16_t distance;
    std::size_t reference;
};

struct Stretch {
    const std::uint8_t* references;  // of the whole list
    std::size_t start, stop;         // rows
};

// Appends the hits of the stretch; for any one query they come in the order of the references.
using Kernel = void (*)(const QueryBlock&, Stretch, unsigned radius, std::vector<Hit>&);

Kernel kernel_for(Path path);

}  // namespace luwte
