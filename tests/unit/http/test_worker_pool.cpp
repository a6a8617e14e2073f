// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/worker_pool.hpp>

#include <atomic>
#include <future>
#include <gtest/gtest.h>

namespace stadtgdi::http {
namespace {

TEST(WorkerPool, OneClientNeverHasAllThreads)
{
    WorkerPool pool(4, 100);
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    std::atomic<int> running = 0, most = 0, done = 0;
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(pool.try_submit("greedy", [&, opened] {
            most = std::max(most.load(), ++running);
            opened.wait();
            --running;
            ++done;
        }));
    // The other one is served while every task of the first still waits.
    std::promise<void> served;
    ASSERT_TRUE(pool.try_submit("modest", [&] { served.set_value(); }));
    served.get_future().wait();
    EXPECT_EQ(done, 0);
    gate.set_value();
    pool.join();
    EXPECT_EQ(done, 20);
    EXPECT_LE(most, 3);
}

TEST(WorkerPool, ClientsTakeTurns)
{
    WorkerPool pool(1, 100);
    std::promise<void> gate, begun;
    std::string order;
    ASSERT_TRUE(pool.try_submit("a", [&] {
        begun.set_value();
        gate.get_future().wait();
    }));
    begun.get_future().wait();
    for (const char client : std::string("aaabbc"))
        ASSERT_TRUE(pool.try_submit(std::string(1, client), [&order, client] { order += client; }));
    gate.set_value();
    pool.join();
    EXPECT_EQ(order, "abcaba");
}

TEST(WorkerPool, RefusesWhatDoesNotFitAndRunsTheRestToItsEnd)
{
    WorkerPool pool(2, 3, 1);
    std::promise<void> gate, begun;
    std::atomic<int> done = 0;
    ASSERT_TRUE(pool.try_submit("a", [&] {
        begun.set_value();
        gate.get_future().wait();
    }));
    begun.get_future().wait();
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(pool.try_submit("a", [&] { ++done; }));
    EXPECT_FALSE(pool.try_submit("b", [&] { ++done; }));
    EXPECT_EQ(pool.waiting(), 3U);
    gate.set_value();
    pool.join();
    EXPECT_EQ(done, 3);
    EXPECT_FALSE(pool.try_submit("a", [] {}));
}

}  // namespace
}  // namespace stadtgdi::http
