// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/project_model.hpp>

#include <algorithm>

namespace stadtgdi::project {

const PublishedLayer* ProjectModel::find(std::string_view name) const
{
    const auto found = std::find_if(layers.begin(), layers.end(), [name](const PublishedLayer& layer) { return layer.name == name; });
    return found == layers.end() ? nullptr : &*found;
}

}  // namespace stadtgdi::project
