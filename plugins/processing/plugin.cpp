// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/plugin_entry.hpp>
#include <plugins/processing/provider.hpp>
#include <qgisplugin.h>
#include <qgsapplication.h>
#include <qgsprocessingregistry.h>

// The plugin of QGIS Desktop, and what the small Python plugin for qgis_process calls.

namespace {

class ProcessingPlugin : public QgisPlugin {
public:
    explicit ProcessingPlugin(const stadtgdi::bridge::PluginTexts& texts)
        : QgisPlugin(texts.name, texts.description, texts.category, stadtgdi::bridge::plugin_version(), QgisPlugin::UI)
    {
    }
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

const stadtgdi::bridge::PluginTexts& stadtgdi::bridge::plugin_texts()
{
    static const PluginTexts texts{QStringLiteral("StadtGDI Processing"),
                                   QStringLiteral("Analyses of city layers as Processing algorithms (Analysen städtischer Fachdaten)"), QStringLiteral("Analysis")};
    return texts;
}

QgisPlugin* stadtgdi::bridge::make_plugin(QgisInterface&)
{
    return new ProcessingPlugin(plugin_texts());
}

/// For qgis_process, which loads Python plugins only: 1 where the provider is there now.
extern "C" Q_DECL_EXPORT int stadtgdi_register_provider()
{
    stadtgdi::processing::register_provider();
    return QgsApplication::processingRegistry()->providerById(QStringLiteral("stadtgdi")) ? 1 : 0;
}
