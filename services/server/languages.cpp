// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/languages.hpp>

#include <algorithm>
#include <cstdlib>

namespace stadtgdi::server {

namespace {

struct Weighted {
    std::string name;
    int weight = 1000;   // thousandths
};

/// "de-DE,de;q=0.9,en;q=0.8" with names in lower case.
std::vector<Weighted> weighted_list(std::string_view header)
{
    std::vector<Weighted> list;
    while (!header.empty() && list.size() < 50) {
        const std::size_t comma = std::min(header.find(','), header.size());
        std::string item(header.substr(0, comma));
        header.remove_prefix(std::min(comma + 1, header.size()));
        std::erase_if(item, [](char c) { return c == ' ' || c == '\t'; });
        std::transform(item.begin(), item.end(), item.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        Weighted one;
        one.name = item.substr(0, item.find(';'));
        if (const std::size_t q = item.find(";q="); q != std::string::npos) {
            // no strtod: its decimal point depends on the locale
            const std::string number = item.substr(q + 3);
            one.weight = number.starts_with('1') ? 1000 : 0;
            for (std::size_t i = 2, unit = 100; number.starts_with("0.") && i < number.size() && unit > 0 && number[i] >= '0' && number[i] <= '9'; ++i, unit /= 10)
                one.weight += static_cast<int>(unit) * (number[i] - '0');
        }
        if (!one.name.empty() && one.weight > 0)
            list.push_back(std::move(one));
    }
    std::stable_sort(list.begin(), list.end(), [](const Weighted& a, const Weighted& b) { return a.weight > b.weight; });
    return list;
}

}  // namespace

base::Language language_of(const http::Request& request)
{
    for (const char* name : {"lang", "language"})
        if (const auto wish = request.parameter(name); wish && (*wish == "de" || *wish == "en"))
            return *wish == "de" ? base::Language::de : base::Language::en;
    for (const Weighted& one : weighted_list(request.header("accept-language"))) {
        if (one.name.starts_with("de"))
            return base::Language::de;
        if (one.name.starts_with("en"))
            return base::Language::en;
    }
    return request.header("accept-language").empty() ? base::Language::de : base::Language::en;
}

Form form_of(const http::Request& request, Form otherwise)
{
    if (const auto f = request.parameter("f")) {
        if (*f == "html")
            return Form::html;
        if (*f == "json")
            return Form::json;
    }
    for (const Weighted& one : weighted_list(request.header("accept"))) {
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
