// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <filesystem>

/// The project's own folder, as it was when the tests were built.
std::filesystem::path source_folder();
