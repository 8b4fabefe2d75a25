// Extrema of the differences between planes, and where exactly they lie (Lowe 2004, sections 3.1 and 4).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

#include "sift.hpp"
#include "sift_planes.hpp"

namespace luwte::sift {

constexpr int most_steps = 5;
constexpr double edge_ratio = 10;  // of the two curvatures, at most (section 4.1)

// A pixel of a plane of an octave, how far from its middle the extremum lies, and the contrast there.
struct Extremum {
    std::size_t octave, layer, y, x;
    double off_x, off_y, off_layer, strength;
    auto pixel() const { return std::tuple(octave, layer, y, x); }
};

// A difference of two planes around one of its pixels.
struct Difference {
    const Octave& octave;
    std::size_t layer, y, x;
    double at(int up, int down, int right) const {
        const std::size_t plane = layer + static_cast<std::size_t>(up);
        const std::size_t row = y + static_cast<std::size_t>(down), column = x + static_cast<std::size_t>(right);
        return static_cast<double>(octave[plane + 1].at(row, column) - octave[plane].at(row, column));
    }
};

// Whether the pixel is as high or as low as all its 26 neighbours.
inline bool is_extremum(const Difference& here) {
    const double value = here.at(0, 0, 0), side = value > 0 ? 1 : -1;
    for (int up = -1; up <= 1; ++up)
        for (int down = -1; down <= 1; ++down)
            for (int right = -1; right <= 1; ++right)
                if (side * here.at(up, down, right) > side * value) return false;
    return true;
}

struct Shape {
    double value, slope_x, slope_y, slope_layer;
    double xx, yy, ll, xy, xl, yl;
};

inline Shape shape_of(const Difference& here) {
    const double value = here.at(0, 0, 0);
    const auto mixed = [](double a, double b, double c, double d) { return ((a - b) - (c - d)) / 4; };
    return {value,
            (here.at(0, 0, 1) - here.at(0, 0, -1)) / 2,
            (here.at(0, 1, 0) - here.at(0, -1, 0)) / 2,
            (here.at(1, 0, 0) - here.at(-1, 0, 0)) / 2,
            (here.at(0, 0, 1) + here.at(0, 0, -1)) - 2 * value,
            (here.at(0, 1, 0) + here.at(0, -1, 0)) - 2 * value,
            (here.at(1, 0, 0) + here.at(-1, 0, 0)) - 2 * value,
            mixed(here.at(0, 1, 1), here.at(0, 1, -1), here.at(0, -1, 1), here.at(0, -1, -1)),
            mixed(here.at(1, 0, 1), here.at(1, 0, -1), here.at(-1, 0, 1), here.at(-1, 0, -1)),
            mixed(here.at(1, 1, 0), here.at(1, -1, 0), here.at(-1, 1, 0), here.at(-1, -1, 0))};
}

// Where the parabola through the neighbours has its top: x, y, layer (section 4, equation 3); none where it has no top.
inline std::optional<std::array<double, 3>> top_of(const Shape& s) {
    const double a = s.yy * s.ll - s.yl * s.yl, b = s.xl * s.yl - s.xy * s.ll, c = s.xy * s.yl - s.yy * s.xl;
    const double whole = s.xx * a + s.xy * b + s.xl * c;
    if (whole == 0) return std::nullopt;
    const double e = s.xx * s.ll - s.xl * s.xl, f = s.xy * s.xl - s.xx * s.yl, i = s.xx * s.yy - s.xy * s.xy;
    return std::array<double, 3>{-(a * s.slope_x + b * s.slope_y + c * s.slope_layer) / whole,
                                 -(b * s.slope_x + e * s.slope_y + f * s.slope_layer) / whole,
                                 -(c * s.slope_x + f * s.slope_y + i * s.slope_layer) / whole};
}

inline bool on_an_edge(const Shape& s) {
    const double trace = s.xx + s.yy, determinant = s.xx * s.yy - s.xy * s.xy;
    return determinant <= 0 || trace * trace * edge_ratio >= (edge_ratio + 1) * (edge_ratio + 1) * determinant;
}

// Goes to the pixel nearest to the top. None when that leaves the octave, does not settle, is faint or on an edge.
inline std::optional<Extremum> settled(Difference here, std::size_t octave, double least) {
    const std::size_t height = here.octave[0].height, width = here.octave[0].width;
    for (int step = 0; step < most_steps; ++step) {
        const Shape shape = shape_of(here);
        const auto top = top_of(shape);
        if (!top) return std::nullopt;
        const auto [off_x, off_y, off_layer] = *top;
        if (std::abs(off_x) < 0.5 && std::abs(off_y) < 0.5 && std::abs(off_layer) < 0.5) {
            const double more = shape.slope_x * off_x + shape.slope_y * off_y + shape.slope_layer * off_layer;
            const double strength = std::abs(shape.value + more / 2);
            if (strength < least || on_an_edge(shape)) return std::nullopt;
            return Extremum{octave, here.layer, here.y, here.x, off_x, off_y, off_layer, strength};
        }
        const double furthest = static_cast<double>(sift_largest_side);
        if (std::abs(off_x) > furthest || std::abs(off_y) > furthest || std::abs(off_layer) > furthest)
            return std::nullopt;
        here.x += static_cast<std::size_t>(std::lrint(off_x));
        here.y += static_cast<std::size_t>(std::lrint(off_y));
        here.layer += static_cast<std::size_t>(std::lrint(off_layer));
        if (here.layer < 1 || here.layer > layers || here.x < margin || here.x >= width - margin || here.y < margin ||
            here.y >= height - margin)
            return std::nullopt;
    }
    return std::nullopt;
}

// Marks by 1 what is further from zero than `least` and as high or as low as the four pixels beside it.
LUWTE_INLINE void mark_row(const Octave& octave, std::size_t layer, std::size_t y, float least, std::int32_t* marks) {
    const Plane &low = octave[layer], &high = octave[layer + 1];
    const float *l = low.row(y), *h = high.row(y), *lu = low.row(y - 1), *hu = high.row(y - 1);
    const float *ld = low.row(y + 1), *hd = high.row(y + 1);
#pragma GCC ivdep
    for (std::size_t x = margin; x < low.width - margin; ++x) {
        const float value = h[x] - l[x], left = (h - 1)[x] - (l - 1)[x], right = (h + 1)[x] - (l + 1)[x];
        const float up = hu[x] - lu[x], down = hd[x] - ld[x];
        const float beside = left > right ? left : right, above = up > down ? up : down;
        const float beside_low = left < right ? left : right, above_low = up < down ? up : down;
        const float highest = beside > above ? beside : above;
        const float lowest = beside_low < above_low ? beside_low : above_low;
        const float top = value >= highest ? value : 0.0F, bottom = value <= lowest ? -value : 0.0F;
        marks[x] = (top > bottom ? top : bottom) > least ? 1 : 0;
    }
}

constexpr std::size_t at_once = 16;

LUWTE_INLINE bool any_marked(const std::int32_t* marks) {
    std::int32_t any = 0;
    for (std::size_t at = 0; at < at_once; ++at) any |= marks[at];
    return any != 0;
}

// The extrema of the pyramid, each once, the strongest first. `least` is the contrast in grey levels.
LUWTE_INLINE std::vector<Extremum> extrema(const Pyramid& pyramid, double least) {
    // The top of a parabola is seldom twice as high as its nearest pixel.
    const float nearly = static_cast<float>(least / 2);
    std::vector<Extremum> found;
    const auto look = [&](const Difference& here, std::size_t octave) {
        if (!is_extremum(here)) return;
        if (const auto extremum = settled(here, octave, least)) found.push_back(*extremum);
    };
    for (std::size_t number = 0; number < pyramid.octaves.size(); ++number) {
        const Octave& octave = pyramid.octaves[number];
        std::vector<std::int32_t> marks(octave[0].width + at_once);
        for (std::size_t layer = 1; layer <= layers; ++layer)
            for (std::size_t y = margin; y < octave[0].height - margin; ++y) {
                mark_row(octave, layer, y, nearly, marks.data());
                for (std::size_t block = 0; block < octave[0].width; block += at_once)
                    if (any_marked(marks.data() + block))
                        for (std::size_t x = block; x < block + at_once; ++x)
                            if (marks[x] != 0) look({octave, layer, y, x}, number);
            }
    }
    std::sort(found.begin(), found.end(), [](const Extremum& a, const Extremum& b) {
        return a.strength != b.strength ? a.strength > b.strength : a.pixel() < b.pixel();
    });
    const auto same = [](const Extremum& a, const Extremum& b) { return a.pixel() == b.pixel(); };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    return found;
}

}  // namespace luwte::sift
