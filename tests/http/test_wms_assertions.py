# SPDX-License-Identifier: GPL-2.0-or-later
"""What OGC's test suite of WMS 1.3.0 asserts, and the suite of 1.1.1 where it asserts something else, on a demo city."""
import math
import re
import xml.etree.ElementTree as ET

import numpy
from osgeo import gdal

from one_picture import run_tests
from wms_city import WmsCity

gdal.UseExceptions()
WMS, XLINK, OGC = "{http://www.opengis.net/wms}", "{http://www.w3.org/1999/xlink}", "{http://www.opengis.net/ogc}"
BOX = "389700,5719700,390050,5719950"
FORMATS = {"image/png": "image/png", "image/png; mode=8bit": "image/png; mode=8bit", "image/jpeg": "image/jpeg", "image/webp": "image/webp"}


def rgba(answer):
    """Rows, columns, red, green, blue, alpha."""
    gdal.FileFromMemBuffer("/vsimem/map", answer.body)
    data = gdal.Open("/vsimem/map")
    if data.RasterCount == 1:
        data = gdal.Translate("", data, format="MEM", rgbExpand="rgba")
    bands = data.ReadAsArray()
    if len(bands) == 3:
        bands = numpy.concatenate([bands, numpy.full_like(bands[:1], 255)])
    return numpy.moveaxis(bands, 0, -1)


class Assertions(WmsCity):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.capabilities = ET.fromstring(cls.get(cls, REQUEST="GetCapabilities", VERSION="1.3.0").body)
        cls.layers = {layer.find(f"{WMS}Name").text: layer for layer in cls.capabilities.iter(f"{WMS}Layer")}
        cls.leaves = [name for name, layer in cls.layers.items() if layer.find(f"{WMS}Layer") is None]

    def code(self, answer):
        """Of an exception that is one: its status, type and document."""
        self.assertEqual(answer.status, 400, answer.text[:300])
        self.assertTrue(answer.headers["content-type"].startswith("text/xml"))
        report = ET.fromstring(answer.body)
        self.assertEqual((report.tag, report.get("version")), (f"{OGC}ServiceExceptionReport", "1.3.0"))
        return report.find(f"{OGC}ServiceException").get("code")

    def valid(self, answer, content_type="image/png"):
        self.assertEqual(answer.status, 200, answer.body[:300])
        self.assertTrue(answer.headers["content-type"].startswith(content_type), answer.headers["content-type"])
        return answer

    def info(self, **more):
        return self.map(**{"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": "trees_tree", "I": 60, "J": 60, "INFO_FORMAT": "text/xml", **more})

    def ancestors(self, layer):
        """The layer and those around it, from the inside out."""
        parents = {child: parent for parent in self.capabilities.iter() for child in parent}
        while layer is not None and layer.tag == f"{WMS}Layer":
            yield layer
            layer = parents.get(layer)

    # --- basic elements: 1 to 9

    def test_unknown_parameters_are_passed_over(self):
        self.valid(self.get(REQUEST="GetCapabilities", BOGUS="ignored"), "text/xml")
        self.valid(self.map(BOGUS="ignored"))
        self.valid(self.info(BOGUS="ignored"), "text/xml")

    def test_escapes_are_decoded(self):
        plain = self.map(FORMAT="image/png; mode=8bit")
        for target in ("REQUEST=Get%4dap&FORMAT=image%2Fpng%3B%20mode%3D8bit", "REQUEST=GetMap&FORMAT=image/png%3B+mode%3D8bit"):
            answer = self.service.get(f"/demo/ows?SERVICE=WMS&VERSION=1.3.0&LAYERS=trees_tree&STYLES=&CRS=EPSG:25833&BBOX={BOX}&WIDTH=700&HEIGHT=500&{target}", self.key)
            self.assertEqual(answer.body, plain.body)

    def test_versions_are_negotiated(self):
        for asked, given in (({}, "1.3.0"), ({"VERSION": "1.3.0"}, "1.3.0"), ({"VERSION": "100.0.0"}, "1.3.0"), ({"VERSION": "0.0.0"}, "1.1.1"), ({"VERSION": "1.2.0"}, "1.1.1"),
                             ({"VERSION": "1.1.1"}, "1.1.1"), ({"WMTVER": "1.1.1"}, "1.1.1"), ({"WMTVER": "1.1.0"}, "1.1.1"), ({"VERSION": "1.1.1", "WMTVER": "0.0.0"}, "1.1.1"),
                             ({"WMTVER": "100.0.0", "VERSION": "1.1.1"}, "1.1.1")):
            self.assertRegex(self.get(REQUEST="GetCapabilities", **asked).text, rf'<WM\w*_Capabilities version="{re.escape(given)}"', asked)
        self.assertIn('version="1.1.1"', self.get(REQUEST="capabilities", WMTVER="1.1.1").text)

    # --- GetCapabilities: 10 to 45

    def test_any_format_gives_capabilities(self):
        for asked in ({"FORMAT": "text/xml"}, {}, {"FORMAT": "invalid"}):
            self.valid(self.get(REQUEST="GetCapabilities", VERSION="1.3.0", **asked), "text/xml")

    def test_update_sequences_are_compared(self):
        current = self.capabilities.get("updateSequence")
        self.assertRegex(current, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
        self.assertEqual(self.code(self.get(REQUEST="GetCapabilities", VERSION="1.3.0", UPDATESEQUENCE=current)), "CurrentUpdateSequence")
        self.valid(self.get(REQUEST="GetCapabilities", VERSION="1.3.0", UPDATESEQUENCE="1970-01-01T00:00:00.000Z"), "text/xml")
        self.assertEqual(self.code(self.get(REQUEST="GetCapabilities", VERSION="1.3.0", UPDATESEQUENCE="9999-01-01T00:00:00.000Z")), "InvalidUpdateSequence")

    def test_operations_are_announced(self):
        request = self.capabilities.find(f"{WMS}Capability/{WMS}Request")
        for resource in request.iter(f"{WMS}OnlineResource"):
            self.assertTrue(resource.get(f"{XLINK}href").endswith("?"))
        self.assertIn("text/xml", [element.text for element in request.findall(f"{WMS}GetCapabilities/{WMS}Format")])
        self.assertIn("image/png", [element.text for element in request.findall(f"{WMS}GetMap/{WMS}Format")])
        self.assertEqual([element.text for element in self.capabilities.findall(f"{WMS}Capability/{WMS}Exception/{WMS}Format")], ["XML", "INIMAGE", "BLANK"])

    def test_boxes_and_crs_of_layers_agree(self):
        for name, layer in self.layers.items():
            around = list(self.ancestors(layer))
            offered = {element.text for one in around for element in one.findall(f"{WMS}CRS")}
            self.assertTrue({"CRS:84", "EPSG:4326", "EPSG:25832", "EPSG:4258"} <= offered, name)
            boxes = [box.get("CRS") for box in layer.findall(f"{WMS}BoundingBox")]
            self.assertEqual(len(boxes), len(set(boxes)), name)
            self.assertTrue(boxes and set(boxes) <= offered, name)
            for box in layer.findall(f"{WMS}BoundingBox"):
                self.assertTrue(float(box.get("minx")) < float(box.get("maxx")) and float(box.get("miny")) < float(box.get("maxy")), name)
            world = next(one.find(f"{WMS}EX_GeographicBoundingBox") for one in around if one.find(f"{WMS}EX_GeographicBoundingBox") is not None)
            west, east, south, north = (float(world.find(f"{WMS}{side}").text) for side in ("westBoundLongitude", "eastBoundLongitude", "southBoundLatitude", "northBoundLatitude"))
            self.assertTrue(-180 <= west < east <= 180 and -90 <= south < north <= 90, name)

    def test_identifiers_styles_and_dimensions_are_declared_once(self):
        for name, layer in self.layers.items():
            around = list(self.ancestors(layer))
            authorities = [element.get("name") for one in around for element in one.findall(f"{WMS}AuthorityURL")]
            self.assertEqual(len(authorities), len(set(authorities)), name)
            self.assertTrue({element.get("authority") for element in layer.findall(f"{WMS}Identifier")} <= set(authorities), name)
            styles = [element.find(f"{WMS}Name").text for one in around for element in one.findall(f"{WMS}Style")]
            self.assertEqual(len(styles), len(set(styles)), name)
        dimensions = [element for element in self.capabilities.iter(f"{WMS}Dimension")]
        self.assertEqual({element.get("name"): element.get("units") for element in dimensions}, {"time": "ISO8601", "elevation": "EPSG:5030"})
        self.assertTrue(all(element.get("default") and not re.search(r"\s", element.get("name")) for element in dimensions))

    def test_the_root_lists_what_all_layers_share_and_nothing_leads_elsewhere(self):
        root = self.capabilities.find(f"{WMS}Capability/{WMS}Layer")
        offered = lambda layer: {element.text for one in self.ancestors(layer) for element in one.findall(f"{WMS}CRS")}
        shared = set.intersection(*(offered(layer) for layer in self.layers.values()))
        self.assertEqual({element.text for element in root.findall(f"{WMS}CRS")}, shared)
        self.assertFalse([crs for crs in shared if crs.startswith("AUTO")])
        for name in ("LogoURL", "DataURL", "FeatureListURL", "MetadataURL", "StyleSheetURL", "StyleURL"):
            self.assertEqual(list(self.capabilities.iter(WMS + name)), [], "which the city has not")

    def test_legends_have_the_type_and_size_that_is_told(self):
        for name in self.leaves:
            for legend in self.layers[name].iter(f"{WMS}LegendURL"):
                url = legend.find(f"{WMS}OnlineResource").get(f"{XLINK}href")
                answer = self.valid(self.service.get(url[url.index("/demo/"):], self.key), legend.find(f"{WMS}Format").text)
                self.assertEqual(rgba(answer).shape[:2], (int(legend.get("height")), int(legend.get("width"))), name)

    def test_the_size_of_a_map_does_not_enlarge_its_legend(self):
        legend = {"VERSION": "1.3.0", "REQUEST": "GetLegendGraphic", "LAYER": "buildings_building", "FORMAT": "image/png"}
        there = {**legend, "CRS": "EPSG:25833", "BBOX": BOX}
        wanted = self.valid(self.get(**there, SRCWIDTH=1920, SRCHEIGHT=1080)).body
        self.assertEqual(self.valid(self.get(**there, WIDTH=1920, HEIGHT=1080)).body, wanted)
        self.assertEqual(self.code(self.get(**legend, WIDTH=1920, HEIGHT=1080)), "InvalidParameterValue")

    # --- GetMap: 46 to 102

    def test_opacities_are_those_of_the_layers(self):
        for asked in (255, 128, 0):
            alpha = rgba(self.map(LAYERS="buildings_building", TRANSPARENT="TRUE", OPACITIES=asked))[..., 3]
            self.assertAlmostEqual(int(alpha.max()), asked, delta=1)

    def test_tiles_of_clients_are_maps_and_a_comma_at_the_end_is_no_layer(self):
        for more in ({"TILED": "TRUE"}, {"TILED": "false"}, {"LAYERS": "trees_tree,"}, {"LAYERS": "trees_tree,", "STYLES": ",,"}):
            self.assertEqual(self.valid(self.map(**more)).body, self.map().body, more)

    def test_boxes_may_be_written_in_exponents(self):
        self.assertEqual(self.map(BBOX="3.897E5,57197000E-1,+3.9005e+05,5719950").body, self.map().body)

    def test_ground_is_white_coloured_or_transparent(self):
        self.assertTrue((rgba(self.map())[..., :3] == 255).all(axis=2).any())
        self.assertTrue((rgba(self.map(BGCOLOR="0x0000FF"))[..., :3] == (0, 0, 255)).all(axis=2).any())
        self.assertTrue((rgba(self.map(TRANSPARENT="TRUE"))[..., 3] == 0).any())
        for more in ({}, {"TRANSPARENT": "FALSE"}):
            self.assertTrue((rgba(self.map(**more))[..., 3] == 255).all())

    def test_boxes_go_around_the_pixels(self):
        """Halves beside each other are the whole."""
        whole = rgba(self.map(LAYERS="buildings_building"))
        halves = [rgba(self.map(LAYERS="buildings_building", BBOX=f"{west},5719700,{west + 175},5719950", WIDTH=350)) for west in (389700, 389875)]
        self.assertLess((numpy.concatenate(halves, axis=1) != whole).any(axis=2).mean(), 0.001)

    def test_pictures_of_another_shape_are_stretched(self):
        built = lambda picture: (picture[..., :3] != 255).any(axis=2)
        whole, flat = built(rgba(self.map(LAYERS="buildings_building"))), built(rgba(self.map(LAYERS="buildings_building", HEIGHT=250)))
        self.assertGreater(whole.mean(), 0.01)
        self.assertLess((whole[::2] ^ flat).mean(), 0.1 * whole.mean())

    def test_later_layers_lie_on_top(self):
        there, back = rgba(self.map(LAYERS="greenspace_site,trees_tree")), rgba(self.map(LAYERS="trees_tree,greenspace_site"))
        trees = rgba(self.map(TRANSPARENT="TRUE"))
        covered = trees[..., 3] == 255
        self.assertTrue((there[covered] == trees[covered]).all())
        if (rgba(self.map(LAYERS="greenspace_site", TRANSPARENT="TRUE"))[covered][:, 3] == 255).any():
            self.assertFalse((back[covered] == trees[covered]).all())

    def test_boxes_are_checked(self):
        for box in ("1,0,0,1", "0,0,0,1", "0,1,1,0", "0,0,1,0", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,0,1,1", "-inf,0,1,1", "", "1e999,0,1,1"):
            self.assertIn(self.code(self.map(BBOX=box)), ("InvalidParameterValue", "MissingParameterValue"), box)

    def test_places_beyond_give_an_empty_map(self):
        for more in ({"CRS": "CRS:84", "BBOX": "-180,-90,-179,-89"}, {"CRS": "CRS:84", "BBOX": "-10,90,10,110"}, {"BBOX": "1e9,1e9,1.1e9,1.1e9"}, {"CRS": "EPSG:3857", "BBOX": "20000000,0,20100000,100000"}):
            self.assertTrue((rgba(self.map(**more))[..., :3] == 255).all(), more)

    def test_scales_beyond_give_an_empty_map(self):
        for size in (0.001, 1e6):
            self.valid(self.map(BBOX=f"389800,5719800,{389800 + size},{5719800 + size}", LAYERS=",".join(self.leaves[:20])))

    def test_every_crs_layer_and_style_is_drawn(self):
        for crs in {element.text for element in self.capabilities.iter(f"{WMS}CRS")}:
            box = next(box for box in self.layers["trees_tree"].findall(f"{WMS}BoundingBox") if box.get("CRS") == crs)
            self.valid(self.map(CRS=crs, BBOX=",".join(box.get(side) for side in ("minx", "miny", "maxx", "maxy")), WIDTH=100, HEIGHT=100))
        for name in self.layers:
            self.valid(self.map(LAYERS=name, WIDTH=100, HEIGHT=100))
        for name in self.leaves:
            for style in self.layers[name].findall(f"{WMS}Style"):
                self.valid(self.map(LAYERS=name, STYLES=style.find(f"{WMS}Name").text, WIDTH=100, HEIGHT=100))

    def test_every_format_has_its_type(self):
        for name, content_type in FORMATS.items():
            self.assertEqual(self.map(FORMAT=name).headers["content-type"], content_type)

    def test_errors_have_their_codes(self):
        for code, more in (("InvalidCRS", {"CRS": "UndefinedCRS", "BBOX": "-1,-1,1,1"}), ("InvalidFormat", {"FORMAT": "UnknownFormat"}), ("LayerNotDefined", {"LAYERS": "NonExistant"}),
                           ("LayerNotDefined", {"LAYERS": "NonExistant,trees_tree"}), ("LayerNotDefined", {"LAYERS": "trees_tree,NonExistant"}), ("StyleNotDefined", {"STYLES": "UndefinedStyle"}),
                           ("StyleNotDefined", {"LAYERS": "trees_tree,greenspace_site", "STYLES": "UndefinedStyle,"}), ("StyleNotDefined", {"LAYERS": "trees_tree,greenspace_site", "STYLES": ",UndefinedStyle"}),
                           ("LayerNotDefined", {"LAYERS": "NonExistant", "EXCEPTIONS": "XML"}), ("MissingParameterValue", {"VERSION": ""})):
            self.assertEqual(self.code(self.map(**more)), code, more)

    def test_errors_come_as_pictures_where_asked_for(self):
        for how in ("INIMAGE", "BLANK"):
            for name, content_type in FORMATS.items():
                answer = self.map(LAYERS="NonExistant", EXCEPTIONS=how, FORMAT=name)
                self.assertEqual(answer.headers["content-type"], content_type)
        self.assertTrue((rgba(self.map(LAYERS="NonExistant", EXCEPTIONS="BLANK", BGCOLOR="0xFF0000"))[..., :3] == (255, 0, 0)).all())
        self.assertTrue((rgba(self.map(LAYERS="NonExistant", EXCEPTIONS="BLANK", TRANSPARENT="TRUE"))[..., 3] == 0).all())
        self.assertEqual(rgba(self.map(LAYERS="NonExistant", EXCEPTIONS="INIMAGE", WIDTH=300, HEIGHT=70)).shape[:2], (70, 300))

    def test_styles_may_be_blank(self):
        several = "greenspace_site,buildings_building,trees_tree"
        style = self.layers["trees_tree"].find(f"{WMS}Style/{WMS}Name").text
        bodies = {self.map(LAYERS=several, STYLES=styles).body for styles in ("", ",,", f",,{style}")}
        self.assertEqual(len(bodies), 1)
        self.valid(self.map(LAYERS="greenspace_site,trees_tree", STYLES=f",{style}"))

    def test_sizes_are_kept(self):
        for width, height in ((1024, 768), (8, 5), (1, 1), (4096, 4096)):
            self.assertEqual(rgba(self.map(WIDTH=width, HEIGHT=height)).shape[:2], (height, width))
        limit = int(self.capabilities.find(f"{WMS}Service/{WMS}LayerLimit").text)
        self.valid(self.map(LAYERS=",".join((self.leaves * limit)[:limit]), WIDTH=64, HEIGHT=64))
        self.assertEqual(self.code(self.map(LAYERS=",".join(["trees_tree"] * (limit + 1)))), "InvalidParameterValue")

    # --- GetFeatureInfo: 103 to 118

    def test_feature_information_has_its_codes(self):
        for code, more in (("LayerNotDefined", {"LAYERS": "UndefinedLayer", "QUERY_LAYERS": "UndefinedLayer"}), ("InvalidFormat", {"INFO_FORMAT": "InvalidInfoFormat"}), ("InvalidPoint", {"I": "x"}),
                           ("InvalidPoint", {"J": 500}), ("InvalidPoint", {"I": -1}), ("LayerNotDefined", {"QUERY_LAYERS": "InvalidLayer"}),
                           ("LayerNotQueryable", {"LAYERS": "buildings_entrance", "QUERY_LAYERS": "buildings_entrance"})):
            self.assertEqual(self.code(self.info(**more)), code, more)

    def test_feature_information_comes_in_every_format_of_every_layer(self):
        formats = [element.text for element in self.capabilities.findall(f"{WMS}Capability/{WMS}Request/{WMS}GetFeatureInfo/{WMS}Format")]
        for name in formats:
            self.assertEqual(self.valid(self.info(INFO_FORMAT=name), "").headers["content-type"].split("; charset")[0], name)
        for name, layer in self.layers.items():
            if layer.get("queryable") == "1":
                self.valid(self.info(LAYERS=name, QUERY_LAYERS=name), "text/xml")
        self.valid(self.info(LAYERS="greenspace_site,buildings_building,trees_tree", QUERY_LAYERS="greenspace_site,trees_tree"), "text/xml")

    def test_as_many_features_are_told_as_asked_for(self):
        count = lambda **more: self.info(I=350, J=250, FI_POINT_TOLERANCE=100, **more).text.count("<Feature ")
        self.assertEqual((count(), count(FEATURE_COUNT=1), count(FEATURE_COUNT=2)), (1, 1, 2))

    # --- dimensions: 119 to 137

    def test_a_time_chooses_the_rows_and_its_default_is_told(self):
        values = next(element for element in self.layers["trees_tree"].findall(f"{WMS}Dimension") if element.get("name") == "time")
        first, last = values.get("default").split("/")[:2]
        everything = self.map().body
        for time in (first, f"{first}/{last}", f"{first},{last}", f"{first}/{last},{last}", "current", f"{first}/current"):
            self.valid(self.map(TIME=time))
        self.assertEqual(self.map(TIME=f"{first}/{last}").body, everything)
        self.assertNotEqual(self.map(TIME=first).body, everything)
        self.valid(self.map(LAYERS="greenspace_site,trees_tree", TIME=first))
        self.assertEqual(self.code(self.map(TIME="1001-01-01")), "InvalidDimensionValue")
        self.assertEqual(self.code(self.map(ELEVATION="1000")), "InvalidDimensionValue")
        self.valid(self.map(ELEVATION="10/12,15"))

    def test_a_default_is_told_in_a_header(self):
        default = next(element for element in self.layers["trees_tree"].findall(f"{WMS}Dimension") if element.get("name") == "time").get("default")
        self.assertEqual(self.map(ELEVATION="10/12").headers["warning"], f"99 Default value used: time={default}")
        self.assertIn("elevation=", self.map().headers["warning"] + self.map(TIME=default).headers.get("warning", "elevation="))
        self.assertNotIn("time=", self.map(TIME=default).headers.get("warning", ""))

    # --- 1.1.1, where it is another

    def test_the_old_version_has_its_own_types_and_codes(self):
        old = {"VERSION": "1.1.1", "SRS": "EPSG:25833"}
        self.assertTrue(self.get(REQUEST="GetCapabilities", VERSION="1.1.1").headers["content-type"].startswith("application/vnd.ogc.wms_xml"))
        self.assertEqual(self.map(**old).body, self.map().body)
        answer = self.map(LAYERS="NonExistant", **old)
        self.assertTrue(answer.headers["content-type"].startswith("application/vnd.ogc.se_xml"))
        self.assertIn('code="LayerNotDefined"', answer.text)
        self.assertIn('code="InvalidSRS"', self.map(**{**old, "SRS": "EPSG:999999"}).text)
        text = self.get(REQUEST="GetCapabilities", VERSION="1.1.1").text
        self.assertIn("<Name>OGC:WMS</Name>", text)
        for part in ("application/vnd.ogc.gml", "application/vnd.ogc.se_xml", "application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank", "LatLonBoundingBox", "<SRS>EPSG:4326</SRS>"):
            self.assertIn(part, text)
        self.assertIsNotNone(re.search(r"<Fees>.+</Fees>\s*<AccessConstraints>.+</AccessConstraints>", text))
        self.valid(self.info(X=60, Y=60, **old), "text/xml")
        self.assertIn('code="InvalidPoint"', self.info(X=-1, Y=60, I="", J="", **old).text)

    def test_the_old_version_draws_by_its_own_words(self):
        old = lambda **more: self.map(**{"VERSION": "1.1.1", "SRS": "EPSG:25833", "CRS": "", **more})
        plain = self.valid(old()).body
        for more in ({"BBOX": "389700.0,5719700.00,390050.0,5719950.0"}, {"BBOX": "3.897E5,57197000E-1,+3.9005e+05,5719950"}, {"REQUEST": "map"}, {"VERSION": "", "WMTVER": "1.1.1"}, {"BOGUS": "ignored"},
                     {"TRANSPARENT": "fAlSe"}):
            self.assertEqual(old(**more).body, plain, more)
        for name, content_type in FORMATS.items():
            for transparent in ("TRUE", "FALSE"):
                self.valid(old(FORMAT=name, TRANSPARENT=transparent), content_type)
        self.assertTrue((rgba(old(TRANSPARENT="TRUE"))[..., 3] == 0).any())
        self.assertTrue((rgba(old(BGCOLOR="0x0000FF"))[..., :3] == (0, 0, 255)).all(axis=2).any())
        for more in ({"SRS": "EPSG:4326", "BBOX": "-5,90,5,100"}, {"SRS": "EPSG:4326", "BBOX": "373.4,51.6,373.43,51.63"}, {"SRS": "EPSG:4326", "BBOX": "-180,-90,-179,-89"}):
            self.assertTrue((rgba(old(**more))[..., :3] == 255).all(), more)
        for width, height in ((1024, 768), (16, 16)):
            self.assertEqual(rgba(old(WIDTH=width, HEIGHT=height)).shape[:2], (height, width))
        several, style = "greenspace_site,buildings_building,trees_tree", self.layers["trees_tree"].find(f"{WMS}Style/{WMS}Name").text
        self.assertEqual(len({old(LAYERS=several, STYLES=styles).body for styles in ("", ",,", f",,{style}")}), 1)
        encoded = self.service.get(f"/demo/ows?SERVICE=WMS&VERSION=1.1.1&REQUEST=GetMap&LAYERS=%74rees%5Ftree&STYLES=&SRS=EPSG:25833&BBOX={BOX}&WIDTH=700&HEIGHT=500&FORMAT=image/png", self.key)
        self.assertEqual(encoded.body, plain)

    def test_the_old_version_draws_every_layer_style_and_srs(self):
        capabilities = ET.fromstring(self.get(REQUEST="GetCapabilities", VERSION="1.1.1").body)
        layers = {layer.findtext("Name"): layer for layer in capabilities.iter("Layer")}
        self.assertEqual(set(layers), set(self.layers))
        for resource in capabilities.iter("OnlineResource"):
            if resource.get(f"{XLINK}href").split("?")[0].endswith("/ows") and "REQUEST" not in resource.get(f"{XLINK}href"):
                self.assertTrue(resource.get(f"{XLINK}href").endswith("?"))
        self.assertEqual({(one.get("name"), one.get("units")) for one in capabilities.iter("Dimension")}, {("time", "ISO8601"), ("elevation", "EPSG:5030")})
        self.assertEqual([one.get("name") for one in layers["trees_tree"].findall("Extent")], [one.get("name") for one in layers["trees_tree"].findall("Dimension")])
        for box in capabilities.iter("LatLonBoundingBox"):
            west, south, east, north = (float(box.get(side)) for side in ("minx", "miny", "maxx", "maxy"))
            self.assertTrue(-180 <= west < east <= 180 and -90 <= south < north <= 90)
        root = capabilities.find("Capability/Layer")
        self.assertTrue(root.find("LatLonBoundingBox") is not None and root.findall("SRS"))
        for name, layer in layers.items():
            boxes = [box.get("SRS") for box in layer.findall("BoundingBox")]
            self.assertEqual(len(boxes), len(set(boxes)))
            for style in layer.findall("Style") or [None]:
                self.valid(self.map(VERSION="1.1.1", SRS="EPSG:25833", LAYERS=name, STYLES="" if style is None else style.findtext("Name"), WIDTH=50, HEIGHT=50))
        for box in layers["trees_tree"].findall("BoundingBox"):
            self.valid(self.map(VERSION="1.1.1", SRS=box.get("SRS"), BBOX=",".join(box.get(side) for side in ("minx", "miny", "maxx", "maxy")), WIDTH=50, HEIGHT=50))

    def test_errors_of_the_old_version_are_valid_and_have_its_codes(self):
        old = lambda **more: self.map(**{"VERSION": "1.1.1", "SRS": "EPSG:25833", "CRS": "", **more})
        for code, more in (("InvalidSRS", {"SRS": "NONE"}), ("InvalidSRS", {"SRS": "UndefinedSRS"}), ("InvalidFormat", {"FORMAT": "UnknownFormat"}), ("InvalidFormat", {"FORMAT": "image/gif"}), ("LayerNotDefined", {"LAYERS": "NonExistant"}),
                           ("LayerNotDefined", {"LAYERS": "trees_tree,NonExistant"}), ("LayerNotDefined", {"LAYERS": "NonExistant,trees_tree", "EXCEPTIONS": "application/vnd.ogc.se_xml"}),
                           ("StyleNotDefined", {"STYLES": "UndefinedStyle"}), ("StyleNotDefined", {"LAYERS": "trees_tree,greenspace_site", "STYLES": ",UndefinedStyle"}), ("InvalidParameterValue", {"BBOX": "1,-1,-1,1"}),
                           ("InvalidParameterValue", {"BBOX": "1,-1,1,1"}), ("InvalidParameterValue", {"BBOX": "-1,1,1,-1"}), ("InvalidParameterValue", {"BBOX": "-1,1,1,1"}),
                           ("LayerNotDefined", {"REQUEST": "GetFeatureInfo", "LAYERS": "UndefinedLayer", "QUERY_LAYERS": "UndefinedLayer", "X": 60, "Y": 60}),
                           ("LayerNotDefined", {"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": "UndefinedLayer", "X": 60, "Y": 60, "EXCEPTIONS": "application/vnd.ogc.se_xml"}),
                           ("LayerNotQueryable", {"REQUEST": "GetFeatureInfo", "LAYERS": "buildings_entrance", "QUERY_LAYERS": "buildings_entrance", "X": 60, "Y": 60})):
            answer = old(**more)
            self.assertEqual(answer.status, 400)
            self.assertTrue(answer.headers["content-type"].startswith("application/vnd.ogc.se_xml"))
            self.assertIn(f'code="{code}"', answer.text)
            self.check(answer.body, "--valid")
        for how in ("application/vnd.ogc.se_inimage", "application/vnd.ogc.se_blank"):
            for name, content_type in FORMATS.items():
                self.valid(old(LAYERS="NonExistant", EXCEPTIONS=how, FORMAT=name), content_type)
        self.assertGreater(len(numpy.unique(rgba(old(LAYERS="NonExistant", EXCEPTIONS="application/vnd.ogc.se_inimage")))), 1, "there is text")
        blank = {"LAYERS": "NonExistant", "EXCEPTIONS": "application/vnd.ogc.se_blank"}
        self.assertTrue((rgba(old(**blank, BGCOLOR="0xFF0000"))[..., :3] == (255, 0, 0)).all())
        self.assertTrue((rgba(old(**blank, TRANSPARENT="TRUE"))[..., 3] == 0).all())

    def test_the_old_version_tells_of_features(self):
        old = lambda **more: self.map(**{"VERSION": "1.1.1", "SRS": "EPSG:25833", "CRS": "", "REQUEST": "GetFeatureInfo", "QUERY_LAYERS": "trees_tree", "X": 350, "Y": 250, **more})
        formats = [element.text for element in ET.fromstring(self.get(REQUEST="GetCapabilities", VERSION="1.1.1").body).findall("Capability/Request/GetFeatureInfo/Format")]
        self.assertIn("application/vnd.ogc.gml", formats)
        self.assertIn(self.valid(old(), "").headers["content-type"].split("; charset")[0], formats)
        for name in formats:
            self.assertEqual(self.valid(old(INFO_FORMAT=name), "").headers["content-type"].split("; charset")[0], name)
        several = {"LAYERS": "greenspace_site,buildings_building,trees_tree", "INFO_FORMAT": "text/xml"}
        for queried in ("trees_tree", "greenspace_site,trees_tree", several["LAYERS"]):
            self.valid(old(**several, QUERY_LAYERS=queried), "text/xml")
        count = lambda **more: old(INFO_FORMAT="text/xml", FI_POINT_TOLERANCE=100, **more).text.count("<Feature ")
        self.assertEqual((count(), count(FEATURE_COUNT=1), count(FEATURE_COUNT=2)), (1, 1, 2))
        gml = old(INFO_FORMAT="application/vnd.ogc.gml", FI_POINT_TOLERANCE=100, FEATURE_COUNT=2)
        gdal.FileFromMemBuffer("/vsimem/info.gml", gml.body)
        source = gdal.OpenEx("/vsimem/info.gml", gdal.OF_VECTOR)   # the layer does not keep it
        self.assertEqual(sum(source.GetLayer(i).GetFeatureCount() for i in range(source.GetLayerCount())), 2)

    # --- recommendations: 148 to 156

    def test_recommendations_are_followed(self):
        service = self.capabilities.find(f"{WMS}Service")
        self.assertTrue(service.findall(f"{WMS}KeywordList/{WMS}Keyword"))
        self.assertIsNotNone(service.find(f"{WMS}ContactInformation"))
        for name in self.leaves:
            self.assertTrue(self.layers[name].find(f"{WMS}Abstract").text, name)
            self.assertTrue(self.layers[name].findall(f"{WMS}KeywordList/{WMS}Keyword"), name)

    def test_a_pixel_is_a_pixel_in_every_axis_order(self):
        """The same place by northing first, easting first and in the order of 1.1.1."""
        box = next(box for box in self.layers["trees_tree"].findall(f"{WMS}BoundingBox") if box.get("CRS") == "EPSG:4326")
        south, west, north, east = (float(box.get(side)) for side in ("minx", "miny", "maxx", "maxy"))
        self.assertTrue(math.isclose(south, 51.6, abs_tol=1) and math.isclose(west, 13.4, abs_tol=1))
        bodies = {self.map(CRS="EPSG:4326", BBOX=f"{south},{west},{north},{east}").body, self.map(CRS="CRS:84", BBOX=f"{west},{south},{east},{north}").body,
                  self.map(VERSION="1.1.1", SRS="EPSG:4326", BBOX=f"{west},{south},{east},{north}").body}
        self.assertEqual(len(bodies), 1)


if __name__ == "__main__":
    run_tests()
