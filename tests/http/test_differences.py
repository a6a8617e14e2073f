# SPDX-License-Identifier: GPL-2.0-or-later
"""The same requests to us, to QGIS Server and to MapServer about the same city: every difference is of a kind that docs/conformance/differences.md explains.

STADTGDI_ROUNDS: how many times as many requests, each round with seeds of its own."""
import collections
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import time
import unittest
from urllib.parse import unquote_plus, urlencode

from osgeo import gdal
from qgis.core import Qgis, QgsProject, QgsWkbTypes
from qgis.PyQt.QtCore import QVariant

import answers
import differences
import peers
from generated_requests import COMPARISONS, NORTH_FIRST, SPATIAL, Generator, Layer, written
from one_picture import Map, compare, drawn, picture_of, run_tests, serve_everything
from service import stadtgdi

gdal.UseExceptions()
DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/conformance/differences.md"
VALUES = {QVariant.String: "text", QVariant.Int: "integer", QVariant.LongLong: "integer", QVariant.Double: "real", QVariant.Bool: "boolean", QVariant.Date: "date", QVariant.DateTime: "time"}
OFFERED = ("EPSG:25833", "EPSG:25832", "EPSG:4258", "EPSG:4326", "EPSG:3857", "EPSG:3035")
ROUNDS = int(os.environ.get("STADTGDI_ROUNDS", "1"))
MANY = 300   # rows; above it they are counted alone


class Differences(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_differences_")
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 3, "--out", cls.folder).returncode == 0
        city, project = os.path.join(cls.folder, "demo.gpkg"), os.path.join(cls.folder, "demo.qgz")
        assert stadtgdi("project", city, "--language", "de", "--out", project).returncode == 0
        cls.project = QgsProject.instance()
        assert cls.project.read(project)
        cls.layers = [layer_of(tree.layer()) for tree in cls.project.layerTreeRoot().findLayers() if tree.layer().isSpatial()]
        cls.groups = {group.customProperty("wmsShortName"): group for group in cls.project.layerTreeRoot().findGroups(True)}
        cls.service, cls.key = serve_everything(cls.folder, project)
        cls.addClassCleanup(cls.service.stop)
        cls.qgis = peers.qgis_server(cls.folder, project)
        cls.addClassCleanup(cls.qgis.stop)
        copy = copy_with_ids(city, cls.layers)
        cls.mapserver = peers.mapserver(cls.folder, " ".join(OFFERED), [map_layer(layer, copy) for layer in cls.layers])
        cls.addClassCleanup(cls.mapserver.stop)
        cls.report = differences.Report()

    @classmethod
    def tearDownClass(cls):
        print(cls.report, file=sys.stderr)
        cls.project.clear()

    def setUp(self):
        self.began, self.before = time.monotonic(), len(self.report.unexplained)

    def tearDown(self):
        print(f"{self._testMethodName} {time.monotonic() - self.began:.1f} s", file=sys.stderr, flush=True)
        alike = collections.defaultdict(list)
        for difference in self.report.unexplained[self.before:]:
            alike[difference.peer, difference.what].append(difference)
        if alike:
            self.fail("Differences of no kind:\n" + "\n".join(f"{len(same)} x {same[0]}" for same in list(alike.values())[:40]))

    def layer(self, name):
        return next(layer for layer in self.layers if layer.name == name)

    def ours(self, parameters):
        return self.service.get("/demo/ows?" + urlencode(parameters), self.key)

    def compare(self, peer, parameters, read, theirs=None):
        """`read`: what differs between two answers; None where both shall refuse. `theirs`: our answer and the peer's, where it is not asked for the same."""
        name, operation = "QGIS Server" if peer is self.qgis else "MapServer", f"{parameters['SERVICE']} {parameters['REQUEST']}"
        try:
            mine, other = theirs or (self.ours(parameters), peer.get("/?" + urlencode(parameters)))
            found = list(self.between(mine, other, read))
        except peers.Ended:
            found = [("crash", "an answer", "none")]
        self.report.compared(name, operation, unquote_plus(urlencode(parameters)), found)

    @staticmethod
    def between(mine, other, read):
        refused = tuple(answers.error_code(answer) for answer in (mine, other))
        if read is None:
            if refused[0] is None:
                yield "wrong request passes with us", mine.body[:300], refused[1] or other.status
            elif refused[1] is None:
                yield "wrong request passes", refused[0], other.status
            elif refused[0] != refused[1]:
                yield "code", *refused
        elif refused == (None, None) and (mine.status, other.status) == (200, 200):
            yield from read(mine, other)
        else:
            yield "refusal", refused[0] and mine.text[-300:] or mine.status, refused[1] and other.text[-300:] or other.status

    # --- WMS -------------------------------------------------------------------------------------------------------------

    def test_capabilities_name_the_same_layers(self):
        for version in ("1.3.0", "1.1.1"):
            wanted = {"SERVICE": "WMS", "VERSION": version, "REQUEST": "GetCapabilities"}
            self.compare(self.qgis, wanted, lambda a, b: differences.layers(answers.wms_layers(a), answers.wms_layers(b)))
            self.compare(self.mapserver, wanted, lambda a, b: differences.named_layers(answers.wms_layers(a), answers.wms_layers(b), {layer.name: layer.crs for layer in self.layers}))

    def test_capabilities_name_the_same_feature_types(self):
        names, first = ({layer.name for layer in self.layers if layer.crs in crs} for crs in (OFFERED, OFFERED[:1]))
        for version in ("1.0.0", "1.1.0", "2.0.0"):
            wanted, by = {"SERVICE": "WFS", "VERSION": version, "REQUEST": "GetCapabilities"}, differences.MILLIMETRE if version == "1.0.0" else differences.IN_DEGREES
            if version != "2.0.0":
                self.compare(self.qgis, wanted, lambda a, b: differences.feature_types(answers.feature_types(a), answers.feature_types(b), by))
            # Its map has no table without places and no texts but titles, and the first CRS of the map is that of every type.
            kept = first if version == "1.0.0" else names
            self.compare(self.mapserver, wanted, lambda a, b: differences.feature_types(*({name: values if name in first else {**values, "crs": "any", "other crs": {values["crs"], *values["other crs"]}}
                                                                                           for name, values in answers.feature_types(one).items() if name in kept} for one in (a, b)), by, ("abstract", "keywords")))

    def test_maps_are_the_same_pictures(self):
        for seed in range(ROUNDS):
            generator = Generator(1000 + seed, self.layers)
            for _ in range(40):
                names = generator.random.sample([layer.name for layer in self.layers] + list(self.groups), generator.random.choice((1, 1, 2, 3)))
                wanted = {**generator.map(names, OFFERED), "DPI": generator.random.choice((90, 96, 150))}
                self.compare(self.qgis, wanted, lambda a, b: self.pictures(wanted, a, b))

    def pictures(self, wanted, mine, other):
        transparent = wanted["TRANSPARENT"] == "TRUE"
        difference = compare(picture_of(mine), picture_of(other), transparent)
        if difference.is_one_picture:
            return
        # The peer is asked once more, for the layers by name that the names stand for with us.
        names, what = [], None
        for name in wanted["LAYERS"].split(","):
            members = [name]
            if name in self.groups:
                members = [layer.layer().serverProperties().shortName() for layer in reversed(self.groups[name].findLayers())]
            for member in members:
                if member in names:
                    names.remove(member)
                    what = what or "picture of a layer named twice"
                names.append(member)
        if what and compare(picture_of(mine), picture_of(self.qgis.get("/?" + urlencode({**wanted, "LAYERS": ",".join(names), "STYLES": ""}))), transparent).is_one_picture:
            yield what, difference, wanted["LAYERS"]
            return
        crs, box = wanted.get("CRS") or wanted["SRS"], [float(side) for side in wanted["BBOX"].split(",")]
        if "CRS" in wanted and crs in NORTH_FIRST:
            box = [box[1], box[0], box[3], box[2]]
        own = drawn(self.project, [self.layer(name).source for name in names], Map(crs, tuple(box), wanted["WIDTH"], wanted["HEIGHT"], wanted["DPI"], transparent))
        yield "picture that is not QGIS's own" if compare(picture_of(mine), own, transparent).is_one_picture else "picture", difference, f"of QGIS's own: {compare(picture_of(other), own, transparent)}"

    def test_points_have_the_same_rows(self):
        for seed in range(ROUNDS):
            generator = Generator(4000 + seed, self.layers)
            pick = generator.random
            for _ in range(50):
                wanted = generator.map([layer.name for layer in pick.sample(self.layers, pick.choice((1, 1, 2)))], OFFERED, (150, 1000))   # no more rows than FEATURE_COUNT
                at = ("I", "J") if wanted["VERSION"] == "1.3.0" else ("X", "Y")
                wanted |= {"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": wanted["LAYERS"], "INFO_FORMAT": "text/xml", "FEATURE_COUNT": 1000,
                           at[0]: wanted["WIDTH"] // 2 + pick.randint(-15, 15), at[1]: wanted["HEIGHT"] // 2 + pick.randint(-15, 15)}
                tolerances = {"FI_POINT_TOLERANCE": 10, "FI_LINE_TOLERANCE": 6, "FI_POLYGON_TOLERANCE": 2}
                wider = {name: 2 * pixels for name, pixels in tolerances.items()}
                self.compare(self.qgis, {**wanted, **tolerances}, lambda a, b: differences.information(
                    answers.information(a), answers.information(b), lambda: answers.information(self.ours({**wanted, **wider})),
                    lambda: self.of_qgis({**wanted, **wider}, in_other_crs=True), lambda: self.of_qgis(with_old_axes({**wanted, **tolerances}))))

    def of_qgis(self, wanted, in_other_crs=False):
        """Feature information of QGIS Server, or of those layers alone that are in another CRS."""
        if wanted is None:
            return {}
        found = answers.information(self.qgis.get("/?" + urlencode(wanted)))
        return {name: rows for name, rows in found.items() if not in_other_crs or self.layer(name).crs != (wanted.get("CRS") or wanted.get("SRS"))}

    def test_legends_have_the_same_titles(self):
        for layer in self.layers:
            wanted = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetLegendGraphic", "SLD_VERSION": "1.1.0", "LAYER": layer.name, "STYLE": ""}
            self.compare(self.qgis, {**wanted, "FORMAT": "application/json"}, lambda a, b: differences.legends(json.loads(a.text), json.loads(b.text)))
            self.compare(self.qgis, {**wanted, "LAYERTITLE": "FALSE", "FORMAT": "image/png"}, lambda a, b: differences.legend_sizes(picture_of(a), picture_of(b)))

    # --- WFS -------------------------------------------------------------------------------------------------------------

    def features(self, peer, layer, parameters, in_order=False, holds=None, key=None):
        """`holds`: whether a row is one of those that are asked for, computed here. `key`: the field that tells rows apart where answers have no ids."""
        version, crs = parameters["VERSION"], parameters.get("SRSNAME", layer.crs)
        wanted = {"SERVICE": "WFS", "REQUEST": "GetFeature", "TYPENAMES" if version == "2.0.0" else "TYPENAME": layer.name, **parameters}
        computed = [f"{layer.name}.{row.id()}" for row in layer.rows if holds(row) is True] if holds else None
        if computed is not None and len(computed) > MANY:
            if version == "1.0.0":   # which cannot be asked for a count
                return
            wanted = {**wanted, "RESULTTYPE": "hits"}
            wanted.pop("PROPERTYNAME")
        if peer is self.mapserver and "SRSNAME" in wanted and version != "1.0.0":
            wanted["SRSNAME"] = "urn:ogc:def:crs:EPSG::" + crs.partition(":")[2]
        types = {name: kind for name, kind in layer.fields.items() if "PROPERTYNAME" not in wanted or name in wanted["PROPERTYNAME"].split(",")}

        def read(a, b):
            a, b = answers.features(a, key), answers.features(b, key)
            if a.ids != b.ids:
                yield "ids in GeoJSON", a.ids[0], b.ids[0]
            yield from differences.feature_sets(a, b, crs, types, in_order, computed)
        self.compare(peer, wanted, read)

    def test_filters_find_the_same_features(self):
        names = ("trees_tree", "buildings_building", "walking_edge", "greenspace_site", "greenspace_unit", "districts_district", "buildings_entrance")
        for peer, versions in ((self.qgis, ("1.0.0", "1.1.0")), (self.mapserver, ("1.0.0", "1.1.0", "2.0.0"))):
            for seed in range(ROUNDS):
                generator = Generator(2000 + seed, self.layers)
                for operator in COMPARISONS + SPATIAL:
                    for version in versions if (peer, operator) != (self.qgis, "Equals") else ("1.1.0",):   # each time a new process is started
                        for _ in range(2 if operator != "Equals" else 1):
                            layer = self.layer(generator.random.choice(names))
                            condition, holds = generator.filter(layer, version, operator)
                            self.features(peer, layer, {"VERSION": version, "FILTER": condition, "PROPERTYNAME": ",".join(generator.random.sample(list(layer.fields), 3))}, holds=holds)

    def test_expressions_and_shown_geometries(self):
        """EXP_FILTER and GEOMETRYNAME, which QGIS Server alone has."""
        def quoted(text):
            return "'" + text.replace("'", "''") + "'"
        names = ("trees_tree", "buildings_building", "walking_edge", "greenspace_site", "districts_district", "buildings_entrance")
        for seed in range(ROUNDS):
            pick = Generator(6000 + seed, self.layers).random
            for number in range(60):
                layer = self.layer(pick.choice(names))
                rows = pick.sample(layer.rows, min(len(layer.rows), 6))
                known = {name: kind for name, kind in layer.fields.items() if kind in ("text", "integer", "real") and written(rows[0][name]) not in (None, "")}
                name = pick.choice(list(known))
                value, is_text = written(rows[0][name]), known[name] == "text"
                ids = "$id IN ( " + " , ".join(str(row.id()) for row in rows) + " )"
                expression, holds = pick.choice((
                    (ids, lambda row: True),
                    (f"$id = {rows[0].id()} OR {rows[1].id()} = $id", lambda row: row in (rows[0], rows[1])),
                    (f'{ids} AND NOT "{name}" IS NULL', lambda row: written(row[name]) is not None),
                    (f'{ids} AND "{name}" = {quoted(value) if is_text else value}', lambda row: written(row[name]) == value),
                    (f'{ids} AND ( "{name}" NOT IN ( {quoted(value) if is_text else value} ) )', lambda row: written(row[name]) not in (None, value)),
                    (f'{ids} AND "{name}" ILIKE {quoted("%" + value[:3].upper() + "%")}', lambda row: value[:3].lower() in (written(row[name]) or "").lower()) if is_text and not set("%_\\") & set(value[:3])
                    else (f"{ids} AND $id <> {rows[0].id()}", lambda row: row != rows[0])))
                among = {row.id() for row in rows}
                self.features(self.qgis, layer, {"VERSION": pick.choice(("1.0.0", "1.1.0")), "EXP_FILTER": expression, "GEOMETRYNAME": pick.choice(("none", "centroid", "Extent", "EXTENT", "geometry"))},
                              holds=lambda row: row.id() in among and holds(row))

    def test_boxes_pages_ids_and_counts(self):
        for peer, versions in ((self.qgis, ("1.0.0", "1.1.0")), (self.mapserver, ("1.0.0", "1.1.0", "2.0.0"))):
            for seed in range(ROUNDS):
                generator = Generator(3000 + seed, self.layers)
                pick = generator.random
                for number in range(50):
                    layer, version = pick.choice(self.layers), pick.choice(versions)
                    most = "COUNT" if version == "2.0.0" else "MAXFEATURES"
                    what = number % 5
                    if what == 0:
                        named = [layer.crs] if layer.crs in NORTH_FIRST and version != "1.0.0" else []   # by this name easting comes first; without one ours has the layer's own order
                        more = {"BBOX": ",".join([*map(repr, generator.box(layer, layer.crs, (50, 300))), *named])}
                    elif what == 1:
                        more = {"STARTINDEX": pick.randint(0, len(layer.rows)), most: 20}
                    elif what == 2:
                        more = {"RESOURCEID" if version == "2.0.0" else "FEATUREID": ",".join(f"{layer.name}.{row.id()}" for row in pick.sample(layer.rows, min(4, len(layer.rows))))}
                    elif what == 3 and version != "1.0.0":
                        more = {"RESULTTYPE": "hits"}
                    else:
                        more = {"SRSNAME": pick.choice(OFFERED), most: 50}
                    if peer is self.qgis or layer.crs == OFFERED[0]:   # MapServer takes all to be in the first CRS of its map
                        self.features(peer, layer, {"VERSION": version, **more}, in_order=what == 1)

    def test_geojson_is_the_same(self):
        for peer in (self.qgis, self.mapserver):
            for layer in self.layers:
                self.features(peer, layer, {"VERSION": "1.1.0", "MAXFEATURES": 20, "OUTPUTFORMAT": "geojson", "SRSNAME": layer.crs}, key="uuid")

    def test_types_are_the_same(self):
        for layer in self.layers:
            for peer, version in ((self.qgis, "1.1.0"), (self.mapserver, "2.0.0")):
                self.compare(peer, {"SERVICE": "WFS", "VERSION": version, "REQUEST": "DescribeFeatureType", "TYPENAMES" if version == "2.0.0" else "TYPENAME": layer.name},
                             lambda a, b: differences.types(answers.schema_types(a), answers.schema_types(b)))

    # --- both ------------------------------------------------------------------------------------------------------------

    def test_wrong_requests_are_refused_alike(self):
        picture = {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": "trees_tree", "STYLES": "", "CRS": "EPSG:25833", "BBOX": "389700,5719700,390050,5719950", "WIDTH": 70, "HEIGHT": 50, "FORMAT": "image/png"}
        information = {**picture, "REQUEST": "GetFeatureInfo", "QUERY_LAYERS": "trees_tree", "INFO_FORMAT": "text/xml", "I": 3, "J": 3}
        features = {"SERVICE": "WFS", "VERSION": "1.1.0", "REQUEST": "GetFeature", "TYPENAME": "greenspace_site"}
        of_2_0 = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "TYPENAMES": "greenspace_site"}
        for peer, right, wrongs in ((self.qgis, picture, ({"LAYERS": "nope"}, {"STYLES": "nope"}, {"CRS": "EPSG:999999"}, {"BBOX": "1,2,3"}, {"BBOX": "5,5,1,1"}, {"WIDTH": "many"}, {"FORMAT": "image/none"}, {"REQUEST": "GetNothing"},
                                                          {"CRS": None}, {"BBOX": None}, {"WIDTH": None}, {"LAYERS": None})),
                                    (self.qgis, information, ({"QUERY_LAYERS": "nope"}, {"INFO_FORMAT": "text/none"}, {"I": 1000}, {"J": None}, {"QUERY_LAYERS": None})),
                                    (self.qgis, features, ({"TYPENAME": "nope"}, {"TYPENAME": None}, {"FILTER": "<ogc:Filter"}, {"SRSNAME": "EPSG:999999"}, {"MAXFEATURES": "many"}, {"OUTPUTFORMAT": "none"},
                                                           {"REQUEST": "GetNothing"}, {"BBOX": "1,2,3"}, {"RESULTTYPE": "none"})),
                                    (self.mapserver, of_2_0, ({"TYPENAMES": "nope"}, {"TYPENAMES": None}, {"FILTER": "<fes:Filter"}, {"SRSNAME": "EPSG:999999"}, {"COUNT": "many"}, {"OUTPUTFORMAT": "none"},
                                                              {"REQUEST": "GetNothing"}, {"BBOX": "1,2,3"}))):
            for wrong in wrongs:
                self.compare(peer, {name: value for name, value in {**right, **wrong}.items() if value is not None}, None)


class Kinds(unittest.TestCase):
    def test_each_kind_is_explained(self):
        decided, choices = (re.findall(r"^### (\d+)\. (.*)$", part, re.M) for part in DOCUMENT.read_text(encoding="utf-8").split("## Choices of our own\n"))
        self.assertEqual(([title for _, title in decided], [title for _, title in choices]), (list(differences.KINDS), list(differences.CHOICES)))
        self.assertEqual([number for number, _ in decided + choices], [str(number) for number in range(1, len(decided + choices) + 1)])
        self.assertLessEqual(len(decided + choices), 20)


def layer_of(source):
    hidden = {field.name() for field in source.fields() if field.configurationFlags() & Qgis.FieldConfigurationFlag.HideFromWfs}
    hidden |= {source.fields()[index].name() for index in source.primaryKeyAttributes()}
    fields = {field.name(): VALUES[field.type()] for field in source.fields() if field.name() not in hidden}
    return Layer(source.serverProperties().shortName(), source.name(), source, fields, sorted(source.getFeatures(), key=lambda row: row.id()))


def table_of(layer):
    return layer.source.source().partition("layername=")[2].partition("|")[0]


def copy_with_ids(city, layers):
    """The city once more with a column `id`: MapServer's features take their id from a column."""
    path = shutil.copy(city, city.replace(".gpkg", "_with_ids.gpkg"))
    copy = gdal.OpenEx(path, gdal.OF_VECTOR | gdal.OF_UPDATE)
    for layer in layers:
        for statement in ("ALTER TABLE {} ADD COLUMN id INTEGER", "UPDATE {} SET id = fid"):
            copy.ExecuteSQL(statement.format(table_of(layer)))
    return path


def map_layer(layer, city):
    """Values of peers.MAP_LAYER."""
    box = layer.source.extent()
    shape = ("POINT", "LINE", "POLYGON")[layer.source.geometryType().value]
    return {"name": layer.name, "title": layer.title, "shape": shape, "file": city, "table": table_of(layer), "crs": layer.crs.lower(), "items": ",".join(layer.fields),
            "geometry": ("multi" if QgsWkbTypes.isMultiType(layer.source.wkbType()) else "") + shape.lower(), "extent": f"{box.xMinimum()} {box.yMinimum()} {box.xMaximum()} {box.yMaximum()}"}


def with_old_axes(wanted):
    """The same request of WMS 1.1.1; None where it has the same axes."""
    if wanted["VERSION"] != "1.3.0" or wanted["CRS"] not in NORTH_FIRST:
        return None
    south, west, north, east = wanted["BBOX"].split(",")
    names = {"CRS": "SRS", "I": "X", "J": "Y"}
    return {**{names.get(name, name): value for name, value in wanted.items()}, "VERSION": "1.1.1", "BBOX": ",".join((west, south, east, north))}


if __name__ == "__main__":
    run_tests()
