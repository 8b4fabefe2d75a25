// Written from D. Lowe, Distinctive Image Features from Scale-Invariant Keypoints, IJCV 60 (2004); the readable twin is
// sift_numpy.py. Only what is kept is described: the strongest, so that noise costs no more than a photo.
#include "sift.hpp"

#include <cmath>

#include "sift_describe.hpp"
#include "sift_extrema.hpp"
#include "sift_planes.hpp"

namespace luwte {

namespace {

using namespace sift;

struct Work {
    const std::uint8_t* grey;
    std::size_t height, width;
    double contrast;
    std::size_t most;
    SiftKeypoints found;
};

LUWTE_INLINE void keep(const Pyramid& pyramid, const Extremum& at, Work& work) {
    const double deviation = first_blur * std::exp2((static_cast<double>(at.layer) + at.off_layer) / layers);
    const Spot spot{pyramid.octaves[at.octave][at.layer], at.y, at.x, deviation};
    const double pixels = std::exp2(static_cast<double>(at.octave)) / 2;
    for (const float angle : angles_of(directions_at(spot))) {
        if (work.found.places.size() == 4 * work.most) return;
        // A pixel of the doubled picture lies a quarter of a pixel before where half its number says.
        const auto place = [&](std::size_t pixel, double off) {
            return static_cast<float>((static_cast<double>(pixel) + off) * pixels - 0.25);
        };
        work.found.places.insert(work.found.places.end(), {place(at.x, at.off_x), place(at.y, at.off_y),
                                                           static_cast<float>(2 * deviation * pixels), angle});
        work.found.descriptors.resize(work.found.descriptors.size() + sift_numbers);
        Grid grid{};
        grid_at(spot, angle, grid);
        describe(grid, &*(work.found.descriptors.end() - sift_numbers));
    }
}

LUWTE_INLINE void run(Work& work) {
    Pyramid pyramid = empty_pyramid(work.height, work.width);
    fill(work.grey, work.height, work.width, pyramid);
    for (const Extremum& each : extrema(pyramid, work.contrast * 255 / layers)) {
        if (work.found.places.size() == 4 * work.most) return;
        keep(pyramid, each, work);
    }
}

void run_plain(Work& work) { run(work); }
#if LUWTE_X86
LUWTE_AVX2 void run_avx2(Work& work) { run(work); }
LUWTE_AVX512 void run_avx512(Work& work) { run(work); }
#endif

}  // namespace

SiftKeypoints sift_keypoints(const std::uint8_t* grey, std::size_t height, std::size_t width, double contrast,
                             std::size_t most, Path path) {
    Work work{grey, height, width, contrast, most, {}};
#if LUWTE_X86
    if (path == Path::avx512) return run_avx512(work), work.found;
    if (path == Path::avx2) return run_avx2(work), work.found;
#endif
    (void)path;
    run_plain(work);
    return work.found;
}

}  // namespace luwte
