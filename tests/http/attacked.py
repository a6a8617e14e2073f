# SPDX-License-Identifier: GPL-2.0-or-later
"""A small city in two kinds of store, and what must hold of every answer to somebody who means harm."""
import html
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import unittest
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree

from osgeo import ogr, osr
from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayerServerProperties, QgsProject, QgsVectorLayer

import service as commands
from discreet import Discreet
from service import Answer, Service, stadtgdi

ogr.UseExceptions()
# QGIS of this program keeps its styles there, not in the folder it runs in.
os.environ["QGIS_CUSTOM_CONFIG_PATH"] = tempfile.gettempdir()

SERVER = os.environ.get("STADTGDI_TEST_PG", "")
MOST_GROWTH = 50 * 1024 * 1024

# The values that must come through every filter as they are.
NAMES = ["O'Brien", "Straße", "\u00e4pfel", "a\u0308pfel", "Baum \U0001F333", "50%", "50x", "a_b", "axb", "back\\slash", 'say ""hello""', "semi;colon", "two--dashes",
         "/*comment*/", "why?", "$1", ":name", "{x}",
         "*star*", "!bang!", "(bracket", "<img src=x onerror=alert(1)>", "4')); drop table things --", None]
ODD_FIELDS = ["order", "group", 'quo"te', "Größe", "a blank", "x" * 60, "2nd", "ns:name", "per%cent", "semi;colon", "dash-ed", "apo'strophe"]


class Listener:
    """A server of the attacker's own, which counts who calls."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.calls = 0
        self.thread = threading.Thread(target=self.listen, daemon=True)
        self.thread.start()

    def listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(10)


def sql(text):
    done = subprocess.run(["psql", SERVER, "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-F", "\t"], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


def sql_text(value):
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def sql_name(name):
    return '"' + name.replace('"', '""') + '"'


def described(table, disclosure):
    return ("INSERT INTO stadtgdi_layer (name, definition, crs, disclosure, source, attribution, licence, demonstration) "
            f"VALUES ('{table}', '', 'EPSG:25833', '{disclosure}', '', '', '', 0)")


class Row:
    """The n-th row of "things", from 1 on; the last has nothing but its place."""

    def __init__(self, n):
        self.fid, self.name = n, NAMES[n - 1]
        null = n == len(NAMES)
        self.tree_id = None if null else f"{n:03}"
        self.number = None if null else 9007199254740992 + n if n % 2 else n
        self.length = None if null else n / 4
        self.yes = None if null else n % 3 == 0
        self.day = None if null else f"2020-01-{n:02}"
        self.moment = None if null else f"2020-01-{n:02}T12:00:00Z"
        self.x, self.y = 317000 + 10 * n, 5690000


ROWS = [Row(n) for n in range(1, len(NAMES) + 1)]
CLASSES = {"things": "public", "odd": "public", "guarded": "kritis"}
FIELDS = {"name": ("text", ogr.OFTString), "tree_id": ("text", ogr.OFTString), "number": ("bigint", ogr.OFTInteger64), "length": ("double precision", ogr.OFTReal),
          "yes": ("boolean", ogr.OFTInteger),
          "day": ("date", ogr.OFTDate), "moment": ("timestamptz", ogr.OFTDateTime)}


class Stores:
    """The same tables as GeoPackage and in PostGIS, a project of each: "file" and "base"."""

    def __init__(self):
        if not SERVER:
            raise RuntimeError("STADTGDI_TEST_PG is not set: ./test starts a server, or tests/support/start_postgres does")
        self.folder = tempfile.mkdtemp(prefix="stadtgdi_attacks_")
        self.schema = "attacked_" + uuid.uuid4().hex[:12]
        trees = os.path.join(self.folder, "trees.csv")
        with open(trees, "w", encoding="utf-8") as out:
            out.write("no,x,y\n1,317000,5690000\n")
        mapping = os.path.join(self.folder, "trees.toml")
        with open(mapping, "w", encoding="utf-8") as out:
            out.write('title = { en = "T", de = "T" }\nsource = "T"\n[[sources]]\ngeometry = { from = "xy", x = "x", y = "y", crs = "EPSG:25833" }\n'
                      '[[sources.tables]]\nlayer = "trees_tree"\nkey = "{no}"\n[sources.tables.fields]\nsite_no = "no"\n')
        self.file = os.path.join(self.folder, "town.gpkg")
        for city in (self.file, f"PG:{SERVER} schemas={self.schema}"):
            done = stadtgdi("import", trees, "--mapping", mapping, "--city", city)
            assert done.returncode == 0, done.stderr
        self.fill_file()
        self.fill_base()
        self.projects = [self.project(kind) for kind in ("file", "base")]

    def remove(self):
        sql(f'DROP SCHEMA IF EXISTS "{self.schema}" CASCADE')
        shutil.rmtree(self.folder, ignore_errors=True)

    def fill_file(self):
        crs = osr.SpatialReference()
        crs.ImportFromEPSG(25833)
        store = ogr.Open(self.file, update=1)
        things = store.CreateLayer("things", crs, ogr.wkbPoint, ["GEOMETRY_NAME=geom"])
        for name, (_, kind) in FIELDS.items():
            field = ogr.FieldDefn(name, kind)
            if name == "yes":
                field.SetSubType(ogr.OFSTBoolean)
            things.CreateField(field)
        odd = store.CreateLayer("odd", crs, ogr.wkbPoint, ["GEOMETRY_NAME=geom"])
        for name in ODD_FIELDS:
            odd.CreateField(ogr.FieldDefn(name, ogr.OFTString))
        for row in ROWS:
            feature = ogr.Feature(things.GetLayerDefn())
            feature.SetFID(row.fid)
            for name in FIELDS:
                value = getattr(row, name)
                if value is None:
                    feature.SetFieldNull(name)
                else:
                    feature.SetField(name, int(value) if name == "yes" else value)
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({row.x} {row.y})"))
            things.CreateFeature(feature)
        for fid in (1, 2):
            feature = ogr.Feature(odd.GetLayerDefn())
            feature.SetFID(fid)
            for i, _ in enumerate(ODD_FIELDS):
                feature.SetField(i, f"v{fid}")
            feature.SetGeometry(ogr.CreateGeometryFromWkt(f"POINT ({317000 + fid} 5690000)"))
            odd.CreateFeature(feature)
        store.CopyLayer(things, "guarded", ["GEOMETRY_NAME=geom"])
        for layer, disclosure in CLASSES.items():
            store.ExecuteSQL(described(layer, disclosure))
        del things, odd, store

    def fill_base(self):
        place = "ST_SetSRID(ST_MakePoint({}, {}), 25833)".format
        lines = [f'SET search_path = "{self.schema}", public;',
                 "CREATE TABLE things (fid integer PRIMARY KEY, geom geometry(Point, 25833), " + ", ".join(f"{sql_name(name)} {kind}" for name, (kind, _) in FIELDS.items()) + ");",
                 # Upper case beside lower case, and a second geometry, which a GeoPackage cannot have.
                 "CREATE TABLE odd (fid integer PRIMARY KEY, geom geometry(Point, 25833), geom2 geometry(Point, 25833), " + ", ".join(f"{sql_name(name)} text" for name in [*ODD_FIELDS, "NAME", "name"]) + ");"]
        for row in ROWS:
            lines.append(f"INSERT INTO things VALUES ({row.fid}, {place(row.x, row.y)}, " + ", ".join(sql_text(getattr(row, name)) for name in FIELDS) + ");")
        for fid in (1, 2):
            lines.append(f"INSERT INTO odd VALUES ({fid}, {place(317000 + fid, 5690000)}, {place(0, 0)}, " + ", ".join(sql_text(f"v{fid}") for _ in ODD_FIELDS) + f", 'UPPER{fid}', 'lower{fid}');")
        lines += ["CREATE TABLE guarded (LIKE things INCLUDING ALL);", "INSERT INTO guarded SELECT * FROM things;",
                  "CREATE TABLE many AS SELECT n::integer AS fid, ST_SetSRID(ST_MakePoint(317000 + n % 200, 5690000 + n / 200), 25833)::geometry(Point, 25833) AS geom FROM generate_series(1, 40000) AS n;",
                  "ALTER TABLE many ADD PRIMARY KEY (fid);", *(f"CREATE INDEX {table}_place ON {table} USING gist (geom);" for table in ("things", "guarded", "many")), "ANALYZE;",
                  *(described(table, disclosure) + ";" for table, disclosure in {**CLASSES, "many": "public"}.items())]
        sql("\n".join(lines))

    def project(self, kind):
        project = QgsProject.instance()
        project.clear()
        project.setCrs(QgsCoordinateReferenceSystem("EPSG:25833"))
        for name, table in {"things": "things", "odd": "odd", "guarded": "guarded", "few": "things", **({} if kind == "file" else {"many": "many"})}.items():
            source = f"{self.file}|layername={table}" if kind == "file" else f'{SERVER} key=\'fid\' srid=25833 type=Point table="{self.schema}"."{table}" (geom)'
            layer = QgsVectorLayer(source, name, "ogr" if kind == "file" else "postgres")
            assert layer.isValid(), source
            if name == "few":
                layer.setSubsetString('"number" < 10')
            if name == "things":
                layer.serverProperties().addWmsDimension(QgsMapLayerServerProperties.WmsDimensionInfo("TIME", "day"))
            project.addMapLayer(layer)
        project.writeEntry("WFSLayers", "/", list(project.mapLayers()))
        path = os.path.join(self.folder, kind + ".qgz")
        assert project.write(path)
        project.clear()
        return path

    def rows_left(self):
        """Of both stores, asked past the service."""
        store = ogr.Open(self.file)
        return store.GetLayer("things").GetFeatureCount(), int(sql(f'SELECT count(*) FROM "{self.schema}".things')[0][0])


SCRIPT = "</script><img src=x onerror=alert(1)>"
FORM, XML = "application/x-www-form-urlencoded", "text/xml"
AROUND = "316990,5689990,317300,5690010"   # all rows


def path(project, parameters):
    return f"/{project}/ows?" + urllib.parse.urlencode(parameters)


def get_map(project="base", **more):
    return path(project, {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetMap", "LAYERS": "things", "STYLES": "", "CRS": "EPSG:25833", "BBOX": AROUND,
                          "WIDTH": 256, "HEIGHT": 256, "FORMAT": "image/png", **more})


def get_info(project="base", **more):
    """Of all that lies in the map."""
    return get_map(project, **{"REQUEST": "GetFeatureInfo", "QUERY_LAYERS": more.get("LAYERS", "things"), "INFO_FORMAT": "application/json", "FEATURE_COUNT": 1000,
                               "FILTER_GEOM": "POLYGON((316000 5689000,318000 5689000,318000 5691000,316000 5691000,316000 5689000))", **more})


def get_legend(project="base", **more):
    return path(project, {"SERVICE": "WMS", "VERSION": "1.3.0", "REQUEST": "GetLegendGraphic", "LAYER": "things", "FORMAT": "image/png", **more})


def get_feature(project="base", **more):
    return path(project, {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "TYPENAMES": "things", **more})


def get_items(project="base", collection="things", **more):
    return f"/{project}/ogcapi/collections/{collection}/items?" + urllib.parse.urlencode({"f": "json", **more})


def as_form(target):
    """The same parameters by POST: target, body and type."""
    place, query = target.split("?", 1)
    return place, query, FORM


def fes(condition):
    return f'<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2">{condition}</fes:Filter>'


def equal_to(name, value):
    return f"<fes:PropertyIsEqualTo><fes:ValueReference>{html.escape(name)}</fes:ValueReference><fes:Literal>{html.escape(str(value))}</fes:Literal></fes:PropertyIsEqualTo>"


def feature_request(inside="", more="", types="things"):
    return (f'<wfs:GetFeature service="WFS" version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0" {more}>'
            f'<wfs:Query typeNames="{types}">{inside}</wfs:Query></wfs:GetFeature>')


def sld(rules, layer="things"):
    return ('<StyledLayerDescriptor version="1.0.0" xmlns="http://www.opengis.net/sld" xmlns:ogc="http://www.opengis.net/ogc" xmlns:xlink="http://www.w3.org/1999/xlink">'
            f"<NamedLayer><Name>{layer}</Name><UserStyle><FeatureTypeStyle>{rules}</FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>")


def rule(graphic="<Mark><WellKnownName>circle</WellKnownName></Mark>", size="8"):
    return f"<Rule><PointSymbolizer><Graphic>{graphic}<Size>{size}</Size></Graphic></PointSymbolizer></Rule>"


class Error:
    """What an answer says is wrong."""

    def __init__(self, answer):
        self.status, self.code, self.locator, self.text = answer.status, None, None, ""
        kind = answer.headers.get("content-type", "")
        if "json" in kind:
            self.text = json.loads(answer.text).get("detail", "")
        elif "xml" in kind and answer.body:
            root = ElementTree.fromstring(re.sub(rb"<!DOCTYPE[^>]*>", b"", answer.body))
            for element in root.iter():
                if element.tag.endswith("}Exception") or element.tag.endswith("ServiceException"):
                    self.code, self.locator = element.get("exceptionCode", element.get("code")), element.get("locator")
                    self.text = "".join(element.itertext()).strip()

    def __repr__(self):
        return f"{self.status} {self.code} at {self.locator}: {self.text[:160]}"


def memory(process):
    """Bytes in memory now, and at most since forget_peak()."""
    with open(f"/proc/{process}/status", encoding="ascii") as status:
        found = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+)", status.read(), re.M))
    return int(found["VmRSS"]) * 1024, int(found["VmHWM"]) * 1024


def forget_peak(process):
    with open(f"/proc/{process}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def serve(stores, settings, projects=None, **environment):
    """A service that ends with the tests of the module."""
    file = tempfile.NamedTemporaryFile("w", suffix=".toml", dir=stores.folder, delete=False, encoding="utf-8")
    with file:
        file.write(settings)
    usual = commands.ENVIRONMENT.copy()
    commands.ENVIRONMENT.update(environment)
    try:
        service = Service(*(projects or stores.projects), "--settings", file.name)
    finally:
        commands.ENVIRONMENT.clear()
        commands.ENVIRONMENT.update(usual)
    unittest.addModuleCleanup(service.stop)
    return service.wait_until_ready()


class Attacked(Discreet):
    """Asks the service of its class, which must stand whatever is asked."""
    service = None

    def ask(self, target, body=None, kind=XML, headers=None, service=None):
        connection = http.client.HTTPConnection("127.0.0.1", (service or self.service).port, timeout=60)
        try:
            try:
                connection.request("GET" if body is None else "POST", target, body=body.encode() if isinstance(body, str) else body,
                                   headers={**({} if body is None else {"Content-Type": kind}), **(headers or {})})
            except (BrokenPipeError, ConnectionResetError):
                pass   # refused before all was sent
            response = connection.getresponse()
            return Answer(response, response.read())
        finally:
            connection.close()

    def refused(self, expected, target, body=None, kind=XML, **how):
        """The answer, which must be (status, code, locator), or (status,) where its form has no code; and the service stands as it stood."""
        service = how.get("service") or self.service
        process = service.worker()
        forget_peak(process)
        before, _ = memory(process)
        answer = self.ask(target, body, kind, **how)
        error = Error(answer)
        asked = repr((target[:300], (body or "")[:300]))
        self.assertEqual((error.status, error.code, error.locator) if len(expected) == 3 else (error.status,), expected, (asked, error))
        self.expect_nothing_told(answer, urllib.parse.unquote_plus(target) + (urllib.parse.unquote_plus(body) if isinstance(body, str) else ""))
        self.assertEqual(service.worker(), process, asked)
        self.assertLess(memory(process)[1] - before, MOST_GROWTH, asked)
        return answer

    def picture(self, target, **how):
        """Of an address, or of what as_form() gave."""
        answer = self.ask(*(target if isinstance(target, tuple) else (target,)), **how)
        self.assertEqual((answer.status, answer.headers["content-type"], answer.headers["x-content-type-options"]), (200, "image/png", "nosniff"), answer.body[:500])
        return answer.body

    def fids(self, answer):
        """Of an answer in JSON."""
        self.assertEqual(answer.status, 200, answer.body[:500])
        return {int(str(feature["id"]).rsplit(".", 1)[-1]) for feature in json.loads(answer.text)["features"]}
