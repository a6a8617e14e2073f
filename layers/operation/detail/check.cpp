// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/operation/detail/check.hpp>
#include <layers/crs/crs.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>

namespace stadtgdi::operation::detail {

std::string joined(std::span<const std::string> words)
{
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

std::string shown(const Value& value)
{
    struct Shower {
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(std::int64_t i) const { return std::to_string(i); }
        std::string operator()(double d) const { return table::number_text(d); }
        std::string operator()(const std::string& s) const { return s; }
        std::string operator()(const table::Box& b) const
        {
            return table::number_text(b.xmin) + "," + table::number_text(b.ymin) + "," + table::number_text(b.xmax) + "," + table::number_text(b.ymax);
        }
    };
    return std::visit(Shower{}, value);
}

std::vector<std::string> near_names(std::string_view name, std::span<const std::string> known)
{
    const auto distance = [](std::string_view a, std::string_view b) {
        std::vector<std::size_t> row(b.size() + 1);
        std::iota(row.begin(), row.end(), std::size_t{0});
        for (std::size_t i = 1; i <= a.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= b.size(); ++j) {
                const std::size_t above = row[j];
                row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0u : 1u)});
                diagonal = above;
            }
        }
        return row.back();
    };
    std::vector<std::pair<std::size_t, std::string>> near;
    for (const std::string& word : known) {
        const std::size_t apart = word.find(name) != std::string::npos && name.size() > 2 ? 1 : distance(name, word);
        if (apart <= std::max<std::size_t>(2, word.size() / 3)) near.emplace_back(apart, word);
    }
    std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> out;
    for (auto& [apart, word] : near) out.push_back(std::move(word));
    return out;
}

void refuse(const Parameter& parameter, const std::string& found, const Text& expected)
{
    throw Error(ErrorKind::invalid_argument,
                {"Parameter '" + parameter.name + "': found '" + found + "', expected " + expected.en + ".",
                 "Parameter '" + parameter.name + "': gefunden '" + found + "', erwartet " + expected.de + "."});
}

void refuse_missing(const Operation& operation, const Parameter& parameter)
{
    throw Error(ErrorKind::invalid_argument,
                base::filled({"{0} needs the parameter '{1}' ({2}).", "{0} braucht den Parameter '{1}' ({3})."}, operation.id, parameter.name,
                             parameter.label.en, parameter.label.de));
}

namespace {

using table::GeometryKind;

bool fits(Geometry wanted, GeometryKind kind)
{
    switch (wanted) {
        case Geometry::any:
        case Geometry::none: return true;
        case Geometry::point: return table::single_of(kind) == GeometryKind::point;
        case Geometry::line: return table::single_of(kind) == GeometryKind::line;
        case Geometry::polygon: return table::single_of(kind) == GeometryKind::polygon;
    }
    return false;
}

Text word_for(Geometry wanted)
{
    switch (wanted) {
        case Geometry::point: return {"points", "Punkte"};
        case Geometry::line: return {"lines", "Linien"};
        case Geometry::polygon: return {"polygons", "Flächen"};
        default: return {"geometries", "Geometrien"};
    }
}

/// Shapefiles and PostGIS often hold single points as multi points.
table::GeometryColumn as_points(const Parameter& parameter, const table::GeometryColumn& from)
{
    table::GeometryBuilder points(GeometryKind::point, from.crs(), from.has_z());
    points.reserve(from.size(), from.size());
    for (std::size_t row = 0; row < from.size(); ++row) {
        const auto [first, last] = from.coordinates(row);
        if (!from.valid(row) || first == last) {
            points.add_null();
            continue;
        }
        if (last - first > 1)
            refuse(parameter, base::filled({"{0} points in row {1}", ""}, std::to_string(last - first), std::to_string(row + 1)).en,
                   {"one point in each row (split multi points first)", "ein Punkt je Zeile (Multipunkte vorher aufteilen)"});
        points.begin_row();
        from.has_z() ? points.add(from.x()[first], from.y()[first], from.z()[first]) : points.add(from.x()[first], from.y()[first]);
    }
    return std::move(points).finish();
}

double number_of(const Parameter& parameter, const Value& value)
{
    double number = std::nan("");
    if (const auto* d = std::get_if<double>(&value)) number = *d;
    if (const auto* i = std::get_if<std::int64_t>(&value)) number = static_cast<double>(*i);
    if (!std::isfinite(number)) refuse(parameter, shown(value), {"a number", "eine Zahl"});
    return number;
}

void check_range(const Parameter& parameter, double number)
{
    const std::string unit = parameter.unit.empty() ? "" : " " + parameter.unit;
    if (parameter.minimum && number < *parameter.minimum) {
        const std::string limit = table::number_text(*parameter.minimum) + unit;
        refuse(parameter, table::number_text(number), {"at least " + limit, "mindestens " + limit});
    }
    if (parameter.maximum && number > *parameter.maximum) {
        const std::string limit = table::number_text(*parameter.maximum) + unit;
        refuse(parameter, table::number_text(number), {"at most " + limit, "höchstens " + limit});
    }
}

Value checked_choice(const Parameter& parameter, const Value& value)
{
    std::string text = shown(value);
    std::vector<std::string> allowed;
    for (const Choice& choice : parameter.choices) allowed.push_back(choice.value);
    if (std::find(allowed.begin(), allowed.end(), text) == allowed.end())
        refuse(parameter, text, {"one of " + joined(allowed), "eines von " + joined(allowed)});
    return text;
}

Value checked_field(const Parameter& parameter, const Value& value, const Inputs& inputs)
{
    const auto* name = std::get_if<std::string>(&value);
    if (name == nullptr) refuse(parameter, shown(value), {"a field name", "ein Feldname"});
    const auto layer = inputs.tables.find(parameter.of);
    if (layer == inputs.tables.end())
        refuse(parameter, *name, {"no field without the layer '" + parameter.of + "'", "kein Feld ohne den Layer '" + parameter.of + "'"});
    const table::Schema& schema = layer->second.schema();
    const auto at = schema.find(*name);
    if (!at) {
        std::vector<std::string> known;
        for (const table::Field& field : schema.fields) known.push_back(field.name);
        refuse(parameter, *name, {"a field of the layer '" + parameter.of + "': " + joined(known), "ein Feld des Layers '" + parameter.of + "': " + joined(known)});
    }
    if (!parameter.types.empty() && std::find(parameter.types.begin(), parameter.types.end(), schema.fields[*at].type) == parameter.types.end()) {
        std::vector<std::string> types;
        for (const table::Type type : parameter.types) types.emplace_back(table::name_of(type));
        refuse(parameter, *name + " (" + std::string(table::name_of(schema.fields[*at].type)) + ")",
               {"a field of type " + joined(types), "ein Feld vom Typ " + joined(types)});
    }
    return *name;
}

Value checked_extent(const Parameter& parameter, const Value& value)
{
    const auto* box = std::get_if<table::Box>(&value);
    const bool good = box != nullptr && std::isfinite(box->xmin) && std::isfinite(box->ymin) && std::isfinite(box->xmax) && std::isfinite(box->ymax) && !box->empty();
    if (!good) refuse(parameter, shown(value), {"xmin,ymin,xmax,ymax with xmin <= xmax and ymin <= ymax", "xmin,ymin,xmax,ymax mit xmin <= xmax und ymin <= ymax"});
    return *box;
}

}  // namespace

table::Table checked_layer(const Parameter& parameter, table::Table layer)
{
    if (parameter.geometry == Geometry::none) return layer;
    if (!layer.has_geometry()) {
        if (parameter.geometry == Geometry::any && !parameter.metric) return layer;
        const Text wanted = word_for(parameter.geometry);
        refuse(parameter, "-", {"a layer with " + wanted.en, "ein Layer mit Geometrie (" + wanted.de + ")"});
    }
    const table::GeometryColumn& geometry = layer.geometry();
    if (!fits(parameter.geometry, geometry.kind())) {
        const Text wanted = word_for(parameter.geometry);
        // Files without a declared kind (GeoJSON) have none before the first row.
        if (geometry.size() == 0)
            throw Error(ErrorKind::invalid_argument, base::filled({"Parameter '{0}': the layer has no rows; {1} are expected.", "Parameter '{0}': Der Layer hat keine Zeilen; erwartet werden {2}."},
                                                                  parameter.name, wanted.en, wanted.de));
        refuse(parameter, std::string(table::name_of(geometry.kind())), wanted);
    }
    if (parameter.metric) {
        if (geometry.crs().empty())
            refuse(parameter, "-", {"a layer with a known projected CRS (metres)", "ein Layer mit bekanntem projiziertem Koordinatensystem (Meter)"});
        crs::require_metric(geometry.crs(), parameter.name);
    }
    if (parameter.geometry == Geometry::point && geometry.kind() == GeometryKind::multi_point)
        return layer.with_geometry(as_points(parameter, geometry), layer.schema().geometry->name);
    return layer;
}

Value checked_value(const Parameter& parameter, Value value, const Inputs& inputs)
{
    switch (parameter.kind) {
        case Kind::number: {
            const double number = number_of(parameter, value);
            check_range(parameter, number);
            return number;
        }
        case Kind::integer: {
            const double number = number_of(parameter, value);
            if (number != std::floor(number) || std::abs(number) > 9e15) refuse(parameter, shown(value), {"a whole number", "eine ganze Zahl"});
            check_range(parameter, number);
            return static_cast<std::int64_t>(number);
        }
        case Kind::boolean:
            if (!std::holds_alternative<bool>(value)) refuse(parameter, shown(value), {"true or false", "true oder false"});
            return value;
        case Kind::text:
            if (!std::holds_alternative<std::string>(value)) refuse(parameter, shown(value), {"a text", "ein Text"});
            return value;
        case Kind::choice: return checked_choice(parameter, value);
        case Kind::field: return checked_field(parameter, value, inputs);
        case Kind::crs:
            if (!std::holds_alternative<std::string>(value)) refuse(parameter, shown(value), {"a CRS such as EPSG:25833", "ein Koordinatensystem wie EPSG:25833"});
            return crs::normalized(std::get<std::string>(value));
        case Kind::extent: return checked_extent(parameter, value);
        case Kind::layer: break;
    }
    return value;
}

}  // namespace stadtgdi::operation::detail
