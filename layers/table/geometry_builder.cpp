// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/table/geometry_column.hpp>
#include <limits>

namespace stadtgdi::table {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::int32_t offset(std::size_t count)
{
    if (count > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()))
        throw Error(ErrorKind::unsupported, {"A geometry column can hold no more than 2,147,483,647 coordinates; split the layer.",
                                             "Eine Geometriespalte fasst höchstens 2.147.483.647 Koordinaten; bitte den Layer teilen."});
    return static_cast<std::int32_t>(count);
}

[[noreturn]] void misuse(const char* en, const char* de) { throw Error(ErrorKind::internal, {en, de}); }

}  // namespace

GeometryBuilder::GeometryBuilder(GeometryKind kind, std::string crs, bool with_z) : m_kind(kind), m_crs(std::move(crs)), m_with_z(with_z) {}

void GeometryBuilder::mark(bool valid)
{
    if (!valid && m_nulls++ == 0) m_valid.assign(m_rows, true);
    if (m_nulls > 0) m_valid.push_back(valid);
}

void GeometryBuilder::fill_points()
{
    // A point row that was begun but got no coordinate is an empty point.
    if (m_x.size() < m_rows) add(nan, nan, nan);
    if (m_x.size() != m_rows) misuse("A point row got more than one coordinate.", "Eine Punktzeile bekam mehr als eine Koordinate.");
}

void GeometryBuilder::begin_row()
{
    if (m_kind == GeometryKind::point)
        fill_points();
    else
        m_starts[0].push_back(offset(level_count(m_kind) == 1 ? m_x.size() : m_starts[1].size()));
    mark(true);
    ++m_rows;
}

void GeometryBuilder::begin_part()
{
    if (m_kind != GeometryKind::multi_polygon) misuse("Only multi polygons have parts.", "Nur Multipolygone haben Teile.");
    m_starts[1].push_back(offset(m_starts[2].size()));
}

void GeometryBuilder::begin_ring()
{
    const int levels = level_count(m_kind);
    if (levels < 2) misuse("Only lines and polygons have rings.", "Nur Linien und Polygone haben Ringe.");
    m_starts[static_cast<std::size_t>(levels - 1)].push_back(offset(m_x.size()));
}

void GeometryBuilder::add_null()
{
    if (m_kind == GeometryKind::point)
        fill_points();
    else
        m_starts[0].push_back(offset(level_count(m_kind) == 1 ? m_x.size() : m_starts[1].size()));
    mark(false);
    ++m_rows;
    if (m_kind == GeometryKind::point) add(nan, nan, nan);
}

void GeometryBuilder::add_row(const GeometryColumn& from, std::size_t row)
{
    if (from.kind() != m_kind && from.kind() != single_of(m_kind))
        throw Error(ErrorKind::internal, base::filled({"A {0} cannot be added to a column of {1}.", "Eine Geometrie der Art {0} passt nicht in eine Spalte der Art {1}."},
                                                      name_of(from.kind()), name_of(m_kind)));
    if (!from.valid(row)) {
        add_null();
        return;
    }
    begin_row();
    if (from.part_count(row) == 0) return;
    const auto copy = [&](std::size_t first, std::size_t last) {
        m_x.insert(m_x.end(), from.x().begin() + static_cast<std::ptrdiff_t>(first), from.x().begin() + static_cast<std::ptrdiff_t>(last));
        m_y.insert(m_y.end(), from.y().begin() + static_cast<std::ptrdiff_t>(first), from.y().begin() + static_cast<std::ptrdiff_t>(last));
        if (!m_with_z) return;
        if (from.has_z())
            m_z.insert(m_z.end(), from.z().begin() + static_cast<std::ptrdiff_t>(first), from.z().begin() + static_cast<std::ptrdiff_t>(last));
        else
            m_z.resize(m_x.size(), nan);
    };
    if (level_count(m_kind) < 2) {
        const auto [first, last] = from.coordinates(row);
        copy(first, last);
        return;
    }
    if (from.level_count() < 2) {  // line into multi line
        const auto [first, last] = from.coordinates(row);
        begin_ring();
        copy(first, last);
        return;
    }
    const auto copy_rings = [&](std::size_t first, std::size_t last) {
        const auto offsets = from.ring_offsets();
        for (std::size_t ring = first; ring < last; ++ring) {
            begin_ring();
            copy(static_cast<std::size_t>(offsets[ring]), static_cast<std::size_t>(offsets[ring + 1]));
        }
    };
    if (from.kind() != GeometryKind::multi_polygon) {
        const auto [first, last] = from.rings(row);
        if (m_kind == GeometryKind::multi_polygon) begin_part();
        copy_rings(first, last);
        return;
    }
    const auto parts = from.level(0), rings = from.level(1);
    for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part) {
        begin_part();
        copy_rings(static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1]));
    }
}

void GeometryBuilder::reserve(std::size_t rows, std::size_t coordinates)
{
    m_x.reserve(coordinates);
    m_y.reserve(coordinates);
    if (m_with_z) m_z.reserve(coordinates);
    for (int depth = 0; depth < level_count(m_kind); ++depth) m_starts[static_cast<std::size_t>(depth)].reserve(rows + 1);
}

GeometryColumn GeometryBuilder::finish() &&
{
    if (m_kind == GeometryKind::point) fill_points();
    std::vector<Buffer<std::int32_t>> levels;
    const auto count = static_cast<std::size_t>(level_count(m_kind));
    for (std::size_t depth = 0; depth < count; ++depth) {
        // Closed from the row inwards: the level below has not got its own end yet, so nothing is counted twice.
        m_starts[depth].push_back(offset(depth + 1 < count ? m_starts[depth + 1].size() : m_x.size()));
        levels.emplace_back(std::move(m_starts[depth]));
    }
    Validity validity = m_nulls > 0 ? Validity::of(m_valid) : Validity();
    return {m_kind, std::move(m_crs), std::move(m_x), std::move(m_y), std::move(levels), std::move(validity), std::move(m_z)};
}

}  // namespace stadtgdi::table
