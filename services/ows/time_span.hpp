// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace stadtgdi::ows {

/// Both sides included; microseconds since 1970.
struct TimeSpan {
    std::int64_t from = std::numeric_limits<std::int64_t>::min(), to = std::numeric_limits<std::int64_t>::max();
};

/// "2020", "2020-06", "2020-06-07", "2020-06-07T10Z", "2020-06-07T10:30Z": from its beginning to its last microsecond, in UTC
/// with or without the Z; with seconds it is that instant. Nothing for other texts.
std::optional<TimeSpan> span_of_time(std::string_view text);

}  // namespace stadtgdi::ows
