# SPDX-License-Identifier: GPL-2.0-or-later
"""What OGC's test suite of WMTS 1.0 asserts by parameters and by addresses, and what OGC API Tiles demands, of every layer of a small town."""
import itertools
import json
import re
import urllib.parse
import xml.etree.ElementTree as ET

import numpy
from osgeo import gdal, osr

from assertion_town import SHAPES, AssertionTown
from one_picture import run_tests

gdal.UseExceptions()
WMTS, OWS, XLINK = "{http://www.opengis.net/wmts/1.0}", "{http://www.opengis.net/ows/1.1}", "{http://www.w3.org/1999/xlink}"
MEDIA = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
SECTIONS = ["ServiceIdentification", "ServiceProvider", "OperationsMetadata", "Contents", "Themes"]
# Every location where a layer is: the corner of the town.
PLACE = (390010, 5720010)


def pixels(body):
    gdal.FileFromMemBuffer("/vsimem/tile", body)
    data = gdal.Open("/vsimem/tile")
    if data.RasterCount == 1:
        data = gdal.Translate("", data, format="MEM", rgbExpand="rgba")
    return data.ReadAsArray()


class TileTown(AssertionTown):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.capabilities = ET.fromstring(cls.service.get("/town/ows?SERVICE=WMTS&REQUEST=GetCapabilities").body)
        cls.contents = cls.capabilities.find(f"{WMTS}Contents")
        cls.layers = {layer.findtext(f"{OWS}Identifier"): layer for layer in cls.contents.findall(f"{WMTS}Layer")}
        cls.sets = {one.findtext(f"{OWS}Identifier"): one for one in cls.contents.findall(f"{WMTS}TileMatrixSet")}
        for name in cls.layers:   # until the rows are read nobody can say of when a picture is
            cls.service.get(f"/town/wmts/1.0.0/{name}/default/WebMercatorQuad/0/0/0.png")

    def kvp(self, **parameters):
        return self.service.get("/town/ows?" + urllib.parse.urlencode(parameters))

    def tile_at_place(self, set_name, level):
        """Row, column, and the pixel of the corner of the town in it."""
        matrix = self.sets[set_name].findall(f"{WMTS}TileMatrix")[level]
        code = int(self.sets[set_name].findtext(f"{OWS}SupportedCRS").split(":")[-1])
        source, target = osr.SpatialReference(), osr.SpatialReference()
        source.ImportFromEPSG(25833)
        target.ImportFromEPSG(code)
        for one in (source, target):
            one.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        x, y, _ = osr.CoordinateTransformation(source, target).TransformPoint(*PLACE)
        left, top = map(float, matrix.findtext(f"{WMTS}TopLeftCorner").split())
        cell = float(matrix.findtext(f"{WMTS}ScaleDenominator")) * 0.00028
        column, row = (x - left) / cell, (top - y) / cell
        return int(row // 256), int(column // 256), int(column % 256), int(row % 256)

    def corner_tile(self, name, set_name, matrix, side="Min"):
        """Row and column of a corner of the layer's limits: north-west or south-east."""
        link = next(link for link in self.layers[name].findall(f"{WMTS}TileMatrixSetLink") if link.findtext(f"{WMTS}TileMatrixSet") == set_name)
        limits = next(limits for limits in link.iter(f"{WMTS}TileMatrixLimits") if limits.findtext(f"{WMTS}TileMatrix") == matrix)
        return tuple(int(limits.findtext(f"{WMTS}{side}Tile{axis}")) for axis in ("Row", "Col"))

    def tile(self, without=None, **changes):
        row, column, _, _ = self.tile_at_place("WebMercatorQuad", 17)
        parameters = {"SERVICE": "WMTS", "VERSION": "1.0.0", "REQUEST": "GetTile", "LAYER": "fifteen", "STYLE": "default", "FORMAT": "image/png", "TILEMATRIXSET": "WebMercatorQuad", "TILEMATRIX": 17,
                      "TILEROW": row, "TILECOL": column, **changes}
        parameters.pop(without, None)
        return self.kvp(**parameters)

    def info(self, without=None, **changes):
        _, _, i, j = self.tile_at_place("WebMercatorQuad", 17)
        return self.tile(without, **{"REQUEST": "GetFeatureInfo", "INFOFORMAT": "application/json", "I": i, "J": j, **changes})

    def error(self, answer):
        """Status, code and locator of a report that is one."""
        report = ET.fromstring(answer.body)
        self.assertEqual(report.tag, OWS + "ExceptionReport")
        self.assertRegex(answer.headers["content-type"], "^(text|application)/xml")
        exception = report.find(f"{OWS}Exception")
        self.assertTrue(exception.findtext(f"{OWS}ExceptionText"))
        return answer.status, exception.get("exceptionCode"), exception.get("locator")

    def template(self, layer, kind, media):
        return next(one.get("template") for one in self.layers[layer].findall(f"{WMTS}ResourceURL") if (one.get("resourceType"), one.get("format")) == (kind, media))

    def address(self, kind="tile", media="image/png", **changes):
        """A resource by its template, at the corner of the town; its path can be asked for."""
        row, column, i, j = self.tile_at_place("WebMercatorQuad", 17)
        values = {"style": "default", "TileMatrixSet": "WebMercatorQuad", "TileMatrix": 17, "TileRow": row, "TileCol": column, "I": i, "J": j, **changes}
        url = self.template(changes.get("layer", "fifteen"), kind, media)
        for name, value in values.items():
            url = url.replace("{" + name + "}", urllib.parse.quote(str(value), safe=""))
        return url[url.index("/town"):]


class Capabilities(TileTown):
    def sections(self, **parameters):
        root = ET.fromstring(self.kvp(SERVICE="WMTS", REQUEST="GetCapabilities", **parameters).body)
        self.assertEqual((root.tag, root.get("version")), (WMTS + "Capabilities", "1.0.0"))
        return [child.tag.split("}")[1] for child in root]

    def test_what_is_asked_for_is_checked(self):
        get = lambda query: self.error(self.service.get("/town/ows?" + query))
        self.assertEqual(get("service=WMTS&request~GetCapabilities!version~1.0.0"), (400, "MissingParameterValue", "request"))
        self.assertEqual(get("service=BOGUS&request=GetCapabilities"), (400, "InvalidParameterValue", "service"))
        self.assertEqual(get("service=WMTS&request=GetBOGUS"), (400, "InvalidParameterValue", "request"))
        self.assertEqual(get("request=GetCapabilities"), (400, "MissingParameterValue", "service"))
        self.assertEqual(self.error(self.kvp(SERVICE="WMTS", REQUEST="GetCapabilities", ACCEPTVERSIONS="2.0.0,3.0.0")), (400, "VersionNegotiationFailed", None))
        self.assertEqual(self.error(self.kvp(SERVICE="WMTS", REQUEST="GetCapabilities", SECTIONS="Bogus")), (400, "InvalidParameterValue", "sections"))
        self.assertEqual(self.error(self.kvp(SERVICE="WMTS", REQUEST="GetCapabilities", SECTIONS="")), (400, "MissingParameterValue", "sections"))

    def test_versions_sections_formats_and_sequence_are_chosen(self):
        everything = self.kvp(SERVICE="WMTS", REQUEST="GetCapabilities").body
        for query in ("service=WMTS&request=GetCapabilities&version=1.0.0", "SeRvIcE=WMTS&rEqUeSt=GetCapabilities&VeRsIoN=1.0.0", "SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=1.0.0",
                      "SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0,1.0.0", "SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=All", "SERVICE=WMTS&REQUEST=GetCapabilities&BOGUS=ignored"):
            self.assertEqual(self.service.get("/town/ows?" + query).body, everything, query)
        for section in SECTIONS:
            self.assertEqual(self.sections(SECTIONS=section), [section])
        self.assertEqual(self.sections(SECTIONS="Contents,Themes"), ["Contents", "Themes"])
        self.assertEqual(self.sections(), SECTIONS + ["ServiceMetadataURL"])
        self.assertEqual(self.sections(UPDATESEQUENCE=self.capabilities.get("updateSequence")), [])
        for media in [value.text for value in self.capabilities.iter(f"{OWS}Value") if value.text.endswith("/xml")]:
            answer = self.kvp(SERVICE="WMTS", REQUEST="GetCapabilities", ACCEPTFORMATS=media)
            self.assertEqual((answer.headers["content-type"].split(";")[0], answer.body), (media, everything))
        self.assertIn("wmtsGetCapabilities_response.xsd", self.capabilities.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"))

    def test_addresses_lead_to_capabilities(self):
        url = self.capabilities.find(f"{WMTS}ServiceMetadataURL").get(f"{XLINK}href")
        path = url[url.index("/town"):]
        self.assertEqual(self.service.get(path).body, self.kvp(SERVICE="WMTS", REQUEST="GetCapabilities").body)
        self.assertEqual(self.service.get(path, {"Accept": "example/unknown"}).status, 406)
        self.assertEqual(self.service.get(path + "/Bogus").status, 404)

    def test_operations_are_announced(self):
        operations = {one.get("name"): one for one in self.capabilities.iter(f"{OWS}Operation")}
        self.assertEqual(set(operations), {"GetCapabilities", "GetTile", "GetFeatureInfo"})
        for operation in operations.values():
            ways = {get.findtext(f"{OWS}Constraint[@name='GetEncoding']/{OWS}AllowedValues/{OWS}Value"): get.get(f"{XLINK}href") for get in operation.iter(f"{OWS}Get")}
            self.assertEqual(set(ways), {"KVP", "RESTful"})
            self.assertTrue(ways["KVP"].endswith("?"))
        formats = [value.text for value in operations["GetCapabilities"].findall(f"{OWS}Parameter[@name='AcceptFormats']/{OWS}AllowedValues/{OWS}Value")]
        self.assertIn("application/xml", formats)

    def test_identifiers_are_unique_and_references_lead_somewhere(self):
        unique = lambda names: self.assertTrue(len(names) == len(set(names)) and all(names), names)
        unique([layer.findtext(f"{OWS}Identifier") for layer in self.contents.findall(f"{WMTS}Layer")])
        unique([one.findtext(f"{OWS}Identifier") for one in self.contents.findall(f"{WMTS}TileMatrixSet")])
        self.assertEqual(set(self.layers), {"town", *SHAPES, "fifteen", "seven"})
        for matrix_set in self.sets.values():
            unique([matrix.findtext(f"{OWS}Identifier") for matrix in matrix_set.findall(f"{WMTS}TileMatrix")])
            unique([matrix.findtext(f"{WMTS}ScaleDenominator") for matrix in matrix_set.findall(f"{WMTS}TileMatrix")])
        for layer in self.layers.values():
            unique([style.findtext(f"{OWS}Identifier") for style in layer.findall(f"{WMTS}Style")])
            self.assertEqual(sum(style.get("isDefault") == "true" for style in layer.findall(f"{WMTS}Style")), 1)
            for link in layer.findall(f"{WMTS}TileMatrixSetLink"):
                matrices = {matrix.findtext(f"{OWS}Identifier"): matrix for matrix in self.sets[link.findtext(f"{WMTS}TileMatrixSet")].findall(f"{WMTS}TileMatrix")}
                for limits in link.iter(f"{WMTS}TileMatrixLimits"):
                    matrix = matrices[limits.findtext(f"{WMTS}TileMatrix")]
                    for side, across in (("Row", "MatrixHeight"), ("Col", "MatrixWidth")):
                        self.assertTrue(0 <= int(limits.findtext(f"{WMTS}MinTile{side}")) <= int(limits.findtext(f"{WMTS}MaxTile{side}")) < int(matrix.findtext(WMTS + across)))
        for reference in self.capabilities.iter(f"{WMTS}LayerRef"):
            self.assertIn(reference.text, self.layers)

    def test_the_well_known_scale_set_is_that_of_the_standard(self):
        """GoogleMapsCompatible of annex E.4: EPSG:3857, scales that halve from 559082264.0287178 on."""
        for matrix_set in self.sets.values():
            known = matrix_set.findtext(f"{WMTS}WellKnownScaleSet")
            if known is None:
                continue
            self.assertEqual(known, "urn:ogc:def:wkss:OGC:1.0:GoogleMapsCompatible")
            self.assertEqual(matrix_set.findtext(f"{OWS}SupportedCRS"), "urn:ogc:def:crs:EPSG::3857")
            scales = [float(matrix.findtext(f"{WMTS}ScaleDenominator")) for matrix in matrix_set.findall(f"{WMTS}TileMatrix")]
            self.assertGreaterEqual(len(scales), 19)
            for level, scale in enumerate(scales):
                self.assertAlmostEqual(scale / (559082264.0287178 / 2 ** level), 1, places=9)

    def test_legends_are_what_is_told(self):
        for layer in self.layers.values():
            for legend in layer.iter(f"{WMTS}LegendURL"):
                url = legend.get(f"{XLINK}href")
                answer = self.service.get(url[url.index("/town"):])
                self.assertEqual((answer.status, answer.headers["content-type"]), (200, legend.get("format")))
                rows, columns = pixels(answer.body).shape[1:]
                self.assertTrue(rows > 1 and columns > 1)
                for name, size in (("width", columns), ("height", rows)):
                    self.assertIn(legend.get(name), (None, str(size)))


class Tiles(TileTown):
    def test_every_layer_style_format_and_matrix_has_tiles(self):
        """By parameters and by address the same: of the type and size that is told."""
        for (name, layer), (set_name, matrix_set) in itertools.product(self.layers.items(), self.sets.items()):
            styles, matrices = [style.findtext(f"{OWS}Identifier") for style in layer.findall(f"{WMTS}Style")], matrix_set.findall(f"{WMTS}TileMatrix")
            self.assertEqual([one.text for one in layer.findall(f"{WMTS}Format")], list(MEDIA.values()))
            for style, level, media in itertools.product(styles, (0, len(matrices) // 2, len(matrices) - 1), MEDIA.values()):
                matrix = matrices[level].findtext(f"{OWS}Identifier")
                row, column = self.corner_tile(name, set_name, matrix)
                wanted = {"LAYER": name, "STYLE": style, "FORMAT": media, "TILEMATRIXSET": set_name, "TILEMATRIX": matrix, "TILEROW": row, "TILECOL": column}
                by_parameters = self.tile(**wanted)
                by_address = self.service.get(self.address("tile", media, layer=name, style=style, TileMatrixSet=set_name, TileMatrix=matrix, TileRow=row, TileCol=column))
                self.assertEqual((by_parameters.status, by_parameters.headers["content-type"]), (200, media), wanted)
                self.assertEqual((by_address.status, by_address.body), (200, by_parameters.body), wanted)
                size = (int(matrices[level].findtext(f"{WMTS}TileHeight")), int(matrices[level].findtext(f"{WMTS}TileWidth")))
                if media != "image/webp" or gdal.GetDriverByName("WEBP"):
                    self.assertEqual(pixels(by_parameters.body).shape[1:], size)

    def test_where_nothing_is_the_tile_is_transparent(self):
        for side in ("Min", "Max"):   # the points lie on the other diagonal
            row, column = self.corner_tile("several_points", "WebMercatorQuad", "20", side)
            for answer in (self.tile(LAYER="several_points", TILEMATRIX=20, TILEROW=row, TILECOL=column), self.service.get(self.address(layer="several_points", TileMatrix=20, TileRow=row, TileCol=column))):
                self.assertEqual(answer.status, 200)
                self.assertTrue((pixels(answer.body)[3] == 0).all())
        self.assertFalse((pixels(self.tile().body)[3] == 0).all(), "where something is it is not")

    def test_what_is_missing_or_wrong_is_told(self):
        for name, locator in (("VERSION", "version"), ("LAYER", "layer"), ("STYLE", "style"), ("FORMAT", "format"), ("TILEMATRIXSET", "TileMatrixSet"), ("TILEMATRIX", "TileMatrix"), ("TILEROW", "TileRow"),
                              ("TILECOL", "TileCol")):
            self.assertEqual(self.error(self.tile(name)), (400, "MissingParameterValue", locator))
        for name, locator in (("LAYER", "layer"), ("STYLE", "Style"), ("FORMAT", "format"), ("TILEMATRIXSET", "TileMatrixSet"), ("TILEMATRIX", "TileMatrix"), ("TILEROW", "TileRow"), ("TILECOL", "TileCol")):
            self.assertEqual(self.error(self.tile(**{name: "BOGUS"})), (400, "InvalidParameterValue", locator))
        for name, locator in (("TILEROW", "TileRow"), ("TILECOL", "TileCol")):
            for value in (0, 131071, 131072, -1):
                self.assertEqual(self.error(self.tile(**{name: value})), (400, "TileOutOfRange", locator))
        self.assertEqual(self.tile(BOGUS="ignored").status, 200)

    def test_wrong_addresses_are_not_found(self):
        self.assertEqual(self.service.get(self.address()).status, 200)
        for name in ("style", "TileMatrixSet", "TileMatrix", "TileRow", "TileCol"):
            self.assertEqual(self.service.get(self.address(**{name: "BOGUS"})).status, 404, name)
            self.assertEqual(self.service.get(self.address(**{name: ""}).replace("//", "/")).status, 404, name)
        for name in ("TileRow", "TileCol"):
            self.assertEqual(self.service.get(self.address(**{name: 0})).status, 404)
        self.assertEqual(self.service.get(self.address().replace("/fifteen/", "/BOGUS/")).status, 404)
        self.assertEqual(self.service.get(self.address().replace("/fifteen/", "/")).status, 404)
        self.assertEqual(self.service.get(self.address().removesuffix(".png")).status, 404)
        self.assertEqual(self.service.get(self.address().replace(".png", ".bogus")).status, 404)


class FeatureInfo(TileTown):
    def test_every_layer_tells_in_every_format(self):
        """By parameters and by address the same."""
        for name, layer in self.layers.items():
            medias = [one.text for one in layer.findall(f"{WMTS}InfoFormat")]
            self.assertEqual(not medias, name == "seven", name)
            templates = {one.get("format") for one in layer.findall(f"{WMTS}ResourceURL") if one.get("resourceType") == "FeatureInfo"}
            self.assertTrue(templates <= set(medias))
            for (set_name, matrix_set), media in itertools.product(self.sets.items(), medias):
                level = len(matrix_set.findall(f"{WMTS}TileMatrix")) - 6
                matrix = matrix_set.findall(f"{WMTS}TileMatrix")[level].findtext(f"{OWS}Identifier")
                row, column, i, j = self.tile_at_place(set_name, level)
                answer = self.info(LAYER=name, INFOFORMAT=media, TILEMATRIXSET=set_name, TILEMATRIX=matrix, TILEROW=row, TILECOL=column, I=i, J=j)
                self.assertEqual((answer.status, answer.headers["content-type"].split("; charset")[0]), (200, media), name)
                if media in templates:
                    by_address = self.service.get(self.address("FeatureInfo", media, layer=name, TileMatrixSet=set_name, TileMatrix=matrix, TileRow=row, TileCol=column, I=i, J=j))
                    self.assertEqual((by_address.status, by_address.body), (200, answer.body))
        told = json.loads(self.info(LAYER="points").body)
        self.assertEqual([feature["id"] for feature in told["features"]], ["points.1"], "which lies at the corner")

    def test_what_is_missing_or_wrong_is_told(self):
        for name, locator in (("VERSION", "version"), ("LAYER", "layer"), ("STYLE", "style"), ("FORMAT", "format"), ("TILEMATRIXSET", "TileMatrixSet"), ("TILEMATRIX", "TileMatrix"), ("TILEROW", "TileRow"),
                              ("TILECOL", "TileCol"), ("I", "I"), ("J", "J"), ("INFOFORMAT", "InfoFormat")):
            self.assertEqual(self.error(self.info(name)), (400, "MissingParameterValue", locator))
        for name, locator in (("LAYER", "layer"), ("STYLE", "Style"), ("TILEMATRIXSET", "TileMatrixSet"), ("TILEMATRIX", "TileMatrix"), ("INFOFORMAT", "InfoFormat"), ("I", "I"), ("J", "J")):
            self.assertEqual(self.error(self.info(**{name: "BOGUS"})), (400, "InvalidParameterValue", locator))
        for name, locator in (("TILEROW", "TileRow"), ("TILECOL", "TileCol")):
            self.assertEqual(self.error(self.info(**{name: 0})), (400, "TileOutOfRange", locator))
        for name, value in itertools.product("IJ", (-1, 256)):
            self.assertEqual(self.error(self.info(**{name: value})), (400, "PointIJOutOfRange", name))
        self.assertEqual(self.error(self.info(LAYER="seven")), (501, "OperationNotSupported", "GetFeatureInfo"))

    def test_wrong_addresses_are_not_found(self):
        address = lambda **changes: self.service.get(self.address("FeatureInfo", "application/json", **changes)).status
        self.assertEqual(address(), 200)
        for name in ("style", "TileMatrixSet", "TileMatrix", "TileRow", "TileCol", "I", "J"):
            self.assertEqual(address(**{name: "BOGUS"}), 404, name)
        for name, value in (("TileRow", 0), ("TileCol", 0), ("I", 256), ("J", 256)):
            self.assertEqual(address(**{name: value}), 404, name)
        plain = self.address("FeatureInfo", "application/json")
        self.assertEqual(self.service.get(plain.replace("/fifteen/", "/BOGUS/")).status, 404)
        self.assertEqual(self.service.get(plain.replace(".json", ".bogus")).status, 404)


class ApiTiles(TileTown):
    """What the declared classes of OGC API Tiles 1.0 and of the tile matrix set standard 2.0 demand; there is no executable suite of them at hand."""

    def json(self, path, media="application/json"):
        answer = self.service.get("/town/ogcapi" + path)
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, media), path)
        return json.loads(answer.body)

    def test_tile_matrix_sets_are_those_of_wmts(self):
        listed = self.json("/tileMatrixSets")["tileMatrixSets"]
        self.assertEqual([one["id"] for one in listed], list(self.sets))
        for one in listed:
            described, wmts = self.json("/tileMatrixSets/" + one["id"]), self.sets[one["id"]].findall(f"{WMTS}TileMatrix")
            self.assertEqual(described["id"], one["id"])
            self.assertTrue(described["crs"].startswith("http://www.opengis.net/def/crs/EPSG/0/"))
            self.assertEqual(len(described["tileMatrices"]), len(wmts))
            for matrix, other in zip(described["tileMatrices"], wmts):
                self.assertEqual((matrix["id"], matrix["tileWidth"], matrix["tileHeight"], matrix["matrixWidth"], matrix["matrixHeight"]),
                                 (other.findtext(f"{OWS}Identifier"), *(int(other.findtext(WMTS + name)) for name in ("TileWidth", "TileHeight", "MatrixWidth", "MatrixHeight"))))
                self.assertAlmostEqual(matrix["scaleDenominator"] / float(other.findtext(f"{WMTS}ScaleDenominator")), 1, places=12)
                self.assertAlmostEqual(matrix["cellSize"] / (matrix["scaleDenominator"] * 0.00028), 1, places=9)
                self.assertTrue(numpy.allclose(matrix["pointOfOrigin"], list(map(float, other.findtext(f"{WMTS}TopLeftCorner").split())), atol=1e-6))
        self.assertEqual(self.service.get("/town/ogcapi/tileMatrixSets/BOGUS").status, 404)

    def test_tilesets_are_listed_and_their_tiles_are_there(self):
        resources = ["/tiles", "/map/tiles"] + [f"/collections/{name}/{kind}" for name in (*SHAPES, "fifteen", "seven") for kind in ("tiles", "map/tiles")]
        for resource in resources:
            listed = self.json(resource)["tilesets"]
            self.assertEqual(len(listed), len(self.sets))
            for one, set_name in zip(listed, self.sets):
                self.assertEqual(one["dataType"], "map" if "map" in resource else "vector")
                link = next(entry for entry in one["links"] if entry["rel"] == "self")
                self.assertIn(resource + "/" + set_name, link["href"])
                tileset = self.json(f"{resource}/{set_name}")
                scheme = next(entry for entry in tileset["links"] if entry["rel"] == "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme")
                self.assertIn("/tileMatrixSets/" + set_name, scheme["href"])
                level = 12 if set_name == "WebMercatorQuad" else 8
                limits = tileset["tileMatrixSetLimits"][level]
                row, column, _, _ = self.tile_at_place(set_name, level)
                self.assertTrue(limits["minTileRow"] <= row <= limits["maxTileRow"] and limits["minTileCol"] <= column <= limits["maxTileCol"])
                items = [entry for entry in tileset["links"] if entry["rel"] == "item"]
                self.assertTrue(items)
                for item in items:
                    self.assertTrue(item["templated"])
                    url = item["href"].replace("{tileMatrix}", limits["tileMatrix"]).replace("{tileRow}", str(row)).replace("{tileCol}", str(column))
                    answer = self.service.get(url[url.index("/town"):])
                    self.assertEqual((answer.status, answer.headers["content-type"]), (200, item["type"]), url)

    def test_what_is_not_there_is_not_found(self):
        for path in ("/tiles/BOGUS", "/tiles/WebMercatorQuad/99/0/0", "/tiles/WebMercatorQuad/0/1/0", "/tiles/WebMercatorQuad/0/0/1", "/collections/BOGUS/tiles", "/map/tiles/WebMercatorQuad/0/0/7", "/collections/BOGUS/map/tiles"):
            self.assertEqual(self.service.get("/town/ogcapi" + path).status, 404, path)
        for path in ("0/x/0", "0/0/-1", "0/0/0?f=bogus"):
            self.assertIn(self.service.get("/town/ogcapi/tiles/WebMercatorQuad/" + path).status, (400, 404), path)
        self.assertEqual(self.service.get("/town/ogcapi/tiles/WebMercatorQuad/0/0/0", {"Accept": "example/unknown"}).status, 406)
        self.assertIn(self.service.get("/town/ogcapi/collections/points/tiles/WebMercatorQuad/10/0/0?f=mvt").status, (204, 404))

    def test_classes_and_links_say_so(self):
        classes = self.json("/conformance")["conformsTo"]
        for one in ("core", "tileset", "tilesets-list", "dataset-tilesets", "geodata-tilesets", "mvt", "png", "jpeg"):
            self.assertIn("http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/" + one, classes)
        landing = {link["rel"] for link in self.json("?f=json")["links"]}
        self.assertTrue({f"http://www.opengis.net/def/rel/ogc/1.0/{name}" for name in ("tilesets-vector", "tilesets-map", "tiling-schemes")} <= landing)
        collection = {link["rel"] for link in self.json("/collections/points")["links"]}
        self.assertTrue({f"http://www.opengis.net/def/rel/ogc/1.0/{name}" for name in ("tilesets-vector", "tilesets-map")} <= collection)
        paths = self.json("/api", "application/vnd.oai.openapi+json;version=3.0")["paths"]
        self.assertTrue(any(re.search(r"/tiles/\{tileMatrixSetId\}/\{tileMatrix\}/\{tileRow\}/\{tileCol\}$", path) for path in paths))


if __name__ == "__main__":
    run_tests()
