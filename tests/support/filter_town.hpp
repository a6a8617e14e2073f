// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/cql2_json.hpp>
#include <services/ows/cql2_text.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/fes_filter.hpp>
#include <services/ows/kvp.hpp>
#include <services/ows/predicate.hpp>
#include <tests/support/fake_project.hpp>

namespace stadtgdi::testing {

using Rows = std::vector<std::int64_t>;

constexpr std::int64_t second = 1'000'000, hour = 3600 * second, day_2024 = 19723;  // 2024-01-01

/// Ten places 10 m apart on a line in Leipzig; of every column one row is null: name 2, n 3, h 4, ok 5, day 6, start 7, stop 8, geom 9.
inline table::Table ten_places()
{
    table::TableBuilder b({{{"name", table::Type::text}, {"n", table::Type::int64}, {"h", table::Type::float64}, {"ok", table::Type::boolean}, {"day", table::Type::date}, {"start", table::Type::datetime},
                            {"stop", table::Type::datetime}, {"big", table::Type::int64}, {"a:b", table::Type::text}},
                           table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    const char* names[] = {"Linde", "ahorn", nullptr, "Straße", "O'Brien", "100%", "a_b", "back\\slash", "\xc3\x84pfel", "A\xcc\x88pfel"};
    for (int i = 0; i < 10; ++i) {
        if (names[i] != nullptr) b.column(0).add(names[i]);
        if (i != 3) b.column(1).add(i);
        if (i != 4) b.column(2).add(i * 0.5);
        if (i != 5) b.column(3).add(i % 2 == 0);
        if (i != 6) b.column(4).add_date(static_cast<std::int32_t>(day_2024 + i));
        if (i != 7) b.column(5).add(day_2024 * 24 * hour + i * hour);
        if (i != 8) b.column(6).add(day_2024 * 24 * hour + (i + 2) * hour);
        b.column(7).add(9007199254740992 + i);
        b.column(8).add(i == 0 ? "x" : "y");
        if (i != 9) b.geometry().add_point(318000 + 10.0 * i, 5690000);
        b.end_row();
    }
    return std::move(b).finish();
}

/// A layer and what a reader of filters is told of it; rows are numbers from 0 on.
class FilterTown {
public:
    explicit FilterTown(table::Table table = ten_places(), const std::string& fallback = "OGC:CRS84") : m_fallback(fallback) { m_project.add("places", std::move(table)); }

    ows::FilterContext context() const
    {
        const project::PublishedLayer& layer = m_project.model().layers.front();
        const auto names = [&layer](std::string_view name) -> std::string {
            for (const auto& field : layer.fields)
                if (field.name == name) return field.name;
            if (name == "geom" || name.empty()) return {};
            throw ows::invalid_parameter("FILTER", base::filled({"There is no property '{0}'.", "Die Eigenschaft '{0}' gibt es nicht."}, std::string(name)));
        };
        const auto ids = [](const std::string& id) { return id.starts_with("places.") ? ows::parse_integer(std::string_view(id).substr(7)) : std::nullopt; };
        return {m_project.model(), layer, names, ids, ows::wfs_crs(m_fallback, m_project.model(), "FILTER"), "FILTER"};
    }

    Rows rows(const ows::PredicatePtr& predicate) const
    {
        base::RunContext run(2);
        const auto snapshot = m_project.snapshot("places", run);
        if (auto found = ows::matching_rows(*snapshot, *predicate, run)) return *found;
        Rows all(snapshot->table.rows());
        for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::int64_t>(i);
        return all;
    }

    Rows text(std::string_view cql2, ows::Cql2Dialect dialect = ows::Cql2Dialect::standard) const { return rows(ows::read_cql2_text(cql2, context(), dialect)); }
    Rows json(std::string_view cql2) const { return rows(ows::read_cql2_json(cql2, context())); }
    /// What is inside the Filter element.
    Rows xml(const std::string& inside) const
    {
        return rows(ows::read_filter(std::string_view("<fes:Filter xmlns:fes=\"http://www.opengis.net/fes/2.0\" xmlns:gml=\"http://www.opengis.net/gml/3.2\">" + inside + "</fes:Filter>"), context()));
    }

    const project::PublishedLayer& layer() const { return m_project.model().layers.front(); }

private:
    std::string m_fallback;
    FakeProject m_project;
};

}  // namespace stadtgdi::testing
