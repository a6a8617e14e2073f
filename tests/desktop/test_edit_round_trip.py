#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A tree drawn, changed and deleted in QGIS Desktop is on the service's map and in its answers while QGIS keeps the city open: once in
a GeoPackage, once in PostGIS.

    test_edit_round_trip.py --plugins FOLDER --command build/.../stadtgdi
"""
import argparse
import json
import math
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid
import urllib.request
from pathlib import Path

from desktop import Service, start_qgis

HERE = Path(__file__).resolve().parent
SERVER = os.environ.get("STADTGDI_TEST_PG", "")
TREES = """no,x,y,genus,year
1,317000,5690000,Tilia,1950
2,317060,5690000,Acer,2001
"""
MAPPING = """
title = { en = "Trees of a test", de = "Bäume eines Tests" }
source = "Test"
[[sources]]
geometry = { from = "xy", x = "x", y = "y", crs = "EPSG:25833" }
[[sources.tables]]
layer = "trees_tree"
key = "{no}"
[sources.tables.fields]
site_no = "no"
genus = "genus"
planting_year = "year"
"""
PATIENCE_S = 60  # of a busy machine; the times are printed

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--plugins", required=True, help="folder of the C++ plugins")
PARSER.add_argument("--command", required=True, help="the stadtgdi program")
OPTIONS, REST = PARSER.parse_known_args()


def boxes(city, layer):
    """Of the layer's rows, from the GeoPackage's own index."""
    connection = sqlite3.connect("file:%s?mode=ro" % city, uri=True)
    found = connection.execute("SELECT minx, miny, maxx, maxy FROM rtree_%s_geom" % layer).fetchall()
    connection.close()
    return found


def free_place(city):
    """A place in the middle of the city, 12 m away from all trees, so that a new one is seen, and not in a building."""
    trees = boxes(city, "trees_tree")
    middle_x, middle_y = (sorted(tree[axis] for tree in trees)[len(trees) // 2] for axis in (0, 1))
    taken = [(*tree, 12) for tree in trees] + [(*building, 3) for building in boxes(city, "buildings_building")]
    chance = random.Random(1)
    while True:
        x, y = middle_x + chance.uniform(-300, 300), middle_y + chance.uniform(-300, 300)
        if not any(west - gap < x < east + gap and south - gap < y < north + gap for west, south, east, north, gap in taken):
            return x, y


class Town:
    """What the service says about one tree."""

    def __init__(self, address, place):
        self.address = address
        x, y = place
        self.box = "%.3f,%.3f,%.3f,%.3f" % (x - 5, y - 5, x + 5, y + 5)

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=30) as answer:
            return answer.read()

    def picture(self):
        return self.get(
            "/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=trees_tree&STYLES=&FORMAT=image/png"
            "&CRS=EPSG:25833&WIDTH=200&HEIGHT=200&BBOX=" + self.box
        )

    def genera_by_wfs(self, uuid):
        answer = json.loads(self.get(
            "/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees_tree&OUTPUTFORMAT=application/geo%2Bjson"
            "&SRSNAME=EPSG:25833&BBOX=" + self.box + ",EPSG:25833"
        ))  # fmt: skip
        return [feature["properties"]["genus"] for feature in answer["features"] if feature["properties"]["uuid"] == uuid]

    def genera_by_items(self, uuid):
        answer = json.loads(self.get("/ogcapi/collections/trees_tree/items?f=json&uuid=" + uuid))
        return [feature["properties"]["genus"] for feature in answer["features"]]


def seconds_until(what, holds):
    """How long it took, printed; holds() false within PATIENCE_S: the test fails."""
    start = time.monotonic()
    while True:
        seen = holds()
        took = time.monotonic() - start
        if seen:
            print("%s after %.2f s" % (what, took), flush=True)
            return
        if took > PATIENCE_S:
            raise AssertionError("%s: not within %d s" % (what, PATIENCE_S))
        time.sleep(0.05)


class EditRoundTrip:
    """For both kinds of store; a kind gives make_city()."""

    def setUp(self):
        home = tempfile.TemporaryDirectory()
        self.addCleanup(home.cleanup)
        self.folder = Path(home.name)
        self.make_city()
        service = Service(OPTIONS.command, self.folder, self.city)
        self.addCleanup(service.stop)
        self.town = Town(service.address, self.place)

    def is_held(self):
        """Whether something has the store open, where that can be seen."""
        return True

    def start_desktop(self):
        results = self.folder / "results"
        results.mkdir()
        task = {"city": str(self.city), "place": self.place, "folder": str(HERE), "results": str(results)}
        (self.folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        variables = {"STADTGDI_SCENARIO": str(self.folder / "task.json")}
        arguments = (OPTIONS.plugins, self.folder, ["--code", str(HERE / "edit_scenario.py")])
        self.desktop = threading.Thread(target=start_qgis, args=arguments, kwargs=variables, daemon=True)
        self.desktop.start()

    def step(self, name):
        """What QGIS did; it holds the file open until done(name)."""
        told, failed = (self.folder / "results" / (file + ".json") for file in (name, "error"))
        end = time.monotonic() + 240
        while not told.exists():
            if failed.exists():
                raise AssertionError(json.loads(failed.read_text(encoding="utf-8"))["text"])
            if not self.desktop.is_alive() or time.monotonic() > end:
                raise AssertionError("QGIS did not get to %r:\n%s" % (name, (self.folder / "qgis.log").read_text(errors="replace")[-4000:]))
            time.sleep(0.05)
        seen = json.loads(told.read_text(encoding="utf-8"))
        self.assertTrue(seen["editable"], "the layer is still being edited")
        self.assertFalse(seen["modified"], "all is saved")
        self.assertTrue(self.is_held(), "QGIS has the city open")
        return seen

    def done(self, name):
        (self.folder / "results" / (name + ".seen")).touch()

    def see_everywhere(self, uuid, genera, picture_is):
        seconds_until("WFS: %s" % genera, lambda: self.town.genera_by_wfs(uuid) == genera)
        seconds_until("items: %s" % genera, lambda: self.town.genera_by_items(uuid) == genera)
        seconds_until("WMS", lambda: picture_is(self.town.picture()))

    def errors_of_the_check(self):
        check = subprocess.run([OPTIONS.command, "check", str(self.city), "--layers", "trees_tree", "--json"], capture_output=True, text=True, timeout=300)
        self.assertIn(check.returncode, (0, 1), check.stderr)
        return check.returncode, [finding for finding in json.loads(check.stdout)["findings"] if finding["severity"] == "error"]

    def test_what_is_saved_in_qgis_is_served_while_qgis_stays_open(self):
        empty = self.town.picture()
        self.start_desktop()

        drawn = self.step("drawn")
        self.assertEqual(len(drawn["uuid"]), 36)
        self.assertEqual(drawn["values"], {"status": "standing", "source": "manual", "disclosure_class": "public", "genus": "Quercus"})
        self.assertLess(math.dist((drawn["x"], drawn["y"]), self.place), 2, "where the click was")
        self.see_everywhere(drawn["uuid"], ["Quercus"], lambda picture: picture != empty)
        oak = self.town.picture()
        self.assertEqual(self.errors_of_the_check(), (0, []))
        self.done("drawn")

        self.step("changed")
        self.see_everywhere(drawn["uuid"], ["Fagus"], lambda picture: picture not in (empty, oak))
        self.assertEqual(self.errors_of_the_check(), (0, []))
        self.done("changed")

        self.step("deleted")
        self.see_everywhere(drawn["uuid"], [], lambda picture: picture == empty)
        self.assertEqual(self.errors_of_the_check(), (0, []))
        self.done("deleted")
        self.desktop.join(60)
        self.assertFalse(self.desktop.is_alive())
        self.assertEqual(self.town.genera_by_wfs(drawn["uuid"]), [], "also after QGIS has gone")


class GeoPackageRoundTrip(EditRoundTrip, unittest.TestCase):
    def make_city(self):
        subprocess.run([OPTIONS.command, "demo", "--inhabitants", "20000", "--seed", "1", "--out", str(self.folder), "--quiet"], check=True)
        self.city = self.folder / "demo.gpkg"
        self.place = free_place(self.city)

    def is_held(self):
        return Path(str(self.city) + "-wal").exists()


class PostGisRoundTrip(EditRoundTrip, unittest.TestCase):
    def make_city(self):
        if not SERVER:
            raise RuntimeError("STADTGDI_TEST_PG is not set: ./test starts a server, or tests/support/start_postgres does")
        schema = "round_trip_" + uuid.uuid4().hex[:12]
        drop = ["psql", SERVER, "-q", "-c", 'SET client_min_messages = warning; DROP SCHEMA IF EXISTS "%s" CASCADE' % schema]
        self.addCleanup(subprocess.run, drop, check=True)
        self.city = "PG:%s schemas=%s" % (SERVER, schema)
        self.place = 317030, 5690020
        source, mapping = self.folder / "trees.csv", self.folder / "trees.toml"
        source.write_text(TREES, encoding="utf-8")
        mapping.write_text(MAPPING, encoding="utf-8")
        subprocess.run([OPTIONS.command, "import", str(source), "--mapping", str(mapping), "--city", self.city, "--quiet"], check=True)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
