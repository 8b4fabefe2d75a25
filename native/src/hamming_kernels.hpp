// The inner loops of the radius search: a block of queries against a stretch of references.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "dispatch.hpp"

namespace luwte {

struct Hash {
    std::uint64_t words[4];
};

inline Hash hash_at(const std::uint8_t* hashes, std::size_t row) {
    Hash hash;
    std::memcpy(hash.words, hashes + row * sizeof(Hash), sizeof(Hash));
    return hash;
}

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

// The one that is fastest at that radius.
Kernel kernel_for(Path path, unsigned radius);

struct NearRow {
    std::uint32_t row;
    std::uint16_t distance;
};

// Appends those of `count` rows of the list that are within `radius` of the query, in the order given.
using NearRows = void (*)(const Hash& query, const std::uint8_t* references, const std::uint32_t* rows,
                          std::size_t count, unsigned radius, std::vector<NearRow>&);

NearRows near_rows_for(Path path);

// How many pairs a kernel compares in the time that one row costs when it is found through a table.
std::uint64_t pairs_for_a_row(Path path);

}  // namespace luwte
