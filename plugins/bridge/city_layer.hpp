// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <QString>
#include <memory>

class QgsVectorLayer;

namespace stadtgdi::bridge {

/// Style, form, aliases, title, abstract, short name, scale range, attribution and licence of a layer of the city, in one
/// language. The project writer and the dock `citylayers` both use it, so that a layer is the same wherever it is added.
void dress_layer(QgsVectorLayer& map_layer, const catalogue::CityInfo& city, const catalogue::StoredLayer& stored, base::Language language);

/// Opens a layer of the city store and dresses it. Error(io) where QGIS cannot open it.
///     auto layer = open_city_layer(city.path(), city.info(), stored, language());
std::unique_ptr<QgsVectorLayer> open_city_layer(const std::string& city_path, const catalogue::CityInfo& city,
                                                const catalogue::StoredLayer& stored, base::Language language);

/// "Baumstandorte" of the definition, else the stored name.
QString title_of(const catalogue::StoredLayer& stored, base::Language language);

}  // namespace stadtgdi::bridge
