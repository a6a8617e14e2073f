// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <string>

namespace stadtgdi::access {

/// Who looks at a page, for the page to say so and to offer what can be done.
struct Visitor {
    bool can_log_in = false;  ///< there are keys
    bool known = false;       ///< has sent one of them
    std::string name = {};    ///< of that key
};

/// HTML: a link to "<url>/login", or the visitor's name and a link to "<url>/logout"; empty where there are no keys. `url`: absolute.
std::string visitor_links(const Visitor& visitor, base::Language language, const std::string& url, const std::string& login_query = {});

}  // namespace stadtgdi::access
