# SPDX-License-Identifier: GPL-2.0-or-later
"""WMS from the outside: documents against the schemas of OGC and INSPIRE, and what foreign clients make of them."""
import json
import os
import re
import shutil
import tempfile
import unittest
import urllib.parse
import xml.etree.ElementTree as ET

from osgeo import gdal
from owslib.wms import WebMapService
from qgis.core import (Qgis, QgsAttributeEditorContainer, QgsAttributeEditorField, QgsCategorizedSymbolRenderer, QgsCoordinateReferenceSystem, QgsEditorWidgetSetup, QgsFeature, QgsFillSymbol,
                       QgsGeometry, QgsInvertedPolygonRenderer, QgsNullSymbolRenderer, QgsPointXY, QgsProject, QgsRaster, QgsRasterLayer, QgsRectangle, QgsRelation, QgsRelationContext,
                       QgsRendererCategory, QgsRuleBasedRenderer, QgsSingleSymbolRenderer, QgsVectorFileWriter, QgsVectorLayer)
from qgis.PyQt.QtGui import QImage, QPainter

import peers
from one_picture import run_tests
from service import Service
from wms_city import WmsCity

gdal.UseExceptions()
WMS = "{http://www.opengis.net/wms}"


class Clients(WmsCity):
    def test_capabilities_follow_the_schemas(self):
        schema = os.path.join(self.folder, "all.xsd")
        for language in ("ger", "eng"):
            answer = self.get(REQUEST="GetCapabilities", VERSION="1.3.0", LANGUAGE=language)
            self.check(answer.body, "--schema", schema)
            self.assertIn(f"<inspire_common:Language>{language}</inspire_common:Language>\n   </inspire_common:ResponseLanguage>", answer.text)
        self.check(self.get(REQUEST="GetCapabilities", VERSION="1.1.1").body, "--valid")
        self.check(self.get(REQUEST="DescribeLayer", VERSION="1.1.1", LAYERS="trees_tree").body, "--valid")
        self.check(self.get(REQUEST="GetMap", VERSION="1.3.0", LAYERS="nope").body, "--schema", schema)

    def test_layers_have_their_titles_in_both_languages(self):
        german, english = (self.get(REQUEST="GetCapabilities", LANGUAGE=language).text for language in ("ger", "eng"))
        self.assertIn("<Title>Bäume</Title>", german)
        self.assertIn("<Title>Trees</Title>", english)
        self.assertNotIn("<Title>Bäume</Title>", english)

    def test_all_texts_of_a_city_come_in_both_languages(self):
        german, english = (ET.fromstring(self.get(REQUEST="GetProjectSettings", LANGUAGE=language).body) for language in ("ger", "eng"))
        for name in ("Title", "Abstract", "Keyword"):
            for parent in ("Service", "Layer"):
                texts = [[node.text for element in document.iter(WMS + parent) for node in (*element.findall(WMS + name), *element.findall(f"{WMS}KeywordList/{WMS}{name}"))] for document in (german, english)]
                self.assertEqual(len(texts[0]), len(texts[1]))
                self.assertEqual([text for text, other in zip(*texts) if text == other and text not in ("Musterstadt", "infoMapAccessService")], [])
        aliases = [[node.get("alias") for node in document.iter(WMS + "Attribute") if node.get("alias")] for document in (german, english)]
        with_unit = [pair for pair in zip(*aliases) if pair[0].endswith("]")]
        self.assertGreater(len(with_unit), 30)
        self.assertEqual([pair for pair in with_unit if pair[0] == pair[1]], [])
        self.assertIn(("Baumhöhe [m]", "Height [m]"), with_unit)

    def test_legends_come_in_the_language_of_the_capabilities(self):
        pictures = []
        for language, label in (("ger", "Linde (Tilia)"), ("eng", "Lime (Tilia)")):
            capabilities = ET.fromstring(self.get(REQUEST="GetCapabilities", LANGUAGE=language).body)
            trees = next(layer for layer in capabilities.iter(WMS + "Layer") if layer.findtext(WMS + "Name") == "trees_tree")
            url = trees.find(f"{WMS}Style/{WMS}LegendURL")
            address = url.find(WMS + "OnlineResource").get("{http://www.w3.org/1999/xlink}href")
            self.assertIn("LANGUAGE=" + language, address)
            picture = QImage()
            self.assertTrue(picture.loadFromData(self.service.get(address[address.index("/demo/"):], self.key).body))
            self.assertEqual((str(picture.width()), str(picture.height())), (url.get("width"), url.get("height")))
            pictures.append(picture)
            nodes = json.loads(self.get(REQUEST="GetLegendGraphic", LAYER="trees_tree", FORMAT="application/json", LANGUAGE=language).text)["nodes"]
            self.assertEqual(nodes[0]["symbols"][0]["title"], label)
            self.assertEqual(self.get(REQUEST="GetLegendGraphic", LAYER="trees_tree", FORMAT="image/png", LANGUAGE=language, RULE=label).status, 200)
        self.assertFalse(pictures[0] == pictures[1])

    def test_owslib_reads_and_draws(self):
        for version in ("1.3.0", "1.1.1"):
            wms = WebMapService(self.url, version=version, headers=self.key)
            trees = wms["trees_tree"]
            self.assertRegex(trees.timepositions[0], r"^\d{4}-\d\d-\d\d")
            drawn = wms.getmap(layers=["trees_tree"], srs="EPSG:25833", bbox=(389700, 5719700, 390050, 5719950), size=(350, 250), format="image/png", transparent=True)
            self.assertTrue(drawn.read().startswith(b"\x89PNG"))
            info = wms.getfeatureinfo(layers=["trees_tree"], query_layers=["trees_tree"], srs="EPSG:25833", bbox=(389700, 5719700, 390050, 5719950), size=(350, 250),
                                      format="image/png", info_format="text/plain", xy=(100, 100))
            self.assertIn("Sachdatenabfrage", info.read().decode("utf-8"))

    def test_gdal_reads_the_same_picture(self):
        direct = self.map(LAYERS="buildings_building", WIDTH=350, HEIGHT=250)
        gdal.FileFromMemBuffer("/vsimem/direct.png", direct.body)
        bands = gdal.Open("/vsimem/direct.png")
        description = f"""<GDAL_WMS><Service name="WMS"><Version>1.3.0</Version><ServerUrl>{self.url}?</ServerUrl><CRS>EPSG:25833</CRS><ImageFormat>image/png</ImageFormat>
            <Layers>buildings_building</Layers><Styles></Styles></Service><DataWindow><UpperLeftX>389700</UpperLeftX><UpperLeftY>5719950</UpperLeftY><LowerRightX>390050</LowerRightX>
            <LowerRightY>5719700</LowerRightY><SizeX>350</SizeX><SizeY>250</SizeY></DataWindow><BandsCount>3</BandsCount><BlockSizeX>350</BlockSizeX><BlockSizeY>250</BlockSizeY></GDAL_WMS>"""
        through = gdal.Open(description).ReadAsArray()
        if bands.RasterCount == 1:
            bands = gdal.Translate("", bands, format="MEM", rgbExpand="rgb")
        self.assertTrue((through == bands.ReadAsArray()[:3]).all())

    def test_qgis_shows_the_same_picture_and_asks_what_is_there(self):
        box = QgsRectangle(389700, 5719700, 390050, 5719950)
        direct = QImage()
        for version, crs in (("1.3.0", "CRS"), ("1.1.1", "SRS")):
            layer = QgsRasterLayer(f"url={self.url}&layers=trees_tree&styles=&format=image/png&crs=EPSG:25833&version={version}", "trees", "wms")
            self.assertTrue(layer.isValid(), layer.error().message())
            shown = layer.dataProvider().block(1, box, 700, 500).image().convertToFormat(QImage.Format_ARGB32_Premultiplied)
            answer = self.service.get("/demo/ows?" + urllib.parse.urlencode({"SERVICE": "WMS", "VERSION": version, "REQUEST": "GetMap", "LAYERS": "trees_tree", "STYLES": "", crs: "EPSG:25833",
                                      "BBOX": "389700,5719700,390050,5719950", "WIDTH": 700, "HEIGHT": 500, "FORMAT": "image/png", "TRANSPARENT": "TRUE"}))
            self.assertTrue(direct.loadFromData(answer.body))
            self.assertTrue(shown == direct.convertToFormat(QImage.Format_ARGB32_Premultiplied), version)
            tree = json.loads(self.service.get("/demo/ogcapi/collections/trees_tree/items/1234?f=json&crs=http://www.opengis.net/def/crs/EPSG/0/25833").text)
            x, y = tree["geometry"]["coordinates"]
            found = layer.dataProvider().identify(QgsPointXY(x, y), QgsRaster.IdentifyFormatFeature, QgsRectangle(x - 50, y - 50, x + 50, y + 50), 400, 400)
            self.assertTrue(found.isValid(), found.error().summary())
            features = [feature for stores in found.results().values() for store in stores for feature in store.features()]
            self.assertIn(tree["properties"]["uuid"], [feature["uuid"] for feature in features])

    def test_filters_narrow_maps_and_feature_information(self):
        everything, some, none = self.map(), self.map(FILTER="trees_tree:\"status\" = 'standing' AND \"height_m\" > 15"), self.map(FILTER="trees_tree:\"height_m\" > 1000")
        self.assertEqual({answer.status for answer in (everything, some, none)}, {200})
        self.assertLess(len(some.body), len(everything.body))
        self.assertLess(len(none.body), len(some.body))
        in_xml = self.map(FILTER="<Filter><PropertyIsGreaterThan><PropertyName>height_m</PropertyName><Literal>1000</Literal></PropertyIsGreaterThan></Filter>")
        self.assertEqual(in_xml.body, none.body)
        # What QGIS Server's own tests try, and more: refused, or no row.
        for attack in ("trees_tree:\"status\" = 'x' ) and (select sqlite_version()", "trees_tree:\"status\" = 'x'; drop table trees_tree", "trees_tree:\"status\" = 'x' union select 1",
                       "trees_tree:\"status\" = 'a'create", "trees_tree:env('HOME') = 'x'", "trees_tree:@project_path = 'x'", "trees_tree:file_exists('/etc/passwd')", "trees_tree:\"secret\" = 1"):
            answer = self.map(FILTER=attack)
            self.assertEqual((attack, answer.status), (attack, 400))
            self.assertIn("FILTER", answer.text)
        self.assertEqual(self.map(FILTER="trees_tree:\"status\" = 'O''Brien; -- % ä'").status, 200)

    def test_features_are_found_by_a_filter_alone(self):
        asked = {"REQUEST": "GetFeatureInfo", "VERSION": "1.3.0", "QUERY_LAYERS": "trees_tree", "CRS": "EPSG:25833", "INFO_FORMAT": "text/xml", "FEATURE_COUNT": 5}
        condition = {"FILTER": "trees_tree:\"genus\" = 'Tilia' AND \"height_m\" > 15"}
        ids = lambda answer: re.findall(r'<Feature id="(\d+)"', answer.text)
        found = ids(self.get(**asked, **condition))
        self.assertEqual(len(found), 5)
        self.assertEqual(ids(self.get(**asked, **condition, LAYERS="trees_tree")), found)
        area = {"FILTER_GEOM": "POLYGON((389700 5719700,390050 5719700,390050 5719950,389700 5719950,389700 5719700))"}
        there = ids(self.get(**{**asked, "FEATURE_COUNT": 1000}, **area))
        self.assertGreater(len(there), 20)
        self.assertEqual(self.get(**asked).status, 400)
        if os.path.exists(peers.QGIS_SERVER):
            qgis = peers.qgis_server(self.folder, os.path.join(self.folder, "demo.qgz"))
            self.addCleanup(qgis.stop)
            theirs = lambda **more: ids(qgis.get("/?" + urllib.parse.urlencode({"SERVICE": "WMS", **asked, "LAYERS": "trees_tree", **more})))
            self.assertEqual(theirs(**condition), found)
            self.assertEqual(sorted(theirs(**area, FEATURE_COUNT=1000)), sorted(there))  # in another order

    def test_large_pictures_and_posts(self):
        large = self.map(WIDTH=3000, HEIGHT=3000, BBOX="389700,5719700,390050,5720050")
        self.assertEqual(large.status, 200)
        gdal.FileFromMemBuffer("/vsimem/large.png", large.body)
        self.assertEqual((gdal.Open("/vsimem/large.png").RasterXSize, gdal.Open("/vsimem/large.png").RasterYSize), (3000, 3000))
        self.assertEqual(self.map(WIDTH=100000, HEIGHT=100000).status, 400)


AREAS, OWNERS = ("a", "b", "c"), (("Meier", "Ada"), ("Schulz", "Bob"), ("Kurz", "Cem"))


def write_table(folder, name, fields, rows):
    table = QgsVectorLayer(f"Polygon?crs=EPSG:25832&{fields}", name, "memory")
    for place, values in enumerate(rows):
        feature = QgsFeature(table.fields())
        feature.setAttributes(list(values))
        x = 600000 + 100 * place
        feature.setGeometry(QgsGeometry.fromWkt(f"POLYGON(({x} 5800000,{x + 100} 5800000,{x + 100} 5800100,{x} 5800100,{x} 5800000))"))
        table.dataProvider().addFeature(feature)
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = name
    QgsVectorFileWriter.writeAsVectorFormatV3(table, os.path.join(folder, name + ".gpkg"), QgsProject.instance().transformContext(), options)


class FeatureInformation(unittest.TestCase):
    """Three areas side by side in layers that draw some of them, asked here and at QGIS Server."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_info_")
        write_table(cls.folder, "areas", "field=kind:string&field=note:string&field=owner:int", ((kind, "one\ntwo\tthree & <four>", 10 + i) for i, kind in enumerate(AREAS)))
        write_table(cls.folder, "owners", "field=nr:int&field=name:string&field=first:string", ((10 + i, *names) for i, names in enumerate(OWNERS)))
        cls.project = os.path.join(cls.folder, "areas.qgs")
        project = QgsProject()
        project.setCrs(QgsCoordinateReferenceSystem("EPSG:25832"))

        def add(name, table="areas"):
            layer = QgsVectorLayer(os.path.join(cls.folder, table + ".gpkg"), name)
            project.addMapLayer(layer)
            return layer

        fill = lambda: QgsFillSymbol.createSimple({"color": "red"})
        Rule = QgsRuleBasedRenderer.Rule
        rules = Rule(None)
        for rule in (Rule(fill(), 0, 0, "\"kind\" = 'a'"), Rule(fill(), 5000, 0, "\"kind\" = 'b'"), Rule(fill(), 0, 0, "\"kind\" = 'c' AND @map_scale < 5000")):
            rules.appendChild(rule)
        switched_off = QgsCategorizedSymbolRenderer("kind", [QgsRendererCategory("a", fill(), "a", True), QgsRendererCategory("b", fill(), "b", False)])
        add("categories").setRenderer(switched_off.clone())
        add("rules").setRenderer(QgsRuleBasedRenderer(rules.clone()))
        blended = add("blended")  # drawn by QGIS
        blended.setRenderer(QgsRuleBasedRenderer(rules.clone()))
        blended.setBlendMode(QPainter.CompositionMode_Multiply)
        add("inverted").setRenderer(QgsInvertedPolygonRenderer(switched_off.clone()))
        add("none").setRenderer(QgsNullSymbolRenderer())
        styles = add("styles")
        styles.setRenderer(QgsSingleSymbolRenderer(fill()))
        styles.styleManager().addStyleFromLayer("some")
        styles.styleManager().setCurrentStyle("some")
        styles.setRenderer(switched_off.clone())
        styles.styleManager().setCurrentStyle("default")
        form, owners = add("form"), add("owners", "owners")
        owners.setDisplayExpression("\"name\" || ', ' || \"first\"")
        config = form.editFormConfig()
        config.setLayout(Qgis.AttributeFormLayout.DragAndDrop)
        config.clearTabs()
        tab = QgsAttributeEditorContainer("Tab", None)
        for name in ("note", "owner"):
            tab.addChildElement(QgsAttributeEditorField(name, form.fields().indexOf(name), tab))
        config.addTab(tab)
        form.setEditFormConfig(config)
        relation = QgsRelation(QgsRelationContext(project))
        relation.setId("owner")
        relation.setName("owner")
        relation.setReferencingLayer(form.id())
        relation.setReferencedLayer(owners.id())
        relation.addFieldPair("owner", "nr")
        project.relationManager().addRelation(relation)
        form.setEditorWidgetSetup(form.fields().indexOf("owner"), QgsEditorWidgetSetup("RelationReference", {"Relation": "owner"}))
        for entry in ("WMSAddWktGeometry", "WMSFeatureInfoUseAttributeFormSettings"):
            project.writeEntryBool(entry, "/", True)
        assert project.write(cls.project)
        cls.service = Service(cls.project).wait_until_ready()
        cls.qgis = peers.qgis_server(cls.folder, cls.project)

    @classmethod
    def tearDownClass(cls):
        cls.qgis.stop()
        cls.service.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def ask(self, layer, **more):
        """What both answer: id -> attributes, boxes among them."""
        asked = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetFeatureInfo", "LAYERS": layer, "QUERY_LAYERS": layer, "STYLES": "", "CRS": "EPSG:25832", "BBOX": "599900,5799900,600400,5800400",
                 "WIDTH": 500, "HEIGHT": 500, "INFO_FORMAT": "text/xml", "FEATURE_COUNT": 100, **more}
        query = urllib.parse.urlencode({name: value for name, value in asked.items() if value is not None})
        told = []
        for answer in (self.service.get("/areas/ows?" + query), self.qgis.get("/?" + query)):
            self.assertEqual(answer.status, 200, answer.text)
            told.append({feature.get("id"): [sorted(element.items()) for element in feature.iter() if element.tag in ("Attribute", "BoundingBox")] for feature in ET.fromstring(answer.body).iter("Feature")})
        return told

    def test_rows_that_the_style_does_not_draw_are_not_told(self):
        everywhere = "POLYGON((599000 5799000,601000 5799000,601000 5801000,599000 5801000,599000 5799000))"
        far, no_map = "570000,5770000,630000,5830000", {"BBOX": None, "WIDTH": None, "HEIGHT": None}
        found = {}
        for layer in ("categories", "rules", "blended", "inverted", "none", "styles"):
            condition = f"{layer}:\"kind\" != 'x'"
            for what, asked in {"filter": {"FILTER": condition, **no_map}, "filter on a map": {"FILTER": condition}, "filter, far": {"FILTER": condition, "BBOX": far},
                                "area": {"FILTER_GEOM": everywhere, **no_map}, "area on a map": {"FILTER_GEOM": everywhere}, "area, far": {"FILTER_GEOM": everywhere, "BBOX": far},
                                **{f"place {i}": {"I": 150 + 100 * i, "J": 350} for i in range(3)}, "place, far": {"I": 250, "J": 250, "FI_POLYGON_TOLERANCE": 4, "BBOX": far},
                                "style": {"FILTER_GEOM": everywhere, "STYLES": "some" if layer == "styles" else ""}}.items():
                ours, theirs = (sorted(told) for told in self.ask(layer, **asked))
                self.assertEqual(ours, theirs, (layer, what))
                found[layer, what] = "".join(AREAS[int(fid) - 1] for fid in ours)
        self.assertEqual([found["rules", what] for what in ("filter", "filter on a map", "filter, far", "area", "area, far")], ["abc", "ac", "ab", "ac", "ab"])
        self.assertEqual([found[layer, "area on a map"] for layer in ("categories", "blended", "none", "styles")], ["a", "ac", "abc", "abc"])
        self.assertEqual(found["styles", "style"], "a")

    def test_xml_is_that_of_qgis_server(self):
        for layer in ("none", "form"):
            for more in ({}, {"WITH_GEOMETRY": "FALSE"}, {"VERSION": "1.1.1", "CRS": None, "SRS": "EPSG:25832"}):
                for i in range(3):
                    ours, theirs = self.ask(layer, I=150 + 100 * i, J=350, X=150 + 100 * i, Y=350, **more)
                    self.assertEqual(ours, theirs, (layer, more))
        told = self.ask("form", I=250, J=350)[0]["2"]
        self.assertEqual(told[:2], [[("name", "note"), ("value", "one\ntwo\tthree & <four>")], [("name", "owner"), ("value", "Schulz, Bob")]])
        self.assertEqual(told[2][0], ("CRS", "EPSG:25832"))


if __name__ == "__main__":
    run_tests()
