// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/server/page.hpp>

#include <services/http/message.hpp>

namespace stadtgdi::server {

using base::Language;
using base::Text;
using http::html_escaped;

std::string page(const PageFrame& frame, std::string_view content)
{
    const bool german = frame.language == Language::de;
    const std::string site = frame.site.empty() ? "StadtGDI" : frame.site;
    const std::string base = html_escaped(frame.base_url);
    std::string html = "<!DOCTYPE html>\n<html lang=\"";
    html += german ? "de" : "en";
    html += "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
    html += html_escaped(frame.title == site ? site : frame.title + " – " + site);
    html += "</title>\n<link rel=\"icon\" href=\"" + base + "/favicon.svg\" type=\"image/svg+xml\">\n";
    html += "<link rel=\"stylesheet\" href=\"" + base + "/stadtgdi.css\">\n</head>\n<body>\n";
    html += std::string("<a class=\"skip\" href=\"#content\">") + (german ? "Zum Inhalt" : "Skip to content") + "</a>\n";
    html += "<header class=\"site\"><a class=\"name\" href=\"" + base + "/\">" + html_escaped(site) + "</a>";
    html += "<span class=\"tools\">" + access::visitor_links(frame.visitor, frame.language, frame.base_url);
    if (!frame.other_language_url.empty())
        html += "<a class=\"language\" hreflang=\"" + std::string(german ? "en" : "de") + "\" lang=\"" + (german ? "en" : "de") + "\" href=\""
                + html_escaped(frame.other_language_url) + "\">" + (german ? "English" : "Deutsch") + "</a>";
    html += "</span></header>\n<main id=\"content\">\n";
    html += content;
    html += "</main>\n<footer>";
    if (!frame.imprint_url.empty())
        html += "<a href=\"" + html_escaped(frame.imprint_url) + "\">" + (german ? "Impressum" : "Imprint") + "</a> ";
    if (!frame.privacy_url.empty())
        html += "<a href=\"" + html_escaped(frame.privacy_url) + "\">" + (german ? "Datenschutz" : "Privacy") + "</a> ";
    html += "<span>StadtGDI</span></footer>\n</body>\n</html>\n";
    return html;
}

std::string_view style_sheet()
{
    return R"css(:root { color-scheme: light dark; --ink: #1b2a30; --paper: #ffffff; --soft: #f1f5f4; --line: #c3d0cd; --link: #0b5c57; --mark: #0b5c57; --quiet: #4d6067; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eeec; --paper: #14201f; --soft: #1e2c2b; --line: #3d524f; --link: #7fd4c8; --mark: #2f8f85; --quiet: #a9bab7; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.55 "Noto Sans", "DejaVu Sans", system-ui, sans-serif; color: var(--ink); background: var(--paper); }
a { color: var(--link); text-underline-offset: 0.15em; }
a:focus-visible, button:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.5rem; z-index: 1; }
header.site { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: 0.9rem max(1.25rem, calc(50vw - 32.75rem)); border-bottom: 4px solid var(--mark); }
header.site .tools, .visitor { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.2rem 1.2rem; }
.visitor { gap: 0.2rem 0.6rem; }
header.site .name { font-weight: 700; font-size: 1.15rem; color: inherit; text-decoration: none; }
@media (max-width: 68rem) { footer { margin: 0 1.25rem; } }
main { max-width: 68rem; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
h1 { font-size: 1.8rem; line-height: 1.25; margin: 1.2rem 0 0.6rem; }
h2 { font-size: 1.25rem; margin: 0 0 0.3rem; }
.lead { color: var(--quiet); max-width: 46rem; }
ul.projects { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1.1rem; }
ul.projects > li { display: flex; flex-direction: column; background: var(--soft); border: 1px solid var(--line); border-radius: 0.5rem; padding: 1.1rem 1.2rem; }
ul.projects p { margin: 0.3rem 0 0.8rem; overflow-wrap: anywhere; }
ul.projects .facts { color: var(--quiet); font-size: 0.9rem; margin-top: auto; }
ul.projects .go { display: inline-block; align-self: flex-start; background: #0b5c57; color: #ffffff; text-decoration: none; font-weight: 600; padding: 0.5rem 1.1rem; border-radius: 0.35rem; }
ul.projects .go:hover { text-decoration: underline; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.95rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1.2rem 0.35rem 0; border-bottom: 1px solid var(--line); }
.facts { color: var(--quiet); font-size: 0.9rem; }
.wide + h2, ul + h2 { margin-top: 2rem; }
h3 { font-size: 1.05rem; margin: 1rem 0 0.3rem; }
.services { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; list-style: none; padding: 0; margin: 0.8rem 0 0; font-size: 0.95rem; }
.services a { display: inline-block; padding: 0.15rem 0; }
footer { max-width: 65.5rem; margin: 0 auto; padding: 1rem 0 2rem; border-top: 1px solid var(--line); color: var(--quiet); display: flex; gap: 1.25rem; font-size: 0.9rem; }
)css";
}

std::string_view icon_svg()
{
    return R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#0b5c57"/><path d="M5 23l7-4 8 4 7-4" fill="none" stroke="#9fd8cf" stroke-width="2"/><circle cx="12" cy="11" r="5" fill="#8fd06a"/><rect x="11" y="15" width="2" height="5" fill="#e8f2ef"/><path d="M19 20V11h6v9z" fill="#e8f2ef"/></svg>
)svg";
}

}  // namespace stadtgdi::server
