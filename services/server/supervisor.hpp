// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace stadtgdi::server {

struct SupervisorOptions {
    std::vector<std::string> worker;       ///< program (path) and arguments of a worker; "--worker-link A,B,C,D,E" is added (WorkerLink)
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    std::chrono::milliseconds grace{10'000};          ///< for a worker to end; then it is killed
    std::chrono::milliseconds first_pause{500};       ///< before a worker that died young is started again; doubles ...
    std::chrono::milliseconds longest_pause{30'000};  ///< ... up to this
    std::chrono::milliseconds young{10'000};
    std::function<void(const base::Text&)> say;       ///< what happens to workers

    struct Settings {
        std::string host;
        std::uint16_t port;
        std::chrono::milliseconds grace;
    };
    std::function<Settings()> read_again;             ///< at SIGHUP; an Error leaves everything as it is
};

/// The parent process: holds the listening socket and keeps one worker running that serves it. A worker that crashes is
/// replaced; connections made meanwhile wait in the socket's queue, so only requests in flight are lost.
/// SIGHUP: a new worker with new settings takes over when it is ready, the old one ends its requests; one that does not
/// get ready changes nothing. Another SIGHUP meanwhile is answered after that. The address stays the one of the start. SIGINT, SIGTERM: the worker ends its requests, then this returns; a second one ends at once.
/// Returns an exit code: 0, or that of a first worker that never got ready. Must be called while the process has one
/// thread. Error(io) where the address cannot be listened on.
int supervise(const SupervisorOptions& options);

}  // namespace stadtgdi::server
