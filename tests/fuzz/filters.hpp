// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <tests/fuzz/expect.hpp>
#include <tests/support/filter_town.hpp>
#include <algorithm>

namespace stadtgdi::fuzz {

/// A filter is refused, or gives the same rows however it is combined with itself.
template <class Read> void expect_filter(const Read& read)
{
    static const testing::FilterTown town;
    ows::PredicatePtr filter;
    try {
        filter = read(town.context());
        const testing::Rows rows = town.rows(filter);
        expect(std::is_sorted(rows.begin(), rows.end()) && std::adjacent_find(rows.begin(), rows.end()) == rows.end(), "rows ascend");
        expect(rows.empty() || (rows.front() >= 0 && rows.back() < 10), "rows are those of the table");
        expect(town.rows(ows::all_of({filter, filter})) == rows, "A AND A is A");
        expect(town.rows(ows::any_of({filter, filter})) == rows, "A OR A is A");
        expect(town.rows(ows::negated(ows::negated(filter))) == rows, "NOT NOT A is A");
        testing::Rows both;
        const testing::Rows others = town.rows(ows::negated(filter));
        std::ranges::set_intersection(rows, others, std::back_inserter(both));
        expect(both.empty(), "no row is in A and in NOT A");
        for (const std::string& field : ows::fields_of(*filter))
            expect(std::ranges::any_of(town.layer().fields, [&](const auto& one) { return one.name == field; }), "fields are those of the layer");
    } catch (const base::Error& error) {
        expect_refusal(error);
    }
}

}  // namespace stadtgdi::fuzz
