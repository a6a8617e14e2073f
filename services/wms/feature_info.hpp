// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/project_model.hpp>
#include <services/store/snapshot.hpp>

#include <memory>
#include <string>
#include <vector>

namespace stadtgdi::wms {

/// The features of one layer under the point asked for, nearest first.
struct LayerHits {
    const project::PublishedLayer* layer = nullptr;
    std::shared_ptr<const store::Snapshot> snapshot;  // shared with the store
    std::vector<std::int64_t> rows;                   ///< of the snapshot
    table::GeometryColumn geometry;                   ///< of these rows, in their order, in the CRS of the request; none of a raster
    std::int64_t matched = 0;                         ///< features there, of which these are the first; not of a raster
    std::vector<std::string> map_tips = {};           ///< HTML of each row; empty where they are not wanted
    bool is_raster() const { return layer->type == project::LayerType::raster; }  ///< one row: the values of its bands
};

/// A field as people see it.
struct ShownField {
    std::string name;
    std::string label;  ///< alias, else the name
    const table::Column* column = nullptr;
    const project::PublishedField* field = nullptr;
};

/// Fields that WMS may show, in the order of the layer.
std::vector<ShownField> shown_fields(const LayerHits& hits);
/// The value as text, codes as their label; empty for null.
std::string shown_value(const ShownField& field, std::int64_t row);
/// "trees_tree.17"; of a raster its name alone.
std::string feature_id(const LayerHits& hits, std::int64_t row);

}  // namespace stadtgdi::wms
