# SPDX-License-Identifier: GPL-2.0-or-later
"""A demo city served by WMS as authorities want it, for tests from the outside."""
import os
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

from qgis.core import QgsMapLayer, QgsMapLayerServerProperties, QgsProject

from one_picture import serve_everything
from service import stadtgdi

SCHEMAS = "/usr/share/python3-mapproxy/test/schemas"
CATALOGUE = f"""<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
<rewriteURI uriStartString="http://schemas.opengis.net/" rewritePrefix="file://{SCHEMAS}/"/>
<rewriteSystem systemIdStartString="http://schemas.opengis.net/" rewritePrefix="file://{SCHEMAS}/"/>
<uri name="http://www.w3.org/2001/xml.xsd" uri="file://{SCHEMAS}/xml.xsd"/></catalog>"""
ALL_SCHEMAS = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:import namespace="http://www.opengis.net/wms" schemaLocation="{SCHEMAS}/wms/1.3.0/capabilities_1_3_0.xsd"/>
<xs:import namespace="http://www.opengis.net/sld" schemaLocation="{SCHEMAS}/sld/1.1.0/sld_capabilities.xsd"/>
<xs:import namespace="http://www.opengis.net/ogc" schemaLocation="{SCHEMAS}/wms/1.3.0/exceptions_1_3_0.xsd"/>
<xs:import namespace="http://inspire.ec.europa.eu/schemas/inspire_vs/1.0" schemaLocation="{SCHEMAS}/inspire/inspire_vs/1.0/inspire_vs.xsd"/></xs:schema>"""


class WmsCity(unittest.TestCase):
    """The demo city with INSPIRE's part switched on, a time and a height as dimensions of its trees, entrances that cannot be queried."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_wms_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--out", cls.folder).returncode == 0
        file = os.path.join(cls.folder, "demo.qgz")
        assert stadtgdi("project", os.path.join(cls.folder, "demo.gpkg"), "--language", "de", "--out", file).returncode == 0
        project = QgsProject.instance()
        assert project.read(file)
        for key, value in {"/activated": True, "/metadataDate": "2026-01-02", "/temporalReference": "2026-01-01"}.items():
            project.writeEntry("WMSInspire", key, value)
        for key, value in {"WMSContactOrganization": "Stadtplanungsamt", "WMSContactMail": "karten@stadt.example"}.items():
            project.writeEntry(key, "/", value)
        trees = next(layer for layer in project.mapLayers().values() if layer.serverProperties().shortName() == "trees_tree")
        Dimension = QgsMapLayerServerProperties.WmsDimensionInfo
        trees.serverProperties().addWmsDimension(Dimension("TIME", "valid_from"))
        trees.serverProperties().addWmsDimension(Dimension("ELEVATION", "height_m", "", "EPSG:5030", "m"))
        entrances = next(layer for layer in project.mapLayers().values() if layer.serverProperties().shortName() == "buildings_entrance")
        entrances.setFlags(entrances.flags() & ~QgsMapLayer.Identifiable)   # cannot be queried
        assert project.write(file)
        project.clear()
        cls.service, cls.key = serve_everything(cls.folder, file)
        for name, text in (("catalog.xml", CATALOGUE), ("all.xsd", ALL_SCHEMAS)):
            with open(os.path.join(cls.folder, name), "w", encoding="utf-8") as out:
                out.write(text)
        cls.url = f"http://127.0.0.1:{cls.service.port}/demo/ows"

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def get(self, **parameters):
        return self.service.get("/demo/ows?" + urllib.parse.urlencode({"SERVICE": "WMS", **parameters}), self.key)

    def map(self, **more):
        return self.get(**{"VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": "trees_tree", "STYLES": "", "CRS": "EPSG:25833", "BBOX": "389700,5719700,390050,5719950",
                           "WIDTH": 700, "HEIGHT": 500, "FORMAT": "image/png", **more})

    def check(self, document, *how):
        done = subprocess.run(["xmllint", "--nonet", "--noout", *how, "-"], input=document, capture_output=True, check=False,
                              env={**os.environ, "XML_CATALOG_FILES": os.path.join(self.folder, "catalog.xml")})
        self.assertEqual(done.returncode, 0, done.stderr.decode()[:2000])
