// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::project {

struct LoadedProject;

/// A place on a picture, in the CRS of the raster layer: its values are those of the resolution that the picture shows.
struct RasterPlace {
    double x = 0, y = 0;
    table::Box box;
    int width = 0, height = 0;
};

/// Reads single values of a raster layer. Made on the main thread; then it reads on any one thread, independent of the layer.
class RasterReader {
public:
    /// Error(not_found) for a layer that is not there, Error(unsupported) for one without values, Error(io) where its source has gone.
    RasterReader(const LoadedProject& project, const std::string& layer);
    ~RasterReader();
    RasterReader(const RasterReader&) = delete;
    RasterReader& operator=(const RasterReader&) = delete;

    /// Of all bands; none outside of the layer and where it has no data.
    std::vector<std::optional<double>> values(const RasterPlace& place);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::project
