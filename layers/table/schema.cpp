// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/schema.hpp>

namespace stadtgdi::table {

std::optional<std::size_t> Schema::find(std::string_view name) const
{
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (fields[i].name == name) return i;
    return std::nullopt;
}

}  // namespace stadtgdi::table
