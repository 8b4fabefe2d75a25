// Exact look-up of many digests in a long ascending list: a table leads from the first bits of a digest to its rows,
// and the memory of many look-ups is fetched at once, so that none waits alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "pages.hpp"

namespace luwte {

// Pairs of an asked digest and an equal row of the list.
struct EqualPairs {
    std::vector<std::int64_t> query, reference;
};

class Digests {
   public:
    // Indexes `count` ascending digests of `width` bytes, at least four, which must outlive the index and be fewer
    // than 2^32. Throws std::bad_alloc.
    Digests(const std::uint8_t* rows, std::size_t count, std::size_t width);

    // Every pair of one of the `asked` digests and an equal row; by query, then by row. `breathe` may throw.
    EqualPairs find(const std::uint8_t* asked, std::size_t asked_count, const std::function<void()>& breathe) const;

    std::size_t width() const { return width_; }

   private:
    // A stretch of rows, without the last.
    struct Rows {
        std::size_t first, last;
    };

    std::size_t bucket_of(const std::uint8_t* digest) const;
    std::size_t first_not_below(const std::uint8_t* wanted, Rows rows) const;
    void compare(const std::uint8_t* wanted, std::size_t number, Rows rows, EqualPairs& found) const;

    const std::uint8_t* rows_;
    std::size_t count_, width_;
    unsigned shift_;  // of the first 32 bits, so that the first bits that choose a bucket remain
    Numbers starts_;  // of each bucket, and the end of the last
};

}  // namespace luwte
