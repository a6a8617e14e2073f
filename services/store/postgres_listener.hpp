// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <set>
#include <string>

namespace stadtgdi::store {

/// Hears which tables of a city's PostgreSQL store change (LISTEN stadtgdi_changed; the store's triggers send
/// '<schema>.<table>'). No trigger tells of tables that are dropped, made or altered: these are asked for every other second.
/// Of other tables PostgreSQL's own counts of rows written are asked for then (from version 15 on; a session may hold back
/// what it wrote for ten seconds). Connects again by itself; after a gap everything counts as changed.
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
    /// Whether writes to a table are counted; call it after the last watch(). Waits for the data base, the first time. From then on the
    /// counts of this table are news.
    bool counts(const std::string& schema, const std::string& table);
    /// Does not wait, but for a new connection.
    News take();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::store
