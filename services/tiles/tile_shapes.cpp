// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/tile_shapes.hpp>

#include <layers/base/error.hpp>
#include <layers/geometry/box_filter.hpp>
#include <layers/geometry/overlay.hpp>

#include <algorithm>
#include <cmath>

namespace stadtgdi::tiles {

namespace {

using table::Box;
using table::GeometryColumn;
using table::GeometryKind;

struct UnitPoint {
    double x, y;
};
using UnitLine = std::vector<UnitPoint>;
using Ring = std::vector<TilePoint>;

constexpr double tolerance = 0.5;  // units
constexpr Box kept{-tile_buffer, -tile_buffer, tile_extent + tile_buffer, tile_extent + tile_buffer};

/// From the CRS to the units of a tile.
struct ToUnits {
    double left, top, x_scale, y_scale;
    explicit ToUnits(const Box& tile) : left(tile.xmin), top(tile.ymax), x_scale(tile_extent / (tile.xmax - tile.xmin)), y_scale(tile_extent / (tile.ymin - tile.ymax)) {}
    UnitPoint operator()(double x, double y) const { return {(x - left) * x_scale, (y - top) * y_scale}; }
};

UnitLine units_of(const GeometryColumn& geometry, std::size_t first, std::size_t last, const ToUnits& to_units)
{
    UnitLine line;
    line.reserve(last - first);
    for (std::size_t i = first; i < last; ++i)
        line.push_back(to_units(geometry.x()[i], geometry.y()[i]));
    return line;
}

TilePoint rounded(const UnitPoint& p) { return {static_cast<std::int32_t>(std::lround(p.x)), static_cast<std::int32_t>(std::lround(p.y))}; }

double squared_distance(const UnitPoint& p, const UnitPoint& a, const UnitPoint& b)
{
    const double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
    const double t = length > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0.0, 1.0) : 0.0;
    const double ex = p.x - a.x - t * dx, ey = p.y - a.y - t * dy;
    return ex * ex + ey * ey;
}

/// Marks the points that are needed between two that are (Douglas and Peucker).
void mark_needed(const UnitLine& line, std::size_t first, std::size_t last, std::vector<std::uint8_t>& needed)
{
    std::vector<std::pair<std::size_t, std::size_t>> open{{first, last}};
    while (!open.empty()) {
        const auto [begin, end] = open.back();
        open.pop_back();
        double farthest = tolerance * tolerance;
        std::size_t found = begin;
        for (std::size_t i = begin + 1; i < end; ++i)
            if (const double distance = squared_distance(line[i], line[begin], line[end]); distance > farthest) {
                farthest = distance;
                found = i;
            }
        if (found == begin)
            continue;
        needed[found] = 1;
        open.emplace_back(begin, found);
        open.emplace_back(found, end);
    }
}

Ring simplified(const UnitLine& line, const std::vector<std::uint8_t>& needed)
{
    Ring points;
    for (std::size_t i = 0; i < line.size(); ++i)
        if (needed[i] != 0)
            if (const TilePoint p = rounded(line[i]); points.empty() || points.back() != p)
                points.push_back(p);
    return points;
}

std::vector<TilePoint> simplified_line(const UnitLine& line)
{
    std::vector<std::uint8_t> needed(line.size());
    needed.front() = needed.back() = 1;
    mark_needed(line, 0, line.size() - 1, needed);
    return simplified(line, needed);
}

/// Of a closed line, without the closing point; empty where it has no area.
Ring simplified_ring(const UnitLine& line)
{
    if (line.size() < 4)
        return {};
    std::size_t opposite = 0;
    double farthest = -1;
    for (std::size_t i = 1; i + 1 < line.size(); ++i)
        if (const double distance = std::hypot(line[i].x - line[0].x, line[i].y - line[0].y); distance > farthest) {
            farthest = distance;
            opposite = i;
        }
    std::vector<std::uint8_t> needed(line.size());
    needed.front() = needed.back() = needed[opposite] = 1;
    mark_needed(line, 0, opposite, needed);
    mark_needed(line, opposite, line.size() - 1, needed);
    Ring ring = simplified(line, needed);
    while (ring.size() > 1 && ring.front() == ring.back())
        ring.pop_back();
    if (ring.size() < 3 || doubled_area(ring) == 0)
        return {};
    return ring;
}

std::int64_t turn(const TilePoint& a, const TilePoint& b, const TilePoint& c)
{
    return (std::int64_t{b.x} - a.x) * (std::int64_t{c.y} - a.y) - (std::int64_t{b.y} - a.y) * (std::int64_t{c.x} - a.x);
}

bool within(const TilePoint& p, const TilePoint& a, const TilePoint& b)
{
    return p.x >= std::min(a.x, b.x) && p.x <= std::max(a.x, b.x) && p.y >= std::min(a.y, b.y) && p.y <= std::max(a.y, b.y);
}

int sign(std::int64_t value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

bool segments_touch(const TilePoint& a, const TilePoint& b, const TilePoint& c, const TilePoint& d)
{
    const int abc = sign(turn(a, b, c)), abd = sign(turn(a, b, d)), cda = sign(turn(c, d, a)), cdb = sign(turn(c, d, b));
    if (abc != abd && cda != cdb)
        return true;
    return (abc == 0 && within(c, a, b)) || (abd == 0 && within(d, a, b)) || (cda == 0 && within(a, c, d)) || (cdb == 0 && within(b, c, d));
}

/// Whether a ring of few points crosses or touches itself nowhere.
bool is_simple(const Ring& ring)
{
    const std::size_t n = ring.size();
    for (std::size_t i = 0; i < n; ++i) {
        const TilePoint &a = ring[i], &b = ring[(i + 1) % n], &c = ring[(i + 2) % n];
        if (turn(a, b, c) == 0 && (within(c, a, b) || within(a, b, c)))
            return false;  // there and back
        for (std::size_t j = i + 2; j < n; ++j)
            if ((i != 0 || j != n - 1) && segments_touch(a, b, ring[j], ring[(j + 1) % n]))
                return false;
    }
    return true;
}

void wind(Ring& ring, bool shell)
{
    if ((doubled_area(ring) > 0) != shell)
        std::reverse(ring.begin(), ring.end());
}

void add_ring(TileShape& shape, Ring ring, bool shell)
{
    wind(ring, shell);
    shape.size += 0.5 * static_cast<double>(doubled_area(ring));
    shape.parts.push_back(std::move(ring));
}

using Polygons = std::vector<std::vector<UnitLine>>;  // shells with their holes

/// The polygons of a row, in units.
Polygons polygons_of(const GeometryColumn& geometry, std::size_t row, const ToUnits& to_units)
{
    Polygons polygons;
    const auto rings = geometry.ring_offsets();
    const auto add = [&](std::size_t first, std::size_t last) {
        std::vector<UnitLine> polygon;
        for (std::size_t ring = first; ring < last; ++ring)
            polygon.push_back(units_of(geometry, static_cast<std::size_t>(rings[ring]), static_cast<std::size_t>(rings[ring + 1]), to_units));
        if (!polygon.empty())
            polygons.push_back(std::move(polygon));
    };
    if (geometry.kind() == GeometryKind::multi_polygon) {
        const auto parts = geometry.level(0), starts = geometry.level(1);
        for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part)
            add(static_cast<std::size_t>(starts[part]), static_cast<std::size_t>(starts[part + 1]));
    } else {
        const auto [first, last] = geometry.rings(row);
        add(first, last);
    }
    return polygons;
}

GeometryColumn column_of(const Polygons& polygons)
{
    table::GeometryBuilder builder(GeometryKind::multi_polygon, "");
    builder.begin_row();
    for (const std::vector<UnitLine>& polygon : polygons) {
        builder.begin_part();
        for (const UnitLine& ring : polygon) {
            builder.begin_ring();
            for (const UnitPoint& p : ring)
                builder.add(p.x, p.y);
        }
    }
    return std::move(builder).finish();
}

/// Of what GEOS gave, which is in units already.
const ToUnits in_units(Box{0, tile_extent, tile_extent, 0});

/// Simplified and rounded; a polygon is its shell and its holes, which may cross each other now.
std::vector<std::vector<Ring>> simplified_polygons(const Polygons& polygons)
{
    std::vector<std::vector<Ring>> all;
    for (const std::vector<UnitLine>& polygon : polygons) {
        std::vector<Ring> rings;
        for (const UnitLine& line : polygon) {
            Ring ring = simplified_ring(line);
            if (!ring.empty())
                rings.push_back(std::move(ring));
            else if (rings.empty())
                break;  // holes go with their shell
        }
        if (!rings.empty())
            all.push_back(std::move(rings));
    }
    return all;
}

Polygons closed(const std::vector<std::vector<Ring>>& polygons)
{
    Polygons result;
    for (const std::vector<Ring>& polygon : polygons) {
        result.emplace_back();
        for (const Ring& ring : polygon) {
            UnitLine line;
            for (const TilePoint& p : ring)
                line.push_back({static_cast<double>(p.x), static_cast<double>(p.y)});
            line.push_back(line.front());
            result.back().push_back(std::move(line));
        }
    }
    return result;
}

void add_polygons(TileShape& shape, const GeometryColumn& geometry, std::size_t row, const ToUnits& to_units, const Box& units, base::RunContext& run)
{
    Polygons polygons = polygons_of(geometry, row, to_units);
    if (units.xmin < kept.xmin || units.ymin < kept.ymin || units.xmax > kept.xmax || units.ymax > kept.ymax) {
        const GeometryColumn cut = geometry::clipped(column_of(polygons), kept, run);
        polygons = polygons_of(cut, 0, in_units);
    }
    std::vector<std::vector<Ring>> rings = simplified_polygons(polygons);
    constexpr std::size_t few = 64;  // points that are compared with each other
    const bool simple = rings.empty() || (rings.size() == 1 && rings[0].size() == 1 && rings[0][0].size() <= few && is_simple(rings[0][0]));
    if (!simple) {
        const GeometryColumn valid = geometry::on_grid(column_of(closed(rings)), 1.0, run);
        rings.clear();
        for (const std::vector<UnitLine>& polygon : polygons_of(valid, 0, in_units)) {
            rings.emplace_back();
            for (const UnitLine& line : polygon) {
                Ring ring;
                for (std::size_t i = 0; i + 1 < line.size(); ++i)
                    ring.push_back(rounded(line[i]));
                rings.back().push_back(std::move(ring));
            }
        }
    }
    for (std::vector<Ring>& polygon : rings)
        for (std::size_t i = 0; i < polygon.size(); ++i)
            add_ring(shape, std::move(polygon[i]), i == 0);
}

/// The pieces of a line inside of what is kept.
std::vector<UnitLine> clipped_line(const UnitLine& line)
{
    std::vector<UnitLine> pieces;
    bool open = false;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const UnitPoint &a = line[i], &b = line[i + 1];
        const auto share = geometry::share_within(a.x, a.y, b.x, b.y, kept);
        if (!share) {
            open = false;
            continue;
        }
        const auto [enter, leave] = *share;
        const double dx = b.x - a.x, dy = b.y - a.y;
        if (!open || enter > 0)
            pieces.push_back({{a.x + enter * dx, a.y + enter * dy}});
        pieces.back().push_back(leave < 1 ? UnitPoint{a.x + leave * dx, a.y + leave * dy} : b);
        open = leave == 1;
    }
    return pieces;
}

void add_line(TileShape& shape, const UnitLine& line)
{
    for (const UnitLine& piece : clipped_line(line)) {
        std::vector<TilePoint> points = simplified_line(piece);
        if (points.size() < 2)
            continue;
        for (std::size_t i = 0; i + 1 < points.size(); ++i)
            shape.size += std::hypot(points[i + 1].x - points[i].x, points[i + 1].y - points[i].y);
        shape.parts.push_back(std::move(points));
    }
}

void add_point(TileShape& shape, const UnitPoint& p)
{
    if (!kept.contains(p.x, p.y))
        return;
    if (shape.parts.empty())
        shape.parts.emplace_back();
    shape.parts[0].push_back(rounded(p));
}

}  // namespace

std::int64_t doubled_area(const std::vector<TilePoint>& ring)
{
    std::int64_t area = 0;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
        area += std::int64_t{ring[j].x} * ring[i].y - std::int64_t{ring[i].x} * ring[j].y;
    return area;
}

TileShape tile_shape(const GeometryColumn& geometry, std::size_t row, const Box& tile, base::RunContext& run)
{
    TileShape shape;
    if (!geometry.valid(row))
        return shape;
    const auto [first, last] = geometry.coordinates(row);
    const ToUnits to_units(tile);
    Box units = Box::none();
    for (std::size_t i = first; i < last; ++i) {
        const UnitPoint p = to_units(geometry.x()[i], geometry.y()[i]);
        if (!std::isfinite(p.x + p.y))
            return shape;  // this CRS cannot show it
        units.grow(p.x, p.y);
    }
    if (units.empty() || !units.intersects(kept))
        return shape;
    switch (table::single_of(geometry.kind())) {
    case GeometryKind::point:
        for (std::size_t i = first; i < last; ++i)
            add_point(shape, to_units(geometry.x()[i], geometry.y()[i]));
        break;
    case GeometryKind::line:
        if (geometry.kind() == GeometryKind::line) {
            add_line(shape, units_of(geometry, first, last, to_units));
        } else {
            const auto offsets = geometry.ring_offsets();
            const auto [begin, end] = geometry.rings(row);
            for (std::size_t part = begin; part < end; ++part)
                add_line(shape, units_of(geometry, static_cast<std::size_t>(offsets[part]), static_cast<std::size_t>(offsets[part + 1]), to_units));
        }
        break;
    default:
        try {
            add_polygons(shape, geometry, row, to_units, units, run);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::bad_data)
                throw;
            return {};  // rings that are none
        }
    }
    if (!shape.parts.empty())
        shape.type = table::single_of(geometry.kind()) == GeometryKind::point  ? TileShape::Type::point
                     : table::single_of(geometry.kind()) == GeometryKind::line ? TileShape::Type::line
                                                                               : TileShape::Type::polygon;
    return shape;
}

}  // namespace stadtgdi::tiles
