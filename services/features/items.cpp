// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/crs.hpp>
#include <services/features/items_page.hpp>
#include <services/features/resources.hpp>
#include <services/ows/cql2_json.hpp>
#include <services/ows/cql2_text.hpp>
#include <services/ows/escape.hpp>
#include <services/ows/file_answer.hpp>
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

/// A layer with a life span matches where it meets the time; else its first field of a date or time does. Rows without one match.
ows::PredicatePtr time_of(const Ask& ask, const project::PublishedLayer& layer)
{
    const auto text = ask.parameter("datetime");
    if (!text) return {};
    ows::TimeSpan asked;
    const auto ends = ows::split(*text, '/');
    const auto open = [](const std::string& end) { return end.empty() || end == ".."; };
    if (ends.size() == 1) {
        std::tie(asked.from, asked.to) = moments(ends[0]);
    } else {
        if (ends.size() != 2) moments(*text);
        if (!open(ends[0])) asked.from = moments(ends[0]).first;
        if (!open(ends[1])) asked.to = moments(ends[1]).second;
        if (asked.from > asked.to) throw Problem(400, {"The interval of datetime ends before it begins.", "Der Zeitraum in datetime endet vor seinem Beginn."});
    }
    const auto fields = shown_fields(layer);
    const auto has = [&](const char* name) { return std::ranges::any_of(fields, [&](const project::PublishedField* field) { return field->name == name && (field->type == table::Type::date || field->type == table::Type::datetime); }); };
    ows::TimeOperand of_row, given;
    if (has("valid_from") && has("valid_to")) {
        of_row.from_field = "valid_from";
        of_row.to_field = "valid_to";
        of_row.is_interval = true;
    } else if (const project::PublishedField* field = time_field(layer)) {
        of_row.from_field = of_row.to_field = field->name;
    } else {
        return {};
    }
    given.span = asked;
    auto predicate = std::make_shared<ows::Predicate>();
    predicate->kind = ows::Predicate::Kind::time;
    predicate->times = {of_row, given};
    predicate->null_matches = true;
    return predicate;
}

/// The field of a name that may be shown; null: none such.
const project::PublishedField* shown_field(const project::PublishedLayer& layer, std::string_view name)
{
    for (const auto field : shown_fields(layer))
        if (field->name == name) return field;
    return nullptr;
}

/// filter, datetime and every property that is a parameter by itself; all must hold. Null: none is given.
ows::PredicatePtr condition_of(const Ask& ask, const project::PublishedLayer& layer)
{
    const auto names = [&](std::string_view name) -> std::string {
        if (shown_field(layer, name) != nullptr && !is_reserved(name)) return std::string(name);
        if (!name.empty() && name == geometry_name(layer)) return {};
        throw Problem(400, base::filled({"There is no queryable '{0}'.", "Eine abfragbare Eigenschaft '{0}' gibt es nicht."}, base::shortened(std::string(name), 60)));
    };
    const auto ids = [](const std::string& id) { return ows::parse_integer(id); };
    std::vector<ows::PredicatePtr> parts;
    for (const auto field : shown_fields(layer)) {
        const auto value = is_reserved(field->name) ? std::nullopt : ask.parameter(field->name);
        if (!value) continue;
        const ows::FilterContext context{ask.context.model, layer, names, ids, {}, field->name};
        ows::FilterBuilder builder(context);
        parts.push_back(builder.compare(ows::Comparison::equal, builder.field(field->name), builder.untyped(*value)));
    }
    const std::string language = ask.parameter("filter-lang").value_or("cql2-text");
    if (language != "cql2-text" && language != "cql2-json")
        throw Problem(400, base::filled({"filter-lang is '{0}'; expected is cql2-text or cql2-json.", "filter-lang ist '{0}'; erwartet wird cql2-text oder cql2-json."}, language));
    const ows::CrsName crs = crs_of(ask, "filter-crs");
    if (const auto filter = ask.parameter("filter")) {
        const ows::FilterContext context{ask.context.model, layer, names, ids, crs, "filter"};
        parts.push_back(language == "cql2-text" ? ows::read_cql2_text(*filter, context) : ows::read_cql2_json(*filter, context));
    }
    if (auto time = time_of(ask, layer)) parts.push_back(std::move(time));
    return parts.empty() ? nullptr : ows::all_of(std::move(parts));
}

/// Where the west of a box lies east of its east, it goes across the 180th meridian: these are two.
void add_box(const Ask& ask, ows::FeatureQuery& query)
{
    const auto text = ask.parameter("bbox");
    if (!text) return;
    const ows::CrsName crs = crs_of(ask, "bbox-crs");
    std::vector<std::string> numbers = ows::split(*text, ',');
    const auto parsed = [&](const std::vector<std::string>& sides) { return ows::BoxWithCrs{ows::parse_box(sides, crs.swapped, false, "bbox"), crs}; };
    const std::size_t west = crs.swapped ? 1 : 0, east = west + numbers.size() / 2;
    const bool well = numbers.size() == 4 || numbers.size() == 6;
    const auto from = well ? ows::parse_number(ows::trimmed(numbers[west])) : std::nullopt, to = well ? ows::parse_number(ows::trimmed(numbers[east])) : std::nullopt;
    if (!from || !to || *from <= *to || *from > 180 || *to < -180 || !crs::info(crs.code).geographic) {
        query.box = parsed(numbers);
        return;
    }
    std::vector<std::string> western = numbers;
    western[east] = "180";
    numbers[west] = "-180";
    std::vector<ows::PredicatePtr> halves;
    for (const auto& sides : {western, numbers}) {
        auto half = std::make_shared<ows::Predicate>();
        half->kind = ows::Predicate::Kind::box;
        half->box = parsed(sides);
        halves.push_back(std::move(half));
    }
    auto either = ows::any_of(std::move(halves));
    query.where = query.where ? ows::all_of({query.where, std::move(either)}) : std::move(either);
}

/// "+name,-height_m"; a "+" that a client did not encode arrives as a blank.
std::vector<ows::FeatureQuery::SortKey> order_of(const Ask& ask, const project::PublishedLayer& layer)
{
    std::vector<ows::FeatureQuery::SortKey> keys;
    const auto text = ask.parameter("sortby");
    if (!text) return keys;
    const std::vector<std::string> parts = ows::split(*text, ',');
    if (parts.size() > ows::FeatureQuery::most_sort_keys) throw Problem(400, {"Features are sorted by at most 20 properties.", "Sortiert wird nach höchstens 20 Eigenschaften."});
    for (const std::string& part : parts) {
        const bool descending = part.starts_with('-');
        const std::string name(ows::trimmed(descending || part.starts_with('+') ? std::string_view(part).substr(1) : std::string_view(part)));
        if (shown_field(layer, name) == nullptr)
            throw Problem(400, base::filled({"sortby has '{0}', which is no property to sort by.", "sortby enthält '{0}', danach lässt sich nicht sortieren."}, base::shortened(part, 60)));
        keys.push_back({name, descending});
    }
    return keys;
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

PageLinks page_links(const Ask& ask, std::int64_t offset, std::int64_t limit, std::int64_t returned, std::int64_t matched)
{
    const auto page = [&](std::int64_t start) { return ask.with_parameters({{"limit", std::to_string(limit)}, {"offset", std::to_string(start)}}); };
    PageLinks links;
    if (offset + returned < matched && returned > 0) links.next = page(offset + returned);
    if (offset > 0) links.previous = page(std::max<std::int64_t>(0, std::min(offset, matched) - limit));
    return links;
}

std::string tag_for(const Ask& ask, const std::string& data_version, std::string_view format)
{
    std::string text = ask.context.model.version + "|" + data_version + "|" + ask.context.rights.key() + "|" + ask.root + ask.path + "|" + std::string(format) + "|" + (ask.html ? ask.context.visitor.name + "|" : "") + (ask.language == base::Language::de ? "de" : "en");
    for (const auto& [name, value] : ask.context.request.parameters) text += "|" + name + "=" + value;
    return ows::tag_of(text);
}

constexpr Format csv{"csv", "text/csv", "CSV"}, flatgeobuf{"flatgeobuf", "application/flatgeobuf", "FlatGeobuf"};

bool is_file(const Format& format) { return format.name == csv.name || format.name == flatgeobuf.name; }

/// Coordinates have x first whatever the CRS says: so GDAL and QGIS read them.
void send_as_file(http::Response& response, const Ask& ask, const project::PublishedLayer& layer, const Format& format, ows::FeatureAnswer answer)
{
    answer.shape.crs.swapped = false;
    answer.shape.with_geometry = layer.geometry.has_value();
    std::vector<ows::NamedAnswer> answers;
    answers.push_back({&layer, layer.name_of_features(), layer.geometry_name.empty() ? "geometry" : layer.geometry_name, std::move(answer)});
    response.content_type = format.type;
    if (format.name == csv.name)
        ows::send_csv(response, ask.context, std::move(answers.front()));
    else
        ows::send_file(response, ask.context, ows::FileFormat::flatgeobuf, answers, "f");
}

/// "<uri>" of the CRS of coordinates in the order that they are written in; empty where none of ours has it: what the CRS itself
/// has the other way round.
std::string content_crs(const ows::CrsName& crs, bool x_first)
{
    if (!x_first || !crs.swapped) return "<" + ows::uri_name(crs.code) + ">";
    return crs.code == "EPSG:4326" ? "<" + ows::uri_name("OGC:CRS84") + ">" : std::string();
}

/// A link as a header, where the body has no room for it.
std::string header_link(std::string_view rel, std::string_view type, const std::string& href) { return "<" + href + ">; rel=\"" + std::string(rel) + "\"; type=\"" + std::string(type) + "\""; }

}  // namespace

bool is_reserved(std::string_view parameter)
{
    for (const char* name : {"f", "lang", "limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby"})
        if (parameter == name) return true;
    return false;
}

std::vector<Format> item_encodings(const project::PublishedLayer& layer)
{
    std::vector<Format> formats{{"json", "application/geo+json", "GeoJSON"}, {"html", "text/html", "HTML"}, csv};
    if (layer.geometry) formats.push_back(flatgeobuf);
    return formats;
}

std::vector<Format> item_formats(const project::PublishedLayer& layer)
{
    std::vector<Format> formats = document_formats();
    for (const Format& format : item_encodings(layer))
        if (is_file(format)) formats.push_back(format);
    return formats;
}

http::Response items(const Ask& ask, const project::PublishedLayer& layer, const Format& format)
{
    std::vector<std::string> known{"limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby"};
    ows::FeatureQuery query;
    for (const auto field : shown_fields(layer))
        if (!is_reserved(field->name)) known.push_back(field->name);
    expect_parameters(ask, known);
    query.where = condition_of(ask, layer);
    query.sort = order_of(ask, layer);
    const ows::ServiceLimits& limits = ask.context.limits;
    const std::int64_t limit = std::min(number_of(ask, "limit", limits.default_items, 1), limits.max_items);
    const std::int64_t offset = number_of(ask, "offset", 0, 0);
    const ows::CrsName crs = crs_of(ask, "crs");
    add_box(ask, query);

    ows::FeatureAnswer answer;
    answer.selection = ows::select(ask.context, layer, query);
    const std::int64_t matched = answer.selection.matched;
    answer.start = offset;
    answer.count = std::clamp<std::int64_t>(matched - offset, 0, limit);
    const PageLinks links = page_links(ask, offset, limit, answer.count, matched);
    const std::string tag = tag_for(ask, answer.selection.snapshot ? answer.selection.snapshot->version : ask.context.project.version(), format.name);
    if (http::has_etag(ask.context.request, tag)) return http::not_modified(tag);

    http::Response response;
    std::string header_links = header_link(queryables_rel, "application/schema+json", ask.root + collection_path(layer) + "/queryables");
    if (!ask.html) {
        answer.shape = shape_of(layer, crs);
        response.set_header("OGC-NumberMatched", std::to_string(matched));
        response.set_header("OGC-NumberReturned", std::to_string(answer.count));
        if (const std::string named = content_crs(crs, is_file(format)); !named.empty()) response.set_header("Content-Crs", named);
    }
    if (ask.html) {
        response = items_page(ask, layer, answer.selection, offset, answer.count, links);
    } else if (is_file(format)) {
        send_as_file(response, ask, layer, format, std::move(answer));
        if (!links.next.empty()) header_links += ", " + header_link("next", format.type, links.next);
        if (!links.previous.empty()) header_links += ", " + header_link("prev", format.type, links.previous);
    } else {
        answer.writer = ows::geojson_writer;
        answer.cut_first = true;
        Json all = Json::array();
        add_self_links(all, ask, "application/geo+json");
        for (const Format& file : item_encodings(layer))
            if (is_file(file)) all.push_back(link("alternate", file.type, ask.with_parameters({{"f", std::string(file.name)}}), ask.say({"These features as ", "Diese Objekte als "}) + std::string(file.title)));
        if (!links.next.empty()) all.push_back(link("next", "application/geo+json", links.next, ask.say({"Next page", "Nächste Seite"})));
        if (!links.previous.empty()) all.push_back(link("prev", "application/geo+json", links.previous, ask.say({"Previous page", "Vorige Seite"})));
        all.push_back(link("collection", "application/json", ask.root + collection_path(layer) + "?f=json", title_of(layer)));
        answer.head = "{\"type\":\"FeatureCollection\"," + comma_separated_links(all) + ",\"timeStamp\":\"" + ows::utc_now() + "\",\"numberMatched\":" + std::to_string(matched) +
                      ",\"numberReturned\":" + std::to_string(answer.count) + ",\"features\":[";
        answer.tail = "\n]}\n";
        response.content_type = "application/geo+json";
        ows::send_features(response, ask.context, layer, std::move(answer));
    }
    response.set_header("Link", header_links);
    response.etag = tag;
    return response;
}

http::Response item(const Ask& ask, const project::PublishedLayer& layer, const std::string& id)
{
    expect_parameters(ask, {"crs"});
    const ows::CrsName crs = crs_of(ask, "crs");
    const auto fid = ows::parse_integer(id);
    const auto missing = [&] { return Problem(404, base::filled({"There is no feature '{0}' in '{1}'.", "Ein Objekt '{0}' gibt es in '{1}' nicht."}, id, layer.name_of_features())); };
    if (!fid) throw missing();
    ows::FeatureQuery query;
    query.fids = std::vector<std::int64_t>{*fid};
    ows::FeatureAnswer answer;
    answer.selection = ows::select(ask.context, layer, query);
    if (answer.selection.matched == 0) throw missing();
    const std::string tag = tag_for(ask, answer.selection.snapshot->version, ask.html ? "html" : "json");
    if (http::has_etag(ask.context.request, tag)) return http::not_modified(tag);
    http::Response response;
    if (ask.html) {
        response = item_page(ask, layer, *answer.selection.snapshot, static_cast<std::size_t>(answer.selection.rows->front()));
    } else {
        answer.count = 1;
        answer.shape = shape_of(layer, crs);
        answer.writer = ows::geojson_writer;
        ows::send_features(response, ask.context, layer, std::move(answer));
        Json links = Json::array();
        add_self_links(links, ask, "application/geo+json");
        links.push_back(link("collection", "application/json", ask.root + collection_path(layer) + "?f=json", title_of(layer)));
        response.body.erase(0, 2);  // ",\n" before a feature of a collection
        response.body.pop_back();
        response.body += "," + comma_separated_links(links) + "}\n";
        response.content_type = "application/geo+json";
        response.set_header("Content-Crs", content_crs(crs, false));
    }
    response.etag = tag;
    return response;
}

}  // namespace stadtgdi::features
