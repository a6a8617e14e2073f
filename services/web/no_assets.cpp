// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/web/assets.hpp>

namespace stadtgdi::web {

std::span<const Asset> all_assets() { return {}; }

}  // namespace stadtgdi::web
