// Exact radius search over 256-bit hashes, brute force in blocks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "dispatch.hpp"

namespace luwte {

constexpr std::size_t hash_bytes = 32;

// Pairs within reach, sorted by query and then by reference.
struct Pairs {
    std::vector<std::int64_t> query, reference;
    std::vector<std::uint16_t> distance;
};

// All pairs of `queries` and `references` (32 bytes each, one after the other) within `radius` bits.
// `breathe` is called every second or so; it may throw to end the search.
Pairs radius_search(const std::uint8_t* queries, std::size_t query_count, const std::uint8_t* references,
                    std::size_t reference_count, unsigned radius, Path path, const std::function<void()>& breathe);

}  // namespace luwte
