// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/trees/detail/csv.hpp>
#include <layers/base/error.hpp>

namespace stadtgdi::trees::detail {

std::vector<std::vector<std::string>> csv_rows(std::string_view text, std::string_view what)
{
    std::vector<std::vector<std::string>> rows;
    std::size_t columns = 0;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        std::vector<std::string> cells;
        for (;;) {
            const auto comma = line.find(',');
            cells.emplace_back(line.substr(0, comma));
            if (comma == std::string_view::npos) break;
            line.remove_prefix(comma + 1);
        }
        if (columns == 0) {
            columns = cells.size();
            continue;
        }
        if (cells.size() != columns)
            throw Error(ErrorKind::bad_data, base::filled({"{0}, line {1}: {2} cells found, {3} expected.", "{0}, Zeile {1}: {2} Felder gefunden, {3} erwartet."}, what,
                                                          std::to_string(number), std::to_string(cells.size()), std::to_string(columns)));
        rows.push_back(std::move(cells));
    }
    return rows;
}

}  // namespace stadtgdi::trees::detail
