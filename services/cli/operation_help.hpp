// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <string>

namespace stadtgdi::cli {

/// The declaration of an operation as `stadtgdi run OPERATION --help` shows it.
std::string operation_help(const operation::Operation& operation, base::Language language);

}  // namespace stadtgdi::cli
