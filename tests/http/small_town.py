# SPDX-License-Identifier: GPL-2.0-or-later
"""A small town made by GDAL and QGIS alone, every row of which a test knows: for tests of single answers and of what goes wrong."""
import json
import os
import shutil
import tempfile
import urllib.parse

from osgeo import gdal, ogr, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsPalLayerSettings, QgsProject, QgsVectorLayer, QgsVectorLayerSimpleLabeling

from service import Service, stadtgdi

gdal.UseExceptions()
ogr.UseExceptions()

WEST, SOUTH = 389700, 5719700   # the trees stand on a grid of 40 columns, 10 m apart
COLUMNS, TREES = 40, 1000
NS = {"wfs": "http://www.opengis.net/wfs/2.0", "gml": "http://www.opengis.net/gml/3.2", "ows": "http://www.opengis.net/ows/1.1", "app": "http://stadtgdi.org/app", "wms": "http://www.opengis.net/wms",
      "ogc": "http://www.opengis.net/ogc", "xlink": "http://www.w3.org/1999/xlink", "xsd": "http://www.w3.org/2001/XMLSchema"}
SECRETS = '[disclosure]\nother_sources = "public"\n[[disclosure.sources]]\ncontains = "secret.gpkg"\nclass = "kritis"\n[access.roles.netz]\nclasses = ["kritis"]\n[access.roles.betrieb]\nadmin = true\n'


def spot(number):
    """Easting and northing of a tree by its number, from 1."""
    return WEST + 10 * ((number - 1) % COLUMNS), SOUTH + 10 * ((number - 1) // COLUMNS)


def reference(code):
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(code)
    crs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return crs


def table(store, name, kind, rows, code=25833, fields=(("name", ogr.OFTString),)):
    """Rows are (WKT or None, value, ...)."""
    layer = store.CreateLayer(name, reference(code) if kind != ogr.wkbNone else None, kind)
    for field, of in fields:
        layer.CreateField(ogr.FieldDefn(field, of))
    layer.StartTransaction()
    for shape, *values in rows:
        feature = ogr.Feature(layer.GetLayerDefn())
        if shape is not None:
            feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
        for (field, of), value in zip(fields, values):
            if value is not None:
                feature.SetField(field, value)
        layer.CreateFeature(feature)
    layer.CommitTransaction()
    return layer


def trees(count=TREES):
    return [("POINT (%d %d)" % spot(number), f"Baum {number}", number % 3, f"geheim {number}", number % 2 + 1) for number in range(1, count + 1)]


TREE_FIELDS = (("name", ogr.OFTString), ("kind", ogr.OFTInteger), ("secret", ogr.OFTString), ("owner", ogr.OFTInteger))


def make_tree_store(path, count=TREES):
    store = ogr.GetDriverByName("GPKG").CreateDataSource(path)
    table(store, "tree", ogr.wkbPoint, trees(count), fields=TREE_FIELDS)
    store = None   # written now


def layer_of(path, name, short=None, title=None):
    layer = QgsVectorLayer(f"{path}|layername={name}", title or short or name, "ogr")
    assert layer.isValid(), name
    layer.serverProperties().setShortName(name if short is None else short)
    return layer


def label(layer, field="name"):
    settings = QgsPalLayerSettings()
    settings.fieldName = field
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def publish(project, *layers):
    """As features too."""
    project.writeEntry("WFSLayers", "/", [*project.readListEntry("WFSLayers", "/")[0], *(layer.id() for layer in layers)])


def new_project(crs="EPSG:25833"):
    project = QgsProject()
    project.setCrs(QgsCoordinateReferenceSystem(crs))
    project.writeEntry("WMSCrsList", "/", ["EPSG:25833", "EPSG:4326", "EPSG:3857", "EPSG:31468"])
    return project


def write_project(file, *layers):
    project = new_project()
    project.addMapLayers(list(layers))
    publish(project, *layers)
    assert project.write(file), file
    project.clear()
    return file


def query(service, **parameters):
    return "/town/ows?" + urllib.parse.urlencode({"SERVICE": service, **parameters})


def new_keys(*names):
    """Settings of keys and their headers: each key has the role of its name."""
    text, headers = "", {}
    for name in names:
        made = json.loads(stadtgdi("serve", "--new-key", "--json").stdout)
        text += f'[[access.keys]]\nname = "{name}"\nsha256 = "{made["sha256"]}"\nroles = ["{name}"]\n'
        headers[name] = {"X-API-Key": made["key"]}
    return text, headers


class Town:
    """Its folder with data, project and settings, and the service of them."""

    def __init__(self, make, settings=SECRETS, prefix="stadtgdi_town_", ready=True, **options):
        self.folder = tempfile.mkdtemp(prefix=prefix)
        keys, self.keys = new_keys("netz", "betrieb")
        self.settings = os.path.join(self.folder, "settings.toml")
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write(settings + keys)
        try:
            self.projects = make(self)
            self.service = Service(*self.projects, "--settings", self.settings, **options)
            if ready:
                self.service.wait_until_ready()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def __truediv__(self, name):
        return os.path.join(self.folder, name)

    def close(self):
        self.service.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
