// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/filter_builder.hpp>
#include <pugixml.hpp>

namespace stadtgdi::ows {

/// Reads a filter of OGC Filter 1.0 and 1.1 or FES 2.0: its Filter element. InvalidParameterValue for what is wrong in it,
/// OptionNotSupported for operators and functions that are not offered, OperationParsingFailed for damaged XML and anything with a DOCTYPE.
PredicatePtr read_filter(const pugi::xml_node& filter, const FilterContext& context);
PredicatePtr read_filter(std::string_view xml, const FilterContext& context);

}  // namespace stadtgdi::ows
