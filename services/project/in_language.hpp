// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/project_model.hpp>

namespace stadtgdi::project {

/// The model with its texts in a language. Those of layers of a city store, and what the writer of a city's project says of it and its groups,
/// are known in both; others stay as they are. No text comes in that the model has not.
ProjectModel in_language(ProjectModel model, base::Language language);

}  // namespace stadtgdi::project
