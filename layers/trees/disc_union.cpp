// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/disc_union.hpp>
#include <layers/base/parallel_for.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace stadtgdi::trees {

namespace {

constexpr double full_turn = 2 * std::numbers::pi;
using Arc = DiscUnion::Arc;

double turned_into_range(double angle)
{
    if (angle < 0) angle += full_turn;
    return angle >= full_turn ? angle - full_turn : angle;
}

/// Integral of (x dy - y dx) / 2 along an arc around (x, y).
double arc_integral(double x, double y, double r, const Arc& arc)
{
    return 0.5 * r * (r * (arc.to - arc.from) + x * (std::sin(arc.to) - std::sin(arc.from)) - y * (std::cos(arc.to) - std::cos(arc.from)));
}

std::vector<double> usable(std::span<const double> radius_m)
{
    std::vector<double> out(radius_m.begin(), radius_m.end());
    for (double& r : out)
        if (!(r > 0)) r = -1;  // the index leaves it out
    return out;
}

}  // namespace

DiscUnion::DiscUnion(std::span<const double> x, std::span<const double> y, std::span<const double> radius_m, base::RunContext& run)
    : m_discs(x, y, usable(radius_m), run)
{
    const std::size_t count = m_discs.size();
    const std::size_t chunks = (count + chunk_size - 1) / chunk_size;
    m_integrals.resize(count);
    m_first_arc.resize(count);
    m_arc_count.resize(count);
    m_hidden.resize(count);
    m_arcs.resize(chunks);
    base::parallel_for(run, chunks, 1, [&](std::size_t begin, std::size_t end) {
        std::vector<Arc> covered;
        for (std::size_t chunk = begin; chunk < end; ++chunk) {
            std::vector<Arc>& arcs = m_arcs[chunk];
            for (std::size_t i = chunk * chunk_size; i < std::min(count, (chunk + 1) * chunk_size); ++i) {
                const std::size_t first = arcs.size();
                m_hidden[i] = !find_arcs(i, covered, arcs);
                m_first_arc[i] = static_cast<std::uint32_t>(first);
                m_arc_count[i] = static_cast<std::uint32_t>(arcs.size() - first);
                const double r = m_discs.radius(i);
                for (std::size_t at = first; at < arcs.size(); ++at) {
                    m_integrals[i].area += 0.5 * r * r * (arcs[at].to - arcs[at].from);
                    m_integrals[i].along_x += 0.5 * r * (std::sin(arcs[at].to) - std::sin(arcs[at].from));
                    m_integrals[i].along_y -= 0.5 * r * (std::cos(arcs[at].to) - std::cos(arcs[at].from));
                }
            }
        }
    });
}

std::span<const Arc> DiscUnion::arcs(std::size_t i) const
{
    return std::span(m_arcs[i / chunk_size]).subspan(m_first_arc[i], m_arc_count[i]);
}

bool DiscUnion::find_arcs(std::size_t i, std::vector<Arc>& covered, std::vector<Arc>& out) const
{
    const double x = m_discs.x(i), y = m_discs.y(i), r = m_discs.radius(i);
    covered.clear();
    bool hidden = false;
    m_discs.visit({x - r, y - r, x + r, y + r}, [&](std::size_t j) {
        if (j == i || hidden) return;
        const double dx = m_discs.x(j) - x, dy = m_discs.y(j) - y, other = m_discs.radius(j);
        const double reach = r + other, excess = r - other, d = std::hypot(dx, dy);
        if (d >= reach) return;
        // Of equal discs the first in the index's order stays; of unequal ones only the larger can hide the other.
        if (d + excess <= 0 && (excess < 0 || j < i)) {
            hidden = true;
            return;
        }
        if (d - excess <= 0) return;
        // Heron's product is bit for bit the same seen from both discs, so that their arcs meet in the same points, also
        // where they barely touch.
        const double product = (d + reach) * (reach - d) * ((d - excess) * (d + excess));
        const double half_angle = std::atan2(std::sqrt(product), d * d + excess * reach);
        const double from = turned_into_range(std::atan2(dy, dx) - half_angle);
        const double to = from + 2 * half_angle;
        if (to > full_turn) {
            covered.push_back({from, full_turn});
            covered.push_back({0, to - full_turn});
        } else {
            covered.push_back({from, to});
        }
    });
    if (hidden) return false;
    std::sort(covered.begin(), covered.end(), [](const Arc& a, const Arc& b) { return a.from < b.from; });
    double free_from = 0;
    for (const Arc& arc : covered) {
        if (arc.from > free_from) out.push_back({free_from, arc.from});
        free_from = std::max(free_from, arc.to);
    }
    if (free_from < full_turn) out.push_back({free_from, full_turn});
    return true;
}

double DiscUnion::area() const
{
    if (m_discs.size() == 0) return 0;
    const double origin_x = m_discs.x(0), origin_y = m_discs.y(0);
    double sum = 0;
    for (std::size_t i = 0; i < m_discs.size(); ++i) {
        const Integral& arcs = m_integrals[i];
        sum += arcs.area + (m_discs.x(i) - origin_x) * arcs.along_x + (m_discs.y(i) - origin_y) * arcs.along_y;
    }
    return sum;
}

namespace {

/// A piece of the zone's border that lies in a disc, in metres along its edge.
struct Piece {
    std::uint32_t edge;
    double from, to;
};

/// Where one circle runs inside the zone.
class CircleInZone {
public:
    /// True where the zone's border and the disc have something in common.
    bool cut(const ZonePolygon& zone, double x, double y, double r)
    {
        m_angles.clear();
        m_inside.clear();
        m_pieces.clear();
        bool meets = false;
        zone.visit_edges(y - r, y + r, [&](std::uint32_t number) { meets |= cut_edge(zone.edges()[number], number, x, y, r); });
        if (!meets) return false;
        if (m_angles.empty()) {
            if (zone.contains(x + r, y)) m_inside.push_back({0, full_turn});
            return true;
        }
        std::sort(m_angles.begin(), m_angles.end());
        const auto is_inside = [&](double from, double to) {
            const double middle = (from + to) / 2;
            return zone.contains(x + r * std::cos(middle), y + r * std::sin(middle));
        };
        const bool over_zero = is_inside(m_angles.back(), m_angles.front() + full_turn);
        if (over_zero && m_angles.front() > 0) m_inside.push_back({0, m_angles.front()});
        for (std::size_t i = 0; i + 1 < m_angles.size(); ++i)
            if (m_angles[i] < m_angles[i + 1] && is_inside(m_angles[i], m_angles[i + 1])) m_inside.push_back({m_angles[i], m_angles[i + 1]});
        if (over_zero && m_angles.back() < full_turn) m_inside.push_back({m_angles.back(), full_turn});
        return true;
    }

    const std::vector<Arc>& inside() const { return m_inside; }
    const std::vector<Piece>& pieces() const { return m_pieces; }

private:
    bool cut_edge(const ZonePolygon::Edge& edge, std::uint32_t number, double x, double y, double r)
    {
        // A cut too many only splits an arc, one too few would lose a piece of border: corners are cut by both edges.
        constexpr double slack_m = 1e-9;
        const double wx = x - edge.ax, wy = y - edge.ay;
        const double along = wx * edge.ux + wy * edge.uy, aside = std::abs(edge.ux * wy - edge.uy * wx);
        if (aside >= r * (1 - 1e-12)) {
            if (aside > r * (1 + 1e-9) || along < -slack_m || along > edge.length + slack_m) return false;
            // The circle touches the edge in a point, which must not become the middle of an arc that is looked up.
            m_angles.push_back(turned_into_range(std::atan2(edge.ay + along * edge.uy - y, edge.ax + along * edge.ux - x)));
            return true;
        }
        const double half = std::sqrt((r - aside) * (r + aside));
        const double from = along - half, to = along + half;
        if (from > edge.length + slack_m || to < -slack_m) return false;
        for (const double at : {from, to})
            if (at >= -slack_m && at <= edge.length + slack_m)
                m_angles.push_back(turned_into_range(std::atan2(edge.ay + at * edge.uy - y, edge.ax + at * edge.ux - x)));
        const double first = std::max(from, 0.0), last = std::min(to, edge.length);
        if (first < last) m_pieces.push_back({number, first, last});
        return true;
    }

    std::vector<double> m_angles;
    std::vector<Arc> m_inside;
    std::vector<Piece> m_pieces;
};

/// Integral of (x dy - y dx) / 2 along a metre of the edge.
double per_metre(const ZonePolygon::Edge& edge) { return 0.5 * (edge.ax * edge.uy - edge.ay * edge.ux); }

double border_integral(const ZonePolygon& zone, std::vector<Piece>& pieces)
{
    std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) { return a.edge != b.edge ? a.edge < b.edge : a.from < b.from; });
    double sum = 0;
    for (std::size_t i = 0; i < pieces.size();) {
        const std::uint32_t edge = pieces[i].edge;
        double covered_m = 0, done = 0;
        for (; i < pieces.size() && pieces[i].edge == edge; ++i) {
            covered_m += std::max(0.0, pieces[i].to - std::max(done, pieces[i].from));
            done = std::max(done, pieces[i].to);
        }
        sum += covered_m * per_metre(zone.edges()[edge]);
    }
    return sum;
}

/// Sum over the common parts of two sorted lists of arcs.
template <class Add> void add_common(std::span<const Arc> a, std::span<const Arc> b, const Add& add)
{
    for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
        const Arc common{std::max(a[i].from, b[j].from), std::min(a[i].to, b[j].to)};
        if (common.from < common.to) add(common);
        (a[i].to < b[j].to ? i : j) += 1;
    }
}

}  // namespace

DiscUnion::Cover DiscUnion::within(const ZonePolygon& zone) const
{
    Cover cover;
    if (zone.empty()) return cover;
    CircleInZone circle;
    std::vector<Piece> pieces;
    m_discs.visit(zone.box(), [&](std::size_t i) {
        const double x = m_discs.x(i) - zone.origin_x(), y = m_discs.y(i) - zone.origin_y(), r = m_discs.radius(i);
        if (!circle.cut(zone, x, y, r)) {
            if (!zone.contains(x, y)) return;
            const Integral& arcs = m_integrals[i];
            cover.union_m2 += arcs.area + x * arcs.along_x + y * arcs.along_y;
            cover.sum_m2 += std::numbers::pi * r * r;
            ++cover.discs;
            return;
        }
        double own = 0;
        for (const Arc& arc : circle.inside()) own += arc_integral(x, y, r, arc);
        for (const Piece& piece : circle.pieces()) own += (piece.to - piece.from) * per_metre(zone.edges()[piece.edge]);
        cover.sum_m2 += std::max(own, 0.0);
        if (own > 0) ++cover.discs;
        if (m_hidden[i] != 0) return;  // its pieces of the border lie in those of the disc that hides it
        add_common(arcs(i), circle.inside(), [&](const Arc& arc) { cover.union_m2 += arc_integral(x, y, r, arc); });
        pieces.insert(pieces.end(), circle.pieces().begin(), circle.pieces().end());
    });
    cover.union_m2 += border_integral(zone, pieces);
    cover.union_m2 = std::clamp(cover.union_m2, 0.0, zone.area());
    return cover;
}

std::vector<DiscUnion::Cover> DiscUnion::within_each(const table::GeometryColumn& polygons, base::RunContext& run) const
{
    std::vector<Cover> covers(polygons.size());
    const std::size_t grain = polygons.size() > 1000 ? 32 : 1;
    base::parallel_for(run, polygons.size(), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) {
            run.throw_if_stopped();
            covers[row] = within(ZonePolygon(polygons, row));
        }
    });
    return covers;
}

}  // namespace stadtgdi::trees
