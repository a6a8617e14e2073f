// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <services/cli/exit_code.hpp>

#include <CLI/CLI.hpp>
#include <span>
#include <string>
#include <vector>

namespace stadtgdi::cli {

/// One call of the command: what every subcommand is told, and the exit code it leaves.
struct Call {
    base::Language language = base::Language::en;
    bool json = false;                     ///< results as JSON on stdout
    bool quiet = false;                    ///< no progress, no summary
    std::vector<std::string> arguments;    ///< as given, without the program
    std::string operation;                 ///< of `run`, whose own --help tells its options
    int exit_code = exit_ok;

    const std::string& text(const base::Text& text) const { return text.in(language); }
};

/// Adds a subcommand to the command; its work is the subcommand's callback.
using AddCommand = void (*)(CLI::App& app, Call& call);

/// A subcommand with --json, --quiet and --language.
CLI::App* add_subcommand(CLI::App& app, Call& call, const std::string& name, const base::Text& what);
void add_common_options(CLI::App& app, Call& call);

/// main() of both programs: finds the language (--language, else LC_ALL, LC_MESSAGES, LANG), reads the arguments, runs the
/// subcommand, and is where every error ends: on stderr, as JSON with --json.
int run_command(int argc, char** argv, const base::Text& what, std::span<const AddCommand> commands);

/// "Error: ..." and the exit code.
int report(const Error& error, const Call& call);

}  // namespace stadtgdi::cli
