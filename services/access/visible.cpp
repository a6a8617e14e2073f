// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/rights.hpp>

#include <layers/crs/transform.hpp>
#include <layers/geometry/wkt.hpp>

#include <algorithm>
#include <cmath>

namespace stadtgdi::access {

namespace {

using catalogue::Disclosure;
using project::ProjectModel;
using project::PublishedLayer;

/// Of a layer that the project does not publish nothing can be said by name.
bool may_see_all(const std::vector<project::FieldName>& fields, const ProjectModel& model, const Rights& rights)
{
    return std::ranges::all_of(fields, [&](const project::FieldName& one) {
        const PublishedLayer* layer = model.find(one.layer);
        return layer == nullptr || rights.may_see_field(*layer, one.field);
    });
}

/// Values of another layer are told to those alone who see all of them there.
void hide_codes(PublishedLayer& layer, const ProjectModel& seen)
{
    for (project::PublishedField& field : layer.fields) {
        const bool all_seen = std::ranges::all_of(field.codes_from, [&](const project::FieldName& one) {
            const PublishedLayer* from = seen.find(one.layer);
            const auto is_seen = [&](const project::PublishedField& other) { return other.name == one.field && (other.in_wms || other.in_wfs); };
            return from != nullptr && from->seen.all() && std::ranges::any_of(from->fields, is_seen);
        });
        if (!all_seen)
            field.codes.clear();
    }
}

/// A field of a stricter class than its layer's, or one that the settings hide, is answered by no face, neither shown nor filtered by.
void hide_fields(PublishedLayer& layer, const ProjectModel& model, const Rights& rights)
{
    PublishedLayer asked;
    asked.name = layer.name;
    for (project::PublishedField& field : layer.fields) {
        asked.disclosure = field.disclosure;
        if (!rights.may_see_field(layer, field.name) || !may_see_all(field.made_of, model, rights) || (field.disclosure != Disclosure::open && !rights.sight_of(asked).everywhere)) {
            layer.has_map_tip = layer.has_map_tip && !field.in_wms;  // it may name the field
            field.in_wms = field.in_wfs = false;
            field.codes.clear();
        }
    }
}

/// In the layer's CRS; nothing where it cannot be shown there.
std::optional<std::string> wkt_in(const Area& area, const std::string& crs)
{
    try {
        table::GeometryBuilder builder(table::GeometryKind::multi_polygon, area.crs);
        if (!geometry::add_wkt(builder, table::GeometryKind::multi_polygon, area.wkt))
            return std::nullopt;
        base::RunContext run(1);
        const table::GeometryColumn polygon = crs::transformed(std::move(builder).finish(), crs, run);
        const auto finite = [](double value) { return std::isfinite(value); };
        if (!std::all_of(polygon.x().begin(), polygon.x().end(), finite) || !std::all_of(polygon.y().begin(), polygon.y().end(), finite))
            return std::nullopt;
        return geometry::wkt(polygon, 0);
    } catch (const Error&) {
        return std::nullopt;   // a CRS of its own that PROJ has no code for
    }
}

/// Which rows are seen, by the layer's class and, where they have one, by their own: a stricter one is seen by those alone who may
/// see a layer of that class.
project::SeenRows rows_of(const PublishedLayer& layer, const Rights& rights)
{
    project::SeenRows seen{layer.class_fields};
    const Sight own = rights.sight_of(layer);
    PublishedLayer asked = layer;
    bool every_class = true;
    std::vector<std::pair<const Area*, std::vector<std::string>>> areas;
    for (const Disclosure disclosure : {Disclosure::open, Disclosure::internal, Disclosure::restricted, Disclosure::kritis}) {
        asked.disclosure = disclosure;
        const Sight sight = disclosure <= layer.disclosure ? own : rights.sight_of(asked);
        const std::string name(catalogue::name_of(disclosure));
        if (sight.everywhere) {
            seen.classes.push_back(name);
            continue;
        }
        every_class = false;
        for (const Area* area : sight.areas) {
            auto known = std::find_if(areas.begin(), areas.end(), [&](const auto& entry) { return entry.first == area; });
            if (known == areas.end())
                known = areas.insert(areas.end(), {area, {}});
            known->second.push_back(name);
        }
    }
    if (every_class || (own.everywhere && seen.fields.empty()))
        return {};
    if (!own.everywhere)
        seen.own_class = catalogue::name_of(layer.disclosure);
    for (auto& [area, classes] : areas)
        if (std::optional<std::string> wkt = wkt_in(*area, layer.crs))
            seen.areas.push_back({std::move(*wkt), std::move(classes)});
    return seen;
}

/// Of the classes of rows, too, those are named alone that one may see.
void hide_classes(PublishedLayer& layer)
{
    const project::SeenRows& seen = layer.seen;
    const auto is_seen = [&](const std::string& name) {
        return std::ranges::find(seen.classes, name) != seen.classes.end()
               || std::ranges::any_of(seen.areas, [&](const project::SeenArea& area) { return std::ranges::find(area.classes, name) != area.classes.end(); });
    };
    for (project::PublishedField& field : layer.fields)
        if (std::ranges::find(seen.fields, field.name) != seen.fields.end())
            std::erase_if(field.codes, [&](const auto& code) { return !is_seen(code.first); });
}

/// A field that is in no answer names no feature either.
void hide_display_field(PublishedLayer& layer)
{
    for (const project::PublishedField& field : layer.fields)
        if (field.name == layer.display_field && !field.in_wms && !field.in_wfs)
            layer.display_field.clear();
}

}  // namespace

ProjectModel visible(const ProjectModel& model, const Rights& rights)
{
    ProjectModel seen = model;
    seen.failed_layers.clear();   // names and reasons are for the operator's log
    project::leave_out(seen, [&](const PublishedLayer& layer) { return !rights.may_see(layer); });
    for (PublishedLayer& layer : seen.layers) {
        hide_fields(layer, model, rights);
        hide_display_field(layer);
        layer.seen = rows_of(layer, rights);
        hide_classes(layer);
    }
    for (PublishedLayer& layer : seen.layers)
        hide_codes(layer, seen);
    return seen;
}

}  // namespace stadtgdi::access
