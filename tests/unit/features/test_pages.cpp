// SPDX-License-Identifier: GPL-2.0-or-later
#include "town.hpp"
#include <pugixml.hpp>

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
    EXPECT_EQ(answer.type, "application/problem+json");
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
        for (const char* name : {"<meta", "<link", "<img"})
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
