// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <layers/table/table_builder.hpp>
#include <cmath>
#include <limits>
#include <random>

using namespace stadtgdi::table;
using stadtgdi::Error;
using stadtgdi::ErrorKind;

namespace {

template <class Work> ErrorKind error_of(const Work& work)
{
    try {
        work();
    } catch (const Error& error) {
        EXPECT_FALSE(error.message().de.empty());
        return error.kind();
    }
    ADD_FAILURE() << "no error";
    return ErrorKind::io;
}

Schema tree_schema()
{
    return {{{"species", Type::text}, {"height_m", Type::float64}, {"planted", Type::date}, {"count", Type::int64}, {"felled", Type::boolean}, {"seen", Type::datetime}},
            GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}};
}

Table trees(int rows, unsigned seed, int distinct = 5)
{
    std::mt19937 random(seed);
    TableBuilder b(tree_schema());
    for (int i = 0; i < rows; ++i) {
        const auto die = [&](unsigned sides) { return static_cast<int>(random() % sides); };
        if (die(4) != 0) b.column(0).add("species " + std::to_string(die(static_cast<unsigned>(distinct))));
        if (die(4) != 0) b.column("height_m").add(die(300) / 10.0);
        if (die(4) != 0) b.column(2).add_date(die(20000));
        if (die(4) != 0) b.column(3).add(die(1000));
        if (die(4) != 0) b.column(4).add(die(2) == 0);
        if (die(4) != 0) b.column(5).add(static_cast<std::int64_t>(random()) * 1000);
        if (die(4) != 0) b.geometry().add_point(die(1000), die(1000));
        b.end_row();
    }
    return std::move(b).finish();
}

std::vector<std::int64_t> range(std::int64_t first, std::int64_t last)
{
    std::vector<std::int64_t> out;
    for (std::int64_t i = first; i < last; ++i) out.push_back(i);
    return out;
}

Table single(Column column)
{
    Schema schema{{{"v", column.type()}}, {}};
    return {schema, {std::move(column)}};
}

}  // namespace

TEST(Table, FindsColumnsByName)
{
    const Table t = trees(3, 1);
    EXPECT_EQ(t.rows(), 3U);
    EXPECT_EQ(&t.column("planted"), &t.column(2));
    EXPECT_EQ(t.find("nothing"), nullptr);
    try {
        t.column("hight_m");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::not_found);
        EXPECT_THAT(error.what(), testing::HasSubstr("hight_m"));
        EXPECT_THAT(error.what(), testing::HasSubstr("height_m"));
    }
    EXPECT_EQ(error_of([&] { t.without_geometry().geometry(); }), ErrorKind::not_found);
}

TEST(Table, RefusesColumnsThatDoNotFitTheSchema)
{
    const Schema two{{{"a", Type::int64}, {"b", Type::int64}}, {}};
    EXPECT_EQ(error_of([&] { Table(two, {Column::of_ints({1})}); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { Table(two, {Column::of_ints({1}), Column::of_ints({1, 2})}); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { Table(two, {Column::of_ints({1}), Column::of_doubles({1})}); }), ErrorKind::internal);
    const Schema same{{{"a", Type::int64}, {"a", Type::int64}}, {}};
    EXPECT_EQ(error_of([&] { Table(same, {Column::of_ints({1}), Column::of_ints({1})}); }), ErrorKind::internal);
    const Schema located{{}, GeometryField{"geom", GeometryKind::point, "EPSG:25833", false}};
    EXPECT_EQ(error_of([&] { Table(located, {}); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { Table(located, {}, GeometryColumn(GeometryKind::point, "EPSG:3857", {1}, {1})); }), ErrorKind::internal);
}

TEST(Table, NewTablesShareUntouchedColumns)
{
    const Table t = trees(10, 2);
    const Table more = t.with_column({"extra", Type::int64}, Column::of_ints(std::vector<std::int64_t>(10, 7)));
    EXPECT_EQ(more.schema().fields.size(), 7U);
    EXPECT_EQ(more.column(1).doubles().data(), t.column(1).doubles().data());
    const Table replaced = more.with_column({"extra", Type::float64}, Column::of_doubles(std::vector<double>(10, 7)));
    EXPECT_EQ(replaced.schema().fields.size(), 7U);
    EXPECT_EQ(replaced.column("extra").type(), Type::float64);
    const std::vector<std::string> names{"count", "species"};
    const Table few = t.select(names);
    EXPECT_EQ(few.schema().fields[0].name, "count");
    EXPECT_TRUE(few.has_geometry());
    EXPECT_EQ(error_of([&] { t.select(std::vector<std::string>{"x"}); }), ErrorKind::not_found);
    EXPECT_EQ(t.rows(), 10U);
    EXPECT_GT(t.bytes(), 10U * 8);
}

TEST(Table, TakeChecksRowNumbers)
{
    const Table t = trees(4, 3);
    EXPECT_EQ(error_of([&] { t.take(std::vector<std::int64_t>{4}); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { t.take(std::vector<std::int64_t>{-1}); }), ErrorKind::internal);
    EXPECT_EQ(t.take(std::vector<std::int64_t>{}).rows(), 0U);
}

TEST(Concatenate, PutsCutTablesTogetherAgain)
{
    for (const int distinct : {3, 1000}) {  // dictionary and plain text
        const Table t = trees(200, 4, distinct);
        const std::vector<Table> pieces{t.take(range(0, 50)), t.take(range(50, 50)), t.take(range(50, 199)), t.take(range(199, 200))};
        EXPECT_EQ(hash(concatenate(pieces)), hash(t));
    }
}

TEST(Concatenate, JoinsGeometriesOfEveryKindLikeRowByRow)
{
    std::mt19937 random(14);
    const auto die = [&](unsigned sides) { return static_cast<int>(random() % sides); };
    for (const GeometryKind kind : {GeometryKind::point, GeometryKind::line, GeometryKind::polygon, GeometryKind::multi_point, GeometryKind::multi_line, GeometryKind::multi_polygon}) {
        for (const bool z : {false, true}) {
            GeometryBuilder b(kind, "EPSG:25833", z);
            for (int row = 0; row < 60; ++row) {
                if (die(5) == 0) {
                    b.add_null();
                    continue;
                }
                b.begin_row();
                const int parts = kind == GeometryKind::multi_polygon ? die(3) : 1;
                for (int part = 0; part < parts; ++part) {
                    if (kind == GeometryKind::multi_polygon) b.begin_part();
                    const int rings = level_count(kind) >= 2 ? 1 + die(3) : 1;
                    for (int ring = 0; ring < rings; ++ring) {
                        if (level_count(kind) >= 2) b.begin_ring();
                        for (int i = kind == GeometryKind::point ? 1 : die(5); i > 0; --i) b.add(die(9), die(9), die(9));
                    }
                }
            }
            const GeometryColumn g = std::move(b).finish();
            const auto table_of = [&](const GeometryColumn& part) { return Table({{}, GeometryField{"geom", kind, "EPSG:25833", z}}, {}, part); };
            // The third piece shows a part of longer buffers, as an Arrow batch with an offset does.
            std::vector<Buffer<std::int32_t>> levels = g.levels();
            GeometryColumn tail = g.take(range(40, 60));
            if (!levels.empty()) {
                levels[0] = Buffer<std::int32_t>(levels[0].span().subspan(40), levels[0].owner());
                tail = GeometryColumn(kind, "EPSG:25833", g.x_buffer(), g.y_buffer(), levels, g.take(range(40, 60)).validity(), g.z_buffer());
            }
            const std::vector<Table> pieces{table_of(g.take(range(0, 13))), table_of(g.take({})), table_of(g.take(range(13, 40))), table_of(tail)};
            EXPECT_EQ(hash(concatenate(pieces)), hash(table_of(g))) << name_of(kind);
            EXPECT_EQ(tail.extent(), g.take(range(40, 60)).extent());
        }
    }
}

TEST(Concatenate, MergesDictionaries)
{
    const auto one = [](std::vector<std::string> words, std::vector<std::int32_t> codes, Validity validity = {}) {
        return single(Column::of_dictionary(std::move(codes), Column::of_text(words), std::move(validity)));
    };
    const std::vector<Table> pieces{one({"Ahorn", "Linde"}, {0, 1, 1}), one({"Linde", "Eiche"}, {1, 0, 9}, Validity::of({true, true, false}))};
    const Table all = concatenate(pieces);
    const Column& c = all.column(0);
    ASSERT_TRUE(c.is_dictionary());
    EXPECT_EQ(c.dictionary().size(), 3U);
    EXPECT_EQ(c.text(2), "Linde");
    EXPECT_EQ(c.text(3), "Eiche");
    EXPECT_EQ(c.text(4), "Linde");
    EXPECT_FALSE(c.valid(5));
    EXPECT_EQ(c.codes()[1], c.codes()[4]);
}

TEST(Concatenate, PlainAndDictionaryTextMix)
{
    const std::vector<Table> pieces{single(Column::of_dictionary({0, 0}, Column::of_text(std::vector<std::string>{"a"}))),
                                    single(Column::of_text({"b", "c"}, Validity::of({true, false})))};
    const Table joined = concatenate(pieces);
    const Column& c = joined.column(0);
    EXPECT_EQ(c.text(1), "a");
    EXPECT_EQ(c.text(2), "b");
    EXPECT_FALSE(c.valid(3));
}

TEST(Concatenate, RefusesDifferentSchemas)
{
    EXPECT_EQ(error_of([] { concatenate(std::vector<Table>{single(Column::of_ints({1})), single(Column::of_doubles({1}))}); }), ErrorKind::invalid_argument);
    EXPECT_EQ(concatenate({}).rows(), 0U);
}

TEST(Hash, TellsValuesApartButNotBuffers)
{
    const Table t = trees(500, 5);
    EXPECT_EQ(hash(t), hash(t.take(range(0, 500))));
    EXPECT_NE(hash(t), hash(t.take(range(0, 499))));
    auto swapped = range(0, 500);
    std::swap(swapped[10], swapped[11]);
    EXPECT_NE(hash(t), hash(t.take(swapped)));
    EXPECT_EQ(hash(single(Column::of_text({"a", "b", "a"}))),
              hash(single(Column::of_dictionary({0, 1, 0}, Column::of_text(std::vector<std::string>{"a", "b"})))));
    // What lies under a null does not count, but that it is null does.
    EXPECT_EQ(hash(single(Column::of_ints({1, 2}, Validity::of({true, false})))), hash(single(Column::of_ints({1, 3}, Validity::of({true, false})))));
    EXPECT_NE(hash(single(Column::of_ints({1, 0}, Validity::of({true, false})))), hash(single(Column::of_ints({1, 0}))));
    EXPECT_NE(hash(single(Column::of_text({"ab", "c"}))), hash(single(Column::of_text({"a", "bc"}))));
    EXPECT_NE(hash(single(Column::of_ints({1}))), hash(single(Column::of_doubles({1}))));
}

TEST(Hash, AllNaNAreOneAndSoAreBothZeros)
{
    EXPECT_EQ(hash(single(Column::of_doubles({std::nan("1"), 0.0}))), hash(single(Column::of_doubles({-std::nan("77"), -0.0}))));
}

TEST(Hash, IsTheSameOnEveryMachine)
{
    // Fixed numbers: stored snapshots and published tables are compared by them.
    const Table t = single(Column::of_text({"Linde", "Stieleiche"}));
    EXPECT_EQ(hash(t), 18047036990842243503ULL);
    GeometryBuilder b(GeometryKind::line, "EPSG:25833");
    b.begin_row();
    b.add(1, 2);
    b.add(3, 4);
    EXPECT_EQ(hash(t.take(std::vector<std::int64_t>{0}).with_geometry(std::move(b).finish())), 16684496072464819899ULL);
}

TEST(Hash, ChangesWithEveryPartOfAGeometry)
{
    const auto polygon = [](std::vector<std::vector<double>> rings, std::string crs = "EPSG:25833") {
        GeometryBuilder b(GeometryKind::polygon, std::move(crs));
        b.begin_row();
        for (const auto& ring : rings) {
            b.begin_ring();
            for (std::size_t i = 0; i + 1 < ring.size(); i += 2) b.add(ring[i], ring[i + 1]);
        }
        return hash(Table().with_geometry(std::move(b).finish()));
    };
    const auto one = polygon({{0, 0, 1, 0, 1, 1, 0, 0}});
    EXPECT_EQ(one, polygon({{0, 0, 1, 0, 1, 1, 0, 0}}));
    EXPECT_NE(one, polygon({{0, 0, 1, 0, 1, 2, 0, 0}}));
    EXPECT_NE(one, polygon({{0, 0, 1, 0}, {1, 1, 0, 0}}));
    EXPECT_NE(one, polygon({{0, 0, 1, 0, 1, 1, 0, 0}}, "EPSG:25832"));
}

TEST(TableBuilder, FillsWhatWasNotSetWithNull)
{
    TableBuilder b(tree_schema());
    b.column(0).add("Linde");
    b.end_row();
    b.geometry().add_point(1, 2);
    b.end_row();
    const Table t = std::move(b).finish();
    EXPECT_TRUE(t.column(0).valid(0));
    EXPECT_FALSE(t.column(0).valid(1));
    EXPECT_FALSE(t.geometry().valid(0));
    EXPECT_TRUE(t.geometry().valid(1));
    EXPECT_FALSE(t.column("seen").valid(0));
}

TEST(TableBuilder, RefusesTwoValuesInARow)
{
    TableBuilder b(tree_schema());
    b.column(0).add("Linde");
    b.column(0).add("Ahorn");
    EXPECT_EQ(error_of([&] { b.end_row(); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { b.column("no"); }), ErrorKind::not_found);
}

TEST(TableBuilder, WithoutRowsGivesAnEmptyTable)
{
    const Table t = TableBuilder(tree_schema()).finish();
    EXPECT_EQ(t.rows(), 0U);
    EXPECT_EQ(t.schema(), tree_schema());
    EXPECT_EQ(hash(t), hash(trees(5, 1).take({})));
}
