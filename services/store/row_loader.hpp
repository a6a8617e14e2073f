// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace stadtgdi::store {

/// Reads the rows of layers one after the other on a thread of its own, while maps are drawn without them.
class RowLoader {
public:
    RowLoader();
    ~RowLoader();
    RowLoader(const RowLoader&) = delete;
    RowLoader& operator=(const RowLoader&) = delete;

    using Work = std::function<void(base::RunContext& run)>;
    /// Done some time later, unless this ends before; `run` is stopped then. Errors of the work are its own affair.
    void load(Work work);
    /// No further work begins, and that under way is asked to stop.
    void request_stop();
    bool finished() const;

private:
    void work(const std::stop_token& stop);

    mutable std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Work> m_waiting;
    bool m_finished = false;
    std::jthread m_thread;
};

}  // namespace stadtgdi::store
