// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <layers/io/database.hpp>
#include <layers/io/sink.hpp>
#include <layers/operation/operation.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/layer_reference.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/operation_help.hpp>
#include <services/cli/out_target.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/provenance.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <list>
#include <map>

namespace stadtgdi::cli {

namespace {

using operation::Kind;
using operation::Operation;
using operation::Parameter;

struct RunArguments {
    std::map<std::string, std::string> values;   // by parameter name, as typed
    std::string out, findings;
    std::vector<std::string> with;
    int threads = 0;
};

/// The options follow from the declaration, so they are read by a parser made for this operation.
RunArguments parsed(const Operation& operation, std::vector<std::string> rest, Call& call)
{
    RunArguments arguments;
    CLI::App app("", "stadtgdi run " + operation.id);
    app.set_help_flag();
    add_common_options(app, call);
    for (const Parameter& parameter : operation.parameters) {
        std::string dashed = parameter.name;
        std::replace(dashed.begin(), dashed.end(), '_', '-');
        const std::string names = "--" + parameter.name + (dashed == parameter.name ? "" : ",--" + dashed);
        app.add_option_function<std::string>(names, [&arguments, name = parameter.name](const std::string& value) { arguments.values[name] = value; });
    }
    app.add_option("--out", arguments.out);
    app.add_option("--findings", arguments.findings);
    app.add_option("--with", arguments.with)->delimiter(',');
    app.add_option("--threads", arguments.threads)->check(CLI::Range(0, 1024));
    std::reverse(rest.begin(), rest.end());   // as CLI11 wants them
    app.parse(rest);
    return arguments;
}

void check_wanted(const Operation& operation, const std::vector<std::string>& wanted)
{
    for (const std::string& name : wanted) {
        const bool known = std::any_of(operation.outputs.begin(), operation.outputs.end(), [&](const operation::Output& o) { return o.name == name; });
        if (!known)
            throw Error(ErrorKind::invalid_argument, base::filled({"{0} has no result '{1}'; see --help.", "{0} hat kein Ergebnis '{1}'; siehe --help."}, operation.id, name));
    }
}

using OpenedLayers = std::map<std::string, OpenedLayer>;   // by parameter

/// Plain values first: a wrong number should not be told only after a million rows were read.
operation::Inputs values_of(const Operation& operation, const RunArguments& arguments)
{
    operation::Inputs inputs;
    inputs.wanted = arguments.with;
    for (const Parameter& parameter : operation.parameters)
        if (const auto given = arguments.values.find(parameter.name); given != arguments.values.end() && parameter.kind != Kind::layer)
            inputs.values[parameter.name] = operation::value_of(parameter, given->second);
    return inputs;
}

OpenedLayers opened_layers(const Operation& operation, const RunArguments& arguments, const Call& call)
{
    OpenedLayers layers;
    for (const Parameter& parameter : operation.parameters) {
        if (parameter.kind != Kind::layer)
            continue;
        if (const auto given = arguments.values.find(parameter.name); given != arguments.values.end())
            layers.emplace(parameter.name, open_layer(given->second, parameter.suggested_layer, call));
        else if (!parameter.optional)
            throw Error(ErrorKind::invalid_argument, base::filled({"--{0} is missing: {1}.", "--{0} fehlt: {2}."}, parameter.name, parameter.label.en, parameter.label.de));
    }
    return layers;
}

std::string layer_name(const operation::Output& output, const std::string& out)
{
    return holds_several_layers(out) ? output.name : std::filesystem::path(out).stem().string();
}

/// Before anything is read or computed.
void check_out(const Operation& operation, const RunArguments& arguments, const OpenedLayers& layers)
{
    require_folder_of(arguments.out);
    for (const operation::Output& output : operation.outputs) {
        if (output.optional && std::find(arguments.with.begin(), arguments.with.end(), output.name) == arguments.with.end())
            continue;
        refuse_layer_of_city(arguments.out, layer_name(output, arguments.out));
        for (const auto& [parameter, layer] : layers)
            refuse_overwriting(layer.reference.path, layer.reference.layer, arguments.out, layer_name(output, arguments.out));
    }
    for (const auto& [parameter, layer] : layers)
        if (is_same_place(layer.reference.path, arguments.findings))
            throw Error(ErrorKind::invalid_argument, base::filled({"--findings: '{0}' is what is read; please name another file.",
                                                                   "--findings: '{0}' wird gelesen; bitte eine andere Datei angeben."}, arguments.findings));
    require_writable_findings(arguments.findings);
}

/// Rows written by name of the output; findings of writing go to those of the results.
std::map<std::string, std::int64_t> write_results(const Operation& operation, operation::Results& results, const std::string& out, const Json& provenance, base::RunContext& run)
{
    if (results.tables.size() > 1 && !holds_several_layers(out))
        throw Error(ErrorKind::invalid_argument, base::filled({"{0} gives {1} results; they need a GeoPackage: --out FILE.gpkg.",
                                                               "{0} liefert {1} Ergebnisse; dafür braucht es ein GeoPackage: --out DATEI.gpkg."}, operation.id, std::to_string(results.tables.size())));
    const auto sink = io::Sink::open(out);
    std::map<std::string, std::int64_t> rows;
    for (const operation::Output& output : operation.outputs) {
        const auto table = results.tables.find(output.name);
        if (table == results.tables.end())
            continue;
        io::WriteOptions options;
        options.layer = layer_name(output, out);
        options.mode = io::WriteMode::replace;
        options.title = output.label.en;
        options.abstract = provenance_text(provenance);
        for (const operation::OutputField& field : output.fields)
            options.column_texts[field.name] = field.label.en;
        sink->write(table->second, options, run);
        std::vector<base::Finding> said = run.take_findings();
        rows[output.name] = rows_written(table->second, said);
        std::ranges::move(said, std::back_inserter(results.findings));
        store_provenance(*sink, out, options.layer, provenance);
    }
    sink->commit();
    return rows;
}

void run_operation(const Operation& operation, const RunArguments& arguments, Call& call)
{
    check_wanted(operation, arguments.with);
    if (arguments.out.empty())
        throw Error(ErrorKind::invalid_argument, {"--out FILE is missing: where the result goes.", "--out DATEI fehlt: wohin das Ergebnis soll."});
    operation::Results results;
    std::map<std::string, std::int64_t> rows;
    Json provenance;
    {
        const StopOnSignal stop;
        base::RunContext run(arguments.threads, stop.token());
        const Progress progress(run, call);
        operation::Inputs inputs = values_of(operation, arguments);
        std::list<LeaveNoLog> tidy;
        for (const auto& [name, value] : arguments.values)
            if (operation.find(name)->kind == Kind::layer)
                tidy.emplace_back(parse_layer_reference(value).path);
        OpenedLayers layers = opened_layers(operation, arguments, call);
        check_out(operation, arguments, layers);
        std::map<std::string, LayerReference> sources;
        for (auto& [parameter, layer] : layers) {
            inputs.tables.emplace(parameter, layer.read(run));
            sources.emplace(parameter, layer.reference);
        }
        layers.clear();   // closes the files
        inputs = operation::checked(operation, std::move(inputs));
        provenance = provenance_of(operation, inputs, sources);
        results = operation::run(operation, std::move(inputs), run);
        rows = write_results(operation, results, arguments.out, provenance, run);
    }
    if (!arguments.findings.empty())
        write_findings(results.findings, arguments.findings, call.language);
    if (call.json) {
        Json outputs = Json::array();
        for (const auto& [name, count] : rows)
            outputs.push_back({{"name", name}, {"rows", count}});
        std::cout << dumped({{"operation", operation.id}, {"out", io::shown_path(arguments.out)}, {"outputs", outputs}, {"provenance", provenance},
                             {"findings", to_json(results.findings, call.language)}}) << "\n";
    } else {
        if (arguments.findings.empty())
            print_findings(results.findings, call);
        std::vector<std::vector<std::string>> lines;
        for (const auto& [name, count] : rows)
            lines.push_back({"  " + name, rows_text(count, call.language)});
        if (!call.quiet)
            std::cout << io::shown_path(arguments.out) << "\n" << aligned(lines);
    }
    if (count_errors(results.findings) > 0)
        call.exit_code = exit_findings;
}

}  // namespace

void add_run(CLI::App& app, Call& call)
{
    CLI::App* command = add_subcommand(app, call, "run", {"Runs an analysis: stadtgdi run OPERATION --KEY VALUE ... --out FILE; 'run OPERATION --help' tells its options",
                                                          "Rechnet eine Auswertung: stadtgdi run OPERATION --NAME WERT ... --out DATEI; 'run OPERATION --help' nennt ihre Angaben"});
    command->prefix_command();
    command->set_help_flag();   // --help after the operation belongs to the operation
    command->callback([command, &call] {
        std::vector<std::string> rest = command->remaining();
        const auto is_help = [](const std::string& argument) { return argument == "--help" || argument == "-h"; };
        if (rest.empty() || is_help(rest.front())) {
            std::cout << command->help("stadtgdi") << "\n";
            for (const Operation& operation : operation::all_operations())
                std::cout << "  " << operation.id << "  " << call.text(operation.title) << "\n";
            call.exit_code = rest.empty() ? exit_usage : exit_ok;
            return;
        }
        const Operation& operation = operation::find_operation(rest.front());
        rest.erase(rest.begin());
        if (std::any_of(rest.begin(), rest.end(), is_help)) {
            std::cout << operation_help(operation, call.language);
            return;
        }
        call.operation = operation.id;
        run_operation(operation, parsed(operation, std::move(rest), call), call);
    });
}

}  // namespace stadtgdi::cli
