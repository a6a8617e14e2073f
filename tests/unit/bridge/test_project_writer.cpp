// SPDX-License-Identifier: GPL-2.0-or-later
#include "qgis_environment.hpp"
#include <layers/base/error.hpp>
#include <layers/catalogue/city.hpp>
#include <layers/table/table_builder.hpp>
#include <plugins/bridge/compat.hpp>
#include <plugins/bridge/project_writer.hpp>
#include <qgslayertree.h>
#include <qgslayertreegroup.h>
#include <qgsmaplayerserverproperties.h>
#include <qgsmaplayerstylemanager.h>
#include <qgsproject.h>
#include <qgsvectorlayer.h>
#include <qgsziputils.h>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

namespace {

using namespace stadtgdi;
using base::Language;
using bridge::compat::utf8;

class ProjectWriter : public QgisTest {
protected:
    void SetUp() override
    {
        city = utf8(folder.filePath(QStringLiteral("city.gpkg")));
        auto made = catalogue::City::create(city, {.name = "Musterstadt", .attribution = "Stadt Musterstadt", .licence = "dl-de/by-2-0"}, run);
        auto edit = made.edit();
        edit.replace("trees_tree", trees(), run);
        edit.replace("utilities_line", lines(), run);
        edit.commit();
    }
    static table::Table trees()
    {
        table::TableBuilder builder({{{"uuid", table::Type::text}, {"genus", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833"}});
        for (int i = 0; i < 3; ++i) {
            builder.column(0).add(std::string_view(std::to_string(i)));
            builder.column(1).add("Tilia");
            builder.geometry().add_point(318000 + 100 * i, 5690000 + 100 * i);
            builder.end_row();
        }
        return std::move(builder).finish();
    }
    static table::Table lines()
    {
        table::TableBuilder builder({{{"uuid", table::Type::text}, {"medium", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::line, "EPSG:25833"}});
        builder.column(0).add("a");
        builder.column(1).add("gas");
        builder.geometry().begin_row();
        builder.geometry().add(318000, 5690000);
        builder.geometry().add(318100, 5690000);
        builder.end_row();
        return std::move(builder).finish();
    }
    QString write(Language language, const char* name = "city.qgz")
    {
        const QString path = folder.filePath(QString::fromLatin1(name));
        bridge::write_project(city, utf8(path), language, run);
        return path;
    }
    QString text_of(const QString& qgz)
    {
        QTemporaryDir unpacked;
        QStringList files;
        EXPECT_TRUE(QgsZipUtils::unzip(qgz, unpacked.path(), files));
        QFile file(files.value(0));
        EXPECT_TRUE(file.open(QIODevice::ReadOnly));
        return QString::fromUtf8(file.readAll());
    }
    QTemporaryDir folder;
    std::string city;
    base::RunContext run{1};
};

TEST_F(ProjectWriter, MakesAProjectThatOpensWithAllLayersInGroups)
{
    QgsProject project;
    ASSERT_TRUE(project.read(write(Language::de)));
    EXPECT_EQ(project.title().toStdString(), "Stadt Musterstadt");
    EXPECT_EQ(project.crs().authid().toStdString(), "EPSG:25833");
    const auto* trees = qobject_cast<QgsVectorLayer*>(project.mapLayer(QStringLiteral("stadtgdi_trees_tree")));
    ASSERT_NE(trees, nullptr);
    EXPECT_TRUE(trees->isValid());
    EXPECT_EQ(trees->featureCount(), 3);
    EXPECT_EQ(trees->name().toStdString(), "Bäume");
    EXPECT_EQ(trees->serverProperties()->shortName().toStdString(), "trees_tree");
    EXPECT_NE(trees->serverProperties()->attribution().indexOf(QStringLiteral("Stadt Musterstadt")), -1);
    EXPECT_NE(project.layerTreeRoot()->findGroup(QStringLiteral("Baumstandorte")), nullptr);
    EXPECT_NE(project.mapLayer(QStringLiteral("stadtgdi_utilities_line")), nullptr);
}

TEST_F(ProjectWriter, SpeaksEnglishToo)
{
    QgsProject project;
    ASSERT_TRUE(project.read(write(Language::en)));
    ASSERT_NE(project.mapLayer(QStringLiteral("stadtgdi_trees_tree")), nullptr);
    EXPECT_EQ(project.mapLayer(QStringLiteral("stadtgdi_trees_tree"))->name().toStdString(), "Trees");
    EXPECT_EQ(project.readEntry(QStringLiteral("WMSServiceTitle"), QStringLiteral("/")).toStdString(), "Geodata of the city of Musterstadt");
}

TEST_F(ProjectWriter, TellsEverybodyOnlyOfWhatEverybodyFinds)
{
    for (const Language language : {Language::de, Language::en}) {
        QgsProject project;
        ASSERT_TRUE(project.read(write(language)));
        const std::string trees = language == Language::de ? "Baumstandorte" : "Tree sites";
        EXPECT_EQ(project.readEntry(QStringLiteral("WMSServiceAbstract"), QStringLiteral("/")).toStdString(),
                  (language == Language::de ? "Geodaten der Stadt Musterstadt: " : "Geodata of the city of Musterstadt: ") + trees + ".");
        const QStringList keywords = project.readListEntry(QStringLiteral("WMSKeywordList"), QStringLiteral("/"));
        ASSERT_EQ(keywords.size(), 2);
        EXPECT_EQ(keywords.at(1).toStdString(), trees);
    }
}

TEST_F(ProjectWriter, NamesGroupsAndLayersDifferently)
{
    for (const catalogue::LayerFamily& family : catalogue::all_families())
        for (const catalogue::LayerDefinition& layer : family.layers) {
            EXPECT_NE(family.title.en, layer.title.en) << layer.name;
            EXPECT_NE(family.title.de, layer.title.de) << layer.name;
        }
    QgsProject project;
    ASSERT_TRUE(project.read(write(Language::de)));
    for (QgsMapLayer* layer : project.mapLayers()) EXPECT_EQ(layer->styleManager()->currentStyle().toStdString(), "Standard");
}

TEST_F(ProjectWriter, PublishesEveryLayerByWfs)
{
    QgsProject project;
    ASSERT_TRUE(project.read(write(Language::de)));
    const QStringList published = project.readListEntry(QStringLiteral("WFSLayers"), QStringLiteral("/"));
    for (const QgsMapLayer* layer : project.mapLayers()) EXPECT_TRUE(published.contains(layer->id())) << layer->id().toStdString();
    EXPECT_TRUE(project.readListEntry(QStringLiteral("WMSCrsList"), QStringLiteral("/")).contains(QStringLiteral("EPSG:3035")));
}

TEST_F(ProjectWriter, NamesTheCityFileRelativeToTheProject)
{
    const QString text = text_of(write(Language::de));
    EXPECT_TRUE(text.contains(QStringLiteral("./city.gpkg|layername=trees_tree")));
    EXPECT_FALSE(text.contains(folder.path()));
}

TEST_F(ProjectWriter, IsNotMisledByAFileOfTheSameNameInTheWorkingFolder)
{
    QTemporaryDir elsewhere;
    ASSERT_TRUE(QFile::copy(QString::fromStdString(city), elsewhere.filePath(QStringLiteral("city.gpkg"))));
    const QString before = QDir::currentPath();
    QDir::setCurrent(elsewhere.path());
    const QString text = text_of(write(Language::de));
    EXPECT_EQ(QDir::currentPath().toStdString(), elsewhere.path().toStdString());
    QDir::setCurrent(before);
    EXPECT_TRUE(text.contains(QStringLiteral("./city.gpkg|layername=trees_tree")));
    EXPECT_FALSE(text.contains(QStringLiteral("../")));
}

TEST_F(ProjectWriter, GivesTheSameTextForTheSameCity)
{
    const QString first = text_of(write(Language::de));
    const QString second = text_of(write(Language::de));
    EXPECT_TRUE(first == second);
    EXPECT_FALSE(first.contains(QStringLiteral("saveUser")));
}

TEST_F(ProjectWriter, LeavesNothingBesideTheProject)
{
    write(Language::de, "plan.qgz");
    QStringList files = QDir(folder.path()).entryList(QDir::Files);
    const QStringList of_the_city = files.filter(QStringLiteral("city.gpkg"));
    for (const QString& name : of_the_city) files.removeAll(name);
    EXPECT_EQ(files.join(QLatin1Char(' ')).toStdString(), "plan.qgz");
}

TEST_F(ProjectWriter, SaysThatTheCityIsMissing)
{
    EXPECT_THROW(bridge::write_project("nowhere.gpkg", utf8(folder.filePath(QStringLiteral("x.qgz"))), Language::en, run), base::Error);
}

}  // namespace
