# SPDX-License-Identifier: GPL-2.0-or-later
"""docs/tutorial/leipzig.md, run as it is written: the whole real Leipzig with every count that is promised, its project, and the
figures of the three operations as the page tells them."""
import contextlib
import csv
import os
import pathlib
import re
import shutil
import sqlite3
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

from document import BUILD, DATA, ROOT, Shell, blocks, commands, project_folder
from service import free_port

PAGE = "docs/tutorial/leipzig.md"
CHECKS = "docs/how_to/check_a_city.md"


def number(text):
    return int(re.sub(r"[.,]", "", text))


@unittest.skipUnless(DATA.is_dir(), f"the folder {DATA} with real city data is absent")
class Tutorial(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="stadtgdi_tutorial_")
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = project_folder(pathlib.Path(temporary.name))
        (cls.folder / "docs").mkdir()
        shutil.copytree(ROOT / "docs/tutorial", cls.folder / "docs/tutorial")
        python = "/usr/bin/python3 - <<'PYTHON'\n" + "".join(blocks(PAGE, "python")) + "print(*cover['canopy_m2'])\nPYTHON"
        cls.ran = Shell(cls.folder, free_port(), {"LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}).run([*commands(PAGE, ""), python])
        cls.checks = Shell(cls.folder / "city", free_port(), {"LC_ALL": "C.UTF-8", "PATH": f"{BUILD}/services/cli:{os.environ['PATH']}"}).run(commands(CHECKS, "sh"))
        cls.text = (ROOT / PAGE).read_text(encoding="utf-8")
        cls.city = sqlite3.connect(cls.folder / "city/leipzig.gpkg")
        cls.addClassCleanup(cls.city.close)

    def count(self, table, condition="1"):
        return self.city.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]

    def rows(self, name, table, columns):
        with contextlib.closing(sqlite3.connect(self.folder / "city" / name)) as database:
            return database.execute(f"SELECT {columns} FROM {table}").fetchall()

    def findings(self, mapping):
        with open(self.folder / f"city/findings/{mapping}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_every_line_ends_well(self):
        self.assertEqual(len(self.ran), 8, self.ran)
        self.assertEqual(len(self.checks), 3, self.checks)
        for ran in (*self.ran, *self.checks):
            self.assertIn(ran.code, (0, 1) if ran.line.startswith("stadtgdi check") else (0,), ran)

    def test_every_row_of_every_source_is_there(self):
        self.assertEqual(self.count("trees_tree"), 57_273)
        self.assertEqual(self.count("buildings_building"), 103_856)
        self.assertEqual((self.count("buildings_place"), self.count("buildings_place", "geom IS NOT NULL")), (814, 803))
        self.assertEqual(self.count("greenspace_site"), 428)
        self.assertEqual(self.count("districts_district", "level = 'ortsteil' AND inhabitants > 0"), 63)
        self.assertEqual(self.count("greenspace_playground"), 304)
        self.assertEqual(self.count("population_cell"), 575 + 7_285)
        self.assertEqual((self.count("utilities_line"), self.count("utilities_node")), (6_063, 10_019))
        self.assertEqual([self.count("buildings_" + part) for part in ("entrance", "lift", "toilet", "parking", "survey")], [814, 331, 486, 368, 814])
        for count in (57_273, 103_856, 7_285, 6_063, 10_019):
            self.assertIn(f"{count:,}", self.text)
        # Nothing but what is told.
        self.assertEqual(sorted(name for name, in self.city.execute("SELECT name FROM stadtgdi_layer")),
                         ["buildings_building", "buildings_entrance", "buildings_lift", "buildings_parking", "buildings_place", "buildings_survey", "buildings_toilet",
                          "districts_district", "greenspace_playground", "greenspace_site", "population_cell", "trees_tree", "utilities_line", "utilities_node"])

    def test_reports_add_up(self):
        report = next(ran.out for ran in self.ran if "build_leipzig" in ran.line)
        numbers = {what: [number(n) for n in re.findall(rf"^{what} +([0-9.]+) Zeilen?$", report, re.M)] for what in ("gelesen", "gespeichert", "abgewiesen")}
        self.assertEqual(len(numbers["gelesen"]), 12)
        self.assertEqual(sum(numbers["abgewiesen"]), 0)
        self.assertEqual(numbers["gelesen"], [a + b for a, b in zip(numbers["gespeichert"], numbers["abgewiesen"])])

    def test_places_without_a_position_are_rows_and_findings(self):
        missing = {uuid for uuid, in self.city.execute("SELECT uuid FROM buildings_place WHERE geom IS NULL")}
        self.assertEqual(len(missing), 11)
        told = [f for f in self.findings("leipzig_accessible_places") if f["layer"] == "buildings_place" and f["field"] in ("", "geom", "geometry")]
        self.assertGreaterEqual(len(told), 11, told[:3])
        for finding in told:
            self.assertTrue(finding["file"] and finding["row"] and finding["message"], finding)

    def test_inhabitants_of_boroughs_and_city_are_sums(self):
        people = {name: (level, count) for name, level, count in self.city.execute("SELECT name, level, inhabitants FROM districts_district")}
        self.assertEqual(people["Mitte"], ("stadtbezirk", 70_221))
        self.assertEqual(people["Leipzig"], ("city", 628_718))
        self.assertEqual(sum(count for level, count in people.values() if level == "ortsteil"), 628_718)

    def test_foreign_networks_are_marked_and_critical(self):
        layers = {name: (disclosure, demonstration) for name, disclosure, demonstration in self.city.execute("SELECT name, disclosure, demonstration FROM stadtgdi_layer")}
        for name, (disclosure, demonstration) in layers.items():
            self.assertEqual((disclosure == "kritis", bool(demonstration)), (name.startswith("utilities_"),) * 2, name)
        xmin, ymin, xmax, ymax = self.city.execute("SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = 'utilities_line'").fetchone()
        self.assertTrue(305_000 < xmin < xmax < 330_000 and 5_675_000 < ymin < ymax < 5_705_000, (xmin, ymin, xmax, ymax))

    def test_the_project_is_styled_and_described(self):
        with zipfile.ZipFile(self.folder / "city/leipzig.qgz") as archive:
            root = ElementTree.fromstring(archive.read(next(n for n in archive.namelist() if n.endswith(".qgs"))))
        layers = [layer for layer in root.find("projectlayers") if layer.get("type") == "vector"]
        self.assertGreaterEqual(len(layers), 14)
        scaled = 0
        for layer in layers:
            name = layer.findtext("layername")
            self.assertTrue(layer.findtext("title") or layer.find("serverProperties") is not None, name)
            self.assertTrue(layer.findtext("abstract") or layer.findtext("resourceMetadata/abstract"), name)
            if layer.get("geometry") not in (None, "No geometry"):
                self.assertIsNotNone(layer.find("renderer-v2"), name)
                scaled += layer.get("hasScaleBasedVisibilityFlag") == "1"
        self.assertGreater(scaled, 3)
        properties = root.find("properties")
        self.assertEqual(properties.findtext("WMSServiceCapabilities"), "true")
        self.assertTrue(properties.findtext("WMSServiceTitle"))
        self.assertTrue(properties.findtext("WMSServiceAbstract"))
        self.assertTrue([e.text for e in properties.findall("WFSLayers/value")])

    def test_the_figures_of_the_page_are_those_of_the_operations(self):
        cover = {no or "": values for no, *values in self.rows("canopy.gpkg", "zones", "district_no, name, n_trees, canopy_m2, canopy_percent, overlap_percent, level")}
        diversity = {no or "": values for no, *values in self.rows("diversity.gpkg", "zones", "district_no, n_taxa, shannon_h, top_genus, top_genus_percent, within_limits, level")}
        made = {}
        for no, (name, trees, area, percent, overlap, level) in cover.items():
            taxa, shannon, genus, share, within, _ = diversity[no]
            key = no if level == "ortsteil" else "" if level == "city" else None
            if key is not None:
                made[key] = (name, f"{trees:,}", f"{area:.0f}", f"{percent:.2f}", f"{overlap:.1f}", str(taxa), f"{shannon:.3f}", f"{genus} {share:.1f}", "yes" if within else "no")
        told = {}
        for line in self.text.splitlines():
            cells = [cell.strip().strip("*") for cell in line.strip("|").split("|")]
            if len(cells) == 10 and (re.fullmatch(r"[0-9]{2}", cells[0]) or cells[1] == "Leipzig"):
                told[cells[0]] = tuple(cells[1:])
        self.assertEqual(len(told), 64)
        self.assertEqual(told, made)

    def test_the_grid_has_the_cells_of_the_page(self):
        cells = len(self.rows("grid.gpkg", self.rows("grid.gpkg", "gpkg_contents", "table_name")[0][0], "1"))
        self.assertIn(f"The grid has {cells} cells of 1 km.", self.text)

    def test_python_gives_the_same(self):
        python = self.ran[-1].out.split()
        self.assertEqual([float(v) for v in python], [area for area, in self.rows("canopy.gpkg", "zones", "canopy_m2")])


if __name__ == "__main__":
    unittest.main()
