// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/validate/detail/check.hpp>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace stadtgdi::validate::detail {

void steps_for_wheelchairs(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row)
        if (check.layer.text("kind", row) == "steps" && check.layer.text("wheelchair", row) == "full")
            check.report(row, "wheelchair",
                         {"Steps that wheelchairs can use: correct the kind or enter the ramp as a path of its own.",
                          "Eine Treppe, die mit Rollstuhl nutzbar ist: bitte die Art berichtigen oder die Rampe als eigenen Weg erfassen."});
}

void incline_range(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row)
        if (const auto incline = check.layer.number("incline_pct", row); incline && std::abs(*incline) > 40)
            check.report(row, "incline_pct", {"-40 to 40 % is expected; check unit and value.", "Erwartet werden -40 bis 40 %; bitte Einheit und Wert prüfen."});
}

void kerb_range(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const auto height = check.layer.number("kerb_cm", row);
        if (!height)
            continue;
        const std::string_view kind = check.layer.text("kerb", row);
        if (*height < 0 || *height > 30)
            check.report(row, "kerb_cm", {"0 to 30 cm is expected; probably another unit.", "Erwartet werden 0 bis 30 cm; vermutlich eine andere Einheit."});
        else if ((kind == "flush" && *height > 1) || (kind == "lowered" && *height > 3))
            check.report(static_cast<std::int64_t>(row), Severity::warning, "kerb_cm", table::number_text(*height),
                         kind == "flush" ? Text{"A flush kerb is 1 cm high at most; correct the height or the kind.", "Eine Nullabsenkung ist höchstens 1 cm hoch; bitte Höhe oder Art berichtigen."}
                                         : Text{"A lowered kerb is 3 cm high at most; correct the height or the kind.", "Ein abgesenkter Bord ist höchstens 3 cm hoch; bitte Höhe oder Art berichtigen."});
    }
}

void walking_isolated(Check& check)
{
    if (!check.layer.table.has_geometry())
        return;
    const GeometryColumn& lines = check.layer.table.geometry();
    std::vector<std::size_t> parent(check.layer.rows());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t edge) {
        while (parent[edge] != edge)
            edge = parent[edge] = parent[parent[edge]];
        return edge;
    };
    const auto unite = [&](std::size_t a, std::size_t b) {
        a = root(a);
        b = root(b);
        parent[std::max(a, b)] = std::min(a, b);
    };
    std::unordered_map<std::string_view, std::size_t> at_node;
    // Paths of OpenStreetMap are joined at any vertex that they share.
    std::vector<std::tuple<std::int64_t, std::int64_t, std::size_t>> places;
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        for (const char* field : {"from_node", "to_node"})
            if (const std::string_view node = check.layer.text(field, row); !node.empty())
                if (const auto [known, fresh] = at_node.emplace(node, row); !fresh)
                    unite(row, known->second);
        if (!check.layer.drawn(row))
            continue;
        const auto [begin, end] = lines.coordinates(row);
        for (std::size_t i = begin; i < end; ++i)
            places.emplace_back(std::llround(lines.x()[i] * 1000), std::llround(lines.y()[i] * 1000), row);
    }
    std::ranges::sort(places);
    for (std::size_t i = 1; i < places.size(); ++i)
        if (std::get<0>(places[i]) == std::get<0>(places[i - 1]) && std::get<1>(places[i]) == std::get<1>(places[i - 1]))
            unite(std::get<2>(places[i]), std::get<2>(places[i - 1]));

    std::vector<double> length(check.layer.rows());
    std::vector<std::size_t> edges(check.layer.rows());
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        length[root(row)] += geometry::length(lines, row);
        ++edges[root(row)];
    }
    constexpr double shortest_m = 50;
    if (length.empty() || *std::ranges::max_element(length) < shortest_m)
        return;  // only a sample
    for (std::size_t row = 0; row < check.layer.rows(); ++row)
        if (root(row) == row && length[row] > 0 && length[row] < shortest_m)
            check.report(static_cast<std::int64_t>(row), Severity::warning, "geom", table::number_text(std::round(length[row] * 10) / 10) + " m",
                         base::filled({"Edges of this length in all ({0}) are joined to no other path; nobody gets there. Join them or delete them.",
                                       "Wege von zusammen dieser Länge (Kanten: {0}) sind mit keinem anderen Weg verbunden und nicht erreichbar; bitte verbinden oder löschen."},
                                      std::to_string(edges[row])));
}

}  // namespace stadtgdi::validate::detail
