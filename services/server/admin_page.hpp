// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/access/visitor.hpp>
#include <services/http/message.hpp>
#include <services/server/settings.hpp>
#include <services/store/published_project.hpp>

namespace stadtgdi::server {

/// For those who run the service: every project as it is served, which way the symbols of every layer take and why, and the layers
/// that are not served with the reason; and what is wrong with the settings file as it is now, where the service still goes by what it
/// said before (`fault`; empty: nothing). HTML or JSON.
http::Response admin_page(const http::Request& request, const store::Catalogue& catalogue, const Settings& settings, const base::Text& fault, const std::vector<std::string>& unused_patterns,
                          const access::Visitor& visitor, base::RunContext& run);

}  // namespace stadtgdi::server
