// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/features.hpp>
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <services/http/problem.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>

namespace stadtgdi::features {

namespace {

http::Response static_file(const std::string& name)
{
    if (name != "pages-" + ows::tag_of(stylesheet()) + ".css") throw nothing_here();
    http::Response response;
    response.content_type = "text/css; charset=utf-8";
    response.body = stylesheet();
    response.set_header("Cache-Control", "public, max-age=31536000, immutable");
    return response;
}

http::Response route(Ask& ask, const std::vector<std::string>& segments)
{
    if (segments.size() == 4 && segments[2] == "static") return static_file(segments[3]);
    const std::size_t depth = segments.size() - 2;
    if (depth == 3 && segments[2] == "collections" && segments[4] == "items") {
        const project::PublishedLayer& layer = collection_named(ask.context.model, segments[3]);
        const Format format = asked_format(ask.context.request, item_formats(layer));
        ask.html = format.name == "html";
        return items(ask, layer, format);
    }
    ask.html = wants_html(ask.context.request);
    if (depth == 0) return landing_page(ask);
    const std::string& first = segments[2];
    if (depth == 1 && first == "api") return api_description(ask);
    if (depth == 1 && first == "conformance") return conformance(ask);
    if (first != "collections" || depth > 4) throw nothing_here();
    if (depth == 1) return collections(ask);
    const project::PublishedLayer& layer = collection_named(ask.context.model, segments[3]);
    if (depth == 2) return collection(ask, layer);
    if (depth == 3 && segments[4] == "queryables") return queryables(ask, layer);
    if (depth == 3 && segments[4] == "sortables") return sortables(ask, layer);
    if (depth == 3 && segments[4] == "schema") return schema(ask, layer);
    if (segments[4] != "items") throw nothing_here();
    return item(ask, layer, segments[5]);
}

http::Response problem_page(const Ask& ask, int status, const std::string& detail)
{
    const std::string title = status == 404 ? ask.say({"Not found", "Nicht gefunden"}) : status < 500 ? ask.say({"Request not possible", "Anfrage nicht möglich"}) : ask.say({"Error", "Fehler"});
    const project::ProjectModel& model = ask.context.model;
    http::Response response = html_response(ask, Page{title, {{ask.page_url(""), model.title.empty() ? model.id : model.title}}, "<p class=\"lead\">" + html_escaped(detail) + "</p>\n<p class=\"paging\">" + anchor(ask.page_url("/collections"), ask.say({"Collections", "Datensammlungen"})) + "</p>\n"});
    response.status = status;
    return response;
}

/// Whether an error is told to a person; a wish that is itself the error is told to a program.
bool reads_pages(const http::Request& request)
{
    try {
        return wants_html(request);
    } catch (const Problem&) {
        return false;
    }
}

http::Response problem(const Ask& ask, int status, const base::Text& text)
{
    const std::string& detail = ask.say(text);
    if (reads_pages(ask.context.request)) return problem_page(ask, status, detail);
    return http::problem(status, detail);
}

}  // namespace

http::Response answered(const ows::FaceContext& context, const std::function<http::Response(Ask&)>& resource)
{
    Ask ask{context, ows::language_of(context), false, context.project_url + "/ogcapi", {}};
    const auto& segments = context.request.segments;
    for (std::size_t i = 2; i < segments.size(); ++i) ask.path += "/" + http::percent_encoded(segments[i]);
    try {
        if (context.request.method != "GET") throw Problem(405, {"Only GET is offered.", "Angeboten wird nur GET."});
        return resource(ask);
    } catch (const Problem& error) {
        return problem(ask, error.status(), error.message());
    } catch (const base::Error& error) {
        if (error.kind() == base::ErrorKind::cancelled) throw;
        const ows::OwsException shown = ows::from_error(error, {});
        return problem(ask, error.kind() == base::ErrorKind::not_found ? 404 : shown.status(), shown.message());
    } catch (const std::exception& error) {
        const ows::OwsException shown = ows::from_error(error, {});
        return problem(ask, shown.status(), shown.message());
    }
}

http::Response handle(const ows::FaceContext& context)
{
    return answered(context, [&](Ask& ask) {
        const auto& segments = context.request.segments;
        http::Response response = route(ask, segments);
        if (segments.size() < 3 || segments[2] != "static") response.set_header("Vary", "Accept, Accept-Language");
        return response;
    });
}

}  // namespace stadtgdi::features
