// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/project_command.hpp>

#include <services/cli/out_target.hpp>

#include <memory>

namespace stadtgdi::cli {

void add_project_command(CLI::App& app, Call& call, void (*work)(const ProjectArguments&, Call&))
{
    CLI::App* command = add_subcommand(app, call, "project",
                                       {"Writes the QGIS project of a city: layers with styles, forms, titles and the settings of the services, in one language "
                                        "(--language)",
                                        "Schreibt das QGIS-Projekt einer Stadt: Ebenen mit Stil, Formular, Titeln und den Einstellungen der Dienste, in einer Sprache "
                                        "(--language)"});
    const auto arguments = std::make_shared<ProjectArguments>();   // shared with the callback, which outlives this function
    command->add_option("CITY", arguments->city, call.text({"City: GeoPackage, or PG:dbname=... schemas=...", "Stadt: GeoPackage oder PG:dbname=... schemas=..."}))->required();
    command->add_option("--out", arguments->out, call.text({"Project file, .qgz or .qgs", "Projektdatei, .qgz oder .qgs"}))->required();
    command->callback([arguments, &call, work] {
        if (!arguments->out.ends_with(".qgz") && !arguments->out.ends_with(".qgs"))
            throw Error(ErrorKind::invalid_argument, base::filled({"--out: found '{0}', expected a project file, .qgz or .qgs.",
                                                                   "--out: '{0}' gefunden, erwartet wird eine Projektdatei, .qgz oder .qgs."}, arguments->out));
        require_folder_of(arguments->out);
        work(*arguments, call);
    });
}

}  // namespace stadtgdi::cli
