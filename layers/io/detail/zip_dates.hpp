// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>

namespace stadtgdi::io::detail {

/// GDAL dates the files in a zip 1980-00-00, which is no day: those get the present time. Zips beyond 4 GB stay as they are.
void date_files_in_zip(const std::string& path);

}  // namespace stadtgdi::io::detail
