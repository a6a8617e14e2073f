// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace stadtgdi::access {

/// Finds users by name and password. bcrypt is meant to be slow, so little of it is done at the same time, and what was right is
/// remembered for a minute, by a digest under a secret that only this process has. An unknown name takes as long as a known one. Any thread.
class UserList {
public:
    using Clock = std::chrono::steady_clock;
    struct Found {
        const User* user = nullptr;
        bool busy = false;          ///< too many wait already: not looked at
    };

    explicit UserList(std::vector<User> users);
    bool empty() const { return m_users.empty(); }
    Found find(const std::string& name, const std::string& password, Clock::time_point now = Clock::now());
    /// How many times a password was worked on so far.
    int checks() const;

private:
    struct Check {
        bool done = false;
        const User* user = nullptr;
    };
    struct Remembered {
        const User* user;
        Clock::time_point until;
    };
    const User* checked(const std::string& name, const std::string& password) const;
    void remember(const std::string& digest, const User& user, Clock::time_point now);

    std::vector<User> m_users;
    std::string m_secret;
    int m_most_at_once;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    int m_working = 0, m_waiting = 0, m_checks = 0;
    std::map<std::string, std::shared_ptr<Check>> m_running;   // by digest; shared by those who ask for the same
    std::map<std::string, Remembered> m_remembered;            // by digest
};

}  // namespace stadtgdi::access
