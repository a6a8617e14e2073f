// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <services/ows/face.hpp>
#include <span>
#include <vector>

namespace stadtgdi::ows {

// Which part of the world to show so that a reader sees something.

/// The box around these boxes without those far off the rest (Tukey's outer fences, three times the spread of the middle
/// half): one place in another city must not shrink a city to a dot. none() for none.
table::Box usual_extent(std::span<const table::Box> places);

struct PictureSize {
    int width = 720, height = 480;  ///< pixels of 0.28 mm
};
struct Picture {
    table::Box box = table::Box::none();  ///< in the layer's CRS, with the proportions of the picture
    bool whole = true;                    ///< all places are in it
};
/// A box around the places in which the layer is shown: where its scale forbids the usual extent, the densest part of it.
Picture picture_of(const project::PublishedLayer& layer, std::span<const table::Box> places, PictureSize size = {});

/// Boxes of the rows of a layer that is held; one box, the extent, where it is read from its source.
std::vector<table::Box> places_of(const FaceContext& context, const project::PublishedLayer& layer);

}  // namespace stadtgdi::ows
