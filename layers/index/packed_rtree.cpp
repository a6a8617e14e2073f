// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/base/parallel_for.hpp>
#include <layers/index/packed_rtree.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <queue>
#include <utility>

namespace stadtgdi::index {

using table::Box;

namespace {

constexpr std::size_t node_size = 16;
constexpr std::size_t grain = 8192;

/// Place of (x, y) on a Hilbert curve over 65536 x 65536 cells; bit tricks by rawrunprotected (public domain), as in flatbush.
std::uint32_t hilbert(std::uint32_t x, std::uint32_t y)
{
    std::uint32_t a = x ^ y, b = 0xFFFF ^ a, c = 0xFFFF ^ (x | y), d = x & (y ^ 0xFFFF);
    std::uint32_t A = a | (b >> 1), B = (a >> 1) ^ a, C = ((c >> 1) ^ (b & (d >> 1))) ^ c, D = ((a & (c >> 1)) ^ (d >> 1)) ^ d;
    for (const int shift : {2, 4}) {
        a = A, b = B, c = C, d = D;
        A = (a & (a >> shift)) ^ (b & (b >> shift));
        B = (a & (b >> shift)) ^ (b & ((a ^ b) >> shift));
        C ^= (a & (c >> shift)) ^ (b & (d >> shift));
        D ^= (b & (c >> shift)) ^ ((a ^ b) & (d >> shift));
    }
    a = A, b = B, c = C, d = D;
    C ^= (a & (c >> 8)) ^ (b & (d >> 8));
    D ^= (b & (c >> 8)) ^ ((a ^ b) & (d >> 8));
    a = C ^ (C >> 1);
    b = D ^ (D >> 1);
    const auto spread = [](std::uint32_t v) {
        v = (v | (v << 8)) & 0x00FF00FF;
        v = (v | (v << 4)) & 0x0F0F0F0F;
        v = (v | (v << 2)) & 0x33333333;
        return (v | (v << 1)) & 0x55555555;
    };
    const std::uint32_t i0 = x ^ y, i1 = b | (0xFFFF ^ (i0 | a));
    return spread(i1) << 1 | spread(i0);
}

struct Leaf {
    std::uint32_t place;  // on the curve
    std::uint32_t row;
};

/// Stable, hence the same order for any thread count: equal places stay in row order.
void sort_by_place(std::vector<Leaf>& leaves)
{
    constexpr std::size_t digits = 2048;  // 11 bits a pass, 3 passes
    std::array<std::array<std::size_t, digits>, 3> counts{};
    for (const Leaf& leaf : leaves) {
        ++counts[0][leaf.place & 2047];
        ++counts[1][leaf.place >> 11 & 2047];
        ++counts[2][leaf.place >> 22];
    }
    std::vector<Leaf> other(leaves.size());
    for (std::size_t pass = 0; pass < 3; ++pass) {
        std::size_t before = 0;
        for (std::size_t& count : counts[pass]) before += std::exchange(count, before);
        for (const Leaf& leaf : leaves) other[counts[pass][leaf.place >> (11 * pass) & 2047]++] = leaf;
        leaves.swap(other);
    }
}

double squared_distance(const Box& box, double x, double y)
{
    const double dx = std::max(std::max(box.xmin - x, x - box.xmax), 0.0), dy = std::max(std::max(box.ymin - y, y - box.ymax), 0.0);
    return dx * dx + dy * dy;
}

bool usable(const Box& box)
{
    return !box.empty() && std::isfinite(box.xmin) && std::isfinite(box.ymin) && std::isfinite(box.xmax) && std::isfinite(box.ymax);
}

std::vector<Box> boxes_of(const table::GeometryColumn& geometry, base::RunContext& run)
{
    std::vector<Box> out(geometry.size());
    base::parallel_for(run, out.size(), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t row = begin; row < end; ++row) out[row] = geometry.box(row);
    });
    return out;
}

}  // namespace

PackedRTree::PackedRTree(const table::GeometryColumn& geometry, base::RunContext& run) : PackedRTree(boxes_of(geometry, run), run) {}

PackedRTree::PackedRTree(std::vector<Box> boxes, base::RunContext& run)
{
    if (boxes.size() > UINT32_MAX)
        throw Error(ErrorKind::unsupported, {"A spatial index can hold no more than 4,294,967,295 rows.", "Ein räumlicher Index fasst höchstens 4.294.967.295 Zeilen."});
    Box extent = Box::none();
    std::vector<Leaf> leaves;
    leaves.reserve(boxes.size());
    for (std::size_t row = 0; row < boxes.size(); ++row) {
        if (!usable(boxes[row])) continue;
        extent.grow(boxes[row]);
        leaves.push_back({0, static_cast<std::uint32_t>(row)});
    }
    m_count = leaves.size();
    if (m_count == 0) return;

    const double width = extent.xmax - extent.xmin, height = extent.ymax - extent.ymin;
    const double scale_x = width > 0 ? 65535.0 / width : 0, scale_y = height > 0 ? 65535.0 / height : 0;
    base::parallel_for(run, m_count, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            const Box& box = boxes[leaves[i].row];
            const double x = ((box.xmin + box.xmax) / 2 - extent.xmin) * scale_x, y = ((box.ymin + box.ymax) / 2 - extent.ymin) * scale_y;
            leaves[i].place = hilbert(static_cast<std::uint32_t>(std::clamp(x, 0.0, 65535.0)), static_cast<std::uint32_t>(std::clamp(y, 0.0, 65535.0)));
        }
    });
    sort_by_place(leaves);

    std::size_t entries = m_count;
    m_level_starts.push_back(0);
    for (std::size_t level = m_count; level > 1;) {
        level = (level + node_size - 1) / node_size;
        m_level_starts.push_back(entries);
        entries += level;
    }
    m_boxes.resize(entries);
    m_rows.resize(entries);
    base::parallel_for(run, m_count, grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            m_boxes[i] = boxes[leaves[i].row];
            m_rows[i] = leaves[i].row;
        }
    });
    for (std::size_t level = 1; level < m_level_starts.size(); ++level) {
        const std::size_t below = m_level_starts[level - 1], start = m_level_starts[level];
        const std::size_t last = level + 1 < m_level_starts.size() ? m_level_starts[level + 1] : entries;
        base::parallel_for(run, last - start, grain / node_size, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const std::size_t first = below + i * node_size;
                Box box = Box::none();
                for (std::size_t child = first; child < std::min(first + node_size, start); ++child) box.grow(m_boxes[child]);
                m_boxes[start + i] = box;
                m_rows[start + i] = static_cast<std::int64_t>(first);
            }
        });
    }
}

Box PackedRTree::extent() const
{
    return m_boxes.empty() ? Box::none() : m_boxes.back();
}

std::size_t PackedRTree::bytes() const
{
    return m_boxes.size() * sizeof(Box) + m_rows.size() * sizeof(std::int64_t);
}

namespace {

/// Walks down where `wanted(box)` holds; at most 15 nodes wait on each of at most 8 levels.
template <class Wanted, class Visit>
void walk(const std::vector<Box>& boxes, const std::vector<std::int64_t>& rows, const std::vector<std::size_t>& level_starts,
          const Wanted& wanted, const Visit& visit)
{
    if (boxes.empty() || !wanted(boxes.back())) return;
    struct Entry {
        std::size_t at, level;
    };
    std::array<Entry, 160> stack;
    std::size_t waiting = 0;
    stack[waiting++] = {boxes.size() - 1, level_starts.size() - 1};
    while (waiting > 0) {
        const Entry entry = stack[--waiting];
        if (entry.level == 0) {  // a tree of one leaf
            if (!visit(rows[entry.at])) return;
            continue;
        }
        const auto first = static_cast<std::size_t>(rows[entry.at]);
        const std::size_t last = std::min(first + node_size, level_starts[entry.level]);
        if (entry.level == 1) {
            for (std::size_t i = first; i < last; ++i)
                if (wanted(boxes[i]) && !visit(rows[i])) return;
        } else {
            for (std::size_t i = last; i-- > first;)
                if (wanted(boxes[i])) stack[waiting++] = {i, entry.level - 1};
        }
    }
}

}  // namespace

std::vector<std::int64_t> PackedRTree::search(const Box& box) const
{
    std::vector<std::int64_t> out;
    if (m_count > 0 && covered_by(box)) {
        out.assign(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(m_count));
    } else {
        walk(m_boxes, m_rows, m_level_starts, [&](const Box& b) { return b.intersects(box); },
             [&](std::int64_t row) {
                 out.push_back(row);
                 return true;
             });
    }
    std::sort(out.begin(), out.end());
    return out;
}

void PackedRTree::visit(const Box& box, const std::function<bool(std::int64_t)>& visit_row) const
{
    walk(m_boxes, m_rows, m_level_starts, [&](const Box& b) { return b.intersects(box); }, visit_row);
}

bool PackedRTree::covered_by(const Box& box) const
{
    const Box all = extent();
    return all.empty() || (box.xmin <= all.xmin && box.ymin <= all.ymin && box.xmax >= all.xmax && box.ymax >= all.ymax);
}

std::vector<std::int64_t> PackedRTree::within(double x, double y, double radius_m) const
{
    std::vector<std::int64_t> out;
    if (!(radius_m >= 0)) return out;
    // Compared as lengths, not squares: a point exactly at the radius must not be lost to rounding of radius * radius.
    walk(m_boxes, m_rows, m_level_starts, [&](const Box& b) { return std::sqrt(squared_distance(b, x, y)) <= radius_m; },
         [&](std::int64_t row) {
             out.push_back(row);
             return true;
         });
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<PackedRTree::Neighbour> PackedRTree::nearest(double x, double y, std::size_t k, double max_distance_m,
                                                         const std::function<double(std::int64_t)>& distance) const
{
    std::vector<Neighbour> out;
    if (m_boxes.empty() || k == 0 || std::isnan(x) || std::isnan(y)) return out;
    enum Stage { node, boxed, exact };
    struct Candidate {
        double distance;
        Stage stage;
        std::size_t at, level;  // of a row: its number
        // Nodes and boxes before exact rows of the same distance, so that ties come out by row number.
        bool operator<(const Candidate& other) const
        {
            if (distance != other.distance) return distance > other.distance;
            if ((stage == exact) != (other.stage == exact)) return stage == exact;
            return at > other.at;
        }
    };
    std::priority_queue<Candidate> queue;
    // The k smallest exact distances seen so far: what is farther than the worst of them is not worth queueing.
    std::priority_queue<double> best_k;
    double limit = max_distance_m >= 0 ? max_distance_m : std::numeric_limits<double>::infinity();
    const auto found_exact = [&](double d) {
        best_k.push(d);
        if (best_k.size() > k) best_k.pop();
        if (best_k.size() == k) limit = std::min(limit, best_k.top());
    };
    const auto push = [&](std::size_t at, std::size_t level) {
        const double square = squared_distance(m_boxes[at], x, y);
        if (square > limit * limit * (1 + 1e-12)) return;  // spares most square roots
        const double d = std::sqrt(square);
        if (!(d <= limit)) return;
        if (level > 0) {
            queue.push({d, node, at, level});
        } else {
            if (!distance) found_exact(d);
            queue.push({d, distance ? boxed : exact, static_cast<std::size_t>(m_rows[at]), 0});
        }
    };
    push(m_boxes.size() - 1, m_level_starts.size() - 1);
    while (!queue.empty() && out.size() < k) {
        const Candidate best = queue.top();
        queue.pop();
        if (best.stage == exact) {
            out.push_back({static_cast<std::int64_t>(best.at), best.distance});
        } else if (best.stage == boxed) {
            const double d = distance(static_cast<std::int64_t>(best.at));
            if (!(d <= limit)) continue;
            found_exact(d);
            queue.push({d, exact, best.at, 0});
        } else {
            const auto first = static_cast<std::size_t>(m_rows[best.at]);
            for (std::size_t i = first; i < std::min(first + node_size, m_level_starts[best.level]); ++i) push(i, best.level - 1);
        }
    }
    return out;
}

}  // namespace stadtgdi::index
