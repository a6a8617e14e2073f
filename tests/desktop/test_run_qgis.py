#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What `./run qgis` opens: both plugins, the city's project, the dock with the city, in the language asked for; and what
a person set in that QGIS is there at the next start.

    test_run_qgis.py --plugins FOLDER --command build/.../stadtgdi [--pictures FOLDER]
"""
import argparse
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from desktop import start_qgis

HERE = Path(__file__).resolve().parent
PARSER = argparse.ArgumentParser()
PARSER.add_argument("--plugins", required=True, help="folder of the C++ plugins")
PARSER.add_argument("--command", required=True, help="the stadtgdi program")
PARSER.add_argument("--pictures", help="keeps the screenshots there")
OPTIONS, REST = PARSER.parse_known_args()


class RunQgis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name).resolve()
        cls.city, cls.project = cls.folder / "demo.gpkg", cls.folder / "demo.qgz"
        subprocess.run([OPTIONS.command, "demo", "--inhabitants", "20000", "--seed", "1", "--out", str(cls.folder), "--quiet"], check=True)
        subprocess.run([OPTIONS.command, "project", str(cls.city), "--language", "de", "--out", str(cls.project), "--quiet"], check=True)
        cls.first = cls.start("de")
        cls.second = cls.start("en")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def start(cls, language):
        results = cls.folder / (language + ".json")
        pictures = Path(OPTIONS.pictures or cls.folder).resolve()
        pictures.mkdir(parents=True, exist_ok=True)
        code, log = start_qgis(
            OPTIONS.plugins, cls.folder, ["--lang", language, "--code", str(HERE / "opened.py"), str(cls.project)], german=False,
            STADTGDI_RESULTS=str(results), STADTGDI_PICTURE=str(pictures / ("run_qgis_%s.png" % language)),
        )  # fmt: skip
        if not results.exists():
            raise AssertionError("QGIS ended with %d and without results:\n%s" % (code, log.read_text(errors="replace")[-4000:]))
        seen = json.loads(results.read_text(encoding="utf-8"))
        if "error" in seen:
            raise AssertionError(seen["error"])
        return seen

    def test_the_project_of_the_city_is_open(self):
        self.assertEqual(self.first["project"], str(self.project))
        self.assertIn("stadtgdi_trees_tree", self.first["layers"])
        self.assertTrue(all(self.first["layers"].values()), self.first["layers"])

    def test_the_dock_lists_the_city_without_being_asked(self):
        self.assertTrue(self.first["visible"])
        self.assertEqual(self.first["city"], str(self.city))
        self.assertIn("Baumstandorte", self.first["families"])
        self.assertIn("Leitungsnetze", self.first["families"])

    def test_the_operations_are_there(self):
        self.assertIn("stadtgdi:trees.diversity", self.first["algorithms"])

    def test_menus_and_dock_speak_the_language_asked_for(self):
        self.assertIn("Bearbeiten", self.first["menu"])
        self.assertEqual(self.first["dock"], "Städtische Fachdaten")
        self.assertIn("Edit", self.second["menu"])
        self.assertEqual(self.second["dock"], "City layers")

    def test_a_setting_made_in_qgis_is_there_at_the_next_start(self):
        self.assertNotEqual(self.first["setting before"], "17")
        self.assertEqual(self.second["setting before"], "17")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
