// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/png.hpp>

#include <layers/base/error.hpp>
#include <layers/base/parallel_for.hpp>
#include <services/render/equal_pixels.hpp>
#include <services/render/flat_deflate.hpp>
#include <services/render/palette.hpp>

#include <libdeflate.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

namespace stadtgdi::render {

namespace {

constexpr int compression = 1;                        // of libdeflate
constexpr int compression_of_pieces = 3;              // of zlib
constexpr std::size_t large = std::size_t{8} << 20;  // bytes, from which several threads are worth it

struct Rgba {
    std::uint8_t r, g, b, a;
};

/// Premultiplied B, G, R, A to straight R, G, B, A, rounded as QImage does when it converts.
Rgba straight(const std::uint8_t* p)
{
    const unsigned a = p[3];
    if (a == 255)
        return {p[2], p[1], p[0], 255};
    if (a == 0)
        return {0, 0, 0, 0};
    const auto divided = [a](unsigned value) { return static_cast<std::uint8_t>(std::min(255U, (value * 255U + a / 2U) / a)); };
    return {divided(p[2]), divided(p[1]), divided(p[0]), static_cast<std::uint8_t>(a)};
}

Error no_memory()
{
    return {ErrorKind::internal, {"No memory for the PNG encoder.", "Kein Speicher für das Schreiben von PNG."}};
}

void append_number(std::string& out, std::uint32_t value)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>(value >> shift & 0xff));
}

void append_chunk(std::string& out, const char (&type)[5], const char* data, std::size_t size)
{
    append_number(out, static_cast<std::uint32_t>(size));
    const std::size_t start = out.size();
    out.append(type, 4);
    out.append(data, size);
    append_number(out, libdeflate_crc32(0, out.data() + start, size + 4));
}

/// Not set to zero first.
struct Bytes {
    std::unique_ptr<std::uint8_t[]> data;
    std::size_t size = 0;
};

struct Look {
    bool opaque = true;
    bool flat = false;  ///< runs of one colour, as maps have them and photos and shaded terrain have not
};

Look look_at(const Image& image)
{
    const auto* pixels = reinterpret_cast<const std::uint32_t*>(image.pixels.data());
    const std::size_t count = image.pixels.size() / 4;
    std::uint32_t all = count > 0 ? pixels[0] : 0xffffffff, same = 0;
    for (std::size_t i = 1; i < count; ++i) {
        all &= pixels[i];
        same += pixels[i] == pixels[i - 1] ? 1 : 0;
    }
    return {all >= 0xff000000, same * 3 > count};
}

/// Rows with a filter byte each: palettes and flat maps without a filter, others by the difference to the left ("Sub").
Bytes filtered_rows(const Image& image, int channels, const Palette* palette, bool flat)
{
    const std::size_t width = static_cast<std::size_t>(image.width);
    const std::size_t height = static_cast<std::size_t>(image.height);
    const std::size_t stride = 1 + width * static_cast<std::size_t>(channels);
    Bytes rows{std::make_unique_for_overwrite<std::uint8_t[]>(stride * height + 2), stride * height};
    for (std::size_t y = 0; y < height; ++y) {
        const std::uint8_t* in = image.pixels.data() + 4 * width * y;
        std::uint8_t* out = rows.data.get() + stride * y;
        if (palette != nullptr) {
            *out++ = 0;
            const auto* pixels = reinterpret_cast<const std::uint32_t*>(in);
            for (std::size_t x = 0; x < width;) {
                const std::size_t run = 1 + equal_pixels(pixels + x + 1, pixels + x, width - x - 1);
                std::memset(out + x, palette->index(pixels[x]), run);
                x += run;
            }
            continue;
        }
        if (flat && channels == 3) {
            *out++ = 0;
            const auto turned = [](const std::uint8_t* pixel) {
                std::uint32_t bgra;
                std::memcpy(&bgra, pixel, 4);
                return std::uint64_t{__builtin_bswap32(bgra) >> 8};
            };
            std::size_t x = 0;
            for (; x + 2 <= width; x += 2, in += 8, out += 6) {  // the last two bytes are written over by what comes next
                const std::uint64_t two = turned(in) | turned(in + 4) << 24;
                std::memcpy(out, &two, 8);
            }
            if (x < width) {
                const std::uint64_t one = turned(in);
                std::memcpy(out, &one, 3);
            }
            continue;
        }
        *out++ = flat ? 0 : 1;
        Rgba left{0, 0, 0, 0};
        for (std::size_t x = 0; x < width; ++x, in += 4, out += channels) {
            const Rgba here = straight(in);
            out[0] = static_cast<std::uint8_t>(here.r - left.r);
            out[1] = static_cast<std::uint8_t>(here.g - left.g);
            out[2] = static_cast<std::uint8_t>(here.b - left.b);
            if (channels == 4)
                out[3] = static_cast<std::uint8_t>(here.a - left.a);
            if (!flat)
                left = here;
        }
    }
    return rows;
}

std::string zlib_compressed(const Bytes& data)
{
    const std::unique_ptr<libdeflate_compressor, void (*)(libdeflate_compressor*)> compressor(libdeflate_alloc_compressor(compression),
                                                                                             libdeflate_free_compressor);
    if (!compressor)
        throw no_memory();
    std::string out(libdeflate_zlib_compress_bound(compressor.get(), data.size), '\0');
    out.resize(libdeflate_zlib_compress(compressor.get(), data.data.get(), data.size, out.data(), out.size()));
    return out;
}

/// One piece of a stream that is compressed in pieces; it may look back into the piece before.
std::string deflated_piece(const Bytes& data, std::size_t begin, std::size_t end)
{
    z_stream stream{};
    if (deflateInit2(&stream, compression_of_pieces, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        throw no_memory();
    const std::unique_ptr<z_stream, int (*)(z_stream*)> owner(&stream, deflateEnd);
    const std::size_t before = std::min<std::size_t>(begin, std::size_t{1} << MAX_WBITS);
    if (before > 0)
        deflateSetDictionary(&stream, data.data.get() + begin - before, static_cast<uInt>(before));
    std::string out(deflateBound(&stream, static_cast<uLong>(end - begin)) + 16, '\0');
    stream.next_in = const_cast<Bytef*>(data.data.get() + begin);  // zlib does not write there
    stream.avail_in = static_cast<uInt>(end - begin);
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, end == data.size ? Z_FINISH : Z_SYNC_FLUSH);
    out.resize(out.size() - stream.avail_out);
    return out;
}

/// By zlib in pieces, on several threads: libdeflate cannot go on where it ended.
std::string zlib_compressed_in_pieces(const Bytes& data)
{
    constexpr std::size_t piece = std::size_t{2} << 20;
    const std::size_t count = (data.size + piece - 1) / piece;
    std::vector<std::string> pieces(count);
    std::vector<std::uint32_t> sums(count);
    base::RunContext run;
    base::parallel_for(run, count, 1, [&](std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) {
            const std::size_t begin = i * piece, end = std::min(data.size, begin + piece);
            pieces[i] = deflated_piece(data, begin, end);
            sums[i] = libdeflate_adler32(1, data.data.get() + begin, end - begin);
        }
    });
    std::string out("\x78\x01", 2);
    std::uint32_t sum = 1;
    for (std::size_t i = 0; i < count; ++i) {
        out += pieces[i];
        sum = static_cast<std::uint32_t>(adler32_combine(sum, sums[i], static_cast<z_off_t>(std::min(piece, data.size - i * piece))));
    }
    append_number(out, sum);
    return out;
}

}  // namespace

std::string encode_png(const Image& image, bool few_colours)
{
    std::optional<Palette> palette = Palette::exact(image);
    if (!palette && few_colours)
        palette = Palette::reduced(image);
    const Look look = look_at(image);
    const bool solid = look.opaque, flat = palette || look.flat;
    const int channels = palette ? 1 : solid ? 3 : 4;
    const Bytes rows = filtered_rows(image, channels, palette ? &*palette : nullptr, flat);
    const std::string data = look.flat ? deflate_flat({reinterpret_cast<const std::uint32_t*>(image.pixels.data()), rows.data.get(), static_cast<std::size_t>(image.width),
                                                       static_cast<std::size_t>(image.height), static_cast<std::size_t>(channels)})
                             : rows.size < large ? zlib_compressed(rows)
                                                 : zlib_compressed_in_pieces(rows);

    std::string png("\x89PNG\r\n\x1a\n", 8);
    png.reserve(data.size() + 2048);
    std::string header;
    append_number(header, static_cast<std::uint32_t>(image.width));
    append_number(header, static_cast<std::uint32_t>(image.height));
    const char colour_type = palette ? 3 : solid ? 2 : 6;
    header.append({8, colour_type, 0, 0, 0});
    append_chunk(png, "IHDR", header.data(), header.size());
    if (palette) {
        std::string colours, alphas;
        for (std::size_t i = 0; i < palette->size(); ++i) {
            const std::uint32_t colour = palette->colour(i);
            std::array<std::uint8_t, 4> bytes;
            std::memcpy(bytes.data(), &colour, 4);
            const Rgba c = straight(bytes.data());
            colours.append({static_cast<char>(c.r), static_cast<char>(c.g), static_cast<char>(c.b)});
            alphas.push_back(static_cast<char>(c.a));
        }
        append_chunk(png, "PLTE", colours.data(), colours.size());
        if (!solid)
            append_chunk(png, "tRNS", alphas.data(), alphas.size());
    }
    append_chunk(png, "IDAT", data.data(), data.size());
    append_chunk(png, "IEND", "", 0);
    return png;
}

}  // namespace stadtgdi::render
