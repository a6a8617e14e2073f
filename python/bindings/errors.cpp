// SPDX-License-Identifier: GPL-2.0-or-later
#include "bindings.hpp"
#include <layers/base/error.hpp>

namespace stadtgdi::python {

namespace {

const char* class_of(ErrorKind kind)
{
    switch (kind) {
        case ErrorKind::invalid_argument: return "InvalidArgument";
        case ErrorKind::not_found: return "NotFound";
        case ErrorKind::unsupported: return "Unsupported";
        case ErrorKind::bad_data: return "BadData";
        case ErrorKind::io: return "IoError";
        case ErrorKind::cancelled: return "Cancelled";
        case ErrorKind::internal: return "InternalError";
    }
    return "InternalError";
}

}  // namespace

void bind_errors(py::module_&)
{
    py::register_exception_translator([](std::exception_ptr thrown) {
        try {
            if (thrown) std::rethrow_exception(thrown);
        } catch (const Error& error) {
            // The classes live in Python, where they can have two bases each.
            const py::object type = py::module_::import("stadtgdi.errors").attr(class_of(error.kind()));
            const py::object value = type(error.message().en, error.message().de);
            PyErr_SetObject(type.ptr(), value.ptr());
        }
    });
}

}  // namespace stadtgdi::python
