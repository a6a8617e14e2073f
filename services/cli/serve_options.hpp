// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/cli/command_line.hpp>
#include <services/server/settings.hpp>

namespace stadtgdi::cli {

struct ServeArguments {
    std::vector<std::string> projects;
    std::string listen, settings, worker_link;
    bool new_key = false, new_user = false, no_parent = false;
};

/// Of the file, with what the command line says beside it.
server::Settings settings_of(const ServeArguments& arguments);

/// `serve`, the same in both programs: the parent process reads it to listen, the worker to serve.
void add_serve_command(CLI::App& app, Call& call, void (*work)(const ServeArguments&, Call&));

}  // namespace stadtgdi::cli
