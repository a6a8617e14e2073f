// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>
#include <services/wfs/version.hpp>

namespace stadtgdi::wfs {

// One function a request, one file each.
http::Response get_capabilities(const ows::FaceContext& context, const ows::KeyValues& kv);
http::Response describe_feature_type(const ows::FaceContext& context, const ows::KeyValues& kv, Version version);
http::Response list_stored_queries(const ows::FaceContext& context);
http::Response describe_stored_queries(const ows::FaceContext& context, const ows::KeyValues& kv);
http::Response get_feature(const ows::FaceContext& context, const ows::KeyValues& kv, Version version);
http::Response get_property_value(const ows::FaceContext& context, const ows::KeyValues& kv);

/// The stored query that every WFS has, by its URI or its older URN.
bool is_get_feature_by_id(std::string_view query_id);

}  // namespace stadtgdi::wfs
