// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <cstddef>
#include <functional>

namespace stadtgdi::base {

/// Runs work(begin, end) over [0, count) in pieces of at least `grain` on the threads of `run` and returns when all
/// are done. The only way to threads in layers/. The first error is rethrown; a stop ends it with Error(cancelled).
/// Results must go to slots of their own, so that they are the same for any thread count.
///     parallel_for(run, n, 4096, [&](std::size_t begin, std::size_t end) { ... });
void parallel_for(RunContext& run, std::size_t count, std::size_t grain,
                  const std::function<void(std::size_t begin, std::size_t end)>& work);

}  // namespace stadtgdi::base
