// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/trees/strip_index.hpp>
#include <layers/trees/zone_polygon.hpp>

namespace stadtgdi::trees {

/// The exact area of a union of discs, whole or within polygons, by Green's theorem: the area is the integral of
/// (x dy - y dx) / 2 along the border of "union within zone", which consists of the arcs of circles that no other disc
/// covers and that lie in the zone, and of the pieces of the zone's border that lie in a disc. No shape is ever built.
/// Each disc's uncovered arcs are found once; for discs inside a zone three numbers are added up.
/// Coordinates and radii in metres. Cost: O(n log n + n k) for discs with k neighbours each, then about 100 ns for each
/// disc of a zone. Same result for any order of the discs and any number of threads. Rounding: below 1e-9 m2, below 1e-4 m2
/// where circles almost but not quite touch.
///     DiscUnion crowns(x, y, radius_m, run);
///     double canopy_m2 = crowns.within(zones, 0).union_m2;
class DiscUnion {
public:
    struct Cover {
        double union_m2 = 0;         ///< each square metre once
        double sum_m2 = 0;           ///< of each disc's own part in the zone, overlaps and duplicates counted again
        std::int64_t discs = 0;      ///< that reach into the zone
    };

    /// Discs with a radius that is not finite or not above 0 are left out.
    DiscUnion(std::span<const double> x, std::span<const double> y, std::span<const double> radius_m, base::RunContext& run);

    double area() const;
    Cover within(const ZonePolygon& zone) const;
    /// within() of every row, in parallel; rows without geometry give zeros. Polygons must be valid.
    std::vector<Cover> within_each(const table::GeometryColumn& polygons, base::RunContext& run) const;

    struct Arc {
        double from, to;  ///< angles, 0 <= from < to <= 2 pi
    };
    /// The arcs of a disc that no other covers.
    std::span<const Arc> arcs(std::size_t i) const;
    const StripIndex& discs() const { return m_discs; }

private:
    /// Integral of a disc's arcs: area + x * along_x + y * along_y for a centre (x, y).
    struct Integral {
        double area = 0, along_x = 0, along_y = 0;
    };
    static constexpr std::size_t chunk_size = 2048;

    /// False where the disc lies within another one. One whose whole circle others cover is not hidden: its middle may be its own.
    bool find_arcs(std::size_t i, std::vector<Arc>& covered, std::vector<Arc>& out) const;

    StripIndex m_discs;
    std::vector<Integral> m_integrals;
    std::vector<std::vector<Arc>> m_arcs;  // of a chunk of discs
    std::vector<std::uint32_t> m_first_arc, m_arc_count;
    std::vector<std::uint8_t> m_hidden;
};

}  // namespace stadtgdi::trees
