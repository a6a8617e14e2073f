// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <pybind11/pybind11.h>
#include <chrono>
#include <future>
#include <optional>

namespace stadtgdi::python {

namespace py = pybind11;

/// Runs work(RunContext&) on a thread of its own while this one, without the interpreter lock, looks for Ctrl-C; then
/// the work is asked to stop and KeyboardInterrupt is raised. Other Python threads go on meanwhile.
template <class Work> auto interruptible(int threads, Work&& work)
{
    using Result = decltype(work(std::declval<base::RunContext&>()));
    std::stop_source stop;
    base::RunContext run(threads, stop.get_token());
    std::future<Result> future = std::async(std::launch::async, [&] { return work(run); });
    bool interrupted = false;
    {
        py::gil_scoped_release release;
        while (future.wait_for(std::chrono::milliseconds(interrupted ? 1000 : 20)) != std::future_status::ready) {
            if (interrupted) continue;
            py::gil_scoped_acquire acquire;
            if (PyErr_CheckSignals() == 0) continue;
            PyErr_Clear();
            interrupted = true;
            stop.request_stop();
        }
    }
    if (interrupted) {
        try {
            future.get();
        } catch (const Error&) {  // the stop that was asked for
        }
        PyErr_SetNone(PyExc_KeyboardInterrupt);
        throw py::error_already_set();
    }
    return future.get();
}

}  // namespace stadtgdi::python
