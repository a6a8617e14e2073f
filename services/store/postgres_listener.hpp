// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <set>
#include <string>

namespace stadtgdi::store {

/// Hears which tables of a city's PostgreSQL store change (LISTEN stadtgdi_changed; the store's triggers send
/// '<schema>.<table>'). No trigger tells of tables that are dropped, made or altered: these are asked for every other second.
/// Connects again by itself; after a gap everything counts as changed.
class PostgresListener {
public:
    explicit PostgresListener(std::string connection);
    ~PostgresListener();
    PostgresListener(PostgresListener&&) noexcept;

    struct News {
        bool everything = false;
        std::set<std::string> tables;  ///< "schema.table"
        bool gone = false;             ///< one that was there is not any more
    };
    /// Asks for this table, too. `there`: as it was when the project was read; where it is not so any more that is news.
    void watch(const std::string& schema, const std::string& table, bool there);
    /// Does not wait, but for a new connection.
    News take();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::store
