// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <services/access/visitor.hpp>
#include <string>
#include <string_view>

namespace stadtgdi::server {

struct PageFrame {
    base::Language language = base::Language::de;
    std::string title;                    ///< of the page
    std::string site = {};                ///< name of the whole, in the head
    std::string base_url = {};
    std::string imprint_url = {}, privacy_url = {};
    std::string other_language_url = {};  ///< the same page in the other language
    access::Visitor visitor = {};
};

/// A whole HTML page around `content` (HTML). Plain, readable without style, nothing from other hosts.
std::string page(const PageFrame& frame, std::string_view content);

std::string_view style_sheet();
std::string_view icon_svg();

}  // namespace stadtgdi::server
