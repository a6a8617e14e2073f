// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/palette.hpp>

#include <services/render/equal_pixels.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <unordered_map>

namespace stadtgdi::render {

namespace {

constexpr std::size_t most = 256, most_counted = 1 << 16;

template <class F> bool each_run(const Image& image, F&& work)
{
    const auto* pixels = reinterpret_cast<const std::uint32_t*>(image.pixels.data());
    const std::size_t count = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    for (std::size_t i = 0; i < count;) {
        const std::size_t run = 1 + equal_pixels(pixels + i + 1, pixels + i, count - i - 1);
        if (!work(pixels[i], run))
            return false;
        i += run;
    }
    return true;
}

struct Counted {
    std::uint32_t colour;
    std::size_t pixels;
    int channel(int which) const { return static_cast<int>(colour >> (8 * which) & 255); }
};

struct CutBox {
    std::size_t begin, end;  // of the colours
    std::size_t pixels = 0;
    int channel = 0, length = 0;  // the longest side

    CutBox(const std::vector<Counted>& colours, std::size_t first, std::size_t last) : begin(first), end(last)
    {
        for (std::size_t i = begin; i < end; ++i)
            pixels += colours[i].pixels;
        for (int which = 0; which < 4; ++which) {
            int low = 255, high = 0;
            for (std::size_t i = begin; i < end; ++i) {
                low = std::min(low, colours[i].channel(which));
                high = std::max(high, colours[i].channel(which));
            }
            if (high - low > length) {
                length = high - low;
                channel = which;
            }
        }
    }
    /// Many pixels far apart are cut first.
    double weight() const { return static_cast<double>(pixels) * length; }
};

std::uint32_t average(const std::vector<Counted>& colours, const CutBox& box)
{
    std::array<double, 4> sums{};
    for (std::size_t i = box.begin; i < box.end; ++i)
        for (int which = 0; which < 4; ++which)
            sums[static_cast<std::size_t>(which)] += static_cast<double>(colours[i].channel(which)) * static_cast<double>(colours[i].pixels);
    std::uint32_t colour = 0;
    for (int which = 0; which < 4; ++which)
        colour |= static_cast<std::uint32_t>(sums[static_cast<std::size_t>(which)] / static_cast<double>(box.pixels) + 0.5) << (8 * which);
    return colour;
}

}  // namespace

std::size_t Palette::place(std::uint32_t colour) const
{
    std::size_t slot = colour * 2654435761U >> m_shift;
    while (m_slots[slot].used && m_slots[slot].colour != colour)
        slot = (slot + 1) % m_slots.size();
    return slot;
}

std::uint8_t Palette::index(std::uint32_t colour) const
{
    return m_slots[place(colour & m_mask)].index;
}

std::optional<Palette> Palette::exact(const Image& image)
{
    Palette palette(10);
    const bool fits = each_run(image, [&palette](std::uint32_t colour, std::size_t) {
        Slot& slot = palette.m_slots[palette.place(colour)];
        if (slot.used)
            return true;
        if (palette.m_colours.size() == most)
            return false;
        slot = {colour, static_cast<std::uint8_t>(palette.m_colours.size()), true};
        palette.m_colours.push_back(colour);
        return true;
    });
    return fits ? std::optional(std::move(palette)) : std::nullopt;
}

Palette Palette::reduced(const Image& image)
{
    std::unordered_map<std::uint32_t, std::size_t> counts;
    std::uint32_t mask = 0xffffffff;
    const auto count_all = [&] {
        return each_run(image, [&](std::uint32_t colour, std::size_t pixels) {
            counts[colour & mask] += pixels;
            return counts.size() <= most_counted;
        });
    };
    // Photos: neighbouring colours are counted as one.
    for (const std::uint32_t coarser : {0xffffffffU, 0xfcfcfcfcU, 0xf8f8f8f8U, 0xf0f0f0f0U}) {
        counts.clear();
        mask = coarser;
        if (count_all())
            break;
    }
    std::vector<Counted> colours;
    colours.reserve(counts.size());
    for (const auto& [colour, pixels] : counts)
        colours.push_back({colour, pixels});
    std::sort(colours.begin(), colours.end(), [](const Counted& a, const Counted& b) { return a.colour < b.colour; });
    std::vector<CutBox> boxes;
    if (!colours.empty())
        boxes.emplace_back(colours, 0, colours.size());
    while (boxes.size() < most) {
        const auto widest = std::max_element(boxes.begin(), boxes.end(), [](const CutBox& a, const CutBox& b) { return a.weight() < b.weight(); });
        if (widest == boxes.end() || widest->length == 0)
            break;
        const CutBox box = *widest;
        const auto first = colours.begin() + static_cast<std::ptrdiff_t>(box.begin), last = colours.begin() + static_cast<std::ptrdiff_t>(box.end);
        std::sort(first, last, [&](const Counted& a, const Counted& b) { return std::pair(a.channel(box.channel), a.colour) < std::pair(b.channel(box.channel), b.colour); });
        std::size_t half = 0, cut = box.begin;
        while (cut + 1 < box.end && (half += colours[cut].pixels) * 2 < box.pixels)
            ++cut;
        cut = std::clamp(cut + 1, box.begin + 1, box.end - 1);
        *widest = CutBox(colours, box.begin, cut);
        boxes.emplace_back(colours, cut, box.end);
    }
    const std::uint32_t middle = ~mask >> 1 & ~mask;  // of the colours counted as one
    Palette palette(std::max(10, static_cast<int>(std::bit_width(2 * colours.size()))));
    for (const CutBox& box : boxes) {
        for (std::size_t i = box.begin; i < box.end; ++i)
            palette.m_slots[palette.place(colours[i].colour)] = {colours[i].colour, static_cast<std::uint8_t>(palette.m_colours.size()), true};
        const std::uint32_t colour = average(colours, box);
        const std::uint32_t raised = colour | middle, opaque = (mask | middle) >> 24;
        if (mask == 0xffffffff || colour >> 24 == 0)
            palette.m_colours.push_back(colour);
        else  // opaque stays opaque
            palette.m_colours.push_back(raised >> 24 == opaque ? raised | 0xff000000 : raised);
    }
    palette.m_mask = mask;
    return palette;
}

}  // namespace stadtgdi::render
