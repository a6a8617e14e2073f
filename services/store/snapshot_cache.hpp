// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/seen_rows.hpp>
#include <services/store/snapshot.hpp>

#include <atomic>
#include <map>

namespace stadtgdi::store {

/// Bytes that all snapshots together may spend on coordinates in other CRS.
class CoordinateBudget {
public:
    explicit CoordinateBudget(std::size_t limit) : m_limit(limit) {}
    bool take(std::size_t bytes);
    void give_back(std::size_t bytes);

private:
    std::size_t m_limit;
    std::atomic<std::size_t> m_used = 0;
};

/// What a snapshot works out on first use.
struct Snapshot::Cache {
    struct Coordinates {
        std::mutex mutex;
        std::shared_ptr<const table::GeometryColumn> geometry;
        bool refused = false;  // the budget was spent
    };
    /// The rows of those who may not see all.
    struct Part {
        std::mutex mutex;
        bool rows_known = false, known = false;
        std::shared_ptr<const std::vector<std::int64_t>> rows;  // null: these are all rows; shared with maps that are being drawn
        std::shared_ptr<const Snapshot> snapshot;               // the same
    };
    std::mutex mutex;
    std::map<std::string, std::shared_ptr<Part>> parts;  // by filter; shared with those who wait for them
    std::map<std::string, std::shared_ptr<Coordinates>> coordinates;  // shared with those who wait for them
    std::vector<std::int64_t> rows_by_fid;                           // rows sorted by fid; empty where fids ascend by themselves
    bool fids_ascend = false;
    std::shared_ptr<CoordinateBudget> budget;  // the catalogue's one
    std::atomic<std::size_t> taken = 0;

    ~Cache();
};

/// A snapshot with its index. `budget` may be null: no limit.
std::unique_ptr<Snapshot> make_snapshot(table::Table table, std::vector<std::int64_t> fids, std::string layer, std::string version,
                                        std::shared_ptr<CoordinateBudget> budget, base::RunContext& run);

/// Numbers of the rows of a snapshot that are seen; null where these are all. Worked out once for each filter.
std::shared_ptr<const std::vector<std::int64_t>> seen_rows(const Snapshot& all, const project::SeenRows& seen);

/// The rows of a snapshot that are seen; the snapshot itself where these are all. Made once for each filter.
std::shared_ptr<const Snapshot> seen_part(std::shared_ptr<const Snapshot> all, const project::SeenRows& seen, base::RunContext& run);

}  // namespace stadtgdi::store
