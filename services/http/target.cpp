// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/http/target.hpp>

#include <services/http/utf8.hpp>

#include <algorithm>

namespace stadtgdi::http {

namespace {

int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool has_control(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

Refusal bad_code(const char* en, const char* de)
{
    return {400, {std::string("The ") + en + " is not valid: percent-codes need two hexadecimal digits and must give UTF-8 text.",
                  std::string(de) + " ist ungültig: Prozentcodes brauchen zwei Hexadezimalziffern und müssen UTF-8-Text ergeben."}};
}

/// "http://host/path?x" -> "/path?x"
std::string_view origin_form(std::string_view target)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme))
            continue;
        const std::size_t end = target.find_first_of("/?", scheme.size());
        return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
    }
    return target;
}

std::optional<Refusal> read_path(std::string_view raw, Request& request)
{
    request.segments.clear();
    const auto path = percent_decoded(raw, false);
    if (!path || !is_utf8(*path))
        return bad_code("path", "Der Pfad");
    if (has_control(*path))
        return Refusal{400, {"The path has control characters.", "Der Pfad enthält Steuerzeichen."}};
    request.path = path->empty() ? "/" : *path;
    for (std::size_t begin = 0; begin <= raw.size();) {
        const std::size_t end = std::min(raw.find('/', begin), raw.size());
        if (end > begin) {
            const std::string segment = percent_decoded(raw.substr(begin, end - begin), false).value_or("..");
            // A segment may hold a coded slash (feature ids), but nothing that a file system would read as "one up".
            const bool climbs = segment == "." || segment == ".." || segment.find("../") != std::string::npos
                                || segment.find("/..") != std::string::npos || segment.find('\\') != std::string::npos;
            if (climbs)
                return Refusal{404, {"There is nothing at this address.", "Unter dieser Adresse gibt es nichts."}};
            request.segments.push_back(segment);
        }
        begin = end + 1;
    }
    return std::nullopt;
}

std::optional<Refusal> read_query(std::string_view raw, std::size_t max_parameters, Request& request)
{
    request.parameters.clear();
    for (std::size_t begin = 0; begin < raw.size();) {
        const std::size_t end = std::min(raw.find('&', begin), raw.size());
        const std::string_view pair = raw.substr(begin, end - begin);
        begin = end + 1;
        if (pair.empty())
            continue;
        if (request.parameters.size() == max_parameters)
            return Refusal{400, base::filled({"The query has more than {0} parameters.", "Die Anfrage hat mehr als {0} Parameter."},
                                             std::to_string(max_parameters))};
        const std::size_t equal = std::min(pair.find('='), pair.size());
        auto name = percent_decoded(pair.substr(0, equal), true);
        auto value = percent_decoded(equal < pair.size() ? pair.substr(equal + 1) : std::string_view(), true);
        if (!name || !value || !is_utf8(*name) || !is_utf8(*value))
            return bad_code("query", "Die Anfrage");
        if (name->find('\0') != std::string::npos || value->find('\0') != std::string::npos)
            return Refusal{400, {"The query has a NUL character.", "Die Anfrage enthält ein NUL-Zeichen."}};
        request.parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
                return std::nullopt;
            decoded += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            decoded += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return decoded;
}

std::optional<Refusal> read_target(std::string_view target, const TargetLimits& limits, Request& request)
{
    if (target.size() > limits.bytes)
        return Refusal{414, base::filled({"The address is longer than {0} bytes; send long requests by POST.",
                                          "Die Adresse ist länger als {0} Bytes; lange Anfragen bitte mit POST senden."},
                                         std::to_string(limits.bytes))};
    request.target = std::string(target);
    const std::string_view local = origin_form(target);
    if (local.empty() || (local[0] != '/' && local[0] != '?'))
        return Refusal{400, {"The request target must begin with '/'.", "Das Ziel der Anfrage muss mit '/' beginnen."}};
    if (local.find('#') != std::string_view::npos)
        return Refusal{400, {"The request target has a fragment ('#').", "Das Ziel der Anfrage enthält ein Fragment ('#')."}};
    const std::size_t question = std::min(local.find('?'), local.size());
    if (auto refusal = read_path(local.substr(0, question), request))
        return refusal;
    return read_query(question < local.size() ? local.substr(question + 1) : std::string_view(), limits.parameters, request);
}

}  // namespace stadtgdi::http
