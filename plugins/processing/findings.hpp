// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/finding.hpp>
#include <layers/operation/operation.hpp>
#include <string>
#include <vector>

namespace stadtgdi::processing {

/// The CRS of the first layer that has one: findings have their places in it.
std::string crs_of_layers(const operation::Inputs& inputs);

/// Findings as a point layer: severity, rule, layer, row, uuid, field, value, message.
table::Table findings_table(const std::vector<base::Finding>& findings, const std::string& crs, base::Language language);

}  // namespace stadtgdi::processing
