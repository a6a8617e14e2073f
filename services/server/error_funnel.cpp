// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/error_funnel.hpp>

#include <services/http/problem.hpp>
#include <services/server/languages.hpp>
#include <services/server/page.hpp>

#include <random>

namespace stadtgdi::server {

namespace {

std::string new_id()
{
    static constexpr char digits[] = "0123456789abcdef";
    thread_local std::random_device random;
    std::string id;
    for (unsigned bits = random(), i = 0; i < 8; ++i, bits >>= 4)
        id += digits[bits & 15];
    return id;
}

base::Text title_of(int status)
{
    switch (status) {
    case 400: return {"Request not understood", "Anfrage nicht verstanden"};
    case 401: return {"Key not accepted", "Schlüssel nicht angenommen"};
    case 404: return {"Not found", "Nicht gefunden"};
    case 405: return {"Method not allowed", "Methode nicht erlaubt"};
    case 429: return {"Too many attempts", "Zu viele Versuche"};
    case 501: return {"Not supported", "Nicht unterstützt"};
    case 503: return {"Not available at the moment", "Im Moment nicht verfügbar"};
    default: return status < 500 ? base::Text{"Request not possible", "Anfrage nicht möglich"} : base::Text{"Error", "Fehler"};
    }
}

/// Programs that ask OGC API read all of its errors in one form, whoever tells them.
Form form_of_error(const http::Request& request)
{
    if (request.segments.size() < 2 || request.segments[1] != "ogcapi")
        return form_of(request, Form::text);
    return form_of(request, Form::json) == Form::html ? Form::html : Form::json;
}

bool tells_about_the_inside(base::ErrorKind kind)
{
    return kind == ErrorKind::internal || kind == ErrorKind::io || kind == ErrorKind::bad_data;
}

}  // namespace

int status_of(base::ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::invalid_argument: return 400;
    case ErrorKind::not_found: return 404;
    case ErrorKind::unsupported: return 501;
    case ErrorKind::io:
    case ErrorKind::cancelled: return 503;
    case ErrorKind::bad_data:
    case ErrorKind::internal: break;
    }
    return 500;
}

http::Response error_answer(const http::Request& request, int status, const base::Text& text, const access::Visitor& visitor)
{
    http::Response response;
    response.status = status;
    const base::Language language = language_of(request);
    const std::string& message = text.in(language);
    switch (form_of_error(request)) {
    case Form::html: {
        const std::string title = title_of(status).in(language);
        response.content_type = "text/html; charset=utf-8";
        response.body = page({.language = language, .title = title, .base_url = request.base_url, .visitor = visitor},
                             "<h1>" + http::html_escaped(title) + "</h1>\n<p>" + http::html_escaped(message) + "</p>\n<p><a href=\"" + http::html_escaped(request.base_url) + "/\">"
                                 + base::Text{"To the overview", "Zur Übersicht"}.in(language) + "</a></p>\n");
        break;
    }
    case Form::json:
        response = http::problem(status, message);
        break;
    case Form::text:
        response.body = message + "\n";
    }
    response.set_header("Cache-Control", "no-store");
    if (status == 503)
        response.set_header("Retry-After", "2");
    return response;
}

http::Response guarded(const http::Request& request, const std::function<http::Response()>& work, const std::function<void(const std::string&)>& log)
{
    std::string inside;
    int status = 500;
    try {
        return work();
    } catch (const Error& error) {
        status = status_of(error.kind());
        if (error.kind() == ErrorKind::cancelled)
            return error_answer(request, status, {"The answer took too long and was given up.", "Die Antwort dauerte zu lange und wurde abgebrochen."});
        if (!tells_about_the_inside(error.kind()))
            return error_answer(request, status, error.message());
        inside = error.what();
    } catch (const std::exception& error) {
        inside = error.what();
    } catch (...) {
        inside = "unknown exception";
    }
    const std::string id = new_id();
    log("error " + id + ": " + inside);
    const base::Text text = status == 503
                                ? base::filled({"The data are not available at the moment. Error {0}.", "Die Daten sind im Moment nicht verfügbar. Fehler {0}."}, id)
                                : base::filled({"The request failed through no fault of yours. Error {0}.", "Die Anfrage ist an einem Fehler des Dienstes gescheitert. Fehler {0}."}, id);
    return error_answer(request, status, text);
}

}  // namespace stadtgdi::server
