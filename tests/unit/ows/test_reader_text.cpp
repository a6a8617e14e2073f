// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/catalogue/layer_family.hpp>
#include <layers/table/table_builder.hpp>
#include <services/ows/reader_text.hpp>
#include <gtest/gtest.h>

namespace stadtgdi::ows {
namespace {

using base::Language;

TEST(ReaderText, NumbersFollowTheLanguage)
{
    EXPECT_EQ(number_text(std::int64_t{57273}, Language::de), "57.273");
    EXPECT_EQ(number_text(std::int64_t{57273}, Language::en), "57,273");
    EXPECT_EQ(number_text(std::int64_t{-1234567}, Language::de), "−1.234.567");
    EXPECT_EQ(number_text(std::int64_t{2010}, Language::de), "2010") << "years stay years";
    EXPECT_EQ(number_text(std::int64_t{0}, Language::en), "0");
    EXPECT_EQ(number_text(12.5, Language::de), "12,5");
    EXPECT_EQ(number_text(12345.6789, Language::en), "12,345.679");
    EXPECT_EQ(number_text(100000.0, Language::de), "100.000");
    EXPECT_EQ(number_text(0.0004, Language::de), "0,0004") << "small is not nothing";
}

TEST(ReaderText, ValuesAreReadInTheLanguage)
{
    table::TableBuilder b({{{"lit", table::Type::boolean}, {"day", table::Type::date}, {"moment", table::Type::datetime}, {"access", table::Type::text}, {"objectid", table::Type::int64}}, {}});
    b.column(0).add(true);
    b.column(1).add_date(19881);  // 2024-06-07
    b.column(2).add(std::int64_t{19881} * 86400000000 + 54300000000);
    b.column(3).add("partial");
    b.column(4).add(123456);
    b.end_row();
    b.end_row();
    const table::Table table = std::move(b).finish();
    project::PublishedLayer layer;
    for (const auto& field : table.schema().fields) layer.fields.push_back({field.name, "", field.type});
    layer.fields[3].codes = {{"partial", "Eingeschränkt"}};
    const auto text = [&](std::size_t field, std::size_t row, Language language) { return value_text(layer, layer.fields[field], table.column(layer.fields[field].name), row, language); };
    EXPECT_EQ(text(0, 0, Language::de), "ja");
    EXPECT_EQ(text(0, 0, Language::en), "yes");
    EXPECT_EQ(text(1, 0, Language::de), "07.06.2024");
    EXPECT_EQ(text(1, 0, Language::en), "7 June 2024");
    EXPECT_EQ(text(2, 0, Language::de), "07.06.2024, 15:05 Uhr (UTC)");
    EXPECT_EQ(text(2, 0, Language::en), "7 June 2024, 15:05 UTC");
    EXPECT_EQ(text(3, 0, Language::de), "Eingeschränkt");
    EXPECT_EQ(text(4, 0, Language::de), "123456") << "identifiers are no amounts";
    for (std::size_t field = 0; field < 5; ++field) EXPECT_EQ(text(field, 1, Language::de), "");
}

TEST(ReaderText, EveryDeclaredLayerTellsFactsFromTheRest)
{
    for (const auto& family : catalogue::all_families())
        for (const auto& declared : family.layers) {
            project::PublishedLayer layer;
            layer.definition = declared.name;
            layer.display_field = declared.label_field;
            bool facts = false;
            for (const auto& field : declared.fields) {
                const FieldRole role = role_of(layer, {field.name, "", field.type});
                if (field.name == layer.display_field) continue;
                facts = facts || role == FieldRole::fact;
                if (field.name == "uuid" || !field.references.empty()) {
                    EXPECT_EQ(role, FieldRole::identifier) << declared.name << " " << field.name;
                }
                if (field.fallback == "now()" || field.name == "disclosure_class") {
                    EXPECT_EQ(role, FieldRole::capture) << declared.name << " " << field.name;
                }
            }
            EXPECT_TRUE(facts) << declared.name;
        }
}

TEST(ReaderText, AFieldOfAnotherProjectIsAFact)
{
    project::PublishedLayer river;
    EXPECT_EQ(role_of(river, {"source", "Quelle"}), FieldRole::fact);
    EXPECT_EQ(role_of(river, {"fid", ""}), FieldRole::identifier);
}

TEST(ReaderText, UnitsLeaveTheLabel)
{
    EXPECT_EQ(label_of({"height_m", "Baumhöhe [m]"}).text, "Baumhöhe");
    EXPECT_EQ(label_of({"height_m", "Baumhöhe [m]"}).unit, "m");
    EXPECT_EQ(label_of({"height_m", ""}).text, "height_m");
    EXPECT_EQ(label_of({"x", "[m]"}).text, "[m]");
}

TEST(ReaderText, TheCopyrightSignStandsOnce)
{
    EXPECT_EQ(credit_text("Stadt Leipzig"), "© Stadt Leipzig");
    EXPECT_EQ(credit_text("© OpenStreetMap contributors, ODbL"), "© OpenStreetMap contributors, ODbL");
    EXPECT_EQ(credit_text(" © © x"), "© x");
    EXPECT_EQ(credit_text(""), "");
}

}  // namespace
}  // namespace stadtgdi::ows
