// Building the tables: each band is cut into stretches of its values, and each thread takes the next stretch.
#include <algorithm>
#include <atomic>
#include <vector>

#include "codes.hpp"
#include "threads.hpp"

namespace luwte {

namespace {

constexpr std::size_t rows_between_looks = std::size_t{1} << 20;  // for a wish to stop
constexpr unsigned least_width = 8;

struct Stopped {};

unsigned bits_for(std::size_t count) {
    unsigned bits = 0;
    for (; count > 0; count >>= 1) ++bits;
    return bits;
}

CodeBand empty_band(std::size_t band, std::size_t count) {
    const unsigned width = std::max(least_width, bits_for(count / rows_a_block));
    const std::size_t values = std::size_t{1} << width;
    CodeBand made{band, width, numbers(values + 2), numbers(count)};
    std::fill(made.starts.get(), made.starts.get() + values + 2, 0);
    return made;
}

// A stretch of the values of a band, for which nobody else writes.
struct Stretch {
    CodeBand* band;
    std::uint32_t first, last;
};

template <typename Act>
void for_each_in(const Stretch& stretch, const std::uint8_t* codes, std::size_t count, const std::atomic<bool>& stop,
                 const Act& act) {
    for (std::size_t start = 0; start < count; start += rows_between_looks) {
        if (stop) throw Stopped();
        const std::size_t end = std::min(count, start + rows_between_looks);
        for (std::size_t row = start; row < end; ++row) {
            const std::uint32_t bits = stretch.band->bits(code_at(codes, row));
            const std::uint32_t value = stretch.band->value(bits);
            if (value >= stretch.first && value <= stretch.last) act(value, bits, static_cast<std::uint32_t>(row));
        }
    }
}

std::vector<Stretch> stretches_of(CodeBands& bands, unsigned threads) {
    std::uint32_t parts = 1;
    while (code_band_count * parts < 4 * threads && parts < 64) parts *= 2;
    std::vector<Stretch> stretches;
    for (CodeBand& band : bands) {
        const std::uint32_t size = (1U << band.width) / parts;
        for (std::uint32_t part = 0; part < parts; ++part)
            stretches.push_back({&band, part * size, (part + 1) * size - 1});
    }
    return stretches;
}

}  // namespace

// Counts are kept two places on, so that after filling, which moves each start to its end, they are in place.
CodeBands code_bands(const std::uint8_t* codes, std::size_t count, unsigned threads,
                     const std::function<void()>& breathe) {
    CodeBands bands;
    for (std::size_t band = 0; band < code_band_count; ++band) bands[band] = empty_band(band, count);
    const std::vector<Stretch> stretches = stretches_of(bands, threads);
    std::atomic<bool> stop{false};
    on_threads(threads, stretches.size(), stop, breathe, [&](std::size_t task) {
        std::uint32_t* counts = stretches[task].band->starts.get() + 2;
        for_each_in(stretches[task], codes, count, stop,
                    [&](std::uint32_t value, std::uint32_t, std::uint32_t) { ++counts[value]; });
    });
    on_threads(threads, code_band_count, stop, breathe, [&](std::size_t band) {
        std::uint32_t* starts = bands[band].starts.get();
        for (std::size_t at = 2; at < (std::size_t{1} << bands[band].width) + 2; ++at) starts[at] += starts[at - 1];
    });
    on_threads(threads, stretches.size(), stop, breathe, [&](std::size_t task) {
        const CodeBand& band = *stretches[task].band;
        std::uint32_t* ends = band.starts.get() + 1;
        std::uint32_t* entries = band.entries.get();
        for_each_in(stretches[task], codes, count, stop,
                    [&](std::uint32_t value, std::uint32_t bits, std::uint32_t row) {
                        entries[ends[value]++] = band.entry(bits, row);
                    });
    });
    return bands;
}

}  // namespace luwte
