# SPDX-License-Identifier: GPL-2.0-or-later
"""Measures how far a map of the service is from the one that QGIS's own QgsMapRendererSequentialJob draws of the same project.

Two pictures are one when at most 1 % of the pixels differ, the channels differ by less than 0.5 of 255 in the mean, and no area of touching
differing pixels is larger than 4 x 4.
"""
import concurrent.futures
import dataclasses
import json
import math
import os
import random
import re
import tempfile
import unittest
import urllib.parse

import numpy
from qgis.core import Qgis, QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsExpressionContext, QgsExpressionContextUtils, QgsFeatureRequest, QgsMapRendererSequentialJob, QgsMapSettings, QgsPointXY, QgsRectangle
from qgis.PyQt.QtCore import QEventLoop, QSize, Qt
from qgis.PyQt.QtGui import QColor, QImage

from service import Service, eventually, stadtgdi

MOST_PIXELS, MOST_MEAN, LARGEST_AREA = 0.01, 0.5, 4
EVERYTHING = '[disclosure]\nother_sources = "public"\n[access.roles.all]\nclasses = ["internal", "restricted", "kritis"]\nadmin = true\n'


@dataclasses.dataclass(frozen=True)
class Map:
    """What is asked for; the box in the axis order of WMS 1.1.1."""
    crs: str
    box: tuple
    width: int
    height: int
    dpi: int = 96
    transparent: bool = False

    def __str__(self):
        return f"{self.crs} {','.join(f'{side:.9g}' for side in self.box)} {self.width}x{self.height} {self.dpi} dpi" + (" transparent" if self.transparent else "")


@dataclasses.dataclass(frozen=True)
class Difference:
    share: float = 0       # of the pixels that differ
    mean: float = 0        # of the channels, of 255
    largest: tuple = (0, 0)   # width and height of the largest area of touching differing pixels
    greatest: int = 0      # difference of a channel

    @property
    def is_none(self):
        return self.share == 0

    @property
    def is_one_picture(self):
        return self.share <= MOST_PIXELS and self.mean < MOST_MEAN and max(self.largest) <= LARGEST_AREA

    def __str__(self):
        return f"{100 * self.share:.3f} % of the pixels differ, by {self.mean:.4f} in the mean and {self.greatest} at most, largest area {self.largest[0]}x{self.largest[1]}"


def serve_everything(folder, *projects):
    """A service of the projects, and the header of a key that may see all of them and how they are drawn."""
    key = json.loads(stadtgdi("serve", "--new-key", "--json").stdout)
    settings = os.path.join(folder, "settings.toml")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(EVERYTHING + f'[[access.keys]]\nname = "test"\nsha256 = "{key["sha256"]}"\nroles = ["all"]\n')
    service, headers = Service(*projects, "--settings", settings).wait_until_ready(), {"X-API-Key": key["key"]}
    hold_rows(service, headers)
    return service, headers


def ways(service, headers):
    """How each layer is drawn: project -> (layer, style) -> None where it is compiled, else why it is not."""
    answer = service.get("/admin?f=json", headers)
    assert answer.status == 200, answer.body[:500]
    return {project["id"]: {(entry["layer"], entry["style"]): None if entry["compiled"] else entry["why_not"]["en"] for entry in project["layers"]}
            for project in json.loads(answer.text)["projects"]}


def hold_rows(service, headers):
    """Asks for a pixel of every compiled layer, at a scale at which it is drawn, until its rows are in memory: before that QGIS draws it."""
    def missing():
        answer = json.loads(service.get("/admin?f=json", headers).text)
        return [(project["id"], layer["layer"]) for project in answer["projects"] for layer in project["layers"] if layer["compiled"] and not layer["in_memory"]]
    for scale in (2000, 500, 10000, 50000, 250000, 1e6, 1e7):
        side = 0.00028 * scale
        for project, layer in missing():
            service.get(path_of(project, [layer], Map("EPSG:25833", (317000, 5690000, 317000 + side, 5690000 + side), 1, 1, 90)), headers)
        eventually(lambda: not missing(), 20 if scale == 2000 else 1)
        if not missing():
            return


def picture_of(answer):
    assert answer.status == 200 and answer.headers["content-type"] == "image/png", (answer.status, answer.body[:500])
    image = QImage()
    assert image.loadFromData(answer.body, "PNG")
    return image


def path_of(project, layers, wanted):
    return f"/{urllib.parse.quote(project)}/ows?" + urllib.parse.urlencode({
        "SERVICE": "WMS", "VERSION": "1.1.1", "REQUEST": "GetMap", "LAYERS": ",".join(layers), "STYLES": "", "SRS": wanted.crs,
        "BBOX": ",".join(map(repr, wanted.box)), "WIDTH": wanted.width, "HEIGHT": wanted.height, "FORMAT": "image/png", "DPI": wanted.dpi,
        "TRANSPARENT": str(wanted.transparent).upper()})


def drawn(project, layers, wanted):
    """QGIS's own picture; the first layer lies lowest."""
    settings = QgsMapSettings()
    settings.setLayers(list(reversed(layers)))
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(wanted.crs))
    settings.setTransformContext(project.transformContext())
    settings.setEllipsoid(project.ellipsoid())
    settings.setLabelingEngineSettings(project.labelingEngineSettings())
    settings.setOutputSize(QSize(wanted.width, wanted.height))
    settings.setOutputDpi(wanted.dpi)
    settings.setExtent(QgsRectangle(*wanted.box))
    settings.setBackgroundColor(QColor(0, 0, 0, 0) if wanted.transparent else QColor("white"))
    settings.setFlag(Qgis.MapSettingsFlag.UseRenderingOptimization)
    context = QgsExpressionContext()
    for scope in (QgsExpressionContextUtils.globalScope(), QgsExpressionContextUtils.projectScope(project), QgsExpressionContextUtils.mapSettingsScope(settings)):
        context.appendScope(scope)
    settings.setExpressionContext(context)
    job = QgsMapRendererSequentialJob(settings)
    loop = QEventLoop()   # while the job draws, expressions may ask this thread for other layers
    job.finished.connect(loop.quit, Qt.QueuedConnection)
    job.start()
    loop.exec()
    return job.renderedImage()


def pixels(image, transparent=False):
    """Rows of pixels: three channels, or four premultiplied ones."""
    image = image.convertToFormat(QImage.Format_ARGB32_Premultiplied if transparent else QImage.Format_RGB32)
    memory = image.constBits()
    memory.setsize(image.sizeInBytes())
    return numpy.frombuffer(memory, numpy.uint8).reshape(image.height(), image.width(), 4)[:, :, :4 if transparent else 3].astype(numpy.int16)


def largest_area(mask):
    """Width and height of the box around the largest area of pixels that touch by a side or a corner."""
    rest = set(zip(*(places.tolist() for places in numpy.nonzero(mask))))
    largest = (0, 0)
    while rest:
        area = [rest.pop()]
        for y, x in area:
            for neighbour in ((y + dy, x + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)):
                if neighbour in rest:
                    rest.remove(neighbour)
                    area.append(neighbour)
        ys, xs = zip(*area)
        largest = max(largest, (max(xs) - min(xs) + 1, max(ys) - min(ys) + 1), key=lambda size: (max(size), min(size)))
    return largest


def compare(ours, qgis, transparent=False):
    assert (ours.width(), ours.height()) == (qgis.width(), qgis.height()), "pictures of other sizes"
    a, b = pixels(ours, transparent), pixels(qgis, transparent)
    if numpy.array_equal(a, b):
        return Difference()
    apart = numpy.abs(a - b)
    mask = apart.max(axis=2) > 0
    return Difference(float(mask.mean()), float(apart.mean()), largest_area(mask), int(apart.max()))


def is_empty(image):
    return numpy.ptp(pixels(image, True), axis=(0, 1)).max() == 0


def places(layer, crs, count, seed, project, widths=(100, 30000), sides=(256, 512)):
    """Maps of random widths (metres, evenly by their logarithm) around rows of a layer, at three resolutions."""
    rng = random.Random(seed)
    transform = QgsCoordinateTransform(layer.crs(), QgsCoordinateReferenceSystem(crs), project)
    request = QgsFeatureRequest().setNoAttributes().setLimit(3000)
    centres = [feature.geometry().boundingBox().center() for feature in layer.getFeatures(request) if not feature.geometry().isEmpty()]
    degrees = QgsCoordinateReferenceSystem(crs).isGeographic()
    maps = []
    while centres and len(maps) < count:
        width, height = rng.randint(*sides), rng.randint(*sides)
        across = math.exp(rng.uniform(*map(math.log, widths))) / (111320 if degrees else 1)
        centre = transform.transform(QgsPointXY(rng.choice(centres)))
        x, y = (round(value + rng.uniform(-0.3, 0.3) * across, 7) for value in (centre.x(), centre.y()))
        half = (across / 2, across / 2 * height / width)
        maps.append(Map(crs, (x - half[0], y - half[1], x + half[0], y + half[1]), width, height, rng.choice((96, 180, 300))))
    return maps


class Comparison:
    """Compares maps of one project with QGIS's, and counts."""

    def __init__(self, service, headers, name, project):
        self.service, self.headers, self.name, self.project = service, headers, name, project
        self.pictures = self.equal = self.empty = 0
        self.worst = {}       # figure -> value and where
        self.by_name = {}     # name -> (pictures, equal, worst share)
        self.kept = None
        self.silent = None    # where the service answered no more

    def compare(self, title, layers, maps):
        """`layers`: names in the service and QGIS's layers. Sentences about the maps that are not one picture."""
        if self.silent:
            return [f"{title}: not compared, since the service was silent at {self.silent}"]
        failures = []
        equal, worst = 0, 0
        with concurrent.futures.ThreadPoolExecutor(2) as threads:
            answers = [threads.submit(self.service.get, path_of(self.name, layers, wanted), self.headers) for wanted in maps]
            for wanted, answer in zip(maps, answers):
                qgis = drawn(self.project, list(layers.values()), wanted)
                try:
                    ours = picture_of(answer.result())
                except AssertionError as error:
                    failures.append(f"{title}, {wanted}: {error}")
                    continue
                except OSError as error:
                    self.silent = f"{title}, {wanted}"
                    failures.append(f"{title}, {wanted}: no answer, {error!r}")
                    threads.shutdown(cancel_futures=True)
                    break
                difference = compare(ours, qgis, wanted.transparent)
                self.pictures += 1
                self.empty += is_empty(qgis)
                equal += difference.is_none
                worst = max(worst, difference.share)
                for figure, value in (("share", difference.share), ("mean", difference.mean), ("area", max(difference.largest))):
                    if value > self.worst.get(figure, (0, ""))[0]:
                        self.worst[figure] = (value, f"{title}, {wanted}")
                if not difference.is_one_picture:
                    failures.append(f"{title}, {wanted}: {difference}; {self.keep(title, len(failures), ours, qgis, wanted)}")
        self.equal += equal
        self.by_name[title] = (len(maps), equal, worst)
        return failures

    def keep(self, title, number, ours, qgis, wanted):
        """Leaves both pictures and where they differ in a temporary folder."""
        self.kept = self.kept or tempfile.mkdtemp(prefix="stadtgdi_other_pixels_")
        stem = os.path.join(self.kept, f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', f'{self.name}_{title}')}_{number}")
        ours.save(stem + "_ours.png")
        qgis.save(stem + "_qgis.png")
        mask = (numpy.abs(pixels(ours, wanted.transparent) - pixels(qgis, wanted.transparent)).max(axis=2) > 0).astype(numpy.uint8) * 255
        rows, columns = mask.shape
        QImage(mask.tobytes(), columns, rows, columns, QImage.Format_Grayscale8).save(stem + "_differs.png")
        return f"see {stem}_*.png"

    def summary(self):
        lines = [f"{self.name}: {self.pictures} pictures compared, {self.equal} equal to the byte, {self.empty} empty"]
        lines += [f"  worst {figure}: {100 * value:.3f} % ({where})" if figure == "share" else f"  worst {figure}: {value:.4g} ({where})" for figure, (value, where) in self.worst.items()]
        return "\n".join(lines)


def run_tests():
    """The tests of the program's main module, with QGIS."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QgsApplication([], False)
    application.initQgis()
    result = unittest.main(exit=False).result
    os._exit(0 if result.wasSuccessful() else 1)  # QGIS does not like to be taken down by Python
