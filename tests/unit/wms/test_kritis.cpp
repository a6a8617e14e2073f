// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <layers/crs/transform.hpp>
#include <plugins/bridge/compat.hpp>
#include <services/ows/selection.hpp>
#include <tests/support/sample_city.hpp>

#include <qgscategorizedsymbolrenderer.h>
#include <qgslayertree.h>
#include <qgsmarkersymbol.h>
#include <qgsproject.h>
#include <qgsvectorlayer.h>

namespace stadtgdi::wms {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A city with an open and a kritis table of the same place; the kritis one lies renamed, and alone, in a group.
class Kritis : public WmsTest {
protected:
    void write_project() override
    {
        test::write_sample_city(m_gpkg, {{"secret", catalogue::Disclosure::kritis}, {"known", catalogue::Disclosure::open}});
        test::qgis().call_on_main([&] {
            QgsProject project;
            project.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
            test::add_layer(project, m_gpkg, "known", "known");
            QgsVectorLayer* hidden = test::add_layer(project, m_gpkg, "secret", "harmless");
            QgsLayerTreeGroup* group = project.layerTreeRoot()->addGroup(QStringLiteral("netze"));
            QgsLayerTreeLayer* node = project.layerTreeRoot()->findLayer(hidden->id());
            group->addChildNode(node->clone());
            project.layerTreeRoot()->removeChildNode(node);
            project.write(bridge::compat::qstring(m_qgz));
        });
    }

    static Parameters at_the_point(const std::string& layer)
    {
        return map_request({{"LAYERS", layer}, {"QUERY_LAYERS", layer}, {"REQUEST", "GetFeatureInfo"}, {"I", "40"}, {"J", "160"}, {"INFO_FORMAT", "text/plain"}, {"FEATURE_COUNT", "10"}});
    }
};

TEST_F(Kritis, IsNowhereWithoutARole)
{
    const std::string capabilities = ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes();
    EXPECT_THAT(capabilities, HasSubstr("known"));
    EXPECT_THAT(capabilities, Not(HasSubstr("harmless")));
    EXPECT_THAT(capabilities, Not(HasSubstr("netze")));
    for (const char* name : {"harmless", "netze", "secret"}) {
        const http::Response refused = ask(map_request({{"LAYERS", name}}));
        EXPECT_EQ(code(refused), "LayerNotDefined") << name;
        // What one may not see answers as what is not there.
        std::string other = ask(map_request({{"LAYERS", "nonsense"}})).bytes();
        other.replace(other.find("nonsense"), 8, name);
        EXPECT_EQ(refused.bytes(), other);
        EXPECT_EQ(code(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", name}, {"FORMAT", "image/png"}})), "LayerNotDefined");
        EXPECT_EQ(code(ask(at_the_point(name))), "LayerNotDefined");
    }
}

TEST_F(Kritis, TheRootDrawsAndTellsOnlyWhatMayBeSeen)
{
    EXPECT_EQ(picture(ask(map_request({{"LAYERS", "sample"}}))), picture(ask(map_request({{"LAYERS", "known"}}))));
    const std::string info = ask(at_the_point("sample")).bytes();
    EXPECT_THAT(info, HasSubstr("known.1"));
    EXPECT_THAT(info, Not(HasSubstr("harmless")));
}

TEST_F(Kritis, IsServedToARole)
{
    m_access.roles["netz"] = {{catalogue::Disclosure::kritis}, {}};
    m_identity = {"Leitstelle", {"netz"}};
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes(), HasSubstr("harmless"));
    EXPECT_EQ(ask(map_request({{"LAYERS", "netze"}})).content_type, "image/png");
    EXPECT_THAT(ask(at_the_point("harmless")).bytes(), HasSubstr("geheim"));
    // And the next one without it gets the document of those without.
    m_identity = {};
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes(), Not(HasSubstr("harmless")));
}

/// An open layer: rows 1 and 5 of no class, 2 public, 3 kritis, 4 internal, 6 of a word that is no class.
class StricterRows : public WmsTest {
protected:
    void write_project() override
    {
        write_project_of_rows({"", "public", "kritis", "internal", "", "topsecret"}, catalogue::Disclosure::open);
        m_access.roles["grid"] = {{catalogue::Disclosure::kritis}, {}};
        m_access.roles["all"] = {{catalogue::Disclosure::kritis, catalogue::Disclosure::internal, catalogue::Disclosure::restricted}, {}};
    }
    void write_project_of_rows(const std::vector<std::string>& classes, catalogue::Disclosure disclosure)
    {
        test::write_city_of_rows(m_gpkg, classes, disclosure);
        test::qgis().call_on_main([&] {
            QgsProject project;
            project.setCrs(QgsCoordinateReferenceSystem(QStringLiteral("EPSG:25833")));
            QgsCategoryList categories;
            for (const char* number : {"1", "2", "3", "4", "5", "6"})
                categories << QgsRendererCategory(QString::fromLatin1(number), bridge::compat::owned(QgsMarkerSymbol::createSimple({})), QString::fromLatin1(number));
            test::add_layer(project, m_gpkg, "known", "known")->setRenderer(new QgsCategorizedSymbolRenderer(QStringLiteral("code"), categories));
            project.write(bridge::compat::qstring(m_qgz));
        });
    }

    http::Response legend(const Parameters& change) const
    {
        Parameters all{{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetLegendGraphic"}, {"LAYER", "known"}, {"FORMAT", "image/png"}};
        all.insert(all.end(), change.begin(), change.end());
        return ask(all);
    }
    /// Numbers of the rows whose entry the legend has: each can be asked for, and they make its height.
    std::string entries() const
    {
        std::string found;
        int height_of_one = 0;
        for (const char* number : {"1", "2", "3", "4", "5", "6"}) {
            const http::Response one = legend({{"RULE", number}});
            if (one.status != 200) {
                EXPECT_EQ(code(one), "InvalidParameterValue");
                continue;
            }
            height_of_one = picture(one).height();
            found += number;
        }
        // The box of a symbol is 4 mm high, 14 pixels, and a gap parts it from the next.
        const int more = picture(legend({})).height() - height_of_one, others = static_cast<int>(found.size()) - 1;
        EXPECT_GE(more, 14 * others);
        EXPECT_LE(more, 28 * others);
        return found;
    }
    /// Numbers of the rows whose rule GetStyles has.
    std::string rules() const
    {
        const std::string styles = ask({{"SERVICE", "WMS"}, {"VERSION", "1.3.0"}, {"REQUEST", "GetStyles"}, {"LAYERS", "known"}}).bytes();
        std::string found;
        for (const char number : {'1', '2', '3', '4', '5', '6'})
            if (styles.find(std::string("<se:Name>") + number + "</se:Name>") != std::string::npos)
                found += number;
        return found;
    }
    /// Numbers of the rows that have a symbol on the map.
    std::string drawn() const
    {
        const QImage map = picture(ask(map_request({{"LAYERS", "known"}, {"BBOX", "316980,5689980,317280,5690080"}, {"WIDTH", "600"}})));
        std::string rows;
        for (int i = 0; i < 6; ++i)
            if (map.pixel(40 + 80 * i, 160) != 0xffffffffU)
                rows += static_cast<char>('1' + i);
        return rows;
    }
    /// Numbers of the rows that GetFeatureInfo tells of.
    std::string told() const
    {
        std::string rows;
        for (int i = 0; i < 6; ++i)
            if (ask(map_request({{"LAYERS", "known"}, {"QUERY_LAYERS", "known"}, {"REQUEST", "GetFeatureInfo"}, {"BBOX", "316980,5689980,317280,5690080"}, {"WIDTH", "600"},
                                 {"I", std::to_string(40 + 80 * i)}, {"J", "160"}, {"INFO_FORMAT", "application/json"}})).bytes().find("\"code\"") != std::string::npos)
                rows += static_cast<char>('1' + i);
        return rows;
    }
    /// Numbers of the rows that WFS and items give; how many are counted must be as many.
    std::string given(const ows::FeatureQuery& query = {}) const
    {
        Asked asked(*this, {});
        const ows::Selection selection = ows::select(asked.context, *asked.model->find("known"), query);
        auto snapshot = selection.snapshot;
        if (!snapshot)
            snapshot = asked.seen.query("known", {.box = selection.source_box, .start = 0, .count = 100}, asked.run);
        std::string rows;
        for (std::size_t i = 0; i < (selection.rows ? selection.rows->size() : snapshot->table.rows()); ++i)
            rows += snapshot->table.column("code").text(selection.rows ? static_cast<std::size_t>((*selection.rows)[i]) : i);
        EXPECT_EQ(selection.matched, static_cast<std::int64_t>(rows.size()));
        return rows;
    }

    /// From where to where the layer and the whole project reach, as eastings.
    std::pair<double, double> reach_of_layer() const
    {
        const Asked asked(*this, {});
        const table::Box &layer = asked.model->find("known")->extent, &all = asked.model->extent;
        EXPECT_EQ(layer, all);
        return {layer.xmin, layer.xmax};
    }

    static ows::PredicatePtr is_equal(const char* field, const char* text)
    {
        ows::Operand named, value;
        named.kind = ows::Operand::Kind::field;
        named.field = field;
        value.text = text;
        ows::Predicate equal;
        equal.kind = ows::Predicate::Kind::compare;
        equal.operands = {std::make_shared<ows::Operand>(named), std::make_shared<ows::Operand>(value)};
        return std::make_shared<ows::Predicate>(equal);
    }

    void expect_rows_of_their_class_only()
    {
        EXPECT_EQ(reach_of_layer(), std::pair(317000.0, 317160.0));  // rows 1 to 5
        EXPECT_EQ(given(), "125");
        EXPECT_EQ(drawn(), "125");
        EXPECT_EQ(told(), "125");
        ows::FeatureQuery by_id, by_class, by_code, by_box;
        by_id.fids = {2, 3, 4, 6};
        by_class.where = is_equal("disclosure_class", "kritis");
        by_code.where = is_equal("code", "3");
        by_box.box = ows::BoxWithCrs{{317030, 5689990, 317090, 5690010}, {"EPSG:25833", false, {}}};
        EXPECT_EQ(given(by_id), "2");
        EXPECT_EQ(given(by_class), "");
        EXPECT_EQ(given(by_code), "");
        EXPECT_EQ(given(by_box), "2");
        m_identity = {"grid", {"grid"}};
        EXPECT_EQ(given(), "1235");
        EXPECT_EQ(drawn(), "1235");
        EXPECT_EQ(told(), "1235");
        m_identity = {"all", {"all"}};
        EXPECT_EQ(reach_of_layer(), std::pair(317000.0, 317200.0));
        EXPECT_EQ(given(), "123456");
        EXPECT_EQ(drawn(), "123456");
        EXPECT_EQ(told(), "123456");
    }
};

TEST_F(StricterRows, NameNoEntryOfTheLegendThatOnlyTheyHave)
{
    EXPECT_EQ(entries(), "125");
    EXPECT_EQ(rules(), "125");
    const int height = picture(legend({})).height();
    // The size that the capabilities tell is that of the legend.
    const QImage shown = picture(legend({}));
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes(),
                HasSubstr("<LegendURL width=\"" + std::to_string(shown.width()) + "\" height=\"" + std::to_string(shown.height()) + "\">"));
    m_identity = {"all", {"all"}};
    EXPECT_EQ(entries(), "123456");
    EXPECT_EQ(rules(), "123456");
    EXPECT_GT(picture(legend({})).height(), height + 30);  // three entries more
}

TEST_F(StricterRows, AreSeenByThoseAloneWhoMaySeeTheirClass)
{
    expect_rows_of_their_class_only();
}

TEST_F(StricterRows, AreHiddenTooWhereTheLayerIsReadFromItsSource)
{
    store::StoreSettings settings;
    settings.max_snapshot_bytes = 10;
    open(settings);
    expect_rows_of_their_class_only();
}

TEST_F(StricterRows, AreHiddenOnceTheyAreMarked)
{
    EXPECT_EQ(drawn(), "125");
    // Triggers of the spatial index need functions that plain SQLite lacks.
    for (const char* number : {"1", "2", "3", "4", "5", "6", "7"})
        test::execute_sql(m_gpkg, std::string("DROP TRIGGER IF EXISTS rtree_known_geom_update") + number);
    test::execute_sql(m_gpkg, "UPDATE known SET disclosure_class='restricted' WHERE code='1'");
    m_catalogue->look_once();
    EXPECT_EQ(drawn(), "25");
    EXPECT_EQ(given(), "25");
    EXPECT_EQ(reach_of_layer(), std::pair(317040.0, 317160.0));
    EXPECT_EQ(entries(), "25");
    test::execute_sql(m_gpkg, "UPDATE known SET disclosure_class='public'");
    m_catalogue->look_once();
    EXPECT_EQ(drawn(), "123456");
}

access::Role in_area(std::set<catalogue::Disclosure> classes, double west, double east)
{
    access::Role role{std::move(classes)};
    const std::string w = std::to_string(west), e = std::to_string(east);
    role.area = access::Area{"EPSG:25833", "POLYGON ((" + w + " 5689000, " + e + " 5689000, " + e + " 5691000, " + w + " 5691000, " + w + " 5689000))"};
    return role;
}

/// Rows of a stricter class, for roles that see them in a part of the city: row 3 is kritis, 4 internal, at 317080 and 317120.
class StricterRowsInAreas : public StricterRows {
protected:
    void write_project() override
    {
        StricterRows::write_project();
        m_access.roles["west"] = in_area({catalogue::Disclosure::kritis, catalogue::Disclosure::internal}, 316000, 317100);
        m_access.roles["east"] = in_area({catalogue::Disclosure::internal}, 317120, 318000);   // row 4 lies on its edge
    }
    void expect_rows_of_the_area()
    {
        for (const auto& [roles, rows] : {std::pair<std::set<std::string>, std::string>{{"west"}, "1235"}, {{"east"}, "1245"}, {{"east", "west"}, "12345"}, {{"west", "all"}, "123456"}}) {
            m_identity = {"somebody", roles};
            EXPECT_EQ(given(), rows);
            EXPECT_EQ(drawn(), rows);
            EXPECT_EQ(told(), rows);
        }
    }
};

TEST_F(StricterRowsInAreas, AreSeenThere)
{
    expect_rows_of_the_area();
    m_identity = {"west", {"west"}};
    EXPECT_EQ(entries(), "1235");
}

TEST_F(StricterRowsInAreas, AreSeenThereTooWhereTheLayerIsReadFromItsSource)
{
    store::StoreSettings settings;
    settings.max_snapshot_bytes = 10;
    open(settings);
    expect_rows_of_the_area();
}

/// A kritis layer, for roles that see it in a part of the city. Row 2 is marked as kritis itself, which changes nothing.
class LayerInAreas : public StricterRows {
protected:
    void write_project() override
    {
        write_project_of_rows({"", "kritis", "", "", "", ""}, catalogue::Disclosure::kritis);
        m_access.roles["grid"] = {{catalogue::Disclosure::kritis}};
        m_access.roles["west"] = in_area({catalogue::Disclosure::kritis}, 316000, 317100);                                   // rows 1 to 3
        m_access.roles["east"] = in_area({catalogue::Disclosure::kritis, catalogue::Disclosure::internal}, 317150, 318000);  // rows 5 and 6
        m_access.roles["degrees"] = {{catalogue::Disclosure::kritis}};
        m_access.roles["degrees"].area = access::Area{"OGC:CRS84", "POLYGON ((12 51, 12.38 51, 12.38 52, 12 52, 12 51))"};
        m_access.roles["nowhere"] = in_area({catalogue::Disclosure::kritis}, 1, 2);
    }
    void expect_rows_of_the_area()
    {
        for (const auto& [roles, rows] : {std::pair<std::set<std::string>, std::string>{{"west"}, "123"}, {{"east"}, "56"}, {{"east", "west"}, "12356"}, {{"west", "grid"}, "123456"}, {{"nowhere"}, ""}}) {
            m_identity = {"somebody", roles};
            EXPECT_EQ(given(), rows);
            EXPECT_EQ(drawn(), rows);
            EXPECT_EQ(told(), rows);
        }
        m_identity = {"east", {"east"}};
        EXPECT_EQ(reach_of_layer(), std::pair(317160.0, 317200.0));
        ows::FeatureQuery by_id, by_code, by_box;
        by_id.fids = {1, 5, 6};
        by_code.where = is_equal("code", "3");
        by_box.box = ows::BoxWithCrs{{316990, 5689990, 317170, 5690010}, {"EPSG:25833", false, {}}};
        EXPECT_EQ(given(by_id), "56");
        EXPECT_EQ(given(by_code), "");
        EXPECT_EQ(given(by_box), "5");
    }
};

TEST_F(LayerInAreas, HasThereTheRowsThatLieInThem)
{
    expect_rows_of_the_area();
    m_identity = {"east", {"east"}};
    EXPECT_EQ(entries(), "56");
}

TEST_F(LayerInAreas, HasThemTooWhereItIsReadFromItsSource)
{
    store::StoreSettings settings;
    settings.max_snapshot_bytes = 10;
    open(settings);
    expect_rows_of_the_area();
}

TEST_F(LayerInAreas, IsNotThereForOthers)
{
    EXPECT_EQ(code(ask(map_request({{"LAYERS", "known"}}))), "LayerNotDefined");
    EXPECT_THAT(ask({{"SERVICE", "WMS"}, {"REQUEST", "GetCapabilities"}}).bytes(), Not(HasSubstr("known")));
}

TEST_F(LayerInAreas, TakesAnAreaInAnotherCrs)
{
    m_identity = {"degrees", {"degrees"}};
    std::string expected;   // by PROJ, in the layer's CRS: where 12.38 degrees lie at this northing
    std::vector<double> x{12.38, 12.38}, y{51, 52};
    base::RunContext run;
    crs::transform("OGC:CRS84", "EPSG:25833", x, y, run);
    const double edge = x[0] + (x[1] - x[0]) * (5690000 - y[0]) / (y[1] - y[0]);
    for (int i = 0; i < 6; ++i)
        if (317000 + 40 * i <= edge)
            expected += static_cast<char>('1' + i);
    EXPECT_EQ(given(), expected);
    EXPECT_EQ(drawn(), expected);
}

}  // namespace
}  // namespace stadtgdi::wms
