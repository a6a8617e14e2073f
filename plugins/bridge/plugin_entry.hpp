// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <QString>

class QgisInterface;
class QgisPlugin;

/// What QGIS Desktop looks for in the library of a C++ plugin (classFactory, name, type ...) stands in plugin_entry.cpp,
/// which CMake's stadtgdi_qgis_plugin() adds to each plugin. A plugin defines these two:
namespace stadtgdi::bridge {

struct PluginTexts {
    QString name, description, category;
};

/// Needs no running QgsApplication: the plugin manager asks before it loads anything.
const PluginTexts& plugin_texts();
QgisPlugin* make_plugin(QgisInterface& qgis);

/// Of the project, "0.1.0".
const QString& plugin_version();

}  // namespace stadtgdi::bridge
