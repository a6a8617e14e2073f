// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/selection.hpp>
#include <algorithm>
#include <numeric>

namespace stadtgdi::ows {

namespace {

using Rows = std::vector<std::int64_t>;
int compare(const table::Column& column, std::size_t a, std::size_t b)
{
    const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    switch (column.type()) {
    case table::Type::text: return order(column.text(a), column.text(b));
    case table::Type::int64: return order(column.ints()[a], column.ints()[b]);
    case table::Type::float64: return order(column.doubles()[a], column.doubles()[b]);
    case table::Type::boolean: return order(column.bools()[a], column.bools()[b]);
    case table::Type::date: return order(column.dates()[a], column.dates()[b]);
    case table::Type::datetime: return order(column.datetimes()[a], column.datetimes()[b]);
    }
    return 0;
}

void sort_rows(Rows& rows, const table::Table& table, const std::vector<FeatureQuery::SortKey>& keys)
{
    std::vector<std::pair<const table::Column*, bool>> columns;
    for (const auto& key : keys) columns.emplace_back(&table.column(key.field), key.descending);
    std::stable_sort(rows.begin(), rows.end(), [&](std::int64_t a, std::int64_t b) {
        for (const auto& [shown, descending] : columns) {
            const table::Column& column = *shown;
            const auto i = static_cast<std::size_t>(a), j = static_cast<std::size_t>(b);
            if (column.valid(i) != column.valid(j)) return column.valid(i);
            if (!column.valid(i)) continue;
            if (const int c = compare(column, i, j); c != 0) return descending ? c > 0 : c < 0;
        }
        return false;
    });
}

/// Of what lies where the layer's CRS is meant for, and around: the extent that the layer had when it was published may have grown.
table::Box source_box(const project::PublishedLayer& layer, const BoxWithCrs& box)
{
    if (box.crs.code == layer.crs) return box.box;
    const crs::CrsInfo& info = crs::info(layer.crs);
    table::Box place = info.area_of_use;
    if (info.geographic || place.empty() || place.xmax > 180) return crs::transformed(box.box, box.crs.code, layer.crs);
    constexpr double degrees = 3;
    place = {std::max(place.xmin - degrees, -180.0), std::max(place.ymin - degrees, -89.0), std::min(place.xmax + degrees, 180.0), std::min(place.ymax + degrees, 89.0)};
    place = crs::transformed(place, "OGC:CRS84", layer.crs);
    place.grow(layer.extent);
    return box_at(box, place, layer.crs);
}

/// A box and paging are left to the source, which need not give all rows at once.
bool only_a_box(const FeatureQuery& query)
{
    return !query.fids && !query.where && query.sort.empty();
}

/// What a source can narrow by itself is taken out of the condition: ids and a box that every row must have.
FeatureQuery lifted(const FeatureQuery& query)
{
    FeatureQuery result = query;
    if (!query.where) return result;
    std::vector<PredicatePtr> rest;
    const bool several = query.where->kind == Predicate::Kind::all_of;
    for (const PredicatePtr& part : several ? query.where->parts : std::vector<PredicatePtr>{query.where}) {
        if (part->kind == Predicate::Kind::box && !result.box)
            result.box = part->box;
        else if (part->kind == Predicate::Kind::ids && !result.fids)
            result.fids = part->ids;
        else
            rest.push_back(part);
    }
    result.where = rest.empty() ? nullptr : all_of(std::move(rest));
    return result;
}

PredicatePtr condition_of(const FeatureQuery& query)
{
    std::vector<PredicatePtr> parts;
    if (query.fids) {
        auto ids = std::make_shared<Predicate>();
        ids->kind = Predicate::Kind::ids;
        ids->ids = *query.fids;
        std::ranges::sort(ids->ids);
        parts.push_back(std::move(ids));
    }
    if (query.box) {
        auto box = std::make_shared<Predicate>();
        box->kind = Predicate::Kind::box;
        box->box = query.box;
        parts.push_back(std::move(box));
    }
    if (query.where) parts.push_back(query.where);
    return parts.empty() ? nullptr : all_of(std::move(parts));
}

Selection at_source(const FaceContext& context, const project::PublishedLayer& layer, const FeatureQuery& query)
{
    Selection selection;
    if (query.box) {
        selection.source_box = source_box(layer, *query.box);
        if (selection.source_box.empty()) return selection;
    }
    selection.matched = context.project.count(layer.name, {.box = selection.source_box}, context.run);
    return selection;
}

/// What the source can narrow by itself, for this request alone; the rest is tested like the rows of any snapshot.
std::shared_ptr<const store::Snapshot> read_at_source(const FaceContext& context, const project::PublishedLayer& layer, const FeatureQuery& query)
{
    project::RowRequest wanted;
    wanted.fids = query.fids;
    if (query.box) {
        wanted.box = source_box(layer, *query.box);
        if (wanted.box.empty()) wanted.fids.emplace();  // nothing lies there
    }
    try {
        return context.project.query(layer.name, std::move(wanted), context.run);
    } catch (const base::Error& error) {
        if (error.kind() != base::ErrorKind::unsupported) throw;
        throw OwsException(Code::option_not_supported, "", {"This layer is too large for this filter; a smaller box helps.", "Dieser Layer ist für diesen Filter zu groß; ein kleinerer Ausschnitt hilft."});
    }
}

}  // namespace

Selection select(const FaceContext& context, const project::PublishedLayer& layer, const FeatureQuery& wanted)
{
    const FeatureQuery query = lifted(wanted);
    Selection selection;
    try {
        selection.snapshot = context.project.snapshot(layer.name, context.run);
    } catch (const base::Error& error) {
        if (error.kind() != base::ErrorKind::unsupported) throw;
        if (only_a_box(query)) return at_source(context, layer, query);
        selection.snapshot = read_at_source(context, layer, query);
    }
    const store::Snapshot& snapshot = *selection.snapshot;
    const std::size_t count = snapshot.table.rows();
    std::optional<Rows> rows;
    if (const PredicatePtr condition = condition_of(query)) rows = matching_rows(snapshot, *condition, context.run);
    if (!query.sort.empty()) {
        if (!rows) {
            rows.emplace(count);
            std::iota(rows->begin(), rows->end(), 0);
        }
        sort_rows(*rows, snapshot.table, query.sort);
    }
    selection.matched = static_cast<std::int64_t>(rows ? rows->size() : count);
    if (rows) selection.rows = std::make_shared<const Rows>(std::move(*rows));
    return selection;
}

table::GeometryKind written_kind(const FaceContext& context, const project::PublishedLayer& layer)
{
    const table::GeometryKind kind = *layer.geometry;
    if (table::multi_of(kind) == kind) return kind;  // whatever the rows have
    try {
        return context.project.snapshot(layer.name, context.run)->table.geometry().kind();
    } catch (const base::Error& error) {
        if (error.kind() != base::ErrorKind::unsupported && error.kind() != base::ErrorKind::io) throw;
        return kind;
    }
}

}  // namespace stadtgdi::ows
