// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>

#include <CLI/CLI.hpp>

namespace stadtgdi::cli {

/// What is wrong with the arguments (of the call, in their order), in both languages; CLI11 says it in English only.
base::Text text_of(const CLI::ParseError& error, const std::vector<std::string>& arguments);

}  // namespace stadtgdi::cli
