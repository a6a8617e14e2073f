// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/geometry/detail/geos.hpp>
#include <layers/geometry/relation.hpp>
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

constexpr char failed = 2;

/// The prepared one comes first in GEOS, the row in ours.
char related(Relation relation, const GEOSPreparedGeometry* prepared, const GEOSGeometry* geometry, const GEOSGeometry* row)
{
    const GEOSContextHandle_t context = detail::context();
    switch (relation) {
    case Relation::intersects: return GEOSPreparedIntersects_r(context, prepared, row);
    case Relation::disjoint: return GEOSPreparedDisjoint_r(context, prepared, row);
    case Relation::contains: return GEOSPreparedWithin_r(context, prepared, row);
    case Relation::within: return GEOSPreparedContains_r(context, prepared, row);
    case Relation::touches: return GEOSPreparedTouches_r(context, prepared, row);
    case Relation::crosses: return GEOSPreparedCrosses_r(context, prepared, row);
    case Relation::overlaps: return GEOSPreparedOverlaps_r(context, prepared, row);
    case Relation::equals: return GEOSEquals_r(context, row, geometry);
    }
    return failed;
}

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

std::optional<bool> PreparedGeometry::holds(Relation relation, const table::GeometryColumn& rows, std::size_t row) const
{
    if (!rows.valid(row)) return std::nullopt;
    const Prepared& own = m_state->own();
    const detail::GeosGeometry other = detail::to_geos(rows, row);
    if (!other) return std::nullopt;
    const char known = related(relation, own.prepared.get(), own.geometry.get(), other.get());
    if (known != failed) return known == 1;
    const detail::GeosGeometry mine = detail::made_valid(own.geometry.get()), repaired = detail::made_valid(other.get());
    if (!mine || !repaired) return std::nullopt;
    const std::unique_ptr<const GEOSPreparedGeometry, DestroyPrepared> prepared(GEOSPrepare_r(detail::context(), mine.get()));
    const char again = prepared ? related(relation, prepared.get(), mine.get(), repaired.get()) : failed;
    return again == failed ? std::nullopt : std::optional(again == 1);
}

std::optional<double> PreparedGeometry::distance(const table::GeometryColumn& rows, std::size_t row) const
{
    if (!rows.valid(row)) return std::nullopt;
    const Prepared& own = m_state->own();
    const detail::GeosGeometry other = detail::to_geos(rows, row);
    double result = 0;
    if (!other || GEOSPreparedDistance_r(detail::context(), own.prepared.get(), other.get(), &result) != 1) return std::nullopt;
    return result;
}

}  // namespace stadtgdi::geometry
