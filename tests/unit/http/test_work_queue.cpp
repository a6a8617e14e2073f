// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/work_queue.hpp>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <future>
#include <gtest/gtest.h>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace stadtgdi::http {
namespace {

class Threads {
public:
    Threads()
    {
        for (int i = 0; i < 4; ++i)
            m_threads.emplace_back([this] { work(); });
    }
    ~Threads()
    {
        for (std::size_t i = 0; i < m_threads.size(); ++i)
            post(nullptr);
        for (std::thread& thread : m_threads)
            thread.join();
    }
    void post(WorkQueue::Task task)
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
        m_wake.notify_one();
    }
    std::function<void(WorkQueue::Task)> run()
    {
        return [this](WorkQueue::Task task) { post(std::move(task)); };
    }

private:
    void work()
    {
        for (;;) {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return !m_tasks.empty(); });
            const WorkQueue::Task task = std::move(m_tasks.front());
            m_tasks.pop_front();
            lock.unlock();
            if (!task)
                return;
            task();
        }
    }

    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<WorkQueue::Task> m_tasks;
    std::vector<std::thread> m_threads;
};

/// As a caller that has something else to do.
bool submit(WorkQueue& queue, Threads& threads, const std::string& client, WorkQueue::Task task)
{
    const auto admission = queue.try_submit(client, task);
    if (admission == WorkQueue::Admission::now) threads.post(std::move(task));
    return admission != WorkQueue::Admission::refused;
}

/// A task of client "a" that has begun, and ends with the gate.
bool occupy(WorkQueue& queue, Threads& threads, std::promise<void>& gate)
{
    const auto begun = std::make_shared<std::promise<void>>();
    const bool taken = submit(queue, threads, "a", [begun, &gate] {
        begun->set_value();
        gate.get_future().wait();
    });
    if (taken) begun->get_future().wait();
    return taken;
}

TEST(WorkQueue, OneClientNeverHasAllPlaces)
{
    Threads threads;
    WorkQueue queue(threads.run(), 4, 100);
    std::promise<void> gate;
    const std::shared_future<void> opened = gate.get_future().share();
    std::atomic<int> running = 0, most = 0, done = 0;
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(submit(queue, threads, "greedy", [&, opened] {
            const int now = ++running;
            for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            opened.wait();
            --running;
            ++done;
        }));
    // The other one is served while every task of the first still waits.
    std::promise<void> served;
    ASSERT_TRUE(submit(queue, threads, "modest", [&] { served.set_value(); }));
    served.get_future().wait();
    EXPECT_EQ(done, 0);
    gate.set_value();
    queue.join();
    EXPECT_EQ(done, 20);
    EXPECT_LE(most, 3);
}

TEST(WorkQueue, ClientsTakeTurns)
{
    Threads threads;
    WorkQueue queue(threads.run(), 1, 100);
    std::promise<void> gate;
    std::string order;
    ASSERT_TRUE(occupy(queue, threads, gate));
    for (const char client : std::string("aaabbc"))
        ASSERT_TRUE(submit(queue, threads, std::string(1, client), [&order, client] { order += client; }));
    gate.set_value();
    queue.join();
    EXPECT_EQ(order, "abcaba");
}

TEST(WorkQueue, WhatGoesOnGoesFirst)
{
    Threads threads;
    WorkQueue queue(threads.run(), 1, 1);
    std::promise<void> gate;
    std::string order;
    ASSERT_TRUE(occupy(queue, threads, gate));
    EXPECT_TRUE(submit(queue, threads, "b", [&] { order += 'b'; }));
    queue.submit([&] { order += '1'; });
    queue.submit([&] { order += '2'; });
    EXPECT_EQ(queue.waiting(), 3U);
    gate.set_value();
    queue.join();
    EXPECT_EQ(order, "12b");
}

TEST(WorkQueue, RefusesWhatDoesNotFitAndRunsTheRestToItsEnd)
{
    Threads threads;
    WorkQueue queue(threads.run(), 2, 3, 1);
    std::promise<void> gate;
    std::atomic<int> done = 0;
    ASSERT_TRUE(occupy(queue, threads, gate));
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(submit(queue, threads, "a", [&] { ++done; }));
    EXPECT_FALSE(submit(queue, threads, "b", [&] { ++done; }));
    EXPECT_EQ(queue.waiting(), 3U);
    gate.set_value();
    queue.join();
    EXPECT_EQ(done, 3);
    EXPECT_FALSE(submit(queue, threads, "a", [] {}));
}

TEST(WorkQueue, ManyThreadsSubmitAtOnce)
{
    Threads threads;
    WorkQueue queue(threads.run(), 3, 1'000'000, 2);
    std::atomic<int> running = 0, done = 0;
    std::atomic<bool> too_many = false;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back([&, name = std::to_string(i % 3)] {
            for (int k = 0; k < 5000; ++k)
                EXPECT_TRUE(submit(queue, threads, name, [&] {
                    if (++running > 3) too_many = true;
                    --running;
                    ++done;
                }));
        });
    for (std::thread& client : clients)
        client.join();
    queue.join();
    EXPECT_EQ(done, 20'000);
    EXPECT_FALSE(too_many);
}

}  // namespace
}  // namespace stadtgdi::http
