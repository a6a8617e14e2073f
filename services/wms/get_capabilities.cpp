// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/documents.hpp>
#include <services/ows/exception.hpp>
#include <services/wms/capabilities_layers.hpp>
#include <services/wms/feature_info_formats.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/map_request.hpp>
#include <services/wms/requests.hpp>

#include <sstream>

namespace stadtgdi::wms {

using ows::FaceContext;

namespace {

void append_service(pugi::xml_node root, const FaceContext& context, const CapabilitiesDocument& wanted)
{
    const bool old = wanted.old();
    const project::ProjectModel& model = context.model;
    pugi::xml_node service = root.append_child("Service");
    append_text(service, "Name", old ? "OGC:WMS" : "WMS");
    append_text(service, "Title", model.title);
    if (!model.abstract.empty())
        append_text(service, "Abstract", model.abstract);
    append_keywords(service, model.keywords);
    if (!old) {
        pugi::xml_node list = service.child("KeywordList") ? service.child("KeywordList") : service.append_child("KeywordList");
        append_text(list, "Keyword", "infoMapAccessService").append_attribute("vocabulary") = "ISO";
    }
    append_online_resource(service, model.online_resource.empty() ? wanted.url : model.online_resource);
    const project::ContactInfo& contact = model.contact;
    if (!contact.person.empty() || !contact.organization.empty() || !contact.email.empty() || !contact.phone.empty()) {
        pugi::xml_node information = service.append_child("ContactInformation");
        if (!contact.person.empty() || !contact.organization.empty()) {
            pugi::xml_node primary = information.append_child("ContactPersonPrimary");
            append_text(primary, "ContactPerson", contact.person);
            append_text(primary, "ContactOrganization", contact.organization);
        }
        if (!contact.position.empty())
            append_text(information, "ContactPosition", contact.position);
        if (!contact.phone.empty())
            append_text(information, "ContactVoiceTelephone", contact.phone);
        if (!contact.email.empty())
            append_text(information, "ContactElectronicMailAddress", contact.email);
    }
    append_text(service, "Fees", model.fees.empty() ? "none" : model.fees);
    append_text(service, "AccessConstraints", model.access_constraints.empty() ? "none" : model.access_constraints);
    if (!old) {
        append_text(service, "LayerLimit", std::to_string(most_layers));
        append_text(service, "MaxWidth", std::to_string(largest_width(context)));
        append_text(service, "MaxHeight", std::to_string(largest_height(context)));
    }
}

void append_operation(pugi::xml_node request, const char* name, const std::vector<std::string>& formats, const std::string& url, bool post)
{
    pugi::xml_node operation = request.append_child(name);
    for (const std::string& format : formats)
        append_text(operation, "Format", format);
    pugi::xml_node http = operation.append_child("DCPType").append_child("HTTP");
    append_online_resource(http.append_child("Get"), url);
    if (post)
        append_online_resource(http.append_child("Post"), url);
}

void append_symbolization(pugi::xml_node capability, bool old)
{
    pugi::xml_node user = capability.append_child(old ? "UserDefinedSymbolization" : "sld:UserDefinedSymbolization");
    user.append_attribute("SupportSLD") = "1";
    user.append_attribute("UserLayer") = "0";
    user.append_attribute("UserStyle") = "1";
    user.append_attribute("RemoteWFS") = "0";
    if (!old) {
        user.append_attribute("InlineFeature") = "0";
        user.append_attribute("RemoteWCS") = "0";
    }
}

void append_requests(pugi::xml_node capability, const CapabilitiesDocument& wanted)
{
    const bool old = wanted.old();
    const std::string& url = wanted.url;
    pugi::xml_node request = capability.append_child("Request");
    append_operation(request, "GetCapabilities", {old ? "application/vnd.ogc.wms_xml" : "text/xml"}, url, true);
    append_operation(request, "GetMap", {"image/png", "image/png; mode=8bit", "image/jpeg", "image/webp"}, url, true);
    append_operation(request, "GetFeatureInfo", feature_info_formats(), url, true);
    const std::vector<std::string> legend{"image/png", "image/jpeg", "image/webp", "application/json"};
    if (old) {
        append_operation(request, "DescribeLayer", {"application/vnd.ogc.wms_xml"}, url, true);
        append_operation(request, "GetLegendGraphic", legend, url, true);
        append_operation(request, "GetStyles", {"application/vnd.ogc.sld+xml"}, url, true);
        return;
    }
    append_operation(request, "sld:DescribeLayer", {"text/xml"}, url, true);
    append_operation(request, "sld:GetLegendGraphic", legend, url, true);
    // The schemas of 1.3.0 have no GetStyles.
    if (wanted.project_settings)
        append_operation(request, "qgs:GetStyles", {"text/xml"}, url, true);
}

void append_namespaces(pugi::xml_node root, const FaceContext& context, const CapabilitiesDocument& wanted)
{
    std::string schemas = "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd "
                          "http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd";
    root.append_attribute("xmlns") = "http://www.opengis.net/wms";
    root.append_attribute("xmlns:sld") = "http://www.opengis.net/sld";
    root.append_attribute("xmlns:xsi") = "http://www.w3.org/2001/XMLSchema-instance";
    if (context.model.inspire) {
        root.append_attribute("xmlns:inspire_vs") = "http://inspire.ec.europa.eu/schemas/inspire_vs/1.0";
        root.append_attribute("xmlns:inspire_common") = "http://inspire.ec.europa.eu/schemas/common/1.0";
        schemas += " http://inspire.ec.europa.eu/schemas/inspire_vs/1.0 http://inspire.ec.europa.eu/schemas/inspire_vs/1.0/inspire_vs.xsd";
    }
    if (wanted.project_settings)
        root.append_attribute("xmlns:qgs") = "http://www.qgis.org/wms";
    root.append_attribute("xsi:schemaLocation") = schemas.c_str();
}

/// What the layers of the project stand for besides maps, for web clients of QGIS's own.
void append_project(pugi::xml_node capability, const FaceContext& context)
{
    pugi::xml_node types = capability.append_child("WFSLayers");
    for (const project::PublishedLayer& layer : context.model.layers)
        if (layer.in_wfs)
            types.append_child("WFSLayer").append_attribute("name") = layer.name.c_str();
    std::string order;
    for (const project::PublishedLayer& layer : context.model.layers)  // bottom first
        if (is_offered(layer))
            order += (order.empty() ? "" : ",") + layer.name;
    append_text(capability, "LayerDrawingOrder", order);
}

std::string document_of(const FaceContext& context, const CapabilitiesDocument& wanted, bool& complete)
{
    const bool old = wanted.old();
    pugi::xml_document document;
    pugi::xml_node root = document.append_child(old ? "WMT_MS_Capabilities" : "WMS_Capabilities");
    root.append_attribute("version") = wanted.version.c_str();
    root.append_attribute("updateSequence") = context.project.version().c_str();
    if (!old)
        append_namespaces(root, context, wanted);
    append_service(root, context, wanted);
    pugi::xml_node capability = root.append_child("Capability");
    append_requests(capability, wanted);
    pugi::xml_node exception = capability.append_child("Exception");
    for (const char* format : {"XML", "INIMAGE", "BLANK"})
        append_text(exception, "Format", !old ? format : format == std::string_view("XML") ? "application/vnd.ogc.se_xml"
                                                     : format == std::string_view("INIMAGE") ? "application/vnd.ogc.se_inimage" : "application/vnd.ogc.se_blank");
    append_symbolization(capability, old);
    if (!old)
        append_inspire(capability, context, wanted);
    if (wanted.project_settings)
        append_project(capability, context);
    complete = append_layers(capability, context, wanted);

    std::ostringstream out;
    out << "<?xml version=\"1.0\" encoding=\"UTF-8\"" << (old ? " standalone=\"no\"" : "") << "?>\n";
    if (old)
        out << "<!DOCTYPE WMT_MS_Capabilities SYSTEM \"http://schemas.opengis.net/wms/1.1.1/capabilities_1_1_1.dtd\" "
               "[<!ELEMENT VendorSpecificCapabilities EMPTY>]>\n";
    document.save(out, " ", pugi::format_default | pugi::format_no_declaration, pugi::encoding_utf8);
    return out.str();
}

void check_update_sequence(const FaceContext& context, const ows::KeyValues& kv)
{
    const auto asked = kv.find("UPDATESEQUENCE");
    if (!asked)
        return;
    const std::string current = context.project.version();
    if (*asked == current)
        throw ows::OwsException(ows::Code::current_update_sequence, "UPDATESEQUENCE",
                                {"The capabilities have not changed.", "Die Capabilities haben sich nicht geändert."});
    if (*asked > current)  // ISO times compare as texts
        throw ows::OwsException(ows::Code::invalid_update_sequence, "UPDATESEQUENCE",
                                {"UPDATESEQUENCE is later than the current one.", "UPDATESEQUENCE ist neuer als der aktuelle Stand."});
}

}  // namespace

http::Response get_capabilities(const FaceContext& context, const ows::KeyValues& kv, const std::string& version, bool project_settings)
{
    static ows::Documents documents;
    check_update_sequence(context, kv);
    const CapabilitiesDocument wanted{version, ows::language_of(context), context.project_url + "/ows?", project_settings};
    const std::string key = version + '\n' + context.model.id + '\n' + context.project.version() + '\n' + context.rights.key() + '\n' + context.project_url + '\n' +
                            (wanted.language == base::Language::de ? "de" : "en") + (project_settings ? " settings" : "");
    std::shared_ptr<const std::string> document = documents.find(key);
    if (!document) {
        bool complete = true;
        document = std::make_shared<const std::string>(document_of(context, wanted, complete));
        if (complete)
            documents.keep(key, document);
    }
    http::Response response;
    response.content_type = wanted.old() ? "application/vnd.ogc.wms_xml; charset=utf-8" : "text/xml; charset=utf-8";
    response.set_header("Vary", "Accept-Language");
    response.shared_body = std::move(document);
    return response;
}

}  // namespace stadtgdi::wms
