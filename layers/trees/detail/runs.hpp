// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <array>

namespace stadtgdi::trees::detail {

// What the declarations in operations.cpp run: columns in, a kernel, result tables out.

operation::Results run_canopy_cover(const operation::Inputs& in, base::RunContext& run);
void check_canopy_cover(const operation::Inputs& in);

inline constexpr std::array<const char*, 3> level_names{"species", "genus", "family"};
operation::Results run_diversity(const operation::Inputs& in, base::RunContext& run);
void check_diversity(const operation::Inputs& in);

}  // namespace stadtgdi::trees::detail
