// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/database.hpp>

#include <layers/io/detail/postgis_database.hpp>
#include <layers/io/detail/sqlite_database.hpp>

namespace stadtgdi::io {
namespace {

/// In quotes; those inside are doubled.
std::string quoted(std::string_view text, char quote)
{
    std::string result(1, quote);
    for (const char c : text)
        result.append(c == quote ? 2U : 1U, c);
    return result + quote;
}

}  // namespace

std::unique_ptr<Database> Database::open(const std::string& path, Access access)
{
    if (is_postgis(path))
        return std::make_unique<detail::PostgisDatabase>(path, access);
    return std::make_unique<detail::SqliteDatabase>(path, access);
}

std::string sql_name(std::string_view name)
{
    return quoted(name, '"');
}

std::string sql_literal(std::string_view text)
{
    return quoted(text, '\'');
}

bool is_postgis(const std::string& path)
{
    return path.starts_with("PG:");
}

}  // namespace stadtgdi::io
