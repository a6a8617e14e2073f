// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/listener.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace stadtgdi::server {

/// What the service is doing, in Prometheus's text form. Any thread.
class Metrics {
public:
    Metrics();
    ~Metrics();
    /// `face` must come from a short, fixed list: every one is a time series.
    void count(const std::string& face, const http::Exchange& exchange);

    struct Load {
        std::size_t connections = 0, in_flight = 0, waiting = 0, projects = 0, projects_not_loaded = 0, missing_grids = 0;
        std::vector<std::pair<std::string, std::string>> layers_not_served;  ///< project, layer
        std::int64_t worker_starts = 1;
        bool ready = false;
        std::size_t tiles = 0, tile_bytes = 0, most_tile_bytes = 0;
        std::uint64_t tile_hits = 0, tile_blocks = 0, outdated_tiles = 0;
    };
    std::string text(const Load& load);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace stadtgdi::server
