// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/shape_raster.hpp>

#include <gtest/gtest.h>
#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QRgba64>

#include <random>

namespace stadtgdi::render {
namespace {

constexpr int width = 97, height = 61;

class Pictures : public testing::Test {
protected:
    Pictures() : m_ours(width, height, QImage::Format_ARGB32_Premultiplied), m_theirs(width, height, QImage::Format_ARGB32_Premultiplied)
    {
        for (QImage* picture : {&m_ours, &m_theirs})
            picture->fill(QColor(200, 220, 240, 200));
    }

    QPolygonF random_shape(bool closed)
    {
        const double size = std::vector{3.0, 12.0, 60.0, 900.0}[m_random() % 4];
        const QPointF centre(between(-20, width + 20), between(-20, height + 20));
        QPolygonF shape;
        for (unsigned left = 2 + m_random() % 8; left > 0; --left)
            shape << centre + QPointF(between(-size, size), m_random() % 4 == 0 ? 0.0 : between(-size, size));
        if (closed)
            shape << shape.front();
        return shape;
    }

    QColor random_colour() { return QColor(static_cast<int>(m_random() % 256), static_cast<int>(m_random() % 256), 90, m_random() % 2 == 0 ? 255 : static_cast<int>(m_random() % 256)); }
    double between(double low, double high) { return std::uniform_real_distribution<double>(low, high)(m_random); }
    static std::uint32_t premultiplied(const QColor& colour) { return colour.rgba64().premultiplied().toArgb32(); }
    static std::span<const PixelPoint> points(const QPolygonF& shape)
    {
        return {reinterpret_cast<const PixelPoint*>(shape.constData()), static_cast<std::size_t>(shape.size())};
    }
    ShapeRaster raster() { return {reinterpret_cast<std::uint32_t*>(m_ours.bits()), width, height}; }

    std::mt19937 m_random{4};
    QImage m_ours, m_theirs;
};

TEST_F(Pictures, FillHasThePixelsOfQPainter)
{
    for (int i = 0; i < 3000; ++i) {
        const QPolygonF shell = random_shape(true), hole = random_shape(true);
        const QColor colour = random_colour();
        const std::vector<std::span<const PixelPoint>> rings{points(shell), points(hole)};
        ASSERT_TRUE(raster().fill(rings, premultiplied(colour)));
        QPainter painter(&m_theirs);
        painter.setRenderHint(QPainter::Antialiasing);
        QPainterPath path;
        path.addPolygon(shell);
        path.addPolygon(hole);
        painter.fillPath(path, colour);
        painter.end();
        ASSERT_EQ(m_ours, m_theirs) << "shape " << i;
    }
}

TEST_F(Pictures, ThinLinesHaveThePixelsOfQPainter)
{
    for (int i = 0; i < 3000; ++i) {
        const QPolygonF line = random_shape(i % 2 == 0);
        const QColor colour = random_colour();
        QPen pen(colour);
        pen.setWidthF(std::vector{0.1, 0.5, 0.93, 1.0}[m_random() % 4]);
        pen.setCapStyle(i % 3 == 0 ? Qt::FlatCap : i % 3 == 1 ? Qt::SquareCap : Qt::RoundCap);
        const std::vector<std::span<const PixelPoint>> lines{points(line)};
        ASSERT_TRUE(raster().draw_thin(lines, pen.widthF(), premultiplied(colour), pen.capStyle() != Qt::FlatCap));
        QPainter painter(&m_theirs);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(pen);
        QPainterPath path;
        path.addPolygon(line);
        painter.drawPath(path);
        painter.end();
        ASSERT_EQ(m_ours, m_theirs) << "line " << i;
    }
}

TEST_F(Pictures, SpritesHaveThePixelsOfQPainter)
{
    for (int i = 0; i < 300; ++i) {
        QImage sprite(1 + static_cast<int>(m_random() % 20), 1 + static_cast<int>(m_random() % 20), QImage::Format_ARGB32_Premultiplied);
        for (int y = 0; y < sprite.height(); ++y)
            for (int x = 0; x < sprite.width(); ++x)
                sprite.setPixelColor(x, y, random_colour());
        const int left = static_cast<int>(between(-25, width + 5)), top = static_cast<int>(between(-25, height + 5));
        raster().lay(reinterpret_cast<const std::uint32_t*>(sprite.constBits()), sprite.width(), sprite.height(), left, top);
        QPainter(&m_theirs).drawImage(left, top, sprite);
        ASSERT_EQ(m_ours, m_theirs) << "sprite " << i;
    }
}

TEST_F(Pictures, AreaDecides)
{
    // Half of a pixel, hand-computed: 0.5 * 256 of the coverage, blended over white.
    QImage picture(2, 1, QImage::Format_ARGB32_Premultiplied);
    picture.fill(Qt::white);
    const QPolygonF square(QRectF(0.5, 0, 1, 1));
    const std::vector<std::span<const PixelPoint>> rings{points(square)};
    ShapeRaster(reinterpret_cast<std::uint32_t*>(picture.bits()), 2, 1).fill(rings, 0xff000000);
    EXPECT_EQ(qRed(picture.pixel(0, 0)), 127);
    EXPECT_EQ(qRed(picture.pixel(1, 0)), 127);
}

TEST_F(Pictures, WhatIsTooFarAwayIsLeftToOthers)
{
    const QPolygonF far(QRectF(0, 0, 9000, 10));
    const std::vector<std::span<const PixelPoint>> rings{points(far)};
    const QImage before = m_ours.copy();
    EXPECT_FALSE(raster().fill(rings, 0xff000000));
    EXPECT_FALSE(raster().draw_thin(rings, 1, 0xff000000, false));
    EXPECT_EQ(m_ours, before);
}

}  // namespace
}  // namespace stadtgdi::render
