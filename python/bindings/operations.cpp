// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.hpp"
#include "interruptible.hpp"
#include <layers/operation/operation.hpp>
#include <layers/statgrid/cell_code.hpp>
#include <layers/trees/taxon_table.hpp>
#include <pybind11/stl.h>

namespace stadtgdi::python {

namespace {

using operation::Value;

Value value_of(const std::string& name, const py::handle& given)
{
    if (given.is_none()) return {};
    if (py::isinstance<py::bool_>(given)) return given.cast<bool>();
    if (py::isinstance<py::str>(given)) return given.cast<std::string>();
    if (py::isinstance<py::float_>(given)) return given.cast<double>();
    if (PyIndex_Check(given.ptr())) return py::int_(py::reinterpret_borrow<py::object>(given)).cast<std::int64_t>();  // NumPy's integers, too
    if (py::isinstance<py::sequence>(given) && py::len(given) == 4) {
        const auto box = given.cast<std::vector<double>>();
        return table::Box{box[0], box[1], box[2], box[3]};
    }
    throw Error(ErrorKind::invalid_argument,
                base::filled({"Parameter '{0}': found {1}, expected a number, a text, a truth value or (xmin, ymin, xmax, ymax).",
                              "Parameter '{0}': gefunden {1}, erwartet Zahl, Text, Wahrheitswert oder (xmin, ymin, xmax, ymax)."},
                             name, py::repr(given).cast<std::string>()));
}

py::tuple run_operation(const std::string& id, const std::map<std::string, table::Table>& tables, const py::dict& values, const std::vector<std::string>& wanted, int threads)
{
    const operation::Operation& op = operation::find_operation(id);
    operation::Inputs inputs;
    inputs.tables = tables;
    inputs.wanted = wanted;
    for (const auto& [name, value] : values) {
        const auto key = name.cast<std::string>();
        inputs.values[key] = value_of(key, value);
    }
    operation::Results results = interruptible(threads, [&](base::RunContext& run) { return operation::run(op, std::move(inputs), run); });
    py::dict out;
    for (auto& [name, table] : results.tables) out[py::str(name)] = py::cast(std::move(table));
    return py::make_tuple(out, findings_list(results.findings));
}

}  // namespace

py::list findings_list(const std::vector<base::Finding>& findings)
{
    py::list out;
    for (const base::Finding& finding : findings) {
        py::dict one;
        one["rule"] = finding.rule;
        one["severity"] = std::string(base::name_of(finding.severity));
        one["file"] = finding.file;
        one["layer"] = finding.layer;
        one["row"] = finding.row;
        one["uuid"] = finding.uuid;
        one["field"] = finding.field;
        one["value"] = finding.value;
        one["message"] = finding.message.en;
        one["message_de"] = finding.message.de;
        one["x"] = finding.x ? py::object(py::float_(*finding.x)) : py::object(py::none());
        one["y"] = finding.y ? py::object(py::float_(*finding.y)) : py::object(py::none());
        out.append(one);
    }
    return out;
}

void bind_operations(py::module_& module)
{
    module.def("operations_json", [] { return operation::json_of(operation::all_operations()); });
    module.def("run_operation", &run_operation);
    module.def("cell_code", [](std::int64_t size, std::int64_t east, std::int64_t north, bool is_short) {
        const statgrid::Cell cell{size, east, north};
        if (!statgrid::is_valid(cell))
            throw Error(ErrorKind::invalid_argument, {"This is no cell of the grid: the size is unknown or the corner is no multiple of it.",
                                                      "Das ist keine Zelle des Gitters: Die Größe ist unbekannt oder die Ecke kein Vielfaches von ihr."});
        return is_short ? statgrid::short_cell_code(cell) : statgrid::cell_code(cell);
    });
    module.def("parse_cell_code", [](const std::string& code) -> py::object {
        const auto cell = statgrid::parse_cell_code(code);
        if (!cell) return py::none();
        return py::make_tuple(cell->size_m, cell->e_m, cell->n_m);
    });
    module.def("parse_taxon", [](const std::string& text) {
        const auto& taxa = trees::TaxonTable::shipped();
        const trees::Taxon taxon = taxa.accepted(trees::parse_taxon(text));
        py::dict out;
        out["genus"] = taxon.genus;
        out["species"] = taxon.species;
        out["infraspecific"] = taxon.infraspecific;
        out["cultivar"] = taxon.cultivar;
        out["hybrid"] = taxon.hybrid;
        out["family"] = std::string(taxa.family_of(taxon.genus));
        return out;
    });
}

}  // namespace stadtgdi::python
