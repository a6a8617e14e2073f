# SPDX-License-Identifier: GPL-2.0-or-later
"""The examples of README.md and of docs/how_to/use_the_command.md, run as they are written, on the real Leipzig."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from document import DATA, ROOT, Shell, blocks, commands, project_folder
from service import free_port, stadtgdi

SERVER = os.environ.get("STADTGDI_TEST_PG", "")
README, HOW_TO = "README.md", "docs/how_to/use_the_command.md"


@unittest.skipUnless(DATA.is_dir(), f"the folder {DATA} with real city data is absent")
class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not SERVER:
            raise RuntimeError("STADTGDI_TEST_PG is not set: ./test starts a server, or tests/support/start_postgres does")
        cls.temporary = tempfile.TemporaryDirectory(prefix="stadtgdi_readme_")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = project_folder(pathlib.Path(cls.temporary.name))
        trees = DATA / "leipzig/trees/leipzig_strassenbaeume_2024-06-07"
        for name, target in (("baumkataster", trees), ("trees", trees), ("ortsteile", DATA / "leipzig/districts")):
            (cls.folder / name).symlink_to(target)
        (cls.folder / "service.conf").write_text("[gdi]\n" + SERVER.replace(" ", "\n").replace("dbname=stadtgdi_test", "dbname=gdi") + "\n", encoding="utf-8")
        words = dict(word.split("=", 1) for word in SERVER.split())
        cls.postgres = {"PGSERVICEFILE": str(cls.folder / "service.conf"), "PGHOST": words["host"], "PGPORT": words["port"], "PGUSER": words["user"]}
        cls.addClassCleanup(subprocess.run, ["dropdb", "--if-exists", "--force", "gdi"], env={**os.environ, **cls.postgres}, check=True)
        cls.shell = Shell(cls.folder, free_port(), {**cls.postgres, "LC_ALL": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"})
        # In the order of a reader: the paths of the programs are named once, before they are needed.
        lines = commands(README, "")
        exports = [line for line in lines if line.startswith("export ")]
        python = "/usr/bin/python3 - <<'PYTHON'\n" + "".join(blocks(README, "python")) + "print(len(cover['canopy_percent']), cover['canopy_percent'].max())\nPYTHON"
        lines = exports + [line for line in lines if line not in exports] + [python]
        # The layers that the how-to takes for granted.
        given = ["stadtgdi export leipzig.gpkg districts_district --out districts.gpkg"]
        cls.readme = cls.shell.run(lines)
        cls.how_to = cls.shell.run(exports + given + commands(HOW_TO, "sh"))[len(exports) + len(given):]

    def one(self, ran, words):
        found = [r for r in ran if words in r.line]
        self.assertEqual(len(found), 1, (words, ran))
        return found[0]

    def test_every_line_ends_well(self):
        self.assertGreater(len(self.readme), 6)
        self.assertGreater(len(self.how_to), 6)
        for ran in (*self.readme, *self.how_to):
            # Real data have rows that `check` calls errors: 1 says so.
            self.assertIn(ran.code, (0, 1) if ran.line.startswith("stadtgdi check") else (0,), ran)

    def test_the_officer_imports_every_tree_and_checks(self):
        self.assertIn("57,273 rows", self.one(self.readme, "leipzig_street_trees").out)
        self.assertIn("checked", self.one(self.readme, "stadtgdi check").out)

    def test_the_web_developer_gets_features(self):
        features = json.loads(self.one(self.readme, "curl").out)["features"]
        self.assertEqual(len(features), 5)
        for feature in features:
            x, y = feature["geometry"]["coordinates"]
            self.assertTrue(12.36 <= x <= 12.39 and 51.33 <= y <= 51.35, feature)

    def test_the_analyst_gets_an_array(self):
        districts, most = self.one(self.readme, "python3").out.split()
        self.assertEqual(int(districts), 74)
        self.assertGreater(float(most), 3)

    def test_a_city_in_postgis_is_the_same_city(self):
        self.assertIn("57,273 rows", self.one(self.how_to, "stadtgdi list layers").out)
        provenance = json.loads((self.folder / "diversity.provenance.json").read_text(encoding="utf-8"))
        self.assertEqual(provenance["provenance"]["operation"], "trees.diversity")


class Options(unittest.TestCase):
    def test_every_option_that_the_how_to_names_exists(self):
        text = (ROOT / HOW_TO).read_text(encoding="utf-8")
        rows = re.findall(r"^\| `stadtgdi (\w+)([^|`]*(?:\\\|[^|`]*)*)` \|(.*)\|$", text, re.M)
        self.assertEqual(sorted(name for name, _, _ in rows), ["check", "demo", "export", "import", "list", "project", "run", "serve"])
        for name, usage, says in rows:
            shown = stadtgdi(name, "--help").stdout + (stadtgdi(name, "trees.diversity", "--help").stdout if name == "run" else "")
            for option in re.findall(r"--[a-z][a-z-]*", usage + says):
                self.assertIn(option, shown, name)


if __name__ == "__main__":
    unittest.main()
