// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/supervisor.hpp>

#include <layers/base/error.hpp>
#include <tests/unit/http/raw_client.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <thread>

namespace stadtgdi::server {

namespace {

using namespace std::chrono_literals;
using http::testing::eventually;
using http::testing::RawClient;

std::uint16_t free_port()
{
    http::ListenerOptions options;
    options.port = 0;
    return http::Listener(options, {}).port();
}

/// A parent process with its worker, ended with the test.
class Parent {
public:
    Parent() : m_folder(std::filesystem::temp_directory_path() / ("stadtgdi_supervisor_" + std::to_string(getpid()) + "_" + std::to_string(++s_count)))
    {
        std::filesystem::create_directories(m_folder);
        set_mode("first");
        m_port = free_port();
    }
    ~Parent()
    {
        if (m_pid > 0) {
            kill(m_pid, SIGTERM);
            exit_code();
        }
        std::filesystem::remove_all(m_folder);
    }
    void start()
    {
        SupervisorOptions options;
        options.worker = {FAKE_WORKER, (m_folder / "mode").string()};
        options.port = m_port;
        options.grace = 5000ms;
        options.first_pause = 50ms;
        m_pid = fork();
        if (m_pid == 0) {
            try {
                _exit(supervise(options));
            } catch (...) {
                _exit(99);
            }
        }
    }
    void set_mode(const std::string& mode) { std::ofstream(m_folder / "mode") << mode; }
    void signal(int number) const { kill(m_pid, number); }
    int exit_code()
    {
        int status = 0;
        waitpid(m_pid, &status, 0);
        m_pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::string get(const std::string& path) const
    {
        RawClient client(m_port);
        return client.connected() ? client.get(path).body : std::string();
    }
    bool comes_up() const
    {
        return eventually([&] { return !get("/mode").empty(); });
    }
    std::uint16_t port() const { return m_port; }

private:
    static inline int s_count = 0;
    std::filesystem::path m_folder;
    std::uint16_t m_port = 0;
    pid_t m_pid = -1;
};

}  // namespace

TEST(Supervisor, replaces_a_worker_that_crashes)
{
    Parent parent;
    parent.start();
    ASSERT_TRUE(parent.comes_up());
    const std::string first = parent.get("/pid");
    EXPECT_EQ(parent.get("/crash"), "") << "the request in flight is lost";
    ASSERT_TRUE(parent.comes_up());
    EXPECT_NE(parent.get("/pid"), first);
    EXPECT_EQ(parent.get("/starts"), "2");
}

TEST(Supervisor, connections_made_while_no_worker_runs_are_answered_by_the_next)
{
    Parent parent;
    parent.start();
    ASSERT_TRUE(parent.comes_up());
    kill(std::stoi(parent.get("/pid")), SIGKILL);
    RawClient client(parent.port());
    EXPECT_TRUE(client.connected());
    EXPECT_EQ(client.get("/mode").body, "first");
}

TEST(Supervisor, goes_on_through_many_crashes)
{
    Parent parent;
    parent.start();
    ASSERT_TRUE(parent.comes_up());
    for (int i = 0; i < 4; ++i) {
        parent.get("/crash");
        ASSERT_TRUE(parent.comes_up());
    }
    EXPECT_EQ(parent.get("/starts"), "5");
}

TEST(Supervisor, lets_requests_in_flight_end_before_it_ends)
{
    Parent parent;
    parent.start();
    ASSERT_TRUE(parent.comes_up());
    RawClient client(parent.port());
    client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    std::this_thread::sleep_for(200ms);
    parent.signal(SIGTERM);
    EXPECT_EQ(client.read().body, "first");
    EXPECT_EQ(parent.exit_code(), 0);
}

TEST(Supervisor, hands_over_to_a_new_worker_on_hangup)
{
    Parent parent;
    parent.start();
    ASSERT_TRUE(parent.comes_up());
    parent.set_mode("second");
    parent.signal(SIGHUP);
    EXPECT_TRUE(eventually([&] { return parent.get("/mode") == "second"; }));
    parent.signal(SIGINT);
    EXPECT_EQ(parent.exit_code(), 0);
}

TEST(Supervisor, keeps_the_old_worker_where_the_new_one_does_not_get_ready)
{
    Parent parent;
    parent.start();
    ASSERT_TRUE(parent.comes_up());
    const std::string pid = parent.get("/pid");
    parent.set_mode("bad");
    parent.signal(SIGHUP);
    std::this_thread::sleep_for(500ms);
    EXPECT_EQ(parent.get("/mode"), "first");
    EXPECT_EQ(parent.get("/pid"), pid);
}

TEST(Supervisor, ends_with_the_code_of_a_first_worker_that_never_gets_ready)
{
    Parent parent;
    parent.set_mode("bad");
    parent.start();
    EXPECT_EQ(parent.exit_code(), 2);
}

TEST(Supervisor, its_worker_ends_when_it_is_killed)
{
    Parent parent;
    parent.start();
    ASSERT_TRUE(parent.comes_up());
    const pid_t worker = std::stoi(parent.get("/pid"));
    parent.signal(SIGKILL);
    parent.exit_code();
    EXPECT_TRUE(eventually([&] { return !RawClient(parent.port()).connected(); }));
    EXPECT_TRUE(eventually([&] { return kill(worker, 0) != 0 || waitpid(worker, nullptr, WNOHANG) > 0; }));
}

TEST(Supervisor, says_what_is_wrong_with_the_address)
{
    http::ListenerOptions taken;
    taken.port = 0;
    http::Listener listener(taken, {});
    SupervisorOptions options;
    options.port = listener.port();
    EXPECT_THROW(supervise(options), Error);
    options.host = "nonsense";
    EXPECT_THROW(supervise(options), Error);
}

}  // namespace stadtgdi::server
