// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/escape.hpp>
#include <services/ows/feature_stream.hpp>
#include <services/ows/fes_filter.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/feature_type.hpp>
#include <services/wfs/requests.hpp>
#include <algorithm>
#include <limits>

namespace stadtgdi::wfs {

namespace {

using ows::invalid_parameter;

/// A GetFeature request, understood: which type, which rows, how they are to look.
struct Query {
    const FeatureType* type = nullptr;
    ows::FeatureQuery rows;
    std::vector<std::size_t> fields;   ///< of the type's
    bool with_geometry = true;
    ows::CrsName crs;
    Format format = Format::gml;
    bool hits = false, by_id = false;
    std::int64_t start = 0, count = 0;
};

struct ResourceId {
    std::string type;
    std::int64_t fid = 0;
    bool well_formed = false;
};

/// "trees.17"; an id that is not of that form is no feature's.
ResourceId parse_id(std::string_view text)
{
    const auto dot = text.rfind('.');
    if (dot == std::string_view::npos) return {std::string(text), 0, false};
    const auto fid = ows::parse_integer(text.substr(dot + 1));
    return {std::string(text.substr(0, dot)), fid.value_or(0), fid.has_value()};
}

const FeatureType& type_of(const std::vector<FeatureType>& types, const ows::KeyValues& kv)
{
    const auto groups = kv.groups(kv.find("TYPENAMES") ? "TYPENAMES" : "TYPENAME");
    if (groups.empty()) throw ows::missing_parameter("typeNames");
    const FeatureType* type = find_type(types, ows::trimmed(groups[0][0]));
    for (const auto& group : groups)
        for (const std::string& name : group)
            if (find_type(types, ows::trimmed(name)) == nullptr)
                throw invalid_parameter("typeName", base::filled({"Feature type '{0}' is not offered.", "Der Objekttyp '{0}' wird nicht angeboten."}, name));
    if (groups.size() > 1 || groups[0].size() > 1)
        throw ows::OwsException(ows::Code::option_not_supported, "typeNames", {"One feature type a request is offered.", "Je Anfrage wird ein Objekttyp angeboten."});
    return *type;
}

/// RESOURCEID: all ids must be of the type asked for; without TYPENAMES the first one says the type.
void read_ids(Query& query, const std::vector<FeatureType>& types, const std::vector<std::string>& ids)
{
    std::vector<std::int64_t> fids;
    for (const std::string& text : ids) {
        const ResourceId id = parse_id(ows::trimmed(text));
        const FeatureType* type = find_type(types, id.type);
        if (query.type == nullptr) query.type = type;
        if (type == nullptr || type != query.type)
            throw invalid_parameter("RESOURCEID", base::filled({"'{0}' is no id of a feature of the type asked for.", "'{0}' ist keine Kennung eines Objekts des gefragten Typs."}, text));
        if (id.well_formed) fids.push_back(id.fid);
    }
    query.rows.fids = std::move(fids);
}

std::string_view local_name(std::string_view name)
{
    const std::string_view plain = ows::trimmed(name);
    const auto colon = plain.find(':');
    return colon == std::string_view::npos ? plain : plain.substr(colon + 1);
}

/// Place of a field by its XML name or its own; nothing: none such.
std::optional<std::size_t> find_field(const FeatureType& type, std::string_view name)
{
    for (std::size_t i = 0; i < type.fields.size(); ++i)
        if (type.field_names[i] == name || type.fields[i]->name == name) return i;
    return std::nullopt;
}

void read_properties(Query& query, const ows::KeyValues& kv)
{
    const auto groups = kv.groups("PROPERTYNAME");
    const auto all = [&] {
        for (std::size_t i = 0; i < query.type->fields.size(); ++i) query.fields.push_back(i);
    };
    if (groups.empty() || (groups[0].size() == 1 && groups[0][0] == "*")) return all();
    query.with_geometry = false;
    std::vector<bool> wanted(query.type->fields.size());
    for (const std::string& text : groups[0]) {
        const std::string_view name = local_name(text);
        if (const auto field = find_field(*query.type, name))
            wanted[*field] = true;
        else if (!name.empty() && name == query.type->geometry_name)
            query.with_geometry = true;
        else
            throw invalid_parameter("propertyName", base::filled({"{0} has no property '{1}'.", "{0} hat keine Eigenschaft '{1}'."}, query.type->name, text));
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i]) query.fields.push_back(i);
}

/// "name,height DESC"; A, ASC, D, DESC.
void read_order(Query& query, const ows::KeyValues& kv)
{
    for (const std::string& text : kv.list("SORTBY")) {
        const auto words = ows::split(ows::trimmed(text), ' ');
        const auto field = find_field(*query.type, local_name(words[0]));
        const std::string order = words.size() > 1 ? ows::upper(words[1]) : "ASC";
        const bool descending = order == "D" || order == "DESC";
        if (!field || words.size() > 2 || (!descending && order != "A" && order != "ASC"))
            throw invalid_parameter("sortBy", base::filled({"'{0}' is not a property with ASC or DESC.", "'{0}' ist keine Eigenschaft mit ASC oder DESC."}, text));
        query.rows.sort.push_back({query.type->fields[*field]->name, descending});
    }
}

/// FILTER: an FES 2.0 document; "(...)" around it as the KVP encoding of several queries has it.
void read_filter(Query& query, const ows::KeyValues& kv, const ows::CrsName& native, const project::ProjectModel& model)
{
    const auto text = kv.find("FILTER");
    if (!text) return;
    if (query.rows.box || query.rows.fids)
        throw invalid_parameter("FILTER", {"FILTER, BBOX and RESOURCEID exclude one another.", "FILTER, BBOX und RESOURCEID schließen einander aus."});
    std::string_view xml = ows::trimmed(*text);
    if (xml.size() > 2 && xml.front() == '(' && xml.back() == ')') xml = xml.substr(1, xml.size() - 2);
    const auto names = [&](std::string_view reference) -> std::string {
        const std::string_view name = local_name(reference);
        if (const auto field = find_field(*query.type, name)) return query.type->fields[*field]->name;
        if (!name.empty() && name == query.type->geometry_name) return {};
        throw invalid_parameter("FILTER", base::filled({"{0} has no property '{1}'.", "{0} hat keine Eigenschaft '{1}'."}, query.type->name, std::string(reference)));
    };
    const auto ids = [&](const std::string& id) -> std::optional<std::int64_t> {
        const ResourceId parsed = parse_id(id);
        return parsed.well_formed && parsed.type == query.type->name ? std::optional(parsed.fid) : std::nullopt;
    };
    query.rows.where = ows::read_filter(xml, ows::FilterContext{model, *query.type->layer, names, ids, native, "FILTER"});
}

void read_stored_query(Query& query, const std::vector<FeatureType>& types, const ows::KeyValues& kv)
{
    const std::string name = kv.required("STOREDQUERY_ID");
    if (!is_get_feature_by_id(name))
        throw invalid_parameter("storedQueryId", base::filled({"There is no stored query '{0}'.", "Eine gespeicherte Abfrage '{0}' gibt es nicht."}, name));
    query.by_id = true;
    const std::string text = kv.required("ID");
    const ResourceId id = parse_id(text);
    query.type = find_type(types, id.type);
    if (query.type == nullptr || !id.well_formed)
        throw ows::OwsException(ows::Code::not_found, "ID", base::filled({"There is no feature '{0}'.", "Ein Objekt '{0}' gibt es nicht."}, text));
    query.rows.fids = std::vector<std::int64_t>{id.fid};
}

Query read_query(const ows::FaceContext& context, const ows::KeyValues& kv, const std::vector<FeatureType>& types)
{
    Query query;
    query.format = format_of(kv.get("OUTPUTFORMAT"));
    for (const char* name : {"CQL_FILTER", "EXP_FILTER"})
        if (kv.find(name)) throw ows::OwsException(ows::Code::option_not_supported, name, {"Filters are offered in the form of FES 2.0 alone.", "Filter werden nur in der Form von FES 2.0 angeboten."});
    if (kv.find("STOREDQUERY_ID")) {
        read_stored_query(query, types, kv);
    } else {
        const auto ids = kv.list(kv.find("RESOURCEID") ? "RESOURCEID" : "FEATUREID");
        if (ids.empty() || kv.find("TYPENAMES") || kv.find("TYPENAME")) query.type = &type_of(types, kv);
        if (!ids.empty()) read_ids(query, types, ids);
    }
    const project::PublishedLayer& layer = *query.type->layer;
    const std::string own = layer.crs.empty() ? "OGC:CRS84" : layer.crs;
    const ows::CrsName native = ows::wfs_crs(ows::urn_name(own), context.model, "srsName");
    if (const auto name = kv.find("SRSNAME"))
        query.crs = ows::wfs_crs(*name, context.model, "srsName");
    else if (query.format == Format::geojson && layer.geometry)
        query.crs = {"OGC:CRS84", false, ows::urn_name("OGC:CRS84")};  // RFC 7946
    else
        query.crs = native;
    if (const auto box = kv.find("BBOX")) query.rows.box = ows::parse_wfs_box(*box, native, context.model);
    read_filter(query, kv, native, context.model);
    const std::string result = kv.get("RESULTTYPE", "results");
    query.hits = ows::equal_ignoring_case(result, "hits");
    if (!query.hits && !ows::equal_ignoring_case(result, "results"))
        throw invalid_parameter("resultType", base::filled({"resultType is '{0}'; expected is results or hits.", "resultType ist '{0}'; erwartet wird results oder hits."}, result));
    constexpr auto any = std::numeric_limits<std::int64_t>::max();
    query.count = std::min(kv.integer_or(kv.find("COUNT") ? "COUNT" : "MAXFEATURES", context.limits.max_features, 0, any), context.limits.max_features);
    query.start = kv.integer_or("STARTINDEX", 0, 0, any);
    read_properties(query, kv);
    read_order(query, kv);
    return query;
}

/// Links to the pages around this one; empty where there is none.
struct Links {
    std::string next, previous;
};

Links links_of(const ows::FaceContext& context, const ows::KeyValues& kv, const Query& query, std::int64_t matched, std::int64_t returned)
{
    if (query.count == 0) return {};
    const auto page = [&](std::int64_t start) {
        return context.project_url + "/ows?" + kv.query_without({"STARTINDEX", "RESULTTYPE", "COUNT", "MAXFEATURES"}) + "&COUNT=" + std::to_string(query.count) +
               "&STARTINDEX=" + std::to_string(start);
    };
    if (query.hits) return {matched > 0 ? page(0) : "", ""};
    Links links;
    if (query.start + returned < matched && returned > 0) links.next = page(query.start + returned);
    if (query.start > 0) links.previous = page(std::max<std::int64_t>(0, std::min(query.start, matched) - query.count));
    return links;
}

std::string gml_namespaces(const ows::FaceContext& context, const FeatureType& type)
{
    const std::string space = http::xml_escaped(ows::feature_namespace(context.model.id));
    const std::string schema = http::xml_escaped(context.project_url + "/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=DescribeFeatureType&TYPENAMES=" + http::percent_encoded(qualified(type.name)));
    return " xmlns:wfs=\"http://www.opengis.net/wfs/2.0\" xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:" + std::string(prefix) + "=\"" + space +
           "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"" + space + " " + schema +
           " http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd http://www.opengis.net/gml/3.2 http://schemas.opengis.net/gml/3.2.1/gml.xsd\"";
}

ows::FeatureShape shape_of(const Query& query)
{
    ows::FeatureShape shape;
    for (const std::size_t field : query.fields) shape.fields.push_back(query.type->fields[field]->name);
    shape.id_prefix = query.type->name + ".";
    shape.crs = query.crs;
    // With the older crs member GDAL and QGIS read x, y whatever the official order says.
    if (query.format == Format::geojson) shape.crs.swapped = false;
    shape.with_geometry = query.with_geometry;
    return shape;
}

ows::GmlNames gml_names(const Query& query)
{
    ows::GmlNames names;
    names.type = qualified(query.type->name);
    names.geometry = qualified(query.type->geometry_name);
    for (const std::size_t field : query.fields) names.fields.push_back(qualified(query.type->field_names[field]));
    return names;
}

/// The box of the features sent, which tells readers of a file the CRS before the first feature does; empty where unknown.
std::string bounded_by(const ows::FeatureAnswer& answer)
{
    if (!answer.selection.snapshot || answer.count == 0 || !answer.shape.with_geometry || !answer.selection.snapshot->table.has_geometry()) return {};
    const table::GeometryColumn& geometry = answer.selection.snapshot->table.geometry();
    const bool all = !answer.selection.rows && static_cast<std::size_t>(answer.count) == geometry.size();
    table::Box box = all ? answer.selection.snapshot->index.extent() : table::Box::none();
    for (std::int64_t i = answer.start; !all && i < answer.start + answer.count; ++i)
        box.grow(geometry.box(static_cast<std::size_t>(answer.selection.rows ? (*answer.selection.rows)[static_cast<std::size_t>(i)] : i)));
    if (!box.empty() && geometry.crs() != answer.shape.crs.code && !geometry.crs().empty()) box = crs::transformed(box, geometry.crs(), answer.shape.crs.code);
    if (box.empty() || !std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax)) return {};
    if (answer.shape.crs.swapped) box = {box.ymin, box.xmin, box.ymax, box.xmax};
    const auto corner = [&](const char* name, double first, double second) {
        char text[100];
        char* end = ows::put_fixed<8>(text, first);
        *end++ = ' ';
        end = ows::put_fixed<8>(end, second);
        return "<gml:" + std::string(name) + ">" + std::string(text, end) + "</gml:" + name + ">";
    };
    return "<wfs:boundedBy><gml:Envelope srsName=\"" + http::xml_escaped(answer.shape.crs.name) + "\">" + corner("lowerCorner", box.xmin, box.ymin) + corner("upperCorner", box.xmax, box.ymax) +
           "</gml:Envelope></wfs:boundedBy>\n";
}

void write_gml(ows::FeatureAnswer& answer, const ows::FaceContext& context, const Query& query, const Links& links)
{
    ows::GmlNames names = gml_names(query);
    if (query.by_id) {
        // The feature itself is the root element and declares the namespaces.
        names.member.clear();
        answer.head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    } else {
        answer.head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:FeatureCollection timeStamp=\"" + ows::utc_now() + "\" numberMatched=\"" +
                      std::to_string(answer.selection.matched) + "\" numberReturned=\"" + std::to_string(answer.count) + "\"" +
                      (links.next.empty() ? "" : " next=\"" + http::xml_escaped(links.next) + "\"") +
                      (links.previous.empty() ? "" : " previous=\"" + http::xml_escaped(links.previous) + "\"") + gml_namespaces(context, *query.type) + ">\n" + bounded_by(answer);
        answer.tail = "</wfs:FeatureCollection>\n";
    }
    answer.writer = [shape = answer.shape, names](const store::Snapshot& snapshot) { return ows::gml_writer(snapshot, shape, names); };
}

void write_geojson(ows::FeatureAnswer& answer, const Query& query, const Links& links)
{
    const auto link = [](const char* rel, const std::string& url) {
        return std::string("{\"rel\":\"") + rel + "\",\"type\":\"application/geo+json\",\"href\":" + ows::json_string(url) + "}";
    };
    answer.head = "{\"type\":\"FeatureCollection\",\"name\":" + ows::json_string(query.type->name) + ",";
    // RFC 7946 knows CRS84 alone; for others the older member tells GDAL and QGIS.
    if (query.crs.code != "OGC:CRS84") answer.head += "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":" + ows::json_string(ows::urn_name(query.crs.code)) + "}},";
    answer.head += "\"timeStamp\":\"" + ows::utc_now() + "\",\"numberMatched\":" + std::to_string(answer.selection.matched) + ",\"numberReturned\":" + std::to_string(answer.count) + ",";
    if (!links.next.empty() || !links.previous.empty()) {
        answer.head += "\"links\":[";
        if (!links.next.empty()) answer.head += link("next", links.next);
        if (!links.previous.empty()) answer.head += (links.next.empty() ? "" : ",") + link("prev", links.previous);
        answer.head += "],";
    }
    answer.head += "\"features\":[";
    answer.tail = "\n]}\n";
    answer.cut_first = true;
    answer.writer = [shape = answer.shape](const store::Snapshot& snapshot) { return ows::geojson_writer(snapshot, shape); };
}

}  // namespace

http::Response get_feature(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    const auto types = feature_types(context.model);
    const Query query = read_query(context, kv, types);
    const project::PublishedLayer& layer = *query.type->layer;

    ows::FeatureAnswer answer;
    answer.selection = ows::select(context, layer, query.rows);
    const std::int64_t matched = answer.selection.matched;
    if (query.by_id && matched == 0)
        throw ows::OwsException(ows::Code::not_found, "ID", base::filled({"There is no feature '{0}'.", "Ein Objekt '{0}' gibt es nicht."}, kv.get("ID")));
    answer.start = query.start;
    answer.count = query.hits ? 0 : std::clamp<std::int64_t>(matched - query.start, 0, query.count);
    answer.shape = shape_of(query);
    const Links links = links_of(context, kv, query, matched, answer.count);

    http::Response response;
    response.content_type = query.format == Format::gml ? gml_format : geojson_format;
    const std::string version = answer.selection.snapshot ? answer.selection.snapshot->version : context.project.version();
    response.etag = ows::tag_of(context.model.version + "|" + version + "|" + context.rights.key() + "|" + context.project_url + "|" + kv.query_without({}));
    if (http::has_etag(context.request, response.etag)) return http::not_modified(response.etag);

    response.set_header("OGC-NumberMatched", std::to_string(matched));
    response.set_header("OGC-NumberReturned", std::to_string(answer.count));
    if (query.format == Format::gml)
        write_gml(answer, context, query, links);
    else
        write_geojson(answer, query, links);
    ows::send_features(response, context, layer, std::move(answer));
    if (query.by_id && query.format == Format::gml) {
        const std::string begin = "<" + qualified(query.type->name);
        response.body.insert(response.body.find(begin) + begin.size(), gml_namespaces(context, *query.type));
    }
    return response;
}

}  // namespace stadtgdi::wfs
