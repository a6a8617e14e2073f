// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/arrow.hpp>

#include <layers/io/detail/arrow_reader.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/geometry_collector.hpp>

#include <cpl_string.h>

namespace stadtgdi::io::detail {
namespace {

struct Stream {
    ArrowArrayStream stream{};
    ~Stream()
    {
        if (stream.release)
            stream.release(&stream);
    }
};

}  // namespace

std::optional<table::Table> read_arrow(OGRLayer& layer, LayerReader& reader, base::RunContext& run)
{
    reader.ignore_other_columns();
    CPLStringList options;
    options.SetNameValue("INCLUDE_FID", reader.options().fid ? "YES" : "NO");
    Stream from;
    CPLErrorReset();
    if (!layer.GetArrowStream(&from.stream, options.List()))
        return {};
    table::ArrowImport import;
    if (layer.GetLayerDefn()->GetGeomFieldCount() == 1) {
        const std::string name = layer.GetGeometryColumn();
        import.wkb_column = name.empty() ? "wkb_geometry" : name;
        const bool has_z = OGR_GT_HasZ(layer.GetGeomType()) != 0;
        import.geometry = table::GeometryField{name.empty() ? "geom" : name, *declared_kind(layer.GetGeomType()), reader.crs(), has_z};
    }
    std::vector<table::Table> batches;
    std::int64_t rows = 0;
    const std::int64_t expected = run.on_progress ? layer.GetFeatureCount(FALSE) : -1;
    for (;;) {
        run.throw_if_stopped();
        ArrowSchema schema{};
        ArrowArray batch{};
        if (from.stream.get_schema(&from.stream, &schema) != 0)
            return {};
        if (from.stream.get_next(&from.stream, &batch) != 0) {
            schema.release(&schema);
            const char* reason = from.stream.get_last_error(&from.stream);
            throw Error(ErrorKind::bad_data, base::filled({"File '{0}' is damaged after row {1} of layer '{2}': {3}",
                                                           "Die Datei '{0}' ist nach Zeile {1} der Ebene '{2}' beschädigt: {3}"},
                                                          reader.file(), std::to_string(rows), layer.GetName(), reason ? reason : CPLGetLastErrorMsg()));
        }
        const bool end = batch.release == nullptr;
        if (end && !batches.empty()) {
            schema.release(&schema);
            break;
        }
        if (end) {
            // Not one row: the feature loop makes the empty table with the right columns.
            schema.release(&schema);
            return {};
        }
        rows += batch.length;
        try {
            batches.push_back(table::import_arrow(&schema, &batch, import));
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::bad_data && error.kind() != ErrorKind::unsupported)
                throw;
            return {};
        }
        if (expected > 0)
            run.progress(static_cast<double>(rows) / static_cast<double>(expected), {"Reading " + reader.file(), reader.file() + " wird gelesen"});
    }
    reader.throw_if_damaged(rows);
    return batches.size() == 1 ? std::move(batches.front()) : table::concatenate(batches);
}

}  // namespace stadtgdi::io::detail
