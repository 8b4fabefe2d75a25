// PDQ of a grey raster and its 8 dihedral variants.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dispatch.hpp"

namespace luwte {

struct PdqHashes {
    std::array<std::array<std::uint8_t, 32>, 8> rows{};
    int quality = 0;
};

// Rows as luwte.lab.fingerprints.pdq names them; all zero when a side is under 5 pixels.
// `grey` holds height x width bytes, row after row.
PdqHashes pdq_hashes(const std::uint8_t* grey, std::size_t height, std::size_t width, Path path);

}  // namespace luwte
