// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/feature_stream.hpp>

namespace stadtgdi::ows {

/// Features that a client saves: with the names of the type and of its geometry.
struct NamedAnswer {
    const project::PublishedLayer* layer = nullptr;
    std::string type, geometry_name;
    FeatureAnswer answer;
};

/// CSV with its line of names, streamed as send_features does.
void send_csv(http::Response& response, const FaceContext& context, NamedAnswer answer);

enum class FileFormat { flatgeobuf, geopackage, shapefile };

/// FlatGeobuf, GeoPackage (a table for each answer) or zipped Shapefile: written to a file that only we can read, of at most
/// limits.max_file_bytes, and sent from there. Nothing is left behind: the file loses its name before the first byte is sent.
/// InvalidParameterValue of `parameter` where it would be larger.
void send_file(http::Response& response, const FaceContext& context, FileFormat format, const std::vector<NamedAnswer>& answers, std::string_view parameter);

}  // namespace stadtgdi::ows
