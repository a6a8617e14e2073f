// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace stadtgdi::trees {

/// Where a crown diameter comes from.
enum class CrownOrigin : std::uint8_t { measured, modelled, median, unknown };

inline bool is_estimated(CrownOrigin origin) { return origin == CrownOrigin::modelled || origin == CrownOrigin::median; }

/// Crown diameter by genus and age: a_g + b_g ln(age + 1), from layers/trees/data/crowns.csv, which says how the numbers
/// were set. Genera that it lacks use its row "*".
class CrownModel {
public:
    explicit CrownModel(std::string_view csv);
    static const CrownModel& shipped();
    /// Nothing for a negative age; at least 0.5 m.
    std::optional<double> diameter_m(std::string_view genus, std::int64_t age) const;

private:
    struct Line {
        double a_m, b_m;
    };
    std::unordered_map<std::string, Line> m_lines;
};

struct Crowns {
    std::vector<double> diameter_m;      ///< NaN where unknown
    std::vector<CrownOrigin> origin;
};

/// Fills unknown crowns (NaN) of rows in use: by the model where the age is known, else by the median of the same genus
/// (from five crowns on), else by the median of the whole inventory. Ages are by row, -1 unknown.
void estimate_crowns(Crowns& crowns, const std::vector<bool>& used, const std::vector<std::string>& genus_of_row, std::span<const std::int64_t> age);

}  // namespace stadtgdi::trees
