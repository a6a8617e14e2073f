// SPDX-License-Identifier: GPL-2.0-or-later
// A worker that can be told to die: serves the socket of its parent.
#include <services/http/listener.hpp>
#include <services/server/worker_link.hpp>

#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <unistd.h>

using namespace stadtgdi;

int main(int argc, char** argv)
{
    const std::string mode_file = argv[1];
    std::string mode;
    std::ifstream(mode_file) >> mode;   // read anew by each worker, as settings are
    if (mode == "bad")
        return 2;
    server::WorkerLink link(argv[argc - 1]);
    std::mutex mutex;
    std::condition_variable changed;
    bool end = false;
    link.watch([&] {
        const std::lock_guard lock(mutex);
        end = true;
        changed.notify_all();
    });
    http::ListenerOptions options;
    options.socket = link.socket();
    http::ListenerCalls calls;
    calls.handler = [&](const http::Request& request) {
        http::Response response;
        if (request.path == "/crash")
            std::abort();
        if (request.path == "/slow")
            std::this_thread::sleep_for(std::chrono::milliseconds(700));
        response.body = request.path == "/pid" ? std::to_string(getpid()) : request.path == "/starts" ? std::to_string(link.starts()) : mode;
        return response;
    };
    http::Listener listener(options, std::move(calls));
    listener.start();
    link.say_ready();
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return end; });
    listener.stop(std::chrono::seconds(5));
    return 0;
}
