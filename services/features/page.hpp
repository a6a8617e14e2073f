// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/table/geometry_column.hpp>
#include <services/features/ask.hpp>
#include <span>

namespace stadtgdi::features {

using http::html_escaped;

/// An HTML page of the service: header with the way here, language switch, content, footer. No script, style from
/// the service itself.
struct Page {
    std::string title;                                          ///< plain text
    std::vector<std::pair<std::string, std::string>> way = {};  ///< URL and title of the pages above
    std::string content;                                        ///< HTML
    std::vector<std::pair<std::string, std::string>> formats = {{"json", "JSON"}};  ///< of f, and what a reader calls it
};
http::Response html_response(const Ask& ask, const Page& page);

/// "<a href=...>text</a>", both escaped.
std::string anchor(const std::string& url, std::string_view text);

/// A picture of the layer by WMS around these places (boxes in its CRS); empty where there is nothing to draw. With its
/// surroundings: upon the project's visible lines and areas.
std::string map_image(const Ask& ask, const project::PublishedLayer& layer, std::span<const table::Box> places, bool surroundings = false);

std::string_view stylesheet();

}  // namespace stadtgdi::features
