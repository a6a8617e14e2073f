# SPDX-License-Identifier: GPL-2.0-or-later
"""WMS from the outside: documents against the schemas of OGC and INSPIRE, and what foreign clients make of them."""
import json
import os
import urllib.parse

from osgeo import gdal
from owslib.wms import WebMapService
from qgis.core import QgsPointXY, QgsRaster, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtGui import QImage

from one_picture import run_tests
from wms_city import WmsCity

gdal.UseExceptions()


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

    def test_large_pictures_and_posts(self):
        large = self.map(WIDTH=3000, HEIGHT=3000, BBOX="389700,5719700,390050,5720050")
        self.assertEqual(large.status, 200)
        gdal.FileFromMemBuffer("/vsimem/large.png", large.body)
        self.assertEqual((gdal.Open("/vsimem/large.png").RasterXSize, gdal.Open("/vsimem/large.png").RasterYSize), (3000, 3000))
        self.assertEqual(self.map(WIDTH=100000, HEIGHT=100000).status, 400)


if __name__ == "__main__":
    run_tests()
