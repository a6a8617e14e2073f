// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/crs/transform.hpp>
#include <layers/io/database.hpp>
#include <layers/io/sink.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <filesystem>
#include <iostream>

namespace stadtgdi::cli {

namespace {

struct Arguments {
    std::string city, out, crs;
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

void export_layers(const Arguments& arguments, Call& call)
{
    const bool holds_several = arguments.out.ends_with(".gpkg") || io::is_postgis(arguments.out);
    Json done = Json::array();
    std::vector<std::vector<std::string>> lines;
    {
        const StopOnSignal stop;
        base::RunContext run(0, stop.token());
        const Progress progress(run, call);
        const catalogue::City city = open_city(arguments.city, call);
        std::vector<std::string> layers = arguments.layers;
        if (layers.empty())
            for (const catalogue::StoredLayer& layer : city.layers())
                layers.push_back(layer.name);
        if (layers.size() > 1 && !holds_several)
            throw Error(ErrorKind::invalid_argument, {"Several layers need a GeoPackage (--out FILE.gpkg) or PG:...", "Mehrere Ebenen brauchen ein GeoPackage (--out DATEI.gpkg) oder PG:..."});
        const auto sink = io::Sink::open(arguments.out);
        for (const std::string& layer : layers) {
            table::Table table = city.read(layer, run, arguments.columns);
            if (!arguments.crs.empty() && table.has_geometry())
                table = crs::transformed(table, arguments.crs, run);
            sink->write(table, options_for(layer, holds_several, arguments.out), run);
            lines.push_back({"  " + layer, rows_text(static_cast<std::int64_t>(table.rows()), call.language)});
            done.push_back({{"name", layer}, {"rows", table.rows()}});
        }
        sink->commit();
    }
    if (call.json)
        std::cout << dumped({{"out", io::shown_path(arguments.out)}, {"layers", done}}) << "\n";
    else if (!call.quiet)
        std::cout << io::shown_path(arguments.out) << "\n" << aligned(lines);
}

}  // namespace

void add_export(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "export", {"Writes layers of a city to a file (.gpkg .geojson .csv .fgb .shp) or a data base, also protected ones",
                                                             "Schreibt Ebenen einer Stadt in eine Datei (.gpkg .geojson .csv .fgb .shp) oder Datenbank, auch geschützte"});
    const auto arguments = std::make_shared<Arguments>();   // shared with the callback, which outlives this function
    command->add_option("CITY", arguments->city, call.text({"City: GeoPackage, or PG:dbname=... schemas=...", "Stadt: GeoPackage oder PG:dbname=... schemas=..."}))->required();
    command->add_option("LAYER", arguments->layers, call.text({"Layers (default: all)", "Ebenen (Vorgabe: alle)"}));
    command->add_option("--out", arguments->out, call.text({"File, or PG:...", "Datei oder PG:..."}))->required();
    command->add_option("--crs", arguments->crs, call.text({"CRS of the result (default: the layer's)", "Koordinatensystem des Ergebnisses (Vorgabe: das der Ebene)"}));
    command->add_option("--columns", arguments->columns, call.text({"Only these, uuid,species", "Nur diese, uuid,species"}))->delimiter(',');
    command->callback([arguments, &call] { export_layers(*arguments, call); });
}

}  // namespace stadtgdi::cli
