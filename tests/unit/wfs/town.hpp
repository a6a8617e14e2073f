// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/exception.hpp>
#include <services/ows/xml_body.hpp>
#include <services/wfs/wfs.hpp>
#include <services/wfs/xml_request.hpp>
#include <tests/support/fake_project.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

namespace stadtgdi::testing {

/// Trees on a line, 10 m apart, from (318000, 5690000) on; the last without a place, the second without a name.
inline table::Table trees(int count)
{
    table::TableBuilder b({{{"name", table::Type::text}, {"height_m", table::Type::float64}, {"planted", table::Type::date}, {"number", table::Type::int64}, {"Umfang (cm)", table::Type::int64}},
                           table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    for (int i = 0; i < count; ++i) {
        if (i != 1) b.column(0).add(i == 0 ? "Linde \"<&>\" ü" : "Ahorn");
        b.column(1).add(i * 0.5);
        b.column(2).add_date(19000 + i);
        b.column(3).add(i);
        b.column(4).add(100 - i);
        if (i + 1 < count) b.geometry().add_point(318000 + 10.0 * i, 5690000);
        b.end_row();
    }
    return std::move(b).finish();
}

inline table::Table districts()
{
    table::TableBuilder b({{{"name", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::multi_polygon, "EPSG:25833", false}});
    for (int i = 0; i < 3; ++i) {
        const double x = 318000 + 1000.0 * i, y = 5690000;
        b.column(0).add("Ortsteil " + std::to_string(i));
        b.geometry().begin_row();
        b.geometry().begin_part();
        b.geometry().begin_ring();
        for (const auto& [dx, dy] : {std::pair{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}, {0, 0}}) b.geometry().add(x + dx, y + dy);
        b.geometry().begin_ring();
        for (const auto& [dx, dy] : {std::pair{400, 400}, {400, 600}, {600, 600}, {600, 400}, {400, 400}}) b.geometry().add(x + dx, y + dy);
        b.end_row();
    }
    return std::move(b).finish();
}

inline FakeProject town(int tree_count = 20)
{
    FakeProject project;
    project.add("districts", districts());
    project.add("trees", trees(tree_count));
    return project;
}

inline http::Response ask(const FakeProject& project, const std::string& query)
{
    FakeFace face(project, "/town/ows?" + query);
    http::Response response = wfs::handle(face.context(), ows::KeyValues::of(face.request()));
    response.body = body_of(response);
    response.stream = nullptr;
    return response;
}

/// The same request as a document.
inline http::Response post(const FakeProject& project, const std::string& xml, const std::string& type = "text/xml")
{
    FakeFace face(project, "/town/ows", {{"content-type", type}});
    face.request().method = "POST";
    face.request().body = xml;
    http::Response response = wfs::handle(face.context(), wfs::key_values_of(ows::read_xml_body(face.request()), project.model()));
    response.body = body_of(response);
    response.stream = nullptr;
    return response;
}

inline std::string get_feature(const FakeProject& project, const std::string& query) { return ask(project, "SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&" + query).body; }

inline nlohmann::json json_features(const FakeProject& project, const std::string& query)
{
    return nlohmann::json::parse(get_feature(project, "OUTPUTFORMAT=application/geo%2Bjson&" + query));
}

inline std::vector<std::string> ids(const nlohmann::json& collection)
{
    std::vector<std::string> result;
    for (const auto& feature : collection["features"]) result.push_back(feature["id"]);
    return result;
}

inline pugi::xml_document parsed(const std::string& xml)
{
    pugi::xml_document document;
    const auto result = document.load_string(xml.c_str());
    EXPECT_TRUE(result) << result.description() << " in " << xml.substr(0, 500);
    return document;
}

struct Refusal {
    ows::Code code = ows::Code::no_applicable_code;
    std::string locator;
    int status = 0;
};

template <class Ask> Refusal refusal_of(Ask&& ask)
{
    try {
        ask();
    } catch (const ows::OwsException& error) {
        return {error.code(), error.locator(), error.status()};
    }
    return {};
}

inline Refusal refusal(const FakeProject& project, const std::string& query)
{
    return refusal_of([&] { ask(project, query); });
}

/// "InvalidParameterValue typeName 400"
inline std::string text_of(const Refusal& refusal)
{
    return std::string(ows::name_of(refusal.code)) + " " + refusal.locator + " " + std::to_string(refusal.status);
}

}  // namespace stadtgdi::testing
