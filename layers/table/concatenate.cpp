// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/table.hpp>
#include <algorithm>
#include <unordered_map>

namespace stadtgdi::table {

namespace {

template <class Parts> Validity joined_validity(const Parts& parts, std::size_t rows)
{
    if (std::all_of(parts.begin(), parts.end(), [](const auto* part) { return part->validity().all_valid(); })) return {};
    std::vector<bool> valid;
    valid.reserve(rows);
    for (const auto* part : parts)
        for (std::size_t row = 0; row < part->size(); ++row) valid.push_back(part->valid(row));
    return Validity::of(valid);
}

template <class T, class Get> std::vector<T> joined(const std::vector<const Column*>& parts, std::size_t rows, const Get& get)
{
    std::vector<T> out;
    out.reserve(rows);
    for (const Column* part : parts) {
        const std::span<const T> values = get(*part);
        out.insert(out.end(), values.begin(), values.end());
    }
    return out;
}

/// All dictionaries become one; the codes of a part are translated by one look-up a row.
Column joined_dictionaries(const std::vector<const Column*>& parts, std::size_t rows, Validity validity)
{
    std::vector<std::string> merged;
    std::unordered_map<std::string_view, std::int32_t> code_of;  // views into the parts' dictionaries, which outlive it
    std::vector<std::int32_t> codes;
    codes.reserve(rows);
    for (const Column* part : parts) {
        const Column& dictionary = part->dictionary();
        std::vector<std::int32_t> translated(dictionary.size());
        for (std::size_t i = 0; i < dictionary.size(); ++i) {
            const std::string_view value = dictionary.text(i);
            const auto [at, added] = code_of.emplace(value, static_cast<std::int32_t>(merged.size()));
            if (added) merged.emplace_back(value);
            translated[i] = at->second;
        }
        const auto own = part->codes();
        for (std::size_t row = 0; row < own.size(); ++row)
            codes.push_back(part->valid(row) ? translated[static_cast<std::size_t>(own[row])] : 0);
    }
    return Column::of_dictionary(std::move(codes), Column::of_text(merged), std::move(validity));
}

Column joined_plain_text(const std::vector<const Column*>& parts, std::size_t rows, Validity validity)
{
    std::vector<std::int64_t> offsets{0};
    offsets.reserve(rows + 1);
    std::vector<char> chars;
    for (const Column* part : parts) {
        for (std::size_t row = 0; row < part->size(); ++row) {
            const std::string_view value = part->text(row);
            chars.insert(chars.end(), value.begin(), value.end());
            offsets.push_back(static_cast<std::int64_t>(chars.size()));
        }
    }
    return Column::of_text(std::move(offsets), std::move(chars), std::move(validity));
}

Column joined_columns(const std::vector<const Column*>& parts, Type type, std::size_t rows)
{
    Validity validity = joined_validity(parts, rows);
    switch (type) {
        case Type::boolean: return Column::of_bools(joined<std::uint8_t>(parts, rows, [](const Column& c) { return c.bools(); }), std::move(validity));
        case Type::int64: return Column::of_ints(joined<std::int64_t>(parts, rows, [](const Column& c) { return c.ints(); }), std::move(validity));
        case Type::float64: return Column::of_doubles(joined<double>(parts, rows, [](const Column& c) { return c.doubles(); }), std::move(validity));
        case Type::date: return Column::of_dates(joined<std::int32_t>(parts, rows, [](const Column& c) { return c.dates(); }), std::move(validity));
        case Type::datetime: return Column::of_datetimes(joined<std::int64_t>(parts, rows, [](const Column& c) { return c.datetimes(); }), std::move(validity));
        case Type::text: break;
    }
    if (std::all_of(parts.begin(), parts.end(), [](const Column* part) { return part->is_dictionary(); }))
        return joined_dictionaries(parts, rows, std::move(validity));
    return joined_plain_text(parts, rows, std::move(validity));
}

/// The entries of a level that belong to the rows: a column may show a part of longer buffers.
std::pair<std::size_t, std::size_t> used(const GeometryColumn& geometry, std::size_t depth)
{
    std::size_t first = 0, last = geometry.size();
    for (std::size_t i = 0; i < depth; ++i) {
        first = static_cast<std::size_t>(geometry.levels()[i][first]);
        last = static_cast<std::size_t>(geometry.levels()[i][last]);
    }
    return {first, last};
}

std::vector<double> joined_axis(const std::vector<const GeometryColumn*>& parts, std::size_t depth, std::size_t count, const Buffer<double>& (GeometryColumn::*axis)() const)
{
    std::vector<double> out;
    out.reserve(count);
    for (const GeometryColumn* part : parts) {
        const auto [first, last] = used(*part, depth);
        const std::span<const double> values = (part->*axis)().span().subspan(first, last - first);
        out.insert(out.end(), values.begin(), values.end());
    }
    return out;
}

GeometryColumn joined_geometries(const std::vector<const GeometryColumn*>& parts, const GeometryField& field, std::size_t rows)
{
    const auto depths = static_cast<std::size_t>(level_count(field.kind));
    std::vector<Buffer<std::int32_t>> levels;
    for (std::size_t depth = 0; depth < depths; ++depth) {
        std::vector<std::int32_t> offsets{0};
        for (const GeometryColumn* part : parts) {
            const auto [first, last] = used(*part, depth);
            const auto level = part->level(static_cast<int>(depth));
            const std::int64_t shift = static_cast<std::int64_t>(offsets.back()) - level[first];
            if (shift + level[last] > INT32_MAX)
                throw Error(ErrorKind::unsupported, {"The tables joined have more than 2,147,483,647 coordinates; split the layer.",
                                                     "Die Tabellen haben zusammen mehr als 2.147.483.647 Koordinaten; bitte den Layer teilen."});
            for (std::size_t i = first + 1; i <= last; ++i) offsets.push_back(static_cast<std::int32_t>(level[i] + shift));
        }
        levels.emplace_back(std::move(offsets));
    }
    const std::size_t count = depths == 0 ? rows : static_cast<std::size_t>(levels.back()[levels.back().size() - 1]);
    std::vector<double> z;
    if (field.has_z && count > 0) z = joined_axis(parts, depths, count, &GeometryColumn::z_buffer);
    return {field.kind,
            field.crs,
            joined_axis(parts, depths, count, &GeometryColumn::x_buffer),
            joined_axis(parts, depths, count, &GeometryColumn::y_buffer),
            std::move(levels),
            joined_validity(parts, rows),
            std::move(z)};
}

}  // namespace

Table concatenate(std::span<const Table> tables)
{
    if (tables.empty()) return {};
    if (tables.size() == 1) return tables[0];
    const Schema& schema = tables[0].schema();
    std::size_t rows = 0;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        rows += tables[i].rows();
        if (tables[i].schema() != schema)
            throw Error(ErrorKind::invalid_argument,
                        base::filled({"Tables can be joined only where all have the same columns; table {0} differs from the first.",
                                      "Tabellen lassen sich nur aneinanderhängen, wenn alle dieselben Spalten haben; Tabelle {0} weicht von der ersten ab."},
                                     std::to_string(i + 1)));
    }
    std::vector<Column> columns;
    for (std::size_t i = 0; i < schema.fields.size(); ++i) {
        std::vector<const Column*> parts;
        for (const Table& table : tables) parts.push_back(&table.column(i));
        columns.push_back(joined_columns(parts, schema.fields[i].type, rows));
    }
    std::optional<GeometryColumn> geometry;
    if (schema.geometry) {
        std::vector<const GeometryColumn*> parts;
        for (const Table& table : tables) parts.push_back(&table.geometry());
        geometry = joined_geometries(parts, *schema.geometry, rows);
    }
    return {schema, std::move(columns), std::move(geometry)};
}

}  // namespace stadtgdi::table
