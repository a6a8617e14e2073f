// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/file_answer.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/collection.hpp>
#include <services/wfs/requests.hpp>
#include <algorithm>
#include <utility>

namespace stadtgdi::wfs {

namespace {

/// The part's share of the page, where start and count go over the rows of all parts. Of a list of rows only that share is
/// kept: many queries must not hold many long lists.
void take_share(std::int64_t& start, std::int64_t& left, Part& part)
{
    ows::FeatureAnswer& answer = part.answer;
    answer.start = std::min(start, answer.selection.matched);
    answer.count = std::min(left, answer.selection.matched - answer.start);
    start -= answer.start;
    left -= answer.count;
    const auto rows = answer.selection.rows;
    if (!rows || std::cmp_equal(rows->size(), answer.count)) return;
    const auto first = rows->begin() + answer.start;
    answer.selection.rows = std::make_shared<const std::vector<std::int64_t>>(first, first + answer.count);
    answer.start = 0;
}

void expect_fitting_format(const FeatureRequest& request)
{
    const auto refuse = [&](const base::Text& text) { throw ows::invalid_parameter("outputFormat", base::filled(text, media_type(request.format))); };
    const bool collection = is_gml(request.format) || request.format == Format::geojson;
    if (!collection && request.hits) refuse({"Counts are not given as {0}; GML and GeoJSON give them.", "Anzahlen gibt es nicht als {0}, nur als GML und GeoJSON."});
    if (request.queries.size() == 1) return;
    if (!collection && request.format != Format::geopackage) refuse({"As {0} one feature type a request is offered.", "Als {0} wird je Anfrage ein Objekttyp angeboten."});
    if (request.format != Format::geojson) return;
    for (const Query& query : request.queries)
        if (query.crs.code != request.queries.front().crs.code)
            throw ows::invalid_parameter("srsName", {"In one GeoJSON all features are in one CRS; name it by SRSNAME.", "In einem GeoJSON liegen alle Objekte in einem Koordinatenreferenzsystem; bitte mit SRSNAME nennen."});
}

/// GEOMETRYNAME as QGIS Server understands it, in GML and GeoJSON; other values are passed over.
void read_geometry_name(FeatureRequest& request, const ows::KeyValues& kv)
{
    if (!is_gml(request.format) && request.format != Format::geojson) return;
    const std::string name = kv.get("GEOMETRYNAME");
    for (Query& query : request.queries) {
        if (ows::equal_ignoring_case(name, "none")) query.with_geometry = false;
        if (ows::equal_ignoring_case(name, "centroid")) query.shown = ows::PlaceShown::centroid;
        if (ows::equal_ignoring_case(name, "extent")) query.shown = ows::PlaceShown::extent;
    }
}

ows::NamedAnswer named(Part& part) { return {part.query->type->layer, part.query->type->name, part.query->type->geometry_name, std::move(part.answer)}; }

ows::FileFormat file_format(Format format)
{
    if (format == Format::flatgeobuf) return ows::FileFormat::flatgeobuf;
    return format == Format::geopackage ? ows::FileFormat::geopackage : ows::FileFormat::shapefile;
}

std::string tag_of(const ows::FaceContext& context, const ows::KeyValues& kv, Version version, const std::vector<Part>& parts)
{
    std::string text = context.model.version + "|" + context.rights.key() + "|" + context.project_url + "|" + std::string(text_of(version)) + "|" + kv.query_without({});
    for (const Part& part : parts) text += "|" + (part.answer.selection.snapshot ? part.answer.selection.snapshot->version : context.project.version());
    return ows::tag_of(text);
}

}  // namespace

http::Response get_feature(const ows::FaceContext& context, const ows::KeyValues& kv, Version version)
{
    const auto types = feature_types(context.model);
    FeatureRequest request = read_feature_request(context, kv, types, version);
    expect_fitting_format(request);
    read_geometry_name(request, kv);
    std::vector<Part> parts;
    Summary summary;
    std::int64_t start = request.start, left = request.hits ? 0 : request.count;
    for (const Query& query : request.queries) {
        Part& part = parts.emplace_back();
        part.query = &query;
        part.answer.shape = shape_of(request, query);
        part.answer.selection = ows::select(context, *query.type->layer, query.rows);
        take_share(start, left, part);
        summary.matched += part.answer.selection.matched;
        summary.returned += part.answer.count;
    }
    if (request.by_id && summary.matched == 0)
        throw ows::OwsException(ows::Code::not_found, "ID", base::filled({"There is no feature '{0}'.", "Ein Objekt '{0}' gibt es nicht."}, kv.get("ID")));
    request.by_id = request.by_id && summary.returned > 0;  // a count, or a page with nothing, is a collection as ever
    summary.links = links_of(context, kv, request, summary.matched, summary.returned);

    http::Response response;
    response.content_type = media_type(request.format);
    response.etag = tag_of(context, kv, version, parts);
    if (http::has_etag(context.request, response.etag)) return http::not_modified(response.etag);
    response.set_header("OGC-NumberMatched", std::to_string(summary.matched));
    response.set_header("OGC-NumberReturned", std::to_string(summary.returned));
    if (is_file(request.format)) {
        std::vector<ows::NamedAnswer> answers;
        for (Part& part : parts) answers.push_back(named(part));
        ows::send_file(response, context, file_format(request.format), answers, "outputFormat");
        return response;
    }
    if (request.format == Format::csv) {
        ows::send_csv(response, context, named(parts.front()));
        return response;
    }
    const std::string root_attributes = request.by_id ? gml_attributes(context, parts, version_of(request.format)) : std::string();
    if (is_gml(request.format))
        write_gml(context, request, summary, parts);
    else
        write_geojson(summary, parts);
    std::vector<ows::LayerAnswer> answers;
    for (Part& part : parts) answers.push_back({part.query->type->layer, std::move(part.answer)});
    ows::send_features(response, context, std::move(answers));
    if (request.by_id && is_gml(request.format)) {
        const std::string begin = "<" + qualified(request.queries.front().type->name);
        response.body.insert(response.body.find(begin) + begin.size(), root_attributes);
    }
    return response;
}

}  // namespace stadtgdi::wfs
