// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/features/features.hpp>
#include <tests/support/fake_project.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <algorithm>
#include <cstring>
#include <functional>

namespace stadtgdi::testing {

using Json = nlohmann::json;

inline FakeProject town(int count = 25)
{
    table::TableBuilder b({{{"name", table::Type::text}, {"height_m", table::Type::float64}, {"planted", table::Type::date}, {"number", table::Type::int64}, {"limit", table::Type::text}},
                           table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    for (int i = 0; i < count; ++i) {
        b.column(0).add(i % 2 == 0 ? "Linde <b>&" : "Ahorn");
        b.column(1).add(i * 0.5);
        if (i != 4) b.column(2).add_date(19723 + i);  // from 2024-01-01 on
        b.column(3).add(i);
        b.column(4).add("x");
        if (i + 1 < count) b.geometry().add_point(318000 + 10.0 * i, 5690000);
        b.end_row();
    }
    FakeProject project;
    project::PublishedLayer& layer = project.add("bäume", std::move(b).finish());
    layer.title = "Bäume";
    layer.fields[0].alias = "Baumart";
    layer.fields[0].codes = {{"Ahorn", "Maple <m>"}};
    return project;
}

struct Answer {
    int status = 0;
    std::string type, body;
    std::vector<std::pair<std::string, std::string>> headers;
    Json json() const { return Json::parse(body, nullptr, false); }
    std::string header(const std::string& name) const
    {
        for (const auto& [key, value] : headers)
            if (key == name) return value;
        return {};
    }
};

inline Answer ask(const FakeProject& project, const std::string& below, std::vector<std::pair<std::string, std::string>> headers = {})
{
    FakeFace face(project, "/town/ogcapi" + below, std::move(headers));
    const http::Response response = features::handle(face.context());
    return {response.status, response.content_type, body_of(response), response.headers};
}

inline std::string link_of(const Json& document, const std::string& rel)
{
    for (const auto& link : document["links"])
        if (link["rel"] == rel) return link["href"];
    return {};
}

}  // namespace stadtgdi::testing
