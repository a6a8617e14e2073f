// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>

namespace stadtgdi::cli {

/// How the command ends; the same list as in docs/how_to/use_the_command.md and `stadtgdi --help`.
enum ExitCode {
    exit_ok = 0,
    exit_findings = 1,      ///< the work was done, but rows are wrong (findings of severity error), or a source is unusable
    exit_usage = 2,         ///< wrong arguments or settings
    exit_io = 3,            ///< a file, layer or address is missing, unreadable or not writable
    exit_unsupported = 4,   ///< this build or format cannot do that
    exit_internal = 5,      ///< a mistake of ours
    exit_stopped = 130      ///< Ctrl-C or SIGTERM
};

int exit_code_of(base::ErrorKind kind);
/// The paragraph about exit codes for --help.
base::Text exit_code_help();

}  // namespace stadtgdi::cli
