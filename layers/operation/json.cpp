// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/operation/json.hpp>
#include <nlohmann/json.hpp>

namespace stadtgdi::operation {

namespace {

using Json = nlohmann::ordered_json;

const char* name_of(Kind kind)
{
    switch (kind) {
        case Kind::layer: return "layer";
        case Kind::field: return "field";
        case Kind::number: return "number";
        case Kind::integer: return "integer";
        case Kind::boolean: return "boolean";
        case Kind::text: return "text";
        case Kind::choice: return "choice";
        case Kind::crs: return "crs";
        case Kind::extent: return "extent";
    }
    return "";
}

const char* name_of(Geometry geometry)
{
    switch (geometry) {
        case Geometry::any: return "any";
        case Geometry::none: return "none";
        case Geometry::point: return "point";
        case Geometry::line: return "line";
        case Geometry::polygon: return "polygon";
    }
    return "";
}

Json json(const Text& text) { return {{"en", text.en}, {"de", text.de}}; }
Json json(const std::optional<double>& number) { return number ? Json(*number) : Json(nullptr); }

Json json(const Parameter& p)
{
    Json choices = Json::array();
    for (const Choice& choice : p.choices) choices.push_back({{"value", choice.value}, {"label", json(choice.label)}});
    Json types = Json::array();
    for (const table::Type type : p.types) types.push_back(std::string(table::name_of(type)));
    return {{"name", p.name},       {"kind", name_of(p.kind)},      {"label", json(p.label)},     {"help", json(p.help)},
            {"optional", p.optional}, {"unit", p.unit},             {"minimum", json(p.minimum)}, {"maximum", json(p.maximum)},
            {"default", json_of(p.fallback)}, {"choices", choices},    {"geometry", name_of(p.geometry)}, {"metric", p.metric},
            {"of", p.of},           {"types", types},               {"suggested_layer", p.suggested_layer}};
}

Json json(const Output& output)
{
    Json fields = Json::array();
    for (const OutputField& field : output.fields)
        fields.push_back({{"name", field.name}, {"type", std::string(table::name_of(field.type))}, {"label", json(field.label)}, {"unit", field.unit}});
    return {{"name", output.name},     {"label", json(output.label)}, {"geometry", name_of(output.geometry)},
            {"fields", fields},        {"copies", output.copies},     {"optional", output.optional}};
}

}  // namespace

nlohmann::ordered_json json_of(const Value& value)
{
    struct Converter {
        Json operator()(std::monostate) const { return nullptr; }
        Json operator()(bool b) const { return b; }
        Json operator()(std::int64_t i) const { return i; }
        Json operator()(double d) const { return d; }
        Json operator()(const std::string& s) const { return s; }
        Json operator()(const table::Box& b) const { return Json::array({b.xmin, b.ymin, b.xmax, b.ymax}); }
    };
    return std::visit(Converter{}, value);
}

std::string json_of(const std::vector<Operation>& operations)
{
    Json out = Json::array();
    for (const Operation& operation : operations) {
        Json parameters = Json::array();
        for (const Parameter& parameter : operation.parameters) parameters.push_back(json(parameter));
        Json outputs = Json::array();
        for (const Output& output : operation.outputs) outputs.push_back(json(output));
        out.push_back({{"id", operation.id}, {"title", json(operation.title)}, {"abstract", json(operation.abstract)}, {"source", operation.source},
                       {"parameters", parameters}, {"outputs", outputs}});
    }
    return out.dump(2);
}

}  // namespace stadtgdi::operation
