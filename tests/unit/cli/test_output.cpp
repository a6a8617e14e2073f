// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/exit_code.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/out_target.hpp>
#include <services/cli/output.hpp>
#include <services/cli/usage_text.hpp>

#include <layers/catalogue/city.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace stadtgdi::cli {

using base::Finding;
using base::Language;
using base::Severity;

TEST(Output, columns_are_aligned_by_characters_not_bytes)
{
    EXPECT_EQ(aligned({{"Bäume", "1"}, {"Wege", "22"}}), "Bäume  1\nWege   22\n");
    EXPECT_EQ(aligned({{"a", "", ""}}), "a\n");
    EXPECT_EQ(width_of("Straße"), 6u);
}

TEST(Output, numbers_are_grouped)
{
    EXPECT_EQ(grouped(0, false), "0");
    EXPECT_EQ(grouped(999, false), "999");
    EXPECT_EQ(grouped(57273, true), "57.273");
    EXPECT_EQ(grouped(1234567, false), "1,234,567");
    EXPECT_EQ(grouped(-1234, false), "-1,234");
    EXPECT_EQ(grouped(-123, false), "-123");
}

TEST(Output, every_kind_of_error_has_its_exit_code)
{
    EXPECT_EQ(exit_code_of(ErrorKind::invalid_argument), 2);
    EXPECT_EQ(exit_code_of(ErrorKind::not_found), 3);
    EXPECT_EQ(exit_code_of(ErrorKind::io), 3);
    EXPECT_EQ(exit_code_of(ErrorKind::unsupported), 4);
    EXPECT_EQ(exit_code_of(ErrorKind::bad_data), 1);
    EXPECT_EQ(exit_code_of(ErrorKind::internal), 5);
    EXPECT_EQ(exit_code_of(ErrorKind::cancelled), 130);
}

TEST(Findings, are_lines_for_people_counting_rows_from_one)
{
    const Finding finding{"V104", Severity::error, "trees.csv", "trees_tree", 11, "", "planting_year", "1066", {"too old", "zu alt"}, {}, {}};
    EXPECT_EQ(line_of(finding, Language::en), "error  V104  trees_tree, trees.csv, row 12, planting_year = 1066: too old");
    EXPECT_EQ(line_of(finding, Language::de), "Fehler  V104  trees_tree, trees.csv, Zeile 12, planting_year = 1066: zu alt");
}

TEST(Findings, are_written_as_csv_that_reads_back)
{
    const std::string path = (std::filesystem::temp_directory_path() / ("stadtgdi_findings_" + std::to_string(getpid()) + ".csv")).string();
    write_findings({{"V1", Severity::warning, "a,b.csv", "trees_tree", 0, "u", "name", "say \"hi\"\nthere", {"x", "y"}, 1.5, 0.1}}, path, Language::en);
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    std::filesystem::remove(path);
    EXPECT_EQ(text.str(), "rule,severity,file,layer,row,uuid,field,value,message,x,y\r\nV1,warning,\"a,b.csv\",trees_tree,1,u,name,\"say \"\"hi\"\"\nthere\",x,1.5,0.1\r\n");
    EXPECT_THROW(write_findings({}, "/nonexistent/findings.csv", Language::en), Error);
}

TEST(Findings, name_the_same_row_on_every_face)
{
    const Finding finding{"V104", Severity::error, "", "trees_tree", 11, "", "planting_year", "1066", {"too old", "zu alt"}, {}, {}};
    const std::string path = (std::filesystem::temp_directory_path() / ("stadtgdi_rows_" + std::to_string(getpid()))).string();
    write_findings({finding}, path + ".csv", Language::en);
    write_findings({finding}, path + ".json", Language::en);
    std::ostringstream csv, json;
    csv << std::ifstream(path + ".csv").rdbuf();
    json << std::ifstream(path + ".json").rdbuf();
    std::filesystem::remove(path + ".csv");
    std::filesystem::remove(path + ".json");
    EXPECT_NE(line_of(finding, Language::en).find("row 12,"), std::string::npos);
    EXPECT_NE(csv.str().find("trees_tree,12,"), std::string::npos);
    EXPECT_EQ(Json::parse(json.str())[0]["row"], 12);
    EXPECT_EQ(to_json(finding, Language::en)["row"], 12);
    Finding whole = finding;
    whole.row = -1;
    EXPECT_FALSE(to_json(whole, Language::en).contains("row"));
}

TEST(Findings, are_counted_in_words)
{
    const Finding error{"V1", Severity::error, "", "t", 0, "", "", "", {"x", "y"}, {}, {}}, info{"V1", Severity::info, "", "t", 0, "", "", "", {"x", "y"}, {}, {}};
    EXPECT_EQ(findings_text({error}, Language::en), "1 finding (1 error)");
    EXPECT_EQ(findings_text({error, info}, Language::en), "2 findings (1 error)");
    EXPECT_EQ(findings_text({info}, Language::de), "1 Befund (0 Fehler)");
    EXPECT_EQ(findings_text({}, Language::de), "0 Befunde (0 Fehler)");
}

namespace {

/// What a command line that CLI11 refuses is told.
std::string refusal(std::vector<std::string> arguments, Language language)
{
    CLI::App app;
    int number = 0;
    std::vector<double> pair;
    app.add_option("--threads", number)->check(CLI::Range(0, 1024));
    app.add_option("--count", number);
    app.add_option("--language")->check(CLI::IsMember({"de", "en"}));
    app.add_option("--shift", pair)->delimiter(',')->expected(2);
    app.add_option("CITY")->required();
    const std::vector<std::string> as_given = arguments;
    std::reverse(arguments.begin(), arguments.end());
    try {
        app.parse(arguments);
    } catch (const CLI::ParseError& error) {
        return text_of(error, as_given).in(language);
    }
    return "";
}

}  // namespace

TEST(UsageText, is_in_both_languages)
{
    EXPECT_EQ(refusal({"c", "--threads", "abc"}, Language::de), "--threads: 'abc' liegt nicht zwischen 0 und 1024.");
    EXPECT_EQ(refusal({"c", "--threads", "5000"}, Language::en), "--threads: '5000' is not between 0 and 1024.");
    EXPECT_EQ(refusal({"c", "--language", "DE"}, Language::de), "--language: 'DE' ist keiner der Werte de,en.");
    EXPECT_EQ(refusal({"c", "--count", "many"}, Language::de), "--count: 'many' ist keine Zahl.");
    EXPECT_EQ(refusal({"c", "--shift", "1"}, Language::de), "--shift braucht 2 Werte, nicht 1.");
    EXPECT_EQ(refusal({"c", "--nonsense"}, Language::de), "Nicht verstanden: --nonsense.");
    EXPECT_EQ(refusal({"c", "--nonsense", "5", "--more=a b"}, Language::en), "Not understood: --nonsense 5 --more=a b.");
    EXPECT_EQ(refusal({}, Language::de), "CITY fehlt.");
    EXPECT_EQ(refusal({}, Language::en), "CITY is missing.");
}

class OutTarget : public testing::Test {
protected:
    void SetUp() override
    {
        folder = std::filesystem::temp_directory_path() / ("stadtgdi_out_" + std::to_string(getpid()));
        std::filesystem::create_directories(folder / "sub");
        std::ofstream(path("trees.geojson")) << "{}";
        std::ofstream(path("trees.gpkg")) << "";
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    std::string path(const char* name) const { return (folder / name).string(); }
    std::filesystem::path folder;
};

TEST_F(OutTarget, is_never_the_source_however_it_is_written)
{
    EXPECT_TRUE(is_same_place(path("trees.geojson"), path("sub/../trees.geojson")));
    std::filesystem::create_symlink(folder / "trees.geojson", folder / "link.geojson");
    EXPECT_TRUE(is_same_place(path("trees.geojson"), path("link.geojson")));
    EXPECT_FALSE(is_same_place(path("trees.geojson"), path("new.geojson")));
    EXPECT_FALSE(is_same_place("PG:dbname=a", "PG:dbname=b"));
    EXPECT_TRUE(is_same_place("PG:dbname=a", "PG:dbname=a"));
    EXPECT_THROW(refuse_overwriting(path("trees.geojson"), "trees", path("link.geojson"), "link"), Error);
    EXPECT_NO_THROW(refuse_overwriting(path("trees.geojson"), "trees", path("new.geojson"), "new"));
    EXPECT_NO_THROW(refuse_overwriting(path("trees.gpkg"), "trees_tree", path("trees.gpkg"), "zones")) << "another layer of the same GeoPackage";
    EXPECT_THROW(refuse_overwriting(path("trees.gpkg"), "zones", path("trees.gpkg"), "zones"), Error);
    EXPECT_THROW(refuse_overwriting(path("trees.gpkg"), "", path("trees.gpkg"), ""), Error);
}

TEST_F(OutTarget, is_no_declared_layer_of_a_city)
{
    base::RunContext run;
    catalogue::City::create(path("city.gpkg"), {.name = "A"}, run);
    EXPECT_THROW(refuse_layer_of_city(path("city.gpkg"), "trees_tree"), Error);
    EXPECT_NO_THROW(refuse_layer_of_city(path("city.gpkg"), "zones"));
    EXPECT_NO_THROW(refuse_layer_of_city(path("no.gpkg"), "trees_tree"));
    EXPECT_NO_THROW(refuse_layer_of_city(path("trees.geojson"), "trees_tree"));
}

TEST(Findings, with_damaged_bytes_are_json_all_the_same)
{
    const Finding finding{"V1", Severity::error, "", "t", 0, "", "f", "\xff\xfe", {"x", "y"}, {}, {}};
    EXPECT_NO_THROW(dumped(to_json(finding, Language::en)));
    EXPECT_EQ(count_errors({finding, finding}), 2);
}

}  // namespace stadtgdi::cli
