// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/table/column.hpp>
#include <algorithm>
#include <limits>

namespace stadtgdi::table {

namespace {

[[noreturn]] void wrong_type(std::string_view found, std::string_view expected)
{
    throw Error(ErrorKind::internal, base::filled({"A column of type {0} was read as {1}.", "Eine Spalte vom Typ {0} wurde als {1} gelesen."},
                                                  found, expected));
}

[[noreturn]] void damaged(const char* en, const char* de) { throw Error(ErrorKind::internal, {en, de}); }

void check_validity(const Validity& validity, std::size_t size)
{
    if (!validity.bits().empty() && validity.bits().size() * 8 < size)
        damaged("A column has fewer validity bits than rows.", "Eine Spalte hat weniger Gültigkeitsbits als Zeilen.");
}

template <class T> Buffer<T> taken(std::span<const T> values, std::span<const std::int64_t> rows)
{
    std::vector<T> out(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = values[static_cast<std::size_t>(rows[i])];
    return out;
}

}  // namespace

std::string_view name_of(Type type)
{
    switch (type) {
        case Type::boolean: return "boolean";
        case Type::int64: return "int64";
        case Type::float64: return "float64";
        case Type::text: return "text";
        case Type::date: return "date";
        case Type::datetime: return "datetime";
    }
    return "unknown";
}

Column Column::of_bools(Buffer<std::uint8_t> values, Validity validity)
{
    Column out;
    out.m_type = Type::boolean;
    out.m_size = values.size();
    out.m_bools = std::move(values);
    out.m_validity = std::move(validity);
    check_validity(out.m_validity, out.m_size);
    return out;
}

Column Column::of_ints(Buffer<std::int64_t> values, Validity validity)
{
    Column out;
    out.m_type = Type::int64;
    out.m_size = values.size();
    out.m_ints = std::move(values);
    out.m_validity = std::move(validity);
    check_validity(out.m_validity, out.m_size);
    return out;
}

Column Column::of_doubles(Buffer<double> values, Validity validity)
{
    Column out;
    out.m_type = Type::float64;
    out.m_size = values.size();
    out.m_doubles = std::move(values);
    out.m_validity = std::move(validity);
    check_validity(out.m_validity, out.m_size);
    return out;
}

Column Column::of_dates(Buffer<std::int32_t> days, Validity validity)
{
    Column out;
    out.m_type = Type::date;
    out.m_size = days.size();
    out.m_int32s = std::move(days);
    out.m_validity = std::move(validity);
    check_validity(out.m_validity, out.m_size);
    return out;
}

Column Column::of_datetimes(Buffer<std::int64_t> microseconds, Validity validity)
{
    Column out = of_ints(std::move(microseconds), std::move(validity));
    out.m_type = Type::datetime;
    return out;
}

Column Column::of_text(Buffer<std::int64_t> offsets, Buffer<char> chars, Validity validity)
{
    if (offsets.empty()) offsets = Buffer<std::int64_t>{0};
    if (offsets[0] < 0 || offsets[offsets.size() - 1] > static_cast<std::int64_t>(chars.size()))
        damaged("The offsets of a text column point outside its characters.", "Die Versätze einer Textspalte zeigen hinter deren Zeichen.");
    Column out;
    out.m_type = Type::text;
    out.m_size = offsets.size() - 1;
    out.m_ints = std::move(offsets);
    out.m_chars = std::move(chars);
    out.m_validity = std::move(validity);
    check_validity(out.m_validity, out.m_size);
    return out;
}

Column Column::of_text(const std::vector<std::string>& values, Validity validity)
{
    std::vector<std::int64_t> offsets{0};
    std::vector<char> chars;
    offsets.reserve(values.size() + 1);
    for (const std::string& value : values) {
        chars.insert(chars.end(), value.begin(), value.end());
        offsets.push_back(static_cast<std::int64_t>(chars.size()));
    }
    return of_text(std::move(offsets), std::move(chars), std::move(validity));
}

Column Column::of_dictionary(Buffer<std::int32_t> codes, Column dictionary, Validity validity)
{
    if (dictionary.type() != Type::text || dictionary.is_dictionary() || !dictionary.validity().all_valid())
        damaged("A dictionary must be a plain text column without nulls.", "Ein Wörterbuch muss eine einfache Textspalte ohne Leerwerte sein.");
    Column out;
    out.m_type = Type::text;
    out.m_size = codes.size();
    out.m_int32s = std::move(codes);
    out.m_validity = std::move(validity);
    check_validity(out.m_validity, out.m_size);
    const auto values = static_cast<std::int64_t>(dictionary.size());
    for (std::size_t row = 0; row < out.m_size; ++row) {
        if (out.m_int32s[row] >= 0 && out.m_int32s[row] < values) continue;
        if (out.valid(row)) damaged("A text code points outside its dictionary.", "Ein Textcode zeigt hinter das Ende seines Wörterbuchs.");
    }
    out.m_dictionary = std::make_shared<const Column>(std::move(dictionary));
    return out;
}

void Column::expect(Type type) const
{
    if (m_type != type) wrong_type(name_of(m_type), name_of(type));
}

std::span<const std::uint8_t> Column::bools() const
{
    expect(Type::boolean);
    return m_bools.span();
}

std::span<const std::int64_t> Column::ints() const
{
    expect(Type::int64);
    return m_ints.span();
}

std::span<const double> Column::doubles() const
{
    expect(Type::float64);
    return m_doubles.span();
}

std::span<const std::int32_t> Column::dates() const
{
    expect(Type::date);
    return m_int32s.span();
}

std::span<const std::int64_t> Column::datetimes() const
{
    expect(Type::datetime);
    return m_ints.span();
}

std::span<const std::int32_t> Column::codes() const
{
    expect(Type::text);
    if (!m_dictionary) wrong_type("text", "dictionary text");
    return m_int32s.span();
}

const Column& Column::dictionary() const
{
    expect(Type::text);
    if (!m_dictionary) wrong_type("text", "dictionary text");
    return *m_dictionary;
}

std::string_view Column::text(std::size_t row) const
{
    expect(Type::text);
    if (!valid(row)) return {};
    if (m_dictionary) return m_dictionary->text(static_cast<std::size_t>(m_int32s[row]));
    const auto begin = static_cast<std::size_t>(m_ints[row]);
    return {m_chars.data() + begin, static_cast<std::size_t>(m_ints[row + 1]) - begin};
}

std::span<const std::int64_t> Column::text_offsets() const
{
    expect(Type::text);
    if (m_dictionary) wrong_type("dictionary text", "plain text");
    return m_ints.span();
}

std::span<const char> Column::text_chars() const
{
    expect(Type::text);
    if (m_dictionary) wrong_type("dictionary text", "plain text");
    return m_chars.span();
}

double Column::number(std::size_t row) const
{
    if (!valid(row)) return std::numeric_limits<double>::quiet_NaN();
    switch (m_type) {
        case Type::boolean: return m_bools[row] != 0 ? 1.0 : 0.0;
        case Type::int64: return static_cast<double>(m_ints[row]);
        case Type::float64: return m_doubles[row];
        default: wrong_type(name_of(m_type), "number");
    }
}

std::string Column::as_text(std::size_t row) const
{
    if (!valid(row)) return {};
    switch (m_type) {
        case Type::boolean: return m_bools[row] != 0 ? "true" : "false";
        case Type::int64: return std::to_string(m_ints[row]);
        case Type::float64: return number_text(m_doubles[row]);
        case Type::text: return std::string(text(row));
        case Type::date: return date_text(m_int32s[row]);
        case Type::datetime: return datetime_text(m_ints[row]);
    }
    return {};
}

Column Column::take(std::span<const std::int64_t> rows) const
{
    Column out;
    out.m_type = m_type;
    out.m_size = rows.size();
    out.m_validity = m_validity.take(rows);
    out.m_dictionary = m_dictionary;
    switch (m_type) {
        case Type::boolean: out.m_bools = taken(m_bools.span(), rows); break;
        case Type::int64:
        case Type::datetime: out.m_ints = taken(m_ints.span(), rows); break;
        case Type::float64: out.m_doubles = taken(m_doubles.span(), rows); break;
        case Type::date: out.m_int32s = taken(m_int32s.span(), rows); break;
        case Type::text: {
            if (m_dictionary) {
                out.m_int32s = taken(m_int32s.span(), rows);
                break;
            }
            std::vector<std::int64_t> offsets(rows.size() + 1, 0);
            for (std::size_t i = 0; i < rows.size(); ++i)
                offsets[i + 1] = offsets[i] + static_cast<std::int64_t>(text(static_cast<std::size_t>(rows[i])).size());
            std::vector<char> chars(static_cast<std::size_t>(offsets.back()));
            for (std::size_t i = 0; i < rows.size(); ++i) {
                const std::string_view value = text(static_cast<std::size_t>(rows[i]));
                std::copy(value.begin(), value.end(), chars.begin() + offsets[i]);
            }
            out.m_ints = std::move(offsets);
            out.m_chars = std::move(chars);
            break;
        }
    }
    return out;
}

const std::shared_ptr<const void>& Column::owner() const
{
    switch (m_type) {
        case Type::boolean: return m_bools.owner();
        case Type::float64: return m_doubles.owner();
        case Type::date: return m_int32s.owner();
        case Type::text: return m_dictionary ? m_int32s.owner() : m_chars.owner();
        default: return m_ints.owner();
    }
}

std::size_t Column::bytes() const
{
    return m_bools.size() + m_ints.size() * 8 + m_doubles.size() * 8 + m_int32s.size() * 4 + m_chars.size() + m_validity.bits().size()
           + (m_dictionary ? m_dictionary->bytes() : 0);
}

}  // namespace stadtgdi::table
