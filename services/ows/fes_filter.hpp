// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/selection.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace stadtgdi::ows {

/// What a filter may name: gives the field of a property, "" for the geometry; throws InvalidParameterValue for others.
using PropertyNames = std::function<std::string(std::string_view value_reference)>;
/// The fid of a resource id; nothing for ids of no feature of the type asked for.
using ResourceIds = std::function<std::optional<std::int64_t>(const std::string& id)>;

/// Reads a filter of FES 2.0 that is a conjunction: BBOX with an Envelope, PropertyIsEqualTo, ResourceId, joined by And (what GDAL
/// and QGIS send for a window and for single features). OptionNotSupported for other operators, OperationParsingFailed for
/// damaged XML and anything with a DOCTYPE. An Envelope without srsName is in `fallback`.
void read_filter(std::string_view xml, const CrsName& fallback, const project::ProjectModel& model, const PropertyNames& names, const ResourceIds& ids,
                 FeatureQuery& query);

}  // namespace stadtgdi::ows
