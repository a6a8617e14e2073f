// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/validity.hpp>
#include <array>
#include <limits>
#include <string>
#include <string_view>

namespace stadtgdi::table {

enum class GeometryKind { point, line, polygon, multi_point, multi_line, multi_polygon };

std::string_view name_of(GeometryKind kind);
int level_count(GeometryKind kind);  ///< offset levels between a row and its coordinates
bool is_multi(GeometryKind kind);
GeometryKind multi_of(GeometryKind kind);
GeometryKind single_of(GeometryKind kind);

struct Box {
    double xmin, ymin, xmax, ymax;
    /// Contains nothing; growing it by a box gives that box.
    static constexpr Box none()
    {
        constexpr double infinity = std::numeric_limits<double>::infinity();
        return {infinity, infinity, -infinity, -infinity};
    }
    bool empty() const { return !(xmin <= xmax && ymin <= ymax); }
    /// NaN grows nothing.
    void grow(double x, double y)
    {
        xmin = x < xmin ? x : xmin;
        xmax = x > xmax ? x : xmax;
        ymin = y < ymin ? y : ymin;
        ymax = y > ymax ? y : ymax;
    }
    /// An empty box grows nothing.
    void grow(const Box& other)
    {
        if (other.empty()) return;
        grow(other.xmin, other.ymin);
        grow(other.xmax, other.ymax);
    }
    bool intersects(const Box& other) const { return xmin <= other.xmax && other.xmin <= xmax && ymin <= other.ymax && other.ymin <= ymax; }
    bool contains(double x, double y) const { return x >= xmin && x <= xmax && y >= ymin && y <= ymax; }
    friend bool operator==(const Box&, const Box&) = default;
};

/// The geometries of a table: coordinates in x[], y[] (and z[]), rows, parts and rings by offsets, one CRS.
/// Levels by kind (as in GeoArrow's separated layout):
///   point          row i is coordinate i (NaN where null)
///   line, multi_point          row -> coordinates
///   polygon, multi_line        row -> rings (lines) -> coordinates
///   multi_polygon  row -> parts -> rings -> coordinates
/// Polygon rings are closed (first = last); the first ring of a part is its shell. Null rows own no coordinates (a null
/// point is NaN). Where a column has z, a coordinate without a height has NaN there. Immutable, cheap to copy.
class GeometryColumn {
public:
    /// Offset levels from the row inwards, as many as the kind has (0 to 3), each of size n+1.
    GeometryColumn(GeometryKind kind, std::string crs, Buffer<double> x, Buffer<double> y, std::vector<Buffer<std::int32_t>> levels = {},
                   Validity validity = {}, Buffer<double> z = {});
    GeometryColumn() = default;

    GeometryKind kind() const { return m_kind; }
    /// "EPSG:25833"; empty: unknown.
    const std::string& crs() const { return m_crs; }
    std::size_t size() const { return m_size; }
    bool has_z() const { return !m_z.empty(); }
    bool has_height(std::size_t row) const;  ///< is the z of any of its coordinates known?
    bool valid(std::size_t row) const { return m_validity.valid(row); }
    const Validity& validity() const { return m_validity; }

    std::span<const double> x() const { return m_x.span(); }
    std::span<const double> y() const { return m_y.span(); }
    std::span<const double> z() const { return m_z.span(); }
    const Buffer<double>& x_buffer() const { return m_x; }
    const Buffer<double>& y_buffer() const { return m_y; }
    const Buffer<double>& z_buffer() const { return m_z; }
    int level_count() const { return static_cast<int>(m_levels.size()); }
    std::span<const std::int32_t> level(int depth) const { return m_levels[static_cast<std::size_t>(depth)].span(); }
    const std::vector<Buffer<std::int32_t>>& levels() const { return m_levels; }

    /// Parts of a row: points of a multi point, lines of a multi line, polygons of a multi polygon; 1 for single kinds; 0 where null or empty.
    std::size_t part_count(std::size_t row) const;
    /// Coordinates [first, last) of the whole row, all parts and rings.
    std::pair<std::size_t, std::size_t> coordinates(std::size_t row) const;
    /// Rings (or lines) [first, last) of the whole row, for kinds with a ring level; ring r has coordinates [ring_offsets()[r], ring_offsets()[r + 1]).
    std::pair<std::size_t, std::size_t> rings(std::size_t row) const;
    std::span<const std::int32_t> ring_offsets() const { return m_levels.back().span(); }
    Box box(std::size_t row) const;  ///< empty for null
    Box extent() const;              ///< of all rows

    GeometryColumn take(std::span<const std::int64_t> rows) const;
    /// The same shapes with other coordinates, for a reprojection.
    GeometryColumn with_coordinates(std::string crs, Buffer<double> x, Buffer<double> y) const;
    /// The same shapes with a z for every coordinate (NaN where there was none), or with none at all.
    GeometryColumn with_z(bool wanted) const;
    /// Single kinds as their multi kind; shares the coordinates.
    GeometryColumn as_multi() const;
    std::size_t bytes() const;

private:
    GeometryKind m_kind = GeometryKind::point;
    std::string m_crs;
    std::size_t m_size = 0;
    Buffer<double> m_x, m_y, m_z;
    std::vector<Buffer<std::int32_t>> m_levels;
    Validity m_validity;
};

/// Builds a GeometryColumn row by row: begin_row, then for each part begin_part (polygons) and begin_ring, then coordinates.
///     GeometryBuilder b(GeometryKind::polygon, "EPSG:25833");
///     b.begin_row(); b.begin_ring(); b.add(0, 0); b.add(1, 0); b.add(1, 1); b.add(0, 0);
///     b.add_null();
///     GeometryColumn column = std::move(b).finish();
class GeometryBuilder {
public:
    GeometryBuilder(GeometryKind kind, std::string crs, bool with_z = false);
    void begin_row();
    void begin_part();  ///< multi_polygon only
    void begin_ring();  ///< polygon, multi_line, multi_polygon
    void add(double x, double y, double z = std::numeric_limits<double>::quiet_NaN())
    {
        m_x.push_back(x);
        m_y.push_back(y);
        if (m_with_z) m_z.push_back(z);
    }
    void add_null();
    /// A row of another column of the same kind, or of the single kind of this multi kind.
    void add_row(const GeometryColumn& from, std::size_t row);
    void add_point(double px, double py) { begin_row(); add(px, py); }
    std::size_t size() const { return m_rows; }
    void reserve(std::size_t rows, std::size_t coordinates);
    GeometryKind kind() const { return m_kind; }
    /// Error(unsupported) where the coordinates are more than the 2^31 - 1 that offsets can count.
    GeometryColumn finish() &&;

private:
    void mark(bool valid);
    void fill_points();

    GeometryKind m_kind;
    std::string m_crs;
    bool m_with_z;
    std::size_t m_rows = 0;
    std::size_t m_nulls = 0;
    std::vector<double> m_x, m_y, m_z;
    std::array<std::vector<std::int32_t>, 3> m_starts;  // by level: where each row, part, ring begins
    std::vector<bool> m_valid;  // empty until the first null
};

}  // namespace stadtgdi::table
