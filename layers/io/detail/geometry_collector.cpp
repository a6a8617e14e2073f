// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/geometry_collector.hpp>

#include <layers/table/arrow.hpp>
#include <limits>
#include <memory>

namespace stadtgdi::io::detail {

using table::GeometryColumn;
using table::GeometryKind;

std::optional<GeometryKind> single_kind(OGRwkbGeometryType type)
{
    const auto flat = wkbFlatten(type);
    if (flat == wkbPoint || flat == wkbMultiPoint)
        return GeometryKind::point;
    if (OGR_GT_IsSubClassOf(flat, wkbCurve) || OGR_GT_IsSubClassOf(flat, wkbMultiCurve))
        return GeometryKind::line;
    if (OGR_GT_IsSubClassOf(flat, wkbSurface) || OGR_GT_IsSubClassOf(flat, wkbMultiSurface) || flat == wkbTIN || flat == wkbPolyhedralSurface)
        return GeometryKind::polygon;
    return {};
}

std::optional<GeometryKind> declared_kind(OGRwkbGeometryType type)
{
    const auto single = single_kind(type);
    if (single && OGR_GT_IsSubClassOf(wkbFlatten(type), wkbGeometryCollection))
        return table::multi_of(*single);
    return single;
}

OGRwkbGeometryType ogr_type(GeometryKind kind, bool has_z)
{
    OGRwkbGeometryType type = wkbUnknown;
    switch (kind) {
    case GeometryKind::point: type = wkbPoint; break;
    case GeometryKind::line: type = wkbLineString; break;
    case GeometryKind::polygon: type = wkbPolygon; break;
    case GeometryKind::multi_point: type = wkbMultiPoint; break;
    case GeometryKind::multi_line: type = wkbMultiLineString; break;
    case GeometryKind::multi_polygon: type = wkbMultiPolygon; break;
    }
    return has_z ? wkbSetZ(type) : type;
}

GeometryCollector::GeometryCollector(std::string crs, std::optional<GeometryKind> declared, bool swap_axes)
    : m_crs(std::move(crs)), m_swap(swap_axes)
{
    if (declared) {
        m_any_multi = table::is_multi(*declared);
        start(table::single_of(*declared));
    }
}

void GeometryCollector::start(GeometryKind single)
{
    m_base = single;
    m_builder.emplace(table::multi_of(single), m_crs, true);
    for (; m_waiting_nulls > 0; --m_waiting_nulls)
        m_builder->add_null();
}

void GeometryCollector::add_null()
{
    if (m_builder)
        m_builder->add_null();
    else
        ++m_waiting_nulls;
}

bool GeometryCollector::add(OGRGeometry* geometry)
{
    if (!geometry) {
        add_null();
        return true;
    }
    std::unique_ptr<OGRGeometry> changed;
    if (geometry->hasCurveGeometry(FALSE)) {  // also a compound of straight parts
        changed.reset(geometry->getLinearGeometry());
        geometry = changed.get();
    }
    const auto flat = wkbFlatten(geometry->getGeometryType());
    if (flat == wkbGeometryCollection && geometry->toGeometryCollection()->getNumGeometries() > 0) {
        const auto inner = m_base ? m_base : single_kind(geometry->toGeometryCollection()->getGeometryRef(0)->getGeometryType());
        if (inner)
            changed.reset(OGRGeometryFactory::forceTo(geometry->clone(), ogr_type(table::multi_of(*inner), false)));
    } else if (flat == wkbTIN || flat == wkbPolyhedralSurface || flat == wkbTriangle) {
        changed.reset(OGRGeometryFactory::forceTo(geometry->clone(), wkbMultiPolygon));
    }
    if (changed)
        geometry = changed.get();
    const auto single = single_kind(geometry->getGeometryType());
    if (!single || (m_base && *m_base != *single)) {
        add_null();
        return false;
    }
    if (!m_builder)
        start(*single);
    if (m_swap)
        geometry->swapXY();
    if (geometry->IsMeasured())
        geometry->setMeasured(FALSE);
    m_wkb.resize(geometry->WkbSize());
    if (geometry->exportToWkb(wkbNDR, m_wkb.data(), wkbVariantIso) != OGRERR_NONE ||
        !table::add_wkb(*m_builder, table::multi_of(*single), m_wkb)) {
        add_null();
        return false;
    }
    m_any_z = m_any_z || (geometry->Is3D() && !geometry->IsEmpty());
    m_any_multi = m_any_multi || OGR_GT_IsSubClassOf(wkbFlatten(geometry->getGeometryType()), wkbGeometryCollection);
    return true;
}

GeometryColumn GeometryCollector::finish() &&
{
    if (!m_builder)
        start(GeometryKind::point);
    GeometryColumn column = std::move(*m_builder).finish();
    if (!m_any_multi)
        column = as_single(column);
    return column.with_z(m_any_z);
}

GeometryColumn as_single(const GeometryColumn& multi)
{
    const GeometryKind kind = table::single_of(multi.kind());
    if (kind == GeometryKind::point) {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        std::vector<double> x(multi.size(), nan), y(multi.size(), nan), z(multi.has_z() ? multi.size() : 0, nan);
        std::vector<bool> valid(multi.size(), false);
        bool all = true;
        for (std::size_t row = 0; row < multi.size(); ++row) {
            const auto [first, last] = multi.coordinates(row);
            valid[row] = multi.valid(row) && last > first;
            all = all && valid[row];
            if (!valid[row])
                continue;
            x[row] = multi.x()[first];
            y[row] = multi.y()[first];
            if (multi.has_z())
                z[row] = multi.z()[first];
        }
        return {kind, multi.crs(), std::move(x), std::move(y), {}, all ? table::Validity{} : table::Validity::of(valid), std::move(z)};
    }
    // One part a row at most: the rows' offsets can point at what the part held.
    const auto rows = multi.level(0);
    const auto parts = multi.level(1);
    std::vector<std::int32_t> starts(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        starts[i] = parts[static_cast<std::size_t>(rows[i])];
    std::vector<table::Buffer<std::int32_t>> levels{std::move(starts)};
    for (int depth = 2; depth < multi.level_count(); ++depth)
        levels.push_back(multi.levels()[static_cast<std::size_t>(depth)]);
    return {kind, multi.crs(), multi.x_buffer(), multi.y_buffer(), std::move(levels), multi.validity(), multi.z_buffer()};
}

}  // namespace stadtgdi::io::detail
