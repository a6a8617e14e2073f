// SPDX-License-Identifier: GPL-2.0-or-later
#include "qgis_environment.hpp"
#include <plugins/bridge/run_context.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgsexception.h>
#include <qgsfeedback.h>
#include <qgsprocessingfeedback.h>

namespace {

using namespace stadtgdi;

class FeedbackRun : public QgisTest {};

TEST_F(FeedbackRun, StopsTheWorkWhenTheFeedbackIsCancelled)
{
    QgsFeedback feedback;
    bridge::FeedbackRun run(&feedback);
    EXPECT_FALSE(run.context().stopped());
    feedback.cancel();
    EXPECT_TRUE(run.context().stopped());
}

TEST_F(FeedbackRun, IsStoppedFromTheStartByACancelledFeedback)
{
    QgsFeedback feedback;
    feedback.cancel();
    bridge::FeedbackRun run(&feedback);
    EXPECT_TRUE(run.context().stopped());
}

TEST_F(FeedbackRun, ShowsTheShareDoneInPercent)
{
    QgsFeedback feedback;
    bridge::FeedbackRun run(&feedback);
    run.context().progress(0.25);
    EXPECT_DOUBLE_EQ(feedback.progress(), 25.0);
}

TEST_F(FeedbackRun, SaysHowManyFindingsWereLeftOut)
{
    std::vector<base::Finding> findings(5);
    for (std::size_t i = 0; i < findings.size(); ++i) {
        findings[i].rule = "V104";
        findings[i].row = static_cast<std::int64_t>(i);
        findings[i].message = {"Too wide.", "Zu breit."};
    }
    QgsProcessingFeedback feedback(false);
    bridge::push_findings(findings, feedback, 2);
    const QString log = feedback.textLog();
    EXPECT_EQ(log.count(QStringLiteral("Too wide.")) + log.count(QStringLiteral("Zu breit.")), 2);
    EXPECT_TRUE(log.contains(QLatin1Char('3'))) << log.toStdString();
}

TEST_F(FeedbackRun, NamesRowAndFieldOfAFinding)
{
    base::Finding finding;
    finding.layer = "trees_tree";
    finding.row = 11;
    finding.field = "crown_diam_m";
    finding.value = "91";
    finding.message = {"At most 40 m.", "Höchstens 40 m."};
    EXPECT_EQ(bridge::line_of(finding, base::Language::de).toStdString(), "trees_tree, Zeile 12, crown_diam_m = 91: Höchstens 40 m.");
    EXPECT_EQ(bridge::line_of(finding, base::Language::en).toStdString(), "trees_tree, row 12, crown_diam_m = 91: At most 40 m.");
}

}  // namespace
