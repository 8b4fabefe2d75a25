#include "bands.hpp"

#include <algorithm>
#include <cstring>

#include "hamming_kernels.hpp"

namespace luwte {

namespace {

constexpr std::size_t queries_between_breaths = 256;
constexpr std::size_t rows_at_once = 64;     // whose hashes are on their way while others are compared
constexpr std::size_t spans_on_the_way = 24;

LUWTE_INLINE void fetch(const void* memory) {
#if defined(__GNUC__)
    __builtin_prefetch(memory);
#else
    (void)memory;
#endif
}

// The values to look up in a band, as what to turn over in the query's own: ring by ring.
struct Rings {
    std::vector<std::uint32_t> flips;
    std::size_t ends[ring_count];
};

Rings rings_of(unsigned width) {
    Rings rings{{0}, {1, 1 + width, 0}};
    for (unsigned bit = 0; bit < width; ++bit) rings.flips.push_back(1U << bit);
    for (unsigned high = 1; high < width; ++high)
        for (unsigned low = 0; low < high; ++low) rings.flips.push_back(1U << high | 1U << low);
    rings.ends[2] = rings.flips.size();
    return rings;
}

// Rows that share a value, as a stretch of `Band::rows`.
struct Span {
    std::uint32_t start, count;
};

// What one query finds in the tables: per band and ring how many rows, and where its spans end.
struct Lookup {
    std::vector<Span> spans;
    std::size_t ends[band_count][ring_count];
    std::uint64_t rows[band_count][ring_count];
    unsigned kept[band_count];  // rings

    std::uint64_t rows_kept() const {
        std::uint64_t sum = 0;
        for (std::size_t band = 0; band < band_count; ++band)
            for (unsigned ring = 0; ring < kept[band]; ++ring) sum += rows[band][ring];
        return sum;
    }
};

// All rings together are one more than `widest_radius`; a smaller radius needs fewer: the fullest are left out, from
// the outside in.
void drop_fullest(Lookup& found, unsigned rings) {
    std::fill(found.kept, found.kept + band_count, ring_count);
    for (unsigned dropped = 0; dropped < rings; ++dropped) {
        std::size_t fullest = band_count;
        for (std::size_t band = 0; band < band_count; ++band)
            if (found.kept[band] > 0 &&
                (fullest == band_count ||
                 found.rows[band][found.kept[band] - 1] > found.rows[fullest][found.kept[fullest] - 1]))
                fullest = band;
        --found.kept[fullest];
    }
}

class Searcher {
   public:
    Searcher(const std::array<Band, band_count>& bands, const std::uint8_t* references, unsigned radius, Path path)
        : bands_(bands), references_(references), radius_(radius), near_rows_(near_rows_for(path)) {
        for (const Band& band : bands_) rings_.push_back(rings_of(band.width));
    }

    // Finds the spans of the query; returns how many rows lie in them.
    std::uint64_t look_up(const Hash& query) {
        found_.spans.resize(spans_at_most());
        std::size_t end = 0;
        fetch_values(query, 0);
        for (std::size_t band = 0; band < band_count; ++band) {
            if (band + 1 < band_count) fetch_values(query, band + 1);
            end = look_up_in(query, band, end);
        }
        found_.spans.resize(end);
        drop_fullest(found_, widest_radius - radius_);
        return found_.rows_kept();
    }

    // Compares the rows last looked up; appends the pairs of the query, ascending by reference.
    void compare(const Hash& query, std::int64_t number, Pairs& pairs) {
        rows_.clear();
        near_.clear();
        compared_ = 0;
        std::size_t first = 0;
        for (std::size_t band = 0; band < band_count; ++band) {
            if (found_.kept[band] > 0)
                compare_spans(query, bands_[band].rows.get(), first, found_.ends[band][found_.kept[band] - 1]);
            first = found_.ends[band][ring_count - 1];
        }
        near_rows_(query, references_, rows_.data() + compared_, rows_.size() - compared_, radius_, near_);
        append_once(number, pairs);
    }

   private:
    std::size_t spans_at_most() const {
        std::size_t sum = 0;
        for (const Rings& rings : rings_) sum += rings.flips.size();
        return sum + 1;
    }

    void fetch_values(const Hash& query, std::size_t band) const {
        const std::uint32_t* own = bands_[band].starts.get();
        const std::uint32_t value = value_in(query, bands_[band]);
        for (const std::uint32_t flip : rings_[band].flips) fetch(own + (value ^ flip));
    }

    std::size_t look_up_in(const Hash& query, std::size_t band, std::size_t end) {
        const std::uint32_t* starts = bands_[band].starts.get();
        const std::uint32_t value = value_in(query, bands_[band]);
        Span* spans = found_.spans.data();
        std::size_t at = 0;
        for (unsigned ring = 0; ring < ring_count; ++ring) {
            std::uint64_t rows = 0;
            for (; at < rings_[band].ends[ring]; ++at) {
                const std::uint32_t* start = starts + (value ^ rings_[band].flips[at]);
                const std::uint32_t count = start[1] - start[0];
                spans[end] = {start[0], count};
                end += count > 0;
                rows += count;
            }
            found_.rows[band][ring] = rows;
            found_.ends[band][ring] = end;
        }
        return end;
    }

    void compare_spans(const Hash& query, const std::uint32_t* rows, std::size_t first, std::size_t last) {
        const Span* spans = found_.spans.data();
        for (std::size_t at = first; at < std::min(last, first + spans_on_the_way); ++at) fetch(rows + spans[at].start);
        for (std::size_t at = first; at < last; ++at) {
            if (at + spans_on_the_way < last) fetch(rows + spans[at + spans_on_the_way].start);
            for (std::uint32_t place = spans[at].start; place < spans[at].start + spans[at].count; ++place) {
                rows_.push_back(rows[place]);
                fetch(references_ + std::size_t{rows[place]} * hash_bytes);
            }
            while (rows_.size() - compared_ >= 2 * rows_at_once) {
                near_rows_(query, references_, rows_.data() + compared_, rows_at_once, radius_, near_);
                compared_ += rows_at_once;
            }
        }
    }

    // A pair within reach in several bands is met as often.
    void append_once(std::int64_t number, Pairs& pairs) {
        std::sort(near_.begin(), near_.end(), [](const NearRow& a, const NearRow& b) { return a.row < b.row; });
        std::int64_t last = -1;
        for (const NearRow& near : near_) {
            if (near.row == last) continue;
            last = near.row;
            pairs.query.push_back(number);
            pairs.reference.push_back(near.row);
            pairs.distance.push_back(near.distance);
        }
    }

    const std::array<Band, band_count>& bands_;
    const std::uint8_t* references_;
    unsigned radius_;
    NearRows near_rows_;
    std::vector<Rings> rings_;
    Lookup found_;
    std::vector<std::uint32_t> rows_;  // to compare; those before `compared_` were
    std::size_t compared_ = 0;
    std::vector<NearRow> near_;
};

}  // namespace

Banded Bands::search(const std::uint8_t* queries, std::size_t query_count, unsigned radius,
                     const std::function<void()>& breathe) const {
    Searcher searcher(bands_, references_, radius, path_);
    const std::uint64_t cost = pairs_for_a_row(path_);
    Banded found;
    for (std::size_t number = 0; number < query_count; ++number) {
        if (number % queries_between_breaths == 0) breathe();
        const Hash query = hash_at(queries, number);
        if (searcher.look_up(query) * cost > count_)
            found.left.push_back(static_cast<std::int64_t>(number));
        else
            searcher.compare(query, static_cast<std::int64_t>(number), found.pairs);
    }
    return found;
}

}  // namespace luwte
