// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <layers/table/arrow.hpp>
#include <layers/table/table_builder.hpp>
#include <cmath>
#include <cstring>
#include <random>

using namespace stadtgdi::table;
using stadtgdi::Error;
using stadtgdi::ErrorKind;

namespace {

constexpr GeometryKind all_kinds[] = {GeometryKind::point,       GeometryKind::line,       GeometryKind::polygon,
                                      GeometryKind::multi_point, GeometryKind::multi_line, GeometryKind::multi_polygon};

Table sample(GeometryKind kind, bool z, int rows = 37)
{
    TableBuilder b({{{"flag", Type::boolean},
                     {"number", Type::int64},
                     {"size", Type::float64},
                     {"species", Type::text},
                     {"name", Type::text},
                     {"day", Type::date},
                     {"seen", Type::datetime}},
                    GeometryField{"geom", kind, "EPSG:25833", z}});
    for (int i = 0; i < rows; ++i) {
        if (i % 5 != 0) b.column(0).add(i % 2 == 0);
        if (i % 7 != 0) b.column(1).add(i * 1000);
        if (i % 3 != 0) b.column(2).add(i / 7.0);
        if (i % 4 != 0) b.column(3).add(i % 2 == 0 ? "Linde" : "Eiche");
        if (i % 6 != 0) b.column(4).add("tree " + std::to_string(i));
        if (i % 2 != 0) b.column(5).add_date(i - 10);
        if (i % 9 != 0) b.column(6).add(std::int64_t{i} * 1'000'001);
        if (i % 4 != 3) {
            auto& g = b.geometry();
            g.begin_row();
            const auto line = [&] {
                for (int k = 0; k < 4; ++k) g.add(i + k % 3, i + k % 3 * k, 100 + k);
            };
            switch (kind) {
                case GeometryKind::point: g.add(i, 2 * i, 3 * i); break;
                case GeometryKind::line:
                case GeometryKind::multi_point: line(); break;
                case GeometryKind::polygon:
                case GeometryKind::multi_line:
                    for (int r = 0; r < i % 3; ++r) g.begin_ring(), line();
                    break;
                case GeometryKind::multi_polygon:
                    for (int p = 0; p < i % 3; ++p) {
                        g.begin_part();
                        for (int r = 0; r < 2; ++r) g.begin_ring(), line();
                    }
                    break;
            }
        }
        b.end_row();
    }
    return std::move(b).finish();
}

struct Batch {
    ArrowSchema schema{};
    ArrowArray array{};
};

/// A foreign one-column batch whose release is counted.
struct Foreign {
    static inline int released = 0;
    std::string format, name = "c";
    std::vector<const void*> buffers;
    ArrowSchema child_schema{}, dictionary_schema{};
    ArrowArray child{}, dictionary{};
    ArrowSchema* child_schemas[1]{&child_schema};
    ArrowArray* children[1]{&child};
    const void* no_buffers[1]{nullptr};
    std::string dictionary_format;
    std::vector<const void*> dictionary_buffers;

    Foreign(std::string f, std::vector<const void*> data, std::int64_t rows, std::int64_t offset = 0, std::int64_t nulls = 0)
        : format(std::move(f)), buffers(std::move(data))
    {
        child_schema.format = format.c_str();
        child_schema.name = name.c_str();
        child.length = rows;
        child.offset = offset;
        child.null_count = nulls;
        child.buffers = buffers.data();
        child.n_buffers = static_cast<std::int64_t>(buffers.size());
    }
    void set_dictionary(std::string f, std::vector<const void*> data, std::int64_t rows)
    {
        dictionary_format = std::move(f);
        dictionary_buffers = std::move(data);
        dictionary_schema.format = dictionary_format.c_str();
        dictionary_schema.name = "";
        dictionary.length = rows;
        dictionary.buffers = dictionary_buffers.data();
        dictionary.n_buffers = static_cast<std::int64_t>(dictionary_buffers.size());
        child_schema.dictionary = &dictionary_schema;
        child.dictionary = &dictionary;
    }
    Table import(std::int64_t offset, std::int64_t rows, const ArrowImport& options = {})
    {
        released = 0;
        ArrowSchema schema{"+s", "", nullptr, 0, 1, child_schemas, nullptr, [](ArrowSchema* s) { s->release = nullptr; ++released; }, nullptr};
        ArrowArray array{rows, 0, offset, 1, 1, no_buffers, children, nullptr, [](ArrowArray* a) { a->release = nullptr; released += 10; }, nullptr};
        return import_arrow(&schema, &array, options);
    }
    Column column(std::int64_t offset, std::int64_t rows) { return import(offset, rows).column(0); }
};

std::vector<std::string> texts(const Column& column)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < column.size(); ++i) out.push_back(column.valid(i) ? column.as_text(i) : "-");
    return out;
}

ErrorKind error_of(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.kind();
    }
    return ErrorKind::cancelled;
}

}  // namespace

using testing::ElementsAre;

TEST(Arrow, RoundTripKeepsEveryKindAndType)
{
    for (const GeometryKind kind : all_kinds) {
        for (const bool z : {false, true}) {
            const Table t = sample(kind, z);
            Batch batch;
            export_arrow(t, &batch.schema, &batch.array);
            const Table back = import_arrow(&batch.schema, &batch.array);
            EXPECT_EQ(back.schema(), t.schema()) << name_of(kind);
            EXPECT_EQ(hash(back), hash(t)) << name_of(kind);
            EXPECT_EQ(batch.schema.release, nullptr);
            EXPECT_EQ(batch.array.release, nullptr);
        }
    }
}

TEST(Arrow, EmptyTablesTravelToo)
{
    for (const GeometryKind kind : all_kinds) {
        const Table t = sample(kind, false, 0);
        Batch batch;
        export_arrow(t, &batch.schema, &batch.array);
        EXPECT_EQ(hash(import_arrow(&batch.schema, &batch.array)), hash(t));
    }
}

TEST(Arrow, ValuesAreSharedNotCopied)
{
    const Table t = sample(GeometryKind::polygon, false);
    Batch batch;
    export_arrow(t, &batch.schema, &batch.array);
    EXPECT_EQ(batch.array.children[2]->buffers[1], t.column("size").doubles().data());
    const Table back = import_arrow(&batch.schema, &batch.array);
    EXPECT_EQ(back.column("size").doubles().data(), t.column("size").doubles().data());
    EXPECT_EQ(back.geometry().x().data(), t.geometry().x().data());
    EXPECT_EQ(back.column("name").text_chars().data(), t.column("name").text_chars().data());
}

TEST(Arrow, ExportOutlivesTheTableAndImportTheExport)
{
    std::optional<Table> t = sample(GeometryKind::multi_polygon, true);
    const auto expected = hash(*t);
    Batch batch;
    export_arrow(*t, &batch.schema, &batch.array);
    t.reset();
    Table back = import_arrow(&batch.schema, &batch.array);
    const Column size = back.column("size");
    EXPECT_EQ(hash(back), expected);
    back = Table();
    EXPECT_EQ(size.doubles()[1], 1 / 7.0);
}

TEST(Arrow, FormatsAreThoseOfTheSpecification)
{
    const Table t = sample(GeometryKind::polygon, false);
    Batch batch;
    export_arrow(t, &batch.schema, &batch.array);
    std::vector<std::string> formats;
    for (std::int64_t i = 0; i < batch.schema.n_children; ++i) formats.emplace_back(batch.schema.children[i]->format);
    EXPECT_THAT(formats, ElementsAre("b", "l", "g", "i", "U", "tdD", "tsu:UTC", "+l"));
    EXPECT_STREQ(batch.schema.children[3]->dictionary->format, "U");
    const ArrowSchema* geometry = batch.schema.children[7];
    EXPECT_STREQ(geometry->children[0]->name, "rings");
    EXPECT_STREQ(geometry->children[0]->children[0]->format, "+s");
    EXPECT_STREQ(geometry->children[0]->children[0]->children[0]->name, "x");
    const std::string expected = std::string("\2\0\0\0\x14\0\0\0", 8) + "ARROW:extension:name" + std::string("\x10\0\0\0", 4) + "geoarrow.polygon"
                                 + std::string("\x18\0\0\0", 4) + "ARROW:extension:metadata" + std::string("\x15\0\0\0", 4) + "{\"crs\": \"EPSG:25833\"}";
    EXPECT_EQ(std::memcmp(geometry->metadata, expected.data(), expected.size()), 0);
    batch.array.release(&batch.array);
    batch.schema.release(&batch.schema);
    EXPECT_EQ(batch.array.release, nullptr);
}

TEST(Arrow, AChildMayBeMovedAway)
{
    const Table t = sample(GeometryKind::point, false);
    Batch batch;
    export_arrow(t, &batch.schema, &batch.array);
    ArrowArray moved = *batch.array.children[1];
    batch.array.children[1]->release = nullptr;
    batch.array.release(&batch.array);
    batch.schema.release(&batch.schema);
    EXPECT_EQ(static_cast<const std::int64_t*>(moved.buffers[1])[3], 3000);
    moved.release(&moved);
}

TEST(Arrow, AStreamHasOneBatch)
{
    const Table t = sample(GeometryKind::line, false);
    ArrowArrayStream stream;
    export_arrow_stream(t, &stream);
    Batch batch;
    ASSERT_EQ(stream.get_schema(&stream, &batch.schema), 0);
    ASSERT_EQ(stream.get_next(&stream, &batch.array), 0);
    EXPECT_EQ(hash(import_arrow(&batch.schema, &batch.array)), hash(t));
    ASSERT_EQ(stream.get_next(&stream, &batch.array), 0);
    EXPECT_EQ(batch.array.release, nullptr);
    stream.release(&stream);
    EXPECT_EQ(stream.release, nullptr);
}

TEST(ArrowImport, WidensSmallerTypes)
{
    const std::int8_t i8[] = {-1, 2};
    const std::uint16_t u16[] = {65535, 1};
    const std::int32_t i32[] = {INT32_MIN, 7};
    const std::uint32_t u32[] = {UINT32_MAX, 7};
    const float f32[] = {0.5F, -1};
    EXPECT_THAT(texts(Foreign("c", {nullptr, i8}, 2).column(0, 2)), ElementsAre("-1", "2"));
    EXPECT_THAT(texts(Foreign("S", {nullptr, u16}, 2).column(0, 2)), ElementsAre("65535", "1"));
    EXPECT_THAT(texts(Foreign("i", {nullptr, i32}, 2).column(0, 2)), ElementsAre("-2147483648", "7"));
    EXPECT_THAT(texts(Foreign("I", {nullptr, u32}, 2).column(0, 2)), ElementsAre("4294967295", "7"));
    EXPECT_THAT(texts(Foreign("f", {nullptr, f32}, 2).column(0, 2)), ElementsAre("0.5", "-1"));
}

TEST(ArrowImport, ReadsTimesOfEveryUnit)
{
    const std::int64_t ms[] = {1717787141250, -1};
    const std::int64_t ns[] = {1717787141250000999, -1};
    const std::int64_t s[] = {1717787141, 0};
    const std::int64_t date64[] = {1717787141250, -1};
    const std::int32_t time32[] = {25509250, 0};
    EXPECT_THAT(texts(Foreign("tsm:", {nullptr, ms}, 2).column(0, 2)), ElementsAre("2024-06-07T19:05:41.250000Z", "1969-12-31T23:59:59.999000Z"));
    EXPECT_THAT(texts(Foreign("tsn:UTC", {nullptr, ns}, 2).column(0, 2)), ElementsAre("2024-06-07T19:05:41.250000Z", "1969-12-31T23:59:59.999999Z"));
    EXPECT_THAT(texts(Foreign("tss:Europe/Berlin", {nullptr, s}, 2).column(0, 2)), ElementsAre("2024-06-07T19:05:41Z", "1970-01-01T00:00:00Z"));
    EXPECT_THAT(texts(Foreign("tdm", {nullptr, date64}, 2).column(0, 2)), ElementsAre("2024-06-07", "1969-12-31"));
    EXPECT_THAT(texts(Foreign("ttm", {nullptr, time32}, 2).column(0, 2)), ElementsAre("07:05:09.250000", "00:00:00"));
}

TEST(ArrowImport, HonoursOffsetsOfBatchAndColumn)
{
    const std::int64_t values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    const std::uint8_t bits[] = {0b10101010, 0b00001110};
    EXPECT_THAT(texts(Foreign("l", {bits, values}, 12, 0, 5).column(0, 3)), ElementsAre("-", "1", "-"));
    EXPECT_THAT(texts(Foreign("l", {bits, values}, 9, 3, -1).column(2, 5)), ElementsAre("5", "-", "7", "-", "9"));
    EXPECT_THAT(texts(Foreign("l", {bits, values}, 12, 0, -1).column(8, 3)), ElementsAre("-", "9", "10"));
    EXPECT_THAT(texts(Foreign("b", {nullptr, bits}, 9, 3).column(0, 3)), ElementsAre("true", "false", "true"));
    const std::int32_t offsets[] = {0, 2, 2, 5, 6};
    EXPECT_THAT(texts(Foreign("u", {nullptr, offsets, "ABcdeF"}, 3, 1).column(0, 3)), ElementsAre("", "cde", "F"));
}

TEST(ArrowImport, ReadsDictionariesWithNullsAndOtherIndexTypes)
{
    const std::int32_t offsets[] = {0, 1, 2, 3};
    const std::uint8_t second_is_null[] = {0b101};
    const std::int32_t codes[] = {2, 1, 0, 2};
    const std::int8_t small[] = {2, 1, 0, 2};
    Foreign plain("i", {nullptr, codes}, 4);
    plain.set_dictionary("u", {nullptr, offsets, "abc"}, 3);
    const Column c = plain.column(0, 4);
    EXPECT_TRUE(c.is_dictionary());
    EXPECT_EQ(c.codes().data(), codes);
    EXPECT_THAT(texts(c), ElementsAre("c", "b", "a", "c"));
    Foreign nulls("c", {nullptr, small}, 4);
    nulls.set_dictionary("u", {second_is_null, offsets, "abc"}, 3);
    nulls.dictionary.null_count = 1;
    EXPECT_THAT(texts(nulls.column(0, 4)), ElementsAre("c", "-", "a", "c"));
    const std::int32_t outside[] = {3};
    Foreign bad("i", {nullptr, outside}, 1);
    bad.set_dictionary("u", {nullptr, offsets, "abc"}, 3);
    EXPECT_EQ(error_of([&] { bad.column(0, 1); }), ErrorKind::bad_data);
}

TEST(ArrowImport, ReleasesExactlyOnceAlsoAfterAnError)
{
    const std::int64_t values[] = {1, 2};
    {
        Foreign foreign("l", {nullptr, values}, 2);
        Table t = foreign.import(0, 2);
        EXPECT_EQ(Foreign::released, 1);  // the schema; the array lives as long as the column
        const Column kept = t.column(0);
        t = Table();
        EXPECT_EQ(Foreign::released, 1);
        EXPECT_EQ(kept.ints()[1], 2);
    }
    EXPECT_EQ(Foreign::released, 11);
    Foreign list("+w:2", {nullptr}, 2);
    EXPECT_EQ(error_of([&] { list.import(0, 2); }), ErrorKind::unsupported);
    EXPECT_EQ(Foreign::released, 11);
    Foreign half("e", {nullptr, values}, 2);
    EXPECT_EQ(error_of([&] { half.import(0, 2); }), ErrorKind::unsupported);
    const std::uint64_t big[] = {1, UINT64_MAX};
    EXPECT_EQ(error_of([&] { Foreign("L", {nullptr, big}, 2).import(0, 2); }), ErrorKind::bad_data);
    EXPECT_EQ(error_of([&] { Foreign("l", {nullptr, values}, 2).import(1, 2); }), ErrorKind::bad_data);
}

TEST(ArrowImport, RefusesWhatWasReleasedBefore)
{
    ArrowSchema schema{}, released_schema{};
    ArrowArray array{}, released_array{};
    const Table table(Schema{{{"n", Type::int64}}, {}}, {Column::of_ints({1, 2})});
    export_arrow(table, &schema, &array);
    EXPECT_EQ(error_of([&] { import_arrow(&released_schema, &array); }), ErrorKind::invalid_argument);
    EXPECT_EQ(error_of([&] { import_arrow(&schema, &released_array); }), ErrorKind::invalid_argument);
    EXPECT_EQ(import_arrow(&schema, &array).rows(), 2U);
    EXPECT_EQ(error_of([&] { import_arrow(&schema, &array); }), ErrorKind::invalid_argument);
}

TEST(ArrowImport, ReadsWkbLikeGdalGivesIt)
{
    std::string wkb;
    std::vector<std::int32_t> offsets{0};
    const auto add = [&](double x, double y, char type = 1) {
        wkb += std::string("\1", 1) + type + std::string("\0\0\0", 3);
        wkb.append(reinterpret_cast<const char*>(&x), 8).append(reinterpret_cast<const char*>(&y), 8);
        offsets.push_back(static_cast<std::int32_t>(wkb.size()));
    };
    add(1, 2);
    offsets.push_back(offsets.back());  // null
    add(3, 4);
    add(5, 6, 9);  // of no kind of ours
    const std::uint8_t bits[] = {0b1101};
    ArrowImport options;
    options.wkb_column = "c";
    options.geometry = GeometryField{"shape", GeometryKind::multi_point, "EPSG:25833", false};
    std::vector<std::int64_t> damaged;
    options.damaged = &damaged;
    const Table t = Foreign("z", {bits, offsets.data(), wkb.data()}, 4, 0, 1).import(0, 4, options);
    EXPECT_EQ(t.schema().geometry, options.geometry);
    EXPECT_EQ(t.geometry().part_count(0), 1U);
    EXPECT_FALSE(t.geometry().valid(1));
    EXPECT_EQ(t.geometry().box(2), (Box{3, 4, 3, 4}));
    EXPECT_FALSE(t.geometry().valid(3));
    EXPECT_THAT(damaged, ElementsAre(3));
    options.damaged = nullptr;
    EXPECT_EQ(error_of([&] { Foreign("z", {bits, offsets.data(), wkb.data()}, 4, 0, 1).import(0, 4, options); }), ErrorKind::bad_data);
    options.geometry.reset();
    EXPECT_EQ(Foreign("z", {bits, offsets.data(), wkb.data()}, 3, 0, 1).import(0, 3, options).geometry().kind(), GeometryKind::point);
}
