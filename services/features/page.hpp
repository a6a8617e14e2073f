// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/features/ask.hpp>

namespace stadtgdi::features {

using http::html_escaped;

/// An HTML page of the service: header with the way here, language switch, content, footer. No script, style from
/// the service itself.
struct Page {
    std::string title;                                          ///< plain text
    std::vector<std::pair<std::string, std::string>> way = {};  ///< URL and title of the pages above
    std::string content;                                        ///< HTML
};
http::Response html_response(const Ask& ask, const Page& page);

/// "<a href=...>text</a>", both escaped.
std::string anchor(const std::string& url, std::string_view text);

/// A picture of the layer by WMS, at most 720 x 420 pixels; empty where the layer is not drawn.
std::string map_image(const Ask& ask, const project::PublishedLayer& layer, table::Box box);

std::string_view stylesheet();

}  // namespace stadtgdi::features
