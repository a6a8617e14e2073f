// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/feature_stream.hpp>
#include <services/wfs/query.hpp>

namespace stadtgdi::wfs {

/// The answer to one query: its head and tail are still to be written.
struct Part {
    const Query* query = nullptr;
    ows::FeatureAnswer answer;
};

/// What stands in the root of an answer.
struct Summary {
    std::int64_t matched = 0, returned = 0;
    Links links;
};

/// The namespaces and schemas of an answer in GML, as attributes.
std::string gml_attributes(const ows::FaceContext& context, const std::vector<Part>& parts, Version form);
/// numberMatched and all that comes with it in WFS 2.0.0, as attributes.
std::string paging_attributes(const Summary& summary);

// Sets heads, tails and writers, so that the answers one after the other are one document. In WFS 2.0.0 several queries
// give a collection each, inside of one around them; in 1.x and in GeoJSON one collection has the features of all.
void write_gml(const ows::FaceContext& context, const FeatureRequest& request, const Summary& summary, std::vector<Part>& parts);
void write_geojson(const Summary& summary, std::vector<Part>& parts);

}  // namespace stadtgdi::wfs
