// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/column.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// Reading single values as municipal files write them. No locale is used.
namespace stadtgdi::catalogue::detail {

std::string_view trimmed(std::string_view text);

struct Measure {
    double value;
    std::string unit;  ///< as written behind the number, empty where none is
};

/// "12", "12,5", "1.234,5", "1,00000000e+01", "18 cm", "2.5m". Where both marks occur the later one is the decimal mark.
std::optional<Measure> parse_measure(std::string_view text);

/// What one `from` is in `to`: "cm" to "m" gives 0.01. Nothing where they do not measure the same.
std::optional<double> conversion(std::string_view from, std::string_view to);

/// true, false, yes, no, ja, nein, wahr, falsch, t, f, 1, 0; any case.
std::optional<bool> parse_bool(std::string_view text);

/// A point in time, microseconds since 1970 (UTC). Formats: %Y %m %d %H %M %S and literals, "epoch_ms", "epoch_s"; ISO 8601
/// is tried always. With `central_european_time` the text shows the clock of Central Europe, summer time included.
std::optional<std::int64_t> parse_time(std::string_view text, const std::vector<std::string>& formats, bool central_european_time);
/// The day on which it is: UTC, or the calendar of Central Europe.
std::int32_t day_of(std::int64_t microseconds, bool central_european_time);

/// Bytes of "01e9..."; nothing where it is no hexadecimal text.
std::optional<std::vector<std::uint8_t>> parse_hex(std::string_view text);

}  // namespace stadtgdi::catalogue::detail
