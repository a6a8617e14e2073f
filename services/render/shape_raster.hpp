// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace stadtgdi::render {

struct PixelPoint {
    double x, y;
};

/// Fills polygons and draws thin lines, antialiased, with the very pixels of QPainter on a raster image, several times faster for small
/// shapes: coverage is the exact area in units of 1/256 pixel, lines of at most one pixel are weighted by the distance to two pixels.
class ShapeRaster {
public:
    /// `pixels`: premultiplied ARGB, rows without gaps.
    ShapeRaster(std::uint32_t* pixels, int width, int height) : m_pixels(pixels), m_width(width), m_height(height) {}

    /// By the odd-even rule, all rings together. False, and nothing is drawn, where a coordinate is too far away to calculate with.
    bool fill(std::span<const std::span<const PixelPoint>> rings, std::uint32_t colour);

    /// `width`: at most one pixel; thinner lines are fainter. `caps`: half a pixel is added at both ends of an open line. False as fill().
    bool draw_thin(std::span<const std::span<const PixelPoint>> lines, double width, std::uint32_t colour, bool caps);

    /// A premultiplied picture, rows without gaps, over what is there; its corner may lie outside.
    void lay(const std::uint32_t* sprite, int width, int height, int left, int top);

private:
    struct Cell {
        std::int32_t area, cover;
    };
    void add_edge(int x1, int y1, int x2, int y2);
    void add_piece(int row, int x1, int y1, int x2, int y2);
    void add(int x, int row, int area, int cover);
    void sweep(std::uint32_t colour);
    struct Thin {
        std::uint32_t colour;
        unsigned strength;  ///< of 256
    };
    void draw_segment(double x1, double y1, double x2, double y2, Thin pen, bool begin_cap, bool end_cap);
    void weigh(int x, int y, Thin pen, unsigned weight);

    std::uint32_t* m_pixels;
    int m_width, m_height;
    // The part of the picture that is being filled: columns and rows, last ones included.
    int m_left = 0, m_right = 0, m_top = 0, m_bottom = 0;
    std::size_t m_stride = 0;
    std::vector<Cell> m_cells;        // one column more: what lies to the left
    std::vector<int> m_last_column;   // of every row, -1: nothing there
};

}  // namespace stadtgdi::render
