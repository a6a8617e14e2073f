// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/collection.hpp>
#include <services/wfs/requests.hpp>
#include <algorithm>

namespace stadtgdi::wfs {

namespace {

/// What a path asks for.
struct Value {
    bool id = false;
    Property property;   ///< where it is not the id
};

/// A property, or "@gml:id".
Value value_of(const FeatureType& type, const std::string& reference)
{
    if (const auto below = below_type(type, reference); below && (*below == "@gml:id" || *below == "@id")) return {.id = true, .property = {}};
    if (const auto property = find_property(type, reference)) return {.id = false, .property = *property};
    throw ows::invalid_parameter("valueReference", base::filled({"{0} has no property '{1}'.", "{0} hat keine Eigenschaft '{1}'."}, type.name, reference));
}

/// Rows without the value give none: they are neither counted nor paged over.
void keep_rows_with(const Value& value, const std::string& field, ows::Selection& selection)
{
    if (value.id || selection.matched == 0) return;
    const table::Table& table = selection.snapshot->table;
    const auto has = [&](std::int64_t row) {
        const auto i = static_cast<std::size_t>(row);
        return value.property.geometry ? table.has_geometry() && !table.geometry().box(i).empty() : table.column(field).valid(i);
    };
    std::vector<std::int64_t> rows;
    for (std::int64_t i = 0; i < selection.matched; ++i)
        if (const std::int64_t row = selection.rows ? (*selection.rows)[static_cast<std::size_t>(i)] : i; has(row)) rows.push_back(row);
    selection.matched = static_cast<std::int64_t>(rows.size());
    selection.rows = std::make_shared<const std::vector<std::int64_t>>(std::move(rows));
}

}  // namespace

http::Response get_property_value(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    if (!kv.has("VALUEREFERENCE")) throw ows::missing_parameter("valueReference");
    const std::string reference = kv.get("VALUEREFERENCE");
    if (reference.empty()) throw ows::invalid_parameter("valueReference", {"valueReference is empty.", "valueReference ist leer."});
    const auto types = feature_types(context.model);
    FeatureRequest request = read_feature_request(context, kv, types, Version::v2_0_0);
    if (request.queries.size() != 1)
        throw ows::OwsException(ows::Code::option_not_supported, "typeNames", {"Values of one feature type a request are offered.", "Je Anfrage werden Werte eines Objekttyps angeboten."});
    if (request.format != Format::gml_3_2)
        throw ows::invalid_parameter("outputFormat", base::filled({"Values are offered as {0}.", "Werte werden als {0} angeboten."}, media_type(Format::gml_3_2)));
    Query& query = request.queries.front();
    const Value value = value_of(*query.type, reference);
    query.fields.clear();
    query.with_geometry = !value.id && value.property.geometry;
    if (!value.id && !value.property.geometry) query.fields.push_back(value.property.field);

    std::vector<Part> parts(1);
    Part& part = parts.front();
    part.query = &query;
    part.answer.shape = shape_of(request, query);
    part.answer.selection = ows::select(context, *query.type->layer, query.rows);
    if (!part.answer.selection.snapshot && !value.id && part.answer.selection.matched > 0)
        throw ows::OwsException(ows::Code::option_not_supported, "", {"This layer is too large for its values to be counted; a filter helps.", "Dieser Layer ist zu groß, um seine Werte zu zählen; ein Filter hilft."});
    keep_rows_with(value, query.fields.empty() ? std::string() : query.type->fields[value.property.field]->name, part.answer.selection);
    Summary summary;
    summary.matched = part.answer.selection.matched;
    part.answer.start = std::min(request.start, summary.matched);
    part.answer.count = request.hits ? 0 : std::min(request.count, summary.matched - part.answer.start);
    summary.returned = part.answer.count;
    summary.links = links_of(context, kv, request, summary.matched, summary.returned);

    http::Response response;
    response.content_type = media_type(request.format);
    const std::string version = part.answer.selection.snapshot ? part.answer.selection.snapshot->version : context.project.version();
    response.etag = ows::tag_of(context.model.version + "|" + version + "|" + context.rights.key() + "|" + context.project_url + "|" + kv.query_without({}));
    if (http::has_etag(context.request, response.etag)) return http::not_modified(response.etag);
    part.answer.head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:ValueCollection" + paging_attributes(summary) + gml_attributes(context, parts, Version::v2_0_0) + ">\n";
    part.answer.tail = "</wfs:ValueCollection>\n";
    if (value.id) {
        part.answer.writer = [](const store::Snapshot& snapshot, const ows::FeatureShape& shape) { return ows::id_writer(snapshot, shape, "wfs:member"); };
    } else {
        ows::GmlNames names = gml_names(request, query);
        names.type.clear();
        part.answer.writer = [names](const store::Snapshot& snapshot, const ows::FeatureShape& shape) { return ows::gml_writer(snapshot, shape, names); };
    }
    ows::send_features(response, context, *query.type->layer, std::move(part.answer));
    return response;
}

}  // namespace stadtgdi::wfs
