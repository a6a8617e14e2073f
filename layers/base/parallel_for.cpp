// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/parallel_for.hpp>
#include <tbb/blocked_range.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>
#include <algorithm>

namespace stadtgdi::base {

void parallel_for(RunContext& run, std::size_t count, std::size_t grain,
                  const std::function<void(std::size_t, std::size_t)>& work)
{
    run.throw_if_stopped();
    if (count == 0) return;
    grain = std::max<std::size_t>(grain, 1);
    if (run.threads() == 1 || count <= grain) {
        for (std::size_t begin = 0; begin < count; begin += grain) {
            run.throw_if_stopped();
            work(begin, std::min(count, begin + grain));
        }
        return;
    }
    // More threads than cores gain nothing, and TBB would say so on stderr.
    tbb::task_arena arena(std::min(run.threads(), tbb::info::default_concurrency()));
    arena.execute([&] {
        tbb::parallel_for(tbb::blocked_range<std::size_t>(0, count, grain), [&](const tbb::blocked_range<std::size_t>& piece) {
            run.throw_if_stopped();
            work(piece.begin(), piece.end());
        });
    });
}

}  // namespace stadtgdi::base
