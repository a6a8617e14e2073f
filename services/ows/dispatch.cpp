// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/dispatch.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/xml_body.hpp>
#include <services/tiles/wmts.hpp>
#include <services/wfs/wfs.hpp>
#include <services/wfs/xml_request.hpp>
#include <services/wms/wms.hpp>

namespace stadtgdi::ows {

namespace {

bool is_wms_request(std::string_view request)
{
    for (const std::string_view name : {"GetMap", "Map", "GetFeatureInfo", "feature_info", "GetLegendGraphic", "GetStyles", "GetStyle", "DescribeLayer", "GetProjectSettings"})
        if (equal_ignoring_case(request, name)) return true;
    return false;
}

/// The version in whose form a WMS error is told: 1.1.1 only to clients that ask for a version below 1.3.0.
std::string wms_version(const http::Request& request)
{
    for (const char* name : {"VERSION", "WMTVER"})
        if (const auto version = request.parameter(name); version && !version->empty()) return *version < "1.3" ? "1.1.1" : "1.3.0";
    return "1.3.0";
}

/// SERVICE may be left out in WMS, but for GetCapabilities; WFS demands it always. Asked before the parameters are checked, so that
/// what is wrong with them is told in the form of the service.
bool is_wms(const http::Request& request)
{
    if (const auto service = request.parameter("SERVICE"); service && !service->empty()) return equal_ignoring_case(*service, "WMS");
    return is_wms_request(request.parameter("REQUEST").value_or(""));
}

void rethrow_cancelled(const std::exception& error)
{
    const auto* known = dynamic_cast<const base::Error*>(&error);
    if (known != nullptr && known->kind() == base::ErrorKind::cancelled) throw base::Error(*known);
}

}  // namespace

http::Response handle(const FaceContext& context)
{
    const base::Language language = language_of(context);
    KeyValues kv;
    bool wms = is_wms(context.request);
    std::string version = context.request.parameter("VERSION").value_or("");
    try {
        if (has_xml_body(context.request)) {
            wms = false;
            const pugi::xml_document document = read_xml_body(context.request);
            version = document.document_element().attribute("version").value();
            if (!wfs::is_wfs_request(document))
                throw OwsException(Code::operation_not_supported, "", {"Requests in XML are offered for WFS alone.", "Anfragen in XML werden nur für WFS angeboten."});
            return wfs::handle(context, wfs::key_values_of(document, context.model));
        }
        kv = KeyValues::of(context.request);
        version = kv.get("VERSION");
        const auto service = kv.find("SERVICE");
        wms = service ? equal_ignoring_case(*service, "WMS") : is_wms_request(kv.get("REQUEST"));
        if (wms) return wms::handle(context, kv);
        if (!service) throw missing_parameter("service");
        if (equal_ignoring_case(*service, "WMTS")) return tiles::handle_wmts(context, kv);
        if (!equal_ignoring_case(*service, "WFS"))
            throw invalid_parameter("service", base::filled({"Service '{0}' is not offered; WMS, WMTS and WFS are.", "Der Dienst '{0}' wird nicht angeboten, nur WMS, WMTS und WFS."}, *service));
        return wfs::handle(context, kv);
    } catch (const std::exception& error) {
        rethrow_cancelled(error);
        if (wms) {
            const std::string version_of_wms = wms_version(context.request);
            return wms_exception(version_of_wms, from_error(error, version_of_wms), language);
        }
        // The version is that of WFS only where no other service is named.
        const std::string service = context.request.parameter("SERVICE").value_or("WFS");
        if (!service.empty() && !equal_ignoring_case(service, "WFS")) return ows_exception(from_error(error, {}), language, equal_ignoring_case(service, "WMTS") ? "1.0.0" : "2.0.0");
        return wfs_exception(wfs::error_version(version), from_error(error, {}), language);
    }
}

}  // namespace stadtgdi::ows
