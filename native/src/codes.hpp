// Exact search in the local codes of many references, with votes for the references.
//
// A code asked for votes for each reference that has a code within the radius. The 128 bits are cut into four bands;
// as in bands.hpp, where the distance is at most R and the radii r of the bands are such that all r + 1 together exceed
// R, at least one band is within its r. Here each code asked for chooses those radii: least where most rows lie.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "codes_kernels.hpp"
#include "dispatch.hpp"
#include "pages.hpp"

namespace luwte {

constexpr std::size_t code_band_count = 4;
constexpr unsigned code_ring_count = 4;  // values of a band that differ in 0, 1, 2 and 3 bits
constexpr unsigned widest_code_radius = code_band_count * code_ring_count - 1;
constexpr std::size_t most_codes = 64;   // of a reference

// Where the rows of a band lie, told by their block alone: those whose lowest `width` bits of the band are the
// value v are entries[starts[v]] up to entries[starts[v + 1]], by block. An entry is all bits of the band, of which
// those that v tells make room for the block: the others rule most rows out before their codes are looked at.
struct CodeBand {
    std::size_t number;
    unsigned width;  // of a value, and of a block
    Numbers starts, entries;

    std::uint32_t bits(const Code& code) const {
        return static_cast<std::uint32_t>(code.words[number / 2] >> (number % 2 * 32));
    }
    std::uint32_t value(std::uint32_t bits) const { return bits & ((1U << width) - 1); }
    std::uint32_t entry(std::uint32_t bits, std::uint32_t row) const {
        return (bits >> width << width) | static_cast<std::uint32_t>(row / rows_a_block);
    }
};

using CodeBands = std::array<CodeBand, code_band_count>;

// Indexes `count` codes, fewer than 2^32, on so many threads. `breathe` is called on this thread every so often; it
// may throw to end the work. Throws std::bad_alloc.
CodeBands code_bands(const std::uint8_t* codes, std::size_t count, unsigned threads,
                     const std::function<void()>& breathe);

// References with the most weight, the best first.
struct Votes {
    std::vector<std::uint32_t> reference, votes;
    std::vector<std::uint64_t> weight;
};

class Ballot;

class Codes {
   public:
    // `count` codes of 20 bytes, fewer than 2^32, which must outlive this; those of reference n are the rows
    // starts[n] up to starts[n + 1], at least one and at most 64.
    Codes(const std::uint8_t* codes, std::size_t count, std::vector<std::uint32_t> starts, Path path);

    // From here on `best` looks at few codes. As `code_bands`.
    void index(unsigned threads, const std::function<void()>& breathe);

    // The `most` best references for `count` codes of 16 bytes, at a radius of at most `widest_code_radius`.
    //
    // The vote of a code weighs as much as the number of all references can be halved until it is below that of those it
    // votes for: what everyone has says little. A reference has as many votes as codes vote for it, but
    // no more than it has codes that are voted for; its weight is reduced alike.
    Votes best(const std::uint8_t* asked, std::size_t count, unsigned radius, std::size_t most,
               const std::function<void()>& breathe) const;

   private:
    // Votes through the tables; returns the codes that so many rows share a band with that comparing them with every
    // row costs less.
    std::vector<Code> vote_by_bands(const std::vector<Code>& queries, unsigned radius, Ballot& ballot,
                                    const std::function<void()>& breathe) const;
    void vote_by_all(const CodeBlock& block, unsigned radius, Ballot& ballot,
                     const std::function<void()>& breathe) const;
    std::uint32_t reference_of(std::uint32_t row) const;

    const std::uint8_t* codes_;
    std::size_t count_;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> references_;  // that of each 64th row
    Path path_;
    bool indexed_ = false;
    CodeBands bands_;
};

}  // namespace luwte
