// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/column.hpp>
#include <services/ows/escape.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/text_buffer.hpp>
#include <cmath>

namespace stadtgdi::ows {

enum class Syntax { json, xml, csv };

/// How the values of one column become text, planned once per request: what stands before and after a value, what
/// stands for null, and every entry of a dictionary with all of that, escaped once, unless there are more of them than `rows`.
struct PropertyPlan {
    table::Type type = table::Type::text;
    const table::Column* column = nullptr;
    Syntax syntax = Syntax::json;
    PaddedText before, after, null;
    PaddedTexts entries;               ///< of a dictionary; of booleans: false, true
    const std::int32_t* codes = nullptr;
    bool nullable = false;
    std::size_t room = 0;              ///< bytes of the longest value, with what stands around it; plain text aside

    /// `before` and `after` stand around numbers; `quote` comes between them and texts, dates and times.
    PropertyPlan(const table::Column& values, Syntax format, std::string_view before_value, std::string_view after_value, std::string_view null_text,
                 std::string_view quote, std::int64_t rows);

    bool is_plain_text() const { return type == table::Type::text && codes == nullptr; }
    /// Of a plain text, beyond `room`.
    std::size_t room_of(std::size_t row) const { return column->text(row).size() * longest_escape; }

    char* put_value(char* out, std::size_t row) const
    {
        if (nullable && !column->valid(row)) return put(out, null);
        switch (type) {
        case table::Type::text:
            if (codes != nullptr) return entries.put_entry(out, static_cast<std::size_t>(codes[row]));
            out = put(out, before);
            out = put_escaped_text(out, column->text(row));
            return put(out, after);
        case table::Type::boolean: return entries.put_entry(out, m_bools[row]);
        case table::Type::int64: return put(put_integer(put(out, before), m_ints[row]), after);
        case table::Type::float64:
            if (!std::isfinite(m_doubles[row])) return put(out, null);
            out = put(out, before);
            out = syntax == Syntax::json ? put_real(out, m_doubles[row]) : put_double(out, m_doubles[row]);
            return put(out, after);
        case table::Type::date: return put(put_date(put(out, before), m_dates[row]), after);
        case table::Type::datetime: return put(put_datetime(put(out, before), m_ints[row]), after);
        }
        return out;
    }

private:
    char* put_escaped_text(char* out, std::string_view text) const
    {
        switch (syntax) {
        case Syntax::json: return put_json(out, text);
        case Syntax::xml: return put_xml(out, text);
        case Syntax::csv: break;
        }
        return put_csv(out, text);
    }

    const std::uint8_t* m_bools = nullptr;
    const std::int64_t* m_ints = nullptr;
    const double* m_doubles = nullptr;
    const std::int32_t* m_dates = nullptr;
};

}  // namespace stadtgdi::ows
