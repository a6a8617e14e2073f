// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/commands.hpp>

#include <services/cli/qgis_program.hpp>
#include <services/cli/serve_options.hpp>
#include <services/server/settings.hpp>
#include <services/server/supervisor.hpp>

#include <iostream>

namespace stadtgdi::cli {

namespace {

void serve(const ServeArguments& arguments, Call& call)
{
    if (arguments.no_parent)
        become_qgis_program(call.arguments);
    const server::Settings settings = settings_of(arguments);
    server::SupervisorOptions options;
    options.worker = {qgis_program()};
    options.worker.insert(options.worker.end(), call.arguments.begin(), call.arguments.end());
    options.host = settings.listener.host;
    options.port = settings.listener.port;
    options.grace = settings.shutdown_time;
    options.read_again = [&arguments] {
        const server::Settings now = settings_of(arguments);
        return server::SupervisorOptions::Settings{now.listener.host, now.listener.port, now.shutdown_time};
    };
    options.say = [&call](const base::Text& text) { std::cerr << call.text(text) << std::endl; };
    call.exit_code = server::supervise(options);
}

}  // namespace

void add_serve(CLI::App& app, Call& call)
{
    add_serve_command(app, call, serve);
}

}  // namespace stadtgdi::cli
