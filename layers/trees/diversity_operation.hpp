// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>

namespace stadtgdi::trees {

/// Diversity of species, genera and families with Santamour's 10-20-30 rule, by zone.
operation::Operation diversity_operation();

}  // namespace stadtgdi::trees
