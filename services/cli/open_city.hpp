// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <services/cli/command_line.hpp>

namespace stadtgdi::cli {

/// The city; where its store had to be brought to a newer layout, stderr says so and where the copy lies.
catalogue::City open_city(const std::string& path, const Call& call);

}  // namespace stadtgdi::cli
