// SPDX-License-Identifier: GPL-2.0-or-later
#include "refused.hpp"
#include <layers/crs/transform.hpp>
#include <layers/geometry/wkt.hpp>
#include <services/ows/filter_builder.hpp>
#include <services/ows/selection.hpp>
#include <cmath>
#include <functional>
#include <random>

namespace stadtgdi::testing {
namespace {

using ows::Comparison;
using ows::FilterBuilder;
using ows::OperandPtr;
using ows::PredicatePtr;

ows::BoxWithCrs box(double xmin, double ymin, double xmax, double ymax, const std::string& crs) { return {{xmin, ymin, xmax, ymax}, {crs, false, crs}}; }

TEST(Predicate, ComparesAndLeavesNullOut)
{
    const FilterTown town;
    EXPECT_EQ(town.text("n < 4"), (Rows{0, 1, 2}));
    EXPECT_EQ(town.text("NOT (n < 4)"), (Rows{4, 5, 6, 7, 8, 9})) << "null is neither smaller nor not";
    EXPECT_EQ(town.text("n <> 4"), (Rows{0, 1, 2, 5, 6, 7, 8, 9}));
    EXPECT_EQ(town.text("n = 4 OR h IS NULL"), (Rows{4}));
    EXPECT_EQ(town.text("n = 3 OR day = DATE('2024-01-04')"), (Rows{3})) << "unknown or true is true";
    EXPECT_EQ(town.text("NOT (n = 3 AND day = DATE('2024-01-05'))"), (Rows{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})) << "unknown and false is false";
    EXPECT_EQ(town.text("NOT (n = 3 AND day = DATE('2024-01-04'))"), (Rows{0, 1, 2, 4, 5, 6, 7, 8, 9})) << "unknown and true stays unknown";
    EXPECT_EQ(town.text("n IN (1, 2) OR n NOT IN (1, 2, 8)"), (Rows{0, 1, 2, 4, 5, 6, 7, 9}));
    EXPECT_EQ(town.text("name IS NULL"), (Rows{2}));
    EXPECT_EQ(town.text("geom IS NULL"), (Rows{9}));
    EXPECT_EQ(town.text("ok"), (Rows{0, 2, 4, 6, 8}));
    EXPECT_EQ(town.text("NOT ok"), (Rows{1, 3, 7, 9}));
}

TEST(Predicate, CalculatesExactly)
{
    const FilterTown town;
    EXPECT_EQ(town.text("big = 9007199254740993"), (Rows{1})) << "no float lies between";
    EXPECT_EQ(town.text("big + 1 = 9007199254740994"), (Rows{1}));
    EXPECT_EQ(town.text("big > 9007199254740998.0"), (Rows{7, 8, 9}));
    EXPECT_EQ(town.text("h * 2 = n"), (Rows{0, 1, 2, 5, 6, 7, 8, 9}));
    EXPECT_EQ(town.text("n % 4 = 1 AND n DIV 4 = 1"), (Rows{5}));
    EXPECT_EQ(town.text("2 ^ n = 16"), (Rows{4}));
    EXPECT_EQ(town.text("1 / n > 0.4"), (Rows{1, 2})) << "a division by zero is unknown";
    EXPECT_EQ(town.text("NOT (1 / n > 0.4)"), (Rows{4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(town.text("n % 0 = 1 OR n DIV 0 = 1"), (Rows{}));
    EXPECT_EQ(town.text("9223372036854775807 + n > 9223372036854775807"), (Rows{1, 2, 4, 5, 6, 7, 8, 9})) << "becomes a float where it does not fit";
}

// 1: a box larger than what the layer's CRS can show
TEST(Predicate, ABoxOfTheWholeWorldFindsAllThatHasAPlace)
{
    const FilterTown town;
    const Rows with_place{0, 1, 2, 3, 4, 5, 6, 7, 8};
    const auto context = town.context();
    FilterBuilder builder(context);
    for (const auto& world : {box(-180, -90, 180, 90, "OGC:CRS84"), box(-180, -90, 180, 90, "EPSG:4326"), box(0, 0, 90, 90, "OGC:CRS84"), box(-2e7, -2e7, 2e7, 2e7, "EPSG:3857")})
        EXPECT_EQ(town.rows(builder.box(world)), with_place) << world.crs.code;
    EXPECT_EQ(town.rows(builder.box(box(-180, -90, 12, 90, "OGC:CRS84"))), Rows{});
    EXPECT_EQ(town.rows(builder.box(box(100, -90, 180, 90, "OGC:CRS84"))), Rows{});
    EXPECT_EQ(town.text("S_INTERSECTS(geom, POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90)))"), with_place);
    const table::Box near = ows::box_at(box(12, 51, 13, 52, "OGC:CRS84"), {318000, 5690000, 318080, 5690000}, "EPSG:25833");
    EXPECT_TRUE(near.contains(318000, 5690000) && near.contains(318080, 5690000));
    EXPECT_LT(near.xmax - near.xmin, 1000) << "no more than is needed";
}

TEST(Predicate, ABoxAtItsSourceMeetsWhatLiesInTheLayersCrs)
{
    FakeProject project;
    project.add("places", ten_places());
    project.serve_from_source("places");
    FakeFace face(project, "/town/ows");
    const auto matched = [&](const ows::BoxWithCrs& asked) { return ows::select(face.context(), project.model().layers.front(), {.box = asked}).matched; };
    EXPECT_EQ(matched(box(-180, -90, 180, 90, "OGC:CRS84")), 9);
    EXPECT_EQ(matched(box(12, 51, 13, 52, "OGC:CRS84")), 9);
    EXPECT_EQ(matched(box(100, -90, 180, 90, "OGC:CRS84")), 0);
}

// 7: the same rectangle as box and as polygon
TEST(Predicate, ABoxAndItsPolygonGiveTheSameRows)
{
    std::mt19937_64 random(3);
    std::uniform_real_distribution<double> unit(0, 1);
    table::TableBuilder b({{{"n", table::Type::int64}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    for (int i = 0; i < 4000; ++i) {
        b.column(0).add(i);
        b.geometry().add_point(300000 + 60000 * unit(random), 5660000 + 60000 * unit(random));
        b.end_row();
    }
    const FilterTown town(std::move(b).finish());
    std::size_t found = 0;
    for (int i = 0; i < 20; ++i) {
        const double x = 12.2 + 0.5 * unit(random), y = 51.1 + 0.3 * unit(random), w = 0.3 * unit(random), h = 0.2 * unit(random);
        const auto number = [](double value) { return table::number_text(value); };
        const std::string l = number(x), u = number(y), r = number(x + w), o = number(y + h);
        const Rows boxed = town.text("S_INTERSECTS(geom, BBOX(" + l + "," + u + "," + r + "," + o + "))");
        EXPECT_EQ(boxed, town.text("S_INTERSECTS(geom, POLYGON((" + l + " " + u + "," + r + " " + u + "," + r + " " + o + "," + l + " " + o + "," + l + " " + u + ")))"));
        Rows outside = town.text("S_DISJOINT(geom, BBOX(" + l + "," + u + "," + r + "," + o + "))");
        EXPECT_EQ(outside.size() + boxed.size(), 4000U);
        found += boxed.size();
    }
    EXPECT_GT(found, 1000U);
}

// 12 and others: whatever the index leaves out could not match
TEST(Predicate, RandomConditionsGiveWhatANaiveEvaluatorGives)
{
    enum class Logic { no, yes, unknown };
    using Naive = std::function<Logic(int row)>;
    const table::Table table = ten_places();
    const FilterTown town;
    const auto context = town.context();
    FilterBuilder builder(context);
    std::mt19937_64 random(42);
    const auto pick = [&](int count) { return static_cast<int>(random() % static_cast<std::uint64_t>(count)); };
    const auto logic = [](bool yes) { return yes ? Logic::yes : Logic::no; };
    const std::function<std::pair<PredicatePtr, Naive>(int)> make = [&](int depth) -> std::pair<PredicatePtr, Naive> {
        const int kind = depth == 0 ? pick(5) : pick(8);
        const int value = pick(11);
        switch (kind) {
        case 0: return {builder.compare(Comparison::less, builder.field("n"), builder.number(std::to_string(value))), [=](int row) { return row == 3 ? Logic::unknown : logic(row < value); }};
        case 1: return {builder.compare(Comparison::not_equal, builder.field("h"), builder.number(std::to_string(value) + ".5")), [=](int row) { return row == 4 ? Logic::unknown : logic(row != 2 * value + 1); }};
        case 2: return {builder.box(box(318000 + 10 * value - 15, 5689990, 318000 + 10 * value + 15, 5690010, "EPSG:25833")), [=](int row) { return row == 9 ? Logic::unknown : logic(std::abs(row - value) < 2); }};
        case 3: return {builder.ids({"places." + std::to_string(value), "places.4"}), [=](int row) { return logic(row + 1 == value || row == 3); }};
        case 4: return {builder.distance(false, "POINT(" + std::to_string(318000 + 10 * value) + " 5690000)", {"EPSG:25833", false, ""}, 25, "m"), [=](int row) { return row == 9 ? Logic::unknown : logic(std::abs(row - value) < 3); }};
        case 5: {
            const auto [part, naive] = make(depth - 1);
            return {ows::negated(part), [naive](int row) {
                        const Logic inner = naive(row);
                        return inner == Logic::unknown ? inner : inner == Logic::yes ? Logic::no : Logic::yes;
                    }};
        }
        default: {
            const auto [a, left] = make(depth - 1);
            const auto [b, right] = make(depth - 1);
            const bool both = kind == 6;
            return {both ? ows::all_of({a, b}) : ows::any_of({a, b}), [left, right, both](int row) {
                        const Logic x = left(row), y = right(row), decisive = both ? Logic::no : Logic::yes;
                        if (x == decisive || y == decisive) return decisive;
                        return x == Logic::unknown || y == Logic::unknown ? Logic::unknown : both ? Logic::yes : Logic::no;
                    }};
        }
        }
    };
    for (int i = 0; i < 150; ++i) {
        const auto [predicate, naive] = make(3);
        Rows expected;
        for (int row = 0; row < 10; ++row)
            if (naive(row) == Logic::yes) expected.push_back(row);
        EXPECT_EQ(town.rows(predicate), expected) << i;
        // Behind two negations no index is asked.
        EXPECT_EQ(town.rows(ows::negated(ows::negated(predicate))), expected) << i;
    }
}

// 5: metres are metres
TEST(Predicate, DistancesAreMetresOnTheGroundInAnyLayer)
{
    const auto rows_of = [](const std::string& crs, const std::string& unit, double distance, bool beyond = false) {
        base::RunContext run(1);
        const FilterTown town(crs::transformed(ten_places(), crs, run));
        const auto context = town.context();
        FilterBuilder builder(context);
        return town.rows(builder.distance(beyond, "POINT(318000 5690000)", {"EPSG:25833", false, ""}, distance, unit));
    };
    for (const char* crs : {"EPSG:25833", "EPSG:25832", "EPSG:3857", "EPSG:4326", "EPSG:4258", "OGC:CRS84"}) {
        EXPECT_EQ(rows_of(crs, "m", 35), (Rows{0, 1, 2, 3})) << crs;
        EXPECT_EQ(rows_of(crs, "km", 0.045), (Rows{0, 1, 2, 3, 4})) << crs;
        EXPECT_EQ(rows_of(crs, "http://www.opengis.net/def/uom/EPSG/0/9001", 35, true), (Rows{4, 5, 6, 7, 8})) << crs;
    }
    EXPECT_EQ(rows_of("EPSG:4326", "degree", 0.0005), (Rows{0, 1, 2, 3})) << "10 m are 0.000143 degrees of longitude here";
    EXPECT_EQ(refused([&] { rows_of("EPSG:25833", "degree", 1); }), wrong);
    EXPECT_EQ(refused([&] { rows_of("EPSG:25833", "furlong", 1); }), wrong);
    EXPECT_EQ(refused([&] { rows_of("EPSG:25833", "m", -1); }), wrong);
}

TEST(Predicate, ALayerWithoutACrsRefusesPlaces)
{
    table::TableBuilder b({{{"n", table::Type::int64}}, table::GeometryField{"geom", table::GeometryKind::point, "", false}});
    b.column(0).add(1);
    b.geometry().add_point(1, 2);
    b.end_row();
    const FilterTown town(std::move(b).finish());
    EXPECT_EQ(town.text("n = 1"), (Rows{0}));
    EXPECT_EQ(refused([&] { town.text("S_INTERSECTS(geom, POINT(1 2))"); }), wrong);
    EXPECT_EQ(refused([&] { town.text("S_INTERSECTS(geom, BBOX(0,0,3,3))"); }), wrong);
    EXPECT_EQ(refused([&] { town.xml("<fes:DWithin><gml:Point><gml:pos>1 2</gml:pos></gml:Point><fes:Distance uom=\"m\">5</fes:Distance></fes:DWithin>"); }), wrong);
}

// 6: what cannot be compared is not the opposite either
TEST(Predicate, ShapesThatCannotBeComparedMatchNeitherWayRound)
{
    table::TableBuilder b({{{"n", table::Type::int64}}, table::GeometryField{"geom", table::GeometryKind::polygon, "EPSG:25833", false}});
    const auto ring = [&](std::initializer_list<std::pair<double, double>> corners) {
        b.geometry().begin_row();
        b.geometry().begin_ring();
        for (const auto& [x, y] : corners) b.geometry().add(318000 + x, 5690000 + y);
        b.end_row();
    };
    ring({{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}});
    ring({{0, 0}, {10, 10}});                              // no ring
    ring({{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}});    // crosses itself
    const FilterTown town(std::move(b).finish(), "http://www.opengis.net/def/crs/EPSG/0/25833");
    const std::string area = "POLYGON((318001 5690000,318004 5690000,318004 5690020,318001 5690020,318001 5690000))";
    EXPECT_EQ(town.text("S_OVERLAPS(geom, " + area + ")"), (Rows{0, 2}));
    EXPECT_EQ(town.text("NOT S_OVERLAPS(geom, " + area + ")"), (Rows{}));
    EXPECT_EQ(town.text("S_DISJOINT(geom, " + area + ") OR S_INTERSECTS(geom, " + area + ")"), (Rows{0, 2}));
}

// 10: intervals of rows that have one end only
TEST(Predicate, AnIntervalWithoutAnEndIsUnknownUnlessItIsSaidToBeOpen)
{
    const FilterTown town;
    EXPECT_EQ(town.text("T_AFTER(INTERVAL(start, stop), TIMESTAMP('2023-01-01T00:00:00Z'))"), (Rows{0, 1, 2, 3, 4, 5, 6, 9})) << "row 7 has no start, row 8 no stop";
    EXPECT_EQ(town.text("NOT T_AFTER(INTERVAL(start, stop), TIMESTAMP('2023-01-01T00:00:00Z'))"), (Rows{}));
    EXPECT_EQ(town.text("T_INTERSECTS(INTERVAL(start, stop), INTERVAL('2024-01-01T05:30:00Z', '..'))"), (Rows{4, 5, 6, 9}));
    auto open = std::make_shared<ows::Predicate>(*ows::read_cql2_text("T_INTERSECTS(INTERVAL(start, stop), INTERVAL('2024-01-01T05:30:00Z', '..'))", town.context()));
    open->null_matches = true;
    EXPECT_EQ(town.rows(open), (Rows{4, 5, 6, 7, 8, 9}));
}

TEST(Predicate, BigLayersGiveTheSameWithAndWithoutTheIndex)
{
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> unit(0, 1);
    table::TableBuilder b({{{"kind", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    std::vector<std::pair<double, double>> places;
    for (int i = 0; i < 30000; ++i) {
        places.emplace_back(318000 + 5000 * unit(random), 5690000 + 5000 * unit(random));
        b.column(0).add(i % 3 == 0 ? "Linde" : "Ahorn");
        b.geometry().add_point(places.back().first, places.back().second);
        b.end_row();
    }
    const FilterTown town(std::move(b).finish(), "http://www.opengis.net/def/crs/EPSG/0/25833");
    Rows expected;
    for (int i = 0; i < 30000; ++i) {
        const auto [x, y] = places[static_cast<std::size_t>(i)];
        const bool in_box = x >= 318100 && x <= 318500 && y >= 5690100 && y <= 5690500, near = std::hypot(x - 321000, y - 5693000) <= 300;
        if (i % 3 == 0 && (in_box || near)) expected.push_back(i);
    }
    const auto context = town.context();
    FilterBuilder builder(context);
    const auto either = ows::any_of({builder.box(box(318100, 5690100, 318500, 5690500, "EPSG:25833")), builder.distance(false, "POINT(321000 5693000)", {"EPSG:25833", false, ""}, 300, "m")});
    EXPECT_EQ(town.rows(ows::all_of({either, builder.compare(Comparison::equal, builder.field("kind"), builder.text("Linde"))})), expected);
    EXPECT_GT(expected.size(), 100U);
}

}  // namespace
}  // namespace stadtgdi::testing
