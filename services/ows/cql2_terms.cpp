// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/cql2_terms.hpp>
#include <services/ows/kvp.hpp>
#include <algorithm>
#include <set>

namespace stadtgdi::ows::cql2 {

namespace {

using geometry::Relation;

const std::vector<std::pair<std::string_view, Relation>> spatial{{"s_intersects", Relation::intersects}, {"s_equals", Relation::equals}, {"s_disjoint", Relation::disjoint}, {"s_touches", Relation::touches},
                                                                 {"s_within", Relation::within}, {"s_overlaps", Relation::overlaps}, {"s_crosses", Relation::crosses}, {"s_contains", Relation::contains}};
const std::vector<std::pair<std::string_view, TimeRelation>> temporal{
    {"t_after", TimeRelation::after}, {"t_before", TimeRelation::before}, {"t_contains", TimeRelation::contains}, {"t_disjoint", TimeRelation::disjoint}, {"t_during", TimeRelation::during},
    {"t_equals", TimeRelation::equals}, {"t_finishedby", TimeRelation::finished_by}, {"t_finishes", TimeRelation::finishes}, {"t_intersects", TimeRelation::intersects}, {"t_meets", TimeRelation::meets},
    {"t_metby", TimeRelation::met_by}, {"t_overlappedby", TimeRelation::overlapped_by}, {"t_overlaps", TimeRelation::overlaps}, {"t_startedby", TimeRelation::started_by}, {"t_starts", TimeRelation::starts}};

}  // namespace

PredicatePtr Terms::predicate(Term term) const
{
    if (term.kind == Term::Kind::predicate) return term.predicate;
    return m_builder.is_true(operand(std::move(term)));
}

OperandPtr Terms::operand(Term term) const
{
    if (term.kind == Term::Kind::property) return m_builder.field(term.property);
    if (term.kind != Term::Kind::operand) m_builder.wrong({"a value is expected where there is a condition, a geometry or a list", "wo ein Wert erwartet wird, steht eine Bedingung, eine Geometrie oder eine Liste"});
    return term.operand;
}

TimeOperand Terms::time(const Term& term) const
{
    if (term.kind == Term::Kind::time) return term.time;
    if (term.kind == Term::Kind::property) return m_builder.time_field(term.property);
    if (term.kind == Term::Kind::operand && term.operand->kind == Operand::Kind::value) return m_builder.time_value(term.operand->text);
    m_builder.wrong({"a date, a time or an interval is expected", "ein Datum, eine Zeit oder ein Intervall wird erwartet"});
}

Term Terms::of(PredicatePtr predicate) const
{
    Term term;
    term.kind = Term::Kind::predicate;
    term.predicate = std::move(predicate);
    return term;
}

Term Terms::of(OperandPtr operand) const
{
    Term term;
    term.operand = std::move(operand);
    return term;
}

void Terms::expect(std::string_view name, const std::vector<Term>& arguments, std::size_t count) const
{
    if (arguments.size() != count)
        m_builder.wrong(base::filled({"{0} takes {1} arguments", "{0} nimmt {1} Argumente"}, std::string(name), std::to_string(count)));
}

/// A geometry that is given, or a box as one.
std::string Terms::wkt(const Term& term) const
{
    if (term.kind == Term::Kind::geometry) return term.wkt;
    if (term.kind != Term::Kind::box) m_builder.wrong({"a spatial function compares the geometry of the features, or one that is given", "eine räumliche Funktion vergleicht die Geometrie der Objekte oder eine gegebene"});
    const bool swapped = m_builder.context().fallback.swapped;
    const auto corner = [&](double x, double y) { return table::number_text(swapped ? y : x) + " " + table::number_text(swapped ? x : y); };
    const auto& [xmin, ymin, xmax, ymax] = box(term).box;
    return "POLYGON((" + corner(xmin, ymin) + "," + corner(xmax, ymin) + "," + corner(xmax, ymax) + "," + corner(xmin, ymax) + "," + corner(xmin, ymin) + "))";
}

BoxWithCrs Terms::box(const Term& term) const
{
    const CrsName& crs = m_builder.context().fallback;
    return {parse_box(term.box, crs.swapped, false, m_builder.context().parameter), crs};
}

PredicatePtr Terms::related(Relation relation, const std::vector<Term>& arguments) const
{
    const CrsName& crs = m_builder.context().fallback;
    const auto is_own = [&](const Term& term) {
        if (term.kind != Term::Kind::property) return false;
        if (!m_builder.is_geometry(term.property)) m_builder.wrong({"a spatial function compares geometries", "eine räumliche Funktion vergleicht Geometrien"});
        return true;
    };
    const bool first = is_own(arguments[0]), second = is_own(arguments[1]);
    if (first && second) return m_builder.relation_to_itself(relation);
    if (!first && !second) return m_builder.relation_between(relation, wkt(arguments[0]), wkt(arguments[1]), crs);
    const Term& given = arguments[first ? 1 : 0];
    if (!first) relation = geometry::converse(relation);
    if (given.kind == Term::Kind::box && relation == Relation::intersects) return m_builder.box(box(given));
    if (given.kind == Term::Kind::box && relation == Relation::disjoint) return negated(m_builder.box(box(given)));
    return m_builder.relation(relation, wkt(given), crs);
}

Element Terms::element(const Term& term) const
{
    const OperandPtr value = operand(term);
    if (value->kind != Operand::Kind::value) m_builder.not_offered("properties in a list");
    const bool number = value->type == table::Type::int64 || value->type == table::Type::float64;
    const long double amount = value->type == table::Type::float64 ? static_cast<long double>(value->number) : static_cast<long double>(value->integer);
    return value->type == table::Type::text ? Element{value->type, 0, value->text} : Element{number ? table::Type::float64 : value->type, amount, ""};
}

/// There are no columns of lists: what is compared are the lists of the filter itself.
PredicatePtr Terms::arrays(std::string_view name, const std::vector<Term>& arguments) const
{
    const auto set_of = [&](const Term& term) {
        if (term.kind == Term::Kind::property) m_builder.field(term.property);
        std::set<Element> values;
        const bool one_value = term.kind == Term::Kind::operand;  // "('a')" is read as 'a'
        if (!one_value && term.kind != Term::Kind::list) m_builder.wrong({"no property holds a list", "keine Eigenschaft enthält eine Liste"});
        for (const Term& one : one_value ? std::vector<Term>{term} : term.list) values.insert(element(one));
        return values;
    };
    const std::set<Element> a = set_of(arguments[0]), b = set_of(arguments[1]);
    if (name == "a_equals") return constant(a == b);
    if (name == "a_contains") return constant(std::ranges::includes(a, b));
    if (name == "a_containedby") return constant(std::ranges::includes(b, a));
    return constant(std::ranges::any_of(a, [&](const Element& value) { return b.contains(value); }));
}

Term Terms::call(std::string_view name, std::vector<Term> arguments) const
{
    if (name == "casei" || name == "accenti") {
        expect(name, arguments, 1);
        return of(m_builder.folded(name == "casei" ? Operand::Kind::casei : Operand::Kind::accenti, operand(std::move(arguments[0]))));
    }
    for (const auto& [known, relation] : spatial)
        if (name == known) {
            expect(name, arguments, 2);
            return of(related(relation, arguments));
        }
    for (const auto& [known, relation] : temporal)
        if (name == known) {
            expect(name, arguments, 2);
            return of(m_builder.time(relation, time(arguments[0]), time(arguments[1])));
        }
    if (name == "a_equals" || name == "a_contains" || name == "a_containedby" || name == "a_overlaps") {
        expect(name, arguments, 2);
        return of(arrays(name, arguments));
    }
    m_builder.wrong(base::filled({"there is no function '{0}'", "eine Funktion '{0}' gibt es nicht"}, base::shortened(std::string(name), 60)));
}

}  // namespace stadtgdi::ows::cql2
