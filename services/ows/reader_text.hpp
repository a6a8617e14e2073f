// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <layers/catalogue/field_role.hpp>
#include <layers/table/column.hpp>
#include <services/project/project_model.hpp>
#include <string>

namespace stadtgdi::ows {

// Fields and values as people read them on pages and maps; machines get them as they are stored.

using catalogue::FieldRole;
FieldRole role_of(const project::PublishedLayer& layer, const project::PublishedField& field);

/// "Baumhöhe [m]" as {"Baumhöhe", "m"}: the unit belongs to the value where one object is shown.
struct FieldLabel {
    std::string text, unit;
};
FieldLabel label_of(const project::PublishedField& field);

/// "57.273" or "57,273"; four digits stand together, so that years stay years. At most three decimals.
std::string number_text(std::int64_t value, base::Language language);
std::string number_text(double value, base::Language language);

/// A value in the reader's language: label of a code, yes or no, number, day; "" where there is none.
std::string value_text(const project::PublishedLayer& layer, const project::PublishedField& field, const table::Column& column, std::size_t row, base::Language language);

/// "© Stadt Leipzig": the sign once, though a source may bring its own. "" for "".
std::string credit_text(const std::string& attribution);

}  // namespace stadtgdi::ows
