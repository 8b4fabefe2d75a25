// Half of the 256 bits rule nearly every pair out: the distance is at least the number of places in which the first
// or the second word differs. Of unrelated hashes about 2 pairs in a million pass that test at 31. So each kernel
// makes it for many pairs at once, and looks at all four words of the few that remain. Beyond `tested_radius` so many
// pass that looking at all four words at once costs less.
#include "hamming_kernels.hpp"

#include "bits.hpp"
#include "dispatch.hpp"
#if LUWTE_X86
#include <immintrin.h>
#endif

namespace luwte {

namespace {

// At 36 one pair in 2,000 passes the test, at 40 one in 70, at 48 half.
constexpr unsigned tested_radius = 36;

void confirm(const QueryBlock& block, std::size_t query, const std::uint8_t* references, std::size_t row,
             unsigned radius, std::vector<Hit>& hits) {
    const Hash reference = hash_at(references, row);
    unsigned distance = 0;
    for (std::size_t word = 0; word < 4; ++word)
        distance += bits_set(block.hashes[query].words[word] ^ reference.words[word]);
    if (distance <= radius)
        hits.push_back({static_cast<std::uint32_t>(query), static_cast<std::uint16_t>(distance), row});
}

void search_plain(const QueryBlock& block, Stretch stretch, unsigned radius, std::vector<Hit>& hits) {
    for (std::size_t row = stretch.start; row < stretch.stop; ++row) {
        const Hash reference = hash_at(stretch.references, row);
        for (std::size_t query = 0; query < block.hashes.size(); ++query) {
            const std::uint64_t differing =
                (block.first[query] ^ reference.words[0]) | (block.second[query] ^ reference.words[1]);
            if (bits_set(differing) <= radius) confirm(block, query, stretch.references, row, radius, hits);
        }
    }
}

template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE void search_all_words(const QueryBlock& block, Stretch stretch, unsigned radius, std::vector<Hit>& hits) {
    for (std::size_t row = stretch.start; row < stretch.stop; ++row) {
        const Hash reference = hash_at(stretch.references, row);
        for (std::size_t query = 0; query < block.hashes.size(); ++query) {
            unsigned distance = 0;
            for (std::size_t word = 0; word < 4; ++word)
                distance += Count(block.hashes[query].words[word] ^ reference.words[word]);
            if (distance <= radius)
                hits.push_back({static_cast<std::uint32_t>(query), static_cast<std::uint16_t>(distance), row});
        }
    }
}

void search_all_words_plain(const QueryBlock& block, Stretch stretch, unsigned radius, std::vector<Hit>& hits) {
    search_all_words<bits_set>(block, stretch, radius, hits);
}

template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE void keep_near(const Hash& query, const std::uint8_t* references, const std::uint32_t* rows,
                            std::size_t count, unsigned radius, std::vector<NearRow>& near) {
    for (std::size_t at = 0; at < count; ++at) {
        const Hash reference = hash_at(references, rows[at]);
        const std::uint64_t differing[4] = {query.words[0] ^ reference.words[0], query.words[1] ^ reference.words[1],
                                            query.words[2] ^ reference.words[2], query.words[3] ^ reference.words[3]};
        if (Count(differing[0] | differing[1]) > radius) continue;
        const unsigned distance = Count(differing[0]) + Count(differing[1]) + Count(differing[2]) + Count(differing[3]);
        if (distance <= radius) near.push_back({rows[at], static_cast<std::uint16_t>(distance)});
    }
}

void near_rows_plain(const Hash& query, const std::uint8_t* references, const std::uint32_t* rows, std::size_t count,
                     unsigned radius, std::vector<NearRow>& near) {
    keep_near<bits_set>(query, references, rows, count, radius, near);
}

#if LUWTE_X86

LUWTE_AVX2 void near_rows_avx2(const Hash& query, const std::uint8_t* references, const std::uint32_t* rows,
                               std::size_t count, unsigned radius, std::vector<NearRow>& near) {
    keep_near<bits_set_by_one_instruction>(query, references, rows, count, radius, near);
}

LUWTE_AVX2 void search_all_words_avx2(const QueryBlock& block, Stretch stretch, unsigned radius,
                                      std::vector<Hit>& hits) {
    search_all_words<bits_set_by_one_instruction>(block, stretch, radius, hits);
}

// Four references a register. Their order in it is 0, 2, 1, 3: what the cheapest shuffle gives.
struct FourHashes {
    __m256i first, second;
};

LUWTE_AVX2 inline FourHashes four_at(const std::uint8_t* references, std::size_t row) {
    const auto* from = reinterpret_cast<const __m128i*>(references + row * sizeof(Hash));
    const __m256i even = _mm256_loadu2_m128i(from + 2, from), odd = _mm256_loadu2_m128i(from + 6, from + 4);
    return {_mm256_unpacklo_epi64(even, odd), _mm256_unpackhi_epi64(even, odd)};
}

LUWTE_AVX2 inline __m256i byte_counts(__m256i bits) {
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1,
                                           2, 2, 3, 2, 3, 3, 4);
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(bits, nibble));
    const __m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(bits, 4), nibble));
    return _mm256_add_epi8(low, high);
}

// One bit for each of the four references that the first two words do not rule out.
LUWTE_AVX2 inline unsigned four_near(const FourHashes& four, __m256i first, __m256i second, __m256i limit) {
    const __m256i differing =
        _mm256_or_si256(_mm256_xor_si256(four.first, first), _mm256_xor_si256(four.second, second));
    const __m256i counts = _mm256_sad_epu8(byte_counts(differing), _mm256_setzero_si256());
    return static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(limit, counts))));
}

LUWTE_AVX2 void search_avx2(const QueryBlock& block, Stretch stretch, unsigned radius, std::vector<Hit>& hits) {
    static constexpr unsigned lane[8] = {0, 2, 1, 3, 4, 6, 5, 7};
    const __m256i limit = _mm256_set1_epi64x(static_cast<long long>(radius) + 1);
    std::size_t row = stretch.start;
    for (; row + 8 <= stretch.stop; row += 8) {
        const FourHashes low = four_at(stretch.references, row), high = four_at(stretch.references, row + 4);
        for (std::size_t query = 0; query < block.hashes.size(); ++query) {
            const __m256i first = _mm256_set1_epi64x(static_cast<long long>(block.first[query]));
            const __m256i second = _mm256_set1_epi64x(static_cast<long long>(block.second[query]));
            const unsigned near = four_near(low, first, second, limit) | four_near(high, first, second, limit) << 4;
            if (near == 0) continue;
            for (std::size_t place = 0; place < 8; ++place)
                if (near >> lane[place] & 1) confirm(block, query, stretch.references, row + place, radius, hits);
        }
    }
    search_plain(block, {stretch.references, row, stretch.stop}, radius, hits);
}

struct EightHashes {
    __m512i first, second;
};

LUWTE_AVX512 inline EightHashes eight_at(const std::uint8_t* references, std::size_t row) {
    const std::uint8_t* from = references + row * sizeof(Hash);
    const __m512i pick = _mm512_setr_epi64(0, 4, 8, 12, 1, 5, 9, 13);
    const __m512i low = _mm512_permutex2var_epi64(_mm512_loadu_si512(from), pick, _mm512_loadu_si512(from + 64));
    const __m512i high =
        _mm512_permutex2var_epi64(_mm512_loadu_si512(from + 128), pick, _mm512_loadu_si512(from + 192));
    return {_mm512_shuffle_i64x2(low, high, 0x44), _mm512_shuffle_i64x2(low, high, 0xee)};
}

// At each place the number of differing bits in the first two words, either counted once.
LUWTE_AVX512 inline __m512i differing(const EightHashes& eight, __m512i first, __m512i second) {
    constexpr int xor_of_first_two_or_third = 0xbe;
    const __m512i third = _mm512_xor_si512(eight.second, second);
    return _mm512_popcnt_epi64(_mm512_ternarylogic_epi64(eight.first, first, third, xor_of_first_two_or_third));
}

// At each place the bits of all four words in which a reference differs from the query.
LUWTE_AVX512 inline __m512i all_differing(const __m512i (&words)[4], const __m512i (&query)[4]) {
    __m512i counts[4];
    for (std::size_t word = 0; word < 4; ++word)
        counts[word] = _mm512_popcnt_epi64(_mm512_xor_si512(words[word], query[word]));
    return _mm512_add_epi64(_mm512_add_epi64(counts[0], counts[1]), _mm512_add_epi64(counts[2], counts[3]));
}

LUWTE_AVX512 void search_all_words_avx512(const QueryBlock& block, Stretch stretch, unsigned radius,
                                          std::vector<Hit>& hits) {
    const __m512i limit = _mm512_set1_epi64(static_cast<long long>(radius));
    const __m512i apart = _mm512_setr_epi64(0, 4, 8, 12, 16, 20, 24, 28);  // one word of each of eight hashes
    std::size_t row = stretch.start;
    for (; row + 8 <= stretch.stop; row += 8) {
        const auto* from = reinterpret_cast<const long long*>(stretch.references + row * sizeof(Hash));
        __m512i words[4];
        for (std::size_t word = 0; word < 4; ++word) words[word] = _mm512_i64gather_epi64(apart, from + word, 8);
        for (std::size_t query = 0; query < block.hashes.size(); ++query) {
            __m512i asked[4];
            for (std::size_t word = 0; word < 4; ++word)
                asked[word] = _mm512_set1_epi64(static_cast<long long>(block.hashes[query].words[word]));
            __mmask8 near = _mm512_cmple_epu64_mask(all_differing(words, asked), limit);
            for (; near != 0; near = static_cast<__mmask8>(near & (near - 1)))
                confirm(block, query, stretch.references, row + static_cast<std::size_t>(__builtin_ctz(near)), radius,
                        hits);
        }
    }
    search_all_words_plain(block, {stretch.references, row, stretch.stop}, radius, hits);
}

LUWTE_AVX512 void search_avx512(const QueryBlock& block, Stretch stretch, unsigned radius, std::vector<Hit>& hits) {
    constexpr std::size_t groups = 4;
    const __m512i limit = _mm512_set1_epi64(static_cast<long long>(radius));
    std::size_t row = stretch.start;
    for (; row + 8 * groups <= stretch.stop; row += 8 * groups) {
        EightHashes eights[groups];
        for (std::size_t group = 0; group < groups; ++group)
            eights[group] = eight_at(stretch.references, row + 8 * group);
        for (std::size_t query = 0; query < block.hashes.size(); ++query) {
            const __m512i first = _mm512_set1_epi64(static_cast<long long>(block.first[query]));
            const __m512i second = _mm512_set1_epi64(static_cast<long long>(block.second[query]));
            __m512i least = differing(eights[0], first, second);
            for (std::size_t group = 1; group < groups; ++group)
                least = _mm512_min_epu64(least, differing(eights[group], first, second));
            if (_mm512_cmple_epu64_mask(least, limit) == 0) continue;
            for (std::size_t place = 0; place < 8 * groups; ++place)
                confirm(block, query, stretch.references, row + place, radius, hits);
        }
    }
    search_plain(block, {stretch.references, row, stretch.stop}, radius, hits);
}

#endif

}  // namespace

Kernel kernel_for(Path path, unsigned radius) {
    const bool test = radius <= tested_radius;
#if LUWTE_X86
    if (path == Path::avx512) return test ? search_avx512 : search_all_words_avx512;
    if (path == Path::avx2) return test ? search_avx2 : search_all_words_avx2;
#endif
    (void)path;
    return test ? search_plain : search_all_words_plain;
}

NearRows near_rows_for(Path path) {
#if LUWTE_X86
    if (path != Path::plain) return near_rows_avx2;
#endif
    (void)path;
    return near_rows_plain;
}

std::uint64_t pairs_for_a_row(Path path) {
    if (path == Path::avx512) return 64;
    return path == Path::avx2 ? 32 : 8;
}

}  // namespace luwte
