// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>

namespace stadtgdi::statgrid {

operation::Operation make_grid_operation();

}  // namespace stadtgdi::statgrid
