# SPDX-License-Identifier: GPL-2.0-or-later
"""Filters of those who mean harm, and of those who have odd values and odd names, by every face and on both kinds of store: what is found is what a
plain loop over the rows finds."""
import html
import json
import unittest
import xml.etree.ElementTree as ElementTree

from attacked import AROUND, NAMES, ODD_FIELDS, ROWS, Attacked, Stores, as_form, equal_to, feature_request, fes, get_feature, get_info, get_items, get_map, serve, sql
from one_picture import run_tests
from service import eventually, stadtgdi

INVALID = "InvalidParameterValue"
PROJECTS = ("base", "file")
METRES = {"filter-crs": "http://www.opengis.net/def/crs/EPSG/0/25833", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/25833"}

STORES = SERVICE = AT_SOURCE = KEY = None


def setUpModule():
    """One service holds the rows, the other asks its sources for them. A role sees the west of what is guarded."""
    global STORES, SERVICE, AT_SOURCE, KEY
    STORES = Stores()
    unittest.addModuleCleanup(STORES.remove)
    made = json.loads(stadtgdi("serve", "--new-key", "--json").stdout)
    KEY = {"X-API-Key": made["key"]}
    SERVICE = serve(STORES, f'''[access.areas.west]
bbox = [316990, 5689990, 317105, 5690010]
crs = "EPSG:25833"
[access.roles.west]
classes = ["kritis"]
area = "west"
[[access.keys]]
name = "West"
sha256 = "{made["sha256"]}"
roles = ["west"]
''')
    AT_SOURCE = serve(STORES, f"[cache]\nrows_per_layer = {len(ROWS) - 1}\n")


def quoted(text):
    return "'" + str(text).replace("'", "''") + "'"


def those(condition):
    return {row.fid for row in ROWS if condition(row)}


class Filters(Attacked):
    @classmethod
    def setUpClass(cls):
        cls.service = SERVICE

    def tearDown(self):
        self.assertEqual(STORES.rows_left(), (len(ROWS), len(ROWS)), "the tables are as they were")

    def ways(self, project, name, value):
        """The same condition, that a property is a value, by every face: what it is called, and what it finds."""
        text, condition = f'"{name}" = {quoted(value)}', fes(equal_to(name, value))
        json_text = json.dumps({"op": "=", "args": [{"property": name}, value]})
        geojson = {"OUTPUTFORMAT": "application/geo+json"}
        yield "WMS FILTER", self.fids(self.ask(get_info(project, FILTER="things:" + text)))
        yield "WMS FILTER in XML", self.fids(self.ask(get_info(project, FILTER=condition)))
        yield "WFS FILTER", self.fids(self.ask(get_feature(project, FILTER=condition, **geojson)))
        yield "WFS 1.1.0", self.fids(self.ask(get_feature(project, VERSION="1.1.0", TYPENAME="things",
                                                          FILTER=condition.replace("fes:ValueReference",
                                                                                   "ogc:PropertyName").replace("fes:", "ogc:").replace("xmlns:fes", "xmlns:ogc"), **geojson)))
        yield "WFS EXP_FILTER", self.fids(self.ask(get_feature(project, EXP_FILTER=text, **geojson)))
        yield "WFS XML", self.fids(self.ask(f"/{project}/ows", feature_request(condition, more='outputFormat="application/geo+json"')))
        yield "CQL2 text", self.fids(self.ask(get_items(project, filter=text, limit=1000)))
        yield "CQL2 JSON", self.fids(self.ask(get_items(project, filter=json_text, limit=1000, **{"filter-lang": "cql2-json"})))
        yield "parameter", self.fids(self.ask(get_items(project, limit=1000, **{name: value})))
        rows = {"bbox": AROUND.rsplit(",", 2)[0] + ",317225,5690010", "limit": 20, **METRES}   # as many as are read at once
        yield "at its source", self.fids(self.ask(get_items(project, filter=text, **rows), service=AT_SOURCE)) | self.unread(those(lambda row: row.name == value))

    @staticmethod
    def unread(fids):
        return {fid for fid in fids if ROWS[fid - 1].x > 317225}

    def found(self, project, text, **more):
        """By CQL2."""
        return self.fids(self.ask(get_items(project, filter=text, limit=1000, **{**METRES, **more})))

    def refused_text(self, text):
        """By every face that takes text."""
        for project in PROJECTS:
            self.refused((400, INVALID, "FILTER"), get_map(project, FILTER="things:" + text))
            self.refused((400, INVALID, "FILTER"), get_info(project, FILTER="things:" + text))
            self.refused((400, INVALID, "EXP_FILTER"), get_feature(project, EXP_FILTER=text))
            self.refused((400,), get_items(project, filter=text))

    def test_statements_in_conditions_are_refused(self):
        """T70, T72"""
        for text in ("\"name\" = 'b' ) and (select sqlite_version()", "\"name\" = 'b' ) and (select version()",
                     "\"name\" = 'b' and (select case when 1=1 then randomblob(1000000000) end) is null",
                     "\"name\" = 'b') union select * from sqlite_master", "\"name\" = 'b' union select 1",
                     "\"name\" = 'b' or ( select name from sqlite_master where type='table' )", "\"name\" = 'a'create", "\"name\" = 'a' -", "\"name\" = 'a' --",
                     "\"name\" = 'a' /* b */", "\"name\" = 'a' limit 1", "\"name\" = E'a'", "\"name\" = $$a$$", "\"name\" = 'a' || 'b'", "\"name\" in (select name from things)",
                     "exists (select 1)", "\"name\"::text = 'a'", "\"name\" = 'b' ) or 1=1",
                     "strEndsWith(name,'x'') = true", "\"name\" = 'b' and pg_sleep(30) is null",
                     "strStartsWith(name,'x'') = true and 1=(SELECT CAST ((SELECT version()) AS INTEGER)) -- ')=true"):
            self.refused_text(text)
        for project in PROJECTS:
            self.refused((400, INVALID, "FILTER"), get_map(project, FILTER="things:\"name\" = 'x'); drop table things"))
            self.refused((400,), get_items(project, filter="name = 'x'); drop table things"))
            self.assertEqual(self.fids(self.ask(get_info(project, FILTER="things:\"name\" = 'fake %3B'"))), set())

    def test_statements_in_values_are_values(self):
        """T71, T72"""
        for project in PROJECTS:
            for value in ("4')); drop table things --", "x' OR '1'='1", "x'' OR 1=1 --", "'; DELETE FROM things; --", "%' OR '%'='"):
                for way, found in self.ways(project, "name", value):
                    self.assertEqual(found, those(lambda row: row.name == value), (project, way, value))
            self.refused((400,), get_items(project, filter="name = '\\'' OR 1=1 --'"))   # where \' is a quote, too
            self.assertEqual(self.fids(self.ask(get_feature(project, FILTER=fes(equal_to("name", "\\' OR 1=1 --")), OUTPUTFORMAT="application/geo+json"))), set())
            self.assertEqual(self.found(project, "name LIKE 'x'' OR 1=1 --'"), set())
            self.assertIn('numberMatched="0"', self.ask(get_feature(project, FILTER=fes("<fes:ResourceId rid=\"things.1' OR '1'='1\"/>"))).text)
            self.assertIn('numberMatched="0"', self.ask(get_feature(project, RESOURCEID="things.1' OR '1'='1")).text)

    def test_names_are_looked_up_and_never_read_as_more(self):
        """T71, T75"""
        hostile = ['name" or 1=1 --', "geom)::text", '"', "name'", "exec(java.lang.Runtime.getRuntime(),'touch /tmp/x')", "eval('1')", "env('HOME')", "@project_path", "name()",
                   "../name", "//name", "name[position()=1]", "name;drop table things",
                   "things.name", "name||name", "(select 1)", "name AS x", "NAME", "no_such_field"]
        for project in PROJECTS:
            for name in hostile:
                self.refused((400, INVALID, "FILTER"), get_feature(project, FILTER=fes(equal_to(name, "x"))))
                self.refused((400, INVALID, "FILTER"), get_map(project, FILTER=fes(equal_to(name, "x"))))
                self.refused((400, INVALID, "FILTER"), f"/{project}/ows", feature_request(fes(equal_to(name, "x"))))
                self.refused((400, INVALID, "valueReference"), get_feature(project, REQUEST="GetPropertyValue", VALUEREFERENCE=name))
                self.refused((400, INVALID, "propertyName"), get_feature(project, PROPERTYNAME=name))
                self.refused((400, INVALID, "sortBy"), get_feature(project, SORTBY=name))
                self.refused((400,), get_items(project, sortby=name))
                self.refused((400,), get_items(project, filter='"' + name.replace('"', '""') + "\" = 'x'"))
                self.refused((400,), get_items(project, filter=json.dumps({"op": "=", "args": [{"property": name}, "x"]}), **{"filter-lang": "cql2-json"}))
                self.refused((400,), get_items(project, **{name: "x"}))
                self.refused((400, INVALID, "typeName"), get_feature(project, TYPENAMES=name))
            for name in ("", "*"):
                self.refused((400, INVALID, "FILTER"), get_feature(project, FILTER=fes(equal_to(name, "x"))))
            self.refused((400, INVALID, "valueReference"), get_feature(project, REQUEST="GetPropertyValue", VALUEREFERENCE=""))
            self.refused((400,), get_items(project, sortby=""))

    def test_every_value_is_found_as_it_is(self):
        """T73: by every face, on both stores"""
        for project in PROJECTS:
            for value in NAMES:
                if value is not None:
                    for way, found in self.ways(project, "name", value):
                        self.assertEqual(found, those(lambda row: row.name == value), (project, way, value))

    def test_like_has_the_signs_it_says_and_no_others(self):
        """T74"""
        def like(project, pattern, wild="*", one="?", escape="!"):
            signs = f'wildCard="{html.escape(wild)}" singleChar="{html.escape(one)}" escapeChar="{html.escape(escape)}"'
            condition = fes(f"<fes:PropertyIsLike {signs}><fes:ValueReference>name</fes:ValueReference><fes:Literal>{html.escape(pattern)}</fes:Literal></fes:PropertyIsLike>")
            return self.fids(self.ask(get_feature(project, FILTER=condition, OUTPUTFORMAT="application/geo+json")))
        of = lambda *names: {NAMES.index(name) + 1 for name in names}
        for project in PROJECTS:
            self.assertEqual(like(project, "50*"), of("50%", "50x"))
            self.assertEqual(like(project, "50%"), of("50%"))
            self.assertEqual(like(project, "a_b"), of("a_b"))
            self.assertEqual(like(project, "a?b"), of("a_b", "axb"))
            self.assertEqual(like(project, "!**"), of("*star*"))
            self.assertEqual(like(project, "!!bang*"), of("!bang!"))
            self.assertEqual(like(project, "why!?"), of("why?"))
            self.assertEqual(like(project, "why%", wild="%", one="_", escape="\\"), of("why?"))
            self.assertEqual(like(project, "((bracket", wild="*", escape="("), of("(bracket"))
            self.assertEqual(like(project, "O'(", wild="("), of("O'Brien"))
            self.assertEqual(like(project, "O'B(ien", wild="(", one=".", escape="["), of("O'Brien"))
            for pattern in (".*", "(a+)+$", "[a-z]+", "^a", "a|b", "\\d", "O.Brien", "$1.", "{x}{1}"):
                self.assertEqual(like(project, pattern), set(), pattern)
            self.assertEqual(self.found(project, "name LIKE '50%'"), of("50%", "50x"))
            self.assertEqual(self.found(project, r"name LIKE '50\%'"), of("50%"))
            self.assertEqual(self.found(project, "name LIKE '(a+)+$'"), set())

    def test_functions_are_refused(self):
        """T23, T76: what costs, and what looks into files, the environment, other layers or the project"""
        for text in ("generate_series(1,30000000) = 1", "repeat('a',1000000000) = 'a'", "lpad('',2000000000,'a') = 'a'", "regexp_match(\"name\",'(a+)+$') = 1",
                     "env('HOME') like '/%'", "file_exists('/etc/shadow')", "file_size('/etc/passwd') > 10",
                     "aggregate('guarded','concatenate',\"name\") = 'x'", "get_feature('guarded','fid',1) IS NULL", "eval('1=1')", "layer_property('guarded','source') = 'x'",
                     "raster_value('dem',1,make_point(1,1)) > 0", "array_agg(\"name\") = 'x'",
                     "attribute(get_feature('guarded','fid',1),'name') = 'x'", "represent_value(\"name\") = 'x'", "concat(\"name\",'x') = 'x'", "@project_folder = 'x'",
                     "@project_path IS NOT NULL", "$id > 1", "$geometry IS NULL", "\"name\" ~ '.*'", "CASE WHEN 1=1 THEN 1 END = 1"):
            self.refused_text(text)
            plain = self.ask(get_map())
            self.assertEqual(self.ask(get_map(EXP_FILTER=text)).body, plain.body, "no parameter of ours")
        self.refused((501, "OptionNotSupported", "CQL_FILTER"), get_feature(CQL_FILTER="env('HOME') like '/%'"))
        for project in PROJECTS:   # of all that QGIS Server evaluates there, ids alone are more than FILTER of WMS has
            self.assertEqual(self.fids(self.ask(get_feature(project, EXP_FILTER="$id = 1", OUTPUTFORMAT="application/geo+json"))), {1})
            self.refused((400, INVALID, "FILTER"), get_map(project, FILTER="things:$id = 1"))
            self.refused((400,), get_items(project, filter="$id = 1"))
        function = '<fes:Function name="{}"><fes:Literal>HOME</fes:Literal></fes:Function>'
        for name in ("env", "strStartsWith", "eval"):
            condition = fes(f"<fes:PropertyIsEqualTo>{function.format(name)}<fes:Literal>x</fes:Literal></fes:PropertyIsEqualTo>")
            for project in PROJECTS:
                self.refused((501, "OptionNotSupported", "FILTER"), get_feature(project, FILTER=condition))
                self.refused((400, "OptionNotSupported", "FILTER"), get_map(project, FILTER=condition))
                self.refused((400,), get_items(project, filter=json.dumps({"op": "=", "args": [{"op": name, "args": ["HOME"]}, "x"]}), **{"filter-lang": "cql2-json"}))

    def test_times_of_maps(self):
        """T77"""
        def times(project, text):
            return self.fids(self.ask(*as_form(get_info(project, TIME=text))))
        for project in PROJECTS:
            for wrong in ("2020-01-01'; drop table things;--", "2020-01-02/2020-01-01", "2020/2019", "../..", "2020-02-30", "2020-13-01", "x", "1900-01-01", "2020-01-01//",
                          "2020-01-01/2020-01-05/P0D", "2020-01-01/2020-01-05/x", "1=1"):
                self.refused((400, "InvalidDimensionValue", "TIME"), get_map(project, TIME=wrong))
            self.assertEqual(times(project, "2020-01-02"), {2})
            self.assertEqual(times(project, "2020-01-02/2020-01-04"), {2, 3, 4})
            self.assertEqual(times(project, "2020-01-02/2020-01-06/P2D"), {2, 4, 6})
            self.assertEqual(times(project, "2020-01-02,2020-01-09"), {2, 9})
            self.assertEqual(times(project, "2020"), those(lambda row: row.day))
            self.refused((400, "InvalidDimensionValue", "TIME"), *as_form(get_map(project, TIME=",".join(["2020-01-02"] * 10000))))
            self.refused((400, "InvalidDimensionValue", "TIME"), *as_form(get_map(project, TIME="0000")))

    def test_times_of_items(self):
        """T78: features without a time match every one"""
        timeless = those(lambda row: row.day is None)
        for project in PROJECTS:
            for text, condition in (("../2020-01-05T00:00:00Z", lambda day: day <= "2020-01-05"), ("2020-01-05/..", lambda day: day >= "2020-01-05"), ("../..", lambda day: True),
                                    ("2020-01-05", lambda day: day == "2020-01-05"),
                                    ("2020-01-05/2020-01-07", lambda day: "2020-01-05" <= day <= "2020-01-07")):
                self.assertEqual(self.fids(self.ask(get_items(project, datetime=text, limit=1000))), those(lambda row: row.day and condition(row.day)) | timeless, text)
            for wrong in ("2020-13-01", "2020-02-30", "2021-01-01/2020-01-01", "2020-01-01/2020-01-02/2020-01-03", "2020-01-01/2020-01-02/", "x", "'",
                          "2020-01-01'; drop table things;--"):
                self.refused((400,), get_items(project, datetime=wrong))

    def test_null_is_neither_true_nor_false(self):
        """T79"""
        known = those(lambda row: row.name is not None)
        for project in PROJECTS:
            for text, fids in (("name IS NULL", those(lambda row: row.name is None)), ("name IS NOT NULL", known), ("name <> 'O''Brien'", known - {1}),
                               ("NOT (name = 'O''Brien')", known - {1}), ("NOT (number = 2)", known - {2}),
                               ("number = 2 OR name IS NULL", {2} | those(lambda row: row.name is None)), ("NOT (name LIKE 'O%')", known - {1}),
                               ("NOT (number IN (2, 4))", known - {2, 4}), ("NOT (number BETWEEN 1 AND 8)", known - {2, 4, 6, 8}),
                               ("name = name", known), ("NOT (name = 'x' AND number = 2)", known)):
                self.assertEqual(self.found(project, text), fids, (project, text))
            null = fes("<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>")
            self.assertEqual(self.fids(self.ask(get_info(project, FILTER=null))), those(lambda row: row.name is None))
            differs = fes(equal_to("name", "O'Brien").replace("IsEqualTo", "IsNotEqualTo"))
            self.assertEqual(self.fids(self.ask(get_feature(project, FILTER=differs, OUTPUTFORMAT="application/geo+json"))), known - {1})
            self.assertEqual(self.fids(self.ask(get_info(project, FILTER="things:NOT \"name\" = 'O''Brien'"))), known - {1})

    def test_numbers_are_exact(self):
        """T80"""
        for project in PROJECTS:
            for row in ROWS[:4]:
                for way, found in self.ways(project, "number", row.number):
                    self.assertEqual(found - self.unread(found), {row.fid}, (project, way, row.number))
            self.assertEqual(self.found(project, "number = 9007199254740992"), set(), "the neighbour of 9007199254740993, and the same as a float")
            for text, fids in (("number = 2.0", {2}), ("number = '2'", {2}), ("number < 1e1", {2, 4, 6, 8}), ("tree_id = '007'", {7}), ("length = 0.25", {1}),
                               ("length = 2.5e-1", {1}), ("number > 99999999999999999999", set())):
                self.assertEqual(self.found(project, text), fids, text)
            for wrong in ("tree_id = 7", "number = 'x'", "number = 1e999", "number = nan", "yes = 1"):
                self.refused((400,), get_items(project, filter=wrong))
            for wrong in ("x", "1.5x", "0x10", "1e999"):
                self.refused((400,), get_items(project, number=wrong))

    def test_booleans_days_and_moments(self):
        """T81"""
        for project in PROJECTS:
            day = lambda condition: those(lambda row: row.day is not None and condition(row.day))
            for text, fids in (("yes = TRUE", those(lambda row: row.yes)), ("yes = FALSE", those(lambda row: row.yes is False)),
                               ("yes <> TRUE", those(lambda row: row.yes is False)), ("day = DATE('2020-01-02')", {2}), ("day < DATE('2020-01-03')", {1, 2}),
                               ("T_AFTER(day, DATE('2020-01-20'))", day(lambda text: text > "2020-01-20")), ("moment = TIMESTAMP('2020-01-02T12:00:00Z')", {2}),
                               ("moment = TIMESTAMP('2020-01-02T13:00:00+01:00')", {2}),
                               ("moment < TIMESTAMP('2020-01-02T12:00:00.001Z')", {1, 2}), ("T_DURING(moment, INTERVAL('2020-01-02','2020-01-04'))", {2, 3, 4})):
                self.assertEqual(self.found(project, text), fids, (project, text))
            for way, found in self.ways(project, "day", "2020-01-02"):
                self.assertEqual(found - self.unread(found), {2}, (project, way))
            for wrong in ("day = DATE('2020-02-30')", "moment = TIMESTAMP('x')", "yes = 'perhaps'"):
                self.refused((400,), get_items(project, filter=wrong))

    def test_no_condition_widens_what_the_others_leave(self):
        """T82, T83: the filter of the project, the area of a role, a box and a property at once"""
        wide = "1=1 OR number > 0 OR name IS NULL"
        for project in PROJECTS:
            few = those(lambda row: row.number is not None and row.number < 10)
            west = those(lambda row: row.x <= 317105)
            items = lambda layer, headers=None, **more: self.fids(self.ask(get_items(project, layer, limit=1000, **{**METRES, **more}), headers=headers))
            self.assertEqual(items("few", filter=wide), few)
            self.assertEqual(items("few", filter=wide, bbox="317035,5689990,317100,5690010", number=6), {6})
            self.assertEqual(items("few", filter=wide, bbox="317035,5689990,317100,5690010"), {4, 6, 8})
            self.assertEqual(self.fids(self.ask(get_feature(project, TYPENAMES="few",
                                                            FILTER=fes(f'<fes:Or>{equal_to("number", 1)}<fes:Not>{equal_to("number", 1)}</fes:Not></fes:Or>'),
                                                            OUTPUTFORMAT="application/geo+json"))), few)
            self.assertEqual(self.fids(self.ask(get_feature(project, TYPENAMES="few", RESOURCEID="few.1,few.2,few.3", OUTPUTFORMAT="application/geo+json"))), {2})
            self.assertEqual(self.fids(self.ask(get_info(project, LAYERS="few", FILTER='few:1=1 OR "number" > 0'))), few)
            self.assertEqual(items("guarded", KEY, filter=wide), west)
            self.assertEqual(items("guarded", KEY, filter=wide, bbox=AROUND), west)
            self.assertEqual(self.fids(self.ask(get_info(project, LAYERS="guarded", FILTER="guarded:1=1 OR \"name\" IS NULL"), headers=KEY)), west)
            self.assertEqual(self.fids(self.ask(get_feature(project, TYPENAMES="guarded", RESOURCEID="guarded.2,guarded.20", OUTPUTFORMAT="application/geo+json"), headers=KEY)), {2})
            self.refused((404,), get_items(project, "guarded", filter=wide))
            self.assertEqual(items("things", filter="1=1 AND (1=1 AND 1=0)"), set())
            self.assertEqual(items("things", filter="NOT (1=1 AND (1=1 AND 1=0))"), {row.fid for row in ROWS})
            self.refused((400,), get_items(project, filter="fid = 1 OR 1") )

    def test_unknown_parameters_and_properties_are_refused(self):
        """T84"""
        for project in PROJECTS:
            for more in ({"foo": "bar"}, {"Name": "x"}, {"filter": "foo = 'x'"}, {"FILTER": "name = 'x'"}, {"geom": "x"}, {"geometry": "x"}, {"things.name": "x"}):
                self.refused((400,), get_items(project, **more))

    def test_boxes_of_any_crs_and_size(self):
        """T85"""
        for project in PROJECTS:
            lines = json.loads(self.ask(get_items(project, filter="number IN (2, 4)", limit=10)).text)["features"]
            (west, south), (east, north) = (feature["geometry"]["coordinates"] for feature in lines)
            south, north = min(south, north) - 1e-5, max(south, north) + 1e-5
            geojson = {"OUTPUTFORMAT": "application/geo+json"}
            self.assertEqual(self.fids(self.ask(get_items(project, bbox=f"{west - 1e-5},{south},{east + 1e-5},{north}"))), {2, 3, 4})
            self.assertEqual(self.fids(self.ask(get_feature(project, BBOX=f"{south},{west - 1e-5},{north},{east + 1e-5},urn:ogc:def:crs:EPSG::4326", **geojson))), {2, 3, 4},
                             "north first")
            self.assertEqual(self.fids(self.ask(get_feature(project, BBOX=f"{west - 1e-5},{south},{east + 1e-5},{north},EPSG:4326", **geojson))), {2, 3, 4}, "east first")
            self.assertEqual(self.fids(self.ask(get_feature(project, BBOX=f"{west - 1e-5},{south},{east + 1e-5},{north},urn:ogc:def:crs:EPSG::4326", **geojson))), set(),
                             "in the wrong order")
            box, polygon = "BBOX(317015,5689990,317045,5690010)", "POLYGON((317015 5689990,317045 5689990,317045 5690010,317015 5690010,317015 5689990))"
            for shape in (box, polygon):
                self.assertEqual(self.found(project, f"S_INTERSECTS(geometry, {shape})"), {2, 3, 4}, shape)
            everything = {row.fid for row in ROWS}
            self.assertEqual(self.fids(self.ask(get_items(project, bbox="-180,-90,180,90", limit=1000))), everything)
            self.assertEqual(self.fids(self.ask(get_feature(project, BBOX="-1e9,-1e9,1e9,1e9", **geojson))), everything)
            for service in (SERVICE, AT_SOURCE):
                self.assertEqual(self.fids(self.ask(get_items(project, bbox="317015,5689990,317045,5690010", limit=20, **METRES), service=service)), {2, 3, 4})

    def test_a_box_at_its_source_goes_by_the_index(self):
        """T85: PostgreSQL counts how often its index was used"""
        scans = lambda: int(sql(f"SELECT idx_scan FROM pg_stat_user_indexes WHERE schemaname = '{STORES.schema}' AND indexrelname = 'many_place'")[0][0])
        before = scans()
        answer = self.ask(get_items("base", "many", bbox="317010,5690010,317012,5690012", limit=20, **METRES), service=AT_SOURCE)
        page = json.loads(answer.text)
        self.assertEqual(page["numberMatched"], len([n for n in range(1, 40001) if 10 <= n % 200 <= 12 and 10 <= n // 200 <= 12]))
        self.assertTrue(eventually(lambda: scans() > before, 15))

    def test_odd_names_of_columns(self):
        """T86: each by the name it has, and by the name it has in XML, which describes it"""
        for project in PROJECTS:
            schema = ElementTree.fromstring(self.ask(get_feature(project, TYPENAMES="odd", REQUEST="DescribeFeatureType")).body)
            elements = [element.get("name") for element in schema.iter("{http://www.w3.org/2001/XMLSchema}element")]
            features = json.loads(self.ask(get_items(project, "odd")).text)["features"]
            names = [*ODD_FIELDS, *(["NAME", "name"] if project == "base" else [])]
            self.assertEqual([name for name in features[0]["properties"] if name != "fid"], names)
            value = lambda name: {"NAME": "UPPER2", "name": "lower2"}.get(name, "v2")
            of_xml = elements[-len(names):]
            self.assertEqual(len(set(of_xml)), len(names))
            gml = self.ask(get_feature(project, TYPENAMES="odd"))
            ElementTree.fromstring(gml.body)
            geojson = {"TYPENAMES": "odd", "OUTPUTFORMAT": "application/geo+json"}
            for name, element in zip(names, of_xml):
                self.assertRegex(element, r"^[\w.-]+$")
                self.assertIn(f"<app:{element}>{value(name)}</app:{element}>", gml.text)
                self.assertEqual(self.fids(self.ask(get_feature(project, FILTER=fes(equal_to("app:" + element, value(name))), **geojson))), {2}, name)
                text = '"' + name.replace('"', '""') + f"\" = '{value(name)}'"
                self.assertEqual(self.fids(self.ask(get_items(project, "odd", filter=text))), {2}, name)
                self.assertEqual(self.fids(self.ask(get_items(project, "odd", filter=json.dumps({"op": "=", "args": [{"property": name}, value(name)]}),
                                                              **{"filter-lang": "cql2-json"}))), {2}, name)
                self.assertEqual(self.fids(self.ask(get_items(project, "odd", **{name: value(name)}))), {2}, name)
                first = json.loads(self.ask(get_items(project, "odd", sortby="-" + name)).text)["features"][0]
                self.assertEqual(first["id"], 2, name)
                first = json.loads(self.ask(get_feature(project, SORTBY=element + " DESC", **geojson)).text)["features"][0]
                self.assertEqual(first["id"], "odd.2", name)
                self.assertEqual(list(json.loads(self.ask(get_feature(project, PROPERTYNAME=element, **geojson)).text)["features"][0]["properties"]), [name])
                self.assertEqual(self.fids(self.ask(get_info(project, LAYERS="odd", FILTER="odd:" + text))), {2}, name)
                self.assertIn(value(name), self.ask(get_feature(project, TYPENAMES="odd", REQUEST="GetPropertyValue", VALUEREFERENCE=element)).text)


if __name__ == "__main__":
    run_tests()
