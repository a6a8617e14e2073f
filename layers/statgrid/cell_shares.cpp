// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/statgrid/cell_shares.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::statgrid {

namespace {

struct Corner {
    double x, y;  // in cells from the block's corner, so that every border is a whole number
};
using Ring = std::vector<Corner>;

double signed_area(const Ring& ring)
{
    double twice = 0;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++)
        twice += (ring[j].x - ring[0].x) * (ring[i].y - ring[0].y) - (ring[i].x - ring[0].x) * (ring[j].y - ring[0].y);
    return twice / 2;
}

/// Sutherland and Hodgman (1974): the ring's part on one side of a line x = at (or y = at). Where a ring falls apart the
/// parts stay joined along the line, which does not change the signed area.
template <double Corner::*axis, double Corner::*other> Ring half(const Ring& ring, double at, bool below)
{
    Ring out;
    out.reserve(ring.size() + 4);
    const auto inside = [&](const Corner& c) { return below ? c.*axis <= at : c.*axis >= at; };
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const Corner& from = ring[j];
        const Corner& to = ring[i];
        if (inside(from) != inside(to)) {
            Corner crossing{};
            crossing.*axis = at;
            crossing.*other = from.*other + (to.*other - from.*other) * ((at - from.*axis) / (to.*axis - from.*axis));
            out.push_back(crossing);
        }
        if (inside(to)) out.push_back(to);
    }
    return out;
}

class Halving {
public:
    Halving(const CellBlock& block, std::vector<double>& shares) : m_columns(block.columns), m_shares(shares) {}

    /// Adds the ring's area to the cells [c0, c1) x [r0, r1), to which it is cut already.
    void add(const Ring& ring, double sign, std::int64_t c0, std::int64_t r0, std::int64_t c1, std::int64_t r1)
    {
        if (ring.size() < 3 || c0 >= c1 || r0 >= r1) return;
        const std::int64_t columns = c1 - c0, rows = r1 - r0;
        const double area = std::abs(signed_area(ring));
        if (area == 0) return;
        const double whole = static_cast<double>(columns * rows);
        if (columns * rows == 1 || area >= whole * (1 - 1e-14)) {
            for (std::int64_t row = r0; row < r1; ++row)
                for (std::int64_t column = c0; column < c1; ++column)
                    m_shares[static_cast<std::size_t>(row * m_columns + column)] += sign * area / whole;
            return;
        }
        if (columns >= rows) {
            const std::int64_t middle = c0 + columns / 2;
            const auto at = static_cast<double>(middle);
            add(half<&Corner::x, &Corner::y>(ring, at, true), sign, c0, r0, middle, r1);
            add(half<&Corner::x, &Corner::y>(ring, at, false), sign, middle, r0, c1, r1);
        } else {
            const std::int64_t middle = r0 + rows / 2;
            const auto at = static_cast<double>(middle);
            add(half<&Corner::y, &Corner::x>(ring, at, true), sign, c0, r0, c1, middle);
            add(half<&Corner::y, &Corner::x>(ring, at, false), sign, c0, middle, c1, r1);
        }
    }

private:
    std::int64_t m_columns;
    std::vector<double>& m_shares;
};

Ring cut_to_block(Ring ring, const CellBlock& block)
{
    ring = half<&Corner::x, &Corner::y>(ring, 0.0, false);
    if (!ring.empty()) ring = half<&Corner::x, &Corner::y>(ring, static_cast<double>(block.columns), true);
    if (!ring.empty()) ring = half<&Corner::y, &Corner::x>(ring, 0.0, false);
    if (!ring.empty()) ring = half<&Corner::y, &Corner::x>(ring, static_cast<double>(block.rows), true);
    return ring;
}

/// The cells that a ring's box touches.
void add_ring(Halving& halving, const Ring& ring, double sign, const CellBlock& block)
{
    if (ring.size() < 3) return;
    const auto [xlow, xhigh] = std::minmax_element(ring.begin(), ring.end(), [](const Corner& a, const Corner& b) { return a.x < b.x; });
    const auto [ylow, yhigh] = std::minmax_element(ring.begin(), ring.end(), [](const Corner& a, const Corner& b) { return a.y < b.y; });
    const auto down = [](double at) { return static_cast<std::int64_t>(std::floor(at)); };
    const auto up = [](double at) { return static_cast<std::int64_t>(std::ceil(at)); };
    halving.add(ring, sign, down(xlow->x), down(ylow->y), std::min(up(xhigh->x), block.columns), std::min(up(yhigh->y), block.rows));
}

}  // namespace

std::vector<double> cell_shares(const table::GeometryColumn& polygons, const CellBlock& block)
{
    std::vector<double> shares(static_cast<std::size_t>(block.count()), 0.0);
    if (block.count() == 0) return shares;
    Halving halving(block, shares);
    const table::GeometryColumn all = polygons.as_multi();
    const auto parts = all.level(0), rings = all.level(1), corners = all.ring_offsets();
    const auto size = static_cast<double>(block.first.size_m);
    for (std::size_t row = 0; row < all.size(); ++row) {
        if (!all.valid(row)) continue;
        for (auto part = parts[row]; part < parts[row + 1]; ++part) {
            for (auto ring = rings[static_cast<std::size_t>(part)]; ring < rings[static_cast<std::size_t>(part) + 1]; ++ring) {
                Ring cells;
                const auto first = static_cast<std::size_t>(corners[static_cast<std::size_t>(ring)]);
                const auto last = static_cast<std::size_t>(corners[static_cast<std::size_t>(ring) + 1]);
                for (std::size_t i = first; i + 1 < last; ++i)
                    cells.push_back({(all.x()[i] - static_cast<double>(block.first.e_m)) / size, (all.y()[i] - static_cast<double>(block.first.n_m)) / size});
                if (cells.size() < 3) continue;
                const bool is_shell = ring == rings[static_cast<std::size_t>(part)];
                add_ring(halving, cut_to_block(std::move(cells), block), is_shell ? 1.0 : -1.0, block);
            }
        }
    }
    for (double& share : shares) share = std::clamp(share, 0.0, 1.0);
    return shares;
}

}  // namespace stadtgdi::statgrid
