// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/transform.hpp>
#include <layers/geometry/wkt.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/sinks.hpp>
#include <layers/table/table_builder.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <vector>

namespace stadtgdi::io::detail {
namespace fs = std::filesystem;
namespace {

/// A file that is written beside its place and moved there whole.
class FileInPreparation {
public:
    explicit FileInPreparation(std::string path) : m_path(std::move(path)) {}
    ~FileInPreparation()
    {
        std::error_code error;
        if (!m_done)
            fs::remove(m_path + ".writing", error);
    }
    FileInPreparation(const FileInPreparation&) = delete;
    FileInPreparation& operator=(const FileInPreparation&) = delete;

    std::ofstream open()
    {
        std::ofstream file(m_path + ".writing", std::ios::binary | std::ios::trunc);
        if (!file)
            fail();
        return file;
    }
    void check(std::ofstream& file)
    {
        file.close();
        if (file.fail())
            fail();
    }
    void commit()
    {
        std::error_code error;
        fs::rename(m_path + ".writing", m_path, error);
        if (error)
            fail();
        m_done = true;
    }

private:
    [[noreturn]] void fail() const
    {
        throw Error(ErrorKind::io, base::filled({"File '{0}' cannot be written.", "Die Datei '{0}' kann nicht geschrieben werden."}, m_path));
    }
    std::string m_path;
    bool m_done = false;
};

/// What the text formats share: one layer per file, `create` refuses an existing one, no appending.
class TextSink : public Sink {
public:
    explicit TextSink(std::string path) : m_path(std::move(path)), m_file(m_path) {}

    void write(const table::Table& table, const WriteOptions& options, base::RunContext& run) override
    {
        require_whole_file(m_path, options, m_written);
        std::ofstream file = m_file.open();
        write_text(file, table, options, run);
        m_file.check(file);
        m_written = true;
    }
    void execute(const std::string&) override { fail_unsupported_sql(m_path); }
    void commit() override
    {
        if (!m_written)
            throw Error(ErrorKind::io, base::filled({"Nothing was written to '{0}'.", "In '{0}' wurde nichts geschrieben."}, m_path));
        m_file.commit();
    }

protected:
    virtual void write_text(std::ofstream& file, const table::Table& table, const WriteOptions& options, base::RunContext& run) = 0;

    std::string m_path;

private:
    FileInPreparation m_file;
    bool m_written = false;
};

/// A number that is read back as a real one: "5.0"
std::string real_text(double value)
{
    std::string text = table::number_text(value);
    if (text.find_first_of(".eEn") == std::string::npos)
        text += ".0";
    return text;
}

class CsvSink final : public TextSink {
public:
    using TextSink::TextSink;

private:
    static void append_quoted(std::string& line, std::string_view text)
    {
        line += '"';
        for (const char c : text)
            line.append(c == '"' ? 2U : 1U, c);
        line += '"';
    }
    static void append_text(std::string& line, std::string_view text)
    {
        // An empty text is "", nothing at all is null.
        if (text.empty() || text.find_first_of(",;\t|\"\n\r") != std::string_view::npos)
            append_quoted(line, text);
        else
            line += text;
    }

    void write_text(std::ofstream& file, const table::Table& table, const WriteOptions&, base::RunContext& run) override
    {
        std::string line;
        const auto separate = [&line](bool& first) {
            if (!first)
                line += ',';
            first = false;
        };
        bool first = true;
        for (const table::Field& field : table.schema().fields) {
            separate(first);
            append_text(line, field.name);
        }
        if (table.has_geometry()) {
            separate(first);
            append_text(line, table.schema().geometry->name);
        }
        file << line << '\n';
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (row % 4096 == 0)
                run.throw_if_stopped();
            line.clear();
            first = true;
            for (const table::Column& column : table.columns()) {
                separate(first);
                if (!column.valid(row))
                    continue;
                if (column.type() == table::Type::text)
                    append_text(line, column.text(row));
                else if (column.type() == table::Type::float64)
                    line += std::isfinite(column.doubles()[row]) ? real_text(column.doubles()[row]) : "";
                else
                    line += column.as_text(row);
            }
            if (table.has_geometry()) {
                separate(first);
                if (table.geometry().valid(row))
                    append_quoted(line, geometry::wkt(table.geometry(), row));
            }
            file << line << '\n';
        }
    }
};

/// RFC 7946: longitude and latitude of WGS 84, shells counter-clockwise.
class GeoJsonSink final : public TextSink {
public:
    using TextSink::TextSink;

private:
    static void append_string(std::string& out, std::string_view text)
    {
        out += '"';
        for (const char c : text) {
            switch (c) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (static_cast<unsigned char>(c) < 0x20) {
                    static constexpr char digits[] = "0123456789abcdef";
                    out += "\\u00";
                    out += digits[static_cast<unsigned char>(c) >> 4];
                    out += digits[static_cast<unsigned char>(c) & 15];
                } else {
                    out += c;
                }
            }
        }
        out += '"';
    }

    static void append_value(std::string& out, const table::Column& column, std::size_t row)
    {
        if (!column.valid(row) || (column.type() == table::Type::float64 && !std::isfinite(column.doubles()[row])))
            out += "null";
        else if (column.type() == table::Type::float64)
            out += real_text(column.doubles()[row]);
        else if (column.type() == table::Type::int64 || column.type() == table::Type::boolean)
            out += column.as_text(row);
        else
            append_string(out, column.type() == table::Type::text ? column.text(row) : std::string_view(column.as_text(row)));
    }

    struct Shapes {
        const table::GeometryColumn& column;
        bool rounded;  ///< computed coordinates: 9 decimals are a tenth of a millimetre

        void coordinate(std::string& out, std::size_t i) const
        {
            const auto number = [&](double value) {
                if (rounded)
                    value = std::round(value * 1e9) / 1e9;
                out += table::number_text(value);
            };
            out += '[';
            number(column.x()[i]);
            out += ',';
            number(column.y()[i]);
            if (column.has_z() && std::isfinite(column.z()[i])) {
                out += ',';
                out += table::number_text(column.z()[i]);
            }
            out += ']';
        }
        void list(std::string& out, std::size_t first, std::size_t last, bool backwards = false) const
        {
            out += '[';
            for (std::size_t k = first; k < last; ++k) {
                if (k > first)
                    out += ',';
                coordinate(out, backwards ? last - 1 - (k - first) : k);
            }
            out += ']';
        }
        void rings(std::string& out, std::size_t first, std::size_t last, bool polygon) const
        {
            const auto offsets = column.ring_offsets();
            out += '[';
            for (std::size_t r = first; r < last; ++r) {
                if (r > first)
                    out += ',';
                const auto from = static_cast<std::size_t>(offsets[r]), to = static_cast<std::size_t>(offsets[r + 1]);
                list(out, from, to, polygon && clockwise(from, to) == (r == first));
            }
            out += ']';
        }
        bool clockwise(std::size_t from, std::size_t to) const
        {
            double twice_area = 0;
            for (std::size_t i = from; i + 1 < to; ++i)
                twice_area += (column.x()[i] - column.x()[from]) * (column.y()[i + 1] - column.y()[from]) -
                              (column.x()[i + 1] - column.x()[from]) * (column.y()[i] - column.y()[from]);
            return twice_area < 0;
        }
    };

    static void append_geometry(std::string& out, const Shapes& shapes, std::size_t row)
    {
        const table::GeometryColumn& column = shapes.column;
        if (!column.valid(row)) {
            out += "null";
            return;
        }
        const auto [first, last] = column.coordinates(row);
        switch (column.kind()) {
        case table::GeometryKind::point:
            out += R"({"type":"Point","coordinates":)";
            if (first < last)
                shapes.coordinate(out, first);
            else
                out += "[]";
            break;
        case table::GeometryKind::multi_point:
            out += R"({"type":"MultiPoint","coordinates":)";
            shapes.list(out, first, last);
            break;
        case table::GeometryKind::line:
            out += R"({"type":"LineString","coordinates":)";
            shapes.list(out, first, last);
            break;
        case table::GeometryKind::multi_line:
        case table::GeometryKind::polygon: {
            const bool polygon = column.kind() == table::GeometryKind::polygon;
            out += polygon ? R"({"type":"Polygon","coordinates":)" : R"({"type":"MultiLineString","coordinates":)";
            const auto [ring, end] = column.rings(row);
            shapes.rings(out, ring, end, polygon);
            break;
        }
        case table::GeometryKind::multi_polygon: {
            out += R"({"type":"MultiPolygon","coordinates":[)";
            const auto rows = column.level(0), parts = column.level(1);
            for (auto part = static_cast<std::size_t>(rows[row]); part < static_cast<std::size_t>(rows[row + 1]); ++part) {
                if (part > static_cast<std::size_t>(rows[row]))
                    out += ',';
                shapes.rings(out, static_cast<std::size_t>(parts[part]), static_cast<std::size_t>(parts[part + 1]), true);
            }
            out += ']';
            break;
        }
        }
        out += '}';
    }

    void write_text(std::ofstream& file, const table::Table& table, const WriteOptions& options, base::RunContext& run) override
    {
        std::optional<table::GeometryColumn> geometry;
        bool rounded = false;
        if (table.has_geometry()) {
            geometry = table.geometry();
            const std::string& crs = geometry->crs();
            if (!crs.empty() && crs != "EPSG:4326" && crs != "OGC:CRS84") {
                geometry = crs::transformed(*geometry, "OGC:CRS84", run);
                rounded = true;
            }
        }
        std::string name;
        append_string(name, options.layer);
        file << R"({"type":"FeatureCollection","name":)" << name << ",\"features\":[\n";
        std::string text;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (row % 4096 == 0) {
                run.throw_if_stopped();
                file << text;
                text.clear();
            }
            text += R"({"type":"Feature","properties":{)";
            for (std::size_t i = 0; i < table.columns().size(); ++i) {
                if (i > 0)
                    text += ',';
                append_string(text, table.schema().fields[i].name);
                text += ':';
                append_value(text, table.column(i), row);
            }
            text += R"(},"geometry":)";
            if (geometry)
                append_geometry(text, Shapes{*geometry, rounded}, row);
            else
                text += "null";
            text += row + 1 < table.rows() ? "},\n" : "}\n";
        }
        file << text << "]}\n";
    }
};

}  // namespace

std::unique_ptr<Sink> open_csv_sink(const std::string& path)
{
    return std::make_unique<CsvSink>(path);
}

std::unique_ptr<Sink> open_geojson_sink(const std::string& path)
{
    return std::make_unique<GeoJsonSink>(path);
}

}  // namespace stadtgdi::io::detail
