// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/map_turns.hpp>

namespace stadtgdi::server {

std::shared_ptr<void> MapTurns::take(const std::string& address, base::RunContext& run)
{
    {
        std::unique_lock lock(m_mutex);
        m_wake.wait(lock, run.stop(), [&] {
            const auto found = m_drawing.find(address);
            return found == m_drawing.end() || found->second < m_most_for_one;
        });
        run.throw_if_stopped();
        ++m_drawing[address];
    }
    return {this, [address](MapTurns* turns) { turns->give_back(address); }};
}

void MapTurns::give_back(const std::string& address)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_drawing.find(address);
        if (--found->second == 0)
            m_drawing.erase(found);
    }
    m_wake.notify_all();
}

}  // namespace stadtgdi::server
