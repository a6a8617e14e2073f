// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <nlohmann/json.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::cli {

using Json = nlohmann::ordered_json;

/// Indented; bytes that are not UTF-8 (from damaged files) are replaced.
std::string dumped(const Json& json);

/// Lines with columns under each other, as wide as their widest cell in characters (not bytes).
std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// "57,273" or "57.273".
std::string grouped(std::int64_t number, bool german);

/// Characters of UTF-8 text.
std::size_t width_of(std::string_view text);

}  // namespace stadtgdi::cli
