// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <layers/table/table_builder.hpp>

#include <string>
#include <utility>
#include <vector>

namespace stadtgdi::test {

/// A city store with tables of one point (317000, 5690000) each, field "code" = "geheim", in the classes given; with more fields
/// of text, which say "geheim", too, and one table that has a definition of the catalogue.
inline void write_sample_city(const std::string& gpkg, const std::vector<std::pair<std::string, catalogue::Disclosure>>& tables,
                              const std::vector<std::string>& more_fields = {}, const std::string& defined = {})
{
    base::RunContext run;
    table::Schema schema;
    schema.fields = {{"code", table::Type::text}};
    for (const std::string& name : more_fields)
        schema.fields.push_back({name, table::Type::text});
    schema.geometry = table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false};
    table::TableBuilder builder(schema);
    for (std::size_t i = 0; i < schema.fields.size(); ++i)
        builder.column(i).add("geheim");
    builder.geometry().add_point(317000, 5690000);
    builder.end_row();
    const table::Table points = std::move(builder).finish();
    catalogue::CityInfo info;
    info.name = "Teststadt";
    catalogue::City city = catalogue::City::create(gpkg, info, run);
    catalogue::City::Edit edit = city.edit();
    for (const auto& [name, disclosure] : tables) {
        edit.replace(name, points, run);
        catalogue::StoredLayer layer;
        layer.name = name;
        layer.crs = "EPSG:25833";
        layer.rows = 1;
        if (name == defined)
            layer.definition = name;
        layer.disclosure = disclosure;
        edit.describe(layer);
    }
    edit.commit();
}

/// A city with the table "known", open if nothing else is said: a point every 40 m from (317000, 5690000) to the east, each with its number as "code" and
/// a class of its own ("": none).
inline void write_city_of_rows(const std::string& gpkg, const std::vector<std::string>& classes, catalogue::Disclosure disclosure = catalogue::Disclosure::open)
{
    base::RunContext run;
    table::Schema schema;
    schema.fields = {{"code", table::Type::text}, {"disclosure_class", table::Type::text}};
    schema.geometry = table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false};
    table::TableBuilder builder(schema);
    for (std::size_t i = 0; i < classes.size(); ++i) {
        builder.column(0).add(std::to_string(i + 1));
        if (classes[i].empty())
            builder.column(1).add_null();
        else
            builder.column(1).add(classes[i]);
        builder.geometry().add_point(317000 + 40 * static_cast<double>(i), 5690000);
        builder.end_row();
    }
    catalogue::CityInfo info;
    info.name = "Teststadt";
    catalogue::City city = catalogue::City::create(gpkg, info, run);
    catalogue::City::Edit edit = city.edit();
    edit.replace("known", std::move(builder).finish(), run);
    catalogue::StoredLayer layer;
    layer.name = "known";
    layer.crs = "EPSG:25833";
    layer.disclosure = disclosure;
    edit.describe(layer);
    edit.commit();
}

}  // namespace stadtgdi::test
