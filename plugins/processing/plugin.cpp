// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/texts.hpp>
#include <plugins/processing/provider.hpp>
#include <qgisplugin.h>
#include <qgsapplication.h>
#include <qgsprocessingregistry.h>

// What QGIS looks for in a plugin's library, and what the small Python plugin for qgis_process calls.

namespace {

const QString plugin_name = QStringLiteral("StadtGDI Processing");
const QString plugin_description = QStringLiteral("Analyses of city layers as Processing algorithms (Analysen städtischer Fachdaten)");
const QString plugin_category = QStringLiteral("Analysis");
const QString plugin_version = QStringLiteral("0.1.0");
const QString plugin_icon;

class ProcessingPlugin : public QgisPlugin {
public:
    ProcessingPlugin() : QgisPlugin(plugin_name, plugin_description, plugin_category, plugin_version, QgisPlugin::UI) {}
    void initGui() override { m_provider = stadtgdi::processing::register_provider(); }
    void unload() override
    {
        if (m_provider) QgsApplication::processingRegistry()->removeProvider(m_provider);
        m_provider = nullptr;
    }

private:
    stadtgdi::processing::Provider* m_provider = nullptr;  // owned by the registry
};

}  // namespace

#define STADTGDI_EXPORT extern "C" Q_DECL_EXPORT

STADTGDI_EXPORT QgisPlugin* classFactory(QgisInterface*)
{
    return new ProcessingPlugin;
}
STADTGDI_EXPORT void unload(QgisPlugin* plugin)
{
    delete plugin;
}
STADTGDI_EXPORT const QString* name()
{
    return &plugin_name;
}
STADTGDI_EXPORT const QString* description()
{
    return &plugin_description;
}
STADTGDI_EXPORT const QString* category()
{
    return &plugin_category;
}
STADTGDI_EXPORT const QString* version()
{
    return &plugin_version;
}
STADTGDI_EXPORT const QString* icon()
{
    return &plugin_icon;
}
STADTGDI_EXPORT int type()
{
    return QgisPlugin::UI;
}

/// For qgis_process, which loads Python plugins only: 1 where the provider is there now.
STADTGDI_EXPORT int stadtgdi_register_provider()
{
    stadtgdi::processing::register_provider();
    return QgsApplication::processingRegistry()->providerById(QStringLiteral("stadtgdi")) ? 1 : 0;
}
