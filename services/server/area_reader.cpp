// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/area_reader.hpp>

#include <layers/crs/crs.hpp>
#include <layers/geometry/repair.hpp>
#include <layers/geometry/wkt.hpp>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <algorithm>
#include <sstream>

namespace stadtgdi::server::detail {

namespace {

using nlohmann::json;
using table::GeometryBuilder;
using table::GeometryColumn;
using table::GeometryKind;

constexpr std::size_t max_file_bytes = 16 << 20, max_corners = 10'000;

std::string text_of_file(TomlReader& table, const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()))
        table.refuse("file", {"a file that can be read", "eine Datei, die sich lesen lässt"});
    if (text.view().size() > max_file_bytes)
        table.refuse("file", {"a file of at most 16 MiB", "eine Datei mit höchstens 16 MiB"});
    return std::move(text).str();
}

/// [[x, y], ...]; false where it is something else.
bool add_ring(GeometryBuilder& builder, const json& ring)
{
    if (!ring.is_array() || ring.size() < 4)
        return false;
    builder.begin_ring();
    for (const json& corner : ring) {
        if (!corner.is_array() || corner.size() < 2 || !corner[0].is_number() || !corner[1].is_number())
            return false;
        builder.add(corner[0].get<double>(), corner[1].get<double>());
    }
    return true;
}

bool add_polygon(GeometryBuilder& builder, const json& rings)
{
    if (!rings.is_array() || rings.empty())
        return false;
    builder.begin_part();
    return std::all_of(rings.begin(), rings.end(), [&](const json& ring) { return add_ring(builder, ring); });
}

/// All polygons of a geometry, a feature or a collection of features, as parts of the row that is being made.
bool add_geojson(GeometryBuilder& builder, const json& object)
{
    const std::string type = object.is_object() && object.contains("type") && object["type"].is_string() ? object["type"].get<std::string>() : std::string();
    const auto all_of = [&](const char* member, auto&& add) {
        const auto found = object.find(member);
        return found != object.end() && found->is_array() && !found->empty() && std::all_of(found->begin(), found->end(), add);
    };
    if (type == "FeatureCollection")
        return all_of("features", [&](const json& feature) { return feature.is_object() && feature.value("type", json()) == "Feature" && add_geojson(builder, feature); });
    if (type == "Feature")
        return object.contains("geometry") && object["geometry"].is_object() && object["geometry"].value("type", json()) != "Feature" && add_geojson(builder, object["geometry"]);
    if (type == "MultiPolygon")
        return all_of("coordinates", [&](const json& polygon) { return add_polygon(builder, polygon); });
    return type == "Polygon" && object.contains("coordinates") && add_polygon(builder, object["coordinates"]);
}

bool add_box(GeometryBuilder& builder, const std::vector<double>& box)
{
    if (box.size() != 4 || !(box[0] < box[2]) || !(box[1] < box[3]))
        return false;
    builder.begin_row();
    builder.begin_part();
    builder.begin_ring();
    for (const auto& [x, y] : {std::pair{box[0], box[1]}, {box[2], box[1]}, {box[2], box[3]}, {box[0], box[3]}, {box[0], box[1]}})
        builder.add(x, y);
    return true;
}

}  // namespace

access::Area read_area(TomlReader& table, std::vector<std::string>& files)
{
    const base::Text polygon{"a polygon or several that have an area", "ein Polygon oder mehrere, die eine Fläche haben"};
    std::vector<double> box;
    std::string text, file, name;
    table.numbers("bbox", box);
    table.text("wkt", text);
    table.text("file", file);
    table.text("crs", name);
    const char* key = !box.empty() ? "bbox" : !text.empty() ? "wkt" : "file";
    if ((box.empty() ? 0 : 1) + (text.empty() ? 0 : 1) + (file.empty() ? 0 : 1) != 1)
        table.refuse(key, {"one of bbox, wkt and file", "eines von bbox, wkt und file"});
    json document;
    if (!file.empty()) {
        text = text_of_file(table, file);
        files.push_back(file);
        if (const std::size_t begin = text.find_first_not_of(" \t\r\n"); begin != std::string::npos && text[begin] == '{') {
            document = json::parse(text, nullptr, false);
            if (name.empty())
                name = "OGC:CRS84";
        }
    }
    access::Area area;
    try {
        area.crs = crs::normalized(name);
    } catch (const Error&) {
        table.refuse("crs", {"the code of the CRS of the coordinates, \"EPSG:25833\"", "der Code des CRS der Koordinaten, \"EPSG:25833\""});
    }
    GeometryBuilder builder(GeometryKind::multi_polygon, area.crs);
    bool good = false;
    if (!box.empty()) {
        good = add_box(builder, box);
    } else if (document.is_object()) {
        builder.begin_row();
        good = add_geojson(builder, document);
    } else {
        good = geometry::add_wkt(builder, GeometryKind::multi_polygon, text);
    }
    if (!good)
        table.refuse(key, polygon);
    const GeometryColumn given = std::move(builder).finish();
    if (given.x().size() > max_corners)
        table.refuse(key, {"at most 10000 corners", "höchstens 10000 Ecken"});
    base::RunContext run(1);
    const geometry::Repaired repaired = geometry::repaired(given, run);
    if (!repaired.rejected.empty() || !repaired.geometry.valid(0) || repaired.geometry.x().empty())
        table.refuse(key, polygon);
    area.wkt = geometry::wkt(repaired.geometry, 0);
    return area;
}

}  // namespace stadtgdi::server::detail
