// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/wfs/feature_type.hpp>
#include <services/wfs/format.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::wfs {

// What the capabilities of all versions are made of.

/// "" for "".
std::string element(std::string_view name, std::string_view text);
std::string keywords(const std::vector<std::string>& words);
/// ows:ServiceIdentification and ows:ServiceProvider of 2.0.0 and 1.1.0.
std::string identification(const project::ProjectModel& model, Version version);
std::string provider(const project::ProjectModel& model);
/// "" where it is not known.
std::string ows_wgs84_box(const project::PublishedLayer& layer);
std::string number(double coordinate);

/// ows:Operation by GET and POST.
std::string operation(std::string_view name, const std::string& url, const std::string& content);

/// All that GetFeature gives, the version's own GML first.
std::vector<std::string_view> output_formats(Version version);
/// All that DescribeFeatureType gives.
std::vector<std::string_view> schema_formats(Version version);

/// One function a version; `url` is the end point.
std::string capabilities_2_0(const ows::FaceContext& context, const std::string& url, const std::vector<std::string>& sections);
std::string capabilities_1_1(const ows::FaceContext& context, const std::string& url, const std::vector<std::string>& sections);
std::string capabilities_1_0(const ows::FaceContext& context, const std::string& url);

/// Whether the parts that a client asked for (all, where it named none) have this one.
bool wanted(const std::vector<std::string>& sections, std::string_view name);

}  // namespace stadtgdi::wfs
