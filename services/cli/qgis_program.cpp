// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/qgis_program.hpp>

#include <layers/base/error.hpp>

#include <filesystem>
#include <unistd.h>

namespace stadtgdi::cli {

std::string qgis_program()
{
    std::error_code error;
    const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error);
    const std::filesystem::path program = own.parent_path() / "stadtgdi-qgis";
    if (error || access(program.c_str(), X_OK) != 0)
        throw Error(ErrorKind::unsupported, base::filled({"The program '{0}' is missing: projects and the service need QGIS. Please install StadtGDI as a whole.",
                                                          "Das Programm '{0}' fehlt: Projekte und Dienst brauchen QGIS. Bitte StadtGDI vollständig installieren."},
                                                         program.string()));
    return program.string();
}

void become_qgis_program(const std::vector<std::string>& arguments)
{
    std::vector<std::string> all = {qgis_program()};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& argument : all)
        argv.push_back(argument.data());
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    throw Error(ErrorKind::io, base::filled({"The program '{0}' could not be started.", "Das Programm '{0}' ließ sich nicht starten."}, all[0]));
}

}  // namespace stadtgdi::cli
