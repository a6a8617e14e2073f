// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace stadtgdi::http {

/// Runs requests, so many at a time, with a queue of limited length: what does not fit is refused at once instead of
/// making everybody wait. Clients take turns, and none gets all places, however much it asks for. Tasks must not throw.
class WorkQueue {
public:
    using Task = std::function<void()>;
    /// `run` has work run soon, outside of its call, on one of `at_once` threads at least.
    /// `most_for_one`: tasks of one client that run at the same time; 0: three quarters of `at_once`.
    WorkQueue(std::function<void(Task)> run, int at_once, std::size_t max_waiting, int most_for_one = 0);
    ~WorkQueue();   ///< join()
    WorkQueue(const WorkQueue&) = delete;
    WorkQueue& operator=(const WorkQueue&) = delete;

    enum class Admission { refused, waits, now };
    /// New work of a client. `now`: there is a place for it, and `task` is what the caller must call, itself and without delay, to run it.
    Admission try_submit(const std::string& client, Task& task);
    /// Goes on with work that was admitted before (the next piece of a stream): never refused, goes first.
    void submit(Task task);
    std::size_t waiting() const;
    /// Waits until all that was submitted has run. Nothing is taken afterwards.
    void join();

private:
    struct Client {
        std::deque<Task> tasks;
        int running = 0;
    };
    using Clients = std::map<std::string, Client>;
    struct Taken {
        Task task;
        Clients::iterator client;   // end(): work that goes on
    };
    Task next();
    void run(Taken taken);
    bool take(Taken& taken);
    Clients::iterator next_client();

    std::function<void(Task)> m_run;
    int m_at_once;
    std::size_t m_max_waiting;
    int m_most_for_one;
    mutable std::mutex m_mutex;
    std::condition_variable m_idle;
    Clients m_clients;                   // with work, waiting or running
    std::deque<std::string> m_turns;     // those with work waiting, the next one first
    std::size_t m_new = 0;               // tasks of all clients that wait
    std::deque<Task> m_continued;
    int m_running = 0;
    bool m_ending = false;
};

}  // namespace stadtgdi::http
