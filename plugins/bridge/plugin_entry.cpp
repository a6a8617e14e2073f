// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/plugin_entry.hpp>
#include <qgisplugin.h>

namespace stadtgdi::bridge {

const QString& plugin_version()
{
    static const QString version = QStringLiteral(STADTGDI_VERSION);
    return version;
}

}  // namespace stadtgdi::bridge

using stadtgdi::bridge::plugin_texts;

#define STADTGDI_EXPORT extern "C" Q_DECL_EXPORT

STADTGDI_EXPORT QgisPlugin* classFactory(QgisInterface* qgis)
{
    return stadtgdi::bridge::make_plugin(*qgis);
}
STADTGDI_EXPORT void unload(QgisPlugin* plugin)
{
    delete plugin;
}
STADTGDI_EXPORT const QString* name()
{
    return &plugin_texts().name;
}
STADTGDI_EXPORT const QString* description()
{
    return &plugin_texts().description;
}
STADTGDI_EXPORT const QString* category()
{
    return &plugin_texts().category;
}
STADTGDI_EXPORT const QString* version()
{
    return &stadtgdi::bridge::plugin_version();
}
STADTGDI_EXPORT const QString* icon()
{
    static const QString none;
    return &none;
}
STADTGDI_EXPORT int type()
{
    return QgisPlugin::UI;
}
