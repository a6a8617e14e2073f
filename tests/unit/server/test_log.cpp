// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/access_log.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

namespace stadtgdi::server {

TEST(Log, shortens_addresses)
{
    EXPECT_EQ(shortened_address("192.0.2.217"), "192.0.2.0");
    EXPECT_EQ(shortened_address("2001:db8:1234:5678:9abc:def0:1234:5678"), "2001:db8:1234::");
    EXPECT_EQ(shortened_address("nonsense"), "-");
}

TEST(Log, leaves_out_keys_and_what_tells_about_people)
{
    http::Request request;
    request.path = "/leipzig/ows";
    request.parameters = {{"SERVICE", "WFS"}, {"Layers", "a b"}, {"BBOX", "1,2,3,4"}, {"api_key", "geheim"}, {"FILTER", "name = 'Meier'"}};
    EXPECT_EQ(logged_target(request, LoggedQuery::main), "/leipzig/ows?SERVICE=WFS&Layers=a%20b");
    EXPECT_EQ(logged_target(request, LoggedQuery::none), "/leipzig/ows");
    const std::string full = logged_target(request, LoggedQuery::full);
    EXPECT_NE(full.find("Meier"), std::string::npos);
    EXPECT_EQ(full.find("geheim"), std::string::npos);
}

TEST(Log, no_request_can_forge_a_line)
{
    const auto folder = std::filesystem::temp_directory_path() / ("stadtgdi_log_" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    LogSettings settings;
    settings.file = (folder / "access.log").string();
    {
        Log log(settings);
        http::Request request;
        request.method = "GET";
        request.remote = "192.0.2.217";
        request.path = "/a\nerror forged";
        log.answer({request, 404, 12, std::chrono::microseconds(1500), true});
        log.info("x\r\ny");
    }
    std::string all;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        std::ostringstream text;
        text << std::ifstream(file.path()).rdbuf();
        all += text.str();
    }
    std::filesystem::remove_all(folder);
    EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 2);
    EXPECT_NE(all.find("192.0.2.0 GET /a\\x0aerror forged 404 12 bytes 1.5 ms"), std::string::npos) << all;
}

}  // namespace stadtgdi::server
