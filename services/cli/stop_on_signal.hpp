// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <stop_token>
#include <thread>

namespace stadtgdi::cli {

/// While it lives, the first Ctrl-C (or SIGTERM) asks for a stop and the second one ends the program at once.
class StopOnSignal {
public:
    StopOnSignal();
    ~StopOnSignal();
    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;
    std::stop_token token() const { return m_stop.get_token(); }

private:
    int m_pipe[2] = {-1, -1};
    std::stop_source m_stop;
    std::thread m_waiter;
};

}  // namespace stadtgdi::cli
