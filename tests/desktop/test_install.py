#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""`cmake --install` into a folder that is moved afterwards: command, service, plugins and Python module find their own data.

    test_install.py --build FOLDER
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
import zipfile
from pathlib import Path

from desktop import PROFILE, start_qgis

HERE = Path(__file__).resolve().parent
PARSER = argparse.ArgumentParser()
PARSER.add_argument("--build", required=True, help="the build folder")
OPTIONS, REST = PARSER.parse_known_args()
MARK = "a style of this installation"


def overlay(source, target):
    """The files of a folder as links, beside those that are there."""
    target.mkdir(parents=True, exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            overlay(entry, target / entry.name)
        elif not (target / entry.name).exists():
            (target / entry.name).symlink_to(entry)


class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.temporary.name).resolve()
        first, cls.prefix = cls.folder / "first", cls.folder / "moved" / "here"
        subprocess.run(["cmake", "--install", OPTIONS.build, "--prefix", str(first)], check=True, stdout=subprocess.DEVNULL)
        cls.prefix.parent.mkdir()
        shutil.move(first, cls.prefix)
        cls.data = cls.prefix / "share" / "stadtgdi"
        # What only this installation has shows whose data are read.
        style = cls.data / "styles" / "qml" / "trees" / "tree.qml"
        style.write_text(style.read_text(encoding="utf-8").replace("{en:", "{en:" + MARK + " "), encoding="utf-8")
        shutil.copy(cls.data / "mappings" / "leipzig_osm_parks.toml", cls.data / "mappings" / "only_here.toml")
        cls.command("demo", "--inhabitants", "20000", "--seed", "1", "--out", str(cls.folder), "--quiet")
        cls.city, cls.project = cls.folder / "demo.gpkg", cls.folder / "demo.qgz"
        cls.command("project", str(cls.city), "--language", "en", "--out", str(cls.project), "--quiet")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    @classmethod
    def environment(cls, **more):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("STADTGDI_", "QGIS_", "PYTHON"))}
        return dict(environment, HOME=str(cls.folder), XDG_RUNTIME_DIR=str(cls.folder), LC_ALL="C.UTF-8", **more)

    @classmethod
    def command(cls, *arguments):
        # by its name on PATH, as people call it
        path = str(cls.prefix / "bin") + ":" + os.environ["PATH"]
        return subprocess.run(["stadtgdi", *arguments], env=cls.environment(PATH=path), cwd=cls.folder, check=True, capture_output=True, text=True).stdout

    def test_the_project_has_the_styles_of_the_installation(self):
        with zipfile.ZipFile(self.project) as archive:
            text = archive.read(next(name for name in archive.namelist() if name.endswith(".qgs"))).decode("utf-8")
        self.assertIn(MARK, text)

    def test_the_mappings_are_those_of_the_installation(self):
        self.assertIn("only_here", self.command("list", "mappings"))
        self.assertEqual(len(list((self.data / "mappings").glob("*.toml"))), len(json.loads(self.command("list", "mappings", "--json"))))

    def test_an_operation_runs(self):
        out = self.folder / "diversity.csv"
        self.command("run", "trees.diversity", "--trees", str(self.city), "--out", str(out), "--quiet")
        self.assertIn("shannon_h", out.read_text(encoding="utf-8").splitlines()[0])

    def test_the_service_serves_maps_and_the_web_map(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % free.getsockname()[1]
        with open(self.folder / "serve.log", "wb") as log:
            service = subprocess.Popen([self.prefix / "bin" / "stadtgdi", "serve", self.project, "--listen", address], env=self.environment(), stdout=log, stderr=log)
        try:
            page = self.fetch("http://%s/demo/map" % address)
            self.assertIn(b"<script", page)
            picture = self.fetch(
                "http://%s/demo/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetMap&LAYERS=trees_tree&STYLES=&CRS=EPSG:3857"
                "&BBOX=0,0,100,100&WIDTH=10&HEIGHT=10&FORMAT=image/png" % address
            )
            self.assertTrue(picture.startswith(b"\x89PNG"))
        finally:
            service.terminate()
            service.wait(60)

    @staticmethod
    def fetch(url):
        for _ in range(600):
            try:
                with urllib.request.urlopen(url, timeout=30) as answer:
                    return answer.read()
            except OSError:
                time.sleep(0.1)
        raise AssertionError(url + " does not answer")

    def test_qgis_process_lists_the_operations(self):
        environment = self.environment(
            QGIS_PLUGINPATH=str(self.prefix / "share/qgis/python/plugins"), QGIS_CUSTOM_CONFIG_PATH=str(self.folder), QT_QPA_PLATFORM="offscreen",
            PATH="/usr/bin:" + os.environ["PATH"],  # QGIS needs the Python it was built with
        )  # fmt: skip
        subprocess.run(["qgis_process", "plugins", "enable", "stadtgdi_processing"], env=environment, check=True, capture_output=True)
        listed = json.loads(subprocess.run(["qgis_process", "list", "--json"], env=environment, check=True, capture_output=True).stdout)
        self.assertIn("stadtgdi:trees.diversity", listed["providers"]["stadtgdi"]["algorithms"])

    def test_qgis_opens_with_the_plugins_by_the_installed_launcher(self):
        results = self.folder / "opened.json"
        code, log = start_qgis(
            None, self.folder, ["--lang", "en", "--code", str(HERE / "opened.py"), str(self.project)],
            launcher=self.prefix / "bin" / "stadtgdi-desktop", german=False, STADTGDI_RESULTS=str(results),
        )  # fmt: skip
        self.assertTrue(results.exists(), "QGIS ended with %d:\n%s" % (code, log.read_text(errors="replace")[-4000:]))
        seen = json.loads(results.read_text(encoding="utf-8"))
        self.assertEqual(seen["dock"], "City layers")
        self.assertEqual(seen["city"], str(self.city))
        self.assertIn("stadtgdi:trees.diversity", seen["algorithms"])

    def test_qgis_itself_finds_the_plugins_where_its_prefix_is_ours(self):
        # A prefix that holds QGIS and our installation, as /usr does.
        usr, folder = self.folder / "usr", self.folder / "plain"
        shutil.copytree(self.prefix, usr)  # QGIS loads no plugin that is a link
        overlay(Path("/usr/share/qgis"), usr / "share/qgis")
        overlay(Path("/usr/lib/qgis"), usr / "lib/qgis")
        for library in Path("/usr/lib").glob("libqgispython.*"):
            (usr / "lib" / library.name).symlink_to(library)
        profile = folder / "config/profiles/stadtgdi/QGIS/QGIS3.ini"
        profile.parent.mkdir(parents=True)
        profile.write_text(PROFILE % "false" + "[Plugins]\nlibstadtgdi_citylayers=true\nlibstadtgdi_processing=true\n", encoding="utf-8")
        results = folder / "opened.json"
        code, log = start_qgis(
            None, folder, ["--lang", "en", "--code", str(HERE / "opened.py"), str(self.project)],
            launcher=None, STADTGDI_RESULTS=str(results), QGIS_PREFIX_PATH=str(usr),
        )  # fmt: skip
        self.assertTrue(results.exists(), "QGIS ended with %d:\n%s" % (code, log.read_text(errors="replace")[-4000:]))
        seen = json.loads(results.read_text(encoding="utf-8"))
        self.assertEqual(seen["dock"], "City layers")
        self.assertIn("stadtgdi:trees.diversity", seen["algorithms"])

    def test_the_python_package_is_importable(self):
        packages = list(self.prefix.glob("**/dist-packages/stadtgdi")) + list(self.prefix.glob("**/site-packages/stadtgdi"))
        if not packages:
            return  # built without Python
        code = "import stadtgdi; print(stadtgdi.__file__); print(len(stadtgdi.open_city(%r).layers()))" % str(self.city)
        ended = subprocess.run(["/usr/bin/python3", "-c", code], env=self.environment(PYTHONPATH=str(packages[0].parent)), cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn(str(self.prefix), ended.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *REST], verbosity=2)
