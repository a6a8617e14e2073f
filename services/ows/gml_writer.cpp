// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/coordinate_text.hpp>
#include <services/ows/property_text.hpp>
#include <services/ows/row_writer.hpp>

namespace stadtgdi::ows {

namespace {

using table::GeometryKind;

template <GmlVersion v, int decimals> class GmlWriter final : public RowWriter {
    static constexpr bool gml_2 = v == GmlVersion::v2_1_2;
    static constexpr bool geometries_have_ids = v == GmlVersion::v3_2;

public:
    GmlWriter(const store::Snapshot& snapshot, const FeatureShape& shape, const GmlNames& names)
        : m_fids(snapshot.fids), m_with_geometry(shape.with_geometry), m_swapped(shape.crs.swapped), m_bare(names.type.empty())
    {
        const std::string id = xml_text(shape.id_prefix);
        const std::string open_member = names.member.empty() ? "" : "<" + names.member + ">", close_member = names.member.empty() ? "" : "</" + names.member + ">";
        const std::string before = m_bare ? open_member : "", after = m_bare ? close_member + "\n" : "";
        m_begin = PaddedText(open_member + "<" + names.type + (gml_2 ? " fid=\"" : " gml:id=\"") + id);
        m_end = PaddedText("</" + names.type + ">" + close_member + "\n");
        m_geometry_begin = PaddedText(before + "<" + names.geometry + ">");
        m_geometry_end = PaddedText("</" + names.geometry + ">" + after);
        m_id = PaddedText(" gml:id=\"" + id);
        m_srs = PaddedText((geometries_have_ids ? ".g\" srsName=\"" : " srsName=\"") + xml_text(shape.crs.name) + "\"");
        m_room = m_begin.size() + m_end.size() + m_geometry_begin.size() + m_geometry_end.size() + m_id.size() + m_srs.size() + 300;
        for (std::size_t i = 0; i < shape.fields.size(); ++i) {
            m_properties.emplace_back(snapshot.table.column(shape.fields[i]), Syntax::xml, before + "<" + names.fields[i] + ">", "</" + names.fields[i] + ">" + after, "", "", shape.rows);
            m_room += m_properties.back().room;
            if (m_properties.back().is_plain_text()) m_plain.push_back(i);
        }
    }

    void write(const RowRun& run, const RunGeometry& geometry, std::string& text) const override
    {
        TextBuffer buffer(text);
        for (std::size_t i = 0; i < run.count; ++i) {
            const std::size_t row = run.row(i);
            const std::size_t place = geometry.place(i, row);
            std::size_t room = m_room;
            for (const std::size_t plain : m_plain) room += m_properties[plain].room_of(row);
            const bool placed = m_with_geometry && geometry.column != nullptr && has_shape(*geometry.column, place);
            if (placed && geometry.column->kind() != GeometryKind::point) room += room_of(*geometry.column, place);
            char* out = buffer.room(room);
            if (!m_bare) {
                out = put(out, m_begin);
                out = put_integer(out, m_fids[row]);
                out = put_literal(out, "\">");
            }
            if (placed) {
                out = put(out, m_geometry_begin);
                out = put_geometry(out, *geometry.column, place, m_fids[row]);
                out = put(out, m_geometry_end);
            }
            for (const PropertyPlan& property : m_properties) out = property.put_value(out, row);
            if (!m_bare) out = put(out, m_end);
            buffer.advance(out);
        }
        buffer.finish();
    }

private:
    /// Markup that differs between GML 2 and 3, chosen when compiling.
    static constexpr std::string_view either(std::string_view of_2, std::string_view of_3) { return gml_2 ? of_2 : of_3; }

    static bool has_shape(const table::GeometryColumn& g, std::size_t row)
    {
        if (!g.valid(row)) return false;
        const auto [first, last] = g.coordinates(row);
        return first != last && finite(g.x(), g.y(), first, last);
    }

    /// A part costs its elements and its id, a ring its elements, a coordinate its numbers.
    std::size_t room_of(const table::GeometryColumn& g, std::size_t row) const
    {
        const auto [first, last] = g.coordinates(row);
        std::size_t rings = 1;
        if (g.level_count() >= 2) {
            const auto [ring_begin, ring_end] = g.rings(row);
            rings += ring_end - ring_begin;
        }
        const std::size_t parts = g.kind() == GeometryKind::multi_point ? last - first : g.part_count(row);
        return (last - first) * coordinate_room + rings * 200 + (parts + 1) * (m_id.size() + m_srs.size() + 240);
    }

    char* put_pair(char* out, const table::GeometryColumn& g, std::size_t i, bool with_z) const
    {
        constexpr char between = gml_2 ? ',' : ' ';
        out = put_fixed<decimals>(out, m_swapped ? g.y()[i] : g.x()[i]);
        *out++ = between;
        out = put_fixed<decimals>(out, m_swapped ? g.x()[i] : g.y()[i]);
        if (with_z) {
            *out++ = between;
            out = std::isfinite(g.z()[i]) ? put_fixed<3>(out, g.z()[i]) : put_literal(out, "NaN");
        }
        return out;
    }

    /// <gml:name gml:id="trees.7.g" srsName="...">: the whole geometry of a feature; heights as a third dimension.
    char* open(char* out, std::string_view name, std::int64_t fid, bool with_z) const
    {
        out = put_text(out, name);
        if constexpr (geometries_have_ids) out = put_integer(put(out, m_id), fid);
        out = put(out, m_srs);
        if (!gml_2 && with_z) out = put_literal(out, " srsDimension=\"3\"");
        *out++ = '>';
        return out;
    }

    /// <gml:name gml:id="trees.7.g.1">: a part.
    char* open_part(char* out, std::string_view name, std::int64_t fid, std::size_t part) const
    {
        out = put_text(out, name);
        if constexpr (geometries_have_ids) {
            out = put_integer(put(out, m_id), fid);
            out = put_integer(put_literal(out, ".g."), static_cast<std::int64_t>(part));
            *out++ = '"';
        }
        *out++ = '>';
        return out;
    }

    static char* put_text(char* out, std::string_view text)
    {
        std::memcpy(out, text.data(), text.size());
        return out + text.size();
    }

    char* put_position(char* out, const table::GeometryColumn& g, std::size_t i, bool with_z) const
    {
        out = put_text(out, either("<gml:coordinates>", "<gml:pos>"));
        out = put_pair(out, g, i, with_z);
        return put_text(out, either("</gml:coordinates>", "</gml:pos>"));
    }

    char* put_list(char* out, const table::GeometryColumn& g, std::size_t begin, std::size_t end, bool with_z) const
    {
        out = put_text(out, either("<gml:coordinates>", "<gml:posList>"));
        for (std::size_t i = begin; i < end; ++i) {
            out = put_pair(out, g, i, with_z);
            *out++ = ' ';
        }
        if (begin != end) --out;
        return put_text(out, either("</gml:coordinates>", "</gml:posList>"));
    }

    char* put_rings(char* out, const table::GeometryColumn& g, std::size_t ring_begin, std::size_t ring_end, bool with_z) const
    {
        const auto offsets = g.ring_offsets();
        for (std::size_t ring = ring_begin; ring < ring_end; ++ring) {
            const bool shell = ring == ring_begin;
            out = put_text(out, shell ? either("<gml:outerBoundaryIs><gml:LinearRing>", "<gml:exterior><gml:LinearRing>")
                                      : either("<gml:innerBoundaryIs><gml:LinearRing>", "<gml:interior><gml:LinearRing>"));
            out = put_list(out, g, static_cast<std::size_t>(offsets[ring]), static_cast<std::size_t>(offsets[ring + 1]), with_z);
            out = put_text(out, shell ? either("</gml:LinearRing></gml:outerBoundaryIs>", "</gml:LinearRing></gml:exterior>")
                                      : either("</gml:LinearRing></gml:innerBoundaryIs>", "</gml:LinearRing></gml:interior>"));
        }
        return out;
    }

    char* put_geometry(char* out, const table::GeometryColumn& g, std::size_t row, std::int64_t fid) const
    {
        const auto [first, last] = g.coordinates(row);
        const bool with_z = g.has_height(row);
        switch (g.kind()) {
        case GeometryKind::point:
            out = open(out, "<gml:Point", fid, with_z);
            out = put_position(out, g, row, with_z);
            return put_literal(out, "</gml:Point>");
        case GeometryKind::multi_point:
            out = open(out, "<gml:MultiPoint", fid, with_z);
            for (std::size_t i = first; i < last; ++i) {
                out = put_literal(out, "<gml:pointMember>");
                out = open_part(out, "<gml:Point", fid, i - first);
                out = put_position(out, g, i, with_z);
                out = put_literal(out, "</gml:Point></gml:pointMember>");
            }
            return put_literal(out, "</gml:MultiPoint>");
        case GeometryKind::line:
            out = open(out, "<gml:LineString", fid, with_z);
            out = put_list(out, g, first, last, with_z);
            return put_literal(out, "</gml:LineString>");
        case GeometryKind::multi_line: {
            out = open(out, either("<gml:MultiLineString", "<gml:MultiCurve"), fid, with_z);
            const auto [line_begin, line_end] = g.rings(row);
            for (std::size_t line = line_begin; line < line_end; ++line) {
                out = put_text(out, either("<gml:lineStringMember>", "<gml:curveMember>"));
                out = open_part(out, "<gml:LineString", fid, line - line_begin);
                out = put_list(out, g, static_cast<std::size_t>(g.ring_offsets()[line]), static_cast<std::size_t>(g.ring_offsets()[line + 1]), with_z);
                out = put_text(out, either("</gml:LineString></gml:lineStringMember>", "</gml:LineString></gml:curveMember>"));
            }
            return put_text(out, either("</gml:MultiLineString>", "</gml:MultiCurve>"));
        }
        case GeometryKind::polygon: {
            out = open(out, "<gml:Polygon", fid, with_z);
            const auto [ring_begin, ring_end] = g.rings(row);
            out = put_rings(out, g, ring_begin, ring_end, with_z);
            return put_literal(out, "</gml:Polygon>");
        }
        case GeometryKind::multi_polygon: {
            out = open(out, either("<gml:MultiPolygon", "<gml:MultiSurface"), fid, with_z);
            const auto parts = g.level(0), rings = g.level(1);
            const auto part_begin = static_cast<std::size_t>(parts[row]), part_end = static_cast<std::size_t>(parts[row + 1]);
            for (std::size_t part = part_begin; part < part_end; ++part) {
                out = put_text(out, either("<gml:polygonMember>", "<gml:surfaceMember>"));
                out = open_part(out, "<gml:Polygon", fid, part - part_begin);
                out = put_rings(out, g, static_cast<std::size_t>(rings[part]), static_cast<std::size_t>(rings[part + 1]), with_z);
                out = put_text(out, either("</gml:Polygon></gml:polygonMember>", "</gml:Polygon></gml:surfaceMember>"));
            }
            return put_text(out, either("</gml:MultiPolygon>", "</gml:MultiSurface>"));
        }
        }
        return out;
    }

    std::span<const std::int64_t> m_fids;
    bool m_with_geometry, m_swapped, m_bare;
    PaddedText m_begin, m_end, m_geometry_begin, m_geometry_end, m_id, m_srs;
    std::vector<PropertyPlan> m_properties;
    std::vector<std::size_t> m_plain;  // those whose room differs from row to row
    std::size_t m_room = 0;
};

template <GmlVersion v> std::unique_ptr<RowWriter> writer_of(const store::Snapshot& snapshot, const FeatureShape& shape, const GmlNames& names)
{
    if (decimals_of(shape.crs.code) == 3) return std::make_unique<GmlWriter<v, 3>>(snapshot, shape, names);
    return std::make_unique<GmlWriter<v, 8>>(snapshot, shape, names);
}

class IdWriter final : public RowWriter {
public:
    IdWriter(const store::Snapshot& snapshot, const FeatureShape& shape, const std::string& element)
        : m_fids(snapshot.fids), m_begin("<" + element + ">" + xml_text(shape.id_prefix)), m_end("</" + element + ">\n")
    {
    }

    void write(const RowRun& run, const RunGeometry&, std::string& text) const override
    {
        TextBuffer buffer(text);
        for (std::size_t i = 0; i < run.count; ++i) {
            char* out = put(buffer.room(m_begin.size() + m_end.size() + 24), m_begin);
            buffer.advance(put(put_integer(out, m_fids[run.row(i)]), m_end));
        }
        buffer.finish();
    }

private:
    std::span<const std::int64_t> m_fids;
    PaddedText m_begin, m_end;
};

}  // namespace

std::unique_ptr<RowWriter> gml_writer(const store::Snapshot& snapshot, const FeatureShape& shape, const GmlNames& names)
{
    switch (names.version) {
    case GmlVersion::v2_1_2: return writer_of<GmlVersion::v2_1_2>(snapshot, shape, names);
    case GmlVersion::v3_1_1: return writer_of<GmlVersion::v3_1_1>(snapshot, shape, names);
    case GmlVersion::v3_2: break;
    }
    return writer_of<GmlVersion::v3_2>(snapshot, shape, names);
}

std::unique_ptr<RowWriter> id_writer(const store::Snapshot& snapshot, const FeatureShape& shape, const std::string& element)
{
    return std::make_unique<IdWriter>(snapshot, shape, element);
}

}  // namespace stadtgdi::ows
