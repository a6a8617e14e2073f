// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/error.hpp>
#include <services/http/message.hpp>
#include <services/ows/face.hpp>
#include <string>
#include <string_view>

namespace stadtgdi::ows {

/// Exception codes of OWS Common 1.1, WFS 2.0, WMS 1.3.0 and 1.1.1, WMTS 1.0.0.
enum class Code {
    missing_parameter_value,
    invalid_parameter_value,
    version_negotiation_failed,
    invalid_update_sequence,
    current_update_sequence,
    operation_not_supported,
    option_not_supported,
    no_applicable_code,
    operation_parsing_failed,     // WFS
    operation_processing_failed,  // WFS
    not_found,                    // WFS
    invalid_format,               // WMS from here
    invalid_crs,                  // InvalidSRS in 1.1.1
    layer_not_defined,
    style_not_defined,
    layer_not_queryable,
    invalid_point,
    missing_dimension_value,
    invalid_dimension_value,
    tile_out_of_range,            // WMTS from here
    point_ij_out_of_range,
};

std::string_view name_of(Code code, std::string_view wms_version = {});

/// An error that knows its OGC code and the parameter (locator) it speaks of. Its kind follows from the code, that of NoApplicableCode from the status.
///     throw OwsException(Code::layer_not_defined, "LAYERS", {"Layer 'x' is not offered.", "Der Layer 'x' wird nicht angeboten."});
class OwsException : public base::Error {
public:
    /// status = 0: the usual one of the code (400; 404 NotFound; 501 OperationNotSupported).
    OwsException(Code code, std::string_view locator, base::Text message, int status = 0);
    Code code() const { return m_code; }
    const std::string& locator() const { return m_locator; }
    int status() const { return m_status; }

private:
    Code m_code;
    std::string m_locator;
    int m_status;
};

OwsException missing_parameter(std::string_view name);
OwsException invalid_parameter(std::string_view name, base::Text message);

/// What any error looks like to a client of WMS (`wms_version` "1.3.0" or "1.1.1") or of WFS (empty): kinds as in the table of
/// docs/how_to. Errors of kind internal, and exceptions that are no base::Error, show only an id; the text goes to the log.
OwsException from_error(const std::exception& error, std::string_view wms_version);

/// ServiceExceptionReport of WMS: 1.3.0 as text/xml, 1.1.1 as application/vnd.ogc.se_xml.
http::Response wms_exception(std::string_view version, const OwsException& error, base::Language language);
/// ows:ExceptionReport 1.1 as WFS 2.0, WMTS (`version` "1.0.0") and the shared end point answer.
http::Response ows_exception(const OwsException& error, base::Language language, std::string_view version = "2.0.0");
/// As WFS 1.0.0 (ServiceExceptionReport) and 1.1.0 (ows:ExceptionReport 1.0) have it, ows_exception() for other versions.
http::Response wfs_exception(std::string_view version, const OwsException& error, base::Language language);

/// As http::language_of; for those who do not say what they read, the language of the project.
base::Language language_of(const http::Request& request, const project::ProjectModel& model);
base::Language language_of(const FaceContext& context);

}  // namespace stadtgdi::ows
