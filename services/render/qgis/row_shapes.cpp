// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/row_shapes.hpp>

#include <qgsclipper.h>
#include <qgsexception.h>

#include <algorithm>
#include <cmath>

namespace stadtgdi::render {

namespace {

constexpr int thin_out = 1, to_box = 2;  // hints of QgsVectorSimplifyMethod

QgsRectangle grown(const QgsRectangle& extent)
{
    const double width = extent.width() / 10, height = extent.height() / 10;
    return QgsRectangle(extent.xMinimum() - width, extent.yMinimum() - height, extent.xMaximum() + width, extent.yMaximum() + height);
}

/// In single precision, as QgsMapToPixelSimplifier measures.
float squared_length(double dx, double dy)
{
    const auto x = static_cast<float>(dx), y = static_cast<float>(dy);
    return x * x + y * y;
}

bool is_polygonal(table::GeometryKind kind)
{
    return table::single_of(kind) == table::GeometryKind::polygon;
}

}  // namespace

RowShapes::RowShapes(const table::GeometryColumn& own, std::shared_ptr<const table::GeometryColumn> mapped, const QgsRenderContext& context)
    : m_own(own), m_mapped(std::move(mapped)), m_transform(context.coordinateTransform()), m_to_pixels(context.mapToPixel().transform()),
      m_clips_transformed(context.flags().testFlag(Qgis::RenderContextFlag::ApplyClipAfterReprojection)),
      m_simplify(static_cast<int>(context.vectorSimplifyMethod().simplifyHints())), m_tolerance(context.vectorSimplifyMethod().tolerance())
{
    m_extent = m_clips_transformed ? context.mapExtent() : context.extent();
    m_clip = grown(m_extent);
}

void RowShapes::to_pixels(QPolygonF& points) const
{
    const double sx = m_to_pixels.m11(), sy = m_to_pixels.m22(), dx = m_to_pixels.dx(), dy = m_to_pixels.dy();
    for (QPointF& point : points)
        point = QPointF(sx * point.x() + dx, sy * point.y() + dy);
}

const std::vector<QPointF>& RowShapes::points(std::size_t row)
{
    m_points.clear();
    const auto [first, last] = m_own.coordinates(row);
    const double sx = m_to_pixels.m11(), sy = m_to_pixels.m22(), dx = m_to_pixels.dx(), dy = m_to_pixels.dy();
    for (std::size_t i = first; i < last; ++i) {
        double x = m_mapped ? m_mapped->x()[i] : m_own.x()[i], y = m_mapped ? m_mapped->y()[i] : m_own.y()[i], z = 0;
        if (!m_mapped && m_transform.isValid()) {
            try {
                m_transform.transformInPlace(x, y, z);
            } catch (const QgsCsException&) {
                x = std::nan("");
            }
        }
        m_points.emplace_back(sx * x + dx, sy * y + dy);
    }
    return m_points;
}

table::Box RowShapes::box_of(std::size_t first, std::size_t last) const
{
    table::Box box = table::Box::none();
    for (std::size_t i = first; i < last; ++i)
        box.grow(m_own.x()[i], m_own.y()[i]);
    return box;
}

void RowShapes::keep(std::size_t first, std::size_t last, Ring& out) const
{
    for (std::size_t i = first; i < last; ++i) {
        out.own.emplace_back(m_own.x()[i], m_own.y()[i]);
        out.from.push_back(static_cast<std::ptrdiff_t>(i));
    }
}

void RowShapes::simplify_ring(std::size_t first, std::size_t last, bool is_ring, Ring& out) const
{
    const std::size_t count = last - first;
    const auto as_box = [&](const table::Box& box) {
        if (count <= 2)
            return keep(first, last, out);
        if (is_ring)
            out.own = {{box.xmin, box.ymin}, {box.xmax, box.ymin}, {box.xmax, box.ymax}, {box.xmin, box.ymax}, {box.xmin, box.ymin}};
        else
            out.own = {{box.xmin, box.ymin}, {box.xmax, box.ymax}};
        out.from.assign(out.own.size(), -1);
    };
    if ((m_simplify & to_box) != 0) {
        const table::Box box = box_of(first, last);
        if (box.xmax - box.xmin < m_tolerance && box.ymax - box.ymin < m_tolerance)
            return as_box(box);
    }
    if (count <= (is_ring ? 4U : 2U) || (m_simplify & thin_out) == 0)
        return keep(first, last, out);
    const double limit = m_tolerance * m_tolerance;
    bool any_long = false;
    double last_x = 0, last_y = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = m_own.x()[first + i], y = m_own.y()[first + i];
        bool is_long = false;
        if (i == 0 || (is_long = static_cast<double>(squared_length(x - last_x, y - last_y)) > limit) || (!is_ring && (i == 1 || i >= count - 2))) {
            out.own.emplace_back(x, y);
            out.from.push_back(static_cast<std::ptrdiff_t>(first + i));
            last_x = x;
            last_y = y;
            any_long = any_long || is_long;
        }
    }
    if (out.own.size() < (is_ring ? 4U : 2U)) {
        out.own.clear();
        out.from.clear();
        if (any_long)
            return keep(first, last, out);
        return as_box(box_of(first, last));
    }
    if (is_ring && !(qgsDoubleNear(last_x, out.own.front().x()) && qgsDoubleNear(last_y, out.own.front().y()))) {
        out.own.push_back(out.own.front());
        out.from.push_back(out.from.front());
    }
}

void RowShapes::simplify_part(std::size_t first_ring, std::size_t last_ring, bool is_polygon)
{
    // A single line of a kind without rings has its coordinates in `first_ring` and `last_ring`.
    const bool has_rings = m_own.level_count() > 1 || is_polygon;
    const auto begin_of = [&](std::size_t ring) { return has_rings ? static_cast<std::size_t>(m_own.ring_offsets()[ring]) : ring; };
    const std::size_t first = begin_of(first_ring), last = begin_of(last_ring);
    const std::size_t count = last - first;
    m_ring_count = has_rings ? last_ring - first_ring : 1;
    if (m_rings.size() < m_ring_count)
        m_rings.resize(m_ring_count);
    for (std::size_t i = 0; i < m_ring_count; ++i) {
        m_rings[i].own.clear();
        m_rings[i].from.clear();
    }
    bool simplifies = m_simplify != 0 && count > (is_polygon ? 6U : 3U);
    if (simplifies) {
        const table::Box box = box_of(first, last);
        simplifies = std::max(box.xmax - box.xmin, box.ymax - box.ymin) / static_cast<double>(count) <= m_tolerance * 2.0;
        if (simplifies && is_polygon && (m_simplify & to_box) != 0 && box.xmax - box.xmin < m_tolerance && box.ymax - box.ymin < m_tolerance)
            m_ring_count = 1;  // the box of the shell is that of the polygon
    }
    for (std::size_t i = 0; i < m_ring_count; ++i) {
        const std::size_t begin = has_rings ? begin_of(first_ring + i) : first, end = has_rings ? begin_of(first_ring + i + 1) : last;
        if (simplifies)
            simplify_ring(begin, end, is_polygon, m_rings[i]);
        else
            keep(begin, end, m_rings[i]);
    }
}

QPolygonF RowShapes::pixels(const Ring& ring, bool is_polygon, bool clips) const
{
    QPolygonF points;
    points.reserve(static_cast<int>(ring.own.size()));
    bool cut = false;
    if (clips && !m_clips_transformed) {
        table::Box box = table::Box::none();
        for (const QPointF& point : ring.own)
            box.grow(point.x(), point.y());
        cut = !m_extent.contains(QgsRectangle(box.xmin, box.ymin, box.xmax, box.ymax));
    }
    const bool transforms = m_transform.isValid() && !m_transform.isShortCircuited();
    if (cut || (transforms && !m_mapped)) {
        for (const QPointF& point : ring.own)
            points.append(point);
        if (cut && is_polygon)
            QgsClipper::trimPolygon(points, m_clip);
        else if (cut && points.size() > 1)
            points = QgsClipper::clippedLine(points, m_clip);
        if (transforms) {
            try {
                m_transform.transformPolygon(points);
            } catch (const QgsCsException&) {
                // QGIS draws what could be transformed
            }
        }
    } else {
        for (std::size_t i = 0; i < ring.own.size(); ++i) {
            if (!transforms) {
                points.append(ring.own[i]);
            } else if (ring.from[i] >= 0) {
                const auto at = static_cast<std::size_t>(ring.from[i]);
                points.append(QPointF(m_mapped->x()[at], m_mapped->y()[at]));
            } else {
                double x = ring.own[i].x(), y = ring.own[i].y(), z = 0;
                try {
                    m_transform.transformInPlace(x, y, z);
                    points.append(QPointF(x, y));
                } catch (const QgsCsException&) {
                    continue;
                }
            }
        }
    }
    points.erase(std::remove_if(points.begin(), points.end(), [](const QPointF& point) { return !std::isfinite(point.x()) || !std::isfinite(point.y()); }), points.end());
    if (clips && m_clips_transformed) {
        if (is_polygon && !m_extent.contains(QgsRectangle(points.boundingRect())))
            QgsClipper::trimPolygon(points, m_clip);
        else if (!is_polygon && points.size() > 1)
            points = QgsClipper::clippedLine(points, m_clip);
    }
    to_pixels(points);
    if (is_polygon && !points.isEmpty() && !points.isClosed())
        points.append(points.front());
    return points;
}

const std::vector<std::vector<QPolygonF>>& RowShapes::parts(std::size_t row, bool clips)
{
    if (row == m_parts_row && clips == m_parts_clipped)
        return m_parts;
    m_parts_row = row;
    m_parts_clipped = clips;
    m_parts.clear();
    const bool is_polygon = is_polygonal(m_own.kind());
    const auto add = [&](std::size_t first_ring, std::size_t last_ring) {
        simplify_part(first_ring, last_ring, is_polygon);
        std::vector<QPolygonF> rings;
        for (std::size_t i = 0; i < m_ring_count; ++i) {
            QPolygonF ring = pixels(m_rings[i], is_polygon, clips);
            if (i == 0 || !ring.isEmpty())
                rings.push_back(std::move(ring));
        }
        m_parts.push_back(std::move(rings));
    };
    switch (m_own.kind()) {
    case table::GeometryKind::line: {
        const auto [first, last] = m_own.coordinates(row);
        add(first, last);
        break;
    }
    case table::GeometryKind::multi_line: {
        const auto [first, last] = m_own.rings(row);
        for (std::size_t line = first; line < last; ++line)
            add(line, line + 1);
        break;
    }
    case table::GeometryKind::polygon: {
        const auto [first, last] = m_own.rings(row);
        add(first, last);
        break;
    }
    case table::GeometryKind::multi_polygon: {
        const auto rows = m_own.level(0), polygons = m_own.level(1);
        struct Polygon {
            double size;
            std::size_t first, last;
        };
        std::vector<Polygon> order;
        for (std::int32_t part = rows[row]; part < rows[row + 1]; ++part) {
            const auto first = static_cast<std::size_t>(polygons[static_cast<std::size_t>(part)]), last = static_cast<std::size_t>(polygons[static_cast<std::size_t>(part) + 1]);
            if (first == last)
                continue;
            const auto offsets = m_own.ring_offsets();
            const table::Box box = box_of(static_cast<std::size_t>(offsets[first]), static_cast<std::size_t>(offsets[last]));
            order.push_back({(box.xmax - box.xmin) * (box.ymax - box.ymin), first, last});
        }
        std::stable_sort(order.begin(), order.end(), [](const Polygon& a, const Polygon& b) { return a.size > b.size; });
        for (const Polygon& polygon : order)
            add(polygon.first, polygon.last);
        break;
    }
    default: break;
    }
    return m_parts;
}

}  // namespace stadtgdi::render
