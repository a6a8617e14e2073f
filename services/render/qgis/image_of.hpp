// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_spec.hpp>

#include <QImage>

#include <cstring>

namespace stadtgdi::render {

/// Of a QImage in Format_ARGB32_Premultiplied.
inline Image image_of(const QImage& picture)
{
    Image image;
    image.width = picture.width();
    image.height = picture.height();
    const std::size_t row = 4 * static_cast<std::size_t>(picture.width());
    image.pixels.resize(row * static_cast<std::size_t>(picture.height()));
    for (int y = 0; y < picture.height(); ++y)
        std::memcpy(image.pixels.data() + row * static_cast<std::size_t>(y), picture.constScanLine(y), row);
    return image;
}

inline Image empty_image(int width, int height)
{
    return {width, height, std::vector<std::uint8_t>(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
}

/// In the size that was asked for.
inline Image scaled_to(QImage picture, const MapSpec& spec)
{
    if (picture.width() != spec.width || picture.height() != spec.height)
        picture = picture.scaled(spec.width, spec.height, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
    if (picture.format() != QImage::Format_ARGB32_Premultiplied)
        picture = picture.convertToFormat(QImage::Format_ARGB32_Premultiplied);
    return image_of(picture);
}

/// Texts and symbols ask the device for it.
inline void set_resolution(QImage& picture, double dpi)
{
    picture.setDotsPerMeterX(static_cast<int>(1000 * dpi / 25.4));
    picture.setDotsPerMeterY(static_cast<int>(1000 * dpi / 25.4));
}

/// Over the same memory.
inline QImage image_over(Image& image, double dpi)
{
    QImage picture(image.pixels.data(), image.width, image.height, 4 * image.width, QImage::Format_ARGB32_Premultiplied);
    set_resolution(picture, dpi);
    return picture;
}

}  // namespace stadtgdi::render
