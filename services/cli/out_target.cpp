// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/out_target.hpp>

#include <layers/catalogue/city.hpp>
#include <layers/io/database.hpp>

#include <algorithm>
#include <filesystem>

namespace stadtgdi::cli {

bool is_same_place(const std::string& one, const std::string& other)
{
    if (io::is_postgis(one) || io::is_postgis(other))
        return one == other;
    std::error_code error;
    return std::filesystem::equivalent(one, other, error) && !error;
}

bool holds_several_layers(const std::string& out)
{
    return out.ends_with(".gpkg") || io::is_postgis(out);
}

void require_folder_of(const std::string& path, const std::string& option)
{
    if (io::is_postgis(path))
        return;
    std::error_code error;
    if (const auto folder = std::filesystem::path(path).parent_path(); !folder.empty() && !std::filesystem::is_directory(folder, error))
        throw Error(ErrorKind::io, base::filled({"{0}: there is no folder '{1}'.", "{0}: Einen Ordner '{1}' gibt es nicht."}, option, folder.string()));
    if (std::filesystem::is_directory(path, error))
        throw Error(ErrorKind::io, base::filled({"{0}: '{1}' is a folder; please name a file in it.", "{0}: '{1}' ist ein Ordner; bitte eine Datei darin nennen."}, option, path));
}

void refuse_overwriting(const std::string& source, const std::string& source_layer, const std::string& out, const std::string& out_layer)
{
    const bool other_layer = holds_several_layers(out) && !source_layer.empty() && !out_layer.empty() && source_layer != out_layer;
    if (other_layer || !is_same_place(source, out))
        return;
    if (holds_several_layers(out) && !out_layer.empty())
        throw Error(ErrorKind::invalid_argument, base::filled({"--out: the result '{1}' would overwrite the layer that is read, in '{0}'. Please name another file.",
                                                               "--out: Das Ergebnis '{1}' würde die gelesene Ebene in '{0}' überschreiben. Bitte eine andere Datei angeben."},
                                                              io::shown_path(out), out_layer));
    throw Error(ErrorKind::invalid_argument, base::filled({"--out: '{0}' is what is read; the result would overwrite it. Please name another file.",
                                                           "--out: '{0}' wird gelesen; das Ergebnis würde die Datei überschreiben. Bitte eine andere Datei angeben."}, io::shown_path(out)));
}

void refuse_layer_of_city(const std::string& out, const std::string& layer)
{
    std::error_code error;
    const bool exists = io::is_postgis(out) || std::filesystem::exists(out, error);
    if (!holds_several_layers(out) || !exists || !catalogue::find_layer(layer) || !catalogue::City::is_city(out))
        return;
    throw Error(ErrorKind::invalid_argument,
                base::filled({"--out: '{0}' is a city, whose layer '{1}' only an import changes ('stadtgdi import'). Please name another file.",
                              "--out: '{0}' ist eine Stadt; ihre Ebene '{1}' ändert nur ein Import ('stadtgdi import'). Bitte eine andere Datei angeben."},
                             io::shown_path(out), layer));
}

std::int64_t rows_written(const table::Table& table, const std::vector<base::Finding>& said)
{
    return static_cast<std::int64_t>(table.rows()) - std::ranges::count(said, "io.no_place", &base::Finding::rule);
}

}  // namespace stadtgdi::cli
