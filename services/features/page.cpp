// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/crs.hpp>
#include <services/features/page.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/xml_names.hpp>
#include <algorithm>
#include <cmath>

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
.formats{display:flex;gap:1rem;font-size:.95rem}
h1{font-size:1.9rem;line-height:1.2;margin:1.2rem 0 .4rem}
h2{font-size:1.2rem;margin:2rem 0 .6rem}
p.lead{color:var(--quiet);max-width:48rem;margin:.2rem 0 1.2rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr));gap:1rem;padding:0;list-style:none}
.cards li{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.1rem}
.cards a{font-weight:600}
.cards p{margin:.3rem 0 0;color:var(--quiet);font-size:.95rem}
.split{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:1.5rem;align-items:start}
@media (max-width:52rem){.split{grid-template-columns:1fr}}
figure{margin:0}figure img{display:block;width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:.6rem}
figcaption{color:var(--quiet);font-size:.9rem;margin-top:.3rem}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.6rem}
table{border-collapse:collapse;width:100%;font-size:.95rem}
th,td{text-align:left;padding:.5rem .8rem;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
td.text{white-space:normal;min-width:16rem;overflow-wrap:anywhere}
td.number{text-align:right;font-variant-numeric:tabular-nums}
thead th{background:var(--mark);position:sticky;top:0}
tbody tr:last-child>*{border-bottom:0}
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
    html += anchor(ask.with_parameters({{"f", "json"}}), "JSON");
    html += "<a lang=\"" + std::string(german ? "en" : "de") + "\" hreflang=\"" + (german ? "en" : "de") + "\" href=\"" + html_escaped(ask.with_parameters({{"f", "html"}, {"lang", german ? "en" : "de"}})) + "\">" +
            (german ? "English" : "Deutsch") + "</a>";
    html += "</div></div></header>\n<main id=\"content\">\n<h1>" + html_escaped(page.title) + "</h1>\n" + page.content + "</main>\n<footer>" + html_escaped(name) + " · " +
            anchor(ask.context.project_url + "/map", ask.say({"Map", "Karte"})) + " · " + anchor(ask.page_url("/api?f=json"), ask.say({"Interface description (OpenAPI)", "Schnittstellenbeschreibung (OpenAPI)"})) +
            " · " + anchor(ask.context.project_url + "/ows?SERVICE=WMS&REQUEST=GetCapabilities", "WMS") + " · " + anchor(ask.context.project_url + "/ows?SERVICE=WFS&REQUEST=GetCapabilities", "WFS") +
            "</footer>\n</body>\n</html>\n";
    return response;
}

std::string map_image(const Ask& ask, const project::PublishedLayer& layer, table::Box box)
{
    if (!layer.drawable || !layer.geometry || layer.crs.empty() || box.empty()) return {};
    const bool geographic = crs::info(layer.crs).geographic;
    const double least = geographic ? 0.002 : 150;
    const double grow_x = std::max((box.xmax - box.xmin) * 0.04, (least - (box.xmax - box.xmin)) / 2);
    const double grow_y = std::max((box.ymax - box.ymin) * 0.04, (least - (box.ymax - box.ymin)) / 2);
    box = {box.xmin - grow_x, box.ymin - grow_y, box.xmax + grow_x, box.ymax + grow_y};
    const double ratio = (box.ymax - box.ymin) / (box.xmax - box.xmin);
    if (!std::isfinite(ratio) || ratio <= 0) return {};
    const int width = ratio > 420.0 / 720.0 ? std::max(80, static_cast<int>(420 / ratio)) : 720;
    const int height = std::max(80, static_cast<int>(std::lround(width * ratio)));
    const ows::CrsName crs = ows::wms_crs(layer.crs, "1.3.0", ask.context.model);
    const std::string bounds = crs.swapped ? short_number(box.ymin) + "," + short_number(box.xmin) + "," + short_number(box.ymax) + "," + short_number(box.xmax)
                                           : short_number(box.xmin) + "," + short_number(box.ymin) + "," + short_number(box.xmax) + "," + short_number(box.ymax);
    const std::string url = ask.context.project_url + "/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=" + http::percent_encoded(layer.name) + "&STYLES=&CRS=" + ows::wms_name(layer.crs) + "&BBOX=" + bounds +
                            "&WIDTH=" + std::to_string(std::min(width, 720)) + "&HEIGHT=" + std::to_string(std::min(height, 720)) + "&FORMAT=image/png";
    const std::string title = layer.title.empty() ? layer.name : layer.title;
    return "<figure><img loading=\"lazy\" width=\"" + std::to_string(std::min(width, 720)) + "\" height=\"" + std::to_string(std::min(height, 720)) + "\" alt=\"" +
           html_escaped(ask.say({"Map: ", "Karte: "}) + title) + "\" src=\"" + html_escaped(url) + "\"><figcaption>" + html_escaped(title) +
           (layer.attribution.empty() ? "" : " · © " + html_escaped(layer.attribution)) + "</figcaption></figure>\n";
}

}  // namespace stadtgdi::features
