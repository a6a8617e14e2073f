// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::io {

/// SQL on a store, for the few small tables of our own making (a city's metadata); rows of layers go through Source
/// and Sink. A GeoPackage file or "PG:dbname=... schemas=name" (that schema comes first in the search path).
/// Not for several threads at once. SQL never comes from a client.
///     auto db = Database::open("city.gpkg", Database::Access::read);
///     for (const auto& row : db->query("SELECT name FROM stadtgdi_layer WHERE crs = $1", {"EPSG:25833"})) ...
class Database {
public:
    enum class Access { read, write, create };
    using Value = std::optional<std::string>;  ///< as text; none: null
    using Row = std::vector<Value>;

    /// create: makes the file where it is not there yet (PostGIS: the schema). Error(not_found), Error(bad_data), Error(io).
    static std::unique_ptr<Database> open(const std::string& path, Access access);
    virtual ~Database() = default;
    /// Statements without values, separated by semicolons.
    virtual void execute(const std::string& sql) = 0;
    /// One statement with values for $1, $2 ...
    virtual std::vector<Row> query(const std::string& sql, const std::vector<Value>& values = {}) = 0;
    virtual bool has_table(const std::string& name) = 0;
};

/// For SQL of our own making: a name in double quotes, a text in single quotes.
std::string sql_name(std::string_view name);
std::string sql_literal(std::string_view text);

/// The schema of "PG:... schemas=name", "public" where none is named.
std::string schema_of(const std::string& path);
bool is_postgis(const std::string& path);
/// The path for messages and logs: without the password of a connection.
std::string shown_path(const std::string& path);

}  // namespace stadtgdi::io
