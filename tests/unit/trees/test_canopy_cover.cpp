// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/operation/operation.hpp>
#include <algorithm>
#include <cmath>

using namespace stadtgdi;
using operation::Inputs;
using table::Type;
using support::box_wkt;

namespace {

struct Tree {
    double x, y;
    std::optional<double> crown_m;
    std::string genus = "Tilia";
    std::optional<std::int64_t> year = {};
    std::string status = "standing";
};

table::Table trees_table(const std::vector<Tree>& trees, const std::string& crs = "EPSG:25833")
{
    table::Schema schema{{{"crown_diam_m", Type::float64}, {"genus", Type::text}, {"planting_year", Type::int64}, {"status", Type::text}},
                         table::GeometryField{"geom", table::GeometryKind::point, crs, false}};
    table::TableBuilder builder(schema);
    for (const Tree& tree : trees) {
        if (tree.crown_m) builder.column(0).add(*tree.crown_m);
        builder.column(1).add(std::string_view(tree.genus));
        if (tree.year) builder.column(2).add(*tree.year);
        builder.column(3).add(std::string_view(tree.status));
        builder.geometry().add_point(tree.x, tree.y);
        builder.end_row();
    }
    return std::move(builder).finish();
}

table::Table zones_table(const std::vector<std::string>& wkts, const std::string& crs = "EPSG:25833")
{
    auto geometry = support::polygons(wkts, crs);
    table::Schema schema{{{"zone_no", Type::int64}}, table::GeometryField{"geom", table::GeometryKind::multi_polygon, crs, false}};
    std::vector<std::int64_t> numbers;
    for (std::size_t i = 0; i < wkts.size(); ++i) numbers.push_back(static_cast<std::int64_t>(i));
    return {schema, {table::Column::of_ints(numbers)}, geometry};
}

operation::Results run(Inputs inputs, int threads = 2)
{
    base::RunContext context(threads);
    return operation::run(operation::find_operation("trees.canopy_cover"), std::move(inputs), context);
}

Inputs inputs(table::Table trees, table::Table zones)
{
    Inputs in;
    in.tables["trees"] = std::move(trees);
    in.tables["zones"] = std::move(zones);
    return in;
}

double at(const operation::Results& results, const char* column, std::size_t row = 0) { return results.tables.at("zones").column(column).number(row); }

std::int64_t count(const operation::Results& results, const std::string& rule)
{
    return std::count_if(results.findings.begin(), results.findings.end(), [&](const base::Finding& f) { return f.rule == rule; });
}

}  // namespace

TEST(CanopyCover, gives_the_worked_numbers)
{
    const auto out = run(inputs(trees_table({{17, 20, 10}, {23, 20, 10}}), zones_table({box_wkt(0, 0, 40, 40)})));
    EXPECT_NEAR(at(out, "canopy_m2"), 134.714872, 5e-7);
    EXPECT_NEAR(at(out, "canopy_percent"), 8.419679, 5e-7);
    EXPECT_NEAR(at(out, "canopy_share"), 0.08419679, 5e-9);
    EXPECT_NEAR(at(out, "crown_sum_percent"), 9.817477, 5e-7);
    EXPECT_NEAR(at(out, "overlap_m2"), 22.364761, 5e-7);
    EXPECT_EQ(at(out, "zone_area_m2"), 1600);
    EXPECT_EQ(at(out, "n_trees"), 2);
    EXPECT_EQ(at(out, "n_crowns"), 2);
    EXPECT_EQ(at(out, "n_unknown"), 0);
    EXPECT_EQ(at(out, "known_share"), 1);
    EXPECT_EQ(at(out, "zone_no"), 0) << "columns of the zones are kept";
    EXPECT_TRUE(out.findings.empty());
    EXPECT_NEAR(at(run(inputs(trees_table({{17, 20, 10}}), zones_table({box_wkt(0, 0, 40, 40)}))), "canopy_m2"), 78.539816, 5e-7);
}

TEST(CanopyCover, counts_crowns_that_reach_in_from_outside_and_splits_those_on_the_border)
{
    const auto out = run(inputs(trees_table({{0, 20, 10}, {-3, 5, 4}}), zones_table({box_wkt(0, 0, 40, 40), box_wkt(-40, 0, 0, 40)})));
    EXPECT_NEAR(at(out, "canopy_m2", 0), 12.5 * std::numbers::pi, 1e-9);
    EXPECT_NEAR(at(out, "canopy_m2", 1), 12.5 * std::numbers::pi + 4 * std::numbers::pi, 1e-9);
    EXPECT_EQ(at(out, "n_trees", 0), 1) << "a tree on the common border stands in the first zone only";
    EXPECT_EQ(at(out, "n_trees", 1), 1);
    EXPECT_EQ(at(out, "n_crowns", 1), 2);
}

TEST(CanopyCover, refers_the_shares_to_the_zone_without_water)
{
    // A river covers the right half of the first zone, in two pieces that overlap, and half of the second crown. A lake elsewhere
    // changes nothing.
    Inputs in = inputs(trees_table({{10, 20, 10}, {20, 20, 10}}), zones_table({box_wkt(0, 0, 40, 40), box_wkt(25, 5, 35, 15), box_wkt(-40, 0, 0, 40)}));
    in.tables["left_out"] = zones_table({box_wkt(20, -10, 50, 30), box_wkt(20, 20, 50, 60), box_wkt(100, 100, 120, 120)});
    const auto out = run(in);
    EXPECT_EQ(at(out, "zone_area_m2"), 1600);
    EXPECT_NEAR(at(out, "reference_m2"), 800, 1e-9);
    EXPECT_NEAR(at(out, "canopy_m2"), 37.5 * std::numbers::pi, 1e-9);
    EXPECT_NEAR(at(out, "canopy_share"), 37.5 * std::numbers::pi / 800, 1e-12);
    EXPECT_NEAR(at(out, "crown_sum_percent"), 100 * 37.5 * std::numbers::pi / 800, 1e-10);
    const table::Table& zones = out.tables.at("zones");
    EXPECT_EQ(at(out, "reference_m2", 1), 0) << "all of it is water";
    EXPECT_EQ(at(out, "canopy_m2", 1), 0);
    EXPECT_FALSE(zones.column("canopy_share").valid(1)) << "no land, no share";
    EXPECT_FALSE(zones.column("crown_sum_percent").valid(1));
    EXPECT_EQ(at(out, "reference_m2", 2), 1600) << "no water";
    EXPECT_EQ(at(out, "n_trees"), 2) << "trees are counted by the whole zone";
}

TEST(CanopyCover, refers_the_shares_to_public_land_alone)
{
    Inputs in = inputs(trees_table({{10, 20, 10}, {30, 20, 10}}), zones_table({box_wkt(0, 0, 40, 40), box_wkt(50, 0, 60, 10)}));
    in.tables["only_within"] = zones_table({box_wkt(0, 0, 10, 40), box_wkt(0, 20, 20, 40), "POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))"});
    auto out = run(in);
    EXPECT_NEAR(at(out, "reference_m2"), 600, 1e-9);
    EXPECT_NEAR(at(out, "canopy_m2"), 0.75 * 25 * std::numbers::pi, 1e-9) << "three quarters of one crown, none of the other";
    EXPECT_NEAR(at(out, "canopy_percent"), 100 * 0.75 * 25 * std::numbers::pi / 600, 1e-9);
    EXPECT_EQ(at(out, "reference_m2", 1), 0);
    EXPECT_EQ(count(out, "zone.repaired"), 1);
    // Both together: public land without water.
    in.tables["left_out"] = zones_table({box_wkt(0, 0, 10, 40)});
    out = run(in);
    EXPECT_NEAR(at(out, "reference_m2"), 200, 1e-9);
    EXPECT_NEAR(at(out, "canopy_m2"), 0.25 * 25 * std::numbers::pi, 1e-9);
}

TEST(CanopyCover, gives_the_whole_zone_as_reference_otherwise)
{
    const auto out = run(inputs(trees_table({{17, 20, 10}}), zones_table({"POLYGON ((0 0, 40 0.1, 39.7 40, 0 0))"})));
    EXPECT_EQ(at(out, "reference_m2"), at(out, "zone_area_m2"));
}

TEST(CanopyCover, joins_crowns_that_hang_together_through_others_and_no_more)
{
    // A row of ten that touch their neighbours only, two that meet in one point, one within another, and one alone.
    std::vector<Tree> trees;
    for (int i = 0; i < 10; ++i) trees.push_back({i * 9.0, 0, 10});
    for (const Tree& tree : {Tree{0, 50, 10}, Tree{10, 50, 10}, Tree{0, 100, 20}, Tree{2, 100, 4}, Tree{60, 100, 4}}) trees.push_back(tree);
    Inputs in = inputs(trees_table(trees), zones_table({box_wkt(0, 0, 40, 40)}));
    in.wanted = {"canopy"};
    const table::Table canopy = run(in).tables.at("canopy");
    ASSERT_EQ(canopy.rows(), 5U);
    double sum_m2 = 0;
    for (std::size_t row = 0; row < canopy.rows(); ++row) sum_m2 += canopy.column("area_m2").number(row);
    const double lens_m2 = 2 * 25 * std::acos(0.9) - 4.5 * std::sqrt(100 - 81);
    const double exact_m2 = std::numbers::pi * (10 * 25 + 2 * 25 + 100 + 4) - 9 * lens_m2;
    EXPECT_NEAR(sum_m2, exact_m2, 0.0017 * exact_m2);
    EXPECT_EQ(table::hash(run(in, 1).tables.at("canopy")), table::hash(run(in, 4).tables.at("canopy")));
}

TEST(CanopyCover, draws_the_joined_crowns_on_request)
{
    Inputs in = inputs(trees_table({{17, 20, 10}, {23, 20, 10}, {80, 20, 4}, {100, 100, std::nullopt}}), zones_table({box_wkt(0, 0, 40, 40)}));
    EXPECT_FALSE(run(in).tables.contains("canopy"));
    in.wanted = {"canopy"};
    const table::Table canopy = run(in).tables.at("canopy");
    ASSERT_EQ(canopy.rows(), 2U) << "two crowns that touch are one patch";
    std::vector<double> areas = {canopy.column("area_m2").number(0), canopy.column("area_m2").number(1)};
    std::sort(areas.begin(), areas.end());
    EXPECT_NEAR(areas[0], 4 * std::numbers::pi, 0.0017 * 4 * std::numbers::pi);
    EXPECT_NEAR(areas[1], 134.714872, 0.0017 * 134.7);
    in.tables["trees"] = in.tables["trees"].take(std::vector<std::int64_t>{3});
    EXPECT_EQ(run(in).tables.at("canopy").rows(), 0U);
}

TEST(CanopyCover, has_no_overlap_where_crowns_do_not_touch)
{
    std::vector<Tree> trees;
    for (int i = 0; i < 60; ++i) trees.push_back({i * 11.3, (i % 7) * 13.7, 3 + 0.11 * i});
    const auto out = run(inputs(trees_table(trees), zones_table({box_wkt(-3, -2, 333.3, 77), box_wkt(333.3, -2, 700, 77)})));
    for (const std::size_t zone : {0U, 1U}) {
        EXPECT_EQ(at(out, "overlap_m2", zone), 0);
        EXPECT_EQ(at(out, "overlap_percent", zone), 0);
    }
}

TEST(CanopyCover, leaves_out_and_counts_trees_without_crown)
{
    const auto out = run(inputs(trees_table({{10, 10, {}}, {20, 20, 2}}), zones_table({box_wkt(0, 0, 40, 40)})));
    EXPECT_NEAR(at(out, "canopy_m2"), std::numbers::pi, 1e-12);
    EXPECT_EQ(at(out, "n_trees"), 2);
    EXPECT_EQ(at(out, "n_unknown"), 1);
    EXPECT_EQ(at(out, "known_share"), 0.5);
    EXPECT_EQ(count(out, "trees.crown_unknown"), 1);
}

TEST(CanopyCover, estimates_crowns_by_genus_and_age_and_says_so)
{
    Inputs in = inputs(trees_table({{10, 10, {}, "Tilia", 1975}, {30, 30, {}, "Tilia", {}}}), zones_table({box_wkt(0, 0, 40, 40)}));
    in.values["missing"] = std::string("estimate");
    in.values["reference_year"] = std::int64_t{2024};
    in.wanted = {"crowns"};
    const auto out = run(in);
    const double diameter = 1.5 + 2.1 * std::log(50.0);
    EXPECT_NEAR(at(out, "canopy_m2"), 2 * std::numbers::pi * diameter * diameter / 4, 1e-9) << "the second by the median";
    EXPECT_EQ(at(out, "n_estimated"), 2);
    EXPECT_EQ(count(out, "trees.crown_estimated"), 1);
    EXPECT_NEAR(out.tables.at("crowns").column("crown_used_m").doubles()[0], diameter, 1e-12);
    EXPECT_EQ(out.tables.at("crowns").column("crown_origin").text(0), "estimated_model");
    EXPECT_EQ(out.tables.at("crowns").column("crown_origin").text(1), "estimated_median");
}

TEST(CanopyCover, never_takes_todays_year)
{
    Inputs in = inputs(trees_table({{10, 10, {}}}), zones_table({box_wkt(0, 0, 40, 40)}));
    in.values["missing"] = std::string("estimate");
    EXPECT_THROW(run(in), Error);
}

TEST(CanopyCover, reports_impossible_crowns_with_their_row)
{
    const auto out = run(inputs(trees_table({{10, 10, 41}, {20, 20, 40}, {30, 30, -2}, {5, 5, 0}}), zones_table({box_wkt(-100, -100, 100, 100)})));
    EXPECT_NEAR(at(out, "canopy_m2"), 400 * std::numbers::pi, 1e-9);
    EXPECT_EQ(count(out, "V104"), 3);
    EXPECT_EQ(out.findings.front().row, -1);
    const auto wide = std::find_if(out.findings.begin(), out.findings.end(), [](const base::Finding& f) { return f.rule == "V104"; });
    EXPECT_EQ(wide->row, 0);
    EXPECT_EQ(wide->value, "41");
    EXPECT_EQ(wide->field, "crown_diam_m");
    EXPECT_EQ(at(out, "n_unknown"), 3);
}

TEST(CanopyCover, leaves_out_felled_trees)
{
    const auto out = run(inputs(trees_table({{10, 10, 2}, {20, 20, 2, "Tilia", {}, "felled"}}), zones_table({box_wkt(0, 0, 40, 40)})));
    EXPECT_EQ(at(out, "n_trees"), 1);
    EXPECT_EQ(count(out, "trees.not_standing"), 1);
}

TEST(CanopyCover, does_not_care_about_trees_that_are_listed_twice)
{
    const auto once = run(inputs(trees_table({{10, 10, 6}, {13, 10, 6}}), zones_table({box_wkt(0, 0, 40, 40)})));
    const auto twice = run(inputs(trees_table({{10, 10, 6}, {13, 10, 6}, {10, 10, 6}}), zones_table({box_wkt(0, 0, 40, 40)})));
    EXPECT_EQ(at(once, "canopy_m2"), at(twice, "canopy_m2"));
    EXPECT_LT(at(once, "crown_sum_m2"), at(twice, "crown_sum_m2"));
}

TEST(CanopyCover, refuses_degrees_and_names_what_is_wrong)
{
    try {
        run(inputs(trees_table({{12.37, 51.34, 6}}, "EPSG:4326"), zones_table({box_wkt(0, 0, 40, 40)})));
        FAIL() << "degrees were taken for metres";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_NE(error.message().en.find("trees"), std::string::npos);
        EXPECT_FALSE(error.message().de.empty());
    }
}

TEST(CanopyCover, repairs_zones_and_gives_null_for_empty_ones)
{
    const auto out = run(inputs(trees_table({{5, 2, 2}}), zones_table({"POLYGON ((0 0, 10 10, 10 0, 0 10, 0 0))", ""})));
    EXPECT_NEAR(at(out, "zone_area_m2", 0), 50, 1e-9) << "the bow tie's two triangles";
    EXPECT_EQ(at(out, "zone_repaired", 0), 1);
    EXPECT_EQ(count(out, "zone.repaired"), 1);
    const table::Table& zones = out.tables.at("zones");
    EXPECT_FALSE(zones.column("canopy_m2").valid(1));
    EXPECT_FALSE(zones.column("canopy_share").valid(1));
    EXPECT_FALSE(zones.column("known_share").valid(1)) << "no tree, no share";
}

TEST(CanopyCover, brings_grid_cells_into_the_crs_of_the_trees)
{
    // Leipzig Markt lies in this 100 m cell; a crown in its middle is inside whatever the CRS of the cell.
    const auto out = run(inputs(trees_table({{316990, 5690790, 8}}), zones_table({box_wkt(4480000, 3130000, 4490000, 3145000)}, "EPSG:3035")));
    EXPECT_NEAR(at(out, "canopy_m2"), 16 * std::numbers::pi, 1e-7);
    EXPECT_NEAR(at(out, "zone_area_m2") / 150e6, 1, 1e-3);
    EXPECT_EQ(out.tables.at("zones").geometry().crs(), "EPSG:3035") << "the zones come back as they were";
}

TEST(CanopyCover, is_the_same_with_any_number_of_threads)
{
    std::vector<Tree> trees;
    for (int i = 0; i < 3000; ++i) trees.push_back({std::fmod(i * 37.7, 300), std::fmod(i * 91.3, 300), 2.0 + i % 9});
    std::vector<std::string> cells;
    for (int i = 0; i < 9; ++i) cells.push_back(box_wkt(100 * (i % 3), 100 * (i / 3), 100 * (i % 3) + 100, 100 * (i / 3) + 100));
    const auto one = run(inputs(trees_table(trees), zones_table(cells)), 1);
    const auto four = run(inputs(trees_table(trees), zones_table(cells)), 4);
    EXPECT_EQ(table::hash(one.tables.at("zones")), table::hash(four.tables.at("zones")));
}
