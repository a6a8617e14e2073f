// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/wfs/requests.hpp>
#include <services/wfs/wfs.hpp>

namespace stadtgdi::wfs {

namespace {

/// "2.0", "2.0.0" and "2.0.2" are one version for a client; a missing one is passed over.
void expect_version_2(const ows::KeyValues& kv)
{
    const std::string version = kv.get("VERSION", "2.0.0");
    if (version != "2.0" && version.rfind("2.0.", 0) != 0)
        throw ows::invalid_parameter("version", base::filled({"WFS {0} is not offered, 2.0.0 is.", "WFS {0} wird nicht angeboten, nur 2.0.0."}, version));
}

}  // namespace

http::Response handle(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    const std::string request = kv.find("REQUEST") ? *kv.find("REQUEST") : throw ows::missing_parameter("request");
    const auto is = [&](std::string_view name) { return ows::equal_ignoring_case(request, name); };
    if (is("GetCapabilities")) return get_capabilities(context, kv);
    for (const char* name : {"DescribeFeatureType", "GetFeature", "ListStoredQueries", "DescribeStoredQueries"})
        if (is(name)) expect_version_2(kv);
    if (is("DescribeFeatureType")) return describe_feature_type(context, kv);
    if (is("GetFeature")) return get_feature(context, kv);
    if (is("ListStoredQueries")) return list_stored_queries(context);
    if (is("DescribeStoredQueries")) return describe_stored_queries(context, kv);
    for (const char* name : {"GetPropertyValue", "Transaction", "LockFeature", "GetFeatureWithLock", "CreateStoredQuery", "DropStoredQuery"})
        if (is(name))
            throw ows::OwsException(ows::Code::operation_not_supported, request, base::filled({"{0} is not offered.", "{0} wird nicht angeboten."}, request));
    throw ows::invalid_parameter("request", base::filled({"'{0}' is no request of WFS.", "'{0}' ist keine Anfrage des WFS."}, request));
}

}  // namespace stadtgdi::wfs
