#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The operations through qgis_process: the small Python plugin registers the C++ provider.

    test_qgis_process.py --python-plugins FOLDER --command build/.../stadtgdi
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--python-plugins", required=True, help="folder that holds the Python plugin")
PARSER.add_argument("--command", required=True, help="the stadtgdi program")
OPTIONS, REST = PARSER.parse_known_args()


class QgisProcess(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        home = cls.folder.name
        cls.environment = dict(
            os.environ, QGIS_CUSTOM_CONFIG_PATH=home, QGIS_PLUGINPATH=str(Path(OPTIONS.python_plugins).resolve()),
            QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=home, HOME=home, LANG="C.UTF-8", LC_ALL="C.UTF-8",
            PATH="/usr/bin:" + os.environ["PATH"],  # QGIS needs the Python it was built with
        )  # fmt: skip
        cls.run_process("plugins", "enable", "stadtgdi_processing")
        subprocess.run([OPTIONS.command, "demo", "--inhabitants", "20000", "--seed", "1", "--out", home, "--quiet"], check=True)
        cls.trees = home + "/demo.gpkg|layername=trees_tree"

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def run_process(cls, *arguments, check=True):
        return subprocess.run(["qgis_process", *arguments], env=cls.environment, capture_output=True, text=True, check=check, timeout=200)

    def run_operation(self, operation, **values):
        given = ["%s=%s" % pair for pair in values.items()]
        return self.run_process("run", "stadtgdi:" + operation, "--json", "--", *given, check=False)

    def test_the_operations_are_listed(self):
        listed = json.loads(self.run_process("list", "--json").stdout)
        algorithms = listed["providers"]["stadtgdi"]["algorithms"]
        self.assertIn("stadtgdi:trees.diversity", algorithms)

    def test_diversity_gives_the_same_as_the_command(self):
        here = self.folder.name + "/process.geojson"
        there = self.folder.name + "/command.csv"
        ended = self.run_operation("trees.diversity", trees=self.trees, zones_result=here)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        # GeoPackage and GeoJSON keep the numbers; the command's CSV has them as shortest round-trip text
        subprocess.run([OPTIONS.command, "run", "trees.diversity", "--trees", self.folder.name + "/demo.gpkg#trees_tree", "--out", there, "--quiet"], check=True)
        with open(here, encoding="utf-8") as file:
            row = json.load(file)["features"][0]["properties"]
        names, values = Path(there).read_text(encoding="utf-8").splitlines()[:2]
        expected = dict(zip(names.split(","), values.split(",")))
        self.assertEqual(row["n_trees"], int(expected["n_trees"]))
        self.assertEqual(row["shannon_h"], float(expected["shannon_h"]))
        self.assertEqual(row["simpson_inv_d"], float(expected["simpson_inv_d"]))

    def test_an_error_of_the_core_is_shown(self):
        ended = self.run_operation("statgrid.make_grid", cells=self.folder.name + "/cells.gpkg")
        self.assertNotEqual(ended.returncode, 0)
        self.assertIn("extent", ended.stderr + ended.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
