// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include "decoded_tile.hpp"
#include <services/render/map_drawer.hpp>
#include <services/tiles/tile_cache.hpp>
#include <services/tiles/tiles.hpp>
#include <tests/support/fake_project.hpp>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <cmath>

namespace stadtgdi::testing {

using Json = nlohmann::json;

/// Every pixel tells where on the ground it lies (its 28 m square), so that tiles can be checked without QGIS; keeps what it was asked for.
class GroundDrawer : public render::MapDrawer {
public:
    render::Image draw(const render::MapSpec& spec, base::RunContext&) override
    {
        asked.push_back(spec);
        render::Image image{spec.width, spec.height, std::vector<std::uint8_t>(4 * static_cast<std::size_t>(spec.width) * static_cast<std::size_t>(spec.height))};
        const double cell = (spec.box.xmax - spec.box.xmin) / spec.width;
        for (int y = 0; y < spec.height; ++y)
            for (int x = 0; x < spec.width; ++x) {
                std::uint8_t* pixel = image.pixels.data() + 4 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(spec.width) + static_cast<std::size_t>(x));
                const long long column = std::llround((spec.box.xmin + (x + 0.5) * cell) / 28), row = std::llround((spec.box.ymax - (y + 0.5) * cell) / 28);
                pixel[0] = static_cast<std::uint8_t>(column & 0xff);
                pixel[1] = static_cast<std::uint8_t>(row & 0xff);
                pixel[2] = static_cast<std::uint8_t>((column >> 8) * 16 + (row >> 8));
                pixel[3] = 0xff;
            }
        return image;
    }
    render::Image draw_legend(const render::LegendSpec&, base::RunContext&) override { return {}; }
    render::Image draw_text(const std::string&, int, int, bool, std::uint32_t) override { return {}; }
    bool depends_on_window(const render::MapSpec&, base::RunContext&) override { return labels; }

    std::vector<render::MapSpec> asked;
    bool labels = false;
};

class TileTown : public FakeProject {
public:
    render::MapDrawer& drawer() const override { return ground; }
    bool watched(const std::string&) const override { return is_watched; }
    mutable GroundDrawer ground;
    bool is_watched = true;
};

/// Trees every 10 m from (700000, 5690000) in UTM 32, a parcel of 100 m, a table.
inline TileTown tile_town()
{
    TileTown town;
    town.edit().crs = "EPSG:25832";
    town.edit().tree.name = town.edit().root_name;
    table::TableBuilder b({{{"name", table::Type::text}, {"secret", table::Type::text}}, table::GeometryField{"geom", table::GeometryKind::point, "EPSG:25832", false}});
    for (int i = 0; i < 20; ++i) {
        b.column(0).add(i % 2 == 0 ? "Linde" : "Ahorn");
        b.column(1).add("secret");
        b.geometry().add_point(700000 + 10.0 * i, 5690000);
        b.end_row();
    }
    town.add("bäume", std::move(b).finish()).title = "Bäume";
    town.edit().layers.back().fields[1].in_wfs = false;
    table::TableBuilder parcels({{}, table::GeometryField{"geom", table::GeometryKind::polygon, "EPSG:25832", false}});
    parcels.geometry().begin_row();
    parcels.geometry().begin_ring();
    for (const auto& [x, y] : {std::pair{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}})
        parcels.geometry().add(700000 + x, 5690000 + y);
    parcels.end_row();
    project::PublishedLayer& layer = town.add("parcels", std::move(parcels).finish());
    layer.styles = {"default", "grey"};
    layer.queryable = false;
    table::TableBuilder names({{{"code", table::Type::text}}, {}});
    names.column(0).add("x");
    names.end_row();
    town.add("names", std::move(names).finish());
    return town;
}

struct Answer {
    int status = 0;
    std::string type, body, etag;
    std::vector<std::pair<std::string, std::string>> headers;
    Json json() const { return Json::parse(body, nullptr, false); }
    std::string header(const std::string& name) const
    {
        for (const auto& [key, value] : headers)
            if (key == name)
                return value;
        return {};
    }
    bool has(const std::string& text) const { return body.find(text) != std::string::npos; }
};

inline Answer answer_of(const http::Response& response) { return {response.status, response.content_type, body_of(response), response.etag, response.headers}; }

inline Answer ask(const FakeProject& project, const std::string& below, std::vector<std::pair<std::string, std::string>> headers = {})
{
    FakeFace face(project, "/town" + below, std::move(headers));
    return answer_of(tiles::handle(face.context()));
}

}  // namespace stadtgdi::testing
