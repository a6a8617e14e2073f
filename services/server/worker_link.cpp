// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/worker_link.hpp>

#include <layers/base/error.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace stadtgdi::server {

namespace {

// Written by the signal handler, which may touch nothing else.
volatile int signal_pipe = -1;

void on_signal(int)
{
    const int saved = errno;
    const char byte = 's';
    if (write(signal_pipe, &byte, 1) < 0) {
        // the pipe is full: the signal is known already
    }
    errno = saved;
}

}  // namespace

WorkerLink::WorkerLink(const std::string& text)
{
    std::array<int, 5> numbers{};
    const char* at = text.data();
    const char* const end = text.data() + text.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto [next, error] = std::from_chars(at, end, numbers[i]);
        const bool last = i + 1 == numbers.size();
        if (error != std::errc() || numbers[i] < 0 || (last ? next != end : next == end || *next != ','))
            throw Error(ErrorKind::invalid_argument, {"--worker-link is for workers that 'stadtgdi serve' starts itself.",
                                                      "--worker-link ist für Prozesse, die 'stadtgdi serve' selbst startet."});
        at = next + 1;
    }
    m_socket = numbers[0];
    m_ready = numbers[1];
    m_life = numbers[2];
    m_starts = numbers[3];
    m_replaces = numbers[4];
    for (const int fd : {m_socket, m_ready, m_life})
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

WorkerLink::~WorkerLink()
{
    if (m_watcher.joinable()) {
        const char byte = 'q';
        if (write(m_wake[1], &byte, 1) == 1)
            m_watcher.join();
        else
            m_watcher.detach();
    }
    signal_pipe = -1;
    for (const int fd : {m_ready, m_life, m_wake[0], m_wake[1]})
        if (fd >= 0)
            close(fd);
}

void WorkerLink::say_ready()
{
    if (m_ready < 0)
        return;
    const char byte = 'r';
    if (write(m_ready, &byte, 1) < 0) {
        // the parent has gone; watch() sees that
    }
    close(m_ready);
    m_ready = -1;
}

void WorkerLink::watch(std::function<void()> end)
{
    if (pipe2(m_wake, O_CLOEXEC | O_NONBLOCK) != 0)
        throw Error(ErrorKind::internal, {"No pipe could be made.", "Es ließ sich keine Pipe anlegen."});
    signal_pipe = m_wake[1];
    struct sigaction action {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);   // the parent's business
    m_watcher = std::thread([this, end = std::move(end)] {
        std::array<pollfd, 2> fds = {pollfd{m_wake[0], POLLIN, 0}, pollfd{m_life, POLLIN, 0}};
        for (;;) {
            if (poll(fds.data(), fds.size(), -1) < 0 && errno != EINTR)
                return;
            char byte = 0;
            if (fds[0].revents && read(m_wake[0], &byte, 1) == 1) {
                if (byte == 's')
                    end();
                return;
            }
            if (fds[1].revents)   // nothing is ever written there: it has ended
                return end();
        }
    });
}

}  // namespace stadtgdi::server
