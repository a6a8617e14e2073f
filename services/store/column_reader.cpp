// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/store/column_reader.hpp>

#include <layers/io/source.hpp>

#include <algorithm>

namespace stadtgdi::store {

namespace {

/// The columns of the model, in its order; nothing where one is missing or of another type.
std::optional<table::Table> in_model_order(const table::Table& read, const project::PublishedLayer& layer)
{
    std::vector<std::string> names;
    for (const project::PublishedField& field : layer.fields) {
        const auto place = read.schema().find(field.name);
        if (!place || read.schema().fields[*place].type != field.type)
            return {};
        names.push_back(field.name);
    }
    if (layer.geometry.has_value() != read.has_geometry() || (layer.geometry && *layer.geometry != read.geometry().kind()))
        return {};
    return read.select(names);
}

}  // namespace

std::optional<project::Rows> read_plain_table(const project::DataSource& source, const project::PublishedLayer& layer, base::RunContext& run)
{
    if (source.provider != "ogr" || !source.path.ends_with(".gpkg") || source.layer.empty() || source.is_query || !source.subset.empty())
        return {};
    try {
        const std::unique_ptr<io::Source> file = io::Source::open(source.path);
        std::string fid_column = "fid";
        for (const io::LayerInfo& info : file->layers())
            if (info.name == source.layer && !info.fid_column.empty())
                fid_column = info.fid_column;
        const table::Table read = file->read({.layer = source.layer, .fid = true}, run);
        const table::Column* fids = read.find(fid_column);
        std::optional<table::Table> table = in_model_order(read, layer);
        if (!table || fids == nullptr || fids->type() != table::Type::int64)
            return {};
        // The project may have given the layer another CRS than the file.
        if (table->has_geometry() && table->geometry().crs() != layer.crs) {
            const table::GeometryColumn& g = table->geometry();
            table = table->with_geometry(g.with_coordinates(layer.crs, g.x_buffer(), g.y_buffer()), "geom");
        }
        return project::Rows{std::move(*table), {fids->ints().begin(), fids->ints().end()}};
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::cancelled)
            throw;
        return {};  // QGIS may read what this way cannot, and tells its own reason else
    }
}

}  // namespace stadtgdi::store
