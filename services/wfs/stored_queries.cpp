// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/feature_type.hpp>
#include <services/wfs/requests.hpp>

namespace stadtgdi::wfs {

namespace {

constexpr std::string_view by_id = "http://www.opengis.net/def/query/OGC-WFS/0/GetFeatureById";
constexpr std::string_view by_id_urn = "urn:ogc:def:query:OGC-WFS::GetFeatureById";

std::string root(const ows::FaceContext& context, std::string_view name)
{
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:" + std::string(name) + " xmlns:wfs=\"http://www.opengis.net/wfs/2.0\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:" +
           std::string(prefix) + "=\"" + http::xml_escaped(ows::feature_namespace(context.model.id)) +
           "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd\">\n";
}

std::string type_list(const ows::FaceContext& context, std::string_view element)
{
    std::string xml;
    for (const FeatureType& type : feature_types(context.model))
        xml += "    <wfs:" + std::string(element) + ">" + qualified(type.name) + "</wfs:" + std::string(element) + ">\n";
    return xml;
}

}  // namespace

bool is_get_feature_by_id(std::string_view query_id) { return query_id == by_id || query_id == by_id_urn; }

http::Response list_stored_queries(const ows::FaceContext& context)
{
    http::Response response;
    response.content_type = "text/xml; charset=utf-8";
    response.body = root(context, "ListStoredQueriesResponse") + "  <wfs:StoredQuery id=\"" + std::string(by_id) + "\">\n    <wfs:Title>GetFeatureById</wfs:Title>\n" +
                    type_list(context, "ReturnFeatureType") + "  </wfs:StoredQuery>\n</wfs:ListStoredQueriesResponse>\n";
    return response;
}

http::Response describe_stored_queries(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    for (const std::string& id : kv.list("STOREDQUERY_ID"))
        if (!is_get_feature_by_id(id))
            throw ows::invalid_parameter("storedQueryId", base::filled({"There is no stored query '{0}'.", "Eine gespeicherte Abfrage '{0}' gibt es nicht."}, id));
    std::string names;
    for (const FeatureType& type : feature_types(context.model)) names += (names.empty() ? "" : " ") + qualified(type.name);
    http::Response response;
    response.content_type = "text/xml; charset=utf-8";
    response.body = root(context, "DescribeStoredQueriesResponse") + "  <wfs:StoredQueryDescription id=\"" + std::string(by_id) +
                    "\">\n    <wfs:Title>GetFeatureById</wfs:Title>\n    <wfs:Parameter name=\"ID\" type=\"xsd:string\"/>\n    <wfs:QueryExpressionText returnFeatureTypes=\"" + names +
                    "\" language=\"urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression\" isPrivate=\"true\"/>\n  </wfs:StoredQueryDescription>\n"
                    "</wfs:DescribeStoredQueriesResponse>\n";
    return response;
}

}  // namespace stadtgdi::wfs
