// Keypoints of a grey picture and their descriptors, by SIFT (D. Lowe, IJCV 60 (2004)).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dispatch.hpp"

namespace luwte {

constexpr std::size_t sift_numbers = 128;
constexpr std::size_t sift_largest_side = 1024;

// N keypoints, the strongest first: `places` holds x, y and diameter in pixels and the angle in degrees, clockwise from
// the x-axis; `descriptors` 128 bytes each.
struct SiftKeypoints {
    std::vector<float> places;
    std::vector<std::uint8_t> descriptors;
};

// At most `most` keypoints whose contrast, of 1 from black to white and over the three layers, is at least `contrast`.
// `grey` holds height x width bytes, row after row; no side is above `sift_largest_side`.
SiftKeypoints sift_keypoints(const std::uint8_t* grey, std::size_t height, std::size_t width, double contrast,
                             std::size_t most, Path path);

}  // namespace luwte
