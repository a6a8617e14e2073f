// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>

namespace stadtgdi::base {

std::string_view name_of(ErrorKind kind)
{
    switch (kind) {
        case ErrorKind::invalid_argument: return "invalid_argument";
        case ErrorKind::not_found: return "not_found";
        case ErrorKind::unsupported: return "unsupported";
        case ErrorKind::bad_data: return "bad_data";
        case ErrorKind::io: return "io";
        case ErrorKind::cancelled: return "cancelled";
        case ErrorKind::internal: return "internal";
    }
    return "internal";
}

}  // namespace stadtgdi::base
