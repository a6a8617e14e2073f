// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::render {

/// A symbol that a client describes (SLD), as plain values. Lengths in pixels of 0.28 mm, or in metres on the ground.
struct PlainSymbol {
    struct Stroke {
        std::uint32_t colour = 0xff000000;  ///< ARGB
        double width = 1;
        std::vector<double> dashes = {};    ///< dash, gap, dash, gap, ...
        double dash_offset = 0;
        enum class Cap { butt, round, square } cap = Cap::butt;
        enum class Join { miter, round, bevel } join = Join::miter;
        double offset = 0;                  ///< of the line, to its left
    };
    enum class Kind { marker, line, fill } kind = Kind::fill;
    std::string mark = "square";            ///< square, circle, triangle, star, cross, x
    double size = 6, rotation = 0;          ///< of the mark; degrees clockwise
    double dx = 0, dy = 0;                  ///< of the mark, to the right and down
    std::optional<std::uint32_t> fill = {}; ///< of mark or area, ARGB
    std::optional<Stroke> stroke = {};      ///< of line, mark or outline
    bool metres = false;
};

/// Drawn one upon the other.
using PlainSymbols = std::vector<PlainSymbol>;

/// A geometry that a client brings along, on top of the map.
struct Highlight {
    std::string wkt;                        ///< in the CRS of the map
    PlainSymbols symbols;                   ///< none: none is drawn
    std::string label;                      ///< as it stands
    std::string font;                       ///< family; empty: the system's
    double size_points = 12;
    bool bold = false;
    std::uint32_t colour = 0xff000000;
    std::uint32_t buffer_colour = 0xffffffff;
    double buffer_mm = 0;
    double rotation = 0;                    ///< degrees clockwise
    std::optional<double> distance_mm = {};
    std::string horizontal, vertical;       ///< left, center, right; top, cap, half, base, bottom; empty: QGIS places the label
};

}  // namespace stadtgdi::render
