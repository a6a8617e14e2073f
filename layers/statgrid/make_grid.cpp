// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/statgrid/make_grid.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::statgrid {

namespace {

/// Extent of the grid in VO (EU) 2018/1799 Art. 3.
constexpr table::Box grid_extent{900'000, 900'000, 7'400'000, 5'500'000};

/// Less than this share of a cell is rounding along a shared border, not area.
constexpr double smallest_share = 1e-12;

class TextColumn {
public:
    void reserve(std::size_t rows, std::size_t chars)
    {
        m_offsets.reserve(rows + 1);
        m_chars.reserve(rows * chars);
    }
    void add(const std::string& text)
    {
        m_chars.insert(m_chars.end(), text.begin(), text.end());
        m_offsets.push_back(static_cast<std::int64_t>(m_chars.size()));
    }
    table::Column finish() && { return table::Column::of_text(std::move(m_offsets), std::move(m_chars)); }

private:
    std::vector<std::int64_t> m_offsets{0};
    std::vector<char> m_chars;
};

}  // namespace

CellBlock cells_over(const table::Box& extent, std::int64_t size_m, std::int64_t max_cells, bool with_far_border)
{
    const auto shown = [](double v) { return table::number_text(std::round(v)); };
    if (extent.empty() || extent.xmin < grid_extent.xmin || extent.ymin < grid_extent.ymin || extent.xmax > grid_extent.xmax || extent.ymax > grid_extent.ymax)
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"The extent (E {0} to {1}, N {2} to {3} in EPSG:3035) leaves the European grid (E 900000 to 7400000, N 900000 to 5500000). "
                                  "Check the extent and its CRS.",
                                  "Die Ausdehnung (E {0} bis {1}, N {2} bis {3} in EPSG:3035) verlässt das europäische Gitter (E 900000 bis 7400000, "
                                  "N 900000 bis 5500000). Bitte Ausdehnung und Koordinatensystem prüfen."},
                                 shown(extent.xmin), shown(extent.xmax), shown(extent.ymin), shown(extent.ymax)));
    const auto count = [&](double low, double high) {
        const double size = static_cast<double>(size_m);
        const double first = std::floor(low / size);
        const double last = with_far_border ? std::floor(high / size) : std::ceil(high / size) - 1;
        return static_cast<std::int64_t>(std::max(last, first) - first) + 1;
    };
    CellBlock block;
    block.first = cell_at(extent.xmin, extent.ymin, size_m);
    block.columns = count(extent.xmin, extent.xmax);
    block.rows = count(extent.ymin, extent.ymax);
    if (block.count() > max_cells)
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"{0} cells of {1} m would be made, at most {2} are allowed. Choose larger cells or a smaller extent.",
                                  "Es entstünden {0} Zellen zu {1} m, erlaubt sind höchstens {2}. Bitte größere Zellen oder eine kleinere Ausdehnung wählen."},
                                 std::to_string(block.count()), std::to_string(size_m), std::to_string(max_cells)));
    return block;
}

table::Table grid_table(const CellBlock& block, const std::vector<double>* shares, base::RunContext& run, const std::string& prefix)
{
    using table::Column;
    using table::Type;
    const std::int64_t size_m = block.first.size_m;
    std::vector<std::int64_t> sizes, eastings, northings;
    std::vector<double> xs, ys, share_column;
    std::vector<std::int32_t> rings{0}, corners{0};
    TextColumn codes, short_codes;
    const auto expected = shares == nullptr ? static_cast<std::size_t>(block.count())
                                            : static_cast<std::size_t>(std::count_if(shares->begin(), shares->end(), [](double s) { return s > smallest_share; }));
    for (auto* column : {&sizes, &eastings, &northings}) column->reserve(expected);
    xs.reserve(expected * 5);
    ys.reserve(expected * 5);
    codes.reserve(expected, 32);
    short_codes.reserve(expected, 20);

    for (std::int64_t row = 0; row < block.rows; ++row) {
        run.throw_if_stopped();
        for (std::int64_t column = 0; column < block.columns; ++column) {
            const double share = shares == nullptr ? 1.0 : (*shares)[static_cast<std::size_t>(row * block.columns + column)];
            if (!(share > smallest_share)) continue;
            const Cell cell{size_m, block.first.e_m + column * size_m, block.first.n_m + row * size_m};
            codes.add(prefix + cell_code(cell));
            short_codes.add(short_cell_code(cell));
            sizes.push_back(size_m);
            eastings.push_back(cell.e_m);
            northings.push_back(cell.n_m);
            if (shares != nullptr) share_column.push_back(share);
            const auto west = static_cast<double>(cell.e_m), south = static_cast<double>(cell.n_m);
            const auto east = west + static_cast<double>(size_m), north = south + static_cast<double>(size_m);
            for (const double x : {west, east, east, west, west}) xs.push_back(x);
            for (const double y : {south, south, north, north, south}) ys.push_back(y);
            corners.push_back(static_cast<std::int32_t>(xs.size()));
            rings.push_back(static_cast<std::int32_t>(rings.size()));
        }
    }
    table::Schema schema;
    schema.fields = {{"cell_code", Type::text}, {"cell_code_short", Type::text}, {"size_m", Type::int64}, {"east_m", Type::int64}, {"north_m", Type::int64}};
    schema.geometry = table::GeometryField{"geom", table::GeometryKind::polygon, "EPSG:3035", false};
    std::vector<Column> columns{std::move(codes).finish(), std::move(short_codes).finish(), Column::of_ints(std::move(sizes)),
                                Column::of_ints(std::move(eastings)), Column::of_ints(std::move(northings))};
    if (shares != nullptr) {
        schema.fields.push_back({"share_in_zone", Type::float64});
        columns.push_back(Column::of_doubles(std::move(share_column)));
    }
    table::GeometryColumn squares(table::GeometryKind::polygon, "EPSG:3035", std::move(xs), std::move(ys),
                                  {table::Buffer<std::int32_t>(std::move(rings)), table::Buffer<std::int32_t>(std::move(corners))});
    return {std::move(schema), std::move(columns), std::move(squares)};
}

}  // namespace stadtgdi::statgrid
