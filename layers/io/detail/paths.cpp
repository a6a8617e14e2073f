// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sources.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

namespace stadtgdi::io::detail {
namespace fs = std::filesystem;
namespace {

constexpr std::array known_endings{".gpkg", ".shp", ".geojson", ".json", ".csv", ".tsv", ".fgb", ".gml", ".pbf", ".osm"};

/// Does `name` fit a pattern with * (any text) and ? (one character)?
bool fits(std::string_view name, std::string_view pattern)
{
    std::size_t n = 0, p = 0, star = std::string_view::npos, mark = 0;
    while (n < name.size()) {
        if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
            ++n;
            ++p;
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            mark = n;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            n = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size() && pattern[p] == '*')
        ++p;
    return p == pattern.size();
}

std::vector<std::string> files_in(const fs::path& folder, const std::string& pattern)
{
    std::vector<std::string> found;
    std::set<std::string> endings;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        if (!entry.is_regular_file(error) || !fits(name, pattern))
            continue;
        const std::string ending = ending_of(name);
        if (pattern == "*" && std::find(known_endings.begin(), known_endings.end(), ending) == known_endings.end())
            continue;
        endings.insert(ending);
        found.push_back(entry.path().string());
    }
    if (endings.size() > 1) {
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"Folder '{0}' holds several kinds of files ({1} and {2}); name one, e.g. {0}/*{1}.",
                                  "Der Ordner '{0}' enthält verschiedene Dateiarten ({1} und {2}); bitte eine nennen, z. B. {0}/*{1}."},
                                 folder.string(), *endings.begin(), *endings.rbegin()));
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

std::string ending_of(const std::string& path)
{
    std::string name = file_name(path);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return c < 128 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
    if (name.size() > 3 && name.ends_with(".gz"))
        name.resize(name.size() - 3);
    const std::size_t dot = name.find_last_of('.');
    return dot == std::string::npos ? "" : name.substr(dot);
}

std::vector<std::string> expanded(const std::vector<std::string>& paths)
{
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        if (path.starts_with("PG:") || path.find("?records=") != std::string::npos) {
            files.push_back(path);
            continue;
        }
        std::error_code error;
        std::vector<std::string> found;
        if (fs::is_directory(path, error)) {
            found = files_in(path, "*");
        } else if (fs::exists(path, error)) {
            found = {path};
        } else if (file_name(path).find_first_of("*?") != std::string::npos) {
            const fs::path pattern(path);
            found = files_in(pattern.has_parent_path() ? pattern.parent_path() : fs::path("."), pattern.filename().string());
        }
        if (found.empty()) {
            throw Error(ErrorKind::not_found, base::filled({"There is no file '{0}' (or none in it that can be read).",
                                                            "Es gibt keine Datei '{0}' (oder darin keine lesbare)."},
                                                           path));
        }
        files.insert(files.end(), found.begin(), found.end());
    }
    return files;
}

}  // namespace stadtgdi::io::detail
