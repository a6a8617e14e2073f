// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/render/shape_raster.hpp>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace stadtgdi::render {

namespace {

constexpr int one = 256;               // a pixel, for areas
constexpr double farthest = 8000;      // pixels; products of coordinates fit into 32 bits
constexpr std::size_t most_cells = 1 << 20;

/// Of every byte: x * a / 255, rounded as QPainter rounds.
std::uint32_t scaled(std::uint32_t x, std::uint32_t a)
{
    std::uint32_t even = (x & 0xff00ff) * a;
    even = (even + ((even >> 8) & 0xff00ff) + 0x800080) >> 8 & 0xff00ff;
    std::uint32_t odd = (x >> 8 & 0xff00ff) * a;
    odd = (odd + ((odd >> 8) & 0xff00ff) + 0x800080) & 0xff00ff00;
    return even | odd;
}

std::uint32_t over(std::uint32_t colour, std::uint32_t below)
{
    return colour + scaled(below, 255 - (colour >> 24));
}

/// To the nearest, halves up: in 1/64 of a pixel, as QPainter takes coordinates, then in 1/256.
int fixed(double pixels)
{
    constexpr int shift = 1 << 20;  // rounds negative numbers down as well
    return (static_cast<int>(pixels * 64 + 0.5 + shift) - shift) * (one / 64);
}

struct Quotient {
    int whole, rest;
};

/// Rounded down, the rest is not negative.
Quotient divide(int a, int b)
{
    Quotient q{a / b, a % b};
    if (q.rest < 0) {
        --q.whole;
        q.rest += b;
    }
    return q;
}

}  // namespace

inline void ShapeRaster::add(int x, int row, int area, int cover)
{
    if (row < m_top || row > m_bottom || x > m_right)
        return;
    const int column = std::max(x - m_left + 1, 0);
    Cell& cell = m_cells[static_cast<std::size_t>(row - m_top) * m_stride + static_cast<std::size_t>(column)];
    cell.area += column == 0 ? 0 : area;
    cell.cover += cover;
    int& last = m_last_column[static_cast<std::size_t>(row - m_top)];
    last = std::max(last, column);
}

/// A piece of an edge within one row; y1 and y2 count from the row's top.
void ShapeRaster::add_piece(int row, int x1, int y1, int x2, int y2)
{
    if (y1 == y2)
        return;
    int column = x1 >> 8;
    const int last = x2 >> 8;
    const int from = x1 - column * one, to = x2 - last * one;
    if (column == last)
        return add(column, row, (from + to) * (y2 - y1), y2 - y1);
    // Cell by cell; what is lost by rounding in one cell is made good in the next ones.
    const bool right = x2 > x1;
    const int step = right ? 1 : -1, enter = right ? 0 : one, leave = one - enter;
    const int width = std::abs(x2 - x1);
    Quotient height = divide((right ? one - from : from) * (y2 - y1), width);
    add(column, row, (from + leave) * height.whole, height.whole);
    column += step;
    int y = y1 + height.whole;
    if (column != last) {
        const Quotient each = divide(one * (y2 - y1), width);
        int owed = height.rest - width;
        for (; column != last; column += step) {
            int piece = each.whole;
            owed += each.rest;
            if (owed >= 0) {
                owed -= width;
                ++piece;
            }
            add(column, row, one * piece, piece);
            y += piece;
        }
    }
    add(column, row, (to + enter) * (y2 - y), y2 - y);
}

void ShapeRaster::add_edge(int x1, int y1, int x2, int y2)
{
    int row = y1 >> 8;
    const int last = y2 >> 8;
    if ((row < m_top && last < m_top) || (row > m_bottom && last > m_bottom))
        return;
    const int from = y1 - row * one, to = y2 - last * one;
    if (row == last)
        return add_piece(row, x1, from, x2, to);
    const bool down = y2 > y1;
    const int step = down ? 1 : -1, enter = down ? 0 : one, leave = one - enter;
    const int height = std::abs(y2 - y1);
    const Quotient first = divide((down ? one - from : from) * (x2 - x1), height);
    int x = x1 + first.whole;
    add_piece(row, x1, from, x, leave);
    row += step;
    if (row != last) {
        const Quotient each = divide(one * (x2 - x1), height);
        int owed = first.rest - height;
        for (; row != last; row += step) {
            int shift = each.whole;
            owed += each.rest;
            if (owed >= 0) {
                owed -= height;
                ++shift;
            }
            add_piece(row, x, enter, x + shift, leave);
            x += shift;
        }
    }
    add_piece(row, x, enter, x2, to);
}

void ShapeRaster::sweep(std::uint32_t colour)
{
    const auto coverage_of = [](int area) {
        int coverage = std::abs(area >> 9) & 511;
        if (coverage > 256)
            coverage = 512 - coverage;
        return static_cast<std::uint32_t>(coverage == 256 ? 255 : coverage);
    };
    for (int row = m_top; row <= m_bottom; ++row) {
        Cell* cells = m_cells.data() + static_cast<std::size_t>(row - m_top) * m_stride;
        int& last = m_last_column[static_cast<std::size_t>(row - m_top)];
        if (last < 0)
            continue;
        std::uint32_t* pixels = m_pixels + static_cast<std::ptrdiff_t>(row) * m_width + m_left;
        int cover = cells[0].cover;
        cells[0] = {};
        const auto paint = [&](int column, int end, std::uint32_t coverage) {
            if (coverage == 0)
                return;
            const std::uint32_t here = coverage == 255 ? colour : scaled(colour, coverage);
            if (here >= 0xff000000) {
                std::fill(pixels + column - 1, pixels + end - 1, here);
                return;
            }
            for (int i = column; i < end; ++i)
                pixels[i - 1] = over(here, pixels[i - 1]);
        };
        int column = 1;
        while (column <= last) {
            const int start = column;
            while (column <= last && cells[column].area == 0 && cells[column].cover == 0)
                ++column;
            if (column > start && cover != 0)
                paint(start, column, coverage_of(cover * one * 2));
            if (column > last)
                break;
            cover += cells[column].cover;
            if (const int area = cover * one * 2 - cells[column].area; area != 0)
                paint(column, column + 1, coverage_of(area));
            cells[column] = {};
            ++column;
        }
        if (cover != 0)
            paint(std::max(column, 1), m_right - m_left + 2, coverage_of(cover * one * 2));
        last = -1;
    }
}

bool ShapeRaster::fill(std::span<const std::span<const PixelPoint>> rings, std::uint32_t colour)
{
    double left = farthest, right = -farthest, top = farthest, bottom = -farthest;
    for (const std::span<const PixelPoint> ring : rings)
        for (const PixelPoint& point : ring) {
            if (!(std::abs(point.x) < farthest && std::abs(point.y) < farthest))
                return false;
            left = std::min(left, point.x);
            right = std::max(right, point.x);
            top = std::min(top, point.y);
            bottom = std::max(bottom, point.y);
        }
    if (left > right || colour == 0)
        return true;
    m_left = std::max(0, static_cast<int>(std::floor(left)) - 1);
    m_right = std::min(m_width - 1, static_cast<int>(std::floor(right)) + 1);
    const int first_row = std::max(0, static_cast<int>(std::floor(top)) - 1);
    const int last_row = std::min(m_height - 1, static_cast<int>(std::floor(bottom)) + 1);
    if (m_left > m_right || first_row > last_row)
        return true;
    m_stride = static_cast<std::size_t>(m_right - m_left) + 2;
    const int rows_at_once = static_cast<int>(std::max<std::size_t>(1, most_cells / m_stride));
    for (m_top = first_row; m_top <= last_row; m_top = m_bottom + 1) {
        m_bottom = std::min(last_row, m_top + rows_at_once - 1);
        const auto rows = static_cast<std::size_t>(m_bottom - m_top) + 1;
        if (m_cells.size() < rows * m_stride)
            m_cells.resize(rows * m_stride);
        if (m_last_column.size() < rows)
            m_last_column.resize(rows, -1);
        for (const std::span<const PixelPoint> ring : rings) {
            if (ring.empty())
                continue;
            const int start_x = fixed(ring[0].x), start_y = fixed(ring[0].y);
            int x = start_x, y = start_y;
            for (std::size_t i = 1; i < ring.size(); ++i) {
                const int to_x = fixed(ring[i].x), to_y = fixed(ring[i].y);
                add_edge(x, y, to_x, to_y);
                x = to_x;
                y = to_y;
            }
            add_edge(x, y, start_x, start_y);
        }
        sweep(colour);
    }
    return true;
}

inline void ShapeRaster::weigh(int x, int y, Thin pen, unsigned weight)
{
    if (x < 0 || x >= m_width || y < 0 || y >= m_height)
        return;
    std::uint32_t& pixel = m_pixels[static_cast<std::ptrdiff_t>(y) * m_width + x];
    pixel = over(scaled(pen.colour, weight * pen.strength >> 8), pixel);
}

/// One step a pixel along the longer side; each step's weight is shared by two pixels. In 1/64 pixel along, 1/65536 across.
void ShapeRaster::draw_segment(double x1, double y1, double x2, double y2, Thin pen, bool begin_cap, bool end_cap)
{
    // Cut a little outside of the picture, in the order of QPainter, so that the same steps are taken.
    const double left = -1, top = -1, right = m_width + 1, bottom = m_height + 1;
    const auto cut = [](double& a1, double& b1, double& a2, double& b2, double low, double high) {
        if ((a1 < low && a2 <= low) || (a1 > high && a2 >= high))
            return false;
        if (a1 < low || a1 > high) {
            const double edge = a1 < low ? low : high;
            b1 += (b2 - b1) / (a2 - a1) * (edge - a1);
            a1 = edge;
        }
        if (a2 < low || a2 > high) {
            const double edge = a2 < low ? low : high;
            b2 += (b2 - b1) / (a2 - a1) * (edge - a2);
            a2 = edge;
        }
        return true;
    };
    if (!cut(x1, y1, x2, y2, left, right) || !cut(y1, x1, y2, x2, top, bottom))
        return;
    int from = static_cast<int>(x1 * 64), to = static_cast<int>(x2 * 64);
    int from_across = static_cast<int>(y1 * 64), to_across = static_cast<int>(y2 * 64);
    const bool steep = std::abs(to - from) < std::abs(to_across - from_across);
    if (steep) {
        std::swap(from, from_across);
        std::swap(to, to_across);
    } else if (from == to) {
        return;
    }
    const int slope = static_cast<int>(static_cast<std::int64_t>(to_across - from_across) * 65536 / (to - from));
    if (from > to) {
        std::swap(from, to);
        std::swap(from_across, to_across);
        std::swap(begin_cap, end_cap);
    }
    int across = (from_across - 32) * 1024;
    across -= (((from & 63) - 32) * slope) >> 6;
    if (begin_cap) {
        from -= 32;
        across -= slope >> 1;
    }
    if (end_cap)
        to += 32;
    int along = from >> 6;
    const int last = to >> 6;
    const int first_share = along == last ? to - from : 64 - (from & 63);
    const int last_share = along == last ? 0 : to & 63;
    const auto step = [&](int share) {
        const auto far = static_cast<unsigned>(across >> 8 & 255);
        const unsigned near_weight = share == 64 ? 255 - far : (255 - far) * static_cast<unsigned>(share) >> 6;
        const unsigned far_weight = share == 64 ? far : far * static_cast<unsigned>(share) >> 6;
        const int beside = across >> 16;
        weigh(steep ? beside : along, steep ? along : beside, pen, near_weight);
        weigh(steep ? beside + 1 : along, steep ? along : beside + 1, pen, far_weight);
        across += slope;
        ++along;
    };
    step(first_share);
    while (along < last)
        step(64);
    if (last_share != 0)
        step(last_share);
}

bool ShapeRaster::draw_thin(std::span<const std::span<const PixelPoint>> lines, double width, std::uint32_t colour, bool caps)
{
    for (const std::span<const PixelPoint> line : lines)
        for (const PixelPoint& point : line)
            if (!(std::abs(point.x) < farthest && std::abs(point.y) < farthest))
                return false;
    const Thin pen{colour, std::min(256U, static_cast<unsigned>(256 * width))};
    for (const std::span<const PixelPoint> line : lines) {
        if (line.size() < 2)
            continue;
        const bool closed = line.front().x == line.back().x && line.front().y == line.back().y;
        for (std::size_t i = 1; i < line.size(); ++i)
            draw_segment(line[i - 1].x, line[i - 1].y, line[i].x, line[i].y, pen, caps && !closed && i == 1, caps && !closed && i + 1 == line.size());
    }
    return true;
}

void ShapeRaster::lay(const std::uint32_t* sprite, int width, int height, int left, int top)
{
    const int first_x = std::max(0, -left), last_x = std::min(width, m_width - left);
    const int first_y = std::max(0, -top), last_y = std::min(height, m_height - top);
    for (int y = first_y; y < last_y; ++y) {
        const std::uint32_t* from = sprite + static_cast<std::ptrdiff_t>(y) * width;
        std::uint32_t* to = m_pixels + static_cast<std::ptrdiff_t>(top + y) * m_width + left;
        for (int x = first_x; x < last_x; ++x) {
            if (from[x] >= 0xff000000)
                to[x] = from[x];
            else if (from[x] != 0)
                to[x] = over(from[x], to[x]);
        }
    }
}

}  // namespace stadtgdi::render
