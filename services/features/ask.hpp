// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <services/ows/face.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace stadtgdi::features {

using Json = nlohmann::ordered_json;

/// An error with the HTTP status that tells it.
class Problem : public base::Error {
public:
    Problem(int status, base::Text message);
    int status() const { return m_status; }

private:
    int m_status;
};

/// One request, as all pages need it: format and language are settled.
struct Ask {
    const ows::FaceContext& context;
    base::Language language = base::Language::en;
    bool html = false;
    std::string root;       ///< project_url + "/ogcapi"
    std::string path;       ///< below root: "", "/collections", ...

    const std::string& say(const base::Text& text) const { return text.in(language); }
    std::optional<std::string> parameter(std::string_view name) const;  ///< names are case-sensitive here
    /// For pages: a URL that keeps a language that was asked for by parameter, and that of a resource.
    std::string with_language(const std::string& url) const;
    std::string page_url(const std::string& below_root) const { return with_language(root + below_root); }
    /// This resource with these parameters set to new values (empty: taken away).
    std::string with_parameters(const std::vector<std::pair<std::string, std::string>>& changes) const;
};

/// What `resource` gives; errors as a page for people, as JSON (RFC 7807) for programs. Throws only Error(cancelled).
http::Response answered(const ows::FaceContext& context, const std::function<http::Response(Ask&)>& resource);

/// The weight a client gives to a type: the largest of the ranges that match it; 0: not accepted.
double weight(const std::string& accept, std::string_view type);

struct Format {
    std::string_view name;   ///< of f
    std::string_view type;
    std::string_view title = {};   ///< what a reader calls it, where it is offered by a link
};
/// The one that a request asks for by f or Accept; the first where it does not mind. 400 for another f, 406 where none is accepted.
const Format& asked_format(const http::Request& request, const std::vector<Format>& offered);

/// What every document comes as: JSON and HTML.
const std::vector<Format>& document_formats();
bool wants_html(const http::Request& request);

/// 400 for a parameter that the resource does not know; f and lang are known everywhere.
void expect_parameters(const Ask& ask, const std::vector<std::string>& known);

Json link(std::string_view rel, std::string_view type, const std::string& href, const std::string& title);
/// self and alternate in both formats, the one asked for as self.
void add_self_links(Json& links, const Ask& ask, std::string_view json_type = "application/json");

http::Response json_response(const Json& document, std::string_view type = "application/json");

}  // namespace stadtgdi::features
