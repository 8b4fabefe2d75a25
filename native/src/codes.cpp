#include "codes.hpp"

#include <algorithm>
#include <numeric>

#include "bits.hpp"

namespace luwte {

namespace {

constexpr std::size_t queries_between_breaths = 16;
constexpr std::size_t codes_at_once = 512;  // their bits stay in the first cache while the list streams past
constexpr std::size_t rows_a_step = 4096;
constexpr std::size_t steps_between_breaths = 64;
constexpr std::size_t blocks_at_once = 32;  // that are on their way while others are compared
constexpr std::size_t spans_on_the_way = 16;
constexpr std::size_t bytes_of_a_line = 64;
constexpr std::uint64_t entries_for_a_value = 12;  // that are read in the time that looking one value up takes
constexpr std::size_t hits_at_once = std::size_t{1} << 20;
// How many codes are compared with one another in the time that one entry of a table costs.
constexpr std::uint64_t pairs_for_an_entry = 8;

LUWTE_INLINE void fetch(const void* memory) {
#if defined(__GNUC__)
    __builtin_prefetch(memory);
#else
    (void)memory;
#endif
}

// What to turn over in a value to meet those that differ in exactly `ring` bits.
std::vector<std::uint32_t> flips_of(unsigned width, unsigned ring) {
    if (ring == 0) return {0};
    std::vector<std::uint32_t> flips;
    for (unsigned high = ring - 1; high < width; ++high)
        for (const std::uint32_t others : flips_of(high, ring - 1)) flips.push_back(1U << high | others);
    return flips;
}

// Entries that share a value, and in how many of their further bits they may differ.
struct Span {
    const std::uint32_t* entries;
    std::uint32_t count, ring;
};

// How many rings of each band are looked at.
using Rings = std::array<unsigned, code_band_count>;

// All ways to share so many rings out over the bands from this one on.
void share(unsigned rings, std::size_t band, Rings& way, std::vector<Rings>& ways) {
    if (band == code_band_count) {
        if (rings == 0) ways.push_back(way);
        return;
    }
    for (way[band] = 0; way[band] <= std::min(rings, code_ring_count); ++way[band])
        share(rings - way[band], band + 1, way, ways);
}

class Searcher {
   public:
    Searcher(const CodeBands& bands, const std::uint8_t* codes, std::size_t count, unsigned radius, Path path)
        : bands_(bands), codes_(codes), count_(count), radius_(radius), near_codes_(near_codes_for(path)),
          near_entries_(near_entries_for(path)) {
        for (unsigned ring = 0; ring < code_ring_count; ++ring) flips_[ring] = flips_of(bands[0].width, ring);
        Rings way{};
        share(radius + 1, 0, way, ways_);
    }

    // Finds where the rows near the code are; returns how many entries lie there.
    std::uint64_t look_up(const Code& query) {
        for (std::size_t band = 0; band < code_band_count; ++band) {
            spans_[band].clear();
            bits_[band] = bands_[band].bits(query);
            for (unsigned ring = 0; ring < outer_ring; ++ring) fetch_ring(band, ring);
        }
        for (std::size_t band = 0; band < code_band_count; ++band)
            for (unsigned ring = 0; ring < outer_ring; ++ring) entries_[band][ring] = look_up_ring(band, ring);
        rings_ = cheapest();
        for (std::size_t band = 0; band < code_band_count; ++band)
            if (rings_[band] > outer_ring) fetch_ring(band, outer_ring);
        std::uint64_t sum = 0;
        for (std::size_t band = 0; band < code_band_count; ++band) {
            if (rings_[band] > outer_ring) entries_[band][outer_ring] = look_up_ring(band, outer_ring);
            sum += std::accumulate(entries_[band].begin(), entries_[band].begin() + rings_[band], std::uint64_t{0});
        }
        return sum;
    }

    // Appends the rows within the radius of the code last looked up, some of them more than once.
    void compare(const Code& query, std::vector<std::uint32_t>& near) {
        waiting_ = 0;
        for (std::size_t band = 0; band < code_band_count; ++band) compare_in(query, band, near);
        near_codes_(query, codes_, count_, blocks_.data(), waiting_, radius_, near);
    }

   private:
    static constexpr unsigned outer_ring = code_ring_count - 1;  // looked up only where it is chosen

    // The outer ring is taken to hold as many more entries than the one within it as it has more values.
    Rings cheapest() {
        std::array<std::array<std::uint64_t, code_ring_count + 1>, code_band_count> costs{};
        for (std::size_t band = 0; band < code_band_count; ++band) {
            entries_[band][outer_ring] =
                entries_[band][outer_ring - 1] * flips_[outer_ring].size() / flips_[outer_ring - 1].size();
            for (unsigned ring = 0; ring < code_ring_count; ++ring)
                costs[band][ring + 1] =
                    costs[band][ring] + entries_[band][ring] + flips_[ring].size() * entries_for_a_value;
        }
        const auto cost = [&](const Rings& way) {
            std::uint64_t sum = 0;
            for (std::size_t band = 0; band < code_band_count; ++band) sum += costs[band][way[band]];
            return sum;
        };
        return *std::min_element(ways_.begin(), ways_.end(),
                                 [&](const Rings& a, const Rings& b) { return cost(a) < cost(b); });
    }

    void fetch_ring(std::size_t band, unsigned ring) const {
        const std::uint32_t* starts = bands_[band].starts.get();
        const std::uint32_t value = bands_[band].value(bits_[band]);
        for (const std::uint32_t flip : flips_[ring]) fetch(starts + (value ^ flip));
    }

    std::uint64_t look_up_ring(std::size_t band, unsigned ring) {
        const std::uint32_t* starts = bands_[band].starts.get();
        const std::uint32_t* entries = bands_[band].entries.get();
        const std::uint32_t value = bands_[band].value(bits_[band]);
        std::uint64_t sum = 0;
        for (const std::uint32_t flip : flips_[ring]) {
            const std::uint32_t* start = starts + (value ^ flip);
            const std::uint32_t count = start[1] - start[0];
            if (count > 0) spans_[band].push_back({entries + start[0], count, ring});
            sum += count;
        }
        return sum;
    }

    void compare_in(const Code& query, std::size_t band, std::vector<std::uint32_t>& near) {
        const std::vector<Span>& spans = spans_[band];
        for (std::size_t at = 0; at < std::min(spans.size(), spans_on_the_way); ++at) fetch(spans[at].entries);
        for (std::size_t at = 0; at < spans.size() && spans[at].ring < rings_[band]; ++at) {
            if (at + spans_on_the_way < spans.size()) fetch(spans[at + spans_on_the_way].entries);
            take(spans[at], {bits_[band], bands_[band].width, rings_[band] - 1 - spans[at].ring});
            if (waiting_ >= 2 * blocks_at_once) compare_all_but_last(query, near);
        }
    }

    void take(const Span& span, Further further) {
        if (blocks_.size() < waiting_ + span.count + blocks_to_spare)
            blocks_.resize(2 * (waiting_ + span.count + blocks_to_spare));
        const std::size_t found = near_entries_(span.entries, span.count, further, blocks_.data() + waiting_);
        for (std::size_t at = waiting_; at < waiting_ + found; ++at) fetch_block(blocks_[at]);
        waiting_ += found;
    }

    void fetch_block(std::size_t block) const {
        constexpr std::size_t bytes = rows_a_block * code_bytes;
        for (std::size_t at = 0; at < bytes; at += bytes_of_a_line) fetch(codes_ + block * bytes + at);
    }

    void compare_all_but_last(const Code& query, std::vector<std::uint32_t>& near) {
        const std::size_t count = waiting_ - blocks_at_once;
        near_codes_(query, codes_, count_, blocks_.data(), count, radius_, near);
        std::copy(blocks_.begin() + static_cast<std::ptrdiff_t>(count),
                  blocks_.begin() + static_cast<std::ptrdiff_t>(waiting_), blocks_.begin());
        waiting_ = blocks_at_once;
    }

    const CodeBands& bands_;
    const std::uint8_t* codes_;
    std::size_t count_;
    unsigned radius_;
    NearCodes near_codes_;
    NearEntries near_entries_;
    std::vector<Rings> ways_;  // one ring more than the radius in each
    std::array<std::vector<std::uint32_t>, code_ring_count> flips_;
    std::array<std::vector<Span>, code_band_count> spans_;
    std::array<std::uint32_t, code_band_count> bits_{};
    std::array<std::array<std::uint64_t, code_ring_count>, code_band_count> entries_{};
    Rings rings_{};
    std::vector<std::uint32_t> blocks_;  // the first `waiting_` are to compare
    std::size_t waiting_ = 0;
};

// What is known of one reference: how many codes voted for it, with what weight, and for which codes of its own.
struct Tally {
    std::uint32_t reference, asked;
    std::uint64_t weight, own;
};

}  // namespace

// What all codes asked for say of the references.
class Ballot {
   public:
    explicit Ballot(std::size_t references) : references_(references) {}

    // What the vote of a code weighs that votes for so many references.
    std::uint64_t weight_of(std::size_t met) const {
        std::uint64_t weight = 0;
        for (std::size_t share = met == 0 ? 0 : references_ / met; share > 0; share >>= 1) ++weight;
        return weight;
    }

    void cast(const std::vector<Tally>& tallies) {
        tallies_.insert(tallies_.end(), tallies.begin(), tallies.end());
        if (tallies_.size() > 2 * summed_ + hits_at_once) sum_up();
    }

    void cast(const Tally& tally) {
        tallies_.push_back(tally);
        if (tallies_.size() > 2 * summed_ + hits_at_once) sum_up();
    }

    Votes best(std::size_t most) {
        sum_up();
        std::vector<Tally>& all = tallies_;
        for (Tally& one : all) {
            const std::uint32_t votes = std::min(one.asked, bits_set(one.own));
            one.weight = one.weight * votes / one.asked;
            one.asked = votes;
        }
        const std::size_t count = std::min(most, all.size());
        std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(), better);
        Votes votes;
        for (std::size_t at = 0; at < count; ++at) {
            votes.reference.push_back(all[at].reference);
            votes.votes.push_back(all[at].asked);
            votes.weight.push_back(all[at].weight);
        }
        return votes;
    }

   private:
    static bool better(const Tally& a, const Tally& b) {
        if (a.weight != b.weight) return a.weight > b.weight;
        return a.asked != b.asked ? a.asked > b.asked : a.reference < b.reference;
    }

    // Of many tallies of one reference makes one, so that they never take more than the number of references does.
    void sum_up() {
        std::sort(tallies_.begin(), tallies_.end(),
                  [](const Tally& a, const Tally& b) { return a.reference < b.reference; });
        std::size_t end = 0;
        for (const Tally& tally : tallies_) {
            if (end > 0 && tallies_[end - 1].reference == tally.reference) {
                tallies_[end - 1].asked += tally.asked;
                tallies_[end - 1].weight += tally.weight;
                tallies_[end - 1].own |= tally.own;
            } else {
                tallies_[end++] = tally;
            }
        }
        tallies_.resize(end);
        summed_ = end;
    }

    std::size_t references_;
    std::vector<Tally> tallies_;
    std::size_t summed_ = 0;
};

namespace {

// Codes that are compared with every code of the list, block by block.
class Sweep {
   public:
    Sweep(const std::uint8_t* codes, std::size_t count, const CodeBlock& asked, unsigned radius, Path path)
        : codes_(codes), count_(count), asked_(asked), radius_(radius), all_codes_(all_codes_for(path)) {}

    // Calls `act` with each hit, by row; a second time without comparing anew where the hits were few.
    template <typename Act>
    void for_each_hit(const std::function<void()>& breathe, const Act& act) {
        if (kept_) {
            std::for_each(hits_.begin(), hits_.end(), act);
            return;
        }
        std::vector<CodeHit> hits;
        kept_ = true;
        for (std::size_t start = 0; start < count_; start += rows_a_step) {
            if (start / rows_a_step % steps_between_breaths == 0) breathe();
            hits.clear();
            all_codes_(asked_, codes_, start, std::min(count_, start + rows_a_step), radius_, hits);
            std::for_each(hits.begin(), hits.end(), act);
            kept_ = kept_ && hits_.size() + hits.size() <= hits_at_once;
            if (kept_) hits_.insert(hits_.end(), hits.begin(), hits.end());
        }
    }

   private:
    const std::uint8_t* codes_;
    std::size_t count_;
    const CodeBlock& asked_;
    unsigned radius_;
    AllCodes all_codes_;
    bool kept_ = false;
    std::vector<CodeHit> hits_;
};

}  // namespace

Codes::Codes(const std::uint8_t* codes, std::size_t count, std::vector<std::uint32_t> starts, Path path)
    : codes_(codes), count_(count), starts_(std::move(starts)), path_(path) {
    for (std::uint32_t reference = 0; reference + 1 < starts_.size(); ++reference)
        while (references_.size() * most_codes < starts_[reference + 1]) references_.push_back(reference);
}

void Codes::index(unsigned threads, const std::function<void()>& breathe) {
    bands_ = code_bands(codes_, count_, threads, breathe);
    indexed_ = true;
}

std::uint32_t Codes::reference_of(std::uint32_t row) const {
    std::uint32_t reference = references_[row / most_codes];
    while (starts_[reference + 1] <= row) ++reference;
    return reference;
}

Votes Codes::best(const std::uint8_t* asked, std::size_t count, unsigned radius, std::size_t most,
                  const std::function<void()>& breathe) const {
    std::vector<Code> queries;
    for (std::size_t number = 0; number < count; ++number) queries.push_back(code_from(asked + number * code_bits_bytes));
    Ballot ballot(starts_.size() - 1);
    if (indexed_) queries = vote_by_bands(queries, radius, ballot, breathe);
    for (std::size_t start = 0; start < queries.size(); start += codes_at_once) {
        CodeBlock block;
        for (std::size_t at = start; at < std::min(queries.size(), start + codes_at_once); ++at) {
            block.first.push_back(queries[at].words[0]);
            block.second.push_back(queries[at].words[1]);
        }
        vote_by_all(block, radius, ballot, breathe);
    }
    return ballot.best(most);
}

std::vector<Code> Codes::vote_by_bands(const std::vector<Code>& queries, unsigned radius, Ballot& ballot,
                                       const std::function<void()>& breathe) const {
    Searcher searcher(bands_, codes_, count_, radius, path_);
    std::vector<Code> left;
    std::vector<std::uint32_t> near;
    std::vector<Tally> met;
    for (std::size_t number = 0; number < queries.size(); ++number) {
        if (number % queries_between_breaths == 0) breathe();
        if (searcher.look_up(queries[number]) * pairs_for_an_entry > count_) {
            left.push_back(queries[number]);
            continue;
        }
        near.clear();
        met.clear();
        searcher.compare(queries[number], near);
        std::sort(near.begin(), near.end());
        for (const std::uint32_t row : near) {
            const std::uint32_t reference = reference_of(row);
            if (met.empty() || met.back().reference != reference) met.push_back({reference, 1, 0, 0});
            met.back().own |= std::uint64_t{1} << (row - starts_[reference]);
        }
        const std::uint64_t weight = ballot.weight_of(met.size());
        for (Tally& one : met) one.weight = weight;
        ballot.cast(met);
    }
    return left;
}

// How much a vote weighs is known once all references that it is for are counted, so the hits are passed twice.
void Codes::vote_by_all(const CodeBlock& block, unsigned radius, Ballot& ballot,
                        const std::function<void()>& breathe) const {
    constexpr std::uint32_t nobody = ~0U;
    Sweep sweep(codes_, count_, block, radius, path_);
    std::vector<std::uint32_t> last(block.first.size(), nobody);
    std::vector<std::size_t> met(block.first.size(), 0);
    sweep.for_each_hit(breathe, [&](const CodeHit& hit) {
        const std::uint32_t reference = reference_of(hit.row);
        met[hit.query] += last[hit.query] != reference;
        last[hit.query] = reference;
    });
    std::fill(last.begin(), last.end(), nobody);
    sweep.for_each_hit(breathe, [&](const CodeHit& hit) {
        const std::uint32_t reference = reference_of(hit.row);
        const bool anew = last[hit.query] != reference;
        last[hit.query] = reference;
        const std::uint64_t own = std::uint64_t{1} << (hit.row - starts_[reference]);
        ballot.cast(Tally{reference, anew, anew ? ballot.weight_of(met[hit.query]) : 0, own});
    });
}

}  // namespace luwte
