// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/validity.hpp>
#include <numeric>
#include <string>
#include <string_view>

namespace stadtgdi::table {

/// Types of a value. date: days since 1970-01-01; datetime: microseconds since 1970-01-01T00:00 UTC.
enum class Type { boolean, int64, float64, text, date, datetime };

std::string_view name_of(Type type);

/// One column of values, immutable and cheap to copy (it shares its buffers). Asking for the wrong type is
/// Error(internal). Null rows hold an unspecified value in the spans: ask valid(row) first.
///     Column c = Column::of_doubles({1.0, 2.5});
///     double sum = std::accumulate(c.doubles().begin(), c.doubles().end(), 0.0);
class Column {
public:
    Column() = default;
    static Column of_bools(Buffer<std::uint8_t> values, Validity validity = {});  ///< one byte a row, 0 or 1
    static Column of_ints(Buffer<std::int64_t> values, Validity validity = {});
    static Column of_doubles(Buffer<double> values, Validity validity = {});
    static Column of_dates(Buffer<std::int32_t> days, Validity validity = {});
    static Column of_datetimes(Buffer<std::int64_t> microseconds, Validity validity = {});
    /// UTF-8 text: row i is chars[offsets[i], offsets[i+1]).
    static Column of_text(Buffer<std::int64_t> offsets, Buffer<char> chars, Validity validity = {});
    static Column of_text(const std::vector<std::string>& values, Validity validity = {});
    /// Dictionary text: row i is dictionary.text(codes[i]); `dictionary` is a plain text column without nulls.
    static Column of_dictionary(Buffer<std::int32_t> codes, Column dictionary, Validity validity = {});

    Type type() const { return m_type; }
    std::size_t size() const { return m_size; }
    const Validity& validity() const { return m_validity; }
    bool valid(std::size_t row) const { return m_validity.valid(row); }

    std::span<const std::uint8_t> bools() const;
    std::span<const std::int64_t> ints() const;
    std::span<const double> doubles() const;
    std::span<const std::int32_t> dates() const;
    std::span<const std::int64_t> datetimes() const;

    bool is_dictionary() const { return m_dictionary != nullptr; }
    std::span<const std::int32_t> codes() const;
    const Column& dictionary() const;
    /// The text of a row of a text column, plain or dictionary; empty for null.
    std::string_view text(std::size_t row) const;
    std::span<const std::int64_t> text_offsets() const;
    std::span<const char> text_chars() const;

    /// A number column (boolean, int64, float64) at a row as double; NaN for null.
    double number(std::size_t row) const;
    /// Any value as people write it (ISO dates, shortest round-trip numbers, true/false); empty for null.
    std::string as_text(std::size_t row) const;

    /// The rows named, in that order; `rows` may repeat.
    Column take(std::span<const std::int64_t> rows) const;
    /// The buffer that keeps the values alive (for NumPy and Arrow).
    const std::shared_ptr<const void>& owner() const;
    /// The buffer that keeps the offsets of plain text alive.
    const std::shared_ptr<const void>& offsets_owner() const { return m_ints.owner(); }
    /// Bytes of the values, dictionary included.
    std::size_t bytes() const;

private:
    void expect(Type type) const;

    Type m_type = Type::int64;
    std::size_t m_size = 0;
    Validity m_validity;
    Buffer<std::uint8_t> m_bools;
    Buffer<std::int64_t> m_ints;  // int64, datetime, offsets of text
    Buffer<double> m_doubles;
    Buffer<std::int32_t> m_int32s;  // date, codes of a dictionary
    Buffer<char> m_chars;
    std::shared_ptr<const Column> m_dictionary;  // shared by the columns taken from one another
};

/// "2024-06-07" for days since 1970; proleptic Gregorian calendar.
std::string date_text(std::int32_t days);
/// "2024-06-07T19:05:41Z", with microseconds where they are not zero.
std::string datetime_text(std::int64_t microseconds);
/// False where the text is not an ISO 8601 calendar date.
bool parse_date(std::string_view text, std::int32_t& days);
/// "2024-06-07T19:05:41[.ffffff][Z|+hh:mm]" or with a blank for T; without offset it is UTC.
bool parse_datetime(std::string_view text, std::int64_t& microseconds);
/// Shortest text that reads back as the same number; integers without a point.
std::string number_text(double value);

}  // namespace stadtgdi::table
