// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <string>
#include <thread>

namespace stadtgdi::server {

/// What a worker has from its parent: the listening socket, a pipe to say that it is ready, a pipe that ends when the parent
/// does, how many workers were started so far, and whether one still serves.
class WorkerLink {
public:
    /// From the text of --worker-link; Error(invalid_argument).
    explicit WorkerLink(const std::string& text);
    /// Without a parent: nothing to tell, nobody to watch.
    WorkerLink() = default;
    ~WorkerLink();
    WorkerLink(const WorkerLink&) = delete;
    WorkerLink& operator=(const WorkerLink&) = delete;

    int socket() const { return m_socket; }
    int starts() const { return m_starts; }
    bool replaces() const { return m_replaces != 0; }  ///< one that serves until this one is ready
    void say_ready();
    /// Calls `end` on a thread of its own when the parent has gone or SIGINT or SIGTERM comes. Call it before any other
    /// thread is started: it blocks these signals for all of them.
    void watch(std::function<void()> end);

private:
    int m_socket = -1, m_ready = -1, m_life = -1, m_starts = 1, m_replaces = 0;
    int m_wake[2] = {-1, -1};
    std::thread m_watcher;
};

}  // namespace stadtgdi::server
