#include "digests.hpp"

#include <algorithm>
#include <cstring>

#include "dispatch.hpp"

namespace luwte {

namespace {

constexpr std::size_t on_the_way = 64;  // look-ups whose memory is fetched at once
constexpr std::size_t queries_between_breaths = std::size_t{1} << 20;
constexpr std::size_t most_reserved = std::size_t{1} << 22;  // pairs
constexpr unsigned most_bits = 28;
constexpr std::size_t line = 64;  // bytes that are fetched together

LUWTE_INLINE void fetch(const void* memory) {
#if defined(__GNUC__)
    __builtin_prefetch(memory);
#else
    (void)memory;
#endif
}

// Two to four rows a bucket, as digests are even; where a list is not, a bucket is searched by halves.
unsigned bits_for(std::size_t count) {
    unsigned bits = 0;
    for (count /= 4; count > 0 && bits < most_bits; count >>= 1) ++bits;
    return bits;
}

}  // namespace

std::size_t Digests::bucket_of(const std::uint8_t* digest) const {
    const std::uint64_t first = std::uint64_t{digest[0]} << 24 | std::uint64_t{digest[1]} << 16 |
                                std::uint64_t{digest[2]} << 8 | std::uint64_t{digest[3]};
    return static_cast<std::size_t>(first >> shift_);
}

Digests::Digests(const std::uint8_t* rows, std::size_t count, std::size_t width)
    : rows_(rows), count_(count), width_(width), shift_(32 - bits_for(count)) {
    const std::size_t buckets = std::size_t{1} << (32 - shift_);
    starts_ = numbers(buckets + 1);
    std::size_t next = 0;
    for (std::size_t row = 0; row < count_; ++row)
        for (const std::size_t bucket = bucket_of(rows_ + row * width_); next <= bucket; ++next)
            starts_[next] = static_cast<std::uint32_t>(row);
    for (; next <= buckets; ++next) starts_[next] = static_cast<std::uint32_t>(count_);
}

std::size_t Digests::first_not_below(const std::uint8_t* wanted, Rows rows) const {
    std::size_t row = rows.first;
    for (std::size_t left = rows.last - row; left > 0;) {
        const std::size_t half = left / 2;
        if (std::memcmp(rows_ + (row + half) * width_, wanted, width_) < 0) {
            row += half + 1;
            left -= half + 1;
        } else {
            left = half;
        }
    }
    return row;
}

void Digests::compare(const std::uint8_t* wanted, std::size_t number, Rows rows, EqualPairs& found) const {
    std::size_t row = first_not_below(wanted, rows);
    for (; row < rows.last && std::memcmp(rows_ + row * width_, wanted, width_) == 0; ++row) {
        found.query.push_back(static_cast<std::int64_t>(number));
        found.reference.push_back(static_cast<std::int64_t>(row));
    }
}

EqualPairs Digests::find(const std::uint8_t* asked, std::size_t asked_count,
                         const std::function<void()>& breathe) const {
    EqualPairs found;
    found.query.reserve(std::min(asked_count, most_reserved));
    found.reference.reserve(std::min(asked_count, most_reserved));
    std::size_t buckets[on_the_way];
    Rows rows[on_the_way];
    for (std::size_t start = 0; start < asked_count; start += on_the_way) {
        if (start % queries_between_breaths == 0) breathe();
        const std::size_t count = std::min(on_the_way, asked_count - start);
        for (std::size_t at = 0; at < count; ++at) {
            buckets[at] = bucket_of(asked + (start + at) * width_);
            fetch(&starts_[buckets[at]]);
        }
        for (std::size_t at = 0; at < count; ++at) {
            rows[at] = {starts_[buckets[at]], starts_[buckets[at] + 1]};
            fetch(rows_ + rows[at].first * width_);
            fetch(rows_ + rows[at].first * width_ + line);
        }
        for (std::size_t at = 0; at < count; ++at)
            compare(asked + (start + at) * width_, start + at, rows[at], found);
    }
    return found;
}

}  // namespace luwte
