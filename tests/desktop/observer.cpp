// SPDX-License-Identifier: GPL-2.0-or-later
// A plugin for a QGIS without Python: writes to $STADTGDI_RESULTS what our plugins brought into QGIS Desktop, and ends it.
#include <plugins/bridge/plugin_entry.hpp>
#include <qgisinterface.h>
#include <qgisplugin.h>
#include <qgsapplication.h>
#include <qgsprocessingalgorithm.h>
#include <qgsprocessingprovider.h>
#include <qgsprocessingregistry.h>

#include <QDockWidget>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMainWindow>
#include <QTimer>
#include <QTreeView>

namespace {

class Observer : public QgisPlugin {
public:
    Observer(const stadtgdi::bridge::PluginTexts& texts, QgisInterface& qgis)
        : QgisPlugin(texts.name, texts.description, texts.category, stadtgdi::bridge::plugin_version(), QgisPlugin::UI), m_qgis(qgis)
    {
    }
    void initGui() override { QTimer::singleShot(3000, m_qgis.mainWindow(), [this] { look(); }); }  // the others are loaded by then
    void unload() override {}

private:
    void look()
    {
        QJsonObject seen;
        QJsonArray algorithms;
        if (const QgsProcessingProvider* provider = QgsApplication::processingRegistry()->providerById(QStringLiteral("stadtgdi")))
            for (const QgsProcessingAlgorithm* algorithm : provider->algorithms()) algorithms.append(algorithm->id());
        seen[QStringLiteral("algorithms")] = algorithms;
        if (auto* dock = m_qgis.mainWindow()->findChild<QDockWidget*>(QStringLiteral("StadtgdiCityLayers"))) {
            dock->show();
            seen[QStringLiteral("dock")] = dock->windowTitle();
            if (const auto* tree = dock->findChild<QTreeView*>(QStringLiteral("layers"))) seen[QStringLiteral("columns")] = tree->model()->columnCount();
            dock->grab().save(qEnvironmentVariable("STADTGDI_PICTURE"));
        }
        seen[QStringLiteral("qt")] = QString::fromLatin1(qVersion());
        QFile file(qEnvironmentVariable("STADTGDI_RESULTS"));
        if (file.open(QIODevice::WriteOnly)) file.write(QJsonDocument(seen).toJson());
        file.close();
        std::_Exit(0);  // QGIS would ask whether to save
    }

    QgisInterface& m_qgis;
};

}  // namespace

const stadtgdi::bridge::PluginTexts& stadtgdi::bridge::plugin_texts()
{
    static const PluginTexts texts{QStringLiteral("Observer"), QStringLiteral("Sees what other plugins brought"), QStringLiteral("Test")};
    return texts;
}

QgisPlugin* stadtgdi::bridge::make_plugin(QgisInterface& qgis)
{
    return new Observer(plugin_texts(), qgis);
}
