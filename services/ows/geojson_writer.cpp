// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/coordinate_text.hpp>
#include <services/ows/property_text.hpp>
#include <services/ows/row_writer.hpp>

namespace stadtgdi::ows {

namespace {

using table::GeometryKind;

template <int decimals> class GeoJsonWriter final : public RowWriter {
public:
    GeoJsonWriter(const store::Snapshot& snapshot, const FeatureShape& shape)
        : m_fids(snapshot.fids), m_with_geometry(shape.with_geometry), m_swapped(shape.crs.swapped),
          m_begin(",\n{\"type\":\"Feature\",\"id\":" + (shape.id_prefix.empty() ? std::string() : "\"" + inner(json_string(shape.id_prefix)))),
          m_after_id(shape.id_prefix.empty() ? ",\"geometry\":" : "\",\"geometry\":")
    {
        std::string lead;
        for (const std::string& name : shape.fields) {
            const std::string before = lead + json_string(name) + ":";
            m_properties.emplace_back(snapshot.table.column(name), Syntax::json, before, "", before + "null", "\"", shape.rows);
            m_room += m_properties.back().room;
            if (m_properties.back().is_plain_text()) m_plain.push_back(m_properties.size() - 1);
            lead = ",";
        }
        m_room += m_begin.size() + m_after_id.size() + 200;
    }

    void write(const RowRun& run, const RunGeometry& geometry, std::string& text) const override
    {
        TextBuffer buffer(text);
        const bool points = geometry.column != nullptr && geometry.column->kind() == GeometryKind::point;
        for (std::size_t i = 0; i < run.count; ++i) {
            const std::size_t row = run.row(i);
            const std::size_t place = geometry.place(i, row);
            std::size_t room = m_room;
            for (const std::size_t plain : m_plain) room += m_properties[plain].room_of(row);
            const bool placed = m_with_geometry && geometry.column != nullptr && geometry.column->valid(place);
            if (placed && !points) room += room_of(*geometry.column, place);
            char* out = buffer.room(room);
            out = put(out, m_begin);
            out = put_integer(out, m_fids[row]);
            out = put(out, m_after_id);
            if (!placed)
                out = put_literal(out, "null");
            else if (points)
                out = put_point(out, *geometry.column, place);
            else
                out = put_geometry(out, *geometry.column, place);
            out = put_literal(out, ",\"properties\":{");
            for (const PropertyPlan& property : m_properties) out = property.put_value(out, row);
            *out++ = '}';
            *out++ = '}';
            buffer.advance(out);
        }
        buffer.finish();
    }

private:
    static std::string inner(const std::string& quoted) { return quoted.substr(1, quoted.size() - 2); }

    static std::size_t room_of(const table::GeometryColumn& g, std::size_t row)
    {
        const auto [first, last] = g.coordinates(row);
        std::size_t rings = 1;
        if (g.level_count() >= 2) {
            const auto [ring_begin, ring_end] = g.rings(row);
            rings += ring_end - ring_begin;
        }
        return (last - first) * coordinate_room + (rings + g.part_count(row)) * 8 + 80;
    }

    char* put_pair(char* out, const table::GeometryColumn& g, std::size_t i) const
    {
        *out++ = '[';
        out = put_fixed<decimals>(out, m_swapped ? g.y()[i] : g.x()[i]);
        *out++ = ',';
        out = put_fixed<decimals>(out, m_swapped ? g.x()[i] : g.y()[i]);
        if (g.has_z() && std::isfinite(g.z()[i])) {
            *out++ = ',';
            out = put_fixed<3>(out, g.z()[i]);
        }
        *out++ = ']';
        return out;
    }

    char* put_point(char* out, const table::GeometryColumn& g, std::size_t row) const
    {
        if (!std::isfinite(g.x()[row]) || !std::isfinite(g.y()[row])) return put_literal(out, "null");
        out = put_literal(out, "{\"type\":\"Point\",\"coordinates\":");
        out = put_pair(out, g, row);
        *out++ = '}';
        return out;
    }

    char* put_pairs(char* out, const table::GeometryColumn& g, std::size_t begin, std::size_t end, bool reversed = false) const
    {
        *out++ = '[';
        for (std::size_t i = begin; i < end; ++i) {
            out = put_pair(out, g, reversed ? begin + end - 1 - i : i);
            *out++ = ',';
        }
        if (out[-1] == ',') --out;
        *out++ = ']';
        return out;
    }

    /// Rings of one polygon: the shell counterclockwise, holes clockwise.
    char* put_polygon(char* out, const table::GeometryColumn& g, std::size_t ring_begin, std::size_t ring_end) const
    {
        const auto offsets = g.ring_offsets();
        *out++ = '[';
        for (std::size_t ring = ring_begin; ring < ring_end; ++ring) {
            const auto begin = static_cast<std::size_t>(offsets[ring]), end = static_cast<std::size_t>(offsets[ring + 1]);
            const double area = signed_area(g.x(), g.y(), begin, end);
            out = put_pairs(out, g, begin, end, ring == ring_begin ? area < 0 : area > 0);
            *out++ = ',';
        }
        if (out[-1] == ',') --out;
        *out++ = ']';
        return out;
    }

    char* put_geometry(char* out, const table::GeometryColumn& g, std::size_t row) const
    {
        const auto [first, last] = g.coordinates(row);
        if (!finite(g.x(), g.y(), first, last)) return put_literal(out, "null");
        switch (g.kind()) {
        case GeometryKind::point: break;
        case GeometryKind::multi_point:
            out = put_literal(out, "{\"type\":\"MultiPoint\",\"coordinates\":");
            out = put_pairs(out, g, first, last);
            break;
        case GeometryKind::line:
            out = put_literal(out, "{\"type\":\"LineString\",\"coordinates\":");
            out = put_pairs(out, g, first, last);
            break;
        case GeometryKind::multi_line: {
            out = put_literal(out, "{\"type\":\"MultiLineString\",\"coordinates\":[");
            const auto [line_begin, line_end] = g.rings(row);
            for (std::size_t line = line_begin; line < line_end; ++line) {
                out = put_pairs(out, g, static_cast<std::size_t>(g.ring_offsets()[line]), static_cast<std::size_t>(g.ring_offsets()[line + 1]));
                *out++ = ',';
            }
            if (out[-1] == ',') --out;
            *out++ = ']';
            break;
        }
        case GeometryKind::polygon: {
            out = put_literal(out, "{\"type\":\"Polygon\",\"coordinates\":");
            const auto [ring_begin, ring_end] = g.rings(row);
            out = put_polygon(out, g, ring_begin, ring_end);
            break;
        }
        case GeometryKind::multi_polygon: {
            out = put_literal(out, "{\"type\":\"MultiPolygon\",\"coordinates\":[");
            const auto parts = g.level(0), rings = g.level(1);
            for (auto part = static_cast<std::size_t>(parts[row]); part < static_cast<std::size_t>(parts[row + 1]); ++part) {
                out = put_polygon(out, g, static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1]));
                *out++ = ',';
            }
            if (out[-1] == ',') --out;
            *out++ = ']';
            break;
        }
        }
        *out++ = '}';
        return out;
    }

    std::span<const std::int64_t> m_fids;
    bool m_with_geometry, m_swapped;
    PaddedText m_begin, m_after_id;
    std::vector<PropertyPlan> m_properties;
    std::vector<std::size_t> m_plain;  // those whose room differs from row to row
    std::size_t m_room = 0;
};

}  // namespace

std::unique_ptr<RowWriter> geojson_writer(const store::Snapshot& snapshot, const FeatureShape& shape)
{
    if (decimals_of(shape.crs.code) == 3) return std::make_unique<GeoJsonWriter<3>>(snapshot, shape);
    return std::make_unique<GeoJsonWriter<8>>(snapshot, shape);
}

}  // namespace stadtgdi::ows
