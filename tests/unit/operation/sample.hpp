// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <layers/table/table_builder.hpp>
#include <gtest/gtest.h>
#include <cmath>

namespace stadtgdi::support {

using operation::Inputs;
using operation::Kind;
using operation::Operation;

/// Does nothing, but declares one parameter of every kind.
inline Operation sample_operation()
{
    Operation op;
    op.id = "test.sample";
    op.title = {"Sample", "Beispiel"};
    op.parameters = {
        {.name = "sites", .kind = Kind::layer, .label = {"Sites", "Standorte"}, .geometry = operation::Geometry::point, .metric = true},
        {.name = "zones", .kind = Kind::layer, .label = {"Zones", "Zonen"}, .optional = true, .geometry = operation::Geometry::polygon},
        {.name = "size_field", .kind = Kind::field, .label = {"Size", "Größe"}, .optional = true, .fallback = std::string("size"), .of = "sites", .types = {table::Type::float64}},
        {.name = "radius_m", .kind = Kind::number, .label = {"Radius", "Radius"}, .unit = "m", .minimum = 1, .maximum = 10, .fallback = 5.0},
        {.name = "count", .kind = Kind::integer, .label = {"Count", "Anzahl"}, .optional = true, .minimum = 0},
        {.name = "exact", .kind = Kind::boolean, .label = {"Exact", "Genau"}, .fallback = false},
        {.name = "mode", .kind = Kind::choice, .label = {"Mode", "Art"}, .fallback = std::string("100"), .choices = {{"100", {"a", "a"}}, {"250", {"b", "b"}}}},
        {.name = "crs", .kind = Kind::crs, .label = {"CRS", "CRS"}, .optional = true},
        {.name = "extent", .kind = Kind::extent, .label = {"Extent", "Ausdehnung"}, .optional = true, .of = "crs"},
    };
    operation::Output out;
    out.name = "result";
    op.outputs = {out};
    op.run = [](const Inputs&, base::RunContext& run) {
        base::Finding finding;
        finding.rule = "sample";
        run.report(finding);
        return operation::Results{};
    };
    return op;
}

inline table::Table sites(table::GeometryKind kind = table::GeometryKind::point, const std::string& crs = "EPSG:25833", int points_a_row = 1)
{
    table::TableBuilder builder(table::Schema{{{"size", table::Type::float64}, {"name", table::Type::text}}, table::GeometryField{"geom", kind, crs, false}});
    for (int row = 0; row < 2; ++row) {
        builder.column(0).add(row + 0.5);
        builder.column(1).add("x");
        builder.geometry().begin_row();
        for (int i = 0; i < points_a_row; ++i) builder.geometry().add(row, i);
        builder.end_row();
    }
    return std::move(builder).finish();
}

inline Inputs sample_inputs()
{
    Inputs in;
    in.tables["sites"] = sites();
    return in;
}

}  // namespace stadtgdi::support
