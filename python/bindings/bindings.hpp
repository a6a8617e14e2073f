// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/finding.hpp>
#include <pybind11/pybind11.h>
#include <vector>

namespace stadtgdi::python {

namespace py = pybind11;

void bind_errors(py::module_& module);
void bind_table(py::module_& module);
void bind_io(py::module_& module);
void bind_city(py::module_& module);
void bind_operations(py::module_& module);

/// Findings as a list of dicts: rule, severity, file, layer, row, uuid, field, value, message, message_de, x, y.
py::list findings_list(const std::vector<base::Finding>& findings);

}  // namespace stadtgdi::python
