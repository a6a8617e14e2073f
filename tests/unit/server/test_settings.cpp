// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/settings.hpp>

#include <layers/base/error.hpp>

#include <fstream>
#include <gtest/gtest.h>

namespace stadtgdi::server {

namespace {

void expect_refused(const std::string& toml, const std::string& key, const std::string& also = "")
{
    try {
        parse_settings(toml);
        ADD_FAILURE() << "accepted: " << toml;
    } catch (const Error& error) {
        for (const std::string& text : {error.message().en, error.message().de}) {
            EXPECT_NE(text.find(key), std::string::npos) << text;
            EXPECT_NE(text.find(also), std::string::npos) << text;
        }
    }
}

const std::string digest(64, 'a');

}  // namespace

TEST(Settings, have_defaults_for_everything)
{
    const Settings settings = parse_settings("");
    EXPECT_EQ(settings.listener.host, "127.0.0.1") << "not open to the net unless told so";
    EXPECT_EQ(settings.listener.port, 8080);
    EXPECT_TRUE(settings.listener.trusted_proxies.empty());
    EXPECT_EQ(settings.limits.max_width, 4096);
    EXPECT_TRUE(settings.access.keys.empty());
    EXPECT_FALSE(settings.log.full_addresses);
    EXPECT_EQ(settings.log.keep_days, 7);
}

TEST(Settings, are_read)
{
    const Settings s = parse_settings(R"(
[server]
listen = "[::1]:9000"
public_url = "https://gdi.example.de/karten"
workers = 8
trusted_proxies = ["127.0.0.1"]
origins = ["https://karten.example.de", "http://localhost:3000", "https://[::1]:8443", "https://karten.xn--mnchen-3ya.de"]
[pages]
title_de = "Geodaten Leipzig"
imprint_url = "https://example.de/impressum"
[limits]
body_bytes = 1048576
request_seconds = 30
map_width = 2048
items = 500
[crs]
additional = ["epsg:31468"]
[cache]
rows_per_layer = 1000
read_ahead = true
bytes_of_tiles = 0
tile_seconds = 300
[disclosure]
other_sources = "internal"
[[disclosure.sources]]
contains = "/srv/open/"
class = "public"
[access.roles.netz]
classes = ["kritis", "internal"]
layers = ["leipzig/utilities_*"]
[[access.keys]]
name = "Netzauskunft"
sha256 = "AAAA)" + std::string(60, 'b') + R"("
roles = ["netz"]
[log]
query = "none"
)");
    EXPECT_EQ(s.listener.host, "::1");
    EXPECT_EQ(s.listener.port, 9000);
    EXPECT_EQ(s.listener.public_url, "https://gdi.example.de/karten");
    EXPECT_EQ(s.listener.workers, 8);
    EXPECT_EQ(s.listener.origins, (std::vector<std::string>{"https://karten.example.de", "http://localhost:3000", "https://[::1]:8443", "https://karten.xn--mnchen-3ya.de"}));
    EXPECT_EQ(s.listener.body_bytes, 1048576u);
    EXPECT_EQ(s.listener.request_timeout, std::chrono::seconds(30));
    EXPECT_EQ(s.limits.max_width, 2048);
    EXPECT_EQ(s.limits.max_items, 500);
    EXPECT_EQ(s.more_crs, std::vector<std::string>{"EPSG:31468"});
    EXPECT_EQ(s.store.max_snapshot_rows, 1000);
    EXPECT_TRUE(s.store.read_ahead);
    EXPECT_EQ(s.limits.tile_cache_bytes, 0u);
    EXPECT_EQ(s.limits.tile_seconds, 300);
    EXPECT_EQ(s.store.reading.disclosure.other, catalogue::Disclosure::internal);
    ASSERT_EQ(s.store.reading.disclosure.rules.size(), 1u);
    EXPECT_EQ(s.store.reading.disclosure.rules[0].disclosure, catalogue::Disclosure::open);
    EXPECT_EQ(s.access.roles.at("netz").disclosures.size(), 2u);
    ASSERT_EQ(s.access.keys.size(), 1u);
    EXPECT_EQ(s.access.keys[0].sha256, "aaaa" + std::string(60, 'b'));
    EXPECT_EQ(s.log.query, LoggedQuery::none);
}

TEST(Settings, that_may_be_secret_are_not_repeated)
{
    try {
        parse_settings("[[access.keys]]\nname = \"a\"\nsha256 = \"" + digest + "\"\npassword = \"GEHEIM\"\n");
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_NE(error.message().en.find("access.keys.1.password"), std::string::npos) << error.message().en;
        EXPECT_EQ(error.message().en.find("GEHEIM"), std::string::npos) << error.message().en;
    }
}

TEST(Settings, name_projects)
{
    const Settings s = parse_settings("[[projects]]\nfile = \"town.qgz\"\n[[projects]]\nfile = \"/data/old.qgs\"\nid = \"history\"\n", "/etc/stadtgdi/settings.toml");
    EXPECT_EQ(s.store.projects, (std::vector<store::ProjectFile>{{"/etc/stadtgdi/town.qgz"}, {"/data/old.qgs", "history"}}));
    EXPECT_EQ(parse_settings("[[projects]]\nfile = \"town.qgz\"", "settings.toml").store.projects.front().path, "town.qgz");
}

TEST(Settings, that_are_wrong_are_refused_by_their_name)
{
    expect_refused("[server]\nworkers = -1", "server.workers", "1024");
    expect_refused("[server]\nworkers = \"four\"", "server.workers", "four");
    expect_refused("[server]\nlisten = \"nonsense\"", "nonsense");
    expect_refused("[server]\nlisten = \"127.0.0.1:99999\"", "99999");
    expect_refused("[server]\npublic_url = \"gdi.example.de\"", "server.public_url");
    expect_refused("[[projects]]\nid = \"town\"", "projects.1.file");
    expect_refused("[[projects]]\nfile = \"town.gpkg\"", "projects.1.file");
    expect_refused("[[projects]]\nfile = \"town.qgz\"\nid = \"a/b\"", "projects.1.id");
    expect_refused("[[projects]]\nfile = \"town.qgz\"\nname = \"a\"", "projects.1.name");
    expect_refused("[server]\ntrusted_proxies = \"127.0.0.1\"", "server.trusted_proxies");
    for (const char* bad : {"", "*", "null", "a.de", "https://", "https://a.de/", "https://A.de", "https://a.de,https://b.de", "https://*.a.de", "ftp://a.de", "https://a.de\\r\\nX: y"})
        expect_refused("[server]\norigins = [\"" + std::string(bad) + "\"]", "server.origins");
    expect_refused("[limits]\nrequest_seconds = -1", "limits.request_seconds");
    expect_refused("[limits]\nitems = 5", "limits.items");
    expect_refused("[limits]\ntile_bytes = 5", "limits.tile_bytes");
    expect_refused("[cache]\nbytes_of_tiles = -1", "cache.bytes_of_tiles");
    expect_refused("[pages]\nimprint_url = \"javascript:alert(1)\"", "pages.imprint_url");
    expect_refused("[crs]\nadditional = [\"EPSG:999999\"]", "crs.additional", "999999");
    expect_refused("[disclosure]\nother_sources = \"secret\"", "disclosure.other_sources", "kritis");
    expect_refused("[[disclosure.sources]]\nclass = \"public\"", "disclosure.sources.1.contains");
    expect_refused("[log]\nlevel = \"loud\"", "log.level", "debug");
    expect_refused("[[disclosure.sources]]\ncontains = \"a\"", "disclosure.sources.1.class");
    expect_refused("[access.areas.a]\nbbox = [0, 0, 1, 56900077777777700]\ncrs = \"EPSG:25833\"", "access.areas.a.bbox");
}

TEST(Settings, that_nobody_knows_are_refused_with_those_that_exist)
{
    expect_refused("[limits]\nbody_byte = 5", "limits.body_byte", "body_bytes");
    expect_refused("[limit]\nbody_bytes = 5", "limit", "limits");
    expect_refused("[access.roles.netz]\nclasses = [\"kritis\"]\nlayer = []", "access.roles.netz.layer");
}

TEST(Settings, of_keys_must_be_digests_and_known_roles)
{
    const std::string role = "[access.roles.netz]\nclasses = [\"kritis\"]\n";
    expect_refused(role + "[[access.keys]]\nname = \"a\"\nsha256 = \"my-password\"\nroles = [\"netz\"]", "access.keys.1.sha256");
    expect_refused(role + "[[access.keys]]\nname = \"a\"\nsha256 = \"" + digest + "\"\nroles = [\"net\"]", "access.keys.1.roles", "net");
    expect_refused("[access.roles.netz]\nlayers = [\"a/b\"]", "access.roles.netz.classes");
    expect_refused("[access.roles.netz]\nclasses = [\"kritis\"]\nlayers = [\"b\"]", "access.roles.netz.layers");
}

TEST(Settings, of_users_need_a_name_and_a_bcrypt_hash)
{
    const std::string hash = "$2b$10$abcdefghijklmnopqrstuu4T826PRnz0Hu6YlprUuxkZxOOj5Fw5S", role = "[access.roles.netz]\nclasses = [\"kritis\"]\n";
    const auto user = [](const std::string& name, const std::string& bcrypt, const std::string& roles = "\"netz\"") {
        return "[[access.users]]\nname = \"" + name + "\"\nbcrypt = \"" + bcrypt + "\"\nroles = [" + roles + "]\n";
    };
    const Settings s = parse_settings(role + user("ada", hash) + user("bob", hash, ""));
    ASSERT_EQ(s.access.users.size(), 2u);
    EXPECT_EQ(s.access.users[0].name, "ada");
    EXPECT_EQ(s.access.users[0].roles, std::vector<std::string>{"netz"});
    expect_refused(role + user("", hash), "access.users.1.name");
    expect_refused(role + user("a:b", hash), "access.users.1.name");
    expect_refused(role + user("ada", hash) + user("ada", hash), "access.users.2.name");
    expect_refused(role + user("ada", hash, "\"amt\""), "access.users.1.roles", "amt");
    expect_refused(role + user("ada", "$6$abc$" + std::string(86, 'x')), "access.users.1.bcrypt", "--new-user");
    expect_refused(role + user("ada", "$2b$04$" + hash.substr(7)), "access.users.1.bcrypt", "10");
    try {
        parse_settings(role + user("ada", "my word"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.message().en.find("my word"), std::string::npos) << "a password in the wrong place is not repeated in logs";
    }
}

TEST(Settings, of_token_keys_pin_the_algorithm)
{
    const std::string pem = R"(-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyNXEHVyqRBlzoBO3bZqUdp1eubk3
nZSCRdlnvTaBkdrLwoYIVwEzQd6wN4JO9IgFtEri98q49AGl0Be7pR8NPg==
-----END PUBLIC KEY-----
)";
    const auto key = [&](const std::string& algorithm, const std::string& more = "") {
        return "[access.roles.netz]\nclasses = [\"kritis\"]\n[[access.tokens]]\nname = \"Login\"\nalgorithm = \"" + algorithm + "\"\npublic_key = '''" + pem
               + "'''\nissuer = \"https://login.example\"\naudience = \"stadtgdi\"\nroles = [\"netz\"]\n" + more;
    };
    const Settings s = parse_settings(key("ES256", "kid = \"2026\"\nleeway_seconds = 5\nroles_claim = \"/realm_access/roles\"\n"));
    ASSERT_EQ(s.access.tokens.size(), 1u);
    EXPECT_EQ(s.access.tokens[0].algorithm, access::TokenAlgorithm::es256);
    EXPECT_EQ(s.access.tokens[0].leeway, std::chrono::seconds(5));
    EXPECT_EQ(s.access.tokens[0].kid, "2026");
    expect_refused(key("RS256"), "access.tokens.1.public_key", "RSA");
    expect_refused(key("HS256"), "access.tokens.1.algorithm", "ES256");
    expect_refused(key("none"), "access.tokens.1.algorithm");
    expect_refused(key("ES256", "public_key_file = \"/tmp/x.pem\"\n"), "access.tokens.1.public_key");
    expect_refused(key("ES256", "roles_claim = \"/a~2\"\n"), "access.tokens.1.roles_claim");
    expect_refused("[[access.tokens]]\nalgorithm = \"ES256\"\naudience = \"a\"", "access.tokens.1.issuer");
    expect_refused("[[access.tokens]]\nalgorithm = \"ES256\"\nissuer = \"a\"", "access.tokens.1.audience");
    expect_refused("[[access.tokens]]\nalgorithm = \"ES256\"\nissuer = \"a\"\naudience = \"b\"\npublic_key_file = \"/nonexistent.pem\"", "access.tokens.1.public_key_file");
}

TEST(Settings, of_a_proxy_name_its_headers)
{
    const std::string proxies = "[server]\ntrusted_proxies = [\"127.0.0.1\"]\n";
    const Settings s = parse_settings(proxies + "[access.roles.netz]\nclasses = [\"kritis\"]\n[access.proxy]\nheader = \"X-Remote-User\"\nroles_header = \"X-Remote-Roles\"\nroles = [\"netz\"]");
    EXPECT_EQ(s.access.proxy.header, "x-remote-user");
    EXPECT_EQ(s.access.proxy.roles_header, "x-remote-roles");
    EXPECT_TRUE(parse_settings("").access.proxy.header.empty()) << "off where nobody sets it";
    expect_refused("[access.proxy]\nroles = []", "access.proxy.header");
    expect_refused("[access.proxy]\nheader = \"X Remote\"", "access.proxy.header");
    expect_refused("[access.proxy]\nheader = \"Authorization\"", "access.proxy.header");
    expect_refused("[access.proxy]\nheader = \"X-Remote-User\"\nroles = [\"netz\"]", "access.proxy.roles", "netz");
    expect_refused("[access.proxy]\nheader = \"X-Remote-User\"", "access.proxy.header", "server.trusted_proxies");
    expect_refused("[server]\ntrusted_proxies = [\"proxy.example\"]", "server.trusted_proxies");
}

TEST(Settings, of_areas_are_polygons_in_a_crs)
{
    const auto area_of = [](const std::string& text) {
        const Settings s = parse_settings("[access.areas.mitte]\n" + text + "\n[access.roles.netz]\nclasses = [\"kritis\"]\narea = \"mitte\"");
        return s.access.roles.at("netz").area.value();
    };
    EXPECT_EQ(area_of("bbox = [0, 0, 2, 1.5]\ncrs = \"epsg:25833\""), (access::Area{"EPSG:25833", "MULTIPOLYGON (((0 0, 2 0, 2 1.5, 0 1.5, 0 0)))"}));
    EXPECT_EQ(area_of("wkt = \"POLYGON ((0 0, 2 0, 2 1, 0 0))\"\ncrs = \"EPSG:25833\"").wkt, "MULTIPOLYGON (((0 0, 2 0, 2 1, 0 0)))");
    const std::string file = ::testing::TempDir() + "area.geojson";
    const auto with_file = [&](const std::string& text) {
        std::ofstream(file) << text;
        return area_of("file = \"" + file + "\"");
    };
    // Two squares that overlap become one shape.
    const access::Area both = with_file(R"({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]}},
        {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[1, 0], [3, 0], [3, 2], [1, 2], [1, 0]]]]}}]})");
    EXPECT_EQ(both.crs, "OGC:CRS84");
    EXPECT_EQ(both.wkt.find("MULTIPOLYGON ((("), 0u);
    EXPECT_EQ(both.wkt.find(")), (("), std::string::npos) << both.wkt;
    for (const char* bad : {"{}", R"({"type": "Point", "coordinates": [1, 2]})", R"({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]})",
                            R"({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]})", R"({"type": "Polygon")", R"({"type": "FeatureCollection", "features": []})"})
        EXPECT_THROW(with_file(bad), Error) << bad;
    const std::string area = "[access.areas.mitte]\n";
    expect_refused(area + "bbox = [0, 0, 2, 1]", "access.areas.mitte.crs");
    expect_refused(area + "bbox = [0, 0, 2, 1]\ncrs = \"EPSG:999999\"", "access.areas.mitte.crs");
    expect_refused(area + "bbox = [2, 0, 0, 1]\ncrs = \"EPSG:25833\"", "access.areas.mitte.bbox");
    expect_refused(area + "bbox = [0, 0, 1]\ncrs = \"EPSG:25833\"", "access.areas.mitte.bbox");
    expect_refused(area + "wkt = \"POINT (1 1)\"\ncrs = \"EPSG:25833\"", "access.areas.mitte.wkt");
    expect_refused(area + "wkt = \"POINT (1 1)\"\nbbox = [0, 0, 1, 1]\ncrs = \"EPSG:25833\"", "access.areas.mitte", "file");
    expect_refused(area + "file = \"/nonexistent.geojson\"", "access.areas.mitte.file");
    expect_refused("[access.roles.netz]\nclasses = [\"kritis\"]\narea = \"mitte\"", "access.roles.netz.area");
}

TEST(Settings, of_hidden_fields_name_project_layer_and_field)
{
    const Settings s = parse_settings("[access]\nhidden_fields = [\"leipzig/trees_*/inspector\"]\n[access.roles.care]\nfields = [\"leipzig/*/inspector\"]");
    EXPECT_EQ(s.access.hidden_fields, std::vector<std::string>{"leipzig/trees_*/inspector"});
    EXPECT_EQ(s.access.roles.at("care").fields, std::vector<std::string>{"leipzig/*/inspector"});
    expect_refused("[access]\nhidden_fields = [\"trees/inspector\"]", "access.hidden_fields");
    expect_refused("[access.roles.care]\nfields = [\"inspector\"]", "access.roles.care.fields");
}

TEST(Settings, that_are_no_toml_tell_the_line)
{
    try {
        parse_settings("[server]\nlisten = \n", "gdi.toml");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::invalid_argument);
        EXPECT_NE(error.message().de.find("gdi.toml, Zeile 2"), std::string::npos) << error.message().de;
    }
    EXPECT_THROW(read_settings("/nonexistent/gdi.toml"), Error);
}

TEST(Settings, know_addresses_to_listen_on)
{
    http::ListenerOptions options;
    set_listen(options, "0.0.0.0:80");
    EXPECT_EQ(options.host, "0.0.0.0");
    set_listen(options, ":81");
    EXPECT_EQ(options.host, "0.0.0.0");
    EXPECT_EQ(options.port, 81);
    set_listen(options, "localhost:82");
    EXPECT_EQ(options.host, "localhost");
    for (const char* bad : {"", "::1:80", "a:b", "127.0.0.1:", "127.0.0.1:80x", "example.de:80"})
        EXPECT_THROW(set_listen(options, bad), Error) << bad;
}

}  // namespace stadtgdi::server
