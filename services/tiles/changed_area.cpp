// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/changed_area.hpp>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <tuple>

namespace stadtgdi::tiles {

namespace {

using table::Box;
using table::Column;
using table::GeometryColumn;

constexpr std::size_t most_boxes = 1024;  // more are taken together

bool same_bits(const double* a, const double* b, std::size_t count) { return std::memcmp(a, b, count * sizeof(double)) == 0; }

bool same_value(const Column& a, std::size_t i, const Column& b, std::size_t j)
{
    if (a.valid(i) != b.valid(j))
        return false;
    if (!a.valid(i))
        return true;
    switch (a.type()) {
    case table::Type::boolean: return a.bools()[i] == b.bools()[j];
    case table::Type::int64: return a.ints()[i] == b.ints()[j];
    case table::Type::float64: return same_bits(&a.doubles()[i], &b.doubles()[j], 1);
    case table::Type::text: return a.text(i) == b.text(j);
    case table::Type::date: return a.dates()[i] == b.dates()[j];
    case table::Type::datetime: return a.datetimes()[i] == b.datetimes()[j];
    }
    return false;
}

bool same_shape(const GeometryColumn& a, std::size_t i, const GeometryColumn& b, std::size_t j)
{
    if (a.valid(i) != b.valid(j))
        return false;
    const auto [first, last] = a.coordinates(i);
    const auto [other_first, other_last] = b.coordinates(j);
    const std::size_t count = last - first;
    if (count != other_last - other_first || !same_bits(a.x().data() + first, b.x().data() + other_first, count) || !same_bits(a.y().data() + first, b.y().data() + other_first, count))
        return false;
    if (a.has_z() && !same_bits(a.z().data() + first, b.z().data() + other_first, count))
        return false;
    // Parts and rings: the same steps from the row inwards.
    std::size_t begin = i, end = i + 1, other_begin = j, other_end = j + 1;
    for (int depth = 0; depth < a.level_count(); ++depth) {
        const auto starts = a.level(depth), other_starts = b.level(depth);
        if (end - begin != other_end - other_begin)
            return false;
        for (std::size_t k = 0; k <= end - begin; ++k)
            if (starts[begin + k] - starts[begin] != other_starts[other_begin + k] - other_starts[other_begin])
                return false;
        std::tie(begin, end) = std::pair(static_cast<std::size_t>(starts[begin]), static_cast<std::size_t>(starts[end]));
        std::tie(other_begin, other_end) = std::pair(static_cast<std::size_t>(other_starts[other_begin]), static_cast<std::size_t>(other_starts[other_end]));
    }
    return true;
}

bool comparable(const store::Snapshot& a, const store::Snapshot& b)
{
    if (!a.table.has_geometry() || !b.table.has_geometry() || !a.complete || !b.complete || a.table.columns().size() != b.table.columns().size())
        return false;
    const GeometryColumn &one = a.table.geometry(), &other = b.table.geometry();
    if (one.kind() != other.kind() || one.crs() != other.crs() || one.has_z() != other.has_z())
        return false;
    for (std::size_t i = 0; i < a.table.columns().size(); ++i)
        if (a.table.schema().fields[i].name != b.table.schema().fields[i].name || a.table.column(i).type() != b.table.column(i).type())
            return false;
    // Windows around everything have an order of their own, and may be such no more.
    return a.window_order.empty() == b.window_order.empty() && (a.window_order.empty() || a.whole == b.whole);
}

/// Rows in the order they are drawn in.
std::vector<std::int32_t> drawing_order(const store::Snapshot& rows)
{
    if (!rows.window_order.empty())
        return rows.window_order;
    std::vector<std::int32_t> order(rows.fids.size());
    std::iota(order.begin(), order.end(), 0);
    return order;
}

}  // namespace

std::optional<std::vector<Box>> changed_area(const store::Snapshot& before, const store::Snapshot& after)
{
    if (!comparable(before, after))
        return {};
    const GeometryColumn &old_shapes = before.table.geometry(), &shapes = after.table.geometry();
    std::vector<Box> boxes;
    const auto add = [&](const GeometryColumn& geometry, std::size_t row) {
        if (const Box box = geometry.box(row); !box.empty())
            boxes.push_back(box);
    };
    std::vector<std::int64_t> old_row_of(after.fids.size(), -1);  // of rows that are as they were
    std::vector<std::uint8_t> stayed(before.fids.size());
    for (std::size_t row = 0; row < after.fids.size(); ++row) {
        const std::int64_t old = before.row_of(after.fids[row]);
        bool same = old >= 0 && stayed[static_cast<std::size_t>(old)] == 0 && same_shape(old_shapes, static_cast<std::size_t>(old), shapes, row);
        for (std::size_t i = 0; same && i < after.table.columns().size(); ++i)
            same = same_value(before.table.column(i), static_cast<std::size_t>(old), after.table.column(i), row);
        if (same) {
            stayed[static_cast<std::size_t>(old)] = 1;
            old_row_of[row] = old;
        } else {
            add(shapes, row);
        }
    }
    for (std::size_t row = 0; row < stayed.size(); ++row)
        if (stayed[row] == 0)
            add(old_shapes, row);
    // Of two rows whose order changed one is out of place here, both in the order of windows and in that of the source.
    const auto add_moved = [&](const std::vector<std::int32_t>& order, const std::vector<std::int32_t>& old_place) {
        std::int64_t last = -1;
        for (const std::int32_t row : order) {
            const std::int64_t old = old_row_of[static_cast<std::size_t>(row)];
            if (old < 0)
                continue;
            const std::int64_t place = old_place.empty() ? old : old_place[static_cast<std::size_t>(old)];
            if (place < last)
                add(shapes, static_cast<std::size_t>(row));
            last = std::max(last, place);
        }
    };
    add_moved(drawing_order(after), before.window_place);
    if (!after.window_order.empty()) {
        std::vector<std::int32_t> plain(after.fids.size());
        std::iota(plain.begin(), plain.end(), 0);
        add_moved(plain, {});
    }
    if (boxes.size() > most_boxes) {
        Box all = Box::none();
        for (const Box& box : boxes)
            all.grow(box);
        boxes = {all};
    }
    return boxes;
}

}  // namespace stadtgdi::tiles
