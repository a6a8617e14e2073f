// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.hpp"
#include "interruptible.hpp"
#include <layers/catalogue/city.hpp>
#include <layers/catalogue/layer_family.hpp>
#include <pybind11/stl.h>

namespace stadtgdi::python {

namespace {

using catalogue::City;

py::dict text_dict(const base::Text& text)
{
    py::dict out;
    out["en"] = text.en;
    out["de"] = text.de;
    return out;
}

py::object optional_number(const std::optional<double>& number) { return number ? py::object(py::float_(*number)) : py::object(py::none()); }

py::dict field_dict(const catalogue::FieldDefinition& field)
{
    py::list codes;
    for (const auto& code : field.codes) {
        py::dict one;
        one["value"] = code.value;
        one["label"] = text_dict(code.label);
        codes.append(one);
    }
    py::dict out;
    out["name"] = field.name;
    out["type"] = std::string(table::name_of(field.type));
    out["label"] = text_dict(field.label);
    out["help"] = text_dict(field.help);
    out["unit"] = field.unit;
    out["codes"] = codes;
    out["required"] = field.required;
    out["expected"] = field.expected.has_value();
    out["unique"] = field.unique;
    out["minimum"] = optional_number(field.minimum);
    out["maximum"] = optional_number(field.maximum);
    out["default"] = field.fallback;
    out["references"] = field.references;
    out["disclosure"] = std::string(catalogue::name_of(field.disclosure));
    return out;
}

py::list families_list()
{
    py::list out;
    for (const auto& family : catalogue::all_families()) {
        py::list layers;
        for (const auto& layer : family.layers) {
            py::list fields;
            for (const auto& field : layer.fields) fields.append(field_dict(field));
            py::dict one;
            one["name"] = layer.name;
            one["title"] = text_dict(layer.title);
            one["abstract"] = text_dict(layer.abstract);
            one["geometry"] = layer.geometry ? py::object(py::str(std::string(table::name_of(*layer.geometry)))) : py::object(py::none());
            one["crs"] = layer.crs;
            one["disclosure"] = std::string(catalogue::name_of(layer.disclosure));
            one["style"] = layer.style;
            one["fields"] = fields;
            layers.append(one);
        }
        py::dict one;
        one["name"] = family.name;
        one["title"] = text_dict(family.title);
        one["abstract"] = text_dict(family.abstract);
        one["layers"] = layers;
        out.append(one);
    }
    return out;
}

py::list layers_of(const City& city)
{
    py::list out;
    for (const auto& layer : city.layers()) {
        py::dict one;
        one["name"] = layer.name;
        one["definition"] = layer.definition;
        one["crs"] = layer.crs;
        one["rows"] = layer.rows;
        one["disclosure"] = std::string(catalogue::name_of(layer.disclosure));
        one["source"] = layer.source;
        one["attribution"] = layer.attribution;
        one["licence"] = layer.licence;
        one["demonstration"] = layer.demonstration;
        out.append(one);
    }
    return out;
}

}  // namespace

void bind_city(py::module_& module)
{
    py::class_<City>(module, "City")
        .def_static("open", [](const std::string& path) { return interruptible(0, [&](base::RunContext&) { return City::open(path); }); })
        .def_static("create", [](const std::string& path, const std::string& name, const std::string& crs, const std::string& attribution, const std::string& licence) {
            catalogue::CityInfo info;
            info.name = name;
            info.crs = crs;
            info.attribution = attribution;
            info.licence = licence;
            return interruptible(0, [&](base::RunContext& run) { return City::create(path, info, run); });
        })
        .def_static("is_city", &City::is_city)
        .def("store", [](City& c, const std::map<std::string, table::Table>& layers, bool append, int threads) {
            interruptible(threads, [&](base::RunContext& run) {
                City::Edit edit = c.edit();
                for (const auto& [name, table] : layers) append ? edit.append(name, table, run) : edit.replace(name, table, run);
                edit.commit();
                return true;
            });
        })
        .def_property_readonly("path", [](const City& c) { return c.path(); })
        .def_property_readonly("info", [](const City& c) {
            py::dict out;
            out["name"] = c.info().name;
            out["crs"] = c.info().crs;
            out["attribution"] = c.info().attribution;
            out["licence"] = c.info().licence;
            out["schema_version"] = c.info().schema_version;
            return out;
        })
        .def("layers", &layers_of)
        .def("read", [](const City& c, const std::string& layer, const std::vector<std::string>& columns, int threads) {
            return interruptible(threads, [&](base::RunContext& run) { return c.read(layer, run, columns); });
        });
    module.def("families", &families_list);
}

}  // namespace stadtgdi::python
