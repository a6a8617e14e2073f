// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/import/section.hpp>
#include <algorithm>

namespace stadtgdi::catalogue::detail {

/// The objects of a layer in the store: those of this mapping's earlier deliveries and those of others.
struct StoredObjects {
    std::unordered_set<std::string> own, others;
    std::int64_t own_rows = 0, other_rows = 0;
};

/// By layer, for the layers that the mapping fills.
using Stored = std::map<std::string, StoredObjects>;
Stored stored_objects(const City& city, const Mapping& mapping);

/// Says in the report how many rows of the earlier delivery the new one replaces and how many it removes.
void count_earlier(ImportState& state, const Stored& stored);

/// Stores what the sections made, in one transaction: rows of the mapping are replaced in all its layers (or added to, where
/// the import appends), all others stay. Error(io) where an object was imported by somebody else while the sources were read.
void store_tables(City& city, ImportState& state, const std::vector<std::string>& sources, std::int64_t files, base::RunContext& run);

/// Runs a step whose own progress, 0 to 1, is the part [from, to] of the whole and never steps back; its findings go to the report.
template <class Work> auto part(base::RunContext& run, ImportReport& report, double from, double to, Work work)
{
    base::RunContext inner(run.threads(), run.stop());
    double reached = 0;
    inner.on_progress = [&](double share, const base::Text& what) {
        reached = std::max(reached, share);
        run.progress(from + (to - from) * reached, what);
    };
    auto result = work(inner);
    std::ranges::move(inner.take_findings(), std::back_inserter(report.findings));
    return result;
}

}  // namespace stadtgdi::catalogue::detail
