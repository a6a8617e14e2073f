// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/cli/command_line.hpp>

namespace stadtgdi::cli {

// One file each; the list that --help shows is in main.cpp.
void add_check(CLI::App& app, Call& call);
void add_demo(CLI::App& app, Call& call);
void add_export(CLI::App& app, Call& call);
void add_import(CLI::App& app, Call& call);
void add_list(CLI::App& app, Call& call);
void add_run(CLI::App& app, Call& call);
void add_serve(CLI::App& app, Call& call);

}  // namespace stadtgdi::cli
