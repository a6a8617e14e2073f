// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <services/features/ask.hpp>

namespace stadtgdi::features {

// One function a resource.
http::Response landing_page(const Ask& ask);
http::Response api_description(const Ask& ask);
http::Response conformance(const Ask& ask);
http::Response collections(const Ask& ask);
http::Response collection(const Ask& ask, const project::PublishedLayer& layer);
http::Response queryables(const Ask& ask, const project::PublishedLayer& layer);
http::Response sortables(const Ask& ask, const project::PublishedLayer& layer);
http::Response schema(const Ask& ask, const project::PublishedLayer& layer);
http::Response items(const Ask& ask, const project::PublishedLayer& layer, const Format& format);
http::Response item(const Ask& ask, const project::PublishedLayer& layer, const std::string& id);

/// What the features of a layer come as, one each: GeoJSON first, FlatGeobuf where they have places.
std::vector<Format> item_encodings(const project::PublishedLayer& layer);
/// The same by every media type that may ask for them.
std::vector<Format> item_formats(const project::PublishedLayer& layer);
/// The layers that are collections; what else the project has answers 404 like what it has not.
std::vector<const project::PublishedLayer*> collection_layers(const project::ProjectModel& model);
/// Problem(404) where it has none of the name.
const project::PublishedLayer& collection_named(const project::ProjectModel& model, const std::string& name);
Problem nothing_here();
const std::string& title_of(const project::PublishedLayer& layer);
std::string label_of(const project::PublishedField& field);
/// Title, link and description of a collection in a list of them, as HTML.
std::string collection_card(const Ask& ask, const project::PublishedLayer& layer);
/// "/collections/trees"
std::string collection_path(const project::PublishedLayer& layer);
/// Whether the project has tiles of its data, and of its picture.
bool has_vector_tiles(const project::ProjectModel& model);
bool has_map_tiles(const project::ProjectModel& model);
/// To the tiles of a collection, or of the project ("").
std::vector<Json> tile_links(const Ask& ask, const std::string& path, bool data, bool map);
/// Fields that are shown and may be asked for by their value.
std::vector<const project::PublishedField*> shown_fields(const project::PublishedLayer& layer);
/// What filters call the geometry; empty: there is none, or fields have its names.
std::string geometry_name(const project::PublishedLayer& layer);
/// Names that are parameters of items already.
bool is_reserved(std::string_view parameter);
/// The date or time that `datetime` is compared with: the first such field. nullptr: none.
const project::PublishedField* time_field(const project::PublishedLayer& layer);
/// "{"name":{"type":...}}" of the JSON schema of a feature's properties.
Json property_schemas(const Ask& ask, const project::PublishedLayer& layer);
constexpr std::string_view queryables_rel = "http://www.opengis.net/def/rel/ogc/1.0/queryables";
/// URIs of the CRS a collection is offered in, CRS84 first.
std::vector<std::string> crs_uris(const Ask& ask, const project::PublishedLayer& layer);

}  // namespace stadtgdi::features
