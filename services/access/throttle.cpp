// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/throttle.hpp>

namespace stadtgdi::access {

namespace {
constexpr std::chrono::minutes window{1};
constexpr std::size_t max_addresses = 10'000;
}

bool Throttle::blocked(const std::string& address, Clock::time_point now)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = m_entries.find(address);
    return entry != m_entries.end() && now - entry->second.begin < window && entry->second.failures >= m_max_failures;
}

void Throttle::failed(const std::string& address, Clock::time_point now)
{
    const std::lock_guard lock(m_mutex);
    if (m_entries.size() >= max_addresses)
        forget_old(now);
    Entry& entry = m_entries.try_emplace(address, Entry{now, 0}).first->second;
    if (now - entry.begin >= window)
        entry = {now, 0};
    ++entry.failures;
}

void Throttle::forget_old(Clock::time_point now)
{
    std::erase_if(m_entries, [&](const auto& item) { return now - item.second.begin >= window; });
    if (m_entries.size() >= max_addresses)
        m_entries.clear();   // an attack from ten thousand addresses: start anew rather than grow
}

}  // namespace stadtgdi::access
