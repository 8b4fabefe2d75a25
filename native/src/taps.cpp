#include "taps.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace luwte {

namespace {

struct Box {
    std::int64_t start, stop;
    std::int64_t size() const { return stop - start; }
};

// The box spans `window` pixels, the longer half after its centre, and ends at the border.
Box box_at(std::int64_t centre, std::int64_t window, std::int64_t length) {
    const std::int64_t after = window / 2, before = window - 1 - after;
    return {std::max<std::int64_t>(0, centre - before), std::min(length, centre + after + 1)};
}

Tap tap_at(std::int64_t centre, std::int64_t window, std::int64_t length) {
    const Box outer = box_at(centre, window, length);
    std::int64_t scale = 1;
    for (std::int64_t at = outer.start; at < outer.stop; ++at)
        scale = std::lcm(scale, box_at(at, window, length).size());
    const std::int64_t start = box_at(outer.start, window, length).start;
    const std::int64_t stop = box_at(outer.stop - 1, window, length).stop;
    std::vector<std::int64_t> steps(static_cast<std::size_t>(stop - start + 1), 0);
    for (std::int64_t at = outer.start; at < outer.stop; ++at) {
        const Box inner = box_at(at, window, length);
        steps[static_cast<std::size_t>(inner.start - start)] += scale / inner.size();
        steps[static_cast<std::size_t>(inner.stop - start)] -= scale / inner.size();
    }
    std::partial_sum(steps.begin(), steps.end(), steps.begin());
    return {static_cast<std::size_t>(start), {steps.begin(), steps.end() - 1},
            static_cast<double>(outer.size() * scale)};
}

}  // namespace

std::vector<Tap> jarosz_taps(std::size_t length) {
    const auto pixels = static_cast<std::int64_t>(length);
    const std::int64_t window = (pixels + 2 * samples_per_side - 1) / (2 * samples_per_side);
    std::vector<Tap> taps;
    for (std::int64_t sample = 0; sample < static_cast<std::int64_t>(samples_per_side); ++sample)
        taps.push_back(tap_at((2 * sample + 1) * pixels / (2 * samples_per_side), window, pixels));
    return taps;
}

}  // namespace luwte
