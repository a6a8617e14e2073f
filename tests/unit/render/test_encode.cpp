// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/map_drawer.hpp>

#include <gtest/gtest.h>
#include <QBuffer>
#include <QImage>
#include <webp/decode.h>

#include <cmath>
#include <cstring>
#include <memory>
#include <random>
#include <set>

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

/// Like a map: areas of one colour with a few lines through them, or shaded terrain.
Image map_like(int width, int height, bool shaded)
{
    Image image{width, height, std::vector<std::uint8_t>(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            std::uint8_t* pixel = image.pixels.data() + 4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x));
            const double slope = 128 + 100 * std::sin(x / 31.0) * std::cos(y / 47.0 + x / 90.0);
            const auto value = static_cast<std::uint8_t>(shaded ? slope : (x / 40 + y / 30) % 5 * 50);
            const bool line = !shaded && (x * 3 + y * 7) % 201 < 3;
            pixel[0] = line ? static_cast<std::uint8_t>(x % 256) : value;
            pixel[1] = line ? static_cast<std::uint8_t>(y % 256) : static_cast<std::uint8_t>(value / 2 + 90);
            pixel[2] = line ? 40 : static_cast<std::uint8_t>(shaded ? 255 - value : 200 - value / 2);
            pixel[3] = 255;
        }
    return image;
}

TEST(Encode, PngIsHardlyBiggerThanThatOfQImage)
{
    for (const bool shaded : {false, true})
        for (const int width : {512, 2600}) {
            const Image image = map_like(width, width, shaded);
            QByteArray theirs;
            QBuffer buffer(&theirs);
            buffer.open(QIODevice::WriteOnly);
            const QImage picture = as_qimage(image).convertToFormat(QImage::Format_RGB32);
            picture.save(&buffer, "PNG");
            const std::string ours = encode(image, ImageFormat::png);
            EXPECT_LT(static_cast<double>(ours.size()), 1.1 * static_cast<double>(theirs.size())) << shaded << " " << width;
            EXPECT_EQ(decoded(ours, "PNG").convertToFormat(QImage::Format_RGB32), picture) << shaded << " " << width;
        }
}

TEST(Encode, Png8HasThePictureInAtMost256Colours)
{
    const auto colour_type = [](const std::string& png) { return static_cast<int>(png[25]); };
    const Image few = random_image(61, 37, 256, true);
    EXPECT_EQ(decoded(encode(few, ImageFormat::png8), "PNG"), decoded(encode(few, ImageFormat::png), "PNG"));
    const Image photo = random_image(700, 500, 300'000, true);
    EXPECT_EQ(colour_type(encode(photo, ImageFormat::png8)), 3);
    EXPECT_EQ(qAlpha(decoded(encode(photo, ImageFormat::png8), "PNG").pixel(3, 3)), 255);
    for (const bool shaded : {false, true}) {
        const Image image = map_like(300, 200, shaded);
        const std::string png = encode(image, ImageFormat::png8);
        EXPECT_EQ(colour_type(png), 3);
        const QImage read = decoded(png, "PNG"), whole = as_qimage(image);
        double difference = 0;
        std::set<QRgb> colours;
        for (int y = 0; y < image.height; ++y)
            for (int x = 0; x < image.width; ++x) {
                const QRgb a = read.pixel(x, y), b = whole.pixel(x, y);
                colours.insert(a);
                difference += std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b)) + std::abs(qBlue(a) - qBlue(b));
            }
        EXPECT_LE(colours.size(), 256U);
        EXPECT_LT(difference / (3.0 * image.width * image.height), 3.0) << shaded;
    }
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
