// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/crown_estimate.hpp>
#include <layers/trees/detail/csv.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

namespace stadtgdi::trees {

namespace {

constexpr double smallest_crown_m = 0.5;
constexpr std::size_t enough_for_a_median = 5;

double number(const std::string& text)
{
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

double median(std::vector<double> values)
{
    if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

CrownModel::CrownModel(std::string_view csv)
{
    for (const auto& row : detail::csv_rows(csv, "crowns.csv")) m_lines[row[0]] = {number(row[2]), number(row[3])};
}

const CrownModel& CrownModel::shipped()
{
    static const CrownModel model(detail::shipped_crowns());
    return model;
}

std::optional<double> CrownModel::diameter_m(std::string_view genus, std::int64_t age) const
{
    if (age < 0) return {};
    auto at = m_lines.find(std::string(genus));
    if (at == m_lines.end()) at = m_lines.find("*");
    if (at == m_lines.end()) return {};
    return std::max(smallest_crown_m, at->second.a_m + at->second.b_m * std::log(static_cast<double>(age) + 1));
}

void estimate_crowns(Crowns& crowns, const std::vector<bool>& used, const std::vector<std::string>& genus_of_row, std::span<const std::int64_t> age)
{
    const std::size_t rows = crowns.diameter_m.size();
    const auto is_open = [&](std::size_t row) { return used[row] && std::isnan(crowns.diameter_m[row]); };
    for (std::size_t row = 0; row < rows; ++row) {
        if (!is_open(row)) continue;
        if (const auto diameter = CrownModel::shipped().diameter_m(genus_of_row[row], age[row])) {
            crowns.diameter_m[row] = *diameter;
            crowns.origin[row] = CrownOrigin::modelled;
        }
    }
    std::map<std::string, std::vector<double>> by_genus;
    std::vector<double> all;
    for (std::size_t row = 0; row < rows; ++row) {
        if (!used[row] || std::isnan(crowns.diameter_m[row])) continue;
        by_genus[genus_of_row[row]].push_back(crowns.diameter_m[row]);
        all.push_back(crowns.diameter_m[row]);
    }
    const double overall = median(std::move(all));
    std::map<std::string, double> medians;
    for (auto& [genus, values] : by_genus)
        if (values.size() >= enough_for_a_median && !genus.empty()) medians[genus] = median(std::move(values));
    for (std::size_t row = 0; row < rows; ++row) {
        if (!is_open(row) || std::isnan(overall)) continue;
        const auto at = medians.find(genus_of_row[row]);
        crowns.diameter_m[row] = at == medians.end() ? overall : at->second;
        crowns.origin[row] = CrownOrigin::median;
    }
}

}  // namespace stadtgdi::trees
