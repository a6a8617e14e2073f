// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/plugin_entry.hpp>
#include <plugins/citylayers/dock.hpp>
#include <qgisinterface.h>
#include <qgisplugin.h>
#include <QAction>
#include <QPointer>

namespace {

const QString plugin_menu = QStringLiteral("StadtGDI");

class CityLayersPlugin : public QgisPlugin {
public:
    CityLayersPlugin(const stadtgdi::bridge::PluginTexts& texts, QgisInterface& qgis)
        : QgisPlugin(texts.name, texts.description, texts.category, stadtgdi::bridge::plugin_version(), QgisPlugin::UI), m_qgis(qgis)
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

const stadtgdi::bridge::PluginTexts& stadtgdi::bridge::plugin_texts()
{
    static const PluginTexts texts{QStringLiteral("StadtGDI City Layers"),
                                   QStringLiteral("Adds the layers of a city with style, form and metadata (Städtische Fachdaten)"), QStringLiteral("Layers")};
    return texts;
}

QgisPlugin* stadtgdi::bridge::make_plugin(QgisInterface& qgis)
{
    return new CityLayersPlugin(plugin_texts(), qgis);
}
