# SPDX-License-Identifier: GPL-2.0-or-later
"""One picture: GetMap of every shipped layer, of rasters, meshes and remote layers has the very pixels of QGIS's own
QgsMapRendererSequentialJob on the same project."""
import concurrent.futures
import os
import re
import shutil
import tempfile
import unittest

from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsMeshLayer, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtGui import QImage

from one_picture import Comparison, Map, drawn, path_of, picture_of, places, run_tests, serve_everything, ways
from service import Service, stadtgdi

CRS = "EPSG:25833"
PICTURES = [("city", 6000, 400, 400, 96), ("quarter", 1200, 500, 400, 96), ("street", 250, 400, 300, 180)]  # name, metres across, pixels, dpi


class PictureTest(unittest.TestCase):
    """`service` serves the project `name`, which is read here as `project`."""
    name, key = "demo", {}

    def served(self, layers, box, width, height, dpi):
        path = path_of(self.name, layers, Map(CRS, box, width, height, dpi))
        # Several at a time, so that copies of layers are drawn where there are any.
        with concurrent.futures.ThreadPoolExecutor(3) as threads:
            answers = list(threads.map(lambda _: self.service.get(path, self.key), range(3)))
        image = picture_of(answers[0])
        self.assertTrue(all(other.body == answers[0].body for other in answers), "maps drawn at the same time differ")
        return image.convertToFormat(QImage.Format_RGB32)

    def drawn(self, layers, box, width, height, dpi):
        found = [layer for name in layers for layer in self.project.mapLayers().values() if layer.serverProperties().shortName() == name]
        self.assertEqual(len(found), len(layers))
        return drawn(self.project, found, Map(CRS, box, width, height, dpi)).convertToFormat(QImage.Format_RGB32)


class ShippedLayers(PictureTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_pictures_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--out", cls.folder).returncode == 0
        cls.file = os.path.join(cls.folder, "demo.qgz")
        written = stadtgdi("project", os.path.join(cls.folder, "demo.gpkg"), "--language", "de", "--out", cls.file)
        assert written.returncode == 0, written.stderr
        cls.service, cls.key = serve_everything(cls.folder, cls.file)
        cls.project = QgsProject.instance()
        assert cls.project.read(cls.file)

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        cls.project.clear()
        shutil.rmtree(cls.folder)

    def test_every_shipped_layer_has_qgis_own_pixels(self):
        capabilities = self.service.get("/demo/ows?SERVICE=WMS&VERSION=1.3.0&REQUEST=GetCapabilities", self.key).text
        names = sorted(layer.serverProperties().shortName() for layer in self.project.mapLayers().values() if layer.isSpatial())
        self.assertGreaterEqual(len(names), 15)
        x, y = self.project.mapLayersByShortName("trees_tree")[0].extent().center().x(), self.project.mapLayersByShortName("trees_tree")[0].extent().center().y()
        empty = set()
        for layers in [[name] for name in names] + [names]:
            for place, metres, width, height, dpi in PICTURES:
                with self.subTest(layers=",".join(layers), place=place):
                    self.assertTrue(all(re.search(f"<Name>{name}</Name>", capabilities) for name in layers))
                    box = (x - metres / 2, y - metres / 2 * height / width, x + metres / 2, y + metres / 2 * height / width)
                    ours, qgis = self.served(layers, box, width, height, dpi), self.drawn(layers, box, width, height, dpi)
                    self.assertEqual((ours.width(), ours.height()), (qgis.width(), qgis.height()))
                    same = ours == qgis
                    if not same:
                        kept = tempfile.mkdtemp(prefix="stadtgdi_other_pixels_")
                        ours.save(f"{kept}/ours.png")
                        qgis.save(f"{kept}/qgis.png")
                        self.fail(f"other pixels, see {kept}")
                    if qgis.constBits().asstring(qgis.sizeInBytes()).count(b"\xff") == qgis.sizeInBytes():
                        empty.add((",".join(layers), place))
        shown = {name for name in names if any((name, place) not in empty for place, *_ in PICTURES)}
        self.assertEqual(shown, set(names), "these layers were compared as empty pictures alone")

    def test_windows_of_one_scale_have_qgis_own_pixels(self):
        """Symbols of sizes on the ground are kept for the next map of the same scale, and for no other."""
        centre = self.project.mapLayersByShortName("trees_tree")[0].extent().center()
        for metres in (400, 650, 400):
            for east in (0, 137.3, -211.7, 0):
                with self.subTest(metres=metres, east=east):
                    x, y = centre.x() + east, centre.y() - east / 3
                    box = (x - metres / 2, y - metres / 2, x + metres / 2, y + metres / 2)
                    self.assertEqual(self.served(["trees_tree"], box, 512, 512, 96), self.drawn(["trees_tree"], box, 512, 512, 96))


    def test_every_shipped_style_at_random_places(self):
        """All are compiled; at places and scales of chance, at 96, 180 and 300 dpi, they are one picture with QGIS's."""
        self.assertEqual({layer: why for (layer, _), why in ways(self.service, self.key)["demo"].items() if why}, {})
        comparison = Comparison(self.service, self.key, "demo", self.project)
        for layer in self.project.mapLayers().values():
            name = layer.serverProperties().shortName()
            if layer.isSpatial():
                with self.subTest(layer=name):
                    self.assertEqual(comparison.compare(name, {name: layer}, places(layer, CRS, 20, name, self.project)), [])
        print(comparison.summary())
        self.assertLess(comparison.empty, comparison.pictures / 2)


class OtherLayers(PictureTest):
    """A project of its own: a raster, a mesh, and layers of another service by WMS and WFS."""
    name = "other"
    WIDTH, HEIGHT = 300, 200
    BOX = (388000, 5718000, 391000, 5720000)

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_pictures_")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--out", cls.folder).returncode == 0
        remote = os.path.join(cls.folder, "remote.qgz")
        assert stadtgdi("project", os.path.join(cls.folder, "demo.gpkg"), "--language", "de", "--out", remote).returncode == 0
        cls.remote = Service(remote)
        cls.addClassCleanup(cls.remote.stop)
        cls.remote.wait_until_ready()
        address = f"http://127.0.0.1:{cls.remote.port}/remote/ows"
        cls.project = QgsProject()
        cls.project.setCrs(QgsCoordinateReferenceSystem("EPSG:25833"))
        layers = [QgsRasterLayer(cls.raster(), "raster"), QgsMeshLayer(cls.mesh(), "mesh", "mdal"),
                  QgsRasterLayer(f"crs=EPSG:25833&dpiMode=7&format=image/png&layers=greenspace_site&styles=&url={address}", "wms", "wms"),
                  QgsVectorLayer(f"url='{address}' typename='greenspace_playground' version='2.0.0' srsname='EPSG:25833'", "wfs", "WFS")]
        for layer in layers:
            assert layer.isValid(), layer.name()
            layer.setCrs(QgsCoordinateReferenceSystem("EPSG:25833"))
            layer.serverProperties().setShortName(layer.name())
        cls.project.addMapLayers(layers)
        file = os.path.join(cls.folder, "other.qgz")
        assert cls.project.write(file)
        cls.service = Service(file).wait_until_ready()

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        cls.project.clear()

    @classmethod
    def raster(cls):
        path = os.path.join(cls.folder, "raster.tif")
        dataset = gdal.GetDriverByName("GTiff").Create(path, 60, 40, 1, gdal.GDT_Byte)
        dataset.SetGeoTransform((cls.BOX[0], 50, 0, cls.BOX[3], 0, -50))
        dataset.SetProjection(QgsCoordinateReferenceSystem("EPSG:25833").toWkt())
        dataset.WriteRaster(0, 0, 60, 40, bytes((row * 7 + column * 3) % 256 for row in range(40) for column in range(60)))
        return path

    @classmethod
    def mesh(cls):
        path = os.path.join(cls.folder, "mesh.2dm")
        x, y = cls.BOX[:2]
        with open(path, "w", encoding="ascii") as file:
            file.write("MESH2D\n")
            for node in range(9):
                file.write(f"ND {node + 1} {x + 300 + 1000 * (node % 3)} {y + 200 + 700 * (node // 3)} {100 + 11 * node}\n")
            for element, corner in enumerate((1, 2, 4, 5)):
                file.write(f"E4Q {element + 1} {corner} {corner + 1} {corner + 4} {corner + 3} 1\n")
        return path

    def test_they_have_qgis_own_pixels(self):
        for names in (["raster"], ["mesh"], ["wms"], ["wfs"], ["raster", "mesh", "wms", "wfs"]):
            with self.subTest(layers=names):
                ours = self.served(names, self.BOX, self.WIDTH, self.HEIGHT, 96)
                qgis = self.drawn(names, self.BOX, self.WIDTH, self.HEIGHT, 96)
                colours = {qgis.pixel(x, y) for x in range(self.WIDTH) for y in range(self.HEIGHT)}
                self.assertGreater(len(colours), 2, "nothing was drawn")
                self.assertEqual(ours, qgis)


if __name__ == "__main__":
    run_tests()
