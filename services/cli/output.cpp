// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/output.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace stadtgdi::cli {

std::string dumped(const Json& json)
{
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::size_t width_of(std::string_view text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

std::string aligned(const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::string out;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += row[i] + (i + 1 < row.size() ? std::string(widths[i] - width_of(row[i]) + 2, ' ') : "");
        while (line.ends_with(' '))
            line.pop_back();
        out += line + "\n";
    }
    return out;
}

std::string grouped(std::int64_t number, bool german)
{
    std::string text = std::to_string(number);
    for (std::size_t i = text.size(); i > 3 + (number < 0 ? 1u : 0u); i -= 3)
        text.insert(i - 3, 1, german ? '.' : ',');
    return text;
}

}  // namespace stadtgdi::cli
