# SPDX-License-Identifier: GPL-2.0-or-later
"""MapProxy in front of the service: what comes through its WMS is what the service itself answers."""
import io
import json
import os
import shutil
import tempfile
import unittest
from urllib.parse import urlencode
from wsgiref.util import setup_testing_defaults

import numpy
import yaml
from mapproxy.script.conf.app import config_command
from mapproxy.wsgiapp import make_wsgi_app
from PIL import Image

from service import Service, stadtgdi

BOXES = {"EPSG:25833": (389700, 5719700, 390050, 5719950), "EPSG:3857": (1492500, 6731000, 1493200, 6731500), "EPSG:4326": (13.405, 51.617, 13.412, 51.622)}
LAYERS = "buildings_building,trees_tree"


def picture(body):
    return numpy.asarray(Image.open(io.BytesIO(body)).convert("RGBA")).astype(int)


class MapProxyTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_mapproxy_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 7, "--out", cls.folder).returncode == 0
        project = os.path.join(cls.folder, "demo.qgz")
        assert stadtgdi("project", os.path.join(cls.folder, "demo.gpkg"), "--language", "de", "--out", project).returncode == 0
        cls.service = Service(project).wait_until_ready()
        cls.base = f"http://127.0.0.1:{cls.service.port}/demo"

        def wms(version):
            return {"type": "wms", "supported_srs": list(BOXES), "wms_opts": {"version": version, "featureinfo": True, "legendgraphic": True},
                    "req": {"url": f"{cls.base}/ows", "layers": LAYERS, "transparent": True}}
        grid = {"srs": "EPSG:25833", "bbox": [388000, 5718000, 392000, 5722000], "origin": "ul", "res": [8, 4, 2, 1, 0.5]}
        tiles = {"wmts": f"{cls.base}/wmts/1.0.0/buildings_building/default/WebMercatorQuad/%(z)s/%(y)s/%(x)s.png",
                 "map_tiles": f"{cls.base}/ogcapi/collections/buildings_building/map/tiles/WebMercatorQuad/%(z)s/%(y)s/%(x)s?f=png"}
        cls.proxy = cls.serve({
            "services": {"wms": {"srs": list(BOXES), "image_formats": ["image/png"], "featureinfo_types": ["text", "html", "xml", "json"], "md": {"title": "MapProxy"}}, "wmts": {}},
            "layers": [{"name": name, "title": name, "sources": [source]} for name, source in
                       (("wms_1_3_0", "wms_1_3_0"), ("wms_1_1_1", "wms_1_1_1"), ("cached", "cached"), ("wmts", "wmts_cache"), ("map_tiles", "map_tiles_cache"))],
            "sources": {"wms_1_3_0": wms("1.3.0"), "wms_1_1_1": wms("1.1.1"), **{name: {"type": "tile", "grid": "mercator", "url": url, "transparent": True} for name, url in tiles.items()}},
            "caches": {"cached": {"sources": ["wms_1_3_0"], "grids": ["utm"], "meta_size": [4, 4], "meta_buffer": 100, "disable_storage": True},
                       **{f"{name}_cache": {"sources": [name], "grids": ["mercator"], "disable_storage": True} for name in tiles}},
            "grids": {"utm": grid, "mercator": {"base": "GLOBAL_WEBMERCATOR", "num_levels": 25}},
        })

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder)

    @classmethod
    def serve(cls, configuration):
        file = os.path.join(cls.folder, "mapproxy.yaml")
        with open(file, "w", encoding="utf-8") as out:
            yaml.safe_dump({"globals": {"cache": {"base_dir": cls.folder}, "image": {"paletted": False}}, **configuration}, out)
        return make_wsgi_app(file)

    def through(self, proxy=None, target="/service", **parameters):
        """Media type and body of what MapProxy answers."""
        environment = {"PATH_INFO": target, "QUERY_STRING": urlencode(parameters)}
        setup_testing_defaults(environment)
        told = []
        body = b"".join((proxy or self.proxy)(environment, lambda status, headers, *_: told.extend([status, dict(headers)])))
        self.assertTrue(told[0].startswith("200"), (told[0], body[:500]))
        return {name.lower(): value for name, value in told[1].items()}["content-type"], body

    def direct(self, **parameters):
        answer = self.service.get("/demo/ows?" + urlencode(parameters))
        self.assertEqual(answer.status, 200, answer.body[:500])
        return answer.headers["content-type"], answer.body

    @staticmethod
    def asked(crs, box, width=700, height=500, **more):
        return {"SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetMap", "STYLES": "", "SRS": crs, "BBOX": ",".join(map(str, box)), "WIDTH": width, "HEIGHT": height,
                "FORMAT": "image/png", "TRANSPARENT": "true", **more}

    def compare(self, theirs, ours, share):
        theirs, ours = picture(theirs), picture(ours)
        self.assertEqual(theirs.shape, ours.shape)
        self.assertGreater((ours[:, :, 3] > 0).sum(), 5000)
        # What is fully transparent has no colour.
        theirs[theirs[:, :, 3] == 0], ours[ours[:, :, 3] == 0] = 0, 0
        self.assertGreaterEqual((abs(theirs - ours).max(axis=2) <= 2).mean(), share)

    def test_maps_come_through(self):
        for layer in ("wms_1_3_0", "wms_1_1_1"):
            for crs, box in BOXES.items():
                with self.subTest(layer=layer, crs=crs):
                    media, theirs = self.through(**self.asked(crs, box, LAYERS=layer))
                    self.assertEqual(media, "image/png")
                    self.compare(theirs, self.direct(**self.asked(crs, box, LAYERS=LAYERS))[1], 1)
        # What a client asks of MapProxy in 1.3.0, in the axis order of EPSG:4326.
        south, west, north, east = (BOXES["EPSG:4326"][i] for i in (1, 0, 3, 2))
        _, theirs = self.through(SERVICE="WMS", VERSION="1.3.0", REQUEST="GetMap", LAYERS="wms_1_3_0", STYLES="", CRS="EPSG:4326", BBOX=f"{south},{west},{north},{east}", WIDTH=700, HEIGHT=500,
                                 FORMAT="image/png", TRANSPARENT="true")
        self.compare(theirs, self.direct(**self.asked("EPSG:4326", BOXES["EPSG:4326"], LAYERS=LAYERS))[1], 1)

    def test_maps_are_made_of_its_tiles(self):
        box = (389700, 5719700, 390050, 5719950)
        _, theirs = self.through(**self.asked("EPSG:25833", box, LAYERS="cached"))
        self.compare(theirs, self.direct(**self.asked("EPSG:25833", box, LAYERS=LAYERS))[1], 0.85)   # labels stand elsewhere

    def test_maps_are_made_of_our_tiles(self):
        cell = 2 * 20037508.342789244 / 256 / 2 ** 17
        left, top = (round(value / cell) * cell for value in (1492500, 6731500))
        box = (left, top - 500 * cell, left + 700 * cell, top)
        for layer in ("wmts", "map_tiles"):
            with self.subTest(layer=layer):
                _, theirs = self.through(**self.asked("EPSG:3857", box, LAYERS=layer))
                self.compare(theirs, self.direct(**self.asked("EPSG:3857", box, LAYERS="buildings_building"))[1], 0.98)

    def test_feature_information_comes_through(self):
        trees = json.loads(self.service.get("/demo/ogcapi/collections/trees_tree/items?f=json&limit=20&bbox=13.407,51.618,13.410,51.621").body)["features"]
        self.assertGreater(len(trees), 5)
        for tree in trees[:3]:
            x, y = tree["geometry"]["coordinates"]
            for layer in ("wms_1_3_0", "wms_1_1_1"):
                for media in ("text/plain", "text/html", "application/json"):
                    with self.subTest(layer=layer, media=media):
                        asked = {**self.asked("EPSG:4326", (x - 0.0005, y - 0.0005, x + 0.0005, y + 0.0005), 101, 101), "REQUEST": "GetFeatureInfo", "INFO_FORMAT": media, "X": 50, "Y": 50}
                        theirs_media, theirs = self.through(**asked, LAYERS=layer, QUERY_LAYERS=layer)
                        _, ours = self.direct(**asked, LAYERS=LAYERS, QUERY_LAYERS=LAYERS)
                        self.assertIn(tree["properties"]["uuid"], theirs.decode("utf-8"))
                        self.assertTrue(theirs_media.startswith(media), theirs_media)
                        if media == "application/json":
                            self.assertEqual(json.loads(theirs)["features"], json.loads(ours)["features"])
                        elif media == "text/plain":
                            self.assertEqual(theirs.split(), ours.split())

    def test_legends_come_through(self):
        for layer in ("wms_1_3_0", "wms_1_1_1"):
            media, theirs = self.through(SERVICE="WMS", VERSION="1.1.1", REQUEST="GetLegendGraphic", LAYER=layer, FORMAT="image/png")
            self.assertEqual(media, "image/png")
            # It sets the legends of the layers below each other, the topmost layer first, and makes half transparent pixels paler.
            trees, houses = (picture(self.direct(SERVICE="WMS", VERSION="1.1.1", REQUEST="GetLegendGraphic", LAYER=part, FORMAT="image/png", TRANSPARENT="true")[1]) for part in ("trees_tree", "buildings_building"))
            theirs = picture(theirs)
            self.assertEqual(theirs.shape[:2], (trees.shape[0] + houses.shape[0], max(trees.shape[1], houses.shape[1])))
            for part, top in ((trees, 0), (houses, trees.shape[0])):
                same = (theirs[top:top + part.shape[0], :part.shape[1], 3] > 0) == (part[:, :, 3] > 15)
                self.assertGreater(same.mean(), 0.99)

    def test_it_configures_itself_from_our_capabilities(self):
        for version in ("1.3.0", "1.1.1"):
            file = os.path.join(self.folder, "made.yaml")
            config_command(["--capabilities", f"{self.base}/ows?SERVICE=WMS&REQUEST=GetCapabilities&VERSION={version}", "--output", file, "--force"])
            with open(file, encoding="utf-8") as made:
                configuration = yaml.safe_load(made)

            def names(layers):
                return {name for layer in layers for name in [layer.get("name"), *names(layer.get("layers", []))] if name}
            offered = {collection["id"] for collection in json.loads(self.service.get("/demo/ogcapi/collections?f=json").body)["collections"] if collection.get("extent", {}).get("spatial")}
            self.assertLessEqual(offered, names(configuration["layers"]))
            source = next(source for source in configuration["sources"].values() if source["req"]["layers"] == "buildings_building")
            self.assertEqual(set(source["supported_srs"]), {"CRS:84", "EPSG:25832", "EPSG:25833", "EPSG:3035", "EPSG:3857", "EPSG:4258", "EPSG:4326"})
            if version == "1.1.1":   # it reads no scales of 1.3.0
                self.assertAlmostEqual(source["min_res"], 75000 * 0.00028, places=6)
            proxy = make_wsgi_app(file)
            asked = self.asked("EPSG:3857", BOXES["EPSG:3857"], LAYERS="trees_tree")
            self.compare(self.through(proxy, **asked)[1], self.direct(**asked)[1], 1)


if __name__ == "__main__":
    unittest.main()
