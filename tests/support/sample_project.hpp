// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <functional>
#include <string>

class QgsProject;
class QgsVectorLayer;

namespace stadtgdi::test {

/// Writes data.gpkg: trees (60 points on a grid of 10 m: species, height_m, planted, code; every seventh without a height), ways (3 lines), parks
/// (2 polygons, one with a hole) and the table lookup (code, label), in EPSG:25833. Main thread.
void write_sample_data(const std::string& gpkg);

/// Writes a project over such a file. Layers: trees (short name "trees", title "Bäume", alias, value map, a field hidden from
/// WMS), parks in the group "Grün" (short name "green") with trees, ways (shown from 1:5000), trees_tall (subset),
/// trees_joined (join with lookup), trees_virtual (an expression field), lookup (no geometry). `change` may do more before it
/// is written. Main thread.
void write_sample_project(const std::string& qgz, const std::string& gpkg, const std::function<void(QgsProject&)>& change = {});

/// Puts data.gpkg and sample.qgz (both as above) into a folder; they are made once a program, then copied. Any thread.
void copy_sample(const std::string& gpkg, const std::string& qgz);

/// Adds a layer of a GeoPackage to a project.
QgsVectorLayer* add_layer(QgsProject& project, const std::string& gpkg, const std::string& table, const std::string& name);

/// Lets another connection change the GeoPackage, as another program would.
void execute_sql(const std::string& gpkg, const std::string& sql);

}  // namespace stadtgdi::test
