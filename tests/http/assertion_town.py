# SPDX-License-Identifier: GPL-2.0-or-later
"""A town as small as the data sets of OGC's test suites: every kind of geometry and of value, each with a feature that has none."""
import os
import re
import shutil
import tempfile
import unittest

from osgeo import ogr, osr
from qgis.core import QgsMapLayer, QgsProject, QgsVectorLayer

from service import Service

ogr.UseExceptions()
EAST, NORTH = 390000, 5720000
KINDS = {"points": ogr.wkbPoint, "lines": ogr.wkbLineString, "polygons": ogr.wkbPolygon, "several_points": ogr.wkbMultiPoint, "several_lines": ogr.wkbMultiLineString,
         "several_polygons": ogr.wkbMultiPolygon}
# In metres from the corner of the town. The first of each kind is the one that the suites look for.
SHAPES = {
    "points": ["POINT (10 10)", "POINT (20 10)", "POINT (35 25)", "POINT (50 50)", "POINT (200 200)"],
    "lines": ["LINESTRING (0 0, 40 0, 40 40)", "LINESTRING (0 20, 60 20)", "LINESTRING (20 -10, 20 60)", "LINESTRING (40 40, 80 80)", "LINESTRING (300 300, 310 310)"],
    "polygons": ["POLYGON ((0 0, 40 0, 40 40, 0 40, 0 0))", "POLYGON ((20 20, 60 20, 60 60, 20 60, 20 20))", "POLYGON ((40 0, 80 0, 80 40, 40 40, 40 0))",
                 "POLYGON ((-100 -100, 100 -100, 100 100, -100 100, -100 -100), (5 5, 15 5, 15 15, 5 15, 5 5))", "POLYGON ((400 400, 410 400, 410 410, 400 410, 400 400))"],
    "several_points": ["MULTIPOINT ((10 10), (20 20))", "MULTIPOINT ((10 10), (500 500))", "MULTIPOINT ((40 0), (40 40))"],
    "several_lines": ["MULTILINESTRING ((0 0, 40 0), (0 40, 40 40))", "MULTILINESTRING ((10 -5, 10 45), (30 -5, 30 45))", "MULTILINESTRING ((600 600, 610 610))"],
    "several_polygons": ["MULTIPOLYGON (((0 0, 40 0, 40 40, 0 40, 0 0)), ((100 100, 120 100, 120 120, 100 120, 100 100)))", "MULTIPOLYGON (((10 10, 30 10, 30 30, 10 30, 10 10)))",
                         "MULTIPOLYGON (((700 700, 710 700, 710 710, 700 710, 700 700)))"],
}
FIELDS = [("name", ogr.OFTString), ("number", ogr.OFTInteger64), ("height", ogr.OFTReal), ("day", ogr.OFTDate), ("moment", ogr.OFTDateTime)]


def shape(text):
    """A geometry where it lies in EPSG:25833."""
    return ogr.CreateGeometryFromWkt(re.sub(r"(-?\d+(?:\.\d+)?) (-?\d+(?:\.\d+)?)", lambda found: f"{EAST + float(found[1])} {NORTH + float(found[2])}", text))


def write_data(path):
    """Numbers from 1 on; the last of each kind of geometry has neither a place nor any value. Fifteen and seven points beside them."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(25833)
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    source = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    rows = {**{table: [shape(text) for text in texts] + [None] for table, texts in SHAPES.items()}, "fifteen": [shape(f"POINT ({i} {i})") for i in range(15)],
            "seven": [shape(f"POINT ({i} 0)") for i in range(7)]}
    for table, shapes in rows.items():
        layer = source.CreateLayer(table, reference, KINDS.get(table, ogr.wkbPoint))
        for field in FIELDS:
            layer.CreateField(ogr.FieldDefn(*field))
        for number, geometry in enumerate(shapes, 1):
            feature = ogr.Feature(layer.GetLayerDefn())
            if geometry is not None:
                feature.SetGeometry(geometry)
                for field, value in {"name": f"name-f{number:03d}", "number": number, "height": number / 2, "day": f"2004/01/{number:02d}", "moment": f"2004/01/{number:02d} 12:30:00+00"}.items():
                    feature.SetField(field, value)
            layer.CreateFeature(feature)
    return list(rows)


def write_project(path, data, tables):
    project = QgsProject.instance()
    project.clear()
    layers = [QgsVectorLayer(f"{data}|layername={table}", table, "ogr") for table in tables]
    for layer in layers:
        assert layer.isValid(), layer.name()
        layer.serverProperties().setShortName(layer.name())
        if layer.name() == "seven":
            layer.setFlags(layer.flags() & ~QgsMapLayer.Identifiable)   # cannot be queried
        project.addMapLayer(layer)
    project.setCrs(layers[0].crs())
    project.writeEntry("WFSLayers", "/", [layer.id() for layer in layers])
    assert project.write(path)
    project.clear()


class AssertionTown(unittest.TestCase):
    """One service for all classes of a module."""
    service = None

    @classmethod
    def setUpClass(cls):
        if AssertionTown.service is not None:
            return
        folder = tempfile.mkdtemp(prefix="stadtgdi_town_")
        unittest.addModuleCleanup(shutil.rmtree, folder, ignore_errors=True)
        data, project, settings = (os.path.join(folder, name) for name in ("town.gpkg", "town.qgz", "settings.toml"))
        write_project(project, data, write_data(data))
        with open(settings, "w", encoding="utf-8") as file:
            file.write('[disclosure]\nother_sources = "public"\n')
        AssertionTown.service = Service(project, "--settings", settings).wait_until_ready()
        unittest.addModuleCleanup(AssertionTown.service.stop)
