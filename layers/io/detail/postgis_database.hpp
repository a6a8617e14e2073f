// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/io/database.hpp>
#include <libpq-fe.h>
#include <memory>
#include <string_view>

namespace stadtgdi::io::detail {

class PostgisDatabase final : public Database {
public:
    /// create: makes the schema, and the extension postgis where it is missing.
    /// `in_transaction`: what is made and written from here on is seen by others with the COMMIT, even a new schema.
    PostgisDatabase(const std::string& path, Access access, bool in_transaction = false);
    void execute(const std::string& sql) override;
    std::vector<Row> query(const std::string& sql, const std::vector<Value>& values) override;
    bool has_table(const std::string& name) override;

    const std::string& schema() const { return m_schema; }
    /// COPY ... FROM STDIN: begin by `sql`, then any number of pieces, then the end.
    void begin_copy(const std::string& sql);
    void copy(std::string_view rows);
    void end_copy();

private:
    struct Close {
        void operator()(PGconn* connection) const { PQfinish(connection); }
    };
    [[noreturn]] void fail(const char* state) const;

    std::string m_schema;
    std::unique_ptr<PGconn, Close> m_connection;
};

}  // namespace stadtgdi::io::detail
