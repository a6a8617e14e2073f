// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/worker_pool.hpp>

#include <utility>

namespace stadtgdi::http {

WorkerPool::WorkerPool(int threads, std::size_t max_waiting) : m_max_waiting(max_waiting)
{
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { work(); });
}

WorkerPool::~WorkerPool()
{
    join();
}

bool WorkerPool::try_submit(std::function<void()> task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending || m_new.size() >= m_max_waiting)
            return false;
        m_new.push_back(std::move(task));
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
    return m_new.size() + m_continued.size();
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

void WorkerPool::work()
{
    for (;;) {
        std::function<void()> task;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, [this] { return m_ending || !m_new.empty() || !m_continued.empty(); });
            auto& queue = m_continued.empty() ? m_new : m_continued;
            if (queue.empty())
                return;
            task = std::move(queue.front());
            queue.pop_front();
        }
        task();
    }
}

}  // namespace stadtgdi::http
