// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/validate/detail/check.hpp>

namespace stadtgdi::validate::detail {

/// The utility lines of a store as a graph. A line ends at the node that it names; where it names none, at the node of
/// its medium in that place, else at a vertex of its own that it shares with the other ends there. A free end that lies
/// on a line of its kind is joined to it: deliveries without topology draw their branches so.
struct Network {
    Network(const Layer& lines, const Layer* nodes, Layers& all);

    static constexpr std::int32_t none = -1;
    struct Vertex {
        double x, y;
        std::int64_t node = -1;     ///< row in utilities_node; -1: an end of lines that has no node
        std::int64_t line = -1;     ///< row of the first line that ends here
        std::int32_t degree = 0;    ///< ends of lines in operation
        bool joined = false;        ///< to a line on which it lies, or to a node in the same place
    };

    const Layer* lines;
    const Layer* nodes;                    ///< may be nullptr
    std::vector<std::int32_t> from, to;    ///< vertex of each line, `none` where it has neither node nor geometry
    std::vector<bool> live;                ///< the line is in operation
    std::vector<Vertex> vertices;          ///< those of the nodes first, by their rows
    std::vector<std::int32_t> component;   ///< of each vertex: smallest vertex that is joined with it by lines in operation

    std::string_view medium(std::size_t line) const { return lines->text("medium", line); }
    std::string_view medium(const Vertex& vertex) const;
    /// Feeds the network; of sewers: where it drains to.
    bool is_source(const Vertex& vertex) const;
    /// Cables lie side by side in a trench and cross unjoined; what holds for pipes does not hold for them.
    static bool is_piped(std::string_view medium) { return medium == "gas" || medium == "water" || medium == "heat" || medium == "sewage"; }
    /// Lines that could be joined where they meet: of one medium, kind of network and level.
    bool same_kind(std::size_t a, std::size_t b) const;

private:
    void join_what_touches(Layers& all);
};

}  // namespace stadtgdi::validate::detail
