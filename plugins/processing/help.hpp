// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/operation/operation.hpp>
#include <QString>

namespace stadtgdi::processing {

/// The help beside the dialog: what the operation does, its parameters, the columns of its results, its source.
QString help_of(const operation::Operation& operation, base::Language language);

}  // namespace stadtgdi::processing
