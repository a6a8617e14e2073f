// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <nlohmann/json_fwd.hpp>

namespace stadtgdi::operation {

/// A value as JSON; an extent is [xmin, ymin, xmax, ymax], no value null.
nlohmann::ordered_json json_of(const Value& value);

}  // namespace stadtgdi::operation
