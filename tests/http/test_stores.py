# SPDX-License-Identifier: GPL-2.0-or-later
"""The two kinds of store through the command: import, dry run, failure, upgrade, project and service."""
import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import uuid

from service import ENVIRONMENT, Service, eventually, stadtgdi

SERVER = os.environ.get("STADTGDI_TEST_PG", "")

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


class Folder:
    def __init__(self):
        self.path = tempfile.mkdtemp(prefix="stadtgdi_stores_")

    def __truediv__(self, name):
        return os.path.join(self.path, name)

    def write(self, name, text):
        with open(self / name, "w", encoding="utf-8") as file:
            file.write(text)
        return self / name

    def trees(self, name, rows):
        return self.write(name, "no,x,y,genus,year\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))


class StoreTest:
    """What holds for both; a kind of store gives city(), query(sql) and things()."""

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(shutil.rmtree, self.folder.path)
        self.mapping = self.folder.write("trees.toml", MAPPING)
        self.good = self.folder.trees("good.csv", [(1, 317000, 5690000, "Tilia", 1950), (2, 317010, 5690000, "Acer", 2001)])

    def imported(self, source, *options):
        return stadtgdi("import", source, "--mapping", self.mapping, "--city", self.city(), *options)

    def rows(self):
        listed = stadtgdi("list", "layers", self.city(), "--json")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        return {layer["name"]: layer["rows"] for layer in json.loads(listed.stdout)["layers"]}

    def test_a_dry_run_counts_and_makes_nothing(self):
        before = self.things()
        done = self.imported(self.good, "--dry-run", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual((report["dry_run"], report["rows_read"], report["rows_stored"], report["rows_rejected"]), (True, 2, 2, 0))
        self.assertEqual(self.things(), before)

    def test_rows_are_stored_and_counted_once(self):
        for _ in range(2):  # the same source again replaces its rows
            done = self.imported(self.good, "--name", "Musterstadt", "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout)["rows_stored"], 2)
            self.assertEqual(self.rows(), {"trees_tree": 2})
        listed = json.loads(stadtgdi("list", "layers", self.city(), "--json").stdout)
        self.assertEqual((listed["city"], listed["crs"], listed["layers"][0]["crs"]), ("Musterstadt", "EPSG:25833", "EPSG:25833"))
        imports = self.query("SELECT rows_read, rows_stored, rows_rejected, rows_replaced, rows_removed, files FROM stadtgdi_import ORDER BY id")
        self.assertEqual([tuple(map(int, row)) for row in imports], [(2, 2, 0, 0, 0, 1), (2, 2, 0, 2, 0, 1)])

    def test_a_failed_first_import_makes_no_city(self):
        before = self.things()
        for source in (self.folder.write("other.csv", "a,b\n1,2\n"), self.folder.write("broken.geojson", '{"type": "FeatureColl'), self.folder / "missing.csv"):
            done = self.imported(source)
            self.assertIn(done.returncode, (1, 2, 3), done.stderr)
            self.assertIn("Error", done.stderr)
            self.assertEqual(self.things(), before, source)

    def test_a_failed_import_leaves_the_city_as_it_was(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        content = self.query("SELECT uuid, genus FROM trees_tree ORDER BY uuid")
        before = self.things()
        # Writing fails after reading went well: the store turns one of the new rows away.
        self.refuse_genus("Quercus")
        done = self.imported(self.folder.trees("more.csv", [(3, 317020, 5690000, "Fagus", 1990), (4, 317030, 5690000, "Quercus", 1990)]), "--append")
        self.assertNotIn(done.returncode, (0, 130), done.stderr)
        self.assertEqual(self.query("SELECT uuid, genus FROM trees_tree ORDER BY uuid"), content)
        self.assertEqual(len(self.query("SELECT id FROM stadtgdi_import")), 1)
        self.assertEqual(self.things(), before)

    def test_rows_that_cannot_be_stored_are_rejected_and_counted(self):
        bad = self.folder.trees("bad.csv", [(1, 317000, 5690000, "Tilia", 1950), (2, "", "", "Acer", "soon")])
        done = self.imported(bad, "--json")
        report = json.loads(done.stdout)
        self.assertEqual(report["rows_read"], report["rows_stored"] + report["rows_rejected"])
        self.assertEqual(self.rows().get("trees_tree"), report["rows_stored"])
        self.assertTrue(report["findings"])

    def test_the_other_commands_read_it(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        checked = stadtgdi("check", self.city(), "--json")
        self.assertIn(checked.returncode, (0, 1), checked.stderr)
        self.assertEqual(json.loads(checked.stdout)["rows"], 2)
        done = stadtgdi("export", self.city(), "trees_tree", "--columns", "genus", "--out", self.folder / "trees.csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.folder / "trees.csv", encoding="utf-8", newline="") as file:
            self.assertEqual(sorted(row["genus"] for row in csv.DictReader(file)), ["Acer", "Tilia"])
        done = stadtgdi("run", "statgrid.make_grid", "--cell_size_m", 1000, "--layer", self.city(), "--out", self.folder / "grid.gpkg", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_project_of_it_is_served_and_follows_an_import(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        project = self.folder / "town.qgz"
        written = stadtgdi("project", self.city(), "--out", project)
        self.assertEqual(written.returncode, 0, written.stderr)
        service = Service(project).wait_until_ready()
        self.addCleanup(service.stop)

        def genera():
            answer = service.get("/town/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=trees_tree&OUTPUTFORMAT=application/geo%2Bjson")
            self.assertEqual(answer.status, 200, answer.text)
            return sorted(feature["properties"]["genus"] for feature in json.loads(answer.text)["features"])

        self.assertEqual(genera(), ["Acer", "Tilia"])
        box = "BBOX=316990,5689990,317040,5690040&WIDTH=100&HEIGHT=100&CRS=EPSG:25833"
        picture = service.get("/town/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=trees_tree&STYLES=&FORMAT=image/png&" + box)
        self.assertEqual((picture.status, picture.headers["content-type"], picture.body[:4]), (200, "image/png", b"\x89PNG"))
        more = self.folder.trees("more.csv", [(3, 317020, 5690000, "Fagus", 1990)])
        self.assertEqual(self.imported(more, "--append").returncode, 0)
        self.assertTrue(eventually(lambda: genera() == ["Acer", "Fagus", "Tilia"], 20), genera())

    def make_old(self):
        """Version 0 is the layout of version 1, before it was counted: the counts of the imports have no columns yet."""
        for column in ("rows_repeated", "rows_replaced", "rows_removed", "files"):
            self.query(f"ALTER TABLE stadtgdi_import DROP COLUMN {column}")
        self.set_version(0)

    def set_version(self, version):
        self.query(f"UPDATE stadtgdi_city SET value = '{version}' WHERE key = 'schema_version'")

    def test_a_newer_city_is_refused_by_every_command_in_the_language_of_the_user(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        self.set_version(99)
        before = self.things()
        for arguments in (("list", "layers", self.city()), ("check", self.city()), ("export", self.city(), "trees_tree", "--out", self.folder / "x.csv"),
                          ("import", self.good, "--mapping", self.mapping, "--city", self.city()),
                          ("import", self.good, "--mapping", self.mapping, "--city", self.city(), "--dry-run"),
                          ("project", self.city(), "--out", self.folder / "x.qgz")):
            english, german = stadtgdi(*arguments), stadtgdi(*arguments, "--language", "de")
            self.assertEqual((english.returncode, german.returncode), (4, 4), (arguments, english.stderr))
            self.assertIn("has the schema version 99; this StadtGDI knows up to 2. Update StadtGDI to open it.", english.stderr)
            self.assertIn("hat die Schemaversion 99; dieses StadtGDI kennt Versionen bis 2. Bitte StadtGDI aktualisieren.", german.stderr)
            self.assertEqual(json.loads(stadtgdi(*arguments, "--json").stderr)["error"]["kind"], "unsupported")
        self.assertEqual(self.things(), before)
        self.assertEqual(self.query("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'"), [("99",)])

    def test_an_older_city_is_upgraded_after_a_copy_and_that_is_said_once(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        self.make_old()
        first = stadtgdi("list", "layers", self.city(), "--json")
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual(json.loads(first.stdout)["layers"][0]["rows"], 2)
        self.assertIn("was brought from schema version 0 to 2", first.stderr)
        self.assertIn("before-version-2", first.stderr)
        self.assertEqual(self.query("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'"), [("2",)])
        self.assertEqual(self.version_of_copy(), "0")
        self.assertEqual(stadtgdi("list", "layers", self.city(), "--json").stderr, "")
        self.make_old()
        self.assertIn("wurde von Schemaversion 0 auf 2 gebracht", stadtgdi("check", self.city(), "--language", "de").stderr)

    def test_a_city_without_a_version_is_refused(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        for version in ("", "one", "-1", "1x"):
            self.set_version(version)
            listed = stadtgdi("list", "layers", self.city())
            self.assertEqual(listed.returncode, 1, listed.stderr)
            self.assertIn("names no schema version", listed.stderr)

    def test_what_may_only_be_read_is_read_but_not_upgraded(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        read_only = self.for_readers()
        listed = read_only("list", "layers", "--json")
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertEqual(json.loads(listed.stdout)["layers"][0]["rows"], 2)
        self.make_old()
        self.for_readers()
        before = self.things()
        refused = read_only("list", "layers")
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertIn("could not be brought to version 2; it is as it was", refused.stderr)
        self.assertEqual(self.things(), before)
        self.assertEqual(self.query("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'"), [("0",)])


class GeoPackageTest(StoreTest, unittest.TestCase):
    def city(self):
        return self.folder / "town.gpkg"

    def query(self, sql):
        connection = sqlite3.connect(self.city())
        try:
            with connection:
                return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def refuse_genus(self, genus):
        # The import makes the table anew, so the refusal sits where its rows' number is written down.
        self.query("CREATE TRIGGER no_more BEFORE INSERT ON stadtgdi_import BEGIN SELECT RAISE(ABORT, 'not today'); END")

    def things(self):
        # -wal and -shm come and go with readers.
        return sorted(name for name in os.listdir(self.folder.path) if name.startswith("town.gpkg") and not name.endswith(("-wal", "-shm")))

    def version_of_copy(self):
        connection = sqlite3.connect(self.city() + ".before-version-2")
        try:
            self.assertEqual(connection.execute("SELECT count(*) FROM trees_tree").fetchone(), (2,))
            return connection.execute("SELECT value FROM stadtgdi_city WHERE key = 'schema_version'").fetchone()[0]
        finally:
            connection.close()

    def for_readers(self):
        """The file in a folder that its reader must not write."""
        connection = sqlite3.connect(self.city())
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        os.chmod(self.city(), 0o444)
        os.chmod(self.folder.path, 0o555)
        self.addCleanup(os.chmod, self.folder.path, 0o755)
        # Root may write everywhere; who may not must reach the command, wherever the project lies.
        command, other = os.environ["STADTGDI"], []
        if os.geteuid() == 0:
            reachable = tempfile.mkdtemp(prefix="stadtgdi_command_")
            self.addCleanup(shutil.rmtree, reachable)
            os.chmod(reachable, 0o755)
            command = shutil.copy(command, reachable)
            other = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]

        def call(*arguments):
            arguments = [*arguments[:2], self.city(), *arguments[2:]]
            return subprocess.run([*other, command, *arguments], capture_output=True, text=True, timeout=300, env=ENVIRONMENT)

        return call

    def set_version(self, version):
        os.chmod(self.folder.path, 0o755)
        os.chmod(self.city(), 0o644)
        super().set_version(version)

    def test_an_import_into_something_else_is_refused(self):
        for city in ("town.geojson", "postgresql://user@host/base", "town"):
            for more in ((), ("--dry-run",)):
                done = stadtgdi("import", self.good, "--mapping", self.mapping, "--city", self.folder / city if "//" not in city else city, *more)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn("PG:dbname=", done.stderr)
        self.assertEqual(self.things(), [])


class PostGisTest(StoreTest, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not SERVER:
            raise RuntimeError("STADTGDI_TEST_PG is not set: ./test starts a server, or tests/support/start_postgres does")

    def setUp(self):
        super().setUp()
        self.schema = "town_" + uuid.uuid4().hex[:12]
        self.addCleanup(self.sql, f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE')

    def city(self, server=SERVER):
        return f"PG:{server} schemas={self.schema}"

    @staticmethod
    def sql(text):
        done = subprocess.run(["psql", SERVER, "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\t", "-c", text], capture_output=True, text=True, check=True)
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]

    def query(self, sql):
        return self.sql(f'SET search_path = "{self.schema}", public; {sql}')

    def refuse_genus(self, genus):
        self.query("CREATE FUNCTION no_more() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.genus = '" + genus +
                   "' THEN RAISE EXCEPTION 'not today'; END IF; RETURN NEW; END $$; "
                   "CREATE TRIGGER no_more BEFORE INSERT ON trees_tree FOR EACH ROW EXECUTE FUNCTION no_more()")
        self.addCleanup(lambda: None)

    def things(self):
        return self.sql("SELECT n.nspname, c.relname, c.relkind FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid "
                        f"WHERE n.nspname = '{self.schema}' ORDER BY 2")

    def version_of_copy(self):
        return self.query("SELECT value FROM \"stadtgdi_city_before-version-2\" WHERE key = 'schema_version'")[0][0]

    def for_readers(self):
        """A role that may only read."""
        role = self.schema.replace("town", "reader")
        self.sql(f"DO $d$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} LOGIN; END IF; END $d$; "
                 f'GRANT USAGE ON SCHEMA "{self.schema}" TO {role}; GRANT SELECT ON ALL TABLES IN SCHEMA "{self.schema}" TO {role}')
        city = self.city(re.sub(r"user=\S+", "user=" + role, SERVER))
        return lambda *arguments: stadtgdi(*arguments[:2], city, *arguments[2:])

    def test_an_import_keeps_indexes_where_its_columns_changed(self):
        self.assertEqual(self.imported(self.good).returncode, 0)
        indexes = f"SELECT regexp_replace(indexdef, '.* USING ', '') FROM pg_indexes WHERE schemaname = '{self.schema}' AND tablename = 'trees_tree' ORDER BY 1"
        before = self.sql(indexes)
        self.query("ALTER TABLE trees_tree ADD COLUMN own text")
        again = self.folder.trees("again.csv", [(1, 317000, 5690000, "Tilia", 1950)])
        self.query("ALTER TABLE trees_tree DROP COLUMN own, DROP COLUMN vitality")
        self.assertEqual(self.imported(again).returncode, 0)
        self.assertEqual(self.sql(indexes), before)
        self.assertIn("gist", str(before))

    def test_passwords_are_shown_nowhere(self):
        secret = "s3cr3t-" + uuid.uuid4().hex
        city = self.city(SERVER + f" password={secret}")
        said = ""
        for arguments in (("import", self.good, "--mapping", self.mapping, "--city", city), ("check", city, "--json"), ("list", "layers", city),
                          ("export", city, "trees_tree", "--out", city.replace(self.schema, self.schema + "_x"), "--json"),
                          ("import", city + "_x", "--mapping", self.mapping, "--city", city), ("check", city + "_none")):
            done = stadtgdi(*arguments)
            said += done.stdout + done.stderr
        self.addCleanup(self.sql, f'DROP SCHEMA IF EXISTS "{self.schema}_x" CASCADE')
        self.set_version(99)
        said += stadtgdi("check", city).stderr
        self.assertNotIn(secret, said)
        self.assertNotIn(secret, str(self.query("SELECT source FROM stadtgdi_import")))

    def test_a_server_that_is_away_is_an_error_of_input(self):
        done = stadtgdi("import", self.good, "--mapping", self.mapping, "--city", "PG:host=127.0.0.1 port=1 dbname=x schemas=y")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("cannot be reached", done.stderr)


if __name__ == "__main__":
    unittest.main()
