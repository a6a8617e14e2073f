// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/base/parallel_for.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/index/packed_rtree.hpp>
#include <cmath>

namespace stadtgdi::geometry {

using detail::GeosGeometry;
using table::Box;
using table::GeometryColumn;

namespace {

[[noreturn]] void failed(std::size_t row)
{
    throw Error(ErrorKind::bad_data, base::filled({"GEOS cannot work with the geometry in row {0}: {1}. Repair it first.",
                                                   "GEOS kann die Geometrie in Zeile {0} nicht verarbeiten: {1}. Bitte zuerst reparieren."},
                                                  std::to_string(row + 1), detail::last_message()));
}

/// Ready for overlays: made valid where it is not.
GeosGeometry prepared(const GeometryColumn& geometry, std::size_t row)
{
    GeosGeometry shape = detail::to_geos(geometry, row);
    if (shape && GEOSisValid_r(detail::context(), shape.get()) != 1) shape = detail::made_valid(shape.get());
    if (!shape) failed(row);
    return shape;
}

/// All shapes as one; they are taken.
GeosGeometry united(std::vector<GeosGeometry>& shapes)
{
    std::vector<GEOSGeometry*> members;
    for (GeosGeometry& shape : shapes)
        if (shape) members.push_back(shape.release());
    const GeosGeometry all(GEOSGeom_createCollection_r(detail::context(), GEOS_GEOMETRYCOLLECTION, members.data(), static_cast<unsigned>(members.size())));
    return GeosGeometry(all ? GEOSUnaryUnion_r(detail::context(), all.get()) : nullptr);
}

/// One result per row, computed in parallel; rows for which work gives null become null.
template <class Work> GeometryColumn each_row(std::size_t rows, const std::string& crs, base::RunContext& run, const Work& work, std::size_t grain = 32)
{
    std::vector<GeosGeometry> shapes(rows);
    base::parallel_for(run, rows, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) shapes[row] = work(row);
    });
    table::GeometryBuilder builder(table::GeometryKind::multi_polygon, crs);
    for (const GeosGeometry& shape : shapes) detail::add_polygons(builder, shape.get());
    return std::move(builder).finish();
}

GeosGeometry rectangle(const Box& box)
{
    table::GeometryBuilder b(table::GeometryKind::polygon, "");
    b.begin_row();
    b.begin_ring();
    b.add(box.xmin, box.ymin);
    b.add(box.xmax, box.ymin);
    b.add(box.xmax, box.ymax);
    b.add(box.xmin, box.ymax);
    b.add(box.xmin, box.ymin);
    return detail::to_geos(std::move(b).finish(), 0);
}

}  // namespace

double intersection_area(const GeometryColumn& a, std::size_t row_a, const GeometryColumn& b, std::size_t row_b)
{
    if (a.part_count(row_a) == 0 || b.part_count(row_b) == 0 || !a.box(row_a).intersects(b.box(row_b))) return 0;
    const GeosGeometry shape_a = prepared(a, row_a), shape_b = prepared(b, row_b);
    const GeosGeometry common(GEOSIntersection_r(detail::context(), shape_a.get(), shape_b.get()));
    if (!common) failed(row_a);
    return detail::area_of(common.get());
}

GeometryColumn unioned(const GeometryColumn& polygons, base::RunContext& run)
{
    std::vector<GeosGeometry> shapes(polygons.size());
    base::parallel_for(run, polygons.size(), 64, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row)
            if (polygons.part_count(row) > 0) shapes[row] = prepared(polygons, row);
    });
    const GeosGeometry joined = united(shapes);
    if (!joined) failed(0);
    table::GeometryBuilder builder(table::GeometryKind::multi_polygon, polygons.crs());
    detail::add_polygons(builder, joined.get());
    return std::move(builder).finish();
}

GeometryColumn unioned_by_group(const GeometryColumn& polygons, std::span<const std::int64_t> groups, std::size_t group_count, base::RunContext& run)
{
    if (groups.size() != polygons.size())
        throw Error(ErrorKind::internal, {"A union by group needs one group a row.", "Eine Vereinigung nach Gruppen braucht eine Gruppe je Zeile."});
    std::vector<std::vector<std::size_t>> rows_of(group_count);
    for (std::size_t row = 0; row < groups.size(); ++row)
        if (groups[row] >= 0 && polygons.part_count(row) > 0) rows_of[static_cast<std::size_t>(groups[row])].push_back(row);
    const auto one_group = [&](std::size_t group) {
        std::vector<GeosGeometry> shapes;
        for (const std::size_t row : rows_of[group]) shapes.push_back(prepared(polygons, row));
        if (shapes.empty()) return GeosGeometry();
        if (shapes.size() == 1) return std::move(shapes.front());
        GeosGeometry joined = united(shapes);
        if (!joined) failed(rows_of[group].front());
        return joined;
    };
    return each_row(group_count, polygons.crs(), run, one_group, 1);
}

GeometryColumn cut(const GeometryColumn& polygons, const GeometryColumn& areas, Side side, base::RunContext& run)
{
    const index::PackedRTree tree(areas, run);
    return each_row(polygons.size(), polygons.crs(), run, [&](std::size_t row) {
        if (polygons.part_count(row) == 0) return GeosGeometry();
        std::vector<GeosGeometry> touched;
        for (const std::int64_t area : tree.search(polygons.box(row))) touched.push_back(prepared(areas, static_cast<std::size_t>(area)));
        if (touched.empty()) return side == Side::outside ? detail::to_geos(polygons, row) : GeosGeometry();
        const GeosGeometry shape = prepared(polygons, row);
        const GeosGeometry all = touched.size() == 1 ? std::move(touched.front()) : united(touched);
        if (!all) failed(row);
        GeosGeometry out(side == Side::inside ? GEOSIntersection_r(detail::context(), shape.get(), all.get())
                                              : GEOSDifference_r(detail::context(), shape.get(), all.get()));
        if (!out) failed(row);
        return out;
    }, 8);
}

GeometryColumn buffered(const GeometryColumn& geometry, std::span<const double> distances_m, int segments, base::RunContext& run)
{
    if (distances_m.size() != geometry.size() || segments < 1)
        throw Error(ErrorKind::internal, {"A buffer needs one distance a row and at least one segment a quadrant.",
                                          "Ein Puffer braucht einen Abstand je Zeile und mindestens ein Segment je Viertelkreis."});
    return each_row(geometry.size(), geometry.crs(), run, [&](std::size_t row) {
        if (geometry.part_count(row) == 0 || std::isnan(distances_m[row])) return GeosGeometry();
        const GeosGeometry shape = detail::to_geos(geometry, row);
        if (!shape) failed(row);
        GeosGeometry out(GEOSBuffer_r(detail::context(), shape.get(), distances_m[row], segments));
        if (!out) failed(row);
        return out;
    });
}

GeometryColumn on_grid(const GeometryColumn& polygons, double cell, base::RunContext& run)
{
    return each_row(polygons.size(), polygons.crs(), run, [&](std::size_t row) {
        if (polygons.part_count(row) == 0) return GeosGeometry();
        const GeosGeometry shape = prepared(polygons, row);
        GeosGeometry out(GEOSGeom_setPrecision_r(detail::context(), shape.get(), cell, 0));
        if (!out) failed(row);
        return out;
    });
}

GeometryColumn clipped(const GeometryColumn& polygons, const Box& box, base::RunContext& run)
{
    return each_row(polygons.size(), polygons.crs(), run, [&](std::size_t row) {
        const Box own = polygons.box(row);
        if (own.empty() || box.empty() || !own.intersects(box)) return GeosGeometry();
        if (box.contains(own.xmin, own.ymin) && box.contains(own.xmax, own.ymax)) return detail::to_geos(polygons, row);
        const GeosGeometry shape = prepared(polygons, row);
        const GeosGeometry frame = rectangle(box);
        GeosGeometry out(frame ? GEOSIntersection_r(detail::context(), shape.get(), frame.get()) : nullptr);
        if (!out) failed(row);
        return out;
    });
}

}  // namespace stadtgdi::geometry
