// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stadtgdi::statgrid {

/// One cell of the statistical grid (Geographische Gitter): a square in EPSG:3035 whose lower left corner lies on multiples
/// of its size. Codes as in VO (EU) 2018/1799 Art. 3; northing comes before easting.
///     auto cell = parse_cell_code("100mN31393E44864");   // {100, 4486400, 3139300}
///     cell_code(*cell);                                  // "CRS3035RES100mN3139300E4486400"
struct Cell {
    std::int64_t size_m = 0;
    std::int64_t e_m = 0, n_m = 0;  ///< lower left corner
    friend bool operator==(const Cell&, const Cell&) = default;
};

/// Sizes that the codes know: 100 m, 250 m, 500 m, 1 km, 5 km, 10 km, 100 km.
inline constexpr std::array<std::int64_t, 7> cell_sizes_m{100, 250, 500, 1000, 5000, 10000, 100000};

/// Known size, corner on multiples of it, not negative and less than 10,000 km.
bool is_valid(const Cell& cell);

/// The cell that holds a point; cells are half open, [e, e + size) x [n, n + size).
Cell cell_at(double e_m, double n_m, std::int64_t size_m);
/// The larger cell that holds it; size_m must be a multiple of the cell's size.
Cell parent(const Cell& cell, std::int64_t size_m);

/// "CRS3035RES100mN2691700E4341100"; the size always in metres ("RES1000m").
std::string cell_code(const Cell& cell);
/// "100mN26917E43411": size of 1 km and more in km, coordinates without as many zeros as the size in metres ends with
/// (250 m: one zero, so "250mN269175E434100").
std::string short_cell_code(const Cell& cell);

/// Either form, with or without a country's prefix ("DE_"), sizes in m or km. Nothing where it is damaged, of an unknown
/// size, or its corner is no multiple of the size.
std::optional<Cell> parse_cell_code(std::string_view code);

}  // namespace stadtgdi::statgrid
