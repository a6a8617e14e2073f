// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/ows/crs_names.hpp>
#include <services/ows/face.hpp>
#include <services/ows/kvp.hpp>
#include <services/render/map_drawer.hpp>
#include <optional>

namespace stadtgdi::wms {

/// The parameters that GetMap and GetFeatureInfo have in common, read once.
struct MapRequest {
    render::MapSpec spec;
    ows::CrsName crs;
    std::vector<render::MapSpec::Layer> layers = {};  ///< as asked for; an SLD makes several of one in `spec`
    double scale_denominator = 0;  ///< by the standard's pixel of 0.28 mm, or the DPI asked for; 0: not known
    std::vector<std::string> warnings = {};  ///< for the header of that name: defaults of dimensions that were used
};

enum class Purpose {
    map,
    place,  ///< features under a pixel of a map
    rows    ///< features that are chosen otherwise: BBOX, WIDTH, HEIGHT and LAYERS may be missing
};
/// For features those of QUERY_LAYERS are among the layers, too.
MapRequest read_map_request(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version, Purpose purpose = Purpose::map);

/// One header for each.
void add_warnings(http::Response& response, const MapRequest& request);

/// The names of LAYERS or LAYER; a comma behind the last one is passed over.
std::vector<std::string> listed_layers(const ows::KeyValues& kv, std::string_view parameter);

/// Of a map of this width; of a geographic CRS in the middle of the box.
double scale_denominator(const std::string& crs, const table::Box& box, int width, double dpi);

/// OptionNotSupported for SLD: nothing is fetched from an address in a request.
void refuse_foreign_styles(const ows::KeyValues& kv);

struct PictureRequest {
    int width = 0, height = 0;
    bool transparent = false;
    std::uint32_t background = 0xffffffff;
    render::ImageFormat format = render::ImageFormat::png;
    std::string mime_type;         ///< as asked for
    int quality = -1;              ///< of JPEG and WebP, 1 to 100; -1: the encoder's
};

int largest_width(const ows::FaceContext& context);
int largest_height(const ows::FaceContext& context);

/// Size, ground and format alone: enough to answer an error inside a picture.
PictureRequest read_picture_request(const ows::FaceContext& context, const ows::KeyValues& kv);

/// "image/png", "image/png; mode=8bit", "image/jpeg", "image/webp" and their short names; nothing for others.
std::optional<render::ImageFormat> image_format(std::string_view name);

/// DPI, MAP_RESOLUTION or FORMAT_OPTIONS=dpi:n; the standard's 90.7 without.
double dots_per_inch(const ows::FaceContext& context, const ows::KeyValues& kv);

}  // namespace stadtgdi::wms
