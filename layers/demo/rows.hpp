// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/catalogue/city.hpp>
#include <layers/demo/tables.hpp>
#include <layers/table/table_builder.hpp>
#include <algorithm>
#include <chrono>
#include <set>

namespace stadtgdi::demo {

constexpr const char* city_crs = "EPSG:25833";
using Tables = std::map<std::string, table::Table>;

/// Rows of one layer: begin() fills the columns that all layers share, the caller sets the rest, end() closes the row.
class Rows {
public:
    Rows(std::string layer, const DemoContents& city)
        : m_layer(std::move(layer)),
          m_seed(city.seed),
          m_definition(*catalogue::find_layer(m_layer)),
          m_builder(m_definition.schema(city_crs)),
          m_year(city.year)
    {
        table::parse_datetime(std::to_string(city.year) + "-01-15T08:00:00Z", m_recorded);
        m_class = std::string(catalogue::name_of(m_definition.disclosure));
        m_unit = city.name + ", " + unit_of(m_layer);
    }

    std::string begin()
    {
        const std::string uuid = uuid_of_row(m_seed, m_layer, m_count++);
        at("uuid").add(uuid);
        at("source").add("generated");
        at("source_ref").add("stadtgdi demo");
        at("responsible_unit").add(m_unit);
        at("recorded_at").add(m_recorded);
        at("qa_status").add("released");
        at("disclosure_class").add(m_class);
        return uuid;
    }
    /// Some day of the year, the same for the same row, and before the row was recorded.
    void since(int year)
    {
        const auto first = static_cast<std::int32_t>(std::chrono::sys_days(std::chrono::year(std::min(year, m_year - 1)) / 1 / 1).time_since_epoch().count());
        at("valid_from").add_date(first + static_cast<std::int32_t>(m_count * 97 % 365));
    }
    void end() { m_builder.end_row(); }
    table::ColumnBuilder& at(std::string_view column) { return m_builder.column(column); }
    table::GeometryBuilder& geometry() { return m_builder.geometry(); }
    table::Table finish() { return std::move(m_builder).finish(); }

    void ring(const std::vector<Vec>& closed)
    {
        if (*m_definition.geometry == table::GeometryKind::multi_polygon) geometry().begin_part();
        geometry().begin_ring();
        for (const Vec& p : closed) geometry().add(p.x, p.y);
    }
    void area(const std::vector<Vec>& closed)
    {
        geometry().begin_row();
        ring(closed);
    }
    void line(const std::vector<Vec>& places)
    {
        geometry().begin_row();
        for (const Vec& p : places) geometry().add(p.x, p.y);
    }

    static std::string uuid_of_row(std::uint64_t seed, const std::string& layer, std::int64_t row)
    {
        return catalogue::uuid_of("demo:" + std::to_string(seed) + ":" + layer + ":" + std::to_string(row));
    }

private:
    static std::string unit_of(const std::string& layer)
    {
        if (layer.starts_with("trees_") || layer.starts_with("greenspace_")) return "Grünflächenamt";
        if (layer.starts_with("utilities_")) return "Stadtwerke";
        if (layer.starts_with("walking_")) return "Tiefbauamt";
        if (layer == "buildings_building") return "Vermessungsamt";
        if (layer.starts_with("buildings_")) return "Behindertenbeauftragte Stelle";
        return "Amt für Statistik";
    }

    std::string m_layer;
    std::uint64_t m_seed;
    const catalogue::LayerDefinition& m_definition;
    table::TableBuilder m_builder;
    std::int64_t m_recorded = 0;
    int m_year;
    std::string m_class, m_unit;
    std::int64_t m_count = 0;
};

/// Gives each name once: a second one gets the next of `others`, then a Roman number.
class UniqueNames {
public:
    std::string next(const std::vector<std::string>& wishes)
    {
        for (const std::string& wish : wishes)
            if (m_given.insert(wish).second) return wish;
        for (int number = 2;; ++number)
            if (const std::string name = wishes.front() + " " + roman(number); m_given.insert(name).second) return name;
    }

private:
    static std::string roman(int number)
    {
        constexpr std::pair<int, const char*> signs[]{{100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}};
        std::string text;
        for (const auto& [value, sign] : signs)
            for (; number >= value; number -= value) text += sign;
        return text;
    }
    std::set<std::string> m_given;
};

/// Square metres of a closed ring, to a tenth.
double ring_area(const std::vector<Vec>& closed);
/// Empty where there is no such street, or the block is in no district.
const std::string& street_name(const DemoContents& city, int street);
const std::string& district_name(const DemoContents& city, int block);

/// The border of the city on the map, closed.
std::vector<Vec> city_ring(const DemoContents& city);

// One theme each: tables_buildings.cpp, tables_green.cpp, tables_networks.cpp.
void add_buildings(const DemoContents& city, Tables& out);
void add_green(const DemoContents& city, Tables& out);
void add_trees(const DemoContents& city, Tables& out);
void add_utilities(const DemoContents& city, Tables& out);
void add_walking(const DemoContents& city, Tables& out);

}  // namespace stadtgdi::demo
