// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/generation.hpp>

#include <layers/io/window_order.hpp>
#include <services/project/layer_reader.hpp>
#include <services/project/legend_entries.hpp>
#include <services/render/qgis/compiled_map_drawer.hpp>
#include <services/render/qgis/qgis_map_drawer.hpp>
#include <services/render/qgis/qgis_runtime.hpp>
#include <services/store/column_reader.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>

namespace stadtgdi::store {

using project::LoadedProject;

namespace {

Error no_layer(const std::string& name)
{
    return {ErrorKind::not_found, base::filled({"There is no layer '{0}'.", "Es gibt keinen Layer „{0}“."}, name)};
}

Error no_snapshot(const std::string& name)
{
    return {ErrorKind::unsupported, base::filled({"Layer '{0}' is queried at its source.", "Der Layer „{0}“ wird an seiner Quelle abgefragt."}, name)};
}

std::string now_text()
{
    const auto now = std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count();
    return table::datetime_text(now / 1000 * 1'000'000).substr(0, 19) + "." + std::to_string(1000 + now % 1000).substr(1) + "Z";
}

/// Whether changes are noticed: of files that are there, tables in PostgreSQL that are of a city or counted, layers in memory.
bool data_watched(const project::DataSource& source, bool in_city)
{
    if (source.provider == "memory")
        return true;
    if (source.provider == "virtual")
        return false;
    if (!source.connection.empty())
        return in_city || source.counted;
    std::error_code error;
    return !source.path.empty() && std::filesystem::is_regular_file(source.path, error);
}

bool is_watched(const LoadedProject::Source& source)
{
    return !source.fleeting && data_watched(source.data, source.in_city) &&
           std::all_of(source.joined.begin(), source.joined.end(), [&](const project::DataSource& joined) { return data_watched(joined, source.in_city); });
}

}  // namespace

Generation::Generation(StoreParts parts, std::shared_ptr<const LoadedProject> loaded)
    : m_parts(std::move(parts)), m_loaded(std::move(loaded)), m_model(m_loaded->model), m_version(m_model.version), m_watched(watched_layers()),
      m_qgis_drawer(std::make_shared<render::QgisMapDrawer>(m_parts.runtime, m_loaded)), m_styles(std::make_shared<render::CompiledStyles>(m_parts.runtime, m_loaded)),
      m_drawer(make_drawer())
{
    for (const auto& [name, source] : m_loaded->sources) {
        auto data = std::make_shared<LayerData>();
        data->version = m_version;
        m_data[name] = std::move(data);
    }
}

Generation::Generation(const Generation& before, project::ProjectModel model, const std::vector<std::string>& changed)
    : m_parts(before.m_parts), m_loaded(before.m_loaded), m_model(std::move(model)), m_version(now_text()), m_watched(before.m_watched), m_data(before.m_data),
      m_qgis_drawer(before.m_qgis_drawer), m_styles(before.m_styles), m_drawer(make_drawer())
{
    if (changed.empty())
        m_model.version = m_version;  // the project itself is another one
    for (const std::string& name : changed) {
        auto data = std::make_shared<LayerData>();
        data->version = m_version;
        m_data[name] = std::move(data);
    }
}

std::set<std::string> Generation::watched_layers() const
{
    std::set<std::string> watched;
    for (const auto& [name, source] : m_loaded->sources)
        if (is_watched(source))
            watched.insert(name);
    return watched;
}

std::unique_ptr<render::MapDrawer> Generation::make_drawer() const
{
    return std::make_unique<render::CompiledMapDrawer>(m_qgis_drawer, m_styles, [this](const std::string& layer, base::RunContext&) { return rows_at_hand(layer); });
}

/// A map does not wait until rows are read: QGIS draws it meanwhile. Null where the rows are not held, or not yet.
std::shared_ptr<const Snapshot> Generation::rows_at_hand(const std::string& layer) const
{
    const project::PublishedLayer* published = m_model.find(layer);
    if (published == nullptr || published->type != project::LayerType::vector || !watched(layer))
        return nullptr;
    const std::shared_ptr<LayerData> data = m_data.at(layer);
    const std::lock_guard lock(data->snapshot_mutex);
    if (data->snapshot)
        return data->snapshot->table.has_geometry() && data->snapshot->complete ? data->snapshot : nullptr;
    if (data->too_big || data->loading)
        return nullptr;
    data->loading = true;
    m_parts.loader.load([self = shared_from_this(), data, layer](base::RunContext& run) {
        try {
            self->snapshot(layer, run);
        } catch (const std::exception& error) {
            if (run.stopped())
                return;
            const auto* told = dynamic_cast<const Error*>(&error);
            {
                const std::lock_guard failed(data->snapshot_mutex);
                data->failed = told != nullptr ? told->message() : base::Text::same(error.what());
            }
            // Not tried again before the data change: maps are drawn by QGIS, and whoever asks for the features is told.
            spdlog::warn("store: layer '{}' is drawn by QGIS, since its rows cannot be held: {}", layer, error.what());
            return;
        }
        const std::lock_guard loaded(data->snapshot_mutex);
        data->loading = false;
    });
    return nullptr;
}

const LoadedProject::Source& Generation::source_of(const std::string& layer) const
{
    const auto found = m_loaded->sources.find(layer);
    if (found == m_loaded->sources.end())
        throw no_layer(layer);
    return found->second;
}

std::string Generation::layer_version(const std::string& layer) const
{
    return source_of(layer).reached.empty() ? m_data.at(layer)->version : m_version;
}

bool Generation::watched(const std::string& layer) const
{
    source_of(layer);
    return m_watched.contains(layer);
}

bool Generation::rows_held(const std::string& layer) const
{
    const auto found = m_data.find(layer);
    if (found == m_data.end())
        return false;
    const std::lock_guard lock(found->second->snapshot_mutex);
    return found->second->snapshot != nullptr;
}

void Generation::expect_source(const std::string& layer) const
{
    if (!rows_held(layer) && source_gone(layer))
        throw Error(ErrorKind::io, base::filled({"Layer '{0}' cannot be read: its source is gone.", "Der Layer „{0}“ ist nicht lesbar: Seine Quelle ist verschwunden."}, layer));
}

bool Generation::source_gone(const std::string& layer) const
{
    if (!m_watched.contains(layer))
        return false;
    const LoadedProject::Source& source = source_of(layer);
    return project::file_gone(source.data) || std::ranges::any_of(source.joined, project::file_gone);
}

void Generation::read_ahead() const
{
    for (const project::PublishedLayer& layer : m_model.layers)
        rows_at_hand(layer.name);
}

std::optional<base::Text> Generation::why_not_held(const std::string& layer) const
{
    const auto found = m_data.find(layer);
    if (found == m_data.end())
        return {};
    if (!watched(layer))
        return base::Text{"changes of its source go unnoticed, so QGIS reads it for every map", "Änderungen seiner Quelle bleiben unbemerkt, deshalb liest QGIS ihn für jede Karte"};
    const std::lock_guard lock(found->second->snapshot_mutex);
    if (found->second->too_big)
        return base::Text{"it has more rows or bytes than cache.rows_per_layer and cache.bytes_per_layer allow, so QGIS reads it for every map",
                          "er hat mehr Objekte oder Bytes, als cache.rows_per_layer und cache.bytes_per_layer erlauben, deshalb liest QGIS ihn für jede Karte"};
    return found->second->failed;
}

std::shared_ptr<const Snapshot> Generation::snapshot(const std::string& layer, base::RunContext& run) const
{
    const project::PublishedLayer* published = m_model.find(layer);
    if (published == nullptr)
        throw no_layer(layer);
    if (published->type != project::LayerType::vector || !watched(layer))
        throw no_snapshot(layer);
    LayerData& data = *m_data.at(layer);
    const std::lock_guard lock(data.mutex);
    {
        const std::lock_guard snapshot_lock(data.snapshot_mutex);
        if (data.too_big)
            throw no_snapshot(layer);
        if (data.snapshot)
            return data.snapshot;
    }
    try {
        std::shared_ptr<const Snapshot> snapshot = read(layer, data.version, run);
        if (snapshot->bytes() > m_parts.settings.max_snapshot_bytes)
            throw no_snapshot(layer);
        const std::lock_guard snapshot_lock(data.snapshot_mutex);
        data.snapshot = snapshot;
        return snapshot;
    } catch (const Error& error) {
        const std::lock_guard snapshot_lock(data.snapshot_mutex);
        data.too_big = error.kind() == ErrorKind::unsupported;
        throw;
    }
}

namespace {

/// Which rows the source gives in a window, and in which order.
void look_at_windows(Snapshot& snapshot, const project::DataSource& source)
{
    snapshot.exact_window = source.provider == "ogr";
    if (source.provider != "ogr" || !source.path.ends_with(".gpkg") || source.is_query || !snapshot.table.has_geometry())
        return;
    const io::WindowOrder order = io::window_order(source.path, source.layer);
    snapshot.whole = order.extent;
    snapshot.window_place.assign(snapshot.fids.size(), -1);
    for (const std::int64_t fid : order.ids)
        if (const std::int64_t row = snapshot.row_of(fid); row >= 0) {
            snapshot.window_place[static_cast<std::size_t>(row)] = static_cast<std::int32_t>(snapshot.window_order.size());
            snapshot.window_order.push_back(static_cast<std::int32_t>(row));
        }
    if (snapshot.window_order.empty())
        snapshot.window_place.clear();
}

}  // namespace

std::unique_ptr<Snapshot> Generation::read(const std::string& layer, const std::string& version, base::RunContext& run) const
{
    expect_source(layer);
    std::unique_ptr<Snapshot> rows = read_rows(layer, version, run);
    look_at_windows(*rows, source_of(layer).data);
    return rows;
}

std::unique_ptr<Snapshot> Generation::read_rows(const std::string& layer, const std::string& version, base::RunContext& run) const
{
    const std::int64_t most = m_parts.settings.max_snapshot_rows;
    auto reader = m_parts.runtime.call_on_main([&] { return std::make_unique<project::LayerReader>(*m_loaded, layer); });
    const std::size_t least_bytes = static_cast<std::size_t>(std::max<std::int64_t>(0, reader->rows_expected())) * 2 * sizeof(double);
    if (reader->rows_expected() > most || least_bytes > m_parts.settings.max_snapshot_bytes)
        throw no_snapshot(layer);
    const LoadedProject::Source& source = source_of(layer);
    if (source.plain) {
        if (std::optional<project::Rows> rows = read_plain_table(source.data, *m_model.find(layer), run))
            return make_snapshot(std::move(rows->table), std::move(rows->fids), layer, version, m_parts.budget, run);
    }
    project::Rows rows = reader->read({.row_limit = most}, run);
    // A table of many kinds of geometry, of which a column holds one.
    const std::vector<base::Finding> left_out = run.take_findings();
    if (!left_out.empty())
        spdlog::warn("store: layer '{}': {} values or geometries are not of its kind and are not served as features", layer, left_out.size());
    std::unique_ptr<Snapshot> snapshot = make_snapshot(std::move(rows.table), std::move(rows.fids), layer, version, m_parts.budget, run);
    snapshot->complete = left_out.empty();
    return snapshot;
}

std::unique_ptr<Snapshot> Generation::query(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const
{
    expect_source(layer);
    const auto reader = m_parts.runtime.call_on_main([&] { return std::make_unique<project::LayerReader>(*m_loaded, layer); });
    constexpr std::int64_t page = 20'000;  // is read at once whatever may be held: longer answers are made of pages
    if (wanted.count < 0 || wanted.count > page)
        wanted.row_limit = m_parts.settings.max_snapshot_rows;
    project::Rows rows = reader->read(wanted, run);
    return make_snapshot(std::move(rows.table), std::move(rows.fids), layer, m_version, nullptr, run);
}

std::vector<std::optional<double>> Generation::raster_values(const std::string& layer, const project::RasterPlace& place, base::RunContext& run) const
{
    source_of(layer);
    run.throw_if_stopped();
    const auto reader = m_parts.runtime.call_on_main([&] { return std::make_unique<project::RasterReader>(*m_loaded, layer); });
    return reader->values(place);
}

std::int64_t Generation::count(const std::string& layer, project::RowRequest wanted, base::RunContext& run) const
{
    expect_source(layer);
    const auto reader = m_parts.runtime.call_on_main([&] { return std::make_unique<project::LayerReader>(*m_loaded, layer); });
    return reader->count(wanted, run);
}

bool Generation::has_unseen(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const
{
    if (seen.all())
        return false;
    if (!watched(layer))
        return true;  // what is found now need not hold for the next map
    LayerData& data = *m_data.at(layer);
    const std::string filter = project::filter_expression(seen);
    const std::lock_guard lock(data.unseen_mutex);
    if (const auto known = data.unseen.find(filter); known != data.unseen.end())
        return known->second;
    const auto reader = m_parts.runtime.call_on_main([&] { return std::make_unique<project::LayerReader>(*m_loaded, layer); });
    const bool found = reader->has_unseen(seen, run);
    data.unseen[filter] = found;
    return found;
}

table::Box Generation::extent(const std::string& layer, const project::SeenRows& seen, base::RunContext& run) const
{
    if (!has_unseen(layer, seen, run) || !watched(layer))
        return PublishedProject::extent(layer, seen, run);
    LayerData& data = *m_data.at(layer);
    const std::string filter = project::filter_expression(seen);
    const std::lock_guard lock(data.unseen_mutex);
    if (const auto known = data.extents.find(filter); known != data.extents.end())
        return known->second;
    const auto reader = m_parts.runtime.call_on_main([&] { return std::make_unique<project::LayerReader>(*m_loaded, layer); });
    return data.extents[filter] = reader->extent(seen, run);
}

std::set<std::string> Generation::unseen_entries(const std::string& layer, const std::string& style, const project::SeenRows& seen, base::RunContext& run) const
{
    if (!has_unseen(layer, seen, run))
        return {};
    const auto look = [&] {
        const auto entries = m_parts.runtime.call_on_main([&] { return std::make_unique<project::LegendEntries>(*m_loaded, layer, style); });
        return entries->unseen(seen, run);
    };
    if (!watched(layer))
        return look();
    LayerData& data = *m_data.at(layer);
    const std::string key = style + '\n' + project::filter_expression(seen);
    const std::lock_guard lock(data.unseen_mutex);
    if (const auto known = data.unseen_entries.find(key); known != data.unseen_entries.end())
        return known->second;
    return data.unseen_entries[key] = look();
}

std::optional<std::set<std::string>> Generation::entries_in(const std::string& layer, const std::string& style, const project::LegendContent& content, base::RunContext& run) const
{
    const auto look = [&] {
        const auto entries = m_parts.runtime.call_on_main([&] { return std::make_unique<project::LegendEntries>(*m_loaded, layer, style); });
        return entries->shown(content, run);
    };
    if (!content.box.empty() || !watched(layer))
        return look();
    // Clients choose the scale: not every one is kept.
    constexpr std::size_t most_kept = 256;
    LayerData& data = *m_data.at(layer);
    const std::string key = style + '\n' + project::filter_expression(content.seen) + '\n' + std::to_string(content.scale_denominator);
    const std::lock_guard lock(data.unseen_mutex);
    if (const auto known = data.entries_at_scale.find(key); known != data.entries_at_scale.end())
        return known->second;
    if (data.entries_at_scale.size() >= most_kept)
        data.entries_at_scale.clear();
    return data.entries_at_scale[key] = look();
}

}  // namespace stadtgdi::store
