// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/languages.hpp>

namespace stadtgdi::server {

Form form_of(const http::Request& request, Form otherwise)
{
    if (const auto f = request.parameter("f")) {
        if (*f == "html")
            return Form::html;
        if (*f == "json")
            return Form::json;
    }
    for (const http::Preference& one : http::preferences(request.header("accept"))) {
        if (one.name == "text/html" || one.name == "application/xhtml+xml")
            return Form::html;
        if (one.name == "application/json" || one.name.ends_with("+json"))
            return Form::json;
        if (one.name == "text/plain")
            return Form::text;
    }
    return otherwise;
}

}  // namespace stadtgdi::server
