// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/work_queue.hpp>

#include <algorithm>
#include <utility>

namespace stadtgdi::http {

WorkQueue::WorkQueue(std::function<void(Task)> run, int at_once, std::size_t max_waiting, int most_for_one)
    : m_run(std::move(run)), m_at_once(at_once), m_max_waiting(max_waiting), m_most_for_one(most_for_one > 0 ? most_for_one : std::max(1, at_once * 3 / 4))
{
}

WorkQueue::~WorkQueue()
{
    join();
}

WorkQueue::Admission WorkQueue::try_submit(const std::string& client, Task& task)
{
    const std::lock_guard lock(m_mutex);
    if (m_ending || m_new >= m_max_waiting)
        return Admission::refused;
    Client& queue = m_clients[client];
    if (queue.tasks.empty())
        m_turns.push_back(client);
    queue.tasks.push_back(std::move(task));
    ++m_new;
    task = next();   // nothing else waits for a free place
    return task ? Admission::now : Admission::waits;
}

void WorkQueue::submit(Task task)
{
    std::unique_lock lock(m_mutex);
    if (m_ending)
        return;
    m_continued.push_back(std::move(task));
    task = next();
    lock.unlock();
    if (task)
        m_run(std::move(task));
}

std::size_t WorkQueue::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_new + m_continued.size();
}

void WorkQueue::join()
{
    std::unique_lock lock(m_mutex);
    m_ending = true;
    m_idle.wait(lock, [this] { return m_running == 0; });   // what waits has a place or is taken by one that runs
}

/// The one whose turn it is among those that may have another place; its next turn comes after all others.
WorkQueue::Clients::iterator WorkQueue::next_client()
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

bool WorkQueue::take(Taken& taken)
{
    taken.client = m_clients.end();
    if (!m_continued.empty()) {
        taken.task = std::move(m_continued.front());
        m_continued.pop_front();
        return true;
    }
    taken.client = next_client();
    if (taken.client == m_clients.end())
        return false;
    taken.task = std::move(taken.client->second.tasks.front());
    taken.client->second.tasks.pop_front();
    ++taken.client->second.running;
    --m_new;
    return true;
}

/// What runs the next task, if there is a place and a task that may have it.
WorkQueue::Task WorkQueue::next()
{
    Taken taken;
    if (m_running == m_at_once || !take(taken))
        return nullptr;
    ++m_running;
    return [this, taken = std::move(taken)]() mutable { run(std::move(taken)); };
}

/// One task; the next one comes after what this thread has got to do for the answer.
void WorkQueue::run(Taken taken)
{
    taken.task();
    taken.task = nullptr;
    Task after;
    {
        const std::lock_guard lock(m_mutex);
        if (taken.client != m_clients.end() && --taken.client->second.running == 0 && taken.client->second.tasks.empty())
            m_clients.erase(taken.client);
        --m_running;
        after = next();
        if (m_running == 0)
            m_idle.notify_all();
    }
    if (after)
        m_run(std::move(after));
}

}  // namespace stadtgdi::http
