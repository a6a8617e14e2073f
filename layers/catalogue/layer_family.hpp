// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <layers/table/schema.hpp>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::catalogue {

using base::Text;

/// Who may see a layer or a field. `kritis`: critical infrastructure, served to nobody without a role.
enum class Disclosure { open, internal, restricted, kritis };
std::string_view name_of(Disclosure disclosure);  ///< "public", "internal", "restricted", "kritis"
std::optional<Disclosure> disclosure_of(std::string_view name);

struct Code {
    std::string value;  ///< what is stored
    Text label;
};

/// Which rows should have a value although the sources of real cities often lack it: a row without is stored, and the
/// checks report it (V006, a warning).
struct Expected {
    std::string field = {};                ///< only rows whose field of this name ...
    std::vector<std::string> values = {};  ///< ... has one of these values; no field: all rows
};

struct FieldDefinition {
    std::string name;   ///< English snake_case, unit in the name where it has one
    table::Type type = table::Type::text;
    Text label;
    Text help = {};
    std::string unit = {};             ///< "m", "cm", "m2"
    std::vector<Code> codes = {};      ///< allowed values; empty: any
    bool required = false;             ///< a row without a value cannot be stored
    std::optional<Expected> expected = {};
    bool unique = false;
    std::optional<double> minimum = {}, maximum = {};
    std::string fallback = {};         ///< default of a new object: a literal, or "uuid()", "now()", "today()"
    std::string references = {};       ///< "buildings_building.uuid"
    Disclosure disclosure = Disclosure::open;
};

struct LayerDefinition {
    std::string name;                  ///< as stored, family first: "trees_tree"
    Text title;
    Text abstract;
    std::optional<table::GeometryKind> geometry;
    std::string crs = {};              ///< empty: the city's; "EPSG:3035" for the statistical grid
    std::vector<FieldDefinition> fields;
    Disclosure disclosure = Disclosure::open;
    std::string style = {};            ///< styles/qml/<family>/<style>.qml
    std::string label_field = {};      ///< names an object in lists, legends and feature info
    double min_scale = 0;              ///< denominators: shown from 1:min_scale (0: no limit) ...
    double max_scale = 0;              ///< ... to 1:max_scale

    const FieldDefinition* find(std::string_view field) const;
    table::Schema schema(const std::string& city_crs) const;
};

struct LayerFamily {
    std::string name;                  ///< "trees"
    Text title;
    Text abstract;
    std::vector<LayerDefinition> layers;
};

/// The visible, sorted list of all families (all_families.cpp): buildings, districts, greenspace, population,
/// statgrid, trees, utilities, walking.
const std::vector<LayerFamily>& all_families();
const LayerDefinition* find_layer(std::string_view name);
const LayerFamily& family_of(const LayerDefinition& layer);

}  // namespace stadtgdi::catalogue
