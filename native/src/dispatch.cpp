#include "dispatch.hpp"

#include <stdexcept>

namespace luwte {

namespace {

struct Named {
    const char* name;
    Path path;
};

std::vector<Named> supported() {
    std::vector<Named> found;
#if LUWTE_X86
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vpopcntdq"))
        found.push_back({"avx512", Path::avx512});
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt"))
        found.push_back({"avx2", Path::avx2});
#endif
    found.push_back({"plain", Path::plain});
    return found;
}

}  // namespace

std::vector<std::string> paths() {
    std::vector<std::string> names;
    for (const Named& each : supported()) names.emplace_back(each.name);
    return names;
}

Path path_named(const std::string& name) {
    static const std::vector<Named> known = supported();
    if (name.empty()) return known.front().path;
    for (const Named& each : known)
        if (name == each.name) return each.path;
    throw std::invalid_argument("this processor has no path named '" + name + "'");
}

}  // namespace luwte
