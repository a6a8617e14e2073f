// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/wfs/requests.hpp>
#include <services/wfs/wfs.hpp>

namespace stadtgdi::wfs {

http::Response handle(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    const std::string request = kv.find("REQUEST") ? *kv.find("REQUEST") : throw ows::missing_parameter("request");
    const auto is = [&](std::string_view name) { return ows::equal_ignoring_case(request, name); };
    if (is("GetCapabilities")) return get_capabilities(context, kv);
    // Refused before anything they name is looked up.
    for (const char* name : {"Transaction", "LockFeature", "GetFeatureWithLock", "GetGmlObject", "CreateStoredQuery", "DropStoredQuery"})
        if (is(name))
            throw ows::OwsException(ows::Code::operation_not_supported, request, base::filled({"{0} is not offered.", "{0} wird nicht angeboten."}, request));
    const bool in_2_0 = is("GetPropertyValue") || is("ListStoredQueries") || is("DescribeStoredQueries");
    if (!in_2_0 && !is("DescribeFeatureType") && !is("GetFeature"))
        throw ows::invalid_parameter("request", base::filled({"'{0}' is no request of WFS.", "'{0}' ist keine Anfrage des WFS."}, request));
    const Version version = version_of(kv);
    if (is("DescribeFeatureType")) return describe_feature_type(context, kv, version);
    if (is("GetFeature")) return get_feature(context, kv, version);
    if (version != Version::v2_0_0)
        throw ows::OwsException(ows::Code::operation_not_supported, request, base::filled({"{0} is offered in WFS 2.0.0 alone.", "{0} wird nur in WFS 2.0.0 angeboten."}, request));
    if (is("GetPropertyValue")) return get_property_value(context, kv);
    if (is("ListStoredQueries")) return list_stored_queries(context);
    return describe_stored_queries(context, kv);
}

std::string_view error_version(std::string_view version)
{
    if (version == "1.0" || version == "1.0.0") return "1.0.0";
    if (version == "1.1" || version == "1.1.0") return "1.1.0";
    return "2.0.0";
}

}  // namespace stadtgdi::wfs
