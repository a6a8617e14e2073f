// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/demo/demo.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <cstdio>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

namespace stadtgdi::cli {

namespace {

struct DemoArguments {
    demo::DemoOptions options;
    std::string out = ".";
};

/// Whole and not negative; a sign or a number too large would silently become another seed.
std::uint64_t seed_of(const std::string& text)
{
    std::uint64_t seed = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seed);
    if (failure != std::errc{} || end != text.data() + text.size())
        throw Error(ErrorKind::invalid_argument, base::filled({"--seed: found '{0}', expected a whole number from 0 to 18446744073709551615.",
                                                               "--seed: '{0}' gefunden, erwartet wird eine ganze Zahl von 0 bis 18446744073709551615."}, text));
    return seed;
}

void write_defects(const demo::DemoReport& report, const std::filesystem::path& path)
{
    Json list = Json::array();
    for (const demo::Defect& d : report.defects)
        list.push_back({{"rule", d.rule}, {"layer", d.layer}, {"uuid", d.uuid}, {"field", d.field}, {"value", d.value}});
    std::ofstream file(path, std::ios::binary);
    file << dumped(list) << "\n";
    file.flush();
    if (!file)
        throw Error(ErrorKind::io, base::filled({"'{0}' could not be written.", "'{0}' ließ sich nicht schreiben."}, path.string()));
}

void make(const DemoArguments& arguments, Call& call)
{
    const std::filesystem::path folder(arguments.out);
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        throw Error(ErrorKind::io, base::filled({"The folder '{0}' could not be made: {1}.", "Der Ordner '{0}' ließ sich nicht anlegen: {1}."}, folder.string(), error.message()));
    const std::string city = (folder / "demo.gpkg").string();
    demo::DemoReport report;
    {
        const StopOnSignal stop;
        base::RunContext run(0, stop.token());
        const Progress progress(run, call);
        report = demo::make_city(city, arguments.options, run);
    }
    if (arguments.options.defects)
        write_defects(report, folder / "demo_defects.json");
    char hash[20];
    std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(report.hash));
    if (call.json) {
        Json layers = Json::object();
        for (const auto& [name, rows] : report.rows)
            layers[name] = rows;
        std::cout << dumped({{"city", city}, {"rows", layers}, {"defects", report.defects.size()}, {"hash", hash}}) << "\n";
    } else if (!call.quiet) {
        std::vector<std::vector<std::string>> lines;
        for (const auto& [name, rows] : report.rows)
            lines.push_back({"  " + name, rows_text(rows, call.language)});
        std::cout << city << "\n" << aligned(lines) << call.text({"hash ", "Prüfsumme "}) << hash << "\n";
        if (arguments.options.defects)
            std::cout << report.defects.size() << call.text({" planted errors, listed in ", " eingebaute Fehler, aufgezählt in "}) << (folder / "demo_defects.json").string() << "\n";
    }
}

}  // namespace

void add_demo(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "demo",
                                       {"Makes a plausible city to try everything with (demo.gpkg); the same seed gives the same rows everywhere",
                                        "Erzeugt eine plausible Stadt zum Ausprobieren (demo.gpkg); gleiche Zahl, gleiche Zeilen, überall"});
    const auto arguments = std::make_shared<DemoArguments>();   // shared with the callback, which outlives this function
    command->add_option("--inhabitants", arguments->options.inhabitants,
                        call.text({"20000 to 5000000; about one tree to two inhabitants (default 20000)",
                                   "20000 bis 5000000; etwa ein Baum auf zwei Einwohner (Vorgabe 20000)"}))->check(CLI::Range(std::int64_t{20'000}, std::int64_t{5'000'000}));
    command->add_option_function<std::string>("--seed", [arguments](const std::string& text) { arguments->options.seed = seed_of(text); }, call.text({"Number that everything follows from (default 1)", "Zahl, aus der alles folgt (Vorgabe 1)"}));
    command->add_option("--out", arguments->out, call.text({"Folder (default: this one)", "Ordner (Vorgabe: dieser)"}));
    command->add_option("--name", arguments->options.name, call.text({"Name of the city (default Musterstadt)", "Name der Stadt (Vorgabe Musterstadt)"}));
    command->add_flag("--defects", arguments->options.defects, call.text({"Plants errors for the checks and lists them in demo_defects.json", "Baut Fehler für die Prüfungen ein und zählt sie in demo_defects.json auf"}));
    command->callback([arguments, &call] { make(*arguments, call); });
}

}  // namespace stadtgdi::cli
