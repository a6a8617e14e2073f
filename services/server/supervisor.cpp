// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/supervisor.hpp>

#include <layers/base/error.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace stadtgdi::server {

namespace {

using base::Text;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

class Fd {
public:
    explicit Fd(int fd = -1) : m_fd(fd) {}
    Fd(Fd&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Fd& operator=(Fd&& other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Fd()
    {
        if (m_fd >= 0)
            close(m_fd);
    }
    int get() const { return m_fd; }

private:
    int m_fd;
};

Fd listening_socket(const std::string& host, std::uint16_t port)
{
    const auto fail = [&] {
        throw Error(ErrorKind::io, base::filled({"Cannot listen on {0}:{1}: {2}.", "Auf {0}:{1} kann nicht gehört werden: {2}."}, host, std::to_string(port),
                                                std::strerror(errno)));
    };
    const std::string address = host == "localhost" ? "127.0.0.1" : host;
    sockaddr_storage storage{};
    socklen_t length = sizeof(sockaddr_in);
    auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
    if (inet_pton(AF_INET, address.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
    } else if (inet_pton(AF_INET6, address.c_str(), &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(port);
        length = sizeof(sockaddr_in6);
    } else {
        throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' is no IP address to listen on.", "'{0}' ist keine IP-Adresse zum Lauschen."}, host));
    }
    Fd fd(socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    if (fd.get() < 0 || setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0
        || bind(fd.get(), reinterpret_cast<sockaddr*>(&storage), length) != 0 || listen(fd.get(), 1024) != 0)
        fail();
    return fd;
}

struct Pipe {
    Fd read, write;
    Pipe()
    {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            throw Error(ErrorKind::internal, {"No pipe could be made.", "Es ließ sich keine Pipe anlegen."});
        read = Fd(ends[0]);
        write = Fd(ends[1]);
    }
};

struct Worker {
    pid_t pid = -1;
    Fd ready;   ///< readable when it is ready, at its end when it never will be
    Fd life;    ///< closed with us
    Clock::time_point begin;
    bool is_ready = false;
};

class Supervisor {
public:
    explicit Supervisor(const SupervisorOptions& options) : m_options(options), m_grace(options.grace), m_socket(listening_socket(options.host, options.port))
    {
        // Taken one by one by wait_for_event(); nothing interrupts anything.
        sigemptyset(&m_signals);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD})
            sigaddset(&m_signals, signal);
        sigprocmask(SIG_BLOCK, &m_signals, &m_before);
    }
    ~Supervisor() { sigprocmask(SIG_SETMASK, &m_before, nullptr); }

    int run()
    {
        m_current = started();
        for (;;) {
            const int signal = wait_for_event();
            if (signal == SIGINT || signal == SIGTERM)
                return shut_down();
            if (signal == SIGHUP)
                m_asked_again = true;
            if (m_asked_again && m_current && !m_next)
                read_again();
            look_at_readiness();
            if (const auto code = collect_dead())
                return *code;
            if (!m_current && Clock::now() >= m_start_at)
                m_current = started();
        }
    }

private:
    void read_again()
    {
        m_asked_again = false;
        say({"Reading settings and projects anew.", "Einstellungen und Projekte werden neu gelesen."});
        try {
            if (m_options.read_again) {
                const SupervisorOptions::Settings now = m_options.read_again();
                if (now.host != m_options.host || now.port != m_options.port)
                    say({"Another address to listen on holds from the next start on.", "Eine andere Adresse zum Lauschen gilt erst nach einem Neustart."});
                m_grace = now.grace;
            }
        } catch (const Error& error) {
            return say(error.message());
        }
        m_next = started();
    }

    void say(const Text& text) const
    {
        if (m_options.say)
            m_options.say(text);
    }

    std::optional<Worker> started()
    {
        Pipe ready, life;
        ++m_starts;
        std::vector<std::string> arguments = m_options.worker;
        arguments.push_back("--worker-link");
        arguments.push_back(std::to_string(m_socket.get()) + "," + std::to_string(ready.write.get()) + "," + std::to_string(life.read.get()) + ","
                            + std::to_string(m_starts) + "," + (m_current ? "1" : "0"));
        std::vector<char*> argv;
        for (std::string& argument : arguments)
            argv.push_back(argument.data());
        argv.push_back(nullptr);
        const pid_t pid = fork();
        if (pid == 0) {
            // A group of its own: Ctrl-C reaches the parent alone, which tells the worker once.
            setpgid(0, 0);
            sigprocmask(SIG_SETMASK, &m_before, nullptr);
            for (const int fd : {m_socket.get(), ready.write.get(), life.read.get()})
                fcntl(fd, F_SETFD, 0);
            execv(argv[0], argv.data());
            _exit(127);
        }
        m_start_at = Clock::now();
        if (pid < 0) {
            say({"No process could be started; trying again.", "Es ließ sich kein Prozess starten; neuer Versuch folgt."});
            m_start_at += m_options.longest_pause;
            return std::nullopt;
        }
        Worker worker;
        worker.pid = pid;
        worker.ready = std::move(ready.read);
        worker.life = std::move(life.write);
        worker.begin = Clock::now();
        return worker;
    }

    /// A signal, or 0 after some time in which something else may have happened.
    int wait_for_event() const
    {
        const bool busy = !m_current || m_next || !m_current->is_ready || !m_ending.empty() || m_asked_again;
        const timespec moment{0, 50'000'000}, long_time{60, 0};
        const int signal = sigtimedwait(&m_signals, nullptr, busy ? &moment : &long_time);
        return signal > 0 ? signal : 0;
    }

    static bool says_ready(Worker& worker)
    {
        pollfd fd{worker.ready.get(), POLLIN, 0};
        char byte = 0;
        return !worker.is_ready && poll(&fd, 1, 0) == 1 && read(worker.ready.get(), &byte, 1) == 1 && byte == 'r';
    }

    void look_at_readiness()
    {
        if (m_current && says_ready(*m_current)) {
            m_current->is_ready = true;
            m_was_ready = true;
        }
        if (m_next && says_ready(*m_next)) {
            m_next->is_ready = true;
            say({"The new worker has taken over.", "Der neue Prozess hat übernommen."});
            std::swap(m_current, m_next);
            if (m_next) {
                kill(m_next->pid, SIGTERM);
                m_next->begin = Clock::now();   // from now on: since when it has been ending
                m_ending.push_back(std::move(*m_next));
            }
            m_next.reset();
        }
        for (const Worker& worker : m_ending)
            if (Clock::now() - worker.begin > m_grace + milliseconds(2000))
                kill(worker.pid, SIGKILL);
    }

    std::optional<int> collect_dead()
    {
        int status = 0;
        while (const pid_t pid = waitpid(-1, &status, WNOHANG)) {
            if (pid < 0)
                break;
            std::erase_if(m_ending, [pid](const Worker& worker) { return worker.pid == pid; });
            if (m_next && m_next->pid == pid) {
                m_next.reset();
                say({"The new worker did not get ready; the old one goes on.", "Der neue Prozess wurde nicht bereit; der alte macht weiter."});
            }
            if (!m_current || m_current->pid != pid)
                continue;
            // A first worker that ends by itself has said why: wrong settings, no such project.
            if (!m_was_ready && WIFEXITED(status))
                return WEXITSTATUS(status);
            plan_restart(status);
        }
        return std::nullopt;
    }

    void plan_restart(int status)
    {
        const bool young = Clock::now() - m_current->begin < m_options.young;
        m_pause = young ? std::min(std::max(m_pause * 2, m_options.first_pause), m_options.longest_pause) : milliseconds(0);
        // The first death of a row is answered at once.
        const milliseconds pause = std::exchange(m_deaths_in_row, young ? m_deaths_in_row + 1 : 0) == 0 ? milliseconds(0) : m_pause;
        m_start_at = Clock::now() + pause;
        m_current.reset();
        const std::string how = WIFSIGNALED(status) ? std::string("signal ") + std::to_string(WTERMSIG(status)) : "code " + std::to_string(WEXITSTATUS(status));
        say(base::filled({"The worker ended ({0}); a new one starts in {1} ms.", "Der Arbeitsprozess endete ({0}); ein neuer startet in {1} ms."}, how,
                         std::to_string(pause.count())));
    }

    int shut_down()
    {
        m_socket = Fd();
        std::vector<pid_t> pids;
        for (const auto* worker : {m_current ? &*m_current : nullptr, m_next ? &*m_next : nullptr})
            if (worker)
                pids.push_back(worker->pid);
        for (const Worker& worker : m_ending)
            pids.push_back(worker.pid);
        for (const pid_t pid : pids)
            kill(pid, SIGTERM);
        const auto end = Clock::now() + m_grace + milliseconds(2000);
        bool at_once = false;
        while (!pids.empty()) {
            std::erase_if(pids, [](pid_t pid) { return waitpid(pid, nullptr, WNOHANG) != 0; });
            if (pids.empty())
                break;
            if (at_once || Clock::now() > end)
                for (const pid_t pid : pids)
                    kill(pid, SIGKILL);
            const timespec moment{0, 20'000'000};
            const int signal = sigtimedwait(&m_signals, nullptr, &moment);
            at_once = at_once || signal == SIGINT || signal == SIGTERM;
        }
        return 0;
    }

    const SupervisorOptions& m_options;
    milliseconds m_grace;
    Fd m_socket;
    sigset_t m_signals{}, m_before{};
    std::optional<Worker> m_current, m_next;
    std::vector<Worker> m_ending;
    Clock::time_point m_start_at{};
    milliseconds m_pause{0};
    int m_starts = 0, m_deaths_in_row = 0;
    bool m_was_ready = false, m_asked_again = false;
};

}  // namespace

int supervise(const SupervisorOptions& options)
{
    return Supervisor(options).run();
}

}  // namespace stadtgdi::server
