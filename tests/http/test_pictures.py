# SPDX-License-Identifier: GPL-2.0-or-later
"""One picture: GetMap of every shipped layer has the very pixels of QGIS's own QgsMapRendererSequentialJob on the same project."""
import concurrent.futures
import json
import os
import re
import shutil
import tempfile
import unittest
import urllib.parse

from qgis.core import Qgis, QgsApplication, QgsCoordinateReferenceSystem, QgsExpressionContext, QgsExpressionContextUtils, QgsMapRendererSequentialJob, QgsMapSettings, QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor, QImage

from service import Service, stadtgdi

PICTURES = [("city", 6000, 400, 400, 96), ("quarter", 1200, 500, 400, 96), ("street", 250, 400, 300, 180)]  # name, metres across, pixels, dpi


class Pictures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_pictures_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--out", cls.folder).returncode == 0
        cls.file = os.path.join(cls.folder, "demo.qgz")
        written = stadtgdi("project", os.path.join(cls.folder, "demo.gpkg"), "--language", "de", "--out", cls.file)
        assert written.returncode == 0, written.stderr
        key = json.loads(stadtgdi("serve", "--new-key", "--json").stdout)
        settings = os.path.join(cls.folder, "settings.toml")
        with open(settings, "w", encoding="utf-8") as file:
            file.write(f'[access.roles.all]\nclasses = ["internal", "restricted", "kritis"]\n[[access.keys]]\nname = "test"\nsha256 = "{key["sha256"]}"\nroles = ["all"]\n')
        cls.key = {"X-API-Key": key["key"]}
        cls.service = Service(cls.file, "--settings", settings).wait_until_ready()
        cls.project = QgsProject.instance()
        assert cls.project.read(cls.file)

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        cls.project.clear()
        shutil.rmtree(cls.folder)

    def served(self, layers, box, width, height, dpi):
        path = "/demo/ows?" + urllib.parse.urlencode({
            "SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": ",".join(layers), "STYLES": "", "CRS": "EPSG:25833",
            "BBOX": ",".join(map(repr, box)), "WIDTH": width, "HEIGHT": height, "FORMAT": "image/png", "DPI": dpi})
        # Several at a time: each map then has layers of its own.
        with concurrent.futures.ThreadPoolExecutor(3) as threads:
            answers = list(threads.map(lambda _: self.service.get(path, self.key), range(3)))
        answer = answers[0]
        self.assertEqual(answer.status, 200, answer.body[:500])
        self.assertTrue(all(other.body == answer.body for other in answers), "maps drawn at the same time differ")
        image = QImage()
        self.assertTrue(image.loadFromData(answer.body, "PNG"))
        return image.convertToFormat(QImage.Format_RGB32)

    def drawn(self, layers, box, width, height, dpi):
        settings = QgsMapSettings()
        settings.setLayers([layer for name in reversed(layers) for layer in self.project.mapLayers().values() if layer.serverProperties().shortName() == name])
        self.assertEqual(len(settings.layers()), len(layers))
        settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:25833"))
        settings.setTransformContext(self.project.transformContext())
        settings.setEllipsoid(self.project.ellipsoid())
        settings.setLabelingEngineSettings(self.project.labelingEngineSettings())
        settings.setOutputSize(QSize(width, height))
        settings.setOutputDpi(dpi)
        settings.setExtent(QgsRectangle(*box))
        settings.setBackgroundColor(QColor("white"))
        settings.setFlag(Qgis.MapSettingsFlag.UseRenderingOptimization)
        context = QgsExpressionContext()
        for scope in (QgsExpressionContextUtils.globalScope(), QgsExpressionContextUtils.projectScope(self.project), QgsExpressionContextUtils.mapSettingsScope(settings)):
            context.appendScope(scope)
        settings.setExpressionContext(context)
        job = QgsMapRendererSequentialJob(settings)
        job.start()
        job.waitForFinished()
        return job.renderedImage().convertToFormat(QImage.Format_RGB32)

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


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QgsApplication([], False)
    application.initQgis()
    result = unittest.main(exit=False).result
    os._exit(0 if result.wasSuccessful() else 1)  # QGIS does not like to be taken down by Python
