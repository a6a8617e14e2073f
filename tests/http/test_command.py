# SPDX-License-Identifier: GPL-2.0-or-later
"""The command from the outside: exit codes, languages, JSON, and that results go where they should."""
import contextlib
import csv
import hashlib
import json
import os
import pty
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest

from service import COMMAND, ENVIRONMENT, eventually, stadtgdi


def listens_to(process, number):
    """Whether the program has come as far as to handle the signal."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        caught = next(line for line in status if line.startswith("SigCgt:")).split()[1]
    return bool(int(caught, 16) >> (number - 1) & 1)


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

    def test_wrong_arguments_are_named_as_they_were_typed(self):
        for arguments, said in ((("demo", "--inhabitant", "5"), "Not understood: --inhabitant 5.\nSee stadtgdi demo --help"),
                                (("list", "layer"), "There is no command 'list layer'.\nSee stadtgdi list --help"),
                                (("--language", "en", "chek", self.city), "There is no command 'chek'.\nSee stadtgdi --help"),
                                (("list",), "A command is missing.\nSee stadtgdi list --help"),
                                (("run", "trees.diversity", "--levl", "genus"), "Not understood: --levl genus.\nSee stadtgdi run trees.diversity --help")):
            ended = stadtgdi(*arguments)
            self.assertEqual((ended.returncode, ended.stderr), (2, f"Error: {said}\n"))

    def test_every_help_is_in_both_languages(self):
        operations = [o["id"] for o in json.loads(stadtgdi("list", "operations", "--json").stdout)]
        for command in (("check",), ("demo",), ("export",), ("import",), ("list",), ("list", "layers"), ("project",), ("run",), ("serve",), *(("run", o) for o in operations)):
            english, german = (stadtgdi(*command, "--help", "--language", language) for language in ("en", "de"))
            self.assertEqual((english.returncode, german.returncode, english.stderr, german.stderr), (0, 0, "", ""), command)
            self.assertIn("--language", english.stdout, command)
            # No line with words is the same in both but those that name forms and codes only.
            same = set(english.stdout.splitlines()) & set(german.stdout.splitlines())
            self.assertEqual([line for line in same if re.search(r"\b(the|of|and|default|options|required|der|die|und|Vorgabe)\b", line, re.I)], [], command)

    def test_unknown_names_are_answered_with_known_ones(self):
        for arguments, hint in ((("run", "trees.canopy_cove", "--out", self.path("x.csv")), "trees.canopy_cover"), (("run", "diversity"), "trees.diversity"),
                                (("import", self.city, "--mapping", "leipzig_tree", "--city", self.path("n.gpkg")), "leipzig_street_trees"),
                                (("export", self.city, "tree", "--out", self.path("x.csv")), "trees_tree"), (("check", self.city, "--layers", "tree"), "trees_tree"),
                                (("check", self.city, "--rules", "V9999"), "V104"),
                                (("run", "trees.diversity", "--trees", self.city + "#tree", "--out", self.path("x.csv")), "trees_tree"),
                                (("export", self.city, "trees_tree", "--columns", "gattung", "--out", self.path("x.csv")), "genus"),
                                (("run", "trees.diversity", "--trees", self.city, "--level", "kingdom", "--out", self.path("x.csv")), "family")):
            ended = stadtgdi(*arguments)
            self.assertIn(ended.returncode, (2, 3), arguments)
            self.assertIn(hint, ended.stderr, arguments)

    def test_progress_is_shown_on_a_terminal_only(self):
        def on_terminal(*arguments):
            mine, theirs = pty.openpty()
            process = subprocess.Popen([COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=theirs, env=ENVIRONMENT)
            os.close(theirs)
            shown = b""
            with contextlib.suppress(OSError), os.fdopen(mine, "rb", buffering=0) as terminal:   # EIO: the other end is closed
                while piece := terminal.read(4096):
                    shown += piece
            return process.wait(timeout=120), shown.decode("utf-8")

        for arguments in (("demo", "--inhabitants", "60000", "--out", self.path("progress")), ("check", self.city), ("export", self.city, "--out", self.path("progress.gpkg")),
                          ("run", "trees.diversity", "--trees", self.city, "--out", self.path("progress2.gpkg")), ("project", self.city, "--out", self.path("progress.qgz"))):
            code, shown = on_terminal(*arguments)
            self.assertIn(code, (0, 1), (arguments, shown))
            self.assertRegex(shown, r"\r\x1b\[K *[0-9]+ % \w", arguments)
        for quiet in ("--json", "--quiet"):
            self.assertNotIn("%", on_terminal("demo", "--inhabitants", "60000", "--out", self.path("progress" + quiet), quiet)[1])
        self.assertEqual(stadtgdi("export", self.city, "trees_tree", "--out", self.path("progress.csv")).stderr, "")

    def test_what_cannot_be_read_is_told(self):
        broken, cut, empty, folder = (self.path(name + ".gpkg") for name in ("broken", "cut", "nothing", "folder"))
        os.makedirs(folder)
        with open(broken, "w") as file:
            file.write("no data base")
        with open(self.city, "rb") as whole, open(cut, "wb") as part:
            part.write(whole.read(200_000))
        open(empty, "w").close()
        for city, codes in ((broken, (1,)), (cut, (1,)), (empty, (1, 2)), (folder, (2, 3)), (self.path("no.gpkg"), (3,))):
            before = os.path.isfile(city) and self.content(city)
            for arguments in (("check", city), ("list", "layers", city), ("export", city, "trees_tree", "--out", self.path("r.csv")), ("project", city, "--out", self.path("r.qgz")),
                              ("run", "trees.diversity", "--trees", city, "--out", self.path("r.csv"))):
                ended = stadtgdi(*arguments)
                self.assertIn(ended.returncode, codes, (arguments, ended.stdout, ended.stderr))
                self.assertRegex(ended.stderr, r"^Error: .*\.(gpkg|csv)?|^Error: .*" + re.escape(self.folder))
            self.assertEqual(os.path.isfile(city) and self.content(city), before)
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("r.")], [])

    def test_a_place_that_cannot_be_written_is_told_before_the_work(self):
        for arguments in (("run", "trees.diversity", "--trees", self.city), ("export", self.city, "trees_tree"), ("project", self.city)):
            name = "x.qgz" if arguments[0] == "project" else "x.gpkg"
            for out in (self.path("no_folder/" + name), self.path(name + "_folder/" + name)):
                if "_folder/" in out and not out.endswith("no_folder/" + name):
                    os.makedirs(out, exist_ok=True)
                ended = stadtgdi(*arguments, "--out", out)
                self.assertEqual(ended.returncode, 3, (arguments, out, ended.stderr))
                self.assertIn("folder", ended.stderr)
        for arguments in (("check", self.city), ("run", "trees.diversity", "--trees", self.city, "--out", self.path("never.gpkg"))):
            ended = stadtgdi(*arguments, "--findings", self.path("no_folder/f.csv"))
            self.assertEqual(ended.returncode, 3, ended.stderr)
            self.assertIn("nothing was done", ended.stderr)
        self.assertFalse(os.path.exists(self.path("never.gpkg")))
        for city in (self.path("no_folder/city.gpkg"), self.folder):
            ended = stadtgdi("import", self.city, "--mapping", "leipzig_osm_parks", "--city", city)
            self.assertEqual(ended.returncode, 3, ended.stderr)
            self.assertRegex(ended.stderr, "^Error: --city: .*folder")

    def test_a_project_is_replaced_in_one_step(self):
        folder = self.path("projects")
        os.makedirs(folder)
        for name in ("p.qgs", "p.qgz"):
            begin, contents = time.time(), set()
            for _ in range(2):
                self.assertEqual(stadtgdi("project", self.city, "--out", os.path.join(folder, name)).returncode, 0)
                contents.add(self.content(os.path.join(folder, name)))
                # A service sees by the time that there is another one.
                self.assertGreater(os.path.getmtime(os.path.join(folder, name)), begin - 2)
            self.assertEqual(len(contents), 1, "the same city gives the same bytes")
        self.assertEqual(sorted(os.listdir(folder)), ["p.qgs", "p.qgz"])

    def test_only_projects_are_served(self):
        text = self.path("text.txt")
        open(text, "w").close()
        folder = self.path("folder.qgz")
        os.makedirs(folder)
        for wrong, code in ((text, 2), (folder, 2), (self.folder, 2), (self.city, 2), (self.path("no.qgz"), 3)):
            self.assertEqual(stadtgdi("serve", wrong, "--listen", "127.0.0.1:1").returncode, code, wrong)

    def test_a_full_disk_leaves_everything_as_it_was(self):
        folder = self.path("full")
        os.makedirs(folder)
        city, rows, mapping = os.path.join(folder, "city.gpkg"), self.path("many.csv"), self.trees_of(self.path("many.csv"), 50_000)
        shutil.copy(self.city, city)
        before = self.content(city)

        def with_room_for(size, *arguments):
            return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, timeout=300, env=ENVIRONMENT, restore_signals=False,   # SIGXFSZ stays ignored
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))

        tries = [(1_000_000, "demo", "--out", os.path.join(folder, "new")), (1_000_000, "import", rows, "--mapping", mapping, "--city", city),
                 (500_000, "import", rows, "--mapping", mapping, "--city", os.path.join(folder, "new.gpkg")), (3_000, "project", city, "--out", os.path.join(folder, "p.qgz")),
                 (3_000, "run", "trees.diversity", "--trees", self.city, "--zones", self.city, "--out", os.path.join(folder, "result.gpkg"))]
        tries += [(300_000, "export", self.city, "trees_tree", "--out", os.path.join(folder, "x." + ending)) for ending in ("gpkg", "csv", "geojson", "fgb", "shp")]
        for size, *arguments in tries:
            ended = with_room_for(size, *arguments)
            self.assertEqual(ended.returncode, 3, (arguments, ended.stdout, ended.stderr))
            self.assertIn("Error: ", ended.stderr)
        self.assertEqual(self.content(city), before)
        stored = json.loads(stadtgdi("list", "layers", city, "--json").stdout)["layers"]
        self.assertEqual({layer["name"]: layer["rows"] for layer in stored}, self.demo["rows"])
        # Nothing new; SQLite could not tidy up its log.
        self.assertEqual(sorted(set(os.listdir(folder)) - {"city.gpkg-wal", "city.gpkg-shm"}), ["city.gpkg", "new"])
        self.assertEqual(os.listdir(os.path.join(folder, "new")), [])

    def trees_of(self, rows, count):
        """Writes a file of so many trees; the mapping that imports it."""
        mapping = rows + ".toml"
        with open(mapping, "w", encoding="utf-8") as file:
            file.write("[[sources]]\ngeometry = { from = 'xy', x = 'x', y = 'y', crs = 'EPSG:25833' }\n[[sources.tables]]\nlayer = 'trees_tree'\nkey = '{n}'\n"
                       "[sources.tables.fields]\nlocal_id = 'n'\ntaxon_text = 'species'\nplanting_year = 'year'\n")
        with open(rows, "w", encoding="utf-8") as file:
            file.write("n,species,year,x,y\n")
            file.writelines(f"{n},Tilia cordata,{1950 + n % 70},{310000 + n % 1000},{5690000 + n // 1000}\n" for n in range(count))
        return mapping

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
        listed = {(d["rule"], d["uuid"]) for d in planted}
        errors = [(f["rule"], f.get("uuid", "")) for f in json.loads(checked.stdout)["findings"] if f["severity"] == "error"]
        self.assertEqual([error for error in errors if error not in listed], [], "errors that nobody planted")
        with open(findings, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(len(rows), len(json.loads(checked.stdout)["findings"]))

    def test_only_what_is_asked_for_is_checked_and_counted(self):
        checked = json.loads(stadtgdi("check", self.city, "--layers", "trees_tree,utilities_line", "--json").stdout)
        self.assertEqual(checked["rows"], self.demo["rows"]["trees_tree"] + self.demo["rows"]["utilities_line"])
        self.assertLessEqual({f["layer"] for f in checked["findings"]}, {"trees_tree", "utilities_line"})

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

    def content(self, path):
        with open(path, "rb") as file:
            return hashlib.sha256(file.read()).hexdigest()

    def test_results_never_overwrite_what_is_read(self):
        trees = self.path("t3.geojson")
        self.assertEqual(stadtgdi("export", self.city, "trees_tree", "--columns", "uuid,taxon_text", "--out", trees).returncode, 0)
        other = self.path("other")
        self.assertEqual(stadtgdi("demo", "--seed", 9, "--out", other, "--quiet").returncode, 0)
        other = os.path.join(other, "demo.gpkg")
        before = {path: self.content(path) for path in (self.city, other, trees)}
        link = self.path("link.gpkg")
        os.symlink(self.city, link)
        for arguments in (("export", self.city, "trees_tree", "--out", self.city), ("export", self.city, "--out", link), ("export", self.city, "trees_tree", "--out", other),
                          ("run", "trees.diversity", "--trees", trees, "--out", trees), ("run", "trees.diversity", "--trees", trees, "--findings", trees, "--out", self.path("d.csv"))):
            ended = stadtgdi(*arguments)
            self.assertEqual(ended.returncode, 2, (arguments, ended.stderr))
        os.remove(link)
        self.assertEqual(before, {path: self.content(path) for path in before})

    def test_a_result_may_lie_beside_the_layers_of_its_city(self):
        city = self.path("with_result.gpkg")
        shutil.copy(self.city, city)
        for _ in range(2):  # the second one replaces the first
            done = stadtgdi("run", "trees.diversity", "--trees", city, "--zones", city, "--out", city)
            self.assertEqual(done.returncode, 0, done.stderr)
        layers = {layer["name"]: layer for layer in json.loads(stadtgdi("list", "layers", city, "--json").stdout)["layers"]}
        self.assertEqual(layers["zones"]["definition"], "")
        self.assertEqual({name: layers[name]["rows"] for name in self.demo["rows"]}, self.demo["rows"])
        again = stadtgdi("run", "trees.diversity", "--trees", city, "--zones", city + "#zones", "--out", city)
        self.assertEqual(again.returncode, 2, again.stderr)

    def test_a_result_tells_what_it_was_made_of(self):
        out = self.path("diversity.gpkg")
        done = stadtgdi("run", "trees.diversity", "--trees", self.city, "--min-trees", 5, "--out", out, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        with contextlib.closing(sqlite3.connect(out)) as database:
            rows = database.execute("SELECT m.mime_type, m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id WHERE r.table_name = 'zones'").fetchall()
        self.assertEqual(len(rows), 1)
        stored = json.loads(rows[0][1])
        self.assertEqual(rows[0][0], "application/json")
        self.assertEqual(stored["operation"], "trees.diversity")
        self.assertEqual((stored["parameters"]["min_trees"], stored["parameters"]["level"]), (5, "species"))
        self.assertEqual(stored["inputs"]["trees"]["layer"], "trees_tree")
        self.assertEqual(stored["inputs"]["trees"]["changed"], "2026-01-15T08:00:00.000Z")
        self.assertTrue(stored["tool"].startswith("stadtgdi "))
        self.assertEqual(json.loads(done.stdout)["provenance"], stored)

    def test_protected_layers_are_exported_with_a_warning(self):
        done = stadtgdi("export", self.city, "utilities_line", "--out", self.path("lines.gpkg"))
        self.assertEqual(done.returncode, 0)
        self.assertIn("kritis", done.stderr)
        listed = json.loads(stadtgdi("export", self.city, "utilities_node", "--out", self.path("nodes.gpkg"), "--json").stdout)
        self.assertEqual(listed["layers"][0]["disclosure"], "kritis")
        self.assertEqual(len(listed["warnings"]), 1)
        self.assertEqual(stadtgdi("export", self.city, "trees_tree", "--out", self.path("trees.gpkg")).stderr, "")

    def test_what_a_format_cannot_hold_is_said(self):
        out = self.path("trees.fgb")
        done = stadtgdi("export", self.city, "trees_tree", "--out", out, "--json")
        self.assertEqual(done.returncode, 1, done.stderr)
        told = json.loads(done.stdout)
        left_out = [finding for finding in told["findings"] if finding["rule"] == "io.no_place"]
        self.assertGreater(len(left_out), 0)  # planted
        self.assertEqual(told["layers"][0]["rows"], self.demo["rows"]["trees_tree"] - len(left_out))
        self.assertIn("io.no_place", stadtgdi("export", self.city, "trees_tree", "--out", out).stderr)
        zones = self.path("zones.gpkg")
        stadtgdi("export", self.city, "districts_district", "--out", zones)
        with contextlib.closing(sqlite3.connect(zones)) as database, database:
            for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'districts_district'").fetchall():
                database.execute(f"DROP TRIGGER {trigger}")  # they need functions that Python's SQLite lacks
            database.execute("UPDATE districts_district SET geom = NULL WHERE level = 'city'")
        cover = stadtgdi("run", "trees.canopy_cover", "--trees", self.city, "--zones", zones, "--out", self.path("cover.fgb"), "--json")
        self.assertEqual(json.loads(cover.stdout)["outputs"][0]["rows"], self.demo["rows"]["districts_district"] - 1, cover.stderr)
        shape = stadtgdi("export", self.city, "districts_district", "--out", self.path("districts.shp"))
        self.assertEqual(shape.returncode, 0, shape.stderr)
        self.assertIn("io.shortened_name", shape.stderr)
        analysis = stadtgdi("run", "trees.diversity", "--trees", self.city, "--zone-field", "district_name", "--out", self.path("zones.shp"))
        self.assertEqual(analysis.returncode, 0, analysis.stderr)
        self.assertIn("io.shortened_name", analysis.stderr)

    def test_a_newer_city_is_refused_by_every_command(self):
        city = self.path("newer.gpkg")
        shutil.copy(self.city, city)
        with contextlib.closing(sqlite3.connect(city)) as database, database:
            database.execute("UPDATE stadtgdi_city SET value = '99' WHERE key = 'schema_version'")
        for arguments in (("check", city), ("list", "layers", city), ("export", city, "--out", self.path("y.gpkg")), ("run", "trees.diversity", "--trees", city, "--out", self.path("y.csv"))):
            ended = stadtgdi(*arguments)
            self.assertEqual(ended.returncode, 4, (arguments, ended.stderr))
            self.assertIn("99", ended.stderr)

    def test_rows_are_counted_from_one_everywhere(self):
        listed = self.path("rows.csv")
        checked = stadtgdi("check", self.city, "--rules", "V105", "--findings", listed, "--json")
        shown = stadtgdi("check", self.city, "--rules", "V105").stderr
        with open(listed, encoding="utf-8", newline="") as file:
            rows = [(int(row["row"]), row["uuid"]) for row in csv.DictReader(file)]
        self.assertEqual([(f["row"], f["uuid"]) for f in json.loads(checked.stdout)["findings"]], rows)
        for row, uuid in rows:
            self.assertIn(f"row {row},", shown)
        overlaps = json.loads(stadtgdi("check", self.city, "--rules", "V302", "--json").stdout)["findings"]
        told = [(f["row"], f["message"]) for f in overlaps if f["layer"] == "greenspace_unit"]
        [(overlapping, message)] = told  # the demo draws it where the unit before it is
        self.assertIn(f"row {overlapping - 1} ", message)
        with contextlib.closing(sqlite3.connect(self.city)) as database:
            for row, uuid in rows:
                self.assertEqual(database.execute("SELECT uuid FROM trees_tree ORDER BY fid LIMIT 1 OFFSET ?", (row - 1,)).fetchone()[0], uuid)

    def test_reading_leaves_no_files_behind(self):
        self.assertEqual(stadtgdi("check", self.city, "--rules", "V105").returncode, 1)
        stadtgdi("list", "layers", self.city)
        stadtgdi("export", self.city, "trees_tree", "--columns", "uuid", "--out", self.path("u.csv"))
        stadtgdi("run", "trees.diversity", "--trees", self.city, "--out", self.path("u2.csv"))
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("demo.gpkg") and name != "demo.gpkg"], [])

    def test_seeds_are_whole_numbers(self):
        for seed in ("-1", "1.5", "18446744073709551616", "x", ""):
            ended = stadtgdi("demo", f"--seed={seed}", "--out", self.path("no"))
            self.assertEqual(ended.returncode, 2, (seed, ended.stderr))

    def test_small_things_are_said_right(self):
        self.assertEqual(stadtgdi("project", self.city, "--out", self.path("x.foo")).returncode, 2)
        german = stadtgdi("import", "--help", "--language", "de").stdout
        self.assertNotIn("Options:", german)
        wrong = stadtgdi("list", "layers", "--language", "fr")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("stadtgdi list layers --help", wrong.stderr)
        with open("/dev/full", "w") as full:
            ended = subprocess.run([COMMAND, "list", "layers"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, env=ENVIRONMENT)
        self.assertEqual(ended.returncode, 3, ended.stderr)
        settings = self.path("broken.toml")
        with open(settings, "w") as file:
            file.write("[server\n")
        project = self.path("empty.qgz")
        open(project, "w").close()
        self.assertEqual(stadtgdi("serve", project, "--settings", settings).returncode, 2)
        empty = self.path("empty.geojson")
        with open(empty, "w") as file:
            file.write('{"type": "FeatureCollection", "features": []}')
        ended = stadtgdi("run", "trees.diversity", "--trees", self.city, "--zones", empty, "--out", self.path("z.csv"))
        self.assertEqual(ended.returncode, 2)
        self.assertIn("no rows", ended.stderr)

    def test_an_import_says_what_it_replaces_and_what_it_cannot_do(self):
        mapping, rows, city = self.path("cells.toml"), self.path("rows.csv"), self.path("cells.gpkg")
        with open(mapping, "w", encoding="utf-8") as file:
            file.write("[[sources]]\nignored = ['note']\ngeometry = { from = 'cell', column = 'c' }\n[[sources.tables]]\nlayer = 'population_cell'\n"
                       "key = '{c}'\n[sources.tables.fields]\ncell_code = 'c'\n")

        def run(*options, cells=("CRS3035RES100mN3127000E4477000,x", "CRS3035RES100mN3127100E4477000,x")):
            with open(rows, "w", encoding="utf-8") as file:
                file.write("c,note\n" + "\n".join(cells) + "\n")
            return stadtgdi("import", rows, "--mapping", mapping, "--city", city, *options)

        # Where the findings cannot go is known before anything is stored.
        self.assertEqual(run("--findings", self.path("no_folder/f.csv")).returncode, 3)
        self.assertFalse(os.path.exists(city))
        self.assertEqual(run("--name", "Zellen").returncode, 0)

        fewer = ("CRS3035RES100mN3127000E4477000,x",)
        planned = run("--dry-run", "--language", "de", cells=fewer)
        self.assertEqual(planned.returncode, 0, planned.stderr)
        self.assertIn("der früheren Lieferung würden ersetzt", planned.stdout)
        self.assertIn("der früheren Lieferung würden entfernt", planned.stdout)
        self.assertIn("absichtlich auslässt: note", planned.stdout)
        done = json.loads(run("--json", "--findings", self.path("f.csv"), cells=fewer).stdout)
        self.assertEqual((done["rows_replaced"], done["rows_removed"], done["ignored_columns"]), (1, 1, ["note"]))
        self.assertEqual([finding["rule"] for finding in done["findings"]], ["import.removed"])
        self.assertTrue(os.path.exists(self.path("f.csv")))

        again = run("--append", cells=fewer)
        self.assertEqual(again.returncode, 1)
        self.assertIn("import.key", again.stderr)
        broken = run(cells=("CRS3035RES100mN3127000E4477000", "CRS3035RES100mN3127100E4477000,x"))
        self.assertEqual(broken.returncode, 1)
        self.assertIn("import.cells", broken.stderr)
        self.assertEqual(run("--crs", "EPSG:25832").returncode, 2)
        self.assertEqual(run("--crs", "epsg:25833").returncode, 0)
        self.assertIn("import.city", run("--name", "Anders").stderr)

    def test_a_failed_import_leaves_no_city(self):
        city = self.path("new.gpkg")
        ended = stadtgdi("import", self.path("no_such_file.csv"), "--mapping", "leipzig_street_trees", "--city", city, "--dry-run")
        self.assertIn(ended.returncode, (2, 3))
        self.assertFalse(os.path.exists(city))

    def test_an_import_that_is_stopped_leaves_the_city_as_it_was(self):
        folder = self.path("stopped")
        os.makedirs(folder)
        city, rows = os.path.join(folder, "city.gpkg"), self.path("stopped.csv")
        mapping = self.trees_of(rows, 300_000)
        shutil.copy(self.city, city)
        with contextlib.closing(sqlite3.connect(city)) as database:
            database.execute("PRAGMA journal_mode = wal")   # as a city that was edited is
        before = self.content(city)
        for number, wait in ((signal.SIGINT, 0), (signal.SIGTERM, 0.7), (signal.SIGINT, 1.5)):
            process = subprocess.Popen([COMMAND, "import", rows, "--mapping", mapping, "--city", city], stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True)
            self.assertTrue(eventually(lambda: listens_to(process, number)))
            time.sleep(wait)
            process.send_signal(number)
            out, errors = process.communicate(timeout=120)
            self.assertEqual((process.returncode, out, errors), (130, "", "Stopped.\n"), wait)
            self.assertEqual(self.content(city), before)
            self.assertEqual(os.listdir(folder), ["city.gpkg"])

    def test_ctrl_c_stops_with_130(self):
        big = self.path("big")
        process = subprocess.Popen([COMMAND, "demo", "--inhabitants", "3000000", "--out", big], stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT)
        self.assertTrue(eventually(lambda: listens_to(process, signal.SIGINT)))
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130)
        self.assertFalse(os.path.exists(os.path.join(big, "demo.gpkg")))


if __name__ == "__main__":
    unittest.main()
