// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/page.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/picture_box.hpp>
#include <services/ows/reader_text.hpp>
#include <services/ows/xml_names.hpp>

namespace stadtgdi::features {

namespace {

constexpr std::string_view css = R"css(:root{--ink:#1b2a2f;--quiet:#4b5d63;--line:#d5dee0;--ground:#f4f7f6;--card:#fff;--accent:#0b5a4a;--accent-ink:#fff;--mark:#e6f2ee;color-scheme:light}
@media (prefers-color-scheme:dark){:root{--ink:#e8eeee;--quiet:#a9b8bb;--line:#33454a;--ground:#11191b;--card:#182326;--accent:#7fd1bb;--accent-ink:#0b1f1a;--mark:#1f3431;color-scheme:dark}}
*{box-sizing:border-box}
body{margin:0;font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:var(--ink);background:var(--ground)}
a{color:var(--accent);text-underline-offset:.15em}
a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem 1rem;z-index:2}
header{background:var(--card);border-bottom:1px solid var(--line)}
header>div,main,footer{max-width:72rem;margin:0 auto;padding:1rem 1.25rem}
header>div{display:flex;flex-wrap:wrap;gap:.5rem 1.5rem;align-items:baseline;justify-content:space-between}
header nav ol{list-style:none;display:flex;flex-wrap:wrap;margin:0;padding:0;gap:.25rem .5rem}
header nav li+li::before{content:"/";color:var(--quiet);margin-right:.5rem}
.formats,.visitor{display:flex;flex-wrap:wrap;gap:.25rem 1rem;font-size:.95rem}
h1{font-size:1.9rem;line-height:1.2;margin:1.2rem 0 .4rem}
h2{font-size:1.2rem;margin:2rem 0 .6rem}
p.lead{color:var(--quiet);max-width:48rem;margin:.2rem 0 1.2rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem;padding:0;list-style:none}
.cards li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem}
.cards a{font-weight:600}
.cards p{margin:.3rem 0 0;color:var(--quiet);font-size:.95rem}
.split{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:1.5rem;align-items:start}
@media (max-width:52rem){.split{grid-template-columns:1fr}}
figure{margin:0;max-width:45rem}figure img{display:block;width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:.6rem}
figcaption{color:var(--quiet);font-size:.9rem;margin-top:.3rem}
.paging+figure{margin-top:2rem}
.scroll,.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;padding:.5rem .8rem;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
td.text{white-space:normal;min-width:24rem;overflow-wrap:anywhere}
td.number,th.number{text-align:right;font-variant-numeric:tabular-nums}
thead th{background:var(--mark)}
tbody tr:last-child>*{border-bottom:0}
.scroll th:first-child{position:sticky;left:0;white-space:normal;min-width:11rem;max-width:18rem;background:var(--card);overflow-wrap:break-word;hyphens:auto}
.scroll thead th:first-child{background:var(--mark)}
.card th{width:40%;font-weight:600;white-space:normal}
.card td{white-space:normal;overflow-wrap:anywhere}
.card .names th{width:auto}
.card .names td{overflow-wrap:break-word}
.id{color:var(--quiet);font-weight:400;font-size:.85em;white-space:nowrap;margin-left:.5em}
details{margin-top:1rem}
summary{cursor:pointer;color:var(--accent);padding:.3rem 0;border-radius:3px}
summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
details p{margin:.3rem 0;color:var(--quiet)}
@media (max-width:30rem){h1{font-size:1.6rem;overflow-wrap:anywhere}th,td{padding:.45rem .6rem}.scroll th:first-child{min-width:10.5rem;max-width:10.5rem}.names{font-size:.88rem}.names th,.names td{padding:.45rem}}
.paging{display:flex;flex-wrap:wrap;gap:.75rem 1.25rem;align-items:center;margin:1rem 0}
.paging a{background:var(--accent);color:var(--accent-ink);text-decoration:none;padding:.4rem .9rem;border-radius:.4rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1rem;margin:0}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
footer{color:var(--quiet);font-size:.9rem;border-top:1px solid var(--line);margin-top:3rem}
)css";

std::string short_number(double value)
{
    char text[40];
    return {text, ows::put_fixed<8>(text, value)};
}

}  // namespace

std::string_view stylesheet() { return css; }

std::string anchor(const std::string& url, std::string_view text) { return "<a href=\"" + html_escaped(url) + "\">" + html_escaped(text) + "</a>"; }

http::Response html_response(const Ask& ask, const Page& page)
{
    const project::ProjectModel& model = ask.context.model;
    const std::string& name = model.title.empty() ? model.id : model.title;
    const bool german = ask.language == base::Language::de;
    http::Response response;
    response.content_type = "text/html; charset=utf-8";
    response.set_header("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'");
    response.set_header("Vary", "Accept, Accept-Language");
    std::string& html = response.body;
    html = std::string("<!DOCTYPE html>\n<html lang=\"") + (german ? "de" : "en") + "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
           html_escaped(page.title == name ? name : page.title + " · " + name) + "</title>\n<link rel=\"stylesheet\" href=\"" +
           html_escaped(ask.root + "/static/pages-" + ows::tag_of(css) + ".css") + "\">\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">" + ask.say({"Skip to content", "Zum Inhalt springen"}) +
           "</a>\n<header><div><nav aria-label=\"" + ask.say({"You are here", "Sie sind hier"}) + "\"><ol>";
    for (const auto& [url, title] : page.way) html += "<li>" + anchor(url, title) + "</li>";
    html += "<li aria-current=\"page\">" + html_escaped(page.title) + "</li></ol></nav>\n<div class=\"formats\">";
    for (const auto& [format, label] : page.formats) html += anchor(ask.with_parameters({{"f", format}}), label);
    html += "<a lang=\"" + std::string(german ? "en" : "de") + "\" hreflang=\"" + (german ? "en" : "de") + "\" href=\"" + html_escaped(ask.with_parameters({{"f", "html"}, {"lang", german ? "en" : "de"}})) + "\">" +
            (german ? "English" : "Deutsch") + "</a>" + access::visitor_links(ask.context.visitor, ask.language, ask.context.project_url, "?to=ogcapi");
    html += "</div></div></header>\n<main id=\"content\">\n<h1>" + html_escaped(page.title) + "</h1>\n" + page.content + "</main>\n<footer>" + html_escaped(name) + " · " +
            anchor(ask.with_language(ask.context.project_url + "/map"), ask.say({"Map", "Karte"})) + " · " + anchor(ask.page_url("/api?f=json"), ask.say({"Interface description (OpenAPI)", "Schnittstellenbeschreibung (OpenAPI)"})) +
            " · " + anchor(ask.context.project_url + "/ows?SERVICE=WMS&REQUEST=GetCapabilities", "WMS") + " · " + anchor(ask.context.project_url + "/ows?SERVICE=WFS&REQUEST=GetCapabilities", "WFS") + " · " +
            anchor(ask.context.project_url + "/wmts/1.0.0/WMTSCapabilities.xml", "WMTS") +
            "</footer>\n</body>\n</html>\n";
    return response;
}

std::string map_image(const Ask& ask, const project::PublishedLayer& layer, std::span<const table::Box> places, bool surroundings)
{
    if (!layer.in_wms || !layer.drawable || !layer.geometry || layer.crs.empty()) return {};
    const ows::PictureSize size;
    const ows::Picture picture = ows::picture_of(layer, places, size);
    const table::Box& box = picture.box;
    if (box.empty()) return {};
    const ows::CrsName crs = ows::wms_crs(layer.crs, "1.3.0", ask.context.model);
    const std::string bounds = crs.swapped ? short_number(box.ymin) + "," + short_number(box.xmin) + "," + short_number(box.ymax) + "," + short_number(box.xmax)
                                           : short_number(box.xmin) + "," + short_number(box.ymin) + "," + short_number(box.xmax) + "," + short_number(box.ymax);
    std::string layers, credit = ows::credit_text(layer.attribution);
    for (const project::PublishedLayer& other : ask.context.model.layers) {
        const bool ground = other.in_wms && other.visible && other.drawable && other.geometry && table::single_of(*other.geometry) != table::GeometryKind::point;
        if (!surroundings || !ground || other.name == layer.name) continue;
        layers += http::percent_encoded(other.name) + ",";
        if (const std::string also = ows::credit_text(other.attribution); credit.find(also) == std::string::npos) credit += (credit.empty() ? "" : " · ") + also;
    }
    layers += http::percent_encoded(layer.name);
    const std::string width = std::to_string(size.width), height = std::to_string(size.height);
    const std::string url = ask.context.project_url + "/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=" + layers + "&STYLES=&CRS=" + ows::wms_name(layer.crs) + "&BBOX=" + bounds +
                            "&WIDTH=" + width + "&HEIGHT=" + height + "&FORMAT=image/png";
    const std::string title = layer.title.empty() ? layer.name : layer.title;
    const std::string part = picture.whole ? "" : ask.say({" (detail)", " (Ausschnitt)"});
    return "<figure><img loading=\"lazy\" width=\"" + width + "\" height=\"" + height + "\" alt=\"" + html_escaped(ask.say({"Map: ", "Karte: "}) + title + part) + "\" src=\"" + html_escaped(url) +
           "\"><figcaption>" + html_escaped(title + part) + (credit.empty() ? "" : " · " + html_escaped(credit)) + "</figcaption></figure>\n";
}

}  // namespace stadtgdi::features
