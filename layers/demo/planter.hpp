// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/demo/defects.hpp>
#include <layers/demo/random.hpp>
#include <layers/table/table_builder.hpp>
#include <functional>

namespace stadtgdi::demo {

/// Changes rows of the tables and keeps a list of what it did. A row carries one defect at most.
class Planter {
public:
    using Rows = std::vector<std::size_t>;
    using Set = std::function<void(table::ColumnBuilder&)>;
    using Fits = std::function<bool(const table::Table&, std::size_t)>;

    Planter(std::map<std::string, table::Table>& tables, std::uint64_t seed, std::vector<Defect>& defects) : m_tables(tables), m_random(seed, 13), m_defects(defects) {}

    table::Table& table(const std::string& layer) { return m_tables.at(layer); }
    std::string uuid(const std::string& layer, std::size_t row) { return std::string(table(layer).column("uuid").text(row)); }

    /// Up to `count` rows that fit and carry no defect yet, sorted; they are taken now. Of trees only standing ones.
    Rows pick(const std::string& layer, int count, const Fits& fits = {});
    void set(const std::string& layer, const char* field, const Rows& rows, const Set& value);
    void set_text(const std::string& layer, const char* field, const Rows& rows, const std::string& value);
    void move(const std::string& layer, std::size_t row, double x, double y);
    void copy_geometry(const std::string& layer, std::size_t from, std::size_t to);
    void note(const char* rule, const std::string& layer, const std::string& uuid, const char* field, const std::string& shown) { m_defects.push_back({rule, layer, uuid, field, shown}); }

    /// Gives `count` rows another value in a column; these rows.
    Rows value(const char* rule, const char* layer, const char* field, int count, const Set& value, const char* shown, const Fits& fits = {});
    /// Moves points; `move` gets and changes x and y.
    Rows place(const char* rule, const char* layer, int count, const std::function<void(double&, double&)>& move, const char* shown);
    void without_geometry(const char* layer, int count);
    /// A layer that the city does not have yet, one row each with the texts by field; the rest is as in a new object.
    void add_layer(const std::string& layer, const std::vector<std::map<std::string, std::string>>& rows);

private:
    std::map<std::string, table::Table>& m_tables;
    Random m_random;
    std::vector<Defect>& m_defects;
    std::map<std::string, Rows> m_used;
};

/// Defects between rows and layers: networks, accessibility, care units, inspections.
void plant_relations(Planter& plant);

}  // namespace stadtgdi::demo
