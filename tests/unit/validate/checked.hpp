// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <gtest/gtest.h>
#include <layers/geometry/wkt.hpp>
#include <layers/table/table_builder.hpp>
#include <layers/validate/validate.hpp>
#include <map>

/// Rows of a layer as texts: what is not named gets the declared default, as in QGIS's form.
struct Row {
    std::map<std::string, std::string> values;
    std::string wkt;
};

inline void add_text(stadtgdi::table::ColumnBuilder& column, const std::string& text)
{
    using stadtgdi::table::Type;
    std::int32_t day = 0;
    std::int64_t time = 0;
    switch (column.type()) {
    case Type::boolean: column.add(text == "true"); break;
    case Type::int64: column.add(static_cast<std::int64_t>(std::stoll(text))); break;
    case Type::float64: column.add(std::stod(text)); break;
    case Type::text: column.add(std::string_view(text)); break;
    case Type::date: ASSERT_TRUE(stadtgdi::table::parse_date(text, day)) << text; column.add_date(day); break;
    case Type::datetime: ASSERT_TRUE(stadtgdi::table::parse_datetime(text, time)) << text; column.add(time); break;
    }
}

inline stadtgdi::table::Table make_layer(const std::string& name, const std::vector<Row>& rows)
{
    const auto& definition = *stadtgdi::catalogue::find_layer(name);
    const stadtgdi::table::Schema schema = definition.schema("EPSG:25833");
    stadtgdi::table::TableBuilder builder(schema);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        for (const auto& field : definition.fields) {
            const auto given = rows[row].values.find(field.name);
            std::string value = given == rows[row].values.end() ? field.fallback : given->second;
            if (value == "uuid()")
                value = name + "-" + std::to_string(row);
            if (value == "now()" || value == "today()")
                value = field.type == stadtgdi::table::Type::date ? "2026-05-01" : "2026-05-01T12:00:00Z";
            if (!value.empty())
                add_text(builder.column(field.name), value);
        }
        if (schema.geometry && !rows[row].wkt.empty()) {
            EXPECT_TRUE(stadtgdi::geometry::add_wkt(builder.geometry(), schema.geometry->kind, rows[row].wkt)) << rows[row].wkt;
        }
        builder.end_row();
    }
    return std::move(builder).finish();
}

using Store = std::map<std::string, stadtgdi::table::Table>;

/// Findings as "rule severity row field", on 1 June 2026.
inline std::vector<std::string> found(const Store& store, const std::vector<std::string>& rules = {})
{
    stadtgdi::base::RunContext run(2);
    std::vector<std::string> out;
    for (const auto& one : stadtgdi::validate::check(store, {.rules = rules, .layers = {}, .reference_date = "2026-06-01"}, run)) {
        EXPECT_FALSE(one.message.en.empty() || one.message.de.empty()) << one.rule;
        out.push_back(one.rule + " " + std::string(name_of(one.severity)) + " " + std::to_string(one.row) + " " + one.field);
    }
    return out;
}
