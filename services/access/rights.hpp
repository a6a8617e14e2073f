// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/project/project_model.hpp>
#include <set>
#include <string>

namespace stadtgdi::access {

/// Who asks, found out once per request. Without a key: no roles.
struct Identity {
    std::string name;               ///< of the key, for the log; empty: anonymous
    std::set<std::string> roles;
};

/// What this identity may see of a project, worked out once per request; every face asks only this. A layer one may not
/// see answers exactly as one that does not exist.
class Rights {
public:
    virtual ~Rights() = default;
    virtual bool may_see(const project::PublishedLayer& layer) const = 0;
    /// Part of every cache key and ETag: the same text for the same rights.
    virtual const std::string& key() const = 0;
};

/// The model without what may not be seen: layers, empty groups, extents worked out anew. All faces answer from this.
project::ProjectModel visible(const project::ProjectModel& model, const Rights& rights);

}  // namespace stadtgdi::access
