// SPDX-License-Identifier: GPL-2.0-or-later
#include <plugins/bridge/project_writer.hpp>
#include <layers/catalogue/shown_texts.hpp>
#include <plugins/bridge/city_layer.hpp>
#include <plugins/bridge/project_file.hpp>
#include <plugins/bridge/qgis_session.hpp>
#include <plugins/bridge/texts.hpp>
#include <qgscoordinatetransform.h>
#include <qgsexception.h>
#include <qgslayertree.h>
#include <qgslayertreegroup.h>
#include <qgslayertreelayer.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsproject.h>
#include <qgsprojectmetadata.h>
#include <qgsprojectviewsettings.h>
#include <qgsreferencedgeometry.h>
#include <qgsvectorlayer.h>
#include <algorithm>
#include <array>

namespace stadtgdi::bridge {

using base::Language;
using catalogue::City;
using catalogue::Disclosure;
using catalogue::LayerDefinition;
using catalogue::LayerFamily;
using catalogue::StoredLayer;

namespace {

/// From the top of the map down: what is small or thin lies above what covers ground. Borders of districts often run along
/// a street, which shall be seen.
constexpr std::array<std::string_view, 8> family_order{"utilities", "trees", "buildings", "walking", "districts", "greenspace", "population", "statgrid"};

/// Shown when the project is opened. The grids would cover the map, the kerb of every crossing would read as a warning;
/// protected layers are for those who look for them.
bool shown_at_first(const StoredLayer& stored, const LayerDefinition* definition)
{
    if (!definition || stored.disclosure == Disclosure::kritis) return false;
    const std::string& family = catalogue::family_of(*definition).name;
    return family != "population" && family != "statgrid" && definition->name != "walking_node";
}

/// Points, lines, polygons, then tables without geometry.
int drawing_rank(const StoredLayer& stored)
{
    const LayerDefinition* definition = catalogue::find_layer(stored.definition);
    if (!definition || !definition->geometry) return 3;
    switch (table::single_of(*definition->geometry)) {
    case table::GeometryKind::point: return 0;
    case table::GeometryKind::line: return 1;
    default: return 2;
    }
}

struct Group {
    const LayerFamily* family = nullptr;  ///< none: tables of the user's own
    std::vector<StoredLayer> layers;
};

std::vector<Group> groups_of(const std::vector<StoredLayer>& stored)
{
    std::vector<Group> groups;
    for (const std::string_view name : family_order) {
        for (const LayerFamily& family : catalogue::all_families())
            if (family.name == name) groups.push_back({&family, {}});
    }
    for (const LayerFamily& family : catalogue::all_families()) {
        const auto same = [&](const Group& group) { return group.family == &family; };
        if (std::none_of(groups.begin(), groups.end(), same)) groups.push_back({&family, {}});
    }
    groups.push_back({});
    for (const StoredLayer& layer : stored) {
        const LayerDefinition* definition = catalogue::find_layer(layer.definition);
        const LayerFamily* family = definition ? &catalogue::family_of(*definition) : nullptr;
        const auto mine = std::find_if(groups.begin(), groups.end(), [&](const Group& group) { return group.family == family; });
        mine->layers.push_back(layer);
    }
    std::erase_if(groups, [](const Group& group) { return group.layers.empty(); });
    for (Group& group : groups)
        std::stable_sort(group.layers.begin(), group.layers.end(), [](const StoredLayer& a, const StoredLayer& b) { return drawing_rank(a) < drawing_rank(b); });
    return groups;
}

QgsRectangle extent_in(const QgsCoordinateReferenceSystem& crs, const QgsVectorLayer& layer, const QgsProject& project)
{
    const QgsRectangle extent = layer.extent();
    if (!layer.isSpatial() || extent.isNull() || extent.isEmpty()) return {};
    try {
        return QgsCoordinateTransform(layer.crs(), crs, &project).transformBoundingBox(extent);
    } catch (const QgsCsException&) {
        return {};
    }
}

/// What the layers of a city come to while they are added to its project.
struct Contents {
    QgsRectangle extent;
    QStringList ids;
    QStringList public_titles;  ///< of families with rows that everybody may see
    QStringList licences;       ///< of these layers
};

void add_group(QgsProject& project, const Group& group, const City& city, Language language, Contents& contents)
{
    const QString title = text(group.family ? group.family->title : catalogue::other_tables(), language);
    QgsLayerTreeGroup* tree = project.layerTreeRoot()->addGroup(title);
    tree->setCustomProperty(QStringLiteral("wmsShortName"), group.family ? compat::qstring(group.family->name) : QStringLiteral("other"));
    tree->setCustomProperty(QStringLiteral("wmsTitle"), title);
    if (group.family) tree->setCustomProperty(QStringLiteral("wmsAbstract"), text(group.family->abstract, language));
    tree->setExpanded(true);
    for (const StoredLayer& stored : group.layers) {
        std::unique_ptr<QgsVectorLayer> layer = open_city_layer(city.path(), city.info(), stored, language);
        // QGIS gives ids of up to ten letters away when it reads a project.
        const QString id = QStringLiteral("stadtgdi_") + compat::qstring(stored.name);
        layer->setId(id);
        const bool grid = group.family && (group.family->name == "population" || group.family->name == "statgrid");
        if (!grid) contents.extent.combineExtentWith(extent_in(project.crs(), *layer, project));
        contents.ids << id;
        if (stored.disclosure == Disclosure::open && layer->featureCount() > 0) {
            if (group.family && !contents.public_titles.contains(title)) contents.public_titles << title;
            if (const QString licence = compat::qstring(stored.licence); !licence.isEmpty() && !contents.licences.contains(licence)) contents.licences << licence;
        }
        // QGIS calls every layer's first style "default", and services show the name to people.
        layer->styleManager()->renameStyle(layer->styleManager()->currentStyle(), QStringLiteral("Standard"));
        QgsMapLayer* added = project.addMapLayer(layer.release(), false);
        QgsLayerTreeLayer* node = tree->addLayer(added);
        node->setItemVisibilityChecked(shown_at_first(stored, catalogue::find_layer(stored.definition)));
        node->setExpanded(false);
    }
}

void set_services(QgsProject& project, const catalogue::CityInfo& city, Language language, const Contents& contents)
{
    const QString name = compat::qstring(city.name);
    const QString service = text(catalogue::service_title(city.name), language);
    const QString attribution = compat::qstring(city.attribution);
    const auto entry = [&](const char* key, const auto& value) { project.writeEntry(QString::fromLatin1(key), QStringLiteral("/"), value); };
    // Everybody reads these: they name what everybody finds.
    const QString titles = contents.public_titles.join(QStringLiteral(", "));
    const QString abstract = titles.isEmpty() ? QString() : QStringLiteral("%1: %2.").arg(service, titles);
    entry("WMSServiceCapabilities", true);
    entry("WMSServiceTitle", service);
    entry("WMSServiceAbstract", abstract);
    entry("WMSKeywordList", QStringList{name} + contents.public_titles);
    entry("WMSContactOrganization", attribution.isEmpty() ? name : attribution);
    entry("WMSFees", city.licence.empty() ? contents.licences.join(QStringLiteral(", ")) : compat::qstring(city.licence));
    entry("WMSAccessConstraints", QStringLiteral("None"));
    entry("WMSRootName", QStringLiteral("city"));
    entry("WMSCrsList", QStringList{QStringLiteral("EPSG:25832"), QStringLiteral("EPSG:25833"), QStringLiteral("EPSG:4258"), QStringLiteral("EPSG:4326"),
                                    QStringLiteral("EPSG:3857"), QStringLiteral("EPSG:3035")});
    entry("WMSMaxWidth", 4096);
    entry("WMSMaxHeight", 4096);
    entry("WMSImageQuality", 90);
    entry("WMSAddWktGeometry", false);
    entry("WMSUseLayerIDs", false);
    if (!contents.extent.isEmpty()) {
        QStringList corners;
        for (const double value : {contents.extent.xMinimum(), contents.extent.yMinimum(), contents.extent.xMaximum(), contents.extent.yMaximum()}) corners << QString::number(value, 'f', 3);
        entry("WMSExtent", corners);
    }
    entry("WFSLayers", contents.ids);
    for (const QString& id : contents.ids) project.writeEntry(QStringLiteral("WFSLayersPrecision"), QStringLiteral("/") + id, 3);
}

void set_project(QgsProject& project, const catalogue::CityInfo& city, Language language)
{
    const QString name = compat::qstring(city.name);
    project.setTitle(language == Language::de ? QStringLiteral("Stadt %1").arg(name) : QStringLiteral("City of %1").arg(name));
    project.setCrs(QgsCoordinateReferenceSystem::fromOgcWmsCrs(compat::qstring(city.crs)), true);
    project.setFilePathStorage(Qgis::FilePathType::Relative);
    project.setBackgroundColor(QColor(0xf6, 0xf4, 0xee));  // the paper of styles/README.md
    QgsProjectMetadata metadata = project.metadata();
    metadata.setTitle(project.title());
    metadata.setLanguage(language == Language::de ? QStringLiteral("ger") : QStringLiteral("eng"));
    project.setMetadata(metadata);
}

}  // namespace

void write_project(const std::string& city_path, const std::string& out_qgz, Language language, base::RunContext& run)
{
    ensure_qgis();
    const City city = City::open(city_path);
    const std::vector<Group> groups = groups_of(city.layers());

    QgsProject project;
    set_project(project, city.info(), language);
    Contents contents;
    double done = 0;
    for (const Group& group : groups) {
        run.throw_if_stopped();
        const QString title = group.family ? text(group.family->title, language) : QString();
        run.progress(done++ / static_cast<double>(groups.size() + 1), base::Text::same(compat::utf8(title)));
        add_group(project, group, city, language, contents);
    }
    // A place that was recorded far outside must not shrink the city: its districts say where it lies.
    if (const auto* districts = qobject_cast<QgsVectorLayer*>(project.mapLayer(QStringLiteral("stadtgdi_districts_district")))) {
        const QgsRectangle city_extent = extent_in(project.crs(), *districts, project);
        if (!city_extent.isEmpty()) contents.extent = city_extent;
    }
    set_services(project, city.info(), language, contents);
    if (!contents.extent.isEmpty()) {
        project.viewSettings()->setPresetFullExtent(QgsReferencedRectangle(contents.extent, project.crs()));
        project.viewSettings()->setDefaultViewExtent(QgsReferencedRectangle(contents.extent, project.crs()));
    }
    save_project(project, compat::qstring(out_qgz));
    run.progress(1.0);
}

}  // namespace stadtgdi::bridge
