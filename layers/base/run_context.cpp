// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/run_context.hpp>
#include <algorithm>
#include <thread>
#include <tuple>

namespace stadtgdi::base {

namespace {

int cores()
{
    static const int number = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));  // which reads a file of the system each time
    return number;
}

}  // namespace

RunContext::RunContext(int threads, std::stop_token stop) : m_threads(threads > 0 ? threads : cores()), m_stop(std::move(stop))
{
}

void RunContext::throw_if_stopped() const
{
    if (m_stop.stop_requested()) throw Error(ErrorKind::cancelled, {"Stopped on request.", "Auf Wunsch abgebrochen."});
}

void RunContext::progress(double share, const Text& what)
{
    if (!on_progress) return;
    const std::lock_guard lock(m_mutex);
    on_progress(std::clamp(share, 0.0, 1.0), what);
}

void RunContext::report(Finding finding)
{
    const std::lock_guard lock(m_mutex);
    m_findings.push_back(std::move(finding));
}

std::vector<Finding> RunContext::take_findings()
{
    std::vector<Finding> out;
    {
        const std::lock_guard lock(m_mutex);
        out.swap(m_findings);
    }
    std::stable_sort(out.begin(), out.end(), [](const Finding& a, const Finding& b) {
        return std::tie(a.layer, a.file, a.row, a.field, a.rule) < std::tie(b.layer, b.file, b.row, b.field, b.rule);
    });
    return out;
}

}  // namespace stadtgdi::base
