// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/map_drawer.hpp>
#include <services/render/png.hpp>

#include <layers/base/error.hpp>

#include <webp/encode.h>

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <jpeglib.h>

namespace stadtgdi::render {

namespace {

[[noreturn]] void failed(const char* format)
{
    throw Error(ErrorKind::internal, base::filled({"The picture could not be written as {0}.", "Das Bild ließ sich nicht als {0} schreiben."},
                                                  std::string(format)));
}

struct JpegError {
    jpeg_error_mgr manager;
    std::jmp_buf back;
};

/// libjpeg reports errors by a jump, so nothing with a destructor may live in here.
bool compress_jpeg(const Image& image, int quality, unsigned char** bytes, unsigned long* size, std::vector<std::uint8_t>& row)
{
    jpeg_compress_struct jpeg{};
    JpegError error{};
    jpeg.err = jpeg_std_error(&error.manager);
    error.manager.error_exit = [](j_common_ptr info) { std::longjmp(reinterpret_cast<JpegError*>(info->err)->back, 1); };
    error.manager.output_message = [](j_common_ptr) {};
    if (setjmp(error.back) != 0) {
        jpeg_destroy_compress(&jpeg);
        return false;
    }
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, bytes, size);
    jpeg.image_width = static_cast<JDIMENSION>(image.width);
    jpeg.image_height = static_cast<JDIMENSION>(image.height);
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* in = image.pixels.data() + 4 * static_cast<std::size_t>(image.width) * static_cast<std::size_t>(y);
        for (int x = 0; x < image.width; ++x, in += 4) {
            // JPEG has no transparency: what shines through is white. The colours are premultiplied.
            const int white = 255 - in[3];
            std::uint8_t* out = row.data() + 3 * x;
            out[0] = static_cast<std::uint8_t>(in[2] + white);
            out[1] = static_cast<std::uint8_t>(in[1] + white);
            out[2] = static_cast<std::uint8_t>(in[0] + white);
        }
        JSAMPROW rows[1] = {row.data()};
        jpeg_write_scanlines(&jpeg, rows, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    return true;
}

std::string encode_jpeg(const Image& image, int quality)
{
    std::vector<std::uint8_t> row(3 * static_cast<std::size_t>(image.width));
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const bool done = compress_jpeg(image, quality, &bytes, &size, row);
    const std::unique_ptr<unsigned char, void (*)(void*)> owner(bytes, std::free);
    if (!done)
        failed("JPEG");
    return {reinterpret_cast<const char*>(bytes), size};
}

std::string encode_webp(const Image& image, int quality)
{
    // WebP wants straight colours.
    std::vector<std::uint8_t> straight = image.pixels;
    for (std::size_t i = 0; i < straight.size(); i += 4) {
        const unsigned a = straight[i + 3];
        if (a == 0 || a == 255)
            continue;
        for (std::size_t c = 0; c < 3; ++c)
            straight[i + c] = static_cast<std::uint8_t>(std::min(255U, (straight[i + c] * 255U + a / 2U) / a));
    }
    std::uint8_t* bytes = nullptr;
    const int stride = 4 * image.width;
    const std::size_t size = quality >= 100 ? WebPEncodeLosslessBGRA(straight.data(), image.width, image.height, stride, &bytes)
                                            : WebPEncodeBGRA(straight.data(), image.width, image.height, stride, static_cast<float>(quality), &bytes);
    const std::unique_ptr<std::uint8_t, void (*)(void*)> owner(bytes, WebPFree);
    if (size == 0)
        failed("WebP");
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

std::string encode(const Image& image, ImageFormat format, int quality)
{
    switch (format) {
    case ImageFormat::png: return encode_png(image);
    case ImageFormat::png8: return encode_png(image, true);
    case ImageFormat::jpeg: return encode_jpeg(image, quality < 0 ? 85 : quality);
    case ImageFormat::webp: return encode_webp(image, quality < 0 ? 85 : quality);
    }
    failed("?");
}

Image cut_out(const Image& picture, int left, int top, int width, int height)
{
    const std::size_t line = std::size_t{4} * static_cast<std::size_t>(width);
    Image part{width, height, std::vector<std::uint8_t>(line * static_cast<std::size_t>(height))};
    for (int y = 0; y < height; ++y)
        std::memcpy(part.pixels.data() + line * static_cast<std::size_t>(y),
                    picture.pixels.data() + 4 * (static_cast<std::size_t>(top + y) * static_cast<std::size_t>(picture.width) + static_cast<std::size_t>(left)), line);
    return part;
}

std::string mime_type(ImageFormat format)
{
    switch (format) {
    case ImageFormat::png:
    case ImageFormat::png8: return "image/png";
    case ImageFormat::jpeg: return "image/jpeg";
    case ImageFormat::webp: return "image/webp";
    }
    return "application/octet-stream";
}

}  // namespace stadtgdi::render
