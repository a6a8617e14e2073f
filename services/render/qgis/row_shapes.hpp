// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>

#include <QPolygonF>
#include <qgscoordinatetransform.h>
#include <qgsrectangle.h>
#include <qgsrendercontext.h>

#include <memory>
#include <vector>

namespace stadtgdi::render {

/// Rows as shapes in pixels, as QGIS gives them to symbol layers: simplified, cut near the edge of the map, transformed.
/// For one map and one thread.
class RowShapes {
public:
    /// `mapped`: the coordinates of `own` in the CRS of the map; null where only rows that are asked for are transformed.
    RowShapes(const table::GeometryColumn& own, std::shared_ptr<const table::GeometryColumn> mapped, const QgsRenderContext& context);

    /// Of a point or multi point, in order; NaN where it cannot be transformed.
    const std::vector<QPointF>& points(std::size_t row);
    /// Every line a path of its own, every polygon one of several rings, biggest polygons first. Valid until the next call.
    const std::vector<std::vector<QPolygonF>>& parts(std::size_t row, bool clips);

private:
    struct Ring {
        std::vector<QPointF> own;          // in the CRS of the layer
        std::vector<std::ptrdiff_t> from;  // coordinate of the column, -1: a new one
    };
    void simplify_part(std::size_t first_ring, std::size_t last_ring, bool is_polygon);
    void simplify_ring(std::size_t first, std::size_t last, bool is_ring, Ring& out) const;
    void keep(std::size_t first, std::size_t last, Ring& out) const;
    QPolygonF pixels(const Ring& ring, bool is_polygon, bool clips) const;
    void to_pixels(QPolygonF& points) const;
    table::Box box_of(std::size_t first, std::size_t last) const;

    const table::GeometryColumn& m_own;
    std::shared_ptr<const table::GeometryColumn> m_mapped;  // shared with the snapshot
    QgsCoordinateTransform m_transform;
    QTransform m_to_pixels;
    QgsRectangle m_extent, m_clip;      // in the CRS that is cut in
    bool m_clips_transformed;
    int m_simplify;                     // hints of QGIS
    double m_tolerance;
    std::vector<QPointF> m_points;
    std::vector<Ring> m_rings;          // of the part at hand; the first `m_ring_count` hold it
    std::size_t m_ring_count = 0;
    std::vector<std::vector<QPolygonF>> m_parts;
    std::size_t m_parts_row = static_cast<std::size_t>(-1);
    bool m_parts_clipped = false;
};

}  // namespace stadtgdi::render
