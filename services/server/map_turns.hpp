// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace stadtgdi::server {

/// How many maps are drawn for one address at the same time: the drawing threads are one more than this, so that others'
/// maps never wait for its.
class MapTurns {
public:
    explicit MapTurns(int most_for_one) : m_most_for_one(most_for_one) {}
    /// Waits for a turn, which ends when what is returned is let go. Error(cancelled) when the run is stopped. Any thread.
    std::shared_ptr<void> take(const std::string& address, base::RunContext& run);

private:
    void give_back(const std::string& address);

    int m_most_for_one;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::map<std::string, int> m_drawing;  // by address
};

}  // namespace stadtgdi::server
