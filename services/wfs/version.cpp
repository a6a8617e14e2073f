// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/wfs/version.hpp>
#include <array>
#include <optional>

namespace stadtgdi::wfs {

namespace {

/// What differs between the versions, in their order.
struct Form {
    std::string_view text, wfs_namespace, gml_namespace, wfs_schema, gml_schema;
};
constexpr std::array<Form, 3> forms{{
    {"1.0.0", "http://www.opengis.net/wfs", "http://www.opengis.net/gml", "http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd", "http://schemas.opengis.net/gml/2.1.2/feature.xsd"},
    {"1.1.0", "http://www.opengis.net/wfs", "http://www.opengis.net/gml", "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd", "http://schemas.opengis.net/gml/3.1.1/base/gml.xsd"},
    {"2.0.0", "http://www.opengis.net/wfs/2.0", "http://www.opengis.net/gml/3.2", "http://schemas.opengis.net/wfs/2.0/wfs.xsd", "http://schemas.opengis.net/gml/3.2.1/gml.xsd"},
}};

const Form& form_of(Version version) { return forms[static_cast<std::size_t>(version)]; }

/// "2.0", "2.0.0" and the corrected 2.0.2 are one version for a client.
std::optional<Version> spoken(std::string_view text)
{
    if (text == "2.0.0" || text == "2.0.2" || text == "2.0") return Version::v2_0_0;
    if (text == "1.1.0" || text == "1.1") return Version::v1_1_0;
    if (text == "1.0.0" || text == "1.0") return Version::v1_0_0;
    return std::nullopt;
}

/// "1.1.0" as numbers, so that they can be compared.
std::optional<std::array<std::int64_t, 3>> numbers_of(std::string_view text)
{
    std::array<std::int64_t, 3> numbers{};
    const auto parts = ows::split(text, '.');
    if (parts.size() > numbers.size()) return std::nullopt;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto number = ows::parse_integer(parts[i]);
        if (!number || *number < 0) return std::nullopt;
        numbers[i] = *number;
    }
    return numbers;
}

[[noreturn]] void refuse(const std::string& version)
{
    throw ows::invalid_parameter("version", base::filled({"WFS {0} is not offered; 2.0.0, 1.1.0 and 1.0.0 are.", "WFS {0} wird nicht angeboten, nur 2.0.0, 1.1.0 und 1.0.0."}, version));
}

}  // namespace

std::string_view text_of(Version version) { return form_of(version).text; }

Version negotiated_version(const ows::KeyValues& kv)
{
    if (const auto accepted = kv.list("ACCEPTVERSIONS"); !accepted.empty()) {
        for (const std::string& text : accepted)
            if (const auto version = spoken(ows::trimmed(text))) return *version;
        throw ows::OwsException(ows::Code::version_negotiation_failed, "AcceptVersions",
                                {"Of WFS the versions 2.0.0, 1.1.0 and 1.0.0 are offered.", "Vom WFS werden die Versionen 2.0.0, 1.1.0 und 1.0.0 angeboten."});
    }
    const auto asked = kv.find("VERSION");
    if (!asked) return Version::v2_0_0;
    if (const auto version = spoken(*asked)) return *version;
    const auto numbers = numbers_of(*asked);
    if (!numbers) refuse(*asked);
    if (*numbers >= std::array<std::int64_t, 3>{2, 0, 0}) return Version::v2_0_0;
    if (*numbers >= std::array<std::int64_t, 3>{1, 1, 0}) return Version::v1_1_0;
    return Version::v1_0_0;
}

Version version_of(const ows::KeyValues& kv)
{
    const std::string text = kv.get("VERSION", "2.0.0");
    if (const auto version = spoken(text)) return *version;
    refuse(text);
}

std::string_view wfs_namespace(Version version) { return form_of(version).wfs_namespace; }
std::string_view gml_namespace(Version version) { return form_of(version).gml_namespace; }
std::string_view wfs_schema(Version version) { return form_of(version).wfs_schema; }
std::string_view gml_schema(Version version) { return form_of(version).gml_schema; }

}  // namespace stadtgdi::wfs
