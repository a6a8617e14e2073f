// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <QString>

namespace stadtgdi::bridge {

/// Where QGIS finds a table: the data source and the key of the provider.
struct LayerSource {
    QString uri, provider;
};

/// A layer of a city store, "city.gpkg" or "PG:dbname=city schemas=leipzig".
LayerSource layer_source(const std::string& city_path, const catalogue::StoredLayer& layer);

}  // namespace stadtgdi::bridge
