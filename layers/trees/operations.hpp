// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/trees/canopy_cover.hpp>
#include <layers/trees/diversity_operation.hpp>

// What the room offers to layers/all_operations.cpp.
