// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <layers/io/database.hpp>

/// How a city's own tables (stadtgdi_city, stadtgdi_layer, stadtgdi_import) lie in the store.
namespace stadtgdi::catalogue::store {

/// One step to a newer layout; `sql` is for both kinds of store.
struct Step {
    int to_version;
    std::string sql;
};

/// The steps from version 1 to today's.
const std::vector<Step>& steps();
int current_version();

/// Makes the metadata tables; `sink` is in its transaction.
void create_tables(io::Sink& sink, const std::string& path, const CityInfo& info);
CityInfo read_info(io::Database& database);
/// The store's version; Error(unsupported) where it is newer than `current`.
int require_known(const std::string& path, int current);
/// Brings an older store to the version of the last step: first a copy (FILE.before-version-N; in PostGIS copies of the
/// metadata tables), then all steps in one transaction; what was done, or none where nothing was to be done.
/// Error(unsupported) where the store is newer, Error(bad_data) where it names no version, Error(io) where it must not be written.
std::optional<Upgrade> upgrade(const std::string& path, int current, const std::vector<Step>& steps);

/// Triggers that NOTIFY of changes of a PostGIS table; nothing for GeoPackages.
void watch_table(io::Sink& sink, const std::string& path, const std::string& table);

}  // namespace stadtgdi::catalogue::store
