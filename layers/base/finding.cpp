// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/finding.hpp>

namespace stadtgdi::base {

std::string_view name_of(Severity severity)
{
    switch (severity) {
        case Severity::info: return "info";
        case Severity::warning: return "warning";
        case Severity::error: return "error";
    }
    return "error";
}

}  // namespace stadtgdi::base
