// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/origins.hpp>

#include <algorithm>

namespace stadtgdi::http {

PageAccess page_access(const Request& request, const std::vector<std::string>& origins, bool personal)
{
    PageAccess access;
    access.varies = !origins.empty();
    const std::string origin = request.header("origin");
    if (std::find(origins.begin(), origins.end(), origin) != origins.end())
        access.origin = origin;
    else if (personal || !request.header("authorization").empty() || !request.header("x-api-key").empty())
        access.origin.clear();
    return access;
}

}  // namespace stadtgdi::http
