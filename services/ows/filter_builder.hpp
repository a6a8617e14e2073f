// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/predicate.hpp>
#include <functional>

namespace stadtgdi::ows {

/// What a filter may name: gives the field of a property, "" for the geometry; throws InvalidParameterValue for others.
using PropertyNames = std::function<std::string(std::string_view value_reference)>;
/// The fid of a resource id; nothing for ids of no feature of the type asked for.
using ResourceIds = std::function<std::optional<std::int64_t>(const std::string& id)>;

/// What a reader of filters knows of the layer; lives as long as it reads.
struct FilterContext {
    const project::ProjectModel& model;
    const project::PublishedLayer& layer;
    PropertyNames names;
    ResourceIds ids;
    CrsName fallback;             ///< of geometries that do not name theirs
    std::string parameter;        ///< locator of errors: "FILTER"
};

/// Builds predicates for all filter languages: checks names, types and sizes. Errors are InvalidParameterValue with the context's
/// parameter and name the property.
class FilterBuilder {
public:
    static constexpr int deepest = 64;
    static constexpr std::size_t most_terms = 2000, longest_text = 256 * 1024, most_vertices = 100'000;

    explicit FilterBuilder(const FilterContext& context) : m_context(context) {}

    /// Counts what is made; call where a reader goes one level down.
    class Level {
    public:
        explicit Level(FilterBuilder& builder) : m_builder(builder)
        {
            if (++m_builder.m_depth > deepest) m_builder.too_complex();
        }
        ~Level() { --m_builder.m_depth; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

    private:
        FilterBuilder& m_builder;
    };

    OperandPtr field(std::string_view reference);                 ///< not the geometry
    bool is_geometry(std::string_view reference) const;
    OperandPtr nothing();                                         ///< a text that no feature has
    OperandPtr untyped(std::string text);
    OperandPtr text(std::string value);
    OperandPtr number(std::string_view digits);                   ///< int64 where it is whole and fits
    OperandPtr boolean(bool value);
    OperandPtr date(std::string_view iso);
    OperandPtr instant(std::string_view iso);
    OperandPtr arithmetic(char operation, OperandPtr a, OperandPtr b);
    OperandPtr folded(Operand::Kind kind, OperandPtr text);       ///< casei, accenti

    PredicatePtr compare(Comparison comparison, OperandPtr a, OperandPtr b, bool match_case = true);
    PredicatePtr like(OperandPtr text, std::string pattern, char32_t wildcard = U'%', char32_t single = U'_', char32_t escape = U'\\', bool match_case = true);
    PredicatePtr between(OperandPtr value, OperandPtr low, OperandPtr high);
    PredicatePtr in(OperandPtr value, std::vector<OperandPtr> list);
    PredicatePtr is_null(OperandPtr value);
    PredicatePtr geometry_is_null();
    PredicatePtr is_true(OperandPtr value);                       ///< a boolean field or value by itself
    PredicatePtr ids(const std::vector<std::string>& ids);
    PredicatePtr fids(const std::vector<OperandPtr>& values);     ///< of values that are whole numbers; others are no feature's
    PredicatePtr box(const BoxWithCrs& box);
    PredicatePtr relation(geometry::Relation relation, const std::string& wkt, const CrsName& crs);
    PredicatePtr relation_to_itself(geometry::Relation relation);  ///< of every row's geometry
    PredicatePtr relation_between(geometry::Relation relation, const std::string& a, const std::string& b, const CrsName& crs);
    PredicatePtr distance(bool beyond, const std::string& wkt, const CrsName& crs, double distance, std::string_view unit);
    PredicatePtr time(TimeRelation relation, TimeOperand a, TimeOperand b);
    TimeOperand time_field(std::string_view reference);
    TimeOperand time_value(std::string_view iso);                 ///< a day or an instant
    TimeOperand time_position(std::string_view iso);              ///< of any precision: all of a year, month, day, hour or minute, or an instant
    TimeOperand interval(const TimeOperand& from, const TimeOperand& to);

    CrsName crs(std::string_view name) const;
    const FilterContext& context() const { return m_context; }
    [[noreturn]] void wrong(const base::Text& what) const;
    [[noreturn]] void not_offered(std::string_view what) const;
    [[noreturn]] void too_complex() const;

private:
    void count(std::size_t terms = 1);
    void expect_place() const;
    OperandPtr coerced(OperandPtr value, const Operand& other) const;
    std::shared_ptr<const table::GeometryColumn> geometry_of(const std::string& wkt, const CrsName& crs);
    std::shared_ptr<Predicate> made(Predicate::Kind kind);

    const FilterContext& m_context;
    int m_depth = 0;
    std::size_t m_terms = 0, m_vertices = 0;
};

}  // namespace stadtgdi::ows
