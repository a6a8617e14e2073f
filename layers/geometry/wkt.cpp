// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkt.hpp>
#include <layers/table/column.hpp>
#include <charconv>
#include <cmath>

namespace stadtgdi::geometry {

using table::GeometryColumn;
using table::GeometryKind;

namespace {

std::string_view word_of(GeometryKind kind)
{
    switch (kind) {
        case GeometryKind::point: return "POINT";
        case GeometryKind::line: return "LINESTRING";
        case GeometryKind::polygon: return "POLYGON";
        case GeometryKind::multi_point: return "MULTIPOINT";
        case GeometryKind::multi_line: return "MULTILINESTRING";
        case GeometryKind::multi_polygon: return "MULTIPOLYGON";
    }
    return "";
}

class Writer {
public:
    Writer(const GeometryColumn& geometry, int decimals, bool with_z) : m_geometry(geometry), m_decimals(decimals), m_with_z(with_z) {}

    std::string text;

    void coordinates(std::size_t first, std::size_t last, bool each_in_brackets = false)
    {
        text += '(';
        for (std::size_t i = first; i < last; ++i) {
            if (i > first) text += ", ";
            if (each_in_brackets) text += '(';
            number(m_geometry.x()[i]);
            text += ' ';
            number(m_geometry.y()[i]);
            if (m_with_z) {
                text += ' ';
                number(m_geometry.z()[i]);
            }
            if (each_in_brackets) text += ')';
        }
        text += ')';
    }
    void rings(std::size_t first, std::size_t last)
    {
        const auto offsets = m_geometry.ring_offsets();
        text += '(';
        for (std::size_t ring = first; ring < last; ++ring) {
            if (ring > first) text += ", ";
            if (offsets[ring] == offsets[ring + 1])
                text += "EMPTY";
            else
                coordinates(static_cast<std::size_t>(offsets[ring]), static_cast<std::size_t>(offsets[ring + 1]));
        }
        text += ')';
    }

private:
    void number(double value)
    {
        if (std::isnan(value)) {
            text += "NaN";
            return;
        }
        if (m_decimals < 0) {
            text += table::number_text(value);
            return;
        }
        char digits[400];
        const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::fixed, m_decimals);
        std::string_view fixed(digits, static_cast<std::size_t>(end.ptr - digits));
        if (fixed.find('.') != std::string_view::npos) {
            fixed = fixed.substr(0, fixed.find_last_not_of('0') + 1);
            if (fixed.back() == '.') fixed.remove_suffix(1);
        }
        text += fixed == "-0" ? "0" : fixed;
    }

    const GeometryColumn& m_geometry;
    int m_decimals;
    bool m_with_z;
};

}  // namespace

std::string wkt(const GeometryColumn& geometry, std::size_t row, int decimals)
{
    const bool with_z = geometry.has_height(row);
    Writer writer(geometry, decimals, with_z);
    writer.text = word_of(geometry.kind());
    if (with_z) writer.text += " Z";
    writer.text += ' ';
    if (geometry.part_count(row) == 0) return writer.text + "EMPTY";
    const auto [first, last] = geometry.coordinates(row);
    switch (geometry.kind()) {
        case GeometryKind::point:
        case GeometryKind::line: writer.coordinates(first, last); break;
        case GeometryKind::multi_point: writer.coordinates(first, last, true); break;
        case GeometryKind::polygon:
        case GeometryKind::multi_line: {
            const auto [ring, end] = geometry.rings(row);
            writer.rings(ring, end);
            break;
        }
        case GeometryKind::multi_polygon: {
            const auto parts = geometry.level(0), rings = geometry.level(1);
            writer.text += '(';
            for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part) {
                if (part > static_cast<std::size_t>(parts[row])) writer.text += ", ";
                writer.rings(static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1]));
            }
            writer.text += ')';
            break;
        }
    }
    return std::move(writer.text);
}

}  // namespace stadtgdi::geometry
