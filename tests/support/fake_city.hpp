// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <tests/support/fake_project.hpp>

namespace stadtgdi::testing {

/// Adds what the German project of a city says of its trees, in a group of their family.
inline void add_trees_of_a_city(FakeProject& project)
{
    table::TableBuilder b({{{"taxon_name_de", table::Type::text}, {"status", table::Type::text}, {"height_m", table::Type::float64}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25833", false}});
    for (int i = 0; i < 3; ++i) {
        b.column(0).add("Linde");
        b.column(1).add(i == 0 ? "felled" : "standing");
        b.column(2).add(12.5);
        b.geometry().add_point(318000 + 10.0 * i, 5690000);
        b.end_row();
    }
    project::PublishedLayer& layer = project.add("trees_tree", std::move(b).finish());
    layer.definition = "trees_tree";
    layer.title = "Bäume";
    layer.abstract = "Baumstandorte mit ihrem jetzigen Baum: eine Zeile ist ein Standort; er bleibt bestehen, wenn der Baum gefällt und nachgepflanzt wird.";
    layer.keywords = {"Baumstandorte", "Stadtgrün"};
    layer.fields[1].alias = "Standortzustand";
    layer.fields[1].codes = {{"standing", "Baum vorhanden"}, {"felled", "Gefällt"}};
    layer.fields[2].alias = "Baumhöhe [m]";
    project::ProjectModel& model = project.edit();
    model.title = "Geodaten der Stadt Halle";
    model.abstract = "Geodaten der Stadt Halle: Baumstandorte.";
    model.keywords = {"Halle", "Baumstandorte"};
    model.language = base::Language::de;
    model.version = "2024-07-01T00:00:00.000Z";  // kept documents are told apart by it
    project::TreeNode group;
    group.name = "trees";
    group.title = "Baumstandorte";
    group.children = {model.tree.children.front()};
    model.tree.children.front() = group;
}

}  // namespace stadtgdi::testing
