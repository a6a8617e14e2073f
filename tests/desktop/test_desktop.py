#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS Desktop under Xvfb with our plugins: the dock, the form, a drawn tree and the Processing algorithms.

    test_desktop.py --plugins FOLDER --command build/.../stadtgdi [--pictures FOLDER]
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from desktop import Service, start_qgis

HERE = Path(__file__).resolve().parent


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--plugins", required=True, help="folder of the C++ plugins")
    parser.add_argument("--command", required=True, help="the stadtgdi program")
    parser.add_argument("--city", help="a city GeoPackage; a demo city is made otherwise")
    parser.add_argument("--pictures", help="keeps the screenshots there")
    return parser.parse_known_args()


OPTIONS, REST = options()


def demo_city(folder):
    if OPTIONS.city:
        return shutil.copy(OPTIONS.city, folder / "demo.gpkg")
    subprocess.run([OPTIONS.command, "demo", "--inhabitants", "20000", "--seed", "1", "--out", str(folder), "--quiet"], check=True)
    return str(folder / "demo.gpkg")


def run_qgis(folder):
    """What the scenario saw; ends QGIS and its display, whatever happens."""
    pictures = Path(OPTIONS.pictures or folder / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    city = str(demo_city(folder))
    # A copy is served: what is drawn must not matter here.
    (folder / "service").mkdir()
    service = Service(OPTIONS.command, folder / "service", shutil.copy(city, folder / "service" / "stadt.gpkg"))
    try:
        return play(folder, pictures, city, service)
    finally:
        service.stop()


def play(folder, pictures, city, service):
    task = {
        "city": city,
        "service": service.address,
        "key": service.key,
        "results": str(folder / "results.json"),
        "pictures": str(pictures.resolve()),
        "folder": str(HERE),
        "command": str(Path(OPTIONS.command).resolve()),
    }
    (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
    ended, log = start_qgis(OPTIONS.plugins, folder, ["--code", str(HERE / "scenario.py")], STADTGDI_SCENARIO=str(folder / "task.json"))
    if not (folder / "results.json").exists():
        raise AssertionError("QGIS ended with %d and without results:\n%s" % (ended, log.read_text(errors="replace")[-4000:]))
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


class Desktop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.seen = run_qgis(Path(cls.folder.name))
        print(json.dumps(cls.seen, ensure_ascii=False, indent=1))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_no_step_failed(self):
        self.assertNotIn("error", self.seen)

    def test_the_dock_is_there_and_speaks_german(self):
        self.assertEqual(self.seen["dock"], "Städtische Fachdaten")

    def test_the_dock_lists_families_and_layers_with_their_counts(self):
        self.assertIn("Baumstandorte", self.seen["families"])
        title, rows, disclosure, _ = self.seen["layers"]["trees_tree"]
        self.assertEqual((title, disclosure), ("Bäume", "öffentlich"))
        self.assertGreater(int(rows.replace(".", "")), 1000)
        self.assertEqual(self.seen["layers"]["utilities_line"][2], "KRITIS")

    def test_added_layers_have_title_group_style_and_aliases(self):
        self.assertIn("Bäume", self.seen["added"])
        self.assertIn("Baumstandorte", self.seen["groups"])
        self.assertEqual(self.seen["alias"], "Kronendurchmesser [m]")
        self.assertIn("Linde (Tilia)", self.seen["legend"])

    def test_a_drawn_tree_gets_the_defaults_of_the_form(self):
        self.assertEqual(len(self.seen["form"]["uuid"]), 36)
        self.assertEqual(self.seen["form"]["status"], "standing")
        self.assertEqual(self.seen["form"]["source"], "manual")
        self.assertEqual(self.seen["form"]["disclosure_class"], "public")

    def test_a_drawn_tree_is_saved_and_accepted_by_the_check(self):
        self.assertTrue(self.seen["saved"], self.seen["save errors"])
        self.assertEqual(self.seen["trees drawn"], 1)
        self.assertEqual(self.seen["check"]["code"], 0, self.seen["check"])

    def test_every_operation_is_an_algorithm_and_runs(self):
        for name in ("statgrid.make_grid", "trees.canopy_cover", "trees.diversity"):
            self.assertIn("stadtgdi:" + name, self.seen["algorithms"])
        self.assertGreater(self.seen["cells"], 0)
        self.assertGreater(self.seen["diversity"]["trees"], 1000)
        self.assertEqual(self.seen["canopy"]["rows"], self.seen["cells"])

    def test_the_dock_lists_a_service_without_its_protected_layers(self):
        self.assertEqual(self.seen["service layers"]["trees_tree"][:2], ["Bäume", "8.893"])
        self.assertNotIn("utilities_line", self.seen["service layers"])

    def test_layers_of_a_service_come_as_features_and_as_picture(self):
        self.assertEqual(self.seen["service added"], {"OAPIF": True, "wms": True})
        self.assertEqual(self.seen["service rows"], int(self.seen["layers"]["districts_district"][1]))

    def test_a_key_shows_and_adds_the_protected_layers(self):
        self.assertIn("lehnt den Schlüssel ab", self.seen["wrong key"])
        self.assertEqual(self.seen["keyed layers"]["utilities_line"][2], "KRITIS")
        self.assertEqual(self.seen["keyed layers"]["trees_tree"][2], "öffentlich")
        self.assertEqual(self.seen["keyed layers"]["utilities_line"][1], self.seen["layers"]["utilities_line"][1])
        self.assertEqual(self.seen["keyed added"], {"OAPIF": True, "wms": True})
        self.assertGreater(self.seen["keyed rows"], 1000)
        self.assertTrue(self.seen["picture drawn"])

    def test_the_key_is_neither_in_the_layers_nor_in_the_settings(self):
        self.assertFalse(self.seen["key in sources"])
        self.assertFalse(self.seen["key in settings"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
