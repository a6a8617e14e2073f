// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/cli/provenance.hpp>

#include <layers/io/database.hpp>
#include <layers/operation/json.hpp>

#include <chrono>
#include <filesystem>

namespace stadtgdi::cli {

namespace {

constexpr const char* metadata_tables = R"(
CREATE TABLE IF NOT EXISTS gpkg_metadata (id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id), CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT OR IGNORE INTO gpkg_extensions SELECT 'gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec120/#extension_metadata', 'read-write'
  WHERE NOT EXISTS (SELECT 1 FROM gpkg_extensions WHERE table_name = 'gpkg_metadata');
INSERT OR IGNORE INTO gpkg_extensions SELECT 'gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec120/#extension_metadata', 'read-write'
  WHERE NOT EXISTS (SELECT 1 FROM gpkg_extensions WHERE table_name = 'gpkg_metadata_reference');
)";

/// Names the form of the text in gpkg_metadata.
constexpr const char* standard_uri = "urn:stadtgdi:provenance:1";

std::string time_text(std::chrono::system_clock::time_point time)
{
    return table::datetime_text(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::floor<std::chrono::seconds>(time).time_since_epoch()).count());
}

/// When the source was last changed, by what it says itself (GeoPackage) or by the file's date; null: not known.
Json changed(const LayerReference& source)
{
    if (io::is_postgis(source.path))
        return nullptr;
    if (source.path.ends_with(".gpkg")) {
        try {
            const auto rows = io::Database::open(source.path, io::Database::Access::read)->query("SELECT last_change FROM gpkg_contents WHERE table_name = $1", {source.layer});
            if (!rows.empty() && rows.front().front())
                return *rows.front().front();
        } catch (const Error&) {
            // No GeoPackage by the book; the file's date is left.
        }
    }
    std::error_code error;
    const auto time = std::filesystem::last_write_time(source.path, error);
    if (error)
        return nullptr;
    return time_text(std::chrono::file_clock::to_sys(time));
}

}  // namespace

Json provenance_of(const operation::Operation& operation, const operation::Inputs& checked, const std::map<std::string, LayerReference>& sources)
{
    Json parameters = Json::object(), inputs = Json::object();
    for (const operation::Parameter& parameter : operation.parameters) {
        if (const auto value = checked.values.find(parameter.name); value != checked.values.end())
            parameters[parameter.name] = operation::json_of(value->second);
        if (const auto source = sources.find(parameter.name); source != sources.end())
            inputs[parameter.name] = {{"source", io::shown_path(source->second.path)}, {"layer", source->second.layer},
                                      {"rows", checked.table(parameter.name).rows()}, {"changed", changed(source->second)}};
    }
    Json json = {{"operation", operation.id}, {"parameters", parameters}, {"inputs", inputs}, {"outputs", checked.wanted},
                 {"tool", "stadtgdi " STADTGDI_VERSION}, {"libraries", io::versions()}, {"created", time_text(std::chrono::system_clock::now())}};
    if (!operation.source.empty())
        json["method"] = operation.source;
    return json;
}

std::string provenance_text(const Json& provenance)
{
    const std::string made = provenance["operation"].get<std::string>() + " " + provenance["parameters"].dump() + ", ", tool = ", " + provenance["tool"].get<std::string>();
    std::string inputs;
    for (const auto& [name, input] : provenance["inputs"].items())
        inputs += (inputs.empty() ? "" : ", ") + name + " = " + input["source"].get<std::string>() + "#" + input["layer"].get<std::string>() +
                  (input["changed"].is_string() ? " (" + input["changed"].get<std::string>() + ")" : "");
    return made + inputs + tool;
}

void store_provenance(io::Sink& sink, const std::string& out, const std::string& layer, const Json& provenance)
{
    if (!out.ends_with(".gpkg"))
        return;
    const std::string table = io::sql_literal(layer);
    sink.execute(metadata_tables);
    // Of a result that this one replaces.
    sink.execute("DELETE FROM gpkg_metadata WHERE md_standard_uri = " + io::sql_literal(standard_uri) +
                 " AND id IN (SELECT md_file_id FROM gpkg_metadata_reference WHERE table_name = " + table + "); "
                 "DELETE FROM gpkg_metadata_reference WHERE md_file_id NOT IN (SELECT id FROM gpkg_metadata)");
    sink.execute("INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) VALUES ('dataset', " + io::sql_literal(standard_uri) +
                 ", 'application/json', " + io::sql_literal(provenance.dump(-1, ' ', false, Json::error_handler_t::replace)) + "); "
                 "INSERT INTO gpkg_metadata_reference (reference_scope, table_name, timestamp, md_file_id) SELECT 'table', " + table + ", " +
                 io::sql_literal(provenance["created"].get<std::string>()) + ", max(id) FROM gpkg_metadata");
}

}  // namespace stadtgdi::cli
