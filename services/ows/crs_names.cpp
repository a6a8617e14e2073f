// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/crs/crs.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/kvp.hpp>
#include <algorithm>
#include <cmath>

namespace stadtgdi::ows {

namespace {

constexpr std::string_view crs84 = "OGC:CRS84";

std::string normalized_or_empty(std::string_view name)
{
    try {
        return name.size() <= 200 ? crs::normalized(trimmed(name)) : std::string();
    } catch (const base::Error&) {
        return {};
    }
}

base::Text not_offered(std::string_view name)
{
    return base::filled({"CRS '{0}' is not offered; capabilities (WMS, WFS) and collections (OGC API) list those that are.",
                         "Das Koordinatenreferenzsystem '{0}' wird nicht angeboten; welche es gibt, nennen Capabilities (WMS, WFS) und Datensammlungen (OGC API)."},
                        std::string(name));
}

}  // namespace

const std::vector<std::string>& service_crs()
{
    static const std::vector<std::string> list{"EPSG:25833", "EPSG:25832", "EPSG:4258", "EPSG:4326", "OGC:CRS84", "EPSG:3857", "EPSG:3035"};
    return list;
}

std::vector<std::string> offered_crs(const project::ProjectModel& model)
{
    std::vector<std::string> list;
    const auto add = [&](const std::string& code) {
        if (!code.empty() && std::find(list.begin(), list.end(), code) == list.end()) list.push_back(code);
    };
    for (const std::string& code : model.offered_crs) add(normalized_or_empty(code));
    for (const std::string& code : service_crs()) add(code);
    return list;
}

bool is_offered(const project::ProjectModel& model, std::string_view code)
{
    if (std::find(service_crs().begin(), service_crs().end(), code) != service_crs().end()) return true;
    if (std::any_of(model.layers.begin(), model.layers.end(), [&](const project::PublishedLayer& layer) { return layer.crs == code; })) return true;
    return std::any_of(model.offered_crs.begin(), model.offered_crs.end(), [&](const std::string& c) { return c == code || normalized_or_empty(c) == code; });
}

CrsName wfs_crs(std::string_view name, const project::ProjectModel& model, std::string_view locator)
{
    const std::string code = normalized_or_empty(name);
    if (code.empty() || !is_offered(model, code)) throw invalid_parameter(locator, not_offered(name));
    const std::string_view given = trimmed(name);
    const bool official = equal_ignoring_case(given.substr(0, 4), "urn:") || given.find("/def/crs/") != std::string_view::npos;
    return {code, official && code != crs84 && crs::info(code).northing_first, std::string(given)};
}

CrsName wms_crs(std::string_view name, std::string_view version, const project::ProjectModel& model)
{
    const std::string code = normalized_or_empty(name);
    const bool old = version == "1.1.1";
    if (code.empty() || !is_offered(model, code)) throw OwsException(Code::invalid_crs, old ? "SRS" : "CRS", not_offered(name));
    return {code, !old && code != crs84 && crs::info(code).northing_first, std::string(trimmed(name))};
}

std::string wms_name(std::string_view code) { return code == crs84 ? "CRS:84" : std::string(code); }

std::string uri_name(std::string_view code) { return code == crs84 ? "http://www.opengis.net/def/crs/OGC/1.3/CRS84" : crs::uri(code); }

std::string urn_name(std::string_view code) { return code == crs84 ? "urn:ogc:def:crs:OGC:1.3:CRS84" : crs::urn(code); }

int decimals_of(std::string_view code) { return code == crs84 || crs::info(code).geographic ? 8 : 3; }

table::Box parse_box(const std::vector<std::string>& numbers, bool swapped, bool positive, std::string_view locator)
{
    const auto refuse = [&]() -> table::Box {
        throw invalid_parameter(locator, base::filled({"{0} must be four numbers minx,miny,maxx,maxy with the smaller ones first.",
                                                       "{0} muss aus vier Zahlen minx,miny,maxx,maxy bestehen, die kleineren zuerst."},
                                                      std::string(locator)));
    };
    if (numbers.size() != 4 && numbers.size() != 6) return refuse();
    std::vector<double> v;
    for (const std::string& text : numbers) {
        const auto value = parse_number(trimmed(text));
        if (!value || std::abs(*value) > 1e12) return refuse();
        v.push_back(*value);
    }
    if (v.size() == 6) v = {v[0], v[1], v[3], v[4]};
    if (positive ? v[0] >= v[2] || v[1] >= v[3] : v[0] > v[2] || v[1] > v[3]) return refuse();
    return swapped ? table::Box{v[1], v[0], v[3], v[2]} : table::Box{v[0], v[1], v[2], v[3]};
}

table::Box parse_wms_box(std::string_view text, const CrsName& crs)
{
    const auto parts = split(text, ',');
    return parse_box(parts.size() == 4 ? parts : std::vector<std::string>{}, crs.swapped, true, "BBOX");
}

BoxWithCrs parse_wfs_box(std::string_view text, const CrsName& fallback, const project::ProjectModel& model)
{
    auto parts = split(text, ',');
    BoxWithCrs result{table::Box::none(), fallback};
    if (parts.size() == 5 || parts.size() == 7) {
        if (!trimmed(parts.back()).empty()) result.crs = wfs_crs(parts.back(), model, "BBOX");
        parts.pop_back();
    }
    result.box = parse_box(parts, result.crs.swapped, false, "BBOX");
    return result;
}

}  // namespace stadtgdi::ows
