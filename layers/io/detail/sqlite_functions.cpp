// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/sqlite_database.hpp>

#include <array>
#include <cmath>
#include <cstring>
#include <layers/table/arrow.hpp>

namespace stadtgdi::io::detail {
namespace {

using table::Box;

template <class T> T read(const unsigned char* bytes, bool little)
{
    std::array<unsigned char, sizeof(T)> raw;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        raw[i] = little ? bytes[i] : bytes[sizeof(T) - 1 - i];
    T value;
    std::memcpy(&value, raw.data(), sizeof(T));
    return value;
}

/// The box of a GeoPackage geometry (header, envelope or the WKB behind it); empty for empty and damaged ones.
Box box_of(const unsigned char* bytes, std::size_t size)
{
    Box box = Box::none();
    if (!bytes || size < 8 || bytes[0] != 'G' || bytes[1] != 'P')
        return box;
    const unsigned char flags = bytes[3];
    const bool little = (flags & 1) != 0;
    const unsigned envelope = (flags >> 1) & 7;
    if (flags & 0x10)
        return box;
    constexpr std::array<std::size_t, 5> lengths{0, 32, 48, 48, 64};
    if (envelope >= lengths.size() || size < 8 + lengths[envelope])
        return box;
    if (envelope > 0)
        return {read<double>(bytes + 8, little), read<double>(bytes + 24, little), read<double>(bytes + 16, little), read<double>(bytes + 32, little)};
    const std::span<const std::uint8_t> wkb(bytes + 8, size - 8);
    if (wkb.size() < 5)
        return box;
    using table::GeometryKind;
    constexpr std::array kinds{GeometryKind::point,       GeometryKind::point,       GeometryKind::line,
                               GeometryKind::polygon,     GeometryKind::multi_point, GeometryKind::multi_line,
                               GeometryKind::multi_polygon};
    const auto code = read<std::uint32_t>(wkb.data() + 1, wkb[0] == 1) % 1000;
    if (code == 0 || code >= kinds.size())
        return box;
    table::GeometryBuilder builder(table::multi_of(kinds[code]), "");
    if (!table::add_wkb(builder, table::multi_of(kinds[code]), wkb))
        return box;
    return std::move(builder).finish().box(0);
}

Box box_of(sqlite3_value* value)
{
    if (sqlite3_value_type(value) != SQLITE_BLOB)
        return Box::none();
    return box_of(static_cast<const unsigned char*>(sqlite3_value_blob(value)), static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

template <double Box::*Side> void side(sqlite3_context* context, int, sqlite3_value** values)
{
    const Box box = box_of(values[0]);
    if (box.empty())
        sqlite3_result_null(context);
    else
        sqlite3_result_double(context, box.*Side);
}

void is_empty(sqlite3_context* context, int, sqlite3_value** values)
{
    if (sqlite3_value_type(values[0]) != SQLITE_BLOB)
        sqlite3_result_null(context);
    else
        sqlite3_result_int(context, box_of(values[0]).empty() ? 1 : 0);
}

}  // namespace

void add_geopackage_functions(sqlite3* connection)
{
    const auto add = [&](const char* name, void (*function)(sqlite3_context*, int, sqlite3_value**)) {
        sqlite3_create_function(connection, name, 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, function, nullptr, nullptr);
    };
    add("ST_MinX", &side<&Box::xmin>);
    add("ST_MinY", &side<&Box::ymin>);
    add("ST_MaxX", &side<&Box::xmax>);
    add("ST_MaxY", &side<&Box::ymax>);
    add("ST_IsEmpty", &is_empty);
}

}  // namespace stadtgdi::io::detail
