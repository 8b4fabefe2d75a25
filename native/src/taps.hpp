// The Jarosz filter of PDQ, two box passes, taken only where one of the 64 samples lies.
#pragma once

#include <cstddef>
#include <vector>

namespace luwte {

constexpr std::size_t samples_per_side = 64;

// One sample along one side: the weighted sum of the pixels from `start` on, over `divisor`.
// Weights are whole numbers, so that sums in double are exact.
struct Tap {
    std::size_t start;
    std::vector<double> weights;
    double divisor;
};

std::vector<Tap> jarosz_taps(std::size_t length);

}  // namespace luwte
