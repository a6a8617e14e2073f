// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/map_drawer.hpp>

#include <gtest/gtest.h>
#include <QImage>
#include <webp/decode.h>

#include <cstring>
#include <memory>
#include <random>

namespace stadtgdi::render {
namespace {

Image random_image(int width, int height, int colours, bool opaque)
{
    std::mt19937 random(7);
    std::vector<std::uint32_t> palette;
    for (int i = 0; i < colours; ++i) {
        const std::uint32_t a = opaque ? 255 : random() % 256;
        const auto part = [&] { return a == 0 ? 0U : static_cast<std::uint32_t>(random() % (a + 1)); };
        palette.push_back(a << 24 | part() << 16 | part() << 8 | part());
    }
    Image image{width, height, std::vector<std::uint8_t>(4 * static_cast<std::size_t>(width * height))};
    for (std::size_t i = 0; i < static_cast<std::size_t>(width * height); ++i) {
        const std::uint32_t colour = palette[random() % palette.size()];
        std::memcpy(image.pixels.data() + 4 * i, &colour, 4);
    }
    return image;
}

QImage decoded(const std::string& bytes, const char* format)
{
    return QImage::fromData(reinterpret_cast<const uchar*>(bytes.data()), static_cast<int>(bytes.size()), format).convertToFormat(QImage::Format_ARGB32);
}

QImage as_qimage(const Image& image)
{
    return QImage(image.pixels.data(), image.width, image.height, 4 * image.width, QImage::Format_ARGB32_Premultiplied).convertToFormat(QImage::Format_ARGB32);
}

TEST(Encode, PngReadsBackAsItWas)
{
    for (const int colours : {1, 2, 255, 256, 257, 5000})
        for (const bool opaque : {true, false}) {
            const Image image = random_image(61, 37, colours, opaque);
            const QImage read = decoded(encode(image, ImageFormat::png), "PNG");
            const QImage expected = as_qimage(image);
            ASSERT_EQ(read.size(), expected.size());
            for (int y = 0; y < image.height; ++y)
                for (int x = 0; x < image.width; ++x) {
                    const QRgb a = read.pixel(x, y), b = expected.pixel(x, y);
                    // Colours of nearly transparent pixels are rounded differently by at most one step.
                    ASSERT_EQ(qAlpha(a), qAlpha(b));
                    ASSERT_NEAR(qRed(a), qRed(b), opaque ? 0 : 1) << qAlpha(a);
                    ASSERT_NEAR(qGreen(a), qGreen(b), opaque ? 0 : 1);
                    ASSERT_NEAR(qBlue(a), qBlue(b), opaque ? 0 : 1);
                }
        }
}

TEST(Encode, PngHasAlphaOnlyWhereItIsNeeded)
{
    const auto colour_type = [](const std::string& png) { return static_cast<int>(png[25]); };
    EXPECT_EQ(colour_type(encode(random_image(20, 20, 5, true), ImageFormat::png)), 3);      // palette
    EXPECT_EQ(colour_type(encode(random_image(60, 60, 3000, true), ImageFormat::png)), 2);   // RGB
    EXPECT_EQ(colour_type(encode(random_image(60, 60, 3000, false), ImageFormat::png)), 6);  // RGBA
}

TEST(Encode, JpegAndWebpHaveTheSizeAndTheColour)
{
    Image image{16, 8, {}};
    for (int i = 0; i < 16 * 8; ++i)
        image.pixels.insert(image.pixels.end(), {30, 120, 220, 255});
    const QImage jpeg = decoded(encode(image, ImageFormat::jpeg, 95), "JPEG");
    ASSERT_EQ(jpeg.size(), QSize(16, 8));
    EXPECT_NEAR(qRed(jpeg.pixel(8, 4)), 220, 6);
    EXPECT_NEAR(qBlue(jpeg.pixel(8, 4)), 30, 6);

    // Not every Qt reads WebP.
    const std::string webp = encode(image, ImageFormat::webp, 95);
    int width = 0, height = 0;
    const std::unique_ptr<std::uint8_t, void (*)(void*)> pixels(
        WebPDecodeRGBA(reinterpret_cast<const std::uint8_t*>(webp.data()), webp.size(), &width, &height), WebPFree);
    ASSERT_NE(pixels, nullptr);
    ASSERT_EQ(QSize(width, height), QSize(16, 8));
    const std::uint8_t* middle = pixels.get() + 4 * (4 * 16 + 8);
    EXPECT_NEAR(middle[0], 220, 6);
    EXPECT_NEAR(middle[2], 30, 6);
}

TEST(Encode, JpegShowsWhiteWhereNothingIs)
{
    const Image image{8, 8, std::vector<std::uint8_t>(256, 0)};
    EXPECT_GT(qGreen(decoded(encode(image, ImageFormat::jpeg), "JPEG").pixel(4, 4)), 250);
}

}  // namespace
}  // namespace stadtgdi::render
