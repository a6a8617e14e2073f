// SPDX-License-Identifier: GPL-2.0-or-later
// The part of the command that needs QGIS: `project`, and the workers of `serve`. People call `stadtgdi`.
#include <services/cli/project_command.hpp>
#include <services/cli/worker.hpp>

#include <layers/base/run_context.hpp>
#include <plugins/bridge/project_writer.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/output.hpp>
#include <services/cli/progress.hpp>
#include <services/cli/stop_on_signal.hpp>

#include <iostream>

using namespace stadtgdi;

namespace {

void write_project(const cli::ProjectArguments& arguments, cli::Call& call)
{
    {
        const cli::LeaveNoLog tidy(arguments.city);
        const cli::StopOnSignal stop;
        base::RunContext run(0, stop.token());
        const cli::Progress progress(run, call);
        cli::open_city(arguments.city, call);  // tells of an upgrade
        bridge::write_project(arguments.city, arguments.out, call.language, run);
    }
    if (call.json)
        std::cout << cli::dumped({{"project", arguments.out}}) << "\n";
    else if (!call.quiet)
        std::cout << arguments.out << "\n";
}

void add_project(CLI::App& app, cli::Call& call)
{
    cli::add_project_command(app, call, write_project);
}

void add_serve(CLI::App& app, cli::Call& call)
{
    cli::add_serve_command(app, call, cli::serve_in_this_process);
}

}  // namespace

int main(int argc, char** argv)
{
    static constexpr cli::AddCommand commands[] = {add_project, add_serve};
    return cli::run_command(argc, argv, {"The part of stadtgdi that needs QGIS", "Der Teil von stadtgdi, der QGIS braucht"}, commands);
}
