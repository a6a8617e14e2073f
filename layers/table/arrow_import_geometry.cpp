// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/table/detail/arrow_view.hpp>
#include <algorithm>
#include <cmath>
#include <limits>

namespace stadtgdi::table::detail {

namespace {

constexpr std::string_view extension_key = "ARROW:extension:name";

bool kind_of_extension(std::string_view extension, GeometryKind& kind)
{
    if (extension == "geoarrow.point") kind = GeometryKind::point;
    else if (extension == "geoarrow.linestring") kind = GeometryKind::line;
    else if (extension == "geoarrow.polygon") kind = GeometryKind::polygon;
    else if (extension == "geoarrow.multipoint") kind = GeometryKind::multi_point;
    else if (extension == "geoarrow.multilinestring") kind = GeometryKind::multi_line;
    else if (extension == "geoarrow.multipolygon") kind = GeometryKind::multi_polygon;
    else return false;
    return true;
}

/// The quoted text after a colon, from `at` on.
std::string quoted_after(std::string_view json, std::size_t at)
{
    const auto begin = json.find('"', json.find(':', at));
    if (begin == std::string_view::npos) return {};
    const auto end = json.find('"', begin + 1);
    return end == std::string_view::npos ? std::string() : std::string(json.substr(begin + 1, end - begin - 1));
}

/// {"crs": "EPSG:25833"} or {"crs": {PROJJSON}}: of the latter the id that stands last, which is that of the whole.
std::string crs_of(std::string_view json)
{
    const auto key = json.find("\"crs\"");
    if (key == std::string_view::npos) return {};
    const auto value = json.find_first_not_of(" \t\r\n:", key + 5);
    if (value == std::string_view::npos) return {};
    if (json[value] == '"') return quoted_after(json, key + 5);
    const auto authority = json.rfind("\"authority\"");
    const auto code = json.rfind("\"code\"");
    if (json[value] != '{' || authority == std::string_view::npos || code == std::string_view::npos) return {};
    const auto digits = json.find_first_of("0123456789", code);
    if (digits == std::string_view::npos) return {};
    const auto end = json.find_first_not_of("0123456789", digits);
    return quoted_after(json, authority + 11) + ":" + std::string(json.substr(digits, end == std::string_view::npos ? end : end - digits));
}

Buffer<std::int32_t> offsets_of(const ArrowView& list)
{
    if (list.rows == 0) return Buffer<std::int32_t>{0};
    Buffer<std::int32_t> out;
    if (list.format() == "+l") {
        out = list.shared<std::int32_t>(1, list.rows + 1);
    } else if (list.format() == "+L") {
        std::vector<std::int32_t> narrow(list.rows + 1);
        for (std::size_t i = 0; i <= list.rows; ++i) {
            const auto wide = list.read<std::int64_t>(1, i);
            if (wide > std::numeric_limits<std::int32_t>::max()) throw list.unsupported();
            narrow[i] = static_cast<std::int32_t>(wide);
        }
        out = std::move(narrow);
    } else {
        throw list.unsupported();
    }
    const bool sorted = out[0] >= 0 && std::is_sorted(out.begin(), out.end());
    if (!sorted || out[list.rows] > list.array->children[0]->length)
        throw list.bad("The offsets of geometry column '{0}' are damaged.", "Die Versätze der Geometriespalte '{0}' sind beschädigt.");
    return out;
}

/// Null rows that own coordinates are allowed in Arrow, but not in a table.
GeometryColumn without_nulls_coordinates(GeometryKind kind, const GeometryColumn& all, const Validity& validity)
{
    GeometryBuilder builder(kind, all.crs(), all.has_z());
    for (std::size_t row = 0; row < all.size(); ++row) {
        if (validity.valid(row))
            builder.add_row(all, row);
        else
            builder.add_null();
    }
    return std::move(builder).finish();
}

std::span<const std::uint8_t> bytes_at(const ArrowView& view, bool large, std::size_t row)
{
    const std::int64_t first = large ? view.read<std::int64_t>(1, row) : view.read<std::int32_t>(1, row);
    const std::int64_t last = large ? view.read<std::int64_t>(1, row + 1) : view.read<std::int32_t>(1, row + 1);
    if (first < 0 || last < first)
        throw view.bad("The offsets of geometry column '{0}' are damaged.", "Die Versätze der Geometriespalte '{0}' sind beschädigt.");
    return {static_cast<const std::uint8_t*>(view.array->buffers[2]) + first, static_cast<std::size_t>(last - first)};
}

}  // namespace

bool is_geoarrow(const ArrowView& view)
{
    GeometryKind kind{};
    return kind_of_extension(metadata_of(*view.schema, extension_key), kind);
}

GeometryColumn import_geoarrow(const ArrowView& view)
{
    GeometryKind kind{};
    kind_of_extension(metadata_of(*view.schema, extension_key), kind);
    const std::string crs = crs_of(metadata_of(*view.schema, "ARROW:extension:metadata"));
    const Validity validity = view.validity();
    std::vector<Buffer<std::int32_t>> levels;
    ArrowView inner = view;
    for (int depth = 0; depth < level_count(kind); ++depth) {
        if (depth > 0 && !inner.validity().all_valid()) throw inner.unsupported();
        levels.push_back(offsets_of(inner));
        inner = inner.items();
    }
    if (inner.format() != "+s" || inner.array->n_children < 2) throw inner.unsupported();
    std::array<Buffer<double>, 3> axes;
    for (std::size_t i = 0; i < static_cast<std::size_t>(inner.array->n_children); ++i) {
        const ArrowView axis = inner.field(i);
        const auto name = axis.name();
        if (name != "x" && name != "y" && name != "z") continue;  // m
        if (axis.format() != "g") throw axis.unsupported();
        axes[static_cast<std::size_t>(name[0] - 'x')] = axis.shared<double>(1, axis.rows);
    }
    if (validity.all_valid()) return {kind, crs, axes[0], axes[1], std::move(levels), {}, axes[2]};
    const GeometryColumn all(kind, crs, axes[0], axes[1], levels, {}, axes[2]);
    for (std::size_t row = 0; row < all.size(); ++row)
        if (!validity.valid(row) && all.part_count(row) > 0) return without_nulls_coordinates(kind, all, validity);
    return {kind, crs, axes[0], axes[1], std::move(levels), validity, axes[2]};
}

GeometryColumn import_wkb(const ArrowView& view, const ArrowImport& options)
{
    const bool large = view.format() == "Z";
    if (!large && view.format() != "z") throw view.unsupported();
    const Validity validity = view.validity();
    GeometryField field;
    if (options.geometry) {
        field = *options.geometry;
    } else {
        bool first = true;
        for (std::size_t row = 0; row < view.rows; ++row) {
            GeometryKind kind{};
            bool has_z = false;
            if (!validity.valid(row) || !kind_of_wkb(bytes_at(view, large, row), kind, has_z)) continue;
            if (first || kind == multi_of(field.kind)) field.kind = kind;
            field.has_z = field.has_z || has_z;
            first = false;
        }
    }
    GeometryBuilder builder(field.kind, field.crs, field.has_z);
    builder.reserve(view.rows, view.rows);
    for (std::size_t row = 0; row < view.rows; ++row) {
        if (!validity.valid(row)) {
            builder.add_null();
            continue;
        }
        if (add_wkb(builder, field.kind, bytes_at(view, large, row))) continue;
        if (!options.damaged)
            throw Error(ErrorKind::bad_data,
                        base::filled({"The geometry in row {0} of column '{1}' is damaged or not a {2}.",
                                      "Die Geometrie in Zeile {0} der Spalte '{1}' ist beschädigt oder nicht von der Art {2}."},
                                     std::to_string(row + 1), view.name(), name_of(field.kind)));
        options.damaged->push_back(static_cast<std::int64_t>(row));
        builder.add_null();
    }
    return std::move(builder).finish();
}

}  // namespace stadtgdi::table::detail
