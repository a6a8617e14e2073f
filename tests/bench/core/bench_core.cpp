// SPDX-License-Identifier: GPL-2.0-or-later
// The core's kernels on seeded points at three sizes: cmake --preset bench && cmake --build build/bench --target bench_core, then
// build/bench/tests/bench/bench_core. Against other programs: the scripts in the folders beside this one.
#include <layers/crs/transform.hpp>
#include <layers/index/packed_rtree.hpp>
#include <layers/trees/canopy_cover.hpp>

#include <benchmark/benchmark.h>
#include <cmath>
#include <random>

using namespace stadtgdi;

namespace {

/// Trees over a square of 20 m for each, so that every size is as dense.
table::GeometryColumn points(std::int64_t count)
{
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> place(0, 20 * std::sqrt(static_cast<double>(count)));
    table::GeometryBuilder builder(table::GeometryKind::point, "EPSG:25833");
    for (std::int64_t i = 0; i < count; ++i) {
        const double x = place(random);
        builder.add_point(310'000 + x, 5'680'000 + place(random));
    }
    return std::move(builder).finish();
}

/// Squares of 100 m that cover them.
table::GeometryColumn squares(std::int64_t count)
{
    const double side = 20 * std::sqrt(static_cast<double>(count));
    table::GeometryBuilder builder(table::GeometryKind::polygon, "EPSG:25833");
    for (double x = 310'000; x < 310'000 + side; x += 100)
        for (double y = 5'680'000; y < 5'680'000 + side; y += 100) {
            builder.begin_row();
            builder.begin_ring();
            for (const auto& [dx, dy] : {std::pair{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}})
                builder.add(x + dx, y + dy);
        }
    return std::move(builder).finish();
}

void rows_per_second(benchmark::State& state)
{
    state.SetItemsProcessed(state.iterations() * state.range(0));
}

void build_index(benchmark::State& state)
{
    const table::GeometryColumn trees = points(state.range(0));
    for (auto _ : state) {
        base::RunContext run;
        benchmark::DoNotOptimize(index::PackedRTree(trees, run));
    }
    rows_per_second(state);
}

void search_index(benchmark::State& state)   // a box of about a thousand trees
{
    base::RunContext run;
    const index::PackedRTree tree(points(state.range(0)), run);
    for (auto _ : state)
        benchmark::DoNotOptimize(tree.search({310'200, 5'680'200, 310'800, 5'680'800}));
}

void reproject(benchmark::State& state)
{
    const table::GeometryColumn trees = points(state.range(0));
    for (auto _ : state) {
        base::RunContext run;
        benchmark::DoNotOptimize(crs::transformed(trees, "EPSG:3857", run));
    }
    rows_per_second(state);
}

void canopy_cover(benchmark::State& state)
{
    const auto count = static_cast<std::size_t>(state.range(0));
    const table::GeometryColumn trees = points(state.range(0)), zones = squares(state.range(0));
    const std::vector<bool> used(count, true);
    trees::Crowns crowns{std::vector<double>(count), std::vector<trees::CrownOrigin>(count)};
    for (std::size_t i = 0; i < count; ++i)
        crowns.diameter_m[i] = 3 + static_cast<double>(i % 15);
    for (auto _ : state) {
        base::RunContext run;
        benchmark::DoNotOptimize(trees::canopy_cover(trees, used, crowns, zones, zones, run));
    }
    rows_per_second(state);
}

}  // namespace

BENCHMARK(build_index)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(search_index)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(reproject)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(canopy_cover)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_MAIN();
