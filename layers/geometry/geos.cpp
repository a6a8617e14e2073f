// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/detail/geos.hpp>
#include <cmath>
#include <limits>

namespace stadtgdi::geometry::detail {

using table::GeometryKind;

namespace {

struct Context {
    GEOSContextHandle_t handle = GEOS_init_r();
    std::string message;
    Context()
    {
        GEOSContext_setErrorMessageHandler_r(
            handle, [](const char* text, void* self) { static_cast<Context*>(self)->message = text; }, this);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { GEOS_finish_r(handle); }
};

Context& own()
{
    static thread_local Context instance;
    return instance;
}

GEOSCoordSequence* sequence(const table::GeometryColumn& g, std::size_t first, std::size_t last)
{
    return GEOSCoordSeq_copyFromArrays_r(context(), g.x().data() + first, g.y().data() + first, g.has_z() ? g.z().data() + first : nullptr, nullptr,
                                         static_cast<unsigned>(last - first));
}

GeosGeometry ring(const table::GeometryColumn& g, std::size_t index)
{
    const auto offsets = g.ring_offsets();
    GEOSCoordSequence* points = sequence(g, static_cast<std::size_t>(offsets[index]), static_cast<std::size_t>(offsets[index + 1]));
    return GeosGeometry(points ? GEOSGeom_createLinearRing_r(context(), points) : nullptr);
}

/// GEOS takes the members over, also where it fails.
GeosGeometry collection(int type, std::vector<GeosGeometry>& members)
{
    std::vector<GEOSGeometry*> raw;
    for (GeosGeometry& member : members) raw.push_back(member.release());
    return GeosGeometry(GEOSGeom_createCollection_r(context(), type, raw.data(), static_cast<unsigned>(raw.size())));
}

GeosGeometry polygon(const table::GeometryColumn& g, std::size_t first, std::size_t last)
{
    if (first == last) return GeosGeometry(GEOSGeom_createEmptyPolygon_r(context()));
    GeosGeometry shell = ring(g, first);
    std::vector<GeosGeometry> holes;
    for (std::size_t i = first + 1; i < last; ++i) {
        holes.push_back(ring(g, i));
        if (!holes.back()) return nullptr;
    }
    if (!shell) return nullptr;
    std::vector<GEOSGeometry*> raw;
    for (GeosGeometry& hole : holes) raw.push_back(hole.release());
    return GeosGeometry(GEOSGeom_createPolygon_r(context(), shell.release(), raw.data(), static_cast<unsigned>(raw.size())));
}

GeosGeometry point(const table::GeometryColumn& g, std::size_t index)
{
    if (std::isnan(g.x()[index]) || std::isnan(g.y()[index])) return GeosGeometry(GEOSGeom_createEmptyPoint_r(context()));
    GEOSCoordSequence* points = sequence(g, index, index + 1);
    return GeosGeometry(points ? GEOSGeom_createPoint_r(context(), points) : nullptr);
}

GeosGeometry line(const table::GeometryColumn& g, std::size_t first, std::size_t last)
{
    GEOSCoordSequence* points = sequence(g, first, last);
    return GeosGeometry(points ? GEOSGeom_createLineString_r(context(), points) : nullptr);
}

void add_ring(table::GeometryBuilder& builder, const GEOSGeometry* ring)
{
    GEOSContextHandle_t const handle = context();
    const GEOSCoordSequence* points = GEOSGeom_getCoordSeq_r(handle, ring);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(handle, points, &size);
    std::vector<double> x(size), y(size), z(size, std::numeric_limits<double>::quiet_NaN());
    GEOSCoordSeq_copyToArrays_r(handle, points, x.data(), y.data(), GEOSHasZ_r(handle, ring) == 1 ? z.data() : nullptr, nullptr);
    builder.begin_ring();
    for (unsigned i = 0; i < size; ++i) builder.add(x[i], y[i], z[i]);
}

void collect_polygons(const GEOSGeometry* geometry, std::vector<const GEOSGeometry*>& out)
{
    GEOSContextHandle_t const handle = context();
    const int type = GEOSGeomTypeId_r(handle, geometry);
    if (type == GEOS_POLYGON) {
        if (GEOSisEmpty_r(handle, geometry) == 0) out.push_back(geometry);
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        for (int i = 0; i < GEOSGetNumGeometries_r(handle, geometry); ++i) collect_polygons(GEOSGetGeometryN_r(handle, geometry, i), out);
    }
}

}  // namespace

GEOSContextHandle_t context()
{
    return own().handle;
}

const std::string& last_message()
{
    return own().message;
}

GeosGeometry to_geos(const table::GeometryColumn& g, std::size_t row)
{
    if (!g.valid(row)) return nullptr;
    const auto [first, last] = g.coordinates(row);
    std::vector<GeosGeometry> members;
    const auto add = [&](GeosGeometry member) {
        if (!member) return false;
        members.push_back(std::move(member));
        return true;
    };
    switch (g.kind()) {
        case GeometryKind::point: return point(g, row);
        case GeometryKind::line: return line(g, first, last);
        case GeometryKind::polygon: {
            const auto [ring, end] = g.rings(row);
            return polygon(g, ring, end);
        }
        case GeometryKind::multi_point:
            for (std::size_t i = first; i < last; ++i)
                if (!add(point(g, i))) return nullptr;
            return collection(GEOS_MULTIPOINT, members);
        case GeometryKind::multi_line: {
            const auto offsets = g.ring_offsets();
            const auto [part, end] = g.rings(row);
            for (std::size_t i = part; i < end; ++i)
                if (!add(line(g, static_cast<std::size_t>(offsets[i]), static_cast<std::size_t>(offsets[i + 1])))) return nullptr;
            return collection(GEOS_MULTILINESTRING, members);
        }
        case GeometryKind::multi_polygon: {
            const auto parts = g.level(0), rings = g.level(1);
            for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part)
                if (!add(polygon(g, static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1])))) return nullptr;
            return collection(GEOS_MULTIPOLYGON, members);
        }
    }
    return nullptr;
}

void add_polygons(table::GeometryBuilder& builder, const GEOSGeometry* geometry)
{
    std::vector<const GEOSGeometry*> polygons;
    if (geometry) collect_polygons(geometry, polygons);
    if (polygons.empty()) {
        builder.add_null();
        return;
    }
    builder.begin_row();
    for (const GEOSGeometry* polygon : polygons) {
        builder.begin_part();
        add_ring(builder, GEOSGetExteriorRing_r(context(), polygon));
        for (int i = 0; i < GEOSGetNumInteriorRings_r(context(), polygon); ++i) add_ring(builder, GEOSGetInteriorRingN_r(context(), polygon, i));
    }
}

GeosGeometry made_valid(const GEOSGeometry* geometry)
{
    GEOSContextHandle_t const handle = context();
    GEOSMakeValidParams* params = GEOSMakeValidParams_create_r(handle);
    GEOSMakeValidParams_setMethod_r(handle, params, GEOS_MAKE_VALID_STRUCTURE);
    GEOSMakeValidParams_setKeepCollapsed_r(handle, params, 0);
    GeosGeometry out(GEOSMakeValidWithParams_r(handle, geometry, params));
    GEOSMakeValidParams_destroy_r(handle, params);
    return out;
}

double area_of(const GEOSGeometry* geometry)
{
    double out = 0;
    return geometry && GEOSArea_r(context(), geometry, &out) == 1 ? out : 0.0;
}

}  // namespace stadtgdi::geometry::detail
