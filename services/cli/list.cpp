// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/catalogue/mapping.hpp>
#include <layers/operation/operation.hpp>
#include <layers/validate/validate.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/output.hpp>

#include <iostream>

namespace stadtgdi::cli {

namespace {

Json to_json(const base::Text& text)
{
    return {{"en", text.en}, {"de", text.de}};
}

Json to_json(const catalogue::FieldDefinition& field)
{
    Json codes = Json::array();
    for (const catalogue::Code& code : field.codes)
        codes.push_back({{"value", code.value}, {"label", to_json(code.label)}});
    Json json = {{"name", field.name},       {"type", std::string(table::name_of(field.type))}, {"label", to_json(field.label)}, {"help", to_json(field.help)},
                 {"unit", field.unit},       {"codes", codes},                                  {"required", field.required},    {"unique", field.unique},
                 {"fallback", field.fallback}, {"references", field.references},                {"disclosure", std::string(catalogue::name_of(field.disclosure))}};
    json["expected"] = field.expected.has_value();
    json["minimum"] = field.minimum ? Json(*field.minimum) : Json(nullptr);
    json["maximum"] = field.maximum ? Json(*field.maximum) : Json(nullptr);
    return json;
}

Json layers_json()
{
    Json families = Json::array();
    for (const catalogue::LayerFamily& family : catalogue::all_families()) {
        Json layers = Json::array();
        for (const catalogue::LayerDefinition& layer : family.layers) {
            Json fields = Json::array();
            for (const catalogue::FieldDefinition& field : layer.fields)
                fields.push_back(to_json(field));
            Json json = {{"name", layer.name}, {"title", to_json(layer.title)}, {"abstract", to_json(layer.abstract)}, {"crs", layer.crs},
                         {"disclosure", std::string(catalogue::name_of(layer.disclosure))}};
            json["geometry"] = layer.geometry ? Json(std::string(table::name_of(*layer.geometry))) : Json(nullptr);
            json["fields"] = std::move(fields);
            layers.push_back(std::move(json));
        }
        families.push_back({{"name", family.name}, {"title", to_json(family.title)}, {"abstract", to_json(family.abstract)}, {"layers", std::move(layers)}});
    }
    return families;
}

void list_layers(const Call& call)
{
    if (call.json) {
        std::cout << dumped(layers_json()) << "\n";
        return;
    }
    std::vector<std::vector<std::string>> lines;
    for (const catalogue::LayerFamily& family : catalogue::all_families()) {
        lines.push_back({family.name, call.text(family.title)});
        for (const catalogue::LayerDefinition& layer : family.layers)
            lines.push_back({"  " + layer.name, call.text(layer.title), layer.geometry ? std::string(table::name_of(*layer.geometry)) : "-",
                             std::string(catalogue::name_of(layer.disclosure))});
    }
    std::cout << aligned(lines);
}

void list_layers_of(const std::string& path, const Call& call)
{
    const LeaveNoLog tidy(path);
    const catalogue::City city = open_city(path, call);
    if (call.json) {
        Json layers = Json::array();
        for (const catalogue::StoredLayer& layer : city.layers())
            layers.push_back({{"name", layer.name}, {"definition", layer.definition}, {"crs", layer.crs}, {"rows", layer.rows},
                              {"disclosure", std::string(catalogue::name_of(layer.disclosure))}, {"source", layer.source}, {"attribution", layer.attribution},
                              {"licence", layer.licence}, {"demonstration", layer.demonstration}});
        std::cout << dumped({{"city", city.info().name}, {"crs", city.info().crs}, {"layers", layers}}) << "\n";
        return;
    }
    std::vector<std::vector<std::string>> lines;
    for (const catalogue::StoredLayer& layer : city.layers()) {
        const catalogue::LayerDefinition* definition = catalogue::find_layer(layer.definition);
        lines.push_back({layer.name, definition ? call.text(definition->title) : "", rows_text(layer.rows, call.language), layer.crs,
                         std::string(catalogue::name_of(layer.disclosure)), layer.demonstration ? call.text({"demonstration", "Demonstration"}) : ""});
    }
    std::cout << city.info().name << "\n" << aligned(lines);
}

void list_operations(const Call& call)
{
    if (call.json) {
        std::cout << operation::json_of(operation::all_operations()) << "\n";
        return;
    }
    std::vector<std::vector<std::string>> lines;
    for (const operation::Operation& operation : operation::all_operations())
        lines.push_back({operation.id, call.text(operation.title)});
    std::cout << aligned(lines);
    if (!call.quiet)
        std::cout << call.text({"See 'stadtgdi run OPERATION --help'.", "Siehe 'stadtgdi run OPERATION --help'."}) << "\n";
}

void list_mappings(const Call& call)
{
    Json json = Json::array();
    std::vector<std::vector<std::string>> lines;
    for (const catalogue::MappingInfo& mapping : catalogue::all_mappings()) {
        std::string layers;
        for (const std::string& layer : mapping.layers)
            layers += (layers.empty() ? "" : ", ") + layer;
        lines.push_back({mapping.name, call.text(mapping.title), layers});
        json.push_back({{"name", mapping.name}, {"title", to_json(mapping.title)}, {"layers", mapping.layers}, {"licence", mapping.licence},
                        {"attribution", mapping.attribution}, {"file", mapping.file}});
    }
    std::cout << (call.json ? dumped(json) + "\n" : aligned(lines));
}

void list_rules(const Call& call)
{
    Json json = Json::array();
    std::vector<std::vector<std::string>> lines;
    for (const validate::Rule& rule : validate::all_rules()) {
        lines.push_back({rule.id, std::string(base::name_of(rule.severity)), call.text(rule.title)});
        json.push_back({{"id", rule.id}, {"severity", std::string(base::name_of(rule.severity))}, {"title", to_json(rule.title)}, {"layers", rule.layers}});
    }
    std::cout << (call.json ? dumped(json) + "\n" : aligned(lines));
}

}  // namespace

void add_list(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "list", {"Lists layers (of a city, or all that are declared), operations, mappings, rules",
                                                           "Listet Ebenen (einer Stadt oder alle festgelegten), Auswertungen, Importabbildungen, Prüfregeln auf"});
    command->require_subcommand(1);
    const auto city = std::make_shared<std::string>();   // shared with the callback, which outlives this function
    CLI::App* layers = add_subcommand(*command, call, "layers", {"Declared layers, or those of CITY", "Festgelegte Ebenen oder die von CITY"});
    layers->add_option("CITY", *city, call.text({"City: GeoPackage, or PG:...", "Stadt: GeoPackage oder PG:..."}));
    layers->callback([city, &call] { city->empty() ? list_layers(call) : list_layers_of(*city, call); });
    add_subcommand(*command, call, "mappings", {"How municipal sources become layers", "Wie kommunale Quellen zu Ebenen werden"})->callback([&call] { list_mappings(call); });
    add_subcommand(*command, call, "operations", {"Analyses for 'run'", "Auswertungen für 'run'"})->callback([&call] { list_operations(call); });
    add_subcommand(*command, call, "rules", {"Rules of 'check'", "Regeln von 'check'"})->callback([&call] { list_rules(call); });
}

}  // namespace stadtgdi::cli
