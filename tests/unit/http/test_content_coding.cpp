// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/content_coding.hpp>

#include <gtest/gtest.h>
#include <random>
#include <zlib.h>

namespace stadtgdi::http {

namespace {
std::string gunzipped(const std::string& bytes)
{
    z_stream zlib{};
    inflateInit2(&zlib, 15 + 16);
    zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    zlib.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    char buffer[4096];
    int result;
    do {
        zlib.next_out = reinterpret_cast<Bytef*>(buffer);
        zlib.avail_out = sizeof buffer;
        result = inflate(&zlib, Z_NO_FLUSH);
        out.append(buffer, sizeof buffer - zlib.avail_out);
    } while (result == Z_OK);
    inflateEnd(&zlib);
    EXPECT_EQ(result, Z_STREAM_END);
    return out;
}
}  // namespace

TEST(ContentCoding, follows_the_weights)
{
    EXPECT_EQ(preferred_coding("", false), Coding::identity);
    EXPECT_EQ(preferred_coding("", true), Coding::identity);
    EXPECT_EQ(preferred_coding("gzip, deflate, br", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("GZIP;q=0.5", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("gzip;q=0", true), Coding::identity);
    EXPECT_EQ(preferred_coding("gzip;q=0.000", true), Coding::identity);
    EXPECT_EQ(preferred_coding("identity;q=1, gzip;q=0.5", true), Coding::identity);
    EXPECT_EQ(preferred_coding("identity;q=0.2, gzip;q=0.5", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("*", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("*;q=0, gzip", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("br", true), Coding::identity);
    EXPECT_EQ(preferred_coding("*;q=0", true), std::nullopt);
    EXPECT_EQ(preferred_coding("identity;q=0, br", true), std::nullopt);
    EXPECT_EQ(preferred_coding("gzip;q=nonsense", true), Coding::identity);
}

TEST(ContentCoding, gzip_gives_back_what_went_in_whole_and_in_pieces)
{
    std::mt19937 random(3);
    std::string bytes;
    while (bytes.size() < 300'000)
        bytes += std::to_string(random() % 1000) + ",";
    EXPECT_EQ(gunzipped(gzip(bytes, 4)), bytes);
    EXPECT_EQ(gunzipped(gzip("", 4)), "");
    GzipStream stream(1);
    std::string compressed;
    for (std::size_t i = 0; i < bytes.size(); i += 7001)
        compressed += stream.add(std::string_view(bytes).substr(i, 7001), false);
    compressed += stream.add({}, true);
    EXPECT_EQ(gunzipped(compressed), bytes);
    EXPECT_LT(compressed.size(), bytes.size() * 2 / 3);
}

}  // namespace stadtgdi::http
