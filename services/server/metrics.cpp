// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/metrics.hpp>

#include <cstdio>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

namespace stadtgdi::server {

namespace {

/// Resident memory from /proc; 0 where there is none.
double resident_bytes()
{
    long total = 0, resident = 0;
    if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
        if (std::fscanf(file, "%ld %ld", &total, &resident) != 2)
            resident = 0;
        std::fclose(file);
    }
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

struct Metrics::State {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& requests = prometheus::BuildCounter().Name("stadtgdi_requests_total").Help("Answers by face and status").Register(registry);
    prometheus::Family<prometheus::Counter>& bytes = prometheus::BuildCounter().Name("stadtgdi_answer_bytes_total").Help("Bytes of bodies sent, by face").Register(registry);
    prometheus::Family<prometheus::Counter>& broken = prometheus::BuildCounter().Name("stadtgdi_broken_answers_total").Help("Answers whose client went or that broke off, by face").Register(registry);
    prometheus::Family<prometheus::Histogram>& seconds = prometheus::BuildHistogram().Name("stadtgdi_request_seconds").Help("From the last byte of the request to the last byte of the answer").Register(registry);
    prometheus::Family<prometheus::Gauge>& gauges = prometheus::BuildGauge().Name("stadtgdi_connections").Help("Open connections").Register(registry);
    prometheus::Family<prometheus::Gauge>& in_flight = prometheus::BuildGauge().Name("stadtgdi_requests_in_flight").Help("Requests being answered").Register(registry);
    prometheus::Family<prometheus::Gauge>& waiting = prometheus::BuildGauge().Name("stadtgdi_requests_waiting").Help("Tasks that wait for a worker").Register(registry);
    prometheus::Family<prometheus::Gauge>& memory = prometheus::BuildGauge().Name("stadtgdi_resident_bytes").Help("Resident memory of the worker process").Register(registry);
    prometheus::Family<prometheus::Gauge>& projects = prometheus::BuildGauge().Name("stadtgdi_projects").Help("Projects that are served").Register(registry);
    prometheus::Family<prometheus::Gauge>& not_loaded = prometheus::BuildGauge().Name("stadtgdi_projects_not_loaded").Help("Projects that could not be read as they are now, see /admin").Register(registry);
    prometheus::Family<prometheus::Gauge>& not_served = prometheus::BuildGauge().Name("stadtgdi_layers_not_served").Help("Layers that cannot be opened, see /admin").Register(registry);
    prometheus::Family<prometheus::Gauge>& grids = prometheus::BuildGauge().Name("stadtgdi_missing_grids").Help("Grids of PROJ that are not installed: places may be metres off, see /admin").Register(registry);
    prometheus::Family<prometheus::Gauge>& ready = prometheus::BuildGauge().Name("stadtgdi_ready").Help("1 when every project is served whose file is there").Register(registry);
    prometheus::Family<prometheus::Gauge>& tiles = prometheus::BuildGauge().Name("stadtgdi_tiles_kept").Help("Tiles in memory").Register(registry);
    prometheus::Family<prometheus::Gauge>& tile_bytes = prometheus::BuildGauge().Name("stadtgdi_tile_bytes").Help("Bytes of the tiles in memory, and how many there may be").Register(registry);
    prometheus::Family<prometheus::Gauge>& tile_events = prometheus::BuildGauge().Name("stadtgdi_tile_events").Help("Tiles answered from memory, blocks of tiles made, tiles that changes of their data took out").Register(registry);
    prometheus::Family<prometheus::Gauge>& starts = prometheus::BuildGauge().Name("stadtgdi_worker_starts").Help("How often the parent has started a worker").Register(registry);
};

Metrics::Metrics() : m_state(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

void Metrics::count(const std::string& face, const http::Exchange& exchange)
{
    static const prometheus::Histogram::BucketBoundaries bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
    m_state->requests.Add({{"face", face}, {"status", std::to_string(exchange.status)}}).Increment();
    m_state->bytes.Add({{"face", face}}).Increment(static_cast<double>(exchange.body_bytes));
    m_state->seconds.Add({{"face", face}}, bounds).Observe(static_cast<double>(exchange.duration.count()) / 1e6);
    if (!exchange.complete)
        m_state->broken.Add({{"face", face}}).Increment();
}

std::string Metrics::text(const Load& load)
{
    m_state->gauges.Add({}).Set(static_cast<double>(load.connections));
    m_state->in_flight.Add({}).Set(static_cast<double>(load.in_flight));
    m_state->waiting.Add({}).Set(static_cast<double>(load.waiting));
    m_state->memory.Add({}).Set(resident_bytes());
    m_state->projects.Add({}).Set(static_cast<double>(load.projects));
    m_state->not_loaded.Add({}).Set(static_cast<double>(load.projects_not_loaded));
    m_state->not_served.Add({}).Set(static_cast<double>(load.layers_not_served.size()));
    m_state->grids.Add({}).Set(static_cast<double>(load.missing_grids));
    m_state->ready.Add({}).Set(load.ready ? 1 : 0);
    m_state->tiles.Add({}).Set(static_cast<double>(load.tiles));
    m_state->tile_bytes.Add({{"which", "used"}}).Set(static_cast<double>(load.tile_bytes));
    m_state->tile_bytes.Add({{"which", "most"}}).Set(static_cast<double>(load.most_tile_bytes));
    m_state->tile_events.Add({{"what", "hit"}}).Set(static_cast<double>(load.tile_hits));
    m_state->tile_events.Add({{"what", "made"}}).Set(static_cast<double>(load.tile_blocks));
    m_state->tile_events.Add({{"what", "outdated"}}).Set(static_cast<double>(load.outdated_tiles));
    m_state->starts.Add({}).Set(static_cast<double>(load.worker_starts));
    prometheus::Registry of_now;   // series that end when their layer is back
    auto& lost = prometheus::BuildGauge().Name("stadtgdi_layer_up").Help("0: a layer that cannot be opened; the others are not listed").Register(of_now);
    for (const auto& [project, layer] : load.layers_not_served)
        lost.Add({{"project", project}, {"layer", layer}}).Set(0);
    const prometheus::TextSerializer serializer;
    return serializer.Serialize(m_state->registry.Collect()) + serializer.Serialize(of_now.Collect());
}

}  // namespace stadtgdi::server
