// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/visitor.hpp>

#include <services/http/message.hpp>

namespace stadtgdi::access {

std::string visitor_links(const Visitor& visitor, base::Language language, const std::string& url, const std::string& login_query)
{
    using base::Text;
    using http::html_escaped;
    if (!visitor.can_log_in)
        return {};
    const auto link = [&](const std::string& to, const Text& text) { return "<a href=\"" + html_escaped(to) + "\" rel=\"nofollow\">" + text.in(language) + "</a>"; };
    if (!visitor.known)
        return "<span class=\"visitor\">" + link(url + "/login" + login_query, {"Log in", "Anmelden"}) + "</span>";
    // Asked for by an address with an empty password the browser puts that in the place of the key, without asking the visitor.
    std::string logout = url + "/logout";
    if (const std::size_t slashes = logout.find("//"); slashes != std::string::npos)
        logout.insert(slashes + 2, "logout:@");
    return "<span class=\"visitor\"><span>" + Text{"Logged in: ", "Angemeldet: "}.in(language) + html_escaped(visitor.name) + "</span> " + link(logout, {"Log out", "Abmelden"}) + "</span>";
}

}  // namespace stadtgdi::access
