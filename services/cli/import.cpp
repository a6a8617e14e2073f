// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/catalogue/mapping.hpp>
#include <layers/crs/crs.hpp>
#include <layers/io/database.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/out_target.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <filesystem>
#include <iostream>
#include <tuple>

namespace stadtgdi::cli {

namespace {

struct ImportArguments {
    std::vector<std::string> sources;
    std::string city, findings;
    catalogue::ImportOptions options;
    catalogue::CityInfo info;
    std::vector<double> shift;
    bool append = false, crs_given = false;
};

/// The city as it was named on the command line and as it is must be one: data in another CRS would be taken for this one's.
void compare(const ImportArguments& arguments, const catalogue::CityInfo& found)
{
    if (arguments.crs_given && crs::normalized(arguments.info.crs) != crs::normalized(found.crs))
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"The city '{0}' exists and is in {1}, not in {2}; --crs is for a new city. Leave it out, or name another city.",
                                  "Die Stadt '{0}' gibt es schon, und zwar in {1} statt {2}; --crs gilt für eine neue Stadt. Bitte weglassen oder eine andere Stadt nennen."},
                                 io::shown_path(arguments.city), found.crs, arguments.info.crs));
}

/// What is said of a new city says nothing of one that exists.
void report_what_stays(const ImportArguments& arguments, const catalogue::CityInfo& found, catalogue::ImportReport& report)
{
    for (const auto& [option, said, kept] : {std::tuple("--name", &arguments.info.name, &found.name), std::tuple("--attribution", &arguments.info.attribution, &found.attribution),
                                             std::tuple("--licence", &arguments.info.licence, &found.licence)}) {
        if (said->empty() || *said == *kept)
            continue;
        base::Finding finding;
        finding.rule = "import.city";
        finding.field = option;
        finding.value = *said;
        finding.message = base::filled({"The city exists and says '{0}'; {1} is for a new city and changes nothing.",
                                        "Die Stadt gibt es schon, und dort steht „{0}“; {1} gilt für eine neue Stadt und ändert nichts."},
                                       *kept, option);
        report.findings.push_back(std::move(finding));
    }
}

/// The city that is there, or one that the import makes: a failed or a trial import leaves nothing behind.
catalogue::City opened(const ImportArguments& arguments, const Call& call)
{
    const bool is_database = io::is_postgis(arguments.city);
    if (is_database ? catalogue::City::is_city(arguments.city) : std::filesystem::exists(arguments.city))
        return arguments.options.dry_run ? catalogue::City::look(arguments.city) : open_city(arguments.city, call);
    catalogue::CityInfo info = arguments.info;
    if (info.name.empty())
        info.name = is_database ? io::schema_of(arguments.city) : std::filesystem::path(arguments.city).stem().string();
    return catalogue::City::plan(arguments.city, info);
}

Json report_json(const catalogue::ImportReport& report, bool dry_run, base::Language language)
{
    Json layers = Json::array();
    for (const auto& layer : report.layers)
        layers.push_back({{"name", layer.name}, {"rows_stored", layer.rows_stored}, {"rows_replaced", layer.rows_replaced}, {"rows_removed", layer.rows_removed}});
    return {{"dry_run", dry_run},
            {"rows_read", report.rows_read},
            {"rows_stored", report.rows_stored},
            {"rows_rejected", report.rows_rejected},
            {"rows_repeated", report.rows_repeated},
            {"rows_left_out", report.rows_left_out},
            {"rows_replaced", report.rows_replaced},
            {"rows_removed", report.rows_removed},
            {"layers", layers},
            {"unmapped_columns", report.unmapped_columns},
            {"ignored_columns", report.ignored_columns},
            {"findings", to_json(report.findings, language)}};
}

void print(const catalogue::ImportReport& report, bool dry_run, const Call& call)
{
    std::vector<std::vector<std::string>> lines = {
        {call.text({"read", "gelesen"}), rows_text(report.rows_read, call.language)},
        {dry_run ? call.text({"would be stored", "würden gespeichert"}) : call.text({"stored", "gespeichert"}), rows_text(report.rows_stored, call.language)},
        {call.text({"rejected", "abgewiesen"}), rows_text(report.rows_rejected, call.language)}};
    const auto add = [&](std::int64_t rows, const base::Text& what) {
        if (rows > 0)
            lines.push_back({call.text(what), rows_text(rows, call.language)});
    };
    add(report.rows_repeated, {"repeated in the source", "in der Quelle wiederholt"});
    add(report.rows_left_out, {"left out by the mapping's condition", "nach der Bedingung der Importabbildung ausgelassen"});
    for (const auto& layer : report.layers)
        lines.push_back({"  " + layer.name, rows_text(layer.rows_stored, call.language)});
    add(report.rows_replaced, dry_run ? base::Text{"of the earlier delivery would be replaced", "der früheren Lieferung würden ersetzt"}
                                      : base::Text{"of the earlier delivery replaced", "der früheren Lieferung ersetzt"});
    add(report.rows_removed, dry_run ? base::Text{"of the earlier delivery would be removed", "der früheren Lieferung würden entfernt"}
                                     : base::Text{"of the earlier delivery removed", "der früheren Lieferung entfernt"});
    std::cout << aligned(lines);
    const auto list = [&](const std::vector<std::string>& columns, const base::Text& title) {
        if (columns.empty())
            return;
        std::cout << call.text(title);
        for (const std::string& column : columns)
            std::cout << " " << column;
        std::cout << "\n";
    };
    list(report.ignored_columns, {"Columns that the mapping leaves out on purpose:", "Spalten, die die Importabbildung absichtlich auslässt:"});
    list(report.unmapped_columns, {"Columns that the mapping does not use (--keep-unmapped keeps them):", "Spalten, die die Importabbildung nicht nutzt (--keep-unmapped behält sie):"});
    if (!report.findings.empty())
        std::cout << findings_text(report.findings, call.language) << "\n";
}

void import_sources(ImportArguments& arguments, Call& call)
{
    arguments.options.replace = !arguments.append;
    if (!arguments.shift.empty()) {
        arguments.options.shift_x_m = arguments.shift[0];
        arguments.options.shift_y_m = arguments.shift[1];
    }
    if (arguments.city.find("://") == std::string::npos)  // an address is no city, which opening it says
        require_folder_of(arguments.city, "--city");
    require_writable_findings(arguments.findings);
    catalogue::ImportReport report;
    {
        const LeaveNoLog tidy(arguments.city);
        const StopOnSignal stop;
        base::RunContext run(0, stop.token());
        const Progress progress(run, call);
        catalogue::City city = opened(arguments, call);
        compare(arguments, city.info());
        report = catalogue::import(city, arguments.sources, arguments.options, run);
        report_what_stays(arguments, city.info(), report);
    }
    if (call.json) {
        std::cout << dumped(report_json(report, arguments.options.dry_run, call.language)) << "\n";
    } else {
        if (arguments.findings.empty())
            print_findings(report.findings, call);
        if (!call.quiet)
            print(report, arguments.options.dry_run, call);
    }
    // What was imported has been told, come what may.
    if (!arguments.findings.empty())
        write_findings(report.findings, arguments.findings, call.language);
    if (report.rows_rejected > 0 || count_errors(report.findings) > 0)
        call.exit_code = exit_findings;
}

}  // namespace

void add_import(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "import",
                                       {"Imports municipal data into a city by a mapping; every row ends in the city or in a finding, and a failed import leaves the city "
                                        "as it was",
                                        "Importiert kommunale Daten anhand einer Importabbildung in eine Stadt; jede Zeile landet in der Stadt oder in einem Befund, ein "
                                        "gescheiterter Import lässt die Stadt, wie sie war"});
    const auto arguments = std::make_shared<ImportArguments>();   // shared with the callback, which outlives this function
    command->add_option("SOURCE", arguments->sources, call.text({"Files, folders, patterns (\"trees/*.shp.zip\"), or PG:...", "Dateien, Ordner, Muster (\"baeume/*.shp.zip\") oder PG:..."}))->required();
    command->add_option("--mapping", arguments->options.mapping,
                        call.text({"Name (see 'stadtgdi list mappings') or mapping file", "Name (siehe 'stadtgdi list mappings') oder Datei einer Importabbildung"}))->required();
    command->add_option("--city", arguments->city, call.text({"City: GeoPackage, made where it does not exist, or PG:...", "Stadt: GeoPackage, wird bei Bedarf angelegt, oder PG:..."}))->required();
    command->add_option("--name", arguments->info.name, call.text({"Name of a new city (default: the file's)", "Name einer neuen Stadt (Vorgabe: der der Datei)"}));
    command->add_option("--attribution", arguments->info.attribution, call.text({"Who is to be named with a new city's data", "Wer bei den Daten einer neuen Stadt zu nennen ist"}));
    command->add_option("--licence", arguments->info.licence, call.text({"Licence of a new city (default: those of its layers)", "Lizenz einer neuen Stadt (Vorgabe: die ihrer Ebenen)"}));
    const CLI::Option* crs = command->add_option("--crs", arguments->info.crs, call.text({"CRS of a new city (default EPSG:25833)", "Koordinatensystem einer neuen Stadt (Vorgabe EPSG:25833)"}));
    command->add_flag("--dry-run", arguments->options.dry_run, call.text({"Reads, maps and checks, stores nothing", "Liest, übersetzt und prüft, speichert nichts"}));
    command->add_flag("--append", arguments->append, call.text({"Adds rows instead of replacing those of the same source", "Fügt Zeilen hinzu, statt die derselben Quelle zu ersetzen"}));
    command->add_flag("--keep-unmapped", arguments->options.keep_unmapped, call.text({"Keeps columns that the mapping does not use, as source_<name>", "Behält Spalten, die die Importabbildung nicht nutzt, als source_<Name>"}));
    command->add_option("--encoding", arguments->options.encoding, call.text({"Of files that do not say it, ISO-8859-1", "Von Dateien, die sie nicht nennen, ISO-8859-1"}));
    command->add_option("--shift", arguments->shift, call.text({"DX,DY in metres: moves foreign data onto the city, marked as demonstration data", "DX,DY in Metern: verschiebt fremde Daten auf die Stadt, als Demonstrationsdaten gekennzeichnet"}))
        ->delimiter(',')->expected(2);
    command->add_flag("--demonstration", arguments->options.demonstration, call.text({"Marks the data as demonstration data", "Kennzeichnet die Daten als Demonstrationsdaten"}));
    command->add_option("--findings", arguments->findings, call.text({"Writes all findings to FILE.csv or FILE.json", "Schreibt alle Befunde nach DATEI.csv oder DATEI.json"}));
    command->callback([arguments, crs, &call] {
        arguments->crs_given = crs->count() > 0;
        import_sources(*arguments, call);
    });
}

}  // namespace stadtgdi::cli
