// Exact radius search over 256-bit hashes that looks at few of them: multi-index hashing (Norouzi, Punjani and Fleet,
// CVPR 2012) with radii shared out by the general pigeonhole principle (Qin and others, ICDE 2018).
//
// The hash is cut into bands. Where the distance is at most R, and the radii r of the bands are such that all r + 1
// together exceed R, at least one band is within its r. So each band has a table from its bits to the rows that have
// them, and a query looks up every value within reach of its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "dispatch.hpp"
#include "hamming.hpp"
#include "hamming_kernels.hpp"
#include "pages.hpp"

namespace luwte {

constexpr std::size_t band_count = 11;
constexpr std::size_t wider_from = 8;  // bands of 23 bits before it, of 24 from it on
constexpr unsigned ring_count = 3;  // values of a band that differ in 0, 1 and 2 bits
constexpr unsigned widest_radius = band_count * ring_count - 1;

// Where the rows of a band lie: those with the value v are rows[starts[v]] up to rows[starts[v + 1]], ascending.
struct Band {
    unsigned offset, width;  // bits; of a short list not all of the band
    Numbers starts, rows;
};

// The bits of the hash in the band.
inline std::uint32_t value_in(const Hash& hash, const Band& band) {
    const unsigned word = band.offset / 64, shift = band.offset % 64;
    std::uint64_t bits = hash.words[word] >> shift;
    if (shift + band.width > 64) bits |= hash.words[word + 1] << (64 - shift);
    return static_cast<std::uint32_t>(bits) & ((1U << band.width) - 1);
}

// Pairs within reach, and the queries (ascending) that so many rows share a band with that comparing them with every
// reference costs less. Those have no pairs here.
struct Banded {
    Pairs pairs;
    std::vector<std::int64_t> left;
};

class Bands {
   public:
    // Indexes `count` hashes, which must outlive the index and must be fewer than 2^32, on so many threads.
    // `breathe` is called on this thread every so often; it may throw to end the work. Throws std::bad_alloc.
    Bands(const std::uint8_t* references, std::size_t count, unsigned threads, Path path,
          const std::function<void()>& breathe);

    // All pairs within `radius` bits, at most `widest_radius`, but for the queries that are left.
    Banded search(const std::uint8_t* queries, std::size_t query_count, unsigned radius,
                  const std::function<void()>& breathe) const;

   private:
    const std::uint8_t* references_;
    std::size_t count_;
    Path path_;
    std::array<Band, band_count> bands_;
};

}  // namespace luwte
