// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.hpp"

// Values in, values out: the package stadtgdi around this module holds the documented classes and functions.
PYBIND11_MODULE(_stadtgdi, module)
{
    module.doc() = "Core of StadtGDI; use the package stadtgdi.";
    stadtgdi::python::bind_errors(module);
    stadtgdi::python::bind_table(module);
    stadtgdi::python::bind_io(module);
    stadtgdi::python::bind_city(module);
    stadtgdi::python::bind_operations(module);
}
