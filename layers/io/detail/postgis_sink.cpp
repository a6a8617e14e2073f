// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkb.hpp>
#include <layers/io/detail/postgis_database.hpp>
#include <layers/io/detail/sinks.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>

namespace stadtgdi::io::detail {
namespace {

const char* postgis_type(table::Type type)
{
    switch (type) {
    case table::Type::boolean: return "boolean";
    case table::Type::int64: return "bigint";
    case table::Type::float64: return "double precision";
    case table::Type::date: return "date";
    case table::Type::datetime: return "timestamp with time zone";
    case table::Type::text: break;
    }
    return "text";
}

std::string postgis_type(const table::GeometryField& geometry, int srid)
{
    static const std::map<table::GeometryKind, std::string> names{
        {table::GeometryKind::point, "Point"},           {table::GeometryKind::line, "LineString"},
        {table::GeometryKind::polygon, "Polygon"},       {table::GeometryKind::multi_point, "MultiPoint"},
        {table::GeometryKind::multi_line, "MultiLineString"}, {table::GeometryKind::multi_polygon, "MultiPolygon"}};
    return "geometry(" + names.at(geometry.kind) + (geometry.has_z ? "Z" : "") + ", " + std::to_string(srid) + ")";
}

/// The SRID of a CRS: EPSG numbers as they are, 0 for unknown.
int srid_of(const std::string& crs)
{
    if (crs.empty())
        return 0;
    if (crs == "OGC:CRS84")
        return 4326;
    if (!crs.starts_with("EPSG:"))
        throw Error(ErrorKind::unsupported, base::filled({"PostGIS knows CRS by EPSG numbers; '{0}' is none.",
                                                          "PostGIS kennt Koordinatensysteme nach EPSG-Nummern; '{0}' ist keine."},
                                                         crs));
    return std::stoi(crs.substr(5));
}

std::string sql_default_of(const std::string& fallback, table::Type type)
{
    if (fallback == "uuid()")
        return type == table::Type::text ? "gen_random_uuid()::text" : "gen_random_uuid()";
    if (fallback == "now()")
        return "now()";
    if (fallback == "today()")
        return "CURRENT_DATE";
    return sql_literal(fallback);
}

/// A text value of COPY.
void append_escaped(std::string& out, std::string_view text)
{
    for (const char c : text) {
        switch (c) {
        case '\\': out += "\\\\"; break;
        case '\t': out += "\\t"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\0': break;  // PostgreSQL cannot hold it
        default: out += c;
        }
    }
}

void append_value(std::string& out, const table::Column& column, std::size_t row)
{
    if (!column.valid(row)) {
        out += "\\N";
        return;
    }
    switch (column.type()) {
    case table::Type::boolean: out += column.bools()[row] ? 't' : 'f'; break;
    case table::Type::float64: {
        const double value = column.doubles()[row];
        out += std::isnan(value) ? "NaN" : std::isinf(value) ? (value > 0 ? "Infinity" : "-Infinity") : table::number_text(value);
        break;
    }
    case table::Type::text: append_escaped(out, column.text(row)); break;
    default: out += column.as_text(row); break;
    }
}

void append_hex(std::string& out, const std::vector<std::uint8_t>& bytes)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    for (const std::uint8_t byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

class PostgisSink final : public Sink {
public:
    explicit PostgisSink(const std::string& path) : m_path(path), m_database(path, Database::Access::create, true) {}

    ~PostgisSink() override = default;  // closing the connection rolls back

    void write(const table::Table& table, const WriteOptions& options, base::RunContext& run) override
    {
        require_distinct_names(table, options);
        const bool exists = m_database.has_table(options.layer);
        if (exists && options.mode == WriteMode::create)
            fail_exists(options.layer, m_path.substr(0, 3) + m_database.schema());
        m_broken = true;
        std::string geometry_name = table.schema().geometry ? table.schema().geometry->name : "";
        std::optional<table::GeometryColumn> shapes;
        if (table.has_geometry())
            shapes = table.geometry();
        bool made = !exists;
        if (exists && options.mode == WriteMode::append) {
            check_append(table, options, geometry_name, shapes);
        } else if (exists && same_columns(table, options)) {
            // Keeps grants, views and triggers of the table; readers see the old rows until commit.
            m_database.execute("DELETE FROM " + name_of_table(options.layer));
        } else {
            if (exists)
                m_database.execute("DROP TABLE " + name_of_table(options.layer));
            create_table(table, options);
            made = true;
        }
        copy_rows(table, shapes, options, geometry_name, run);
        if (made)
            create_indexes(table, options);
        m_database.execute("ANALYZE " + name_of_table(options.layer));
        m_broken = false;
    }

    void execute(const std::string& sql) override { m_database.execute(sql); }

    void commit() override
    {
        if (m_broken)
            throw Error(ErrorKind::io, {"Nothing was written to the database: an error came before.",
                                        "Es wurde nichts in die Datenbank geschrieben: Zuvor trat ein Fehler auf."});
        m_database.execute("COMMIT");
        m_database.execute("BEGIN");
    }

private:
    std::string name_of_table(const std::string& layer) const { return sql_name(m_database.schema()) + "." + sql_name(layer); }

    std::map<std::string, std::string> columns_of(const std::string& layer)
    {
        std::map<std::string, std::string> columns;
        for (const auto& row : m_database.query("SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                                                "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped",
                                                {m_database.schema(), layer}))
            columns.emplace(row[0].value_or(""), row[1].value_or(""));
        return columns;
    }

    bool same_columns(const table::Table& table, const WriteOptions& options)
    {
        std::map<std::string, std::string> wanted{{options.fid_column, "bigint"}};
        for (const table::Field& field : table.schema().fields)
            wanted.emplace(field.name, postgis_type(field.type));
        if (const auto& geometry = table.schema().geometry) {
            std::string type = postgis_type(*geometry, srid_of(geometry->crs));
            type.erase(std::remove(type.begin(), type.end(), ' '), type.end());
            if (const std::size_t bare = type.find(",0)"); bare != std::string::npos)
                type.replace(bare, 3, ")");  // as PostGIS prints a type without SRID
            wanted.emplace(geometry->name, type);
        }
        return wanted == columns_of(options.layer);
    }

    /// The names in the table may differ from ours; `shapes` become what its geometry column takes.
    void check_append(const table::Table& table, const WriteOptions& options, std::string& geometry_name, std::optional<table::GeometryColumn>& shapes)
    {
        const auto columns = columns_of(options.layer);
        for (const table::Field& field : table.schema().fields) {
            if (columns.contains(field.name))
                continue;
            if (!options.add_columns)
                fail_append(options.layer, field.name);
            m_database.execute("ALTER TABLE " + name_of_table(options.layer) + " ADD COLUMN " + sql_name(field.name) + " " + postgis_type(field.type));
        }
        if (!shapes)
            return;
        const auto found = std::find_if(columns.begin(), columns.end(), [](const auto& column) { return column.second.starts_with("geometry"); });
        if (found == columns.end())
            fail_append(options.layer, geometry_name);
        geometry_name = found->first;
        const std::string type = found->second.substr(0, found->second.find_first_of(",)"));  // "geometry(MultiPointZ", "geometry" where it takes any
        if (type.find("Multi") != std::string::npos)
            shapes = shapes->as_multi();
        const bool z_there = type.ends_with('Z');
        if (z_there)
            shapes = shapes->with_z(true);
        else if (shapes->has_z() && type != "geometry")
            m_database.execute("ALTER TABLE " + name_of_table(options.layer) + " ALTER COLUMN " + sql_name(geometry_name) + " TYPE " + type + "Z" +
                               found->second.substr(type.size()) + " USING ST_Force3DZ(" + sql_name(geometry_name) + ", 'NaN')");
    }

    void create_table(const table::Table& table, const WriteOptions& options)
    {
        std::string sql = "CREATE TABLE " + name_of_table(options.layer) + " (" + sql_name(options.fid_column) + " bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY";
        if (const auto& geometry = table.schema().geometry)
            sql += ", " + sql_name(geometry->name) + " " + postgis_type(*geometry, srid_of(geometry->crs));
        for (const table::Field& field : table.schema().fields) {
            if (field.name == options.fid_column)
                continue;
            sql += ", " + sql_name(field.name) + " " + postgis_type(field.type);
            if (const auto found = options.column_defaults.find(field.name); found != options.column_defaults.end() && !found->second.empty())
                sql += " DEFAULT " + sql_default_of(found->second, field.type);
        }
        m_database.execute(sql + ")");
        const std::string text = options.abstract.empty() ? options.title : options.title.empty() ? options.abstract : options.title + ": " + options.abstract;
        if (!text.empty())
            m_database.execute("COMMENT ON TABLE " + name_of_table(options.layer) + " IS " + sql_literal(text));
        for (const auto& [column, comment] : options.column_texts)
            if (table.schema().find(column))
                m_database.execute("COMMENT ON COLUMN " + name_of_table(options.layer) + "." + sql_name(column) + " IS " + sql_literal(comment));
    }

    void create_indexes(const table::Table& table, const WriteOptions& options)
    {
        if (table.has_geometry() && options.spatial_index)
            m_database.execute("CREATE INDEX ON " + name_of_table(options.layer) + " USING gist (" + sql_name(table.schema().geometry->name) + ")");
        for (const std::string& column : options.key_columns)
            m_database.execute("CREATE INDEX ON " + name_of_table(options.layer) + " (" + sql_name(column) + ")");
    }

    void copy_rows(const table::Table& table, const std::optional<table::GeometryColumn>& shapes, const WriteOptions& options, const std::string& geometry_name,
                   base::RunContext& run)
    {
        std::string names;
        for (const table::Field& field : table.schema().fields)
            names += (names.empty() ? "" : ", ") + sql_name(field.name);
        if (shapes)
            names += (names.empty() ? "" : ", ") + sql_name(geometry_name);
        if (table.rows() == 0)
            return;
        const std::string prefix = shapes && srid_of(shapes->crs()) != 0 ? "SRID=" + std::to_string(srid_of(shapes->crs())) + ";" : "";
        m_database.begin_copy("COPY " + name_of_table(options.layer) + " (" + names + ") FROM STDIN");
        std::string rows;
        std::vector<std::uint8_t> wkb;
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (row % 4096 == 0) {
                run.throw_if_stopped();
                run.progress(static_cast<double>(row) / static_cast<double>(table.rows()), {"Writing " + options.layer, options.layer + " wird geschrieben"});
            }
            bool first = true;
            for (const table::Column& column : table.columns()) {
                if (!first)
                    rows += '\t';
                first = false;
                append_value(rows, column, row);
            }
            if (shapes) {
                if (!first)
                    rows += '\t';
                if (shapes->valid(row)) {
                    wkb.clear();
                    geometry::append_wkb(*shapes, row, wkb);
                    rows += prefix;
                    append_hex(rows, wkb);
                } else {
                    rows += "\\N";
                }
            }
            rows += '\n';
            if (rows.size() > (std::size_t{1} << 20)) {
                m_database.copy(rows);
                rows.clear();
            }
        }
        m_database.copy(rows);
        m_database.end_copy();
        // Rows that came with ids of their own: the next new row gets one above.
        if (table.find(options.fid_column))
            m_database.execute("SELECT setval(pg_get_serial_sequence(" + sql_literal(name_of_table(options.layer)) + ", " + sql_literal(options.fid_column) + "), (SELECT max(" +
                               sql_name(options.fid_column) + ") FROM " + name_of_table(options.layer) + "))");
    }

    std::string m_path;
    PostgisDatabase m_database;
    bool m_broken = false;
};

}  // namespace

std::unique_ptr<Sink> open_postgis_sink(const std::string& path)
{
    return std::make_unique<PostgisSink>(path);
}

}  // namespace stadtgdi::io::detail
