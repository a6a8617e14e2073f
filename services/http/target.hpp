// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/message.hpp>
#include <services/http/refusal.hpp>

namespace stadtgdi::http {

struct TargetLimits {
    std::size_t bytes = 16384;
    std::size_t parameters = 1000;
};

/// Fills path, segments and parameters of the request from the request target as sent ("/leipzig/ows?SERVICE=WMS"; the
/// absolute form "http://host/path" counts like its path). In the query '+' is a space, '&' separates, of equal names
/// the first counts. Refuses bad percent-codes, bytes that are not UTF-8, NUL, and paths with "." or ".." (404: nothing
/// is there, and nobody learns what else might be).
std::optional<Refusal> read_target(std::string_view target, const TargetLimits& limits, Request& request);

/// nullopt for a '%' without two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

}  // namespace stadtgdi::http
