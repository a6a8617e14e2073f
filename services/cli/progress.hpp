// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <services/cli/command_line.hpp>
#include <chrono>
#include <mutex>

namespace stadtgdi::cli {

/// One line on stderr that changes, only where stderr is a terminal and neither --quiet nor --json was given.
///     RunContext run(0, stop.token());
///     Progress progress(run, call);
class Progress {
public:
    Progress(base::RunContext& run, const Call& call);
    ~Progress();   ///< wipes the line
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

private:
    void show(double share, const base::Text& what);

    base::RunContext& m_run;
    const Call& m_call;
    std::mutex m_mutex;
    std::chrono::steady_clock::time_point m_last;
    std::string m_what;
    bool m_shown = false;
};

}  // namespace stadtgdi::cli
