// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>

namespace stadtgdi::trees {

operation::Operation canopy_cover_operation();
operation::Operation diversity_operation();

}  // namespace stadtgdi::trees
