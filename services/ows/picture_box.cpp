// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/picture_box.hpp>
#include <layers/crs/crs.hpp>
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace stadtgdi::ows {

namespace {

using table::Box;

struct Range {
    double from, to;
    bool contains(double value) const { return value >= from && value <= to; }
};

/// Where most values lie; without spread (all on one line) everything counts.
Range fences(std::vector<double> values)
{
    const auto quantile = [&](std::size_t quarter) {
        const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * quarter / 4);
        std::nth_element(values.begin(), at, values.end());
        return *at;
    };
    const double low = quantile(1), high = quantile(3);
    const double reach = 3 * (high - low);
    if (reach <= 0) return {-HUGE_VAL, HUGE_VAL};
    return {low - reach, high + reach};
}

bool usable(const Box& box) { return !box.empty() && std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax); }
double middle_x(const Box& box) { return (box.xmin + box.xmax) / 2; }
double middle_y(const Box& box) { return (box.ymin + box.ymax) / 2; }
Box around(double x, double y, double width, double height) { return {x - width / 2, y - height / 2, x + width / 2, y + height / 2}; }
bool contains(const Box& outer, const Box& inner) { return inner.xmin >= outer.xmin && inner.xmax <= outer.xmax && inner.ymin >= outer.ymin && inner.ymax <= outer.ymax; }

/// A window of this size about the fullest cell of a grid of half its size.
Box densest(std::span<const Box> places, const Box& within, double width, double height)
{
    struct Cell {
        std::size_t count = 0;
        double x = 0, y = 0;
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Cell> cells;
    for (const Box& place : places) {
        if (!usable(place)) continue;
        const double x = middle_x(place), y = middle_y(place);
        if (!within.contains(x, y)) continue;
        Cell& cell = cells[{std::llround(std::floor((x - within.xmin) / width * 2)), std::llround(std::floor((y - within.ymin) / height * 2))}];
        ++cell.count;
        cell.x += x;
        cell.y += y;
    }
    const auto fullest = std::max_element(cells.begin(), cells.end(), [](const auto& a, const auto& b) { return a.second.count < b.second.count; });
    if (fullest == cells.end()) return around(middle_x(within), middle_y(within), width, height);
    const auto count = static_cast<double>(fullest->second.count);
    return around(fullest->second.x / count, fullest->second.y / count, width, height);
}

}  // namespace

Box usual_extent(std::span<const Box> places)
{
    std::vector<double> x, y;
    for (const Box& place : places)
        if (usable(place)) {
            x.push_back(middle_x(place));
            y.push_back(middle_y(place));
        }
    Box extent = Box::none();
    if (x.empty()) return extent;
    const Range wide = fences(std::move(x)), high = fences(std::move(y));
    for (const Box& place : places)
        if (usable(place) && wide.contains(middle_x(place)) && high.contains(middle_y(place))) extent.grow(place);
    return extent;
}

Picture picture_of(const project::PublishedLayer& layer, std::span<const Box> places, PictureSize size)
{
    Picture picture;
    const Box usual = usual_extent(places);
    if (layer.crs.empty() || usual.empty()) return picture;
    const double metres = crs::info(layer.crs).metres_per_unit;
    const double units_at_one = size.width * 0.00028 / metres;  // width of the picture at 1:1
    const double ratio = static_cast<double>(size.height) / size.width;
    // Something of the neighbourhood belongs to a single point; a margin keeps symbols whole.
    double width = std::max({(usual.xmax - usual.xmin) * 1.08, (usual.ymax - usual.ymin) * 1.08 / ratio, 240 / metres});
    if (layer.max_scale > 0) width = std::max(width, layer.max_scale * units_at_one * 1.05);
    const double widest = layer.min_scale > 0 ? layer.min_scale * units_at_one * 0.95 : width;
    if (width > widest)
        picture.box = densest(places, usual, widest, widest * ratio);
    else
        picture.box = around(middle_x(usual), middle_y(usual), width, width * ratio);
    picture.whole = std::all_of(places.begin(), places.end(), [&](const Box& place) { return !usable(place) || contains(picture.box, place); });
    return picture;
}

std::vector<Box> places_of(const FaceContext& context, const project::PublishedLayer& layer)
{
    std::shared_ptr<const store::Snapshot> snapshot;
    try {
        snapshot = context.project.snapshot(layer.name, context.run);
    } catch (const base::Error& error) {
        if (error.kind() != base::ErrorKind::unsupported) throw;
    }
    if (!snapshot || !snapshot->table.has_geometry()) return {layer.extent};
    const table::GeometryColumn& geometry = snapshot->table.geometry();
    std::vector<Box> places;
    for (std::size_t row = 0; row < geometry.size(); ++row)
        if (geometry.valid(row)) places.push_back(geometry.box(row));
    return places;
}

}  // namespace stadtgdi::ows
