// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/documents.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/capabilities_parts.hpp>
#include <services/wfs/requests.hpp>

namespace stadtgdi::wfs {

namespace {

bool is_section(std::string_view name)
{
    for (const char* known : {"All", "ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities"})
        if (ows::equal_ignoring_case(name, known)) return true;
    return false;
}

std::string body_of(Version version, const ows::FaceContext& context, const std::string& url, const std::vector<std::string>& sections)
{
    switch (version) {
    case Version::v1_0_0: return capabilities_1_0(context, url);
    case Version::v1_1_0: return capabilities_1_1(context, url, sections);
    case Version::v2_0_0: break;
    }
    return capabilities_2_0(context, url, sections);
}

}  // namespace

http::Response get_capabilities(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    static ows::Documents documents;
    const Version version = negotiated_version(kv);
    const auto sections = kv.list("SECTIONS");
    for (const std::string& section : sections)
        if (!is_section(section))
            throw ows::invalid_parameter("sections", base::filled({"There is no section '{0}'.", "Einen Abschnitt '{0}' gibt es nicht."}, section));
    const std::string url = context.project_url + "/ows", language = ows::language_of(context) == base::Language::de ? "de" : "en";
    std::string key = std::to_string(static_cast<int>(version)) + '\n' + context.model.id + '\n' + context.model.version + '\n' + context.project.version() + '\n' + context.rights.key() + '\n' + url + '\n' + language;
    for (const std::string& section : sections)
        key += '\n' + section;
    std::shared_ptr<const std::string> document = documents.find(key);
    if (!document) {
        document = std::make_shared<const std::string>(body_of(version, context, url, sections));
        documents.keep(std::move(key), document);
    }
    http::Response response;
    response.content_type = "text/xml; charset=utf-8";
    response.etag = ows::tag_of(context.model.version + "|" + context.project.version() + "|" + context.rights.key() + "|" + url + "|" + language + "|" + kv.query_without({}));
    response.set_header("Vary", "Accept-Language");
    response.shared_body = std::move(document);
    return response;
}

}  // namespace stadtgdi::wfs
