// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/table/table.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace stadtgdi::operation {

using base::Text;

enum class Kind {
    layer,    ///< a table; see Parameter::geometry
    field,    ///< name of a column of the layer parameter `of`
    number, integer, boolean, text,
    choice,   ///< one of `choices`
    crs,      ///< "EPSG:25833"
    extent    ///< box in the CRS of the parameter `of` (a crs or layer parameter)
};

/// What a layer parameter accepts.
enum class Geometry { any, none, point, line, polygon };

struct Choice {
    std::string value;
    Text label;
};

using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, table::Box>;

/// Declared once; the Processing dialog, Python signature and docstring, command line, and reference page come from it.
struct Parameter {
    std::string name;                          ///< snake_case, unit in the name: "cell_size_m"
    Kind kind = Kind::number;
    Text label;
    Text help = {};
    bool optional = false;
    std::string unit = {};
    std::optional<double> minimum = {}, maximum = {};
    Value fallback = {};                       ///< default; monostate: none. Of an optional field: used where the layer has it
    std::vector<Choice> choices = {};
    Geometry geometry = Geometry::any;
    bool metric = false;                       ///< of a layer: Error where its CRS is geographic
    std::string of = {};                       ///< of a field or extent: name of the layer (or crs) parameter
    std::vector<table::Type> types = {};       ///< of a field: accepted types; empty: any
    std::string suggested_layer = {};          ///< name of a LayerDefinition that fits, "trees_tree"
};

struct OutputField {
    std::string name;
    table::Type type;
    Text label;
    std::string unit = {};
};

struct Output {
    std::string name;
    Text label;
    Geometry geometry = Geometry::none;
    std::vector<OutputField> fields;           ///< that the operation adds
    std::string copies = {};                   ///< name of the layer parameter whose columns and geometry it repeats; a table without geometry where that is not given
    bool optional = false;                     ///< made only on request
};

/// Values by parameter name, as every door hands them over.
class Inputs {
public:
    std::map<std::string, table::Table> tables;
    std::map<std::string, Value> values;
    std::vector<std::string> wanted;           ///< names of optional outputs asked for

    bool has(const std::string& name) const;   ///< given and not monostate
    const table::Table& table(const std::string& name) const;
    double number(const std::string& name) const;
    std::int64_t integer(const std::string& name) const;
    bool boolean(const std::string& name) const;
    const std::string& text(const std::string& name) const;   ///< text, choice, field, crs
    table::Box extent(const std::string& name) const;
    bool wants(const std::string& output) const;   ///< an optional output was asked for
    /// The column that a field parameter names, nullptr where it is optional and not given.
    const table::Column* column(const std::string& field_parameter, const std::string& layer_parameter) const;
};

struct Results {
    std::map<std::string, table::Table> tables;   ///< by output name
    std::vector<base::Finding> findings;
};

/// One operation: describe (this), check (touches no data) and run.
struct Operation {
    std::string id;                            ///< "trees.canopy_cover"
    Text title;
    Text abstract;                             ///< one paragraph, Markdown
    std::string source = {};                   ///< where the formula comes from
    std::vector<Parameter> parameters;
    std::vector<Output> outputs;
    std::function<Results(const Inputs&, base::RunContext&)> run;   ///< called with checked inputs only
    std::function<void(const Inputs&)> check_more = {};             ///< rules between parameters

    const Parameter* find(std::string_view name) const;
};

/// Fills defaults and checks presence, types, ranges, choices, geometry, CRS and field names; Error(invalid_argument)
/// that names the parameter, what was found and what was expected.
Inputs checked(const Operation& operation, Inputs inputs);

/// checked() then run().
Results run(const Operation& operation, Inputs inputs, base::RunContext& context);

/// A value from text as on a command line: "100", "true", "xmin,ymin,xmax,ymax".
Value value_of(const Parameter& parameter, const std::string& text);

/// The declarations as a JSON array, for people's tools and the reference pages: every member above, kinds and types
/// by name, texts as {"en", "de"}.
std::string json_of(const std::vector<Operation>& operations);

/// The visible, sorted list (layers/all_operations.cpp, target stadtgdi_operations).
const std::vector<Operation>& all_operations();
const Operation& find_operation(std::string_view id);   ///< Error(not_found) that lists near names

}  // namespace stadtgdi::operation
