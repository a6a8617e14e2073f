// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/row_loader.hpp>

#include <layers/base/error.hpp>

namespace stadtgdi::store {

RowLoader::RowLoader() : m_thread([this](const std::stop_token& stop) { work(stop); }) {}

RowLoader::~RowLoader() = default;  // the thread is stopped and waited for

void RowLoader::load(Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.push_back(std::move(work));
    }
    m_wake.notify_one();
}

void RowLoader::request_stop()
{
    m_thread.request_stop();
}

bool RowLoader::finished() const
{
    const std::lock_guard lock(m_mutex);
    return m_finished;
}

void RowLoader::work(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        Work next;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_waiting.empty(); }))
                break;
            next = std::move(m_waiting.front());
            m_waiting.pop_front();
        }
        base::RunContext run(0, stop);
        next(run);
    }
    std::deque<Work> dropped;  // destroyed without the lock: the last owner of a project may be among them
    const std::lock_guard lock(m_mutex);
    dropped.swap(m_waiting);
    m_finished = true;
}

}  // namespace stadtgdi::store
