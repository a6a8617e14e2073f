// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/cli/command_line.hpp>

namespace stadtgdi::cli {

struct ProjectArguments {
    std::string city, out;
};

/// `project`, the same in both programs: one reads the arguments (and helps), the other does the work.
void add_project_command(CLI::App& app, Call& call, void (*work)(const ProjectArguments&, Call&));

}  // namespace stadtgdi::cli
