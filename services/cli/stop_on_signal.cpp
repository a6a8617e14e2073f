// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/stop_on_signal.hpp>

#include <services/cli/exit_code.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace stadtgdi::cli {

namespace {

volatile int signal_pipe = -1;
volatile std::sig_atomic_t signals = 0;

void on_signal(int)
{
    const int saved = errno;
    signals = signals + 1;   // C++20 has no ++ of volatile
    if (signals > 1)
        _exit(exit_stopped);
    const char byte = 's';
    if (write(signal_pipe, &byte, 1) < 0)
        _exit(exit_stopped);
    errno = saved;
}

void set_handler(void (*handler)(int))
{
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

}  // namespace

StopOnSignal::StopOnSignal()
{
    if (pipe2(m_pipe, O_CLOEXEC) != 0)
        throw Error(ErrorKind::internal, {"No pipe could be made.", "Es ließ sich keine Pipe anlegen."});
    signal_pipe = m_pipe[1];
    set_handler(on_signal);
    // A stop runs callbacks and takes locks, which a signal handler must not: a thread does it.
    m_waiter = std::thread([this] {
        char byte = 0;
        while (read(m_pipe[0], &byte, 1) < 0 && errno == EINTR)
            ;
        if (byte == 's')
            m_stop.request_stop();
    });
}

StopOnSignal::~StopOnSignal()
{
    set_handler(SIG_DFL);
    const char byte = 'q';
    if (write(m_pipe[1], &byte, 1) == 1)
        m_waiter.join();
    else
        m_waiter.detach();
    close(m_pipe[0]);
    close(m_pipe[1]);
}

}  // namespace stadtgdi::cli
