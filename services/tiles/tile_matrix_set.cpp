// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/tile_matrix_set.hpp>

#include <layers/crs/crs.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace stadtgdi::tiles {

namespace {

constexpr double mercator_half = std::numbers::pi * 6378137.0;  // half the equator of WGS 84

/// What a tile matrix set is made of; another one is one more entry of the table.
struct Declared {
    const char* id;
    base::Text title;
    const char* crs;
    const char* uri;
    const char* well_known_scale_set;
    double left, top;
    double width, height;                  // of what the matrices cover
    std::vector<double> cell_sizes;
};

/// From that of one tile for all, each half of the one before.
std::vector<double> halved(double first, int count)
{
    std::vector<double> sizes;
    for (int level = 0; level < count; ++level)
        sizes.push_back(std::ldexp(first, -level));
    return sizes;
}

const std::vector<Declared>& declared()
{
    static const std::vector<Declared> sets{
        {"WebMercatorQuad", {"Google Maps Compatible for the World", "Weltweit, passend zu Google Maps"}, "EPSG:3857", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad",
         "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible", -mercator_half, mercator_half, 2 * mercator_half, 2 * mercator_half,
         halved(2 * mercator_half / tile_size, 25)},
        // Of the GDI-DE's rules for view services, scales 1:10,000,000 to 1:100.
        {"gdi_de_25832", base::Text::same("GDI-DE, ETRS89 / UTM 32N"), "EPSG:25832", "", "", -46133.17, 6301219.54, 1433600.0, 1433600.0,
         {2800, 1400, 700, 280, 140, 70, 28, 14, 7, 2.8, 1.4, 0.7, 0.28, 0.14, 0.07, 0.028}},
    };
    return sets;
}

/// Of pixels of 0.28 mm; round scales without what binary fractions add to them.
double scale_of(double metres_a_pixel)
{
    const double scale = metres_a_pixel * 1e5 / 28, whole = std::round(scale);
    return std::abs(scale - whole) < 1e-12 * scale ? whole : scale;
}

std::int64_t tiles_over(double length, double cell_size)
{
    return static_cast<std::int64_t>(std::ceil(length / (cell_size * tile_size) - 1e-6));
}

TileMatrixSet built(const Declared& of)
{
    TileMatrixSet set{of.id, of.title, of.crs, of.uri, of.well_known_scale_set, of.left, of.top, {}};
    const double metres = crs::info(of.crs).metres_per_unit;
    for (std::size_t level = 0; level < of.cell_sizes.size(); ++level) {
        const double size = of.cell_sizes[level];
        set.matrices.push_back({std::to_string(level), scale_of(size * metres), size, tiles_over(of.width, size), tiles_over(of.height, size)});
    }
    return set;
}

}  // namespace

const std::vector<TileMatrixSet>& tile_matrix_sets()
{
    static const std::vector<TileMatrixSet> sets = [] {
        std::vector<TileMatrixSet> all;
        for (const Declared& one : declared())
            all.push_back(built(one));
        return all;
    }();
    return sets;
}

const TileMatrixSet* find_tile_matrix_set(std::string_view id)
{
    const auto& sets = tile_matrix_sets();
    const auto found = std::ranges::find(sets, id, &TileMatrixSet::id);
    return found == sets.end() ? nullptr : &*found;
}

std::optional<std::size_t> find_level(const TileMatrixSet& set, std::string_view matrix)
{
    const auto found = std::ranges::find(set.matrices, matrix, &TileMatrix::id);
    if (found == set.matrices.end())
        return {};
    return static_cast<std::size_t>(found - set.matrices.begin());
}

table::Box box_of(const TileMatrixSet& set, const TileIndex& tile, int tiles, double margin_pixels)
{
    const double cell = set.matrices[tile.level].cell_size;
    const auto left = static_cast<double>(tile.column * tile_size) - margin_pixels, top = static_cast<double>(tile.row * tile_size) - margin_pixels;
    const double side = tiles * tile_size + 2 * margin_pixels;
    return {set.left + left * cell, set.top - (top + side) * cell, set.left + (left + side) * cell, set.top - top * cell};
}

std::optional<TileLimits> limits_of(const TileMatrixSet& set, std::size_t level, const table::Box& box, double margin_pixels)
{
    if (box.empty() || !std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax))
        return {};
    const TileMatrix& matrix = set.matrices[level];
    const double margin = margin_pixels * matrix.cell_size, side = matrix.cell_size * tile_size;
    const auto place = [&](double length, std::int64_t count) {
        return static_cast<std::int64_t>(std::clamp(std::floor(length / side), -1.0, static_cast<double>(count)));
    };
    TileLimits limits{place(set.top - box.ymax - margin, matrix.height), place(set.top - box.ymin + margin, matrix.height),
                      place(box.xmin - margin - set.left, matrix.width), place(box.xmax + margin - set.left, matrix.width)};
    if (limits.last_row < 0 || limits.first_row >= matrix.height || limits.last_column < 0 || limits.first_column >= matrix.width)
        return {};
    limits.first_row = std::max<std::int64_t>(limits.first_row, 0);
    limits.first_column = std::max<std::int64_t>(limits.first_column, 0);
    limits.last_row = std::min(limits.last_row, matrix.height - 1);
    limits.last_column = std::min(limits.last_column, matrix.width - 1);
    return limits;
}

}  // namespace stadtgdi::tiles
