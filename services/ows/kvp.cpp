// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/target.hpp>
#include <services/http/utf8.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/kvp.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>

namespace stadtgdi::ows {

namespace {

constexpr std::size_t max_parameters = 200;
/// A list is taken apart into texts of their own, which need many times its bytes.
constexpr std::size_t max_members = 100'000;

[[noreturn]] void refuse_number(std::string_view name, const std::string& value, const std::string& range)
{
    throw invalid_parameter(name, base::filled({"{0} is '{1}'; expected is a number{2}.", "{0} ist '{1}'; erwartet wird eine Zahl{2}."}, std::string(name), value, range.empty() ? "" : " " + range));
}

std::string range_text(double minimum, double maximum)
{
    const auto text = [](double v) { return v == std::floor(v) && std::abs(v) < 1e15 ? std::to_string(static_cast<std::int64_t>(v)) : std::to_string(v); };
    // A limit that no number of the request can reach is no news.
    if (maximum >= 9e18 || !std::isfinite(maximum)) return minimum <= -9e18 || !std::isfinite(minimum) ? "" : ">= " + text(minimum);
    return "[" + text(minimum) + ", " + text(maximum) + "]";
}

}  // namespace

KeyValues::KeyValues(const std::vector<std::pair<std::string, std::string>>& pairs)
{
    if (pairs.size() > max_parameters)
        throw OwsException(Code::no_applicable_code, "", {"The request has more than 200 parameters.", "Die Anfrage hat mehr als 200 Parameter."}, 400);
    for (const auto& [name, value] : pairs) {
        if (std::ranges::count_if(value, [](char c) { return c == ',' || c == ';' || c == '('; }) > static_cast<std::ptrdiff_t>(max_members))
            throw invalid_parameter(name, base::filled({"{0} has more than {1} members.", "{0} hat mehr als {1} Teile."}, name, std::to_string(max_members)));
        std::string key = upper(name);
        const auto same = std::find_if(m_pairs.begin(), m_pairs.end(), [&](const auto& p) { return p.first == key; });
        if (same == m_pairs.end())
            m_pairs.emplace_back(std::move(key), value);
        else if (same->second != value)
            throw invalid_parameter(name, base::filled({"Parameter '{0}' is given twice with different values.", "Der Parameter '{0}' ist zweimal mit verschiedenen Werten angegeben."}, name));
    }
}

KeyValues KeyValues::of(const http::Request& request)
{
    auto pairs = request.parameters;
    if (request.method == "POST" && !request.body.empty()) {
        const std::string type = request.header("content-type");
        if (!type.empty() && !equal_ignoring_case(trimmed(std::string_view(type).substr(0, type.find(';'))), "application/x-www-form-urlencoded"))
            throw OwsException(Code::operation_not_supported, "", {"POST takes parameters as application/x-www-form-urlencoded and XML as text/xml or application/xml.",
                                "POST nimmt Parameter als application/x-www-form-urlencoded und XML als text/xml oder application/xml an."});
        auto form = parse_form(request.body);
        if (!form) throw OwsException(Code::operation_parsing_failed, "", {"The form has a damaged escape or is not UTF-8.", "Das Formular hat eine fehlerhafte Kodierung oder ist kein UTF-8."});
        pairs.insert(pairs.end(), form->begin(), form->end());
    }
    return KeyValues(pairs);
}

bool KeyValues::has(std::string_view name) const
{
    return std::any_of(m_pairs.begin(), m_pairs.end(), [&](const auto& p) { return equal_ignoring_case(p.first, name); });
}

std::optional<std::string> KeyValues::find(std::string_view name) const
{
    for (const auto& [key, value] : m_pairs)
        if (equal_ignoring_case(key, name) && !value.empty()) return value;
    return std::nullopt;
}

std::string KeyValues::get(std::string_view name, std::string_view fallback) const { return find(name).value_or(std::string(fallback)); }

std::string KeyValues::required(std::string_view name) const
{
    if (auto value = find(name)) return *value;
    throw missing_parameter(name);
}

std::int64_t KeyValues::integer(std::string_view name, std::int64_t minimum, std::int64_t maximum) const
{
    const std::string text = required(name);
    const auto value = parse_integer(text);
    if (!value || *value < minimum || *value > maximum) refuse_number(name, text, range_text(static_cast<double>(minimum), static_cast<double>(maximum)));
    return *value;
}

std::int64_t KeyValues::integer_or(std::string_view name, std::int64_t fallback, std::int64_t minimum, std::int64_t maximum) const
{
    return find(name) ? integer(name, minimum, maximum) : fallback;
}

double KeyValues::number_or(std::string_view name, double fallback, double minimum, double maximum) const
{
    const auto text = find(name);
    if (!text) return fallback;
    const auto value = parse_number(*text);
    if (!value || *value < minimum || *value > maximum) refuse_number(name, *text, range_text(minimum, maximum));
    return *value;
}

bool KeyValues::boolean_or(std::string_view name, bool fallback) const
{
    const auto text = find(name);
    if (!text) return fallback;
    if (equal_ignoring_case(*text, "TRUE") || *text == "1") return true;
    if (equal_ignoring_case(*text, "FALSE") || *text == "0") return false;
    throw invalid_parameter(name, base::filled({"{0} is '{1}'; expected is TRUE or FALSE.", "{0} ist '{1}'; erwartet wird TRUE oder FALSE."}, std::string(name), *text));
}

std::vector<std::string> KeyValues::list(std::string_view name) const
{
    const auto text = find(name);
    return text ? split(*text, ',') : std::vector<std::string>{};
}

namespace {

/// Where the bracket at the beginning is closed; names may have brackets in pairs.
std::size_t end_of_group(std::string_view text)
{
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
        if (depth == 0) return i;
    }
    return std::string_view::npos;
}

}  // namespace

std::vector<std::vector<std::string>> KeyValues::groups(std::string_view name) const
{
    std::vector<std::vector<std::string>> result;
    const auto text = find(name);
    if (!text) return result;
    if (text->front() != '(') return {split(*text, ',')};
    std::string_view rest = *text;
    while (!rest.empty()) {
        const auto close = end_of_group(rest);
        if (rest.front() != '(' || close == std::string_view::npos)
            throw invalid_parameter(name, base::filled({"{0} has unbalanced parentheses.", "{0} hat unpaarige Klammern."}, std::string(name)));
        result.push_back(split(rest.substr(1, close - 1), ','));
        rest.remove_prefix(close + 1);
        if (!rest.empty() && rest.front() == ',') rest.remove_prefix(1);
    }
    return result;
}

std::string KeyValues::query_without(const std::vector<std::string_view>& names) const
{
    std::string query;
    for (const auto& pair : m_pairs) {
        if (std::any_of(names.begin(), names.end(), [&](std::string_view n) { return equal_ignoring_case(n, pair.first); })) continue;
        if (!query.empty()) query += '&';
        query += http::percent_encoded(pair.first) + "=" + http::percent_encoded(pair.second);
    }
    return query;
}

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(separator);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

std::string_view trimmed(std::string_view text)
{
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b)
{
    const auto low = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return low(x) == low(y); });
}

std::string upper(std::string_view ascii)
{
    std::string text(ascii);
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return text;
}

std::optional<double> parse_number(std::string_view text)
{
    if (!text.empty() && text.front() == '+') text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parse_integer(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::uint32_t> parse_colour(std::string_view six_digits)
{
    std::uint32_t value = 0;
    if (six_digits.size() != 6 || std::from_chars(six_digits.data(), six_digits.data() + 6, value, 16).ptr != six_digits.data() + 6) return std::nullopt;
    return 0xff000000U | value;
}

std::size_t end_of_bracket(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    constexpr auto nowhere = std::string_view::npos;
    if (!text.starts_with('(')) return nowhere;
    text = text.substr(0, text.find_last_not_of(blanks) + 1);
    const std::size_t first = text.find_first_not_of(blanks, 1);
    if (first == nowhere || text[first] != '<') return text.find(')');
    for (std::size_t close = text.find(')'); close != nowhere; close = text.find(')', close + 1)) {
        if (text[text.find_last_not_of(blanks, close - 1)] != '>') continue;
        const std::size_t next = text.find_first_not_of(blanks, close + 1);
        if (next == nowhere || text.substr(next, 2) == "()") return close;
        const std::size_t inside = text[next] == '(' ? text.find_first_not_of(blanks, next + 1) : nowhere;
        if (inside != nowhere && text[inside] == '<' && text.substr(inside, 2) != "</") return close;
    }
    return nowhere;
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view body)
{
    const auto decoded = [](std::string_view text) {
        auto plain = http::percent_decoded(text, true);
        return plain && http::is_utf8(*plain) && plain->find('\0') == std::string::npos ? plain : std::nullopt;
    };
    std::vector<std::pair<std::string, std::string>> pairs;
    // One more than KeyValues takes is enough to be refused there.
    while (!body.empty() && pairs.size() <= max_parameters) {
        const std::string_view part = body.substr(0, body.find('&'));
        body.remove_prefix(std::min(part.size() + 1, body.size()));
        if (part.empty()) continue;
        const auto equals = part.find('=');
        auto name = decoded(part.substr(0, equals));
        auto value = equals == std::string_view::npos ? std::optional<std::string>("") : decoded(part.substr(equals + 1));
        if (!name || !value) return std::nullopt;
        pairs.emplace_back(std::move(*name), std::string(trimmed(*value)));
    }
    return pairs;
}

}  // namespace stadtgdi::ows
