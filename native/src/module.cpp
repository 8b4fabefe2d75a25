// What Python sees of the compiled core. luwte.lab checks shapes and types first and says what is wrong.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <limits>
#include <stdexcept>
#include <utility>

#include "bands.hpp"
#include "codes.hpp"
#include "digests.hpp"
#include "dispatch.hpp"
#include "hamming.hpp"
#include "pdq.hpp"
#include "sift.hpp"

namespace nb = nanobind;

namespace {

using Raster = nb::ndarray<const std::uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

using Counts = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

template <typename T>
using Column = nb::ndarray<nb::numpy, T, nb::ndim<1>>;

template <typename T>
Column<T> column(std::vector<T>&& values) {
    auto* kept = new std::vector<T>(std::move(values));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return Column<T>(kept->data(), {kept->size()}, owner);
}

nb::tuple pdq_hashes(const Raster& grey, const std::string& path) {
    const luwte::Path chosen = luwte::path_named(path);
    auto* kept = new luwte::PdqHashes();
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<luwte::PdqHashes*>(p); });
    {
        nb::gil_scoped_release without;
        *kept = luwte::pdq_hashes(grey.data(), grey.shape(0), grey.shape(1), chosen);
    }
    using Hashes = nb::ndarray<nb::numpy, std::uint8_t, nb::shape<8, 32>>;
    return nb::make_tuple(Hashes(kept->rows.data(), {8, 32}, owner), kept->quality);
}

template <typename T>
nb::ndarray<nb::numpy, T, nb::ndim<2>> table(std::vector<T>&& values, std::size_t width) {
    auto* kept = new std::vector<T>(std::move(values));
    nb::capsule owner(kept, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
    return nb::ndarray<nb::numpy, T, nb::ndim<2>>(kept->data(), {kept->size() / width, width}, owner);
}

nb::tuple sift_keypoints(const Raster& grey, double contrast, std::size_t most, const std::string& path) {
    const std::size_t height = grey.shape(0), width = grey.shape(1);
    if (height > luwte::sift_largest_side || width > luwte::sift_largest_side)
        throw std::invalid_argument("keypoints are looked for in pictures of at most 1024 pixels a side");
    const luwte::Path chosen = luwte::path_named(path);
    luwte::SiftKeypoints found;
    {
        nb::gil_scoped_release without;
        found = luwte::sift_keypoints(grey.data(), height, width, contrast, most, chosen);
    }
    return nb::make_tuple(table(std::move(found.places), 4),
                          table(std::move(found.descriptors), luwte::sift_numbers));
}

void raise_when_interrupted() {
    nb::gil_scoped_acquire held;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
}

void check_hashes(const Raster& hashes) {
    if (hashes.shape(1) != luwte::hash_bytes) throw std::invalid_argument("hashes have 32 bytes, one hash a row");
}

nb::tuple columns(luwte::Pairs&& pairs) {
    return nb::make_tuple(column(std::move(pairs.query)), column(std::move(pairs.reference)),
                          column(std::move(pairs.distance)));
}

nb::tuple radius_search(const Raster& queries, const Raster& references, unsigned radius, const std::string& path) {
    check_hashes(queries);
    check_hashes(references);
    const luwte::Path chosen = luwte::path_named(path);
    luwte::Pairs pairs;
    {
        nb::gil_scoped_release without;
        pairs = luwte::radius_search(queries.data(), queries.shape(0), references.data(), references.shape(0), radius,
                                     chosen, raise_when_interrupted);
    }
    return columns(std::move(pairs));
}

// Holds on to the references, which the index reads in place.
class KeptBands {
   public:
    KeptBands(const Raster& references, unsigned threads, const std::string& path)
        : references_(references), bands_(build(references, threads, path)) {}

    nb::tuple search(const Raster& queries, unsigned radius) const {
        check_hashes(queries);
        if (radius > luwte::widest_radius) throw std::invalid_argument("the radius is wider than the bands reach");
        luwte::Banded found;
        {
            nb::gil_scoped_release without;
            found = bands_.search(queries.data(), queries.shape(0), radius, raise_when_interrupted);
        }
        return nb::make_tuple(columns(std::move(found.pairs)), column(std::move(found.left)));
    }

   private:
    static luwte::Bands build(const Raster& references, unsigned threads, const std::string& path) {
        check_hashes(references);
        if (references.shape(0) > std::numeric_limits<std::uint32_t>::max())
            throw std::invalid_argument("an index holds fewer than 2^32 hashes");
        const luwte::Path chosen = luwte::path_named(path);
        nb::gil_scoped_release without;
        return luwte::Bands(references.data(), references.shape(0), threads, chosen, raise_when_interrupted);
    }

    Raster references_;
    luwte::Bands bands_;
};

// Holds on to the digests, which the index reads in place.
class KeptDigests {
   public:
    explicit KeptDigests(const Raster& rows) : rows_(rows), digests_(build(rows)) {}

    nb::tuple find(const Raster& asked) const {
        if (asked.shape(1) != digests_.width()) throw std::invalid_argument("digests have the width of the list");
        luwte::EqualPairs found;
        {
            nb::gil_scoped_release without;
            found = digests_.find(asked.data(), asked.shape(0), raise_when_interrupted);
        }
        return nb::make_tuple(column(std::move(found.query)), column(std::move(found.reference)));
    }

   private:
    static luwte::Digests build(const Raster& rows) {
        if (rows.shape(1) < 4) throw std::invalid_argument("digests have at least four bytes, one digest a row");
        if (rows.shape(0) > std::numeric_limits<std::uint32_t>::max())
            throw std::invalid_argument("an index holds fewer than 2^32 digests");
        nb::gil_scoped_release without;
        return luwte::Digests(rows.data(), rows.shape(0), rows.shape(1));
    }

    Raster rows_;
    luwte::Digests digests_;
};

// Holds on to the codes, which are read in place.
class KeptCodes {
   public:
    KeptCodes(const Raster& codes, const Counts& counts, const std::string& path)
        : rows_(codes), codes_(build(codes, counts, path)) {}

    void index(unsigned threads) {
        nb::gil_scoped_release without;
        codes_.index(threads, raise_when_interrupted);
    }

    nb::tuple best(const Raster& asked, unsigned radius, std::size_t most) const {
        if (asked.shape(1) != luwte::code_bits_bytes) throw std::invalid_argument("what is asked has 16 bytes a row");
        if (radius > luwte::widest_code_radius) throw std::invalid_argument("the radius is wider than the bands reach");
        luwte::Votes found;
        {
            nb::gil_scoped_release without;
            found = codes_.best(asked.data(), asked.shape(0), radius, most, raise_when_interrupted);
        }
        return nb::make_tuple(column(std::move(found.reference)), column(std::move(found.votes)),
                              column(std::move(found.weight)));
    }

   private:
    static luwte::Codes build(const Raster& codes, const Counts& counts, const std::string& path) {
        if (codes.shape(1) != luwte::code_bytes) throw std::invalid_argument("codes have 20 bytes, one code a row");
        if (codes.shape(0) >= std::numeric_limits<std::uint32_t>::max())
            throw std::invalid_argument("an index holds fewer than 2^32 codes");
        std::vector<std::uint32_t> starts{0};
        std::uint64_t sum = 0;
        for (std::size_t at = 0; at < counts.shape(0); ++at) {
            const std::uint8_t own = counts.data()[at];
            if (own < 1 || own > luwte::most_codes) throw std::invalid_argument("a reference has 1 to 64 codes");
            starts.push_back(static_cast<std::uint32_t>(sum += own));
        }
        if (sum != codes.shape(0)) throw std::invalid_argument("the counts do not add up to the codes");
        return luwte::Codes(codes.data(), codes.shape(0), std::move(starts), luwte::path_named(path));
    }

    Raster rows_;
    luwte::Codes codes_;
};

}  // namespace

NB_MODULE(_native, m) {
    m.doc() = "The compiled core of Luwte: PDQ and the searches, on the best instructions this processor has.";
    m.def("paths", &luwte::paths, "The names of the paths this processor can run, fastest first.");
    m.def("pdq_hashes", &pdq_hashes, nb::arg("grey").noconvert(), nb::arg("path") = "",
          "The 8 dihedral PDQ hashes (8, 32) and the quality of a grey raster.");
    m.def("sift_keypoints", &sift_keypoints, nb::arg("grey").noconvert(), nb::arg("contrast"), nb::arg("most"),
          nb::arg("path") = "", "Places (N, 4) and descriptors (N, 128) of the strongest keypoints of a grey raster.");
    m.def("radius_search", &radius_search, nb::arg("queries").noconvert(), nb::arg("references").noconvert(),
          nb::arg("radius"), nb::arg("path") = "",
          "Query rows, reference rows and distances of all pairs within the radius.");
    nb::class_<KeptBands>(m, "Bands", "An index of hashes that a radius search need not all look at.")
        .def(nb::init<const Raster&, unsigned, const std::string&>(), nb::arg("references").noconvert(),
             nb::arg("threads"), nb::arg("path") = "")
        .def("search", &KeptBands::search, nb::arg("queries").noconvert(), nb::arg("radius"),
             "Pairs as of radius_search, and the queries left to it because it costs less for them.")
        .def_ro_static("widest_radius", &luwte::widest_radius);
    nb::class_<KeptDigests>(m, "Digests", "An index of digests that ascend.")
        .def(nb::init<const Raster&>(), nb::arg("rows").noconvert())
        .def("find", &KeptDigests::find, nb::arg("asked").noconvert(),
             "Rows of what is asked and of the list, of all pairs that are equal; by what is asked, then by row.");
    nb::class_<KeptCodes>(m, "Codes", "Local codes of many references, and which references a picture's codes vote for.")
        .def(nb::init<const Raster&, const Counts&, const std::string&>(), nb::arg("codes").noconvert(),
             nb::arg("counts").noconvert(), nb::arg("path") = "")
        .def("index", &KeptCodes::index, nb::arg("threads"), "Makes tables, so that few codes are looked at.")
        .def("best", &KeptCodes::best, nb::arg("asked").noconvert(), nb::arg("radius"), nb::arg("most"),
             "References, their votes and their weights, the best first.")
        .def_ro_static("widest_radius", &luwte::widest_code_radius);
}
