// SPDX-License-Identifier: GPL-2.0-or-later
#include <layers/statgrid/operations.hpp>
#include <layers/crs/transform.hpp>
#include <layers/geometry/overlay.hpp>
#include <layers/operation/zones.hpp>
#include <layers/statgrid/make_grid.hpp>

namespace stadtgdi::statgrid {

namespace {

using operation::Inputs;
using operation::Kind;
using operation::Results;
constexpr const char* grid_crs = "EPSG:3035";

/// A point on the far border of a point layer's extent must have its cell, too.
bool needs_far_border(const table::Table& layer)
{
    const auto kind = table::single_of(layer.geometry().kind());
    return kind != table::GeometryKind::polygon;
}

table::Box extent_of(const table::Table& layer, base::RunContext& run)
{
    if (layer.geometry().crs().empty())
        throw Error(ErrorKind::invalid_argument, {"The layer has no CRS, so its place in the grid is unknown.",
                                                  "Der Layer hat kein Koordinatensystem, seine Lage im Gitter ist daher unbekannt."});
    const table::Box box = crs::transformed(layer.geometry(), grid_crs, run).extent();
    if (box.empty())
        throw Error(ErrorKind::invalid_argument, {"The layer has no geometry to lay the grid over.", "Der Layer hat keine Geometrie, über die das Gitter gelegt werden könnte."});
    return box;
}

Results run_make_grid(const Inputs& in, base::RunContext& run)
{
    const std::int64_t size_m = std::stoll(in.text("cell_size_m"));
    const std::int64_t max_cells = in.integer("max_cells");
    std::optional<operation::Zones> zones;
    if (in.has("zones")) zones = operation::prepared_zones(in.table("zones"), grid_crs, "zones", run);

    table::Box extent{};
    bool with_far_border = false;
    if (in.has("extent")) {
        extent = crs::transformed(in.extent("extent"), in.text("extent_crs"), grid_crs);
    } else if (in.has("layer")) {
        extent = extent_of(in.table("layer"), run);
        with_far_border = needs_far_border(in.table("layer"));
    } else {
        extent = zones->geometry.extent();
    }
    const CellBlock block = cells_over(extent, size_m, max_cells, with_far_border);
    const std::string prefix = in.has("country") ? in.text("country") + "_" : "";
    Results results;
    if (zones) {
        run.progress(0.3, {"Clipping to the zones", "Zuschneiden auf die Zonen"});
        // Zones that overlap one another must count once.
        const std::vector<double> shares = cell_shares(geometry::unioned(zones->geometry, run), block);
        results.tables["cells"] = grid_table(block, &shares, run, prefix);
    } else {
        results.tables["cells"] = grid_table(block, nullptr, run, prefix);
    }
    return results;
}

void check_make_grid(const Inputs& in)
{
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (in.has("country"))
        if (const std::string& country = in.text("country"); country.size() != 2 || !is_capital(country[0]) || !is_capital(country[1]))
            throw Error(ErrorKind::invalid_argument, base::filled({"Parameter 'country': found '{0}', expected two capital letters such as DE.",
                                                                   "Parameter 'country': gefunden '{0}', erwartet zwei Großbuchstaben wie DE."}, country));
    if (!in.has("layer") && !in.has("extent") && !in.has("zones"))
        throw Error(ErrorKind::invalid_argument, {"statgrid.make_grid needs 'extent', 'layer' or 'zones' to know where the cells go.",
                                                  "statgrid.make_grid braucht 'extent', 'layer' oder 'zones', um zu wissen, wo die Zellen liegen sollen."});
}

std::vector<operation::Choice> size_choices()
{
    std::vector<operation::Choice> choices;
    for (const std::int64_t size : cell_sizes_m) {
        const std::string label = size >= 1000 ? std::to_string(size / 1000) + " km" : std::to_string(size) + " m";
        choices.push_back({std::to_string(size), base::Text::same(label)});
    }
    return choices;
}

}  // namespace

operation::Operation make_grid_operation()
{
    operation::Operation op;
    op.id = "statgrid.make_grid";
    op.title = {"Make statistical grid", "Statistisches Gitter erzeugen"};
    op.abstract = {"Makes the cells of the European statistical grid (EPSG:3035) over an extent, a layer or zones, with their official codes: the long "
                   "form `CRS3035RES{size}mN{north}E{east}` of the lower left corner and the short form, which leaves out as many zeros as the size in metres "
                   "ends with (250 m: one zero). Cells are half open: `[e, e + size) x [n, n + size)`. With zones only cells that have a share in them are "
                   "made, and `share_in_zone` gives that share of the cell's area, counting overlapping zones once.",
                   "Erzeugt die Zellen des europäischen statistischen Gitters (EPSG:3035) über einer Ausdehnung, einem Layer oder Zonen, mit ihren amtlichen "
                   "Kennungen: der Langform `CRS3035RES{Größe}mN{Nord}E{Ost}` der linken unteren Ecke und der Kurzform, in der so viele Nullen wegfallen, wie "
                   "die Zellgröße in Metern am Ende hat (250 m: eine Null). Zellen sind halboffen: `[e, e + Größe) x [n, n + Größe)`. Mit Zonen entstehen nur "
                   "Zellen, die einen Anteil an ihnen haben; `share_in_zone` nennt diesen Anteil der Zellfläche, überlappende Zonen zählen einfach."};
    op.source = "VO (EU) 2018/1799 Art. 3; GeoGitter (BKG)";
    op.parameters = {
        {.name = "cell_size_m", .kind = Kind::choice, .label = {"Cell size", "Zellgröße"}, .help = {"Side of a cell.", "Seitenlänge einer Zelle."}, .unit = "m", .fallback = std::string("1000"), .choices = size_choices()},
        {.name = "extent", .kind = Kind::extent, .label = {"Extent", "Ausdehnung"}, .help = {"Box that the cells cover; goes before the layer.", "Rechteck, das die Zellen bedecken; geht dem Layer vor."}, .optional = true, .of = "extent_crs"},
        {.name = "extent_crs", .kind = Kind::crs, .label = {"CRS of the extent", "Koordinatensystem der Ausdehnung"}, .help = {}, .fallback = std::string(grid_crs)},
        {.name = "layer", .kind = Kind::layer, .label = {"Layer to cover", "Zu bedeckender Layer"}, .help = {"Its extent is covered.", "Seine Ausdehnung wird bedeckt."}, .optional = true, .geometry = operation::Geometry::any},
        {.name = "zones", .kind = Kind::layer, .label = {"Zones to clip to", "Zonen zum Zuschneiden"},
         .help = {"Only cells with a share in these areas are made.", "Nur Zellen mit einem Anteil an diesen Flächen entstehen."},
         .optional = true, .geometry = operation::Geometry::polygon, .suggested_layer = "districts_district"},
        {.name = "country", .kind = Kind::text, .label = {"Country before the code", "Land vor der Kennung"},
         .help = {"DE gives DE_CRS3035RES..., the form of deliveries by VO (EU) 2018/1799; without it there is no prefix.",
                  "DE ergibt DE_CRS3035RES..., die Form der Lieferungen nach VO (EU) 2018/1799; ohne Angabe steht nichts davor."},
         .optional = true},
        {.name = "max_cells", .kind = Kind::integer, .label = {"Most cells", "Höchstzahl der Zellen"},
         .help = {"More cells are refused before any is made.", "Mehr Zellen werden abgelehnt, bevor eine entsteht."},
         .minimum = 1, .maximum = 20'000'000, .fallback = std::int64_t{2'000'000}},
    };
    operation::Output cells;
    cells.name = "cells";
    cells.label = {"Grid cells", "Gitterzellen"};
    cells.geometry = operation::Geometry::polygon;
    cells.fields = {
        {"cell_code", table::Type::text, {"Cell code", "Zellkennung"}},
        {"cell_code_short", table::Type::text, {"Short code", "Kurzkennung"}},
        {"size_m", table::Type::int64, {"Cell size", "Zellgröße"}, "m"},
        {"east_m", table::Type::int64, {"Easting of the lower left corner", "Ostwert der linken unteren Ecke"}, "m"},
        {"north_m", table::Type::int64, {"Northing of the lower left corner", "Nordwert der linken unteren Ecke"}, "m"},
        {"share_in_zone", table::Type::float64, {"Share of the cell in the zones (0 to 1; only with zones)", "Anteil der Zelle an den Zonen (0 bis 1; nur mit Zonen)"}},
    };
    op.outputs = {cells};
    op.check_more = check_make_grid;
    op.run = run_make_grid;
    return op;
}

}  // namespace stadtgdi::statgrid
