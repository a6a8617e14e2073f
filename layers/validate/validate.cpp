// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/table/column.hpp>
#include <layers/validate/detail/check.hpp>
#include <algorithm>
#include <chrono>
#include <functional>
#include <tuple>

namespace stadtgdi::validate {

namespace {

using detail::Layers;

constexpr std::int64_t day_us = 86'400'000'000;

void set_reference(Layers& layers, const CheckOptions& options)
{
    using namespace std::chrono;
    const std::int64_t now = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
    if (!options.reference_date.empty()) {
        if (!table::parse_date(options.reference_date, layers.reference_day))
            throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' is no date; 2026-11-21 is the form.", "„{0}“ ist kein Datum; die Form ist 2026-11-21."}, options.reference_date));
        layers.reference_time_us = (std::int64_t{layers.reference_day} + 1) * day_us;
        return;
    }
    // The store's own time: so that an old store gives the same findings tomorrow.
    std::int64_t newest = 0;
    for (const std::string& name : layers.names()) {
        const table::Column* column = layers.find(name)->column("recorded_at");
        if (!column || column->type() != table::Type::datetime)
            continue;
        for (std::size_t row = 0; row < column->size(); ++row)
            if (column->valid(row) && column->datetimes()[row] <= now)
                newest = std::max(newest, column->datetimes()[row]);
    }
    layers.reference_day = static_cast<std::int32_t>((newest > 0 ? newest : now) / day_us);
    // Clocks of several machines differ a little.
    layers.reference_time_us = now + 60'000'000;
}

bool wanted(const std::vector<std::string>& list, const std::string& name) { return list.empty() || std::ranges::find(list, name) != list.end(); }

template <class Range, class Name>
std::string joined(const Range& things, Name name)
{
    std::string all;
    for (const auto& thing : things)
        all += (all.empty() ? "" : ", ") + std::string(std::invoke(name, thing));
    return all;
}

void expect_known(const CheckOptions& options)
{
    for (const std::string& id : options.rules)
        if (std::ranges::none_of(all_rules(), [&](const Rule& rule) { return rule.id == id; }))
            throw Error(ErrorKind::not_found, base::filled({"There is no rule '{0}'; there are: {1}.", "Eine Regel „{0}“ gibt es nicht; vorhanden sind: {1}."}, id, joined(all_rules(), &Rule::id)));
}

std::vector<base::Finding> run_rules(Layers& layers, const CheckOptions& options, base::RunContext& run)
{
    expect_known(options);
    for (const std::string& name : options.layers)
        if (!std::ranges::binary_search(layers.names(), name))
            throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}' in the store; there are: {1}.", "Eine Ebene „{0}“ gibt es im Bestand nicht; vorhanden sind: {1}."}, name, joined(layers.names(), std::identity())));
    set_reference(layers, options);
    std::vector<base::Finding> findings;
    std::size_t done = 0;
    for (const std::string& name : layers.names()) {
        run.progress(static_cast<double>(done++) / static_cast<double>(layers.names().size()), base::filled({"Checking {0}", "{0} wird geprüft"}, name));
        if (!wanted(options.layers, name))
            continue;
        for (const detail::RuleEntry& entry : detail::rule_entries()) {
            run.throw_if_stopped();
            if (!wanted(options.rules, entry.rule.id) || (!entry.rule.layers.empty() && !wanted(entry.rule.layers, name)))
                continue;
            detail::Check check(entry.rule, *layers.find(name), layers, findings);
            entry.run(check);
        }
    }
    std::ranges::stable_sort(findings, {}, [](const base::Finding& one) { return std::tie(one.layer, one.row, one.rule); });
    run.progress(1, {"Checked", "Geprüft"});
    return findings;
}

}  // namespace

std::vector<base::Finding> check(const catalogue::City& city, const CheckOptions& options, base::RunContext& run)
{
    Layers layers(city, run);
    return run_rules(layers, options, run);
}

std::vector<base::Finding> check(const std::map<std::string, table::Table>& tables, const CheckOptions& options, base::RunContext& run)
{
    Layers layers(tables, run);
    return run_rules(layers, options, run);
}

}  // namespace stadtgdi::validate
