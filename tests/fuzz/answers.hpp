// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <tests/fuzz/expect.hpp>
#include <tests/support/filter_town.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

namespace stadtgdi::fuzz {

/// A city of one layer with ten rows.
inline const testing::FakeProject& small_city()
{
    static const testing::FakeProject city = [] {
        testing::FakeProject project;
        project.add("places", testing::ten_places());
        return project;
    }();
    return city;
}

/// Whole, in the language that its type names, and no fault of ours.
inline void expect_answer(const http::Response& response)
{
    const std::string body = testing::body_of(response);
    expect(response.status != 500, "no request brings us to an internal error: " + body.substr(0, 1000));
    const auto is = [&](std::string_view type) { return response.content_type.find(type) != std::string::npos; };
    if (is("xml") && !is("svg")) {
        expect(http::is_utf8(body), "XML is UTF-8");
        expect(static_cast<bool>(pugi::xml_document().load_buffer(body.data(), body.size())), "XML is well-formed: " + body.substr(0, 1000));
    } else if (is("json")) {
        expect(nlohmann::json::accept(body), "JSON can be read: " + body.substr(0, 1000));
    } else if (is("text/")) {
        expect(http::is_utf8(body), "a text is UTF-8");
    }
    for (const auto& [name, value] : response.headers)
        for (const char c : name + value) expect(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "a header has no control characters");
}

}  // namespace stadtgdi::fuzz
