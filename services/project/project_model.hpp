// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once
#include <layers/base/text.hpp>
#include <layers/catalogue/layer_family.hpp>
#include <layers/table/schema.hpp>
#include <services/project/seen_rows.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace stadtgdi::project {

/// A QGIS project (.qgz, .qgs) read through QGIS into plain values; made on the main thread, then read by any.
/// Nothing in here is a source, path or connection: those stay with QGIS.
/// A field of another layer of the model, by names.
struct FieldName {
    std::string layer, field;
};

struct PublishedField {
    std::string name;
    std::string alias;            ///< "" where there is none
    table::Type type = table::Type::text;
    int length = 0;
    bool in_wms = true, in_wfs = true;   ///< QGIS: HideFromWms, HideFromWfs
    std::vector<std::pair<std::string, std::string>> codes = {};   ///< value map: stored value, label
    int precision = 0;
    std::string source_type = {}, editor = {}, comment = {};  ///< as the source and QGIS name them: "Integer64", "TextEdit"
    catalogue::Disclosure disclosure = catalogue::Disclosure::open; ///< of its own, or of what it is joined or worked out from
    std::vector<FieldName> made_of = {};    ///< others that it is joined or worked out from
    std::vector<FieldName> codes_from = {}; ///< those that `codes` were read from, of one layer
    bool in_form = true;                    ///< false: left out of feature information, which goes by the layer's form
};

/// A dimension of WMS: rows are chosen by the values of a field, or by the span between two.
struct Dimension {
    std::string name;             ///< "time", "elevation" or one of the project's own; without the "DIM_" of requests
    std::string field, end_field; ///< `end_field` is empty where rows have one value
    std::string units, unit_symbol;
    enum class Default { all, minimum, maximum, reference } shown = Default::all;  ///< what a request without the dimension gets
    std::string reference = {};   ///< of Default::reference
};

enum class LayerType { vector, raster, other };

struct PublishedLayer {
    std::string id;               ///< of QGIS
    std::string name;             ///< in requests: QGIS's id where the project says so, else short name or layer name; unique
    std::string feature_name = {};///< in WFS and OGC API where `name` is an id: short name or layer name; unique too
    std::string title, abstract;
    std::vector<std::string> keywords;
    std::string attribution, attribution_url;
    struct MetadataUrl {
        std::string type, format, url;  ///< type: "TC211", "ISO19115:2003", ...
    };
    std::vector<MetadataUrl> metadata_urls;
    std::string legend_url = {}, legend_url_format = {};  ///< of a picture in place of our legends
    std::string data_url, data_url_format;
    std::string identifier;       ///< of the data set, in the project's catalogue of metadata
    LayerType type = LayerType::vector;
    std::optional<table::GeometryKind> geometry;  ///< none: a table without geometry
    std::string geometry_name = "geometry";
    std::string crs;              ///< "EPSG:25833"
    table::Box extent;            ///< in its CRS
    std::vector<PublishedField> fields;  ///< of a raster: its bands
    std::string display_field;    ///< names a feature
    std::vector<std::string> key_fields = {};  ///< of the source's primary key
    std::vector<Dimension> dimensions = {};
    bool has_map_tip = false;     ///< one that shows nothing stricter than the layer, and nothing of others
    double opacity = 1;           ///< of the style it opens with
    std::vector<std::string> styles;     ///< names; the first is the default one
    bool queryable = true;        ///< identifiable, by its features or the values of its bands
    bool in_wms = true;           ///< not among the project's layers excluded from WMS
    bool in_wfs = false;          ///< published as feature type
    bool visible = true;          ///< checked in the layer tree
    bool drawable = true;         ///< has a picture (not a plain table)
    double min_scale = 0, max_scale = 0; ///< denominators; shown from 1:min_scale to 1:max_scale, 0: no limit
    bool opaque = false;
    catalogue::Disclosure disclosure = catalogue::Disclosure::open;
    std::string definition;       ///< name of the LayerDefinition where it comes from a city store
    std::vector<std::string> class_fields = {};  ///< text fields that may give single rows a class of their own
    SeenRows seen = {};           ///< of those for whom the model was reduced (access::visible); else all
    const std::string& name_of_features() const { return feature_name.empty() ? name : feature_name; }
};

/// A node of the layer tree: a group with children, or a layer.
struct TreeNode {
    std::string name;             ///< of a group in requests (short name or name); empty of layers
    std::string title, abstract;
    std::string layer;            ///< name of the layer; empty of groups
    std::string shown_name = {};  ///< in QGIS's tree of layers
    bool mutually_exclusive = false;
    bool visible = true, expanded = true;  ///< as the project opens; `visible`: it and all groups around it are checked
    bool checked = true;          ///< its own box
    std::vector<TreeNode> children;
};

struct ContactInfo {
    std::string person, organization, position, email, phone;
};

/// What INSPIRE wants to know of a view service.
struct Inspire {
    std::string language;         ///< ISO 639-2/B: "ger"
    std::string metadata_url, metadata_url_type;  ///< of the service; else the rest is told in the capabilities
    std::string temporal_reference, metadata_date;
};

struct ProjectModel {
    std::string id;               ///< file name without ending
    std::string root_name;        ///< WMS root layer name
    std::string root_alias = {};  ///< QGIS Server's name for it where the project gives none; empty: none
    std::string title, abstract;
    std::vector<std::string> keywords;
    std::string fees, access_constraints, online_resource;
    std::optional<base::Language> language = {};  ///< that its texts are written in, where the project says so
    ContactInfo contact;
    std::optional<Inspire> inspire = {};
    std::string crs;
    std::vector<std::string> offered_crs;         ///< the project's list with the service's own appended
    table::Box extent;                            ///< WMS extent (or all layers') in `crs`
    std::vector<PublishedLayer> layers;           ///< drawing order, bottom first
    TreeNode tree;                                ///< root; children top first
    std::vector<std::pair<std::string, base::Text>> failed_layers;  ///< name, reason: not served
    std::vector<std::pair<std::string, std::string>> missing_grids = {};  ///< of PROJ, and the CRS whose places may be metres off without
    int max_width = 0, max_height = 0;            ///< 0: the service's
    int image_quality = 0;                        ///< of JPEG, 1 to 100; 0: the service's
    bool boxes_in_feature_info = false;           ///< as XML
    int tile_buffer = 0;                          ///< pixels around a map that is a client's tile
    std::string version;                          ///< changes with every load: ISO time, millisecond
    const PublishedLayer* find(std::string_view name) const;
};

/// Around all layers, within what the project says; in its CRS.
table::Box extent_of_layers(const ProjectModel& model);

/// Takes layers out as if the project had never had them: out of the tree with its empty groups, and out of the extent. How many.
std::size_t leave_out(ProjectModel& model, const std::function<bool(const PublishedLayer&)>& which);

}  // namespace stadtgdi::project
