# SPDX-License-Identifier: GPL-2.0-or-later
"""A demo city with a million trees: the same on one processor as on all, whole and sound, and in memory that a desktop has."""
import json
import os
import resource
import sqlite3
import subprocess
import tempfile
import unittest

from service import COMMAND, ENVIRONMENT, stadtgdi

INHABITANTS = 2_350_000
MEMORY_KB = 4 << 20


def made(folder, processors):
    ended = subprocess.run([COMMAND, "demo", "--inhabitants", str(INHABITANTS), "--seed", "1", "--out", folder, "--json"], capture_output=True, text=True, env=ENVIRONMENT,
                           preexec_fn=lambda: os.sched_setaffinity(0, processors))
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


class Million(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory(prefix="stadtgdi_million_")
        cls.addClassCleanup(temporary.cleanup)
        everything = os.sched_getaffinity(0)
        cls.demo = made(os.path.join(temporary.name, "all"), everything)
        cls.again = made(os.path.join(temporary.name, "one"), {min(everything)})
        cls.memory_kb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss   # the largest of both
        cls.city, cls.other = cls.demo["city"], cls.again["city"]
        cls.folder = temporary.name

    def test_it_has_a_million_trees(self):
        self.assertGreaterEqual(self.demo["rows"]["trees_tree"], 1_000_000)

    def test_it_is_the_same_on_one_processor(self):
        self.assertEqual((self.again["hash"], self.again["rows"]), (self.demo["hash"], self.demo["rows"]))
        with open(self.city, "rb") as one, open(self.other, "rb") as other:
            while piece := one.read(1 << 24):
                self.assertEqual(piece, other.read(1 << 24))
            self.assertEqual(other.read(1), b"")

    def test_the_memory_stays_sane(self):
        self.assertLess(self.memory_kb, MEMORY_KB)

    def test_every_row_is_in_the_store(self):
        database = sqlite3.connect(self.city)
        self.addCleanup(database.close)
        for layer, rows in self.demo["rows"].items():
            self.assertEqual(database.execute(f'SELECT count(*) FROM "{layer}"').fetchone()[0], rows, layer)
        self.assertEqual(database.execute("SELECT count(*) FROM rtree_trees_tree_geom").fetchone()[0], self.demo["rows"]["trees_tree"])
        self.assertEqual(database.execute("SELECT rtreecheck('rtree_trees_tree_geom')").fetchone()[0], "ok")
        self.assertEqual(database.execute("SELECT count(DISTINCT uuid) FROM trees_tree").fetchone()[0], self.demo["rows"]["trees_tree"])

    def test_it_is_free_of_errors(self):
        checked = stadtgdi("check", self.city, "--layers", "trees_tree,districts_district", "--json")
        self.assertEqual(checked.returncode, 0, checked.stdout[:2000] + checked.stderr)

    def test_an_operation_counts_every_tree_once(self):
        out = os.path.join(self.folder, "cover.gpkg")
        done = stadtgdi("run", "trees.canopy_cover", "--trees", self.city, "--zones", self.city, "--out", out)
        self.assertEqual(done.returncode, 0, done.stderr)
        database = sqlite3.connect(out)
        self.addCleanup(database.close)
        levels = dict(database.execute("SELECT level, sum(n_trees) FROM zones GROUP BY level").fetchall())
        city = sqlite3.connect(self.city)
        self.addCleanup(city.close)
        standing = city.execute("SELECT count(*) FROM trees_tree WHERE status IS NULL OR status = 'standing'").fetchone()[0]
        self.assertEqual(levels, dict.fromkeys(("city", "stadtbezirk", "ortsteil"), standing))


if __name__ == "__main__":
    unittest.main()
