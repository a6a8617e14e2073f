// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/worker_pool.hpp>

#include <algorithm>
#include <utility>

namespace stadtgdi::http {

WorkerPool::WorkerPool(int threads, std::size_t max_waiting, int most_for_one)
    : m_max_waiting(max_waiting), m_most_for_one(most_for_one > 0 ? most_for_one : std::max(1, threads * 3 / 4))
{
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool()
{
    join();
}

bool WorkerPool::try_submit(const std::string& client, std::function<void()> task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending || m_new >= m_max_waiting)
            return false;
        Client& queue = m_clients[client];
        if (queue.tasks.empty())
            m_turns.push_back(client);
        queue.tasks.push_back(std::move(task));
        ++m_new;
    }
    m_wake.notify_one();
    return true;
}

void WorkerPool::submit(std::function<void()> task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending)
            return;
        m_continued.push_back(std::move(task));
    }
    m_wake.notify_one();
}

std::size_t WorkerPool::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_new + m_continued.size();
}

void WorkerPool::join()
{
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
    }
    m_wake.notify_all();
    for (std::thread& thread : m_threads)
        if (thread.joinable())
            thread.join();
}

/// The one whose turn it is among those that may have another thread; its next turn comes after all others.
WorkerPool::Clients::iterator WorkerPool::next_client()
{
    for (auto turn = m_turns.begin(); turn != m_turns.end(); ++turn) {
        const auto client = m_clients.find(*turn);
        if (client->second.running >= m_most_for_one)
            continue;
        m_turns.erase(turn);
        if (client->second.tasks.size() > 1)
            m_turns.push_back(client->first);
        return client;
    }
    return m_clients.end();
}

void WorkerPool::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        std::function<void()> task;
        auto client = m_clients.end();
        m_wake.wait(lock, [&] {
            if (!m_continued.empty())
                return true;
            client = next_client();
            return client != m_clients.end() || m_ending;
        });
        if (!m_continued.empty()) {
            task = std::move(m_continued.front());
            m_continued.pop_front();
        } else if (client != m_clients.end()) {
            task = std::move(client->second.tasks.front());
            client->second.tasks.pop_front();
            ++client->second.running;
            --m_new;
        } else {
            return;  // what still waits for its turn is left to the threads that its client has
        }
        lock.unlock();
        task();
        task = nullptr;
        lock.lock();
        if (client != m_clients.end() && --client->second.running == 0 && client->second.tasks.empty())
            m_clients.erase(client);
    }
}

}  // namespace stadtgdi::http
