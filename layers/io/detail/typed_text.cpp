// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/sources.hpp>
#include <layers/table/table_builder.hpp>

#include <cctype>
#include <charconv>

namespace stadtgdi::io::detail {
namespace {

using table::Column;
using table::Type;

/// Digits that lose nothing as a number: no leading zero ("01219" is a key), no more than 18.
bool is_whole(std::string_view text)
{
    if (!text.empty() && text.front() == '-')
        text.remove_prefix(1);
    if (text.empty() || text.size() > 18 || (text.front() == '0' && text.size() > 1))
        return false;
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_real(std::string_view text)
{
    const std::size_t start = !text.empty() && text.front() == '-' ? 1 : 0;
    if (start >= text.size() || !std::isdigit(static_cast<unsigned char>(text[start])))
        return false;
    if (text[start] == '0' && start + 1 < text.size() && std::isdigit(static_cast<unsigned char>(text[start + 1])))
        return false;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() && text.back() != '.';
}

bool is_a(Type type, std::string_view text)
{
    std::int32_t days = 0;
    std::int64_t micros = 0;
    switch (type) {
    case Type::boolean: return text == "true" || text == "false";
    case Type::int64: return is_whole(text) && text != "-0";
    case Type::float64: return is_real(text);
    case Type::date: return text.size() == 10 && table::parse_date(text, days);
    case Type::datetime: return text.size() >= 19 && table::parse_datetime(text, micros);
    case Type::text: return true;
    }
    return false;
}

void add_as(table::ColumnBuilder& builder, std::string_view text)
{
    switch (builder.type()) {
    case Type::boolean: builder.add(text == "true"); break;
    case Type::int64: {
        std::int64_t value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        builder.add(value);
        break;
    }
    case Type::float64: {
        double value = 0;
        std::from_chars(text.data(), text.data() + text.size(), value);
        builder.add(value);
        break;
    }
    case Type::date: {
        std::int32_t days = 0;
        table::parse_date(text, days);
        builder.add_date(days);
        break;
    }
    case Type::datetime: {
        std::int64_t micros = 0;
        table::parse_datetime(text, micros);
        builder.add(micros);
        break;
    }
    case Type::text: builder.add(text); break;
    }
}

}  // namespace

Column typed(const Column& text)
{
    if (text.validity().null_count() == text.size())
        return text;
    for (const Type type : {Type::int64, Type::float64, Type::boolean, Type::date, Type::datetime}) {
        bool all = true;
        if (text.is_dictionary()) {
            for (std::size_t i = 0; all && i < text.dictionary().size(); ++i)
                all = is_a(type, text.dictionary().text(i));
        } else {
            for (std::size_t row = 0; all && row < text.size(); ++row)
                all = !text.valid(row) || is_a(type, text.text(row));
        }
        if (!all)
            continue;
        table::ColumnBuilder builder(type);
        builder.reserve(text.size());
        for (std::size_t row = 0; row < text.size(); ++row) {
            if (text.valid(row))
                add_as(builder, text.text(row));
            else
                builder.add_null();
        }
        return std::move(builder).finish();
    }
    return text;
}

}  // namespace stadtgdi::io::detail
