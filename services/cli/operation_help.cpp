// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/operation_help.hpp>

#include <services/cli/output.hpp>

#include <algorithm>

namespace stadtgdi::cli {

namespace {

using base::Language;
using base::Text;
using operation::Geometry;
using operation::Kind;
using operation::Output;
using operation::Parameter;

/// Lines of at most 100 characters, each behind `indent`.
std::string wrapped(const std::string& text, const std::string& indent)
{
    std::string out, line;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
        const std::string word = text.substr(begin, end - begin);
        begin = end + 1;
        if (!line.empty() && width_of(line) + 1 + width_of(word) > 100 - indent.size()) {
            out += indent + line + "\n";
            line.clear();
        }
        line += (line.empty() || word.empty() ? "" : " ") + word;
    }
    return line.empty() ? out : out + indent + line + "\n";
}

std::string geometry_text(Geometry geometry, Language language)
{
    switch (geometry) {
    case Geometry::none: return Text{"a table", "eine Tabelle"}.in(language);
    case Geometry::point: return Text{"points", "Punkte"}.in(language);
    case Geometry::line: return Text{"lines", "Linien"}.in(language);
    case Geometry::polygon: return Text{"polygons", "Flächen"}.in(language);
    case Geometry::any: break;
    }
    return Text{"any layer", "eine beliebige Ebene"}.in(language);
}

std::string kind_text(const Parameter& p, Language language)
{
    switch (p.kind) {
    case Kind::layer: return "FILE[#LAYER] (" + geometry_text(p.geometry, language) + (p.metric ? Text{", in metres", ", in Metern"}.in(language) : "") + ")";
    case Kind::field: return base::filled({"column of {0}", "Spalte von {0}"}, p.of).in(language);
    case Kind::number: return Text{"number", "Zahl"}.in(language);
    case Kind::integer: return Text{"whole number", "ganze Zahl"}.in(language);
    case Kind::boolean: return "true|false";
    case Kind::text: return Text{"text", "Text"}.in(language);
    case Kind::crs: return "EPSG:25833";
    case Kind::extent: return "xmin,ymin,xmax,ymax";
    case Kind::choice: break;
    }
    std::string choices;
    for (const operation::Choice& choice : p.choices)
        choices += (choices.empty() ? "" : "|") + choice.value;
    return choices;
}

std::string number_text(double number)
{
    return number == static_cast<double>(static_cast<std::int64_t>(number)) ? std::to_string(static_cast<std::int64_t>(number)) : Json(number).dump();
}

std::string fallback_text(const operation::Value& value)
{
    if (const auto* b = std::get_if<bool>(&value))
        return *b ? "true" : "false";
    if (const auto* i = std::get_if<std::int64_t>(&value))
        return std::to_string(*i);
    if (const auto* d = std::get_if<double>(&value))
        return number_text(*d);
    if (const auto* s = std::get_if<std::string>(&value))
        return *s;
    return "";
}

std::string facts_of(const Parameter& p, Language language)
{
    std::string facts = kind_text(p, language);
    if (!p.unit.empty())
        facts += ", " + p.unit;
    if (p.minimum)
        facts += Text{", at least ", ", mindestens "}.in(language) + number_text(*p.minimum);
    if (p.maximum)
        facts += Text{", at most ", ", höchstens "}.in(language) + number_text(*p.maximum);
    const std::string fallback = fallback_text(p.fallback);
    if (!fallback.empty())
        facts += Text{"; default ", "; Vorgabe "}.in(language) + fallback;
    else if (p.optional)
        facts += Text{"; optional", "; freiwillig"}.in(language);
    else
        facts += Text{"; required", "; nötig"}.in(language);
    if (!p.suggested_layer.empty())
        facts += Text{"; of a city: ", "; aus einer Stadt: "}.in(language) + p.suggested_layer;
    return facts;
}

}  // namespace

std::string operation_help(const operation::Operation& operation, Language language)
{
    std::string help = operation.id + ": " + operation.title.in(language) + "\n\n" + wrapped(operation.abstract.in(language), "") + "\n";
    help += Text{"Usage: ", "Aufruf: "}.in(language) + "stadtgdi run " + operation.id;
    for (const Parameter& p : operation.parameters)
        if (!p.optional && fallback_text(p.fallback).empty())
            help += " --" + p.name + " ...";
    help += " --out FILE\n\n";
    for (const Parameter& p : operation.parameters) {
        help += "  --" + p.name + "  " + facts_of(p, language) + "\n" + wrapped(p.label.in(language), "      ");
        if (!p.help.empty())
            help += wrapped(p.help.in(language), "      ");
        for (const operation::Choice& choice : p.choices)
            help += "        " + choice.value + ": " + choice.label.in(language) + "\n";
    }
    help += "  --out FILE\n";
    help += wrapped(Text{"Result: .gpkg, .geojson, .csv, .fgb, .shp or PG:...; several results become layers of a GeoPackage named as below",
                         "Ergebnis: .gpkg, .geojson, .csv, .fgb, .shp oder PG:...; mehrere Ergebnisse werden Ebenen eines GeoPackage mit diesen Namen:"}.in(language), "      ");
    for (const Output& output : operation.outputs) {
        help += "        " + output.name + ": " + output.label.in(language);
        if (output.optional)
            help += Text{" (only with --with ", " (nur mit --with "}.in(language) + output.name + ")";
        help += "\n";
        for (const operation::OutputField& field : output.fields)
            help += "          " + field.name + " (" + std::string(table::name_of(field.type)) + (field.unit.empty() ? "" : ", " + field.unit) + "): " + field.label.in(language) + "\n";
    }
    help += "  --with NAME,...  " + Text{"Optional results to be made too", "Freiwillige Ergebnisse, die auch entstehen sollen"}.in(language) + "\n";
    help += "  --findings FILE  " + Text{"Writes all findings to FILE.csv or FILE.json", "Schreibt alle Befunde nach DATEI.csv oder DATEI.json"}.in(language) + "\n";
    help += "  --json --quiet --language de|en --threads N\n";
    if (!operation.source.empty())
        help += "\n" + wrapped(Text{"Source: ", "Quelle: "}.in(language) + operation.source, "");
    return help;
}

}  // namespace stadtgdi::cli
