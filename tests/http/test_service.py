# SPDX-License-Identifier: GPL-2.0-or-later
"""The service as its users meet it: a demo city served by the real command."""
import gzip
import json
import os
import shutil
import signal
import tempfile
import time
import unittest
import urllib.parse
import xml.etree.ElementTree as ElementTree

from service import Service, eventually, stadtgdi



def wfs(**parameters):
    return "/demo/ows?" + urllib.parse.urlencode({"SERVICE": "WFS", "VERSION": "2.0.0", **parameters})


def wms(**parameters):
    return "/demo/ows?" + urllib.parse.urlencode({"SERVICE": "WMS", "VERSION": "1.3.0", **parameters})


class ServiceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="stadtgdi_http_")
        assert stadtgdi("demo", "--inhabitants", 20000, "--seed", 7, "--out", cls.folder).returncode == 0
        cls.city = os.path.join(cls.folder, "demo.gpkg")
        cls.project = os.path.join(cls.folder, "demo.qgz")
        written = stadtgdi("project", cls.city, "--language", "de", "--out", cls.project)
        assert written.returncode == 0, written.stderr
        made, admin = (json.loads(stadtgdi("serve", "--new-key", "--json").stdout) for _ in range(2))
        cls.key, cls.admin_key = made["key"], admin["key"]
        cls.settings = os.path.join(cls.folder, "settings.toml")
        cls.write_settings(made["sha256"], f'''[access.roles.operation]
admin = true
[[access.keys]]
name = "Operation"
sha256 = "{admin["sha256"]}"
roles = ["operation"]
''')
        cls.service = Service(cls.project, "--settings", cls.settings).wait_until_ready()

    @classmethod
    def tearDownClass(cls):
        cls.service.stop()
        shutil.rmtree(cls.folder)

    @classmethod
    def write_settings(cls, digest, more=""):
        with open(cls.settings, "w", encoding="utf-8") as file:
            file.write(f"""
[pages]
title_de = "Geodaten für den Test"
[access.roles.netz]
classes = ["kritis"]
[[access.keys]]
name = "Test"
sha256 = "{digest}"
roles = ["netz"]
{more}""")

    def get(self, target, headers=None, method="GET"):
        return self.service.get(target, headers, method)

    def test_projects_are_listed_for_programs_and_people(self):
        listed = json.loads(self.get("/").body)
        self.assertEqual([p["id"] for p in listed["projects"]], ["demo"])
        page = self.get("/?lang=de", {"Accept": "text/html"})
        self.assertIn("Geodaten für den Test", page.text)
        self.assertIn("default-src 'none'", page.headers["content-security-policy"])
        self.assertNotIn("<script", page.text)

    def test_protected_layers_are_nowhere_without_a_key(self):
        for target in (wms(REQUEST="GetCapabilities"), wfs(REQUEST="GetCapabilities"), "/demo/ogcapi/collections?f=json", "/demo/ogcapi?f=json",
                       "/", "/?lang=de", "/?lang=en", "/demo/map/project.json", wfs(REQUEST="DescribeFeatureType"), wfs(REQUEST="GetCapabilities", LANGUAGE="eng"),
                       "/demo/ogcapi?f=json&lang=en", "/demo/map/project.json?lang=en", "/demo/wmts/1.0.0/WMTSCapabilities.xml?LANGUAGE=eng"):
            answer = self.get(target)
            if "project.json" in target and answer.status == 501:
                continue  # built without the map
            self.assertEqual(answer.status, 200, target)
            self.assertNotIn("utilities_", answer.text, target)
            self.assertNotIn("kritis", answer.text, target)
            for title in ("Leitungsnetz", "Utility network"):  # of the family: the project's own texts would give it away
                self.assertNotIn(title, answer.text, target)
        with_key = self.get(wms(REQUEST="GetCapabilities"), {"X-API-Key": self.key})
        self.assertIn("utilities_line", with_key.text)
        self.assertEqual(with_key.headers["cache-control"], "private")

    def test_every_face_speaks_the_language_asked_for(self):
        collection = "/demo/ogcapi/collections/trees_tree"
        words = {"de": ("Geodaten der Stadt", "Bäume", "Standortzustand", "Baum vorhanden"), "en": ("Geodata of the city of", "Trees", "State of the site", "Standing tree")}
        faces = [(collection + "/queryables?f=json&lang=", (1, 2, 3)), (collection + "?f=html&lang=", (0, 1, 2)), ("/demo/ogcapi?f=html&lang=", (0, 1)), (collection + "/items?f=html&lang=", (0, 1, 2)),
                 ("/demo/ogcapi/api?f=json&lang=", (0, 1, 2)), ("/demo/ogcapi/tiles/WebMercatorQuad?f=json&lang=", (0, 1, 2, 3)), ("/demo/map/project.json?lang=", (0, 1, 2, 3)),
                 ("/?f=json&lang=", (0,)), (wms(REQUEST="GetCapabilities") + "&LANGUAGE=", (0, 1)), ("/demo/wmts/1.0.0/WMTSCapabilities.xml?LANGUAGE=", (0, 1))]
        faces += [(f"/demo/ows?SERVICE=WFS&REQUEST=GetCapabilities&VERSION={version}&LANGUAGE=", (0, 1)) for version in ("2.0.0", "1.1.0", "1.0.0")]
        for target, told in faces:
            names = {"de": "ger", "en": "eng"} if "LANGUAGE" in target else {"de": "de", "en": "en"}
            answers = {language: self.get(target + name) for language, name in names.items()}
            if "project.json" in target and answers["de"].status == 501:
                continue  # built without the map
            for language, answer in answers.items():
                self.assertEqual(answer.status, 200, target)
                for place in told:
                    self.assertIn(words[language][place], answer.text, target)
                self.assertNotIn(words["en" if language == "de" else "de"][told[0]], answer.text, target)
            self.assertNotEqual(answers["de"].headers.get("etag", "de"), answers["en"].headers.get("etag", "en"), target)
            # By what a browser says of itself at one address.
            address = target[:target.rindex("&") if "&" in target else target.index("?")]
            preferred = self.get(address, {"Accept-Language": "en"})
            self.assertIn(words["en"][told[0]], preferred.text, address)
            self.assertIn("Accept-Language", preferred.headers["vary"], address)
            self.assertEqual(self.get(address, {"Accept-Language": "de", "If-None-Match": preferred.headers["etag"]}).status, 200, address)
            self.assertEqual(self.get(address, {"Accept-Language": "en", "If-None-Match": preferred.headers["etag"]}).status, 304, address)
        features = [json.loads(self.get(f"{collection}/items?f=json&limit=50&lang={language}").body)["features"] for language in ("de", "en")]
        self.assertEqual(features[0], features[1], "values stay as they are stored")
        self.assertEqual(self.get(collection + "?lang=fr").status, 400)

    def test_a_protected_layer_answers_like_one_that_does_not_exist(self):
        def told(answer, name):
            return answer.status, answer.headers["content-type"], answer.text.replace(name, "NAME")
        box = "0,0,1000000,6000000"
        for make in (
            lambda name: wfs(REQUEST="GetFeature", TYPENAMES=name, RESULTTYPE="hits"),
            lambda name: wfs(REQUEST="GetFeature", TYPENAMES=name, COUNT=1),
            lambda name: wfs(REQUEST="DescribeFeatureType", TYPENAMES=name),
            lambda name: wms(REQUEST="GetMap", LAYERS=name, STYLES="", CRS="EPSG:25833", BBOX=box, WIDTH=10, HEIGHT=10, FORMAT="image/png"),
            lambda name: wms(REQUEST="GetFeatureInfo", LAYERS=name, QUERY_LAYERS=name, STYLES="", CRS="EPSG:25833", BBOX=box, WIDTH=10, HEIGHT=10,
                             I=5, J=5, INFO_FORMAT="application/json"),
            lambda name: wms(REQUEST="GetLegendGraphic", LAYER=name, FORMAT="image/png"),
            lambda name: f"/demo/ogcapi/collections/{name}",
            lambda name: f"/demo/ogcapi/collections/{name}/items",
            lambda name: f"/demo/ogcapi/collections/{name}/items/1",
        ):
            hidden, missing = self.get(make("utilities_line")), self.get(make("no_such_layer"))
            self.assertEqual(told(hidden, "utilities_line"), told(missing, "no_such_layer"))
            self.assertGreaterEqual(hidden.status, 400)
        hits = self.get(wfs(REQUEST="GetFeature", TYPENAMES="utilities_line", RESULTTYPE="hits"), {"X-API-Key": self.key})
        self.assertGreater(int(ElementTree.fromstring(hits.body).attrib["numberMatched"]), 100)

    def test_how_layers_are_drawn_is_told_to_those_who_may_know(self):
        for headers in ({}, {"X-API-Key": self.key}):
            unknown = self.get("/nothing", headers)
            self.assertEqual((self.get("/admin", headers).status, self.get("/admin", headers).body), (unknown.status, unknown.body))
        answer = self.get("/admin?f=json", {"X-API-Key": self.admin_key})
        self.assertEqual((answer.status, answer.headers["cache-control"]), (200, "private"))
        (project,) = json.loads(answer.text)["projects"]
        self.assertGreater(len(project["layers"]), 10)
        self.assertEqual({layer["layer"] for layer in project["layers"] if not layer["compiled"]}, set())
        for language, word in (("de", "übersetzt"), ("en", "compiled")):
            self.assertIn(word, self.get(f"/admin?lang={language}", {"X-API-Key": self.admin_key}).text)

    def test_keys_in_addresses_and_wrong_keys_are_refused(self):
        self.assertEqual(self.get("/demo/ows?SERVICE=WMS&REQUEST=GetCapabilities&api_key=" + self.key).status, 400)
        wrong = self.get("/", {"X-API-Key": "wrong"})
        self.assertEqual(wrong.status, 401)
        self.assertIn("Basic", wrong.headers["www-authenticate"])

    def test_all_trees_come_once_and_page_by_page(self):
        whole = json.loads(self.get(wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", OUTPUTFORMAT="application/geo+json")).body)
        ids = [f["id"] for f in whole["features"]]
        self.assertEqual(len(ids), whole["numberMatched"])
        self.assertEqual(len(set(ids)), len(ids))
        paged = []
        for start in range(0, len(ids), 4000):
            page = self.get(wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", OUTPUTFORMAT="application/geo+json", COUNT=4000, STARTINDEX=start))
            paged += [f["id"] for f in json.loads(page.body)["features"]]
        self.assertEqual(paged, ids)

    def test_a_map_is_a_picture_and_the_same_each_time(self):
        capabilities = ElementTree.fromstring(self.get(wms(REQUEST="GetCapabilities")).body)
        box = next(b for b in capabilities.iter("{http://www.opengis.net/wms}BoundingBox") if b.attrib["CRS"] == "EPSG:25833")
        target = wms(REQUEST="GetMap", LAYERS="trees_tree", STYLES="", CRS="EPSG:25833", WIDTH=300, HEIGHT=300, FORMAT="image/png",
                     BBOX=",".join(box.attrib[side] for side in ("minx", "miny", "maxx", "maxy")))
        first, second = self.get(target), self.get(target)
        self.assertEqual(first.status, 200, first.body[:500])
        self.assertTrue(first.body.startswith(b"\x89PNG"))
        self.assertEqual(first.body, second.body)
        self.assertGreater(len(first.body), 1000)
        if "etag" in first.headers:
            self.assertEqual(self.get(target, {"If-None-Match": first.headers["etag"]}).status, 304)

    def test_head_gzip_and_tags(self):
        target = wfs(REQUEST="GetFeature", TYPENAMES="trees_tree", OUTPUTFORMAT="application/geo+json")
        plain, small, head = self.get(target), self.get(target, {"Accept-Encoding": "gzip"}), self.get(target, method="HEAD")
        self.assertEqual(small.headers["content-encoding"], "gzip")
        strip = lambda body: {**json.loads(body), "timeStamp": ""}
        self.assertEqual(strip(gzip.decompress(small.body)), strip(plain.body))
        self.assertEqual((head.status, head.body), (200, b""))
        self.assertEqual(self.get(target, {"If-None-Match": plain.headers["etag"]}).status, 304)

    def test_hostile_addresses_find_nothing(self):
        for target in ("/..%2f..%2fetc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/demo/map/../../etc/passwd", "/demo/ows/..%5c..", "/stadtgdi.css/../x"):
            self.assertEqual(self.get(target).status, 404, target)
        for project in ("/etc/passwd", self.project, "/vsicurl/http://127.0.0.1:9/x.qgs"):
            answer = self.get(wms(REQUEST="GetCapabilities", MAP=project))
            self.assertEqual(answer.status, 200, "MAP means nothing here")
            self.assertNotIn("root:", answer.text)

    def test_a_crashed_worker_is_replaced(self):
        worker = self.service.worker()
        os.kill(worker, signal.SIGKILL)
        self.assertTrue(eventually(lambda: self.service.is_ready()))
        self.assertNotEqual(self.service.worker(), worker)
        self.assertIn("stadtgdi_worker_starts", self.get("/metrics").text)

    def test_hangup_reads_settings_anew_and_keeps_the_old_ones_where_they_are_wrong(self):
        with open(self.settings, encoding="utf-8") as file:
            before = file.read()
        try:
            for text, title in ((before.replace("für den Test", "nach dem Wechsel"), "Geodaten nach dem Wechsel"),
                                ("[limits]\nno_such_limit = 1\n", "Geodaten nach dem Wechsel")):
                with open(self.settings, "w", encoding="utf-8") as file:
                    file.write(text)
                self.service.process.send_signal(signal.SIGHUP)
                self.assertTrue(eventually(lambda: title in self.get("/?lang=de", {"Accept": "text/html"}).text))
                time.sleep(1)
            self.assertIn("nach dem Wechsel", self.get("/?lang=de", {"Accept": "text/html"}).text)
        finally:
            with open(self.settings, "w", encoding="utf-8") as file:
                file.write(before)
            self.service.process.send_signal(signal.SIGHUP)
            self.assertTrue(eventually(lambda: "für den Test" in self.get("/?lang=de", {"Accept": "text/html"}).text))


class StartAndEndTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="stadtgdi_http_")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path

    def test_ctrl_c_ends_cleanly(self):
        project = self.path("broken.qgs", "this is no project")
        service = Service(project)
        self.assertTrue(eventually(lambda: "is not loaded" in service.logged()))
        self.assertEqual([service.get(target).status for target in ("/broken/ows", "/readyz", "/healthz")], [503, 503, 200])
        service.stop()
        self.assertEqual(service.process.returncode, 0)

    def test_what_is_wrong_at_the_start_is_said(self):
        project = self.path("p.qgs", "")
        missing = stadtgdi("serve", self.path("missing.qgz"))
        self.assertEqual(missing.returncode, 3)
        self.assertIn("missing.qgz", missing.stderr)
        wrong = stadtgdi("serve", project, "--settings", self.path("s.toml", "[limits]\nbody_byte = 1\n"), "--language", "de")
        self.assertEqual(wrong.returncode, 2)
        self.assertIn("limits.body_byte", wrong.stderr)
        address = stadtgdi("serve", project, "--listen", "nonsense:port")
        self.assertEqual(address.returncode, 2)
        geopackage = stadtgdi("serve", self.path("city.gpkg", ""))
        self.assertEqual(geopackage.returncode, 2)
        self.assertIn("stadtgdi project", geopackage.stderr)

    def test_an_address_in_use_is_said(self):
        project = self.path("p.qgs", "")
        service = Service(project)
        try:
            self.assertTrue(eventually(lambda: "is not loaded" in service.logged()))
            second = stadtgdi("serve", project, "--listen", f"127.0.0.1:{service.port}")
            self.assertEqual(second.returncode, 3)
            self.assertIn(str(service.port), second.stderr)
        finally:
            service.stop()


if __name__ == "__main__":
    unittest.main()
