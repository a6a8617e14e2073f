// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <layers/index/packed_rtree.hpp>
#include <layers/validate/validate.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace stadtgdi::validate::detail {

using base::Severity;
using base::Text;
using table::Column;
using table::GeometryColumn;

/// One layer as the rules see it.
struct Layer {
    std::string name;
    const catalogue::LayerDefinition* definition = nullptr;  ///< none: a table of the user's own
    table::Table table;

    const Column* column(std::string_view field) const { return table.find(field); }
    std::size_t rows() const { return table.rows(); }
    /// A number that a row has; nothing for null and where the layer has no such field.
    std::optional<double> number(std::string_view field, std::size_t row) const;
    std::string_view text(std::string_view field, std::size_t row) const;
    /// The row has a geometry with coordinates.
    bool drawn(std::size_t row) const;
    /// What the store declares for the layer; without a store what the definition says.
    std::optional<catalogue::Disclosure> disclosure = {};
};

struct Network;  // network.hpp

/// What every rule gets: the layers of the store, read on first use, and the day to which ages refer.
class Layers {
public:
    Layers(const catalogue::City& city, base::RunContext& run);
    Layers(const std::map<std::string, table::Table>& tables, base::RunContext& run);

    const std::vector<std::string>& names() const { return m_names; }
    /// nullptr where the store has no such layer.
    const Layer* find(const std::string& name);
    const index::PackedRTree& index_of(const Layer& layer);
    /// Row of the value in a column that is unique, e.g. "buildings_place.uuid".
    const std::map<std::string, std::int64_t, std::less<>>* rows_by(const std::string& layer, const std::string& field);

    /// The utility lines and nodes as a graph; nullptr where the store has no lines.
    const Network* utilities();

    std::int32_t reference_day = 0;
    std::int64_t reference_time_us = 0;   ///< nothing is recorded later
    int reference_year() const;
    base::RunContext& run() { return *m_run; }

private:
    Layer with_definition(const std::string& name, table::Table table) const;

    const catalogue::City* m_city = nullptr;
    base::RunContext* m_run;
    std::map<std::string, catalogue::Disclosure> m_disclosures;
    std::shared_ptr<const Network> m_network;
    std::map<std::string, Layer> m_layers;
    std::map<std::string, index::PackedRTree> m_indexes;
    std::map<std::string, std::map<std::string, std::int64_t, std::less<>>> m_rows_by;
    std::vector<std::string> m_names;
};

/// A row in a text, as every face counts them: from one.
template <class Row> std::string row_number(Row row) { return std::to_string(static_cast<std::int64_t>(row) + 1); }

/// One rule on one layer.
class Check {
public:
    Check(const Rule& rule, const Layer& which, Layers& all, std::vector<base::Finding>& findings)
        : layer(which), layers(all), m_rule(&rule), m_findings(&findings)
    {
    }
    const Layer& layer;
    Layers& layers;

    /// row < 0: the whole layer. The severity must not be higher than the rule's.
    void report(std::int64_t row, Severity severity, std::string_view field, std::string value, Text message);
    /// The rule's own severity; the value is the field's.
    void report(std::size_t row, std::string_view field, Text message);
    /// A value that `missing` of `asked` rows lack: one finding each, `message`; one for the layer, `once`, where most lack it, for then
    /// the delivery lacks it as a whole. In `once` {0} is their number, {1} the number asked and {2} the first of them.
    void report_missing(const std::vector<std::size_t>& missing, std::size_t asked, Severity severity, std::string_view field, const Text& message, const Text& once);
    /// Places the last finding elsewhere than at the first coordinate of its row.
    void place(double x, double y);

private:
    const Rule* m_rule;
    std::vector<base::Finding>* m_findings;
};

struct RuleEntry {
    Rule rule;
    void (*run)(Check&);
};
const std::vector<RuleEntry>& rule_entries();

// general.cpp
void geometry_missing(Check&);
void geometry_invalid(Check&);
void geometry_far_outside(Check&);
void coordinates_swapped(Check&);
void uuid_repeated(Check&);
void required_missing(Check&);
void code_unknown(Check&);
void life_span_backward(Check&);
void recorded_in_future(Check&);
void number_implausible(Check&);
void text_garbled(Check&);
void personal_data(Check&);
void reference_dangling(Check&);
// trees.cpp
void planting_year_in_future(Check&);
void planting_year_too_old(Check&);
void tree_too_old(Check&);
void crown_range(Check&);
void height_range(Check&);
void girth_range(Check&);
void crown_against_height(Check&);
void girth_against_diameter(Check&);
void slenderness(Check&);
void girth_growth(Check&);
void inspection_overdue(Check&);
// trees_states.cpp
void inspection_missing(Check&);
void inspection_of_no_tree(Check&);
void planned_tree_blocked(Check&);
void girth_shrank(Check&);
// trees_places.cpp
void tree_in_building(Check&);   // or in water
void tree_repeated(Check&);
void trees_too_close(Check&);
// trees_taxa.cpp
void taxon_unknown(Check&);
// utilities.cpp
void line_without_length(Check&);
void line_repeated(Check&);
void node_dangling(Check&);
void counter_slope(Check&);
void medium_mismatch(Check&);
void material_impossible(Check&);
void install_year_range(Check&);
void outer_diameter_too_small(Check&);
void cover_range(Check&);
void connection_without_building(Check&);
void accuracy_missing(Check&);
// utilities_topology.cpp
void nodes_nearly_meet(Check&);
void node_beside_line(Check&);
void lines_cross(Check&);
// utilities_graph.cpp
void end_dangling(Check&);
void node_superfluous(Check&);
void network_isolated(Check&);
void direction_missing(Check&);
void diameter_shrinks(Check&);
void invert_against_ground(Check&);
void customer_unsupplied(Check&);
// disclosure.cpp
void disclosure_too_open(Check&);
// greenspace.cpp
void sites_overlap(Check&);
void site_sliver(Check&);
void site_tiny(Check&);
void access_unknown(Check&);
void sealing_range(Check&);
// greenspace_relations.cpp
void units_do_not_fit(Check&);
void site_without_way_in(Check&);
void object_type_against_alkis(Check&);
// buildings.cpp
void steps_against_height(Check&);
void entrance_units(Check&);
void ramp_slope(Check&);
void lift_cabin_range(Check&);
void survey_old(Check&);
// buildings_access.cpp
void entrance_missing(Check&);
void entrance_off_building(Check&);
void declared_better_than_measured(Check&);
void lift_not_described(Check&);
void wheelchair_contradicts(Check&);
void text_untranslated(Check&);
// walking.cpp
void steps_for_wheelchairs(Check&);
void incline_range(Check&);
void kerb_range(Check&);
void walking_isolated(Check&);
// statgrid.cpp
void cell_code_against_geometry(Check&);
void cell_code_damaged(Check&);
void cell_codes_differ(Check&);
void value_discloses(Check&);
void cells_against_districts(Check&);

}  // namespace stadtgdi::validate::detail
