// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/content_coding.hpp>

#include <brotli/decode.h>
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

std::string from_brotli(const std::string& bytes)
{
    std::string out(1 << 20, '\0');
    std::size_t size = out.size();
    EXPECT_EQ(BrotliDecoderDecompress(bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()), &size, reinterpret_cast<std::uint8_t*>(out.data())), BROTLI_DECODER_RESULT_SUCCESS);
    out.resize(size);
    return out;
}
}  // namespace

TEST(ContentCoding, follows_the_weights)
{
    EXPECT_EQ(preferred_coding("", false), Coding::identity);
    EXPECT_EQ(preferred_coding("", true), Coding::identity);
    EXPECT_EQ(preferred_coding("gzip, deflate, br", true), Coding::brotli);
    EXPECT_EQ(preferred_coding("gzip, deflate, br", true, {4, 0}), Coding::gzip);
    EXPECT_EQ(preferred_coding("gzip, deflate, br", true, {0, 0}), Coding::identity);
    EXPECT_EQ(preferred_coding("gzip, br;q=0.9", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("gzip, br;q=0", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("BR;q=0.5, gzip;q=0.5", true), Coding::brotli);
    EXPECT_EQ(preferred_coding("GZIP;q=0.5", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("gzip;q=0", true), Coding::identity);
    EXPECT_EQ(preferred_coding("gzip;q=0.000", true), Coding::identity);
    EXPECT_EQ(preferred_coding("identity;q=1, gzip;q=0.5", true), Coding::identity);
    EXPECT_EQ(preferred_coding("identity;q=0.2, gzip;q=0.5", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("*", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("*;q=0, gzip", true), Coding::gzip);
    EXPECT_EQ(preferred_coding("br", true), Coding::brotli);
    EXPECT_EQ(preferred_coding("br;q=0.5, identity", true), Coding::identity);
    EXPECT_EQ(preferred_coding("*;q=0", true), std::nullopt);
    EXPECT_EQ(preferred_coding("identity;q=0, br", true), Coding::brotli);
    EXPECT_EQ(preferred_coding("identity;q=0, br", true, {4, 0}), std::nullopt);
    EXPECT_EQ(preferred_coding("gzip;q=nonsense", true), Coding::identity);
}

TEST(ContentCoding, what_went_in_comes_back_whole_and_in_pieces)
{
    std::mt19937 random(3);
    std::string bytes;
    while (bytes.size() < 300'000)
        bytes += std::to_string(random() % 1000) + ",";
    for (const Coding coding : {Coding::gzip, Coding::brotli}) {
        const auto plain = [coding](const std::string& text) { return coding == Coding::gzip ? gunzipped(text) : from_brotli(text); };
        EXPECT_EQ(plain(compressed(coding, bytes, {})), bytes);
        EXPECT_EQ(plain(compressed(coding, "", {})), "");
        const std::unique_ptr<Compressor> stream = compressor(coding, {1, 1});
        std::string pieces;
        for (std::size_t i = 0; i < bytes.size(); i += 7001)
            pieces += stream->add(std::string_view(bytes).substr(i, 7001), false);
        pieces += stream->add({}, true);
        EXPECT_EQ(plain(pieces), bytes);
        EXPECT_LT(pieces.size(), bytes.size() * 2 / 3);
    }
}

}  // namespace stadtgdi::http
