// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.hpp"
#include "interruptible.hpp"
#include <layers/crs/transform.hpp>
#include <layers/geometry/wkb.hpp>
#include <layers/io/sink.hpp>
#include <layers/io/source.hpp>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

namespace stadtgdi::python {

namespace {

py::list source_layers(const std::vector<std::string>& paths)
{
    const auto layers = interruptible(0, [&](base::RunContext&) { return io::Source::open(paths)->layers(); });
    py::list out;
    for (const io::LayerInfo& layer : layers) {
        py::dict one;
        one["name"] = layer.name;
        one["rows"] = layer.rows < 0 ? py::object(py::none()) : py::object(py::int_(layer.rows));
        one["geometry"] = layer.schema.geometry ? py::object(py::str(std::string(table::name_of(layer.schema.geometry->kind)))) : py::object(py::none());
        one["crs"] = layer.schema.geometry ? layer.schema.geometry->crs : std::string();
        py::dict columns;
        for (const auto& field : layer.schema.fields) columns[py::str(field.name)] = std::string(table::name_of(field.type));
        one["columns"] = columns;
        out.append(one);
    }
    return out;
}

py::tuple read_table(const std::vector<std::string>& paths, const std::string& layer, const std::vector<std::string>& columns, const std::string& crs, int threads)
{
    io::ReadOptions options;
    options.layer = layer;
    options.columns = columns;
    options.target_crs = crs;
    std::vector<base::Finding> findings;
    table::Table table = interruptible(threads, [&](base::RunContext& run) {
        table::Table found = io::Source::open(paths)->read(options, run);
        findings = run.take_findings();
        return found;
    });
    return py::make_tuple(std::move(table), findings_list(findings));
}

py::list write_table(const table::Table& table, const std::string& path, const std::string& layer, const std::string& mode, int threads)
{
    io::WriteOptions options;
    options.layer = layer;
    options.mode = mode == "replace" ? io::WriteMode::replace : mode == "append" ? io::WriteMode::append : io::WriteMode::create;
    return findings_list(interruptible(threads, [&](base::RunContext& run) {
        const auto sink = io::Sink::open(path);
        sink->write(table, options, run);
        sink->commit();
        return run.take_findings();
    }));
}

py::list wkb_list(const table::Table& table)
{
    py::list out(table.rows());
    std::vector<std::uint8_t> bytes;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        bytes.clear();
        if (table.geometry().valid(row)) geometry::append_wkb(table.geometry(), row, bytes);
        if (bytes.empty())
            out[row] = py::none();
        else
            out[row] = py::bytes(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    }
    return out;
}

}  // namespace

void bind_io(py::module_& module)
{
    module.def("source_layers", &source_layers);
    module.def("read", &read_table);
    module.def("write", &write_table);
    module.def("wkb", &wkb_list);
    module.def("transformed", [](const table::Table& t, const std::string& crs, int threads) {
        return interruptible(threads, [&](base::RunContext& run) { return crs::transformed(t, crs, run); });
    });
    module.def("io_versions", &io::versions);
}

}  // namespace stadtgdi::python
