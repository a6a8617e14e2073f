// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/qgis/text_picture.hpp>

#include <services/render/qgis/image_of.hpp>

#include <QColor>
#include <QImage>
#include <QPainter>
#include <QTextLayout>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace stadtgdi::render {

namespace {

/// Which of both has the greater contrast, by the relative luminance of WCAG.
QColor ink_on(const QColor& ground)
{
    const auto linear = [](double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); };
    const double luminance = 0.2126 * linear(ground.redF()) + 0.7152 * linear(ground.greenF()) + 0.0722 * linear(ground.blueF());
    return luminance > 0.179 ? QColor(Qt::black) : QColor(Qt::white);
}

/// Lines between words, within a word where it is longer than a line; the height of all.
double lay_out(QTextLayout& layout, double width)
{
    QTextOption option(Qt::AlignLeft);
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    double height = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        line.setPosition({0, height});
        height += line.height();
    }
    layout.endLayout();
    return height;
}

}  // namespace

Image text_picture(const QString& text, int width, int height, bool transparent, std::uint32_t background)
{
    constexpr int largest = 12, smallest = 7;  // pixels
    const int margin = std::clamp(std::min(width, height) / 10, 1, 4);
    const QSizeF room(std::max(1, width - 2 * margin), std::max(1, height - 2 * margin));
    QImage picture(width, height, QImage::Format_ARGB32_Premultiplied);
    picture.fill(transparent ? QColor(Qt::transparent) : QColor::fromRgba(background));
    QPainter painter(&picture);
    QTextLayout layout(text, painter.font(), &picture);
    for (int size = largest; size >= smallest; --size) {
        QFont font = painter.font();
        font.setPixelSize(size);
        layout.setFont(font);
        if (lay_out(layout, room.width()) <= room.height())
            break;
    }
    if (transparent) {
        painter.setPen(Qt::white);
        for (const int dx : {-1, 0, 1})
            for (const int dy : {-1, 0, 1})
                layout.draw(&painter, QPointF(margin + dx, margin + dy));
    }
    painter.setPen(transparent ? QColor(Qt::black) : ink_on(QColor::fromRgba(background)));
    layout.draw(&painter, QPointF(margin, margin));
    painter.end();
    return image_of(picture);
}

}  // namespace stadtgdi::render
