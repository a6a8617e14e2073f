// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/catalogue/mapping.hpp>
#include <layers/io/database.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <filesystem>
#include <iostream>

namespace stadtgdi::cli {

namespace {

struct Arguments {
    std::vector<std::string> sources;
    std::string city, findings;
    catalogue::ImportOptions options;
    catalogue::CityInfo info;
    std::vector<double> shift;
    bool append = false;
};

/// The city that is there, or one that the import makes: a failed or a trial import leaves nothing behind.
catalogue::City opened(const Arguments& arguments, const Call& call)
{
    const bool is_database = io::is_postgis(arguments.city);
    if (is_database ? catalogue::City::is_city(arguments.city) : std::filesystem::exists(arguments.city))
        return open_city(arguments.city, call);
    catalogue::CityInfo info = arguments.info;
    if (info.name.empty())
        info.name = is_database ? io::schema_of(arguments.city) : std::filesystem::path(arguments.city).stem().string();
    return catalogue::City::plan(arguments.city, info);
}

Json report_json(const catalogue::ImportReport& report, bool dry_run, base::Language language)
{
    Json layers = Json::array();
    for (const auto& layer : report.layers)
        layers.push_back({{"name", layer.name}, {"rows_stored", layer.rows_stored}});
    return {{"dry_run", dry_run},
            {"rows_read", report.rows_read},
            {"rows_stored", report.rows_stored},
            {"rows_rejected", report.rows_rejected},
            {"layers", layers},
            {"unmapped_columns", report.unmapped_columns},
            {"findings", to_json(report.findings, language)}};
}

void print(const catalogue::ImportReport& report, bool dry_run, const Call& call)
{
    const bool german = call.language == base::Language::de;
    std::vector<std::vector<std::string>> lines = {
        {call.text({"read", "gelesen"}), rows_text(report.rows_read, call.language)},
        {dry_run ? call.text({"would be stored", "würden gespeichert"}) : call.text({"stored", "gespeichert"}), rows_text(report.rows_stored, call.language)},
        {call.text({"rejected", "abgewiesen"}), rows_text(report.rows_rejected, call.language)}};
    for (const auto& layer : report.layers)
        lines.push_back({"  " + layer.name, rows_text(layer.rows_stored, call.language)});
    std::cout << aligned(lines);
    if (!report.unmapped_columns.empty()) {
        std::cout << call.text({"Columns that the mapping does not use (--keep-unmapped keeps them):", "Spalten, die die Zuordnung nicht nutzt (--keep-unmapped behält sie):"});
        for (const std::string& column : report.unmapped_columns)
            std::cout << " " << column;
        std::cout << "\n";
    }
    if (!report.findings.empty())
        std::cout << grouped(static_cast<std::int64_t>(report.findings.size()), german) << call.text({" findings, ", " Befunde, davon "})
                  << grouped(count_errors(report.findings), german) << call.text({" of them errors", " Fehler"}) << "\n";
}

void import_sources(Arguments& arguments, Call& call)
{
    arguments.options.replace = !arguments.append;
    if (!arguments.shift.empty()) {
        arguments.options.shift_x_m = arguments.shift[0];
        arguments.options.shift_y_m = arguments.shift[1];
    }
    catalogue::ImportReport report;
    {
        const StopOnSignal stop;
        base::RunContext run(0, stop.token());
        const Progress progress(run, call);
        catalogue::City city = opened(arguments, call);
        report = catalogue::import(city, arguments.sources, arguments.options, run);
    }
    if (!arguments.findings.empty())
        write_findings(report.findings, arguments.findings, call.language);
    if (call.json) {
        std::cout << dumped(report_json(report, arguments.options.dry_run, call.language)) << "\n";
    } else {
        if (arguments.findings.empty())
            print_findings(report.findings, call);
        if (!call.quiet)
            print(report, arguments.options.dry_run, call);
    }
    if (report.rows_rejected > 0 || count_errors(report.findings) > 0)
        call.exit_code = exit_findings;
}

}  // namespace

void add_import(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "import",
                                       {"Imports municipal data into a city by a mapping; every row ends in the city or in a finding, and a failed import leaves the city "
                                        "as it was",
                                        "Importiert kommunale Daten anhand einer Zuordnung in eine Stadt; jede Zeile landet in der Stadt oder in einem Befund, ein "
                                        "gescheiterter Import lässt die Stadt, wie sie war"});
    const auto arguments = std::make_shared<Arguments>();   // shared with the callback, which outlives this function
    command->add_option("SOURCE", arguments->sources, call.text({"Files, folders, patterns (\"trees/*.shp.zip\"), or PG:...", "Dateien, Ordner, Muster (\"baeume/*.shp.zip\") oder PG:..."}))->required();
    command->add_option("--mapping", arguments->options.mapping,
                        call.text({"Name (see 'stadtgdi list mappings') or mapping file", "Name (siehe 'stadtgdi list mappings') oder Zuordnungsdatei"}))->required();
    command->add_option("--city", arguments->city, call.text({"City: GeoPackage, made where it does not exist, or PG:...", "Stadt: GeoPackage, wird bei Bedarf angelegt, oder PG:..."}))->required();
    command->add_option("--name", arguments->info.name, call.text({"Name of a new city (default: the file's)", "Name einer neuen Stadt (Vorgabe: der der Datei)"}));
    command->add_option("--crs", arguments->info.crs, call.text({"CRS of a new city (default EPSG:25833)", "Koordinatensystem einer neuen Stadt (Vorgabe EPSG:25833)"}));
    command->add_flag("--dry-run", arguments->options.dry_run, call.text({"Reads, maps and checks, stores nothing", "Liest, übersetzt und prüft, speichert nichts"}));
    command->add_flag("--append", arguments->append, call.text({"Adds rows instead of replacing those of the same source", "Fügt Zeilen hinzu, statt die derselben Quelle zu ersetzen"}));
    command->add_flag("--keep-unmapped", arguments->options.keep_unmapped, call.text({"Keeps columns that the mapping does not use, as source_<name>", "Behält Spalten, die die Zuordnung nicht nutzt, als source_<Name>"}));
    command->add_option("--encoding", arguments->options.encoding, call.text({"Of files that do not say it, ISO-8859-1", "Von Dateien, die sie nicht nennen, ISO-8859-1"}));
    command->add_option("--shift", arguments->shift, call.text({"DX,DY in metres: moves foreign data onto the city, marked as demonstration data", "DX,DY in Metern: verschiebt fremde Daten auf die Stadt, als Demonstrationsdaten gekennzeichnet"}))
        ->delimiter(',')->expected(2);
    command->add_flag("--demonstration", arguments->options.demonstration, call.text({"Marks the data as demonstration data", "Kennzeichnet die Daten als Demonstrationsdaten"}));
    command->add_option("--findings", arguments->findings, call.text({"Writes all findings to FILE.csv or FILE.json", "Schreibt alle Befunde nach DATEI.csv oder DATEI.json"}));
    command->callback([arguments, &call] { import_sources(*arguments, call); });
}

}  // namespace stadtgdi::cli
