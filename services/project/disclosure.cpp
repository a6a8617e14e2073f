// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/project/disclosure.hpp>

#include <layers/base/error.hpp>
#include <layers/catalogue/city.hpp>
#include <layers/io/database.hpp>

#include <algorithm>

namespace stadtgdi::project {

using catalogue::Disclosure;

namespace {

Classified unknown(base::Text why)
{
    return {{}, {}, {"no disclosure class: " + why.en, "keine Schutzklasse: " + why.de}, false, false};
}

}  // namespace

Disclosure stricter(Disclosure a, Disclosure b)
{
    return std::max(a, b);  // declared from open to kritis
}

std::string ClassFinder::store_of(const DataSource& source)
{
    if (!source.connection.empty())
        return "PG:" + source.connection + " schemas=" + (source.schema.empty() ? "public" : source.schema);
    return source.path;
}

void ClassFinder::visit(const DataSource& source)
{
    const std::string path = store_of(source);
    if (path.empty() || m_stores.contains(path))
        return;
    Store& store = m_stores[path];
    if (file_gone(source)) {
        // QGIS may still have it open, and nobody knows what it was: not served until it is back. What has the name of a city's table makes
        // a project one of a city.
        store.is_city = true;
        m_touches_city = m_touches_city || catalogue::find_layer(source.layer) != nullptr;
        return;
    }
    try {
        store.is_city = catalogue::City::is_city(path);
        if (!store.is_city)
            return;
        m_touches_city = true;
        // Only what the store itself says: tables that it does not name (views, tables of others) have no class.
        const auto database = io::Database::open(path, io::Database::Access::read);
        for (const io::Database::Row& row : database->query("SELECT name, definition, disclosure FROM stadtgdi_layer"))
            if (const auto disclosure = catalogue::disclosure_of(row[2].value_or("")))
                // QGIS closes the layer of a file's table that was dropped, but goes on with one of PostgreSQL.
                if (!io::is_postgis(path) || database->has_table(row[0].value_or("")))
                    store.tables[row[0].value_or("")] = {row[1].value_or(""), *disclosure};
        store.readable = true;
    } catch (const Error&) {
        // What cannot be asked must not pass for a file without secrets. (Files that are no database are no error.)
        store.is_city = m_touches_city = true;
    }
}

Classified ClassFinder::by_settings(const DataSource& source) const
{
    for (const SourceRule& rule : m_settings.rules)
        if (source.uri.find(rule.contains) != std::string::npos || source.path.find(rule.contains) != std::string::npos)
            return {rule.disclosure, {}, {}, false, false};
    // A city store behind GDAL's virtual files would not be known for one.
    if (source.provider == "ogr" && source.path.starts_with("/vsi"))
        return unknown({"a source behind a virtual file (/vsi...) that the settings do not name", "eine Quelle hinter einer virtuellen Datei (/vsi...), die in den Einstellungen nicht steht"});
    if (m_settings.other)
        return {*m_settings.other, {}, {}, false, false};
    if (m_touches_city)
        return unknown({"the source is not in the city store and the settings do not name it", "die Quelle ist nicht im Stadtspeicher, und in den Einstellungen steht sie nicht"});
    // Statements that may reach into a store nobody looked at: another schema of the database, a file named inside.
    if (source.is_query && (!source.connection.empty() || (source.provider == "virtual" && source.uri.find("layer=") != std::string::npos)))
        return unknown({"a statement whose tables are not known; name its source in the settings", "eine Abfrage, deren Tabellen nicht bekannt sind; ihre Quelle gehört in die Einstellungen"});
    return {Disclosure::open, {}, {}, false, false};
}

Classified ClassFinder::class_of(const DataSource& source) const
{
    const auto found = m_stores.find(store_of(source));
    const bool in_city = found != m_stores.end() && found->second.is_city;
    // What a statement gives may come from any table. Of a city store it is never served; elsewhere the settings decide.
    if (!in_city)
        return by_settings(source);
    if (!found->second.readable) {
        Classified later = unknown({"the metadata of the city store cannot be read", "die Metadaten des Stadtspeichers sind nicht lesbar"});
        later.store_unreadable = true;
        return later;
    }
    if (source.is_query)
        return unknown({"a statement instead of a table of the city store", "eine Abfrage statt einer Tabelle des Stadtspeichers"});
    std::string table = source.layer;
    if (table.empty() && found->second.tables.size() == 1)
        table = found->second.tables.begin()->first;
    const auto entry = found->second.tables.find(table);
    if (entry == found->second.tables.end())
        return unknown({"the city store knows no table of this name", "der Stadtspeicher kennt keine Tabelle dieses Namens"});
    return {entry->second.disclosure, entry->second.definition, {}, true, false};
}

}  // namespace stadtgdi::project
