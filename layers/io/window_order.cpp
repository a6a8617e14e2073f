// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/window_order.hpp>

#include <sqlite3.h>

#include <memory>

namespace stadtgdi::io {

namespace {

using Connection = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
using Statement = std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)>;

Statement prepared(sqlite3* connection, const std::string& sql)
{
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(connection, sql.c_str(), -1, &statement, nullptr);
    return {statement, sqlite3_finalize};
}

std::string quoted(const std::string& name)
{
    std::string text = "\"";
    for (const char c : name)
        text += c == '"' ? std::string("\"\"") : std::string(1, c);
    return text + '"';
}

}  // namespace

WindowOrder window_order(const std::string& path, const std::string& layer)
{
    WindowOrder order;
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nullptr);
    const Connection connection(raw, sqlite3_close_v2);
    if (opened != SQLITE_OK)
        return order;
    sqlite3_busy_timeout(raw, 2000);
    const Statement about = prepared(raw, "SELECT g.column_name, c.min_x, c.min_y, c.max_x, c.max_y, c.table_name FROM gpkg_contents c JOIN gpkg_geometry_columns g "
                                          "ON g.table_name = c.table_name WHERE lower(c.table_name) = lower(?)");
    if (!about || sqlite3_bind_text(about.get(), 1, layer.c_str(), -1, SQLITE_TRANSIENT) != SQLITE_OK || sqlite3_step(about.get()) != SQLITE_ROW)
        return order;
    const auto text = [&](int column) { return std::string(reinterpret_cast<const char*>(sqlite3_column_text(about.get(), column))); };
    const Statement ids = prepared(raw, "SELECT id FROM " + quoted("rtree_" + text(5) + "_" + text(0)));
    while (ids && sqlite3_step(ids.get()) == SQLITE_ROW)
        order.ids.push_back(sqlite3_column_int64(ids.get(), 0));
    if (sqlite3_column_type(about.get(), 1) != SQLITE_NULL)
        order.extent = {sqlite3_column_double(about.get(), 1), sqlite3_column_double(about.get(), 2), sqlite3_column_double(about.get(), 3), sqlite3_column_double(about.get(), 4)};
    return order;
}

}  // namespace stadtgdi::io
