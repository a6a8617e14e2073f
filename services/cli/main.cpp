// SPDX-License-Identifier: GPL-2.0-or-later
// The command `stadtgdi`. It starts without QGIS; `project` and the workers of `serve` are the program stadtgdi-qgis.
#include <services/cli/commands.hpp>
#include <services/cli/project_command.hpp>
#include <services/cli/qgis_program.hpp>

using namespace stadtgdi;

namespace {

void add_project(CLI::App& app, cli::Call& call)
{
    cli::add_project_command(app, call, [](const cli::ProjectArguments&, cli::Call& c) { cli::become_qgis_program(c.arguments); });
}

}  // namespace

int main(int argc, char** argv)
{
    static constexpr cli::AddCommand commands[] = {cli::add_check, cli::add_demo, cli::add_export, cli::add_import, cli::add_list, add_project, cli::add_run, cli::add_serve};
    return cli::run_command(argc, argv, {"StadtGDI: the geodata of a city, imported, checked, analysed, mapped and served",
                                         "StadtGDI: die Geodaten einer Stadt importieren, prüfen, auswerten, als Karte zeigen und bereitstellen"}, commands);
}
