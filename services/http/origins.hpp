// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/http/message.hpp>

namespace stadtgdi::http {

/// What a browser is told about web pages of other sites that want to read the answer (CORS).
struct PageAccess {
    std::string origin = "*";   ///< of the pages that may: "*" any, "https://maps.example.de" those, empty none
    bool varies = false;        ///< another origin may get another answer
    /// Whether what a browser sends by itself (a password that it keeps) may come with the request, and keys that the page has.
    bool with_credentials() const { return !origin.empty() && origin != "*"; }
};

/// Pages of one of the origins may read everything that their visitor may see. All others read what is open: never an answer to a request with
/// a key, password or token, nor one that was made for somebody known.
PageAccess page_access(const Request& request, const std::vector<std::string>& origins, bool personal);

}  // namespace stadtgdi::http
