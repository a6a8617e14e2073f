// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/items_page.hpp>
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <services/ows/reader_text.hpp>
#include <algorithm>
#include <utility>

namespace stadtgdi::features {

namespace {

using project::PublishedField;
using project::PublishedLayer;

struct ShownColumn {
    const PublishedField* field;
    const table::Column* column;
    ows::FieldRole role;
};

/// Facts, then capture, then identifiers, each in the layer's order, the object's own id last; the field that names a feature is not among them.
std::vector<ShownColumn> columns_of(const PublishedLayer& layer, const table::Table& table)
{
    std::vector<ShownColumn> columns;
    for (const PublishedField* field : shown_fields(layer))
        if (field->name != layer.display_field) columns.push_back({field, &table.column(field->name), ows::role_of(layer, *field)});
    const auto rank = [](const ShownColumn& shown) { return std::pair{shown.role, shown.field->name == "uuid"}; };
    std::stable_sort(columns.begin(), columns.end(), [&](const ShownColumn& a, const ShownColumn& b) { return rank(a) < rank(b); });
    return columns;
}

const PublishedField* name_field(const PublishedLayer& layer)
{
    for (const PublishedField* field : shown_fields(layer))
        if (field->name == layer.display_field) return field;
    return nullptr;
}

/// What names a feature, "" where it has no name.
std::string name_of(const Ask& ask, const PublishedLayer& layer, const table::Table& table, std::size_t row)
{
    const PublishedField* field = name_field(layer);
    return field == nullptr ? "" : ows::value_text(layer, *field, table.column(field->name), row, ask.language);
}

std::string cell(const Ask& ask, const PublishedLayer& layer, const ShownColumn& shown, std::size_t row)
{
    const bool number = (shown.field->type == table::Type::int64 || shown.field->type == table::Type::float64) && shown.field->codes.empty();
    std::string text = ows::value_text(layer, *shown.field, *shown.column, row, ask.language);
    // One long text would push the other rows off the page; the page of the feature shows it whole.
    constexpr std::size_t longest = 160;
    if (text.size() > longest) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
        text = text.substr(0, end) + " …";
    }
    return std::string("<td") + (number ? " class=\"number\"" : text.size() > 40 ? " class=\"text\"" : "") + ">" + html_escaped(text) + "</td>";
}

std::vector<std::pair<std::string, std::string>> way_to(const Ask& ask, const PublishedLayer& layer, bool to_items)
{
    const auto& model = ask.context.model;
    std::vector<std::pair<std::string, std::string>> way{{ask.page_url(""), model.title.empty() ? model.id : model.title},
                                                         {ask.page_url("/collections"), ask.say({"Collections", "Datensammlungen"})},
                                                         {ask.page_url(collection_path(layer)), title_of(layer)}};
    if (to_items) way.emplace_back(ask.page_url(collection_path(layer) + "/items"), ask.say({"Features", "Objekte"}));
    return way;
}

std::string paging_of(const Ask& ask, std::int64_t offset, std::int64_t count, std::int64_t matched, const PageLinks& links)
{
    const auto number = [&](std::int64_t value) { return ows::number_text(value, ask.language); };
    const std::string range = count == 0 ? "0" : count == 1 ? number(offset + 1) : number(offset + 1) + "–" + number(offset + count);
    std::string paging = "<nav class=\"paging\" aria-label=\"" + ask.say({"Pages", "Seiten"}) + "\"><span>" + range + " " + ask.say({"of", "von"}) + " " + number(matched) + "</span>";
    if (!links.previous.empty()) paging += anchor(links.previous, ask.say({"Previous page", "Vorige Seite"}));
    if (!links.next.empty()) paging += anchor(links.next, ask.say({"Next page", "Nächste Seite"}));
    return paging + "</nav>\n";
}

/// Two columns, label and value with its unit.
std::string facts_table(const Ask& ask, const PublishedLayer& layer, const std::vector<ShownColumn>& columns, std::size_t row)
{
    std::string html = "<div class=\"card\"><table><tbody>\n";
    for (const ShownColumn& shown : columns) {
        const ows::FieldLabel label = ows::label_of(*shown.field);
        const std::string value = ows::value_text(layer, *shown.field, *shown.column, row, ask.language);
        html += "<tr><th scope=\"row\">" + html_escaped(label.text) + "</th><td>" + html_escaped(label.unit.empty() ? value : value + " " + label.unit) + "</td></tr>\n";
    }
    return html + "</tbody></table></div>\n";
}

}  // namespace

http::Response items_page(const Ask& ask, const PublishedLayer& layer, const ows::Selection& selection, std::int64_t offset, std::int64_t count, const PageLinks& links)
{
    auto snapshot = selection.snapshot;
    std::int64_t start = offset;
    if (!snapshot) {
        snapshot = ask.context.project.query(layer.name, {.box = selection.source_box, .start = offset, .count = count}, ask.context.run);
        count = std::min(count, static_cast<std::int64_t>(snapshot->table.rows()));
        start = 0;
    }
    std::vector<std::size_t> rows;
    for (std::int64_t i = start; i < start + count; ++i)
        rows.push_back(static_cast<std::size_t>(selection.rows && selection.snapshot ? (*selection.rows)[static_cast<std::size_t>(i)] : i));
    std::vector<ShownColumn> columns = columns_of(layer, snapshot->table);
    std::erase_if(columns, [&](const ShownColumn& shown) {
        return std::none_of(rows.begin(), rows.end(), [&](std::size_t row) { return shown.column->valid(row) && !shown.column->as_text(row).empty(); });
    });

    Page page{ask.say({"Features", "Objekte"}) + ": " + title_of(layer), way_to(ask, layer, false), ""};
    for (const Format& format : item_encodings(layer))
        if (format.name != "json" && format.name != "html") page.formats.emplace_back(format.name, format.title);
    const std::string paging = paging_of(ask, offset, count, selection.matched, links);
    const PublishedField* name = name_field(layer);
    page.content = paging;
    if (!rows.empty()) {
        page.content += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + ask.say({"Table of features", "Tabelle der Objekte"}) + "\"><table><thead><tr><th scope=\"col\">" +
                        html_escaped(name != nullptr ? label_of(*name) : ask.say({"Feature", "Objekt"})) + "</th>";
        for (const ShownColumn& shown : columns) page.content += "<th scope=\"col\">" + html_escaped(label_of(*shown.field)) + "</th>";
        page.content += "</tr></thead><tbody>\n";
    }
    std::vector<table::Box> places;
    for (const std::size_t row : rows) {
        const std::string fid = std::to_string(snapshot->fids[row]);
        const std::string text = name_of(ask, layer, snapshot->table, row);
        const std::string url = ask.page_url(collection_path(layer) + "/items/" + fid);
        // Many trees have one name: the id tells the links apart.
        page.content += "<tr><th scope=\"row\"><a href=\"" + html_escaped(url) + "\">" + html_escaped(text.empty() ? ask.say({"Feature", "Objekt"}) : text) + "<span class=\"id\">" + fid + "</span></a></th>";
        for (const ShownColumn& shown : columns) page.content += cell(ask, layer, shown, row);
        page.content += "</tr>\n";
        if (snapshot->table.has_geometry() && snapshot->table.geometry().valid(row)) places.push_back(snapshot->table.geometry().box(row));
    }
    if (!rows.empty()) page.content += "</tbody></table></div>\n" + paging;
    page.content += map_image(ask, layer, places, true);
    return html_response(ask, page);
}

http::Response item_page(const Ask& ask, const PublishedLayer& layer, const store::Snapshot& snapshot, std::size_t row)
{
    const std::string name = name_of(ask, layer, snapshot.table, row);
    std::vector<ShownColumn> facts, more;
    std::string without;
    for (const ShownColumn& shown : columns_of(layer, snapshot.table)) {
        if (shown.column->valid(row) && !shown.column->as_text(row).empty())
            (shown.role == ows::FieldRole::fact ? facts : more).push_back(shown);
        else
            without += (without.empty() ? "" : ", ") + ows::label_of(*shown.field).text;
    }
    Page page{name.empty() ? ask.say({"Feature", "Objekt"}) + " " + std::to_string(snapshot.fids[row]) : name, way_to(ask, layer, true), ""};
    page.content = "<p class=\"lead\">" + html_escaped(title_of(layer)) + "</p>\n<div class=\"split\"><div>\n";
    if (!facts.empty()) page.content += facts_table(ask, layer, facts, row);
    if (!more.empty()) page.content += "<details><summary>" + ask.say({"More: capture and identifiers", "Mehr: Erfassung und Kennungen"}) + "</summary>\n" + facts_table(ask, layer, more, row) + "</details>\n";
    if (!without.empty()) page.content += "<details><summary>" + ask.say({"Without a value", "Ohne Angabe"}) + "</summary>\n<p>" + html_escaped(without) + "</p></details>\n";
    page.content += "</div>\n";
    if (snapshot.table.has_geometry() && snapshot.table.geometry().valid(row)) page.content += map_image(ask, layer, std::vector<table::Box>{snapshot.table.geometry().box(row)}, true);
    page.content += "</div>\n";
    return html_response(ask, page);
}

}  // namespace stadtgdi::features
