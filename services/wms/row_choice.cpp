// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/row_choice.hpp>

#include <services/ows/cql2_text.hpp>
#include <services/ows/exception.hpp>
#include <services/ows/fes_filter.hpp>
#include <services/ows/property_path.hpp>
#include <services/ows/selection.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wms/dimensions.hpp>
#include <services/wms/layers.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace stadtgdi::wms {

using project::PublishedLayer;
using render::MapSpec;

namespace {

constexpr std::size_t most_selected = 10'000;

/// OptionNotSupported, and why.
[[noreturn]] void rows_not_held(const ows::FaceContext& context, const PublishedLayer& layer, std::string_view parameter)
{
    const base::Text why = context.project.watched(layer.name)
                               ? base::Text{"Layer '{0}' is too large to choose rows of it.", "Der Layer '{0}' ist zu groß, um Objekte daraus auszuwählen."}
                               : base::Text{"Rows of layer '{0}' cannot be chosen, since changes of its source cannot be seen.",
                                            "Aus dem Layer '{0}' lassen sich keine Objekte auswählen, da Änderungen seiner Quelle nicht zu sehen sind."};
    throw ows::OwsException(ows::Code::option_not_supported, parameter, base::filled(why, layer.name));
}

std::shared_ptr<const store::Snapshot> rows_of(const ows::FaceContext& context, const PublishedLayer& layer, std::string_view parameter)
{
    try {
        return context.project.snapshot(layer.name, context.run);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unsupported)
            throw;
        rows_not_held(context, layer, parameter);
    }
}

/// "trees:1,2;parks:3": by the name of the layer.
std::map<std::string, std::vector<std::int64_t>> selection_of(const ows::KeyValues& kv)
{
    std::map<std::string, std::vector<std::int64_t>> selected;
    const auto given = kv.find("SELECTION");
    if (!given)
        return selected;
    std::size_t count = 0;
    for (const std::string& part : ows::split(*given, ';')) {
        if (ows::trimmed(part).empty())
            continue;
        const auto colon = part.rfind(':');
        if (colon == std::string::npos)
            throw ows::invalid_parameter("SELECTION", base::filled({"'{0}' is no layer with feature ids.", "'{0}' ist kein Layer mit Objektkennungen."}, part));
        for (const std::string& text : ows::split(part.substr(colon + 1), ',')) {
            const auto fid = ows::parse_integer(ows::trimmed(text));
            if (!fid || ++count > most_selected)
                throw ows::invalid_parameter("SELECTION", base::filled({"'{0}' is no feature id, or one too many.", "'{0}' ist keine Objektkennung oder eine zu viel."}, text));
            selected[std::string(ows::trimmed(part.substr(0, colon)))].push_back(*fid);
        }
    }
    return selected;
}

/// Parts between the separator, where it stands outside of quotes.
std::vector<std::string> split_unquoted(const std::string& text, char separator)
{
    std::vector<std::string> parts(1);
    char quote = 0;
    for (const char c : text) {
        if (quote == 0 && c == separator) {
            parts.emplace_back();
            continue;
        }
        if (quote == 0 && (c == '"' || c == '\''))
            quote = c;
        else if (c == quote)
            quote = 0;  // a doubled one opens again at once
        parts.back() += c;
    }
    return parts;
}

/// Documents one after the other, each in brackets or not, one for each of LAYERS.
std::vector<std::string> filter_documents(std::string_view text)
{
    std::vector<std::string> documents;
    while (!(text = ows::trimmed(text)).empty()) {
        if (text.front() != '(') {
            documents.emplace_back(text);
            break;
        }
        const std::size_t end = std::min(ows::end_of_bracket(text), text.size());
        documents.emplace_back(ows::trimmed(text.substr(1, end - 1)));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return documents;
}

using Filters = std::map<std::string, std::vector<std::string>>;  // by the name of the layer

void add_filter(const ows::FaceContext& context, const std::string& name, const std::string& filter, Filters& filters)
{
    for (const PublishedLayer* layer : resolve(context.model, name, "FILTER").layers)
        filters[layer->name].push_back(filter);
}

bool is_known(const ows::FaceContext& context, const std::string& name)
{
    try {
        resolve(context.model, name, "FILTER");
        return true;
    } catch (const ows::OwsException&) {
        return false;
    }
}

/// Names of layers may hold the sign that stands behind them: the longest that are names, else the first.
std::size_t end_of_names(const ows::FaceContext& context, const std::string& part)
{
    constexpr std::size_t most_colons = 16;
    const std::vector<std::string> sides = split_unquoted(part, ':');
    if (sides.size() < 2)
        return std::string::npos;
    std::size_t at = 0, found = sides[0].size();
    for (std::size_t i = 0; i + 1 < sides.size() && i < most_colons; ++i) {
        at += sides[i].size() + (i > 0 ? 1 : 0);
        const std::vector<std::string> names = ows::split(part.substr(0, at), ',');
        if (std::ranges::all_of(names, [&](const std::string& name) { return is_known(context, std::string(ows::trimmed(name))); }))
            found = at;
    }
    return found;
}

Filters filters_of(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    Filters filters;
    std::size_t count = 0;
    const auto given = kv.find("FILTER");
    if (!given)
        return filters;
    const std::string text(ows::trimmed(*given));
    if (text.starts_with('<') || text.starts_with('(')) {
        const std::vector<std::string> documents = filter_documents(text);
        const std::vector<std::string> layers = kv.list(kv.find("LAYERS") ? "LAYERS" : "QUERY_LAYERS");
        if (documents.size() > layers.size())
            throw ows::invalid_parameter("FILTER", {"There are more filters than layers.", "Es sind mehr Filter als Layer."});
        for (std::size_t i = 0; i < documents.size(); ++i)
            if (!documents[i].empty())
                add_filter(context, layers[i], documents[i], filters);
        return filters;
    }
    for (const std::string& part : split_unquoted(text, ';')) {
        if (ows::trimmed(part).empty())
            continue;
        const std::size_t colon = end_of_names(context, part);
        const std::vector<std::string> names = ows::split(part.substr(0, colon), ',');
        if (colon == std::string::npos || std::ranges::any_of(names, [](const std::string& name) { return ows::trimmed(name).empty(); }))
            throw ows::invalid_parameter("FILTER", base::filled({"'{0}' does not have the form LAYER:condition.", "'{0}' hat nicht die Form LAYER:Bedingung."}, base::shortened(part, 60)));
        for (const std::string& name : names) {
            expect_few(++count, "FILTER");
            add_filter(context, std::string(ows::trimmed(name)), part.substr(colon + 1), filters);
        }
    }
    return filters;
}

/// One dimension may be that of several layers; a value is wrong only where it fits none of them.
class Dimensions {
public:
    Dimensions(const ows::KeyValues& kv, base::RunContext& run) : m_kv(kv), m_run(run) {}

    void narrow(const store::Snapshot& rows, const PublishedLayer& layer, std::optional<std::vector<std::uint8_t>>& kept)
    {
        for (const project::Dimension& dimension : offered_dimensions(layer)) {
            const DimensionChoice choice = choose(rows, dimension, m_kv, m_run);
            const std::string parameter = parameter_of(dimension);
            bool& fits = m_fits.try_emplace(parameter, false).first->second;
            fits = fits || choice.in_extent || m_kv.get(parameter).empty();
            if (!choice.used_default.empty())
                m_warnings.insert("99 Default value used: " + dimension.name + "=" + choice.used_default + (dimension.units.empty() ? "" : " " + dimension.units));
            if (!choice.rows)
                continue;
            if (!kept)
                kept = *choice.rows;
            else
                for (std::size_t row = 0; row < kept->size(); ++row)
                    (*kept)[row] &= (*choice.rows)[row];
        }
    }

    std::vector<std::string> finish() const
    {
        for (const auto& [parameter, fits] : m_fits)
            if (!fits)
                throw ows::OwsException(ows::Code::invalid_dimension_value, parameter,
                                        base::filled({"{0} is '{1}'; no layer has a value there.", "{0} ist '{1}'; dort hat kein Layer einen Wert."}, parameter, m_kv.get(parameter)));
        return {m_warnings.begin(), m_warnings.end()};
    }

private:
    const ows::KeyValues& m_kv;
    base::RunContext& m_run;
    std::map<std::string, bool> m_fits;
    std::set<std::string> m_warnings;
};

/// The rows that the layer's dimensions choose from; null where it has none. One whose rows are not held has none either, as in the
/// capabilities: OptionNotSupported only where the request gives a value.
std::shared_ptr<const store::Snapshot> rows_by_dimensions(const ows::FaceContext& context, const PublishedLayer& layer, const ows::KeyValues& kv)
{
    const std::vector<project::Dimension> dimensions = offered_dimensions(layer);
    if (dimensions.empty())
        return nullptr;
    try {
        return context.project.snapshot(layer.name, context.run);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unsupported)
            throw;
        for (const project::Dimension& dimension : dimensions)
            if (const std::string parameter = parameter_of(dimension); kv.find(parameter) || (parameter == "DATE" && kv.find("DIM_DATE")))
                rows_not_held(context, layer, parameter);
        return nullptr;
    }
}

Fids fids_of(const store::Snapshot& rows, const std::vector<std::uint8_t>& kept)
{
    auto fids = std::make_shared<std::vector<std::int64_t>>();
    for (std::size_t row = 0; row < kept.size(); ++row)
        if (kept[row] != 0)
            fids->push_back(rows.fids[row]);
    std::ranges::sort(*fids);
    return fids;
}

}  // namespace

Fids common(const Fids& a, const Fids& b)
{
    if (!a || !b)
        return a ? a : b;
    auto both = std::make_shared<std::vector<std::int64_t>>();
    std::ranges::set_intersection(*a, *b, std::back_inserter(*both));
    return both;
}

namespace {

Fids fids_by_query(const ows::FaceContext& context, const PublishedLayer& layer, const ows::FeatureQuery& query, std::string_view parameter)
{
    // Where changes cannot be seen the rows are read for this request alone, as WFS does; of a layer that is too large they would be too many.
    if (context.project.watched(layer.name))
        rows_of(context, layer, parameter);
    const ows::Selection selection = ows::select(context, layer, query);
    if (!selection.snapshot)
        rows_not_held(context, layer, parameter);
    auto fids = std::make_shared<std::vector<std::int64_t>>();
    if (selection.rows)
        for (const std::int64_t row : *selection.rows)
            fids->push_back(selection.snapshot->fids[static_cast<std::size_t>(row)]);
    else
        *fids = selection.snapshot->fids;
    std::ranges::sort(*fids);
    return fids;
}

/// What filters of WMS may name: fields that are shown, and the geometry.
class Filter {
public:
    Filter(const ows::FaceContext& context, const PublishedLayer& layer, std::string_view parameter)
        : m_layer(layer), m_type(ows::xml_name(layer.name_of_features())), m_context{context.model, layer, [this](std::string_view reference) { return name_of(reference); }, [this](const std::string& id) { return id_of(id); },
                                    ows::wfs_crs(ows::urn_name(layer.crs.empty() ? "OGC:CRS84" : layer.crs), context.model, parameter), std::string(parameter)}
    {
    }
    const ows::FilterContext& context() const { return m_context; }

private:
    std::string name_of(std::string_view reference) const
    {
        for (const project::PublishedField& field : m_layer.fields)
            if (field.in_wms && field.name == ows::trimmed(reference))
                return field.name;
        if (const auto name = ows::property_in(reference, {m_layer.name, m_type})) {
            for (const project::PublishedField& field : m_layer.fields)
                if (field.in_wms && (field.name == *name || ows::xml_name(field.name) == *name))
                    return field.name;
            if (m_layer.geometry && (name->empty() || *name == m_layer.geometry_name || *name == "geometry" || *name == "geom"))
                return {};
        }
        throw ows::invalid_parameter(m_context.parameter, base::filled({"{0} has no property '{1}'.", "{0} hat keine Eigenschaft '{1}'."}, m_layer.name, base::shortened(std::string(reference), 60)));
    }
    std::optional<std::int64_t> id_of(const std::string& id) const
    {
        const auto dot = id.rfind('.');
        const bool ours = dot != std::string::npos && (id.substr(0, dot) == m_layer.name || id.substr(0, dot) == m_type);
        return ours ? ows::parse_integer(std::string_view(id).substr(dot + 1)) : std::nullopt;
    }

    const PublishedLayer& m_layer;
    std::string m_type;  // as WFS calls it
    ows::FilterContext m_context;
};

ows::PredicatePtr read_text(const std::string& text, const ows::FilterContext& context)
{
    return ows::trimmed(text).starts_with('<') ? ows::read_filter(ows::trimmed(text), context) : ows::read_cql2_text(text, context, ows::Cql2Dialect::qgis);
}

}  // namespace

Fids fids_by_filter(const ows::FaceContext& context, const PublishedLayer& layer, const pugi::xml_node& filter, std::string_view parameter)
{
    return fids_by_query(context, layer, {.where = ows::read_filter(filter, Filter(context, layer, parameter).context())}, parameter);
}

Fids fids_meeting(const ows::FaceContext& context, const PublishedLayer& layer, const std::string& wkt, const ows::CrsName& crs, std::string_view parameter)
{
    const Filter filter(context, layer, parameter);
    ows::FilterBuilder builder(filter.context());
    return fids_by_query(context, layer, {.where = builder.relation(geometry::Relation::intersects, wkt, crs)}, parameter);
}

Fids all_fids(const ows::FaceContext& context, const PublishedLayer& layer)
{
    return fids_by_query(context, layer, {}, "SLD_BODY");
}

std::vector<std::string> choose_rows(const ows::FaceContext& context, const ows::KeyValues& kv, std::vector<MapSpec::Layer>& layers)
{
    const auto selected = selection_of(kv);
    for (const auto& [name, fids] : selected)
        resolve(context.model, name, "SELECTION");
    const Filters filters = filters_of(context, kv);
    Dimensions dimensions(kv, context.run);
    for (MapSpec::Layer& layer : layers) {
        const PublishedLayer& published = *context.model.find(layer.name);
        if (published.type != project::LayerType::vector)
            continue;
        if (const auto found = selected.find(layer.name); found != selected.end())
            layer.selected = found->second;
        if (const auto rows = rows_by_dimensions(context, published, kv)) {
            std::optional<std::vector<std::uint8_t>> kept;
            dimensions.narrow(*rows, published, kept);
            if (kept)
                layer.chosen = fids_of(*rows, *kept);
        }
        if (const auto found = filters.find(layer.name); found != filters.end())
        {
            std::vector<ows::PredicatePtr> parts;
            for (const std::string& filter : found->second)
                parts.push_back(read_text(filter, Filter(context, published, "FILTER").context()));
            layer.chosen = common(layer.chosen, fids_by_query(context, published, {.where = ows::all_of(std::move(parts))}, "FILTER"));
        }
    }
    return dimensions.finish();
}

}  // namespace stadtgdi::wms
