// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkt.hpp>
#include <services/ows/coordinate_text.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/property_text.hpp>
#include <services/ows/row_writer.hpp>
#include <algorithm>

namespace stadtgdi::ows {

namespace {

template <int decimals> class CsvWriter final : public RowWriter {
public:
    CsvWriter(const store::Snapshot& snapshot, const FeatureShape& shape) : m_fids(snapshot.fids), m_with_geometry(shape.with_geometry)
    {
        std::string prefix(shape.id_prefix.size() * 2 + 8, '\0');
        prefix.resize(static_cast<std::size_t>(put_csv(prefix.data(), shape.id_prefix) - prefix.data()));
        m_begin = PaddedText("\"" + prefix);
        for (const std::string& name : shape.fields) {
            m_properties.emplace_back(snapshot.table.column(name), Syntax::csv, ",", "", ",", "\"", shape.rows);
            m_room += m_properties.back().room;
            if (m_properties.back().is_plain_text()) m_plain.push_back(m_properties.size() - 1);
        }
        m_room += m_begin.size() + 200;
    }

    void write(const RowRun& run, const RunGeometry& geometry, std::string& text) const override
    {
        TextBuffer buffer(text);
        const bool points = geometry.column != nullptr && geometry.column->kind() == table::GeometryKind::point;
        std::string shape;
        for (std::size_t i = 0; i < run.count; ++i) {
            const std::size_t row = run.row(i);
            const std::size_t place = geometry.place(i, row);
            std::size_t room = m_room;
            for (const std::size_t plain : m_plain) room += m_properties[plain].room_of(row);
            shape.clear();
            if (m_with_geometry && !points && geometry.column != nullptr) shape = shape_of(*geometry.column, place);
            char* out = put(buffer.room(room + shape.size()), m_begin);
            out = put_integer(out, m_fids[row]);
            *out++ = '"';
            for (const PropertyPlan& property : m_properties) out = property.put_value(out, row);
            if (m_with_geometry) {
                *out++ = ',';
                if (points) {
                    out = put_point(out, *geometry.column, place);
                } else {
                    std::memcpy(out, shape.data(), shape.size());
                    out += shape.size();
                }
            }
            out = put_literal(out, "\r\n");
            buffer.advance(out);
        }
        buffer.finish();
    }

private:
    static char* put_point(char* out, const table::GeometryColumn& g, std::size_t row)
    {
        if (!g.valid(row) || !std::isfinite(g.x()[row]) || !std::isfinite(g.y()[row])) return out;
        const bool with_z = g.has_height(row);
        out = with_z ? put_literal(out, "\"POINT Z (") : put_literal(out, "\"POINT (");
        out = put_fixed<decimals>(out, g.x()[row]);
        *out++ = ' ';
        out = put_fixed<decimals>(out, g.y()[row]);
        if (with_z) {
            *out++ = ' ';
            out = put_fixed<3>(out, g.z()[row]);
        }
        return put_literal(out, ")\"");
    }

    static std::string shape_of(const table::GeometryColumn& g, std::size_t row)
    {
        if (!g.valid(row)) return {};
        const auto [first, last] = g.coordinates(row);
        return finite(g.x(), g.y(), first, last) ? '"' + geometry::wkt(g, row, decimals) + '"' : std::string();
    }

    std::span<const std::int64_t> m_fids;
    bool m_with_geometry;
    PaddedText m_begin;
    std::vector<PropertyPlan> m_properties;
    std::vector<std::size_t> m_plain;  // those whose room differs from row to row
    std::size_t m_room = 0;
};

std::string csv_name(std::string_view name)
{
    if (name.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(name);
    std::string text(name.size() * 2 + 8, '\0');
    text[0] = '"';
    char* end = put_csv(text.data() + 1, name);
    *end++ = '"';
    text.resize(static_cast<std::size_t>(end - text.data()));
    return text;
}

}  // namespace

std::string csv_header(const FeatureShape& shape, const std::string& geometry)
{
    const auto free_name = [&](const std::string& wanted) {
        std::string name = wanted;
        for (int n = 2; std::any_of(shape.fields.begin(), shape.fields.end(), [&](const std::string& field) { return equal_ignoring_case(field, name); }); ++n)
            name = wanted + "_" + std::to_string(n);
        return name;
    };
    std::string line = free_name("id");
    for (const std::string& field : shape.fields) line += "," + csv_name(field);
    if (shape.with_geometry) line += "," + csv_name(free_name(geometry));
    return line + "\r\n";
}

std::unique_ptr<RowWriter> csv_writer(const store::Snapshot& snapshot, const FeatureShape& shape)
{
    if (decimals_of(shape.crs.code) == 3) return std::make_unique<CsvWriter<3>>(snapshot, shape);
    return std::make_unique<CsvWriter<8>>(snapshot, shape);
}

}  // namespace stadtgdi::ows
