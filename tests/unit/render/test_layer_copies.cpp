// SPDX-License-Identifier: GPL-2.0-or-later
#include "drawing_test.hpp"

#include <services/render/qgis/layer_copies.hpp>

#include <QPointer>
#include <QThreadPool>
#include <qgsproperty.h>
#include <qgsrenderer.h>
#include <qgssymbol.h>
#include <qgssymbollayer.h>
#include <qgsvectorlayer.h>

#include <set>

namespace stadtgdi::render {
namespace {

using test::qgis;

class Copies : public DrawingTest {
protected:
    void SetUp() override
    {
        open([](QgsProject&, const std::string&) {});
        m_threads = QThreadPool::globalInstance()->maxThreadCount();
        QThreadPool::globalInstance()->setMaxThreadCount(4);
    }

    void TearDown() override
    {
        QThreadPool::globalInstance()->setMaxThreadCount(m_threads);
        DrawingTest::TearDown();
    }

    int m_threads = 0;

    QgsMapLayer* layer(const std::string& name) const { return m_project->layers.at(name); }
};

TEST_F(Copies, AreTakenOnlyWhileTheLayerIsDrawn)
{
    qgis().call_on_main([&] {
        LayerCopies copies(4);
        QgsMapLayer& trees = *layer("trees");
        EXPECT_EQ(copies.take(trees), &trees);
        QgsMapLayer* second = copies.take(trees);
        EXPECT_NE(second, &trees);
        EXPECT_EQ(second->id(), trees.id());
        EXPECT_EQ(second->project(), m_project->project.get());
        copies.give_back(*second);
        EXPECT_EQ(copies.take(trees), second) << "a copy is kept for the next map";
        copies.give_back(trees);
        EXPECT_EQ(copies.take(trees), &trees);
    });
}

TEST_F(Copies, AreNoMoreThanMapsAtATime)
{
    qgis().call_on_main([&] {
        LayerCopies copies(4);
        std::set<QgsMapLayer*> seen;
        for (int i = 0; i < 50; ++i)
            seen.insert(copies.take(*layer("trees")));
        EXPECT_EQ(seen.size(), 4U);
    });
}

TEST_F(Copies, AreNotMadeWhereExpressionsAskForLayers)
{
    qgis().call_on_main([&] {
        LayerCopies copies(4);
        auto* trees = qobject_cast<QgsVectorLayer*>(layer("trees"));
        QgsRenderContext context;
        QgsSymbolLayer* symbol = trees->renderer()->symbols(context).constFirst()->symbolLayer(0);
        symbol->setDataDefinedProperty(QgsSymbolLayer::Property::Size, QgsProperty::fromExpression(QStringLiteral("if(is_layer_visible(@layer), 3, 1)")));
        EXPECT_EQ(copies.take(*trees), trees);
        EXPECT_EQ(copies.take(*trees), trees);
    });
}

TEST_F(Copies, ShareNoIdsOfSymbols)
{
    qgis().call_on_main([&] {
        LayerCopies copies(4);
        auto* trees = qobject_cast<QgsVectorLayer*>(layer("trees"));
        copies.take(*trees);
        auto* copy = qobject_cast<QgsVectorLayer*>(copies.take(*trees));
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
        LayerCopies copies(4);
        QgsMapLayer& trees = *layer("trees");
        copies.take(trees);
        const QPointer<QgsMapLayer> busy = copies.take(trees), idle = copies.take(trees);
        ASSERT_NE(busy, idle);
        copies.give_back(*idle);
        emit trees.dataChanged();
        EXPECT_TRUE(idle.isNull());
        EXPECT_FALSE(busy.isNull()) << "a map is drawn with it";
        const QPointer<QgsMapLayer> fresh = copies.take(trees);
        EXPECT_NE(fresh, busy);
        copies.give_back(*busy);
        EXPECT_TRUE(busy.isNull());
        EXPECT_FALSE(fresh.isNull());
    });
}

TEST_F(Copies, OfTwoMapsAreDeletedByTheLast)
{
    qgis().call_on_main([&] {
        LayerCopies copies(4);
        QgsMapLayer& trees = *layer("trees");
        for (int i = 0; i < 5; ++i)
            copies.take(trees);  // the layer itself twice, each copy once
        const QPointer<QgsMapLayer> shared = copies.take(trees);
        ASSERT_NE(shared, &trees);
        emit trees.dataChanged();
        copies.give_back(*shared);
        EXPECT_FALSE(shared.isNull());
        copies.give_back(*shared);
        EXPECT_TRUE(shared.isNull());
    });
}

TEST_F(Copies, GoWithTheProject)
{
    const QPointer<QgsMapLayer> copy = qgis().call_on_main([&] {
        LayerCopies copies(4);
        copies.take(*layer("trees"));
        return copies.take(*layer("trees"));
    });
    ASSERT_FALSE(copy.isNull());
    m_drawer.reset();
    m_project.reset();
    qgis().call_on_main([&] { EXPECT_TRUE(copy.isNull()); });
}

}  // namespace
}  // namespace stadtgdi::render
