// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/map_drawer.hpp>

#include <gtest/gtest.h>
#include <QBuffer>
#include <QImage>
#include <QPainter>
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

/// Discs with soft edges and lines on one colour, as maps of points and borders have them; `shapes` of them.
Image scattered(int width, int height, int shapes, bool opaque, unsigned seed)
{
    QImage picture(width, height, QImage::Format_ARGB32_Premultiplied);
    picture.fill(opaque ? Qt::white : Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    std::mt19937 random(seed);
    const auto at = [&](int most) { return static_cast<double>(random() % 1000) / 1000 * most; };
    for (int i = 0; i < shapes; ++i) {
        const QColor colour = QColor::fromHsv(static_cast<int>(random() % 6) * 60, 160, 200);
        painter.setPen(colour.darker());
        painter.setBrush(colour);
        if (i % 3 == 0)
            painter.drawLine(QPointF(at(width), at(height)), QPointF(at(width), at(height)));
        else
            painter.drawEllipse(QPointF(at(width), at(height)), 4 + at(9), 4 + at(9));
    }
    painter.end();
    return {width, height, std::vector<std::uint8_t>(picture.constBits(), picture.constBits() + picture.sizeInBytes())};
}

TEST(Encode, MapsReadBackAsTheyWereAndAreHardlyBiggerThanThoseOfQImage)
{
    for (const bool opaque : {true, false})
        for (const int shapes : {0, 1, 40, 900})
            for (const auto& [width, height] : {std::pair(512, 512), std::pair(1, 700), std::pair(701, 1), std::pair(2, 3), std::pair(259, 87), std::pair(2400, 1300)}) {
                const Image image = scattered(width, height, shapes, opaque, static_cast<unsigned>(shapes + width));
                const std::string ours = encode(image, ImageFormat::png);
                const QImage picture = as_qimage(image), read = decoded(ours, "PNG");
                ASSERT_EQ(read.size(), picture.size());
                // Straight colours that are not quite opaque are rounded; premultiplied again they are the same.
                ASSERT_EQ(read.convertToFormat(QImage::Format_ARGB32_Premultiplied), picture.convertToFormat(QImage::Format_ARGB32_Premultiplied)) << shapes << " " << width;
                if (width < 512 || height < 512)
                    continue;  // a few hundred bytes decide nothing
                QByteArray theirs;
                QBuffer buffer(&theirs);
                buffer.open(QIODevice::WriteOnly);
                (opaque ? picture.convertToFormat(QImage::Format_RGB32) : picture).save(&buffer, "PNG");
                EXPECT_LT(static_cast<double>(ours.size()), 1.1 * static_cast<double>(theirs.size())) << shapes << " " << width << " " << opaque;
            }
}

/// Every symbol of a length and a distance: runs and repeated rows of every length, random ones too.
TEST(Encode, RunsOfEveryLengthReadBackAsTheyWere)
{
    std::mt19937 random(11);
    for (const int colours : {3, 300, 100000}) {
        const int width = 3000, height = 60;
        Image image{width, height, std::vector<std::uint8_t>(4 * static_cast<std::size_t>(width) * height)};
        std::vector<std::uint32_t> pixels(static_cast<std::size_t>(width) * height);
        std::size_t at = 0;
        for (std::size_t length = 1; at < pixels.size(); length = length % 400 + 1) {
            if (length % 7 == 0 && at > 20000) {  // as it was before, anywhere
                const std::size_t from = at - 1 - random() % 15000;
                for (std::size_t i = 0; i < length && at < pixels.size(); ++i, ++at)
                    pixels[at] = pixels[from + i];
                continue;
            }
            const std::uint32_t colour = 0xff000000 | static_cast<std::uint32_t>(random() % static_cast<unsigned>(colours)) * 167;
            for (std::size_t i = 0; i < length && at < pixels.size(); ++i, ++at)
                pixels[at] = colour;
        }
        std::memcpy(image.pixels.data(), pixels.data(), image.pixels.size());
        EXPECT_EQ(decoded(encode(image, ImageFormat::png), "PNG"), as_qimage(image)) << colours;
    }
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
