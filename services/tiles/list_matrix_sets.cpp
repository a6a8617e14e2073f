// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/features/page.hpp>
#include <services/ows/crs_names.hpp>
#include <services/ows/reader_text.hpp>
#include <services/tiles/resources.hpp>

#include <layers/crs/crs.hpp>

#include <cmath>

namespace stadtgdi::tiles {

using features::add_self_links;
using features::anchor;
using features::html_escaped;
using features::link;
using features::Page;

namespace {

std::string project_title(const Ask& ask) { return ask.context.model.title.empty() ? ask.context.model.id : ask.context.model.title; }

Json set_json(const Ask& ask, const TileMatrixSet& set)
{
    Json json{{"id", set.id}, {"title", ask.say(set.title)}};
    if (!set.uri.empty())
        json["uri"] = set.uri;
    json["crs"] = ows::uri_name(set.crs);
    json["orderedAxes"] = crs::info(set.crs).northing_first ? Json{"N", "E"} : Json{"E", "N"};
    if (!set.well_known_scale_set.empty())
        json["wellKnownScaleSet"] = set.well_known_scale_set;
    const bool swapped = crs::info(set.crs).northing_first;
    Json matrices = Json::array();
    for (const TileMatrix& matrix : set.matrices)
        matrices.push_back({{"id", matrix.id}, {"scaleDenominator", matrix.scale_denominator}, {"cellSize", matrix.cell_size}, {"cornerOfOrigin", "topLeft"},
                            {"pointOfOrigin", swapped ? Json{set.top, set.left} : Json{set.left, set.top}}, {"tileWidth", tile_size}, {"tileHeight", tile_size},
                            {"matrixWidth", matrix.width}, {"matrixHeight", matrix.height}});
    json["tileMatrices"] = std::move(matrices);
    return json;
}

}  // namespace

http::Response tile_matrix_sets_list(const Ask& asked)
{
    Ask ask = asked;
    ask.html = features::wants_html(ask.context.request);
    features::expect_parameters(ask, {});
    if (ask.html) {
        Page page{ask.say({"Tile matrix sets", "Kachelschemata"}), {{ask.page_url(""), project_title(ask)}}, "<ul class=\"cards\">\n"};
        for (const TileMatrixSet& set : tile_matrix_sets())
            page.content += "<li>" + anchor(ask.page_url("/tileMatrixSets/" + set.id), set.id) + "<p>" + html_escaped(ask.say(set.title) + " · " + set.crs) + "</p></li>\n";
        page.content += "</ul>\n";
        return features::html_response(ask, page);
    }
    Json json{{"links", Json::array()}, {"tileMatrixSets", Json::array()}};
    add_self_links(json["links"], ask);
    for (const TileMatrixSet& set : tile_matrix_sets()) {
        Json one{{"id", set.id}, {"title", ask.say(set.title)}};
        if (!set.uri.empty())
            one["uri"] = set.uri;
        one["crs"] = ows::uri_name(set.crs);
        one["links"] = Json::array({link("self", "application/json", ask.root + "/tileMatrixSets/" + set.id + "?f=json", ask.say(set.title))});
        json["tileMatrixSets"].push_back(std::move(one));
    }
    http::Response response = features::json_response(json);
    response.set_header("Vary", "Accept, Accept-Language");
    return response;
}

http::Response tile_matrix_set(const Ask& asked, const TileMatrixSet& set)
{
    Ask ask = asked;
    ask.html = features::wants_html(ask.context.request);
    features::expect_parameters(ask, {});
    if (!ask.html) {
        http::Response response = features::json_response(set_json(ask, set));
        response.set_header("Vary", "Accept, Accept-Language");
        return response;
    }
    Page page{set.id, {{ask.page_url(""), project_title(ask)}, {ask.page_url("/tileMatrixSets"), ask.say({"Tile matrix sets", "Kachelschemata"})}}, ""};
    page.content = "<p class=\"lead\">" + html_escaped(ask.say(set.title) + " · " + set.crs + " · " + crs::info(set.crs).name) + "</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"" +
                   ask.say({"Levels", "Stufen"}) + "\"><table><thead><tr>";
    page.content += "<th scope=\"col\">" + ask.say({"Level", "Stufe"}) + "</th>";
    for (const base::Text& title : {base::Text{"Scale 1:", "Maßstab 1:"}, base::Text{"Units a pixel", "Einheiten je Pixel"}, base::Text{"Columns", "Spalten"}, base::Text{"Rows", "Zeilen"}})
        page.content += "<th scope=\"col\" class=\"number\">" + ask.say(title) + "</th>";
    page.content += "</tr></thead><tbody>\n";
    for (const TileMatrix& matrix : set.matrices) {
        page.content += "<tr><th scope=\"row\">" + matrix.id + "</th>";
        // Exact numbers are in the JSON.
        for (const std::string& number : {ows::number_text(std::round(matrix.scale_denominator), ask.language), ows::number_text(matrix.cell_size, ask.language), ows::number_text(matrix.width, ask.language),
                                          ows::number_text(matrix.height, ask.language)})
            page.content += "<td class=\"number\">" + number + "</td>";
        page.content += "</tr>\n";
    }
    page.content += "</tbody></table></div>\n";
    return features::html_response(ask, page);
}

}  // namespace stadtgdi::tiles
