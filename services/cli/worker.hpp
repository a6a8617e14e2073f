// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/cli/serve_options.hpp>

namespace stadtgdi::cli {

/// The serving process: QGIS on the main thread, the catalogue and the listener on others. Returns when it was told to end.
void serve_in_this_process(const ServeArguments& arguments, Call& call);

}  // namespace stadtgdi::cli
