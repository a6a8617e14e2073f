// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/data_folders.hpp>
#include <layers/base/error.hpp>
#include <layers/catalogue/import/mapping_file.hpp>
#include <algorithm>

namespace stadtgdi::catalogue {

namespace {

namespace fs = std::filesystem;

// Mapping files by name; a name found in an earlier folder hides the same name in a later one.
std::map<std::string, fs::path> files()
{
    std::map<std::string, fs::path> all;
    for (const fs::path& folder : base::data_folders("mappings", "STADTGDI_MAPPINGS", STADTGDI_SOURCE_MAPPINGS)) {
        std::error_code ignored;
        for (const auto& entry : fs::directory_iterator(folder, ignored))
            if (entry.path().extension() == ".toml")
                all.emplace(entry.path().stem().string(), entry.path());
    }
    return all;
}

}  // namespace

std::vector<MappingInfo> all_mappings()
{
    std::vector<MappingInfo> all;
    for (const auto& [name, file] : files())
        all.push_back(detail::read_mapping(file).info);
    return all;
}

detail::Mapping detail::find_mapping(const std::string& name_or_path)
{
    std::error_code ignored;
    if (name_or_path.ends_with(".toml") && fs::exists(name_or_path, ignored))
        return read_mapping(name_or_path);
    const auto known = files();
    if (const auto found = known.find(name_or_path); found != known.end())
        return read_mapping(found->second);
    std::string names;
    for (const auto& [name, file] : known)
        names += (names.empty() ? "" : ", ") + name;
    throw Error(ErrorKind::not_found, base::filled({"There is no import mapping '{0}'; there are: {1}.", "Eine Importabbildung „{0}“ gibt es nicht; vorhanden sind: {1}."},
                                                   name_or_path, names));
}

}  // namespace stadtgdi::catalogue
