// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/cql2_text.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/fes_filter.hpp>
#include <services/wfs/query.hpp>
#include <services/wfs/requests.hpp>
#include <algorithm>
#include <limits>

namespace stadtgdi::wfs {

namespace {

using ows::invalid_parameter;

constexpr std::size_t longest_link = 8000;  // servers and proxies on the way take no longer addresses

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

/// "(a)(b)" gives a and b.
std::vector<std::string> parenthesised(std::string_view name, std::string_view text)
{
    std::vector<std::string> parts;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t close = ows::end_of_bracket(rest);
        if (close == std::string_view::npos)
            throw invalid_parameter(name, base::filled({"{0} has unbalanced parentheses.", "{0} hat unpaarige Klammern."}, std::string(name)));
        parts.emplace_back(rest.substr(1, close - 1));
        rest.remove_prefix(close + 1);
    }
    return parts;
}

/// A parameter of each query: "(a)(b)", or one value for all of them where it means the same for each.
std::vector<std::string> of_queries(const ows::KeyValues& kv, std::string_view name, std::size_t queries, bool one_for_all)
{
    const auto text = kv.find(name);
    if (!text) return std::vector<std::string>(queries);
    if (text->front() != '(') {
        if (queries == 1 || one_for_all) return std::vector<std::string>(queries, *text);
    } else if (auto parts = parenthesised(name, *text); parts.size() == queries) {
        return parts;
    }
    throw invalid_parameter(name, base::filled({"{0} must have one value in parentheses for each feature type.", "{0} muss je Objekttyp einen Wert in Klammern haben."}, std::string(name)));
}

/// Where the bracket that an expression of QGIS begins with is closed; npos: nowhere.
std::size_t end_of_expression(std::string_view text)
{
    int depth = 0;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == '\\' && quote == '\'' && text.substr(i + 1, 1) == "'")
                ++i;
            else if (c == quote)
                quote = 0;  // a doubled one opens again at once
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(') {
            ++depth;
        } else if (c == ')' && --depth == 0) {
            return i;
        }
    }
    return std::string_view::npos;
}

/// EXP_FILTER: of one query as it is, else "(a)(b)".
std::vector<std::string> expressions_of(const ows::KeyValues& kv, std::size_t queries)
{
    const auto text = kv.find("EXP_FILTER");
    if (!text) return std::vector<std::string>(queries);
    if (queries == 1) return {std::string(ows::trimmed(*text))};
    std::vector<std::string> parts;
    for (std::string_view rest = ows::trimmed(*text); rest.starts_with('(');) {
        const std::size_t close = end_of_expression(rest);
        if (close == std::string_view::npos) break;
        parts.emplace_back(ows::trimmed(rest.substr(1, close - 1)));
        rest = ows::trimmed(rest.substr(close + 1));
        if (rest.empty() && parts.size() == queries) return parts;
    }
    throw invalid_parameter("EXP_FILTER", {"EXP_FILTER must have one value in parentheses for each feature type.", "EXP_FILTER muss je Objekttyp einen Wert in Klammern haben."});
}

void read_properties(Query& query, std::string_view text)
{
    const std::string_view plain = ows::trimmed(text);
    if (plain.empty() || plain == "*") {
        for (std::size_t i = 0; i < query.type->fields.size(); ++i) query.fields.push_back(i);
        return;
    }
    query.with_geometry = false;
    std::vector<bool> wanted(query.type->fields.size());
    for (const std::string& one : ows::split(plain, ',')) {
        const auto property = find_property(*query.type, one);
        if (!property)
            throw invalid_parameter("propertyName", base::filled({"{0} has no property '{1}'.", "{0} hat keine Eigenschaft '{1}'."}, query.type->name, one));
        if (property->geometry)
            query.with_geometry = true;
        else
            wanted[property->field] = true;
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
        if (wanted[i]) query.fields.push_back(i);
}

/// "name,height DESC"; A, ASC, D, DESC.
void read_order(Query& query, std::string_view order)
{
    if (ows::trimmed(order).empty()) return;
    const auto keys = ows::split(order, ',');
    if (keys.size() > ows::FeatureQuery::most_sort_keys) throw invalid_parameter("sortBy", {"Features are sorted by at most 20 properties.", "Sortiert wird nach höchstens 20 Eigenschaften."});
    for (const std::string& text : keys) {
        const auto words = ows::split(ows::trimmed(text), ' ');
        const auto property = find_property(*query.type, words[0]);
        const std::string direction = words.size() > 1 ? ows::upper(words[1]) : "ASC";
        const bool descending = direction == "D" || direction == "DESC";
        if (!property || property->geometry || words.size() > 2 || (!descending && direction != "A" && direction != "ASC"))
            throw invalid_parameter("sortBy", base::filled({"'{0}' is not a property with ASC or DESC.", "'{0}' ist keine Eigenschaft mit ASC oder DESC."}, text));
        query.rows.sort.push_back({query.type->fields[property->field]->name, descending});
    }
}

/// What a filter of the query may name.
ows::FilterContext filter_context(const FeatureType& type, const ows::CrsName& native, const project::ProjectModel& model, const std::string& parameter)
{
    const auto names = [&type, parameter](std::string_view reference) -> std::string {
        if (const auto property = find_property(type, reference)) return property->geometry ? std::string() : type.fields[property->field]->name;
        throw invalid_parameter(parameter, base::filled({"{0} has no property '{1}'.", "{0} hat keine Eigenschaft '{1}'."}, type.name, std::string(reference)));
    };
    const auto ids = [&type](const std::string& id) -> std::optional<std::int64_t> {
        const ResourceId parsed = parse_id(id);
        return parsed.well_formed && (parsed.type == type.name || parsed.type == type.name_in_qgis) ? std::optional(parsed.fid) : std::nullopt;
    };
    return {model, *type.layer, names, ids, native, parameter};
}

void read_filter(Query& query, std::string_view xml, const ows::CrsName& native, const project::ProjectModel& model)
{
    if (xml.empty()) return;
    if (query.rows.box || query.rows.fids)
        throw invalid_parameter("FILTER", {"FILTER, BBOX and RESOURCEID exclude one another.", "FILTER, BBOX und RESOURCEID schließen einander aus."});
    query.rows.where = ows::read_filter(xml, filter_context(*query.type, native, model, "FILTER"));
}

/// EXP_FILTER narrows BBOX; beside FILTER and RESOURCEID it is read and, as by QGIS Server, not looked at.
void read_expression(Query& query, const std::string& text, const ows::CrsName& native, const project::ProjectModel& model)
{
    if (text.empty()) return;
    ows::PredicatePtr where = ows::read_cql2_text(text, filter_context(*query.type, native, model, "EXP_FILTER"), ows::Cql2Dialect::qgis_expression);
    if (!query.rows.where && !query.rows.fids) query.rows.where = std::move(where);
}

[[noreturn]] void refuse_id(const std::string& id)
{
    throw invalid_parameter("RESOURCEID", base::filled({"'{0}' is no id of a feature of the type asked for.", "'{0}' ist keine Kennung eines Objekts des gefragten Typs."}, id));
}

void add_id(Query& query, const ResourceId& id)
{
    if (!query.rows.fids) query.rows.fids.emplace();
    if (id.well_formed) query.rows.fids->push_back(id.fid);
}

/// RESOURCEID (FEATUREID): all ids must be of a type asked for; without TYPENAMES they say the types themselves.
void read_ids(FeatureRequest& request, const std::vector<FeatureType>& types, const ows::KeyValues& kv)
{
    const char* parameter = kv.find("RESOURCEID") ? "RESOURCEID" : "FEATUREID";
    const auto text = kv.find(parameter);
    if (!text) return;
    const bool typed = !request.queries.empty();
    if (typed && text->front() == '(') {
        const auto lists = of_queries(kv, parameter, request.queries.size(), false);
        for (std::size_t i = 0; i < lists.size(); ++i) {
            if (lists[i].empty()) continue;
            for (const std::string& one : ows::split(lists[i], ',')) {
                const ResourceId id = parse_id(ows::trimmed(one));
                if (find_type(types, id.type) != request.queries[i].type) refuse_id(one);
                add_id(request.queries[i], id);
            }
        }
        return;
    }
    for (const std::string& one : ows::split(*text, ',')) {
        const ResourceId id = parse_id(ows::trimmed(one));
        const FeatureType* type = find_type(types, id.type);
        if (type == nullptr) refuse_id(one);
        auto query = std::find_if(request.queries.begin(), request.queries.end(), [&](const Query& q) { return q.type == type; });
        if (query == request.queries.end()) {
            if (typed) refuse_id(one);
            query = request.queries.insert(query, Query{});
            query->type = type;
        }
        add_id(*query, id);
    }
    for (Query& query : request.queries)
        if (!query.rows.fids) query.rows.fids.emplace();  // ids of other types were asked for
}

void read_stored_query(FeatureRequest& request, const std::vector<FeatureType>& types, const ows::KeyValues& kv)
{
    const std::string name = kv.required("STOREDQUERY_ID");
    if (!is_get_feature_by_id(name))
        throw invalid_parameter("storedQueryId", base::filled({"There is no stored query '{0}'.", "Eine gespeicherte Abfrage '{0}' gibt es nicht."}, name));
    request.by_id = true;
    const std::string text = kv.required("ID");
    const ResourceId id = parse_id(text);
    const FeatureType* type = find_type(types, id.type);
    if (type == nullptr || !id.well_formed)
        throw ows::OwsException(ows::Code::not_found, "ID", base::filled({"There is no feature '{0}'.", "Ein Objekt '{0}' gibt es nicht."}, text));
    request.queries.emplace_back().type = type;
    add_id(request.queries.back(), id);
}

/// WFS 1.0.0 knows "EPSG:n" alone and has x first whatever the official order is.
ows::CrsName in_version(ows::CrsName crs, Version version)
{
    if (version != Version::v1_0_0) return crs;
    return {crs.code, false, crs.code == "OGC:CRS84" ? "EPSG:4326" : crs.code};
}

void read_rows(FeatureRequest& request, const ows::FaceContext& context, const ows::KeyValues& kv)
{
    const std::size_t n = request.queries.size();
    const auto crs = of_queries(kv, "SRSNAME", n, true), boxes = of_queries(kv, "BBOX", n, true), filters = of_queries(kv, "FILTER", n, false), orders = of_queries(kv, "SORTBY", n, false),
               properties = of_queries(kv, "PROPERTYNAME", n, false), expressions = expressions_of(kv, n);
    for (std::size_t i = 0; i < n; ++i) {
        Query& query = request.queries[i];
        const project::PublishedLayer& layer = *query.type->layer;
        const std::string own = layer.crs.empty() ? "OGC:CRS84" : layer.crs;
        const ows::CrsName native = in_version(ows::wfs_crs(ows::urn_name(own), context.model, "srsName"), request.version);
        if (!crs[i].empty())
            query.crs = in_version(ows::wfs_crs(crs[i], context.model, "srsName"), request.version);
        else if (request.format == Format::geojson && layer.geometry)
            query.crs = {"OGC:CRS84", false, ows::urn_name("OGC:CRS84")};  // RFC 7946
        else
            query.crs = native;
        if (!boxes[i].empty()) {
            ows::BoxWithCrs box = ows::parse_wfs_box(boxes[i], native, context.model);
            if (request.version == Version::v1_0_0 && box.crs.swapped) box.box = {box.box.ymin, box.box.xmin, box.box.ymax, box.box.xmax};
            query.rows.box = box;
        }
        read_filter(query, filters[i], native, context.model);
        read_expression(query, expressions[i], native, context.model);
        read_properties(query, properties[i]);
        read_order(query, orders[i]);
        query.with_geometry = query.with_geometry && layer.geometry.has_value();
    }
}

/// References between features do not occur in our data, so there is nothing to resolve; only what would need the network is refused.
void check_resolve(const ows::KeyValues& kv)
{
    const std::string resolve = kv.get("RESOLVE", "none");
    if (ows::equal_ignoring_case(resolve, "none") || ows::equal_ignoring_case(resolve, "local")) return;
    if (ows::equal_ignoring_case(resolve, "remote") || ows::equal_ignoring_case(resolve, "all"))
        throw ows::OwsException(ows::Code::option_not_supported, "resolve", {"Remote references are not resolved.", "Verweise nach außen werden nicht aufgelöst."});
    throw invalid_parameter("resolve", base::filled({"resolve is '{0}'; expected is none or local.", "resolve ist '{0}'; erwartet wird none oder local."}, resolve));
}

}  // namespace

FeatureRequest read_feature_request(const ows::FaceContext& context, const ows::KeyValues& kv, const std::vector<FeatureType>& types, Version version)
{
    FeatureRequest request;
    request.version = version;
    request.format = format_of(kv.get("OUTPUTFORMAT"), version);
    if (kv.find("CQL_FILTER"))
        throw ows::OwsException(ows::Code::option_not_supported, "CQL_FILTER", {"Filters are offered in the form of FES, and of QGIS as EXP_FILTER.", "Filter werden in der Form von FES angeboten und, als EXP_FILTER, in der von QGIS."});
    if (version == Version::v2_0_0) check_resolve(kv);
    if (kv.find("STOREDQUERY_ID")) {
        read_stored_query(request, types, kv);
    } else {
        for (const FeatureType* type : types_asked(types, kv, context.model)) request.queries.emplace_back().type = type;
        read_ids(request, types, kv);
        if (request.queries.empty()) throw ows::missing_parameter(version == Version::v2_0_0 ? "typeNames" : "typeName");
    }
    read_rows(request, context, kv);
    if (version != Version::v1_0_0) {
        const std::string result = kv.get("RESULTTYPE", "results");
        request.hits = ows::equal_ignoring_case(result, "hits");
        if (!request.hits && !ows::equal_ignoring_case(result, "results"))
            throw invalid_parameter("resultType", base::filled({"resultType is '{0}'; expected is results or hits.", "resultType ist '{0}'; erwartet wird results oder hits."}, result));
    }
    constexpr auto any = std::numeric_limits<std::int64_t>::max();
    request.count = std::min(kv.integer_or(kv.find("COUNT") ? "COUNT" : "MAXFEATURES", context.limits.max_features, 0, any), context.limits.max_features);
    request.start = kv.integer_or("STARTINDEX", 0, 0, any);
    return request;
}

ows::FeatureShape shape_of(const FeatureRequest& request, const Query& query)
{
    ows::FeatureShape shape;
    for (const std::size_t field : query.fields) shape.fields.push_back(query.type->fields[field]->name);
    shape.id_prefix = query.type->name + ".";
    shape.crs = query.crs;
    // Beside GML nothing says which axis is first: with the older crs member of GeoJSON, and in WKT, GDAL and QGIS read x, y.
    if (!is_gml(request.format)) shape.crs.swapped = false;
    shape.with_geometry = query.with_geometry;
    shape.shown = query.shown;
    shape.shown_of_own_crs = request.format == Format::geojson;  // as QGIS Server does
    return shape;
}

ows::GmlNames gml_names(const FeatureRequest& request, const Query& query)
{
    ows::GmlNames names;
    names.type = qualified(query.type->name);
    names.geometry = qualified(query.type->geometry_name);
    for (const std::size_t field : query.fields) names.fields.push_back(qualified(query.type->field_names[field]));
    switch (request.format) {
    case Format::gml_2: names.version = ows::GmlVersion::v2_1_2; break;
    case Format::gml_3_1: names.version = ows::GmlVersion::v3_1_1; break;
    default: return names;
    }
    names.member = "gml:featureMember";
    return names;
}

Links links_of(const ows::FaceContext& context, const ows::KeyValues& kv, const FeatureRequest& request, std::int64_t matched, std::int64_t returned)
{
    if (request.count == 0) return {};
    const auto page = [&](std::int64_t start) {
        std::string url = context.project_url + "/ows?" + kv.query_without({"STARTINDEX", "RESULTTYPE", "COUNT", "MAXFEATURES"}) + "&COUNT=" + std::to_string(request.count) +
                          "&STARTINDEX=" + std::to_string(start);
        return url.size() <= longest_link ? url : std::string();
    };
    if (request.hits) return {matched > 0 ? page(0) : "", ""};
    Links links;
    if (request.start + returned < matched && returned > 0) links.next = page(request.start + returned);
    if (request.start > 0) links.previous = page(std::max<std::int64_t>(0, std::min(request.start, matched) - request.count));
    return links;
}

}  // namespace stadtgdi::wfs
