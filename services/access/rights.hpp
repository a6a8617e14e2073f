// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/access_settings.hpp>
#include <services/project/project_model.hpp>
#include <set>
#include <string>
#include <vector>

namespace stadtgdi::access {

/// Who asks, found out once per request. Nobody known: no roles.
struct Identity {
    std::string name;               ///< for pages that say who is logged in; empty: anonymous
    std::set<std::string> roles;
};

/// Where rows of a layer may be seen: everywhere, in some areas, or (neither) nowhere.
struct Sight {
    bool everywhere = false;
    std::vector<const Area*> areas = {};   ///< of the rights that were asked
};

/// What this identity may see of a project, worked out once per request; every face asks only this. A layer one may not
/// see answers exactly as one that does not exist.
class Rights {
public:
    virtual ~Rights() = default;
    virtual bool may_see(const project::PublishedLayer& layer) const = 0;
    virtual Sight sight_of(const project::PublishedLayer& layer) const { return {may_see(layer)}; }
    virtual bool may_see_field(const project::PublishedLayer& /*layer*/, const std::string& /*field*/) const { return true; }
    /// Part of every cache key and ETag: the same text for the same rights.
    virtual const std::string& key() const = 0;
};

/// The model without what may not be seen: layers, empty groups, fields, extents worked out anew. All faces answer from this.
project::ProjectModel visible(const project::ProjectModel& model, const Rights& rights);

}  // namespace stadtgdi::access
