// Sharing tasks out over threads, while the caller breathes: so that Ctrl-C is heard, and what goes wrong is told.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <future>
#include <vector>

namespace luwte {

constexpr auto between_breaths = std::chrono::milliseconds(50);

// Each thread takes the next task. `stop` is set when `act` or `breathe` throws; what was thrown first is thrown here.
template <typename Act>
void on_threads(unsigned threads, std::size_t tasks, std::atomic<bool>& stop, const std::function<void()>& breathe,
                const Act& act) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t task = next++; task < tasks; task = next++) act(task);
    };
    std::exception_ptr wrong;
    std::vector<std::future<void>> workers;
    const auto keep = [&](const auto& step) {
        try {
            step();
        } catch (...) {
            if (!wrong) wrong = std::current_exception();
            stop = true;
        }
    };
    keep([&] {
        for (unsigned thread = 0; thread < std::max(1U, threads); ++thread)
            workers.push_back(std::async(std::launch::async, work));
    });
    for (std::future<void>& worker : workers) {
        while (worker.wait_for(between_breaths) != std::future_status::ready) keep(breathe);
        keep([&] { worker.get(); });
    }
    if (wrong) std::rethrow_exception(wrong);
}

}  // namespace luwte
