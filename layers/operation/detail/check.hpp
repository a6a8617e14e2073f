// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <span>

namespace stadtgdi::operation::detail {

/// "a, b, c"
std::string joined(std::span<const std::string> words);
/// A value as it goes into a message.
std::string shown(const Value& value);
/// Those of `known` that are a slip of the pen away from `name`, nearest first; ties in the order of `known`.
std::vector<std::string> near_names(std::string_view name, std::span<const std::string> known);

/// Error(invalid_argument): "Parameter 'x': found '...', expected ...".
[[noreturn]] void refuse(const Parameter& parameter, const std::string& found, const Text& expected);
[[noreturn]] void refuse_missing(const Operation& operation, const Parameter& parameter);

/// The layer as the operation may rely on it: right geometry, right CRS; multi points of one point each become points.
table::Table checked_layer(const Parameter& parameter, table::Table layer);
/// The value in the type of the parameter's kind (number: double, integer: int64, choice: text ...).
Value checked_value(const Parameter& parameter, Value value, const Inputs& inputs);

}  // namespace stadtgdi::operation::detail
