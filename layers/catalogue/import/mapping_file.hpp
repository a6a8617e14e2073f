// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/mapping.hpp>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// A mapping file as plain values; docs/how_to/add_a_mapping.md tells what each key means.
namespace stadtgdi::catalogue::detail {

/// Stored code by source value.
using CodeTable = std::map<std::string, std::string, std::less<>>;

/// A source column has (or has not) one of some values; no values: it has any value at all.
struct Condition {
    std::string column;
    std::vector<std::string> values;
    bool negated = false;
};

/// How one field of a layer is filled from a source row.
struct FieldRule {
    const FieldDefinition* field = nullptr;
    std::vector<std::string> from;          ///< columns; the first that has a value counts
    std::string join;                       ///< name of the joined file that the columns are of
    std::string text;                       ///< "{street} {number}" instead of columns
    std::optional<std::string> constant;
    std::string measure;                    ///< "area" or "length" of the geometry, in the unit of the layer's CRS
    std::string object_layer;               ///< the text is the key of an object of this layer: its uuid is stored
    std::string json;                       ///< member of the JSON object that the column holds; lists become "a; b"
    std::vector<std::string> patterns;      ///< regular expressions; the first that matches counts, its first group is the value; none: no value
    bool chooses = false;                   ///< texts that no pattern matches are meant to be left out: no finding
    std::vector<std::string> nulls;         ///< taken for "no value", beside those of the source
    CodeTable codes;
    std::optional<std::string> otherwise;   ///< stored for values that `codes` does not know
    std::string unit;                       ///< of the source's numbers, where it is not the field's
    double factor = 1;
    std::vector<std::string> dates;         ///< "%d.%m.%Y", "epoch_ms", "epoch_s"; ISO 8601 is always known
    bool central_european_time = false;     ///< what the source's clock shows
};

enum class GeometryFrom { none, geometry, xy, wkt, wkb, cell };
enum class GeometryPart { whole, start, end, inside };

struct GeometryRule {
    GeometryFrom from = GeometryFrom::geometry;
    std::string x, y;                       ///< columns of `xy`
    std::string column;                     ///< of wkt, wkb and cell
    std::string crs;                        ///< of the coordinates; empty: as the source says
    GeometryPart part = GeometryPart::whole;
    bool required = true;                   ///< false: a row without position is kept and reported
};

struct TableRule {
    const LayerDefinition* layer = nullptr;
    std::string key;                        ///< template of the object's key in the source
    std::vector<Condition> when;            ///< any of them; none: always
    GeometryRule geometry;
    std::vector<FieldRule> fields;
};

struct JoinRule {
    std::string name;
    std::string files;                      ///< pattern of file names, beside the sources
    std::string records;                    ///< path into a JSON document
    std::string here, there;                ///< columns that are equal
};

struct SourceRule {
    std::string files;                      ///< pattern of file names; empty: all
    std::string layer;
    std::string where;
    std::string encoding;
    std::string records;
    std::vector<std::string> nulls;
    std::vector<std::string> ignored;       ///< columns left out on purpose; a trailing * stands for any ending
    std::vector<JoinRule> joins;
    std::vector<TableRule> tables;
};

/// Sums over the rows of a layer that belong to another row of it: a borough has the inhabitants of its districts.
struct TotalRule {
    const LayerDefinition* layer = nullptr;
    std::map<std::string, std::string> parts, wholes;  ///< field = value that picks the rows
    std::string part_key, whole_key;        ///< fields that are equal; empty: every part belongs to the whole
    std::vector<std::string> sum, same;     ///< fields that are summed, or taken over where all parts agree
};

struct Mapping {
    MappingInfo info;
    std::string source;                     ///< what the data are, for the layer's metadata
    bool demonstration = false;
    std::vector<SourceRule> sources;
    std::vector<TotalRule> totals;          ///< in this order, after all sources
};

/// Error(bad_data) that names file and line where the file is no mapping, names unknown layers, fields, codes or keys.
Mapping read_mapping(const std::filesystem::path& file);

/// A name of all_mappings() or a path; Error(not_found) lists the names.
Mapping find_mapping(const std::string& name_or_path);

/// "a*.json" against a file name; * stands for any characters, ? for one.
bool matches(std::string_view pattern, std::string_view name);

/// Column names in "{a} {b}".
std::vector<std::string> columns_of(std::string_view text);

}  // namespace stadtgdi::catalogue::detail
