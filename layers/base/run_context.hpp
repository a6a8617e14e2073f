// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <layers/base/finding.hpp>
#include <functional>
#include <mutex>
#include <stop_token>
#include <vector>

namespace stadtgdi::base {

/// What a piece of work gets from outside: a thread count, a way to be stopped, a place for progress and findings.
/// Kernels call back through nothing else. report() and progress() may be called from any thread.
///     RunContext run;                       // all cores
///     auto cover = trees::canopy_cover(..., run);
///     for (const Finding& f : run.take_findings()) ...
class RunContext {
public:
    /// threads = 0: as many as the machine has.
    explicit RunContext(int threads = 0, std::stop_token stop = {});

    int threads() const { return m_threads; }
    std::stop_token stop() const { return m_stop; }
    bool stopped() const { return m_stop.stop_requested(); }
    /// Throws Error(cancelled) once a stop was asked for.
    void throw_if_stopped() const;

    /// Called with the share done (0 to 1) and what is being done; set before the work starts.
    std::function<void(double, const Text&)> on_progress;
    void progress(double share, const Text& what = {});

    void report(Finding finding);
    /// Findings in the order of their layer, row, field and rule, whatever thread reported them; empties the list.
    std::vector<Finding> take_findings();

private:
    int m_threads;
    std::stop_token m_stop;
    std::mutex m_mutex;
    std::vector<Finding> m_findings;
};

}  // namespace stadtgdi::base
