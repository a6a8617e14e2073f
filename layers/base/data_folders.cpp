// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/data_folders.hpp>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/runtime_symbol_info.hpp>
#include <cstdlib>

namespace stadtgdi::base {

namespace {

namespace fs = std::filesystem;

/// The library that this code was linked into, else the program: a library in QGIS or Python is part of our installation,
/// the program that loaded it is not.
fs::path own_binary()
{
    boost::dll::fs::error_code error;
    const fs::path library = boost::dll::this_line_location(error);
    // Of a program the loader knows only the name it was called by.
    if (!error && library.is_absolute()) return library;
    const fs::path program = boost::dll::program_location(error);
    return error ? fs::path() : program;
}

}  // namespace

fs::path installed_beside(const fs::path& binary, const std::string& name)
{
    constexpr int most_levels = 5;  // PREFIX/lib/<arch>/qgis/plugins/library
    std::error_code ignored;
    const fs::path real = fs::weakly_canonical(binary, ignored);
    fs::path folder = (real.empty() ? binary : real).parent_path();
    for (int level = 0; level < most_levels && !folder.empty(); ++level, folder = folder.parent_path()) {
        const fs::path data = folder / "share" / "stadtgdi" / name;
        if (fs::is_directory(data, ignored)) return data;
    }
    return {};
}

std::vector<fs::path> data_folders(const std::string& name, const char* variable, const fs::path& in_source_tree)
{
    const char* const named = std::getenv(variable);
    std::vector<fs::path> there;
    std::error_code ignored;
    if (named && fs::is_directory(named, ignored)) there.emplace_back(named);
    for (const fs::path& shipped : {installed_beside(own_binary(), name), in_source_tree, fs::path(STADTGDI_INSTALLED_DATA) / name}) {
        if (shipped.empty() || !fs::is_directory(shipped, ignored)) continue;
        there.push_back(shipped);
        break;
    }
    return there;
}

}  // namespace stadtgdi::base
