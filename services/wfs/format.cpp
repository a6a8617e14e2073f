// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/wfs/format.hpp>
#include <array>
#include <optional>

namespace stadtgdi::wfs {

namespace {

struct Spelling {
    std::string_view text;
    Format format;
};

constexpr std::array spellings{
    Spelling{"application/gmlxml;version=3.2", Format::gml_3_2},   Spelling{"application/gmlxml;version=3.2.1", Format::gml_3_2}, Spelling{"text/xml;subtype=gml/3.2", Format::gml_3_2},
    Spelling{"text/xml;subtype=gml/3.2.1", Format::gml_3_2},       Spelling{"gml32", Format::gml_3_2},                            Spelling{"gml3.2", Format::gml_3_2},
    Spelling{"text/xml;subtype=gml/3.1.1", Format::gml_3_1},       Spelling{"text/xml;subtype=gml/3.1", Format::gml_3_1},         Spelling{"application/gmlxml;version=3.1", Format::gml_3_1},
    Spelling{"application/gmlxml;version=3.1.1", Format::gml_3_1}, Spelling{"gml3", Format::gml_3_1},                             Spelling{"gml31", Format::gml_3_1},
    Spelling{"text/xml;subtype=gml/2.1.2", Format::gml_2},         Spelling{"text/xml;subtype=gml/2.1", Format::gml_2},           Spelling{"application/gmlxml;version=2.1", Format::gml_2},
    Spelling{"gml2", Format::gml_2},                               Spelling{"application/geojson", Format::geojson},              Spelling{"application/json", Format::geojson},
    Spelling{"application/vnd.geojson", Format::geojson},          Spelling{"geojson", Format::geojson},                          Spelling{"json", Format::geojson},
    Spelling{"text/csv", Format::csv},                             Spelling{"csv", Format::csv},                                  Spelling{"application/flatgeobuf", Format::flatgeobuf},
    Spelling{"application/vnd.flatgeobuf", Format::flatgeobuf},    Spelling{"flatgeobuf", Format::flatgeobuf},                    Spelling{"fgb", Format::flatgeobuf},
    Spelling{"application/geopackagesqlite3", Format::geopackage}, Spelling{"application/x-gpkg", Format::geopackage},            Spelling{"geopackage", Format::geopackage},
    Spelling{"gpkg", Format::geopackage},                          Spelling{"application/zip", Format::shapefile},                Spelling{"shape-zip", Format::shapefile},
    Spelling{"shapefile", Format::shapefile},                      Spelling{"shp", Format::shapefile},
};

/// A "+" that a client did not encode arrives as a blank, so neither counts.
std::string plain(const std::string& output_format)
{
    std::string text;
    for (const char c : output_format)
        if (c != ' ' && c != '+' && c != '"') text += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

Format own_gml(Version version)
{
    switch (version) {
    case Version::v1_0_0: return Format::gml_2;
    case Version::v1_1_0: return Format::gml_3_1;
    case Version::v2_0_0: break;
    }
    return Format::gml_3_2;
}

std::optional<Format> known(const std::string& output_format, Version version)
{
    const std::string text = plain(output_format);
    for (const char* any : {"", "text/xml", "application/xml", "application/gmlxml", "gml"})
        if (text == any) return own_gml(version);
    for (const Spelling& spelling : spellings)
        if (text == spelling.text) return spelling.format;
    return std::nullopt;
}

}  // namespace

std::string_view media_type(Format format)
{
    switch (format) {
    case Format::gml_2: return "text/xml; subtype=gml/2.1.2";
    case Format::gml_3_1: return "text/xml; subtype=gml/3.1.1";
    case Format::gml_3_2: return "application/gml+xml; version=3.2";
    case Format::geojson: return "application/geo+json";
    case Format::csv: return "text/csv";
    case Format::flatgeobuf: return "application/flatgeobuf";
    case Format::geopackage: return "application/geopackage+sqlite3";
    case Format::shapefile: break;
    }
    return "application/zip";
}

Format format_of(const std::string& output_format, Version version)
{
    if (const auto format = known(output_format, version)) return *format;
    throw ows::invalid_parameter("outputFormat", base::filled({"Output format '{0}' is not offered; the capabilities list those that are.",
                                                               "Das Ausgabeformat '{0}' wird nicht angeboten; die Capabilities nennen die angebotenen."},
                                                              output_format));
}

Format schema_format_of(const std::string& output_format, Version version)
{
    if (plain(output_format) == "xmlschema") return own_gml(version);
    const auto format = known(output_format, version);
    if (format && (is_gml(*format) || *format == Format::geojson)) return *format;
    throw ows::invalid_parameter("outputFormat", base::filled({"Schemas are not offered as '{0}'; they are as '{1}', '{2}', '{3}' and 'application/json'.",
                                                               "Schemas werden nicht als '{0}' angeboten, nur als '{1}', '{2}', '{3}' und 'application/json'."},
                                                              output_format, media_type(Format::gml_3_2), media_type(Format::gml_3_1), media_type(Format::gml_2)));
}

bool is_gml(Format format) { return format == Format::gml_2 || format == Format::gml_3_1 || format == Format::gml_3_2; }

bool is_file(Format format) { return format == Format::flatgeobuf || format == Format::geopackage || format == Format::shapefile; }

Version version_of(Format gml)
{
    switch (gml) {
    case Format::gml_2: return Version::v1_0_0;
    case Format::gml_3_1: return Version::v1_1_0;
    default: return Version::v2_0_0;
    }
}

}  // namespace stadtgdi::wfs
