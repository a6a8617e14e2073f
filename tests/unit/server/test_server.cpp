// SPDX-License-Identifier: GPL-2.0-or-later
#include "fake_catalogue.hpp"

#include <services/access/digest.hpp>
#include <services/server/server.hpp>
#include <tests/unit/http/raw_client.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stadtgdi::server::testing {

namespace {

using catalogue::Disclosure;
using http::testing::Answer;
using http::testing::RawClient;

project::ProjectModel model(const std::string& id, std::vector<std::pair<std::string, Disclosure>> layers)
{
    project::ProjectModel m;
    m.id = id;
    m.title = "Stadt <" + id + ">";
    m.crs = "EPSG:25833";
    m.version = "1";
    for (const auto& [name, disclosure] : layers) {
        project::PublishedLayer layer;
        layer.name = name;
        layer.disclosure = disclosure;
        m.layers.push_back(layer);
        project::TreeNode node;
        node.layer = name;
        m.tree.children.push_back(node);
    }
    return m;
}

/// The whole server on a free port, without QGIS.
class ServerTest : public ::testing::Test {
protected:
    ServerTest()
    {
        settings.log.level = "error";
        settings.access.roles["grid"] = {{Disclosure::kritis}, {}};
        settings.access.keys = {{"Netz", access::sha256_hex("geheim"), {"grid"}}};
        settings.access.max_failures = 3;
        add(model("leipzig", {{"trees", Disclosure::open}, {"gas", Disclosure::kritis}}));
        add(model("netz", {{"gas", Disclosure::kritis}}));
        add(model("größe", {{"trees", Disclosure::open}}));
        faces.ows = [](const ows::FaceContext& context) {
            http::Response response;
            for (const auto& layer : context.model.layers)
                response.body += layer.name + " ";
            response.body += context.project_url;
            return response;
        };
        faces.map = [](const ows::FaceContext& context) {
            http::Response response;
            response.content_type = "text/html; charset=utf-8";
            response.body = context.request.path;
            return response;
        };
        faces.features = [](const ows::FaceContext& context) -> http::Response {
            const auto& segments = context.request.segments;
            if (segments.size() > 2 && segments[2] == "stream") {
                http::Response response;
                auto step = std::make_shared<int>(0);
                response.stream = [&context, step](std::string& piece) {
                    piece = context.model.id + context.request.path + (context.run.stopped() ? "!" : ".");
                    return ++*step <= 3;
                };
                return response;
            }
            throw Error(ErrorKind::io, {"/srv/secret.gpkg", "/srv/secret.gpkg"});
        };
    }
    void add(const project::ProjectModel& m) { catalogue.projects[m.id] = std::make_shared<FakeProject>(m); }
    void start()
    {
        if (listener)
            return;
        log = std::make_unique<Log>(settings.log);
        server = std::make_unique<Server>(settings, catalogue, faces, *log);
        settings.listener.port = 0;
        listener = std::make_unique<http::Listener>(settings.listener, server->calls());
        listener->start();
    }
    Answer get(const std::string& target, const std::string& headers = "")
    {
        start();
        return RawClient(listener->port()).get(target, headers);
    }

    Settings settings;
    FakeCatalogue catalogue;
    Faces faces;
    std::unique_ptr<Log> log;
    std::unique_ptr<Server> server;
    std::unique_ptr<http::Listener> listener;
};

const std::string key = "X-API-Key: geheim\r\n";

}  // namespace

TEST_F(ServerTest, faces_get_the_texts_of_a_city_in_the_language_of_the_request)
{
    project::ProjectModel city = model("halle", {{"trees_tree", Disclosure::open}, {"utilities_gas", Disclosure::kritis}});
    city.title = "Geodaten der Stadt Halle";
    city.layers[0].definition = "trees_tree";
    city.layers[0].title = "Bäume";
    add(city);
    faces.ows = [](const ows::FaceContext& context) {
        http::Response response;
        response.body = context.model.title;
        for (const auto& layer : context.model.layers)
            response.body += "|" + (layer.title.empty() ? layer.name : layer.title);
        return response;
    };
    EXPECT_EQ(get("/halle/ows").body, "Geodaten der Stadt Halle|Bäume");
    EXPECT_EQ(get("/halle/ows", "Accept-Language: en\r\n").body, "Geodata of the city of Halle|Trees");
    EXPECT_EQ(get("/halle/ows?LANGUAGE=ger", "Accept-Language: en\r\n").body, "Geodaten der Stadt Halle|Bäume");
    EXPECT_EQ(get("/halle/ows?LANGUAGE=eng", key).body, "Geodata of the city of Halle|Trees|utilities_gas");
    EXPECT_EQ(get("/halle/ows?LANGUAGE=eng").body, "Geodata of the city of Halle|Trees") << "with another's rights";
    EXPECT_NE(get("/", "Accept-Language: en\r\n").body.find("Geodata of the city of Halle"), std::string::npos);
    EXPECT_NE(get("/?lang=de").body.find("Geodaten der Stadt Halle"), std::string::npos);
}

TEST_F(ServerTest, lists_projects_for_programs)
{
    const Answer answer = get("/");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.at("content-type"), "application/json");
    const auto list = nlohmann::json::parse(answer.body)["projects"];
    ASSERT_EQ(list.size(), 2u) << "a project without a visible layer is not listed";
    EXPECT_EQ(list[0]["id"], "größe");
    EXPECT_EQ(list[0]["links"][0]["href"], "http://localhost/gr%C3%B6%C3%9Fe/map");
    EXPECT_EQ(list[1]["id"], "leipzig");
    EXPECT_EQ(list[1]["layers"], 1);
    EXPECT_EQ(nlohmann::json::parse(get("/", key).body)["projects"].size(), 3u);
}

TEST_F(ServerTest, lists_projects_for_people_in_their_language)
{
    const Answer german = get("/", "Accept: text/html\r\nAccept-Language: de\r\n");
    EXPECT_NE(german.body.find("<html lang=\"de\">"), std::string::npos);
    EXPECT_NE(german.body.find("Karte öffnen"), std::string::npos);
    EXPECT_NE(german.body.find("Stadt &lt;leipzig&gt;"), std::string::npos);
    EXPECT_EQ(german.body.find("<script"), std::string::npos);
    EXPECT_NE(german.headers.at("content-security-policy").find("default-src 'none'"), std::string::npos);
    const Answer english = get("/?f=html&lang=en");
    EXPECT_NE(english.body.find("<html lang=\"en\">"), std::string::npos);
    EXPECT_NE(english.body.find("Open map"), std::string::npos);
    EXPECT_EQ(english.headers.at("content-language"), "en");
}

TEST_F(ServerTest, faces_see_only_what_the_client_may_see)
{
    EXPECT_EQ(get("/leipzig/ows").body, "trees http://localhost/leipzig");
    EXPECT_EQ(get("/leipzig/ows", key).body, "trees gas http://localhost/leipzig");
    EXPECT_EQ(get("/gr%C3%B6%C3%9Fe/ows").body, "trees http://localhost/gr%C3%B6%C3%9Fe");
}

TEST_F(ServerTest, what_one_may_not_see_answers_like_what_is_not_there)
{
    const Answer hidden = get("/netz/ows"), missing = get("/nowhere/ows");
    EXPECT_EQ(hidden.status, 404);
    EXPECT_EQ(hidden.body, missing.body);
    EXPECT_EQ(get("/netz").status, 404);
    EXPECT_EQ(get("/netz/map").status, 404);
    EXPECT_EQ(get("/netz/ows", key).body, "gas http://localhost/netz");
}

TEST_F(ServerTest, answers_to_a_key_are_private_and_all_vary)
{
    EXPECT_EQ(get("/leipzig/ows", key).headers.at("cache-control"), "private");
    EXPECT_NE(get("/leipzig/ows").headers.at("vary").find("Authorization, X-API-Key"), std::string::npos);
}

TEST_F(ServerTest, pages_of_other_sites_may_not_read_what_is_made_for_somebody_known)
{
    settings.access.proxy = {"x-remote-user", "", {"grid"}};
    settings.listener.trusted_proxies = {"127.0.0.1"};
    EXPECT_EQ(get("/leipzig/ows").headers.at("access-control-allow-origin"), "*");
    EXPECT_EQ(get("/leipzig/ows", key).headers.count("access-control-allow-origin"), 0u);
    const Answer by_proxy = get("/leipzig/ows", "X-Remote-User: ada\r\n");
    EXPECT_EQ(by_proxy.headers.at("cache-control"), "private");
    EXPECT_EQ(by_proxy.headers.count("access-control-allow-origin"), 0u);
}

TEST_F(ServerTest, tiles_have_their_places_and_their_time)
{
    faces.tiles = [](const ows::FaceContext& context) {
        http::Response response;
        response.body = "tiles " + context.request.path;
        response.set_header("Cache-Control", "public, max-age=60");
        return response;
    };
    for (const char* path : {"/leipzig/wmts", "/leipzig/wmts/1.0.0/WMTSCapabilities.xml", "/leipzig/ogcapi/tiles", "/leipzig/ogcapi/tileMatrixSets", "/leipzig/ogcapi/map/tiles/x/1/2/3",
                             "/leipzig/ogcapi/collections/trees/tiles", "/leipzig/ogcapi/collections/trees/map/tiles"})
        EXPECT_EQ(get(path).body, std::string("tiles ") + path);
    for (const char* path : {"/leipzig/ogcapi", "/leipzig/ogcapi/collections", "/leipzig/ogcapi/collections/tiles", "/leipzig/ogcapi/collections/trees/items", "/leipzig/map", "/leipzig/map/tiles"})
        EXPECT_NE(get(path).body.substr(0, 5), "tiles") << path;
    EXPECT_EQ(get("/leipzig/wmts").headers.at("cache-control"), "public, max-age=60");
    EXPECT_EQ(get("/leipzig/wmts", key).headers.at("cache-control"), "private, max-age=60");
}

TEST_F(ServerTest, a_wrong_key_is_told_so_and_throttled)
{
    const Answer wrong = get("/leipzig/ows", "X-API-Key: falsch\r\n");
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.headers.at("www-authenticate"), "Basic realm=\"StadtGDI\", charset=\"UTF-8\"");
    EXPECT_EQ(get("/leipzig/ows?api_key=geheim").status, 400);
    get("/", "X-API-Key: falsch\r\n");
    get("/", "X-API-Key: falsch\r\n");
    const Answer throttled = get("/leipzig/ows", key);
    EXPECT_EQ(throttled.status, 429);
    EXPECT_EQ(throttled.headers.at("retry-after"), "60");
    EXPECT_EQ(get("/leipzig/ows").status, 200);
}

TEST_F(ServerTest, a_project_leads_to_its_map)
{
    const Answer answer = get("/leipzig");
    EXPECT_EQ(answer.status, 302);
    EXPECT_EQ(answer.headers.at("location"), "http://localhost/leipzig/map");
    EXPECT_EQ(get("/leipzig/map/static/x.js").body, "/leipzig/map/static/x.js");
}

TEST_F(ServerTest, unknown_addresses_are_not_found)
{
    for (const char* target : {"/leipzig/owsx", "/leipzig/ows/more", "/x/y/z", "/leipzig/../netz", "/%2e%2e/%2e%2e/etc/passwd", "/stadtgdi.css/x"})
        EXPECT_EQ(get(target).status, 404) << target;
    start();
    RawClient client(listener->port());
    client.send("POST /leipzig/map HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(client.read().status, 405);
}

TEST_F(ServerTest, errors_of_faces_end_in_the_funnel)
{
    const Answer answer = get("/leipzig/ogcapi/collections", "Accept: application/json\r\n");
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body.find("secret"), std::string::npos);
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
}

TEST_F(ServerTest, what_a_face_was_given_lives_as_long_as_its_stream)
{
    start();
    RawClient client(listener->port());
    client.send("GET /leipzig/ogcapi/stream HTTP/1.1\r\nHost: a\r\n\r\n");
    const Answer answer = client.read();
    EXPECT_EQ(answer.body, "leipzig/leipzig/ogcapi/stream.leipzig/leipzig/ogcapi/stream.leipzig/leipzig/ogcapi/stream.");
}

TEST_F(ServerTest, tells_its_health)
{
    EXPECT_EQ(get("/healthz").body, "ok\n");
    EXPECT_EQ(get("/readyz").status, 200);
    catalogue.is_ready = false;
    EXPECT_EQ(get("/healthz").status, 200);
    EXPECT_EQ(get("/readyz").status, 503);
    const Answer starting = get("/unknown/ows");
    EXPECT_EQ(starting.status, 503);
    EXPECT_EQ(starting.headers.count("retry-after"), 1u);
}

TEST_F(ServerTest, gives_metrics_to_its_own_machine_only)
{
    get("/leipzig/ows");
    get("/nowhere");
    const Answer answer = get("/metrics");
    EXPECT_NE(answer.body.find("stadtgdi_requests_total{face=\"ows\",status=\"200\"} 1"), std::string::npos) << answer.body;
    EXPECT_NE(answer.body.find("stadtgdi_request_seconds_bucket"), std::string::npos);
    EXPECT_NE(answer.body.find("stadtgdi_projects 3"), std::string::npos);
    EXPECT_EQ(get("/metrics", "X-Forwarded-For: 10.0.0.1\r\n").status, 404);
    // A proxy on this machine that passes on whom the visitor called.
    RawClient called_publicly(listener->port());
    called_publicly.send("GET /metrics HTTP/1.1\r\nHost: gdi.example.de\r\n\r\n");
    EXPECT_EQ(called_publicly.read().status, 404);
    settings.listener.public_url = "https://gdi.example.de";
    EXPECT_EQ(get("/metrics").status, 404);
    settings.metrics_from = {"127.0.0.1"};
    EXPECT_EQ(get("/metrics").status, 200);
    settings.metrics_from->clear();
    EXPECT_EQ(get("/metrics").status, 404);
}

TEST_F(ServerTest, asks_for_a_key_where_one_wants_to_give_it)
{
    for (const char* place : {"/login", "/leipzig/login", "/netz/login", "/nowhere/login"}) {
        const Answer asked = get(place);
        EXPECT_EQ(asked.status, 401) << place;
        EXPECT_EQ(asked.headers.at("www-authenticate"), "Basic realm=\"StadtGDI\", charset=\"UTF-8\"");
        EXPECT_EQ(asked.body, get("/login").body) << place;
        EXPECT_EQ(get(place, key).status, 302) << place;
    }
    EXPECT_EQ(get("/netz/login", key).headers.at("location"), "http://localhost/netz/map");
    EXPECT_EQ(get("/login", key).headers.at("location"), "http://localhost/");
}

TEST_F(ServerTest, goes_on_to_where_the_visitor_came_from)
{
    EXPECT_EQ(get("/netz/login?to=ogcapi", key).headers.at("location"), "http://localhost/netz/ogcapi?f=html");
    EXPECT_EQ(get("/netz/login?to=//evil.example/", key).headers.at("location"), "http://localhost/netz/map");
}

TEST_F(ServerTest, pages_offer_to_log_in_and_out)
{
    const std::string html = "Accept: text/html\r\n";
    for (const char* place : {"/", "/nowhere", "/netz/map"}) {
        const std::string page = get(place, html).body;
        EXPECT_NE(page.find("<a href=\"http://localhost/login\" rel=\"nofollow\">Anmelden</a>"), std::string::npos) << place << page;
        EXPECT_EQ(page.find("Abmelden"), std::string::npos) << place;
    }
    const std::string page = get("/?lang=en", html + key).body;
    EXPECT_NE(page.find("Logged in: Netz"), std::string::npos) << page;
    EXPECT_NE(page.find("<a href=\"http://logout:@localhost/logout\" rel=\"nofollow\">Log out</a>"), std::string::npos);
    EXPECT_EQ(page.find("/login"), std::string::npos);
}

TEST_F(ServerTest, offers_no_login_where_there_are_no_keys)
{
    settings.access.keys.clear();
    EXPECT_EQ(get("/", "Accept: text/html\r\n").body.find("/login"), std::string::npos);
}

TEST_F(ServerTest, a_browser_forgets_the_key_by_logging_out)
{
    for (const char* place : {"/logout", "/leipzig/logout", "/nowhere/logout"}) {
        // The key is turned away, and so is the first request by the address "http://logout:@localhost/logout", which comes without it.
        for (const std::string& sent : {key, std::string()}) {
            const Answer asked = get(place, sent);
            EXPECT_EQ(asked.status, 401) << place;
            EXPECT_EQ(asked.headers.at("www-authenticate"), "Basic realm=\"StadtGDI\", charset=\"UTF-8\"");
            EXPECT_NE(asked.body.find("Abgemeldet"), std::string::npos) << asked.body;
        }
        const Answer done = get(place, "Authorization: Basic bG9nb3V0Og==\r\n");
        EXPECT_EQ(done.status, 200) << place;
        EXPECT_EQ(done.headers.count("www-authenticate"), 0u);
    }
    // What the browser sends from then on: a password that is none. "logout:" and "logout:x" in base64.
    EXPECT_EQ(get("/leipzig/ows", "Authorization: Basic bG9nb3V0Og==\r\n").body, "trees http://localhost/leipzig");
    EXPECT_EQ(get("/leipzig/login", "Authorization: Basic bG9nb3V0Og==\r\n").status, 401);
    EXPECT_EQ(get("/leipzig/ows", "Authorization: Basic bG9nb3V0Ong=\r\n").status, 401);
}

TEST_F(ServerTest, whole_answers_have_a_tag)
{
    for (const char* place : {"/", "/leipzig/ows", "/stadtgdi.css"}) {
        const std::string tag = get(place).headers.at("etag");
        EXPECT_EQ(get(place, "If-None-Match: " + tag + "\r\n").status, 304) << place;
        EXPECT_EQ(get(place, key).headers.at("etag") == tag, place == std::string("/stadtgdi.css")) << place;
    }
    EXPECT_EQ(get("/nowhere").headers.count("etag"), 0u);
}

TEST_F(ServerTest, a_changed_project_is_seen_at_once)
{
    EXPECT_EQ(get("/leipzig/ows").body, "trees http://localhost/leipzig");
    auto changed = model("leipzig", {{"parks", Disclosure::open}});
    changed.version = "2";
    add(changed);
    EXPECT_EQ(get("/leipzig/ows").body, "parks http://localhost/leipzig");
}

TEST_F(ServerTest, static_files_have_tags)
{
    const Answer css = get("/stadtgdi.css");
    EXPECT_EQ(css.headers.at("content-type"), "text/css; charset=utf-8");
    EXPECT_EQ(get("/stadtgdi.css", "If-None-Match: " + css.headers.at("etag") + "\r\n").status, 304);
    EXPECT_EQ(get("/favicon.ico").headers.at("content-type"), "image/svg+xml");
    EXPECT_EQ(get("/robots.txt").status, 200);
}

}  // namespace stadtgdi::server::testing
