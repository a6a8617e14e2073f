// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/geometry/wkb.hpp>
#include <layers/io/detail/geopackage_structure.hpp>
#include <layers/io/detail/gdal.hpp>
#include <layers/io/detail/rtree_writer.hpp>
#include <layers/io/detail/sinks.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <optional>
#include <set>

namespace stadtgdi::io::detail {
namespace fs = std::filesystem;
namespace {

void append_bytes(std::vector<std::uint8_t>& out, const void* value, std::size_t size)
{
    const auto* bytes = static_cast<const std::uint8_t*>(value);
    out.insert(out.end(), bytes, bytes + size);
}

/// Header, box (but for points) and WKB of a row. Little endian as the machines we run on.
void geopackage_blob(const table::GeometryColumn& geometry, std::size_t row, std::int32_t srs, std::vector<std::uint8_t>& out)
{
    out.clear();
    const table::Box box = geometry.box(row);
    const bool empty = box.empty();
    const bool with_box = !empty && geometry.kind() != table::GeometryKind::point;
    out.insert(out.end(), {'G', 'P', 0, static_cast<std::uint8_t>(1 | (with_box ? 2 : 0) | (empty ? 0x10 : 0))});
    append_bytes(out, &srs, 4);
    if (with_box) {
        for (const double side : {box.xmin, box.xmax, box.ymin, box.ymax})
            append_bytes(out, &side, 8);
    }
    geometry::append_wkb(geometry, row, out);
}

void bind(SqliteStatement& statement, int place, const table::Column& column, std::size_t row, std::string& kept)
{
    if (!column.valid(row)) {
        statement.bind_null(place);
        return;
    }
    switch (column.type()) {
    case table::Type::boolean: statement.bind(place, static_cast<std::int64_t>(column.bools()[row])); break;
    case table::Type::int64: statement.bind(place, column.ints()[row]); break;
    case table::Type::float64: statement.bind(place, column.doubles()[row]); break;
    case table::Type::text: statement.bind(place, column.text(row)); break;
    case table::Type::date:
        kept = table::date_text(column.dates()[row]);
        statement.bind(place, std::string_view(kept));
        break;
    case table::Type::datetime:
        kept = millisecond_text(column.datetimes()[row]);
        statement.bind(place, std::string_view(kept));
        break;
    }
}

class GeopackageSink final : public Sink {
public:
    explicit GeopackageSink(const std::string& path) : m_path(path)
    {
        register_drivers();
        std::error_code error;
        const std::string beside = path + ".writing";
        if (fs::exists(beside, error))
            remove_leftover(beside);
        // A new file is made beside its place and moved there whole, so it needs no journal.
        m_new = !fs::exists(path, error);
        const std::string working = m_new ? beside : path;
        try {
            m_database.emplace(working, m_new ? Database::Access::create : Database::Access::write);
            m_database->execute("PRAGMA cache_size = -262144");
            if (m_new)
                m_database->execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;");
            m_database->execute("BEGIN IMMEDIATE");
            if (!m_database->has_table("gpkg_contents"))
                create_geopackage(*m_database);
        } catch (...) {
            abandon();
            throw;
        }
    }

    ~GeopackageSink() override { abandon(); }

    void write(const table::Table& table, const WriteOptions& options, base::RunContext& run) override
    {
        require_distinct_names(table, options);
        m_broken = true;  // until all of it went well
        const bool exists = m_database->has_table(options.layer);
        if (exists && options.mode == WriteMode::create) {
            m_broken = false;  // nothing was touched
            fail_exists(options.layer, m_path);
        }
        if (exists && options.mode == WriteMode::replace)
            drop_layer(*m_database, options.layer);
        std::string geometry_name = table.schema().geometry ? table.schema().geometry->name : "";
        std::string fid_name = options.fid_column;
        const bool appending = exists && options.mode == WriteMode::append;
        if (appending)
            check_append(table, options, geometry_name, fid_name);
        else
            create_layer(*m_database, table.schema(), options);
        insert(table, options, geometry_name, fid_name, appending, run);
        m_broken = false;
    }

    void execute(const std::string& sql) override { m_database->execute(sql); }

    void commit() override
    {
        if (m_broken)
            throw Error(ErrorKind::io, base::filled({"'{0}' was not written: an error came before. It is as it was.",
                                                     "'{0}' wurde nicht geschrieben: Zuvor trat ein Fehler auf. Die Datei ist unverändert."},
                                                    m_path));
        std::error_code error;
        if (m_new && fs::exists(m_path, error))
            throw Error(ErrorKind::io, base::filled({"'{0}' was made by another program meanwhile and is as that left it; please try again.",
                                                     "'{0}' wurde inzwischen von einem anderen Programm angelegt und ist, wie dieses es hinterließ; bitte noch einmal versuchen."},
                                                    m_path));
        m_database->execute("COMMIT");
        m_done = true;
        if (!m_new)
            return;
        m_database.reset();
        fs::rename(m_path + ".writing", m_path, error);
        if (error)
            throw Error(ErrorKind::io, base::filled({"'{0}' cannot be written: {1}", "'{0}' kann nicht geschrieben werden: {1}"}, m_path, error.message()));
    }

    void remove(const std::string& layer, const std::string& column, const std::string& value) override
    {
        m_broken = true;
        Sink::remove(layer, column, value);
        for (const auto& row : m_database->query("SELECT column_name FROM gpkg_geometry_columns WHERE table_name = $1", {layer})) {
            const std::string tree = "rtree_" + layer + "_" + row.front().value_or("");
            if (m_database->has_table(tree))
                m_database->query("UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) = (SELECT min(minx), min(miny), max(maxx), max(maxy) FROM " + sql_name(tree) +
                                      ") WHERE table_name = $1",
                                  {layer});
        }
        update_contents(layer, table::Box::none());
        m_broken = false;
    }

private:
    /// What a killed program left; one that is still at work holds the lock for writing.
    static void remove_leftover(const std::string& path)
    {
        try {
            SqliteDatabase(path, Database::Access::write).execute("PRAGMA busy_timeout = 200; BEGIN IMMEDIATE; ROLLBACK");
        } catch (const Error& failure) {
            if (failure.kind() != ErrorKind::bad_data && failure.kind() != ErrorKind::not_found)
                throw;  // in use
        }
        std::error_code error;
        fs::remove(path, error);
    }

    void abandon()
    {
        if (m_done)
            return;
        try {
            if (m_database && sqlite3_get_autocommit(m_database->connection()) == 0)
                m_database->execute("ROLLBACK");
        } catch (const Error&) {
            // Closing rolls back as well.
        }
        m_database.reset();
        std::error_code error;
        if (m_new)
            fs::remove(m_path + ".writing", error);
    }

    /// The names in the file may differ from ours; what the table has must be there.
    void check_append(const table::Table& table, const WriteOptions& options, std::string& geometry_name, std::string& fid_name)
    {
        std::set<std::string> there;
        const auto lower = [](std::string name) {
            std::ranges::transform(name, name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
            return name;
        };
        for (const auto& row : m_database->query("SELECT name, pk FROM pragma_table_info($1)", {options.layer})) {
            there.insert(lower(row[0].value_or("")));  // SQLite knows no case
            if (row[1] == "1")
                fid_name = row[0].value_or("");
        }
        for (const table::Field& field : table.schema().fields) {
            if (field.name == options.fid_column || there.contains(lower(field.name)))
                continue;
            if (!options.add_columns)
                fail_append(options.layer, field.name);
            add_column(*m_database, field, options);
        }
        if (!table.has_geometry())
            return;
        const auto rows = m_database->query(
            "SELECT g.column_name, s.organization || ':' || s.organization_coordsys_id, g.geometry_type_name, g.z FROM gpkg_geometry_columns g "
            "JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id WHERE g.table_name = $1",
            {options.layer});
        if (rows.empty())
            fail_append(options.layer, geometry_name);
        geometry_name = rows.front()[0].value_or("");
        const std::string crs = table.geometry().crs() == "OGC:CRS84" ? "EPSG:4326" : table.geometry().crs();
        if (!crs.empty() && rows.front()[1] != crs && rows.front()[1] != "NONE:-1") {
            throw Error(ErrorKind::invalid_argument,
                        base::filled({"Layer '{0}' is in {1}; rows in {2} cannot be appended. Transform them first.",
                                      "Die Ebene '{0}' liegt in {1} vor; Daten in {2} lassen sich nicht anfügen. Bitte zuerst umrechnen."},
                                     options.layer, rows.front()[1].value_or(""), crs));
        }
        // 0: none has z, 1: all have, 2: some do.
        m_with_z = rows.front()[3] != "0" || table.geometry().has_z();
        if (rows.front()[3] == "0" && m_with_z)
            m_database->query("UPDATE gpkg_geometry_columns SET z = 2 WHERE table_name = $1", {options.layer});
        const bool multi_there = rows.front()[2].value_or("").starts_with("MULTI");
        m_widen = multi_there && !table::is_multi(table.geometry().kind());
        if (!multi_there && table::is_multi(table.geometry().kind()) && rows.front()[2] != "GEOMETRY") {
            throw Error(ErrorKind::invalid_argument,
                        base::filled({"Layer '{0}' holds single geometries; multi geometries cannot be appended.",
                                      "Die Ebene '{0}' enthält einfache Geometrien; Multi-Geometrien lassen sich nicht anfügen."},
                                     options.layer));
        }
    }

    void insert(const table::Table& table, const WriteOptions& options, const std::string& geometry_name, const std::string& fid_name, bool appending,
                base::RunContext& run)
    {
        const std::string& layer = options.layer;
        std::optional<table::GeometryColumn> shapes;
        if (table.has_geometry())
            shapes = m_widen ? table.geometry().as_multi() : table.geometry();
        if (appending && shapes)
            shapes = shapes->with_z(m_with_z);
        m_widen = false;
        const std::string tree = "rtree_" + layer + "_" + geometry_name;
        std::string insert_trigger;
        bool indexed = shapes && options.spatial_index;
        if (appending && shapes) {
            indexed = m_database->has_table(tree);
            // The rows go to the index one after the other anyway; the trigger would do it twice.
            const auto found = m_database->query("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = $1", {tree + "_insert"});
            if (indexed && !found.empty()) {
                insert_trigger = found.front().front().value_or("");
                m_database->execute("DROP TRIGGER " + sql_name(tree + "_insert"));
            }
        }
        const table::Column* ids = table.find(options.fid_column);
        if (ids && (ids->type() != table::Type::int64 || !ids->validity().all_valid()))
            throw Error(ErrorKind::invalid_argument, base::filled({"The row id column '{0}' of layer '{1}' must hold whole numbers in every row.",
                                                                   "Die Zeilennummer '{0}' der Ebene '{1}' muss in jeder Zeile eine ganze Zahl sein."},
                                                                  options.fid_column, layer));
        std::string names, places;
        std::vector<const table::Column*> columns;
        const auto add = [&](const std::string& name) {
            names += (names.empty() ? "" : ", ") + sql_name(name);
            places += places.empty() ? "?" : ", ?";
        };
        if (ids)
            add(fid_name);
        if (shapes)
            add(geometry_name);
        for (std::size_t i = 0; i < table.columns().size(); ++i) {
            if (&table.column(i) == ids)
                continue;
            add(table.schema().fields[i].name);
            columns.push_back(&table.column(i));
        }
        const std::string values = names.empty() ? " DEFAULT VALUES" : " (" + names + ") VALUES (" + places + ")";
        SqliteStatement statement(m_database->connection(), "INSERT INTO " + sql_name(layer) + values, m_path);
        const auto srs = shapes ? static_cast<std::int32_t>(register_crs(*m_database, shapes->crs())) : 0;
        std::vector<std::int64_t> row_ids(table.rows());
        std::vector<std::uint8_t> blob;
        std::vector<std::string> kept(columns.size());
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (row % 4096 == 0) {
                run.throw_if_stopped();
                run.progress(static_cast<double>(row) / static_cast<double>(table.rows()), {"Writing " + layer, layer + " wird geschrieben"});
            }
            int place = 0;
            if (ids)
                statement.bind(++place, ids->ints()[row]);
            if (shapes) {
                ++place;
                if (shapes->valid(row)) {
                    geopackage_blob(*shapes, row, srs, blob);
                    statement.bind(place, std::span<const std::uint8_t>(blob));
                } else {
                    statement.bind_null(place);
                }
            }
            for (std::size_t i = 0; i < columns.size(); ++i)
                bind(statement, ++place, *columns[i], row, kept[i]);
            statement.step();
            row_ids[row] = sqlite3_last_insert_rowid(m_database->connection());
        }
        if (indexed) {
            if (appending) {
                extend_rtree(*m_database, tree, *shapes, row_ids, run);
            } else {
                create_spatial_index(*m_database, layer, geometry_name, fid_name);
                fill_rtree(*m_database, tree, *shapes, row_ids, run);
            }
            if (!insert_trigger.empty())
                m_database->execute(insert_trigger);
        }
        update_contents(layer, shapes ? shapes->extent() : table::Box::none());
    }

    void update_contents(const std::string& layer, const table::Box& extent)
    {
        SqliteStatement statement(m_database->connection(),
                                  "UPDATE gpkg_contents SET last_change = " + change_time() +
                                      ", min_x = min(coalesce(min_x, ?1), ?1), min_y = min(coalesce(min_y, ?2), ?2), max_x = max(coalesce(max_x, ?3), ?3), "
                                      "max_y = max(coalesce(max_y, ?4), ?4) WHERE table_name = ?5",
                                  m_path);
        if (extent.empty()) {
            m_database->query("UPDATE gpkg_contents SET last_change = " + change_time() + " WHERE table_name = $1", {layer});
            return;
        }
        statement.bind(1, extent.xmin);
        statement.bind(2, extent.ymin);
        statement.bind(3, extent.xmax);
        statement.bind(4, extent.ymax);
        statement.bind(5, std::string_view(layer));
        statement.step();
    }

    std::string m_path;
    bool m_new = false, m_done = false, m_broken = false, m_widen = false, m_with_z = false;
    std::optional<SqliteDatabase> m_database;
};

}  // namespace

std::unique_ptr<Sink> open_geopackage_sink(const std::string& path)
{
    return std::make_unique<GeopackageSink>(path);
}

}  // namespace stadtgdi::io::detail
