// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/rtree_writer.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

namespace stadtgdi::io::detail {
namespace {

// Layout of a node (SQLite's ext/rtree/rtree.c): depth (of the root) and number of cells, 2 bytes each, then cells of an
// 8 byte id and 4 floats, all big endian.
constexpr std::size_t header_bytes = 4, cell_bytes = 24;

/// One cell: a row in a leaf, a node above.
struct Cell {
    std::int64_t id;
    std::array<float, 4> box;  ///< xmin, xmax, ymin, ymax, rounded outwards
};

float down(double value)
{
    const auto rounded = static_cast<float>(value);
    return rounded > value ? std::nextafterf(rounded, -std::numeric_limits<float>::infinity()) : rounded;
}

float up(double value)
{
    const auto rounded = static_cast<float>(value);
    return rounded < value ? std::nextafterf(rounded, std::numeric_limits<float>::infinity()) : rounded;
}

template <class T> void put(std::vector<std::uint8_t>& node, std::size_t& at, T value)
{
    for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8)
        node[at++] = static_cast<std::uint8_t>(value >> shift & 0xFF);
}

std::vector<std::uint8_t> node_of(std::span<const Cell> cells, std::size_t size, int depth)
{
    std::vector<std::uint8_t> node(size, 0);
    std::size_t at = 0;
    put(node, at, static_cast<std::uint16_t>(depth));
    put(node, at, static_cast<std::uint16_t>(cells.size()));
    for (const Cell& cell : cells) {
        put(node, at, static_cast<std::uint64_t>(cell.id));
        for (const float side : cell.box)
            put(node, at, std::bit_cast<std::uint32_t>(side));
    }
    return node;
}

std::array<float, 4> around(std::span<const Cell> cells)
{
    std::array<float, 4> box = cells.front().box;
    for (const Cell& cell : cells) {
        box[0] = std::min(box[0], cell.box[0]);
        box[1] = std::max(box[1], cell.box[1]);
        box[2] = std::min(box[2], cell.box[2]);
        box[3] = std::max(box[3], cell.box[3]);
    }
    return box;
}

}  // namespace

std::vector<std::uint32_t> places_in_order(const table::GeometryColumn& shapes)
{
    const table::Box all = shapes.extent();
    const auto step = [](double value, double from, double to) {
        return to > from ? static_cast<std::uint32_t>(std::clamp((value - from) / (to - from), 0.0, 1.0) * 65535.0) : 0U;
    };
    const auto spread = [](std::uint32_t v) {
        v = (v | (v << 8)) & 0x00FF00FFU;
        v = (v | (v << 4)) & 0x0F0F0F0FU;
        v = (v | (v << 2)) & 0x33333333U;
        return (v | (v << 1)) & 0x55555555U;
    };
    std::vector<std::pair<std::uint32_t, std::uint32_t>> keys;
    keys.reserve(shapes.size());
    for (std::size_t row = 0; row < shapes.size(); ++row) {
        const table::Box box = shapes.box(row);
        if (box.empty())
            continue;
        const std::uint32_t x = step((box.xmin + box.xmax) / 2, all.xmin, all.xmax), y = step((box.ymin + box.ymax) / 2, all.ymin, all.ymax);
        keys.emplace_back(spread(x) | (spread(y) << 1), static_cast<std::uint32_t>(row));
    }
    std::sort(keys.begin(), keys.end());
    std::vector<std::uint32_t> rows;
    rows.reserve(keys.size());
    for (const auto& key : keys)
        rows.push_back(key.second);
    return rows;
}

void fill_rtree(SqliteDatabase& database, const std::string& tree, const table::GeometryColumn& shapes, const std::vector<std::int64_t>& ids,
                base::RunContext& run)
{
    const auto sizes = database.query("SELECT length(data) FROM " + sql_name(tree + "_node") + " WHERE nodeno = 1", {});
    const std::size_t node_bytes = sizes.empty() ? 0 : std::stoul(sizes.front().front().value_or("0"));
    const std::size_t capacity = node_bytes > header_bytes ? (node_bytes - header_bytes) / cell_bytes : 0;
    if (capacity < 4) {  // an R-tree of another making
        extend_rtree(database, tree, shapes, ids, run);
        return;
    }
    std::vector<Cell> level;
    for (const std::uint32_t row : places_in_order(shapes)) {
        const table::Box box = shapes.box(row);
        level.push_back({ids[row], {down(box.xmin), up(box.xmax), down(box.ymin), up(box.ymax)}});
    }
    SqliteStatement add_node(database.connection(), "INSERT OR REPLACE INTO " + sql_name(tree + "_node") + " VALUES (?, ?)", database.path());
    SqliteStatement add_parent(database.connection(), "INSERT INTO " + sql_name(tree + "_parent") + " VALUES (?, ?)", database.path());
    std::vector<std::pair<std::int64_t, std::int64_t>> leaf_of;  // row id, leaf
    leaf_of.reserve(level.size());
    const auto write_node = [&](std::int64_t number, std::span<const Cell> cells, int depth, int height) {
        const std::vector<std::uint8_t> node = node_of(cells, node_bytes, depth);
        add_node.bind(1, number);
        add_node.bind(2, std::span<const std::uint8_t>(node));
        add_node.step();
        for (const Cell& cell : cells) {
            if (height == 0) {
                leaf_of.emplace_back(cell.id, number);
                continue;
            }
            add_parent.bind(1, cell.id);
            add_parent.bind(2, number);
            add_parent.step();
        }
    };
    std::int64_t next = 2;  // the root is node 1
    int height = 0;
    while (level.size() > capacity) {
        run.throw_if_stopped();
        // Evenly filled, so that no node is emptier than SQLite allows.
        const std::size_t count = (level.size() + capacity - 1) / capacity;
        std::vector<Cell> above;
        above.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t first = level.size() * i / count, last = level.size() * (i + 1) / count;
            const std::span<const Cell> cells(level.data() + first, last - first);
            write_node(next, cells, 0, height);
            above.push_back({next, around(cells)});
            ++next;
        }
        level = std::move(above);
        ++height;
    }
    write_node(1, level, height, height);
    run.throw_if_stopped();
    std::sort(leaf_of.begin(), leaf_of.end());
    SqliteStatement add_row(database.connection(), "INSERT INTO " + sql_name(tree + "_rowid") + " VALUES (?, ?)", database.path());
    for (const auto& [id, leaf] : leaf_of) {
        add_row.bind(1, id);
        add_row.bind(2, leaf);
        add_row.step();
    }
}

void extend_rtree(SqliteDatabase& database, const std::string& tree, const table::GeometryColumn& shapes, const std::vector<std::int64_t>& ids,
                  base::RunContext& run)
{
    SqliteStatement statement(database.connection(), "INSERT OR REPLACE INTO " + sql_name(tree) + " VALUES (?, ?, ?, ?, ?)", database.path());
    std::size_t done = 0;
    for (const std::uint32_t row : places_in_order(shapes)) {
        if (done++ % 16384 == 0)
            run.throw_if_stopped();
        const table::Box box = shapes.box(row);
        statement.bind(1, ids[row]);
        statement.bind(2, box.xmin);
        statement.bind(3, box.xmax);
        statement.bind(4, box.ymin);
        statement.bind(5, box.ymax);
        statement.step();
    }
}

}  // namespace stadtgdi::io::detail
