// The inner loops of the search in local codes: one code against many, or many against all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "dispatch.hpp"

namespace luwte {

constexpr std::size_t code_bytes = 20;  // 16 of bits, then place, scale and angle
constexpr std::size_t code_bits_bytes = 16;
constexpr unsigned code_bits = 128;

struct Code {
    std::uint64_t words[2];
};

inline Code code_from(const std::uint8_t* bytes) {
    Code code;
    std::memcpy(code.words, bytes, sizeof(Code));
    return code;
}

inline Code code_at(const std::uint8_t* codes, std::size_t row) { return code_from(codes + row * code_bytes); }

// Rows come in blocks, so that an index has room for more than where they are. The last block may be shorter.
constexpr std::size_t rows_a_block = 8;

// Appends those rows of the list, of `rows` rows, that are in one of `count` blocks and within `radius` of the code;
// block by block in the order given.
using NearCodes = void (*)(const Code&, const std::uint8_t* codes, std::size_t rows, const std::uint32_t* blocks,
                           std::size_t count, unsigned radius, std::vector<std::uint32_t>& near);

NearCodes near_codes_for(Path path);

// Of entries that share a value, those that differ from `bits` in at most `allowed` of the bits above the lowest
// `width`: writes their blocks, which are those lowest, to `blocks`, where there is room for `count` and 15 more;
// returns how many.
struct Further {
    std::uint32_t bits;
    unsigned width, allowed;
};
using NearEntries = std::size_t (*)(const std::uint32_t* entries, std::size_t count, Further further,
                                    std::uint32_t* blocks);
constexpr std::size_t blocks_to_spare = 15;

NearEntries near_entries_for(Path path);

// Codes to look for, their first and their second words side by side.
struct CodeBlock {
    std::vector<std::uint64_t> first, second;
};

struct CodeHit {
    std::uint32_t query, row;
};

// Appends the hits of rows `start` to `stop` of the list, by row and then by query.
using AllCodes = void (*)(const CodeBlock&, const std::uint8_t* codes, std::size_t start, std::size_t stop,
                          unsigned radius, std::vector<CodeHit>& hits);

AllCodes all_codes_for(Path path);

}  // namespace luwte
