// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/rights.hpp>
#include <services/access/visitor.hpp>
#include <services/http/message.hpp>
#include <services/store/published_project.hpp>

namespace stadtgdi::ows {

struct ServiceLimits {
    int max_width = 4096, max_height = 4096;
    std::int64_t max_features = 1'000'000;       ///< of one GetFeature; paging beyond
    std::int64_t default_items = 10, max_items = 10'000;  ///< of OGC API Features
    double max_dpi = 600;
    std::int64_t max_file_bytes = 2'147'483'648;  ///< of a FlatGeobuf, GeoPackage or Shapefile while it is prepared
    std::int64_t tile_features = 20'000;         ///< of one layer in a vector tile
    std::size_t vector_tile_bytes = 1'000'000;   ///< of a vector tile, before it is compressed
    std::size_t tile_cache_bytes = std::size_t{128} << 20;  ///< of tiles kept in memory, all projects together
    std::int64_t tile_seconds = 60;              ///< how long a client may show a tile without asking again
};

/// What a face (WMS, WFS, OGC API Features, map) gets with a request: everything it may look at and nothing else.
/// All of it, and what it refers to, lives until the response and its stream are destroyed.
struct FaceContext {
    const http::Request& request;
    const store::PublishedProject& project;
    const project::ProjectModel& model;   ///< already reduced to what may be seen, its texts in the language of the request
    const access::Rights& rights;
    const ServiceLimits& limits;
    std::string project_url;              ///< base_url + "/" + project id
    base::RunContext& run;
    access::Visitor visitor = {};
};

}  // namespace stadtgdi::ows
