# SPDX-License-Identifier: GPL-2.0-or-later
"""What OGC's test suites of OGC API Features (Parts 1 and 2) and the abstract tests of Part 3 and CQL2 assert, of every collection of a small town."""
import datetime
import itertools
import json
import operator
import re
import socket
import urllib.parse

import jsonschema
from osgeo import ogr, osr

from assertion_town import KINDS, SHAPES, AssertionTown, shape
from one_picture import run_tests

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
METRES = "http://www.opengis.net/def/crs/EPSG/0/25833"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
COLLECTIONS = [*SHAPES, "fifteen", "seven"]
SIZES = {"fifteen": 15, "seven": 7, **{name: len(texts) + 1 for name, texts in SHAPES.items()}}


def transformed(geometry, code, source=25833):
    """To the CRS in the order of its authority."""
    from_metres, to = osr.SpatialReference(), osr.SpatialReference()
    from_metres.ImportFromEPSG(source)
    to.ImportFromEPSG(code)
    copy = geometry.Clone()
    copy.Transform(osr.CoordinateTransformation(from_metres, to))
    return copy


class Api(AssertionTown):
    def get(self, path, **parameters):
        headers = parameters.pop("headers", None)
        method = parameters.pop("method", "GET")
        query = urllib.parse.urlencode({name.replace("_", "-"): value for name, value in parameters.items()}, quote_via=urllib.parse.quote)
        return self.service.get("/town/ogcapi" + path + ("?" + query if query else ""), headers, method)

    def json(self, path, media="application/json", **parameters):
        answer = self.get(path, **parameters)
        self.assertEqual(answer.status, 200, answer.text[:500])
        self.assertEqual(answer.headers["content-type"], media)
        return json.loads(answer.body)

    def items(self, collection, **parameters):
        return self.json(f"/collections/{collection}/items", "application/geo+json", **{"limit": 1000, **parameters})

    def found(self, collection, **parameters):
        return [feature["id"] for feature in self.items(collection, **parameters)["features"]]

    def refused(self, path, status=400, **parameters):
        answer = self.get(path, **parameters)
        self.assertEqual((answer.status, answer.headers["content-type"]), (status, "application/problem+json"), (path, parameters))
        self.assertEqual(json.loads(answer.body)["status"], status)

    def follow(self, link):
        return self.service.get(link["href"][link["href"].index("/town"):], {"Accept": link["type"]})

    def links(self, document, *expected):
        """By relation; each has a type and an address, which answers with that type."""
        for link in document["links"]:
            self.assertTrue(link["href"] and link["rel"] and link["type"])
        found = {(link["rel"], link["type"]): link for link in document["links"]}
        self.assertTrue(set(expected) <= {rel for rel, _ in found}, (expected, found.keys()))
        return {rel: [link for (other, _), link in found.items() if other == rel] for rel, _ in found}


class Core(Api):
    def test_http_1_1_is_spoken(self):
        with socket.create_connection(("127.0.0.1", self.service.port)) as connection:
            connection.sendall(b"GET /town/ogcapi?f=json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            self.assertTrue(connection.recv(100).startswith(b"HTTP/1.1 200"))
        self.assertEqual(self.get("/collections", method="HEAD").status, 200)

    def test_the_landing_page_leads_everywhere(self):
        page = self.json("", f="json")
        links = self.links(page, "self", "alternate", "service-desc", "service-doc", "conformance", "data")
        for link in itertools.chain(*links.values()):
            answer = self.follow(link)
            self.assertEqual((answer.status, answer.headers["content-type"].split("; charset")[0]), (200, link["type"]), link)

    def test_the_api_is_described(self):
        api = self.json("/api", "application/vnd.oai.openapi+json;version=3.0")
        self.assertRegex(api["openapi"], r"^3\.0\.\d$")
        for path in ("/", "/conformance", "/collections", "/api"):
            self.assertIn(path, api["paths"])
        for path, item in api["paths"].items():
            for name in re.findall(r"\{(\w+)\}", path):
                declared = [self.resolved(api, parameter) for parameter in item["get"]["parameters"]]
                self.assertIn((name, "path", True), [(one["name"], one["in"], one["required"]) for one in declared if one["in"] == "path"], path)
            self.assertIn("200", item["get"]["responses"], path)
        operations = [item["get"]["operationId"] for item in api["paths"].values()]
        self.assertEqual(len(operations), len(set(operations)))

    def resolved(self, api, part):
        while "$ref" in part:
            reference, part = part["$ref"], api
            for step in reference.removeprefix("#/").split("/"):
                part = part[step.replace("~1", "/").replace("~0", "~")]
        return part

    def test_parameters_are_defined_as_the_standard_wants(self):
        api = self.json("/api", "application/vnd.oai.openapi+json;version=3.0")
        for collection in COLLECTIONS:
            parameters = {one["name"]: one for one in (self.resolved(api, part) for part in api["paths"][f"/collections/{collection}/items"]["get"]["parameters"])}
            bbox, limit, time = parameters["bbox"], parameters["limit"], parameters["datetime"]
            for one in (bbox, limit, time):
                self.assertEqual((one["in"], one["required"], one["style"], one["explode"]), ("query", False, "form", False))
            self.assertEqual(bbox["schema"]["type"], "array")
            self.assertEqual(bbox["schema"]["items"], {"type": "number"})
            self.assertEqual([(one["minItems"], one["maxItems"]) for one in bbox["schema"]["oneOf"]], [(4, 4), (6, 6)])
            self.assertEqual(limit["schema"]["type"], "integer")
            self.assertLessEqual(limit["schema"]["minimum"], limit["schema"]["default"])
            self.assertLessEqual(limit["schema"]["default"], limit["schema"]["maximum"])
            self.assertEqual(time["schema"]["type"], "string")
            properties = set(self.json(f"/collections/{collection}/queryables", "application/schema+json")["properties"]) - {"geometry"}
            self.assertTrue(properties <= set(parameters), collection)

    def test_conformance_is_declared(self):
        classes = self.json("/conformance")["conformsTo"]
        for one in ("1/1.0/conf/core", "1/1.0/conf/oas30", "1/1.0/conf/html", "1/1.0/conf/geojson", "2/1.0/conf/crs", "3/1.0/conf/queryables", "3/1.0/conf/queryables-query-parameters", "3/1.0/conf/filter",
                    "3/1.0/conf/features-filter"):
            self.assertIn("http://www.opengis.net/spec/ogcapi-features-" + one, classes)
        self.assertFalse([one for one in classes if "ogcapi-features-4" in one], "nothing is edited")

    def test_collections_are_listed_and_described(self):
        listed = self.json("/collections")
        self.links(listed, "self", "alternate")
        self.assertEqual([collection["id"] for collection in listed["collections"]], COLLECTIONS)
        for collection in listed["collections"]:
            self.assertEqual(self.json("/collections/" + collection["id"]), collection)
            items = self.links(collection, "items", QUERYABLES)["items"]
            self.assertEqual([link["type"] for link in items], ["application/geo+json", "text/html", "text/csv", "application/flatgeobuf"])
            for link in items:
                answer = self.follow(link)
                self.assertEqual((answer.status, answer.headers["content-type"].split("; charset")[0]), (200, link["type"]))
            west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
            self.assertTrue(13.3 < west <= east < 13.5 and 51.5 < south <= north < 51.7)
            self.assertEqual(collection["extent"]["spatial"]["crs"], CRS84)
        self.refused("/collections/dUmmYColLection", 404)
        self.refused("/collections/dUmmYColLection/items", 404)

    def check_features(self, answer, asked):
        """What holds of every answer with features."""
        document = json.loads(answer.body)
        self.assertEqual((answer.status, answer.headers["content-type"]), (200, "application/geo+json"))
        self.assertEqual(document["type"], "FeatureCollection")
        self.assertEqual({feature["type"] for feature in document["features"]} - {"Feature"}, set())
        links = self.links(document, "self", "alternate")
        self.assertEqual({link["type"] for link in links["alternate"]}, {"text/html", "text/csv", "application/flatgeobuf"})
        stamped = datetime.datetime.fromisoformat(document["timeStamp"].replace("Z", "+00:00"))
        self.assertLess(abs((datetime.datetime.now(datetime.timezone.utc) - stamped).total_seconds()), 60)
        self.assertEqual(document["numberReturned"], len(document["features"]))
        seen, page = [feature["id"] for feature in document["features"]], document
        while following := [link for link in page["links"] if link["rel"] == "next"]:
            page = json.loads(self.follow(following[0]).body)
            seen += [feature["id"] for feature in page["features"]]
        self.assertEqual(len(seen), len(set(seen)), asked)
        self.assertEqual(document["numberMatched"], len(seen), asked)
        return seen

    def test_features_by_limit_box_and_time(self):
        for collection in COLLECTIONS:
            path, size = f"/collections/{collection}/items", SIZES[collection]
            ids = list(range(1, size + 1))
            self.assertEqual(self.check_features(self.get(path), "plain"), ids)
            for limit in (1, 2, 3, 10, 10000, 20000):
                answer = self.get(path, limit=limit)
                self.assertEqual(len(json.loads(answer.body)["features"]), min(limit, size))
                self.assertEqual(self.check_features(answer, limit), ids)
            placed = ids if collection in ("fifteen", "seven") else ids[:-1]
            for box, expected in (("13,51,14,52", placed), ("-180,-90,180,90", placed), ("13,51,-100,14,52,1000", placed), ("51,13,52,14", []), ("0,0,1,1", [])):
                self.assertEqual(self.check_features(self.get(path, bbox=box), box), expected)
            timeless = [] if collection in ("fifteen", "seven") else [size]
            for time, days in (("2004-01-03", {3}), ("2004-01-03T10:00:00Z", {3}), ("2004-01-02/2004-01-04", {2, 3, 4}), ("2004-01-03/..", set(range(3, 16))), ("../2004-01-02", {1, 2}),
                               ("2004-01-03/", set(range(3, 16))), ("1990-01-01", set()), ("../..", set(range(1, 16)))):
                expected = [one for one in placed if one in days] + timeless
                self.assertEqual(self.check_features(self.get(path, datetime=time), time), sorted(set(expected)), time)

    def test_a_box_finds_what_meets_it(self):
        for (collection, texts), sides in itertools.product(SHAPES.items(), ((0, 0, 40, 40), (6, 6, 14, 14), (30, -20, 35, 100), (500, 500, 600, 600))):
            west, south, east, north = 390000 + sides[0], 5720000 + sides[1], 390000 + sides[2], 5720000 + sides[3]
            box = ogr.CreateGeometryFromWkt(f"POLYGON (({west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}))")
            expected = [number for number, text in enumerate(texts, 1) if shape(text).Intersects(box)]
            self.assertEqual(self.found(collection, bbox=f"{west},{south},{east},{north}", bbox_crs=METRES), expected, (collection, sides))

    def test_wrong_parameters_are_refused(self):
        for collection in COLLECTIONS:
            path = f"/collections/{collection}/items"
            for wrong in ({"limit": "invalid"}, {"limit": 0}, {"limit": -1}, {"bbox": "invalid"}, {"bbox": "1,2,3"}, {"bbox": "1,2,3,4,5"}, {"bbox": "13,52,14,51"}, {"datetime": "invalid"}, {"datetime": "2004-13-01"},
                          {"datetime": "2004-01-05/2004-01-01"}, {"unknown": 1}, {"crs": "dUmmYcRs"}, {"bbox-crs": "dUmmYcRs", "bbox": "1,2,3,4"}):
                self.refused(path, **wrong)
            self.refused(path + "/99", 404)
        for path in ("", "/conformance", "/collections", "/collections/points", "/collections/points/items/1", "/collections/points/queryables"):
            self.refused(path, unknown=1)

    def test_single_features_are_those_of_the_collection(self):
        for collection in COLLECTIONS:
            for feature in self.items(collection)["features"]:
                alone = self.json(f"/collections/{collection}/items/{feature['id']}", "application/geo+json")
                self.links(alone, "self", "alternate", "collection")
                self.assertEqual({**feature, "links": alone["links"]}, alone)

    def test_features_have_a_tag_and_nothing_is_edited(self):
        for path in ("/collections/points/items", "/collections/points/items/1"):
            tag = self.get(path).headers["etag"]
            self.assertEqual(self.get(path, headers={"If-None-Match": tag}).status, 304)
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                self.assertEqual(self.get(path, method=method).status, 405, method)
            self.assertEqual(self.get(path, method="OPTIONS").headers["allow"], "GET, HEAD, OPTIONS")

    def test_every_error_is_a_problem_whoever_tells_it(self):
        for path in ("", "/collections", "/collections/points/items"):
            for status, method, query in ((405, "POST", ""), (405, "PUT", ""), (405, "PATCH", ""), (405, "DELETE", ""), (405, "TRACE", ""), (400, "GET", "?api_key=1")):
                answer = self.get(path + query, method=method)
                self.assertEqual((answer.status, answer.headers["content-type"]), (status, "application/problem+json"), (path, method))
                problem = json.loads(answer.body)
                self.assertEqual((problem["type"], problem["status"]), ("about:blank", status))
                self.assertTrue(problem["title"] and problem["detail"])
        page = self.get("/collections", method="PUT", headers={"Accept": "text/html"})
        self.assertEqual((page.status, page.headers["content-type"]), (405, "text/html; charset=utf-8"))

    def test_pages_for_people_are_html(self):
        for path in ("", "/conformance", "/collections", "/collections/points", "/collections/points/items", "/collections/points/items/1", "/collections/points/queryables", "/api"):
            for answer in (self.get(path, f="html"), self.get(path, headers={"Accept": "text/html"})):
                self.assertEqual((answer.status, answer.headers["content-type"]), (200, "text/html; charset=utf-8"))
                self.assertTrue(answer.text.startswith("<!doctype html>") or answer.text.startswith("<!DOCTYPE html>"))


class Crs(Api):
    def test_collections_name_their_crs(self):
        for collection in self.json("/collections")["collections"]:
            self.assertEqual(len(collection["crs"]), len(set(collection["crs"])))
            self.assertIn(CRS84, collection["crs"])
            self.assertEqual(collection["storageCrs"], METRES)
            self.assertIn(METRES, collection["crs"])
            for name in collection["crs"]:
                self.assertRegex(name, r"^http://www\.opengis\.net/def/crs/(EPSG/0/\d+|OGC/1\.3/CRS84)$")

    def test_coordinates_are_transformed_and_the_header_says_so(self):
        """Against PROJ through OSR, the axes in the order of the authority."""
        for collection, texts in SHAPES.items():
            for name in self.json("/collections/" + collection)["crs"]:
                for path in (f"/collections/{collection}/items", f"/collections/{collection}/items/1"):
                    answer = self.get(path, crs=name)
                    self.assertEqual(answer.headers["content-crs"], f"<{name}>")
                features = self.items(collection, crs=name)["features"]
                code = 4326 if name == CRS84 else int(name.split("/")[-1])
                for text, feature in zip(texts, features):
                    expected, ours = transformed(shape(text), code), ogr.CreateGeometryFromJson(json.dumps(feature["geometry"]))
                    if name == CRS84:
                        expected.SwapXY()
                    self.assertEqual(ours.GetGeometryName(), expected.GetGeometryName())
                    self.assertLess(ours.HausdorffDistance(expected) if hasattr(ours, "HausdorffDistance") else ours.Centroid().Distance(expected.Centroid()), 0.0011, name)
            self.assertEqual(self.get(f"/collections/{collection}/items").headers["content-crs"], f"<{CRS84}>")
            self.assertEqual(self.items(collection)["features"], self.items(collection, crs=CRS84)["features"])

    def test_a_box_is_read_in_its_crs(self):
        west, south, east, north = 390015, 5720005, 390040, 5720030
        for name in self.json("/collections/points")["crs"]:
            code = 4326 if name == CRS84 else int(name.split("/")[-1])
            corners = [transformed(ogr.CreateGeometryFromWkt(f"POINT ({x} {y})"), code) for x, y in ((west, south), (east, north), (west, north), (east, south))]
            pairs = [(corner.GetY(), corner.GetX()) if name == CRS84 else (corner.GetX(), corner.GetY()) for corner in corners]
            box = ",".join(map(repr, (min(x for x, _ in pairs), min(y for _, y in pairs), max(x for x, _ in pairs), max(y for _, y in pairs))))
            self.assertEqual(self.found("points", bbox=box, bbox_crs=name), [2, 3], name)
            if name == CRS84:
                self.assertEqual(self.found("points", bbox=box), [2, 3], "CRS84 where none is named")
            else:
                answer = self.get("/collections/points/items", bbox=box)
                self.assertTrue(answer.status == 400 or not json.loads(answer.body)["features"], name)


class Filters(Api):
    """Part 3 and CQL2, for every collection and every queryable: against plain Python over all features."""

    def test_queryables_are_linked_and_are_a_schema(self):
        for collection in COLLECTIONS:
            link = self.get(f"/collections/{collection}/items", method="HEAD").headers["link"]
            address = re.search(rf'<([^>]+)>; rel="{QUERYABLES}"', link).group(1)
            self.assertTrue(address.endswith(f"/town/ogcapi/collections/{collection}/queryables"))
            self.assertIn(address, [entry["href"].split("?")[0] for entry in self.json("/collections/" + collection)["links"] if entry["rel"] == QUERYABLES])
            schema = self.json(f"/collections/{collection}/queryables", "application/schema+json", headers={"Accept": "application/schema+json"})
            self.assertEqual((schema["$schema"], schema["$id"], schema["type"], schema["additionalProperties"]), ("https://json-schema.org/draft/2020-12/schema", address, "object", False))
            jsonschema.Draft202012Validator.check_schema(schema)
            geometry = schema["properties"].pop("geometry")
            self.assertEqual(geometry["format"], "geometry-" + ogr.GeometryTypeToName(KINDS.get(collection, ogr.wkbPoint)).lower().replace(" ", ""))
            self.assertEqual({name: (one["type"], one.get("format")) for name, one in schema["properties"].items()}, {"fid": ("integer", None), "name": ("string", None), "number": ("integer", None),
                             "height": ("number", None), "day": ("string", "date"), "moment": ("string", "date-time")})
            jsonschema.Draft202012Validator(schema).validate({name: value for name, value in self.items(collection)["features"][0]["properties"].items()})

    def test_every_queryable_is_a_parameter(self):
        for collection in COLLECTIONS:
            features = self.items(collection)["features"]
            for name, value in features[1]["properties"].items():
                self.assertEqual(self.found(collection, **{name: value}), [one["id"] for one in features if one["properties"][name] == value], name)
            for name in ("fid", "number", "height", "day", "moment"):
                self.refused(f"/collections/{collection}/items", **{name: "invalid-value"})

    @staticmethod
    def literal(value, kind):
        """In text and in JSON."""
        if kind == "date":
            return f"DATE('{value}')", {"date": value}
        if kind == "date-time":
            return f"TIMESTAMP('{value}')", {"timestamp": value}
        return (f"'{value}'" if isinstance(value, str) else repr(value)), value

    def both(self, collection, text, tree):
        """What text and JSON find alike, the default language being text."""
        by_text = self.found(collection, filter=text)
        self.assertEqual(by_text, self.found(collection, filter=text, filter_lang="cql2-text"))
        self.assertEqual(by_text, self.found(collection, filter=json.dumps(tree), filter_lang="cql2-json"), text)
        return by_text

    def test_comparisons_with_every_queryable(self):
        comparisons = {"=": operator.eq, "<>": operator.ne, "<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
        for collection in COLLECTIONS:
            features = self.items(collection)["features"]
            known = self.json(f"/collections/{collection}/queryables", "application/schema+json")["properties"]
            for name, schema in known.items():
                if name == "geometry":
                    continue
                values = {one["id"]: one["properties"][name] for one in features}
                literals = [self.literal(values[number], schema.get("format")) for number in (1, 2, 3)]
                for (operation, holds), number in itertools.product(comparisons.items(), (1, 2, 3)):
                    text, tree = literals[number - 1]
                    expected = [one for one, value in values.items() if value is not None and holds(value, values[number])]
                    self.assertEqual(self.both(collection, f"{name} {operation} {text}", {"op": operation, "args": [{"property": name}, tree]}), expected, (collection, name, operation, number))
                nothing = [one for one, value in values.items() if value is None]
                self.assertEqual(self.both(collection, f"{name} IS NULL", {"op": "isNull", "args": [{"property": name}]}), nothing)
                self.assertEqual(self.both(collection, f"{name} IS NOT NULL", {"op": "not", "args": [{"op": "isNull", "args": [{"property": name}]}]}), [one for one in values if one not in nothing])
                if schema.get("format") is None:
                    chosen = [one for one, value in values.items() if value in (values[1], values[3])]
                    self.assertEqual(self.both(collection, f"{name} IN ({literals[0][0]}, {literals[2][0]})", {"op": "in", "args": [{"property": name}, [literals[0][1], literals[2][1]]]}), chosen)
                if schema["type"] in ("integer", "number"):
                    between = [one for one, value in values.items() if value is not None and values[2] <= value <= values[3]]
                    self.assertEqual(self.both(collection, f"{name} BETWEEN {literals[1][0]} AND {literals[2][0]}", {"op": "between", "args": [{"property": name}, literals[1][1], literals[2][1]]}), between)

    def test_conditions_are_joined_by_three_truths(self):
        """Every pair of true, false and unknown, by the tables of the standard; the last of the points has no value at all."""
        texts = {True: ("1 = 1", {"op": "=", "args": [1, 1]}), False: ("1 = 2", {"op": "=", "args": [1, 2]}), None: ("number = 1", {"op": "=", "args": [{"property": "number"}, 1]})}
        conjunction = lambda a, b: False if False in (a, b) else None if None in (a, b) else True
        disjunction = lambda a, b: True if True in (a, b) else None if None in (a, b) else False
        of_last = lambda text, tree: 6 in self.both("points", text, tree)
        for a, b in itertools.product(texts, repeat=2):
            for word, table in (("AND", conjunction), ("OR", disjunction)):
                text, tree = f"({texts[a][0]}) {word} ({texts[b][0]})", {"op": word.lower(), "args": [texts[a][1], texts[b][1]]}
                self.assertEqual(of_last(text, tree), table(a, b) is True, text)
                self.assertEqual(of_last(f"NOT ({text})", {"op": "not", "args": [tree]}), table(a, b) is False, text)

    def test_texts_are_matched(self):
        ids = lambda keep: [number for number in range(1, 16) if keep(number)]
        prop = {"property": "name"}
        for pattern, expected in (("name-f003", ids(lambda n: n == 3)), ("%f01_", ids(lambda n: n > 9)), ("name-f00_", ids(lambda n: n < 10)), ("x%", []), ("%", ids(lambda n: True))):
            self.assertEqual(self.both("fifteen", f"name LIKE '{pattern}'", {"op": "like", "args": [prop, pattern]}), expected)
            self.assertEqual(self.both("fifteen", f"name NOT LIKE '{pattern}'", {"op": "not", "args": [{"op": "like", "args": [prop, pattern]}]}), ids(lambda n: n not in expected))
        for function in ("CASEI", "ACCENTI"):
            other = "NAME-F003" if function == "CASEI" else "n\u00e0m\u00e9-f003"
            self.assertEqual(self.both("fifteen", f"{function}(name) = {function}('{other}')", {"op": "=", "args": [{"op": function.lower(), "args": [prop]}, {"op": function.lower(), "args": [other]}]}), [3])

    def test_places_are_compared(self):
        """S_INTERSECTS and the other functions with two shapes of each kind, as OGR answers."""
        relations = {"S_INTERSECTS": ogr.Geometry.Intersects, "S_EQUALS": ogr.Geometry.Equals, "S_DISJOINT": ogr.Geometry.Disjoint, "S_TOUCHES": ogr.Geometry.Touches, "S_WITHIN": ogr.Geometry.Within,
                     "S_OVERLAPS": ogr.Geometry.Overlaps, "S_CROSSES": ogr.Geometry.Crosses, "S_CONTAINS": ogr.Geometry.Contains}
        for (function, holds), text in itertools.product(relations.items(), (text for texts in SHAPES.values() for text in texts[:2])):
            literal = shape(text)
            tree = {"op": function.lower(), "args": [{"property": "geometry"}, json.loads(literal.ExportToJson())]}
            for collection, texts in SHAPES.items():
                expected = [number for number, one in enumerate(texts, 1) if holds(shape(one), literal)]
                self.assertEqual(self.found(collection, filter=f"{function}(geometry, {literal.ExportToWkt()})", filter_crs=METRES), expected, (function, text))
                self.assertEqual(self.found(collection, filter=json.dumps(tree), filter_lang="cql2-json", filter_crs=METRES), expected, (function, text))

    def test_times_are_compared(self):
        field = {"property": "moment"}
        for function, expected in (("T_AFTER", range(6, 16)), ("T_BEFORE", range(1, 5)), ("T_EQUALS", [5])):
            self.assertEqual(self.both("fifteen", f"{function}(moment, TIMESTAMP('2004-01-05T12:30:00Z'))", {"op": function.lower(), "args": [field, {"timestamp": "2004-01-05T12:30:00Z"}]}), list(expected))
        between = {"interval": ["2004-01-03T00:00:00Z", "2004-01-05T23:00:00Z"]}
        for function, expected in (("T_DURING", [3, 4, 5]), ("T_INTERSECTS", [3, 4, 5]), ("T_DISJOINT", [n for n in range(1, 16) if n not in (3, 4, 5)]), ("T_AFTER", range(6, 16)), ("T_BEFORE", [1, 2])):
            self.assertEqual(self.both("fifteen", f"{function}(moment, INTERVAL('2004-01-03T00:00:00Z', '2004-01-05T23:00:00Z'))", {"op": function.lower(), "args": [field, between]}), list(expected), function)
        self.assertEqual(self.both("fifteen", "T_AFTER(day, DATE('2004-01-13'))", {"op": "t_after", "args": [{"property": "day"}, {"date": "2004-01-13"}]}), [14, 15])

    def test_values_are_calculated(self):
        for text, tree in (("number = height * 2", {"op": "=", "args": [{"property": "number"}, {"op": "*", "args": [{"property": "height"}, 2]}]}),
                           ("number - height = height", {"op": "=", "args": [{"op": "-", "args": [{"property": "number"}, {"property": "height"}]}, {"property": "height"}]})):
            self.assertEqual(self.both("fifteen", text, tree), list(range(1, 16)))

    def test_a_filter_is_in_crs84_unless_said_otherwise(self):
        for collection in COLLECTIONS:
            details = self.json("/collections/" + collection)
            west, south, east, north = details["extent"]["spatial"]["bbox"][0]
            everything = [one for one in range(1, SIZES[collection] + 1) if collection in ("fifteen", "seven") or one < SIZES[collection]]
            boxed = f"S_INTERSECTS(geometry, BBOX({west - 0.001}, {south - 0.001}, {east + 0.001}, {north + 0.001}))"
            self.assertEqual(self.found(collection, filter=boxed), everything)
            self.assertEqual(self.found(collection, filter=boxed, filter_crs=CRS84), everything)
            self.assertEqual(self.found(collection, filter="S_INTERSECTS(geometry, BBOX(0, 0, 1, 1))"), [])
            for name in details["crs"]:
                code = 4326 if name == CRS84 else int(name.split("/")[-1])
                corners = [transformed(ogr.CreateGeometryFromWkt(f"POINT ({x} {y})"), code) for x in (389000, 391000) for y in (5719000, 5721000)]
                pairs = [(corner.GetY(), corner.GetX()) if name == CRS84 else (corner.GetX(), corner.GetY()) for corner in corners]
                box = ", ".join(map(repr, (min(x for x, _ in pairs), min(y for _, y in pairs), max(x for x, _ in pairs), max(y for _, y in pairs))))
                self.assertEqual(self.found(collection, filter=f"S_INTERSECTS(geometry, BBOX({box}))", filter_crs=name), everything, name)
            self.refused(f"/collections/{collection}/items", filter=boxed, filter_crs="dUmmYcRs")

    def test_all_that_is_given_must_hold(self):
        for collection in COLLECTIONS:
            for box, condition, expected in (("13,51,14,52", "number < 3", [1, 2]), ("0,0,1,1", "number < 3", []), ("13,51,14,52", "S_INTERSECTS(geometry, BBOX(0, 0, 1, 1))", []), ("13,51,14,52", "number < 0", [])):
                self.assertEqual(self.found(collection, bbox=box, filter=condition), expected)
            self.assertEqual(self.found(collection, filter="number < 3", number=2), [2])
            self.assertEqual(self.found(collection, filter="number < 3", datetime="2004-01-02/.."), [2])

    def test_wrong_filters_are_refused(self):
        for collection in COLLECTIONS:
            path = f"/collections/{collection}/items"
            for wrong in ("this_is_not_a_queryable = 1", "number ==", "number = 'one'", "geometry = 1", "name > ", "S_INTERSECTS(name, POINT(1 2))", "(number = 1", "number = 1)", ""):
                self.refused(path, filter=wrong)
            self.refused(path, filter="unknown(number) = 1")
            self.refused(path, filter='{"op": "="', filter_lang="cql2-json")
            self.refused(path, filter='{"op": "=", "args": [{"property": "this_is_not_a_queryable"}, 1]}', filter_lang="cql2-json")
            self.refused(path, filter="number = 1", filter_lang="unknown-language")


if __name__ == "__main__":
    run_tests()
