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
constexpr std::size_t longest_row = 128;  // of the widest keypoint: 77 pixels

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

// Rows are short: in whole registers, so that no pixel is left to be looked at alone. What is behind a row is the next
// row or plane, and is not shared out.
constexpr std::size_t in_a_register = 16;

LUWTE_INLINE std::size_t in_registers(std::size_t count) {
    return (count + in_a_register - 1) / in_a_register * in_a_register;
}

LUWTE_INLINE void step_row(const Plane& plane, std::size_t y, std::size_t x, std::size_t count, Steps& into) {
    const std::size_t whole = in_registers(count);
    const float *row = plane.row(y) + x, *up = plane.row(y - 1) + x, *down = plane.row(y + 1) + x;
    float *steepness = into.steepness.data(), *turn = into.turn.data();
#pragma GCC ivdep
    for (std::size_t at = 0; at < whole; ++at) {
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
    Cell cell[(cells + 2) * (cells + 2)];
};

// How one row of pixels is shared out: the upper left of the four cells, the first of the two turns, how far towards
// the right and the lower cells, and what goes to the first turn and to the second.
struct Shares {
    std::array<std::int32_t, longest_row> cell, turn;
    std::array<float, longest_row> right, lower, first, second;
};

constexpr std::int32_t outside = -1;

// Shares one pixel out over the two nearest cells each way and the two nearest turns (section 6.1).
LUWTE_INLINE void share_out(const Shares& shares, std::size_t at, const Units& units, Cell* cell) {
    const Cell whole = units.of[shares.turn[at]] * shares.first[at] + units.of[shares.turn[at] + 1] * shares.second[at];
    const Cell low = whole * shares.lower[at], high = whole - low;
    const Cell high_right = high * shares.right[at], low_right = low * shares.right[at];
    cell[0] += high - high_right;
    cell[1] += high_right;
    cell[cells + 2] += low - low_right;
    cell[cells + 3] += low_right;
}

// The pixels of a row for which `start + pixel * slope` lies between 0 and `end`, give or take one.
inline void narrow(Span& pixels, float start, float slope, float end) {
    if (std::abs(slope) < 1e-6F) return;
    const float one = -start / slope, other = (end - start) / slope;
    pixels.first = std::max(pixels.first, static_cast<std::ptrdiff_t>(std::floor(std::min(one, other))));
    pixels.last = std::min(pixels.last, static_cast<std::ptrdiff_t>(std::ceil(std::max(one, other))));
}

// Where a keypoint stands and which way it looks: what every row around it is shared out by.
struct Frame {
    float cosine, sine, start;  // of the angle, in cells a pixel; and the angle in turns
};

constexpr float grid_middle = cells / 2.0F + 0.5F, grid_end = cells + 1;

// `weights` are those of the row's pixels, the first of which is `x` pixels right and `y` below the keypoint.
LUWTE_INLINE void share_row(const Steps& steps, const Frame& frame, const float* weights, float x, float y,
                            std::size_t count, Shares& into) {
    const std::size_t whole = in_registers(count);
#pragma GCC ivdep
    for (std::size_t at = 0; at < whole; ++at) {
        const float right = x + static_cast<float>(static_cast<std::int32_t>(at));
        const float across = (right * frame.cosine + y * frame.sine) + grid_middle;
        const float down = (y * frame.cosine - right * frame.sine) + grid_middle;
        const float off = frame.start - steps.turn[at];
        const float turn = (off < 0 ? off + 1 : off) * turns, value = weights[at] * steps.steepness[at];
        const auto column = static_cast<std::int32_t>(across), row = static_cast<std::int32_t>(down);
        const auto first = static_cast<std::int32_t>(turn);
        const bool here = (across > 0) & (across < grid_end) & (down > 0) & (down < grid_end);
        into.cell[at] = here ? row * static_cast<std::int32_t>(cells + 2) + column : outside;
        into.turn[at] = first;
        into.right[at] = across - static_cast<float>(column);
        into.lower[at] = down - static_cast<float>(row);
        into.second[at] = value * (turn - static_cast<float>(first));
        into.first[at] = value - into.second[at];
    }
}

LUWTE_INLINE void grid_at(const Spot& spot, float angle, Grid& grid) {
    const double side = cell_side * spot.deviation, radians = static_cast<double>(angle) / 360 * whole_turn;
    const auto reach = static_cast<std::ptrdiff_t>(std::lrint(side * std::sqrt(2.0) * (cells + 1) / 2));
    const std::vector<float> half = weights_of(reach, side * cells / 2);
    std::vector<float> weights(half.rbegin(), half.rend() - 1);
    weights.insert(weights.end(), half.begin(), half.end());
    weights.resize(weights.size() + in_a_register);
    const Frame frame{static_cast<float>(std::cos(radians) / side), static_cast<float>(std::sin(radians) / side),
                      angle / 360};
    const Span down = span(spot.y, reach, spot.plane.height), across = span(spot.x, reach, spot.plane.width);
    const auto middle_x = static_cast<std::ptrdiff_t>(spot.x), middle_y = static_cast<std::ptrdiff_t>(spot.y);
    Units units{};
    for (std::size_t at = 0; at < turns + 2; ++at) units.of[at][at % turns] = 1;
    Grid odd{};  // neighbours mostly share a cell: every second pixel goes to the other grid, so that none waits
    Steps steps;
    Shares shares;
    for (std::ptrdiff_t row = down.first; row <= down.last; ++row) {
        const auto y = static_cast<float>(row - middle_y);
        Span pixels{across.first - middle_x, across.last - middle_x};
        narrow(pixels, y * frame.sine + grid_middle, frame.cosine, grid_end);
        narrow(pixels, y * frame.cosine + grid_middle, -frame.sine, grid_end);
        if (pixels.first > pixels.last) continue;
        const auto count = static_cast<std::size_t>(pixels.last - pixels.first + 1);
        const auto from = static_cast<std::size_t>(pixels.first + middle_x);
        step_row(spot.plane, static_cast<std::size_t>(row), from, count, steps);
        const float weight = half[static_cast<std::size_t>(std::abs(row - middle_y))];
        for (std::size_t at = 0; at < in_registers(count); ++at) steps.steepness[at] *= weight;
        const float* beside = weights.data() + reach + pixels.first;
        share_row(steps, frame, beside, static_cast<float>(pixels.first), y, count, shares);
        for (std::size_t at = 0; at < count; ++at)
            if (shares.cell[at] != outside)
                share_out(shares, at, units, (at % 2 ? odd : grid).cell + shares.cell[at]);
    }
    for (std::size_t at = 0; at < (cells + 2) * (cells + 2); ++at) grid.cell[at] += odd.cell[at];
}

// Set to one length, no number above a fifth of it, and to that length again (section 6.1).
inline void describe(const Grid& grid, std::uint8_t* into) {
    std::array<float, sift_numbers> values;
    for (std::size_t at = 0; at < sift_numbers; ++at) {
        const std::size_t cell = at / turns;
        values[at] = grid.cell[(cell / cells + 1) * (cells + 2) + cell % cells + 1][at % turns];
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
