# SPDX-License-Identifier: GPL-2.0-or-later
"""Single answers of WFS and WMS, each against a town whose every row is known. docs/conformance/answers.md says which number is proven where."""
import concurrent.futures
import json
import os
import re
import threading
import urllib.parse
import xml.etree.ElementTree as ET

import numpy
from osgeo import gdal, ogr, osr

from answers_town import AnswersTown, CURVES, ODD_TEXTS, SERVER, make_project, make_tree_store
from discreet import Discreet
from one_picture import run_tests
from service import Service, eventually
from small_town import NS, SOUTH, TREES, WEST, Town, layer_of, query, reference, spot, write_project

GML, WFS, XLINK = "{%s}" % NS["gml"], "{%s}" % NS["wfs"], "{%s}" % NS["xlink"]
GEOJSON = "application/geo+json"
NAMES = {"EPSG": "EPSG:{}", "urn": "urn:ogc:def:crs:EPSG::{}", "http": "http://www.opengis.net/def/crs/EPSG/0/{}"}

town = None


def setUpModule():
    global town
    town = AnswersTown(make_project)


def tearDownModule():
    town.close()


def moved(x, y, of, to):
    """By GDAL, x first; OGC:CRS84 is 4326 with x first."""
    return osr.CoordinateTransformation(reference(of), reference(to)).TransformPoint(x, y)[:2]


def numbers(text):
    return [float(number) for number in re.split(r"[\s,]+", text.strip())]


def rgba(answer):
    """Rows, columns, red, green, blue, alpha."""
    gdal.FileFromMemBuffer("/vsimem/map", answer.body)
    data = gdal.Open("/vsimem/map")
    if data.RasterCount == 1:
        data = gdal.Translate("", data, format="MEM", rgbExpand="rgba")
    bands = data.ReadAsArray()
    if len(bands) == 3:
        bands = numpy.concatenate([bands, numpy.full_like(bands[:1], 255)])
    return numpy.moveaxis(bands, 0, -1)


class Asking(Discreet):
    def get(self, target, headers=None, method="GET", body=None):
        answer = town.service.get(target, headers, method, body)
        if answer.status >= 400:
            self.expect_nothing_told(answer, urllib.parse.unquote_plus(target))
            self.assertNotIn(town.schema, answer.text)
        return answer

    def well(self, answer):
        self.assertEqual(answer.status, 200, answer.body[:500])
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")
        return answer


class WfsAnswers(Asking):
    def ask(self, **parameters):
        headers = parameters.pop("headers", None)
        return self.get(query("WFS", **{"VERSION": "2.0.0", "REQUEST": "GetFeature", **parameters}), headers)

    def post(self, queries):
        """GetFeature in XML."""
        return self.get("/town/ows", {"Content-Type": "text/xml"}, "POST", f'<wfs:GetFeature service="WFS" version="2.0.0" count="1" xmlns:wfs="{NS["wfs"]}">{queries}</wfs:GetFeature>')

    def document(self, **parameters):
        answer = self.well(self.ask(**parameters))
        return ET.fromstring(answer.body)

    def json(self, **parameters):
        return json.loads(self.well(self.ask(OUTPUTFORMAT=GEOJSON, **parameters)).body)

    def ids(self, **parameters):
        return [feature["id"] for feature in self.json(**parameters)["features"]]

    def error(self, answer, status=400):
        """Code and locator of an exception of OWS Common."""
        self.assertEqual(answer.status, status, answer.text[:500])
        self.assertTrue(answer.headers["content-type"].startswith(("text/xml", "application/xml")), answer.headers["content-type"])
        exception = ET.fromstring(answer.body).find("ows:Exception", NS)
        return exception.get("exceptionCode"), exception.get("locator")

    def position(self, **parameters):
        """Coordinates of the only feature, and the srsName they come with."""
        root = self.document(**parameters)
        shape = next(root.iter(f"{GML}Point"))
        return numbers(shape.find(f"{GML}pos").text), shape.get("srsName")

    def test_coordinates_follow_the_form_of_the_name_of_the_crs(self):
        """T100: urn and http in the official order, EPSG:n with x first, each echoed as asked; GeoJSON with x first always."""
        for layer, own, (x, y) in (("degree", 4326, (13.25, 51.5)), ("gauss", 31468, (4590000, 5720000)), ("tree", 25833, spot(1))):
            more = {"TYPENAMES": layer, "COUNT": 1}
            for code, official_is_y_first in ((4326, True), (31468, True), (25833, False), (3857, False)):
                expected = moved(x, y, own, code)
                for form, pattern in NAMES.items():
                    name = pattern.format(code)
                    found, echoed = self.position(SRSNAME=name, **more)
                    with self.subTest(layer=layer, name=name):
                        self.assertEqual(echoed, name)
                        swap = official_is_y_first and form != "EPSG"
                        numpy.testing.assert_allclose(found, expected[::-1] if swap else expected, atol=2e-8 if code == 4326 else 2e-3)
                        point = self.json(SRSNAME=name, **more)["features"][0]["geometry"]["coordinates"]
                        numpy.testing.assert_allclose(point, expected, atol=2e-8 if code == 4326 else 2e-3)
            for name in ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84"):
                found, echoed = self.position(SRSNAME=name, **more)
                numpy.testing.assert_allclose(found, moved(x, y, own, 4326), atol=2e-8)
                self.assertEqual(echoed, name)
            plain = self.json(**more)
            numpy.testing.assert_allclose(plain["features"][0]["geometry"]["coordinates"], moved(x, y, own, 4326), atol=2e-8)
            self.assertNotIn("crs", plain)
        self.assertEqual(self.error(self.ask(TYPENAMES="tree", SRSNAME="EPSG:999999")), ("InvalidParameterValue", "srsName"))

    def test_boxes_are_read_in_every_form(self):
        """T101: without a CRS, with one of each form, with a comma at the end, with heights."""
        box = (WEST - 1, SOUTH - 1, WEST + 15, SOUTH + 15)   # two by two trees
        (west, south), (east, north) = (moved(*box[at:at + 2], 25833, 4326) for at in (0, 2))
        join = lambda *values: ",".join(map(str, values))
        for name, text in {"none": join(*box), "own": join(*box, "EPSG:25833"), "short": join(west, south, east, north, "EPSG:4326"),
                           "urn": join(south, west, north, east, "urn:ogc:def:crs:EPSG::4326"), "http": join(south, west, north, east, "http://www.opengis.net/def/crs/EPSG/0/4326"),
                           "crs84": join(west, south, east, north, "urn:ogc:def:crs:OGC:1.3:CRS84"), "comma": join(*box) + ",", "six": join(*box[:2], 0, *box[2:], 100),
                           "six with crs": join(*box[:2], 0, *box[2:], 100, "EPSG:25833")}.items():
            with self.subTest(name):
                self.assertEqual(self.ids(TYPENAMES="tree", BBOX=text), ["tree.1", "tree.2", "tree.41", "tree.42"])
        self.assertEqual(self.ids(TYPENAMES="gauss", BBOX="5719999,4589999,5720001,4590001"), ["gauss.1"], "northing first, as the layer's CRS has it")
        self.assertEqual(self.ids(TYPENAMES="gauss", BBOX="4589999,5719999,4590001,5720001,EPSG:31468"), ["gauss.1"])
        for wrong in ("1,2,3", "1,2,3,x", "5,5,1,1", "nan,1,2,3", ",,,", join(*box, "EPSG:999999")):
            self.assertEqual(self.error(self.ask(TYPENAMES="tree", BBOX=wrong)), ("InvalidParameterValue", "BBOX"), wrong)

    def test_versions_have_their_own_order_of_axes(self):
        """T102: the same point in WFS 1.0.0, 1.1.0 and 2.0.0."""
        def place(version, name):
            text = self.well(self.get(query("WFS", VERSION=version, REQUEST="GetFeature", TYPENAME="degree", SRSNAME=name))).text
            return numbers(re.search(r"<gml:Point.*?<gml:(?:coordinates|pos)[^>]*>([^<]*)<", text, re.S).group(1))
        self.assertEqual(place("1.0.0", "EPSG:4326"), [13.25, 51.5])
        for version in ("1.1.0", "2.0.0"):
            self.assertEqual(place(version, "urn:ogc:def:crs:EPSG::4326"), [51.5, 13.25])
            self.assertEqual(place(version, "EPSG:4326"), [13.25, 51.5])

    def test_walking_page_by_page_gives_every_row_once_while_others_write(self):
        """T104: 1,000 rows by COUNT=7 along `next`, while rows are added."""
        def make(other):
            make_tree_store(other / "tree.gpkg")
            return [write_project(other / "town.qgz", layer_of(other / "tree.gpkg", "tree"))]
        other = Town(make)
        self.addCleanup(other.close)
        stop = threading.Event()

        def write():
            while not stop.wait(0.2):
                store = ogr.Open(other / "tree.gpkg", 1)
                feature = ogr.Feature(store.GetLayer(0).GetLayerDefn())
                feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({WEST} {SOUTH})"))
                store.GetLayer(0).CreateFeature(feature)
                feature = store = None

        def walk(target):
            """Ids, numbers matched, and whether each page had a next and a previous one."""
            found, matched, links = [], [], []
            while target:
                answer = other.service.get(target)
                self.assertEqual(answer.status, 200, answer.body[:300])
                root = ET.fromstring(answer.body)
                found += [member[0].get(f"{GML}id") for member in root.findall(f"{WFS}member")]
                matched.append(int(root.get("numberMatched")))
                links.append((root.get("next") is not None, root.get("previous") is not None))
                target = root.get("next") and root.get("next").split(f":{other.service.port}", 1)[1]
            return found, matched, links

        first = query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", COUNT=7)
        found, matched, links = walk(first)
        self.assertEqual(found, [f"tree.{number}" for number in range(1, TREES + 1)])
        self.assertEqual(set(matched), {TREES})
        self.assertEqual(links, [(True, False)] + [(True, True)] * (len(links) - 2) + [(False, True)])
        writer = threading.Thread(target=write)
        writer.start()
        try:
            found, matched, _ = walk(first)
        finally:
            stop.set()
            writer.join()
        self.assertEqual(found[:TREES], [f"tree.{number}" for number in range(1, TREES + 1)])
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(matched, sorted(matched))

    def test_hits_count_and_lead_to_the_results(self):
        """T105: resultType=hits has the whole count, no member, and a link to the first page."""
        root = self.document(TYPENAMES="tree", COUNT=1, RESULTTYPE="hits")
        self.assertEqual((root.get("numberMatched"), root.get("numberReturned"), len(root)), (str(TREES), "0", 0))
        answer = self.get(root.get("next").split(f":{town.service.port}", 1)[1])
        page = ET.fromstring(self.well(answer).body)
        self.assertEqual([member[0].get(f"{GML}id") for member in page.findall(f"{WFS}member")], ["tree.1"])

    def test_links_have_the_public_address(self):
        """T106: by `public_url`, and by what a trusted proxy says; what others say of the host is not believed."""
        settings = town / "public.toml"
        with open(town.settings, encoding="utf-8") as file:
            rest = file.read()
        target = query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="tree", COUNT=1)
        said = {"X-Forwarded-Host": "karten.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}
        for server, begin in (('public_url = "https://gdi.example.de/karten"', "https://gdi.example.de/karten/town/ows?"), ('trusted_proxies = ["127.0.0.1"]', "https://karten.example/town/ows?")):
            with open(settings, "w", encoding="utf-8") as file:
                file.write(f"[server]\n{server}\n{rest}")
            service = Service(town / "town.qgz", "--settings", settings).wait_until_ready()
            try:
                self.assertTrue(ET.fromstring(service.get(target, said).body).get("next").startswith(begin))
                self.assertIn(f'"{begin}', service.get(query("WFS", REQUEST="GetCapabilities"), said).text)
            finally:
                service.stop()
        self.assertTrue(ET.fromstring(self.get(target, said).body).get("next").startswith(f"http://127.0.0.1:{town.service.port}/town/ows?"))

    def test_layers_without_a_key_of_one_number_are_paged_too(self):
        """T107: a text as key, a key of two columns, a view without one, a view of a GeoPackage."""
        for layer in ("text_key", "pair_key", "no_key", "tree_view"):
            with self.subTest(layer):
                whole = [(feature["id"], feature["properties"]["name"]) for feature in self.json(TYPENAMES=layer)["features"]]
                self.assertEqual({name for _, name in whole}, {f"Baum {number}" for number in range(1, 51)})
                self.assertEqual(len({key for key, _ in whole}), 50)
                paged = []
                for start in range(0, 50, 7):
                    paged += [(feature["id"], feature["properties"]["name"]) for feature in self.json(TYPENAMES=layer, COUNT=7, STARTINDEX=start)["features"]]
                self.assertEqual(paged, whole)
        constraints = {element.get("name"): element.find("ows:DefaultValue", NS).text for element in self.document(REQUEST="GetCapabilities").iter("{%s}Constraint" % NS["ows"])
                       if element.find("ows:DefaultValue", NS) is not None}
        self.assertEqual(constraints["ImplementsResultPaging"], "TRUE")

    def test_properties_without_a_geometry_are_a_valid_answer(self):
        """T109: PROPERTYNAME without the geometry."""
        root = self.document(TYPENAMES="tree", PROPERTYNAME="name", COUNT=2)
        (first, _) = root.findall(f"{WFS}member")
        self.assertEqual([child.tag.split("}")[1] for child in first[0]], ["name"])
        self.assertIsNone(root.find(f".//{GML}boundedBy"))
        self.assertIsNone(root.find(f".//{GML}Envelope"))
        features = self.json(TYPENAMES="tree", PROPERTYNAME="name", COUNT=2)["features"]
        self.assertEqual([(feature["geometry"], feature["properties"]) for feature in features], [(None, {"name": "Baum 1"}), (None, {"name": "Baum 2"})])

    def test_wrong_parameters_have_their_code_and_place(self):
        """T110, T112: unknown format and type; T113: ids alone are enough."""
        self.assertEqual(self.error(self.ask(TYPENAMES="tree", OUTPUTFORMAT="foo")), ("InvalidParameterValue", "outputFormat"))
        for request in ("GetFeature", "DescribeFeatureType"):
            self.assertEqual(self.error(self.ask(REQUEST=request, TYPENAMES="nothing")), ("InvalidParameterValue", "typeName"))
        self.assertEqual(self.error(self.ask()), ("MissingParameterValue", "typeNames"))
        self.assertEqual(self.ids(RESOURCEID="tree.7"), ["tree.7"])
        self.assertEqual(self.ids(RESOURCEID="tree.7,tree.3"), ["tree.3", "tree.7"])
        self.assertEqual(self.error(self.ask(TYPENAMES="road", RESOURCEID="tree.7")), ("InvalidParameterValue", "RESOURCEID"))

    def test_spellings_of_older_versions_are_taken(self):
        """T111: TYPENAME, MAXFEATURES and FEATUREID in 2.0.0."""
        self.assertEqual(self.ids(TYPENAME="tree", MAXFEATURES=2), ["tree.1", "tree.2"])
        self.assertEqual(self.ids(FEATUREID="tree.9"), ["tree.9"])

    def test_nothing_found_is_a_valid_collection(self):
        """T115: no member, no box of infinite numbers, the schema's place, in each format."""
        nowhere = {"TYPENAMES": "tree", "BBOX": "0,0,1,1"}
        answer = self.well(self.ask(**nowhere))
        root = ET.fromstring(answer.body)
        self.assertEqual((root.tag, root.get("numberMatched"), root.get("numberReturned"), len(root)), (f"{WFS}FeatureCollection", "0", "0", 0))
        self.assertIsNone(root.get("next"))
        self.assertIsNone(re.search(r"\b(inf|nan)\b|boundedBy", answer.text, re.I))
        places = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation").split()
        self.assertIn("http://schemas.opengis.net/wfs/2.0/wfs.xsd", places)
        schema = self.get(next(place for place in places if "DescribeFeatureType" in place).split(f":{town.service.port}", 1)[1])
        self.assertIn(f'targetNamespace="{places[places.index(next(p for p in places if "DescribeFeatureType" in p)) - 1]}"', self.well(schema).text)
        self.assertEqual((self.json(**nowhere)["features"], self.json(**nowhere)["numberMatched"]), ([], 0))
        self.assertIn("OGC-NumberMatched".lower(), answer.headers)

    def test_every_kind_of_geometry_comes_in_the_kind_that_the_schema_says(self):
        """T116: none and empty, arcs, heights, measures, several parts in a layer of single ones."""
        features = self.json(TYPENAMES="place")["features"]
        self.assertEqual([feature["geometry"] is None for feature in features], [True, True, False])
        members = self.document(TYPENAMES="place").findall(f"{WFS}member")
        self.assertEqual([len(list(member.iter(f"{GML}Point"))) for member in members], [0, 0, 1])
        schema = {name: ET.fromstring(self.well(self.ask(REQUEST="DescribeFeatureType", TYPENAMES=name)).body) for name in CURVES}
        wanted = {"arc": ("Curve", "LineString"), "round": ("Surface", "Polygon"), "surfaces": ("MultiSurface",), "height": ("Point",), "measure": ("Curve", "LineString"),
                  "mixed": ("MultiSurface",)}
        for name, kinds in wanted.items():
            with self.subTest(name):
                declared = next(element.get("type") for element in schema[name].iter("{%s}element" % NS["xsd"]) if (element.get("type") or "").startswith("gml:"))
                (member,) = self.document(TYPENAMES=name).findall(f"{WFS}member")
                shape = next(child for field in member[0] for child in field if child.tag.startswith(GML))
                kind = shape.tag.replace(GML, "")
                self.assertIn(kind, kinds)
                same = {"gml:CurvePropertyType": ("Curve", "LineString"), "gml:SurfacePropertyType": ("Surface", "Polygon"), "gml:MultiSurfacePropertyType": ("MultiSurface",),
                        "gml:PointPropertyType": ("Point",), "gml:MultiCurvePropertyType": ("MultiCurve",), "gml:GeometryPropertyType": kinds}
                self.assertIn(kind, same[declared])
                source = ogr.Open(town / "town.gpkg")
                feature = source.GetLayerByName(name).GetFeature(1)   # its geometry goes with it
                original = feature.GetGeometryRef()
                read = ogr.CreateGeometryFromGML(ET.tostring(shape, encoding="unicode"))
                read, original = (shape.GetLinearGeometry() for shape in (read, original))
                for size, expected in ((read.Area(), original.Area()), (read.Length(), original.Length())):
                    self.assertAlmostEqual(size, expected, delta=0.002 * max(1, expected))
                told = self.json(TYPENAMES=name, SRSNAME="EPSG:25833")["features"][0]["geometry"]
                self.assertIn(told["type"], {"Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})
        (tin,) = self.json(TYPENAMES="tin")["features"]
        self.assertEqual((tin["geometry"], tin["properties"]["name"]), (None, "tin"))
        self.assertTrue(eventually(lambda: "layer 'tin': 1 values or geometries are not of its kind" in town.service.logged(), 10))
        self.assertEqual(self.json(TYPENAMES="height")["features"][0]["geometry"]["coordinates"][2:], [112.5])

    def test_every_text_makes_well_formed_documents(self):
        """T117: control characters, `]]>`, `&`, a very long text, bytes."""
        clean = [re.sub(r"[\x01\x0b]", "", text) for text in ODD_TEXTS]
        for version, tag in (("2.0.0", "text"), ("1.1.0", "text"), ("1.0.0", "text")):
            root = ET.fromstring(self.well(self.get(query("WFS", VERSION=version, REQUEST="GetFeature", TYPENAME="odd"))).body)
            found = [element.text or "" for element in root.iter() if element.tag.endswith("}" + tag)]
            self.assertEqual([re.sub("\ufffd", "", text) for text in found], clean, version)
        self.assertEqual([feature["properties"]["text"] for feature in self.json(TYPENAMES="odd")["features"]], list(ODD_TEXTS))
        csv = self.well(self.ask(TYPENAMES="odd", OUTPUTFORMAT="text/csv")).body
        self.assertNotIn(b"\x00", csv)
        for kind in ("text/html", "text/xml", "application/json", "text/plain"):
            answer = self.well(self.get(query("WMS", VERSION="1.3.0", REQUEST="GetFeatureInfo", LAYERS="odd", QUERY_LAYERS="odd", STYLES="", CRS="EPSG:25833", WIDTH=100, HEIGHT=100, I=50, J=50,
                                              BBOX=f"{WEST - 50},{SOUTH - 50},{WEST + 50},{SOUTH + 50}", INFO_FORMAT=kind, FEATURE_COUNT=10, FORMAT="image/png")))
            if kind == "text/xml":
                ET.fromstring(answer.body)
            if kind == "application/json":
                self.assertEqual(len(json.loads(answer.body)["features"]), len(ODD_TEXTS))
            if kind == "text/html":
                self.assertNotIn("<b> ", answer.text)
                self.assertIn("&lt;b&gt;", answer.text)

    def test_one_forbidden_type_refuses_the_whole_request(self):
        """T118: as one that does not exist, in the list or in parentheses, in KVP or XML, without a part of the others."""
        for form in ("tree,{}", "{},tree", "(tree)({})"):
            answers = [self.ask(TYPENAMES=form.format(name), COUNT=1) for name in ("pipes", "nothing")]
            self.assertEqual(self.error(answers[0]), ("InvalidParameterValue", "typeName"))
            self.assertNotIn("Baum", answers[0].text)
            self.assertEqual(answers[0].text.replace("pipes", "N"), answers[1].text.replace("nothing", "N"))
        tree, other, both = '<wfs:Query typeNames="tree"/>', '<wfs:Query typeNames="{}"/>', '<wfs:Query typeNames="tree {}"/>'
        for form in (tree + other, other + tree, both):
            hidden, missing = (self.post(form.format(name)) for name in ("pipes", "nothing"))
            self.assertEqual(self.error(hidden), ("InvalidParameterValue", "typeName"), form)
            self.assertNotIn("Baum", hidden.text)
            self.assertEqual(hidden.text.replace("pipes", "N"), missing.text.replace("nothing", "N"), form)
        self.assertEqual(len(self.json(TYPENAMES="tree,pipes", COUNT=60, headers=town.keys["netz"])["features"]), 60)
        self.assertEqual(len(self.json(TYPENAMES="pipes,tree", COUNT=60, headers=town.keys["netz"])["features"]), 60)


class LargeTable(Asking):
    """A table of PostGIS above the row limit, which is asked at its source."""
    ROWS = 300_000

    @classmethod
    def setUpClass(cls):
        cls.schema = f"large_{os.getpid()}"
        AnswersTown.sql(f"""CREATE SCHEMA {cls.schema}; CREATE UNLOGGED TABLE {cls.schema}.large (id int PRIMARY KEY, name text, geom geometry(Point, 25833));
            INSERT INTO {cls.schema}.large SELECT n, 'Baum ' || n, ST_SetSRID(ST_MakePoint({WEST} + n % 1000, {SOUTH} + n / 1000), 25833) FROM generate_series(1, {cls.ROWS}) n;
            CREATE INDEX ON {cls.schema}.large USING gist (geom); ANALYZE {cls.schema}.large""")

        def make(other):
            from qgis.core import QgsVectorLayer
            layer = QgsVectorLayer(f"{SERVER} key='id' srid=25833 type=Point table=\"{cls.schema}\".\"large\" (geom)", "large", "postgres")
            assert layer.isValid()
            layer.serverProperties().setShortName("large")
            return [write_project(other / "town.qgz", layer)]
        cls.other = Town(make, '[disclosure]\nother_sources = "public"\n[cache]\nrows_per_layer = 1000\n[access.roles.netz]\nclasses = ["kritis"]\n[access.roles.betrieb]\nadmin = true\n')

    @classmethod
    def tearDownClass(cls):
        cls.other.close()
        AnswersTown.sql(f"DROP SCHEMA IF EXISTS {cls.schema} CASCADE")

    def test_it_is_counted_exactly_and_never_up_to_a_limit(self):
        """T108."""
        for more, expected in (({}, self.ROWS), ({"BBOX": f"{WEST - 0.5},{SOUTH - 0.5},{WEST + 9.5},{SOUTH + 9.5}"}, 99)):
            answer = self.other.service.get(query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="large", COUNT=5, RESULTTYPE="hits", **more))
            self.assertEqual(answer.status, 200, answer.text)
            self.assertEqual(ET.fromstring(answer.body).get("numberMatched"), str(expected))

    def test_an_answer_whose_source_dies_does_not_look_complete(self):
        """T114: the data base ends the connections while the answer is on its way."""
        import http.client
        connection = http.client.HTTPConnection("127.0.0.1", self.other.service.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request("GET", query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="large", OUTPUTFORMAT=GEOJSON))
        response = connection.getresponse()
        self.assertEqual((response.status, response.getheader("transfer-encoding")), (200, "chunked"))
        begin = response.read(1000)
        self.assertTrue(begin.startswith(b'{"type":"FeatureCollection"'), begin[:100])
        AnswersTown.sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%{self.schema}%'; ALTER TABLE {self.schema}.large RENAME TO gone")
        try:
            with self.assertRaises(http.client.IncompleteRead) as broken:
                response.read()
            with self.assertRaises(ValueError):
                json.loads(begin + broken.exception.partial)
        finally:
            AnswersTown.sql(f"ALTER TABLE {self.schema}.gone RENAME TO large")
        self.assertTrue(eventually(lambda: "broke off" in self.other.service.logged(), 10))
        target = query("WFS", VERSION="2.0.0", REQUEST="GetFeature", TYPENAMES="large", COUNT=1)
        self.assertTrue(eventually(lambda: self.other.service.get(target).status == 200, 20))


class WmsAnswers(Asking):
    BOX = (WEST - 50, SOUTH - 50, WEST + 450, SOUTH + 450)

    def ask(self, **parameters):
        headers = parameters.pop("headers", None)
        return self.get(query("WMS", **{"VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": "tree", "STYLES": "", "CRS": "EPSG:25833", "BBOX": ",".join(map(str, self.BOX)), "WIDTH": 256, "HEIGHT": 256,
                                        "FORMAT": "image/png", **parameters}), headers)

    def without(self, *names, **parameters):
        asked = {"VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": "tree", "STYLES": "", "CRS": "EPSG:25833", "BBOX": ",".join(map(str, self.BOX)), "WIDTH": 256, "HEIGHT": 256, "FORMAT": "image/png",
                 **parameters}
        return self.get(query("WMS", **{name: value for name, value in asked.items() if name not in names}))

    def picture(self, **parameters):
        return rgba(self.well(self.ask(**parameters)))

    def error(self, answer, version="1.3.0"):
        self.assertEqual(answer.status, 400, answer.body[:300])
        report = ET.fromstring(answer.body)
        self.assertEqual(report.get("version"), version)
        exception = next(element for element in report if element.tag.endswith("ServiceException"))
        return exception.get("code"), exception.get("locator")

    def info(self, crs="EPSG:25833", at=None, **more):
        """Asks at a place of the CRS of the layer for what is there; the box around it is 500 m wide."""
        x, y = at or spot(500)
        box = (x - 250, y - 250, x + 250, y + 250)
        return self.ask(**{"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": more.get("LAYERS", "tree"), "CRS": crs, "BBOX": ",".join(map(str, box)), "WIDTH": 500, "HEIGHT": 500, "I": 250, "J": 250,
                           "INFO_FORMAT": "application/json", **more})

    def found(self, **parameters):
        answer = self.well(self.info(**parameters))
        return [feature["id"] for feature in json.loads(answer.body)["features"]]

    def test_the_same_place_is_the_same_picture_in_every_axis_order(self):
        """T103: 4326 and 31468 with y first in 1.3.0 and x first in 1.1.1, CRS:84, 25833."""
        for code in (4326, 31468, 25833, 3857):
            (west, south), (east, north) = moved(WEST - 50, SOUTH - 50, 25833, code), moved(WEST + 450, SOUTH + 450, 25833, code)
            first = (south, west, north, east) if code in (4326, 31468) else (west, south, east, north)
            bodies = [self.well(self.ask(CRS=f"EPSG:{code}", BBOX=",".join(map(repr, first)))).body,
                      self.well(self.ask(VERSION="1.1.1", SRS=f"EPSG:{code}", BBOX=",".join(map(repr, (west, south, east, north))))).body]
            if code == 4326:
                bodies.append(self.well(self.ask(CRS="CRS:84", BBOX=",".join(map(repr, (west, south, east, north))))).body)
            self.assertEqual(len(set(bodies)), 1, code)
            gdal.FileFromMemBuffer("/vsimem/map", bodies[0])
            self.assertGreater(len(numpy.unique(gdal.Open("/vsimem/map").ReadAsArray())), 1, code)

    def test_what_is_missing_or_unknown_is_told(self):
        """T140."""
        self.assertEqual(self.without("STYLES").body, self.well(self.ask()).body)
        self.assertEqual(self.error(self.without("LAYERS")), ("MissingParameterValue", "LAYERS"))
        self.assertEqual(self.error(self.ask(STYLES="nope")), ("StyleNotDefined", "STYLES"))
        for name in ("CRS", "BBOX", "WIDTH", "HEIGHT", "FORMAT"):
            self.assertEqual(self.error(self.without(name)), ("MissingParameterValue", name))

    def test_descriptions_of_styles_that_cannot_be_read_are_errors(self):
        """T141."""
        sld = ('<StyledLayerDescriptor xmlns="http://www.opengis.net/sld" version="1.0.0"><NamedLayer><Name>{}</Name><UserStyle><FeatureTypeStyle><Rule><PointSymbolizer/></Rule></FeatureTypeStyle>'
               '</UserStyle></NamedLayer></StyledLayerDescriptor>')
        for garbage in ("garbage", "<StyledLayerDescriptor>", "<a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "\x00"):
            answer = self.ask(SLD_BODY=garbage)
            if garbage != "\x00":
                self.assertEqual(self.error(answer), ("InvalidParameterValue", "SLD_BODY"), garbage)
            self.assertEqual(answer.status, 400, garbage)
            self.assertNotEqual(answer.headers["content-type"], "image/png")
        self.assertEqual(self.error(self.ask(SLD_BODY=sld.format("nothing"))), ("LayerNotDefined", "SLD_BODY"))
        self.assertEqual(self.error(self.ask(SLD_BODY=sld.format("pipes"))), ("LayerNotDefined", "SLD_BODY"))
        self.assertEqual(self.ask(SLD_BODY=sld.format("tree")).status, 200)

    def test_errors_may_come_as_pictures(self):
        """T142."""
        for how in ("INIMAGE", "application/vnd.ogc.se_inimage"):
            shown = self.picture(LAYERS="nothing", EXCEPTIONS=how, WIDTH=300, HEIGHT=100)
            self.assertEqual(shown.shape[:2], (100, 300))
            self.assertGreater(len(numpy.unique(shown[..., :3])), 1, "words")
        for how in ("BLANK", "application/vnd.ogc.se_blank"):
            blank = self.picture(LAYERS="nothing", EXCEPTIONS=how, WIDTH=30, HEIGHT=20, BGCOLOR="0x112233")
            self.assertEqual(blank.shape[:2], (20, 30))
            self.assertEqual({tuple(pixel) for pixel in blank.reshape(-1, 4)}, {(0x11, 0x22, 0x33, 255)})
            self.assertTrue((self.picture(LAYERS="nothing", EXCEPTIONS=how, TRANSPARENT="TRUE")[..., 3] == 0).all())
        self.assertEqual(self.error(self.ask(LAYERS="nothing", EXCEPTIONS="XML")), ("LayerNotDefined", "LAYERS"))

    def test_beyond_its_scales_a_layer_is_an_empty_picture(self):
        """T143."""
        self.assertTrue((self.picture(LAYERS="near", TRANSPARENT="TRUE")[..., 3] == 0).all())
        close = f"{WEST - 5},{SOUTH - 5},{WEST + 15},{SOUTH + 15}"
        self.assertTrue((self.picture(LAYERS="near", TRANSPARENT="TRUE", BBOX=close)[..., 3] > 0).any())

    def test_ground_is_as_asked_for(self):
        """T144."""
        self.assertTrue((self.picture(TRANSPARENT="TRUE", FORMAT="image/jpeg")[..., 3] == 255).all())
        for wrong in ("0xGGGGGG", "#fff", "red", "0xFF00", "0xFF00000"):
            self.assertEqual(self.error(self.ask(BGCOLOR=wrong)), ("InvalidParameterValue", "BGCOLOR"), wrong)
        self.assertEqual(tuple(self.picture(BGCOLOR="0xFF0000")[0, 0]), (255, 0, 0, 255))

    def test_points_outside_of_the_picture_are_refused(self):
        """T145: with the value that was sent in the message."""
        for more, told in (({"I": 500}, "500"), ({"I": -1}, "-1"), ({"J": "abc"}, "abc"), ({"I": ""}, "I "), ({"J": ""}, "J "), ({"I": 1e9}, "1000000000")):
            answer = self.info(**more)
            self.assertEqual(self.error(answer), ("InvalidPoint", next(iter(more))), more)
            self.assertIn(told, answer.text)
        answer = self.info(VERSION="1.1.1", SRS="EPSG:25833", X=700, Y=1, I="", J="")
        self.assertEqual(self.error(answer, "1.1.1"), ("InvalidPoint", None), "1.1.1 has no locators")

    def test_what_cannot_be_queried_says_so(self):
        """T146: and what is queried need not be drawn."""
        self.assertEqual(self.error(self.info(LAYERS="silent")), ("LayerNotQueryable", "QUERY_LAYERS"))
        self.assertEqual(self.error(self.info(LAYERS="tree", QUERY_LAYERS="nothing")), ("LayerNotDefined", "QUERY_LAYERS"))
        self.assertEqual(self.found(LAYERS="road", QUERY_LAYERS="tree"), ["tree.500"])

    def test_map_and_feature_information_have_one_scale(self):
        """Where a layer is at the end of its scales the map stops to show it and the information to tell it at the same box, in metres and in degrees."""
        x, y = spot(500)
        for code in (25833, 4326, 3857, 31468):
            def box(half):
                (west, south), (east, north) = moved(x - half, y - half, 25833, code), moved(x + half, y + half, 25833, code)
                return {"LAYERS": "near", "CRS": f"EPSG:{code}", "BBOX": ",".join(map(repr, (south, west, north, east) if code in (4326, 31468) else (west, south, east, north))), "WIDTH": 200, "HEIGHT": 200}
            shown, hidden = 10.0, 200.0   # metres to each side; 28 are 1:1000 in metres, in degrees the pixels are not square
            for _ in range(16):
                half = (shown + hidden) / 2
                drawn = (self.picture(TRANSPARENT="TRUE", **box(half))[..., 3] > 0).any()
                shown, hidden = (half, hidden) if drawn else (shown, half)
            self.assertTrue(15 < shown < 80, (code, shown))
            found = [self.found(**box(half), I=100, J=100) for half in (shown, hidden)]
            self.assertEqual(found, [["near.500"], []], code)

    def test_html_tells_that_it_is_empty(self):
        """T147."""
        nowhere, here = self.well(self.info(at=(WEST - 2000, SOUTH), INFO_FORMAT="text/html")), self.well(self.info(INFO_FORMAT="text/html"))
        self.assertIn('<body class="ogc-getfeatureinfo-isempty">', nowhere.text)
        self.assertNotIn("isempty", here.text)

    def test_the_same_features_are_found_in_every_crs(self):
        """T148: CRS, resolution, tolerance, kinds of geometry, scale, joined columns, labels of values, hidden fields."""
        x, y = spot(500)
        for code in (25833, 4326, 3857, 31468):
            (west, south), (east, north) = moved(x - 100, y - 100, 25833, code), moved(x + 100, y + 100, 25833, code)
            box = (south, west, north, east) if code in (4326, 31468) else (west, south, east, north)
            for more in ({}, {"DPI": 300}):
                self.assertEqual(self.found(crs=f"EPSG:{code}", BBOX=",".join(map(repr, box)), WIDTH=201, HEIGHT=201, I=100, J=100, **more), ["tree.500"], code)
        # A pixel is a metre: the tree is at 8.5 pixels at most from the middle of the asked one.
        self.assertEqual((self.found(at=(x + 4, y)), self.found(at=(x - 3, y), FI_POINT_TOLERANCE=2), self.found(at=(x - 3, y), FI_POINT_TOLERANCE=4)), (["tree.500"], [], ["tree.500"]))
        self.assertEqual(self.found(LAYERS="road", at=(WEST + 105, SOUTH + 304)), ["road.1"])
        self.assertEqual(self.found(LAYERS="road", at=(WEST + 105, SOUTH + 310)), [])
        self.assertEqual(self.found(LAYERS="lot", at=(WEST + 50, SOUTH + 375)), ["lot.1"])
        self.assertEqual(self.found(LAYERS="lot", at=(WEST + 103, SOUTH + 375)), [])
        self.assertEqual(self.found(LAYERS="near"), [], "not shown at this scale")
        text = self.well(self.info(LAYERS="ground", at=(WEST + 15, SOUTH + 395), INFO_FORMAT="text/plain")).text
        self.assertRegex(text, r"= '?1\b", "row 0, column 1")
        for kind in ("application/json", "text/html", "text/xml", "text/plain", "application/vnd.ogc.gml"):
            text = self.well(self.info(INFO_FORMAT=kind)).text
            self.assertIn("Ahorn", text, kind)   # 500 % 3 = 2
            self.assertIn("Stadt", text, kind)   # joined: 500 % 2 + 1 = 1
            self.assertNotIn("geheim", text, kind)
            self.assertNotIn("secret", text, kind)

    def legend(self, **more):
        return self.get(query("WMS", **{"VERSION": "1.3.0", "REQUEST": "GetLegendGraphic", "LAYER": "rules", "FORMAT": "image/png", **more}))

    def test_legends_of_every_kind(self):
        """T149."""
        self.assertEqual(self.error(self.legend(RULE="nothing")), ("InvalidParameterValue", "RULE"))
        one = self.well(self.legend(RULE="Eiche und Größe"))
        latin = self.get(query("WMS", VERSION="1.3.0", REQUEST="GetLegendGraphic", LAYER="rules", FORMAT="image/png") + "&RULE=Eiche+und+Gr%F6%DFe")
        self.assertEqual(latin.status, 400)
        self.assertIn("UTF-8", latin.text)
        self.assertTrue(one.body.startswith(b"\x89PNG"))
        for more in ({"SCALE": 500}, {"SCALE": 1e9}, {"DPI": 600}, {"TRANSPARENT": "TRUE"}, {"WIDTH": 40, "HEIGHT": 20}, {"BBOX": ",".join(map(str, self.BOX)), "CRS": "EPSG:25833"}):
            self.assertTrue(self.well(self.legend(**more)).body.startswith(b"\x89PNG"), more)
        self.assertEqual(self.error(self.legend(DPI=1_000_000))[0], "InvalidParameterValue")
        nodes = json.loads(self.well(self.legend(FORMAT="application/json")).body)["nodes"]
        self.assertEqual([symbol["title"] for symbol in nodes[0]["symbols"]], ["Eiche und Größe", "Rest"])
        few = json.loads(self.well(self.legend(LAYER="many", FORMAT="application/json", BBOX=f"{WEST - 1},{SOUTH - 1},{WEST + 11},{SOUTH + 1}", CRS="EPSG:25833")).body)["nodes"]
        self.assertEqual({symbol["title"] for symbol in few[0]["symbols"]}, {"Baum 1", "Baum 2"}, "of what is in the box")
        everything = self.legend(LAYER="many", FORMAT="application/json")
        self.assertEqual(len(json.loads(self.well(everything).body)["nodes"][0]["symbols"]), 1000)
        self.assertTrue(self.well(self.legend(LAYER="many")).body.startswith(b"\x89PNG"))
        self.assertEqual(self.get("/healthz").status, 200)

    def test_groups_and_odd_names_are_drawn_as_they_are_listed(self):
        """T150."""
        root = ET.fromstring(self.well(self.get(query("WMS", REQUEST="GetCapabilities", VERSION="1.3.0"))).body)
        names = [name.text for name in root.findall(".//wms:Layer/wms:Name", NS)]
        self.assertEqual(len(names), len(set(names)))
        for group in ("outer", "inner", "either", "Größe der Stadt"):
            self.assertIn(group, names)
        self.assertFalse([name for name in names if "," in name])
        projects = json.loads(town.service.get("/admin?f=json", town.keys["betrieb"]).body)["projects"]
        self.assertEqual({name for project in projects for name in project["odd_names"]}, {name for name in names if not re.fullmatch(r"[0-9a-zA-Z.\-_: +]*", name)})
        for name in names:
            if name not in ("many", "labels"):
                self.well(self.ask(LAYERS=name, WIDTH=64, HEIGHT=64))
                self.well(self.legend(LAYER=name))
        self.assertEqual(self.ask(LAYERS="outer").body, self.ask(LAYERS="inner").body)
        self.assertEqual(self.ask(LAYERS="inner").body, self.ask(LAYERS="lot,road").body)
        self.assertEqual(self.ask(LAYERS="tree,tree").body, self.ask(LAYERS="tree").body)
        self.assertEqual(self.ask(LAYERS="either").body, self.ask(LAYERS="one").body, "the one of them that the project shows")
        blank = self.ask(LAYERS="near", WIDTH=64, HEIGHT=64).body
        for name in ("Höfe & Wege", "Höfe_ alle"):
            self.assertNotEqual(self.well(self.ask(LAYERS=name, WIDTH=64, HEIGHT=64)).body, blank, name)

    def test_a_hundred_at_once_are_the_same_bytes(self):
        """T152: also with labels."""
        for layers, box in (("tree,lot", self.BOX), ("labels", (WEST - 5, SOUTH - 5, WEST + 35, SOUTH + 35))):
            with concurrent.futures.ThreadPoolExecutor(16) as pool:
                answers = list(pool.map(lambda _: self.ask(LAYERS=layers, BBOX=",".join(map(str, box))), range(100)))
            self.assertEqual({answer.status for answer in answers}, {200})
            self.assertEqual(len({answer.body for answer in answers}), 1, layers)

    def test_dimensions_that_no_layer_has_are_passed_over(self):
        """T153."""
        plain = self.well(self.ask()).body
        for more in ({"ELEVATION": 5}, {"DIM_FOO": "x"}, {"TIME": "2020-01-01"}):
            self.assertEqual(self.well(self.ask(**more)).body, plain, more)
        root = ET.fromstring(self.get(query("WMS", REQUEST="GetCapabilities", VERSION="1.3.0")).body)
        self.assertIsNone(root.find(".//wms:Dimension", NS))

    def test_update_sequences_are_compared(self):
        """T154."""
        ask = lambda **more: self.get(query("WMS", REQUEST="GetCapabilities", VERSION="1.3.0", **more))
        current = ET.fromstring(ask().body).get("updateSequence")
        self.assertEqual(self.error(ask(UPDATESEQUENCE=current))[0], "CurrentUpdateSequence")
        self.assertEqual(self.error(ask(UPDATESEQUENCE="9999-01-01T00:00:00.000Z"))[0], "InvalidUpdateSequence")
        self.assertEqual(self.well(ask(UPDATESEQUENCE="1970-01-01T00:00:00.000Z")).body, ask().body)

    def test_the_names_of_the_other_version_are_taken(self):
        """T155: SRS in 1.3.0, CRS in 1.1.1."""
        expected = self.well(self.ask()).body
        self.assertEqual(self.well(self.without("CRS", SRS="EPSG:25833")).body, expected)
        self.assertEqual(self.well(self.ask(VERSION="1.1.1")).body, expected)


if __name__ == "__main__":
    run_tests()
