// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/geometry_column.hpp>
#include <cstdint>
#include <functional>
#include <vector>

namespace stadtgdi::index {

/// Static packed R-tree over boxes in Hilbert order, 16 to a node (layout as flatbush and FlatGeobuf use it). Built once, then read by
/// any number of threads. Null or empty rows are not in it. Same tree for any thread count.
///     PackedRTree tree(table.geometry(), run);
///     for (std::int64_t row : tree.search({0, 0, 100, 100})) ...
class PackedRTree {
public:
    PackedRTree() = default;
    PackedRTree(const table::GeometryColumn& geometry, base::RunContext& run);
    PackedRTree(std::vector<table::Box> boxes, base::RunContext& run);

    std::size_t size() const { return m_count; }  ///< rows in the tree
    table::Box extent() const;
    std::size_t bytes() const;

    /// Rows whose box touches the box, ascending.
    std::vector<std::int64_t> search(const table::Box& box) const;
    /// The same unsorted, without allocation; visit returns false to stop.
    void visit(const table::Box& box, const std::function<bool(std::int64_t row)>& visit_row) const;
    /// Whether every box touches the query box is inside it (then all rows match and no filter is needed).
    bool covered_by(const table::Box& box) const;

    /// Rows whose box is at most radius_m from the point (d <= radius), ascending.
    std::vector<std::int64_t> within(double x, double y, double radius_m) const;

    struct Neighbour {
        std::int64_t row;
        double distance_m;
    };
    /// The k rows with the smallest distance, nearest first, ties by row number. distance(row) must be >= the
    /// distance to the row's box; without it the box distance itself (exact for points).
    std::vector<Neighbour> nearest(double x, double y, std::size_t k, double max_distance_m = -1,
                                   const std::function<double(std::int64_t row)>& distance = {}) const;

private:
    std::size_t m_count = 0;
    std::vector<table::Box> m_boxes;           // leaves in Hilbert order, then the levels above, root last
    std::vector<std::int64_t> m_rows;          // row of a leaf, first child of a node
    std::vector<std::size_t> m_level_starts;   // leaf level first
};

}  // namespace stadtgdi::index
