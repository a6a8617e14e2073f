// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <layers/demo/demo.hpp>
#include <layers/validate/validate.hpp>
#include <tests/unit/io/temporary_folder.hpp>
#include <map>
#include <set>
#include <tuple>

using namespace stadtgdi;

namespace {

std::vector<base::Finding> findings_of(bool defects, std::vector<demo::Defect>* planted = nullptr)
{
    TemporaryFolder folder;
    base::RunContext run;
    const auto report = demo::make_city(folder / "demo.gpkg", {.inhabitants = 20'000, .seed = 3, .defects = defects, .name = "Musterstadt"}, run);
    if (planted)
        *planted = report.defects;
    return validate::check(catalogue::City::open(folder / "demo.gpkg"), {}, run);
}

}  // namespace

TEST(DemoCity, HasNoErrorsUnlessTheyArePlanted)
{
    std::map<std::string, int> errors;
    for (const base::Finding& finding : findings_of(false))
        if (finding.severity == base::Severity::error)
            ++errors[finding.rule + " " + finding.layer + "." + finding.field + " '" + finding.value + "' " + finding.message.en];
    for (const auto& [what, times] : errors)
        ADD_FAILURE() << times << " x " << what;
}

TEST(DemoCity, ShowsEveryPlantedErrorToTheChecks)
{
    std::vector<demo::Defect> planted;
    std::set<std::tuple<std::string, std::string, std::string>> found;
    for (const base::Finding& finding : findings_of(true, &planted))
        found.emplace(finding.rule, finding.layer, finding.uuid);
    EXPECT_GT(planted.size(), 20U);
    for (const demo::Defect& defect : planted)
        EXPECT_TRUE(found.contains({defect.rule, defect.layer, defect.uuid})) << defect.rule << " " << defect.layer << " " << defect.field << " " << defect.value;
}

TEST(DemoCity, HasNoErrorsBeyondThePlantedOnes)
{
    // One defect may break several rules, but no object without a defect may break one.
    std::vector<demo::Defect> planted;
    const std::vector<base::Finding> findings = findings_of(true, &planted);
    std::set<std::pair<std::string, std::string>> damaged;
    std::set<std::string> rules;
    for (const demo::Defect& defect : planted) {
        damaged.emplace(defect.layer, defect.uuid);
        rules.insert(defect.rule);
    }
    EXPECT_GE(rules.size(), 38U);
    for (const base::Finding& finding : findings) {
        if (finding.severity != base::Severity::error)
            continue;
        EXPECT_TRUE(damaged.contains({finding.layer, finding.uuid})) << finding.rule << " " << finding.layer << "." << finding.field << " '" << finding.value << "' " << finding.message.en;
    }
}
