// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/wms/requests.hpp>

namespace stadtgdi::wms {

using ows::Code;
using ows::equal_ignoring_case;
using ows::KeyValues;
using ows::OwsException;

namespace {

/// GetCapabilities negotiates: a version that is not spoken gets the nearest one that is.
std::string negotiated(const std::string& wanted)
{
    return !wanted.empty() && wanted < "1.3" && wanted.size() < 16 ? "1.1.1" : "1.3.0";
}

/// Other requests must say which version they are written in.
std::string stated(const KeyValues& kv)
{
    const auto version = kv.find("VERSION") ? kv.find("VERSION") : kv.find("WMTVER");
    if (!version)
        throw ows::missing_parameter("VERSION");
    if (version->starts_with("1.3"))
        return "1.3.0";
    if (version->starts_with("1.1") || version->starts_with("1.0"))
        return "1.1.1";
    throw ows::invalid_parameter("VERSION", base::filled({"Version '{0}' is not spoken; 1.3.0 and 1.1.1 are.",
                                                          "Die Version '{0}' wird nicht unterstützt, nur 1.3.0 und 1.1.1."}, *version));
}

}  // namespace

http::Response handle(const ows::FaceContext& context, const KeyValues& kv)
{
    const std::string request = kv.required("REQUEST");
    const auto is = [&request](std::string_view name) { return equal_ignoring_case(request, name); };
    if (is("GetCapabilities") || is("capabilities"))
        return get_capabilities(context, kv, negotiated(kv.get("VERSION", kv.get("WMTVER"))));
    if (is("GetMap") || is("map"))
        return get_map(context, kv, stated(kv));
    if (is("GetFeatureInfo") || is("feature_info"))
        return get_feature_info(context, kv, stated(kv));
    // Its own version is that of SLD; many clients leave it out.
    if (is("GetLegendGraphic") || is("GetLegendGraphics"))
        return get_legend_graphic(context, kv, kv.get("VERSION", "1.3.0").starts_with("1.1.1") ? "1.1.1" : "1.3.0");
    if (is("DescribeLayer"))
        return describe_layer(context, kv, stated(kv));
    if (is("GetStyles") || is("GetStyle"))
        return get_styles(context, kv, kv.get("VERSION", "1.3.0").starts_with("1.1.1") ? "1.1.1" : "1.3.0");
    if (is("GetProjectSettings"))
        return get_capabilities(context, kv, "1.3.0", true);
    throw OwsException(Code::operation_not_supported, "REQUEST",
                       base::filled({"Request '{0}' is not offered by this WMS.", "Die Anfrage '{0}' bietet dieser WMS nicht an."}, request));
}

}  // namespace stadtgdi::wms
