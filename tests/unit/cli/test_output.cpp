// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/exit_code.hpp>
#include <services/cli/findings.hpp>
#include <services/cli/output.hpp>

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
    EXPECT_EQ(text.str(), "rule,severity,file,layer,row,uuid,field,value,message,x,y\r\nV1,warning,\"a,b.csv\",trees_tree,0,u,name,\"say \"\"hi\"\"\nthere\",x,1.5,0.1\r\n");
    EXPECT_THROW(write_findings({}, "/nonexistent/findings.csv", Language::en), Error);
}

TEST(Findings, with_damaged_bytes_are_json_all_the_same)
{
    const Finding finding{"V1", Severity::error, "", "t", 0, "", "f", "\xff\xfe", {"x", "y"}, {}, {}};
    EXPECT_NO_THROW(dumped(to_json(finding, Language::en)));
    EXPECT_EQ(count_errors({finding, finding}), 2);
}

}  // namespace stadtgdi::cli
