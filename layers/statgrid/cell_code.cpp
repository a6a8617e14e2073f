// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/statgrid/cell_code.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>

namespace stadtgdi::statgrid {

namespace {

constexpr std::int64_t limit_m = 10'000'000;

/// 10 to the number of zeros that the size ends with.
std::int64_t short_unit_m(std::int64_t size_m)
{
    std::int64_t unit = 1;
    while (size_m % (unit * 10) == 0) unit *= 10;
    return unit;
}

bool skip(std::string_view& text, std::string_view start)
{
    if (!text.starts_with(start)) return false;
    text.remove_prefix(start.size());
    return true;
}

bool read_number(std::string_view& text, std::int64_t& value)
{
    if (text.empty() || text.front() < '0' || text.front() > '9') return false;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || value > limit_m) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

}  // namespace

bool is_valid(const Cell& cell)
{
    return std::find(cell_sizes_m.begin(), cell_sizes_m.end(), cell.size_m) != cell_sizes_m.end() && cell.e_m >= 0 && cell.n_m >= 0 &&
           cell.e_m < limit_m && cell.n_m < limit_m && cell.e_m % cell.size_m == 0 && cell.n_m % cell.size_m == 0;
}

Cell cell_at(double e_m, double n_m, std::int64_t size_m)
{
    const auto corner = [size_m](double at) {
        return static_cast<std::int64_t>(std::floor(at / static_cast<double>(size_m))) * size_m;
    };
    return {size_m, corner(e_m), corner(n_m)};
}

Cell parent(const Cell& cell, std::int64_t size_m) { return {size_m, cell.e_m / size_m * size_m, cell.n_m / size_m * size_m}; }

std::string cell_code(const Cell& cell)
{
    return "CRS3035RES" + std::to_string(cell.size_m) + "mN" + std::to_string(cell.n_m) + "E" + std::to_string(cell.e_m);
}

std::string short_cell_code(const Cell& cell)
{
    const std::string size = cell.size_m >= 1000 ? std::to_string(cell.size_m / 1000) + "km" : std::to_string(cell.size_m) + "m";
    const std::int64_t unit = short_unit_m(cell.size_m);
    return size + "N" + std::to_string(cell.n_m / unit) + "E" + std::to_string(cell.e_m / unit);
}

std::optional<Cell> parse_cell_code(std::string_view code)
{
    while (!code.empty() && code.front() == ' ') code.remove_prefix(1);
    while (!code.empty() && code.back() == ' ') code.remove_suffix(1);
    if (code.size() > 3 && code[2] == '_') code.remove_prefix(3);
    const bool is_long = skip(code, "CRS3035");
    if (is_long && !skip(code, "RES")) return {};

    Cell cell;
    if (!read_number(code, cell.size_m)) return {};
    if (skip(code, "km"))
        cell.size_m *= 1000;
    else if (!skip(code, "m"))
        return {};
    if (!skip(code, "N") || !read_number(code, cell.n_m) || !skip(code, "E") || !read_number(code, cell.e_m) || !code.empty()) return {};
    if (std::find(cell_sizes_m.begin(), cell_sizes_m.end(), cell.size_m) == cell_sizes_m.end()) return {};
    if (!is_long) {
        const std::int64_t unit = short_unit_m(cell.size_m);
        cell.n_m *= unit;
        cell.e_m *= unit;
    }
    if (!is_valid(cell)) return {};
    return cell;
}

}  // namespace stadtgdi::statgrid
