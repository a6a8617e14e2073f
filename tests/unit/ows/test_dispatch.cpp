// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/table_builder.hpp>
#include <services/ows/dispatch.hpp>
#include <tests/support/fake_project.hpp>
#include <gtest/gtest.h>

namespace stadtgdi::testing {
namespace {

FakeProject town()
{
    table::TableBuilder b({{{"name", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    b.column(0).add("Linde");
    b.geometry().add_point(318000, 5690000);
    b.end_row();
    FakeProject project;
    project.add("trees", std::move(b).finish());
    return project;
}

http::Response ask(const std::string& query, std::vector<std::pair<std::string, std::string>> headers = {})
{
    static const FakeProject project = town();
    FakeFace face(project, "/town/ows" + query, std::move(headers));
    http::Response response = ows::handle(face.context());
    response.body = body_of(response);
    response.stream = nullptr;
    return response;
}

http::Response post(const std::string& body, const std::string& type, const std::string& query = "")
{
    static const FakeProject project = town();
    FakeFace face(project, "/town/ows" + query, {{"content-type", type}});
    face.request().method = "POST";
    face.request().body = body;
    http::Response response = ows::handle(face.context());
    response.body = body_of(response);
    response.stream = nullptr;
    return response;
}

bool has(const http::Response& response, const std::string& text) { return response.body.find(text) != std::string::npos; }

TEST(Dispatch, TheServiceDecidesWhoAnswers)
{
    EXPECT_TRUE(has(ask("?SERVICE=WFS&REQUEST=GetCapabilities"), "<wfs:WFS_Capabilities"));
    EXPECT_TRUE(has(ask("?service=WMS&request=GetCapabilities"), "<WMS_Capabilities"));
    EXPECT_TRUE(has(ask("?sErViCe=wfs&rEqUeSt=GetFeature&typenames=trees"), "<wfs:FeatureCollection"));
}

TEST(Dispatch, WithoutAServiceItIsMissing)
{
    for (const char* query : {"", "?REQUEST=GetCapabilities", "?REQUEST=GetFeature&TYPENAMES=trees"}) {
        const auto answer = ask(query);
        EXPECT_EQ(answer.status, 400) << query;
        EXPECT_TRUE(has(answer, "exceptionCode=\"MissingParameterValue\" locator=\"service\"")) << query;
    }
}

TEST(Dispatch, AnUnknownServiceIsInvalid)
{
    const auto answer = ask("?SERVICE=WCS&REQUEST=GetCapabilities");
    EXPECT_EQ(answer.status, 400);
    EXPECT_TRUE(has(answer, "exceptionCode=\"InvalidParameterValue\" locator=\"service\""));
}

TEST(Dispatch, ErrorsHaveTheFormOfTheirServiceAndVersion)
{
    EXPECT_TRUE(has(ask("?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap"), "<ServiceExceptionReport version=\"1.3.0\""));
    const auto old = ask("?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap");
    EXPECT_TRUE(has(old, "<ServiceExceptionReport version=\"1.1.1\""));
    EXPECT_EQ(old.content_type, "application/vnd.ogc.se_xml; charset=utf-8");
    EXPECT_TRUE(has(ask("?REQUEST=GetMap&VERSION=1.3.0"), "<ServiceExceptionReport")) << "GetMap needs no SERVICE";
    EXPECT_TRUE(has(ask("?SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=nope"), "<ows:ExceptionReport"));
}

TEST(Dispatch, AParameterGivenTwiceIsToldInTheFormOfTheService)
{
    EXPECT_TRUE(has(ask("?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&WIDTH=1&WIDTH=2"), "<ServiceExceptionReport version=\"1.3.0\""));
    EXPECT_TRUE(has(ask("?VERSION=1.1.1&REQUEST=GetMap&LAYERS=a&LAYERS=b"), "<ServiceExceptionReport version=\"1.1.1\""));
    EXPECT_TRUE(has(ask("?SERVICE=WFS&REQUEST=GetFeature&COUNT=1&COUNT=2"), "<ows:ExceptionReport"));
}

TEST(Dispatch, TextsFollowTheLanguageAsked)
{
    EXPECT_TRUE(has(ask("?SERVICE=WFS&REQUEST=Foo", {{"accept-language", "de"}}), "keine Anfrage des WFS"));
    EXPECT_TRUE(has(ask("?SERVICE=WFS&REQUEST=Foo"), "no request of WFS"));
}

TEST(Dispatch, RequestsInXmlReachTheirService)
{
    const std::string features = "<GetFeature xmlns=\"http://www.opengis.net/wfs/2.0\" service=\"WFS\" version=\"2.0.0\"><Query typeNames=\"trees\"/></GetFeature>";
    for (const char* type : {"text/xml", "application/xml; charset=UTF-8", "application/gml+xml", ""}) EXPECT_TRUE(has(post(features, type), "numberMatched=\"1\"")) << type;
    EXPECT_TRUE(has(post(features, "text/xml", "?SERVICE=WMS"), "numberMatched=\"1\"")) << "the document counts";
    EXPECT_EQ(post(features, "text/plain").status, 501);
    for (const char* type : {"application/x-www-form-urlencoded", ""}) EXPECT_TRUE(has(post("SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=trees", type), "numberMatched=\"1\"")) << type;
    EXPECT_EQ(post("<GetMap xmlns=\"http://www.opengis.net/sld\"/>", "text/xml").status, 501);
}

TEST(Dispatch, ErrorsOfXmlHaveTheFormOfTheDocumentsVersion)
{
    const auto wrong = [](const std::string& version) {
        return post("<GetFeature xmlns=\"http://www.opengis.net/wfs\" service=\"WFS\" version=\"" + version + "\"><Query typeName=\"nope\"/></GetFeature>", "text/xml");
    };
    EXPECT_TRUE(has(wrong("1.0.0"), "<ServiceExceptionReport version=\"1.2.0\""));
    EXPECT_TRUE(has(wrong("1.1.0"), "xmlns:ows=\"http://www.opengis.net/ows\""));
    EXPECT_TRUE(has(wrong("2.0.0"), "xmlns:ows=\"http://www.opengis.net/ows/1.1\""));
    const auto damaged = post("<GetFeature", "text/xml");
    EXPECT_EQ(damaged.status, 400);
    EXPECT_TRUE(has(damaged, "exceptionCode=\"OperationParsingFailed\""));
    EXPECT_TRUE(has(ask("?SERVICE=WFS&VERSION=1.0.0&REQUEST=GetFeature&TYPENAME=nope"), "<ServiceExceptionReport version=\"1.2.0\""));
    EXPECT_TRUE(has(ask("?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&TYPENAME=nope"), "version=\"1.1.0\" language="));
}

TEST(Dispatch, ContradictingParametersAreRefused)
{
    EXPECT_EQ(ask("?SERVICE=WFS&service=WMS&REQUEST=GetCapabilities").status, 400);
}

}  // namespace
}  // namespace stadtgdi::testing
