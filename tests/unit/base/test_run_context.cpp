// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/base/run_context.hpp>
#include <thread>

using namespace stadtgdi::base;

TEST(RunContext, FindingsComeInAFixedOrderWhateverThreadReportedThem)
{
    RunContext run(4);
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&run, t] {
            for (int i = 0; i < 100; ++i) {
                Finding finding;
                finding.layer = i % 2 == 0 ? "trees" : "roads";
                finding.row = 1000 - i * 4 - t;
                run.report(finding);
            }
        });
    threads.clear();
    const auto findings = run.take_findings();
    ASSERT_EQ(findings.size(), 400U);
    for (std::size_t i = 1; i < findings.size(); ++i) {
        EXPECT_LE(findings[i - 1].layer, findings[i].layer);
        if (findings[i - 1].layer == findings[i].layer) {
            EXPECT_LT(findings[i - 1].row, findings[i].row);
        }
    }
    EXPECT_TRUE(run.take_findings().empty());
}

TEST(RunContext, ProgressIsClampedAndOptional)
{
    RunContext run(1);
    run.progress(0.5);
    std::vector<double> seen;
    run.on_progress = [&](double share, const Text&) { seen.push_back(share); };
    run.progress(-1);
    run.progress(0.25);
    run.progress(7);
    EXPECT_EQ(seen, (std::vector<double>{0, 0.25, 1}));
}

TEST(RunContext, StopsOnRequest)
{
    std::stop_source stop;
    RunContext run(1, stop.get_token());
    EXPECT_NO_THROW(run.throw_if_stopped());
    stop.request_stop();
    EXPECT_TRUE(run.stopped());
    EXPECT_THROW(run.throw_if_stopped(), Error);
    EXPECT_GE(RunContext().threads(), 1);
}
