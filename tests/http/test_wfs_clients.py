# SPDX-License-Identifier: GPL-2.0-or-later
"""What clients that are not ours read from the WFS in each of its versions: every value, type and place as the city has them."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
from urllib.parse import urlencode

from osgeo import gdal, ogr
from owslib import fes
from owslib.etree import etree
from owslib.wfs import WebFeatureService
from qgis.core import QgsApplication, QgsVectorLayer

from service import Service, stadtgdi

gdal.UseExceptions()
ogr.UseExceptions()
VERSIONS = ("1.0.0", "1.1.0", "2.0.0")
TABLES = ("buildings_entrance", "walking_edge", "greenspace_site", "districts_district")
FORMATS = {"application/flatgeobuf": "fgb", "application/geopackage+sqlite3": "gpkg", "application/zip": "shp.zip", "text/csv": "csv", "application/geo+json": "geojson"}
# Of python3-mapproxy; it has none of WFS, FES and GML.
SCHEMAS = "/usr/share/python3-mapproxy/test/schemas"


def value(of):
    return None if of is None or (hasattr(of, "isNull") and of.isNull()) else of


class WfsClientsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_wfs_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 7, "--out", cls.folder).returncode == 0
        cls.city = os.path.join(cls.folder, "demo.gpkg")
        project = os.path.join(cls.folder, "demo.qgz")
        written = stadtgdi("project", cls.city, "--language", "de", "--out", project)
        assert written.returncode == 0, written.stderr
        cls.service = Service(project).wait_until_ready()
        cls.url = f"http://127.0.0.1:{cls.service.port}/demo/ows"
        cls.qgis = QgsApplication([], False)
        cls.qgis.initQgis()

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder)

    def body(self, **parameters):
        answer = self.service.get("/demo/ows?" + urlencode({"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", **parameters}))
        self.assertEqual(answer.status, 200, answer.body[:500])
        return answer

    def test_qgis_reads_what_the_city_has(self):
        for table in TABLES:
            city = QgsVectorLayer(f"{self.city}|layername={table}", table, "ogr")
            expected = {feature["uuid"]: feature for feature in city.getFeatures()}
            for version in VERSIONS:
                with self.subTest(table=table, version=version):
                    layer = QgsVectorLayer(f"srsname='EPSG:25833' typename='app:{table}' url='{self.url}' version='{version}'", table, "WFS")
                    self.assertTrue(layer.isValid())
                    self.assertEqual(layer.wkbType(), city.wkbType())
                    names = layer.fields().names()
                    self.assertGreater(len(names), 5)
                    for name in names:
                        self.assertEqual(layer.fields().field(name).type(), city.fields().field(name).type(), name)
                    found = {feature["uuid"]: feature for feature in layer.getFeatures()}
                    self.assertEqual(found.keys(), expected.keys())
                    for key, feature in found.items():
                        self.assertEqual({name: value(feature[name]) for name in names}, {name: value(expected[key][name]) for name in names})
                        # Coordinates are written to the millimetre.
                        self.assertLess(feature.geometry().hausdorffDistance(expected[key].geometry()), 0.0008)

    def test_gdal_reads_what_the_city_has(self):
        city = gdal.OpenEx(self.city, gdal.OF_VECTOR)
        for table in TABLES:
            there = city.GetLayerByName(table)
            expected = {feature["uuid"]: feature.Clone() for feature in there}
            for version in VERSIONS:
                with self.subTest(table=table, version=version):
                    source = gdal.OpenEx(f"WFS:{self.url}?VERSION={version}", gdal.OF_VECTOR)
                    layer = source.GetLayerByName("app:" + table)
                    self.assertEqual(layer.GetFeatureCount(), len(expected))
                    self.assertEqual(layer.GetSpatialRef().GetAuthorityCode(None), "25833")
                    fields = [layer.GetLayerDefn().GetFieldDefn(i) for i in range(layer.GetLayerDefn().GetFieldCount())]
                    names = [field.GetName() for field in fields if field.GetName() != "gml_id"]
                    count = 0
                    for feature in layer:
                        same = expected[feature["uuid"]]
                        for name in names:
                            self.assertEqual(feature[name], same[name], name)
                        self.assertLess(feature.GetGeometryRef().Distance(same.GetGeometryRef()), 0.0008)
                        count += 1
                    self.assertEqual(count, len(expected))

    def test_gdal_reads_every_other_format(self):
        city = gdal.OpenEx(self.city, gdal.OF_VECTOR)
        for table in TABLES:
            expected = {feature["uuid"]: feature.Clone() for feature in city.GetLayerByName(table)}
            for media, ending in FORMATS.items():
                with self.subTest(table=table, format=media):
                    answer = self.body(TYPENAMES=table, OUTPUTFORMAT=media, SRSNAME="EPSG:25833")
                    self.assertTrue(answer.headers["content-type"].startswith(media))
                    path = os.path.join(self.folder, f"{table}.{ending}")
                    with open(path, "wb") as file:
                        file.write(answer.body)
                    options = ["GEOM_POSSIBLE_NAMES=geometry,geom", "AUTODETECT_TYPE=YES", "QUOTED_FIELDS_AS_STRING=YES"] if ending == "csv" else []
                    source = gdal.OpenEx(path, gdal.OF_VECTOR, open_options=options)   # the layer does not keep it
                    layer = source.GetLayer(0)
                    self.assertEqual(layer.GetFeatureCount(), len(expected))
                    names = {layer.GetLayerDefn().GetFieldDefn(i).GetName() for i in range(layer.GetLayerDefn().GetFieldCount())}
                    for feature in layer:
                        same = expected[feature["uuid"]]
                        self.assertLess(feature.GetGeometryRef().Distance(same.GetGeometryRef()), 0.0008)
                        for name in names & set(same.keys()) - {"fid"}:
                            mine, theirs = feature[name], same[name]
                            if ending == "csv" and mine == "":
                                mine = None   # quotes tell the two apart in the file, but GDAL does not
                            if isinstance(theirs, str) and isinstance(mine, str) and re.match(r"\d{4}[-/]\d\d", theirs):
                                mine, theirs = (re.sub(r"[^\d.]", "", text)[:14].ljust(14, "0") for text in (mine, theirs))  # each format writes times in its own way
                            if isinstance(theirs, float):
                                self.assertAlmostEqual(float(mine), theirs, places=9, msg=name)
                            elif isinstance(mine, bool) or isinstance(theirs, bool) or mine in ("true", "false"):
                                self.assertEqual({"true": 1, "false": 0}.get(mine, mine), int(theirs), name)
                            else:
                                self.assertEqual(mine, theirs, name)

    def test_owslib_reads_and_filters(self):
        def of_the_city(condition=None, box=None):
            source = gdal.OpenEx(self.city, gdal.OF_VECTOR)
            layer = source.GetLayerByName("trees_tree")
            layer.SetAttributeFilter(condition)
            if box:
                layer.SetSpatialFilterRect(*box)
            return {f"trees_tree.{feature.GetFID()}": feature.Clone() for feature in sorted((feature.Clone() for feature in layer), key=lambda feature: feature.GetFID())}

        def ids(answer):
            return re.findall(r'<app:trees_tree (?:gml:id|fid)="([^"]+)"', answer.read().decode("utf-8"))
        city, box = of_the_city(), (389700, 5719700, 390050, 5719950)
        for version in VERSIONS:
            with self.subTest(version=version):
                service = WebFeatureService(self.url, version=version)
                self.assertLessEqual({"app:" + table for table in TABLES}, set(service.contents))
                trees = ["app:trees_tree"]
                self.assertEqual(service["app:trees_tree"].title, "Bäume")
                self.assertEqual(service["app:trees_tree"].crsOptions[0].code, 25833)
                schema = service.get_schema("app:trees_tree")
                self.assertEqual((schema["geometry"], schema["geometry_column"]), ("Point", "geometry"))
                self.assertEqual([schema["properties"][name] for name in ("uuid", "height_m", "planting_year", "valid_from", "sponsored")], ["string", "double", "long", "date", "boolean"])
                self.assertEqual(set(ids(service.getfeature(typename=trees))), set(city))
                self.assertEqual(set(ids(service.getfeature(typename=trees, bbox=box))), set(of_the_city(box=box)))
                self.assertEqual(ids(service.getfeature(typename=trees, featureid=["trees_tree.7"])), ["trees_tree.7"])
                self.assertEqual(ids(service.getfeature(typename=trees, maxfeatures=3)), list(city)[:3])
                if version != "2.0.0":   # for which it sends filters in a parameter that is not of the standard
                    condition = fes.And([fes.PropertyIsEqualTo("status", "standing"), fes.PropertyIsGreaterThanOrEqualTo("height_m", "20")])
                    asked = etree.tostring(fes.FilterRequest().setConstraint(condition), encoding="unicode")
                    self.assertEqual(set(ids(service.getfeature(typename=trees, filter=asked))), set(of_the_city("status = 'standing' AND height_m >= 20")))
                if version == "1.0.0":
                    continue
                answer = json.loads(service.getfeature(typename=trees, bbox=box, propertyname=["genus", "height_m"], outputFormat="application/geo+json", maxfeatures=20, startindex=10).read())
                self.assertEqual(answer["numberReturned"], 20)
                self.assertEqual([feature["id"] for feature in answer["features"]], list(of_the_city(box=box))[10:30])
                for feature in answer["features"]:
                    self.assertEqual(feature["properties"], {name: city[feature["id"]][name] for name in ("genus", "height_m")})
                tallest = json.loads(service.getfeature(typename=trees, sortby=["height_m DESC"], outputFormat="application/geo+json", maxfeatures=5).read())
                self.assertEqual([feature["properties"]["height_m"] for feature in tallest["features"]], sorted((tree["height_m"] for tree in city.values() if tree["height_m"]), reverse=True)[:5])

    def test_what_ows_common_defines_is_valid(self):
        if not os.path.isdir(SCHEMAS):
            self.skipTest("python3-mapproxy is not installed")
        catalogue = os.path.join(self.folder, "catalog.xml")
        with open(catalogue, "w", encoding="utf-8") as file:
            file.write('<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">'
                       f'<rewriteSystem systemIdStartString="http://schemas.opengis.net/" rewritePrefix="file://{SCHEMAS}/"/>'
                       f'<rewriteSystem systemIdStartString="http://www.w3.org/1999/xlink.xsd" rewritePrefix="file://{SCHEMAS}/xlink/1.0.0/xlinks.xsd"/></catalog>')

        def validate(xml, schema):
            path = os.path.join(self.folder, "document.xml")
            with open(path, "w", encoding="utf-8") as file:
                file.write(xml)
            run = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", f"{SCHEMAS}/ows/1.1.0/{schema}", path], capture_output=True, text=True,
                                 env={**os.environ, "XML_CATALOG_FILES": catalogue})
            self.assertEqual(run.returncode, 0, run.stderr)

        capabilities = self.body(REQUEST="GetCapabilities").text
        for part in ("ServiceIdentification", "ServiceProvider", "OperationsMetadata"):
            section = re.search(f"<ows:{part}>.*?</ows:{part}>", capabilities, re.S).group(0)
            validate(section.replace(f"<ows:{part}>", f'<ows:{part} xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink">', 1), f"ows{part}.xsd")
        wrong = self.service.get("/demo/ows?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=nope")
        self.assertEqual(wrong.status, 400)
        validate(wrong.text, "owsExceptionReport.xsd")


if __name__ == "__main__":
    unittest.main()
