// SPDX-License-Identifier: GPL-2.0-or-later
#include "wms_test.hpp"

#include <plugins/bridge/compat.hpp>
#include <tests/support/sample_city.hpp>

#include <qgslayertree.h>
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

}  // namespace
}  // namespace stadtgdi::wms
