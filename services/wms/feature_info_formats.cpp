// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/feature_info_formats.hpp>

#include <layers/geometry/wkt.hpp>
#include <services/http/message.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/reader_text.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wms/feature_info_geometry.hpp>

#include <algorithm>
#include <cmath>

namespace stadtgdi::wms {

using base::Language;
using http::html_escaped;
using http::xml_escaped;

std::vector<ShownField> shown_fields(const LayerHits& hits)
{
    std::vector<ShownField> fields;
    for (const project::PublishedField& field : hits.layer->fields) {
        if (!field.in_wms || !field.in_form)
            continue;
        if (const table::Column* column = hits.snapshot->table.find(field.name))
            fields.push_back({field.name, field.alias.empty() ? field.name : field.alias, column, &field});
    }
    return fields;
}

std::string shown_value(const ShownField& field, std::int64_t row)
{
    const auto place = static_cast<std::size_t>(row);
    if (!field.column->valid(place))
        return {};
    std::string value = field.column->as_text(place);
    for (const auto& [code, label] : field.field->codes)
        if (code == value)
            return label;
    return value;
}

std::string feature_id(const LayerHits& hits, std::int64_t row)
{
    return hits.is_raster() ? hits.layer->name : hits.layer->name + "." + std::to_string(hits.snapshot->fids[static_cast<std::size_t>(row)]);
}

const std::vector<std::string>& feature_info_formats()
{
    static const std::vector<std::string> formats{"text/plain", "text/html", "text/xml", "application/json", "application/geo+json",
                                                  "application/vnd.ogc.gml", "application/vnd.ogc.gml/3.1.1"};
    return formats;
}

std::optional<InfoFormat> info_format(std::string_view name)
{
    std::string plain;
    for (const char c : ows::upper(name))
        if (c != ' ')
            plain += c;
    if (plain == "TEXT/PLAIN")
        return InfoFormat::plain;
    if (plain == "TEXT/HTML")
        return InfoFormat::html;
    if (plain == "TEXT/XML")
        return InfoFormat::xml;
    if (plain == "APPLICATION/JSON")
        return InfoFormat::json;
    // A "+" that a client did not encode arrives as a blank.
    if (plain == "APPLICATION/GEO+JSON" || plain == "APPLICATION/GEOJSON")
        return InfoFormat::geojson;
    if (plain == "APPLICATION/VND.OGC.GML" || plain == "APPLICATION/VND.OGC.GML/2.1.2")
        return InfoFormat::gml2;
    if (plain == "APPLICATION/VND.OGC.GML/3.1.1" || plain == "APPLICATION/GML+XML;VERSION=3.1")
        return InfoFormat::gml3;
    return {};
}

bool has_geometries(InfoFormat format)
{
    return format == InfoFormat::json || format == InfoFormat::geojson || format == InfoFormat::gml2 || format == InfoFormat::gml3;
}

namespace {

const std::string& title_of(const LayerHits& hits)
{
    return hits.layer->title.empty() ? hits.layer->name : hits.layer->title;
}

std::string wkt_of(const LayerHits& hits, std::size_t hit, const InfoStyle& style)
{
    return hits.is_raster() || hit >= hits.geometry.size() ? std::string() : geometry::wkt(hits.geometry, hit, ows::decimals_of(style.crs));
}

std::string plain_text(const std::vector<LayerHits>& all, const InfoStyle& style)
{
    const Language language = style.language;
    std::string out = language == Language::de ? "Ergebnis der Sachdatenabfrage\n" : "GetFeatureInfo results\n";
    for (const LayerHits& hits : all) {
        out += "\nLayer '" + title_of(hits) + "'\n";
        const std::vector<ShownField> fields = shown_fields(hits);
        for (std::size_t i = 0; i < hits.rows.size(); ++i) {
            const std::int64_t row = hits.rows[i];
            if (!hits.is_raster())
                out += (language == Language::de ? "Objekt " : "Feature ") + feature_id(hits, row) + "\n";
            for (const ShownField& field : fields)
                out += field.label + " = '" + shown_value(field, row) + "'\n";
            if (i < hits.map_tips.size())
                out += "maptip = '" + hits.map_tips[i] + "'\n";
            if (style.with_geometry)
                out += "geometry = '" + wkt_of(hits, i, style) + "'\n";
        }
    }
    if (all.empty())
        out += language == Language::de ? "\nKein Objekt an dieser Stelle.\n" : "\nNo feature at this place.\n";
    return out;
}

/// A value as people read it in their language.
std::string read_value(const LayerHits& hits, const ShownField& field, std::int64_t row, Language language)
{
    const auto place = static_cast<std::size_t>(row);
    const bool named = field.column->valid(place) && std::ranges::find(field.field->codes, field.column->as_text(place), [](const auto& code) { return code.first; }) != field.field->codes.end();
    return named ? shown_value(field, row) : ows::value_text(*hits.layer, *field.field, *field.column, place, language);
}

/// What names the feature to people, else its id.
std::string name_of(const LayerHits& hits, const std::vector<ShownField>& fields, std::int64_t row, Language language)
{
    const auto field = std::ranges::find(fields, hits.layer->display_field, &ShownField::name);
    const std::string name = field == fields.end() ? std::string() : read_value(hits, *field, row, language);
    return name.empty() ? feature_id(hits, row) : name;
}

/// Only rows with a value; a unit stands with its number.
std::string html_table(const LayerHits& hits, const std::vector<ShownField>& fields, std::size_t hit, const InfoStyle& style)
{
    const std::int64_t row = hits.rows[hit];
    std::string rows;
    const auto add = [&](const std::string& label, const std::string& value) { rows += "<tr><th scope=\"row\">" + html_escaped(label) + "</th><td>" + html_escaped(value) + "</td></tr>\n"; };
    for (const ShownField& field : fields) {
        const std::string value = read_value(hits, field, row, style.language);
        project::PublishedField labelled;
        labelled.alias = field.label;
        const ows::FieldLabel label = ows::label_of(labelled);
        if (!value.empty())
            add(label.text, label.unit.empty() ? value : value + " " + label.unit);
    }
    if (style.with_geometry && !hits.is_raster())
        add(style.language == Language::de ? "Geometrie" : "Geometry", wkt_of(hits, hit, style));
    return "<table>\n<caption hidden>" + html_escaped(feature_id(hits, row)) + "</caption>\n" + rows + "</table>\n";
}

/// No script, no style sheet from elsewhere; the class of the empty page is what the German profile names.
std::string html(const std::vector<LayerHits>& all, const InfoStyle& style)
{
    const Language language = style.language;
    const bool german = language == Language::de;
    std::string out = "<!DOCTYPE html>\n<html lang=\"";
    out += german ? "de" : "en";
    out += "\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>";
    out += german ? "Sachdatenabfrage" : "Feature information";
    out += "</title>\n<style>body{font-family:sans-serif;font-size:0.9rem;line-height:1.35;margin:0.5rem;overflow-wrap:anywhere}h2{font-size:1.05rem;margin:0.5rem 0}"
           "h3{font-size:0.95rem;margin:1rem 0 0.25rem}table{border-collapse:collapse;width:100%;max-width:40rem;margin-bottom:1rem}"
           "th,td{text-align:left;padding:0.2rem 0.6rem 0.2rem 0;border-bottom:1px solid #ccc;vertical-align:top}th{width:45%;font-weight:normal;color:#555}img{max-width:100%}</style>\n</head>\n<body";
    if (all.empty()) {
        out += " class=\"ogc-getfeatureinfo-isempty\">\n<p>";
        out += german ? "Kein Objekt an dieser Stelle." : "No feature at this place.";
        return out + "</p>\n</body>\n</html>\n";
    }
    out += ">\n";
    for (const LayerHits& hits : all) {
        out += "<h2>" + html_escaped(title_of(hits)) + "</h2>\n";
        std::vector<ShownField> fields = shown_fields(hits);
        std::ranges::stable_sort(fields, {}, [&](const ShownField& field) { return ows::role_of(*hits.layer, *field.field); });
        for (std::size_t i = 0; i < hits.rows.size(); ++i) {
            const bool has_tip = i < hits.map_tips.size();
            if (hits.rows.size() > 1 && !(style.only_map_tips && has_tip))
                out += "<h3>" + html_escaped(name_of(hits, fields, hits.rows[i], language)) + "</h3>\n";
            if (has_tip)
                out += "<div>" + hits.map_tips[i] + "</div>\n";
            if (!(style.only_map_tips && has_tip))
                out += html_table(hits, fields, i, style);
        }
    }
    return out + "</body>\n</html>\n";
}

/// Readers make blanks of line breaks and tabs in attributes that are written as such.
std::string attribute_text(const std::string& text)
{
    std::string escaped;
    for (const char c : xml_escaped(text))
        switch (c) {
        case '\n': escaped += "&#10;"; break;
        case '\r': escaped += "&#13;"; break;
        case '\t': escaped += "&#9;"; break;
        default: escaped += c;
        }
    return escaped;
}

std::string box_of(const LayerHits& hits, std::size_t hit, const InfoStyle& style)
{
    const table::Box box = hits.geometry.box(hit);
    if (box.empty())
        return {};
    const double factor = std::pow(10.0, ows::decimals_of(style.crs));
    const auto number = [&](double value) { return table::number_text(std::round(value * factor) / factor); };
    return "   <BoundingBox " + style.box_crs + "=\"" + xml_escaped(ows::wms_name(style.crs)) + "\" minx=\"" + number(box.xmin) + "\" miny=\"" + number(box.ymin) +
           "\" maxx=\"" + number(box.xmax) + "\" maxy=\"" + number(box.ymax) + "\"/>\n";
}

std::string xml(const std::vector<LayerHits>& all, const InfoStyle& style)
{
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<GetFeatureInfoResponse>\n";
    for (const LayerHits& hits : all) {
        out += " <Layer name=\"" + attribute_text(hits.layer->name) + "\" title=\"" + attribute_text(title_of(hits)) + "\">\n";
        const std::vector<ShownField> fields = shown_fields(hits);
        for (std::size_t i = 0; i < hits.rows.size(); ++i) {
            const std::int64_t row = hits.rows[i];
            if (!hits.is_raster())
                out += "  <Feature id=\"" + std::to_string(hits.snapshot->fids[static_cast<std::size_t>(row)]) + "\">\n";
            for (const ShownField& field : fields)
                out += "   <Attribute name=\"" + attribute_text(field.label) + "\" value=\"" + attribute_text(shown_value(field, row)) + "\"/>\n";
            if (i < hits.map_tips.size())
                out += "   <Attribute name=\"maptip\" value=\"" + attribute_text(hits.map_tips[i]) + "\"/>\n";
            if (style.with_boxes && !hits.is_raster())
                out += box_of(hits, i, style);
            if (style.with_geometry && !hits.is_raster())
                out += "   <Attribute name=\"geometry\" type=\"derived\" value=\"" + wkt_of(hits, i, style) + "\"/>\n";
            if (!hits.is_raster())
                out += "  </Feature>\n";
        }
        out += " </Layer>\n";
    }
    return out + "</GetFeatureInfoResponse>\n";
}

std::string gml(const std::vector<LayerHits>& all, const InfoStyle& style)
{
    const bool version_3 = style.format == InfoFormat::gml3;
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                      "<wfs:FeatureCollection xmlns:wfs=\"http://www.opengis.net/wfs\" xmlns:gml=\"http://www.opengis.net/gml\" "
                      "xmlns:stadtgdi=\"http://stadtgdi.org/feature-info\">\n";
    for (const LayerHits& hits : all) {
        const std::string type = "stadtgdi:" + ows::xml_name(hits.layer->name);
        const std::vector<ShownField> fields = shown_fields(hits);
        std::vector<std::string> names;
        for (const ShownField& field : fields)
            names.push_back(field.name);
        names = ows::xml_names(names);
        for (std::size_t i = 0; i < hits.rows.size(); ++i) {
            const std::string id = xml_escaped(feature_id(hits, hits.rows[i]));
            out += " <gml:featureMember>\n  <" + type + (version_3 ? " gml:id=\"" + ows::xml_name(feature_id(hits, hits.rows[i])) + "\">\n" : " fid=\"" + id + "\">\n");
            const std::string shape = style.with_geometry ? gml_geometry(hits.geometry, i, style.crs, style.swapped, version_3) : std::string();
            if (!shape.empty())
                out += "   <stadtgdi:geometry>" + shape + "</stadtgdi:geometry>\n";
            for (std::size_t at = 0; at < fields.size(); ++at) {
                if (!fields[at].column->valid(static_cast<std::size_t>(hits.rows[i])))
                    continue;
                const std::string name = "stadtgdi:" + names[at];
                out += "   <" + name + ">" + xml_escaped(shown_value(fields[at], hits.rows[i])) + "</" + name + ">\n";
            }
            if (i < hits.map_tips.size())
                out += "   <stadtgdi:maptip>" + xml_escaped(hits.map_tips[i]) + "</stadtgdi:maptip>\n";
            out += "  </" + type + ">\n </gml:featureMember>\n";
        }
    }
    return out + "</wfs:FeatureCollection>\n";
}

}  // namespace

Document write_feature_info(const InfoStyle& style, const std::vector<LayerHits>& hits)
{
    switch (style.format) {
    case InfoFormat::plain: return {"text/plain; charset=utf-8", plain_text(hits, style)};
    case InfoFormat::html: return {"text/html; charset=utf-8", html(hits, style)};
    case InfoFormat::xml: return {"text/xml; charset=utf-8", xml(hits, style)};
    case InfoFormat::json: return {"application/json; charset=utf-8", feature_info_json(hits, style)};
    case InfoFormat::geojson: return {"application/geo+json; charset=utf-8", feature_info_json(hits, style)};
    case InfoFormat::gml2: return {"application/vnd.ogc.gml; charset=utf-8", gml(hits, style)};
    case InfoFormat::gml3: return {"application/vnd.ogc.gml/3.1.1; charset=utf-8", gml(hits, style)};
    }
    return {};
}

}  // namespace stadtgdi::wms
