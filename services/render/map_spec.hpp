// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <services/project/seen_rows.hpp>
#include <services/render/plain_symbol.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace stadtgdi::render {

/// What a map shows, as plain values; the same for every way of drawing it.
struct MapSpec {
    struct Layer {
        std::string name;             ///< of the model
        std::string style;            ///< empty: default
        std::optional<double> opacity = {};  ///< in place of that of the style; labels fade by it, too
        project::SeenRows seen = {};  ///< only these rows
        std::set<std::string> unseen_entries = {};  ///< of the legend: left out, by their keys
        std::optional<std::set<std::string>> entries = {};  ///< of the legend: no others
        /// Of the rows seen only these, by their feature ids in ascending order; null: all. Shared by copies of the layer.
        std::shared_ptr<const std::vector<std::int64_t>> chosen = {};
        std::vector<std::int64_t> selected = {};    ///< feature ids, drawn in the project's colour of selections
        /// The symbol of all rows, in place of the style and its labels; null: the style. Shared by copies of the layer.
        std::shared_ptr<const PlainSymbols> symbols = {};
    };
    std::string project;
    std::vector<Layer> layers;        ///< drawing order, bottom first
    std::vector<Highlight> highlights = {};  ///< on top of them
    std::string crs;                  ///< "EPSG:25833"
    table::Box box;                   ///< x = easting or longitude
    int width = 0, height = 0;        ///< pixels
    double dpi = 90.714285714285714;  ///< 0.28 mm a pixel
    bool transparent = false;
    std::uint32_t background = 0xffffffff;  ///< ARGB
    table::Box labels_within = table::Box::none();  ///< no label reaches out of it; none: they may be cut at the edges of the map
};

/// Rows top down, 4 bytes a pixel: B, G, R, A premultiplied (QImage::Format_ARGB32_Premultiplied on little endian).
struct Image {
    int width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
};

enum class ImageFormat { png, png8, jpeg, webp };  // png8: at most 256 colours

}  // namespace stadtgdi::render
