// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/column.hpp>
#include <services/http/message.hpp>
#include <services/ows/xml_names.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utf8proc.h>

namespace stadtgdi::ows {

namespace {

/// The next code point of UTF-8 that was checked before.
std::uint32_t code_point(std::string_view& text)
{
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = std::min<std::size_t>(text.size(), lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4);
    std::uint32_t code = size == 1 ? lead : lead & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
    text.remove_prefix(size);
    return code;
}

bool may_begin(std::uint32_t c)
{
    if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    constexpr std::array<std::pair<std::uint32_t, std::uint32_t>, 12> ranges{{{0xc0, 0xd6}, {0xd8, 0xf6}, {0xf8, 0x2ff}, {0x370, 0x37d}, {0x37f, 0x1fff},
        {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef}, {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff}}};
    return std::any_of(ranges.begin(), ranges.end(), [&](const auto& range) { return c >= range.first && c <= range.second; });
}

bool may_follow(std::uint32_t c)
{
    return may_begin(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == 0xb7 || (c >= 0x300 && c <= 0x36f) || (c >= 0x203f && c <= 0x2040);
}

}  // namespace

std::string xml_name(std::string_view name)
{
    std::string result;
    while (!name.empty()) {
        const std::string_view before = name;
        const std::uint32_t c = code_point(name);
        const std::string_view bytes = before.substr(0, before.size() - name.size());
        if (result.empty() && !may_begin(c)) result += '_';
        if (may_follow(c))
            result += bytes;
        else if (result.size() != 1 || result != "_")
            result += '_';
    }
    return result.empty() ? "_" : result;
}

std::string property_name_in_qgis(std::string_view name)
{
    // Its expression is [^\w\.-_] with Unicode's letters and numbers: "-" makes a range there.
    const auto stays = [](std::uint32_t c) {
        if (c < 0x80) return (c >= '.' && c <= '_') || (c >= 'a' && c <= 'z');
        const utf8proc_category_t category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
        return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) || (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
    };
    std::string result;
    while (!name.empty()) {
        const std::string_view before = name;
        const std::uint32_t c = code_point(name);
        if (c == ' ')
            result += '_';
        else if (stays(c))
            result += before.substr(0, before.size() - name.size());
    }
    return result;
}

std::vector<std::string> xml_names(const std::vector<std::string>& names)
{
    std::vector<std::string> result;
    for (const std::string& name : names) {
        const std::string wanted = xml_name(name);
        std::string unique = wanted;
        for (int n = 2; std::find(result.begin(), result.end(), unique) != result.end(); ++n) unique = wanted + "_" + std::to_string(n);
        result.push_back(std::move(unique));
    }
    return result;
}

std::string feature_namespace(std::string_view project_id) { return "urn:x-stadtgdi:" + http::percent_encoded(project_id); }

std::string utc_now()
{
    using namespace std::chrono;
    const auto seconds_now = floor<seconds>(system_clock::now());
    return table::datetime_text(duration_cast<microseconds>(seconds_now.time_since_epoch()).count());
}

}  // namespace stadtgdi::ows
