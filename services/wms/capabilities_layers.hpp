// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>

#include <pugixml.hpp>

namespace stadtgdi::wms {

struct CapabilitiesDocument {
    std::string version;          ///< "1.3.0" or "1.1.1"
    base::Language language;
    std::string url;              ///< of the service, ends in "?"
    bool project_settings = false;  ///< with what QGIS's own web clients want to know (GetProjectSettings)
    bool old() const { return version == "1.1.1"; }
};

/// Writes the tree of layers into the Capability element. False where something could not be told now, or may change unnoticed.
bool append_layers(pugi::xml_node capability, const ows::FaceContext& context, const CapabilitiesDocument& document);
/// Writes INSPIRE's extended capabilities of a view service, where the project has any.
void append_inspire(pugi::xml_node capability, const ows::FaceContext& context, const CapabilitiesDocument& document);

/// The name under which INSPIRE wants the style a layer opens with.
constexpr const char* inspire_style = "inspire_common:DEFAULT";

pugi::xml_node append_text(pugi::xml_node parent, const char* name, const std::string& text);
void append_keywords(pugi::xml_node parent, const std::vector<std::string>& keywords);
void append_online_resource(pugi::xml_node parent, const std::string& url);

}  // namespace stadtgdi::wms
