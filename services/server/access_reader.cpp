// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/access_reader.hpp>

#include <services/access/password.hpp>
#include <services/server/area_reader.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace stadtgdi::server::detail {

namespace {

constexpr std::size_t max_users = 10'000, max_token_keys = 16, max_name_bytes = 256;

using access::AccessSettings;

/// Of what was read before: roles come first, wherever they stand in the file.
void read_roles_of(TomlReader& table, const AccessSettings& settings, std::vector<std::string>& roles)
{
    table.texts("roles", roles);
    for (const std::string& role : roles)
        if (!settings.roles.count(role))
            table.refuse("roles", base::filled({"names of roles; there is no [access.roles.{0}]", "Namen von Rollen; [access.roles.{0}] gibt es nicht"}, role));
}

void require_slashes(TomlReader& table, const char* key, const std::vector<std::string>& patterns, std::ptrdiff_t slashes, const base::Text& expected)
{
    for (const std::string& pattern : patterns)
        if (std::count(pattern.begin(), pattern.end(), '/') < slashes)
            table.refuse(key, expected);
}

const base::Text fields_expected{"\"project/layer/field\", '*' for any", "\"Projekt/Ebene/Feld\", '*' für beliebige"};

access::Role read_role(TomlReader& table, const std::map<std::string, access::Area>& areas)
{
    access::Role role;
    std::vector<std::string> classes;
    std::string area;
    table.texts("classes", classes);
    table.texts("layers", role.layers);
    table.texts("fields", role.fields);
    table.text("area", area);
    table.flag("admin", role.admin);
    for (const std::string& one : classes)
        role.disclosures.insert(disclosure(table, "classes", one));
    if (role.disclosures.empty() && role.fields.empty() && !role.admin)
        table.refuse("classes", {"at least one of internal, restricted, kritis, or fields, or admin = true", "mindestens eines von internal, restricted, kritis, oder fields, oder admin = true"});
    require_slashes(table, "layers", role.layers, 1, {"\"project/layer\", '*' for any", "\"Projekt/Ebene\", '*' für beliebige"});
    require_slashes(table, "fields", role.fields, 2, fields_expected);
    if (!area.empty()) {
        const auto found = areas.find(area);
        if (found == areas.end())
            table.refuse("area", {"the name of an area, [access.areas.NAME]", "der Name eines Gebiets, [access.areas.NAME]"});
        role.area = found->second;
    }
    return role;
}

access::Key read_key(TomlReader& table, const AccessSettings& settings)
{
    access::Key key;
    table.text("name", key.name);
    table.text("sha256", key.sha256);
    read_roles_of(table, settings, key.roles);
    std::transform(key.sha256.begin(), key.sha256.end(), key.sha256.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (key.sha256.size() != 64 || key.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
        table.refuse("sha256", {"64 hexadecimal digits, made by 'stadtgdi serve --new-key'", "64 Hexadezimalziffern, erzeugt mit 'stadtgdi serve --new-key'"}, true);
    return key;
}

access::User read_user(TomlReader& table, const AccessSettings& settings)
{
    access::User user;
    table.text("name", user.name);
    table.text("bcrypt", user.bcrypt);
    read_roles_of(table, settings, user.roles);
    const bool taken = std::any_of(settings.users.begin(), settings.users.end(), [&](const access::User& other) { return other.name == user.name; });
    if (user.name.empty() || user.name.size() > max_name_bytes || user.name.find(':') != std::string::npos || taken)
        table.refuse("name", {"a name that no other user has, without ':'", "ein Name, den sonst niemand hat, ohne ':'"});
    if (const auto fault = access::fault_of_password_hash(user.bcrypt))
        table.refuse("bcrypt", *fault, true);
    if (settings.users.size() >= max_users)
        table.refuse("name", {"at most 10000 users", "höchstens 10000 Personen"});
    return user;
}

std::string text_of_key(TomlReader& table, const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (!file || !(text << file.rdbuf()))
        table.refuse("public_key_file", {"a file that can be read", "eine Datei, die sich lesen lässt"});
    return std::move(text).str();
}

access::TokenKey read_token_key(TomlReader& table, AccessSettings& settings)
{
    access::TokenKey key;
    std::string algorithm, file;
    table.text("name", key.name);
    table.choice("algorithm", {"RS256", "ES256"}, algorithm);
    table.text("public_key", key.public_key);
    table.text("public_key_file", file);
    table.text("kid", key.kid);
    table.text("issuer", key.issuer);
    table.text("audience", key.audience);
    table.text("roles_claim", key.roles_claim);
    read_roles_of(table, settings, key.roles);
    std::int64_t leeway = key.leeway.count();
    table.integer("leeway_seconds", leeway, 0, 600);
    key.leeway = std::chrono::seconds(leeway);
    if (algorithm.empty())
        table.refuse("algorithm", {"one of RS256, ES256", "eines von RS256, ES256"});
    key.algorithm = algorithm == "ES256" ? access::TokenAlgorithm::es256 : access::TokenAlgorithm::rs256;
    for (const auto& [name, value] : {std::pair{"issuer", &key.issuer}, std::pair{"audience", &key.audience}, std::pair{"roles_claim", &key.roles_claim}})
        if (value->empty())
            table.refuse(name, {"a text, as it stands in the tokens", "ein Text, wie er in den Tokens steht"});
    if (key.public_key.empty() == file.empty())
        table.refuse("public_key", {"one of public_key and public_key_file", "eines von public_key und public_key_file"});
    if (!file.empty()) {
        key.public_key = text_of_key(table, file);
        settings.files.push_back(file);
    }
    if (const auto fault = access::fault_of_public_key(key.public_key, key.algorithm))
        table.refuse(file.empty() ? "public_key" : "public_key_file", *fault, file.empty());
    // "~" stands for a member's own '~' and '/' in a JSON pointer; nothing else may follow it.
    for (std::size_t i = 0; key.roles_claim.front() == '/' && i < key.roles_claim.size(); ++i)
        if (key.roles_claim[i] == '~' && (i + 1 == key.roles_claim.size() || (key.roles_claim[i + 1] != '0' && key.roles_claim[i + 1] != '1')))
            table.refuse("roles_claim", {"a member or a JSON pointer, \"/realm_access/roles\"", "ein Element oder ein JSON-Pointer, \"/realm_access/roles\""});
    if (settings.tokens.size() >= max_token_keys)
        table.refuse("name", {"at most 16 keys for tokens", "höchstens 16 Schlüssel für Tokens"});
    return key;
}

void read_proxy(TomlReader& table, AccessSettings& settings)
{
    access::ProxyHeader& proxy = settings.proxy;
    table.text("header", proxy.header);
    table.text("roles_header", proxy.roles_header);
    read_roles_of(table, settings, proxy.roles);
    const auto read_name = [&](const char* key, std::string& name) {
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        const bool good = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos && name != "authorization" && name != "x-api-key";
        if (!good)
            table.refuse(key, {"the name of a header, \"X-Remote-User\"", "der Name einer Kopfzeile, \"X-Remote-User\""});
    };
    read_name("header", proxy.header);
    read_name("roles_header", proxy.roles_header);
    if (proxy.header.empty())
        table.refuse("header", {"the name of a header, \"X-Remote-User\"", "der Name einer Kopfzeile, \"X-Remote-User\""});
}

}  // namespace

catalogue::Disclosure disclosure(TomlReader& table, const char* key, const std::string& name)
{
    if (const auto found = catalogue::disclosure_of(name))
        return *found;
    table.refuse(key, {"public, internal, restricted or kritis", "public, internal, restricted oder kritis"});
}

void read_access(TomlReader& table, AccessSettings& settings)
{
    std::map<std::string, access::Area> areas;
    table.number("wrong_keys_per_minute", settings.max_failures, 1, 10'000);
    table.flag("plain_http", settings.plain_http);
    table.texts("hidden_fields", settings.hidden_fields);
    require_slashes(table, "hidden_fields", settings.hidden_fields, 2, fields_expected);
    table.tables("areas", [&](TomlReader& one, const std::string& name) { areas[name] = read_area(one, settings.files); });
    table.tables("roles", [&](TomlReader& one, const std::string& name) { settings.roles[name] = read_role(one, areas); });
    table.tables("keys", [&](TomlReader& one, const std::string&) { settings.keys.push_back(read_key(one, settings)); });
    table.tables("users", [&](TomlReader& one, const std::string&) { settings.users.push_back(read_user(one, settings)); });
    table.tables("tokens", [&](TomlReader& one, const std::string&) { settings.tokens.push_back(read_token_key(one, settings)); });
    table.table("proxy", [&](TomlReader& one) { read_proxy(one, settings); });
}

}  // namespace stadtgdi::server::detail
