// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/operation/detail/check.hpp>
#include <layers/operation/operation.hpp>
#include <layers/statgrid/operations.hpp>
#include <layers/trees/operations.hpp>
#include <algorithm>

namespace stadtgdi::operation {

const std::vector<Operation>& all_operations()
{
    static const std::vector<Operation> operations = {
        statgrid::make_grid_operation(),
        trees::canopy_cover_operation(),
        trees::diversity_operation(),
    };
    return operations;
}

const Operation& find_operation(std::string_view id)
{
    const auto& operations = all_operations();
    const auto at = std::find_if(operations.begin(), operations.end(), [&](const Operation& operation) { return operation.id == id; });
    if (at != operations.end()) return *at;
    std::vector<std::string> known;
    for (const Operation& operation : operations) known.push_back(operation.id);
    const std::vector<std::string> near = detail::near_names(id, known);
    const std::string hint = detail::joined(near.empty() ? known : near);
    throw Error(ErrorKind::not_found, base::filled(near.empty() ? base::Text{"There is no operation '{0}'. There are: {1}.", "Es gibt keine Operation '{0}'. Vorhanden: {1}."}
                                                                : base::Text{"There is no operation '{0}'. Did you mean: {1}?", "Es gibt keine Operation '{0}'. Gemeint vielleicht: {1}?"},
                                                   id, hint));
}

}  // namespace stadtgdi::operation
