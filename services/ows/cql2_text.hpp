// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/filter_builder.hpp>

namespace stadtgdi::ows {

enum class Cql2Dialect {
    standard,
    qgis,            ///< as QGIS Server takes it: names in quotes, values, comparisons (!= too), AND, OR, NOT, IN, LIKE, ILIKE, BETWEEN, IS NULL
    qgis_expression  ///< the same with names that need no quotes, and with $id that equals a value or is in a list
};

/// Reads a filter in the text form of CQL2 (OGC 21-065). InvalidParameterValue with the place of what is not understood.
PredicatePtr read_cql2_text(std::string_view text, const FilterContext& context, Cql2Dialect dialect = Cql2Dialect::standard);

}  // namespace stadtgdi::ows
