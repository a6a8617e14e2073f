# SPDX-License-Identifier: GPL-2.0-or-later
"""What takes minutes: many requests, many projects, many rows, many entries of a legend. docs/conformance/answers.md says which number is proven where."""
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import time
import unittest
import xml.etree.ElementTree as ET

from qgis.core import QgsCategorizedSymbolRenderer, QgsMarkerSymbol, QgsRendererCategory, QgsVectorLayer

from one_picture import run_tests
from service import eventually
from small_town import NS, SECRETS, SOUTH, WEST, Town, layer_of, make_tree_store, query, write_project

SERVER = os.environ.get("STADTGDI_TEST_PG", "")


def sql(text):
    return subprocess.run(["psql", SERVER, "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text], capture_output=True, text=True, check=True).stdout


class Process:
    """What a worker has."""

    def __init__(self, service):
        self.folder = f"/proc/{service.worker()}"

    def files(self):
        return len(os.listdir(self.folder + "/fd"))

    def status(self, name):
        with open(self.folder + "/status", encoding="ascii") as file:
            return int(next(line for line in file if line.startswith(name + ":")).split()[1])

    def threads(self):
        return self.status("Threads")

    def resident_mb(self):
        return self.status("VmRSS") / 1024


class Soak(unittest.TestCase):
    def start(self, make, settings=SECRETS, **options):
        town = Town(make, settings, **options)
        self.addCleanup(town.close)
        return town

    def test_ten_thousand_requests_leave_nothing_behind(self):
        """T178: open files, threads and memory from request 2,000 on."""
        def make(town):
            make_tree_store(town / "town.gpkg", 5000)
            make_tree_store(town / "secret.gpkg", 50)
            return [write_project(town / "town.qgz", layer_of(town / "town.gpkg", "tree"), layer_of(town / "secret.gpkg", "tree", "pipes"))]
        town = self.start(make)
        service, process = town.service, Process(town.service)
        rng = random.Random(178)

        def target():
            x, y, side = WEST + rng.randint(0, 300), SOUTH + rng.randint(0, 1000), rng.choice((50, 200, 1000))
            box = f"{x},{y},{x + side},{y + side}"
            size = rng.choice((64, 128, 256))
            picture = {"VERSION": "1.3.0", "STYLES": "", "CRS": "EPSG:25833", "BBOX": box, "WIDTH": size, "HEIGHT": size, "FORMAT": "image/png"}
            return rng.choice((
                lambda: query("WMS", REQUEST="GetMap", LAYERS="tree", **picture),
                lambda: query("WMS", REQUEST="GetMap", LAYERS="tree", **{**picture, "CRS": "EPSG:4326", "BBOX": "51.60,13.40,51.61,13.41", "FORMAT": "image/jpeg"}),
                lambda: query("WMS", REQUEST="GetFeatureInfo", LAYERS="tree", QUERY_LAYERS="tree", I=20, J=20, INFO_FORMAT=rng.choice(("text/html", "application/json", "text/xml")), **picture),
                lambda: query("WMS", VERSION="1.3.0", REQUEST="GetLegendGraphic", LAYER="tree", FORMAT="image/png"), lambda: query("WMS", REQUEST="GetCapabilities"),
                lambda: query("WMS", REQUEST="GetMap", LAYERS="pipes", **picture), lambda: query("WFS", REQUEST="GetCapabilities", VERSION="2.0.0"),
                lambda: query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", BBOX=box), lambda: query("WFS", VERSION="1.1.0", REQUEST="GetFeature", TYPENAME="tree", MAXFEATURES=50),
                lambda: query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", COUNT=30, OUTPUTFORMAT=rng.choice(("application/geopackage+sqlite3", "text/csv", "application/flatgeobuf"))),
                lambda: query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", SRSNAME="nonsense"), lambda: f"/town/ogcapi/collections/tree/items?limit=20&offset={rng.randint(0, 4000)}&f=json",
                lambda: f"/town/ogcapi/collections/tree/items/{rng.randint(1, 6000)}?f=html", lambda: "/town/ogcapi/collections/tree/tiles/WebMercatorQuad/14/5427/8802?f=mvt",
                lambda: f"/town/ogcapi/map/tiles/WebMercatorQuad/{rng.randint(10, 16)}/5427/8802?f=png", lambda: "/", lambda: "/nothing/here"))()
        targets = [target() for _ in range(10_000)]
        seen = []
        with concurrent.futures.ThreadPoolExecutor(4) as clients:
            for begin in range(0, len(targets), 1000):
                statuses = list(clients.map(lambda one: service.get(one).status, targets[begin:begin + 1000]))
                self.assertFalse([status for status in statuses if status >= 500 and status != 501])
                self.assertTrue(eventually(lambda: "stadtgdi_connections 1\n" in service.get("/metrics").text, 10))
                seen.append((begin + 1000, process.files(), process.threads(), process.resident_mb()))
        print("requests, open files, threads, MB:", *seen, sep="\n  ", flush=True)
        (_, files, threads, memory), rest = seen[1], seen[2:]
        for requests, *now in rest:
            for what, before, after in zip(("open files", "threads", "memory"), (files, threads, memory), now):
                self.assertLess(after, 1.05 * before + (1 if what == "open files" else 0), f"{what} after {requests} requests")

    def test_a_hundred_projects_of_fifty_layers_are_served(self):
        """T179."""
        def make(town):
            make_tree_store(town / "town.gpkg", 20)
            first = write_project(town / "p0.qgs", *(layer_of(town / "town.gpkg", "tree", f"tree_{number}") for number in range(50)))
            for number in range(1, 100):
                shutil.copy(first, town / f"p{number}.qgs")
            return [town / f"p{number}.qgs" for number in range(100)]
        begin = time.monotonic()
        town = self.start(make, ready=False)
        self.assertTrue(eventually(town.service.is_ready, 600))
        memory = Process(town.service).resident_mb()
        print(f"100 projects of 50 layers: ready after {time.monotonic() - begin:.1f} s, {memory:.0f} MB", flush=True)
        self.assertLess(memory, 3000)
        for number in (0, 57, 99):
            root = ET.fromstring(town.service.get(f"/p{number}/ows?SERVICE=WMS&REQUEST=GetCapabilities").body)
            names = [name.text for name in root.findall(".//wms:Layer/wms:Name", NS) if name.text.startswith("tree_")]
            self.assertEqual(len(names), 50)
            self.assertEqual(town.service.get(f"/p{number}/ogcapi/collections/tree_49/items?limit=1&f=json").status, 200)

    def test_five_million_rows_are_counted_exactly(self):
        """T108."""
        if not SERVER:
            raise RuntimeError("STADTGDI_TEST_PG is not set: ./test starts a server, or tests/support/start_postgres does")
        schema = f"million_{os.getpid()}"
        self.addCleanup(sql, f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        sql(f"CREATE SCHEMA {schema}; CREATE UNLOGGED TABLE {schema}.large AS SELECT n AS id, ST_SetSRID(ST_MakePoint({WEST} + n % 1000, {SOUTH} + n / 1000), 25833)::geometry(Point, 25833) AS geom "
            f"FROM generate_series(1, 5000000) n; ALTER TABLE {schema}.large ADD PRIMARY KEY (id); ANALYZE {schema}.large")

        def make(town):
            layer = QgsVectorLayer(f"{SERVER} key='id' srid=25833 type=Point estimatedmetadata=true table=\"{schema}\".\"large\" (geom)", "large", "postgres")
            assert layer.isValid()
            layer.serverProperties().setShortName("large")
            return [write_project(town / "town.qgz", layer)]
        town = self.start(make, SECRETS + "[cache]\nrows_per_layer = 1000000\n")
        hits = query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="large", RESULTTYPE="hits")
        begin = time.monotonic()
        answer = town.service.get(hits)
        print(f"5,000,000 rows counted in {1000 * (time.monotonic() - begin):.0f} ms", flush=True)
        self.assertEqual(ET.fromstring(answer.body).get("numberMatched"), "5000000")

    def test_a_legend_of_ten_thousand_entries(self):
        """T149: whole, as JSON and as a picture."""
        def make(town):
            make_tree_store(town / "town.gpkg", 100)
            layer = layer_of(town / "town.gpkg", "tree")
            symbol = QgsMarkerSymbol.createSimple({"size": "2"})
            layer.setRenderer(QgsCategorizedSymbolRenderer("name", [QgsRendererCategory(f"Baum {number}", symbol.clone(), f"Baum {number}") for number in range(10_000)]))
            return [write_project(town / "town.qgz", layer)]
        begin = time.monotonic()
        town = self.start(make, ready=False)
        self.assertTrue(eventually(town.service.is_ready, 600))
        print(f"10,000 categories: ready after {time.monotonic() - begin:.1f} s, {Process(town.service).resident_mb():.0f} MB", flush=True)
        legend = lambda media: town.service.get(query("WMS", VERSION="1.3.0", REQUEST="GetLegendGraphic", LAYER="tree", FORMAT=media))
        self.assertEqual(len(json.loads(legend("application/json").body)["nodes"][0]["symbols"]), 10_000)
        picture = legend("image/png")
        self.assertEqual((picture.status, picture.body[:4]), (200, b"\x89PNG"))
        self.assertEqual(town.service.get("/readyz").status, 200)


if __name__ == "__main__":
    run_tests()
