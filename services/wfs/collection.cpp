// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/escape.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/collection.hpp>
#include <algorithm>

namespace stadtgdi::wfs {

namespace {

constexpr std::string_view xml_begin = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Around the features sent, in x, y; empty where unknown.
table::Box box_of(const ows::FeatureAnswer& answer)
{
    if (!answer.selection.snapshot || answer.count == 0 || !answer.shape.with_geometry || !answer.selection.snapshot->table.has_geometry()) return table::Box::none();
    const table::GeometryColumn& geometry = answer.selection.snapshot->table.geometry();
    const bool all = !answer.selection.rows && static_cast<std::size_t>(answer.count) == geometry.size();
    table::Box box = all ? answer.selection.snapshot->index.extent() : table::Box::none();
    for (std::int64_t i = answer.start; !all && i < answer.start + answer.count; ++i)
        box.grow(geometry.box(static_cast<std::size_t>(answer.selection.rows ? (*answer.selection.rows)[static_cast<std::size_t>(i)] : i)));
    if (!box.empty() && geometry.crs() != answer.shape.crs.code && !geometry.crs().empty()) box = crs::transformed(box, geometry.crs(), answer.shape.crs.code);
    return std::isfinite(box.xmin + box.ymin + box.xmax + box.ymax) ? box : table::Box::none();
}

std::string corner(double first, double second, char between)
{
    char text[100];
    char* end = ows::put_fixed<8>(text, first);
    *end++ = between;
    end = ows::put_fixed<8>(end, second);
    return {text, end};
}

/// The box of the features of these answers, which tells readers of a file the CRS before the first feature does; empty where
/// it is unknown or they have several CRS.
std::string bounded_by(const std::vector<Part>& parts, std::size_t first, std::size_t last, Version form)
{
    const ows::CrsName* crs = nullptr;
    table::Box box = table::Box::none();
    for (std::size_t i = first; i < last; ++i) {
        const table::Box one = box_of(parts[i].answer);
        if (one.empty()) continue;
        if (crs != nullptr && crs->name != parts[i].answer.shape.crs.name) return {};
        crs = &parts[i].answer.shape.crs;
        box.grow(one);
    }
    if (crs == nullptr) return {};
    if (crs->swapped) box = {box.ymin, box.xmin, box.ymax, box.xmax};
    const std::string srs = " srsName=\"" + http::xml_escaped(crs->name) + "\">";
    if (form == Version::v1_0_0)
        return "<gml:boundedBy><gml:Box" + srs + "<gml:coordinates>" + corner(box.xmin, box.ymin, ',') + " " + corner(box.xmax, box.ymax, ',') + "</gml:coordinates></gml:Box></gml:boundedBy>\n";
    const std::string element = form == Version::v2_0_0 ? "wfs:boundedBy>" : "gml:boundedBy>";
    return "<" + element + "<gml:Envelope" + srs + "<gml:lowerCorner>" + corner(box.xmin, box.ymin, ' ') + "</gml:lowerCorner><gml:upperCorner>" + corner(box.xmax, box.ymax, ' ') +
           "</gml:upperCorner></gml:Envelope></" + element + "\n";
}

std::string collection_1_x(const ows::FaceContext& context, const FeatureRequest& request, const Summary& summary, const std::vector<Part>& parts, Version form)
{
    std::string head = std::string(xml_begin) + "<wfs:FeatureCollection";
    if (form == Version::v1_1_0)
        head += " timeStamp=\"" + ows::utc_now() + "\" numberOfFeatures=\"" + std::to_string(request.hits ? summary.matched : summary.returned) + "\"";
    head += gml_attributes(context, parts, form) + ">\n";
    const std::string box = bounded_by(parts, 0, parts.size(), form);
    // GML 2 wants one in any case.
    return head + (box.empty() && form == Version::v1_0_0 ? "<gml:boundedBy><gml:null>unknown</gml:null></gml:boundedBy>\n" : box);
}

}  // namespace

std::string gml_attributes(const ows::FaceContext& context, const std::vector<Part>& parts, Version form)
{
    std::vector<std::string> names;
    for (const Part& part : parts)
        if (const std::string name = qualified(part.query->type->name); std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    std::string types;
    for (const std::string& name : names) types += (types.empty() ? "" : ",") + name;
    const std::string space = http::xml_escaped(ows::feature_namespace(context.model.id)), wfs(wfs_namespace(form)), gml(gml_namespace(form));
    const std::string schema = http::xml_escaped(context.project_url + "/ows?SERVICE=WFS&VERSION=" + std::string(text_of(form)) + "&REQUEST=DescribeFeatureType&" +
                                                 (form == Version::v2_0_0 ? "TYPENAMES=" : "TYPENAME=") + http::percent_encoded(types));
    return " xmlns:wfs=\"" + wfs + "\" xmlns:gml=\"" + gml + "\" xmlns:" + std::string(prefix) + "=\"" + space +
           "\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"" + space + " " + schema + " " + wfs + " " + std::string(wfs_schema(form)) + " " + gml + " " +
           std::string(gml_schema(form)) + "\"";
}

std::string paging_attributes(const Summary& summary)
{
    return " timeStamp=\"" + ows::utc_now() + "\" numberMatched=\"" + std::to_string(summary.matched) + "\" numberReturned=\"" + std::to_string(summary.returned) + "\"" +
           (summary.links.next.empty() ? "" : " next=\"" + http::xml_escaped(summary.links.next) + "\"") +
           (summary.links.previous.empty() ? "" : " previous=\"" + http::xml_escaped(summary.links.previous) + "\"");
}

void write_gml(const ows::FaceContext& context, const FeatureRequest& request, const Summary& summary, std::vector<Part>& parts)
{
    const Version form = version_of(request.format);
    for (Part& part : parts) {
        ows::GmlNames names = gml_names(request, *part.query);
        if (request.by_id) names.member.clear();
        part.answer.writer = [shape = part.answer.shape, names](const store::Snapshot& snapshot) { return ows::gml_writer(snapshot, shape, names); };
    }
    ows::FeatureAnswer &first = parts.front().answer, &last = parts.back().answer;
    if (request.by_id) {
        first.head = xml_begin;  // the feature itself is the root element
        return;
    }
    if (form != Version::v2_0_0) {
        first.head = collection_1_x(context, request, summary, parts, form);
    } else {
        first.head = std::string(xml_begin) + "<wfs:FeatureCollection" + paging_attributes(summary) + gml_attributes(context, parts, form) + ">\n";
        if (parts.size() == 1) {
            first.head += bounded_by(parts, 0, 1, form);
        } else {
            for (std::size_t i = 0; i < parts.size(); ++i) {
                ows::FeatureAnswer& answer = parts[i].answer;
                answer.head += "<wfs:member><wfs:FeatureCollection" + paging_attributes({answer.selection.matched, answer.count, {}}) + ">\n" + bounded_by(parts, i, i + 1, form);
                answer.tail = "</wfs:FeatureCollection></wfs:member>\n";
            }
        }
    }
    last.tail += "</wfs:FeatureCollection>\n";
}

void write_geojson(const Summary& summary, std::vector<Part>& parts)
{
    const auto link = [](const char* rel, const std::string& url) {
        return std::string("{\"rel\":\"") + rel + "\",\"type\":\"application/geo+json\",\"href\":" + ows::json_string(url) + "}";
    };
    std::string& head = parts.front().answer.head;
    const ows::CrsName& crs = parts.front().query->crs;
    head = "{\"type\":\"FeatureCollection\",";
    if (parts.size() == 1) head += "\"name\":" + ows::json_string(parts.front().query->type->name) + ",";
    // RFC 7946 knows CRS84 alone; for others the older member tells GDAL and QGIS.
    if (crs.code != "OGC:CRS84") head += "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":" + ows::json_string(ows::urn_name(crs.code)) + "}},";
    head += "\"timeStamp\":\"" + ows::utc_now() + "\",\"numberMatched\":" + std::to_string(summary.matched) + ",\"numberReturned\":" + std::to_string(summary.returned) + ",";
    if (!summary.links.next.empty() || !summary.links.previous.empty()) {
        head += "\"links\":[";
        if (!summary.links.next.empty()) head += link("next", summary.links.next);
        if (!summary.links.previous.empty()) head += (summary.links.next.empty() ? "" : ",") + link("prev", summary.links.previous);
        head += "],";
    }
    head += "\"features\":[";
    parts.back().answer.tail = "\n]}\n";
    bool before_first = true;
    for (Part& part : parts) {
        part.answer.cut_first = before_first;
        before_first = before_first && part.answer.count == 0;
        part.answer.writer = [shape = part.answer.shape](const store::Snapshot& snapshot) { return ows::geojson_writer(snapshot, shape); };
    }
}

}  // namespace stadtgdi::wfs
