// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/wms/row_choice.hpp>

#include <services/ows/exception.hpp>
#include <services/ows/fes_filter.hpp>
#include <services/ows/selection.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wms/dimensions.hpp>
#include <services/wms/layers.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace stadtgdi::wms {

using project::PublishedLayer;
using render::MapSpec;

namespace {

constexpr std::size_t most_selected = 10'000;

std::shared_ptr<const store::Snapshot> rows_of(const ows::FaceContext& context, const PublishedLayer& layer, std::string_view parameter)
{
    try {
        return context.project.snapshot(layer.name, context.run);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::unsupported)
            throw;
        throw ows::OwsException(ows::Code::option_not_supported, parameter,
                                base::filled({"Layer '{0}' is too large to choose rows of it.", "Der Layer '{0}' ist zu groß, um Objekte daraus auszuwählen."}, layer.name));
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

/// One dimension may be that of several layers; a value is wrong only where it fits none of them.
class Dimensions {
public:
    explicit Dimensions(const ows::KeyValues& kv) : m_kv(kv) {}

    void narrow(const store::Snapshot& rows, const PublishedLayer& layer, std::optional<std::vector<std::uint8_t>>& kept)
    {
        for (const project::Dimension& dimension : offered_dimensions(layer)) {
            const DimensionChoice choice = choose(rows, dimension, m_kv);
            const std::string parameter = parameter_of(dimension);
            bool& fits = m_fits.try_emplace(parameter, false).first->second;
            fits = fits || choice.in_extent;
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
    std::map<std::string, bool> m_fits;
    std::set<std::string> m_warnings;
};

std::shared_ptr<const std::vector<std::int64_t>> fids_of(const store::Snapshot& rows, const std::vector<std::uint8_t>& kept)
{
    auto fids = std::make_shared<std::vector<std::int64_t>>();
    for (std::size_t row = 0; row < kept.size(); ++row)
        if (kept[row] != 0)
            fids->push_back(rows.fids[row]);
    std::ranges::sort(*fids);
    return fids;
}

std::shared_ptr<const std::vector<std::int64_t>> fids_by_query(const ows::FaceContext& context, const PublishedLayer& layer, const ows::FeatureQuery& query, std::string_view parameter)
{
    rows_of(context, layer, parameter);
    const ows::Selection selection = ows::select(context, layer, query);
    auto fids = std::make_shared<std::vector<std::int64_t>>();
    if (selection.rows)
        for (const std::int64_t row : *selection.rows)
            fids->push_back(selection.snapshot->fids[static_cast<std::size_t>(row)]);
    else
        *fids = selection.snapshot->fids;
    std::ranges::sort(*fids);
    return fids;
}

ows::FeatureQuery read_query(const ows::FaceContext& context, const PublishedLayer& layer, std::string_view xml, std::string_view parameter)
{
    const auto names = [&](std::string_view reference) -> std::string {
        std::string_view name = ows::trimmed(reference);
        if (const auto colon = name.rfind(':'); colon != std::string_view::npos)
            name.remove_prefix(colon + 1);
        for (const project::PublishedField& field : layer.fields)
            if (field.in_wms && (field.name == name || ows::xml_name(field.name) == name))
                return field.name;
        if (layer.geometry && (name == layer.geometry_name || name == "geometry" || name == "geom"))
            return {};
        throw ows::invalid_parameter(parameter, base::filled({"{0} has no property '{1}'.", "{0} hat keine Eigenschaft '{1}'."}, layer.name, std::string(reference)));
    };
    const auto ids = [&](const std::string& id) -> std::optional<std::int64_t> {
        return id.starts_with(layer.name + ".") ? ows::parse_integer(std::string_view(id).substr(layer.name.size() + 1)) : std::nullopt;
    };
    ows::FeatureQuery query;
    const ows::CrsName native = ows::wfs_crs(ows::urn_name(layer.crs.empty() ? "OGC:CRS84" : layer.crs), context.model, parameter);
    ows::read_filter(xml, native, context.model, names, ids, query);
    return query;
}

}  // namespace

std::shared_ptr<const std::vector<std::int64_t>> fids_by_filter(const ows::FaceContext& context, const PublishedLayer& layer, const pugi::xml_node& filter, std::string_view parameter)
{
    std::ostringstream xml;
    filter.print(xml, "", pugi::format_raw);
    return fids_by_query(context, layer, read_query(context, layer, xml.str(), parameter), parameter);
}

std::shared_ptr<const std::vector<std::int64_t>> all_fids(const ows::FaceContext& context, const PublishedLayer& layer)
{
    return fids_by_query(context, layer, {}, "SLD_BODY");
}

std::vector<std::string> choose_rows(const ows::FaceContext& context, const ows::KeyValues& kv, std::vector<MapSpec::Layer>& layers)
{
    const auto selected = selection_of(kv);
    for (const auto& [name, fids] : selected)
        resolve(context.model, name, "SELECTION");
    Dimensions dimensions(kv);
    for (MapSpec::Layer& layer : layers) {
        const PublishedLayer& published = *context.model.find(layer.name);
        if (const auto found = selected.find(layer.name); found != selected.end() && published.type == project::LayerType::vector)
            layer.selected = found->second;
        if (published.dimensions.empty())
            continue;
        const auto rows = rows_of(context, published, "TIME");
        std::optional<std::vector<std::uint8_t>> kept;
        dimensions.narrow(*rows, published, kept);
        if (kept)
            layer.chosen = fids_of(*rows, *kept);
    }
    return dimensions.finish();
}

}  // namespace stadtgdi::wms
