# SPDX-License-Identifier: GPL-2.0-or-later
"""One picture for projects that others made: QGIS's own test projects are served and compared with QGIS's own pictures, and nearly all of
their vector layers are drawn from their rows. The projects come with the source package of the installed QGIS; STADTGDI_QGIS_TESTDATA names
a folder where they are already."""
import collections
import glob
import html
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import unittest
import urllib.parse

from qgis.core import Qgis, QgsProject, QgsVectorLayer

from one_picture import Comparison, places, run_tests, serve_everything, ways

PLACES = 20
LEAST_PROJECTS, LEAST_COMPILED = 30, 0.9
NOT_HERE = re.compile(r"host=|service='|url=|https?://|/vsicurl")   # data base servers and the network


def installed_version():
    return subprocess.run(["dpkg-query", "-W", "-f", "${source:Version}", "libqgis-core" + Qgis.version().split("-")[0]], capture_output=True, text=True, check=True).stdout


def source_lists():
    """The machine's own package sources as sources of source packages: one-line entries, and the paragraphs of .sources files."""
    lines, paragraphs = [], []
    for file in ["/etc/apt/sources.list", *sorted(glob.glob("/etc/apt/sources.list.d/*.list"))]:
        if os.path.exists(file):
            with open(file, encoding="utf-8") as text:
                lines += [re.sub(r"^deb\s", "deb-src ", line.strip()) for line in text if re.match(r"deb(-src)?\s", line)]
    for file in sorted(glob.glob("/etc/apt/sources.list.d/*.sources")):
        with open(file, encoding="utf-8") as text:
            whole = "".join(line for line in text if not line.startswith("#"))
        paragraphs += [re.sub(r"(?mi)^Types:.*$", "Types: deb-src", paragraph.strip()) for paragraph in re.split(r"\n\s*\n", whole)
                       if re.search(r"(?mi)^URIs:", paragraph) and not re.search(r"(?mi)^Enabled:\s*no", paragraph)]
    return sorted(set(lines)), paragraphs


def fetched_source():
    """The source package's archive, from the cache or by apt."""
    version = installed_version()
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "stadtgdi", "qgis_" + re.sub(r"[^A-Za-z0-9.]+", "_", version))
    if not glob.glob(os.path.join(cache, "*.orig.tar.*")):
        lines, paragraphs = source_lists()
        with tempfile.TemporaryDirectory() as folder:
            parts, lists, download = (os.path.join(folder, name) for name in ("parts", "lists", "download"))
            for made in (parts, os.path.join(lists, "partial"), download):
                os.makedirs(made)
            for name, content in (("own.list", "\n".join(lines) + "\n"), ("own.sources", "\n\n".join(paragraphs) + "\n")):
                with open(os.path.join(parts, name), "w", encoding="utf-8") as file:
                    file.write(content)
            options = ["-o", "Dir::Etc::sourcelist=-", "-o", f"Dir::Etc::sourceparts={parts}", "-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={folder}", "-o", "APT::Sandbox::User="]
            subprocess.run(["apt-get", *options, "-qq", "update"], check=True, cwd=download)
            subprocess.run(["apt-get", *options, "-qq", "source", "--download-only", "--tar-only", f"qgis={version}"], check=True, cwd=download)
            os.makedirs(cache, exist_ok=True)
            for file in glob.glob(os.path.join(download, "*.orig.tar.*")):
                part = os.path.join(cache, "part")
                shutil.copy(file, part)
                os.rename(part, os.path.join(cache, os.path.basename(file)))   # whole or not at all
    return glob.glob(os.path.join(cache, "*.orig.tar.*"))[0]


def test_data(folder):
    """A copy that may be written to."""
    there = os.environ.get("STADTGDI_QGIS_TESTDATA")
    if there:
        return shutil.copytree(there, os.path.join(folder, "testdata"))
    with tarfile.open(fetched_source()) as archive:
        for member in archive:
            inside = re.match(r"[^/]+/tests/(testdata/.*)", member.name)
            if inside and ".." not in member.name.split("/") and (member.isfile() or member.isdir()):
                member.name = inside[1]
                archive.extract(member, folder)
    return os.path.join(folder, "testdata")


def is_drawn(layer):
    """A vector layer that opens, from files of the test data, with something to draw."""
    return isinstance(layer, QgsVectorLayer) and layer.isValid() and layer.isSpatial() and not NOT_HERE.search(layer.source()) and layer.providerType() not in ("postgres", "WFS", "OAPIF")


def served_name(project, layer):
    by_id = project.readBoolEntry("WMSUseLayerIDs", "/")[0]
    return layer.id() if by_id else layer.serverProperties().shortName() or layer.name()


class QgisProjects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_qgis_projects_")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        data = test_data(cls.folder)
        cls.files = {}   # id -> file
        for file in sorted(glob.glob(os.path.join(data, "**", "*.qg[sz]"), recursive=True)):
            stem, ending = os.path.splitext(file)
            name = os.path.basename(stem)
            if name in cls.files:   # ids are file names: the folder tells them apart
                name = f"{os.path.basename(os.path.dirname(file))}_{name}{'_' + ending[1:] if ending == '.qgz' else ''}"
                renamed = os.path.join(os.path.dirname(file), name + ending)
                os.rename(file, renamed)
                file = renamed
            project = QgsProject.instance()
            if project.read(file) and any(is_drawn(layer) for layer in project.mapLayers().values()):
                cls.files[name] = file
        cls.service, cls.key = serve_everything(cls.folder, *cls.files.values())
        cls.addClassCleanup(cls.service.stop)
        cls.ways = ways(cls.service, cls.key)

    def test_thirty_projects_load(self):
        self.assertGreaterEqual(len(set(self.files) & set(self.ways)), LEAST_PROJECTS, sorted(set(self.files) - set(self.ways)))

    def test_each_layer_has_qgis_own_picture(self):
        project = QgsProject.instance()
        pictures = equal = 0
        for name, file in self.files.items():
            self.assertTrue(project.read(file))
            comparison = Comparison(self.service, self.key, name, project)
            largest = min(limit for limit in (512, *(project.readNumEntry(f"WMSMax{side}", "/")[0] for side in ("Width", "Height"))) if limit > 0)
            drawn = {layer: served_name(project, layer) for layer in project.mapLayers().values() if is_drawn(layer)}
            names = collections.Counter(served_name(project, layer) for layer in project.mapLayers().values())
            capabilities = self.service.get(f"/{urllib.parse.quote(name)}/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities", self.key).text
            served = {html.unescape(title) for title in re.findall(r"<Layer[^>]*>\s*<Name>([^<]*)</Name>", capabilities)}
            offered = re.findall(r"<CRS>(EPSG:\d+)</CRS>", capabilities)   # a project may name those it wants
            crs = next((one for one in (project.crs().authid(), "EPSG:3857", *offered) if one in offered), "EPSG:3857")
            for layer, title in drawn.items():
                if names[title] > 1 or title not in served or "," in title:
                    print(f"{name}/{title}: left out, " + ("a name of several layers" if names[title] > 1 else "not served by this name"))
                    continue
                with self.subTest(project=name, layer=title):
                    extent = layer.extent()
                    across = max(extent.width(), extent.height()) * (111320 if layer.crs().isGeographic() else 1)
                    count = min(PLACES, max(4, 4 * layer.featureCount())) if layer.featureCount() >= 0 else PLACES
                    maps = places(layer, crs, count, name + title, project, widths=(100, min(3e7, max(30000, across))), sides=(256, largest))
                    failures = comparison.compare(title, {title: layer}, maps)
                    self.assertFalse(failures, f"{len(failures)} of {len(maps)} maps have another picture:\n" + "\n".join(failures))
            pictures, equal = pictures + comparison.pictures, equal + comparison.equal
            print(comparison.summary())
        print(f"{pictures} pictures of {len(self.files)} projects compared, {equal} equal to the byte")

    def test_nearly_all_layers_are_compiled(self):
        taken = {(project, *layer): why for project, layers in self.ways.items() for layer, why in layers.items()}
        for (project, layer, style), why in taken.items():
            if why is not None:
                print(f"{project}/{layer}, style {style}: {why}")
        compiled = sum(why is None for why in taken.values())
        print(f"{compiled} of {len(taken)} layers and styles are compiled")
        self.assertGreaterEqual(compiled, LEAST_COMPILED * len(taken))


if __name__ == "__main__":
    run_tests()
