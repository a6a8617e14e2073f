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
    QString key;                    ///< id of the entry in QGIS's authentication store; empty: without a key
};

/// Opens "city.gpkg", "PG:dbname=city schemas=leipzig" or "https://host/leipzig" (also with /ogcapi or /ows behind).
/// `key`: id of an entry in QGIS's authentication store; with it a service also shows the protected layers that it opens.
/// Errors: what City::open throws; io where the service does not answer, invalid_argument where it refuses the key,
/// bad_data where it says something else.
Listing list_layers(const QString& location, const QString& key, base::Language language);

/// Whether the place is the address of a service.
bool is_service(const QString& location);

}  // namespace stadtgdi::citylayers
