// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/snapshot_cache.hpp>

#include <layers/crs/transform.hpp>

#include <algorithm>
#include <numeric>

namespace stadtgdi::store {

bool CoordinateBudget::take(std::size_t bytes)
{
    std::size_t used = m_used.load();
    do {
        if (used + bytes > m_limit)
            return false;
    } while (!m_used.compare_exchange_weak(used, used + bytes));
    return true;
}

void CoordinateBudget::give_back(std::size_t bytes)
{
    m_used -= bytes;
}

Snapshot::Cache::~Cache()
{
    if (budget)
        budget->give_back(taken);
}

std::unique_ptr<Snapshot> make_snapshot(table::Table table, std::vector<std::int64_t> fids, std::string layer, std::string version,
                                        std::shared_ptr<CoordinateBudget> budget, base::RunContext& run)
{
    auto snapshot = std::make_unique<Snapshot>();
    snapshot->version = std::move(version);
    snapshot->read_at = std::chrono::system_clock::now();
    snapshot->id_prefix = std::move(layer);
    snapshot->fids = std::move(fids);
    snapshot->table = std::move(table);
    if (snapshot->table.has_geometry())
        snapshot->index = index::PackedRTree(snapshot->table.geometry(), run);
    snapshot->cache = std::make_shared<Snapshot::Cache>();
    snapshot->cache->budget = std::move(budget);
    return snapshot;
}

std::int64_t Snapshot::row_of(std::int64_t fid) const
{
    const std::lock_guard lock(cache->mutex);
    std::vector<std::int64_t>& rows = cache->rows_by_fid;
    const auto before = [this](std::int64_t a, std::int64_t b) { return fids[static_cast<std::size_t>(a)] < fids[static_cast<std::size_t>(b)]; };
    if (rows.empty() && !fids.empty() && !cache->fids_ascend) {
        if (std::is_sorted(fids.begin(), fids.end())) {
            cache->fids_ascend = true;
        } else {
            rows.resize(fids.size());
            std::iota(rows.begin(), rows.end(), 0);
            std::stable_sort(rows.begin(), rows.end(), before);
        }
    }
    if (cache->fids_ascend) {
        const auto found = std::lower_bound(fids.begin(), fids.end(), fid);
        return found != fids.end() && *found == fid ? found - fids.begin() : -1;
    }
    const auto found = std::lower_bound(rows.begin(), rows.end(), fid,
                                        [this](std::int64_t row, std::int64_t wanted) { return fids[static_cast<std::size_t>(row)] < wanted; });
    return found != rows.end() && fids[static_cast<std::size_t>(*found)] == fid ? *found : -1;
}

std::shared_ptr<const table::GeometryColumn> Snapshot::geometry_in(const std::string& crs, base::RunContext& run) const
{
    const table::GeometryColumn& own = table.geometry();
    if (own.crs() == crs)
        return std::make_shared<const table::GeometryColumn>(own);  // shares the coordinates
    std::shared_ptr<Cache::Coordinates> entry;
    {
        const std::lock_guard lock(cache->mutex);
        std::shared_ptr<Cache::Coordinates>& slot = cache->coordinates[crs];
        if (!slot)
            slot = std::make_shared<Cache::Coordinates>();
        entry = slot;
    }
    const std::lock_guard lock(entry->mutex);  // the first asks, the others wait for its answer
    if (entry->geometry || entry->refused)
        return entry->geometry;
    const std::size_t bytes = 2 * sizeof(double) * own.x().size();
    if (cache->budget && !cache->budget->take(bytes)) {
        entry->refused = true;
        return nullptr;
    }
    try {
        entry->geometry = std::make_shared<const table::GeometryColumn>(crs::transformed(own, crs, run));
    } catch (...) {
        if (cache->budget)
            cache->budget->give_back(bytes);
        throw;
    }
    cache->taken += bytes;
    return entry->geometry;
}

namespace {

std::shared_ptr<Snapshot::Cache::Part> part_of(const Snapshot& all, const project::SeenRows& seen)
{
    const std::string filter = project::filter_expression(seen);
    const std::lock_guard lock(all.cache->mutex);
    std::shared_ptr<Snapshot::Cache::Part>& slot = all.cache->parts[filter];
    if (!slot)
        slot = std::make_shared<Snapshot::Cache::Part>();
    return slot;
}

/// Under the part's lock.
void find_rows(const Snapshot& all, const project::SeenRows& seen, Snapshot::Cache::Part& part)
{
    if (part.rows_known)
        return;
    if (auto rows = project::rows_seen(all.table, seen))
        part.rows = std::make_shared<const std::vector<std::int64_t>>(std::move(*rows));
    part.rows_known = true;
}

}  // namespace

std::shared_ptr<const std::vector<std::int64_t>> seen_rows(const Snapshot& all, const project::SeenRows& seen)
{
    if (seen.all())
        return {};
    const auto part = part_of(all, seen);
    const std::lock_guard lock(part->mutex);
    find_rows(all, seen, *part);
    return part->rows;
}

namespace {

/// What the source gives in a window is the same with fewer rows.
void take_windows(Snapshot& part, const Snapshot& all, const std::vector<std::int64_t>& rows)
{
    part.complete = all.complete;
    part.exact_window = all.exact_window;
    part.whole = all.whole;
    if (all.window_order.empty())
        return;
    std::vector<std::int32_t> new_row(all.fids.size(), -1);
    for (std::size_t i = 0; i < rows.size(); ++i)
        new_row[static_cast<std::size_t>(rows[i])] = static_cast<std::int32_t>(i);
    part.window_place.assign(rows.size(), -1);
    for (const std::int32_t row : all.window_order)
        if (const std::int32_t here = new_row[static_cast<std::size_t>(row)]; here >= 0) {
            part.window_place[static_cast<std::size_t>(here)] = static_cast<std::int32_t>(part.window_order.size());
            part.window_order.push_back(here);
        }
    if (part.window_order.empty())
        part.window_place.clear();
}

}  // namespace

std::shared_ptr<const Snapshot> seen_part(std::shared_ptr<const Snapshot> all, const project::SeenRows& seen, base::RunContext& run)
{
    const auto part = part_of(*all, seen);
    const std::lock_guard lock(part->mutex);
    if (!part->known) {
        find_rows(*all, seen, *part);
        if (part->rows) {
            std::vector<std::int64_t> fids;
            fids.reserve(part->rows->size());
            for (const std::int64_t row : *part->rows)
                fids.push_back(all->fids[static_cast<std::size_t>(row)]);
            std::unique_ptr<Snapshot> snapshot = make_snapshot(all->table.take(*part->rows), std::move(fids), all->id_prefix, all->version, all->cache->budget, run);
            take_windows(*snapshot, *all, *part->rows);
            part->snapshot = std::move(snapshot);
        }
        part->known = true;
    }
    return part->snapshot ? part->snapshot : all;
}

std::size_t Snapshot::bytes() const
{
    return table.bytes() + index.bytes() + fids.size() * sizeof(std::int64_t) + (cache ? cache->taken.load() : 0);
}

}  // namespace stadtgdi::store
