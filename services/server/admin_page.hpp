// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/visitor.hpp>
#include <services/http/message.hpp>
#include <services/server/settings.hpp>
#include <services/store/published_project.hpp>

namespace stadtgdi::server {

/// For those who run the service: every project as it is served, which way the symbols of every layer take and why, and the layers
/// that are not served with the reason. HTML or JSON.
http::Response admin_page(const http::Request& request, const store::Catalogue& catalogue, const Settings& settings, const access::Visitor& visitor, base::RunContext& run);

}  // namespace stadtgdi::server
