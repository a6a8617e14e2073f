// SPDX-License-Identifier: GPL-2.0-or-later
#include "drawing_test.hpp"

#include <services/render/qgis/layer_copies.hpp>

#include <QPointer>
#include <qgsrenderer.h>
#include <qgssymbol.h>
#include <qgssymbollayer.h>
#include <qgsvectorlayer.h>

namespace stadtgdi::render {
namespace {

using test::qgis;

class Copies : public DrawingTest {
protected:
    void SetUp() override
    {
        open([](QgsProject&, const std::string&) {});
    }

    QgsMapLayer* layer(const std::string& name) const { return m_project->layers.at(name); }
};

TEST_F(Copies, AreTakenOnlyWhileTheLayerIsDrawn)
{
    qgis().call_on_main([&] {
        LayerCopies copies;
        QgsMapLayer* trees = layer("trees");
        EXPECT_EQ(copies.take({trees}), QList<QgsMapLayer*>{trees});
        const QList<QgsMapLayer*> second = copies.take({trees, layer("parks"), trees});
        EXPECT_NE(second[0], trees);
        EXPECT_EQ(second[0], second[2]) << "named twice in one map";
        EXPECT_EQ(second[1], layer("parks"));
        EXPECT_EQ(second[0]->id(), trees->id());
        EXPECT_EQ(second[0]->project(), m_project->project.get());
        copies.give_back(second);
        EXPECT_EQ(copies.take({trees})[0], second[0]) << "a copy is kept for the next map";
        copies.give_back({trees});
        EXPECT_EQ(copies.take({trees})[0], trees);
    });
}

TEST_F(Copies, ShareNoIdsOfSymbols)
{
    qgis().call_on_main([&] {
        LayerCopies copies;
        auto* trees = qobject_cast<QgsVectorLayer*>(layer("trees"));
        copies.take({trees});
        auto* copy = qobject_cast<QgsVectorLayer*>(copies.take({trees})[0]);
        QgsRenderContext context;
        const QString own = copy->renderer()->symbols(context).constFirst()->symbolLayer(0)->id();
        const QString original = trees->renderer()->symbols(context).constFirst()->symbolLayer(0)->id();
        EXPECT_EQ(own, original);
        EXPECT_NE(own.constData(), original.constData());
        EXPECT_NE(copy->id().constData(), trees->id().constData());
    });
}

TEST_F(Copies, AreForgottenWhenTheDataChange)
{
    qgis().call_on_main([&] {
        LayerCopies copies;
        QgsMapLayer* trees = layer("trees");
        copies.take({trees});
        const QPointer<QgsMapLayer> busy = copies.take({trees})[0];
        const QPointer<QgsMapLayer> idle = copies.take({trees})[0];
        ASSERT_NE(busy, idle);
        copies.give_back({idle});
        emit trees->dataChanged();
        EXPECT_TRUE(idle.isNull());
        EXPECT_FALSE(busy.isNull()) << "a map is drawn with it";
        const QPointer<QgsMapLayer> fresh = copies.take({trees})[0];
        EXPECT_NE(fresh, busy);
        copies.give_back({busy});
        EXPECT_TRUE(busy.isNull());
        EXPECT_FALSE(fresh.isNull());
    });
}

TEST_F(Copies, GoWithTheProject)
{
    const QPointer<QgsMapLayer> copy = qgis().call_on_main([&] {
        LayerCopies copies;
        copies.take({layer("trees")});
        return copies.take({layer("trees")})[0];
    });
    ASSERT_FALSE(copy.isNull());
    m_drawer.reset();
    m_project.reset();
    qgis().call_on_main([&] { EXPECT_TRUE(copy.isNull()); });
}

}  // namespace
}  // namespace stadtgdi::render
