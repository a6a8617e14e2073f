// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/geometry/relation.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/time_span.hpp>
#include <services/store/snapshot.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::ows {

struct Operand;
struct Predicate;
using OperandPtr = std::shared_ptr<const Operand>;      // trees share what is said twice (BETWEEN)
using PredicatePtr = std::shared_ptr<const Predicate>;  // trees are shared by queries and never changed

/// What a comparison compares: a field, a value, or something worked out from these. Made by FilterBuilder, which knows the types.
struct Operand {
    enum class Kind { field, value, nothing, arithmetic, casei, accenti } kind = Kind::value;  ///< nothing: null in every row
    table::Type type = table::Type::text;   ///< of what it gives; numbers are int64 or float64
    bool untyped = false;                   ///< a value as text whose type the other side decides (FES, equality by KVP)
    std::string field;                      ///< of Kind::field
    std::string text;                       ///< values: as given
    std::int64_t integer = 0;               ///< int64; boolean 0 or 1; date in days; datetime in microseconds
    double number = 0;                      ///< float64
    char operation = 0;                     ///< + - * / % d (div) ^
    std::vector<OperandPtr> operands = {};
};

enum class Comparison { equal, not_equal, less, greater, less_or_equal, greater_or_equal };

/// Of Allen: how one span of time lies to another.
enum class TimeRelation { after, before, contains, disjoint, during, equals, finished_by, finishes, intersects, meets, met_by, overlapped_by, overlaps, started_by, starts };

/// A side of a temporal comparison: a field, an instant or all of a day, month or year, or an interval of two of these (open where there is none).
struct TimeOperand {
    std::optional<TimeSpan> span;           ///< a value
    std::string from_field, to_field;       ///< of rows: the same twice for a single field
    bool is_interval = false;
};

/// A condition on the rows of one layer, whatever language it was said in. Null makes a comparison neither true nor false, as in SQL.
struct Predicate {
    enum class Kind { constant, all_of, any_of, none_of, compare, like, in, is_null, ids, box, relation, distance, time } kind = Kind::constant;
    bool constant = false;
    std::vector<PredicatePtr> parts = {};
    std::vector<OperandPtr> operands = {};  ///< of compare two, of like and is_null one, of in the value and its list
    Comparison comparison = Comparison::equal;
    bool match_case = true;
    std::string pattern = {};               ///< of like: as given
    char32_t wildcard = U'%', single = U'_', escape = U'\\';
    std::vector<std::int64_t> ids = {};     ///< ascending
    std::optional<BoxWithCrs> box = {};
    std::shared_ptr<const table::GeometryColumn> geometry = {};  ///< one row, x = easting or longitude; compared in its CRS. Shared by trees. Null: that of the row itself
    geometry::Relation relation = geometry::Relation::intersects;
    double distance = 0;                    ///< of distance: in units of the geometry's CRS
    bool beyond = false;
    std::vector<TimeOperand> times = {};    ///< two
    TimeRelation time_relation = TimeRelation::intersects;
    bool null_matches = false;              ///< of time: rows without a time match (OGC API datetime)
};

PredicatePtr all_of(std::vector<PredicatePtr> parts);
PredicatePtr any_of(std::vector<PredicatePtr> parts);
PredicatePtr negated(PredicatePtr part);
PredicatePtr constant(bool value);

/// A box, in the CRS of `place`, around all that lies both there and in the box; empty: nothing does. What of a box larger than
/// the CRS can show does not get lost so.
table::Box box_at(const BoxWithCrs& box, const table::Box& place, const std::string& crs);

/// The fields named anywhere in a tree, each once.
std::vector<std::string> fields_of(const Predicate& predicate);

/// Rows for which the predicate is true, in ascending order; nothing where these are all. The index answers what every match must lie in;
/// the rest is tested over columns, in parallel.
std::optional<std::vector<std::int64_t>> matching_rows(const store::Snapshot& rows, const Predicate& predicate, base::RunContext& run);

}  // namespace stadtgdi::ows
