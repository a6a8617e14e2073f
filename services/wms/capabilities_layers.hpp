// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/face.hpp>

#include <pugixml.hpp>

namespace stadtgdi::wms {

/// Writes the tree of layers into the Capability element. `url` ends in "?".
void append_layers(pugi::xml_node capability, const ows::FaceContext& context, const std::string& version, const std::string& url);

pugi::xml_node append_text(pugi::xml_node parent, const char* name, const std::string& text);
void append_keywords(pugi::xml_node parent, const std::vector<std::string>& keywords);
void append_online_resource(pugi::xml_node parent, const std::string& url);

}  // namespace stadtgdi::wms
