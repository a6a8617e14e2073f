// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/validate/detail/network.hpp>
#include <algorithm>
#include <cmath>
#include <set>

namespace stadtgdi::validate::detail {

namespace {

constexpr double tolerance_m = 0.05;   // closer than this, two things are meant to be one
constexpr double same_place_m = 0.001;

std::string centimetres(double metres) { return table::number_text(std::round(metres * 1000) / 10) + " cm"; }

std::int64_t row_in(const Layer& layer, const Network::Vertex& vertex)
{
    // Nodes are told in their own layer, ends without a node in that of the lines.
    return layer.name == "utilities_node" ? vertex.node : vertex.node < 0 ? vertex.line : -1;
}

const char* field_of(const Network& network, const Network::Vertex& vertex, std::size_t index)
{
    if (vertex.node >= 0)
        return "geom";
    return network.from[static_cast<std::size_t>(vertex.line)] == static_cast<std::int32_t>(index) ? "from_node" : "to_node";
}

index::PackedRTree index_of(const Network& network, base::RunContext& run)
{
    std::vector<table::Box> boxes;
    for (const Network::Vertex& vertex : network.vertices)
        boxes.push_back(std::isnan(vertex.x) ? table::Box::none() : table::Box{vertex.x, vertex.y, vertex.x, vertex.y});
    return {std::move(boxes), run};
}

struct Crossing {
    double x, y;
    double share_a, share_b;  // along the segments
};

// Where two segments cross each other inside; touching ends are no crossing.
std::optional<Crossing> crossing(double ax, double ay, double bx, double by, double cx, double cy, double dx, double dy)
{
    const double rx = bx - ax, ry = by - ay, sx = dx - cx, sy = dy - cy;
    const double across = rx * sy - ry * sx;
    if (std::abs(across) < 1e-9)
        return {};
    const double a = ((cx - ax) * sy - (cy - ay) * sx) / across, b = ((cx - ax) * ry - (cy - ay) * rx) / across;
    if (a < 0 || a > 1 || b < 0 || b > 1)
        return {};
    return Crossing{ax + a * rx, ay + a * ry, a, b};
}

// Height of the invert where the share of the length lies; nothing where it is not known at both ends.
std::optional<double> invert_at(const Layer& lines, std::size_t row, double share)
{
    const auto from = lines.number("invert_from_m", row), to = lines.number("invert_to_m", row);
    return from && to ? std::optional(*from + (*to - *from) * share) : std::nullopt;
}

bool at_different_heights(const Layer& lines, std::size_t a, double share_a, std::size_t b, double share_b)
{
    const auto invert_a = invert_at(lines, a, share_a), invert_b = invert_at(lines, b, share_b);
    if (invert_a && invert_b)
        return std::abs(*invert_a - *invert_b) > 0.1;
    const auto depth_a = lines.number("depth_m", a), depth_b = lines.number("depth_m", b);
    return depth_a && depth_b && std::abs(*depth_a - *depth_b) > 0.3;
}

bool near_an_end(const GeometryColumn& lines, std::size_t row, double x, double y)
{
    const auto [begin, end] = lines.coordinates(row);
    return std::hypot(lines.x()[begin] - x, lines.y()[begin] - y) <= tolerance_m || std::hypot(lines.x()[end - 1] - x, lines.y()[end - 1] - y) <= tolerance_m;
}

// First crossing of two lines away from their ends.
std::optional<Crossing> crossing(const GeometryColumn& lines, std::size_t a, std::size_t b)
{
    const auto x = lines.x(), y = lines.y();
    const auto [a_begin, a_end] = lines.coordinates(a);
    const auto [b_begin, b_end] = lines.coordinates(b);
    const table::Box box_b = lines.box(b);
    const double length_a = geometry::length(lines, a), length_b = geometry::length(lines, b);
    double along_a = 0;
    for (std::size_t i = a_begin; i + 1 < a_end; ++i) {
        const double step_a = std::hypot(x[i + 1] - x[i], y[i + 1] - y[i]);
        const table::Box box{std::min(x[i], x[i + 1]), std::min(y[i], y[i + 1]), std::max(x[i], x[i + 1]), std::max(y[i], y[i + 1])};
        double along_b = 0;
        for (std::size_t k = b_begin; box.intersects(box_b) && k + 1 < b_end; ++k) {
            const double step_b = std::hypot(x[k + 1] - x[k], y[k + 1] - y[k]);
            const auto at = crossing(x[i], y[i], x[i + 1], y[i + 1], x[k], y[k], x[k + 1], y[k + 1]);
            if (at && !near_an_end(lines, a, at->x, at->y) && !near_an_end(lines, b, at->x, at->y))
                return Crossing{at->x, at->y, (along_a + at->share_a * step_a) / length_a, (along_b + at->share_b * step_b) / length_b};
            along_b += step_b;
        }
        along_a += step_a;
    }
    return {};
}

}  // namespace

void nodes_nearly_meet(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network)
        return;
    std::set<std::pair<std::int32_t, std::int32_t>> joined;  // by a line between them
    for (std::size_t row = 0; row < network->from.size(); ++row)
        joined.emplace(std::min(network->from[row], network->to[row]), std::max(network->from[row], network->to[row]));
    const index::PackedRTree index = index_of(*network, check.layers.run());
    for (std::size_t i = 0; i < network->vertices.size(); ++i) {
        const Network::Vertex& vertex = network->vertices[i];
        const std::int64_t row = row_in(check.layer, vertex);
        if (row < 0 || std::isnan(vertex.x) || vertex.joined)
            continue;
        for (const std::int64_t at : index.within(vertex.x, vertex.y, tolerance_m)) {
            const auto k = static_cast<std::size_t>(at);
            const Network::Vertex& other = network->vertices[k];
            const double distance = std::hypot(vertex.x - other.x, vertex.y - other.y);
            // Each pair once, at the end that has no node or at the later node.
            if (k >= i || distance <= same_place_m || distance > tolerance_m || other.joined || network->medium(vertex) != network->medium(other) ||
                joined.contains({static_cast<std::int32_t>(k), static_cast<std::int32_t>(i)}))
                continue;
            check.report(row, Severity::error, field_of(*network, vertex, i), centimetres(distance),
                         base::filled({"Another end of the same network ({0}) is this near but not joined; join them or move them apart.",
                                       "Ein anderes Ende desselben Netzes ({1}) liegt so nahe, ist aber nicht verbunden; bitte verbinden oder auseinanderrücken."},
                                      other.node >= 0 ? "node, row " + row_number(other.node) : "line, row " + row_number(other.line),
                                      other.node >= 0 ? "Knoten, Zeile " + row_number(other.node) : "Leitung, Zeile " + row_number(other.line)));
            check.place(vertex.x, vertex.y);
            break;
        }
    }
}

void node_beside_line(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network || !network->lines->table.has_geometry())
        return;
    const GeometryColumn& lines = network->lines->table.geometry();
    const index::PackedRTree& index = check.layers.index_of(*network->lines);
    for (std::size_t i = 0; i < network->vertices.size(); ++i) {
        const Network::Vertex& vertex = network->vertices[i];
        const std::int64_t row = row_in(check.layer, vertex);
        // The end of a connection that has been taken out is joined to nothing.
        if (row < 0 || std::isnan(vertex.x) || vertex.joined || (vertex.node < 0 && vertex.degree == 0) || !Network::is_piped(network->medium(vertex)))
            continue;
        for (const std::int64_t at : index.within(vertex.x, vertex.y, tolerance_m)) {
            const auto line = static_cast<std::size_t>(at);
            const auto self = static_cast<std::int32_t>(i);
            const bool same = vertex.line >= 0 ? network->same_kind(line, static_cast<std::size_t>(vertex.line)) : network->medium(line) == network->medium(vertex);
            if (!network->live[line] || !same || network->from[line] == self || network->to[line] == self || near_an_end(lines, line, vertex.x, vertex.y))
                continue;
            const double distance = geometry::distance(lines, line, vertex.x, vertex.y);
            if (distance > tolerance_m)
                continue;
            check.report(row, Severity::error, field_of(*network, vertex, i), centimetres(distance),
                         base::filled({"This near to the line of row {0} but not joined to it; split the line here or move the node.",
                                       "So nahe an der Leitung in Zeile {0}, aber nicht mit ihr verbunden; bitte die Leitung hier teilen oder den Knoten verschieben."},
                                      row_number(at)));
            check.place(vertex.x, vertex.y);
            break;
        }
    }
}

void lines_cross(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network || !check.layer.table.has_geometry())
        return;
    const GeometryColumn& lines = check.layer.table.geometry();
    const index::PackedRTree& index = check.layers.index_of(check.layer);
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        if (row % 4096 == 0)
            check.layers.run().throw_if_stopped();
        if (!check.layer.drawn(row) || !network->live[row] || !Network::is_piped(network->medium(row)))
            continue;
        for (const std::int64_t at : index.search(lines.box(row))) {
            const auto other = static_cast<std::size_t>(at);
            if (other >= row || !network->live[other] || !network->same_kind(row, other))
                continue;
            const auto place = crossing(lines, row, other);
            if (!place || at_different_heights(check.layer, row, place->share_a, other, place->share_b))
                continue;
            check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", table::number_text(std::round(place->x * 100) / 100) + " " + table::number_text(std::round(place->y * 100) / 100),
                         base::filled({"Crosses the line of row {0} at the same level without a node; set a node or another level.",
                                       "Kreuzt die Leitung in Zeile {0} auf derselben Lageebene ohne Knoten; bitte Knoten setzen oder die Lageebene ändern."},
                                      row_number(at)));
            check.place(place->x, place->y);
        }
    }
}

}  // namespace stadtgdi::validate::detail
