// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/base/error.hpp>
#include <layers/base/parallel_for.hpp>
#include <layers/crs/detail/proj_handle.hpp>
#include <layers/crs/transform.hpp>
#include <cmath>
#include <limits>
#include <map>

namespace stadtgdi::crs {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// With x first OGC:CRS84 is EPSG:4326, to which PROJ's database knows the ways that use grids; to the former it takes one that may be a metre off.
const char* proj_name(const std::string& code)
{
    return code == "OGC:CRS84" ? "EPSG:4326" : code.c_str();
}

/// The transformation of this thread, made once per pair of codes; x is easting or longitude on both sides.
PJ* pipeline(const std::string& from, const std::string& to)
{
    PJ_CONTEXT* const ctx = detail::context();  // made first, so destroyed after the cache
    static thread_local std::map<std::pair<std::string, std::string>, detail::PjHandle> cache;
    const auto key = std::pair(from, to);
    if (const auto found = cache.find(key); found != cache.end()) return found->second.get();
    const detail::PjHandle official(proj_create_crs_to_crs(ctx, proj_name(from), proj_name(to), nullptr));
    detail::PjHandle normal(official ? proj_normalize_for_visualization(ctx, official.get()) : nullptr);
    if (!normal)
        throw Error(ErrorKind::unsupported, base::filled({"There is no transformation from {0} to {1}.", "Es gibt keine Transformation von {0} nach {1}."}, from, to));
    if (cache.size() >= 256) cache.clear();  // a server may be asked for any pair
    return cache.emplace(key, std::move(normal)).first->second.get();
}

void transform_piece(const std::string& from, const std::string& to, std::span<double> x, std::span<double> y)
{
    PJ* const pj = pipeline(from, to);
    proj_errno_reset(pj);
    constexpr std::size_t step = sizeof(double);
    proj_trans_generic(pj, PJ_FWD, x.data(), step, x.size(), y.data(), step, y.size(), nullptr, 0, 0, nullptr, 0, 0);
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!std::isfinite(x[i]) || !std::isfinite(y[i])) x[i] = y[i] = nan;  // PROJ writes infinity where it fails
}

}  // namespace

void transform(std::string_view from, std::string_view to, std::span<double> x, std::span<double> y, base::RunContext& run)
{
    const std::string source = normalized(from), target = normalized(to);
    if (x.size() != y.size())
        throw Error(ErrorKind::internal, {"x and y to be transformed differ in length.", "Zu transformierende x und y sind verschieden lang."});
    if (source == target) return;
    base::parallel_for(run, x.size(), 4096, [&](std::size_t begin, std::size_t end) {
        transform_piece(source, target, x.subspan(begin, end - begin), y.subspan(begin, end - begin));
    });
}

table::GeometryColumn transformed(const table::GeometryColumn& geometry, std::string_view to, base::RunContext& run)
{
    if (geometry.crs().empty())
        throw Error(ErrorKind::invalid_argument, {"The geometry names no coordinate reference system, so it cannot be transformed.",
                                                  "Die Geometrie nennt kein Koordinatenreferenzsystem und lässt sich nicht transformieren."});
    const std::string target = normalized(to);
    if (normalized(geometry.crs()) == target) return geometry;
    std::vector<double> x(geometry.x().begin(), geometry.x().end()), y(geometry.y().begin(), geometry.y().end());
    crs::transform(geometry.crs(), target, x, y, run);
    return geometry.with_coordinates(target, std::move(x), std::move(y));
}

table::Table transformed(const table::Table& table, std::string_view to, base::RunContext& run)
{
    if (!table.has_geometry()) return table;
    return table.with_geometry(transformed(table.geometry(), to, run), table.schema().geometry->name);
}

table::Box transformed(const table::Box& box, std::string_view from, std::string_view to)
{
    const std::string source = normalized(from), target = normalized(to);
    if (source == target || box.empty()) return box;
    constexpr int per_side = 21;  // points between two corners
    std::vector<double> x, y;
    for (int i = 0; i <= per_side + 1; ++i) {
        const double share = i / (per_side + 1.0);
        const double across = box.xmin + share * (box.xmax - box.xmin), along = box.ymin + share * (box.ymax - box.ymin);
        for (const double edge : {box.ymin, box.ymax}) {
            x.push_back(across);
            y.push_back(edge);
        }
        for (const double edge : {box.xmin, box.xmax}) {
            x.push_back(edge);
            y.push_back(along);
        }
    }
    transform_piece(source, target, x, y);
    table::Box out = table::Box::none();
    for (std::size_t i = 0; i < x.size(); ++i) out.grow(x[i], y[i]);
    return out;
}

}  // namespace stadtgdi::crs
