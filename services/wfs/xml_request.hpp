// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/kvp.hpp>
#include <services/project/project_model.hpp>
#include <pugixml.hpp>

namespace stadtgdi::wfs {

/// Whether the root element is a request of WFS, by its namespace or its service attribute.
bool is_wfs_request(const pugi::xml_document& document);

/// The same request in parameters, so that both ways of asking are understood by the same code and pages can be linked to:
/// several queries become "(a)(b)", filters their text. InvalidParameterValue for feature types of another namespace,
/// OptionNotSupported for what parameters cannot say.
ows::KeyValues key_values_of(const pugi::xml_document& document, const project::ProjectModel& model);

}  // namespace stadtgdi::wfs
