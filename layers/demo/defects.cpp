// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/demo/defects.hpp>
#include <layers/demo/random.hpp>
#include <layers/table/table_builder.hpp>
#include <algorithm>
#include <functional>

namespace stadtgdi::demo {

using table::ColumnBuilder;
using table::Table;

namespace {

class Planter {
public:
    Planter(std::map<std::string, Table>& tables, std::uint64_t seed, std::vector<Defect>& defects) : m_tables(tables), m_random(seed, 13), m_defects(defects) {}

    /// Gives `count` rows that carry no defect yet another value in a column.
    void value(const char* rule, const char* layer, const char* field, int count, const std::function<void(ColumnBuilder&)>& set, const char* shown,
               const std::function<bool(const Table&, std::size_t)>& fits = {})
    {
        Table& table = m_tables.at(layer);
        const auto rows = pick(layer, count, fits);
        const table::Column& old = table.column(field);
        ColumnBuilder builder(old.type());
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (!std::binary_search(rows.begin(), rows.end(), row))
                builder.add_from(old, row);
            else
                set(builder);
        }
        for (const std::size_t row : rows) m_defects.push_back({rule, layer, std::string(table.column("uuid").text(row)), field, shown});
        table = table.with_column({field, old.type()}, std::move(builder).finish());
    }

    /// Moves points; `move` gets and changes x and y.
    void place(const char* rule, const char* layer, int count, const std::function<void(double&, double&)>& move, const char* shown)
    {
        Table& table = m_tables.at(layer);
        const auto rows = pick(layer, count, {});
        std::vector<double> x(table.geometry().x().begin(), table.geometry().x().end()), y(table.geometry().y().begin(), table.geometry().y().end());
        for (const std::size_t row : rows) {
            move(x[row], y[row]);
            m_defects.push_back({rule, layer, std::string(table.column("uuid").text(row)), "geom", shown});
        }
        table = table.with_geometry(table.geometry().with_coordinates(table.geometry().crs(), std::move(x), std::move(y)));
    }

    void without_geometry(const char* layer, int count)
    {
        Table& table = m_tables.at(layer);
        const auto rows = pick(layer, count, {});
        table::GeometryBuilder builder(table.geometry().kind(), table.geometry().crs());
        for (std::size_t row = 0; row < table.rows(); ++row) {
            if (std::binary_search(rows.begin(), rows.end(), row))
                builder.add_null();
            else
                builder.add_row(table.geometry(), row);
        }
        for (const std::size_t row : rows) m_defects.push_back({"V001", layer, std::string(table.column("uuid").text(row)), "geom", ""});
        table = table.with_geometry(std::move(builder).finish());
    }

private:
    std::vector<std::size_t> pick(const std::string& layer, int count, const std::function<bool(const Table&, std::size_t)>& fits)
    {
        const Table& table = m_tables.at(layer);
        auto& used = m_used[layer];
        std::vector<std::size_t> rows;
        for (int attempt = 0; attempt < count * 200 && static_cast<int>(rows.size()) < count; ++attempt) {
            const auto row = static_cast<std::size_t>(m_random.below(static_cast<int>(table.rows())));
            if (std::find(used.begin(), used.end(), row) != used.end() || (fits && !fits(table, row))) continue;
            used.push_back(row);
            rows.push_back(row);
        }
        std::sort(rows.begin(), rows.end());
        return rows;
    }

    std::map<std::string, Table>& m_tables;
    Random m_random;
    std::vector<Defect>& m_defects;
    std::map<std::string, std::vector<std::size_t>> m_used;
};

}  // namespace

std::vector<Defect> plant_defects(std::map<std::string, Table>& tables, std::uint64_t seed)
{
    std::vector<Defect> defects;
    Planter plant(tables, seed, defects);
    const auto number = [](double value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto whole = [](std::int64_t value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto text = [](const char* value) { return [value](ColumnBuilder& column) { column.add(value); }; };
    const auto has = [](const char* field) { return [field](const Table& t, std::size_t row) { return t.column(field).valid(row); }; };

    plant.without_geometry("trees_tree", 3);
    plant.place("V003", "trees_tree", 2, [](double& x, double&) { x += 60'000; }, "60 km");
    plant.place("V004", "trees_tree", 2, [](double& x, double& y) { std::swap(x, y); }, "x, y");
    plant.value("V006", "trees_tree", "status", 2, [](ColumnBuilder& column) { column.add_null(); }, "");
    plant.value("V007", "trees_tree", "site_type", 3, text("Strasse"), "Strasse");
    plant.value("V011", "trees_tree", "street_name", 2, text("Stra\xEF\xBF\xBD" "enweg"), "Stra\xEF\xBF\xBD" "enweg");
    plant.value("V101", "trees_tree", "planting_year", 3, whole(2099), "2099");
    plant.value("V102", "trees_tree", "planting_year", 2, whole(1222), "1222");
    plant.value("V104", "trees_tree", "crown_diam_m", 3, number(85), "85", has("crown_diam_m"));
    plant.value("V105", "trees_tree", "height_m", 3, number(800), "800", has("height_m"));
    plant.value("V106", "trees_tree", "trunk_circ_cm", 2, number(2400), "2400", has("trunk_circ_cm"));
    plant.value("V221", "utilities_line", "install_year", 2, whole(1750), "1750");
    plant.value("V222", "utilities_line", "outer_diam_mm", 2, number(10), "10");
    plant.value("V403", "buildings_entrance", "steps", 2, whole(0), "0", has("step_height_cm"));
    plant.value("V404", "buildings_entrance", "door_width_cm", 2, number(900), "900");
    return defects;
}

}  // namespace stadtgdi::demo
