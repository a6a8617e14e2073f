// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

namespace stadtgdi::access {

/// Counts failures by address within a sliding minute; of limited size, whoever tries.
class Throttle {
public:
    using Clock = std::chrono::steady_clock;
    explicit Throttle(int max_failures) : m_max_failures(max_failures) {}
    void set_max_failures(int max_failures) { m_max_failures = max_failures; }
    bool blocked(const std::string& address, Clock::time_point now = Clock::now());
    void failed(const std::string& address, Clock::time_point now = Clock::now());

private:
    struct Entry {
        Clock::time_point begin;
        int failures = 0;
    };
    void forget_old(Clock::time_point now);

    std::atomic<int> m_max_failures;
    std::mutex m_mutex;
    std::unordered_map<std::string, Entry> m_entries;
};

}  // namespace stadtgdi::access
