// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <string>
#include <vector>

class QgsMapLayer;

namespace stadtgdi::project {

/// Where a layer's data lie, as far as the service must know it: to find the disclosure class, to see changes, and to read
/// plain tables without QGIS. Never leaves the server.
struct DataSource {
    std::string provider;      ///< of QGIS: "ogr", "postgres", "memory", ...
    std::string path;          ///< file, absolute; empty where there is none
    std::string layer;         ///< layer or table in it; empty: the only one
    std::string connection;    ///< libpq connection text of PostgreSQL
    std::string schema;        ///< of PostgreSQL
    std::string subset;        ///< filter
    bool is_query = false;     ///< a statement of the project's own instead of a table: nothing is known of what it gives
    bool counted = false;      ///< its data base counts what is written to the table, so that a change is seen
    std::string uri;           ///< all of it, for the settings' rules
};

/// Main thread.
DataSource data_source_of(const QgsMapLayer& layer);

/// Whether it is a file of this machine that is not there.
bool file_gone(const DataSource& source);

/// What must be watched for changes: the file and those beside it that belong to it.
std::vector<std::string> files_of(const DataSource& source);

}  // namespace stadtgdi::project
