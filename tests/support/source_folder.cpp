// SPDX-License-Identifier: GPL-2.0-or-later
#include <tests/support/source_folder.hpp>

std::filesystem::path source_folder()
{
    return STADTGDI_SOURCE_DIR;
}
