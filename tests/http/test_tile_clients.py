# SPDX-License-Identifier: GPL-2.0-or-later
"""Tiles as their clients meet them: GDAL, QGIS, OWSLib and OGC's schemas against the real service, and edits of the data behind it."""
import glob
import json
import math
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from osgeo import gdal, ogr, osr

from service import Service, eventually, stadtgdi

gdal.UseExceptions()
gdal.SetConfigOption("GDAL_ENABLE_WMS_CACHE", "NO")
SCHEMAS = "/usr/share/python3-mapproxy/test/schemas"
WMTS = "{http://www.opengis.net/wmts/1.0}"
OWS = "{http://www.opengis.net/ows/1.1}"
HALF = math.pi * 6378137


def mercator_tile(x, y, level):
    """Row and column of the tile of WebMercatorQuad in which a place in EPSG:3857 lies."""
    side = 2 * HALF / 2 ** level
    return int((HALF - y) // side), int((x + HALF) // side)


class TilesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_tiles_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 7, "--out", cls.folder).returncode == 0
        cls.city = os.path.join(cls.folder, "demo.gpkg")
        cls.project = os.path.join(cls.folder, "demo.qgz")
        written = stadtgdi("project", cls.city, "--language", "de", "--out", cls.project)
        assert written.returncode == 0, written.stderr
        made = json.loads(stadtgdi("serve", "--new-key", "--json").stdout)
        cls.key = made["key"]
        settings = os.path.join(cls.folder, "settings.toml")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f"""
[cache]
bytes_of_tiles = 33554432
tile_seconds = 30
[access.roles.netz]
classes = ["kritis"]
[[access.keys]]
name = "Test"
sha256 = "{made["sha256"]}"
roles = ["netz"]
""")
        cls.service = Service(cls.project, "--settings", settings).wait_until_ready()
        cls.base = f"http://127.0.0.1:{cls.service.port}/demo"

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder)

    def get(self, target, headers=None):
        return self.service.get("/demo" + target, headers)

    def trees(self):
        """Feature id and place in EPSG:3857 of every tree, from the store itself."""
        source = ogr.Open(self.city)
        layer = source.GetLayerByName("trees_tree")
        target = osr.SpatialReference()
        target.ImportFromEPSG(3857)
        own = layer.GetSpatialRef()
        for reference in (own, target):
            reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transform = osr.CoordinateTransformation(own, target)
        places = {}
        for feature in layer:
            if feature.GetGeometryRef() is not None:
                geometry = feature.GetGeometryRef().Clone()
                geometry.Transform(transform)
                places[feature.GetFID()] = (geometry.GetX(), geometry.GetY())
        return places

    def decoded(self, body, level, row, column, name):
        """The features of a vector tile as GDAL reads it, in EPSG:3857, by their id."""
        path = os.path.join(self.folder, "tile.pbf")
        with open(path, "wb") as file:
            file.write(body)
        tile = gdal.OpenEx(path, gdal.OF_VECTOR, open_options=[f"X={column}", f"Y={row}", f"Z={level}", "CLIP=NO"])
        return {feature.GetField("mvt_id"): feature.GetGeometryRef().Clone() for feature in tile.GetLayerByName(name)}

    def test_capabilities_are_valid(self):
        schema = os.path.join(SCHEMAS, "wmts/1.0/wmtsGetCapabilities_response.xsd")
        if not os.path.exists(schema) or not shutil.which("xmllint"):
            self.skipTest("no schemas")
        for target in ("/wmts/1.0.0/WMTSCapabilities.xml", "/ows?SERVICE=WMTS&REQUEST=GetCapabilities&SECTIONS=Contents,Themes"):
            path = os.path.join(self.folder, "capabilities.xml")
            with open(path, "wb") as file:
                file.write(self.get(target).body)
            checked = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", schema, path], capture_output=True, text=True, check=False)
            # This edition of the schema counts the tiles of limits from 1, the standard from 0.
            wrong = [line for line in checked.stderr.split("\n") if line and not line.endswith("fails to validate")
                     and not re.search(r"element M(in|ax)Tile(Row|Col): .*'0' is not a valid value of the atomic type 'xs:positiveInteger'", line)]
            self.assertEqual([line for line in wrong if not line.endswith(" validates")], [])
        error = self.get("/ows?SERVICE=WMTS&REQUEST=GetBOGUS")
        self.assertEqual(error.status, 400)
        path = os.path.join(self.folder, "error.xml")
        with open(path, "wb") as file:
            file.write(error.body)
        for exceptions in glob.glob(os.path.join(SCHEMAS, "ows/1.1.0/owsExceptionReport.xsd")):
            checked = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", exceptions, path], capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stderr[:2000])

    def test_all_that_capabilities_name_is_there(self):
        root = ElementTree.fromstring(self.get("/wmts/1.0.0/WMTSCapabilities.xml").body)
        layers = root.findall(f"{WMTS}Contents/{WMTS}Layer")
        self.assertGreater(len(layers), 10)
        for layer in layers:
            name = layer.find(f"{OWS}Identifier").text
            limits = layer.find(f"{WMTS}TileMatrixSetLink[2]/{WMTS}TileMatrixSetLimits/{WMTS}TileMatrixLimits[9]")
            words = {"style": layer.find(f"{WMTS}Style/{OWS}Identifier").text, "TileMatrixSet": "gdi_de_25832", "TileMatrix": limits.find(f"{WMTS}TileMatrix").text,
                     "TileRow": limits.find(f"{WMTS}MinTileRow").text, "TileCol": limits.find(f"{WMTS}MinTileCol").text, "I": "3", "J": "4"}
            for resource in layer.findall(f"{WMTS}ResourceURL"):
                url = resource.get("template")
                for word, value in words.items():
                    url = url.replace("{" + word + "}", urllib.parse.quote(value, safe=""))
                answer = self.service.get(url[url.index("/demo"):])
                self.assertEqual(answer.status, 200, url + answer.text if answer.status != 200 else "")
                self.assertEqual(answer.headers["content-type"].split(";")[0], resource.get("format"), url)
        legend = layers[1].find(f"{WMTS}Style/{WMTS}LegendURL").get("{http://www.w3.org/1999/xlink}href")
        self.assertEqual(self.service.get(legend[legend.index("/demo"):]).headers["content-type"], "image/png")

    def test_gdal_reads_wmts_as_the_map_of_wms(self):
        for capabilities in (f"{self.base}/ows?SERVICE=WMTS&REQUEST=GetCapabilities", f"{self.base}/wmts/1.0.0/WMTSCapabilities.xml"):
            for matrix_set, code, matrix in (("WebMercatorQuad", 3857, 16), ("gdi_de_25832", 25832, 10)):
                raster = gdal.Open(f"WMTS:{capabilities},layer=districts_district,tilematrixset={matrix_set},tilematrix={matrix}")
                self.assertIn(str(code), raster.GetProjection())
                left, cell, _, top, _, _ = raster.GetGeoTransform()
                # A window of tiles beside one picture of WMS of the same ground.
                x, y, size = raster.RasterXSize // 3, raster.RasterYSize // 3, 200
                ours = raster.ReadRaster(x, y, size, size)
                box = (left + x * cell, top - (y + size) * cell, left + (x + size) * cell, top - y * cell)
                answer = self.get("/ows?" + urllib.parse.urlencode({"SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetMap", "LAYERS": "districts_district", "STYLES": "", "SRS": f"EPSG:{code}",
                                  "BBOX": ",".join(map(repr, box)), "WIDTH": size, "HEIGHT": size, "FORMAT": "image/png", "TRANSPARENT": "TRUE"}))
                gdal.FileFromMemBuffer("/vsimem/map.png", answer.body)
                theirs = gdal.Translate("", "/vsimem/map.png", format="MEM", rgbExpand="rgba") if gdal.Open("/vsimem/map.png").RasterCount == 1 else gdal.Open("/vsimem/map.png")
                other = theirs.ReadRaster(0, 0, size, size)
                same = sum(a == b for a, b in zip(ours[:size * size * 3], other[:size * size * 3])) / (size * size * 3)
                self.assertGreater(same, 0.9, f"{capabilities} {matrix_set}")   # labels stand elsewhere

    def test_owslib_reads_wmts(self):
        try:
            from owslib.wmts import WebMapTileService
        except ImportError:
            self.skipTest("no OWSLib")
        service = WebMapTileService(f"{self.base}/ows?")
        self.assertIn("trees_tree", service.contents)
        self.assertEqual(set(service.tilematrixsets), {"WebMercatorQuad", "gdi_de_25832"})
        limits = service.contents["trees_tree"].tilematrixsetlinks["gdi_de_25832"].tilematrixlimits["9"]
        tile = service.gettile(layer="trees_tree", tilematrixset="gdi_de_25832", tilematrix="9", row=limits.mintilerow, column=limits.mintilecol, format="image/png")
        self.assertTrue(tile.read().startswith(b"\x89PNG"))

    def test_qgis_reads_wmts_and_vector_tiles(self):
        try:
            from qgis.core import QgsApplication, QgsRasterLayer, QgsRectangle, QgsTileXYZ, QgsVectorTileLayer
        except ImportError:
            self.skipTest("no QGIS in Python")
        application = QgsApplication([], False)
        application.initQgis()
        try:
            wmts = QgsRasterLayer(f"url={urllib.parse.quote(self.base + '/ows?SERVICE=WMTS&REQUEST=GetCapabilities', safe='')}&layers=trees_tree&styles=default"
                                  "&tileMatrixSet=gdi_de_25832&format=image/png&crs=EPSG:25832", "trees", "wms")
            self.assertTrue(wmts.isValid(), wmts.error().summary())
            self.assertEqual(wmts.crs().authid(), "EPSG:25832")
            centre = wmts.extent().center()
            block = wmts.dataProvider().block(1, QgsRectangle(centre.x() - 500, centre.y() - 500, centre.x() + 500, centre.y() + 500), 200, 200)
            self.assertGreater(len({block.value(row, column) for row in range(200) for column in range(200)}), 1)
            vector = QgsVectorTileLayer(f"type=xyz&url={urllib.parse.quote(self.base + '/ogcapi/tiles/WebMercatorQuad/{z}/{y}/{x}?f=mvt', safe='')}&zmin=0&zmax=24", "city")
            self.assertTrue(vector.isValid())
            x, y = next(iter(self.trees().values()))
            row, column = mercator_tile(x, y, 14)
            raw = vector.getRawTile(QgsTileXYZ(column, row, 14)) if hasattr(vector, "getRawTile") else None
            if raw is not None:
                self.assertEqual(bytes(raw), self.get(f"/ogcapi/tiles/WebMercatorQuad/14/{row}/{column}?f=mvt").body)
        finally:
            application.exitQgis()

    def test_every_tree_is_in_its_vector_tile(self):
        level = 15
        tiles = {}
        for fid, (x, y) in self.trees().items():
            tiles.setdefault(mercator_tile(x, y, level), {})[fid] = (x, y)
        self.assertGreater(len(tiles), 4)
        unit = 2 * HALF / 2 ** level / 4096
        for (row, column), trees in tiles.items():
            answer = self.get(f"/ogcapi/collections/trees_tree/tiles/WebMercatorQuad/{level}/{row}/{column}?f=mvt")
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["content-type"], "application/vnd.mapbox-vector-tile")
            found = self.decoded(answer.body, level, row, column, "trees_tree")
            for fid, (x, y) in trees.items():
                self.assertIn(fid, found)
                self.assertLess(abs(found[fid].GetX() - x), 0.51 * unit)
                self.assertLess(abs(found[fid].GetY() - y), 0.51 * unit)

    def test_polygons_are_valid_and_add_up(self):
        level = 14
        root = json.loads(self.get("/ogcapi/collections/districts_district/tiles/WebMercatorQuad?f=json").body)
        limits = root["tileMatrixSetLimits"][level]
        side = 2 * HALF / 2 ** level
        areas = {}
        for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
            for column in range(limits["minTileCol"], limits["maxTileCol"] + 1):
                answer = self.get(f"/ogcapi/collections/districts_district/tiles/WebMercatorQuad/{level}/{row}/{column}?f=mvt")
                self.assertIn(answer.status, (200, 204))
                if answer.status == 204:
                    continue
                left, top = column * side - HALF, HALF - row * side
                tile = ogr.CreateGeometryFromWkt(f"POLYGON(({left} {top},{left + side} {top},{left + side} {top - side},{left} {top - side},{left} {top}))")
                for fid, geometry in self.decoded(answer.body, level, row, column, "districts_district").items():
                    self.assertTrue(geometry.IsValid())
                    areas[fid] = areas.get(fid, 0) + geometry.Intersection(tile).GetArea()
        source = ogr.Open(self.city)
        layer = source.GetLayerByName("districts_district")
        own, target = layer.GetSpatialRef(), osr.SpatialReference()
        target.ImportFromEPSG(3857)
        for reference in (own, target):
            reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        transform = osr.CoordinateTransformation(own, target)
        for feature in layer:
            geometry = feature.GetGeometryRef().Clone()
            geometry.Transform(transform)
            length = geometry.Boundary().Length()
            self.assertAlmostEqual(areas[feature.GetFID()], geometry.GetArea(), delta=1.3 * side / 4096 * length)

    def test_fields_and_layers_that_one_may_not_see_are_in_no_tile(self):
        listed = json.loads(self.get("/ogcapi/tiles/WebMercatorQuad?f=json").body)
        self.assertNotIn("utilities_line", [layer["id"] for layer in listed["layers"]])
        hidden = self.get("/ogcapi/collections/utilities_line/tiles/WebMercatorQuad/14/5440/8802?f=mvt")
        absent = self.get("/ogcapi/collections/nothing_line/tiles/WebMercatorQuad/14/5440/8802?f=mvt")
        self.assertEqual((hidden.status, hidden.text.replace("utilities_line", "X")), (absent.status, absent.text.replace("nothing_line", "X")))
        hidden = self.get("/wmts/1.0.0/utilities_line/default/WebMercatorQuad/14/5440/8802.png")
        absent = self.get("/wmts/1.0.0/nothing_line/default/WebMercatorQuad/14/5440/8802.png")
        self.assertEqual((hidden.status, hidden.text.replace("utilities_line", "X")), (absent.status, absent.text.replace("nothing_line", "X")))

    def test_tiles_of_a_role_are_private(self):
        for headers, rule in ((None, "public, max-age=30"), ({"X-API-Key": self.key}, "private, max-age=30")):
            answer = self.get("/wmts/1.0.0/trees_tree/default/WebMercatorQuad/0/0/0.png", headers)
            self.assertEqual(answer.status, 200)
            self.assertEqual(answer.headers["cache-control"], rule)
            self.assertIn("Authorization, X-API-Key", answer.headers["vary"])
            self.assertEqual(self.get("/wmts/1.0.0/trees_tree/default/WebMercatorQuad/0/0/0.png", {**(headers or {}), "If-None-Match": answer.headers["etag"]}).status, 304)

    def events(self):
        lines = self.service.get("/metrics").text.split("\n")
        return {line.split('"')[1]: float(line.split()[-1]) for line in lines if line.startswith("stadtgdi_tile_events{")}

    def test_an_edit_renews_the_tiles_where_it_is_and_no_others(self):
        level = 16
        places = self.trees()
        fid, (x, y) = min(places.items())
        near = mercator_tile(x, y, level)
        far = max((mercator_tile(*place, level) for place in places.values()), key=lambda tile: abs(tile[0] - near[0]) + abs(tile[1] - near[1]))
        self.assertGreater(abs(far[0] - near[0]) + abs(far[1] - near[1]), 8)
        paths = [f"/ogcapi/collections/trees_tree/{kind}/WebMercatorQuad/{level}/{row}/{column}?f={form}" for kind, form in (("tiles", "mvt"), ("map/tiles", "png")) for row, column in (near, far)]
        paths += [f"/wmts/1.0.0/city/default/WebMercatorQuad/{level}/{row}/{column}.png" for row, column in (near, far)]
        # Until the rows are read nobody can say of when a picture is.
        self.assertTrue(eventually(lambda: all("last-modified" in self.get(path).headers for path in paths)))
        before = [self.get(path) for path in paths]
        self.assertEqual([answer.status for answer in before], [200] * len(paths))
        self.assertEqual([self.get(path).body for path in paths], [answer.body for answer in before])
        edited = ogr.Open(self.city, update=1)
        layer = edited.GetLayerByName("trees_tree")
        feature = layer.GetFeature(fid)
        kept = feature.Clone()
        layer.DeleteFeature(fid)
        del layer, edited
        self.assertTrue(eventually(lambda: self.get(paths[0]).headers.get("etag") != before[0].headers["etag"]))
        time.sleep(1.1)   # Last-Modified has whole seconds and is never later than now
        after = [self.get(path) for path in paths]
        outdated = self.events()["outdated"]
        self.assertGreater(outdated, 0)
        for path, old, new, is_near in zip(paths, before, after, [True, False] * 3):
            self.assertEqual(old.body != new.body, is_near, path)
            self.assertEqual(old.headers["last-modified"] == new.headers["last-modified"], not is_near, path)
        # The same bits as those of a service that knows nothing of the past.
        with_fresh_eyes = Service(self.project).wait_until_ready()
        try:
            for path, answer in zip(paths, after):
                fresh = with_fresh_eyes.get("/demo" + path)
                self.assertEqual(fresh.body, answer.body, path)
        finally:
            with_fresh_eyes.stop()
        edited = ogr.Open(self.city, update=1)
        edited.GetLayerByName("trees_tree").CreateFeature(kept)
        del edited
        # The tests after this one find the tree where it was.
        self.assertTrue(eventually(lambda: self.get(paths[0]).headers.get("etag") != after[0].headers["etag"]))

    def test_labels_fit_together_at_the_edges_of_tiles(self):
        """Beside each other, tiles of one block are one picture; no label crosses the edge of a block."""
        root = json.loads(self.get("/ogcapi/collections/districts_district/map/tiles/WebMercatorQuad?f=json").body)
        limits = root["tileMatrixSetLimits"][14]
        row, column = (limits["minTileRow"] + limits["maxTileRow"]) // 2, (limits["minTileCol"] + limits["maxTileCol"]) // 2 // 4 * 4 + 1
        made = self.events()["made"]
        for offset in range(3):
            self.assertEqual(self.get(f"/ogcapi/collections/districts_district/map/tiles/WebMercatorQuad/14/{row}/{column + offset}?f=webp").status, 200)
        self.assertEqual(self.events()["made"], made + 1)


if __name__ == "__main__":
    unittest.main()
