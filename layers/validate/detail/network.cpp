// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/validate/detail/network.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace stadtgdi::validate::detail {

namespace {

constexpr double millimetre = 0.001, survey = 0.05;

using Place = std::tuple<std::string_view, std::int64_t, std::int64_t>;  // medium, x and y in millimetres

Place place_of(std::string_view medium, double x, double y) { return {medium, std::llround(x * 1000), std::llround(y * 1000)}; }

std::int32_t root_of(std::vector<std::int32_t>& parent, std::int32_t vertex)
{
    const auto up = [&](std::int32_t one) -> std::int32_t& { return parent[static_cast<std::size_t>(one)]; };
    while (up(vertex) != vertex)
        vertex = up(vertex) = up(up(vertex));
    return vertex;
}

void unite(std::vector<std::int32_t>& parent, std::int32_t a, std::int32_t b)
{
    a = root_of(parent, a);
    b = root_of(parent, b);
    parent[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
}

bool in_operation(const Layer& lines, std::size_t row)
{
    const std::string_view status = lines.text("status", row);
    return status.empty() || status == "in_operation" || status == "unknown";
}

}  // namespace

Network::Network(const Layer& all_lines, const Layer* all_nodes, Layers& all) : lines(&all_lines), nodes(all_nodes)
{
    std::map<Place, std::int32_t> at_place;
    for (std::size_t row = 0; nodes && row < nodes->rows(); ++row) {
        Vertex vertex{.x = std::nan(""), .y = std::nan(""), .node = static_cast<std::int64_t>(row)};
        if (nodes->drawn(row)) {
            const std::size_t at = nodes->table.geometry().coordinates(row).first;
            vertex.x = nodes->table.geometry().x()[at];
            vertex.y = nodes->table.geometry().y()[at];
            at_place.emplace(place_of(nodes->text("medium", row), vertex.x, vertex.y), static_cast<std::int32_t>(row));
        }
        vertices.push_back(vertex);
    }

    const auto* node_rows = all.rows_by("utilities_node", "uuid");
    const std::size_t count = lines->rows();
    const auto vertex_at_end = [&](std::size_t row, const char* field, bool last) -> std::int32_t {
        if (const std::string_view name = lines->text(field, row); !name.empty() && node_rows)
            if (const auto node = node_rows->find(name); node != node_rows->end())
                return static_cast<std::int32_t>(node->second);
        if (!lines->drawn(row))
            return none;
        const GeometryColumn& geometry = lines->table.geometry();
        const auto [begin, end] = geometry.coordinates(row);
        const std::size_t at = last ? end - 1 : begin;
        const auto [known, fresh] = at_place.emplace(place_of(medium(row), geometry.x()[at], geometry.y()[at]), static_cast<std::int32_t>(vertices.size()));
        if (fresh)
            vertices.push_back({.x = geometry.x()[at], .y = geometry.y()[at]});
        return known->second;
    };
    from.resize(count);
    to.resize(count);
    live.resize(count);
    for (std::size_t row = 0; row < count; ++row) {
        from[row] = vertex_at_end(row, "from_node", false);
        to[row] = vertex_at_end(row, "to_node", true);
        live[row] = in_operation(*lines, row);
        for (const std::int32_t vertex : {from[row], to[row]})
            if (vertex != none) {
                Vertex& one = vertices[static_cast<std::size_t>(vertex)];
                one.degree += live[row];
                if (one.line < 0)
                    one.line = static_cast<std::int64_t>(row);
            }
    }

    component.resize(vertices.size());
    std::iota(component.begin(), component.end(), 0);
    for (std::size_t row = 0; row < count; ++row)
        if (live[row] && from[row] != none && to[row] != none)
            unite(component, from[row], to[row]);
    if (lines->table.has_geometry())
        join_what_touches(all);
    for (std::size_t i = 0; i < component.size(); ++i)
        component[i] = root_of(component, static_cast<std::int32_t>(i));
}

void Network::join_what_touches(Layers& all)
{
    // A load or transformer that no line names stands on the node in its place that they do name.
    std::map<Place, std::int32_t> in_use;
    for (std::size_t i = 0; i < vertices.size(); ++i)
        if (vertices[i].degree > 0 && !std::isnan(vertices[i].x))
            in_use.emplace(place_of(medium(vertices[i]), vertices[i].x, vertices[i].y), static_cast<std::int32_t>(i));

    for (std::size_t i = 0; i < vertices.size(); ++i) {
        Vertex& vertex = vertices[i];
        const auto self = static_cast<std::int32_t>(i);
        const bool is_node = vertex.node >= 0;
        const bool loose_node = is_node && vertex.degree == 0, loose_end = !is_node && vertex.degree == 1;
        // House connections do not divide the sewer that they enter: their points lie on it, to the accuracy of the survey.
        const bool enters_sewer = is_node && medium(vertex) == "sewage" && nodes->text("node_type", static_cast<std::size_t>(vertex.node)) == "house_connection";
        if (std::isnan(vertex.x) || (!loose_node && !loose_end && !enters_sewer))
            continue;
        if (const auto holder = in_use.find(place_of(medium(vertex), vertex.x, vertex.y)); loose_node && holder != in_use.end()) {
            vertex.joined = vertices[static_cast<std::size_t>(holder->second)].joined = true;
            unite(component, self, holder->second);
            continue;
        }
        const double reach = enters_sewer ? survey : millimetre;
        for (const std::int64_t other : all.index_of(*lines).within(vertex.x, vertex.y, reach)) {
            const auto row = static_cast<std::size_t>(other);
            if (!live[row] || from[row] == self || to[row] == self || from[row] == none || medium(row) != medium(vertex))
                continue;
            // A node on a line that names nodes of its own is a fault, no branch.
            const bool fits = enters_sewer || (loose_end ? same_kind(row, static_cast<std::size_t>(vertex.line)) : lines->text("from_node", row).empty());
            if (!fits || geometry::distance(lines->table.geometry(), row, vertex.x, vertex.y) > reach)
                continue;
            vertex.joined = true;
            unite(component, self, from[row]);
        }
    }
}

std::string_view Network::medium(const Vertex& vertex) const
{
    return vertex.node >= 0 ? nodes->text("medium", static_cast<std::size_t>(vertex.node)) : medium(static_cast<std::size_t>(vertex.line));
}

bool Network::is_source(const Vertex& vertex) const
{
    if (vertex.node < 0)
        return false;
    const auto row = static_cast<std::size_t>(vertex.node);
    const std::string_view type = nodes->text("node_type", row);
    return type == "source" || nodes->number("is_source", row).value_or(0) != 0 || (type == "structure" && nodes->text("medium", row) == "sewage");
}

bool Network::same_kind(std::size_t a, std::size_t b) const
{
    return medium(a) == medium(b) && lines->text("sub_medium", a) == lines->text("sub_medium", b) && lines->number("level", a).value_or(0) == lines->number("level", b).value_or(0);
}

}  // namespace stadtgdi::validate::detail
