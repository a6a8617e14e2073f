// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <QString>
#include <optional>

class QgsMapLayer;

namespace stadtgdi::bridge {

/// Where QGIS finds a table: the data source and the key of the provider.
struct LayerSource {
    QString uri, provider;
};

/// A layer of a city store, "city.gpkg" or "PG:dbname=city schemas=leipzig".
LayerSource layer_source(const std::string& city_path, const catalogue::StoredLayer& layer);

/// The store that a layer of a project lies in, as City::open() takes it, without user and password; none where it does not
/// look like a layer of a city. Whether there is a city is for City::open() to say.
std::optional<std::string> city_path_of(const QgsMapLayer& layer);

}  // namespace stadtgdi::bridge
