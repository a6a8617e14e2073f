// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <services/ows/escape.hpp>
#include <services/ows/number_text.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wfs/collection.hpp>
#include <algorithm>
#include <map>
#include <mutex>

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

/// The features of a type that the queries of a request send: one after the other, the rows of each by several threads.
class SentFeatures {
public:
    /// Of the queries before this one.
    bool has(std::int64_t fid) const { return std::ranges::binary_search(m_before, fid); }
    void begin(std::size_t query)
    {
        if (query == m_query) return;
        m_query = query;
        m_before.insert(m_before.end(), m_now.begin(), m_now.end());
        m_now.clear();
        std::ranges::sort(m_before);
    }
    void add(const std::vector<std::int64_t>& fids)
    {
        const std::lock_guard lock(m_mutex);
        m_now.insert(m_now.end(), fids.begin(), fids.end());
    }

private:
    std::vector<std::int64_t> m_before, m_now;
    std::size_t m_query = 0;
    std::mutex m_mutex;
};

/// A feature that was sent already becomes a reference to it: an id stands once in a document.
class OnceWriter final : public ows::RowWriter {
public:
    OnceWriter(const store::Snapshot& snapshot, std::unique_ptr<ows::RowWriter> writer, std::shared_ptr<SentFeatures> sent, std::string reference)
        : m_fids(snapshot.fids), m_writer(std::move(writer)), m_sent(std::move(sent)), m_reference(std::move(reference))
    {
    }

    void write(const ows::RowRun& run, const ows::RunGeometry& geometry, std::string& text) const override
    {
        text.clear();
        std::string piece;
        std::vector<std::int64_t> written;
        const auto flush = [&](std::size_t begin, std::size_t end) {
            if (begin == end) return;
            m_writer->write({run.list, run.first + begin, end - begin}, {geometry.column, geometry.of_run, geometry.first + begin}, piece);
            text += piece;
        };
        std::size_t begin = 0;
        for (std::size_t i = 0; i < run.count; ++i) {
            const std::int64_t fid = m_fids[run.row(i)];
            if (!m_sent->has(fid)) {
                written.push_back(fid);
                continue;
            }
            flush(begin, i);
            begin = i + 1;
            text += m_reference + std::to_string(fid) + "\"/>\n";
        }
        flush(begin, run.count);
        m_sent->add(written);
    }

private:
    std::span<const std::int64_t> m_fids;
    std::unique_ptr<ows::RowWriter> m_writer;
    std::shared_ptr<SentFeatures> m_sent;  // shared by the queries for the type
    std::string m_reference;
};

/// Rounded like the coordinates, so that none lies outside.
std::string corner(double first, double second, char between, int decimals)
{
    const auto put = [&](char* out, double value) { return decimals == 3 ? ows::put_fixed<3>(out, value) : ows::put_fixed<8>(out, value); };
    char text[100];
    char* end = put(text, first);
    *end++ = between;
    return {text, put(end, second)};
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
    const char between = form == Version::v1_0_0 ? ',' : ' ';
    const int decimals = ows::decimals_of(crs->code);
    const std::string lower = corner(box.xmin, box.ymin, between, decimals), upper = corner(box.xmax, box.ymax, between, decimals);
    if (form == Version::v1_0_0)
        return "<gml:boundedBy><gml:Box" + srs + "<gml:coordinates>" + lower + " " + upper + "</gml:coordinates></gml:Box></gml:boundedBy>\n";
    const std::string element = form == Version::v2_0_0 ? "wfs:boundedBy>" : "gml:boundedBy>";
    return "<" + element + "<gml:Envelope" + srs + "<gml:lowerCorner>" + lower + "</gml:lowerCorner><gml:upperCorner>" + upper + "</gml:upperCorner></gml:Envelope></" + element + "\n";
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
    std::map<const FeatureType*, std::shared_ptr<SentFeatures>> sent;  // shared by the writers
    for (std::size_t i = 0; i < parts.size(); ++i) {
        Part& part = parts[i];
        ows::GmlNames names = gml_names(request, *part.query);
        if (request.by_id) names.member.clear();
        part.answer.writer = [names](const store::Snapshot& snapshot, const ows::FeatureShape& shape) { return ows::gml_writer(snapshot, shape, names); };
        const FeatureType* type = part.query->type;
        if (std::ranges::count(parts, type, [](const Part& one) { return one.query->type; }) == 1) continue;
        auto& of_type = sent[type];
        if (!of_type) of_type = std::make_shared<SentFeatures>();
        const std::string reference = "<" + names.member + " xmlns:xlink=\"http://www.w3.org/1999/xlink\" xlink:href=\"#" + http::xml_escaped(part.answer.shape.id_prefix);
        part.answer.writer = [writer = part.answer.writer, of_type, reference, i](const store::Snapshot& snapshot, const ows::FeatureShape& shape) -> std::unique_ptr<ows::RowWriter> {
            of_type->begin(i);
            return std::make_unique<OnceWriter>(snapshot, writer(snapshot, shape), of_type, reference);
        };
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
        part.answer.writer = ows::geojson_writer;
    }
}

}  // namespace stadtgdi::wfs
