// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.hpp"
#include <layers/table/arrow.hpp>
#include <layers/table/table_builder.hpp>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cmath>

namespace stadtgdi::python {

using table::Column;
using table::GeometryColumn;
using table::Table;
using table::Type;

namespace {

/// A read-only array over memory that `owner` keeps alive; nothing is copied.
template <class T> py::array view(std::span<const T> values, std::shared_ptr<const void> owner, const py::dtype& type)
{
    auto held = std::make_unique<std::shared_ptr<const void>>(std::move(owner));
    py::capsule base(held.get(), [](void* p) { delete static_cast<std::shared_ptr<const void>*>(p); });
    held.release();
    py::array array(type, {static_cast<py::ssize_t>(values.size())}, {static_cast<py::ssize_t>(sizeof(T))}, values.data(), base);
    array.attr("setflags")(py::arg("write") = false);
    return array;
}

template <class T> py::array view(const table::Buffer<T>& buffer) { return view<T>(buffer.span(), buffer.owner(), py::dtype::of<T>()); }

py::list texts(const Column& column)
{
    py::list out(column.size());
    if (column.is_dictionary()) {  // each distinct text is made once
        std::vector<py::object> distinct;
        for (std::size_t i = 0; i < column.dictionary().size(); ++i) distinct.push_back(py::str(std::string(column.dictionary().text(i))));
        for (std::size_t row = 0; row < column.size(); ++row)
            out[row] = column.valid(row) ? distinct[static_cast<std::size_t>(column.codes()[row])] : py::object(py::none());
        return out;
    }
    for (std::size_t row = 0; row < column.size(); ++row)
        if (column.valid(row))
            out[row] = py::str(std::string(column.text(row)));
        else
            out[row] = py::none();
    return out;
}

/// Numbers, truth values and datetimes without copying; dates widened to NumPy's datetime64[D]; text as a list.
py::object values(const Column& column)
{
    switch (column.type()) {
        case Type::boolean: return view<std::uint8_t>(column.bools(), column.owner(), py::dtype("bool"));
        case Type::int64: return view<std::int64_t>(column.ints(), column.owner(), py::dtype::of<std::int64_t>());
        case Type::float64: return view<double>(column.doubles(), column.owner(), py::dtype::of<double>());
        case Type::datetime: return view<std::int64_t>(column.datetimes(), column.owner(), py::dtype("datetime64[us]"));
        case Type::date: {
            const std::vector<std::int64_t> days(column.dates().begin(), column.dates().end());
            const table::Buffer<std::int64_t> wide(days);
            return view<std::int64_t>(wide.span(), wide.owner(), py::dtype("datetime64[D]"));
        }
        case Type::text: return texts(column);
    }
    return py::none();
}

/// Which rows have a value, one truth value a row; None where all have one.
py::object valid(const table::Validity& validity, std::size_t rows)
{
    if (validity.all_valid()) return py::none();
    std::vector<std::uint8_t> flags(rows);
    for (std::size_t row = 0; row < rows; ++row) flags[row] = validity.valid(row);
    const table::Buffer<std::uint8_t> buffer(std::move(flags));
    return view<std::uint8_t>(buffer.span(), buffer.owner(), py::dtype("bool"));
}

Column column_of(const std::string& type, const py::array& array, const std::optional<py::array_t<bool>>& flags)
{
    table::Validity validity;
    if (flags) {
        std::vector<bool> bits(static_cast<std::size_t>(flags->size()));
        for (py::ssize_t row = 0; row < flags->size(); ++row) bits[static_cast<std::size_t>(row)] = flags->at(row);
        validity = table::Validity::of(bits);
    }
    const auto copied = [&]<class T>(T) {
        const auto typed = py::array_t<T, py::array::c_style | py::array::forcecast>::ensure(array);
        return std::vector<T>(typed.data(), typed.data() + typed.size());
    };
    if (type == "float64") return Column::of_doubles(copied(double{}), validity);
    if (type == "int64") return Column::of_ints(copied(std::int64_t{}), validity);
    if (type == "datetime") return Column::of_datetimes(copied(std::int64_t{}), validity);
    if (type == "boolean") {
        std::vector<std::uint8_t> bytes = copied(std::uint8_t{});
        return Column::of_bools(std::move(bytes), validity);
    }
    if (type == "date") {
        const std::vector<std::int64_t> days = copied(std::int64_t{});
        return Column::of_dates(std::vector<std::int32_t>(days.begin(), days.end()), validity);
    }
    throw Error(ErrorKind::internal, {"Unknown column type " + type + ".", "Unbekannter Spaltentyp " + type + "."});
}

Column text_column(const py::list& values)
{
    table::ColumnBuilder builder(Type::text);
    builder.reserve(values.size());
    for (const py::handle& value : values)
        if (value.is_none())
            builder.add_null();
        else
            builder.add(std::string_view(value.cast<std::string>()));
    return std::move(builder).finish();
}

Table with_column(const Table& table, const std::string& name, Column column)
{
    if (table.rows() != column.size() && !(table.columns().empty() && !table.has_geometry()))
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"Column '{0}' has {1} values, the table has {2} rows.", "Die Spalte '{0}' hat {1} Werte, die Tabelle {2} Zeilen."}, name,
                                 std::to_string(column.size()), std::to_string(table.rows())));
    if (table.columns().empty() && !table.has_geometry()) return {table::Schema{{{name, column.type()}}, {}}, {column}};
    return table.with_column({name, column.type()}, std::move(column));
}

Table with_points(const Table& table, const py::array_t<double, py::array::c_style | py::array::forcecast>& x,
                  const py::array_t<double, py::array::c_style | py::array::forcecast>& y, const std::string& crs)
{
    const auto copied = [](const auto& array) { return std::vector<double>(array.data(), array.data() + array.size()); };
    std::vector<bool> known(static_cast<std::size_t>(x.size()));
    if (x.size() != y.size() || (!table.columns().empty() && table.rows() != static_cast<std::size_t>(x.size())))
        throw Error(ErrorKind::invalid_argument, {"x, y and the columns must have the same length.", "x, y und die Spalten müssen gleich lang sein."});
    for (py::ssize_t row = 0; row < x.size(); ++row) known[static_cast<std::size_t>(row)] = !std::isnan(x.at(row)) && !std::isnan(y.at(row));
    GeometryColumn points(table::GeometryKind::point, crs, copied(x), copied(y), {}, table::Validity::of(known));
    if (table.columns().empty()) return {table::Schema{{}, table::GeometryField{"geom", table::GeometryKind::point, crs, false}}, {}, points};
    return table.with_geometry(std::move(points));
}

// PyCapsules of the Arrow PyCapsule interface: whoever takes the struct over sets its release to null.
template <class Struct> void release_capsule(PyObject* capsule, const char* name)
{
    auto* held = static_cast<Struct*>(PyCapsule_GetPointer(capsule, name));
    if (held == nullptr) {
        PyErr_Clear();
        return;
    }
    if (held->release != nullptr) held->release(held);
    delete held;
}

py::object stream_capsule(const Table& table)
{
    auto stream = std::make_unique<ArrowArrayStream>();
    table::export_arrow_stream(table, stream.get());
    return py::reinterpret_steal<py::object>(
        PyCapsule_New(stream.release(), "arrow_array_stream", [](PyObject* o) { release_capsule<ArrowArrayStream>(o, "arrow_array_stream"); }));
}

py::object schema_capsule(const Table& table)
{
    auto schema = std::make_unique<ArrowSchema>();
    ArrowArray array{};
    table::export_arrow(table, schema.get(), &array);
    if (array.release != nullptr) array.release(&array);
    return py::reinterpret_steal<py::object>(PyCapsule_New(schema.release(), "arrow_schema", [](PyObject* o) { release_capsule<ArrowSchema>(o, "arrow_schema"); }));
}

Table from_stream_capsule(const py::capsule& capsule)
{
    auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), "arrow_array_stream"));
    if (stream == nullptr) throw py::error_already_set();
    const auto fail = [&](const char* what) {
        const char* detail = stream->get_last_error(stream);
        const std::string text = std::string(what) + (detail != nullptr ? std::string(": ") + detail : std::string());
        throw Error(ErrorKind::bad_data, {"Arrow stream: " + text + ".", "Arrow-Strom: " + text + "."});
    };
    std::vector<Table> batches;
    for (;;) {
        ArrowArray array{};
        if (stream->get_next(stream, &array) != 0) fail("get_next");
        if (array.release == nullptr && !batches.empty()) break;
        ArrowSchema schema{};
        if (stream->get_schema(stream, &schema) != 0) fail("get_schema");
        if (array.release == nullptr) {  // no batch at all: an empty one of the same columns
            if (schema.release != nullptr) schema.release(&schema);
            return {};
        }
        batches.push_back(table::import_arrow(&schema, &array));
    }
    return batches.size() == 1 ? batches.front() : table::concatenate(batches);
}

py::dict geometry_dict(const Table& table)
{
    const GeometryColumn& geometry = table.geometry();
    py::list levels;
    for (const auto& level : geometry.levels()) levels.append(view(level));
    py::dict out;
    out["kind"] = std::string(table::name_of(geometry.kind()));
    out["crs"] = geometry.crs();
    out["x"] = view(geometry.x_buffer());
    out["y"] = view(geometry.y_buffer());
    out["z"] = geometry.has_z() ? py::object(view(geometry.z_buffer())) : py::object(py::none());
    out["offsets"] = levels;
    out["valid"] = valid(geometry.validity(), geometry.size());
    return out;
}

}  // namespace

void bind_table(py::module_& module)
{
    py::class_<Table>(module, "Table")
        .def(py::init<>())
        .def_property_readonly("rows", &Table::rows)
        .def_property_readonly("names", [](const Table& t) {
            std::vector<std::string> names;
            for (const auto& field : t.schema().fields) names.push_back(field.name);
            return names;
        })
        .def_property_readonly("types", [](const Table& t) {
            std::vector<std::string> types;
            for (const auto& field : t.schema().fields) types.emplace_back(table::name_of(field.type));
            return types;
        })
        .def_property_readonly("has_geometry", &Table::has_geometry)
        .def_property_readonly("bytes", &Table::bytes)
        .def("values", [](const Table& t, const std::string& name) { return values(t.column(name)); })
        .def("valid", [](const Table& t, const std::string& name) { return valid(t.column(name).validity(), t.rows()); })
        .def("type", [](const Table& t, const std::string& name) { return std::string(table::name_of(t.column(name).type())); })
        .def("codes", [](const Table& t, const std::string& name) -> py::object {
            const Column& column = t.column(name);
            if (column.type() != Type::text || !column.is_dictionary()) return py::none();
            return py::make_tuple(view<std::int32_t>(column.codes(), column.owner(), py::dtype::of<std::int32_t>()), texts(column.dictionary()));
        })
        .def("geometry", &geometry_dict)
        .def("take", [](const Table& t, const py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>& rows) {
            for (py::ssize_t i = 0; i < rows.size(); ++i)
                if (rows.at(i) < 0 || rows.at(i) >= static_cast<std::int64_t>(t.rows())) throw py::index_error("row " + std::to_string(rows.at(i)));
            return t.take(std::span(rows.data(), static_cast<std::size_t>(rows.size())));
        })
        .def("select", [](const Table& t, const std::vector<std::string>& names) { return t.select(names); })
        .def("with_array", [](const Table& t, const std::string& name, const std::string& type, const py::array& array, const std::optional<py::array_t<bool>>& flags) {
            return with_column(t, name, column_of(type, array, flags));
        })
        .def("with_texts", [](const Table& t, const std::string& name, const py::list& texts_given) { return with_column(t, name, text_column(texts_given)); })
        .def("with_points", &with_points)
        .def("hash", [](const Table& t) { return table::hash(t); })
        .def("stream_capsule", &stream_capsule)
        .def("schema_capsule", &schema_capsule);
    module.def("table_from_stream", &from_stream_capsule);
}

}  // namespace stadtgdi::python
