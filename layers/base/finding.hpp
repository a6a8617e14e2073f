// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace stadtgdi::base {

enum class Severity { info, warning, error };

std::string_view name_of(Severity severity);

/// What is doubtful about one row: a result, not an exception. Every input row ends in an output or in a finding.
struct Finding {
    std::string rule;                   ///< id of the rule or step, e.g. "V104" or "import.geometry"
    Severity severity = Severity::warning;
    std::string file;                   ///< source file, empty when the store itself was read
    std::string layer;
    std::int64_t row = -1;              ///< zero-based row of the source, -1: the whole layer
    std::string uuid;                   ///< of the object, where it has one
    std::string field;
    std::string value;                  ///< as found
    Text message;                       ///< what was expected and what to do
    std::optional<double> x, y;         ///< place, in the layer's CRS

    friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace stadtgdi::base
