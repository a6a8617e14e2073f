// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <memory>
#include <set>
#include <string>

namespace stadtgdi::store {

/// Hears which tables of a city's PostgreSQL store change (LISTEN stadtgdi_changed; the store's triggers send
/// '<schema>.<table>'). Connects again by itself; after a gap everything counts as changed.
class PostgresListener {
public:
    explicit PostgresListener(std::string connection);
    ~PostgresListener();
    PostgresListener(PostgresListener&&) noexcept;

    struct News {
        bool everything = false;
        std::set<std::string> tables;  ///< "schema.table"
    };
    /// Does not wait.
    News take();

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::store
