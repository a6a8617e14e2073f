// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/row_writer.hpp>
#include <services/ows/selection.hpp>
#include <services/wfs/feature_type.hpp>
#include <services/wfs/format.hpp>

namespace stadtgdi::wfs {

/// One query of a request, understood: which type, which rows, how they are to look.
struct Query {
    const FeatureType* type = nullptr;
    ows::FeatureQuery rows;
    std::vector<std::size_t> fields;   ///< of the type's
    bool with_geometry = true;
    ows::PlaceShown shown = ows::PlaceShown::geometry;
    ows::CrsName crs;
};

/// GetFeature or GetPropertyValue, understood. Start and count go over the rows of all queries, one query after the other.
struct FeatureRequest {
    Version version = Version::v2_0_0;
    Format format = Format::gml_3_2;
    std::vector<Query> queries;
    bool hits = false;
    bool by_id = false;                ///< the answer in GML is the feature itself, without a collection around it
    std::int64_t start = 0, count = 0;
};

FeatureRequest read_feature_request(const ows::FaceContext& context, const ows::KeyValues& kv, const std::vector<FeatureType>& types, Version version);

/// What of the rows of a query is sent, and how.
ows::FeatureShape shape_of(const FeatureRequest& request, const Query& query);
ows::GmlNames gml_names(const FeatureRequest& request, const Query& query);

/// Links to the pages around an answer; empty where there is none, or where the request is too long for an address.
struct Links {
    std::string next, previous;
};
Links links_of(const ows::FaceContext& context, const ows::KeyValues& kv, const FeatureRequest& request, std::int64_t matched, std::int64_t returned);

}  // namespace stadtgdi::wfs
