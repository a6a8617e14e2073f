// SPDX-License-Identifier: GPL-2.0-or-later
#include "sample.hpp"

#include <cstdint>
#include <stop_token>

using namespace stadtgdi;
using namespace stadtgdi::support;
using operation::checked;
using operation::Value;

namespace {

/// The English message, after checking that the error is invalid_argument in both languages.
std::string refusal(Inputs in)
{
    try {
        checked(sample_operation(), std::move(in));
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_FALSE(error.message().de.empty());
        return error.message().en;
    }
    return {};
}

std::string refusal_of(const std::string& name, Value value)
{
    Inputs in = sample_inputs();
    in.values[name] = std::move(value);
    return refusal(std::move(in));
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST(Checked, fills_in_defaults)
{
    const Inputs in = checked(sample_operation(), sample_inputs());
    EXPECT_EQ(in.number("radius_m"), 5);
    EXPECT_EQ(in.text("mode"), "100");
    EXPECT_FALSE(in.boolean("exact"));
    EXPECT_FALSE(in.has("count"));
    EXPECT_FALSE(in.has("crs"));
}

TEST(Checked, uses_a_default_field_only_where_the_layer_has_it)
{
    Inputs in = checked(sample_operation(), sample_inputs());
    ASSERT_NE(in.column("size_field", "sites"), nullptr);
    EXPECT_EQ(in.column("size_field", "sites")->doubles()[1], 1.5);
    Inputs without = sample_inputs();
    without.tables["sites"] = sites().select(std::vector<std::string>{"name"});
    EXPECT_EQ(checked(sample_operation(), without).column("size_field", "sites"), nullptr);
    without.values["size_field"] = std::string("size");
    EXPECT_TRUE(has(refusal(without), "'size'")) << "asked for by name it must be there";
}

TEST(Checked, names_what_is_missing_and_what_is_unknown)
{
    EXPECT_TRUE(has(refusal(Inputs{}), "'sites'"));
    const std::string unknown = refusal_of("raduis_m", 3.0);
    EXPECT_TRUE(has(unknown, "raduis_m"));
    EXPECT_TRUE(has(unknown, "radius_m")) << "tells those there are";
    Inputs in = sample_inputs();
    in.wanted = {"nothing"};
    EXPECT_TRUE(has(refusal(in), "nothing"));
}

TEST(Checked, keeps_ranges_with_their_ends)
{
    for (const double good : {1.0, 10.0}) EXPECT_EQ(refusal_of("radius_m", good), "");
    EXPECT_TRUE(has(refusal_of("radius_m", 0.5), "at least 1 m"));
    EXPECT_TRUE(has(refusal_of("radius_m", 10.5), "at most 10 m"));
    EXPECT_TRUE(has(refusal_of("radius_m", std::nan("")), "a number"));
    EXPECT_TRUE(has(refusal_of("count", std::int64_t{-1}), "at least 0"));
}

TEST(Checked, turns_numbers_into_the_declared_type)
{
    Inputs in = sample_inputs();
    in.values["radius_m"] = std::int64_t{3};
    in.values["count"] = 4.0;
    in.values["mode"] = std::int64_t{250};
    in = checked(sample_operation(), in);
    EXPECT_EQ(in.number("radius_m"), 3);
    EXPECT_EQ(in.integer("count"), 4);
    EXPECT_EQ(in.text("mode"), "250");
    EXPECT_TRUE(has(refusal_of("count", 4.5), "a whole number"));
}

TEST(Checked, refuses_values_of_another_type)
{
    EXPECT_FALSE(refusal_of("exact", std::int64_t{1}).empty());
    EXPECT_FALSE(refusal_of("radius_m", std::string("5")).empty());
    EXPECT_TRUE(has(refusal_of("mode", std::string("500")), "100, 250"));
    EXPECT_TRUE(has(refusal_of("size_field", std::string("name")), "float64"));
    EXPECT_FALSE(refusal_of("extent", table::Box{1, 1, 0, 0}).empty());
}

TEST(Checked, refuses_layers_of_another_geometry_or_in_degrees)
{
    Inputs in = sample_inputs();
    in.tables["zones"] = sites();
    EXPECT_TRUE(has(refusal(in), "polygons"));
    in.tables["zones"] = sites().take({});
    EXPECT_TRUE(has(refusal(in), "no rows"));
    Inputs degrees;
    degrees.tables["sites"] = sites(table::GeometryKind::point, "EPSG:4326");
    EXPECT_FALSE(refusal(degrees).empty());
    Inputs nowhere;
    nowhere.tables["sites"] = sites(table::GeometryKind::point, "");
    EXPECT_FALSE(refusal(nowhere).empty());
    Inputs bare;
    bare.tables["sites"] = sites().without_geometry();
    EXPECT_FALSE(refusal(bare).empty());
}

TEST(Checked, takes_multi_points_of_one_point_each_as_points)
{
    Inputs in;
    in.tables["sites"] = sites(table::GeometryKind::multi_point);
    const Inputs good = checked(sample_operation(), in);
    EXPECT_EQ(good.table("sites").geometry().kind(), table::GeometryKind::point);
    EXPECT_EQ(good.table("sites").geometry().x()[1], 1);
    in.tables["sites"] = sites(table::GeometryKind::multi_point, "EPSG:25833", 2);
    EXPECT_TRUE(has(refusal(in), "row 1")) << "counted from one";
}

TEST(Checked, writes_crs_in_one_way)
{
    Inputs in = sample_inputs();
    in.values["crs"] = std::string("urn:ogc:def:crs:EPSG::25833");
    EXPECT_EQ(checked(sample_operation(), in).text("crs"), "EPSG:25833");
}

TEST(Run, hands_findings_over_with_the_results_and_stops_before_work_on_request)
{
    base::RunContext run(1);
    EXPECT_EQ(operation::run(sample_operation(), sample_inputs(), run).findings.size(), 1u);
    std::stop_source stop;
    stop.request_stop();
    base::RunContext stopped(1, stop.get_token());
    try {
        operation::run(sample_operation(), sample_inputs(), stopped);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::cancelled);
    }
}
