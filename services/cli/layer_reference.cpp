// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/layer_reference.hpp>

#include <layers/io/database.hpp>
#include <services/cli/open_city.hpp>
#include <services/cli/out_target.hpp>

#include <algorithm>
#include <filesystem>

namespace stadtgdi::cli {

LayerReference parse_layer_reference(const std::string& text)
{
    if (std::filesystem::exists(text))
        return {text, ""};
    if (const std::size_t hash = text.rfind('#'); hash != std::string::npos)
        return {text.substr(0, hash), text.substr(hash + 1)};
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos && colon > 1 && std::filesystem::exists(text.substr(0, colon)))
        return {text.substr(0, colon), text.substr(colon + 1)};
    return {text, ""};
}

OpenedLayer open_layer(const std::string& reference, const std::string& suggested, const Call& call)
{
    OpenedLayer opened{parse_layer_reference(reference), nullptr};
    const std::string& path = opened.reference.path;
    if (holds_several_layers(path) && catalogue::City::is_city(path))
        open_city(path, call);
    opened.source = io::Source::open(path);
    if (!opened.reference.layer.empty())
        return opened;
    const std::vector<io::LayerInfo> layers = opened.source->layers();
    std::string names;
    for (const io::LayerInfo& layer : layers) {
        if (layer.name == suggested || layers.size() == 1)
            opened.reference.layer = layer.name;
        names += (names.empty() ? "" : ", ") + layer.name;
    }
    if (opened.reference.layer.empty())
        throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' has several layers; please name one, {0}#LAYER. There are: {1}.",
                                                               "'{0}' hat mehrere Ebenen; bitte eine nennen, {0}#EBENE. Es gibt: {1}."}, io::shown_path(path), names));
    return opened;
}

}  // namespace stadtgdi::cli
