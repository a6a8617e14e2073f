// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/page.hpp>
#include <services/features/resources.hpp>
#include <services/ows/escape.hpp>
#include <services/ows/feature_stream.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/xml_names.hpp>
#include <algorithm>
#include <limits>
#include <tuple>

namespace stadtgdi::features {

namespace {

std::int64_t number_of(const Ask& ask, std::string_view name, std::int64_t fallback, std::int64_t minimum)
{
    const auto text = ask.parameter(name);
    if (!text) return fallback;
    const auto value = ows::parse_integer(*text);
    if (!value || *value < minimum)
        throw Problem(400, base::filled({"{0} is '{1}'; expected is a whole number from {2} on.", "{0} ist '{1}'; erwartet wird eine ganze Zahl ab {2}."}, std::string(name), *text, std::to_string(minimum)));
    return *value;
}

ows::CrsName crs_of(const Ask& ask, std::string_view name)
{
    const auto text = ask.parameter(name);
    return ows::wfs_crs(text ? *text : ows::uri_name("OGC:CRS84"), ask.context.model, name);
}

/// A date or a time as the moments it spans, in microseconds.
std::pair<std::int64_t, std::int64_t> moments(const std::string& text)
{
    constexpr std::int64_t day = 86'400'000'000;
    std::int32_t days = 0;
    std::int64_t microseconds = 0;
    if (text.size() == 10 && table::parse_date(text, days)) return {days * day, days * day + day - 1};
    if (text.size() > 10 && table::parse_datetime(text, microseconds)) return {microseconds, microseconds};
    throw Problem(400, base::filled({"datetime has '{0}'; expected is a time of RFC 3339, a date or an interval with '/'.",
                                     "datetime enthält '{0}'; erwartet wird eine Zeit nach RFC 3339, ein Datum oder ein Zeitraum mit '/'."},
                                    text));
}

std::optional<ows::FeatureQuery::TimeRange> time_of(const Ask& ask, const project::PublishedLayer& layer)
{
    const auto text = ask.parameter("datetime");
    if (!text) return std::nullopt;
    ows::FeatureQuery::TimeRange range;
    const auto ends = ows::split(*text, '/');
    const auto open = [](const std::string& end) { return end.empty() || end == ".."; };
    if (ends.size() == 1) {
        std::tie(range.from, range.to) = moments(ends[0]);
    } else {
        if (ends.size() != 2) moments(*text);
        if (!open(ends[0])) range.from = moments(ends[0]).first;
        if (!open(ends[1])) range.to = moments(ends[1]).second;
        if (range.from && range.to && *range.from > *range.to)
            throw Problem(400, {"The interval of datetime ends before it begins.", "Der Zeitraum in datetime endet vor seinem Beginn."});
    }
    const project::PublishedField* field = time_field(layer);
    if (field == nullptr || (!range.from && !range.to)) return std::nullopt;
    range.field = field->name;
    return range;
}

ows::FeatureShape shape_of(const project::PublishedLayer& layer, const ows::CrsName& crs)
{
    ows::FeatureShape shape;
    for (const auto field : shown_fields(layer)) shape.fields.push_back(field->name);
    shape.crs = crs;
    return shape;
}

std::string comma_separated_links(const Json& links)
{
    const std::string text = links.dump(-1, ' ', false, Json::error_handler_t::replace);
    return "\"links\":" + text;
}

/// A value as people read it: the label of its code where it has one.
std::string shown_value(const project::PublishedField& field, const table::Column& column, std::size_t row)
{
    if (!column.valid(row)) return "";
    const std::string text = column.as_text(row);
    for (const auto& [value, label] : field.codes)
        if (value == text && !label.empty()) return label;
    return text;
}

std::string cell(const project::PublishedField& field, const table::Column& column, std::size_t row)
{
    const bool number = (field.type == table::Type::int64 || field.type == table::Type::float64) && field.codes.empty();
    std::string text = shown_value(field, column, row);
    // One long text would push the other rows off the page; the page of the feature shows it whole.
    constexpr std::size_t longest = 160;
    if (text.size() > longest) {
        std::size_t end = longest;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
        text = text.substr(0, end) + " …";
    }
    return std::string("<td") + (number ? " class=\"number\"" : text.size() > 40 ? " class=\"text\"" : "") + ">" + html_escaped(text) + "</td>";
}

std::vector<std::pair<std::string, std::string>> way_to(const Ask& ask, const project::PublishedLayer& layer, bool to_items)
{
    const auto& model = ask.context.model;
    std::vector<std::pair<std::string, std::string>> way{{ask.page_url(""), model.title.empty() ? model.id : model.title},
                                                         {ask.page_url("/collections"), ask.say({"Collections", "Datensammlungen"})},
                                                         {ask.page_url(collection_path(layer)), title_of(layer)}};
    if (to_items) way.emplace_back(ask.page_url(collection_path(layer) + "/items"), ask.say({"Features", "Objekte"}));
    return way;
}

struct PageLinks {
    std::string next, previous;
};

PageLinks page_links(const Ask& ask, std::int64_t offset, std::int64_t limit, std::int64_t returned, std::int64_t matched)
{
    const auto page = [&](std::int64_t start) { return ask.with_parameters({{"limit", std::to_string(limit)}, {"offset", std::to_string(start)}}); };
    PageLinks links;
    if (offset + returned < matched && returned > 0) links.next = page(offset + returned);
    if (offset > 0) links.previous = page(std::max<std::int64_t>(0, std::min(offset, matched) - limit));
    return links;
}

http::Response items_page(const Ask& ask, const project::PublishedLayer& layer, const ows::Selection& selection, std::int64_t offset, std::int64_t count, const PageLinks& links)
{
    auto snapshot = selection.snapshot;
    std::int64_t start = offset;
    if (!snapshot) {
        snapshot = ask.context.project.query(layer.name, {.box = selection.source_box, .start = offset, .count = count}, ask.context.run);
        count = std::min(count, static_cast<std::int64_t>(snapshot->table.rows()));
        start = 0;
    }
    const auto fields = shown_fields(layer);
    const std::string range = count == 0 ? "0" : std::to_string(offset + 1) + "–" + std::to_string(offset + count);
    Page page{ask.say({"Features", "Objekte"}) + ": " + title_of(layer), way_to(ask, layer, false), ""};
    std::string paging = "<nav class=\"paging\" aria-label=\"" + ask.say({"Pages", "Seiten"}) + "\"><span>" + range + " " + ask.say({"of", "von"}) + " " + std::to_string(selection.matched) + "</span>";
    if (!links.previous.empty()) paging += anchor(links.previous, ask.say({"Previous page", "Vorige Seite"}));
    if (!links.next.empty()) paging += anchor(links.next, ask.say({"Next page", "Nächste Seite"}));
    paging += "</nav>\n";
    page.content = paging + "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" + ask.say({"Table of features", "Tabelle der Objekte"}) + "\"><table><thead><tr><th scope=\"col\">" + ask.say({"Id", "Kennung"}) + "</th>";
    std::vector<const table::Column*> columns;
    for (const auto field : fields) {
        columns.push_back(&snapshot->table.column(field->name));
        page.content += "<th scope=\"col\">" + html_escaped(label_of(*field)) + "</th>";
    }
    page.content += "</tr></thead><tbody>\n";
    for (std::int64_t i = start; i < start + count; ++i) {
        const auto row = static_cast<std::size_t>(selection.rows && selection.snapshot ? (*selection.rows)[static_cast<std::size_t>(i)] : i);
        const std::string fid = std::to_string(snapshot->fids[row]);
        page.content += "<tr><th scope=\"row\">" + anchor(ask.page_url(collection_path(layer) + "/items/" + fid), fid) + "</th>";
        for (std::size_t f = 0; f < fields.size(); ++f) page.content += cell(*fields[f], *columns[f], row);
        page.content += "</tr>\n";
    }
    page.content += "</tbody></table></div>\n" + paging + map_image(ask, layer, layer.extent);
    return html_response(ask, page);
}

http::Response item_page(const Ask& ask, const project::PublishedLayer& layer, const store::Snapshot& snapshot, std::size_t row)
{
    std::string name = ask.say({"Feature", "Objekt"}) + " " + std::to_string(snapshot.fids[row]);
    for (const auto field : shown_fields(layer))
        if (field->name == layer.display_field)
            if (const std::string value = shown_value(*field, snapshot.table.column(field->name), row); !value.empty()) name = value;
    Page page{name, way_to(ask, layer, true), "<div class=\"split\"><div class=\"scroll\"><table><tbody>\n"};
    for (const auto field : shown_fields(layer))
        page.content += "<tr><th scope=\"row\">" + html_escaped(label_of(*field)) + "</th><td class=\"text\">" + html_escaped(shown_value(*field, snapshot.table.column(field->name), row)) + "</td></tr>\n";
    page.content += "</tbody></table></div>\n";
    if (snapshot.table.has_geometry() && snapshot.table.geometry().valid(row)) page.content += map_image(ask, layer, snapshot.table.geometry().box(row));
    page.content += "</div>\n";
    return html_response(ask, page);
}

std::string tag_for(const Ask& ask, const std::string& data_version)
{
    std::string text = ask.context.model.version + "|" + data_version + "|" + ask.context.rights.key() + "|" + ask.root + ask.path + (ask.html ? "|html|" : "|json|") + (ask.language == base::Language::de ? "de" : "en");
    for (const auto& [name, value] : ask.context.request.parameters) text += "|" + name + "=" + value;
    return ows::tag_of(text);
}

}  // namespace

bool is_reserved(std::string_view parameter)
{
    for (const char* name : {"f", "lang", "limit", "offset", "bbox", "bbox-crs", "crs", "datetime"})
        if (parameter == name) return true;
    return false;
}

http::Response items(const Ask& ask, const project::PublishedLayer& layer)
{
    std::vector<std::string> known{"limit", "offset", "bbox", "bbox-crs", "crs", "datetime"};
    ows::FeatureQuery query;
    for (const auto field : shown_fields(layer)) {
        if (is_reserved(field->name)) continue;
        known.push_back(field->name);
        if (const auto value = ask.parameter(field->name)) query.equals.push_back({field->name, *value});
    }
    expect_parameters(ask, known);
    const ows::ServiceLimits& limits = ask.context.limits;
    const std::int64_t limit = std::min(number_of(ask, "limit", limits.default_items, 1), limits.max_items);
    const std::int64_t offset = number_of(ask, "offset", 0, 0);
    const ows::CrsName crs = crs_of(ask, "crs"), box_crs = crs_of(ask, "bbox-crs");
    if (const auto box = ask.parameter("bbox")) query.box = ows::BoxWithCrs{ows::parse_box(ows::split(*box, ','), box_crs.swapped, false, "bbox"), box_crs};
    query.time = time_of(ask, layer);

    ows::FeatureAnswer answer;
    answer.selection = ows::select(ask.context, layer, query);
    const std::int64_t matched = answer.selection.matched;
    answer.start = offset;
    answer.count = std::clamp<std::int64_t>(matched - offset, 0, limit);
    const PageLinks links = page_links(ask, offset, limit, answer.count, matched);
    const std::string tag = tag_for(ask, answer.selection.snapshot ? answer.selection.snapshot->version : ask.context.project.version());
    if (http::has_etag(ask.context.request, tag)) return http::not_modified(tag);

    http::Response response;
    if (ask.html) {
        response = items_page(ask, layer, answer.selection, offset, answer.count, links);
    } else {
        answer.shape = shape_of(layer, crs);
        answer.writer = [shape = answer.shape](const store::Snapshot& snapshot) { return ows::geojson_writer(snapshot, shape); };
        answer.cut_first = true;
        Json all = Json::array();
        add_self_links(all, ask, "application/geo+json");
        if (!links.next.empty()) all.push_back(link("next", "application/geo+json", links.next, ask.say({"Next page", "Nächste Seite"})));
        if (!links.previous.empty()) all.push_back(link("prev", "application/geo+json", links.previous, ask.say({"Previous page", "Vorige Seite"})));
        all.push_back(link("collection", "application/json", ask.root + collection_path(layer) + "?f=json", title_of(layer)));
        answer.head = "{\"type\":\"FeatureCollection\"," + comma_separated_links(all) + ",\"timeStamp\":\"" + ows::utc_now() + "\",\"numberMatched\":" + std::to_string(matched) +
                      ",\"numberReturned\":" + std::to_string(answer.count) + ",\"features\":[";
        answer.tail = "\n]}\n";
        response.content_type = "application/geo+json";
        response.set_header("OGC-NumberMatched", std::to_string(matched));
        response.set_header("OGC-NumberReturned", std::to_string(answer.count));
        ows::send_features(response, ask.context, layer, std::move(answer));
        response.set_header("Content-Crs", "<" + ows::uri_name(crs.code) + ">");
    }
    response.etag = tag;
    return response;
}

http::Response item(const Ask& ask, const project::PublishedLayer& layer, const std::string& id)
{
    expect_parameters(ask, {"crs"});
    const ows::CrsName crs = crs_of(ask, "crs");
    const auto fid = ows::parse_integer(id);
    const auto missing = [&] { return Problem(404, base::filled({"There is no feature '{0}' in '{1}'.", "Ein Objekt '{0}' gibt es in '{1}' nicht."}, id, layer.name)); };
    if (!fid) throw missing();
    ows::FeatureQuery query;
    query.fids = std::vector<std::int64_t>{*fid};
    ows::FeatureAnswer answer;
    answer.selection = ows::select(ask.context, layer, query);
    if (answer.selection.matched == 0) throw missing();
    const std::string tag = tag_for(ask, answer.selection.snapshot->version);
    if (http::has_etag(ask.context.request, tag)) return http::not_modified(tag);
    http::Response response;
    if (ask.html) {
        response = item_page(ask, layer, *answer.selection.snapshot, static_cast<std::size_t>(answer.selection.rows->front()));
    } else {
        answer.count = 1;
        answer.shape = shape_of(layer, crs);
        answer.writer = [shape = answer.shape](const store::Snapshot& snapshot) { return ows::geojson_writer(snapshot, shape); };
        ows::send_features(response, ask.context, layer, std::move(answer));
        Json links = Json::array();
        add_self_links(links, ask, "application/geo+json");
        links.push_back(link("collection", "application/json", ask.root + collection_path(layer) + "?f=json", title_of(layer)));
        response.body.erase(0, 2);  // ",\n" before a feature of a collection
        response.body.pop_back();
        response.body += "," + comma_separated_links(links) + "}\n";
        response.content_type = "application/geo+json";
        response.set_header("Content-Crs", "<" + ows::uri_name(crs.code) + ">");
    }
    response.etag = tag;
    return response;
}

}  // namespace stadtgdi::features
