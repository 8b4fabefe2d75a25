// The scale space of SIFT: octaves of ever more blurred planes (Lowe 2004, section 3).
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "dispatch.hpp"

namespace luwte::sift {

constexpr std::size_t layers = 3;  // of an octave in which extrema are looked for (section 3.2)
constexpr std::size_t planes = layers + 3;
constexpr double first_blur = 1.6;  // of the first plane of an octave, in its pixels (section 3.3)
constexpr double camera_blur = 0.5;
constexpr std::size_t margin = 5;  // pixels at the border in which no extremum is looked for
constexpr std::size_t smallest_side = 2 * margin + 1;
constexpr std::size_t widest_reach = 13;

struct Plane {
    float* values;
    std::size_t height, width;
    float* row(std::size_t y) const { return values + y * width; }
    float at(std::size_t y, std::size_t x) const { return values[y * width + x]; }
};

using Octave = std::array<Plane, planes>;

// All planes of a picture, in one piece of memory. The first octave is twice as large as the picture.
struct Pyramid {
    std::unique_ptr<float[]> memory;
    std::vector<Octave> octaves;
};

inline Pyramid empty_pyramid(std::size_t height, std::size_t width) {
    std::vector<std::pair<std::size_t, std::size_t>> sides;
    std::size_t count = 0;
    for (height *= 2, width *= 2; height >= smallest_side && width >= smallest_side; height /= 2, width /= 2) {
        sides.emplace_back(height, width);
        count += planes * height * width;
    }
    Pyramid made{std::unique_ptr<float[]>(new float[count]), {}};
    float* next = made.memory.get();
    for (const auto& [down, across] : sides) {
        Octave octave;
        for (Plane& plane : octave) {
            plane = {next, down, across};
            next += down * across;
        }
        made.octaves.push_back(octave);
    }
    return made;
}

// Where a place beyond the border is read: the border pixel is the mirror.
inline std::size_t inside(std::ptrdiff_t place, std::size_t length) {
    const auto last = static_cast<std::ptrdiff_t>(length) - 1;
    while (place < 0 || place > last) place = place < 0 ? -place : 2 * last - place;
    return static_cast<std::size_t>(place);
}

// A Gaussian out to four deviations: the weight in the middle, then those of each pixel to either side.
inline std::vector<float> gaussian(double deviation) {
    const auto reach = static_cast<std::size_t>(std::lrint(deviation * 8 + 1)) / 2;
    std::vector<double> exact;
    double sum = 0;
    for (std::size_t at = 0; at <= reach; ++at) {
        const double away = static_cast<double>(at);
        exact.push_back(std::exp(-away * away / (2 * deviation * deviation)));
        sum += at ? 2 * exact.back() : exact.back();
    }
    std::vector<float> weights;
    for (const double weight : exact) weights.push_back(static_cast<float>(weight / sum));
    return weights;
}

// What makes each plane of an octave of the one before it, and the first of the picture.
inline std::array<std::vector<float>, planes> make_kernels() {
    std::array<std::vector<float>, planes> kernels;
    kernels[0] = gaussian(std::sqrt(first_blur * first_blur - 4 * camera_blur * camera_blur));
    const double step = std::exp2(1.0 / layers);
    for (std::size_t plane = 1; plane < planes; ++plane)
        kernels[plane] =
            gaussian(first_blur * std::pow(step, static_cast<double>(plane) - 1) * std::sqrt(step * step - 1));
    return kernels;
}

// Every plane is read down its columns into `line`, and `line` along the row: each pixel is written once.
template <std::size_t Reach>
LUWTE_INLINE void blur_within(const Plane& from, const float* weights, float* line, const Plane& into) {
    std::array<float, Reach + 1> weight;
    for (std::size_t t = 0; t <= Reach; ++t) weight[t] = weights[t];
    float* middle = line + Reach;
    const std::size_t width = from.width;
    for (std::size_t y = 0; y < from.height; ++y) {
        std::array<const float*, 2 * Reach + 1> rows;
        for (std::size_t t = 0; t < rows.size(); ++t)
            rows[t] = from.row(inside(static_cast<std::ptrdiff_t>(y + t) - std::ptrdiff_t{Reach}, from.height));
#pragma GCC ivdep
        for (std::size_t x = 0; x < width; ++x) {
            float sum = weight[0] * rows[Reach][x];
#pragma GCC unroll 16
            for (std::size_t t = 1; t <= Reach; ++t) sum += weight[t] * (rows[Reach - t][x] + rows[Reach + t][x]);
            middle[x] = sum;
        }
        for (std::ptrdiff_t t = 1; t <= std::ptrdiff_t{Reach}; ++t) {
            middle[-t] = middle[inside(-t, width)];
            const auto beyond = static_cast<std::ptrdiff_t>(width) - 1 + t;
            middle[beyond] = middle[inside(beyond, width)];
        }
        float* row = into.row(y);
#pragma GCC ivdep
        for (std::size_t x = 0; x < width; ++x) {
            float sum = weight[0] * middle[x];
#pragma GCC unroll 16
            for (std::ptrdiff_t t = 1; t <= std::ptrdiff_t{Reach}; ++t)
                sum += weight[static_cast<std::size_t>(t)] * (middle[static_cast<std::ptrdiff_t>(x) - t] +
                                                              middle[static_cast<std::ptrdiff_t>(x) + t]);
            row[x] = sum;
        }
    }
}

LUWTE_INLINE void blur(const Plane& from, const std::vector<float>& weights, float* line, const Plane& into) {
    switch (weights.size() - 1) {
        case 5: return blur_within<5>(from, weights.data(), line, into);
        case 6: return blur_within<6>(from, weights.data(), line, into);
        case 8: return blur_within<8>(from, weights.data(), line, into);
        case 10: return blur_within<10>(from, weights.data(), line, into);
        case widest_reach: return blur_within<widest_reach>(from, weights.data(), line, into);
    }
}

// The picture twice as large: each new pixel lies a quarter from an old one, towards the next (section 3.3).
LUWTE_INLINE void double_size(const std::uint8_t* grey, std::size_t height, std::size_t width, float* line,
                              const Plane& into) {
    const auto place = [](std::size_t at, std::size_t length) {
        const std::size_t near = at / 2, next = at % 2 ? near + 1 : near - (near > 0);
        return std::pair(near, next < length ? next : length - 1);
    };
    for (std::size_t y = 0; y < 2 * height; ++y) {
        const auto [near, next] = place(y, height);
        const std::uint8_t *one = grey + near * width, *other = grey + next * width;
#pragma GCC ivdep
        for (std::size_t x = 0; x < width; ++x)
            line[x] = 0.75F * static_cast<float>(one[x]) + 0.25F * static_cast<float>(other[x]);
        float* row = into.row(y);
        row[0] = line[0];
        row[2 * width - 1] = line[width - 1];
#pragma GCC ivdep
        for (std::size_t x = 0; x + 1 < width; ++x) {
            row[2 * x + 1] = 0.75F * line[x] + 0.25F * line[x + 1];
            row[2 * x + 2] = 0.75F * line[x + 1] + 0.25F * line[x];
        }
    }
}

LUWTE_INLINE void every_second(const Plane& from, const Plane& into) {
    for (std::size_t y = 0; y < into.height; ++y) {
        const float* row = from.row(2 * y);
        float* half = into.row(y);
#pragma GCC ivdep
        for (std::size_t x = 0; x < into.width; ++x) half[x] = row[2 * x];
    }
}

LUWTE_INLINE void fill(const std::uint8_t* grey, std::size_t height, std::size_t width, Pyramid& pyramid) {
    static const std::array<std::vector<float>, planes> kernels = make_kernels();
    std::vector<float> line(2 * (width + widest_reach));
    for (std::size_t number = 0; number < pyramid.octaves.size(); ++number) {
        const Octave& octave = pyramid.octaves[number];
        if (number == 0) {
            double_size(grey, height, width, line.data(), octave[1]);
            blur(octave[1], kernels[0], line.data(), octave[0]);
        } else {
            every_second(pyramid.octaves[number - 1][layers], octave[0]);
        }
        for (std::size_t plane = 1; plane < planes; ++plane)
            blur(octave[plane - 1], kernels[plane], line.data(), octave[plane]);
    }
}

}  // namespace luwte::sift
