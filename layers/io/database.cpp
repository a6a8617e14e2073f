// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/database.hpp>

#include <layers/io/detail/postgis_database.hpp>
#include <layers/io/detail/sqlite_database.hpp>

namespace stadtgdi::io {

std::unique_ptr<Database> Database::open(const std::string& path, Access access)
{
    if (is_postgis(path))
        return std::make_unique<detail::PostgisDatabase>(path, access);
    return std::make_unique<detail::SqliteDatabase>(path, access);
}

bool is_postgis(const std::string& path)
{
    return path.starts_with("PG:");
}

}  // namespace stadtgdi::io
