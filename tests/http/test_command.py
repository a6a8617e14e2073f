# SPDX-License-Identifier: GPL-2.0-or-later
"""The command from the outside: exit codes, languages, JSON, and that results go where they should."""
import csv
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from service import COMMAND, ENVIRONMENT, stadtgdi


class CommandTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_command_")
        made = stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--defects", "--out", cls.folder, "--json")
        assert made.returncode == 0, made.stderr
        cls.demo = json.loads(made.stdout)
        cls.city = os.path.join(cls.folder, "demo.gpkg")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def test_help_is_in_the_language_of_the_user(self):
        english, german = stadtgdi("--help"), stadtgdi("--help", LC_ALL="de_DE.UTF-8")
        self.assertEqual((english.returncode, german.returncode), (0, 0))
        self.assertIn("Exit codes", english.stdout)
        self.assertIn("Rückgabewerte", german.stdout)
        self.assertEqual(stadtgdi("--help", "--language", "de").stdout, german.stdout)
        for command in ("check", "demo", "export", "import", "list", "project", "run", "serve"):
            self.assertIn(command, english.stdout)
            self.assertEqual(stadtgdi(command, "--help").returncode, 0, command)

    def test_wrong_arguments_end_with_2_and_a_hint(self):
        for arguments in ((), ("nonsense",), ("check",), ("demo", "--inhabitants", "5"), ("list", "nonsense"), ("run",), ("import", "x"),
                          ("run", "trees.canopy_cover"), ("run", "trees.canopy_cover", "--nonsense", "1")):
            ended = stadtgdi(*arguments)
            self.assertEqual(ended.returncode, 2, (arguments, ended.stderr))
        self.assertIn("nonsense", stadtgdi("nonsense").stderr)
        self.assertIn("Fehler: ", stadtgdi("nonsense", "--language", "de").stderr)

    def test_missing_things_end_with_3(self):
        for arguments in (("check", self.path("no.gpkg")), ("list", "layers", self.path("no.gpkg")), ("run", "trees.nonsense", "--out", "x.csv"),
                          ("export", self.city, "no_such_layer", "--out", self.path("x.csv"))):
            ended = stadtgdi(*arguments)
            self.assertEqual(ended.returncode, 3, (arguments, ended.stderr))

    def test_errors_are_json_on_wish(self):
        ended = stadtgdi("check", self.path("no.gpkg"), "--json")
        self.assertEqual(json.loads(ended.stderr)["error"]["kind"], "not_found")
        self.assertEqual(ended.stdout, "")

    def test_lists_are_json_on_wish(self):
        families = json.loads(stadtgdi("list", "layers", "--json").stdout)
        self.assertIn("trees", [family["name"] for family in families])
        operations = json.loads(stadtgdi("list", "operations", "--json").stdout)
        self.assertEqual([o["id"] for o in operations], sorted(o["id"] for o in operations))
        self.assertTrue(json.loads(stadtgdi("list", "mappings", "--json").stdout))
        self.assertTrue(json.loads(stadtgdi("list", "rules", "--json").stdout))
        stored = json.loads(stadtgdi("list", "layers", self.city, "--json").stdout)
        self.assertEqual({layer["name"]: layer["rows"] for layer in stored["layers"]}, self.demo["rows"])

    def test_the_same_seed_gives_the_same_city(self):
        again = os.path.join(self.folder, "again")
        made = json.loads(stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--defects", "--out", again, "--json").stdout)
        self.assertEqual((made["hash"], made["rows"]), (self.demo["hash"], self.demo["rows"]))

    def test_planted_errors_are_found(self):
        findings = self.path("findings.csv")
        checked = stadtgdi("check", self.city, "--findings", findings, "--json")
        self.assertEqual(checked.returncode, 1, checked.stderr)
        found = {(f["rule"], f.get("uuid", "")) for f in json.loads(checked.stdout)["findings"]}
        with open(self.path("demo_defects.json"), encoding="utf-8") as file:
            planted = json.load(file)
        self.assertTrue(planted)
        missed = [d for d in planted if (d["rule"], d["uuid"]) not in found and not any(rule == d["rule"] for rule, _ in found)]
        self.assertEqual(missed, [])
        with open(findings, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), len(json.loads(checked.stdout)["findings"]))

    def test_an_operation_tells_its_options_and_runs(self):
        shown = stadtgdi("run", "statgrid.make_grid", "--help", "--language", "de")
        self.assertEqual(shown.returncode, 0)
        self.assertIn("--cell_size_m", shown.stdout)
        out = self.path("cover.gpkg")
        done = stadtgdi("run", "trees.canopy_cover", "--trees", self.city, "--zones", self.city + "#districts_district", "--out", out, "--json")
        self.assertIn(done.returncode, (0, 1), done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["outputs"][0]["rows"], self.demo["rows"]["districts_district"])
        self.assertTrue(os.path.exists(out))

    def test_layers_are_exported(self):
        out = self.path("trees.csv")
        done = stadtgdi("export", self.city, "trees_tree", "--columns", "uuid,genus", "--crs", "EPSG:4326", "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(out, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), self.demo["rows"]["trees_tree"])
        self.assertIn("genus", rows[0])
        several = stadtgdi("export", self.city, "trees_tree", "districts_district", "--out", self.path("x.csv"))
        self.assertEqual(several.returncode, 2)

    def test_a_failed_import_leaves_no_city(self):
        city = self.path("new.gpkg")
        ended = stadtgdi("import", self.path("no_such_file.csv"), "--mapping", "leipzig_street_trees", "--city", city, "--dry-run")
        self.assertIn(ended.returncode, (2, 3))
        self.assertFalse(os.path.exists(city))

    def test_ctrl_c_stops_with_130(self):
        big = self.path("big")
        process = subprocess.Popen([COMMAND, "demo", "--inhabitants", "3000000", "--out", big], stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130)
        self.assertFalse(os.path.exists(os.path.join(big, "demo.gpkg")))


if __name__ == "__main__":
    unittest.main()
