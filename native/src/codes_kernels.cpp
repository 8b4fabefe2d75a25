#include "codes_kernels.hpp"

#include <algorithm>

#include "bits.hpp"

namespace luwte {

namespace {

template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE unsigned distance(std::uint64_t first, std::uint64_t second, const Code& code) {
    return Count(first ^ code.words[0]) + Count(second ^ code.words[1]);
}

template <unsigned (*Count)(std::uint64_t)>
LUWTE_INLINE void keep_near(const Code& query, const std::uint8_t* codes, const std::uint32_t* rows, std::size_t count,
                            unsigned radius, std::vector<std::uint32_t>& near) {
    for (std::size_t at = 0; at < count; ++at)
        if (distance<Count>(query.words[0], query.words[1], code_at(codes, rows[at])) <= radius)
            near.push_back(rows[at]);
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

void near_plain(const Code& query, const std::uint8_t* codes, const std::uint32_t* rows, std::size_t count,
                unsigned radius, std::vector<std::uint32_t>& near) {
    keep_near<bits_set>(query, codes, rows, count, radius, near);
}

void search_plain(const CodeBlock& block, const std::uint8_t* codes, std::size_t start, std::size_t stop,
                  unsigned radius, std::vector<CodeHit>& hits) {
    search<bits_set>(block, codes, start, stop, radius, hits);
}

#if LUWTE_X86

LUWTE_AVX2 void near_avx2(const Code& query, const std::uint8_t* codes, const std::uint32_t* rows, std::size_t count,
                          unsigned radius, std::vector<std::uint32_t>& near) {
    keep_near<bits_set_by_one_instruction>(query, codes, rows, count, radius, near);
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

AllCodes all_codes_for(Path path) {
#if LUWTE_X86
    if (path == Path::avx512) return search_avx512;
    if (path == Path::avx2) return search_avx2;
#endif
    (void)path;
    return search_plain;
}

}  // namespace luwte
