// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/operation/detail/check.hpp>
#include <layers/operation/operation.hpp>
#include <algorithm>
#include <array>
#include <charconv>

namespace stadtgdi::operation {

namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

template <class T> bool read(std::string_view text, T& value)
{
    text = trimmed(text);
    if (text.size() > 1 && text.front() == '+') text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

bool read_box(std::string_view text, table::Box& box)
{
    std::array<double, 4> numbers{};
    for (std::size_t i = 0; i < 4; ++i) {
        const auto comma = text.find(',');
        if ((comma == std::string_view::npos) != (i == 3)) return false;
        if (!read(text.substr(0, comma), numbers[i])) return false;
        if (i < 3) text.remove_prefix(comma + 1);
    }
    box = {numbers[0], numbers[1], numbers[2], numbers[3]};
    return true;
}

bool read_bool(std::string_view text, bool& value)
{
    std::string lower(trimmed(text));
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    value = lower == "true" || lower == "1" || lower == "yes" || lower == "ja" || lower == "on";
    return value || lower == "false" || lower == "0" || lower == "no" || lower == "nein" || lower == "off";
}

}  // namespace

Value value_of(const Parameter& parameter, const std::string& text)
{
    switch (parameter.kind) {
        case Kind::number:
            if (double value = 0; read(text, value)) return value;
            detail::refuse(parameter, text, {"a number such as 2.5", "eine Zahl wie 2.5"});
        case Kind::integer:
            if (std::int64_t value = 0; read(text, value)) return value;
            detail::refuse(parameter, text, {"a whole number", "eine ganze Zahl"});
        case Kind::boolean:
            if (bool value = false; read_bool(text, value)) return value;
            detail::refuse(parameter, text, {"true or false", "true oder false"});
        case Kind::extent:
            if (table::Box value{}; read_box(text, value)) return value;
            detail::refuse(parameter, text, {"xmin,ymin,xmax,ymax", "xmin,ymin,xmax,ymax"});
        case Kind::layer:
        case Kind::field:
        case Kind::text:
        case Kind::choice:
        case Kind::crs: break;
    }
    return text;
}

}  // namespace stadtgdi::operation
