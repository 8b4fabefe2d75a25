#include "hamming.hpp"

#include <algorithm>
#include <cstring>

#include "hamming_kernels.hpp"

namespace luwte {

namespace {

// 512 queries are 8 KB of tested words: they stay in the first cache while the references stream past.
constexpr std::size_t queries_at_once = 512;
// About a second of work on the slowest path for a full block.
constexpr std::size_t pairs_between_breaths = std::size_t{1} << 29;

QueryBlock block_of(const std::uint8_t* queries, std::size_t count) {
    QueryBlock block;
    block.hashes.resize(count);
    std::memcpy(block.hashes.data(), queries, count * hash_bytes);
    for (const Hash& hash : block.hashes) {
        block.first.push_back(hash.words[0]);
        block.second.push_back(hash.words[1]);
    }
    return block;
}

void append_by_query(std::vector<Hit>& hits, std::size_t first_query, Pairs& pairs) {
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) { return a.query < b.query; });
    for (const Hit& hit : hits) {
        pairs.query.push_back(static_cast<std::int64_t>(first_query + hit.query));
        pairs.reference.push_back(static_cast<std::int64_t>(hit.reference));
        pairs.distance.push_back(hit.distance);
    }
    hits.clear();
}

}  // namespace

Pairs radius_search(const std::uint8_t* queries, std::size_t query_count, const std::uint8_t* references,
                    std::size_t reference_count, unsigned radius, Path path, const std::function<void()>& breathe) {
    const Kernel kernel = kernel_for(path, radius);
    Pairs pairs;
    std::vector<Hit> hits;
    for (std::size_t query = 0; query < query_count; query += queries_at_once) {
        const std::size_t count = std::min(queries_at_once, query_count - query);
        const QueryBlock block = block_of(queries + query * hash_bytes, count);
        const std::size_t stretch = pairs_between_breaths / count;
        for (std::size_t row = 0; row < reference_count; row += stretch) {
            kernel(block, {references, row, std::min(reference_count, row + stretch)}, radius, hits);
            breathe();
        }
        append_by_query(hits, query, pairs);
    }
    return pairs;
}

}  // namespace luwte
