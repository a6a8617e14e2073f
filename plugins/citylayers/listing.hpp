// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <QString>
#include <optional>
#include <vector>

namespace stadtgdi::citylayers {

enum class Place {
    store,   ///< a GeoPackage or PostGIS schema
    service  ///< a project of our service (or another OGC API Features with our layer names)
};

/// One layer as the dock shows it.
struct ListedLayer {
    catalogue::StoredLayer stored;
    QString title;
    qint64 rows = -1;  ///< -1: not known
};

/// What a city offers, whatever holds it.
struct Listing {
    Place place = Place::store;
    std::string location;           ///< path, "PG:..." or the address of the service's project without trailing slash
    catalogue::CityInfo city;
    std::vector<ListedLayer> layers;
};

/// Opens "city.gpkg", "PG:dbname=city schemas=leipzig" or "https://host/leipzig" (also with /ogcapi or /ows behind).
/// Errors: what City::open throws; io where the service does not answer, bad_data where it says something else.
Listing list_layers(const QString& location, base::Language language);

}  // namespace stadtgdi::citylayers
