#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The operations give the same for the real Leipzig through Processing, the command and Python: every value of every row.

    test_three_doors.py --data FOLDER --python-plugins FOLDER --python FOLDER --command build/.../stadtgdi
"""
import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PARSER = argparse.ArgumentParser()
PARSER.add_argument("--data", required=True, help="folder with the data of Leipzig")
PARSER.add_argument("--python-plugins", required=True, help="folder that holds the Python plugin of QGIS")
PARSER.add_argument("--python", required=True, help="folder that holds the package stadtgdi")
PARSER.add_argument("--command", required=True, help="the stadtgdi program")
OPTIONS, REST = PARSER.parse_known_args()
TREES, DISTRICTS = "trees_tree", "districts_district"


def plain(value):
    """A float by all its bits; a GeoPackage geometry as its WKB, without the header and its optional box."""
    if isinstance(value, float):
        return value.hex()
    return value[8 + (0, 32, 48, 48, 64)[value[3] >> 1 & 7] :].hex() if isinstance(value, bytes) else value


def rows_of(path):
    """Names and sorted rows of the only layer of a GeoPackage."""
    connection = sqlite3.connect(path)
    table, geometry = connection.execute(
        "SELECT c.table_name, g.column_name FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g USING (table_name)"
    ).fetchone()
    names = sorted(row[1] for row in connection.execute('PRAGMA table_info("%s")' % table) if row[1] not in ("fid", geometry))
    wanted = ['"%s"' % name for name in (*names, geometry)]
    rows = connection.execute('SELECT %s FROM "%s"' % (", ".join(wanted), table)).fetchall()
    connection.close()
    return [*names, "geometry"], sorted((tuple(map(plain, row)) for row in rows), key=repr)


class ThreeDoors(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.home.name)
        cls.city = cls.folder / "leipzig.gpkg"
        for mapping, source in (("leipzig_districts", "districts"), ("leipzig_street_trees", "trees/leipzig_strassenbaeume_2024-06-07")):
            command = [OPTIONS.command, "import", str(Path(OPTIONS.data) / source), "--mapping", mapping, "--city", str(cls.city), "--quiet"]
            done = subprocess.run(command, capture_output=True, text=True)
            assert done.returncode in (0, 1), done.stderr  # 1: there are findings
        cls.environment = dict(
            os.environ, QGIS_CUSTOM_CONFIG_PATH=str(cls.folder), QGIS_PLUGINPATH=str(Path(OPTIONS.python_plugins).resolve()),
            QT_QPA_PLATFORM="offscreen", XDG_RUNTIME_DIR=str(cls.folder), HOME=str(cls.folder), LANG="C.UTF-8", LC_ALL="C.UTF-8",
            PATH="/usr/bin:" + os.environ["PATH"],  # QGIS needs the Python it was built with
        )  # fmt: skip
        cls.call("qgis_process", "plugins", "enable", "stadtgdi_processing")

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    @classmethod
    def call(cls, *command, **variables):
        done = subprocess.run([str(word) for word in command], env=dict(cls.environment, **variables), capture_output=True, text=True, timeout=400)
        assert done.returncode == 0, (command, done.stdout[-2000:], done.stderr[-2000:])

    def through_processing(self, operation, output, layers, values):
        out = self.folder / "processing.gpkg"
        out.unlink(missing_ok=True)
        given = {name: "%s|layername=%s" % (self.city, layer) for name, layer in layers.items()}
        given.update(values, **{output: out})
        self.call("qgis_process", "run", "stadtgdi:" + operation, "--", *("%s=%s" % pair for pair in given.items()))
        return rows_of(out)

    def through_command(self, operation, output, layers, values):
        out = self.folder / "command.gpkg"
        out.unlink(missing_ok=True)
        given = {name: "%s#%s" % (self.city, layer) for name, layer in layers.items()}
        given.update(values)
        self.call(OPTIONS.command, "run", operation, "--out", out, "--quiet", *(word for name, value in given.items() for word in ("--" + name, value)))
        return rows_of(out)

    def through_python(self, operation, output, layers, values):
        out = self.folder / "python.gpkg"
        out.unlink(missing_ok=True)
        code = (
            "import stadtgdi, sys\n"
            "city = stadtgdi.open_city(sys.argv[1])\n"
            "layers = {name: city.layer(layer) for name, layer in %r.items()}\n"
            "stadtgdi.%s(**layers, **%r).%s.write(sys.argv[2], 'result')\n" % (layers, operation, values, output)
        )
        self.call("/usr/bin/python3", "-B", "-c", code, self.city, out, PYTHONPATH=OPTIONS.python)
        return rows_of(out)

    def same_everywhere(self, operation, output, layers, values, indexes):
        """Names and rows; `indexes`: what Processing calls the choices among the values."""
        parameter = output + "_result" if output in layers else output
        names, rows = self.through_command(operation, output, layers, values)
        for door, seen in (
            ("Python", self.through_python(operation, output, layers, values)),
            ("Processing", self.through_processing(operation, parameter, layers, dict(values, **indexes))),
        ):
            self.assertEqual(seen[0], names, door)
            self.assertEqual(len(seen[1]), len(rows), door)
            for here, there in zip(seen[1], rows):
                self.assertEqual(dict(zip(names, here)), dict(zip(names, there)), door)
        return [dict(zip(names, row)) for row in rows]

    def test_canopy_cover(self):
        layers = {"trees": TREES, "zones": DISTRICTS}
        rows = self.same_everywhere("trees.canopy_cover", "zones", layers, {"missing": "estimate", "reference_year": 2024}, {"missing": 1})
        parts = [row for row in rows if row["level"] == "ortsteil"]
        self.assertEqual(len(parts), 63)
        self.assertGreater(sum(row["n_trees"] for row in parts), 57000)
        self.assertTrue(all(float.fromhex(row["canopy_m2"]) > 0 for row in parts))

    def test_diversity(self):
        rows = self.same_everywhere("trees.diversity", "zones", {"trees": TREES, "zones": DISTRICTS}, {"level": "genus"}, {"level": 1})
        parts = [row for row in rows if row["level"] == "ortsteil"]
        self.assertEqual(len(parts), 63)
        self.assertGreater(sum(row["n_trees"] for row in parts), 57000)
        self.assertTrue(all(row["top_genus"] for row in parts))

    def test_make_grid(self):
        rows = self.same_everywhere("statgrid.make_grid", "cells", {"zones": DISTRICTS}, {"cell_size_m": "1000"}, {"cell_size_m": 3})
        self.assertGreater(len(rows), 300)
        self.assertIn("CRS3035RES1000mN3139000E4486000", {row["cell_code"] for row in rows})


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
