// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/plan.hpp>
#include <layers/demo/random.hpp>
#include <algorithm>

namespace stadtgdi::demo {

double area(const Ring& ring)
{
    double sum = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) sum += cross(ring[i], ring[(i + 1) % ring.size()]);
    return sum / 2;
}

Vec centre(const Ring& ring)
{
    double twice = 0;
    Vec sum;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = ring[i], b = ring[(i + 1) % ring.size()];
        const double piece = cross(a, b);
        twice += piece;
        sum = sum + (a + b) * piece;
    }
    return sum * (1.0 / (3.0 * twice));
}

Ring clipped(const Ring& ring, Vec on, Vec along)
{
    Ring out;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = ring[i], b = ring[(i + 1) % ring.size()];
        const double side_a = cross(along, a - on), side_b = cross(along, b - on);
        if (side_a >= 0) out.push_back(a);
        if ((side_a > 0 && side_b < 0) || (side_a < 0 && side_b > 0)) out.push_back(a + (b - a) * (side_a / (side_a - side_b)));
    }
    if (out.size() < 3) out.clear();
    return out;
}

Ring inset(const Ring& ring, const std::vector<double>& distances)
{
    Ring out = ring;
    for (std::size_t i = 0; i < ring.size() && !out.empty(); ++i) {
        const Vec a = ring[i], b = ring[(i + 1) % ring.size()];
        if (norm(b - a) < 1e-6) continue;
        const Vec along = unit(b - a);
        out = clipped(out, a + left_of(along) * distances[i], along);
    }
    // Corners that nearly coincide would make edges without a direction.
    Ring clean;
    for (const Vec& p : out)
        if (clean.empty() || norm(p - clean.back()) > 0.01) clean.push_back(p);
    while (clean.size() > 1 && norm(clean.front() - clean.back()) <= 0.01) clean.pop_back();
    if (clean.size() < 3 || area(clean) < 1.0) clean.clear();
    return clean;
}

Ring inset(const Ring& ring, double distance) { return inset(ring, std::vector<double>(ring.size(), distance)); }

double edge_distance(const Ring& ring, Vec point)
{
    double best = 1e300;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = ring[i], b = ring[(i + 1) % ring.size()];
        const Vec ab = b - a;
        const double t = std::clamp(dot(point - a, ab) / std::max(dot(ab, ab), 1e-12), 0.0, 1.0);
        best = std::min(best, norm(point - (a + ab * t)));
    }
    return best;
}

namespace {

/// Smooth noise in [-1, 1] on a lattice of unit cells (cubic blend; plain arithmetic, so equal on every machine).
double noise(std::uint64_t seed, double x, double y)
{
    const auto corner = [&](std::int64_t i, std::int64_t j) {
        std::uint64_t h = seed + static_cast<std::uint64_t>(i) * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(j) * 0xC2B2AE3D27D4EB4FULL;
        h = (h ^ (h >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        h = (h ^ (h >> 27U)) * 0x94D049BB133111EBULL;
        h ^= h >> 31U;
        return static_cast<double>(h >> 11U) * (2.0 / 9007199254740992.0) - 1.0;
    };
    const double fx = std::floor(x), fy = std::floor(y);
    const auto i = static_cast<std::int64_t>(fx), j = static_cast<std::int64_t>(fy);
    const auto blend = [](double t) { return t * t * t * (t * (t * 6 - 15) + 10); };
    const double u = blend(x - fx), v = blend(y - fy);
    const double low = corner(i, j) + (corner(i + 1, j) - corner(i, j)) * u;
    const double high = corner(i, j + 1) + (corner(i + 1, j + 1) - corner(i, j + 1)) * u;
    return low + (high - low) * v;
}

double rounded_mm(double metres) { return std::floor(metres * 1000.0 + 0.5) / 1000.0; }

}  // namespace

Vec Plan::bent(Vec plan) const
{
    // Gentle: 45 m over 900 m bends streets without making houses crooked to the eye.
    const double wide = 900.0, far = 45.0;
    const Vec shift{noise(seed + 11, plan.x / wide, plan.y / wide) * far, noise(seed + 12, plan.x / wide, plan.y / wide) * far};
    return {rounded_mm(390'000.0 + plan.x + shift.x), rounded_mm(5'720'000.0 + plan.y + shift.y)};
}

std::vector<Vec> Plan::bent(const Ring& ring) const
{
    std::vector<Vec> out;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec a = ring[i], b = ring[(i + 1) % ring.size()];
        const int pieces = std::max(1, static_cast<int>(norm(b - a) / 25.0));
        for (int k = 0; k < pieces; ++k) out.push_back(bent(a + (b - a) * (static_cast<double>(k) / pieces)));
    }
    out.push_back(out.front());
    return out;
}

namespace {

/// The street's junctions and bends between two of its places, in that order.
std::vector<Vec> stops_between(const Street& street, Vec a, Vec b)
{
    const Vec along = unit(street.to - street.from);
    const double begin = dot(a - street.from, along), end = dot(b - street.from, along);
    std::vector<Vec> between;
    for (const auto& stop : street.stops)
        if (stop.along_m > std::min(begin, end) + 0.005 && stop.along_m < std::max(begin, end) - 0.005) between.push_back(stop.place);
    if (begin > end) std::reverse(between.begin(), between.end());
    return between;
}

}  // namespace

std::vector<Vec> Plan::bent_along_streets(const Ring& outline, const std::vector<int>& edge_streets) const
{
    std::vector<Vec> out;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        out.push_back(bent(outline[i]));
        for (const Vec place : stops_between(streets[static_cast<std::size_t>(edge_streets[i])], outline[i], outline[(i + 1) % outline.size()])) out.push_back(bent(place));
    }
    out.push_back(out.front());
    return out;
}

Vec Plan::at_border(int street, Vec place) const
{
    const auto s = static_cast<std::size_t>(street);
    const Vec way = streets[s].to - streets[s].from;
    double share = dot(place - streets[s].from, way) / dot(way, way);
    // Corners exactly, so that both streets of a corner give the same place.
    if (share < 1e-9) share = 0;
    if (share > 1 - 1e-9) share = 1;
    return border[s] * (1 - share) + border[(s + 1) % border.size()] * share;
}

std::vector<Vec> Plan::bent_to_border(const Ring& outline, const std::vector<int>& edge_streets) const
{
    std::vector<Vec> out;
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Vec a = outline[i];
        const int street = edge_streets[i], before = edge_streets[(i + outline.size() - 1) % outline.size()];
        const bool outside = is_ring_road(street), was_outside = is_ring_road(before);
        if (was_outside && !outside) out.push_back(bent(at_border(before, a)));
        if (!was_outside || !outside) out.push_back(bent(a));
        if (outside) out.push_back(bent(at_border(street, a)));
        for (const Vec place : stops_between(streets[static_cast<std::size_t>(street)], a, outline[(i + 1) % outline.size()]))
            out.push_back(bent(outside ? at_border(street, place) : place));
    }
    out.push_back(out.front());
    return out;
}

}  // namespace stadtgdi::demo
