// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/http/preferences.hpp>
#include <spdlog/spdlog.h>
#include <random>

namespace stadtgdi::ows {

namespace {

base::ErrorKind kind_of(Code code, int status)
{
    switch (code) {
    case Code::operation_not_supported:
    case Code::option_not_supported: return base::ErrorKind::unsupported;
    case Code::not_found:
    case Code::layer_not_defined:
    case Code::style_not_defined: return base::ErrorKind::not_found;
    case Code::no_applicable_code: return status >= 400 && status < 500 ? base::ErrorKind::invalid_argument : base::ErrorKind::internal;
    default: return base::ErrorKind::invalid_argument;
    }
}

int status_of(Code code)
{
    switch (code) {
    case Code::not_found: return 404;
    case Code::operation_not_supported:
    case Code::option_not_supported: return 501;
    case Code::no_applicable_code: return 500;
    default: return 400;
    }
}

std::string random_id()
{
    static thread_local std::mt19937_64 engine{std::random_device{}()};
    constexpr char digits[] = "0123456789abcdef";
    std::string id;
    for (int i = 0; i < 12; ++i) id += digits[engine() & 15U];
    return id;
}

/// Many texts repeat what the client sent, which may be as long as a body: no more of it is said back than anybody reads.
base::Text readable(base::Text message)
{
    constexpr std::size_t longest = 1000;
    return {base::shortened(std::move(message.en), longest), base::shortened(std::move(message.de), longest)};
}

}  // namespace

std::string_view name_of(Code code, std::string_view wms_version)
{
    switch (code) {
    case Code::missing_parameter_value: return "MissingParameterValue";
    case Code::invalid_parameter_value: return "InvalidParameterValue";
    case Code::version_negotiation_failed: return "VersionNegotiationFailed";
    case Code::invalid_update_sequence: return "InvalidUpdateSequence";
    case Code::current_update_sequence: return "CurrentUpdateSequence";
    case Code::operation_not_supported: return "OperationNotSupported";
    case Code::option_not_supported: return "OptionNotSupported";
    case Code::no_applicable_code: return "NoApplicableCode";
    case Code::operation_parsing_failed: return "OperationParsingFailed";
    case Code::operation_processing_failed: return "OperationProcessingFailed";
    case Code::not_found: return "NotFound";
    case Code::invalid_format: return "InvalidFormat";
    case Code::invalid_crs: return wms_version == "1.1.1" ? "InvalidSRS" : "InvalidCRS";
    case Code::layer_not_defined: return "LayerNotDefined";
    case Code::style_not_defined: return "StyleNotDefined";
    case Code::layer_not_queryable: return "LayerNotQueryable";
    case Code::invalid_point: return "InvalidPoint";
    case Code::missing_dimension_value: return "MissingDimensionValue";
    case Code::invalid_dimension_value: return "InvalidDimensionValue";
    case Code::tile_out_of_range: return "TileOutOfRange";
    case Code::point_ij_out_of_range: return "PointIJOutOfRange";
    }
    return "NoApplicableCode";
}

OwsException::OwsException(Code code, std::string_view locator, base::Text message, int status)
    : base::Error(kind_of(code, status), readable(std::move(message))), m_code(code), m_locator(base::shortened(std::string(locator), 200)), m_status(status != 0 ? status : status_of(code))
{
}

OwsException missing_parameter(std::string_view name)
{
    return {Code::missing_parameter_value, name, base::filled({"Parameter {0} is missing.", "Der Parameter {0} fehlt."}, std::string(name))};
}

OwsException invalid_parameter(std::string_view name, base::Text message) { return {Code::invalid_parameter_value, name, std::move(message)}; }

OwsException from_error(const std::exception& error, std::string_view wms_version)
{
    if (const auto* known = dynamic_cast<const OwsException*>(&error)) return *known;
    if (const auto* of_core = dynamic_cast<const base::Error*>(&error)) {
        switch (of_core->kind()) {
        case base::ErrorKind::invalid_argument: return {Code::invalid_parameter_value, "", of_core->message()};
        case base::ErrorKind::not_found: return {wms_version.empty() ? Code::invalid_parameter_value : Code::layer_not_defined, "", of_core->message()};
        case base::ErrorKind::unsupported: return {Code::operation_not_supported, "", of_core->message()};
        case base::ErrorKind::bad_data:
            spdlog::error("ows: {}", error.what());
            return {Code::no_applicable_code, "", {"The data of the layer cannot be used.", "Die Daten des Layers sind nicht verwendbar."}, 500};
        case base::ErrorKind::io:
            spdlog::error("ows: {}", error.what());
            return {Code::no_applicable_code, "", {"The data source does not answer at the moment.", "Die Datenquelle antwortet zurzeit nicht."}, 503};
        default: break;
        }
    }
    const std::string id = random_id();
    spdlog::error("ows: internal error {}: {}", id, error.what());
    return {Code::no_applicable_code, "", base::filled({"Internal error {0}; it is in the log of the service.", "Interner Fehler {0}; er steht im Protokoll des Dienstes."}, id), 500};
}

http::Response wms_exception(std::string_view version, const OwsException& error, base::Language language)
{
    const bool old = version == "1.1.1";
    http::Response response;
    // The code is OWS Common's, which WMS does not share: its 501 stays there too.
    response.status = error.code() == Code::option_not_supported ? 400 : error.status();
    response.content_type = old ? "application/vnd.ogc.se_xml; charset=utf-8" : "text/xml; charset=utf-8";
    std::string& xml = response.body;
    xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    if (old)
        xml += "<!DOCTYPE ServiceExceptionReport SYSTEM \"http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd\">\n<ServiceExceptionReport version=\"1.1.1\">\n";
    else
        xml += "<ServiceExceptionReport version=\"1.3.0\" xmlns=\"http://www.opengis.net/ogc\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
               "xsi:schemaLocation=\"http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd\">\n";
    xml += "  <ServiceException";
    if (error.code() != Code::no_applicable_code) {
        xml += " code=\"";
        xml += name_of(error.code(), version);
        xml += '"';
    }
    if (!old && !error.locator().empty()) xml += " locator=\"" + http::xml_escaped(error.locator()) + "\"";
    xml += ">" + http::xml_escaped(error.message().in(language)) + "</ServiceException>\n</ServiceExceptionReport>\n";
    return response;
}

namespace {

http::Response report(const OwsException& error, base::Language language, std::string_view root)
{
    http::Response response;
    response.status = error.status();
    response.content_type = "text/xml; charset=utf-8";
    std::string& xml = response.body;
    xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    xml += root;
    xml += language == base::Language::de ? "de" : "en";
    xml += "\">\n  <ows:Exception exceptionCode=\"";
    xml += name_of(error.code());
    xml += '"';
    if (!error.locator().empty()) xml += " locator=\"" + http::xml_escaped(error.locator()) + "\"";
    xml += ">\n    <ows:ExceptionText>" + http::xml_escaped(error.message().in(language)) + "</ows:ExceptionText>\n  </ows:Exception>\n</ows:ExceptionReport>\n";
    return response;
}

}  // namespace

http::Response ows_exception(const OwsException& error, base::Language language, std::string_view version)
{
    return report(error, language,
                  "<ows:ExceptionReport xmlns:ows=\"http://www.opengis.net/ows/1.1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                  "xsi:schemaLocation=\"http://www.opengis.net/ows/1.1 http://schemas.opengis.net/ows/1.1.0/owsExceptionReport.xsd\" version=\"" + std::string(version) + "\" xml:lang=\"");
}

http::Response wfs_exception(std::string_view version, const OwsException& error, base::Language language)
{
    if (version == "1.1.0")
        return report(error, language,
                      "<ows:ExceptionReport xmlns:ows=\"http://www.opengis.net/ows\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                      "xsi:schemaLocation=\"http://www.opengis.net/ows http://schemas.opengis.net/ows/1.0.0/owsExceptionReport.xsd\" version=\"1.1.0\" language=\"");
    if (version != "1.0.0") return ows_exception(error, language);
    http::Response response;
    response.status = error.status();
    response.content_type = "text/xml; charset=utf-8";
    std::string& xml = response.body;
    xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<ServiceExceptionReport version=\"1.2.0\" xmlns=\"http://www.opengis.net/ogc\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
          "xsi:schemaLocation=\"http://www.opengis.net/ogc http://schemas.opengis.net/wfs/1.0.0/OGC-exception.xsd\">\n  <ServiceException code=\"";
    xml += name_of(error.code());
    xml += '"';
    if (!error.locator().empty()) xml += " locator=\"" + http::xml_escaped(error.locator()) + "\"";
    xml += ">" + http::xml_escaped(error.message().in(language)) + "</ServiceException>\n</ServiceExceptionReport>\n";
    return response;
}

base::Language language_of(const http::Request& request, const project::ProjectModel& model) { return http::language_of(request, model.language.value_or(base::Language::de)); }

base::Language language_of(const FaceContext& context) { return language_of(context.request, context.model); }

}  // namespace stadtgdi::ows
