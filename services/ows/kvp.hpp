// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/message.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stadtgdi::ows {

/// The parameters of an OGC request (keyword-value pairs) from the query and from a form sent by POST. Names are
/// case-insensitive, values are not. A name given twice is accepted where both values are equal and refused else, so that
/// every part of the service sees the same value. The typed getters throw OwsException with the parameter as locator.
///     KeyValues kv = KeyValues::of(request);
///     int width = kv.integer("WIDTH", 1, limits.max_width);
class KeyValues {
public:
    KeyValues() = default;
    explicit KeyValues(const std::vector<std::pair<std::string, std::string>>& pairs);
    /// Error(invalid_argument) for a POST body that is no form.
    static KeyValues of(const http::Request& request);

    bool has(std::string_view name) const;                    ///< given, even if empty
    std::optional<std::string> find(std::string_view name) const;  ///< nothing where missing or empty
    std::string get(std::string_view name, std::string_view fallback = {}) const;  ///< fallback where missing or empty
    std::string required(std::string_view name) const;        ///< MissingParameterValue where missing or empty

    /// Whole numbers, strictly: no sign but "-", no blanks, no fraction. InvalidParameterValue outside [minimum, maximum].
    std::int64_t integer(std::string_view name, std::int64_t minimum, std::int64_t maximum) const;  ///< required
    std::int64_t integer_or(std::string_view name, std::int64_t fallback, std::int64_t minimum, std::int64_t maximum) const;
    double number_or(std::string_view name, double fallback, double minimum, double maximum) const;
    bool boolean_or(std::string_view name, bool fallback) const;  ///< TRUE, FALSE, 1, 0 in any case
    /// "a,b,c"; empty members are kept, a missing or empty parameter gives an empty list.
    std::vector<std::string> list(std::string_view name) const;
    /// "(a,b)(c)" gives {{a,b},{c}}; "a,b" gives {{a,b}}.
    std::vector<std::vector<std::string>> groups(std::string_view name) const;

    /// Names in upper case with their values, in the order sent.
    const std::vector<std::pair<std::string, std::string>>& all() const { return m_pairs; }
    /// "NAME=value&..." percent-encoded, without the parameters named, for next and previous links.
    std::string query_without(const std::vector<std::string_view>& names) const;

private:
    std::vector<std::pair<std::string, std::string>> m_pairs;
};

/// Parts between the separator; "" gives one empty part.
std::vector<std::string> split(std::string_view text, char separator);
std::string_view trimmed(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);
std::string upper(std::string_view ascii);
/// A finite decimal number and nothing else, independent of the locale.
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
/// "1b7837" as 0xff1b7837.
std::optional<std::uint32_t> parse_colour(std::string_view six_digits);
/// "(a)(b)": where the bracket ends that the text begins with; npos: nowhere. A document in XML may have brackets inside: it ends
/// where the next one or nothing follows.
std::size_t end_of_bracket(std::string_view text);
/// application/x-www-form-urlencoded: "+" is a blank. Nothing where an escape or the UTF-8 is damaged.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view body);

}  // namespace stadtgdi::ows
