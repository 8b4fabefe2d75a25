// Building the tables: each band is counted and filled on its own, so each thread takes the next one.
#include <algorithm>
#include <atomic>
#include <vector>

#include "bands.hpp"
#include "hamming_kernels.hpp"
#include "threads.hpp"

namespace luwte {

namespace {

constexpr std::size_t rows_between_looks = std::size_t{1} << 20;  // for a wish to stop

struct Stopped {};

// With four to eight values for each row most values have none. More bits would only cost memory: a table that leaves
// some bits of its band out finds more rows, never fewer.
unsigned bits_for(std::size_t count) {
    unsigned bits = 3;
    for (; count > 1; count >>= 1) ++bits;
    return bits;
}

template <typename Act>
void for_each_row(std::size_t count, const std::atomic<bool>& stop, const Act& act) {
    for (std::size_t start = 0; start < count; start += rows_between_looks) {
        if (stop) throw Stopped();
        const std::size_t end = std::min(count, start + rows_between_looks);
        for (std::size_t row = start; row < end; ++row) act(row);
    }
}

// Counts are kept two places on, so that after filling, which moves each start to its end, they are in place.
void fill(Band& band, const std::uint8_t* references, std::size_t count, const std::atomic<bool>& stop) {
    const std::size_t values = std::size_t{1} << band.width;
    band.starts = numbers(values + 2);
    band.rows = numbers(count);
    std::uint32_t* starts = band.starts.get();
    std::uint32_t* rows = band.rows.get();
    std::fill(starts, starts + values + 2, 0);
    for_each_row(count, stop, [&](std::size_t row) { ++starts[value_in(hash_at(references, row), band) + 2]; });
    for (std::size_t value = 2; value < values + 2; ++value) starts[value] += starts[value - 1];
    for_each_row(count, stop, [&](std::size_t row) {
        rows[starts[value_in(hash_at(references, row), band) + 1]++] = static_cast<std::uint32_t>(row);
    });
}

}  // namespace

Bands::Bands(const std::uint8_t* references, std::size_t count, unsigned threads, Path path,
             const std::function<void()>& breathe)
    : references_(references), count_(count), path_(path) {
    const unsigned enough = bits_for(count);
    unsigned offset = 0;
    for (std::size_t band = 0; band < band_count; ++band) {
        bands_[band].offset = offset;
        const unsigned width = band < wider_from ? 23 : 24;
        bands_[band].width = std::min(width, enough);
        offset += width;
    }
    std::atomic<bool> stop{false};
    on_threads(threads, band_count, stop, breathe, [&](std::size_t band) { fill(bands_[band], references, count, stop); });
}

}  // namespace luwte
