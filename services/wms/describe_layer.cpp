// SPDX-License-Identifier: GPL-2.0-or-later
#include <services/ows/exception.hpp>
#include <services/ows/xml_names.hpp>
#include <services/wms/layers.hpp>
#include <services/wms/requests.hpp>

#include <algorithm>

namespace stadtgdi::wms {

using http::xml_escaped;

namespace {

/// The layers asked for, groups as those that they stand for.
std::vector<const project::PublishedLayer*> described(const ows::FaceContext& context, const ows::KeyValues& kv)
{
    kv.required("LAYERS");
    const std::vector<std::string> names = kv.list("LAYERS");
    expect_few(names.size(), "LAYERS");
    std::vector<const project::PublishedLayer*> layers;
    for (const std::string& name : names)
        for (const project::PublishedLayer* layer : resolve(context.model, name, "LAYERS").layers)
            if (std::ranges::find(layers, layer) == layers.end())
                layers.push_back(layer);
    return layers;
}

/// What WFS calls the layer; empty where it does not have it.
std::string type_name(const ows::FaceContext& context, const project::PublishedLayer& layer)
{
    std::vector<std::string> names;
    std::size_t place = 0;
    for (const project::PublishedLayer& one : context.model.layers) {
        if (!one.in_wfs || one.type != project::LayerType::vector)
            continue;
        if (&one == &layer)
            place = names.size() + 1;
        names.push_back(one.name_of_features());
    }
    return place == 0 ? std::string() : ows::xml_names(names)[place - 1];
}

}  // namespace

http::Response describe_layer(const ows::FaceContext& context, const ows::KeyValues& kv, const std::string& version)
{
    const bool old = version == "1.1.1";
    const std::string url = xml_escaped(context.project_url + "/ows?");
    std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    out += old ? "<!DOCTYPE WMS_DescribeLayerResponse SYSTEM \"http://schemas.opengis.net/wms/1.1.1/WMS_DescribeLayerResponse.dtd\">\n<WMS_DescribeLayerResponse version=\"1.1.1\">\n"
               : "<DescribeLayerResponse xmlns=\"http://www.opengis.net/sld\" xmlns:se=\"http://www.opengis.net/se\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
                 "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                 "xsi:schemaLocation=\"http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/DescribeLayer.xsd\">\n <Version>1.1.0</Version>\n";
    bool any = false;
    for (const project::PublishedLayer* layer : described(context, kv)) {
        const std::string type = type_name(context, *layer);
        any = any || !type.empty();
        if (old) {
            out += " <LayerDescription name=\"" + xml_escaped(layer->name) + "\"";
            if (!type.empty())
                out += " wfs=\"" + url + "\" owsType=\"WFS\" owsURL=\"" + url + "\">\n  <Query typeName=\"" + xml_escaped(type) + "\"/>\n </LayerDescription>\n";
            else
                out += "/>\n";
        } else if (!type.empty()) {
            out += " <LayerDescription>\n  <owsType>wfs</owsType>\n  <se:OnlineResource xlink:type=\"simple\" xlink:href=\"" + url +
                   "\"/>\n  <TypeName>\n   <se:FeatureTypeName>" + xml_escaped(type) + "</se:FeatureTypeName>\n  </TypeName>\n </LayerDescription>\n";
        }
    }
    // The schema of 1.3.0 wants a description, and in each a feature type.
    if (!old && !any)
        throw ows::invalid_parameter("LAYERS", {"None of the layers is a feature type of WFS.", "Keiner der Layer ist ein Objekttyp des WFS."});
    out += old ? "</WMS_DescribeLayerResponse>\n" : "</DescribeLayerResponse>\n";
    http::Response response;
    response.content_type = old ? "application/vnd.ogc.wms_xml; charset=utf-8" : "text/xml; charset=utf-8";
    response.body = std::move(out);
    return response;
}

}  // namespace stadtgdi::wms
