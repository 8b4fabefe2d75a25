#include "codes_kernels.hpp"

#include <algorithm>

#include "bits.hpp"
#if LUWTE_X86
#include <immintrin.h>
#endif

namespace luwte {

namespace {

template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE unsigned distance(std::uint64_t first, std::uint64_t second, const Code& code) {
    return Count(first ^ code.words[0]) + Count(second ^ code.words[1]);
}

template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE void keep_near(const Code& query, const std::uint8_t* codes, std::size_t rows, const std::uint32_t* blocks,
                            std::size_t count, unsigned radius, std::vector<std::uint32_t>& near) {
    for (std::size_t at = 0; at < count; ++at) {
        const std::size_t start = blocks[at] * rows_a_block;
        for (std::size_t row = start; row < std::min(rows, start + rows_a_block); ++row)
            if (distance<Count>(query.words[0], query.words[1], code_at(codes, row)) <= radius)
                near.push_back(static_cast<std::uint32_t>(row));
    }
}

// Without a branch: which entries are near is as good as chance.
template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE std::size_t keep_entries(const std::uint32_t* entries, std::size_t count, Further further,
                                      std::uint32_t* blocks) {
    const std::uint32_t block_mask = (1U << further.width) - 1;
    std::size_t kept = 0;
    for (std::size_t at = 0; at < count; ++at) {
        blocks[kept] = entries[at] & block_mask;
        kept += Count((entries[at] ^ further.bits) >> further.width) <= further.allowed;
    }
    return kept;
}

// The least distance of a block is found without a branch, so that the compiler makes whole registers of it.
template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE void search(const CodeBlock& block, const std::uint8_t* codes, std::size_t start, std::size_t stop,
                         unsigned radius, std::vector<CodeHit>& hits) {
    const std::size_t count = block.first.size();
    const std::uint64_t* first = block.first.data();
    const std::uint64_t* second = block.second.data();
    for (std::size_t row = start; row < stop; ++row) {
        const Code code = code_at(codes, row);
        std::uint64_t least = code_bits;
        for (std::size_t query = 0; query < count; ++query)
            least = std::min(least, std::uint64_t{distance<Count>(first[query], second[query], code)});
        if (least > radius) continue;
        for (std::size_t query = 0; query < count; ++query)
            if (distance<Count>(first[query], second[query], code) <= radius)
                hits.push_back({static_cast<std::uint32_t>(query), static_cast<std::uint32_t>(row)});
    }
}

void near_plain(const Code& query, const std::uint8_t* codes, std::size_t rows, const std::uint32_t* blocks,
                std::size_t count, unsigned radius, std::vector<std::uint32_t>& near) {
    keep_near<bits_set>(query, codes, rows, blocks, count, radius, near);
}

std::size_t entries_plain(const std::uint32_t* entries, std::size_t count, Further further, std::uint32_t* blocks) {
    return keep_entries<bits_set>(entries, count, further, blocks);
}

void search_plain(const CodeBlock& block, const std::uint8_t* codes, std::size_t start, std::size_t stop,
                  unsigned radius, std::vector<CodeHit>& hits) {
    search<bits_set>(block, codes, start, stop, radius, hits);
}

#if LUWTE_X86

LUWTE_AVX2 void near_avx2(const Code& query, const std::uint8_t* codes, std::size_t rows, const std::uint32_t* blocks,
                          std::size_t count, unsigned radius, std::vector<std::uint32_t>& near) {
    keep_near<bits_set_by_one_instruction>(query, codes, rows, blocks, count, radius, near);
}

LUWTE_AVX2 std::size_t entries_avx2(const std::uint32_t* entries, std::size_t count, Further further,
                                    std::uint32_t* blocks) {
    return keep_entries<bits_set_by_one_instruction>(entries, count, further, blocks);
}

LUWTE_AVX512 std::size_t entries_avx512(const std::uint32_t* entries, std::size_t count, Further further,
                                        std::uint32_t* blocks) {
    const __m512i own = _mm512_set1_epi32(static_cast<int>(further.bits));
    const __m512i allowed = _mm512_set1_epi32(static_cast<int>(further.allowed));
    const __m512i block_mask = _mm512_set1_epi32(static_cast<int>((1U << further.width) - 1));
    const __m128i shift = _mm_cvtsi32_si128(static_cast<int>(further.width));
    std::size_t kept = 0;
    for (std::size_t at = 0; at < count; at += 16) {
        const auto there = static_cast<__mmask16>(count - at >= 16 ? 0xffff : (1U << (count - at)) - 1);
        const __m512i some = _mm512_maskz_loadu_epi32(there, entries + at);
        const __m512i differing = _mm512_popcnt_epi32(_mm512_maskz_srl_epi32(there, _mm512_xor_si512(some, own), shift));
        const __mmask16 near = _mm512_mask_cmple_epu32_mask(there, differing, allowed);
        _mm512_storeu_si512(blocks + kept, _mm512_maskz_compress_epi32(near, _mm512_and_si512(some, block_mask)));
        kept += bits_set_by_one_instruction(near);
    }
    return kept;
}

LUWTE_AVX2 void search_avx2(const CodeBlock& block, const std::uint8_t* codes, std::size_t start, std::size_t stop,
                            unsigned radius, std::vector<CodeHit>& hits) {
    search<bits_set_by_one_instruction>(block, codes, start, stop, radius, hits);
}

LUWTE_AVX512 void search_avx512(const CodeBlock& block, const std::uint8_t* codes, std::size_t start, std::size_t stop,
                                unsigned radius, std::vector<CodeHit>& hits) {
    search<bits_set_by_one_instruction>(block, codes, start, stop, radius, hits);
}

#endif

}  // namespace

NearCodes near_codes_for(Path path) {
#if LUWTE_X86
    if (path != Path::plain) return near_avx2;
#endif
    (void)path;
    return near_plain;
}

NearEntries near_entries_for(Path path) {
#if LUWTE_X86
    if (path == Path::avx512) return entries_avx512;
    if (path == Path::avx2) return entries_avx2;
#endif
    (void)path;
    return entries_plain;
}

AllCodes all_codes_for(Path path) {
#if LUWTE_X86
    if (path == Path::avx512) return search_avx512;
    if (path == Path::avx2) return search_avx2;
#endif
    (void)path;
    return search_plain;
}

}  // namespace luwte
