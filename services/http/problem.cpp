// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/problem.hpp>

#include <services/http/head.hpp>

#include <nlohmann/json.hpp>

namespace stadtgdi::http {

Response problem(int status, const std::string& detail)
{
    using Json = nlohmann::ordered_json;
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = Json{{"type", "about:blank"}, {"title", reason_of(status)}, {"status", status}, {"detail", detail}}.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    return response;
}

}  // namespace stadtgdi::http
