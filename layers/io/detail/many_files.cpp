// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/parallel_for.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sources.hpp>

namespace stadtgdi::io::detail {
namespace {

/// The layer of one of many files: the one named where it has it, else its only one (GeoJSON files name their layer
/// as they like).
std::string layer_of(Source& source, const std::string& wanted)
{
    if (wanted.empty())
        return "";
    const std::vector<LayerInfo> layers = source.layers();
    for (const LayerInfo& layer : layers)
        if (layer.name == wanted)
            return wanted;
    return layers.size() == 1 ? layers.front().name : wanted;
}

class ManyFiles final : public Source {
public:
    explicit ManyFiles(std::vector<std::string> paths) : m_paths(std::move(paths)) {}

    std::vector<LayerInfo> layers() override
    {
        // The files' layers are one layer; its name is the first file's.
        std::vector<LayerInfo> list = open_one(m_paths.front())->layers();
        if (list.size() != 1)
            return list;
        base::RunContext run;
        const table::Table table = read({}, run);
        list.front().schema = table.schema();
        list.front().rows = static_cast<std::int64_t>(table.rows());
        return list;
    }

    table::Table read(const ReadOptions& options, base::RunContext& run) override
    {
        std::vector<table::Table> tables(m_paths.size());
        ReadOptions of_one = options;
        of_one.columns.clear();  // a file may lack a column that others have
        base::parallel_for(run, m_paths.size(), 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t i = begin; i < end; ++i) {
                const auto source = open_one(m_paths[i]);
                ReadOptions own = of_one;
                own.layer = layer_of(*source, options.layer);
                base::RunContext quiet(1, run.stop());
                tables[i] = source->read(own, quiet);
                for (base::Finding& finding : quiet.take_findings())
                    run.report(std::move(finding));
            }
        });
        table::Table all = united(std::move(tables), m_paths);
        if (options.columns.empty())
            return all;
        std::vector<std::string> names = options.columns;
        if (options.source_file)
            names.insert(names.end(), {"source_file", "source_row"});
        return all.select(names);
    }

    std::int64_t count(const std::string& layer, base::RunContext& run) override
    {
        std::int64_t rows = 0;
        for (const std::string& path : m_paths) {
            const auto source = open_one(path);
            rows += source->count(layer_of(*source, layer), run);
        }
        return rows;
    }

private:
    std::vector<std::string> m_paths;
};

}  // namespace

std::unique_ptr<Source> open_many(const std::vector<std::string>& paths)
{
    return std::make_unique<ManyFiles>(paths);
}

}  // namespace stadtgdi::io::detail
