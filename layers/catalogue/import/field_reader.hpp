// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/finding.hpp>
#include <layers/catalogue/import/source_rows.hpp>
#include <layers/table/table_builder.hpp>
#include <regex>
#include <variant>

namespace stadtgdi::catalogue::detail {

struct Day {
    std::int32_t days;
};
using Value = std::variant<std::monostate, bool, std::int64_t, double, Day, std::string>;

void add_to(table::ColumnBuilder& column, const Value& value);
inline bool is_null(const Value& value) { return std::holds_alternative<std::monostate>(value); }
/// Texts and numbers; others are empty.
std::string text_of(const Value& value);

/// A value, or why there is none.
struct Reading {
    Value value;
    std::string problem;   ///< rule id of the finding, e.g. "import.code"; empty: none
    base::Text message;    ///< without a full stop: what becomes of the field is said by who knows it
    std::string found;     ///< the source's text
};

/// Reads one field from source rows as its rule says. Equal texts are read once: municipal columns repeat their values.
class FieldReader {
public:
    FieldReader(const FieldRule& rule, const SourceRows& source, std::string mapping);
    const FieldDefinition& field() const { return *m_rule->field; }
    const FieldRule& rule() const { return *m_rule; }
    /// Does the source have any of the columns?
    bool has_columns() const;
    const std::vector<const table::Column*>& columns() const { return m_columns; }
    /// Valid until the next call.
    const Reading& read(std::size_t row);

private:
    Reading convert(std::string_view text) const;
    Reading typed(std::string_view text, std::string_view original) const;
    bool is_null(std::string_view text) const;

    const FieldRule* m_rule;
    const SourceRows* m_source;
    std::string m_mapping;
    std::vector<const table::Column*> m_columns;
    std::vector<std::regex> m_patterns;
    std::unordered_map<std::string, Reading> m_known;
    std::string m_scratch;
};

/// A literal as a value of the field's type: what `fallback` and constants are made of.
Reading typed_literal(const FieldDefinition& field, std::string_view text);

/// Stable id of an object of a mapping: the same on every import.
std::string object_uuid(std::string_view mapping, std::string_view layer, std::string_view key);

}  // namespace stadtgdi::catalogue::detail
