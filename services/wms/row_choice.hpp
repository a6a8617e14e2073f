// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/crs_names.hpp>
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>
#include <services/render/map_spec.hpp>

#include <pugixml.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::wms {

/// Feature ids in ascending order; null: all rows. Shared by copies of a layer of a map.
using Fids = std::shared_ptr<const std::vector<std::int64_t>>;
Fids common(const Fids& a, const Fids& b);

/// Reads FILTER, the dimensions (TIME, ELEVATION, DIM_*) and SELECTION into the layers of a map: which rows are drawn, and which of
/// them in the colour of selections. Gives the warnings that defaults of dimensions were used, as WMS wants them in a header.
///     FILTER=trees:"species" = 'Tilia' AND "height_m" > 10;parks:"name" LIKE 'A%'
///     FILTER=(<Filter>...</Filter>)(<Filter>...</Filter>)     one for each of LAYERS, else of QUERY_LAYERS
///     SELECTION=trees:1,2,3;parks:7
std::vector<std::string> choose_rows(const ows::FaceContext& context, const ows::KeyValues& kv, std::vector<render::MapSpec::Layer>& layers);

/// The rows that an OGC filter takes, by the fields that may be seen. Errors name `parameter`.
Fids fids_by_filter(const ows::FaceContext& context, const project::PublishedLayer& layer, const pugi::xml_node& filter, std::string_view parameter);
/// The rows that meet a geometry.
Fids fids_meeting(const ows::FaceContext& context, const project::PublishedLayer& layer, const std::string& wkt, const ows::CrsName& crs, std::string_view parameter);
Fids all_fids(const ows::FaceContext& context, const project::PublishedLayer& layer);

}  // namespace stadtgdi::wms
