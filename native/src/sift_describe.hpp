// Which way a keypoint looks, and what it looks like (Lowe 2004, sections 5 and 6).
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sift.hpp"
#include "sift_planes.hpp"

namespace luwte::sift {

constexpr std::size_t directions = 36;
constexpr double orientation_blur = 1.5;                     // of the window, in deviations of the keypoint's plane
constexpr double orientation_reach = 3 * orientation_blur;
constexpr float as_strong = 0.8F;                            // as the strongest direction: a keypoint of its own
constexpr std::size_t cells = 4, turns = 8;                  // of a descriptor: a grid of histograms
constexpr double cell_side = 3;                              // in deviations of the keypoint's plane
constexpr float most_of_one = 0.2F;                          // of the whole descriptor's length
constexpr float length = 512;
constexpr double whole_turn = 6.283185307179586;
constexpr std::size_t longest_row = 128;

// The pixels of one row around a keypoint: how steep each is, and which way, in turns clockwise.
struct Steps {
    std::array<float, longest_row> steepness, turn;
};

// The arc tangent, in turns, for values 0 to 1: fitted to within 3e-7.
LUWTE_INLINE float turns_of(float ratio) {
    const float s = ratio * ratio;
    const float sum = 0.15915132F + s * (-0.05293857F + s * (0.0308029F + s * (-0.01852984F + s * (0.00837907F + s *
                                                                                                     -0.00186515F))));
    return ratio * sum;
}

LUWTE_INLINE void step_row(const Plane& plane, std::size_t y, std::size_t x, std::size_t count, Steps& into) {
    const float *row = plane.row(y) + x, *up = plane.row(y - 1) + x, *down = plane.row(y + 1) + x;
    float *steepness = into.steepness.data(), *turn = into.turn.data();
#pragma GCC ivdep
    for (std::size_t at = 0; at < count; ++at) {
        const float right = (row + 1)[at] - (row - 1)[at], under = down[at] - up[at];
        const float wide = right < 0 ? -right : right, high = under < 0 ? -under : under;
        const float more = wide > high ? wide : high, less = wide > high ? high : wide;
        float way = turns_of(less / (more > 1e-20F ? more : 1e-20F));
        way = high > wide ? 0.25F - way : way;
        way = right < 0 ? 0.5F - way : way;
        turn[at] = under < 0 ? 1.0F - way : way;
        steepness[at] = std::sqrt(right * right + under * under);
    }
}

// The pixels from `first` to `last` that have four neighbours.
struct Span {
    std::ptrdiff_t first, last;
};

inline Span span(std::size_t middle, std::ptrdiff_t reach, std::size_t length_of_side) {
    const auto at = static_cast<std::ptrdiff_t>(middle);
    return {std::max<std::ptrdiff_t>(1, at - reach),
            std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(length_of_side) - 2, at + reach)};
}

inline std::vector<float> weights_of(std::ptrdiff_t reach, double deviation) {
    std::vector<float> weights;
    for (std::ptrdiff_t away = 0; away <= reach; ++away) {
        const double distance = static_cast<double>(away);
        weights.push_back(static_cast<float>(std::exp(-distance * distance / (2 * deviation * deviation))));
    }
    return weights;
}

// A pixel of a plane, and the deviation of the keypoint there, in pixels of that plane.
struct Spot {
    Plane plane;
    std::size_t y, x;
    double deviation;
};

using Histogram = std::array<float, directions>;

LUWTE_INLINE Histogram directions_at(const Spot& spot) {
    const auto reach = static_cast<std::ptrdiff_t>(std::lrint(orientation_reach * spot.deviation));
    const std::vector<float> weights = weights_of(reach, orientation_blur * spot.deviation);
    const Span down = span(spot.y, reach, spot.plane.height), across = span(spot.x, reach, spot.plane.width);
    const auto count = static_cast<std::size_t>(across.last - across.first + 1);
    Histogram sums{};
    Steps steps;
    for (std::ptrdiff_t y = down.first; y <= down.last; ++y) {
        step_row(spot.plane, static_cast<std::size_t>(y), static_cast<std::size_t>(across.first), count, steps);
        const float weight = weights[static_cast<std::size_t>(std::abs(y - static_cast<std::ptrdiff_t>(spot.y)))];
        for (std::size_t at = 0; at < count; ++at) {
            const std::ptrdiff_t away = across.first + static_cast<std::ptrdiff_t>(at - spot.x);
            const auto bin = static_cast<std::size_t>(steps.turn[at] * directions + 0.5F);
            sums[bin < directions ? bin : 0] +=
                weight * weights[static_cast<std::size_t>(std::abs(away))] * steps.steepness[at];
        }
    }
    Histogram smooth;
    for (std::size_t at = 0; at < directions; ++at) {
        const auto by = [&](std::size_t further) { return sums[(at + further) % directions]; };
        smooth[at] = (by(directions - 2) + by(2)) * 0.0625F + (by(directions - 1) + by(1)) * 0.25F + sums[at] * 0.375F;
    }
    return smooth;
}

// The angles in degrees: each peak nearly as strong as the strongest, where a parabola through it has its top.
inline std::vector<float> angles_of(const Histogram& sums) {
    const float least = as_strong * *std::max_element(sums.begin(), sums.end());
    std::vector<float> angles;
    for (std::size_t at = 0; at < directions; ++at) {
        const float before = sums[(at + directions - 1) % directions], after = sums[(at + 1) % directions];
        if (sums[at] < least || sums[at] <= before || sums[at] <= after) continue;
        const float top = static_cast<float>(at) + 0.5F * (before - after) / (before - 2 * sums[at] + after);
        const float angle = (top < 0 ? top + directions : top) * (360.0F / directions);
        angles.push_back(angle < 360 ? angle : 0);
    }
    return angles;
}

// The histogram of one cell, in one register where there are such.
using Cell = float __attribute__((vector_size(turns * sizeof(float))));

// The unit histograms: one turn, nothing of the others. The first two come again, so that a turn has a next one.
struct Units {
    Cell of[turns + 2];
};

// A ring of cells more than are kept: what falls between an outer cell and nothing.
struct Grid {
    Cell rows[cells + 2][cells + 2];
};

// Shares one pixel out over the two nearest cells each way and the two nearest turns (section 6.1).
LUWTE_INLINE void share_out(Grid& grid, const Units& units, float across, float down, float turn, float value) {
    const auto x = static_cast<int>(across), y = static_cast<int>(down), t = static_cast<int>(turn);
    const float right = across - static_cast<float>(x), lower = down - static_cast<float>(y);
    const float next = value * (turn - static_cast<float>(t));
    const Cell whole = units.of[t] * (value - next) + units.of[t + 1] * next;
    const Cell low = whole * lower, high = whole - low;
    const Cell high_right = high * right, low_right = low * right;
    grid.rows[y][x] += high - high_right;
    grid.rows[y][x + 1] += high_right;
    grid.rows[y + 1][x] += low - low_right;
    grid.rows[y + 1][x + 1] += low_right;
}

// The pixels of a row for which `start + pixel * slope` lies between 0 and `end`, give or take one.
inline void narrow(Span& pixels, float start, float slope, float end) {
    if (std::abs(slope) < 1e-6F) return;
    const float one = -start / slope, other = (end - start) / slope;
    pixels.first = std::max(pixels.first, static_cast<std::ptrdiff_t>(std::floor(std::min(one, other))));
    pixels.last = std::min(pixels.last, static_cast<std::ptrdiff_t>(std::ceil(std::max(one, other))));
}

LUWTE_INLINE void grid_at(const Spot& spot, float angle, Grid& grid) {
    const double side = cell_side * spot.deviation, radians = static_cast<double>(angle) / 360 * whole_turn;
    const auto reach = static_cast<std::ptrdiff_t>(std::lrint(side * std::sqrt(2.0) * (cells + 1) / 2));
    const std::vector<float> weights = weights_of(reach, side * cells / 2);
    const Span down = span(spot.y, reach, spot.plane.height), across = span(spot.x, reach, spot.plane.width);
    const auto cosine = static_cast<float>(std::cos(radians) / side);
    const auto sine = static_cast<float>(std::sin(radians) / side);
    constexpr float middle = cells / 2.0F + 0.5F, end = cells + 1;
    const float start = angle / 360;
    Units units{};
    for (std::size_t at = 0; at < turns + 2; ++at) units.of[at][at % turns] = 1;
    Steps steps;
    std::array<float, longest_row> rights, downs, turned;
    const auto middle_x = static_cast<std::ptrdiff_t>(spot.x), middle_y = static_cast<std::ptrdiff_t>(spot.y);
    for (std::ptrdiff_t row = down.first; row <= down.last; ++row) {
        const auto y = static_cast<float>(row - middle_y);
        Span pixels{across.first - middle_x, across.last - middle_x};
        narrow(pixels, y * sine + middle, cosine, end);
        narrow(pixels, y * cosine + middle, -sine, end);
        if (pixels.first > pixels.last) continue;
        const auto count = static_cast<std::size_t>(pixels.last - pixels.first + 1);
        const auto from = static_cast<std::size_t>(pixels.first + middle_x);
        step_row(spot.plane, static_cast<std::size_t>(row), from, count, steps);
        const auto first = static_cast<int>(pixels.first);
#pragma GCC ivdep
        for (std::size_t at = 0; at < count; ++at) {
            const auto x = static_cast<float>(first + static_cast<int>(at));
            rights[at] = (x * cosine + y * sine) + middle;
            downs[at] = (y * cosine - x * sine) + middle;
            const float off = start - steps.turn[at];
            turned[at] = (off < 0 ? off + 1 : off) * turns;
        }
        const float weight = weights[static_cast<std::size_t>(std::abs(row - middle_y))];
        for (std::size_t at = 0; at < count; ++at) {
            if (rights[at] <= 0 || rights[at] >= end || downs[at] <= 0 || downs[at] >= end) continue;
            const auto away = static_cast<std::size_t>(std::abs(first + static_cast<int>(at)));
            share_out(grid, units, rights[at], downs[at], turned[at], weight * weights[away] * steps.steepness[at]);
        }
    }
}

// Set to one length, no number above a fifth of it, and to that length again (section 6.1).
inline void describe(const Grid& grid, std::uint8_t* into) {
    std::array<float, sift_numbers> values;
    for (std::size_t at = 0; at < sift_numbers; ++at) {
        const std::size_t cell = at / turns;
        values[at] = grid.rows[cell / cells + 1][cell % cells + 1][at % turns];
    }
    const auto whole = [&] {
        float sum = 0;
        for (const float value : values) sum += value * value;
        return std::sqrt(sum);
    };
    const float most = most_of_one * whole();
    for (float& value : values) value = std::min(value, most);
    const float scale = length / std::max(whole(), 1e-7F);
    for (std::size_t at = 0; at < sift_numbers; ++at)
        into[at] = static_cast<std::uint8_t>(std::min(255L, std::lrint(values[at] * scale)));
}

}  // namespace luwte::sift
