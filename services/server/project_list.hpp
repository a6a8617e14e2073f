// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/visitor.hpp>
#include <services/project/project_model.hpp>
#include <services/http/message.hpp>
#include <services/server/settings.hpp>
#include <memory>

namespace stadtgdi::server {

/// GET /: what is served, for people (HTML) and programs (JSON). The models are those that the client may see.
http::Response project_list(const http::Request& request, const std::vector<std::shared_ptr<const project::ProjectModel>>& projects,
                            const Settings& settings, const access::Visitor& visitor);

}  // namespace stadtgdi::server
