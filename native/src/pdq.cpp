// Written from the published description of PDQ (Facebook, 2019); the readable twin is pdq_numpy.py. Both give the
// same bits: whole-number box sums, one fixed order of summing, cosines rounded to 40 binary digits, no fused
// multiply-add (see -ffp-contract in CMakeLists.txt).
#include "pdq.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "taps.hpp"

namespace luwte {

namespace {

constexpr std::size_t side = samples_per_side;
constexpr std::size_t frequencies = 16;
constexpr std::size_t smallest_side = 5;

using Samples = std::array<std::array<double, side>, side>;
using Cosines = std::array<std::array<double, side>, frequencies>;
using Waves = std::array<std::array<double, frequencies>, frequencies>;

// The rows 1..16 of the 64-point DCT-II.
Cosines make_cosines() {
    const double step = std::acos(-1.0) / (2 * side), digits = std::ldexp(1.0, 40);
    Cosines cosines;
    for (std::size_t k = 0; k < frequencies; ++k)
        for (std::size_t n = 0; n < side; ++n) {
            const double angle = step * static_cast<double>(k + 1) * static_cast<double>(2 * n + 1);
            cosines[k][n] = std::rint(std::cos(angle) * digits) / digits;
        }
    return cosines;
}

LUWTE_INLINE void add_weighted(double* sums, const std::uint8_t* row, double weight, std::size_t width) {
    for (std::size_t x = 0; x < width; ++x) sums[x] += weight * static_cast<double>(row[x]);
}

LUWTE_INLINE void sample_row(const double* sums, std::size_t width, bool mirrored, const std::vector<Tap>& across,
                             double divisor, std::array<double, side>& into) {
    const double* first = mirrored ? sums + width - 1 : sums;
    const std::ptrdiff_t step = mirrored ? -1 : 1;
    for (std::size_t x = 0; x < side; ++x) {
        const Tap& tap = across[x];
        const double* from = first + step * static_cast<std::ptrdiff_t>(tap.start);
        double sum = 0;
        for (const double weight : tap.weights) {
            sum += weight * *from;
            from += step;
        }
        into[x] = sum / (divisor * tap.divisor);
    }
}

LUWTE_INLINE void transform(const Samples& samples, const Cosines& cosines, Waves& into) {
    std::array<std::array<double, side>, frequencies> columns{};
    for (std::size_t k = 0; k < frequencies; ++k)
        for (std::size_t n = 0; n < side; ++n)
            for (std::size_t x = 0; x < side; ++x) columns[k][x] += cosines[k][n] * samples[n][x];
    for (std::size_t k = 0; k < frequencies; ++k)
        for (std::size_t j = 0; j < frequencies; ++j) {
            double sum = 0;
            for (std::size_t n = 0; n < side; ++n) sum += columns[k][n] * cosines[j][n];
            into[k][j] = sum;
        }
}

struct Work {
    const std::uint8_t* grey;
    std::size_t height, width;
    const std::vector<Tap>& down;
    const std::vector<Tap>& across;
    const Cosines& cosines;
    double* sums;                    // one for each column
    std::array<Samples, 4> samples;  // as is, mirrored left-right, upside down, both
    std::array<Waves, 4> waves;
};

// Each mirroring is sampled anew, for mirroring the samples is not the same: the filter leans to one side, and that
// costs 10 to 30 of the 31 bits in which a copy may differ.
LUWTE_INLINE void sample_upright_or_upended(Work& work, bool upended) {
    for (std::size_t y = 0; y < side; ++y) {
        const Tap& tap = work.down[y];
        std::fill(work.sums, work.sums + work.width, 0.0);
        for (std::size_t t = 0; t < tap.weights.size(); ++t) {
            const std::size_t row = upended ? work.height - 1 - (tap.start + t) : tap.start + t;
            add_weighted(work.sums, work.grey + row * work.width, tap.weights[t], work.width);
        }
        for (const bool mirrored : {false, true})
            sample_row(work.sums, work.width, mirrored, work.across, tap.divisor,
                       work.samples[(upended ? 2U : 0U) + (mirrored ? 1U : 0U)][y]);
    }
}

LUWTE_INLINE void run(Work& work) {
    sample_upright_or_upended(work, false);
    sample_upright_or_upended(work, true);
    for (std::size_t turn = 0; turn < 4; ++turn) transform(work.samples[turn], work.cosines, work.waves[turn]);
}

void run_plain(Work& work) { run(work); }
#if LUWTE_X86
LUWTE_AVX2 void run_avx2(Work& work) { run(work); }
LUWTE_AVX512 void run_avx512(Work& work) { run(work); }
#endif

void run_on(Path path, Work& work) {
#if LUWTE_X86
    if (path == Path::avx512) return run_avx512(work);
    if (path == Path::avx2) return run_avx2(work);
#endif
    (void)path;
    run_plain(work);
}

// Sum of the steps between neighbouring samples in whole percents of the grey range, over 90, at most 100.
int quality_of(const Samples& samples) {
    long sum = 0;
    for (std::size_t y = 0; y < side; ++y)
        for (std::size_t x = 0; x < side; ++x) {
            if (y + 1 < side) sum += static_cast<long>(std::abs((samples[y + 1][x] - samples[y][x]) * 100 / 255));
            if (x + 1 < side) sum += static_cast<long>(std::abs((samples[y][x + 1] - samples[y][x]) * 100 / 255));
        }
    return static_cast<int>(std::min(100L, sum / 90));
}

double lower_median(const Waves& waves) {
    std::array<double, frequencies * frequencies> values;
    for (std::size_t k = 0; k < frequencies; ++k)
        std::copy(waves[k].begin(), waves[k].end(), values.begin() + static_cast<std::ptrdiff_t>(k * frequencies));
    const auto middle = values.begin() + values.size() / 2 - 1;
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// The field writes the highest frequency first.
void set_bit(std::array<std::uint8_t, 32>& hash, std::size_t place) {
    const std::size_t from_front = 8 * hash.size() - 1 - place;
    hash[from_front / 8] |= static_cast<std::uint8_t>(0x80U >> (from_front % 8));
}

void hash_both_ways(const Waves& waves, std::array<std::uint8_t, 32>& upright,
                    std::array<std::uint8_t, 32>& transposed) {
    const double median = lower_median(waves);
    for (std::size_t k = 0; k < frequencies; ++k)
        for (std::size_t j = 0; j < frequencies; ++j)
            if (waves[k][j] > median) {
                set_bit(upright, k * frequencies + j);
                set_bit(transposed, j * frequencies + k);
            }
}

}  // namespace

PdqHashes pdq_hashes(const std::uint8_t* grey, std::size_t height, std::size_t width, Path path) {
    PdqHashes hashes;
    if (height < smallest_side || width < smallest_side) return hashes;
    static const Cosines cosines = make_cosines();
    const std::vector<Tap> down = jarosz_taps(height), across = jarosz_taps(width);
    std::vector<double> sums(width);
    Work work{grey, height, width, down, across, cosines, sums.data(), {}, {}};
    run_on(path, work);
    for (std::size_t turn = 0; turn < 4; ++turn)
        hash_both_ways(work.waves[turn], hashes.rows[turn], hashes.rows[turn + 4]);
    hashes.quality = quality_of(work.samples[0]);
    return hashes;
}

}  // namespace luwte
