// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/kvp.hpp>
#include <string_view>

namespace stadtgdi::wfs {

enum class Version { v1_0_0, v1_1_0, v2_0_0 };

std::string_view text_of(Version version);

/// Of GetCapabilities: the first that ACCEPTVERSIONS names and we speak; of VERSION alone the one asked for, else the next
/// lower one, else the lowest; without both the highest. VersionNegotiationFailed, InvalidParameterValue.
Version negotiated_version(const ows::KeyValues& kv);

/// Of all other requests. A missing one is passed over: 2.0.0. InvalidParameterValue for those that are not spoken.
Version version_of(const ows::KeyValues& kv);

/// Namespaces and places of schemas that differ between the versions.
std::string_view wfs_namespace(Version version);
std::string_view gml_namespace(Version version);   ///< of the version's own GML: 2.1.2, 3.1.1, 3.2
std::string_view wfs_schema(Version version);      ///< of answers
std::string_view gml_schema(Version version);

}  // namespace stadtgdi::wfs
