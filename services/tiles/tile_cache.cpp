// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/tiles/tile_cache.hpp>

#include <layers/base/error.hpp>
#include <services/http/message.hpp>
#include <services/tiles/changed_area.hpp>

#include <algorithm>
#include <chrono>

namespace stadtgdi::tiles {

namespace {

std::int64_t modified_at(const WantedTiles& wanted)
{
    std::int64_t latest = 0, time = 0;
    if (table::parse_datetime(wanted.loaded, time))
        latest = time;
    for (const LayerState& layer : wanted.layers)
        if (table::parse_datetime(layer.version, time))
            latest = std::max(latest, time);
    return (latest + 999'999) / 1'000'000;  // never earlier than the state it tells of
}

std::string_view project_of(std::string_view view) { return view.substr(0, view.find('\n')); }

}  // namespace

void TileCache::set_most_bytes(std::size_t most_bytes)
{
    const std::lock_guard lock(m_mutex);
    m_most_bytes = most_bytes;
}

/// Brings what is known of the layers to the state asked for. `past`: the one who asks began before the last change.
TileCache::Standing TileCache::advance(const WantedTiles& wanted)
{
    struct Change {
        LayerState before, after;
        std::optional<std::vector<table::Box>> area;
    };
    // Whoever sees the layers: rows of before are kept for none.
    const auto find_changes = [&](std::vector<Change>& changes) {
        for (const LayerState& layer : wanted.layers)
            for (const auto& [name, view] : m_views) {
                const auto known = view.layers.find(layer.layer);
                if (project_of(name) != project_of(wanted.view) || known == view.layers.end() || known->second.version == layer.version)
                    continue;
                if (layer.version > known->second.version)
                    changes.push_back({known->second, layer, {}});
                else if (name == wanted.view)
                    return Standing::past;
            }
        return Standing::current;
    };
    std::unique_lock advancing(m_advancing, std::defer_lock);
    for (;;) {
        std::vector<Change> changes;
        {
            const std::lock_guard lock(m_mutex);
            View& view = m_views[wanted.view];
            if (wanted.loaded < view.loaded)
                return Standing::past;
            if (view.loaded != wanted.loaded) {
                clear_project(wanted);
                view.loaded = wanted.loaded;
            }
            if (find_changes(changes) == Standing::past)
                return Standing::past;
            if (changes.empty())
                return Standing::current;
        }
        if (!advancing) {
            advancing.lock();
            continue;  // another one may have done it meanwhile
        }
        for (Change& change : changes)
            if (change.before.rows && change.after.rows)
                change.area = changed_area(*change.before.rows, *change.after.rows);
        const std::lock_guard lock(m_mutex);
        for (const Change& change : changes) {
            const std::string crs = change.after.rows && change.after.rows->table.has_geometry() ? change.after.rows->table.geometry().crs() : std::string();
            for (auto& [name, view] : m_views) {
                const auto known = view.layers.find(change.after.layer);
                if (project_of(name) != project_of(wanted.view) || known == view.layers.end() || known->second.version != change.before.version)
                    continue;
                drop_layer(view, change.after.layer, change.area, crs);
                known->second = change.after;
                if (view.entries.empty())
                    known->second.rows.reset();
            }
        }
    }
}

/// Lets go what is known of a project that was read again, whoever sees it.
void TileCache::clear_project(const WantedTiles& wanted)
{
    for (auto& [name, view] : m_views) {
        if (project_of(name) != project_of(wanted.view) || view.loaded >= wanted.loaded)
            continue;
        while (!view.entries.empty())
            forget(view.entries.begin()->second);
        view.layers.clear();
    }
}

void TileCache::drop_layer(View& view, const std::string& layer, const std::optional<std::vector<table::Box>>& changed, const std::string& crs)
{
    std::vector<Entries::iterator> outdated;
    for (const auto& [key, entry] : view.entries) {
        if (std::ranges::find(entry->layers, layer) == entry->layers.end())
            continue;
        const auto area = std::ranges::find(entry->areas, crs, &std::pair<std::string, table::Box>::first);
        if (!changed || area == entry->areas.end() || std::ranges::any_of(*changed, [&](const table::Box& box) { return box.intersects(area->second); }))
            outdated.push_back(entry);
    }
    m_counts.outdated += outdated.size();
    for (const Entries::iterator entry : outdated)
        forget(entry);
}

void TileCache::forget(Entries::iterator entry)
{
    View& view = m_views[entry->view];
    m_counts.bytes -= entry->bytes;
    --m_counts.tiles;
    view.entries.erase(entry->key);
    if (view.entries.empty())
        for (auto& [name, layer] : view.layers)
            layer.rows.reset();  // nothing to compare for
    m_entries.erase(entry);
}

void TileCache::keep(const WantedTiles& wanted, const TileBlock& block, std::vector<Made>& made, std::vector<Tile>& tiles)
{
    View& view = m_views[wanted.view];
    if (view.loaded != wanted.loaded)
        return;
    for (const LayerState& layer : wanted.layers)
        if (const auto known = view.layers.find(layer.layer); known != view.layers.end() && known->second.version != layer.version)
            return;  // changed while it was made
    std::vector<std::string> names;
    for (const LayerState& layer : wanted.layers)
        names.push_back(layer.layer);
    for (std::size_t i = 0; i < made.size(); ++i) {
        Entry entry{tiles[i], wanted.view, wanted.recipe + '\n' + made[i].key, names, block.areas, 0};
        entry.bytes = sizeof(Entry) + entry.tile.bytes->size() + 2 * entry.key.size() + entry.view.size() + entry.areas.size() * sizeof(entry.areas[0]);
        for (const std::string& name : names)
            entry.bytes += sizeof(std::string) + name.size();
        if (entry.bytes > m_most_bytes)
            continue;
        if (const auto old = view.entries.find(entry.key); old != view.entries.end())
            forget(old->second);
        for (const LayerState& layer : wanted.layers)
            view.layers[layer.layer] = layer;
        m_counts.bytes += entry.bytes;
        ++m_counts.tiles;
        m_entries.push_front(std::move(entry));
        view.entries[m_entries.front().key] = m_entries.begin();
    }
    while (m_counts.bytes > m_most_bytes)
        forget(std::prev(m_entries.end()));
}

Tile TileCache::get(const WantedTiles& wanted, const TileBlock& block, const std::string& key, const std::function<std::vector<Made>()>& make, base::RunContext& run)
{
    const Standing standing = advance(wanted);
    std::string flight = wanted.view + '\n' + wanted.loaded + '\n' + wanted.recipe + '\n' + block.key;
    for (const LayerState& layer : wanted.layers)
        flight += '\n' + layer.version;
    {
        std::unique_lock lock(m_mutex);
        for (;;) {
            View& view = m_views[wanted.view];
            const auto found = standing == Standing::current ? view.entries.find(wanted.recipe + '\n' + key) : view.entries.end();
            if (found != view.entries.end()) {
                m_entries.splice(m_entries.begin(), m_entries, found->second);
                ++m_counts.hits;
                return found->second->tile;
            }
            if (m_under_way.insert(flight).second)
                break;
            m_done.wait_for(lock, std::chrono::milliseconds(100));
            run.throw_if_stopped();
        }
        ++m_counts.made;
    }
    const auto landed = [&] {
        m_under_way.erase(flight);
        m_done.notify_all();
    };
    std::vector<Made> made;
    std::vector<Tile> tiles;
    try {
        made = make();
        for (Made& one : made) {
            std::string etag = http::tag_of(one.bytes);
            tiles.push_back({std::make_shared<const std::string>(std::move(one.bytes)), std::move(etag), modified_at(wanted)});
        }
    } catch (...) {
        const std::lock_guard lock(m_mutex);
        landed();
        throw;
    }
    const std::lock_guard lock(m_mutex);
    landed();
    const auto own = std::ranges::find(made, key, &Made::key);
    if (own == made.end())
        throw Error(ErrorKind::internal, {"A block of tiles lacks the tile it was made for.", "Einem Block von Kacheln fehlt die, für die er gemacht wurde."});
    Tile tile = tiles[static_cast<std::size_t>(own - made.begin())];
    if (standing == Standing::current)
        keep(wanted, block, made, tiles);
    return tile;
}

TileCache::Counts TileCache::counts() const
{
    const std::lock_guard lock(m_mutex);
    Counts counts = m_counts;
    counts.most_bytes = m_most_bytes;
    return counts;
}

void TileCache::clear()
{
    const std::lock_guard lock(m_mutex);
    m_views.clear();
    m_entries.clear();
    m_counts = {};
}

TileCache& tile_cache()
{
    static TileCache cache(std::size_t{128} << 20);
    return cache;
}

}  // namespace stadtgdi::tiles
