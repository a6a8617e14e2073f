# SPDX-License-Identifier: GPL-2.0-or-later
"""Who is known, and who sees what: by keys, passwords, tokens and a proxy's word; by layer, field, row and area; and what changes while it runs."""
import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree
import zipfile

from osgeo import ogr

from service import Service, eventually, stadtgdi

ogr.UseExceptions()

BOX = (389500, 5719500, 390300, 5720300)   # west, south, east, north: the area of the role "mitte"


def wfs(**parameters):
    return "/demo/ows?" + urllib.parse.urlencode({"SERVICE": "WFS", "VERSION": "2.0.0", **parameters})


def wms(**parameters):
    return "/demo/ows?" + urllib.parse.urlencode({"SERVICE": "WMS", "VERSION": "1.3.0", **parameters})


def get_map(layers, box, **more):
    return wms(REQUEST="GetMap", LAYERS=layers, STYLES="", CRS="EPSG:25833", BBOX=",".join(map(str, box)), WIDTH=300, HEIGHT=300, FORMAT="image/png", **more)


def make_city(folder):
    """demo.gpkg and demo.qgz in a folder."""
    made = stadtgdi("demo", "--inhabitants", 20000, "--seed", 7, "--out", folder)
    assert made.returncode == 0, made.stderr
    written = stadtgdi("project", os.path.join(folder, "demo.gpkg"), "--language", "de", "--out", os.path.join(folder, "demo.qgz"))
    assert written.returncode == 0, written.stderr


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Signer:
    """Signs tokens by the command of OpenSSL, which our service does not use."""

    def __init__(self, folder, algorithm):
        self.algorithm = algorithm
        self.private, self.public = (os.path.join(folder, f"{algorithm}.{part}.pem") for part in ("private", "public"))
        how = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if algorithm == "RS256" else ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        subprocess.run(["openssl", "genpkey", *how, "-out", self.private], check=True, capture_output=True)
        subprocess.run(["openssl", "pkey", "-in", self.private, "-pubout", "-out", self.public], check=True, capture_output=True)

    def token(self, **claims):
        claims = {"iss": "https://login.example", "aud": "stadtgdi", "sub": "ada", "exp": time.time() + 600, "roles": ["netz"], **claims}
        text = base64url(json.dumps({"alg": self.algorithm, "typ": "JWT"}).encode()) + "." + base64url(json.dumps(claims).encode())
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.private], input=text.encode(), check=True, capture_output=True).stdout
        return text + "." + base64url(signature if self.algorithm == "RS256" else self.raw(signature))

    @staticmethod
    def raw(der):
        """r and s of 32 bytes each out of the DER of an ECDSA signature."""
        numbers, at = b"", 2
        for _ in range(2):
            length = der[at + 1]
            numbers += int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big")
            at += 2 + length
        return numbers


class AccessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_access_")
        make_city(cls.folder)
        cls.city, cls.settings = (os.path.join(cls.folder, name) for name in ("demo.gpkg", "settings.toml"))
        cls.rsa, cls.p256 = Signer(cls.folder, "RS256"), Signer(cls.folder, "ES256")
        cls.key, cls.admin, cls.mitte = (json.loads(stadtgdi("serve", "--new-key", "--json").stdout) for _ in range(3))
        cls.bcrypt = json.loads(cls.new_user("Grünfläche 7").stdout)["bcrypt"]
        cls.good_settings = f'''
[server]
trusted_proxies = ["127.0.0.1"]
[access]
wrong_keys_per_minute = 1000
hidden_fields = ["demo/trees_tree/trunk_circ_cm", "*/greenspace_*/care_class"]
[access.areas.mitte]
bbox = [{", ".join(map(str, BOX))}]
crs = "EPSG:25833"
[access.roles.netz]
classes = ["kritis"]
[access.roles.mitte]
classes = ["kritis"]
area = "mitte"
[access.roles.pflege]
fields = ["demo/trees_tree/*"]
[access.roles.betrieb]
admin = true
[[access.keys]]
name = "Netz"
sha256 = "{cls.key["sha256"]}"
roles = ["netz"]
[[access.keys]]
name = "Mitte"
sha256 = "{cls.mitte["sha256"]}"
roles = ["mitte"]
[[access.keys]]
name = "Betrieb"
sha256 = "{cls.admin["sha256"]}"
roles = ["betrieb"]
[[access.users]]
name = "ada"
bcrypt = "{cls.bcrypt}"
roles = ["netz", "pflege"]
[[access.tokens]]
name = "Anmeldung"
algorithm = "RS256"
public_key_file = "{cls.rsa.public}"
issuer = "https://login.example"
audience = "stadtgdi"
roles = ["netz"]
[[access.tokens]]
name = "Anmeldung"
algorithm = "ES256"
public_key_file = "{cls.p256.public}"
issuer = "https://login.example"
audience = "stadtgdi"
roles = ["netz"]
[access.proxy]
header = "X-Remote-User"
roles_header = "X-Remote-Roles"
roles = ["netz"]
'''
        cls.write_settings(cls.good_settings)
        cls.service = Service(os.path.join(cls.folder, "demo.qgz"), "--settings", cls.settings).wait_until_ready()

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder)

    @staticmethod
    def new_user(password):
        return subprocess.run([os.environ["STADTGDI"], "serve", "--new-user", "--json"], input=password + "\n", capture_output=True, text=True, encoding="utf-8",
                              timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})

    @classmethod
    def write_settings(cls, text):
        with open(cls.settings + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(cls.settings + ".new", cls.settings)

    def get(self, target, headers=None):
        return self.service.get(target, headers)

    def basic(self, name, password):
        return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}

    def sees_utilities(self, headers):
        answer = self.get(wms(REQUEST="GetCapabilities"), headers)
        self.assertEqual(answer.status, 200, answer.text)
        return "utilities_line" in answer.text

    def test_people_are_known_by_name_and_password(self):
        self.assertTrue(self.sees_utilities(self.basic("ada", "Grünfläche 7")))
        for name, password in (("ada", "Grünfläche 8"), ("bob", "Grünfläche 7"), ("", "Grünfläche 7"), ("ada", "x" * 5000)):
            answer = self.get("/demo/ows", self.basic(name, password))
            self.assertEqual((answer.status, answer.headers["www-authenticate"]), (401, 'Basic realm="StadtGDI", charset="UTF-8"'))
        answer = self.get(wms(REQUEST="GetCapabilities"), self.basic("ada", "Grünfläche 7"))
        self.assertEqual(answer.headers["cache-control"], "private")
        self.assertIn("Authorization", answer.headers["vary"])
        self.assertFalse(self.sees_utilities({}))
        self.assertTrue(self.sees_utilities(self.basic("whoever", self.key["key"])), "a key as the password, beside users")
        page = self.get("/login", self.basic("ada", "Grünfläche 7"))
        self.assertEqual(page.status, 302)
        self.assertIn("ada", self.get("/?lang=de", {"Accept": "text/html", **self.basic("ada", "Grünfläche 7")}).text)

    def test_a_new_user_is_a_line_for_the_settings(self):
        made = subprocess.run([os.environ["STADTGDI"], "serve", "--new-user"], input="a word\n", capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertRegex(made.stdout, r'\[\[access.users\]\]\nname = ""\nbcrypt = "\$2b\$12\$[./A-Za-z0-9]{53}"\nroles = \[\]\n')
        self.assertNotIn("a word", made.stdout + made.stderr)
        self.assertNotEqual(self.new_user("").returncode, 0)
        self.assertNotEqual(self.new_user("x" * 73).returncode, 0)

    def test_tokens_are_believed_by_their_key_alone(self):
        for signer in (self.rsa, self.p256):
            self.assertTrue(self.sees_utilities({"Authorization": "Bearer " + signer.token()}))
            self.assertFalse(self.sees_utilities({"Authorization": "Bearer " + signer.token(roles=["betrieb", "mitte"])}), "roles that its tokens may not give")
            none = base64url(b'{"alg":"none"}') + "." + signer.token().split(".")[1] + "."
            for token in (signer.token(exp=time.time() - 60), signer.token(nbf=time.time() + 600), signer.token(aud="other"), signer.token(iss="https://evil.example"),
                          signer.token()[:-8], none, "x" * 9000, "nonsense"):
                answer = self.get("/demo/ows", {"Authorization": "Bearer " + token})
                self.assertEqual((answer.status, answer.headers["www-authenticate"]), (401, 'Bearer realm="StadtGDI", error="invalid_token"'))

    def test_a_trusted_proxy_says_who_asks(self):
        self.assertTrue(self.sees_utilities({"X-Remote-User": "ada", "X-Remote-Roles": "netz, betrieb", "X-Forwarded-For": "198.51.100.7"}))
        self.assertFalse(self.sees_utilities({"X-Remote-User": "ada", "X-Remote-Roles": "betrieb"}))
        self.assertFalse(self.sees_utilities({"X-Remote-Roles": "netz"}))
        self.assertEqual(self.get("/admin", {"X-Remote-User": "ada", "X-Remote-Roles": "betrieb"}).status, 404)
        other = os.path.join(self.folder, "untrusted.toml")
        with open(other, "w", encoding="utf-8") as file:
            file.write(self.good_settings.replace('trusted_proxies = ["127.0.0.1"]', 'trusted_proxies = ["192.0.2.1"]'))
        untrusted = Service(os.path.join(self.folder, "demo.qgz"), "--settings", other).wait_until_ready()
        try:
            plain = untrusted.get(wms(REQUEST="GetCapabilities")).body
            self.assertEqual(untrusted.get(wms(REQUEST="GetCapabilities"), {"X-Remote-User": "ada", "X-Remote-Roles": "netz"}).body, plain)
        finally:
            untrusted.stop()

    def test_secrets_that_come_unencrypted_from_elsewhere_are_not_looked_at(self):
        far = {"X-Forwarded-For": "198.51.100.7"}
        for headers in ({"X-API-Key": self.key["key"]}, {"X-API-Key": "wrong"}, self.basic("ada", "Grünfläche 7"), {"Authorization": "Bearer " + self.rsa.token()}):
            self.assertEqual(self.get("/demo/ows", {**far, **headers}).status, 403)
        self.assertTrue(self.sees_utilities({**far, "X-Forwarded-Proto": "https", "X-API-Key": self.key["key"]}))
        self.assertFalse(self.sees_utilities(far))
        login = self.get("/login", far)
        self.assertEqual((login.status, login.headers.get("www-authenticate")), (403, None), "a browser that is asked would send the password")
        self.assertEqual(self.get("/login", {**far, "X-Forwarded-Proto": "https"}).status, 401)
        self.assertIn("/login", self.get("/?f=html").text)
        self.assertNotIn("/login", self.get("/?f=html", far).text)

    def test_what_one_may_see_is_kept_for_no_other(self):
        headers = {"X-API-Key": self.key["key"]}
        for target in (wms(REQUEST="GetCapabilities"), wfs(REQUEST="GetCapabilities"), get_map("trees_tree", BOX), "/demo/ogcapi/collections?f=json",
                       "/demo/ogcapi/collections/trees_tree/items?limit=5&f=json"):
            mine, open_one = self.get(target, headers), self.get(target)
            self.assertEqual(mine.headers["cache-control"], "private", target)
            for answer in (mine, open_one):
                self.assertIn("Authorization", answer.headers["vary"])
                self.assertIn("X-API-Key", answer.headers["vary"])
                self.assertNotIn("access-control-allow-credentials", answer.headers, "no page can borrow what a browser sends by itself")
            self.assertEqual((mine.headers.get("access-control-allow-origin"), open_one.headers.get("access-control-allow-origin")), (None, "*"), target)
            if "etag" in mine.headers:
                self.assertEqual(self.get(target, {"If-None-Match": mine.headers["etag"]}).status, 200, target)
                self.assertEqual(self.get(target, {**headers, "If-None-Match": mine.headers["etag"]}).status, 304, target)

    def test_no_log_names_people_or_their_secrets(self):
        token = self.rsa.token()
        self.get(wms(REQUEST="GetCapabilities"), self.basic("ada", "Grünfläche 7"))
        self.get(wms(REQUEST="GetCapabilities"), self.basic("eve", "guess 4711"))
        self.get(wms(REQUEST="GetCapabilities"), {"Authorization": "Bearer " + token})
        self.get(wms(REQUEST="GetCapabilities"), {"X-Remote-User": "bob", "X-Forwarded-For": "198.51.100.77"})
        self.assertTrue(eventually(lambda: "198.51.100.0 GET" in self.service.logged(), 10))
        written = self.service.logged()
        self.assertIn("wrong key from 127.0.0.0", written)
        for secret in ("ada", "eve", "bob", "4711", "Grünfläche", token[:20], "127.0.0.1 ", "198.51.100.77", self.key["key"]):
            self.assertNotIn(secret, written.replace(self.folder, ""))

    # --- areas ----------------------------------------------------------------------------------------------------------

    def lines_of_mitte(self):
        """By GEOS through GDAL: ids of the lines that meet the area, and the box around them."""
        ring = f"POLYGON (({BOX[0]} {BOX[1]}, {BOX[2]} {BOX[1]}, {BOX[2]} {BOX[3]}, {BOX[0]} {BOX[3]}, {BOX[0]} {BOX[1]}))"
        area = ogr.CreateGeometryFromWkt(ring)
        store = ogr.Open(self.city)
        inside, outside, boxes = set(), set(), []
        for feature in store.GetLayer("utilities_line"):
            if feature.GetGeometryRef().Intersects(area):
                inside.add(feature.GetFID())
                boxes.append(feature.GetGeometryRef().GetEnvelope())
            else:
                outside.add(feature.GetFID())
        west, east, south, north = (f(box[i] for box in boxes) for i, f in ((0, min), (1, max), (2, min), (3, max)))
        return inside, outside, (west, south, east, north)

    def test_a_role_with_an_area_has_the_rows_there_and_no_others(self):
        mitte = {"X-API-Key": self.mitte["key"]}
        inside, outside, around = self.lines_of_mitte()
        self.assertGreater(len(inside), 50)
        self.assertGreater(len(outside), 50)
        hits = self.get(wfs(REQUEST="GetFeature", TYPENAMES="utilities_line", RESULTTYPE="hits"), mitte)
        self.assertEqual(int(ElementTree.fromstring(hits.body).attrib["numberMatched"]), len(inside))
        whole = json.loads(self.get(wfs(REQUEST="GetFeature", TYPENAMES="utilities_line", OUTPUTFORMAT="application/geo+json"), mitte).body)
        self.assertEqual({int(str(f["id"]).rsplit(".", 1)[-1]) for f in whole["features"]}, inside)
        page = json.loads(self.get("/demo/ogcapi/collections/utilities_line/items?limit=1&f=json", mitte).body)
        self.assertEqual(page["numberMatched"], len(inside))
        one = min(outside)
        hidden, missing = (self.get(f"/demo/ogcapi/collections/utilities_line/items/{number}?f=json", mitte) for number in (one, 99999999))
        self.assertEqual((hidden.status, hidden.text.replace(str(one), "")), (missing.status, missing.text.replace("99999999", "")))
        self.assertEqual(self.get(f"/demo/ogcapi/collections/utilities_line/items/{min(inside)}?f=json", mitte).status, 200)
        # The extents tell of no other row, the pictures show none.
        collection = json.loads(self.get("/demo/ogcapi/collections/utilities_line?f=json", mitte).body)
        capabilities = self.get(wms(REQUEST="GetCapabilities"), mitte).text
        layer = capabilities[capabilities.index("<Name>utilities_line</Name>"):]
        told = re.search(r'<BoundingBox CRS="EPSG:25833" minx="([^"]+)" miny="([^"]+)" maxx="([^"]+)" maxy="([^"]+)"', layer).groups()
        for number, expected in zip(map(float, told), around):
            self.assertAlmostEqual(number, expected, delta=1)
        self.assertIn("extent", collection)
        far = (around[2] + 100, around[1], around[2] + 600, around[1] + 500)
        blank = self.get(get_map("districts_district", (0, 0, 100, 100)), mitte).body
        with_all = self.get(get_map("utilities_line", far), {"X-API-Key": self.key["key"]}).body
        self.assertEqual(self.get(get_map("utilities_line", far), mitte).body, blank)
        self.assertNotEqual(with_all, blank)
        self.assertNotEqual(self.get(get_map("utilities_line", BOX), mitte).body, blank)

    # --- fields ---------------------------------------------------------------------------------------------------------

    def test_hidden_fields_are_shown_to_roles_that_have_them(self):
        described = lambda headers: self.get(wfs(REQUEST="DescribeFeatureType", TYPENAMES="trees_tree"), headers).text
        self.assertNotIn("trunk_circ_cm", described({}))
        self.assertNotIn("trunk_circ_cm", described({"X-API-Key": self.key["key"]}))
        self.assertIn("trunk_circ_cm", described(self.basic("ada", "Grünfläche 7")))
        self.assertIn("trunk_circ_cm", self.get("/demo/ogcapi/collections/trees_tree/items?limit=1&f=json", self.basic("ada", "Grünfläche 7")).text)
        self.assertNotIn("care_class", self.get(wfs(REQUEST="DescribeFeatureType", TYPENAMES="greenspace_site"), self.basic("ada", "Grünfläche 7")).text)

    # --- changes --------------------------------------------------------------------------------------------------------

    def test_settings_hold_as_soon_as_they_are_written_and_wrong_ones_change_nothing(self):
        admin = {"X-API-Key": self.admin["key"]}
        worker = self.service.worker()
        fresh = json.loads(stadtgdi("serve", "--new-key", "--json").stdout)
        try:
            self.assertNotIn("settings", json.loads(self.get("/admin?f=json", admin).body))
            self.write_settings(self.good_settings.replace(self.key["sha256"], fresh["sha256"]))
            self.assertTrue(eventually(lambda: self.get("/", {"X-API-Key": self.key["key"]}).status == 401, 10))
            self.assertTrue(self.sees_utilities({"X-API-Key": fresh["key"]}))
            self.write_settings(self.good_settings + "\n[access.roles.netz]\n")
            fault = eventually(lambda: json.loads(self.get("/admin?f=json", admin).body).get("settings"), 10)
            self.assertIn("settings.toml", fault["en"])
            self.assertIn("TOML", self.get("/admin?lang=de", admin).text)
            self.assertTrue(self.sees_utilities({"X-API-Key": fresh["key"]}), "the last good file holds on")
            self.write_settings(self.good_settings.replace('classes = ["kritis"]\narea', 'classes = ["secret"]\narea'))
            self.assertTrue(eventually(lambda: "access.roles.mitte.classes" in self.get("/admin?f=json", admin).text, 10))
            # Files that the settings name are looked at too.
            area = os.path.join(self.folder, "area.wkt")
            for text, wrong in (("POLYGON ((0 0, 1 0, 1 1, 0 0))", False), ("no polygon", True), ("POLYGON ((0 0, 2 0, 2 2, 0 0))", False)):
                with open(area, "w", encoding="ascii") as file:
                    file.write(text)
                if text.endswith("1 1, 0 0))"):
                    self.write_settings(self.good_settings + f'\n[access.areas.filed]\nfile = "{area}"\ncrs = "EPSG:25833"\n')
                self.assertTrue(eventually(lambda: ("access.areas.filed" in self.get("/admin?f=json", admin).text, "settings" in json.loads(self.get("/admin?f=json", admin).body)) == (wrong, wrong), 10), text)
        finally:
            self.write_settings(self.good_settings)
        self.assertTrue(eventually(lambda: self.get("/", {"X-API-Key": self.key["key"]}).status == 200, 10))
        self.assertTrue(eventually(lambda: "settings" not in json.loads(self.get("/admin?f=json", admin).body), 10))
        self.assertEqual(self.service.worker(), worker, "no process was replaced for it")


class ExistenceTest(unittest.TestCase):
    """Two services: one of a city with things that one may not see, one of the same city without them. Whoever asks both cannot tell which is which."""
    HIDDEN_ROWS = "fid % 7 = 3 AND fid > 100 AND fid < 8000"
    FIELD = "trunk_circ_cm"

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_existence_")
        first, second = (os.path.join(cls.folder, name) for name in ("with", "without"))
        make_city(first)
        cls.layers = ["utilities_line", "utilities_node", "utilities_coverage"]
        with Closing(os.path.join(first, "demo.gpkg")) as store:
            store.ExecuteSQL("UPDATE trees_tree SET disclosure_class = NULL")
        shutil.copytree(first, second)
        with Closing(os.path.join(first, "demo.gpkg")) as store:
            store.ExecuteSQL(f"UPDATE trees_tree SET disclosure_class = 'internal' WHERE {cls.HIDDEN_ROWS}")
        with Closing(os.path.join(second, "demo.gpkg")) as store:
            store.ExecuteSQL(f"DELETE FROM trees_tree WHERE {cls.HIDDEN_ROWS}")
            trees = store.GetLayerByName("trees_tree")
            trees.DeleteField(trees.GetLayerDefn().GetFieldIndex(cls.FIELD))
            for name in cls.layers:
                store.ExecuteSQL(f"DROP TABLE {name}")
                store.ExecuteSQL(f"DELETE FROM stadtgdi_layer WHERE name = '{name}'")
        cls.services = []
        for folder in (first, second):
            settings = os.path.join(folder, "settings.toml")
            with open(settings, "w", encoding="utf-8") as file:
                file.write(f'[access]\nhidden_fields = ["demo/trees_tree/{cls.FIELD}"]\n[access.roles.netz]\nclasses = ["kritis"]\n[[access.keys]]\nname = "a"\nsha256 = "{"0" * 64}"\nroles = ["netz"]\n')
            cls.services.append(Service(os.path.join(folder, "demo.qgz"), "--settings", settings).wait_until_ready())

    @classmethod
    def tearDownClass(cls):
        for service in cls.services:
            service.stop()
        shutil.rmtree(cls.folder)

    def told(self, service, target):
        answer = service.get(target, {"Accept-Language": "de"})
        body = answer.body.replace(f"127.0.0.1:{service.port}".encode(), b"HOST")
        for pattern in (rb'timeStamp="[^"]*"', rb'"timeStamp": ?"[^"]*"', rb'updateSequence="[^"]*"'):
            body = re.sub(pattern, b"", body)
        headers = {name: value.replace(f"127.0.0.1:{service.port}", "HOST") for name, value in answer.headers.items() if name not in ("date", "etag", "last-modified", "content-length")}
        return answer.status, headers, body

    def assert_same(self, target):
        first, second = (self.told(service, target) for service in self.services)
        with self.subTest(target):
            self.assertEqual(first[:2], second[:2])
            if first[2] != second[2]:
                at = next((i for i, pair in enumerate(zip(first[2], second[2])) if pair[0] != pair[1]), min(len(first[2]), len(second[2])))
                self.fail(f"differs at byte {at}: {first[2][max(0, at - 100):at + 100]!r} and {second[2][max(0, at - 100):at + 100]!r}")
        return first

    def test_documents(self):
        for target in ("/", "/?lang=de&f=html", wms(REQUEST="GetCapabilities"), wms(REQUEST="GetCapabilities", VERSION="1.1.1"), wfs(REQUEST="GetCapabilities"),
                       wfs(REQUEST="DescribeFeatureType"), wfs(REQUEST="DescribeFeatureType", TYPENAMES="trees_tree"), wfs(REQUEST="ListStoredQueries"), wfs(REQUEST="DescribeStoredQueries"),
                       "/demo/ogcapi?f=json", "/demo/ogcapi?f=html", "/demo/ogcapi/api?f=json", "/demo/ogcapi/conformance?f=json", "/demo/ogcapi/collections?f=json",
                       "/demo/ogcapi/collections?f=html", "/demo/ogcapi/collections/trees_tree?f=json", "/demo/ogcapi/collections/trees_tree?f=html",
                       "/demo/ogcapi/collections/trees_tree/queryables?f=json", "/demo/ogcapi/collections/trees_tree/schema?f=json",
                       "/demo/map", "/demo/map/project.json", "/demo", "/admin", "/metrics/x"):
            self.assert_same(target)

    def test_layers(self):
        box = (388000, 5718000, 392000, 5722000)
        names = self.layers + self.group_names()
        for name in names + [names[0].upper(), "trees_tree," + names[0]]:
            quoted = urllib.parse.quote(name)
            for target in (get_map(name, box), get_map(name, box, TRANSPARENT="TRUE", EXCEPTIONS="BLANK"), get_map("", box, FILTER=f"{name}:\"fid\" = 1"),
                           wms(REQUEST="GetFeatureInfo", LAYERS=name, QUERY_LAYERS=name, STYLES="", CRS="EPSG:25833", BBOX="388000,5718000,392000,5722000", WIDTH=100, HEIGHT=100,
                               I=50, J=50, INFO_FORMAT="application/json"),
                           wms(REQUEST="GetLegendGraphic", LAYER=name, FORMAT="image/png"), wms(REQUEST="GetLegendGraphic", LAYER=name, FORMAT="application/json"),
                           wms(REQUEST="GetStyles", LAYERS=name), wms(REQUEST="DescribeLayer", LAYERS=name, SLD_VERSION="1.1.0"), wms(REQUEST="GetSchemaExtension", LAYERS=name),
                           wms(REQUEST="GetPrint", TEMPLATE=name, LAYERS=name), wms(REQUEST="GetMap", LAYERS=name, FORMAT="application/dxf"),
                           wfs(REQUEST="DescribeFeatureType", TYPENAMES=name), wfs(REQUEST="GetFeature", TYPENAMES=name, RESULTTYPE="hits"),
                           wfs(REQUEST="GetFeature", TYPENAMES=name, COUNT=1), wfs(REQUEST="GetPropertyValue", TYPENAMES=name, VALUEREFERENCE="uuid"),
                           wfs(REQUEST="GetFeature", STOREDQUERY_ID="urn:ogc:def:query:OGC-WFS::GetFeatureById", ID=name + ".1"), wfs(REQUEST="GetFeature", RESOURCEID=name + ".1"),
                           "/demo/ows?SERVICE=WMTS&REQUEST=GetTile&LAYER=" + quoted, f"/demo/ogcapi/collections/{quoted}", f"/demo/ogcapi/collections/{quoted}?f=html",
                           f"/demo/ogcapi/collections/{quoted}/items", f"/demo/ogcapi/collections/{quoted}/items/1", f"/demo/ogcapi/collections/{quoted}/queryables",
                           f"/demo/ogcapi/collections/{quoted}/schema", f"/demo/ogcapi/collections/{quoted}/tiles", f"/demo/ogcapi/collections/{quoted}/map",
                           f"/demo/map/{quoted}", f"/{quoted}", f"/{quoted}/ows"):
                self.assert_same(target)
        self.assert_same(get_map(self.root_name(), box))

    def test_fields(self):
        fes = '<fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:{0}><fes:ValueReference>{1}</fes:ValueReference>{2}</fes:{0}></fes:Filter>'
        conditions = [fes.format("PropertyIsEqualTo", self.FIELD, "<fes:Literal>1</fes:Literal>"), fes.format("PropertyIsNull", self.FIELD, ""),
                      fes.format("PropertyIsLike", self.FIELD, "<fes:Literal>*</fes:Literal>").replace("IsLike>", 'IsLike wildCard="*" singleChar="?" escapeChar="!">', 1)]
        for condition in conditions:
            self.assert_same(wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", RESULTTYPE="hits", FILTER=condition))
        for more in ({"PROPERTYNAME": self.FIELD}, {"PROPERTYNAME": "uuid," + self.FIELD}, {"SORTBY": self.FIELD}, {"SORTBY": self.FIELD + " DESC"}):
            self.assert_same(wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", COUNT=3, **more))
        self.assert_same(wfs(REQUEST="GetPropertyValue", TYPENAMES="trees_tree", VALUEREFERENCE=self.FIELD, COUNT=3))
        for query in (f"{self.FIELD}=1", f"{self.FIELD}=", f"sortby={self.FIELD}", f"sortby=-{self.FIELD}", f"properties={self.FIELD}", f"filter={self.FIELD}%20IS%20NULL",
                      f"filter={self.FIELD}%3D%271%27%20OR%201%3D1", f"filter-lang=cql2-json&filter=%7B%22op%22%3A%22isNull%22%2C%22args%22%3A%5B%7B%22property%22%3A%22{self.FIELD}%22%7D%5D%7D"):
            self.assert_same(f"/demo/ogcapi/collections/trees_tree/items?limit=2&f=json&{query}")
        for kind in ("application/json", "text/html", "text/plain", "application/vnd.ogc.gml", "text/xml"):
            told = self.assert_same(wms(REQUEST="GetFeatureInfo", LAYERS="trees_tree", QUERY_LAYERS="trees_tree", STYLES="", CRS="EPSG:25833", BBOX="389500,5719500,389700,5719700", WIDTH=100,
                                 HEIGHT=100, I=50, J=50, FEATURE_COUNT=10, WITH_GEOMETRY="FALSE", FI_POINT_TOLERANCE=50, INFO_FORMAT=kind))
            self.assertRegex(told[2], rb"[A-Z]\d{6}", "a tree's number: it is not that nothing was found")

    def test_rows(self):
        whole = (388000, 5718000, 392000, 5722000)
        hits = self.assert_same(wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", RESULTTYPE="hits"))
        self.assertIn(b"numberMatched", hits[2])
        for target in (wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", OUTPUTFORMAT="application/geo+json"), wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", COUNT=500, STARTINDEX=500),
                       wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", COUNT=20, OUTPUTFORMAT="csv"), wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", COUNT=20, SORTBY="genus"),
                       wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", BBOX="389500,5719500,390300,5720300,EPSG:25833", RESULTTYPE="hits"),
                       wfs(REQUEST="GetFeature", STOREDQUERY_ID="urn:ogc:def:query:OGC-WFS::GetFeatureById", ID="trees_tree.108"), wfs(REQUEST="GetFeature", RESOURCEID="trees_tree.108"),
                       "/demo/ogcapi/collections/trees_tree/items/108?f=json", "/demo/ogcapi/collections/trees_tree/items/108?f=html", "/demo/ogcapi/collections/trees_tree/items?limit=5000&f=json",
                       "/demo/ogcapi/collections/trees_tree/items?disclosure_class=internal&f=json", "/demo/ogcapi/collections/trees_tree/items?disclosure_class=nonsense&f=json",
                       get_map("trees_tree", whole), get_map("trees_tree", whole, DPI=200), wms(REQUEST="GetLegendGraphic", LAYER="trees_tree", FORMAT="image/png"),
                       wms(REQUEST="GetStyles", LAYERS="trees_tree")):
            self.assert_same(target)
        # 108 is hidden (108 % 7 = 3), and answers as a number that never was.
        for service in self.services:
            hidden, missing = (service.get(f"/demo/ogcapi/collections/trees_tree/items/{number}?f=json") for number in ("108", "9999999"))
            self.assertEqual((hidden.status, hidden.text.replace("108", "N")), (missing.status, missing.text.replace("9999999", "N")))

    def test_guessing_ends_soon(self):
        service = self.services[0]
        guess = lambda number: {"Authorization": "Basic " + base64.b64encode(f"ada:{number}".encode()).decode()}
        answers = [service.get("/demo/ows", guess(number)).status for number in range(100)]
        self.assertEqual(answers, [401] * 10 + [429] * 90)
        self.assertEqual(service.get(wms(REQUEST="GetCapabilities")).status, 200)

    def group_names(self):
        """Of groups that hold hidden layers alone, as the project file names them."""
        with zipfile.ZipFile(os.path.join(self.folder, "with", "demo.qgz")) as project:
            text = project.read(next(name for name in project.namelist() if name.endswith(".qgs"))).decode("utf-8")
        tree = ElementTree.fromstring(re.search(r"<layer-tree-group.*</layer-tree-group>", text, re.S).group(0))
        names = [group.attrib["name"] for group in tree.iter("layer-tree-group")
                 if group.attrib.get("name") and {leaf.attrib["id"].split("_")[0] for leaf in group.iter("layer-tree-layer")} == {"utilities"}]
        return names

    def root_name(self):
        return re.search(r"<Layer[^>]*>\s*<Name>([^<]+)</Name>", self.services[0].get(wms(REQUEST="GetCapabilities")).text).group(1)


class Closing:
    """A store that is open for writing within a block."""

    def __init__(self, path):
        self.store = ogr.Open(path, 1)

    def __enter__(self):
        return self.store

    def __exit__(self, *_):
        self.store.Destroy()


if __name__ == "__main__":
    unittest.main()
