// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/geometry/box_filter.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/selection.hpp>
#include <algorithm>
#include <functional>
#include <numeric>

namespace stadtgdi::ows {

namespace {

using Rows = std::vector<std::int64_t>;
using RowTest = std::function<bool(std::size_t row)>;

void keep(std::optional<Rows>& rows, std::size_t count, const RowTest& test)
{
    Rows kept;
    if (rows) {
        for (const std::int64_t row : *rows)
            if (test(static_cast<std::size_t>(row))) kept.push_back(row);
    } else {
        for (std::size_t row = 0; row < count; ++row)
            if (test(row)) kept.push_back(static_cast<std::int64_t>(row));
    }
    rows = std::move(kept);
}

/// Candidates of the index, then the exact test in the CRS of the box.
std::optional<Rows> rows_in_box(const store::Snapshot& snapshot, const BoxWithCrs& box, base::RunContext& run)
{
    if (!snapshot.table.has_geometry()) return Rows{};
    const table::GeometryColumn& own = snapshot.table.geometry();
    const bool same = own.crs() == box.crs.code;
    const table::Box around = same ? box.box : crs::transformed(box.box, box.crs.code, own.crs());
    if (around.empty()) return Rows{};
    const bool all_placed = snapshot.index.size() == snapshot.table.rows();
    if (same && all_placed && snapshot.index.covered_by(around)) return std::nullopt;
    Rows rows = snapshot.index.search(around);
    if (same) {
        std::erase_if(rows, [&](std::int64_t row) { return !geometry::intersects(own, static_cast<std::size_t>(row), box.box); });
        return rows;
    }
    if (const auto there = snapshot.geometry_in(box.crs.code, run)) {
        std::erase_if(rows, [&](std::int64_t row) { return !geometry::intersects(*there, static_cast<std::size_t>(row), box.box); });
        return rows;
    }
    const table::GeometryColumn there = crs::transformed(own.take(rows), box.crs.code, run);
    Rows kept;
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (geometry::intersects(there, i, box.box)) kept.push_back(rows[i]);
    return kept;
}

RowTest equality(const table::Column& column, const FeatureQuery::Equals& equals)
{
    const auto refuse = [&](const char* en, const char* de) {
        return invalid_parameter(equals.field, base::filled({"{0} is '{1}'; expected is {2}.", "{0} ist '{1}'; erwartet wird {3}."}, equals.field, equals.value, std::string(en), std::string(de)));
    };
    switch (column.type()) {
    case table::Type::text:
        if (column.is_dictionary()) {
            // The entries are distinct: one comparison each instead of one a row.
            std::vector<bool> wanted(column.dictionary().size());
            for (std::size_t i = 0; i < wanted.size(); ++i) wanted[i] = column.dictionary().text(i) == equals.value;
            return [&column, wanted](std::size_t row) { return column.valid(row) && wanted[static_cast<std::size_t>(column.codes()[row])]; };
        }
        return [&column, value = equals.value](std::size_t row) { return column.valid(row) && column.text(row) == value; };
    case table::Type::int64: {
        const auto value = parse_integer(equals.value);
        if (!value) throw refuse("a whole number", "eine ganze Zahl");
        return [&column, v = *value](std::size_t row) { return column.valid(row) && column.ints()[row] == v; };
    }
    case table::Type::float64: {
        const auto value = parse_number(equals.value);
        if (!value) throw refuse("a number", "eine Zahl");
        return [&column, v = *value](std::size_t row) { return column.valid(row) && column.doubles()[row] == v; };
    }
    case table::Type::boolean: {
        const bool yes = equals.value == "true" || equals.value == "1";
        if (!yes && equals.value != "false" && equals.value != "0") throw refuse("true or false", "true oder false");
        return [&column, yes](std::size_t row) { return column.valid(row) && (column.bools()[row] != 0) == yes; };
    }
    case table::Type::date: {
        std::int32_t days = 0;
        if (!table::parse_date(equals.value, days)) throw refuse("a date like 2024-06-07", "ein Datum wie 2024-06-07");
        return [&column, days](std::size_t row) { return column.valid(row) && column.dates()[row] == days; };
    }
    case table::Type::datetime: {
        std::int64_t microseconds = 0;
        if (!table::parse_datetime(equals.value, microseconds)) throw refuse("a time like 2024-06-07T19:05:41Z", "eine Zeit wie 2024-06-07T19:05:41Z");
        return [&column, microseconds](std::size_t row) { return column.valid(row) && column.datetimes()[row] == microseconds; };
    }
    }
    return [](std::size_t) { return false; };
}

RowTest in_time(const table::Column& column, const FeatureQuery::TimeRange& range)
{
    constexpr std::int64_t day = 86'400'000'000;
    const bool dates = column.type() == table::Type::date;
    return [&column, range, dates](std::size_t row) {
        if (!column.valid(row)) return true;
        const std::int64_t begin = dates ? column.dates()[row] * day : column.datetimes()[row];
        const std::int64_t end = dates ? begin + day - 1 : begin;
        return (!range.to || begin <= *range.to) && (!range.from || end >= *range.from);
    };
}

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

table::Box source_box(const project::PublishedLayer& layer, const BoxWithCrs& box)
{
    return box.crs.code == layer.crs ? box.box : crs::transformed(box.box, box.crs.code, layer.crs);
}

/// A box and paging are left to the source, which need not give all rows at once.
bool only_a_box(const FeatureQuery& query)
{
    return !query.fids && query.equals.empty() && !query.time && query.sort.empty();
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

Selection select(const FaceContext& context, const project::PublishedLayer& layer, const FeatureQuery& query)
{
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
    if (query.fids) {
        rows.emplace();
        for (const std::int64_t fid : *query.fids)
            if (const std::int64_t row = snapshot.row_of(fid); row >= 0) rows->push_back(row);
        std::sort(rows->begin(), rows->end());
        rows->erase(std::unique(rows->begin(), rows->end()), rows->end());
    }
    if (query.box) {
        auto boxed = rows_in_box(snapshot, *query.box, context.run);
        if (boxed && rows)
            std::erase_if(*rows, [&](std::int64_t row) { return !std::binary_search(boxed->begin(), boxed->end(), row); });
        else if (boxed)
            rows = std::move(boxed);
    }
    for (const auto& equals : query.equals) keep(rows, count, equality(snapshot.table.column(equals.field), equals));
    if (query.time) keep(rows, count, in_time(snapshot.table.column(query.time->field), *query.time));
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

}  // namespace stadtgdi::ows
