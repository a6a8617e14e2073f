// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/layer_reader.hpp>

#include <layers/base/error.hpp>
#include <plugins/bridge/compat.hpp>
#include <plugins/bridge/table_reader.hpp>
#include <services/project/read_project.hpp>

#include <qgsabstractdatabaseproviderconnection.h>
#include <qgsdatasourceuri.h>
#include <qgsfeatureiterator.h>
#include <qgsfeaturerequest.h>
#include <qgsprovidermetadata.h>
#include <qgsproviderregistry.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerfeatureiterator.h>

#include <optional>

namespace stadtgdi::project {

struct LayerReader::State {
    std::unique_ptr<QgsVectorLayerFeatureSource> source;
    Qgis::WkbType type = Qgis::WkbType::NoGeometry;
    std::string crs, name;
    std::int64_t rows_expected = -1;
    bool in_file = false;
    std::optional<QgsDataSourceUri> estimated;  // where the number of rows is PostgreSQL's estimate
};

namespace {

/// The geometry itself decides, as it does in a snapshot, not the box around it.
void narrow(QgsFeatureRequest& request, const table::Box& box)
{
    if (box.empty())
        return;
    request.setFilterRect(QgsRectangle(box.xmin, box.ymin, box.xmax, box.ymax));
    request.setFlags(request.flags() | Qgis::FeatureRequestFlag::ExactIntersect);
}

void expect_readable(bool readable, const std::string& layer)
{
    if (!readable)
        throw Error(ErrorKind::io, base::filled({"Layer '{0}' cannot be read: its source is gone or damaged.", "Der Layer „{0}“ ist nicht lesbar: Seine Quelle ist verschwunden oder beschädigt."}, layer));
}

/// By the data base itself.
std::int64_t counted(const QgsDataSourceUri& uri, const std::string& layer)
{
    QgsProviderMetadata* postgres = QgsProviderRegistry::instance()->providerMetadata(QStringLiteral("postgres"));
    try {
        const std::unique_ptr<QgsAbstractProviderConnection> connection(postgres->createConnection(uri.uri(false), {}));
        const auto* database = dynamic_cast<const QgsAbstractDatabaseProviderConnection*>(connection.get());
        const QString filter = uri.sql().isEmpty() ? QString() : QStringLiteral(" WHERE ") + uri.sql();
        const QList<QList<QVariant>> rows = database == nullptr ? QList<QList<QVariant>>() : database->executeSql(QStringLiteral("SELECT count(*) FROM ") + uri.quotedTablename() + filter);
        if (rows.size() == 1 && rows.first().size() == 1)
            return rows.first().first().toLongLong();
    } catch (const QgsProviderConnectionException&) {
        // told below
    }
    throw Error(ErrorKind::io, base::filled({"The rows of layer '{0}' cannot be counted.", "Die Objekte des Layers „{0}“ lassen sich nicht zählen."}, layer));
}

}  // namespace

QgsVectorLayer& vector_layer_of(const LoadedProject& project, const std::string& layer)
{
    const auto found = project.layers.find(layer);
    if (found == project.layers.end())
        throw Error(ErrorKind::not_found, base::filled({"There is no layer '{0}'.", "Es gibt keinen Layer „{0}“."}, layer));
    auto* vector = qobject_cast<QgsVectorLayer*>(found->second);
    if (vector == nullptr)
        throw Error(ErrorKind::unsupported, base::filled({"Layer '{0}' has no features.", "Der Layer „{0}“ hat keine Objekte."}, layer));
    if (!vector->isValid())
        throw Error(ErrorKind::io, base::filled({"Layer '{0}' cannot be read: its source is gone.", "Der Layer „{0}“ ist nicht lesbar: Seine Quelle ist verschwunden."}, layer));
    return *vector;
}

LayerReader::LayerReader(const LoadedProject& project, const std::string& layer) : m_state(std::make_unique<State>())
{
    QgsVectorLayer& vector = vector_layer_of(project, layer);
    m_state->source = std::make_unique<QgsVectorLayerFeatureSource>(&vector);
    m_state->type = vector.wkbType();
    m_state->crs = project.model.find(layer)->crs;
    m_state->name = layer;
    m_state->rows_expected = vector.featureCount();
    m_state->in_file = vector.providerType() == QLatin1String("ogr");
    if (vector.providerType() == QLatin1String("postgres"))
        if (const QgsDataSourceUri uri(vector.source()); uri.useEstimatedMetadata())
            m_state->estimated = uri;
}

LayerReader::~LayerReader() = default;

std::int64_t LayerReader::rows_expected() const
{
    return m_state->rows_expected;
}

Rows LayerReader::read(const RowRequest& request, base::RunContext& run)
{
    QgsFeatureRequest wanted;
    narrow(wanted, request.box);
    // QGIS filters by ids or by an expression, so the rows with these ids are looked at afterwards.
    if (request.fids)
        wanted.setFilterFids(QgsFeatureIds(request.fids->begin(), request.fids->end()));
    else if (!request.seen.all())
        wanted.setFilterExpression(bridge::compat::qstring(filter_expression(request.seen)));
    if (request.count >= 0)
        wanted.setLimit(request.start + request.count);
    QgsFeatureIterator features = m_state->source->getFeatures(wanted);
    expect_readable(features.isValid(), m_state->name);
    QgsFeature skipped;
    for (std::int64_t i = 0; i < request.start && features.nextFeature(skipped); ++i)
        if (i % 4096 == 0)
            run.throw_if_stopped();
    bridge::ReadFeatures options;
    options.layer_name = m_state->name;
    options.rows_expected = request.box.empty() && !request.fids && request.start == 0 && request.count < 0 && request.seen.all() ? m_state->rows_expected : -1;
    options.row_limit = static_cast<std::size_t>(request.row_limit);
    bridge::FeatureTable read = bridge::read_features(features, m_state->source->fields(), m_state->type, m_state->crs, run, options);
    Rows rows{std::move(read.table), std::move(read.ids)};
    // A damaged file ends at once without a word.
    expect_readable(!m_state->in_file || options.rows_expected <= 0 || rows.table.rows() > 0, m_state->name);
    if (const auto seen = rows_seen(rows.table, request.seen)) {
        rows.table = rows.table.take(*seen);
        std::vector<std::int64_t> fids;
        for (const std::int64_t row : *seen)
            fids.push_back(rows.fids[static_cast<std::size_t>(row)]);
        rows.fids = std::move(fids);
    }
    return rows;
}

bool LayerReader::has_unseen(const SeenRows& seen, base::RunContext& run)
{
    if (seen.all())
        return false;
    run.throw_if_stopped();
    QgsFeatureRequest wanted;
    if (seen.areas.empty())
        wanted.setFlags(Qgis::FeatureRequestFlag::NoGeometry);
    wanted.setFilterExpression(QStringLiteral("NOT (%1)").arg(bridge::compat::qstring(filter_expression(seen))));
    wanted.setLimit(1);
    QgsFeature feature;
    QgsFeatureIterator features = m_state->source->getFeatures(wanted);
    expect_readable(features.isValid(), m_state->name);
    return features.nextFeature(feature);
}

table::Box LayerReader::extent(const SeenRows& seen, base::RunContext& run)
{
    QgsFeatureRequest wanted;
    wanted.setNoAttributes();
    if (!seen.all())
        wanted.setFilterExpression(bridge::compat::qstring(filter_expression(seen)));
    table::Box all = table::Box::none();
    QgsFeatureIterator features = m_state->source->getFeatures(wanted);
    expect_readable(features.isValid(), m_state->name);
    QgsFeature feature;
    for (std::int64_t rows = 0; features.nextFeature(feature); ++rows) {
        if (rows % 4096 == 0)
            run.throw_if_stopped();
        const QgsRectangle box = feature.geometry().boundingBox();
        if (!box.isNull() && box.isFinite())
            all.grow({box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()});
    }
    return all;
}

std::int64_t LayerReader::count(const RowRequest& request, base::RunContext& run)
{
    if (request.box.empty() && request.seen.all() && m_state->rows_expected >= 0)
        return m_state->estimated ? counted(*m_state->estimated, m_state->name) : m_state->rows_expected;
    QgsFeatureRequest wanted;
    wanted.setNoAttributes();
    if (request.seen.areas.empty())
        wanted.setFlags(Qgis::FeatureRequestFlag::NoGeometry);
    narrow(wanted, request.box);
    if (!request.seen.all())
        wanted.setFilterExpression(bridge::compat::qstring(filter_expression(request.seen)));
    QgsFeatureIterator features = m_state->source->getFeatures(wanted);
    expect_readable(features.isValid(), m_state->name);
    QgsFeature feature;
    std::int64_t rows = 0;
    while (features.nextFeature(feature))
        if (++rows % 4096 == 0)
            run.throw_if_stopped();
    return rows;
}

}  // namespace stadtgdi::project
