// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/run_context.hpp>
#include <layers/catalogue/layer_family.hpp>
#include <layers/io/sink.hpp>
#include <layers/table/table.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::catalogue {

struct CityInfo {
    std::string name;                      ///< "Leipzig"
    std::string crs = "EPSG:25833";
    std::string attribution = {}, licence = {};
    int schema_version = 0;
};

/// What the store knows of one of its layers (table stadtgdi_layer).
struct StoredLayer {
    std::string name;                      ///< table name
    std::string definition = {};           ///< name of its LayerDefinition, empty: a table of the user's own
    std::string crs = {};
    std::int64_t rows = 0;
    Disclosure disclosure = Disclosure::internal;
    std::string source = {}, attribution = {}, licence = {};
    bool demonstration = false;            ///< not the city's own data (shifted or generated)
};

struct ImportRecord {
    std::string when, mapping, source;     ///< ISO time, mapping name, file names
    std::int64_t rows_read = 0, rows_stored = 0, rows_rejected = 0, rows_repeated = 0;
    std::int64_t rows_replaced = 0, rows_removed = 0;  ///< of an earlier delivery
    std::optional<std::int64_t> files = {};            ///< read; none: not known (stores of schema version 1)
};

/// A store of an older layout that was brought to today's.
struct Upgrade {
    int from_version, to_version;
    std::string copy;                      ///< where the store lies as it was: a file, or the ending of the metadata tables' names in the schema
};

/// One store with all layers of a city: a GeoPackage ("city.gpkg") or a PostGIS schema ("PG:dbname=... schemas=leipzig").
/// Its own tables: stadtgdi_city, stadtgdi_layer, stadtgdi_import. An older store is upgraded in one transaction after a copy
/// (city.gpkg.before-version-N) by open(), a newer one is refused with Error(unsupported). GeoPackages are kept in WAL mode;
/// PostGIS schemas get triggers that NOTIFY stadtgdi_changed, '<schema>.<table>'.
///     City city = City::create("city.gpkg", {.name = "Leipzig"}, run);
///     City::Edit edit = city.edit(); edit.replace("trees_tree", table, run); edit.commit();
class City {
public:
    static City create(const std::string& path, const CityInfo& info, base::RunContext& run);
    /// A city that its first Edit makes: until that commits, nothing of it is in the store.
    static City plan(const std::string& path, const CityInfo& info);
    static City open(const std::string& path);
    /// For reading only: an older store stays as it is.
    static City look(const std::string& path);
    static bool is_city(const std::string& path);

    const std::string& path() const { return m_path; }
    const CityInfo& info() const { return m_info; }
    /// What open() had to do; none: the store was up to date.
    const std::optional<Upgrade>& upgraded() const { return m_upgraded; }
    std::vector<StoredLayer> layers() const;                 ///< sorted by name
    std::vector<ImportRecord> imports() const;
    table::Table read(const std::string& layer, base::RunContext& run, const std::vector<std::string>& columns = {}) const;

    /// One transaction over any number of layers; nothing is changed before commit(). Until then no other Edit of the store
    /// begins: it waits (GeoPackage: for ten seconds, then Error(io)).
    class Edit {
    public:
        Edit(Edit&&) noexcept;
        ~Edit();
        /// Columns of the definition that the table lacks are added as null (with the definition's fallback where it has one);
        /// columns it has beyond the definition are kept.
        void replace(const std::string& layer, const table::Table& table, base::RunContext& run);
        /// The layer's other rows stay as they are, row ids included; columns that it lacks are added.
        void append(const std::string& layer, const table::Table& table, base::RunContext& run);
        /// Takes the rows out whose `column` has this text.
        void remove(const std::string& layer, const std::string& column, const std::string& value);
        void describe(const StoredLayer& layer);             ///< source, licence, disclosure, demonstration
        void record(const ImportRecord& import);
        void commit();

    private:
        friend class City;
        struct State;
        explicit Edit(std::unique_ptr<State> state);
        std::unique_ptr<State> m_state;
    };
    Edit edit();

private:
    bool is_only_planned() const { return m_planned && !is_city(m_path); }
    void join_made_meanwhile();

    std::string m_path;
    CityInfo m_info;
    bool m_planned = false;
    std::optional<Upgrade> m_upgraded;
};

/// Random (version 4) UUID text.
std::string new_uuid();
/// Name-based (version 5) UUID text: the same name gives the same id on every import.
std::string uuid_of(std::string_view name);

}  // namespace stadtgdi::catalogue
