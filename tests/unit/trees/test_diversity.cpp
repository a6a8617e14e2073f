// SPDX-License-Identifier: GPL-2.0-or-later
#include "shapes.hpp"
#include <layers/operation/operation.hpp>
#include <layers/trees/diversity.hpp>
#include <algorithm>
#include <cmath>

using namespace stadtgdi;
using operation::Inputs;
using table::Type;
using support::box_wkt;

namespace {

struct Stand {
    std::string taxon;
    int count;
    double x = 5;
    std::string district = "Mitte";
};

table::Table trees_table(const std::vector<Stand>& stands)
{
    table::Schema schema{{{"taxon_text", Type::text}, {"district_name", Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}};
    table::TableBuilder builder(schema);
    for (const Stand& stand : stands)
        for (int i = 0; i < stand.count; ++i) {
            if (!stand.taxon.empty()) builder.column(0).add(std::string_view(stand.taxon));
            builder.column(1).add(std::string_view(stand.district));
            builder.geometry().add_point(stand.x, 5);
            builder.end_row();
        }
    return std::move(builder).finish();
}

const std::vector<Stand> worked = {{"Acer platanoides", 40}, {"Acer pseudoplatanus", 20}, {"Tilia cordata", 30}, {"Quercus robur", 10}};

operation::Results run(Inputs in)
{
    base::RunContext context(2);
    return operation::run(operation::find_operation("trees.diversity"), std::move(in), context);
}

Inputs inputs(const std::vector<Stand>& stands)
{
    Inputs in;
    in.tables["trees"] = trees_table(stands);
    return in;
}

const table::Column& column(const operation::Results& results, const char* name) { return results.tables.at("zones").column(name); }
double at(const operation::Results& results, const char* name, std::size_t row = 0) { return column(results, name).number(row); }

}  // namespace

TEST(Diversity, gives_the_worked_numbers)
{
    const std::vector<std::int64_t> counts{40, 20, 30, 10};
    const trees::Diversity d = trees::diversity_of(counts);
    EXPECT_EQ(d.n, 100);
    EXPECT_EQ(d.taxa, 4);
    EXPECT_NEAR(d.shannon_h, 1.279854, 5e-7);
    EXPECT_NEAR(d.shannon_h2, 1.279854 / std::log(2.0), 1e-6);
    EXPECT_NEAR(d.effective_taxa, 3.596115, 5e-7);
    EXPECT_NEAR(d.evenness_j, 0.923220, 5e-7);
    EXPECT_NEAR(d.simpson_d, 0.30, 1e-12);
    EXPECT_NEAR(d.simpson_1_d, 0.70, 1e-12);
    EXPECT_NEAR(d.simpson_inv_d, 3.333333, 5e-7);
    EXPECT_NEAR(d.simpson_lambda, 0.292929, 5e-7);
}

TEST(Diversity, has_no_evenness_of_one_taxon_and_no_lambda_of_one_tree)
{
    const std::vector<std::int64_t> one_taxon{7}, one_tree{1}, nothing{};
    EXPECT_TRUE(std::isnan(trees::diversity_of(one_taxon).evenness_j));
    EXPECT_EQ(trees::diversity_of(one_taxon).shannon_h, 0);
    EXPECT_EQ(trees::diversity_of(one_taxon).simpson_lambda, 1);
    EXPECT_TRUE(std::isnan(trees::diversity_of(one_tree).simpson_lambda));
    EXPECT_TRUE(std::isnan(trees::diversity_of(nothing).shannon_h));
    EXPECT_EQ(trees::diversity_of(nothing).taxa, 0);
}

TEST(Santamour, is_met_at_exactly_the_limit)
{
    const std::vector<std::int64_t> exactly{30, 70};
    EXPECT_EQ(trees::surplus_of(30, 100, 30), 0);
    EXPECT_EQ(trees::surplus_of(31, 100, 30), 1);
    EXPECT_EQ(trees::surplus_of(3, 10, 30), 0) << "no rounding may turn 3 of 10 into more than 30 %";
    EXPECT_EQ(trees::surplus_of(40, 100, 10), 30);
    EXPECT_TRUE(trees::dominance_of(exactly, 70).within_limit);
    EXPECT_FALSE(trees::dominance_of(exactly, 69.9).within_limit);
}

TEST(DiversityOperation, gives_the_worked_numbers_of_the_10_20_30_rule)
{
    Inputs in = inputs(worked);
    in.wanted = {"surplus"};
    const auto out = run(in);
    EXPECT_EQ(at(out, "n_trees"), 100);
    EXPECT_NEAR(at(out, "shannon_h"), 1.279854, 5e-7);
    EXPECT_EQ(column(out, "top_species").text(0), "Acer platanoides");
    EXPECT_EQ(at(out, "top_species_percent"), 40);
    EXPECT_EQ(at(out, "species_within_limit"), 0);
    EXPECT_EQ(column(out, "top_genus").text(0), "Acer");
    EXPECT_EQ(at(out, "top_genus_percent"), 60);
    EXPECT_EQ(at(out, "genus_within_limit"), 0);
    EXPECT_EQ(column(out, "top_family").text(0), "Sapindaceae");
    EXPECT_EQ(at(out, "family_surplus"), 30) << "Sapindaceae 60 of 30; Malvaceae at exactly 30 % passes";
    EXPECT_EQ(at(out, "family_within_limit"), 0);
    EXPECT_EQ(at(out, "within_limits"), 0);
    EXPECT_EQ(at(out, "too_few"), 0);
    const table::Table& surplus = out.tables.at("surplus");
    ASSERT_EQ(surplus.rows(), 6u) << "Acer platanoides, Tilia cordata, Acer pseudoplatanus; Acer, Tilia; Sapindaceae";
    EXPECT_EQ(surplus.column("taxon").text(0), "Acer platanoides");
    EXPECT_EQ(surplus.column("surplus").ints()[0], 30);
    EXPECT_EQ(surplus.column("taxon_de").text(0), "Spitz-Ahorn");
    EXPECT_EQ(surplus.column("taxon").text(5), "Sapindaceae");
}

TEST(DiversityOperation, takes_other_limits_such_as_5_10_20)
{
    Inputs in = inputs({{"Acer platanoides", 5}, {"Acer campestre", 5}, {"Tilia cordata", 90}});
    in.values["species_limit_percent"] = 5.0;
    in.values["genus_limit_percent"] = 10.0;
    in.values["family_limit_percent"] = 20.0;
    const auto out = run(in);
    EXPECT_EQ(at(out, "species_surplus"), 85) << "Tilia cordata 90 of 5; the maples pass at exactly 5 %";
    EXPECT_EQ(at(out, "genus_surplus"), 80) << "Tilia 90 of 10; Acer passes at exactly 10 %";
    EXPECT_EQ(at(out, "family_surplus"), 70);
    EXPECT_EQ(at(out, "within_limits"), 0);
}

TEST(DiversityOperation, flags_fewer_than_thirty_trees)
{
    EXPECT_EQ(at(run(inputs({{"Acer platanoides", 15}, {"Tilia cordata", 15}})), "too_few"), 0);
    EXPECT_EQ(at(run(inputs({{"Acer platanoides", 15}, {"Tilia cordata", 14}})), "too_few"), 1);
}

TEST(DiversityOperation, names_the_same_taxon_of_equally_common_ones_in_any_order)
{
    const auto one = run(inputs({{"Tilia cordata", 5}, {"Acer platanoides", 5}, {"Quercus robur", 5}}));
    const auto other = run(inputs({{"Quercus robur", 5}, {"Acer platanoides", 5}, {"Tilia cordata", 5}}));
    EXPECT_EQ(column(one, "top_species").text(0), "Acer platanoides");
    EXPECT_EQ(column(other, "top_species").text(0), "Acer platanoides");
    EXPECT_EQ(table::hash(one.tables.at("zones")), table::hash(other.tables.at("zones")));
}

TEST(DiversityOperation, computes_indices_at_the_level_asked_for)
{
    Inputs in = inputs(worked);
    in.values["level"] = std::string("genus");
    const auto out = run(in);
    EXPECT_EQ(at(out, "n_taxa"), 3);
    EXPECT_NEAR(at(out, "simpson_d"), 0.36 + 0.09 + 0.01, 1e-12);
}

TEST(DiversityOperation, leaves_unknown_species_out_at_species_level_only)
{
    const auto out = run(inputs({{"Tilia species", 30}, {"Tilia cordata", 10}, {"Bestandsfläche", 8}, {"", 2}}));
    EXPECT_EQ(at(out, "n_trees"), 50);
    EXPECT_EQ(at(out, "n_known"), 10);
    EXPECT_EQ(at(out, "species_unknown_share"), 0.8);
    EXPECT_EQ(at(out, "genus_unknown_share"), 0.2);
    EXPECT_EQ(at(out, "top_genus_percent"), 100) << "of the 40 known ones";
    EXPECT_EQ(at(out, "too_few"), 1);
    EXPECT_FALSE(column(out, "evenness_j").valid(0));
    const auto unresolved = std::count_if(out.findings.begin(), out.findings.end(), [](const base::Finding& f) { return f.rule == "V114"; });
    EXPECT_EQ(unresolved, 2) << "Bestandsfläche and the empty name";
}

TEST(DiversityOperation, counts_synonyms_and_cultivars_as_one_species)
{
    const auto out = run(inputs({{"Platanus x acerifolia", 3}, {"Platanus ×hispanica 'Pyramidalis'", 2}, {"Platanus hispanica", 1}}));
    EXPECT_EQ(at(out, "n_taxa"), 1);
    EXPECT_EQ(column(out, "top_species").text(0), "Platanus x hispanica");
}

TEST(DiversityOperation, works_by_zone_and_by_field_alike)
{
    std::vector<Stand> stands = worked;
    for (const Stand& stand : worked) stands.push_back({stand.taxon, stand.count * 2, 15, "Süd"});
    stands.push_back({"Tilia cordata", 3, 500, "Süd"});
    Inputs by_zone = inputs(stands);
    table::GeometryColumn zones = support::polygons({box_wkt(0, 0, 10, 10), box_wkt(10, 0, 20, 10), box_wkt(30, 0, 40, 10)});
    by_zone.tables["zones"] = table::Table(table::Schema{{}, table::GeometryField{"geom", table::GeometryKind::multi_polygon, "EPSG:25833", false}}, {}, zones);
    const auto zone_result = run(by_zone);
    ASSERT_EQ(zone_result.tables.at("zones").rows(), 3u);
    EXPECT_TRUE(zone_result.tables.at("zones").has_geometry());
    EXPECT_NEAR(at(zone_result, "shannon_h", 1), 1.279854, 5e-7);
    EXPECT_EQ(at(zone_result, "n_trees", 1), 200);
    EXPECT_FALSE(column(zone_result, "shannon_h").valid(2)) << "no trees";
    EXPECT_FALSE(column(zone_result, "within_limits").valid(2));

    Inputs by_field = inputs(stands);
    by_field.values["zone_field"] = std::string("district_name");
    const auto field_result = run(by_field);
    ASSERT_EQ(field_result.tables.at("zones").rows(), 2u);
    EXPECT_EQ(column(field_result, "zone").text(0), "Mitte");
    EXPECT_NEAR(at(field_result, "shannon_h", 0), 1.279854, 5e-7);
    EXPECT_EQ(at(field_result, "n_trees", 1), 203);

    by_zone.values["zone_field"] = std::string("district_name");
    EXPECT_THROW(run(by_zone), Error);
}

TEST(WeightedDiversity, is_that_of_counts_where_the_weights_are_counts)
{
    const auto weighted = trees::weighted_diversity_of(std::vector<double>{40, 20, 0, 30, 10});
    EXPECT_NEAR(weighted.shannon_h, 1.279854, 5e-7);
    EXPECT_NEAR(weighted.effective_taxa, 3.596115, 5e-7);
    EXPECT_NEAR(weighted.evenness_j, 0.923220, 5e-7);
    EXPECT_NEAR(weighted.simpson_1_d, 0.70, 1e-12);
    EXPECT_EQ(weighted.taxa, 4);
    EXPECT_EQ(weighted.top, 0U);
    EXPECT_EQ(weighted.top_percent, 40);
    EXPECT_TRUE(std::isnan(trees::weighted_diversity_of(std::vector<double>{0, 0}).shannon_h));
    EXPECT_TRUE(std::isnan(trees::weighted_diversity_of(std::vector<double>{5}).evenness_j));
}

TEST(DiversityOperation, weighs_trees_by_crown_or_trunk)
{
    // Three small maples and one oak of twice their crown and four times their trunk: areas 3 : 4 and 3 : 16.
    table::Schema schema{{{"taxon_text", Type::text}, {"crown_diam_m", Type::float64}, {"trunk_circ_cm", Type::int64}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}};
    table::TableBuilder builder(schema);
    const auto add = [&](const char* taxon, double crown_m, std::int64_t trunk_cm) {
        builder.column(0).add(taxon);
        if (crown_m > 0) builder.column(1).add(crown_m);
        if (trunk_cm > 0) builder.column(2).add(trunk_cm);
        builder.geometry().add_point(5, 5);
        builder.end_row();
    };
    for (int i = 0; i < 3; ++i) add("Acer platanoides", 2, 50);
    add("Quercus robur", 4, 200);
    add("Quercus robur", 0, 0);
    Inputs in;
    in.tables["trees"] = std::move(builder).finish();
    EXPECT_EQ(run(in).tables.at("zones").find("weight_m2"), nullptr);
    in.values["weight"] = std::string("crown_area");
    auto out = run(in);
    EXPECT_NEAR(at(out, "weight_m2"), 7 * std::numbers::pi, 1e-12);
    EXPECT_NEAR(at(out, "weight_known_share"), 0.8, 1e-12);
    EXPECT_EQ(column(out, "top_weighted").text(0), "Quercus robur");
    EXPECT_NEAR(at(out, "top_weighted_percent"), 400.0 / 7, 1e-12);
    EXPECT_NEAR(at(out, "weighted_simpson_1_d"), 1 - 25.0 / 49, 1e-12);
    EXPECT_NEAR(at(out, "weighted_shannon_h"), -(3.0 / 7 * std::log(3.0 / 7) + 4.0 / 7 * std::log(4.0 / 7)), 1e-12);
    EXPECT_EQ(at(out, "n_trees"), 5);
    in.values["weight"] = std::string("basal_area");
    out = run(in);
    EXPECT_NEAR(at(out, "top_weighted_percent"), 1600.0 / 19, 1e-9);
    EXPECT_NEAR(at(out, "weight_m2"), 19 * 0.5 * 0.5 / (4 * std::numbers::pi), 1e-12);
    Inputs without = inputs(worked);
    without.values["weight"] = std::string("crown_area");
    EXPECT_THROW(run(without), Error);
}

TEST(DiversityOperation, needs_names)
{
    Inputs in;
    in.tables["trees"] = trees_table(worked).select(std::vector<std::string>{"district_name"});
    EXPECT_THROW(run(in), Error);
}
