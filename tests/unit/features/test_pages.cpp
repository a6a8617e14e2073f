// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <pugixml.hpp>
#include <cstdio>

#include <cstring>

namespace stadtgdi::testing {
namespace {

const char* const all_pages[] = {"", "/api", "/conformance", "/collections", "/collections/b%C3%A4ume", "/collections/b%C3%A4ume/items", "/collections/b%C3%A4ume/items/3"};

std::string html(const std::string& below, const std::string& language)
{
    const auto answer = ask(town(), below + "?f=html", {{"accept-language", language}});
    EXPECT_EQ(answer.status, 200) << below;
    EXPECT_EQ(answer.type, "text/html; charset=utf-8");
    EXPECT_NE(answer.header("Content-Security-Policy").find("default-src 'none'"), std::string::npos);
    return answer.body;
}

TEST(Pages, ExistInBothLanguages)
{
    for (const char* page : all_pages) {
        EXPECT_NE(html(page, "de").find("<html lang=\"de\">"), std::string::npos) << page;
        EXPECT_NE(html(page, "en").find("<html lang=\"en\">"), std::string::npos) << page;
    }
    EXPECT_NE(html("/collections/b%C3%A4ume/items", "de").find("Nächste Seite"), std::string::npos);
}

TEST(Pages, ShowNothingOfTheDataAsMarkup)
{
    const std::string items = html("/collections/b%C3%A4ume/items", "de");
    EXPECT_NE(items.find("Linde &lt;b&gt;&amp;"), std::string::npos);
    EXPECT_EQ(items.find("<b>"), std::string::npos);
    EXPECT_NE(items.find("Maple &lt;m&gt;"), std::string::npos) << "codes show their labels";
    const auto answer = ask(town(), "/collections/b%C3%A4ume/items?f=html&offset=%3C/script%3E%3Cimg%20src=x%20onerror=alert(1)%3E");
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.type, "text/html; charset=utf-8");
    EXPECT_EQ(answer.body.find("<img"), std::string::npos);
}

/// A town whose layer has a name to show, capture, identifiers, a unit and columns that are empty on the first page.
FakeProject street()
{
    table::TableBuilder b({{{"uuid", table::Type::text}, {"name", table::Type::text}, {"lit", table::Type::boolean}, {"width_m", table::Type::float64}, {"remark", table::Type::text},
                            {"length", table::Type::int64}, {"recorded_at", table::Type::datetime}},
                           table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    for (int i = 0; i < 12345; ++i) {
        b.column(0).add("0a-" + std::to_string(i));
        if (i != 1) b.column(1).add("Straße " + std::to_string(i));
        b.column(2).add(i % 2 == 0);
        b.column(3).add(12.5);
        if (i == 11) b.column(4).add("late");
        b.column(5).add(10000 + i);
        b.column(6).add(std::int64_t{0});
        b.geometry().add_point(318000.0 + i, i == 7 ? 5318000 : 5690000.0 + i);
        b.end_row();
    }
    FakeProject project;
    project::PublishedLayer& layer = project.add("streets", std::move(b).finish());
    layer.display_field = "name";
    layer.definition = "walking_edge";
    layer.min_scale = 10000;
    layer.attribution = "© OpenStreetMap contributors";
    layer.fields[3].alias = "Breite [m]";
    return project;
}

std::string street_page(const std::string& below, const std::string& language = "de") { return ask(street(), "/collections/streets" + below, {{"accept", "text/html"}, {"accept-language", language}}).body; }

double scale_of(const std::string& page)
{
    const auto at = page.find("BBOX=") + 5;
    double xmin = 0, ymin = 0, xmax = 0;
    if (at == std::string::npos + 5 || std::sscanf(page.c_str() + at, "%lf,%lf,%lf", &xmin, &ymin, &xmax) != 3) return 0;
    return (xmax - xmin) / (720 * 0.00028);
}

TEST(Pages, ATableBeginsWithNamesAndLeavesOutEmptyColumns)
{
    const std::string page = street_page("/items");
    const auto head = page.substr(page.find("<thead>"), page.find("</thead>") - page.find("<thead>"));
    EXPECT_EQ(head.find("<th scope=\"col\">name</th>"), std::string("<thead><tr>").size()) << head;
    EXPECT_EQ(head.find("remark"), std::string::npos) << "nothing on this page has one";
    EXPECT_LT(head.find("length"), head.find("recorded_at"));
    EXPECT_LT(head.find("recorded_at"), head.find("uuid"));
    EXPECT_NE(page.find("1–10 von 12.345"), std::string::npos);
    EXPECT_NE(page.find(">ja<"), std::string::npos);
    EXPECT_NE(page.find(">12,5<"), std::string::npos);
    EXPECT_NE(page.find(">10.000<"), std::string::npos);
    EXPECT_NE(page.find(">Objekt<span class=\"id\">2</span>"), std::string::npos) << "a row without a name";
    EXPECT_NE(street_page("/items", "en").find("1–10 of 12,345"), std::string::npos);
    EXPECT_NE(street_page("/items?offset=10").find("remark"), std::string::npos);
}

TEST(Pages, AFeatureShowsItsFactsAndFoldsTheRest)
{
    const std::string page = street_page("/items/3");
    EXPECT_NE(page.find("<h1>Straße 2</h1>"), std::string::npos);
    const auto more = page.find("<details>");
    EXPECT_LT(page.find("12,5 m"), more);
    EXPECT_EQ(page.substr(0, more).find("uuid"), std::string::npos);
    EXPECT_NE(page.substr(more).find("0a-2"), std::string::npos);
    EXPECT_NE(page.substr(more).find("01.01.1970, 00:00 Uhr (UTC)"), std::string::npos);
    EXPECT_NE(page.find("Ohne Angabe"), std::string::npos);
    EXPECT_NE(page.substr(page.find("Ohne Angabe")).find("remark"), std::string::npos);
    EXPECT_NE(street_page("/items/2").find("<h1>Objekt 2</h1>"), std::string::npos);
}

TEST(Pages, PicturesShowTheLayerAtAScaleAtWhichItIsDrawn)
{
    for (const char* below : {"", "/items", "/items/3"}) {
        const std::string page = street_page(below);
        EXPECT_GT(scale_of(page), 100) << below;
        EXPECT_LT(scale_of(page), 10000) << below;
        EXPECT_NE(page.find("width=\"720\" height=\"480\""), std::string::npos) << below;
        EXPECT_NE(page.find(" · © OpenStreetMap contributors<"), std::string::npos) << below;
    }
    FakeProject shown = street();
    table::TableBuilder park({{{"name", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::line, "EPSG:25833", false}});
    shown.add("parks", std::move(park).finish()).attribution = "Parkamt";
    const std::string upon_parks = ask(shown, "/collections/streets/items/3", {{"accept", "text/html"}}).body;
    EXPECT_NE(upon_parks.find("LAYERS=parks,streets&amp;"), std::string::npos) << "upon its surroundings";
    EXPECT_NE(upon_parks.find("© OpenStreetMap contributors · © Parkamt"), std::string::npos);
    shown.edit().layers[1].visible = false;
    EXPECT_NE(ask(shown, "/collections/streets/items/3", {{"accept", "text/html"}}).body.find("LAYERS=streets&amp;"), std::string::npos);
    EXPECT_NE(street_page("").find("(Ausschnitt)"), std::string::npos) << "the whole does not fit";
    const std::string later = street_page("/items?offset=5000");
    EXPECT_EQ(later.find("(Ausschnitt)"), std::string::npos);
    EXPECT_NE(later.find("BBOX=3228"), std::string::npos) << "around the rows listed, from 323000 on";
    FakeProject plain = street();
    plain.edit().layers[0].drawable = false;
    EXPECT_EQ(ask(plain, "/collections/streets", {{"accept", "text/html"}}).body.find("<figure"), std::string::npos);
}

TEST(Pages, LoadNothingFromOtherHosts)
{
    for (const char* page : all_pages) {
        const std::string body = html(page, "en");
        for (const char* attribute : {"src=\"", "rel=\"stylesheet\" href=\""})
            for (auto at = body.find(attribute); at != std::string::npos; at = body.find(attribute, at + 1))
                EXPECT_EQ(body.compare(at + std::strlen(attribute), 23, "http://gdi.example/town"), 0) << body.substr(at, 80);
        EXPECT_EQ(body.find("<script"), std::string::npos);
    }
}

TEST(Pages, TheStyleIsServedForever)
{
    const std::string page = html("", "en");
    const auto at = page.find("/static/");
    const std::string name = page.substr(at, page.find('"', at) - at);
    const auto style = ask(town(), name);
    EXPECT_EQ(style.status, 200);
    EXPECT_EQ(style.type, "text/css; charset=utf-8");
    EXPECT_NE(style.header("Cache-Control").find("immutable"), std::string::npos);
    EXPECT_EQ(ask(town(), "/static/other.css").status, 404);
}

TEST(Pages, AreWellFormedEnoughForAnXmlReader)
{
    for (const char* page : all_pages) {
        std::string body = html(page, "de");
        // HTML leaves its void elements open.
        for (const char* name : {"<meta", "<link", "<img", "<wbr"})
            for (auto at = body.find(name); at != std::string::npos; at = body.find(name, at + 1)) body.insert(body.find('>', at), "/");
        body.erase(0, body.find("<html"));
        pugi::xml_document document;
        const auto result = document.load_string(body.c_str());
        EXPECT_TRUE(result) << page << ": " << result.description() << " at " << body.substr(static_cast<std::size_t>(result.offset), 100);
        EXPECT_EQ(document.select_nodes("//h1").size(), 1U);
        for (const auto& image : document.select_nodes("//img")) EXPECT_STRNE(image.node().attribute("alt").value(), "");
    }
}

}  // namespace
}  // namespace stadtgdi::testing
