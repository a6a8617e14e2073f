// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <layers/base/error.hpp>
#include <layers/table/table_builder.hpp>
#include <cmath>
#include <random>

using namespace stadtgdi::table;
using stadtgdi::Error;
using stadtgdi::ErrorKind;
using testing::ElementsAre;

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

std::vector<std::string> texts(const Column& column)
{
    std::vector<std::string> out;
    for (std::size_t i = 0; i < column.size(); ++i) out.push_back(column.valid(i) ? column.as_text(i) : "-");
    return out;
}

Column text_column(int rows, int distinct)
{
    ColumnBuilder builder(Type::text);
    for (int i = 0; i < rows; ++i) builder.add("value " + std::to_string(i % distinct));
    return std::move(builder).finish();
}

}  // namespace

TEST(Validity, HasTheBitOrderOfArrow)
{
    const Validity v = Validity::of({true, false, true, true, true, true, true, true, false, true});
    ASSERT_EQ(v.bits().size(), 2U);
    EXPECT_EQ(v.bits()[0], 0b11111101);
    EXPECT_EQ(v.bits()[1], 0b00000010);
    EXPECT_EQ(v.null_count(), 2U);
    EXPECT_FALSE(v.valid(8));
    EXPECT_TRUE(v.valid(9));
}

TEST(Validity, WithoutNullsHasNoBits)
{
    EXPECT_TRUE(Validity::of({true, true}).bits().empty());
    EXPECT_TRUE(Validity::of({}).all_valid());
    EXPECT_TRUE(Validity::of_bits({0xff, 0x03}, 10).bits().empty());
    EXPECT_EQ(Validity::of_bits({0xff, 0x01}, 10).null_count(), 1U);
}

TEST(Column, KnowsItsTypeAndRefusesAnother)
{
    const Column c = Column::of_doubles({1.0, 2.5});
    EXPECT_EQ(c.doubles()[1], 2.5);
    EXPECT_EQ(error_of([&] { c.ints(); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { c.text(0); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { Column::of_dates({1}).datetimes(); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { Column::of_text(std::vector<std::string>{"a"}).codes(); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { Column::of_dates({1}).number(0); }), ErrorKind::internal);
}

TEST(Column, RefusesBuffersThatDoNotFit)
{
    EXPECT_EQ(error_of([] { Column::of_text({0, 5}, {'a'}); }), ErrorKind::internal);
    EXPECT_EQ(error_of([] { Column::of_dictionary({0, 1}, Column::of_text(std::vector<std::string>{"a"})); }), ErrorKind::internal);
    EXPECT_EQ(error_of([] { Column::of_ints(std::vector<std::int64_t>(20), Validity(Buffer<std::uint8_t>{1}, 3)); }), ErrorKind::internal);
}

TEST(Column, WritesEveryTypeAsPeopleDo)
{
    EXPECT_EQ(Column::of_bools({1, 0}).as_text(0), "true");
    EXPECT_EQ(Column::of_ints({-7}).as_text(0), "-7");
    EXPECT_EQ(Column::of_doubles({0.1}).as_text(0), "0.1");
    EXPECT_EQ(Column::of_dates({19881}).as_text(0), "2024-06-07");
    EXPECT_EQ(Column::of_datetimes({0}).as_text(0), "1970-01-01T00:00:00Z");
    EXPECT_EQ(Column::of_text(std::vector<std::string>{"Lindenstraße"}).as_text(0), "Lindenstraße");
    EXPECT_EQ(Column::of_ints({1, 2}, Validity::of({false, true})).as_text(0), "");
    EXPECT_TRUE(std::isnan(Column::of_ints({1, 2}, Validity::of({false, true})).number(0)));
    EXPECT_EQ(Column::of_bools({1}).number(0), 1.0);
}

TEST(Column, TakesRowsInAnyOrderAndRepeatedly)
{
    const std::vector<std::int64_t> rows{2, 0, 2, 1};
    const Validity some = Validity::of({true, false, true});
    EXPECT_THAT(texts(Column::of_ints({1, 2, 3}, some).take(rows)), ElementsAre("3", "1", "3", "-"));
    EXPECT_THAT(texts(Column::of_doubles({1.5, 2, 3}).take(rows)), ElementsAre("3", "1.5", "3", "2"));
    EXPECT_THAT(texts(Column::of_bools({1, 0, 0}).take(rows)), ElementsAre("false", "true", "false", "false"));
    EXPECT_THAT(texts(Column::of_dates({0, 1, 2}).take(rows)), ElementsAre("1970-01-03", "1970-01-01", "1970-01-03", "1970-01-02"));
    EXPECT_THAT(texts(Column::of_text({"a", "", "ccc"}, some).take(rows)), ElementsAre("ccc", "a", "ccc", "-"));
    const Column dictionary = Column::of_dictionary({1, 0, 1}, Column::of_text(std::vector<std::string>{"Ahorn", "Linde"}));
    EXPECT_THAT(texts(dictionary.take(rows)), ElementsAre("Linde", "Linde", "Linde", "Ahorn"));
    EXPECT_EQ(&dictionary.take(rows).dictionary(), &dictionary.dictionary());
    EXPECT_EQ(Column::of_ints({1}).take({}).size(), 0U);
}

TEST(ColumnBuilder, MakesADictionaryOfRepeatedText)
{
    const Column c = text_column(100, 3);
    ASSERT_TRUE(c.is_dictionary());
    EXPECT_EQ(c.dictionary().size(), 3U);
    EXPECT_EQ(c.text(4), "value 1");
}

TEST(ColumnBuilder, KeepsDistinctTextPlain)
{
    EXPECT_FALSE(text_column(10, 10).is_dictionary());
    const Column many = text_column(70000 * 2, 70000);
    EXPECT_FALSE(many.is_dictionary());
    EXPECT_EQ(many.text(0), "value 0");
    EXPECT_EQ(many.text(65535), "value 65535");
    EXPECT_EQ(many.text(65536), "value 65536");
    EXPECT_EQ(many.text(139999), "value 69999");
}

TEST(ColumnBuilder, NullsStandAnywhereInEveryType)
{
    for (const Type type : {Type::boolean, Type::int64, Type::float64, Type::text, Type::date, Type::datetime}) {
        ColumnBuilder builder(type);
        const auto add = [&] {
            switch (type) {
                case Type::boolean: builder.add(true); break;
                case Type::int64:
                case Type::datetime: builder.add(std::int64_t{5}); break;
                case Type::float64: builder.add(0.5); break;
                case Type::text: builder.add("x"); break;
                case Type::date: builder.add_date(3); break;
            }
        };
        builder.add_null();
        add();
        builder.add_null();
        add();
        const Column c = std::move(builder).finish();
        ASSERT_EQ(c.size(), 4U) << name_of(type);
        EXPECT_EQ(c.validity().null_count(), 2U);
        EXPECT_FALSE(c.valid(0));
        EXPECT_TRUE(c.valid(1));
        EXPECT_FALSE(c.valid(2));
        EXPECT_FALSE(c.as_text(3).empty());
        ColumnBuilder copy(type);
        for (std::size_t i = 0; i < 4; ++i) copy.add_from(c, i);
        EXPECT_EQ(texts(std::move(copy).finish()), texts(c));
    }
}

TEST(ColumnBuilder, OnlyNullsAreAColumnToo)
{
    ColumnBuilder builder(Type::text);
    builder.add_null();
    builder.add_null();
    const Column c = std::move(builder).finish();
    EXPECT_THAT(texts(c), ElementsAre("-", "-"));
    EXPECT_THAT(texts(c.take(std::vector<std::int64_t>{1})), ElementsAre("-"));
}

TEST(ColumnBuilder, NullsSurviveTheSwitchToPlainText)
{
    ColumnBuilder builder(Type::text);
    for (int i = 0; i < 70000; ++i) {
        builder.add("v" + std::to_string(i));
        if (i % 1000 == 0) builder.add_null();
    }
    const Column c = std::move(builder).finish();
    EXPECT_EQ(c.validity().null_count(), 70U);
    EXPECT_EQ(c.text(0), "v0");
    EXPECT_FALSE(c.valid(1));
    EXPECT_EQ(c.text(c.size() - 1), "v69999");
}

TEST(ColumnBuilder, WidensIntegersAndRefusesOtherTypes)
{
    ColumnBuilder builder(Type::float64);
    builder.add(3);
    EXPECT_EQ(error_of([&] { builder.add("three"); }), ErrorKind::internal);
    EXPECT_EQ(error_of([&] { builder.add(true); }), ErrorKind::internal);
    EXPECT_EQ(std::move(builder).finish().doubles()[0], 3.0);
}
