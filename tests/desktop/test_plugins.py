#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""QGIS Desktop of another prefix loads both plugins: the dock is there, and every operation is an algorithm. That QGIS may
have no Python, so a third plugin looks (observer.cpp).

    test_plugins.py --plugins FOLDER --observer LIBRARY --qgis PREFIX [--pictures FOLDER]
"""
import argparse
import json
import os
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from desktop import start_qgis

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--plugins", required=True, help="folder of the C++ plugins")
PARSER.add_argument("--observer", required=True, help="the library of the plugin that looks")
PARSER.add_argument("--qgis", required=True, help="prefix of QGIS")
PARSER.add_argument("--pictures", help="keeps the screenshot there")
OPTIONS, REST = PARSER.parse_known_args()


class Plugins(unittest.TestCase):
    def test_are_loaded_by_this_qgis(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder).resolve()
            plugins, results = folder / "plugins", folder / "seen.json"
            shutil.copytree(OPTIONS.plugins, plugins)
            shutil.copy(OPTIONS.observer, plugins)
            profile = folder / "config" / "profiles" / "stadtgdi" / "QGIS" / "QGIS3.ini"
            profile.parent.mkdir(parents=True)
            profile.write_text("[Plugins]\n%s=true\n[qgis]\ncheckVersion=false\n[app]\nnews-feed\\items\\httpsfeedqgisorg\\disabled=true\n" % Path(OPTIONS.observer).stem)
            pictures = Path(OPTIONS.pictures or folder).resolve()
            _, log = start_qgis(
                plugins, folder, ["--lang", "de"],
                PATH=str(Path(OPTIONS.qgis, "bin")) + os.pathsep + os.environ["PATH"], QGIS_PREFIX_PATH=OPTIONS.qgis,
                STADTGDI_RESULTS=str(results), STADTGDI_PICTURE=str(pictures / "plugins.png"),
            )  # fmt: skip
            self.assertTrue(results.exists(), log.read_text(errors="replace")[-4000:])
            seen = json.loads(results.read_text(encoding="utf-8"))
            self.assertEqual(sorted(seen["algorithms"]), ["stadtgdi:statgrid.make_grid", "stadtgdi:trees.canopy_cover", "stadtgdi:trees.diversity"])
            self.assertIn("dock", seen)
            self.assertGreater((pictures / "plugins.png").stat().st_size, 1000)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + REST, verbosity=2)
