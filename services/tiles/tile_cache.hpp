// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <services/store/snapshot.hpp>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace stadtgdi::tiles {

/// An encoded tile.
struct Tile {
    std::shared_ptr<const std::string> bytes;  ///< shared with answers under way
    std::string etag;                          ///< of these bytes
    std::int64_t modified_s = 0;               ///< since 1970: its data are at most this old; 0: not known
};

/// One layer in the state that a tile shows.
struct LayerState {
    std::string layer;
    std::string version;                          ///< ISO times, which compare as texts
    std::shared_ptr<const store::Snapshot> rows;  ///< shared with the store; null: what changes cannot be told
};

/// What somebody wants who may see a certain part of a project.
struct WantedTiles {
    std::string view;                  ///< project and rights, the project in the first line
    std::string loaded;                ///< version of the project: its styles
    std::vector<LayerState> layers;
    std::string recipe;                ///< everything else that a tile depends on, but for its place
};

/// A block of tiles that is made together, and what of the layers it looks at.
struct TileBlock {
    std::string key;                   ///< among those of the same recipe
    std::vector<std::pair<std::string, table::Box>> areas;  ///< by CRS of the layers
};

/// Encoded tiles in memory, the least recently used go first. When the data of a layer change, those of its tiles go in whose area
/// rows came, went or changed (all of them where that cannot be told); when the project is read again, all of it. A tile that several
/// ask for at the same time is made once. Any thread.
class TileCache {
public:
    explicit TileCache(std::size_t most_bytes) : m_most_bytes(most_bytes) {}
    void set_most_bytes(std::size_t most_bytes);

    struct Made {
        std::string key;               ///< of the tile
        std::string bytes;
    };
    /// The tile `key`, from memory or made with its block by `make`, whose answer must contain it.
    Tile get(const WantedTiles& wanted, const TileBlock& block, const std::string& key, const std::function<std::vector<Made>()>& make, base::RunContext& run);

    struct Counts {
        std::size_t tiles = 0, bytes = 0, most_bytes = 0;
        std::uint64_t hits = 0, made = 0, outdated = 0;  ///< made: blocks; outdated: tiles that changes took out
    };
    Counts counts() const;
    void clear();

private:
    struct View;
    struct Entry {
        Tile tile;
        std::string view, key;
        std::vector<std::string> layers;
        std::vector<std::pair<std::string, table::Box>> areas;
        std::size_t bytes = 0;
    };
    using Entries = std::list<Entry>;  // the most recently used first
    struct View {
        std::string loaded;
        std::map<std::string, LayerState> layers;                   // those that entries show
        std::unordered_map<std::string, Entries::iterator> entries; // by recipe and tile
    };
    enum class Standing { current, past };

    Standing advance(const WantedTiles& wanted);
    void clear_project(const WantedTiles& wanted);
    void forget(Entries::iterator entry);
    void drop_layer(View& view, const std::string& layer, const std::optional<std::vector<table::Box>>& changed, const std::string& crs);
    void keep(const WantedTiles& wanted, const TileBlock& block, std::vector<Made>& made, std::vector<Tile>& tiles);

    mutable std::mutex m_mutex;
    std::mutex m_advancing;            // one looks for what changed, the others wait
    std::condition_variable m_done;
    std::set<std::string> m_under_way; // blocks
    std::map<std::string, View> m_views;
    Entries m_entries;
    std::size_t m_most_bytes;
    Counts m_counts;
};

/// The one of this process; its size is set by those who ask it.
TileCache& tile_cache();

}  // namespace stadtgdi::tiles
