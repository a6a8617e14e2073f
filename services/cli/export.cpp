// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/crs/transform.hpp>
#include <layers/io/database.hpp>
#include <layers/io/sink.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/out_target.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace stadtgdi::cli {

namespace {

struct ExportArguments {
    std::string city, out, crs, findings;
    std::vector<std::string> layers, columns;
};

io::WriteOptions options_for(const std::string& layer, bool holds_several, const std::string& out)
{
    io::WriteOptions options;
    options.layer = holds_several ? layer : std::filesystem::path(out).stem().string();
    options.mode = io::WriteMode::replace;
    if (const catalogue::LayerDefinition* definition = catalogue::find_layer(layer)) {
        options.title = definition->title.en;
        options.abstract = definition->abstract.en;
        for (const catalogue::FieldDefinition& field : definition->fields)
            options.column_texts[field.name] = field.label.en;
    }
    return options;
}

/// A class that asks for care; the file that is written does not carry it.
base::Text warning_of(const catalogue::StoredLayer& layer)
{
    return base::filled({"{0} is of the disclosure class '{1}'; the file does not carry the class, so mind who gets it.",
                         "{0} hat die Schutzklasse '{1}'; die Datei trägt sie nicht, bitte bei der Weitergabe beachten."},
                        layer.name, std::string(catalogue::name_of(layer.disclosure)));
}

Json texts_of(const std::vector<base::Text>& texts, const Call& call)
{
    Json list = Json::array();
    for (const base::Text& text : texts)
        list.push_back(call.text(text));
    return list;
}

void export_layers(const ExportArguments& arguments, Call& call)
{
    const bool holds_several = holds_several_layers(arguments.out);
    require_folder_of(arguments.out);
    require_writable_findings(arguments.findings);
    refuse_overwriting(arguments.city, "", arguments.out, "");
    std::vector<base::Text> warnings;
    std::vector<base::Finding> findings;
    Json done = Json::array();
    std::vector<std::vector<std::string>> lines;
    {
        const LeaveNoLog tidy(arguments.city);
        const StopOnSignal stop;
        base::RunContext run(0, stop.token());
        const Progress progress(run, call);
        const catalogue::City city = open_city(arguments.city, call);
        const std::vector<catalogue::StoredLayer> stored = city.layers();
        std::vector<std::string> layers = arguments.layers;
        if (layers.empty())
            for (const catalogue::StoredLayer& layer : stored)
                layers.push_back(layer.name);
        for (const std::string& layer : layers)
            refuse_layer_of_city(arguments.out, layer);
        if (layers.size() > 1 && !holds_several)
            throw Error(ErrorKind::invalid_argument, {"Several layers need a GeoPackage (--out FILE.gpkg) or PG:...", "Mehrere Ebenen brauchen ein GeoPackage (--out DATEI.gpkg) oder PG:..."});
        const auto sink = io::Sink::open(arguments.out);
        for (const std::string& layer : layers) {
            table::Table table = city.read(layer, run, arguments.columns);
            if (!arguments.crs.empty() && table.has_geometry())
                table = crs::transformed(table, arguments.crs, run);
            sink->write(table, options_for(layer, holds_several, arguments.out), run);
            std::vector<base::Finding> said = run.take_findings();
            const std::int64_t rows = rows_written(table, said);
            std::ranges::move(said, std::back_inserter(findings));
            lines.push_back({"  " + layer, rows_text(rows, call.language)});
            done.push_back({{"name", layer}, {"rows", rows}});
            const auto described = std::find_if(stored.begin(), stored.end(), [&](const catalogue::StoredLayer& one) { return one.name == layer; });
            if (described == stored.end())
                continue;
            done.back()["disclosure"] = catalogue::name_of(described->disclosure);
            if (described->disclosure != catalogue::Disclosure::open)
                warnings.push_back(warning_of(*described));
        }
        sink->commit();
    }
    if (!arguments.findings.empty())
        write_findings(findings, arguments.findings, call.language);
    for (const base::Text& warning : warnings)
        if (!call.json)
            std::cerr << call.text({"Warning: ", "Warnung: "}) << call.text(warning) << "\n";
    if (call.json)
        std::cout << dumped({{"out", io::shown_path(arguments.out)}, {"layers", done}, {"warnings", texts_of(warnings, call)}, {"findings", to_json(findings, call.language)}}) << "\n";
    else {
        if (arguments.findings.empty())
            print_findings(findings, call);
        if (!call.quiet)
            std::cout << io::shown_path(arguments.out) << "\n" << aligned(lines);
    }
    if (count_errors(findings) > 0)
        call.exit_code = exit_findings;
}

}  // namespace

void add_export(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "export", {"Writes layers of a city to a file (.gpkg .geojson .csv .fgb .shp) or a data base, also protected ones",
                                                             "Schreibt Ebenen einer Stadt in eine Datei (.gpkg .geojson .csv .fgb .shp) oder Datenbank, auch geschützte"});
    const auto arguments = std::make_shared<ExportArguments>();   // shared with the callback, which outlives this function
    command->add_option("CITY", arguments->city, call.text({"City: GeoPackage, or PG:dbname=... schemas=...", "Stadt: GeoPackage oder PG:dbname=... schemas=..."}))->required();
    command->add_option("LAYER", arguments->layers, call.text({"Layers (default: all)", "Ebenen (Vorgabe: alle)"}));
    command->add_option("--out", arguments->out, call.text({"File, or PG:...", "Datei oder PG:..."}))->required();
    command->add_option("--crs", arguments->crs, call.text({"CRS of the result (default: the layer's)", "Koordinatensystem des Ergebnisses (Vorgabe: das der Ebene)"}));
    command->add_option("--columns", arguments->columns, call.text({"Only these, uuid,species", "Nur diese, uuid,species"}))->delimiter(',');
    command->add_option("--findings", arguments->findings, call.text({"Writes all findings to FILE.csv or FILE.json", "Schreibt alle Befunde nach DATEI.csv oder DATEI.json"}));
    command->callback([arguments, &call] { export_layers(*arguments, call); });
}

}  // namespace stadtgdi::cli
