// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/layer_reference.hpp>

#include <layers/io/database.hpp>
#include <layers/io/source.hpp>

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

table::Table read_layer(const std::string& reference, const std::string& suggested, base::RunContext& run)
{
    const LayerReference parsed = parse_layer_reference(reference);
    const auto source = io::Source::open(parsed.path);
    io::ReadOptions options;
    options.layer = parsed.layer;
    if (options.layer.empty()) {
        const std::vector<io::LayerInfo> layers = source->layers();
        std::string names;
        for (const io::LayerInfo& layer : layers) {
            if (layer.name == suggested || layers.size() == 1)
                options.layer = layer.name;
            names += (names.empty() ? "" : ", ") + layer.name;
        }
        if (options.layer.empty())
            throw Error(ErrorKind::invalid_argument, base::filled({"'{0}' has several layers; please name one, {0}#LAYER. There are: {1}.",
                                                                   "'{0}' hat mehrere Ebenen; bitte eine nennen, {0}#EBENE. Es gibt: {1}."}, io::shown_path(parsed.path), names));
    }
    return source->read(options, run);
}

}  // namespace stadtgdi::cli
