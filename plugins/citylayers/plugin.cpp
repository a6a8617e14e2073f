// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/texts.hpp>
#include <plugins/citylayers/dock.hpp>
#include <qgisinterface.h>
#include <qgisplugin.h>
#include <QAction>
#include <QPointer>

// What QGIS looks for in a plugin's library.

namespace {

const QString plugin_name = QStringLiteral("StadtGDI City Layers");
const QString plugin_description = QStringLiteral("Adds the layers of a city with style, form and metadata (Städtische Fachdaten)");
const QString plugin_category = QStringLiteral("Layers");
const QString plugin_version = QStringLiteral("0.1.0");
const QString plugin_icon;
const QString plugin_menu = QStringLiteral("StadtGDI");

class CityLayersPlugin : public QgisPlugin {
public:
    explicit CityLayersPlugin(QgisInterface* qgis)
        : QgisPlugin(plugin_name, plugin_description, plugin_category, plugin_version, QgisPlugin::UI), m_qgis(*qgis)
    {
    }

    void initGui() override
    {
        m_dock = new stadtgdi::citylayers::Dock(m_qgis);
        m_qgis.addDockWidget(Qt::RightDockWidgetArea, m_dock);
        m_action = m_dock->toggleViewAction();
        m_qgis.addPluginToMenu(plugin_menu, m_action);
    }

    void unload() override
    {
        if (m_action) m_qgis.removePluginMenu(plugin_menu, m_action);
        if (m_dock) m_qgis.removeDockWidget(m_dock);
        delete m_dock;
    }

private:
    QgisInterface& m_qgis;
    QPointer<stadtgdi::citylayers::Dock> m_dock;  // QGIS's main window may delete it first
    QPointer<QAction> m_action;
};

}  // namespace

#define STADTGDI_EXPORT extern "C" Q_DECL_EXPORT

STADTGDI_EXPORT QgisPlugin* classFactory(QgisInterface* qgis)
{
    return new CityLayersPlugin(qgis);
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
