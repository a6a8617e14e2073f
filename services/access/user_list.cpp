// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/user_list.hpp>

#include <services/access/digest.hpp>
#include <services/access/password.hpp>

#include <algorithm>
#include <thread>

namespace stadtgdi::access {

namespace {

constexpr std::chrono::seconds remembered_for{60};
constexpr std::size_t max_remembered = 1000;
constexpr int max_waiting_checks = 8;

}  // namespace

UserList::UserList(std::vector<User> users)
    : m_users(std::move(users)), m_secret(random_bytes(32)), m_most_at_once(std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2))
{
}

int UserList::checks() const
{
    const std::lock_guard lock(m_mutex);
    return m_checks;
}

UserList::Found UserList::find(const std::string& name, const std::string& password, Clock::time_point now)
{
    if (m_users.empty())
        return {};
    const std::string digest = keyed_digest(m_secret, std::to_string(name.size()) + ":" + name + password);
    std::unique_lock lock(m_mutex);
    if (const auto known = m_remembered.find(digest); known != m_remembered.end() && now < known->second.until)
        return {known->second.user};
    // A map asks for many pictures at once: one of its requests does the work for all.
    if (const auto running = m_running.find(digest); running != m_running.end()) {
        const std::shared_ptr<Check> check = running->second;
        m_changed.wait(lock, [&] { return check->done; });
        return {check->user};
    }
    if (m_working >= m_most_at_once && m_waiting >= max_waiting_checks)
        return {nullptr, true};
    const auto check = std::make_shared<Check>();
    m_running[digest] = check;
    ++m_waiting;
    m_changed.wait(lock, [&] { return m_working < m_most_at_once; });
    --m_waiting;
    ++m_working;
    ++m_checks;
    lock.unlock();
    const User* user = nullptr;
    try {
        user = checked(name, password);
    } catch (const std::bad_alloc&) {
        // not known, then; nobody may wait for this for ever
    }
    lock.lock();
    --m_working;
    check->done = true;
    check->user = user;
    m_running.erase(digest);
    if (user != nullptr)
        remember(digest, *user, now);
    m_changed.notify_all();
    return {user};
}

/// A name that is not there is checked against somebody's hash, always the same one, and does not fit.
const User* UserList::checked(const std::string& name, const std::string& password) const
{
    const auto found = std::find_if(m_users.begin(), m_users.end(), [&](const User& user) { return user.name == name; });
    const std::size_t other = static_cast<unsigned char>(keyed_digest(m_secret, name).front()) % m_users.size();
    const User& user = found != m_users.end() ? *found : m_users[other];
    const bool fits = fits_password(password, user.bcrypt);
    return fits && found != m_users.end() ? &user : nullptr;
}

void UserList::remember(const std::string& digest, const User& user, Clock::time_point now)
{
    if (m_remembered.size() >= max_remembered)
        std::erase_if(m_remembered, [now](const auto& item) { return now >= item.second.until; });
    if (m_remembered.size() >= max_remembered)
        m_remembered.clear();
    m_remembered[digest] = {&user, now + remembered_for};
}

}  // namespace stadtgdi::access
