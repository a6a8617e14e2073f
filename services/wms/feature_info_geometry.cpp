// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/feature_info_geometry.hpp>

#include <layers/table/column.hpp>
#include <services/http/message.hpp>
#include <services/ows/crs_names.hpp>

#include <nlohmann/json.hpp>

#include <cmath>

namespace stadtgdi::wms {

using table::GeometryColumn;
using table::GeometryKind;

namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, int decimals)
{
    const double factor = std::pow(10.0, decimals);
    return std::round(value * factor) / factor;
}

/// Walks the rings (lines) of a part.
struct Part {
    std::size_t first_ring, last_ring;
};

std::vector<Part> parts_of(const GeometryColumn& geometry, std::size_t row)
{
    std::vector<Part> parts;
    switch (geometry.kind()) {
    case GeometryKind::polygon: {
        const auto [first, last] = geometry.rings(row);
        parts.push_back({first, last});
        break;
    }
    case GeometryKind::multi_polygon: {
        const auto rows = geometry.level(0);
        const auto part_rings = geometry.level(1);
        for (auto part = static_cast<std::size_t>(rows[row]); part < static_cast<std::size_t>(rows[row + 1]); ++part)
            parts.push_back({static_cast<std::size_t>(part_rings[part]), static_cast<std::size_t>(part_rings[part + 1])});
        break;
    }
    default: break;
    }
    return parts;
}

Json json_position(const GeometryColumn& g, std::size_t i)
{
    const int decimals = g.crs().empty() ? 8 : ows::decimals_of(g.crs());
    return Json::array({rounded(g.x()[i], decimals), rounded(g.y()[i], decimals)});
}

Json json_positions(const GeometryColumn& g, std::size_t first, std::size_t last)
{
    Json list = Json::array();
    for (std::size_t i = first; i < last; ++i)
        list.push_back(json_position(g, i));
    return list;
}

Json json_ring(const GeometryColumn& g, std::size_t ring)
{
    return json_positions(g, static_cast<std::size_t>(g.ring_offsets()[ring]), static_cast<std::size_t>(g.ring_offsets()[ring + 1]));
}

Json json_rings(const GeometryColumn& g, const Part& part)
{
    Json list = Json::array();
    for (std::size_t ring = part.first_ring; ring < part.last_ring; ++ring)
        list.push_back(json_ring(g, ring));
    return list;
}

Json json_geometry(const GeometryColumn& g, std::size_t row)
{
    if (row >= g.size() || !g.valid(row) || g.part_count(row) == 0)
        return nullptr;
    const auto [first, last] = g.coordinates(row);
    const auto shape = [](const char* type, Json coordinates) { return Json{{"type", type}, {"coordinates", std::move(coordinates)}}; };
    switch (g.kind()) {
    case GeometryKind::point: return shape("Point", json_position(g, first));
    case GeometryKind::multi_point: return shape("MultiPoint", json_positions(g, first, last));
    case GeometryKind::line: return shape("LineString", json_positions(g, first, last));
    case GeometryKind::multi_line: {
        const auto [first_line, last_line] = g.rings(row);
        return shape("MultiLineString", json_rings(g, {first_line, last_line}));
    }
    case GeometryKind::polygon: return shape("Polygon", json_rings(g, parts_of(g, row).front()));
    case GeometryKind::multi_polygon: {
        Json list = Json::array();
        for (const Part& part : parts_of(g, row))
            list.push_back(json_rings(g, part));
        return shape("MultiPolygon", std::move(list));
    }
    }
    return nullptr;
}

Json json_value(const ShownField& field, std::int64_t row)
{
    const auto place = static_cast<std::size_t>(row);
    if (!field.column->valid(place))
        return nullptr;
    if (field.field->codes.empty()) {
        switch (field.column->type()) {
        case table::Type::boolean: return field.column->bools()[place] != 0;
        case table::Type::int64: return field.column->ints()[place];
        case table::Type::float64: return std::isfinite(field.column->doubles()[place]) ? Json(field.column->doubles()[place]) : Json(nullptr);
        default: break;
        }
    }
    return shown_value(field, row);
}

class Gml {
public:
    Gml(const GeometryColumn& geometry, const std::string& crs, bool swapped, bool version_3)
        : m_g(geometry), m_swapped(swapped), m_3(version_3), m_decimals(ows::decimals_of(crs)),
          m_srs(" srsName=\"" + http::xml_escaped(version_3 && swapped ? ows::urn_name(crs) : ows::wms_name(crs)) + "\"")
    {
    }

    std::string of(std::size_t row) const
    {
        if (row >= m_g.size() || !m_g.valid(row) || m_g.part_count(row) == 0)
            return {};
        const auto [first, last] = m_g.coordinates(row);
        switch (m_g.kind()) {
        case GeometryKind::point: return point(first, m_srs);
        case GeometryKind::multi_point: {
            std::string out = "<gml:MultiPoint" + m_srs + ">";
            for (std::size_t i = first; i < last; ++i)
                out += "<gml:pointMember>" + point(i, "") + "</gml:pointMember>";
            return out + "</gml:MultiPoint>";
        }
        case GeometryKind::line: return line(first, last, m_srs);
        case GeometryKind::multi_line: {
            std::string out = "<gml:MultiLineString" + m_srs + ">";
            const auto [first_line, last_line] = m_g.rings(row);
            for (std::size_t i = first_line; i < last_line; ++i)
                out += "<gml:lineStringMember>" + line(offset(i), offset(i + 1), "") + "</gml:lineStringMember>";
            return out + "</gml:MultiLineString>";
        }
        case GeometryKind::polygon: return polygon(parts_of(m_g, row).front(), m_srs);
        case GeometryKind::multi_polygon: {
            std::string out = "<gml:MultiPolygon" + m_srs + ">";
            for (const Part& part : parts_of(m_g, row))
                out += "<gml:polygonMember>" + polygon(part, "") + "</gml:polygonMember>";
            return out + "</gml:MultiPolygon>";
        }
        }
        return {};
    }

private:
    std::size_t offset(std::size_t ring) const { return static_cast<std::size_t>(m_g.ring_offsets()[ring]); }

    std::string positions(std::size_t first, std::size_t last) const
    {
        std::string out = m_3 ? (last - first == 1 ? "<gml:pos>" : "<gml:posList>") : "<gml:coordinates>";
        for (std::size_t i = first; i < last; ++i) {
            const double a = rounded(m_swapped ? m_g.y()[i] : m_g.x()[i], m_decimals);
            const double b = rounded(m_swapped ? m_g.x()[i] : m_g.y()[i], m_decimals);
            out += (i == first ? "" : " ") + table::number_text(a) + (m_3 ? " " : ",") + table::number_text(b);
        }
        return out + (m_3 ? (last - first == 1 ? "</gml:pos>" : "</gml:posList>") : "</gml:coordinates>");
    }
    std::string point(std::size_t i, const std::string& srs) const { return "<gml:Point" + srs + ">" + positions(i, i + 1) + "</gml:Point>"; }
    std::string line(std::size_t first, std::size_t last, const std::string& srs) const
    {
        return "<gml:LineString" + srs + ">" + positions(first, last) + "</gml:LineString>";
    }
    std::string polygon(const Part& part, const std::string& srs) const
    {
        std::string out = "<gml:Polygon" + srs + ">";
        for (std::size_t ring = part.first_ring; ring < part.last_ring; ++ring) {
            const std::string side = ring == part.first_ring ? (m_3 ? "gml:exterior" : "gml:outerBoundaryIs") : (m_3 ? "gml:interior" : "gml:innerBoundaryIs");
            out += "<" + side + "><gml:LinearRing>" + positions(offset(ring), offset(ring + 1)) + "</gml:LinearRing></" + side + ">";
        }
        return out + "</gml:Polygon>";
    }

    const GeometryColumn& m_g;
    bool m_swapped, m_3;
    int m_decimals;
    std::string m_srs;
};

/// Two fields may have one alias: the second goes by its own name.
std::string free_key(const Json& properties, const std::string& label, const std::string& name)
{
    std::string key = properties.contains(label) ? name : label;
    for (int n = 2; properties.contains(key); ++n)
        key = name + "_" + std::to_string(n);
    return key;
}

}  // namespace

std::string gml_geometry(const GeometryColumn& geometry, std::size_t row, const std::string& crs, bool swapped, bool version_3)
{
    return Gml(geometry, crs, swapped, version_3).of(row);
}

std::string feature_info_json(const std::vector<LayerHits>& all, const InfoStyle& style)
{
    Json features = Json::array();
    for (const LayerHits& hits : all) {
        const std::vector<ShownField> fields = shown_fields(hits);
        for (std::size_t i = 0; i < hits.rows.size(); ++i) {
            Json properties = Json::object();
            for (const ShownField& field : fields)
                properties[free_key(properties, field.label, field.name)] = json_value(field, hits.rows[i]);
            if (i < hits.map_tips.size())
                properties[free_key(properties, "maptip", "maptip")] = hits.map_tips[i];
            features.push_back({{"type", "Feature"}, {"id", feature_id(hits, hits.rows[i])}, {"layer", hits.layer->name},
                                {"geometry", style.with_geometry ? json_geometry(hits.geometry, i) : Json(nullptr)}, {"properties", std::move(properties)}});
        }
    }
    Json collection{{"type", "FeatureCollection"}};
    if (style.crs != "OGC:CRS84" && style.crs != "EPSG:4326")
        collection["crs"] = {{"type", "name"}, {"properties", {{"name", ows::urn_name(style.crs)}}}};
    collection["features"] = std::move(features);
    return collection.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace stadtgdi::wms
