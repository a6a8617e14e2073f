// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/table/geometry_column.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace stadtgdi::table {

std::string_view name_of(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::point: return "point";
        case GeometryKind::line: return "line";
        case GeometryKind::polygon: return "polygon";
        case GeometryKind::multi_point: return "multi_point";
        case GeometryKind::multi_line: return "multi_line";
        case GeometryKind::multi_polygon: return "multi_polygon";
    }
    return "unknown";
}

int level_count(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::point: return 0;
        case GeometryKind::line:
        case GeometryKind::multi_point: return 1;
        case GeometryKind::polygon:
        case GeometryKind::multi_line: return 2;
        case GeometryKind::multi_polygon: return 3;
    }
    return 0;
}

bool is_multi(GeometryKind kind)
{
    return kind == GeometryKind::multi_point || kind == GeometryKind::multi_line || kind == GeometryKind::multi_polygon;
}

GeometryKind multi_of(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::point: return GeometryKind::multi_point;
        case GeometryKind::line: return GeometryKind::multi_line;
        case GeometryKind::polygon: return GeometryKind::multi_polygon;
        default: return kind;
    }
}

GeometryKind single_of(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::multi_point: return GeometryKind::point;
        case GeometryKind::multi_line: return GeometryKind::line;
        case GeometryKind::multi_polygon: return GeometryKind::polygon;
        default: return kind;
    }
}

namespace {

[[noreturn]] void damaged(const char* en, const char* de) { throw Error(ErrorKind::internal, {en, de}); }

}  // namespace

GeometryColumn::GeometryColumn(GeometryKind kind, std::string crs, Buffer<double> x, Buffer<double> y, std::vector<Buffer<std::int32_t>> levels,
                               Validity validity, Buffer<double> z)
    : m_kind(kind), m_crs(std::move(crs)), m_x(std::move(x)), m_y(std::move(y)), m_z(std::move(z)), m_levels(std::move(levels)),
      m_validity(std::move(validity))
{
    if (m_x.size() != m_y.size() || (!m_z.empty() && m_z.size() != m_x.size()))
        damaged("A geometry column has x, y and z of different lengths.", "Eine Geometriespalte hat x, y und z verschiedener Länge.");
    if (level_count() != table::level_count(kind))
        damaged("A geometry column has the wrong number of offset levels for its kind.",
                "Eine Geometriespalte hat nicht so viele Versatzebenen wie ihre Geometrieart verlangt.");
    for (std::size_t depth = 0; depth < m_levels.size(); ++depth) {
        Buffer<std::int32_t>& level = m_levels[depth];
        if (level.empty()) level = Buffer<std::int32_t>{0};
        const std::size_t below = depth + 1 < m_levels.size() ? std::max<std::size_t>(m_levels[depth + 1].size(), 1) - 1 : m_x.size();
        if (level[0] < 0 || level[0] > level[level.size() - 1] || static_cast<std::size_t>(level[level.size() - 1]) > below)
            damaged("The offsets of a geometry column point outside its coordinates.",
                    "Die Versätze einer Geometriespalte zeigen hinter deren Koordinaten.");
    }
    m_size = m_levels.empty() ? m_x.size() : m_levels[0].size() - 1;
    if (!m_validity.bits().empty() && m_validity.bits().size() * 8 < m_size)
        damaged("A geometry column has fewer validity bits than rows.", "Eine Geometriespalte hat weniger Gültigkeitsbits als Zeilen.");
    if (m_validity.all_valid()) return;
    for (std::size_t row = 0; row < m_size; ++row) {
        if (valid(row)) continue;
        if (m_levels.empty() ? !std::isnan(m_x[row]) : m_levels[0][row] != m_levels[0][row + 1])
            damaged("A null row of a geometry column has coordinates.", "Eine leere Zeile einer Geometriespalte hat Koordinaten.");
    }
}

std::size_t GeometryColumn::part_count(std::size_t row) const
{
    if (!valid(row)) return 0;
    if (m_levels.empty()) return std::isnan(m_x[row]) ? 0 : 1;
    const auto inner = static_cast<std::size_t>(m_levels[0][row + 1] - m_levels[0][row]);
    return is_multi(m_kind) ? inner : std::min<std::size_t>(inner, 1);
}

std::pair<std::size_t, std::size_t> GeometryColumn::coordinates(std::size_t row) const
{
    if (!valid(row)) return {0, 0};
    std::size_t first = row, last = row + 1;
    for (const auto& level : m_levels) {
        first = static_cast<std::size_t>(level[first]);
        last = static_cast<std::size_t>(level[last]);
    }
    return {first, last};
}

bool GeometryColumn::has_height(std::size_t row) const
{
    if (m_z.empty()) return false;
    const auto [first, last] = coordinates(row);
    const std::span<const double> z = m_z.span().subspan(first, last - first);
    return std::any_of(z.begin(), z.end(), [](double height) { return std::isfinite(height); });
}

std::pair<std::size_t, std::size_t> GeometryColumn::rings(std::size_t row) const
{
    if (m_levels.size() < 2) damaged("Rings were asked of a geometry without rings.", "Ringe einer Geometrieart ohne Ringe wurden verlangt.");
    if (!valid(row)) return {0, 0};
    std::size_t first = row, last = row + 1;
    for (std::size_t depth = 0; depth + 1 < m_levels.size(); ++depth) {
        first = static_cast<std::size_t>(m_levels[depth][first]);
        last = static_cast<std::size_t>(m_levels[depth][last]);
    }
    return {first, last};
}

Box GeometryColumn::box(std::size_t row) const
{
    Box out = Box::none();
    const auto [first, last] = coordinates(row);
    for (std::size_t i = first; i < last; ++i) out.grow(m_x[i], m_y[i]);
    return out;
}

Box GeometryColumn::extent() const
{
    Box out = Box::none();
    if (m_size == 0) return out;
    // Null rows own no coordinates, so the coordinates between the first and the last row are those of all rows.
    std::size_t first = 0, last = m_size;
    for (const auto& level : m_levels) {
        first = static_cast<std::size_t>(level[first]);
        last = static_cast<std::size_t>(level[last]);
    }
    for (std::size_t i = first; i < last; ++i) out.grow(m_x[i], m_y[i]);
    return out;
}

GeometryColumn GeometryColumn::take(std::span<const std::int64_t> rows) const
{
    if (m_levels.empty()) {
        const auto gathered = [&](const Buffer<double>& values) {
            std::vector<double> out(values.empty() ? 0 : rows.size());
            for (std::size_t i = 0; i < out.size(); ++i) out[i] = values[static_cast<std::size_t>(rows[i])];
            return out;
        };
        return {m_kind, m_crs, gathered(m_x), gathered(m_y), {}, m_validity.take(rows), gathered(m_z)};
    }
    // Level by level: `runs` are the wanted entries [first, last) of the level at hand.
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    runs.reserve(rows.size());
    for (const std::int64_t row : rows) runs.emplace_back(static_cast<std::size_t>(row), static_cast<std::size_t>(row) + 1);
    std::vector<Buffer<std::int32_t>> levels;
    for (const auto& level : m_levels) {
        std::size_t entries = 0;
        for (const auto& [first, last] : runs) entries += last - first;
        std::vector<std::int32_t> offsets;
        offsets.reserve(entries + 1);
        offsets.push_back(0);
        std::int64_t end = 0;
        for (auto& [first, last] : runs) {
            const std::int64_t shift = end - level[first];
            end = shift + level[last];
            if (end > INT32_MAX)
                throw Error(ErrorKind::unsupported, {"The rows taken have more than 2,147,483,647 coordinates.",
                                                     "Die gewählten Zeilen haben mehr als 2.147.483.647 Koordinaten."});
            for (std::size_t i = first + 1; i <= last; ++i) offsets.push_back(static_cast<std::int32_t>(level[i] + shift));
            first = static_cast<std::size_t>(level[first]);
            last = static_cast<std::size_t>(level[last]);
        }
        levels.emplace_back(std::move(offsets));
    }
    std::size_t count = 0;
    for (const auto& [first, last] : runs) count += last - first;
    const auto copied = [&](const Buffer<double>& values) {
        std::vector<double> out;
        if (values.empty()) return out;
        out.reserve(count);
        for (const auto& [first, last] : runs) out.insert(out.end(), values.begin() + static_cast<std::ptrdiff_t>(first), values.begin() + static_cast<std::ptrdiff_t>(last));
        return out;
    };
    return {m_kind, m_crs, copied(m_x), copied(m_y), std::move(levels), m_validity.take(rows), copied(m_z)};
}

GeometryColumn GeometryColumn::with_coordinates(std::string crs, Buffer<double> x, Buffer<double> y) const
{
    if (x.size() != m_x.size())
        damaged("New coordinates of a geometry column are not as many as the old ones.",
                "Neue Koordinaten einer Geometriespalte sind nicht so viele wie die alten.");
    return {m_kind, std::move(crs), std::move(x), std::move(y), m_levels, m_validity, m_z};
}

GeometryColumn GeometryColumn::with_z(bool wanted) const
{
    if (wanted == has_z()) return *this;
    Buffer<double> z;
    if (wanted) z = std::vector<double>(m_x.size(), std::numeric_limits<double>::quiet_NaN());
    return {m_kind, m_crs, m_x, m_y, m_levels, m_validity, std::move(z)};
}

GeometryColumn GeometryColumn::as_multi() const
{
    if (is_multi(m_kind)) return *this;
    const auto has_part = [&](std::size_t row) { return part_count(row) > 0; };
    std::size_t with_part = 0;
    for (std::size_t row = 0; row < m_size; ++row) with_part += has_part(row) ? 1 : 0;
    if (m_kind == GeometryKind::point && with_part != m_size) {
        // The NaN of empty points belong to no part: only here the coordinates are copied.
        GeometryBuilder builder(GeometryKind::multi_point, m_crs, has_z());
        builder.reserve(m_size, with_part);
        for (std::size_t row = 0; row < m_size; ++row) builder.add_row(*this, row);
        return std::move(builder).finish();
    }
    std::vector<std::int32_t> outer{0};
    outer.reserve(m_size + 1);
    for (std::size_t row = 0; row < m_size; ++row) outer.push_back(outer.back() + (has_part(row) ? 1 : 0));
    std::vector<Buffer<std::int32_t>> levels{Buffer<std::int32_t>(std::move(outer))};
    if (!m_levels.empty()) {
        std::vector<std::int32_t> inner{m_levels[0][0]};
        inner.reserve(with_part + 1);
        for (std::size_t row = 0; row < m_size; ++row)
            if (has_part(row)) inner.push_back(m_levels[0][row + 1]);
        levels.emplace_back(std::move(inner));
        levels.insert(levels.end(), m_levels.begin() + 1, m_levels.end());
    }
    return {multi_of(m_kind), m_crs, m_x, m_y, std::move(levels), m_validity, m_z};
}

std::size_t GeometryColumn::bytes() const
{
    std::size_t offsets = 0;
    for (const auto& level : m_levels) offsets += level.size() * sizeof(std::int32_t);
    return (m_x.size() + m_y.size() + m_z.size()) * sizeof(double) + offsets + m_validity.bits().size();
}

}  // namespace stadtgdi::table
