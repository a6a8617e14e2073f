// SPDX-License-Identifier: GPL-2.0-or-later
#include "checked.hpp"
#include <layers/base/error.hpp>
#include <layers/validate/detail/texts.hpp>
#include <algorithm>
#include <map>
#include <set>

using namespace stadtgdi;
using Found = std::vector<std::string>;

namespace {

const std::string here = "POINT (317000 5690000)";

Store one(const std::string& layer, const std::vector<Row>& rows) { return {{layer, make_layer(layer, rows)}}; }

}  // namespace

TEST(Rules, AreSortedAndSayWhatTheyFindInBothLanguages)
{
    const auto& rules = validate::all_rules();
    EXPECT_TRUE(std::ranges::is_sorted(rules, {}, &validate::Rule::id));
    std::set<std::string> ids;
    for (const auto& rule : rules) {
        EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
        EXPECT_FALSE(rule.title.en.empty() || rule.title.de.empty()) << rule.id;
        for (const std::string& layer : rule.layers)
            EXPECT_NE(catalogue::find_layer(layer), nullptr) << rule.id << " " << layer;
    }
}

TEST(Rules, FindNothingInAFreshlyDrawnObjectOfAnyLayer)
{
    // What has still to be typed is a warning, nothing else is said.
    const auto besides_expected = [](const std::string& layer, const Row& row) {
        Found others;
        for (const std::string& finding : found(one(layer, {row})))
            if (!finding.starts_with("V006 warning"))
                others.push_back(finding);
        return others;
    };
    EXPECT_EQ(besides_expected("trees_tree", {{}, here}), Found{});
    EXPECT_EQ(besides_expected("greenspace_site", {{}, "MULTIPOLYGON (((0 5690000, 100 5690000, 100 5690100, 0 5690000)))"}), Found{});
    EXPECT_EQ(besides_expected("buildings_entrance", {{}, here}), Found{});
    EXPECT_EQ(besides_expected("utilities_line", {{{"pos_acc_m", "0.1"}}, "LINESTRING (317000 5690000, 317010 5690000)"}), Found{});
}

TEST(Rules, ComplainAboutUnknownIdsAndLayers)
{
    base::RunContext run;
    EXPECT_THROW(validate::check(Store{}, {.rules = {"V999"}, .layers = {}, .reference_date = {}}, run), Error);
    EXPECT_THROW(validate::check(Store{}, {.rules = {}, .layers = {"trees_tree"}, .reference_date = {}}, run), Error);
    EXPECT_THROW(validate::check(Store{}, {.rules = {}, .layers = {}, .reference_date = "gestern"}, run), Error);
}

TEST(General, V001FindsMissingGeometry)
{
    EXPECT_EQ(found(one("trees_tree", {{{}, here}, {{}, ""}}), {"V001"}), Found{"V001 error 1 geom"});
    EXPECT_EQ(found(one("buildings_place", {{{}, ""}}), {"V001"}), Found{"V001 warning 0 geom"});
}

TEST(General, V002FindsABowtie)
{
    EXPECT_EQ(found(one("greenspace_site", {{{}, "MULTIPOLYGON (((0 0, 10 0, 10 10, 0 0)))"}, {{}, "MULTIPOLYGON (((0 0, 10 10, 10 0, 0 10, 0 0)))"}}), {"V002"}),
              Found{"V002 error 1 geom"});
}

TEST(General, V003MeasuresHowFarOutsideTheCityAnObjectLies)
{
    Store store = one("districts_district", {{{{"district_no", "1"}, {"name", "Stadt"}, {"level", "city"}}, "MULTIPOLYGON (((0 0, 1000 0, 1000 1000, 0 1000, 0 0)))"}});
    store["trees_tree"] = make_layer("trees_tree", {{{}, "POINT (500 500)"}, {{}, "POINT (1150 500)"}, {{}, "POINT (1300 500)"}, {{}, "POINT (22000 500)"}});
    EXPECT_EQ(found(store, {"V003"}), (Found{"V003 warning 2 geom", "V003 error 3 geom"}));
}

TEST(General, V004FindsSwappedCoordinatesAndDegrees)
{
    EXPECT_EQ(found(one("trees_tree", {{{}, here}, {{}, "POINT (5690000 317000)"}, {{}, "POINT (12.37 51.34)"}}), {"V004"}), (Found{"V004 error 1 geom", "V004 error 2 geom"}));
}

TEST(General, V005FindsRepeatedIds)
{
    EXPECT_EQ(found(one("trees_tree", {{{{"uuid", "a"}}, here}, {{{"uuid", "b"}}, here}, {{{"uuid", "a"}}, here}}), {"V005"}), Found{"V005 error 2 uuid"});
}

TEST(General, V006FindsMissingRequiredValues)
{
    const std::map<std::string, std::string> common = {{"valid_from", "2020-01-01"}, {"responsible_unit", "Amt"}};
    std::map<std::string, std::string> of_a_tree = common;
    of_a_tree["tree_uuid"] = "a";
    EXPECT_EQ(found(one("trees_inspection", {{of_a_tree, ""}, {common, ""}}), {"V006"}), Found{"V006 error 1 tree_uuid"});
}

TEST(General, V006WarnsOfExpectedValues)
{
    const auto line = [](const std::string& number, std::map<std::string, std::string> values) {
        values.insert({{"valid_from", "2020-01-01"}, {"responsible_unit", "Amt"}, {"operator", "Werke"}});
        return Row{values, "LINESTRING (0 " + number + ", 9 " + number + ")"};
    };
    // Sewers have a kind of network, gas need not say; a house connection may begin on the main without a node.
    EXPECT_EQ(found(one("utilities_line", {line("1", {{"medium", "sewage"}, {"function", "service"}}), line("2", {{"medium", "gas"}, {"function", "main"}, {"to_node", "n"}}),
                                           line("3", {{"medium", "gas"}, {"function", "service"}}), line("4", {{"medium", "gas"}})}),
                    {"V006"}),
              (Found{"V006 warning 0 sub_medium", "V006 warning 1 from_node", "V006 warning 3 function"}));
    // The species of an empty site is no secret.
    EXPECT_EQ(found(one("trees_tree", {{{{"status", "gap"}, {"site_no", "1"}, {"valid_from", "2020-01-01"}, {"responsible_unit", "Amt"}}, here}}), {"V006"}), Found{});
}

TEST(General, V006SaysOnceWhatADeliveryLacks)
{
    std::vector<Row> rows;
    for (int i = 0; i < 30; ++i)
        rows.push_back({{{"site_no", i == 7 ? "" : "1"}, {"taxon_text", "Acer"}, {"responsible_unit", "Amt"}}, here});
    EXPECT_EQ(found(one("trees_tree", rows), {"V006"}), (Found{"V006 warning -1 valid_from", "V006 warning 7 site_no"}));
}

TEST(General, V008FindsALifeThatEndsBeforeItBegins)
{
    EXPECT_EQ(found(one("trees_tree", {{{{"valid_from", "2020-01-01"}, {"valid_to", "2019-12-31"}}, here}, {{{"valid_from", "2020-01-01"}, {"valid_to", "2020-01-01"}}, here}, {{{"valid_to", "2020-01-01"}}, here}}), {"V008"}),
              Found{"V008 error 0 valid_to"});
}

TEST(General, V007FindsUnknownCodesAndSuggestsNearOnes)
{
    EXPECT_EQ(found(one("trees_tree", {{{{"status", "felled"}, {"vitality", "2"}}, here}, {{{"status", "Felled "}}, here}, {{{"status", "dead"}}, here}, {{{"vitality", "7"}}, here}}), {"V007"}),
              (Found{"V007 warning 1 status", "V007 error 2 status", "V007 error 3 vitality"}));
}

TEST(General, V009FindsRecordingInTheFuture)
{
    EXPECT_EQ(found(one("trees_tree", {{{}, here}, {{{"recorded_at", "2027-01-01T00:00:00Z"}}, here}}), {"V009"}), Found{"V009 error 1 recorded_at"});
}

TEST(General, V010FindsNumbersOutOfRange)
{
    EXPECT_EQ(found(one("trees_tree", {{{{"stem_count", "3"}}, here}, {{{"stem_count", "0"}}, here}}), {"V010"}), Found{"V010 error 1 stem_count"});
}

TEST(General, V011FindsGarbledText)
{
    EXPECT_EQ(found(one("trees_tree", {{{{"street_name", "Straßenbaum"}}, here}, {{{"street_name", "Stra\xEF\xBF\xBD" "enbaum"}}, here}}), {"V011"}), Found{"V011 warning 1 street_name"});
    EXPECT_TRUE(validate::detail::is_garbled("StraÃŸe"));
    EXPECT_FALSE(validate::detail::is_garbled("São Paulo, Ärzte"));
}

TEST(General, V012FindsMailAndTelephone)
{
    using validate::detail::has_personal_data;
    for (const char* text : {"erika@example.org", "Tel.: (0341) 479 35 14", "+49 341 123456", "Anruf 0341/1234567 genügt"})
        EXPECT_TRUE(has_personal_data(text)) << text;
    for (const char* text : {"04109 Leipzig", "10.05.2004 - 12.05.2004", "closed=2024-08-12/2024-09-08", "Mo 07:00-20:00", "@ 5", "8.00 - 19.00 Uhr", "Haus 0815", "EPSG:25833 317000 5690000", "189624c4-fefc-5bf4-9b04-2335427a84fa"})
        EXPECT_FALSE(has_personal_data(text)) << text;
    EXPECT_EQ(found(one("buildings_place", {{{{"help_text", "Klingeln"}, {"phone", "0341 1234567"}}, here}, {{{"help_text", "Tel. 0341 1234567"}}, here}}), {"V012"}),
              Found{"V012 error 1 help_text"});
}

TEST(General, V013FindsDanglingReferences)
{
    Store store = one("buildings_place", {{{{"uuid", "p"}}, here}});
    store["buildings_lift"] = make_layer("buildings_lift", {{{{"place_uuid", "p"}}, here}, {{{"place_uuid", "q"}}, here}});
    EXPECT_EQ(found(store, {"V013"}), Found{"V013 error 1 place_uuid"});
}
