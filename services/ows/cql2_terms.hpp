// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/filter_builder.hpp>
#include <tuple>

namespace stadtgdi::ows::cql2 {

/// What a part of a filter in CQL2 stands for; where it is used decides what it must be.
struct Term {
    enum class Kind { predicate, property, operand, geometry, box, time, list, id } kind = Kind::operand;  ///< id: that of the feature
    PredicatePtr predicate = {};
    std::string property = {};
    OperandPtr operand = {};
    std::string wkt = {};               ///< of geometry
    std::vector<std::string> box = {};  ///< four or six numbers
    TimeOperand time = {};
    std::vector<Term> list = {};
};

/// What is equal to what in a list: 1 and 1.0, but neither 1 and '1' nor a day and its first moment.
using Element = std::tuple<table::Type, long double, std::string>;

/// What the text and the JSON form have in common: operators and functions over terms.
class Terms {
public:
    explicit Terms(FilterBuilder& builder) : m_builder(builder) {}

    PredicatePtr predicate(Term term) const;
    OperandPtr operand(Term term) const;
    TimeOperand time(const Term& term) const;

    Term of(PredicatePtr predicate) const;
    Term of(OperandPtr operand) const;
    Term call(std::string_view lower_case_name, std::vector<Term> arguments) const;   ///< casei, accenti, s_*, t_*, a_*

private:
    std::string wkt(const Term& term) const;
    BoxWithCrs box(const Term& term) const;
    PredicatePtr related(geometry::Relation relation, const std::vector<Term>& arguments) const;
    PredicatePtr arrays(std::string_view name, const std::vector<Term>& arguments) const;
    Element element(const Term& term) const;
    void expect(std::string_view name, const std::vector<Term>& arguments, std::size_t count) const;

    FilterBuilder& m_builder;
};

}  // namespace stadtgdi::ows::cql2
