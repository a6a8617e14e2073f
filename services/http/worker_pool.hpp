// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace stadtgdi::http {

/// Threads that run requests, with a queue of limited length: what does not fit is refused at once instead of
/// making everybody wait. Clients take turns, and none gets all threads, however much it asks for. Tasks must not throw.
class WorkerPool {
public:
    /// `most_for_one`: tasks of one client that run at the same time; 0: three quarters of the threads.
    WorkerPool(int threads, std::size_t max_waiting, int most_for_one = 0);
    ~WorkerPool();   ///< join()
    WorkerPool(const WorkerPool&) = delete;
    WorkerPool& operator=(const WorkerPool&) = delete;

    /// New work of a client; false: the queue is full.
    bool try_submit(const std::string& client, std::function<void()> task);
    /// Goes on with work that was admitted before (the next piece of a stream): never refused, goes first.
    void submit(std::function<void()> task);
    std::size_t waiting() const;
    /// Runs what was submitted, then ends the threads. Nothing is taken afterwards.
    void join();

private:
    struct Client {
        std::deque<std::function<void()>> tasks;
        int running = 0;
    };
    using Clients = std::map<std::string, Client>;
    void work();
    Clients::iterator next_client();

    std::size_t m_max_waiting;
    int m_most_for_one;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    Clients m_clients;                   // with work, waiting or running
    std::deque<std::string> m_turns;     // those with work waiting, the next one first
    std::size_t m_new = 0;               // tasks of all clients that wait
    std::deque<std::function<void()>> m_continued;
    bool m_ending = false;
    std::vector<std::thread> m_threads;
};

}  // namespace stadtgdi::http
