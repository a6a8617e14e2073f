// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/detail/proj_handle.hpp>
#include <layers/crs/grids.hpp>

namespace stadtgdi::crs {

std::vector<std::string> missing_grids(const std::string& from, const std::string& to)
{
    PJ_CONTEXT* const ctx = detail::context();
    const detail::PjHandle source = detail::crs_handle(from), target = detail::crs_handle(to);
    if (!source || !target)
        return {};
    const std::unique_ptr<PJ_OPERATION_FACTORY_CONTEXT, void (*)(PJ_OPERATION_FACTORY_CONTEXT*)> factory(proj_create_operation_factory_context(ctx, nullptr),
                                                                                                         proj_operation_factory_context_destroy);
    proj_operation_factory_context_set_spatial_criterion(ctx, factory.get(), PROJ_SPATIAL_CRITERION_PARTIAL_INTERSECTION);
    proj_operation_factory_context_set_grid_availability_use(ctx, factory.get(), PROJ_GRID_AVAILABILITY_IGNORED);  // else ways without a grid come first
    const std::unique_ptr<PJ_OBJ_LIST, void (*)(PJ_OBJ_LIST*)> ways(proj_create_operations(ctx, source.get(), target.get(), factory.get()), proj_list_destroy);
    const detail::PjHandle best(ways ? proj_list_get(ctx, ways.get(), 0) : nullptr);
    std::vector<std::string> missing;
    const int grids = best ? proj_coordoperation_get_grid_used_count(ctx, best.get()) : 0;
    for (int i = 0; i < grids; ++i) {
        const char* name = nullptr;
        int available = 1;
        if (proj_coordoperation_get_grid_used(ctx, best.get(), i, &name, nullptr, nullptr, nullptr, nullptr, nullptr, &available) != 0 && available == 0 && name != nullptr)
            missing.emplace_back(name);
    }
    return missing;
}

}  // namespace stadtgdi::crs
