// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/features.hpp>
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>

namespace stadtgdi::features {

namespace {

Problem nothing_here() { return {404, {"There is nothing here.", "Hier ist nichts."}}; }

http::Response static_file(const std::string& name)
{
    if (name != "pages-" + ows::tag_of(stylesheet()) + ".css") throw nothing_here();
    http::Response response;
    response.content_type = "text/css; charset=utf-8";
    response.body = stylesheet();
    response.set_header("Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

const project::PublishedLayer& collection_named(const Ask& ask, const std::string& name)
{
    for (const project::PublishedLayer* layer : collection_layers(ask.context.model))
        if (layer->name == name) return *layer;
    throw Problem(404, base::filled({"There is no collection '{0}'.", "Eine Datensammlung '{0}' gibt es nicht."}, name));
}

http::Response route(Ask& ask, const std::vector<std::string>& segments)
{
    if (segments.size() == 4 && segments[2] == "static") return static_file(segments[3]);
    ask.html = wants_html(ask.context.request);
    const std::size_t depth = segments.size() - 2;
    if (depth == 0) return landing_page(ask);
    const std::string& first = segments[2];
    if (depth == 1 && first == "api") return api_description(ask);
    if (depth == 1 && first == "conformance") return conformance(ask);
    if (first != "collections" || depth > 4) throw nothing_here();
    if (depth == 1) return collections(ask);
    const project::PublishedLayer& layer = collection_named(ask, segments[3]);
    if (depth == 2) return collection(ask, layer);
    if (depth == 3 && segments[4] == "queryables") return queryables(ask, layer);
    if (segments[4] != "items") throw nothing_here();
    return depth == 3 ? items(ask, layer) : item(ask, layer, segments[5]);
}

http::Response problem(int status, const std::string& detail)
{
    const char* title = status == 400 ? "Bad Request" : status == 404 ? "Not Found" : status == 405 ? "Method Not Allowed" : status == 406 ? "Not Acceptable" : status == 501 ? "Not Implemented" : status == 503 ? "Service Unavailable" : "Internal Server Error";
    http::Response response = json_response(Json{{"type", "about:blank"}, {"title", title}, {"status", status}, {"detail", detail}}, "application/problem+json");
    response.status = status;
    return response;
}

}  // namespace

http::Response handle(const ows::FaceContext& context)
{
    Ask ask{context, ows::language_of(context.request), false, context.project_url + "/ogcapi", {}};
    const auto& segments = context.request.segments;
    for (std::size_t i = 2; i < segments.size(); ++i) ask.path += "/" + http::percent_encoded(segments[i]);
    try {
        if (context.request.method != "GET") throw Problem(405, {"Only GET is offered.", "Angeboten wird nur GET."});
        http::Response response = route(ask, segments);
        if (segments.size() < 3 || segments[2] != "static") response.set_header("Vary", "Accept, Accept-Language");
        return response;
    } catch (const Problem& error) {
        return problem(error.status(), ask.say(error.message()));
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::cancelled) throw;
        const ows::OwsException shown = ows::from_error(error, {});
        return problem(error.kind() == base::ErrorKind::not_found ? 404 : shown.status(), ask.say(shown.message()));
    } catch (const std::exception& error) {
        const ows::OwsException shown = ows::from_error(error, {});
        return problem(shown.status(), ask.say(shown.message()));
    }
}

}  // namespace stadtgdi::features
