// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/relation.hpp>
#include <limits>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace stadtgdi::geometry {

namespace {

struct DestroyPrepared {
    void operator()(const GEOSPreparedGeometry* g) const { GEOSPreparedGeom_destroy_r(detail::context(), g); }
};

/// Of one thread: a prepared geometry builds its index on first use, and a handle of GEOS is a thread's own.
struct Prepared {
    detail::GeosGeometry geometry;
    std::unique_ptr<const GEOSPreparedGeometry, DestroyPrepared> prepared;
};

}  // namespace

struct PreparedGeometry::State {
    table::GeometryColumn column;
    table::Box box;
    std::mutex mutex;
    std::unordered_map<std::thread::id, Prepared> of_thread;

    const Prepared& own()
    {
        const std::lock_guard lock(mutex);
        Prepared& mine = of_thread[std::this_thread::get_id()];
        if (!mine.prepared) {
            mine.geometry = detail::to_geos(column, 0);
            if (mine.geometry) mine.prepared.reset(GEOSPrepare_r(detail::context(), mine.geometry.get()));
        }
        return mine;
    }
};

PreparedGeometry::PreparedGeometry(const table::GeometryColumn& geometry, std::size_t row) : m_state(std::make_unique<State>())
{
    const std::vector<std::int64_t> rows{static_cast<std::int64_t>(row)};
    m_state->column = geometry.take(rows);
    m_state->box = geometry.box(row);
    if (!geometry.valid(row) || !m_state->own().prepared)
        throw base::Error(base::ErrorKind::invalid_argument, {"The geometry cannot be used: " + detail::last_message(), "Die Geometrie ist nicht verwendbar: " + detail::last_message()});
}

PreparedGeometry::~PreparedGeometry() = default;

const table::Box& PreparedGeometry::box() const { return m_state->box; }

bool PreparedGeometry::holds(Relation relation, const table::GeometryColumn& rows, std::size_t row) const
{
    if (!rows.valid(row)) return false;
    const Prepared& own = m_state->own();
    const detail::GeosGeometry other = detail::to_geos(rows, row);
    if (!other) return false;
    const GEOSContextHandle_t context = detail::context();
    // The prepared one comes first in GEOS, the row in ours.
    switch (relation) {
    case Relation::intersects: return GEOSPreparedIntersects_r(context, own.prepared.get(), other.get()) == 1;
    case Relation::disjoint: return GEOSPreparedDisjoint_r(context, own.prepared.get(), other.get()) == 1;
    case Relation::contains: return GEOSPreparedWithin_r(context, own.prepared.get(), other.get()) == 1;
    case Relation::within: return GEOSPreparedContains_r(context, own.prepared.get(), other.get()) == 1;
    case Relation::touches: return GEOSPreparedTouches_r(context, own.prepared.get(), other.get()) == 1;
    case Relation::crosses: return GEOSPreparedCrosses_r(context, own.prepared.get(), other.get()) == 1;
    case Relation::overlaps: return GEOSPreparedOverlaps_r(context, own.prepared.get(), other.get()) == 1;
    case Relation::equals: return GEOSEquals_r(context, other.get(), own.geometry.get()) == 1;
    }
    return false;
}

double PreparedGeometry::distance(const table::GeometryColumn& rows, std::size_t row) const
{
    double result = std::numeric_limits<double>::infinity();
    if (!rows.valid(row)) return result;
    const Prepared& own = m_state->own();
    const detail::GeosGeometry other = detail::to_geos(rows, row);
    if (!other || GEOSPreparedDistance_r(detail::context(), own.prepared.get(), other.get(), &result) != 1) return std::numeric_limits<double>::infinity();
    return result;
}

}  // namespace stadtgdi::geometry
