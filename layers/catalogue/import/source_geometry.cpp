// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/catalogue/import/source_geometry.hpp>
#include <layers/catalogue/import/values.hpp>
#include <layers/crs/transform.hpp>
#include <layers/geometry/measure.hpp>
#include <layers/geometry/wkt.hpp>
#include <layers/statgrid/cell_code.hpp>
#include <layers/table/arrow.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::catalogue::detail {

using table::GeometryBuilder;
using table::GeometryColumn;
using table::GeometryKind;

namespace {

const table::Column& needed(const SourceRows& source, const std::string& name)
{
    if (const table::Column* column = source.column(name))
        return *column;
    throw Error(ErrorKind::bad_data, base::filled({"The source has no column '{0}', which holds the position.", "Der Quelle fehlt die Spalte „{0}“ mit der Lage."}, name));
}

// Calls read(text, builder) for each row; false: damaged.
template <class Read> SourceGeometry from_text(const SourceRows& source, const std::string& column_name, GeometryKind kind, const std::string& crs, Read read)
{
    const table::Column& column = needed(source, column_name);
    GeometryBuilder builder(kind, crs, true);
    SourceGeometry out;
    out.places.assign(source.rows(), Place::fine);
    std::string scratch;
    for (std::size_t row = 0; row < source.rows(); ++row) {
        const std::string_view text = source.text(&column, row, {}, scratch);
        if (!text.empty() && read(text, builder))
            continue;
        out.places[row] = text.empty() ? Place::missing : Place::damaged;
        builder.add_null();
    }
    out.column = std::move(builder).finish();
    return out;
}

SourceGeometry from_xy(const SourceRows& source, const GeometryRule& rule)
{
    const table::Column& xs = needed(source, rule.x);
    const table::Column& ys = needed(source, rule.y);
    GeometryBuilder builder(GeometryKind::point, rule.crs);
    SourceGeometry out;
    out.places.assign(source.rows(), Place::fine);
    std::string scratch_x, scratch_y;
    for (std::size_t row = 0; row < source.rows(); ++row) {
        const std::string_view x = source.text(&xs, row, {}, scratch_x), y = source.text(&ys, row, {}, scratch_y);
        const auto px = parse_measure(x), py = parse_measure(y);
        if (px && py && px->unit.empty() && py->unit.empty()) {
            builder.add_point(px->value, py->value);
            continue;
        }
        out.places[row] = x.empty() || y.empty() ? Place::missing : Place::damaged;
        builder.add_null();
    }
    out.column = std::move(builder).finish();
    return out;
}

bool add_cell(std::string_view code, GeometryBuilder& builder)
{
    const auto cell = statgrid::parse_cell_code(code);
    if (!cell)
        return false;
    const auto e = static_cast<double>(cell->e_m), n = static_cast<double>(cell->n_m), size = static_cast<double>(cell->size_m);
    builder.begin_row();
    builder.begin_ring();
    builder.add(e, n);
    builder.add(e + size, n);
    builder.add(e + size, n + size);
    builder.add(e, n + size);
    builder.add(e, n);
    return true;
}

GeometryKind widest(GeometryKind kind) { return table::multi_of(kind); }

SourceGeometry as_read(const SourceRows& source, const GeometryRule& rule, GeometryKind kind)
{
    switch (rule.from) {
    case GeometryFrom::xy: return from_xy(source, rule);
    case GeometryFrom::wkt:
        return from_text(source, rule.column, widest(kind), rule.crs, [&](std::string_view text, GeometryBuilder& to) { return geometry::add_wkt(to, widest(kind), text); });
    case GeometryFrom::wkb:
        return from_text(source, rule.column, widest(kind), rule.crs, [&](std::string_view text, GeometryBuilder& to) {
            const auto bytes = parse_hex(text);
            return bytes && table::add_wkb(to, widest(kind), *bytes);
        });
    case GeometryFrom::cell: return from_text(source, rule.column, GeometryKind::polygon, "EPSG:3035", add_cell);
    case GeometryFrom::geometry:
    case GeometryFrom::none: break;
    }
    if (!source.table().has_geometry())
        throw Error(ErrorKind::bad_data, {"The source has no geometry.", "Die Quelle hat keine Geometrie."});
    SourceGeometry out;
    out.column = source.table().geometry();
    if (!rule.crs.empty() && rule.crs != out.column.crs())
        out.column = out.column.with_coordinates(rule.crs, out.column.x_buffer(), out.column.y_buffer());
    out.places.assign(source.rows(), Place::fine);
    for (std::size_t row = 0; row < source.rows(); ++row)
        if (!out.column.valid(row) || out.column.part_count(row) == 0)
            out.places[row] = Place::missing;
    return out;
}

void add_coordinate(GeometryBuilder& builder, const GeometryColumn& from, std::size_t at)
{
    from.has_z() ? builder.add(from.x()[at], from.y()[at], from.z()[at]) : builder.add(from.x()[at], from.y()[at]);
}

// One point of each row.
void take_points(SourceGeometry& from, GeometryPart part)
{
    GeometryBuilder builder(GeometryKind::point, from.column.crs(), from.column.has_z());
    for (std::size_t row = 0; row < from.places.size(); ++row) {
        if (from.places[row] != Place::fine) {
            builder.add_null();
            continue;
        }
        const auto [first, last] = from.column.coordinates(row);
        if (part == GeometryPart::inside) {
            const geometry::Point point = geometry::point_on_surface(from.column, row);
            builder.add_point(point.x, point.y);
        } else {
            const std::size_t at = part == GeometryPart::start ? first : last - 1;
            builder.begin_row();
            add_coordinate(builder, from.column, at);
        }
    }
    from.column = std::move(builder).finish();
}

void take_single_parts(SourceGeometry& from, GeometryKind kind)
{
    GeometryBuilder builder(kind, from.column.crs(), from.column.has_z());
    const auto offsets = kind == GeometryKind::point ? std::span<const std::int32_t>{} : from.column.ring_offsets();
    for (std::size_t row = 0; row < from.places.size(); ++row) {
        if (from.places[row] == Place::fine && from.column.part_count(row) > 1)
            from.places[row] = Place::several_parts;
        if (from.places[row] != Place::fine) {
            builder.add_null();
            continue;
        }
        const auto copy = [&](std::size_t first, std::size_t last) {
            for (std::size_t i = first; i < last; ++i)
                add_coordinate(builder, from.column, i);
        };
        builder.begin_row();
        if (kind != GeometryKind::polygon) {
            const auto [first, last] = from.column.coordinates(row);
            copy(first, last);
            continue;
        }
        const auto [first, last] = from.column.rings(row);
        for (std::size_t ring = first; ring < last; ++ring) {
            builder.begin_ring();
            copy(static_cast<std::size_t>(offsets[ring]), static_cast<std::size_t>(offsets[ring + 1]));
        }
    }
    from.column = std::move(builder).finish();
}

void to_kind(SourceGeometry& geometry, GeometryPart part, GeometryKind kind)
{
    const GeometryKind found = geometry.column.kind();
    if (kind == GeometryKind::point && table::single_of(found) != GeometryKind::point)
        return take_points(geometry, part == GeometryPart::whole ? GeometryPart::inside : part);
    if (table::single_of(found) != table::single_of(kind))
        throw Error(ErrorKind::bad_data, base::filled({"The source has geometries of the kind {0}, the layer needs {1}.", "Die Quelle hat Geometrien der Art {0}, die Ebene braucht {1}."},
                                                      table::name_of(found), table::name_of(kind)));
    if (!table::is_multi(found) && table::is_multi(kind))
        geometry.column = geometry.column.as_multi();
    else if (table::is_multi(found) && !table::is_multi(kind))
        take_single_parts(geometry, kind);
}

// Rows that cannot be shown in the target CRS say so, and those that are far from the earth in any unit.
void mark_outside(SourceGeometry& geometry)
{
    constexpr double farthest = 1e9;
    const auto on_earth = [&](double value) { return std::abs(value) < farthest; };  // false for NaN, too
    for (std::size_t row = 0; row < geometry.places.size(); ++row) {
        if (geometry.places[row] != Place::fine)
            continue;
        const auto [first, last] = geometry.column.coordinates(row);
        for (std::size_t i = first; i < last; ++i)
            if (!on_earth(geometry.column.x()[i]) || !on_earth(geometry.column.y()[i])) {
                geometry.places[row] = Place::outside;
                break;
            }
    }
}

// Programs write a z of 0 where they know no height: a source that has no other has none.
bool has_heights(const GeometryColumn& column)
{
    return std::ranges::any_of(column.z(), [](double height) { return std::isfinite(height) && height != 0; });
}

GeometryColumn moved(const GeometryColumn& column, double dx, double dy)
{
    std::vector<double> x(column.x().begin(), column.x().end()), y(column.y().begin(), column.y().end());
    for (double& value : x)
        value += dx;
    for (double& value : y)
        value += dy;
    return column.with_coordinates(column.crs(), std::move(x), std::move(y));
}

}  // namespace

SourceGeometry read_geometry(const SourceRows& source, const GeometryRule& rule, const GeometryTarget& target, base::RunContext& run)
{
    SourceGeometry geometry = as_read(source, rule, target.kind);
    geometry.column = geometry.column.with_z(has_heights(geometry.column));
    to_kind(geometry, rule.part, target.kind);
    if (geometry.column.crs().empty())
        throw Error(ErrorKind::bad_data, {"The source does not say in which CRS its coordinates are; name it in the mapping (geometry.crs).",
                                          "Die Quelle nennt das Koordinatenreferenzsystem nicht; bitte in der Importabbildung angeben (geometry.crs)."});
    if (target.shift_x_m != 0 || target.shift_y_m != 0) {
        geometry.column = crs::transformed(geometry.column, target.city_crs, run);
        geometry.column = moved(geometry.column, target.shift_x_m, target.shift_y_m);
    }
    geometry.column = crs::transformed(geometry.column, target.crs, run);
    mark_outside(geometry);
    return geometry;
}

}  // namespace stadtgdi::catalogue::detail
