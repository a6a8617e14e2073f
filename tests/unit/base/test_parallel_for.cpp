// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/parallel_for.hpp>
#include <atomic>

using namespace stadtgdi::base;

TEST(ParallelFor, VisitsEveryNumberOnce)
{
    for (const int threads : {1, 2, 8}) {
        RunContext run(threads);
        for (const std::size_t count : {0U, 1U, 7U, 1000U, 12345U}) {
            for (const std::size_t grain : {0U, 1U, 64U, 100000U}) {
                std::vector<std::atomic<int>> visits(count);
                parallel_for(run, count, grain, [&](std::size_t begin, std::size_t end) {
                    EXPECT_LT(begin, end);
                    for (std::size_t i = begin; i < end; ++i) ++visits[i];
                });
                for (const auto& one : visits) ASSERT_EQ(one, 1);
            }
        }
    }
}

TEST(ParallelFor, RethrowsAnError)
{
    for (const int threads : {1, 2}) {
        RunContext run(threads);
        try {
            parallel_for(run, 1000, 10, [](std::size_t begin, std::size_t end) {
                if (begin <= 500 && 500 < end) throw Error(ErrorKind::bad_data, {"row 500", "Zeile 500"});
            });
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::bad_data);
        }
    }
}

TEST(ParallelFor, AStopEndsItAsCancelled)
{
    for (const int threads : {1, 2}) {
        std::stop_source stop;
        RunContext run(threads, stop.get_token());
        std::atomic<std::size_t> done = 0;
        try {
            parallel_for(run, 1'000'000, 10, [&](std::size_t begin, std::size_t end) {
                done += end - begin;
                if (done > 100) stop.request_stop();
            });
            FAIL();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::cancelled);
        }
        EXPECT_LT(done, 1'000'000U);
    }
}

TEST(ParallelFor, MayBeNested)
{
    RunContext run(2);
    std::atomic<int> sum = 0;
    parallel_for(run, 10, 1, [&](std::size_t, std::size_t) { parallel_for(run, 10, 1, [&](std::size_t begin, std::size_t end) { sum += static_cast<int>(end - begin); }); });
    EXPECT_GE(sum, 10);
}
