// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace stadtgdi::http {

/// Threads that run requests, with a queue of limited length: what does not fit is refused at once instead of
/// making everybody wait. Tasks must not throw.
class WorkerPool {
public:
    WorkerPool(int threads, std::size_t max_waiting);
    ~WorkerPool();   ///< join()
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// New work; false: the queue is full.
    bool try_submit(std::function<void()> task);
    /// Goes on with work that was admitted before (the next piece of a stream): never refused, goes first.
    void submit(std::function<void()> task);
    std::size_t waiting() const;
    /// Runs what was submitted, then ends the threads. Nothing is taken afterwards.
    void join();

private:
    void work();

    std::size_t m_max_waiting;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_new, m_continued;
    bool m_ending = false;
    std::vector<std::thread> m_threads;
};

}  // namespace stadtgdi::http
