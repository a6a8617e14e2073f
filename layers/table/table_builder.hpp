// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/table.hpp>
#include <unordered_map>

namespace stadtgdi::table {

/// Builds one column value by value. Text becomes a dictionary where that is smaller (few distinct values).
class ColumnBuilder {
public:
    explicit ColumnBuilder(Type type);
    ColumnBuilder(ColumnBuilder&&) noexcept = default;
    ColumnBuilder& operator=(ColumnBuilder&&) noexcept = default;
    Type type() const { return m_type; }
    std::size_t size() const { return m_size; }
    void reserve(std::size_t rows);
    /// Of text: whether values repeat so often that finish() will make a dictionary.
    bool repeats() const { return !m_plain && m_distinct.size() * 2 <= m_size; }
    void add_null();
    void add(bool value);
    void add(std::int64_t value);  ///< int64 and datetime; widened into float64
    void add(int value) { add(static_cast<std::int64_t>(value)); }
    void add(double value);
    void add_date(std::int32_t days);
    void add(std::string_view value);
    void add(const char* value) { add(std::string_view(value)); }
    /// A row of another column of the same type.
    void add_from(const Column& from, std::size_t row);
    Column finish() &&;

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    void expect(Type type) const;
    void mark(bool valid);
    void add_plain(std::string_view value);
    void make_plain();

    Type m_type;
    std::size_t m_size = 0;
    std::size_t m_nulls = 0;
    std::vector<std::uint8_t> m_bools;
    std::vector<std::int64_t> m_ints;
    std::vector<double> m_doubles;
    std::vector<std::int32_t> m_codes;  // dates, or codes while text is collected
    std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>> m_code_of;
    std::vector<const std::string*> m_distinct;  // keys of m_code_of by code
    bool m_plain = false;  // too many distinct values: offsets (in m_ints) and chars
    std::vector<char> m_chars;
    std::vector<bool> m_valid;  // empty until the first null
};

/// Builds a table row by row: set what the row has, then end_row(); what was not set is null.
///     TableBuilder b(schema);
///     b.column(0).add("x"); b.geometry().add_point(1, 2); b.end_row();
class TableBuilder {
public:
    explicit TableBuilder(Schema schema);
    ColumnBuilder& column(std::size_t i) { return m_columns[i]; }
    ColumnBuilder& column(std::string_view name);
    GeometryBuilder& geometry();
    /// Fills with null what the row did not set; Error(internal) where a column got two values.
    void end_row();
    std::size_t rows() const { return m_rows; }
    Table finish() &&;

private:
    Schema m_schema;
    std::vector<ColumnBuilder> m_columns;
    std::optional<GeometryBuilder> m_geometry;
    std::size_t m_rows = 0;
};

}  // namespace stadtgdi::table
