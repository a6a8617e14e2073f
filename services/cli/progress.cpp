// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/progress.hpp>

#include <services/cli/output.hpp>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace stadtgdi::cli {

Progress::Progress(base::RunContext& run, const Call& call) : m_run(run), m_call(call)
{
    if (!call.quiet && !call.json && isatty(STDERR_FILENO))
        m_run.on_progress = [this](double share, const base::Text& what) { show(share, what); };
}

Progress::~Progress()
{
    m_run.on_progress = nullptr;
    if (m_shown)
        std::fputs("\r\033[K", stderr);
}

void Progress::show(double share, const base::Text& what)
{
    const std::lock_guard lock(m_mutex);
    const auto now = std::chrono::steady_clock::now();
    const std::string& text = m_call.text(what);
    if (!text.empty())
        m_what = text.substr(0, 200);
    if (now - m_last < std::chrono::milliseconds(100))
        return;
    m_last = now;
    m_shown = true;
    std::fprintf(stderr, "\r\033[K%3d %% %s", static_cast<int>(std::clamp(share, 0.0, 1.0) * 100), m_what.c_str());
    std::fflush(stderr);
}

}  // namespace stadtgdi::cli
