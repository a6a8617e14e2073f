// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/io/database.hpp>
#include <layers/validate/validate.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <algorithm>
#include <iostream>

namespace stadtgdi::cli {

namespace {

struct CheckArguments {
    std::string city, findings;
    validate::CheckOptions options;
};

void check_city(const CheckArguments& arguments, Call& call)
{
    std::vector<base::Finding> findings;
    std::int64_t rows = 0;
    require_writable_findings(arguments.findings);
    {
        const LeaveNoLog tidy(arguments.city);
        const StopOnSignal stop;
        base::RunContext run(0, stop.token());
        const Progress progress(run, call);
        const catalogue::City city = open_city(arguments.city, call);
        const std::vector<std::string>& wanted = arguments.options.layers;
        for (const catalogue::StoredLayer& layer : city.layers())
            if (wanted.empty() || std::find(wanted.begin(), wanted.end(), layer.name) != wanted.end())
                rows += layer.rows;
        findings = validate::check(city, arguments.options, run);
    }
    const std::int64_t errors = count_errors(findings);
    if (!arguments.findings.empty())
        write_findings(findings, arguments.findings, call.language);
    if (call.json) {
        std::cout << dumped({{"city", io::shown_path(arguments.city)}, {"rows", rows}, {"errors", errors}, {"findings", to_json(findings, call.language)}}) << "\n";
    } else {
        if (arguments.findings.empty())
            print_findings(findings, call);
        if (!call.quiet)
            std::cout << rows_text(rows, call.language) << call.text({" checked: ", " geprüft: "}) << findings_text(findings, call.language) << "\n";
    }
    if (errors > 0)
        call.exit_code = exit_findings;
}

}  // namespace

void add_check(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "check",
                                       {"Checks a city by the rules of its layers ('stadtgdi list rules'); ends with 1 where there are errors",
                                        "Prüft eine Stadt nach den Regeln ihrer Ebenen ('stadtgdi list rules'); endet mit 1, wo es Fehler gibt"});
    const auto arguments = std::make_shared<CheckArguments>();   // shared with the callback, which outlives this function
    command->add_option("CITY", arguments->city, call.text({"City: GeoPackage, or PG:dbname=... schemas=...", "Stadt: GeoPackage oder PG:dbname=... schemas=..."}))->required();
    command->add_option("--rules", arguments->options.rules, call.text({"Only these, V104,V105", "Nur diese, V104,V105"}))->delimiter(',');
    command->add_option("--layers", arguments->options.layers, call.text({"Only these, trees_tree,utilities_line", "Nur diese, trees_tree,utilities_line"}))->delimiter(',');
    command->add_option("--date", arguments->options.reference_date,
                        call.text({"Day that ages and dates are measured against, 2026-11-21 (default: the newest entry)",
                                   "Tag, gegen den Alter und Daten gemessen werden, 2026-11-21 (Vorgabe: der neueste Eintrag)"}));
    command->add_option("--findings", arguments->findings, call.text({"Writes all findings to FILE.csv or FILE.json", "Schreibt alle Befunde nach DATEI.csv oder DATEI.json"}));
    command->callback([arguments, &call] { check_city(*arguments, call); });
}

}  // namespace stadtgdi::cli
