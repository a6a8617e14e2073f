// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/crs/crs.hpp>
#include <layers/crs/detail/proj_handle.hpp>
#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <shared_mutex>

namespace stadtgdi::crs {

namespace {

struct Context {
    PJ_CONTEXT* handle = proj_context_create();
    Context() { proj_log_level(handle, PJ_LOG_NONE); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;
    ~Context() { proj_context_destroy(handle); }
};

std::string lower(std::string_view text)
{
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

[[noreturn]] void malformed(std::string_view name)
{
    throw Error(ErrorKind::invalid_argument,
                base::filled({"'{0}' is not the name of a coordinate reference system; write it like EPSG:25833.",
                              "'{0}' ist kein Name eines Koordinatenreferenzsystems; Schreibweise zum Beispiel EPSG:25833."},
                             name));
}

bool is_code(std::string_view text)
{
    return !text.empty() && text.size() <= 8 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Of digits only; "EPSG:025833" is no other CRS.
std::string epsg_code(std::string_view code)
{
    const auto first = std::min(code.find_first_not_of('0'), code.size() - 1);
    return "EPSG:" + std::string(code.substr(first));
}

/// "EPSG:25833" or "OGC:CRS84"; whether PROJ knows it is another question.
std::string canonical(std::string_view name)
{
    std::string_view text = name;
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    const std::string low = lower(text);
    const std::string_view view = low;
    if (view == "crs:84" || view == "ogc:crs84" || view == "crs84") return "OGC:CRS84";
    if (view.starts_with("urn:ogc:def:crs:") || view.starts_with("urn:x-ogc:def:crs:")) {
        // urn:ogc:def:crs:<authority>:<version>:<code>
        const auto code_at = view.rfind(':');
        const bool epsg = view.find(":crs:epsg:") != std::string_view::npos, ogc = view.find(":crs:ogc:") != std::string_view::npos;
        if (epsg && is_code(view.substr(code_at + 1))) return epsg_code(view.substr(code_at + 1));
        if (ogc && (view.substr(code_at + 1) == "crs84" || view.substr(code_at + 1) == "84")) return "OGC:CRS84";
        malformed(name);
    }
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!view.starts_with(scheme)) continue;
        const std::string_view rest = view.substr(scheme.size());
        constexpr std::string_view gml = "www.opengis.net/gml/srs/epsg.xml#", def = "www.opengis.net/def/crs/";
        if (rest.starts_with(gml) && is_code(rest.substr(gml.size()))) return epsg_code(rest.substr(gml.size()));
        if (rest.starts_with(def)) {
            const std::string_view path = rest.substr(def.size());  // epsg/0/25833
            const std::string_view code = path.substr(path.rfind('/') + 1);
            if (path.starts_with("epsg/") && std::count(path.begin(), path.end(), '/') == 2 && is_code(code)) return epsg_code(code);
            if (path.starts_with("ogc/") && code == "crs84") return "OGC:CRS84";
        }
        malformed(name);
    }
    if (view.starts_with("epsg:") && is_code(view.substr(view.rfind(':') + 1)) && view.find_first_not_of(':', 4) == view.rfind(':') + 1)
        return epsg_code(view.substr(view.rfind(':') + 1));
    malformed(name);
}

[[noreturn]] void unknown(const std::string& code)
{
    throw Error(ErrorKind::not_found, base::filled({"The coordinate reference system {0} is not known.", "Das Koordinatenreferenzsystem {0} ist nicht bekannt."}, code));
}

bool is_northing_first(const PJ* crs)
{
    // Of a bound or compound CRS the horizontal part has the coordinate system.
    PJ_CONTEXT* const ctx = detail::context();
    detail::PjHandle part;
    if (proj_get_type(crs) == PJ_TYPE_COMPOUND_CRS) part.reset(proj_crs_get_sub_crs(ctx, crs, 0));
    if (proj_get_type(crs) == PJ_TYPE_BOUND_CRS) part.reset(proj_get_source_crs(ctx, crs));
    const detail::PjHandle system(proj_crs_get_coordinate_system(ctx, part ? part.get() : crs));
    const char* direction = nullptr;
    if (!system || proj_cs_get_axis_info(ctx, system.get(), 0, nullptr, nullptr, &direction, nullptr, nullptr, nullptr, nullptr) == 0) return false;
    if (!direction) return false;
    const std::string_view first = direction;
    if (first == "north") return true;
    if (first != "south") return false;
    // Both axes of polar systems point south or north; there the name decides.
    const char* name = nullptr;
    proj_cs_get_axis_info(ctx, system.get(), 0, &name, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
    return name && lower(name).find("northing") != std::string::npos;
}

double metres_per_unit(const PJ* crs, bool geographic)
{
    constexpr double equator_m = 6378137.0 * 2 * 3.14159265358979323846;
    if (geographic) return equator_m / 360;
    PJ_CONTEXT* const ctx = detail::context();
    const detail::PjHandle system(proj_crs_get_coordinate_system(ctx, crs));
    double factor = 1;
    if (system) proj_cs_get_axis_info(ctx, system.get(), 0, nullptr, nullptr, nullptr, &factor, nullptr, nullptr, nullptr);
    return factor;
}

CrsInfo make_info(const std::string& code)
{
    const detail::PjHandle crs = detail::crs_handle(code);
    if (!crs) unknown(code);
    CrsInfo out;
    out.code = code;
    const char* name = proj_get_name(crs.get());
    out.name = name ? name : code;
    const PJ_TYPE type = proj_get_type(crs.get());
    out.geographic = type == PJ_TYPE_GEOGRAPHIC_2D_CRS || type == PJ_TYPE_GEOGRAPHIC_3D_CRS;
    const bool usable = out.geographic || type == PJ_TYPE_PROJECTED_CRS || type == PJ_TYPE_COMPOUND_CRS || type == PJ_TYPE_BOUND_CRS;
    if (!usable) unknown(code);  // geocentric or vertical: not for maps
    out.northing_first = is_northing_first(crs.get());
    out.metres_per_unit = metres_per_unit(crs.get(), out.geographic);
    double west = 0, south = 0, east = 0, north = 0;
    out.area_of_use = {-180, -90, 180, 90};
    if (proj_get_area_of_use(detail::context(), crs.get(), &west, &south, &east, &north, nullptr) != 0 && west > -1000) {
        if (east < west) east += 360;  // across the date line
        out.area_of_use = {west, south, east, north};
    }
    return out;
}

}  // namespace

PJ_CONTEXT* detail::context()
{
    static thread_local const Context own;
    return own.handle;
}

detail::PjHandle detail::crs_handle(const std::string& code)
{
    const auto colon = code.find(':');
    return PjHandle(proj_create_from_database(context(), code.substr(0, colon).c_str(), code.substr(colon + 1).c_str(), PJ_CATEGORY_CRS, 0, nullptr));
}

const CrsInfo& info(std::string_view name)
{
    // Grows only, never shrinks: references into a std::map stay good. Names as written are cached beside codes.
    static std::shared_mutex mutex;
    static std::map<std::string, CrsInfo, std::less<>> by_code;
    static std::map<std::string, const CrsInfo*, std::less<>> by_name;
    {
        const std::shared_lock lock(mutex);
        if (const auto found = by_name.find(name); found != by_name.end()) return *found->second;
    }
    const std::string code = canonical(name);
    const auto known = [&] {
        const std::shared_lock lock(mutex);
        const auto found = by_code.find(code);
        return found != by_code.end() ? &found->second : nullptr;
    };
    std::optional<CrsInfo> made;
    if (!known()) made = make_info(code);  // without the lock: two threads may both ask PROJ, the first one's answer stays
    const std::unique_lock lock(mutex);
    const CrsInfo& kept = made ? by_code.try_emplace(code, std::move(*made)).first->second : by_code.find(code)->second;
    if (by_name.size() < 10000) by_name.emplace(std::string(name), &kept);  // names come from requests: bounded
    return kept;
}

std::string normalized(std::string_view name)
{
    return info(name).code;
}

void require_metric(std::string_view code, std::string_view what)
{
    if (code.empty())
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"{0} needs a coordinate reference system in metres, such as EPSG:25833; the data name none.",
                                  "{0} braucht ein Koordinatenreferenzsystem in Metern, etwa EPSG:25833; die Daten nennen keines."},
                                 what));
    const CrsInfo& crs = info(code);
    if (crs.geographic || crs.metres_per_unit != 1.0)
        throw Error(ErrorKind::invalid_argument,
                    base::filled({"{0} needs a coordinate reference system in metres, such as EPSG:25833; {1} ({2}) is not.",
                                  "{0} braucht ein Koordinatenreferenzsystem in Metern, etwa EPSG:25833; {1} ({2}) ist keines."},
                                 what, crs.code, crs.name));
}

std::string urn(std::string_view code)
{
    const std::string plain = canonical(code);
    return plain == "OGC:CRS84" ? "urn:ogc:def:crs:OGC:1.3:CRS84" : "urn:ogc:def:crs:EPSG::" + plain.substr(5);
}

std::string uri(std::string_view code)
{
    const std::string plain = canonical(code);
    return plain == "OGC:CRS84" ? "http://www.opengis.net/def/crs/OGC/1.3/CRS84" : "http://www.opengis.net/def/crs/EPSG/0/" + plain.substr(5);
}

}  // namespace stadtgdi::crs
