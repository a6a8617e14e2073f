// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/measure.hpp>
#include <layers/validate/detail/network.hpp>
#include <layers/validate/detail/texts.hpp>
#include <algorithm>
#include <cmath>
#include <tuple>

namespace stadtgdi::validate::detail {

namespace {

bool is_mere_node(const Network& network, const Network::Vertex& vertex)
{
    if (vertex.node < 0)
        return true;
    const std::string_view type = network.nodes->text("node_type", static_cast<std::size_t>(vertex.node));
    return type == "junction" || type == "virtual";
}

/// What is one network: storm and foul sewers, flow and return, and the networks of two operators are not joined.
using Kind = std::tuple<std::string, std::string, std::string>;

Kind kind_of(const Network& network, std::size_t line)
{
    const std::string_view medium = network.medium(line);
    const bool apart = medium == "sewage" || medium == "heat";
    return {std::string(medium), apart ? std::string(network.lines->text("sub_medium", line)) : std::string(), std::string(network.lines->text("operator", line))};
}

}  // namespace

void end_dangling(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network || !network->lines->table.has_geometry())
        return;
    // Where a delivery was cut out of a larger plan its lines end at the edge.
    std::map<std::string_view, table::Box> extent;
    for (std::size_t row = 0; row < network->lines->rows(); ++row)
        if (network->lines->drawn(row))
            extent.emplace(network->medium(row), table::Box::none()).first->second.grow(network->lines->table.geometry().box(row));
    const bool nodes = check.layer.name == "utilities_node";
    const bool located = network->nodes && network->nodes->table.has_geometry();
    const auto device_within = [&](double reach_m, const Network::Vertex& end, std::string_view medium) {
        if (!located)
            return false;
        const std::vector<std::int64_t> near = check.layers.index_of(*network->nodes).within(end.x, end.y, reach_m);
        return std::ranges::any_of(near, [&](std::int64_t node) {
            const Network::Vertex& one = network->vertices[static_cast<std::size_t>(node)];
            return network->medium(one) == medium && !is_mere_node(*network, one);
        });
    };
    for (std::size_t i = 0; i < network->vertices.size(); ++i) {
        const Network::Vertex& vertex = network->vertices[i];
        if ((vertex.node >= 0) != nodes || vertex.degree != 1 || vertex.joined || !is_mere_node(*network, vertex))
            continue;
        const auto line = static_cast<std::size_t>(vertex.line);
        // A connection without a node for the house is no fault of the line.
        if (network->lines->text("function", line) == "service" || !network->live[line])
            continue;
        if (const auto box = extent.find(network->medium(line)); box != extent.end()) {
            const table::Box& edge = box->second;
            if (vertex.x - edge.xmin < 1 || edge.xmax - vertex.x < 1 || vertex.y - edge.ymin < 1 || edge.ymax - vertex.y < 1)
                continue;
        }
        // Return pipes are often drawn beside the station in which they end.
        if (!nodes && device_within(2, vertex, network->medium(line)))
            continue;
        if (nodes)
            check.report(static_cast<std::size_t>(vertex.node), "node_type",
                         {"Only one line ends here, and it is no device; set the kind of node (end, house connection ...) or join the line.",
                          "Hier endet nur eine Leitung, und der Knoten ist kein Betriebsmittel; bitte die Knotenart setzen (Leitungsende, Hausanschluss ...) oder die Leitung verbinden."});
        else {
            check.report(line, network->from[line] == static_cast<std::int32_t>(i) ? "from_node" : "to_node",
                         {"The line ends here without a node and without another line; name the node or join the line.",
                          "Die Leitung endet hier ohne Knoten und ohne andere Leitung; bitte den Knoten angeben oder die Leitung verbinden."});
            check.place(vertex.x, vertex.y);
        }
    }
}

void node_superfluous(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network)
        return;
    std::vector<std::int64_t> first(check.layer.rows(), -1), second(check.layer.rows(), -1);
    for (std::size_t line = 0; line < network->from.size(); ++line)
        for (const std::int32_t end : {network->from[line], network->to[line]})
            if (end != Network::none && static_cast<std::size_t>(end) < first.size())
                (first[static_cast<std::size_t>(end)] < 0 ? first : second)[static_cast<std::size_t>(end)] = static_cast<std::int64_t>(line);
    std::vector<std::size_t> superfluous;
    for (std::size_t node = 0; node < check.layer.rows(); ++node) {
        const Network::Vertex& vertex = network->vertices[node];
        if (vertex.degree != 2 || second[node] < 0 || !is_mere_node(*network, vertex))
            continue;
        const bool equal = std::ranges::all_of(std::initializer_list<std::string_view>{"medium", "sub_medium", "line_type", "function", "status", "operator", "street_name", "diameter_mm",
                                                                                     "outer_diam_mm", "material", "type_text", "install_year", "voltage_kv", "pressure_bar", "level"},
                                               [&](std::string_view field) {
                                                   const Column* column = network->lines->column(field);
                                                   return !column || column->as_text(static_cast<std::size_t>(first[node])) == column->as_text(static_cast<std::size_t>(second[node]));
                                               });
        if (equal)
            superfluous.push_back(node);
    }
    // Some operators cut all their lines at each bend or joint: that is one remark, not thousands.
    if (superfluous.size() > 100) {
        check.report(-1, Severity::info, "node_type", std::to_string(superfluous.size()),
                     base::filled({"{0} of {1} nodes (the first is row {2}) only divide lines that are equal; they can be joined to one line each.",
                                   "{0} von {1} Knoten (der erste in Zeile {2}) teilen nur gleichartige Leitungen; diese lassen sich zusammenfassen."},
                                  std::to_string(superfluous.size()), std::to_string(check.layer.rows()), row_number(superfluous.front())));
        return;
    }
    for (const std::size_t node : superfluous)
        check.report(node, "node_type",
                     base::filled({"The node only divides two equal lines (rows {0} and {1}); they can be joined to one.",
                                   "Der Knoten teilt nur zwei gleichartige Leitungen (Zeilen {0} und {1}); sie lassen sich zusammenfassen."},
                                  row_number(first[node]), row_number(second[node])));
}

void network_isolated(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network)
        return;
    struct Part {
        std::size_t first_line = 0, lines = 0;
        double length_m = 0;
        bool fed = false;
    };
    std::map<std::int32_t, Part> parts;  // by component
    for (std::size_t line = 0; line < network->from.size(); ++line) {
        if (!network->live[line] || network->from[line] == Network::none)
            continue;
        Part& part = parts[network->component[static_cast<std::size_t>(network->from[line])]];
        if (part.lines++ == 0)
            part.first_line = line;
        part.length_m += geometry::length(check.layer.table.geometry(), line);
    }
    for (std::size_t i = 0; i < network->vertices.size(); ++i)
        if (network->is_source(network->vertices[i]))
            if (const auto part = parts.find(network->component[i]); part != parts.end())
                part->second.fed = true;
    // Where no source is known the largest part is taken for the network.
    std::map<Kind, const Part*> main;
    std::map<Kind, bool> has_source;
    for (const auto& [id, part] : parts) {
        const Kind kind = kind_of(*network, part.first_line);
        has_source[kind] |= part.fed;
        const Part*& largest = main[kind];
        if (!largest || part.length_m > largest->length_m)
            largest = &part;
    }
    for (const auto& [id, part] : parts) {
        const Kind kind = kind_of(*network, part.first_line);
        if (part.fed || (!has_source[kind] && main[kind] == &part))
            continue;
        const bool sewer = network->medium(part.first_line) == "sewage";
        const Text missing = !has_source[kind] ? Text{"the rest of the network", "dem übrigen Netz"} : sewer ? Text{"an outfall", "einem Auslauf"} : Text{"a source", "einer Einspeisung"};
        check.report(static_cast<std::int64_t>(part.first_line), Severity::warning, "from_node", metres(part.length_m),
                     base::filled({"This line and those joined to it ({0} in all) have no connection to {1}; join them or complete the delivery.",
                                   "Diese und die mit ihr verbundenen Leitungen (zusammen {0}) haben keine Verbindung zu {2}; bitte verbinden oder die Lieferung vervollständigen."},
                                  std::to_string(part.lines), missing.en, missing.de));
    }
}

void direction_missing(Check& check)
{
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        // Pressure sewers may be filled from both sides.
        if (check.layer.text("medium", row) != "sewage" || check.layer.number("pressure_bar", row).value_or(0) > 0)
            continue;
        const std::string_view direction = check.layer.text("flow_dir", row);
        if (direction == "both")
            check.report(row, "flow_dir", {"A gravity sewer flows in one direction only; forward or backward is expected.",
                                           "Ein Freispiegelkanal fließt nur in eine Richtung; erwartet wird „forward“ oder „backward“."});
        else if (direction.empty() || direction == "unknown")
            check.report(static_cast<std::int64_t>(row), Severity::warning, "flow_dir", std::string(direction),
                         {"The direction of flow of this sewer is not known; nothing can be traced through it. Enter forward or backward.",
                          "Die Fließrichtung dieses Kanals ist unbekannt; eine Netzverfolgung ist hier nicht möglich. Bitte „forward“ oder „backward“ eintragen."});
    }
}

void diameter_shrinks(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network)
        return;
    struct Flow {
        std::int64_t in = -1, out = -1;  // widest line
    };
    std::vector<Flow> flows(network->vertices.size());
    const auto width = [&](std::int64_t line) { return line < 0 ? 0 : check.layer.number("diameter_mm", static_cast<std::size_t>(line)).value_or(0); };
    for (std::size_t line = 0; line < network->from.size(); ++line) {
        const std::string_view direction = check.layer.text("flow_dir", line);
        if (!network->live[line] || network->medium(line) != "sewage" || (direction != "forward" && direction != "backward"))
            continue;
        const bool forward = direction == "forward";
        const std::int32_t upper = forward ? network->from[line] : network->to[line], lower = forward ? network->to[line] : network->from[line];
        const auto widest = [&](std::int64_t& known) {
            if (known < 0 || width(static_cast<std::int64_t>(line)) > width(known))
                known = static_cast<std::int64_t>(line);
        };
        if (upper != Network::none)
            widest(flows[static_cast<std::size_t>(upper)].out);
        if (lower != Network::none)
            widest(flows[static_cast<std::size_t>(lower)].in);
    }
    for (const Flow& flow : flows) {
        if (width(flow.in) <= 0 || width(flow.out) <= 0 || width(flow.out) >= width(flow.in))
            continue;
        check.report(static_cast<std::size_t>(flow.out), "diameter_mm",
                     base::filled({"Narrower than the sewer that flows into it: {0} mm in row {1}; check both diameters.",
                                   "Enger als der zulaufende Kanal: {0} mm in Zeile {1}; bitte beide Durchmesser prüfen."},
                                  table::number_text(width(flow.in)), row_number(flow.in)));
    }
}

void invert_against_ground(Check& check)
{
    // The cover of a manhole lies in the ground's surface: the terrain is known where it is.
    constexpr double deepest_m = 10;
    const auto judge = [&](std::size_t row, const char* field, std::optional<double> invert, std::optional<double> cover) {
        if (!invert || !cover || (*invert <= *cover && *cover - *invert <= deepest_m))
            return;
        check.report(row, field,
                     *invert > *cover ? base::filled({"The invert lies above the cover level of {0} m; one of both is wrong.", "Die Sohle liegt über der Deckelhöhe von {0} m; eine der Höhen ist falsch."},
                                                     table::number_text(*cover))
                                      : base::filled({"The invert lies more than 10 m below the cover level of {0} m; check both heights.",
                                                      "Die Sohle liegt mehr als 10 m unter der Deckelhöhe von {0} m; bitte beide Höhen prüfen."},
                                                     table::number_text(*cover)));
    };
    if (check.layer.name == "utilities_node") {
        for (std::size_t row = 0; row < check.layer.rows(); ++row)
            judge(row, "invert_m", check.layer.number("invert_m", row), check.layer.number("cover_m", row));
        return;
    }
    const Network* network = check.layers.utilities();
    if (!network || !network->nodes)
        return;
    const auto cover = [&](std::int32_t vertex) {
        const std::int64_t node = vertex == Network::none ? -1 : network->vertices[static_cast<std::size_t>(vertex)].node;
        return node < 0 ? std::nullopt : network->nodes->number("cover_m", static_cast<std::size_t>(node));
    };
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        judge(row, "invert_from_m", check.layer.number("invert_from_m", row), cover(network->from[row]));
        judge(row, "invert_to_m", check.layer.number("invert_to_m", row), cover(network->to[row]));
    }
}

void customer_unsupplied(Check& check)
{
    const Network* network = check.layers.utilities();
    if (!network)
        return;
    // Sewage flows away; a medium whose sources are in no delivery says nothing.
    std::map<std::string, bool, std::less<>> has_source;
    std::vector<bool> fed(network->vertices.size());
    for (std::size_t i = 0; i < network->vertices.size(); ++i)
        if (network->is_source(network->vertices[i])) {
            fed[static_cast<std::size_t>(network->component[i])] = true;
            has_source[std::string(network->medium(network->vertices[i]))] = true;
        }
    for (std::size_t row = 0; row < check.layer.rows(); ++row) {
        const std::string_view medium = check.layer.text("medium", row), status = check.layer.text("status", row);
        if (check.layer.text("node_type", row) != "house_connection" || medium == "sewage" || !has_source.contains(medium) || (!status.empty() && status != "in_operation"))
            continue;
        if (!fed[static_cast<std::size_t>(network->component[row])])
            check.report(row, "node_type",
                         {"No source reaches this house connection, even with all valves open; check the lines to it.",
                          "Dieser Hausanschluss ist auch bei offenen Armaturen von keiner Einspeisung erreichbar; bitte die Leitungen dorthin prüfen."});
    }
}

}  // namespace stadtgdi::validate::detail
