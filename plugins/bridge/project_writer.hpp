// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <string>

namespace stadtgdi::bridge {

/// Writes the QGIS project of a city (GeoPackage or PostGIS schema): all stored layers in groups by family with style,
/// form, scale range, titles and the settings of WMS and WFS, in one language. Needs no window; starts QGIS where the
/// program has not. Paths are relative to the project. The same city gives the same project text.
/// Protected layers are in the project: the service hides them by the store's own metadata.
///     write_project("leipzig.gpkg", "leipzig.qgz", Language::de, run);
/// Errors: what City::open throws, io where the project cannot be written.
void write_project(const std::string& city_path, const std::string& out_qgz, base::Language language, base::RunContext& run);

}  // namespace stadtgdi::bridge
