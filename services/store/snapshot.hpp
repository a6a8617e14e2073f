// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/index/packed_rtree.hpp>
#include <layers/table/table.hpp>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>

namespace stadtgdi::store {

/// What QgsVectorLayer::getFeatures gives of one layer (subset string, joins, virtual fields; all fields, in the order of the model), as
/// columns with an index; never changed. Rows are in the source's order.
struct Snapshot {
    std::string version;                    ///< changes whenever the data do; part of every ETag
    std::chrono::system_clock::time_point read_at;
    std::string id_prefix;                  ///< feature ids are "<layer name>.<fid>"
    std::vector<std::int64_t> fids;         ///< QGIS feature id of a row
    table::Table table;
    index::PackedRTree index;               ///< in the layer's CRS
    std::vector<std::int32_t> window_order; ///< all rows in the order in which the source gives those of a window; empty: as they are
    std::vector<std::int32_t> window_place; ///< of every row in that order
    bool complete = true;                   ///< no geometry and no value was left out because a column cannot hold it
    bool exact_window = false;              ///< the source gives the rows whose geometry, not only its box, meets a window
    table::Box whole = table::Box::none();  ///< a window around it has the order of the rows

    /// Row of a feature id, -1: none. Any thread.
    std::int64_t row_of(std::int64_t fid) const;

    /// The coordinates in an offered CRS: x = easting or longitude. Computed once, in parallel, on first use, and kept
    /// within the store's byte limit (else computed for the rows asked for by the caller: nullptr is returned).
    std::shared_ptr<const table::GeometryColumn> geometry_in(const std::string& crs, base::RunContext& run) const;

    std::size_t bytes() const;

    struct Cache;
    std::shared_ptr<Cache> cache;           // shared by all readers of this snapshot: coordinates by CRS, fid lookup
};

}  // namespace stadtgdi::store
