// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/access/rights.hpp>
#include <algorithm>

namespace stadtgdi::access {

namespace {

using project::ProjectModel;
using project::PublishedLayer;

/// A field of a stricter class than its layer's is answered by no face, neither shown nor filtered by.
void hide_fields(PublishedLayer& layer, const Rights& rights)
{
    PublishedLayer asked;
    asked.name = layer.name;
    for (project::PublishedField& field : layer.fields) {
        if (field.disclosure == catalogue::Disclosure::open)
            continue;
        asked.disclosure = field.disclosure;
        if (!rights.may_see(asked))
            field.in_wms = field.in_wfs = false;
    }
}

/// Rows of a class stricter than the layer's are seen by those alone who may see a layer of that class.
project::SeenRows rows_of(const PublishedLayer& layer, const Rights& rights)
{
    using catalogue::Disclosure;
    project::SeenRows seen{layer.class_fields, {}};
    bool all = seen.fields.empty();
    bool every_class = true;
    PublishedLayer asked;
    asked.name = layer.name;
    for (const Disclosure disclosure : {Disclosure::open, Disclosure::internal, Disclosure::restricted, Disclosure::kritis}) {
        asked.disclosure = disclosure;
        if (disclosure <= layer.disclosure || rights.may_see(asked))
            seen.classes.emplace_back(catalogue::name_of(disclosure));
        else
            every_class = false;
    }
    all = all || every_class;
    return all ? project::SeenRows{} : seen;
}

/// Of the classes of rows, too, those are named alone that one may see.
void hide_classes(PublishedLayer& layer)
{
    const auto& [fields, classes] = layer.seen;
    for (project::PublishedField& field : layer.fields)
        if (std::ranges::find(fields, field.name) != fields.end())
            std::erase_if(field.codes, [&](const auto& code) { return std::ranges::find(classes, code.first) == classes.end(); });
}

}  // namespace

ProjectModel visible(const ProjectModel& model, const Rights& rights)
{
    ProjectModel seen = model;
    seen.failed_layers.clear();   // names and reasons are for the operator's log
    project::leave_out(seen, [&](const PublishedLayer& layer) { return !rights.may_see(layer); });
    for (PublishedLayer& layer : seen.layers) {
        hide_fields(layer, rights);
        layer.seen = rows_of(layer, rights);
        hide_classes(layer);
    }
    return seen;
}

}  // namespace stadtgdi::access
