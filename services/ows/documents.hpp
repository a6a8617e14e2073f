// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace stadtgdi::ows {

/// The last capabilities made. Their keys name the version of the project, so entries never have to be taken out.
class Documents {
public:
    std::shared_ptr<const std::string> find(const std::string& key)
    {
        const std::lock_guard lock(m_mutex);
        for (auto entry = m_entries.begin(); entry != m_entries.end(); ++entry)
            if (entry->first == key) {
                m_entries.splice(m_entries.begin(), m_entries, entry);
                return entry->second;
            }
        return nullptr;
    }
    void keep(std::string key, std::shared_ptr<const std::string> document)
    {
        const std::lock_guard lock(m_mutex);
        m_entries.emplace_front(std::move(key), std::move(document));
        if (m_entries.size() > 64)
            m_entries.pop_back();
    }

private:
    std::mutex m_mutex;
    std::list<std::pair<std::string, std::shared_ptr<const std::string>>> m_entries;  // shared with answers under way
};

}  // namespace stadtgdi::ows
