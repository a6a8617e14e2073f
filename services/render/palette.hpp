// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/render/map_spec.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace stadtgdi::render {

/// At most 256 colours (premultiplied ARGB), and the one that stands for each colour of a picture.
class Palette {
public:
    /// Of a picture that has at most 256 colours; nothing where it has more.
    static std::optional<Palette> exact(const Image& image);
    /// Of any picture: the colours are put into 256 boxes, cut where most pixels differ most (median cut), and averaged.
    static Palette reduced(const Image& image);

    std::uint8_t index(std::uint32_t colour) const;  ///< of a colour of the picture
    std::size_t size() const { return m_colours.size(); }
    std::uint32_t colour(std::size_t i) const { return m_colours[i]; }

private:
    struct Slot {
        std::uint32_t colour = 0;
        std::uint8_t index = 0;
        bool used = false;
    };
    explicit Palette(int bits) : m_shift(32 - bits), m_slots(std::size_t{1} << bits) {}
    /// The slot of a colour, or the free one where it belongs.
    std::size_t place(std::uint32_t colour) const;

    int m_shift;
    std::uint32_t m_mask = 0xffffffff;      // of colours that are told apart
    std::vector<Slot> m_slots;              // open addressing
    std::vector<std::uint32_t> m_colours;
};

}  // namespace stadtgdi::render
