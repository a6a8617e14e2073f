// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/filter_builder.hpp>

namespace stadtgdi::ows {

/// Reads a filter in the JSON form of CQL2 (OGC 21-065). Errors as read_cql2_text.
PredicatePtr read_cql2_json(std::string_view text, const FilterContext& context);

}  // namespace stadtgdi::ows
